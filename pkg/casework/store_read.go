package casework

import (
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
)

// ---------------------------------------------------------------- the case page

// mainRow is what there is one of: the case, the actor's part in it, its key, the report, its marking, and how many are like it.
type mainRow struct {
	Case
	partRow
	reportRow
	Wrapped          []byte      `db:"wrapped"`
	Reported         bool        `db:"reported"`
	SecrecyLaw       *string     `db:"secrecy_law"`
	SecrecyOn        *clock.Date `db:"secrecy_on"`
	SecrecyAuthority *string     `db:"secrecy_authority"`
	Similar          int         `db:"similar"`
}

type reportRow struct {
	ReportedUnitID   *uuid.UUID `db:"reported_unit_id"`
	ReportedUnitName *string    `db:"reported_unit_name"`
	Narrative        []byte     `db:"narrative_sealed"`
	Place            []byte     `db:"place_sealed"`
	Measure          []byte     `db:"measure_sealed"`
	People           []byte     `db:"people_sealed"`
	Contact          []byte     `db:"contact_sealed"`
	OnBehalf         []byte     `db:"on_behalf_sealed"`
	Note             []byte     `db:"note_sealed"`
}

// One statement: each of its own would prove the case anew. Similar are the same unit and main category in the year before;
// the case itself is not counted.
const selectMain = `select` + caseColumns + `,` + partColumns + `,
  k.wrapped, r.case_id is not null as reported, r.reported_unit_id, ru.name as reported_unit_name, r.narrative_sealed, r.place_sealed,
  r.measure_sealed, r.people_sealed, r.contact_sealed, r.on_behalf_sealed, r.note_sealed,
  e.secrecy_law, e.secrecy_on, e.secrecy_authority,
  (select count(*)::int from app.cases x
    where x.id <> c.id and x.unit_id = c.unit_id and x.category is not distinct from c.category
      and x.category_hsl is not distinct from c.category_hsl and (c.category is not null or c.category_hsl is not null)
      and x.state <> 'void' and x.received_at between c.received_at - interval '12 months' and c.received_at) as similar` + caseJoins + `
  left join app.case_keys k on k.tenant_id = c.tenant_id and k.case_id = c.id
  left join app.reports r on r.tenant_id = c.tenant_id and r.case_id = c.id
  left join app.units ru on ru.tenant_id = r.tenant_id and ru.id = r.reported_unit_id
  left join lateral (select y.secrecy_law, y.secrecy_on, y.secrecy_authority from app.register_entries y
      where y.tenant_id = c.tenant_id and y.case_id = c.id and y.voided_at is null and y.record_id is null order by y.registered_at limit 1) e on true
 where c.id = @id`

type consultationRow struct {
	ID           uuid.UUID  `db:"id"`
	AskedBy      uuid.UUID  `db:"asked_by"`
	AskedByName  string     `db:"asked_by_name"`
	SuperiorID   uuid.UUID  `db:"superior_id"`
	SuperiorName string     `db:"superior_name"`
	AskedAt      time.Time  `db:"asked_at"`
	Question     []byte     `db:"question_sealed"`
	DecidedAt    *time.Time `db:"decided_at"`
	Decision     *string    `db:"decision"`
	Motivation   []byte     `db:"motivation_sealed"`
}

const selectConsultation = `
select k.id, k.asked_by, a.name as asked_by_name, k.superior_id, b.name as superior_name, k.asked_at, k.question_sealed, k.decided_at, k.decision, k.motivation_sealed
  from app.consultations k
  join app.people a on a.tenant_id = k.tenant_id and a.id = k.asked_by
  join app.people b on b.tenant_id = k.tenant_id and b.id = k.superior_id
 where k.case_id = @id order by k.asked_at desc limit 1`

type causeRow struct {
	ID         uuid.UUID `db:"id"`
	Area       string    `db:"area"`
	Underlying *string   `db:"underlying"`
	Text       []byte    `db:"text_sealed"`
	Whys       []byte    `db:"whys_sealed"`
}

const selectCauses = `select id, area, underlying, text_sealed, whys_sealed from app.causes where case_id = @id and removed_at is null order by id`

type feedbackRow struct {
	ID          uuid.UUID  `db:"id"`
	GivenOn     clock.Date `db:"given_on"`
	Method      string     `db:"method"`
	Note        []byte     `db:"note_sealed"`
	GivenByName string     `db:"given_by_name"`
}

const selectFeedbacks = `
select f.id, f.given_on, f.method, f.note_sealed, p.name as given_by_name
  from app.feedbacks f join app.people p on p.tenant_id = f.tenant_id and p.id = f.given_by where f.case_id = @id order by f.given_on, f.id`

