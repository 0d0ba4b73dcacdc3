package casework

import (
	"context"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/register"
	"lyhord/tenants"
)

// labelNormal is the access label of cases that are not under lex Sarah's.
const labelNormal = "NORMAL"

// holdable are the states that a case can be given to lex Sarah from (T23).
var holdable = append([]State{AwaitingInfo}, open...)

// notDecidedByLex: what is misconduct beyond what lex Sarah has decided about is an event of its own.
func notDecidedByLex(s Situation) string {
	if s.Case.CaseType != nil && *s.Case.CaseType == TypeLexSarah {
		return "Ärendet är redan utrett enligt lex Sarah. Rapportera det nya som en egen händelse."
	}
	return ""
}

// leadersOfLex are who answers for lex Sarah in the tenant today.
const leadersOfLex = `coalesce((select array_agg(distinct h.person_id) from sec.role_holders('{lex_ansvarig}') h join app.people p on p.id = h.person_id and p.active), '{}')`

// holdForLex is T23 as one write of the database. It comes last of its batch: afterwards whoever hands over may see nothing of the case.
const holdForLex = `
select app.must(exists (select 1 from app.cases c where c.id = @id and c.version = @version and c.state = @from)
  and app.hold_for_lex(@id, @version, @from, ` + leadersOfLex + `, @step, @reason, @start_on, @done_on), 'LY412', 'case')`

// heldWhenReported is the reason of a case that its reporter gave to lex Sarah with the report itself.
const heldWhenReported = "Rapporterad som missförhållande eller påtaglig risk för missförhållande."

// hold is what T23 needs beside the case.
type hold struct {
	Case    uuid.UUID
	Version int
	From    State
	Reason  []byte // sealed
}

// HoldForLex is T23: anybody who sees the case, its reporter above all, can say that it may be misconduct (SoL 27:2,
// LSS 24 b), and no manager can stop it. The case goes to those who answer for lex Sarah, in one write of label, readers,
// assignee, type and state; its handler keeps a stub. A case somebody changed meanwhile is problem.Stale.
func (s *Service) HoldForLex(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, reason string) error {
	l, err := s.load(ctx, actor, caseID, "hold-for-lex")
	if err != nil {
		return err
	}
	cfg := l.rules
	if err := l.Allow("hold-for-lex"); err != nil {
		return err
	}
	if version != l.Case.Version {
		return problem.Stale()
	}
	var b db.Batch
	audit.Record(ctx, &b, audit.Entry{Action: "case.lex-held", Case: caseID, Kind: string(actor.Kind)})
	s.queueHold(&b, actor, cfg, hold{
		Case: caseID, Version: version, From: l.Case.State, Reason: l.key.Seal("lex_cases", "reason_sealed", caseID, reason),
	})
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return err
	}
	s.wake()
	return nil
}

// queueHold adds T23 to the batch, with its clock: genast to the receiver, a day to begin, two months to be done (domain 2.3).
func (s *Service) queueHold(b *db.Batch, actor authz.Actor, cfg org.Config, h hold) {
	now := s.clock.Now()
	today := clock.DateIn(now)
	start, done, receive := cfg.Deadline(tenants.RuleLexStart, today), cfg.Deadline(tenants.RuleLexDone, today), cfg.Deadline(tenants.RuleLexReceive, today)
	queueEvent(b, event{
		ID: s.ids.New(), Case: h.Case, At: now, Actor: &actor.ID, Kind: "case.lex-held", Move: &Move{Code: "T23", From: h.From, To: LexHold},
	})
	jobs.CancelTimers(b, h.Case, deadlines...)
	jobs.Enqueue(b, s.ids, jobs.NotifyLexHeld, h.Case)
	jobs.Enqueue(b, s.ids, jobs.UpdateFact, h.Case)
	jobs.Schedule(b, s.ids, jobs.Timer{Kind: jobs.DeadlineLexReceiveLate, Ref: h.Case, DueAt: now.AddDate(0, 0, 1), Rule: receive})
	jobs.Schedule(b, s.ids, jobs.Timer{Kind: jobs.DeadlineLexStartLate, Ref: h.Case, DueAt: lateAt(cfg, start.DueOn), Rule: start})
	jobs.Schedule(b, s.ids, jobs.Timer{Kind: jobs.DeadlineLexDoneWarn, Ref: h.Case, DueAt: done.WarnOn.At(7, 0), Rule: done})
	jobs.Schedule(b, s.ids, jobs.Timer{Kind: jobs.DeadlineLexDoneLate, Ref: h.Case, DueAt: lateAt(cfg, done.DueOn), Rule: done})
	b.Exec(holdForLex, db.Args{
		"id": h.Case, "version": h.Version, "from": h.From, "step": s.ids.New(), "reason": h.Reason, "start_on": start.DueOn, "done_on": done.DueOn,
	})
}

// LexExit is how a case leaves lex Sarah: T24, not lex Sarah after all, or T25, decided and back to the unit or on to the board.
type LexExit struct {
	Case   uuid.UUID
	To     State      // Assessing (T24), Dispatching or Board (T25)
	Former *uuid.UUID // who handled it before, if she still can
	Note   string     // T24: why; T25: what the unit has to know. A note inside the case.
	Answer string     // T25: what the one who reported is told; empty: there is nobody to tell
	More   func(b *db.Batch)
}

