package casework

import (
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/tenants"
)

// clockKinds are the timers of one step: before its day, when it has passed, and when somebody above is told.
type clockKinds struct{ warn, late, escalate jobs.Kind }

var (
	registerClock = clockKinds{jobs.DeadlineRegisterWarn, jobs.DeadlineRegisterLate, jobs.DeadlineRegisterEscalate}
	startClock    = clockKinds{jobs.DeadlineStartWarn, jobs.DeadlineStartLate, jobs.DeadlineStartEscalate}
	consultClock  = clockKinds{jobs.DeadlineConsultWarn, jobs.DeadlineConsultLate, jobs.DeadlineConsultEscalate}
	answerClock   = clockKinds{jobs.DeadlineAnswerWarn, jobs.DeadlineAnswerLate, jobs.DeadlineAnswerEscalate}
	ackClock      = clockKinds{jobs.DeadlineAcknowledgeWarn, jobs.DeadlineAcknowledgeLate, jobs.DeadlineAcknowledgeEscalate}
	effectClock   = clockKinds{jobs.DeadlineMeasureFollowUp, jobs.DeadlineFollowUpLate, jobs.DeadlineFollowUpEscalate}
)

// deadlines are the timers that end with the case.
var deadlines = func() (all []jobs.Kind) {
	for _, k := range []clockKinds{registerClock, startClock, consultClock, answerClock, ackClock} {
		all = append(all, k.warn, k.late, k.escalate)
	}
	return append(all, jobs.ConsultCheck)
}()

// setClock sets the timers of a step anew: each warning at seven, what is late at seven on the next working day, and the
// escalation one step up as long after as the rule says.
func (s *Service) setClock(b *db.Batch, ref uuid.UUID, k clockKinds, d org.Deadline, cfg org.Config) {
	stopClock(b, ref, k)
	s.startClock(b, ref, k, d, cfg)
}

// startClock is setClock for what has no timers yet: the public form may set timers and not cancel any.
func (s *Service) startClock(b *db.Batch, ref uuid.UUID, k clockKinds, d org.Deadline, cfg org.Config) {
	set := func(kind jobs.Kind, at time.Time) {
		jobs.Schedule(b, s.ids, jobs.Timer{Kind: kind, Ref: ref, DueAt: at, Rule: d})
	}
	for _, on := range d.Warnings() {
		set(k.warn, on.At(7, 0))
	}
	set(k.late, lateAt(cfg, d.DueOn))
	if !d.EscalateOn.IsZero() {
		set(k.escalate, cfg.Calendar().NextWorkingDay(d.EscalateOn).At(7, 0))
	}
}

func stopClock(b *db.Batch, ref uuid.UUID, kinds ...clockKinds) {
	var all []jobs.Kind
	for _, k := range kinds {
		all = append(all, k.warn, k.late, k.escalate)
	}
	jobs.CancelTimers(b, ref, all...)
}

// lateAt is when a missed day is told: at seven on the next working day, when somebody is there to do something about it.
func lateAt(cfg org.Config, due clock.Date) time.Time {
	return cfg.Calendar().NextWorkingDay(due.AddDays(1)).At(7, 0)
}

// answerRule is which of the tenant's rules says when a case is to be answered or done.
func answerRule(caseType, complexity string) string {
	switch {
	case caseType == TypeReferral:
		return tenants.RuleReferral
	case complexity == Complicated:
		return tenants.RuleReplyComplex
	case caseType == TypeDeviation:
		return tenants.RuleDeviationDone
	}
	return tenants.RuleReplySimple
}

func (l loaded) answerRule() string { return answerRule(deref(l.Case.CaseType), l.Case.Complexity) }

// due is the deadline of the answer as it was computed, with its rule and inputs. A case from before they were kept, or
// with a day set by hand, has the day and today's rule.
func (l loaded) due(cfg org.Config) org.Deadline {
	if d := l.Case.DueRule; d != nil && d.Rule.Unit != "" && l.Case.DueOn != nil && d.DueOn == *l.Case.DueOn {
		return *d
	}
	if l.Case.DueOn != nil {
		return cfg.Until(l.answerRule(), *l.Case.DueOn)
	}
	return cfg.Deadline(l.answerRule(), l.Case.ReceivedOn)
}

// dueUnder is the answer's deadline under another rule, counted from the day it came in; what stood still stays given back.
func (l loaded) dueUnder(cfg org.Config, rule string) org.Deadline {
	if rule == tenants.RuleReferral && l.Case.DueOn != nil {
		return cfg.Until(rule, *l.Case.DueOn)
	}
	return cfg.DeadlineAt(rule, l.Case.ReceivedOn.At(12, 0), l.due(cfg).Inputs.Pauses...)
}

// scheduleAnswer sets the clock for the answer anew.
func (s *Service) scheduleAnswer(b *db.Batch, l loaded, due clock.Date) {
	d := l.due(l.rules)
	if d.DueOn != due {
		d = l.rules.Until(l.answerRule(), due)
	}
	s.setClock(b, l.Case.ID, answerClock, d, l.rules)
}

// scheduleStart sets the clock for the manager's first look (avvikelse: 3 working days). A new handler gets a new time.
func (s *Service) scheduleStart(b *db.Batch, l loaded, now time.Time) {
	s.setClock(b, l.Case.ID, startClock, l.rules.Deadline(tenants.RuleDeviationStart, day(now)), l.rules)
	if l.Case.DueOn != nil {
		s.scheduleAnswer(b, l, *l.Case.DueOn)
	}
}
