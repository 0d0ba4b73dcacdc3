package casework

import (
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
)

const caseColumns = `
  c.id, c.version, c.reference, c.entry_no, c.own_dnr, c.state, c.access_label, c.case_type, c.synpunkt_kind, c.channel,
  c.sender_role, c.anonymous, c.wants_reply, c.concerns, c.about_manager, c.unit_id, u.name as unit_name, c.area, c.regi,
  c.lagrum, c.category, c.category_hsl, c.harm, c.severity, c.probability, c.risk_value, c.secrecy, c.subject,
  c.reporter_id, n.reporter_name, c.handler_id, n.handler_name,
  c.investigator_id, n.investigator_name, c.superior_id, n.superior_name, c.secretary_id, n.secretary_name,
  c.board_decided_on, c.readers,
  c.complexity, c.response_level, c.outcome, c.quality_dims, c.affects_individual, c.individual_informed, c.personakt,
  c.unmet_need, c.happened_at, c.received_at, c.received_on, c.registered_at, c.assigned_at, c.started_at, c.answered_at,
  c.closed_at, c.due_on, c.due_rule, c.paused_at`

// Five people, one reading of app.people.
const caseJoins = `
  from app.cases c
  left join app.units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
  left join lateral (select max(p.name) filter (where p.id = c.reporter_id) as reporter_name, max(p.name) filter (where p.id = c.handler_id) as handler_name,
      max(p.name) filter (where p.id = c.investigator_id) as investigator_name, max(p.name) filter (where p.id = c.superior_id) as superior_name,
      max(p.name) filter (where p.id = c.secretary_id) as secretary_name
    from app.people p where p.tenant_id = c.tenant_id and p.id in (c.reporter_id, c.handler_id, c.investigator_id, c.superior_id, c.secretary_id)) n on true`

const selectCase = `select` + caseColumns + caseJoins + ` where c.id = @id`

// A cause is met by a measure that is not refused. A measure without a cause is no broken thread; a cause without one is.
// Each table is read once: every mention of one asks the policies anew. The case page counts the same in Go (pageRows.facts).
const selectFacts = `
select x.causes, x.causes_unmet, m.measures, m.measures_undecided, m.measures_open, f.feedbacks, g.replies, k.unconfirmed, d.unregistered,
  coalesce(i.has_background, false) as has_background, coalesce(i.has_conclusion, false) as has_conclusion, coalesce(i.done, false) as investigation_done
  from (select count(*)::int as measures, (count(*) filter (where status = 'FORSLAG'))::int as measures_undecided,
          (count(*) filter (where status in ('PLANERAD', 'GENOMFORD')))::int as measures_open, array_agg(distinct cause_id) as met
          from app.measures where case_id = @id and status <> 'AVSLAGEN') m
 cross join lateral (select count(*)::int as causes, (count(*) filter (where id = any(m.met) is not true))::int as causes_unmet
          from app.causes where case_id = @id and removed_at is null) x
 cross join (select count(*)::int as feedbacks from app.feedbacks where case_id = @id) f
 cross join (select count(*)::int as replies from app.messages where case_id = @id and kind = 'SVAR') g
 cross join (select count(*) > 0 as unconfirmed from app.acknowledgements where case_id = @id and done_at is null and way in ('TELEFON', 'BREV')) k
 cross join (select count(*)::int as unregistered from app.records where case_id = @id and entry_id is null and state <> 'SMITTAD') d
  left join (select background_sealed is not null as has_background, conclusion_sealed is not null as has_conclusion, completed_at is not null as done
          from app.investigations where case_id = @id) i on true`

// facts counts what selectFacts counts, from the rows that the page has anyway; a test compares the two.
func (p pageRows) facts() Facts {
	f := Facts{Causes: len(p.causes), Feedbacks: len(p.feedbacks), Unconfirmed: p.ack.byHand(), Unregistered: p.unregistered}
	met := map[uuid.UUID]bool{}
	for _, m := range p.measures {
		switch m.Status {
		case "AVSLAGEN":
			continue
		case "FORSLAG":
			f.MeasuresUndecided++
		case "PLANERAD", "GENOMFORD":
			f.MeasuresOpen++
		}
		f.Measures++
		if m.CauseID != nil {
			met[*m.CauseID] = true
		}
	}
	for _, c := range p.causes {
		if !met[c.ID] {
			f.CausesUnmet++
		}
	}
	for _, g := range p.messages {
		if g.Kind == "SVAR" {
			f.Replies++
		}
	}
	if len(p.investigation) > 0 {
		f.HasBackground, f.HasConclusion = p.investigation[0].Background != nil, p.investigation[0].Conclusion != nil
		f.Done = p.investigation[0].CompletedAt != nil
	}
	return f
}