// LeaveLex writes it, together with More. The manager who had the case gets it back, or the unit's nearest by the routine; the
// label is lifted. Those who worked with it under the label keep reading it.
func (s *Service) LeaveLex(ctx context.Context, actor authz.Actor, x LexExit) error {
	code, kind := "T25", "case.lex-returned"
	if x.To == Assessing {
		code, kind = "T24", "case.lex-declined"
	}
	l, err := s.load(ctx, actor, x.Case, kind)
	if err != nil {
		return err
	}
	cfg := l.rules
	if !Legal(code, l.Case.State, x.To) {
		return problem.IllegalMove("Ärendet är inte hos lex Sarah-ansvarig.")
	}
	if l.Case.RegisteredAt == nil {
		return problem.IllegalMove("Ta emot och registrera rapporten först.")
	}
	h, err := s.handlerAfterLex(ctx, actor, l, x.Former)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	m := move{
		change: change{
			Set:     map[string]any{"access_label": labelNormal, "handler_id": h, "assigned_at": now, "started_at": now, "investigator_id": nil},
			Readers: []uuid.UUID{h, actor.ID},
		},
		notify: []jobs.Kind{jobs.NotifyAssigned},
	}
	m.event = event{Kind: "case.lex-returned", Move: l.from(code, x.To)}
	if x.To == Assessing {
		m.event = event{Kind: "case.lex-declined", Move: l.from(code, x.To)}
		due := cfg.Deadline(l.answerRule(), clock.DateIn(now))
		m.change.Set["case_type"], m.change.Set["due_on"], m.change.Set["due_rule"] = TypeDeviation, due.DueOn, due
	} else {
		m.change.Set["response_level"], m.change.Set["answered_at"] = "UTREDNING", now
	}
	m.more = func(b *db.Batch) {
		s.queueMessage(b, actor, l, Message{Kind: "ANTECKNING", Body: x.Note})
		if x.Answer != "" {
			s.queueMessage(b, actor, l, Message{Kind: "SVAR", Body: x.Answer})
		}
		if x.To == Assessing {
			s.scheduleAnswer(b, l, cfg.Deadline(l.answerRule(), clock.DateIn(now)).DueOn)
		}
		jobs.CancelTimers(b, x.Case, jobs.DeadlineLexReceiveLate, jobs.DeadlineLexStartLate, jobs.DeadlineLexDoneWarn, jobs.DeadlineLexDoneLate)
		x.More(b)
	}
	return s.write(ctx, actor, l, l.Case.Version, m)
}

// handlerAfterLex is who had the case, if she is a manager still and it is not about her; else the one the routine points to.
func (s *Service) handlerAfterLex(ctx context.Context, actor authz.Actor, l loaded, former *uuid.UUID) (uuid.UUID, error) {
	if former != nil && l.Case.UnitID != nil {
		able, err := s.org.CanHandle(ctx, actor, *former)
		if err != nil {
			return uuid.Nil, err
		}
		partial, err := s.partial(ctx, actor, l, *l.Case.UnitID, *former)
		if err != nil {
			return uuid.Nil, err
		}
		if able && !partial {
			return *former, nil
		}
	}
	if l.Case.UnitID == nil {
		return uuid.Nil, problem.Conflict("no_unit", "Ärendet har ingen enhet att gå tillbaka till. Välj enhet när du tar emot rapporten.")
	}
	h, err := s.route(ctx, actor, l, *l.Case.UnitID)
	return h.PersonID, err
}

// LexRegistration is the registering of a report that came to lex Sarah before the registrar had it.
type LexRegistration struct {
	Case       uuid.UUID
	Version    int
	ReceivedOn clock.Date
	SenderRole string
	UnitID     *uuid.UUID
	Subject    string
}

// QueueLexRegistration adds the registration to the batch: entry, number and marking as at T2, by the one who answers for lex
// Sarah, because the registrar does not see the report. The case stays where it is.
func (s *Service) QueueLexRegistration(b *db.Batch, actor authz.Actor, cfg org.Config, r LexRegistration) {
	now := s.clock.Now()
	on, entry := day(now), s.ids.New()
	set := map[string]any{"registered_at": now, "subject": r.Subject}
	if r.UnitID != nil {
		set["unit_id"] = *r.UnitID
	}
	queueChange(b, change{ID: r.Case, Version: r.Version, From: LexHold, Set: set})
	register.Enter(b, cfg.Tenant, s.ids.New(), register.Entry{
		ID: entry, Case: r.Case, Kind: register.KindFor(TypeLexSarah), Year: on.Year(), On: r.ReceivedOn, Direction: "INKOMMEN",
		Sender: cfg.CodeLabel(tenants.ListSenderRole, r.SenderRole), Subject: r.Subject, SubjectPublic: cfg.CodeLabel(tenants.ListCaseType, TypeLexSarah),
		Marking: register.Marking{Law: cfg.Tenant.Secrecy.Law, On: on, Authority: cfg.Tenant.Secrecy.Authority}, By: actor.ID,
	})
	b.Exec(numberCase, db.Args{"id": r.Case, "entry_id": entry, "own_file_id": nil})
	queueEvent(b, event{ID: s.ids.New(), Case: r.Case, At: now, Actor: &actor.ID, Kind: "case.registered", Data: map[string]any{"case_type": TypeLexSarah}})
	jobs.CancelTimers(b, r.Case, jobs.DeadlineRegisterLate)
	jobs.Enqueue(b, s.ids, jobs.UpdateFact, r.Case)
}

// LexInvestigator is who investigates a case under lex Sarah's label, and who did before.
type LexInvestigator struct {
	Case    uuid.UUID
	Version int
	To      uuid.UUID
	From    *uuid.UUID
}

// QueueLexInvestigator adds the change of investigator to the batch: the new one reads the case, the former one no longer.
func (s *Service) QueueLexInvestigator(b *db.Batch, i LexInvestigator) {
	c := change{ID: i.Case, Version: i.Version, From: LexHold, Set: map[string]any{"investigator_id": i.To}, Readers: []uuid.UUID{i.To}}
	if i.From != nil && *i.From != i.To {
		c.Leaves = []uuid.UUID{*i.From}
	}
	queueChange(b, c)
}
