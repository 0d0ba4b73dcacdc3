package casework

import (
	"context"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

// Assess is T5: the manager begins; the handling clock runs.
func (s *Service) Assess(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int) error {
	l, err := s.allowed(ctx, actor, caseID, "assess")
	if err != nil {
		return err
	}
	return s.write(ctx, actor, l, version, move{
		change: change{Set: map[string]any{"started_at": s.clock.Now()}},
		event:  event{Kind: "case.assessment-started", Move: l.from("T5", Assessing)},
		more:   func(b *db.Batch) { stopClock(b, caseID, startClock) },
	})
}

// Classification is how the manager reads the case. Severity and probability are 1–4; their product is computed by the database.
type Classification struct {
	Category          string
	CategoryHSL       string
	Lagrum            []string
	Severity          *int
	Probability       *int
	Harm              string
	Concerns          *string
	AffectsIndividual bool
	UnmetNeed         bool
}

// Classify writes the coded reading of the case; statistics live on it.
func (s *Service) Classify(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, c Classification) error {
	l, err := s.allowed(ctx, actor, caseID, "classify")
	if err != nil {
		return err
	}
	cfg := l.rules
	if wrong := checkClassification(cfg, c); len(wrong) > 0 {
		return problem.Invalid(wrong...)
	}
	if c.Lagrum == nil {
		c.Lagrum = []string{} // JSON's null
	}
	return s.write(ctx, actor, l, version, move{
		change: change{Set: map[string]any{
			"category": optional(c.Category), "category_hsl": optional(c.CategoryHSL), "lagrum": c.Lagrum, "severity": c.Severity,
			"probability": c.Probability, "harm": c.Harm, "concerns": c.Concerns, "affects_individual": c.AffectsIndividual, "unmet_need": c.UnmetNeed,
		}},
		event: event{Kind: "case.classified", Data: map[string]any{"category": c.Category, "category_hsl": c.CategoryHSL}},
	})
}

func checkClassification(cfg org.Config, c Classification) []problem.FieldError {
	var wrong []problem.FieldError
	if c.Category != "" && !cfg.HasCode(tenants.ListCategorySoL, c.Category) {
		wrong = append(wrong, problem.Field("/category", "Kategorin finns inte."))
	}
	if c.CategoryHSL != "" && !cfg.HasCode(tenants.ListCategoryHSL, c.CategoryHSL) {
		wrong = append(wrong, problem.Field("/category_hsl", "Kategorin finns inte."))
	}
	for _, l := range c.Lagrum {
		if !cfg.HasCode(tenants.ListLagrum, l) {
			wrong = append(wrong, problem.Field("/lagrum", "Välj ett av de tillåtna värdena."))
		}
	}
	return wrong
}

// Consult is T6: the manager asks her own manager whether it is complicated. The superior is found in the tree of today (req. 35).
func (s *Service) Consult(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, question string) error {
	l, err := s.allowed(ctx, actor, caseID, "consult")
	if err != nil {
		return err
	}
	boss, err := s.superior(ctx, actor, l)
	if err != nil {
		return err
	}
	id, now := s.ids.New(), s.clock.Now()
	return s.write(ctx, actor, l, version, move{
		change: change{Set: map[string]any{"superior_id": boss.PersonID}, Readers: []uuid.UUID{boss.PersonID}},
		event:  event{Kind: "case.consulted", Move: l.from("T6", Consulting), Data: map[string]any{"superior": boss.PersonID}},
		notify: []jobs.Kind{jobs.NotifyConsultation},
		more: func(b *db.Batch) {
			b.Exec(insertConsultation, db.Args{
				"id": id, "case_id": caseID, "asked_by": actor.ID, "superior_id": boss.PersonID, "asked_at": now,
				"question": sealed(l.key, "consultations", "question_sealed", id, question),
			})
			s.scheduleConsult(b, l)
		},
	})
}

// Decision is the superior manager's: ENKEL or KOMPLICERAD, and why.
type Decision struct {
	Complexity string
	Motivation string
}

// DecideComplexity is T7: only the superior manager, with a motivation. Complicated goes straight to investigation and gets
// a longer time and a number of its own (req. 30, 36).
func (s *Service) DecideComplexity(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, d Decision) error {
	var asked []idRow
	l, err := s.allowed(ctx, actor, caseID, "decide-complexity", func(b *db.Batch) {
		db.Collect(b, selectOpenConsultation, db.Args{"case_id": caseID}, &asked)
	})
	if err != nil {
		return err
	}
	if len(asked) == 0 {
		return problem.Stale()
	}
	open := asked[0].ID
	cfg := l.rules
	now := s.clock.Now()
	m := move{
		change: change{Set: map[string]any{"complexity": d.Complexity}},
		event:  event{Kind: "case.complexity-decided", Move: l.from("T7a", Assessing), Data: map[string]any{"decision": d.Complexity}},
		notify: []jobs.Kind{jobs.NotifyDecided},
	}
	l.Case.Complexity = d.Complexity
	var due org.Deadline
	if d.Complexity == Complicated {
		due = l.dueUnder(cfg, l.answerRule())
		m.event.Move = l.from("T7b", Investigating)
		m.change.Set["due_on"], m.change.Set["due_rule"] = due.DueOn, due
		m.change.Set["response_level"] = "UTREDNING"
	}
	m.more = func(b *db.Batch) {
		b.Exec(decideConsultation, db.Args{
			"id": open, "case_id": caseID, "by": actor.ID, "decision": d.Complexity, "at": now, "motivation": sealed(l.key, "consultations", "motivation_sealed", open, d.Motivation),
		})
		stopClock(b, caseID, consultClock)
		jobs.CancelTimers(b, caseID, jobs.ConsultCheck)
		if d.Complexity == Complicated {
			b.Exec(insertInvestigation, db.Args{"case_id": caseID, "by": actor.ID})
			s.setClock(b, caseID, answerClock, due, cfg)
		}
	}
	return s.write(ctx, actor, l, version, m)
}

// Investigate is T9: simple, but it needs an investigation. In a reopened case the one that was finished is taken up again.
func (s *Service) Investigate(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int) error {
	l, err := s.allowed(ctx, actor, caseID, "investigate")
	if err != nil {
		return err
	}
	return s.write(ctx, actor, l, version, move{
		change: change{Set: map[string]any{"response_level": "UTREDNING"}},
		event:  event{Kind: "case.investigation-started", Move: l.from("T9", Investigating)},
		more:   func(b *db.Batch) { b.Exec(insertInvestigation, db.Args{"case_id": caseID, "by": actor.ID}) },
	})
}

// Delegate is T10: the work goes to a suitable subordinate, the responsibility stays (req. 34). No person takes it back.
func (s *Service) Delegate(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, to *uuid.UUID) error {
	if to == nil {
		return s.TakeBack(ctx, actor, caseID, version)
	}
	l, err := s.allowed(ctx, actor, caseID, "delegate")
	if err != nil {
		return err
	}
	m := move{
		change: change{Set: map[string]any{"investigator_id": to}, Leaves: l.leaving(to, l.Case.InvestigatorID)},
		event:  event{Kind: "case.delegated", Move: l.from("T10", l.Case.State), Data: map[string]any{"to": to}},
	}
	if err := s.mayInvestigate(ctx, actor, l, *to); err != nil {
		return err
	}
	m.change.Readers = []uuid.UUID{*to}
	m.notify = []jobs.Kind{jobs.NotifyDelegated}
	return s.write(ctx, actor, l, version, m)
}

func (s *Service) mayInvestigate(ctx context.Context, actor authz.Actor, l loaded, to uuid.UUID) error {
	if to == actor.ID {
		return problem.Invalid(problem.Field("/person_id", "Du handlägger redan ärendet. Välj någon annan."))
	}
	if l.Case.UnitID != nil {
		partial, err := s.partial(ctx, actor, l, *l.Case.UnitID, to)
		if err != nil {
			return err
		}
		if partial {
			return problem.Invalid(problem.Field("/person_id", "Uppgifterna gäller den chefen. Välj någon annan."))
		}
	}
	able, err := s.org.CanInvestigate(ctx, actor, to, l.Case.UnitID)
	if err == nil && !able {
		err = problem.Invalid(problem.Field("/person_id", "Välj en utredare eller en chef som är underställd dig."))
	}
	return err
}

// AwaitInfo is T19: the clock stands still while the writer is asked.
func (s *Service) AwaitInfo(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, question string) error {
	l, err := s.allowed(ctx, actor, caseID, "await-info")
	if err != nil {
		return err
	}
	return s.write(ctx, actor, l, version, move{
		change: change{Set: map[string]any{"paused_at": s.clock.Now()}},
		event:  event{Kind: "case.paused", Move: l.from("T19", AwaitingInfo)},
		more:   func(b *db.Batch) { s.queueMessage(b, actor, l, Message{Kind: "FRAGA", Body: question}) },
	})
}

// Resume is T19 back: the time that stood still is added to the answer's date, and its reminders move along.
func (s *Service) Resume(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int) error {
	l, err := s.allowed(ctx, actor, caseID, "resume")
	if err != nil {
		return err
	}
	cfg := l.rules
	back := Assessing
	if l.Case.Complexity != NotJudged && l.Case.ResponseLevel != nil && *l.Case.ResponseLevel == "UTREDNING" {
		back = Investigating
	}
	m := move{change: change{Set: map[string]any{"paused_at": nil}}, event: event{Kind: "case.resumed", Move: l.from("T19", back)}}
	if l.Case.PausedAt != nil && l.Case.DueOn != nil {
		due := l.due(cfg).Extend(org.Pause{From: *l.Case.PausedAt, To: s.clock.Now()}, cfg.Calendar())
		m.change.Set["due_on"], m.change.Set["due_rule"] = due.DueOn, due
		m.more = func(b *db.Batch) { s.setClock(b, caseID, answerClock, due, cfg) }
	}
	return s.write(ctx, actor, l, version, m)
}
