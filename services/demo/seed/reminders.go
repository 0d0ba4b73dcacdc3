package seed

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/jobs"
	"lyhord/services/demo/city"
	"lyhord/tenants"
)

// remind sets the timers that the use-cases would have set, as far as they lie ahead: what should have rung in the past is
// not made up for.
func (r *record) remind() {
	switch r.State {
	case "received":
		d := r.o.deadline(tenants.RuleRegister, r.receivedOn)
		r.timer(jobs.DeadlineRegisterLate, r.id, d.DueOn.End(), d)
	case "assigned":
		d := r.o.deadline(tenants.RuleDeviationStart, dayOf(r.step("T4", "T21").At))
		r.timer(jobs.DeadlineStartWarn, r.id, d.WarnOn.At(7, 0), d)
		r.timer(jobs.DeadlineStartLate, r.id, d.DueAt, d)
	case "consulting":
		d := r.o.deadline(tenants.RuleConsult, dayOf(r.step("T6").At))
		r.timer(jobs.DeadlineConsultWarn, r.id, d.WarnOn.At(7, 0), d)
		r.timer(jobs.DeadlineConsultLate, r.id, d.DueAt, d)
	}
	if r.handler == nil || !r.answeredAt.IsZero() || r.ended() || r.State == "awaiting_info" {
		return
	}
	r.timer(jobs.DeadlineAnswerWarn, r.id, r.due.WarnOn.At(7, 0), r.due)
	r.timer(jobs.DeadlineAnswerLate, r.id, r.dueOn.End(), r.due)
}

// remindOwner: a decided measure has a day, a done one a question of its effect.
func (r *record) remindOwner(id uuid.UUID, m city.Measure) {
	due := dayOf(m.DueOn)
	switch {
	case r.ended():
	case m.Status == "PLANERAD":
		r.timer(jobs.DeadlineMeasureWarn, id, r.o.cfg.Calendar().PreviousWorkingDay(due.AddDays(-3)).At(7, 0), nil)
		r.timer(jobs.DeadlineMeasureLate, id, due.End(), nil)
	case m.Status == "GENOMFORD":
		d := r.o.deadline(tenants.RuleFollowUp, dayOf(m.DoneAt))
		r.timer(jobs.DeadlineMeasureFollowUp, id, d.DueOn.At(7, 0), d)
	}
}

func (r *record) timer(kind jobs.Kind, ref uuid.UUID, at time.Time, rule any) {
	if !at.After(r.s.now) {
		return
	}
	text := []byte("{}")
	if rule != nil {
		var err error
		if text, err = json.Marshal(rule); err != nil {
			panic(fmt.Sprintf("seed: rule of %s: %v", kind, err))
		}
	}
	r.s.add(inTimers, newID(r.s.now, fmt.Sprintf("%s/timer/%s/%s", r.name, kind, ref)), string(kind), ref, at.UTC(), text, r.s.now)
}