type messageRow struct {
	ID         uuid.UUID `db:"id"`
	At         time.Time `db:"at"`
	Direction  string    `db:"direction"`
	Kind       string    `db:"kind"`
	AuthorName *string   `db:"author_name"`
	Body       []byte    `db:"body_sealed"`
}

const selectMessages = `
select g.id, g.at, g.direction, g.kind, p.name as author_name, g.body_sealed
  from app.messages g left join app.people p on p.tenant_id = g.tenant_id and p.id = g.author_id where g.case_id = @id order by g.at, g.id`

const countUnregistered = `select count(*)::int from app.records where case_id = @id and entry_id is null and state <> 'SMITTAD'`

// ---------------------------------------------------------------- lists

// listColumns are what a row of a list shows, and no more: fifty rows of a whole case cost more than finding them.
const listColumns = `
  c.id, c.reference, c.entry_no, c.own_dnr, c.subject, c.case_type, c.channel, u.name as unit_name, c.category, c.category_hsl, c.harm,
  c.risk_value, c.state, c.due_on, c.answered_at, ph.name as handler_name, c.received_at, c.received_on, c.complexity`

const listJoins = `
  from app.cases c
  left join app.units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
  left join app.people ph on ph.tenant_id = c.tenant_id and ph.id = c.handler_id`

type listedRow struct {
	ID          uuid.UUID   `db:"id"`
	Reference   string      `db:"reference"`
	EntryNo     *string     `db:"entry_no"`
	OwnDNR      *string     `db:"own_dnr"`
	Subject     *string     `db:"subject"`
	CaseType    *string     `db:"case_type"`
	Channel     string      `db:"channel"`
	UnitName    *string     `db:"unit_name"`
	Category    *string     `db:"category"`
	CategoryHSL *string     `db:"category_hsl"`
	Harm        string      `db:"harm"`
	RiskValue   *int        `db:"risk_value"`
	State       State       `db:"state"`
	DueOn       *clock.Date `db:"due_on"`
	AnsweredAt  *time.Time  `db:"answered_at"`
	HandlerName *string     `db:"handler_name"`
	ReceivedAt  time.Time   `db:"received_at"`
	ReceivedOn  clock.Date  `db:"received_on"`
	Complexity  string      `db:"complexity"`
}

// listed is the case as far as a list knows it.
func (r listedRow) listed() Case {
	return Case{
		ID: r.ID, Reference: r.Reference, EntryNo: r.EntryNo, OwnDNR: r.OwnDNR, Subject: r.Subject, CaseType: r.CaseType, Channel: r.Channel,
		UnitName: r.UnitName, Category: r.Category, CategoryHSL: r.CategoryHSL, Harm: r.Harm, RiskValue: r.RiskValue, State: r.State,
		DueOn: r.DueOn, AnsweredAt: r.AnsweredAt, HandlerName: r.HandlerName, ReceivedAt: r.ReceivedAt, ReceivedOn: r.ReceivedOn, Complexity: r.Complexity,
	}
}

const listFilter = `
   and (@unit_id::uuid is null or c.unit_id = @unit_id)
   and (@case_type::text is null or c.case_type = @case_type)
   and (@category::text is null or @category in (c.category, c.category_hsl, split_part(c.category, '.', 1), split_part(c.category_hsl, '.', 1)))`

// Open cases by deadline: the partial index holds only them, however old the register grows.
const listOpenCases = `select` + listColumns + listJoins + `
 where c.state not in ('closed', 'void', 'archived', 'disposed') and c.state = any(@states)` + listFilter + `
   and (not @late or (c.due_on < @today and c.answered_at is null))
   and (c.due_on, c.id) > (@after_on, @after_id)
 order by c.due_on, c.id limit @limit`

// Everything, newest first. Late among those that are over are those answered, or closed without an answer, after their day.
const listAllCases = `select` + listColumns + listJoins + `
 where c.state = any(@states)` + listFilter + `
   and (not @late or (coalesce(c.answered_at, c.closed_at) at time zone 'Europe/Stockholm')::date > c.due_on)
   and (c.received_at, c.id) < (@before_at, @before_id)
 order by c.received_at desc, c.id desc limit @limit`

type countRow struct {
	State State `db:"state"`
	N     int   `db:"n"`
	Late  int   `db:"late"`
}

const countCases = `
select c.state, count(*)::int as n, (count(*) filter (where c.due_on < @today and c.answered_at is null))::int as late
  from app.cases c where c.state not in ('closed', 'void', 'archived', 'disposed') group by c.state`

