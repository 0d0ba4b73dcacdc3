package casework

import (
	"context"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

// Reassign gives the case another handler: she has left, is away, or the case belongs to another unit (T4). Before the
// assessment is done it begins anew; after that the case goes on where it stands. Only the routing moves: the unit that
// the report named stays. Who had the case no longer sees it.
func (s *Service) Reassign(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, a Assignment) error {
	l, err := s.allowed(ctx, actor, caseID, "reassign")
	if err != nil {
		return err
	}
	h, err := s.chosen(ctx, actor, l, a)
	if err != nil {
		return err
	}
	if is(l.Case.HandlerID, h.PersonID) && is(l.Case.UnitID, a.UnitID) {
		return problem.Invalid(problem.Field("/handler_id", "Den som handlägger ärendet i dag är vald. Välj någon annan."))
	}
	m := s.assignment(l, h, a.Reason)
	m.event = event{Kind: "case.reassigned", Move: m.event.Move, Data: m.event.Data, Text: a.Reason}
	m.change.Set["unit_id"] = a.UnitID
	m.notify = []jobs.Kind{jobs.NotifyAssigned}
	if l.Case.State != Assigned && l.Case.State != Assessing {
		if m, err = s.handedOn(ctx, actor, l, m, a.UnitID); err != nil {
			return err
		}
	}
	return s.write(ctx, actor, l, version, m)
}

// handedOn lets the new handler go on where the case stands: the investigator stays, and an open question of samråd goes
// to the new handler's own superior.
func (s *Service) handedOn(ctx context.Context, actor authz.Actor, l loaded, m move, unit uuid.UUID) (move, error) {
	to := m.change.Readers[0]
	m.event.Move, m.more = l.from("T4", l.Case.State), nil
	delete(m.change.Set, "assigned_at")
	delete(m.change.Set, "investigator_id")
	m.change.Leaves = l.leaving(&to, l.Case.HandlerID)
	if is(l.Case.InvestigatorID, to) {
		m.change.Set["investigator_id"] = nil
	}
	if l.Case.State != Consulting {
		return m, nil
	}
	boss, err := s.superior(ctx, actor, l.handledBy(to, unit))
	if err != nil || is(l.Case.SuperiorID, boss.PersonID) {
		return m, err
	}
	moved := s.question(l, boss)
	m.change.Set["superior_id"] = boss.PersonID
	m.change.Readers = append(m.change.Readers, boss.PersonID)
	m.change.Leaves = append(m.change.Leaves, moved.change.Leaves...)
	m.more, m.notify = moved.more, append(m.notify, moved.notify...)
	return m, nil
}

// handledBy is the case as it would be with another handler or unit.
func (l loaded) handledBy(handler, unit uuid.UUID) loaded {
	l.Case.HandlerID, l.Case.UnitID = &handler, &unit
	return l
}

// superior is who decides about the handler's case today; whom it is about does not.
func (s *Service) superior(ctx context.Context, actor authz.Actor, l loaded, but ...uuid.UUID) (org.Handler, error) {
	if l.Case.HandlerID == nil || l.Case.UnitID == nil {
		return org.Handler{}, problem.IllegalMove("Ärendet har ingen handläggare eller ingen enhet. Be registratorn välja.")
	}
	accused, err := s.accused(ctx, actor, l)
	if err != nil {
		return org.Handler{}, err
	}
	return s.org.SuperiorOf(ctx, actor.Scope(), *l.Case.HandlerID, *l.Case.UnitID, append(accused, but...)...)
}

// Again is why a question of samråd is moved.
type Again struct {
	Absent bool // the superior is there but cannot answer now: the next one above is asked
	Reason string
}

// AskAgain moves an open question to the one who is superior today (T6).
func (s *Service) AskAgain(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, again Again) error {
	l, err := s.allowed(ctx, actor, caseID, "ask-again")
	if err != nil {
		return err
	}
	var but []uuid.UUID
	if again.Absent {
		if again.Reason == "" {
			return problem.Invalid(problem.Field("/reason", "Skriv varför chefen inte kan svara."))
		}
		but = some(l.Case.SuperiorID)
	}
	boss, err := s.superior(ctx, actor, l, but...)
	if err != nil {
		return err
	}
	if is(l.Case.SuperiorID, boss.PersonID) {
		return problem.IllegalMove(boss.Name + " är överordnad chef även i dag. Kan hen inte svara: säg det, så går frågan till nästa chef.")
	}
	m := s.question(l, boss)
	m.event.Text = again.Reason
	return s.write(ctx, actor, l, version, m)
}

// question moves the open question of samråd to somebody else, with a new time to answer.
func (s *Service) question(l loaded, boss org.Handler) move {
	return move{
		change: change{Set: map[string]any{"superior_id": boss.PersonID}, Readers: []uuid.UUID{boss.PersonID}, Leaves: some(l.Case.SuperiorID)},
		event:  event{Kind: "case.consulted-anew", Move: l.from("T6", Consulting), Data: map[string]any{"superior": boss.PersonID}},
		notify: []jobs.Kind{jobs.NotifyConsultation},
		more: func(b *db.Batch) {
			b.Exec(moveConsultation, db.Args{"case_id": l.Case.ID, "superior_id": boss.PersonID})
			s.scheduleConsult(b, l)
		},
	}
}

// scheduleConsult sets the clock for the superior's answer anew.
func (s *Service) scheduleConsult(b *db.Batch, l loaded) {
	today := day(s.clock.Now())
	s.setClock(b, l.Case.ID, consultClock, l.rules.Deadline(tenants.RuleConsult, today), l.rules)
	jobs.Schedule(b, s.ids, jobs.Timer{Kind: jobs.ConsultCheck, Ref: l.Case.ID, DueAt: nextCheck(today)})
}

// nextCheck is when somebody's leaving is noticed: before the working day begins.
func nextCheck(today clock.Date) time.Time { return today.AddDays(1).At(6, 0) }

// TakeBack ends a delegation, as late as the case is open. Who had it no longer sees the case.
func (s *Service) TakeBack(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int) error {
	l, err := s.allowed(ctx, actor, caseID, "take-back")
	if err != nil {
		return err
	}
	return s.write(ctx, actor, l, version, move{
		change: change{Set: map[string]any{"investigator_id": nil}, Leaves: l.leaving(nil, l.Case.InvestigatorID)},
		event:  event{Kind: "case.taken-back", Move: l.from("T10", l.Case.State)},
	})
}

func some(ids ...*uuid.UUID) []uuid.UUID {
	var out []uuid.UUID
	for _, id := range ids {
		if id != nil {
			out = append(out, *id)
		}
	}
	return out
}