// row of a new case; the database fills in the tenant.
type newCase struct {
	ID, Event                                                  uuid.UUID
	Reference, Channel, SenderRole, WantsReply, Harm           string
	CaseType, Category, CategoryHSL                            *string
	Anonymous, AboutManager                                    bool
	UnitID, ReporterID, TakenDownBy                            *uuid.UUID
	HappenedAt                                                 *time.Time
	ReceivedAt                                                 time.Time
	ReceivedOn                                                 clock.Date
	Due                                                        org.Deadline
	Readers                                                    []uuid.UUID
	Narrative, Place, Measure, People, Contact, OnBehalf, Note []byte
	KeyVersion                                                 int
	WrappedKey                                                 []byte
	Reason                                                     []byte // of a case given to lex Sarah at once
}

// The unit gives area and regi. For the public form (no right to read units' details beyond the list) it is the same statement.
const insertCase = `
insert into app.cases (id, reference, state, channel, sender_role, wants_reply, harm, case_type, category, category_hsl, anonymous, about_manager,
  unit_id, area, regi, reporter_id, taken_down_by, happened_at, received_at, received_on, due_on, due_rule, readers)
select @id, @reference, 'received', @channel, @sender_role, @wants_reply, @harm, @case_type, @category, @category_hsl, @anonymous, @about_manager,
  u.id, u.area, u.regi, @reporter_id, @taken_down_by, @happened_at, @received_at, @received_on, @due_on, @due_rule, @readers
  from (select 1) one left join app.units u on u.id = @unit_id
 where app.must(@unit_id::uuid is null or u.id is not null, 'LY422', 'unit_id')`

const insertCaseKey = `insert into app.case_keys (case_id, kek_version, wrapped) values (@id, @kek_version, @wrapped)`

const insertReport = `
insert into app.reports (case_id, reported_unit_id, narrative_sealed, place_sealed, measure_sealed, people_sealed, contact_sealed, on_behalf_sealed, note_sealed)
values (@id, @unit_id, @narrative, @place, @measure, @people, @contact, @on_behalf, @note)`

const insertContact = `insert into app.case_contacts (case_id, kind, digest) values (@id, @kind, @digest) on conflict do nothing`

func queueNewCase(b *db.Batch, n newCase) {
	b.Exec(insertCase, db.Args{
		"id": n.ID, "reference": n.Reference, "channel": n.Channel, "sender_role": n.SenderRole, "wants_reply": n.WantsReply,
		"harm": n.Harm, "case_type": n.CaseType, "category": n.Category, "category_hsl": n.CategoryHSL, "anonymous": n.Anonymous,
		"about_manager": n.AboutManager, "unit_id": n.UnitID, "reporter_id": n.ReporterID, "taken_down_by": n.TakenDownBy,
		"happened_at": n.HappenedAt, "received_at": n.ReceivedAt, "received_on": n.ReceivedOn, "due_on": n.Due.DueOn, "due_rule": n.Due, "readers": n.Readers,
	})
	b.Exec(insertCaseKey, db.Args{"id": n.ID, "kek_version": n.KeyVersion, "wrapped": n.WrappedKey})
	b.Exec(insertReport, db.Args{
		"id": n.ID, "unit_id": n.UnitID, "narrative": n.Narrative, "place": n.Place, "measure": n.Measure, "people": n.People,
		"contact": n.Contact, "on_behalf": n.OnBehalf, "note": n.Note,
	})
}

const insertEvent = `
insert into app.case_events (id, case_id, at, actor_id, kind, transition, from_state, to_state, data, note_sealed)
values (@id, @case_id, @at, @actor_id, @kind, @transition, @from_state, @to_state, @data, @note)`

// event is a row of the case's history. Data holds codes and ids; words go sealed into Note.
type event struct {
	ID, Case uuid.UUID
	At       time.Time
	Actor    *uuid.UUID
	Kind     string
	Move     *Move
	Data     map[string]any
	Text     string // sealed into Note when written
	Note     []byte
}

func queueEvent(b *db.Batch, e event) {
	args := db.Args{
		"id": e.ID, "case_id": e.Case, "at": e.At, "actor_id": e.Actor, "kind": e.Kind, "data": e.Data, "note": e.Note,
		"transition": nil, "from_state": nil, "to_state": nil,
	}
	if e.Data == nil {
		args["data"] = map[string]any{}
	}
	if e.Move != nil {
		args["transition"], args["from_state"], args["to_state"] = e.Move.Code, e.Move.From, e.Move.To
	}
	b.Exec(insertEvent, args)
}