const countRegisteredToday = `select count(*)::int as n from app.register_entries e where e.registered_at >= @since and e.registered_by = @by`

type ownRow struct {
	ID         uuid.UUID `db:"id"`
	Reference  string    `db:"reference"`
	ReceivedAt time.Time `db:"received_at"`
	State      State     `db:"state"`
	UnitName   *string   `db:"unit_name"`
	Narrative  []byte    `db:"narrative_sealed"`
	Wrapped    []byte    `db:"wrapped"`
	Joined     bool      `db:"joined"`
}

const listOwn = `
select c.id, c.reference, c.received_at, c.state, u.name as unit_name, r.narrative_sealed, k.wrapped,
  c.state = 'void' and exists (select 1 from app.case_links x where x.case_id = c.id and x.undone_at is null) as joined
  from app.cases c
  join app.reports r on r.tenant_id = c.tenant_id and r.case_id = c.id
  join app.case_keys k on k.tenant_id = c.tenant_id and k.case_id = c.id
  left join app.units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
 where c.reporter_id = (select app.pid()) and (c.received_at, c.id) < (@before_at, @before_id)
 order by c.received_at desc, c.id desc limit @limit`

type ownReplyRow struct {
	ID     uuid.UUID `db:"id"`
	CaseID uuid.UUID `db:"case_id"`
	At     time.Time `db:"at"`
	Body   []byte    `db:"body_sealed"`
}

const listOwnReplies = `
select g.id, g.case_id, g.at, g.body_sealed from app.messages g
 where g.case_id = any(@ids) and g.direction = 'TILL_ANMALARE' order by g.at`

type openConsultationRow struct {
	ID          uuid.UUID   `db:"id"`
	CaseID      uuid.UUID   `db:"case_id"`
	Reference   string      `db:"reference"`
	EntryNo     *string     `db:"entry_no"`
	Subject     *string     `db:"subject"`
	UnitName    *string     `db:"unit_name"`
	AskedByName string      `db:"asked_by_name"`
	AskedAt     time.Time   `db:"asked_at"`
	Question    []byte      `db:"question_sealed"`
	Wrapped     []byte      `db:"wrapped"`
	Version     int         `db:"version"`
	DueOn       *clock.Date `db:"due_on"`
}

const listOpenConsultations = `
select k.id, k.case_id, c.reference, c.entry_no, c.subject, u.name as unit_name, a.name as asked_by_name, k.asked_at, k.question_sealed,
  y.wrapped, c.version, c.due_on
  from app.cases c
  join app.consultations k on k.tenant_id = c.tenant_id and k.case_id = c.id and k.decided_at is null
  join app.people a on a.tenant_id = k.tenant_id and a.id = k.asked_by
  join app.case_keys y on y.tenant_id = c.tenant_id and y.case_id = c.id
  left join app.units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
 where c.state = 'consulting' and c.superior_id = (select app.pid()) order by k.asked_at, k.id limit 200`

const listMeasures = `
select ` + measureColumns + `, c.reference, c.subject, u.name as unit_name, k.wrapped, c.state, c.handler_id
  from app.measures m
  join app.people p on p.tenant_id = m.tenant_id and p.id = m.owner_id
  join app.cases c on c.tenant_id = m.tenant_id and c.id = m.case_id
  join app.case_keys k on k.tenant_id = m.tenant_id and k.case_id = m.case_id
  left join app.units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
 where m.status in ('PLANERAD', 'GENOMFORD') and (not @mine or m.owner_id = (select app.pid()))
   and (not @overdue or (m.status = 'PLANERAD' and m.due_on < @today))
   and (m.due_on, m.id) > (@after_on, @after_id)
 order by m.due_on, m.id limit @limit`

type measureListRow struct {
	measureView
	Reference string     `db:"reference"`
	Subject   *string    `db:"subject"`
	UnitName  *string    `db:"unit_name"`
	Wrapped   []byte     `db:"wrapped"`
	State     State      `db:"state"`
	HandlerID *uuid.UUID `db:"handler_id"`
}

type eventRow struct {
	ID        uuid.UUID      `db:"id"`
	At        time.Time      `db:"at"`
	ActorName *string        `db:"actor_name"`
	Kind      string         `db:"kind"`
	ToState   *State         `db:"to_state"`
	Data      map[string]any `db:"data"`
	Note      []byte         `db:"note_sealed"`
}

const listEvents = `
select e.id, e.at, p.name as actor_name, e.kind, e.to_state, e.data, e.note_sealed
  from app.case_events e left join app.people p on p.tenant_id = e.tenant_id and p.id = e.actor_id
 where e.case_id = @id order by e.at desc, e.id desc limit 300`
