package casework

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

// RemoveCause takes a cause back. Measures tied to it stay, untied from the red thread's question.
func (s *Service) RemoveCause(ctx context.Context, actor authz.Actor, caseID, causeID uuid.UUID, version int) error {
	l, err := s.allowed(ctx, actor, caseID, "add-cause")
	if err != nil {
		return err
	}
	return s.write(ctx, actor, l, version, move{
		event: event{Kind: "cause.removed"},
		more:  func(b *db.Batch) { b.Exec(removeCause, db.Args{"id": causeID, "case_id": caseID, "at": s.clock.Now()}) },
	})
}

// Measure is a proposed measure (åtgärd).
type Measure struct {
	Title             string
	CauseID           *uuid.UUID
	Kind              string
	Strength          string
	OwnerID           uuid.UUID
	DueOn             clock.Date
	AffectsIndividual bool
}

// ProposeMeasure adds a measure; the manager decides about it. The owner is given the case to read.
func (s *Service) ProposeMeasure(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, m Measure) error {
	l, err := s.allowed(ctx, actor, caseID, "propose-measure")
	if err != nil {
		return err
	}
	if m.DueOn.Before(day(s.clock.Now())) {
		return problem.Invalid(problem.Field("/due_on", "Datumet har passerat. Välj när åtgärden ska vara klar."))
	}
	id := s.ids.New()
	set := map[string]any{}
	if m.AffectsIndividual {
		set["affects_individual"] = true
	}
	return s.write(ctx, actor, l, version, move{
		change: change{Set: set, Readers: []uuid.UUID{m.OwnerID}},
		event:  event{Kind: "measure.proposed", Data: map[string]any{"strength": m.Strength, "kind": m.Kind}},
		more: func(b *db.Batch) {
			b.Exec(insertMeasure, db.Args{
				"id": id, "case_id": caseID, "cause_id": m.CauseID, "kind": m.Kind, "strength": m.Strength, "owner_id": m.OwnerID,
				"due_on": m.DueOn, "affects": m.AffectsIndividual, "title": l.key.Seal("measures", "title_sealed", id, m.Title),
			})
		},
	})
}

// Step is what happens to a measure after it was proposed.
type Step struct {
	Act        string // decide-measure, complete-measure, follow-up-measure
	Decision   string // PLANERAD or AVSLAGEN
	DoneOn     clock.Date
	Effect     string
	EffectNote string
	Method     string
}

// codeMethod keeps words out of the clear column of the method: how somebody knows, said in own words, is sealed with the note.
func (s *Step) codeMethod(cfg org.Config) {
	if s.Method == "" || cfg.HasCode(tenants.ListFollowUpMethod, s.Method) {
		return
	}
	s.EffectNote = strings.TrimSpace(s.Method + "\n" + s.EffectNote)
	s.Method = "ANNAT"
}

// StepMeasure moves a measure on: decided by the manager, who may also give up one that is planned, done by its owner, followed up by the manager. Version is the measure's.
func (s *Service) StepMeasure(ctx context.Context, actor authz.Actor, measureID uuid.UUID, version int, step Step) (uuid.UUID, error) {
	row, err := s.measureRow(ctx, actor, measureID)
	if err != nil {
		return uuid.Nil, err
	}
	l, err := s.load(ctx, actor, row.CaseID, step.Act)
	if err != nil {
		return uuid.Nil, err
	}
	cfg := l.rules
	if !in(l.Case.State, working) {
		return row.CaseID, problem.IllegalMove("Ärendet är inte öppet längre.")
	}
	if reason := row.refuse(l.Situation, step.Act); reason != "" {
		return row.CaseID, problem.IllegalMove(reason)
	}
	if row.Status == step.Decision {
		return row.CaseID, problem.IllegalMove("Åtgärden är redan beslutad.")
	}
	if step.DoneOn.After(day(s.clock.Now())) {
		return row.CaseID, problem.Invalid(problem.Field("/done_on", "Datumet ligger i framtiden."))
	}
	step.codeMethod(cfg)
	now := s.clock.Now()
	m := move{event: event{Kind: "measure." + past(step.Act), Data: map[string]any{"measure": measureID, "decision": step.Decision, "effect": step.Effect}}}
	m.more = func(b *db.Batch) {
		b.Exec(stepMeasure, db.Args{
			"id": measureID, "version": version, "from": row.Status, "to": row.next(step), "done_on": dateOrNil(step.DoneOn), "effect": optional(step.Effect),
			"note": sealed(l.key, "measures", "effect_note_sealed", measureID, step.EffectNote), "method": optional(step.Method), "at": now,
		})
		switch step.Act {
		case "decide-measure":
			jobs.CancelTimers(b, measureID, jobs.DeadlineMeasureWarn, jobs.DeadlineMeasureLate) // a planned measure is given up
			if step.Decision == "PLANERAD" {
				jobs.Enqueue(b, s.ids, jobs.NotifyMeasureOwner, measureID)
				jobs.Schedule(b, s.ids, jobs.Timer{Kind: jobs.DeadlineMeasureWarn, Ref: measureID, DueAt: cfg.Calendar().PreviousWorkingDay(row.DueOn.AddDays(-3)).At(7, 0)})
				jobs.Schedule(b, s.ids, jobs.Timer{Kind: jobs.DeadlineMeasureLate, Ref: measureID, DueAt: lateAt(cfg, row.DueOn)})
			}
		case "complete-measure":
			jobs.CancelTimers(b, measureID, jobs.DeadlineMeasureWarn, jobs.DeadlineMeasureLate)
			d := cfg.Deadline(tenants.RuleFollowUp, step.DoneOn)
			s.setClock(b, measureID, effectClock, d, cfg)
		case "follow-up-measure":
			stopClock(b, measureID, effectClock)
		}
	}
	return row.CaseID, s.write(ctx, actor, l, l.Case.Version, m)
}

func past(act string) string {
	return map[string]string{"decide-measure": "decided", "complete-measure": "completed", "follow-up-measure": "followed-up"}[act]
}

func dateOrNil(d clock.Date) *clock.Date {
	if d.IsZero() {
		return nil
	}
	return &d
}
