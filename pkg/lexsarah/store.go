package lexsarah

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
)

const trackColumns = `
  l.case_id, l.version, l.step, l.held_at, ph.name as held_by_name, l.held_from, l.former_handler, l.reason_sealed, l.received_at,
  pr.name as received_by_name, l.happened_on, l.what_sealed, l.immediate_at, l.immediate_sealed, l.assessment, l.assessment_sealed, l.assessed_at,
  l.investigator_id, pi.name as investigator_name, l.kinds, l.individual_informed, l.relatives_informed, l.police_report, l.personakt,
  l.proposed_degree, l.proposal_sealed, l.proposed_by, pp.name as proposed_by_name, l.proposed_at, l.degree, l.decision_sealed, l.delegation_sealed,
  pd.name as decided_by_name, l.decided_at, l.start_due_on, l.done_due_on, l.ivo_due_on, l.ivo_on, l.returned_at, l.closed_at,
  c.reference, c.entry_no, c.own_dnr, c.subject, c.unit_id, u.name as unit_name, c.lagrum, po.name as reporter_name, c.sender_role,
  c.state as case_state, c.version as case_version, c.received_at as case_received_at, c.received_on as case_received_on,
  c.happened_at as case_happened_at, c.registered_at`

const trackJoins = `
  from app.lex_cases l
  join app.cases c on c.tenant_id = l.tenant_id and c.id = l.case_id
  left join app.units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
  left join app.people ph on ph.tenant_id = l.tenant_id and ph.id = l.held_by
  left join app.people pr on pr.tenant_id = l.tenant_id and pr.id = l.received_by
  left join app.people pi on pi.tenant_id = l.tenant_id and pi.id = l.investigator_id
  left join app.people pp on pp.tenant_id = l.tenant_id and pp.id = l.proposed_by
  left join app.people pd on pd.tenant_id = l.tenant_id and pd.id = l.decided_by
  left join app.people po on po.tenant_id = c.tenant_id and po.id = c.reporter_id`

const selectTrack = `select` + trackColumns + trackJoins + ` where l.case_id = @id`

// What is done with comes last, and only the latest of it.
const listTracks = `select` + trackColumns + trackJoins + `
 where (@done and l.step in ('closed', 'declined') or not @done and l.step not in ('closed', 'declined')) and (l.held_at, l.case_id) < (@before_at, @before_id)
 order by l.held_at desc, l.case_id desc limit @limit`

type keyRow struct {
	Wrapped []byte `db:"wrapped"`
}

const selectKey = `select wrapped from app.case_keys where case_id = @id`

type entryRow struct {
	ID           uuid.UUID   `db:"id"`
	Item         string      `db:"item"`
	Kind         string      `db:"kind"`
	HappenedOn   *clock.Date `db:"happened_on"`
	DocumentedAt time.Time   `db:"documented_at"`
	AuthorName   string      `db:"author_name"`
	AuthorTitle  string      `db:"author_title"`
	Source       []byte      `db:"source_sealed"`
	Text         []byte      `db:"text_sealed"`
}

const selectEntries = `
select e.id, e.item, e.kind, e.happened_on, e.documented_at, p.name as author_name, e.author_title, e.source_sealed, e.text_sealed
  from app.lex_entries e join app.people p on p.tenant_id = e.tenant_id and p.id = e.author_id
 where e.case_id = @id order by e.documented_at, e.id`

// The title is the one the author has on the day she writes.
const insertEntry = `
insert into app.lex_entries (id, case_id, item, kind, happened_on, documented_at, author_id, author_title, source_sealed, text_sealed)
select @id, @case_id, @item, @kind, @happened_on, @at, p.id, p.title, @source, @text from app.people p where p.id = @by`

type ivoRow struct {
	ID         uuid.UUID  `db:"id"`
	Kind       string     `db:"kind"`
	HappenedOn clock.Date `db:"happened_on"`
	IVODNR     *string    `db:"ivo_dnr"`
	LoggedAt   time.Time  `db:"logged_at"`
	LoggedBy   string     `db:"logged_by_name"`
	Delegation []byte     `db:"delegation_sealed"`
	Note       []byte     `db:"note_sealed"`
}

const selectIVO = `
select i.id, i.kind, i.happened_on, i.ivo_dnr, i.logged_at, p.name as logged_by_name, i.delegation_sealed, i.note_sealed
  from app.lex_ivo i join app.people p on p.tenant_id = i.tenant_id and p.id = i.logged_by
 where i.case_id = @id order by i.happened_on, i.logged_at, i.id`

const insertIVO = `
insert into app.lex_ivo (id, case_id, kind, happened_on, ivo_dnr, logged_at, logged_by, delegation_sealed, note_sealed)
values (@id, @case_id, @kind, @on, @dnr, @at, @by, @delegation, @note)`

type stepRow struct {
	ID        uuid.UUID `db:"id"`
	At        time.Time `db:"at"`
	ActorName *string   `db:"actor_name"`
	Kind      string    `db:"kind"`
	Note      []byte    `db:"note_sealed"`
}

const selectSteps = `
select s.id, s.at, p.name as actor_name, s.kind, s.note_sealed
  from app.lex_steps s left join app.people p on p.tenant_id = s.tenant_id and p.id = s.actor_id
 where s.case_id = @id order by s.at, s.id limit 300`

const insertStep = `
insert into app.lex_steps (id, case_id, at, actor_id, kind, code, from_step, to_step, note_sealed)
values (@id, @case_id, @at, @by, @kind, @code, @from, @to, @note)`

// Who reported: the words, for the investigation and the package.
type reportRow struct {
	Narrative []byte `db:"narrative_sealed"`
	Place     []byte `db:"place_sealed"`
	Measure   []byte `db:"measure_sealed"`
	People    []byte `db:"people_sealed"`
}

const selectReport = `select r.narrative_sealed, r.place_sealed, r.measure_sealed, r.people_sealed from app.reports r where r.case_id = @id`

// Stub is what is left of a case for those who had it before lex Sarah.
type Stub struct {
	ID        uuid.UUID `db:"id" json:"id"`
	Reference string    `db:"reference" json:"reference"`
	EntryNo   *string   `db:"entry_no" json:"entry_no"`
	OwnDNR    *string   `db:"own_dnr" json:"own_dnr"`
	UnitName  *string   `db:"unit_name" json:"unit_name"`
	HeldAt    time.Time `db:"held_at" json:"held_at"`
	Taken     bool      `db:"taken" json:"taken" doc:"Någon svarar för lex Sarah här"`
}

const stubColumns = `
select s.id, s.reference, s.entry_no, s.own_dnr, u.name as unit_name, s.held_at,
  exists (select from sec.role_holders('{lex_ansvarig}')) as taken
  from app.lex_stubs s left join app.units u on u.tenant_id = s.tenant_id and u.id = s.unit_id`

const (
	selectStub = stubColumns + ` where s.id = @id and s.released_at is null`
	listStubs  = stubColumns + ` where s.released_at is null order by s.held_at desc, s.id desc limit 200`
	numberStub = `update app.lex_stubs s set entry_no = c.entry_no from app.cases c where c.id = s.id and s.id = @id`
	// The one who works with it sees the stub only where she also leads lex Sarah; those are the ones who release it.
	releaseStub = `update app.lex_stubs set released_at = @at where id = @id`
)

// canInvestigate: an investigator of lex Sarah, or another who answers for it.
const canInvestigate = `select exists (select from sec.role_holders('{lex_utredare,lex_ansvarig}') h join app.people p on p.id = h.person_id and p.active
  where h.person_id = @person) as able`

const listInvestigators = `
select distinct p.id, p.name, p.title from sec.role_holders('{lex_utredare,lex_ansvarig}') h join app.people p on p.id = h.person_id and p.active order by p.name, p.id`

// writable lists the columns a verb may set beside the step; anything else is a programming error.
var writable = []string{
	"received_at", "received_by", "happened_on", "what_sealed", "immediate_at", "immediate_sealed", "assessment", "assessment_sealed", "assessed_at",
	"assessed_by", "investigator_id", "kinds", "individual_informed", "relatives_informed", "police_report", "personakt", "proposed_degree",
	"proposal_sealed", "proposed_by", "proposed_at", "degree", "decision_sealed", "delegation_sealed", "decided_by", "decided_at", "ivo_due_on",
	"ivo_on", "returned_at", "closed_at",
}

// queueTrack adds the guarded update of a track. No row changed means that somebody else was first: the whole batch rolls back.
func queueTrack(b *db.Batch, t Track, to Step, set map[string]any) {
	var text strings.Builder
	args := db.Args{"id": t.CaseID, "version": t.Version, "from": t.Step}
	if to != "" && to != t.Step {
		text.WriteString(", step = @to, prev_step = l.step")
		args["to"] = to
	}
	for _, col := range slices.Sorted(maps.Keys(set)) {
		if !slices.Contains(writable, col) {
			panic("lexsarah: column " + col + " is not a verb's to set")
		}
		fmt.Fprintf(&text, ", %s = @%s", col, col)
		args[col] = set[col]
	}
	b.Exec(`with moved as (update app.lex_cases l set version = l.version + 1, updated_at = now()`+text.String()+`
  where l.case_id = @id and l.version = @version and l.step = @from returning 1)
select app.must(exists (select 1 from moved), 'LY412', 'lex')`, args)
}
