// Package notify tells people that there is something to read: by mail, without content. A mail names no case, no
// category, no number and nobody concerned; it says that one should log in.
//
// It imports no producer: a job brings an id, and who is to be told is looked up when the job runs. Before a mail is
// handed to the server there is a delivery row for its recipient, unique for job and person, so that no run, however
// often repeated, tells anybody twice. The one exception: a worker that dies between the server's answer and the mark
// leaves a row that was attempted and not sent, and the mail is sent once more with the same Message-ID, which is
// harmless for mails like these.
//
// The decision who is told is pure and tested by tables; the rest against a real PostgreSQL and a real SMTP server.
package notify

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/jobs"
)

// Template is which of the few mails a person gets.
type Template string

// The mails, from the mildest.
const (
	NewToRead Template = "NYTT"
	Decide    Template = "BESLUT"
	Remind    Template = "PAMINNELSE"
	Late      Template = "FORSENAT"
	Escalated Template = "FORSENAT_UNDER"
)

// Situation is what a job finds: where the case stands and who has to do with it.
type Situation struct {
	Case         uuid.UUID   `db:"case_id"`
	State        string      `db:"state"`
	Unit         *uuid.UUID  `db:"unit_id"`
	Handler      *uuid.UUID  `db:"handler_id"`
	Investigator *uuid.UUID  `db:"investigator_id"`
	Superior     *uuid.UUID  `db:"superior_id"`
	DueOn        clock.Date  `db:"due_on"`
	Answered     bool        `db:"answered"`
	Owner        *uuid.UUID  `db:"owner_id"`      // of the measure
	MeasureState string      `db:"measure_state"` // empty when the job is about the case
	MeasureDueOn clock.Date  `db:"measure_due_on"`
	Registrars   []uuid.UUID `db:"registrars"`
	Unconfirmed  bool        `db:"unconfirmed"` // the one who wrote has not been told that it came
}

// Notice is one mail to one person.
type Notice struct {
	Person   uuid.UUID
	Template Template
}

// Plan is what a job leads to. Above are persons whose superior is told as well. Again is when to look once more.
type Plan struct {
	Notices []Notice
	Above   []uuid.UUID
	Again   time.Time
}

// How often something late is called to mind, and at what hour.
const (
	remindEvery = 7
	remindHour  = 7
)

// PlanFor decides. A case that is past the step of a timer makes no noise; one whose day has been moved is looked at
// again on the new day; what is late is called to mind every week until it is done.
func PlanFor(kind jobs.Kind, s Situation, now time.Time) Plan {
	if slices.Contains([]string{"void", "archived", "disposed"}, s.State) {
		return Plan{}
	}
	if p, ok := planNews(kind, s); ok {
		return p
	}
	var p Plan
	if t, ok := deadlines[kind]; ok && t.pending(s) {
		today := clock.DateIn(now)
		if due := t.due(s); t.late && !due.IsZero() && !today.After(due) {
			return Plan{Again: due.End()}
		}
		p = t.plan(s)
		if t.late {
			p.Again = today.AddDays(remindEvery).At(remindHour, 0)
		}
	} else if ok && s.State == "awaiting_info" && t.late && !t.measure && !t.ack {
		p.Again = clock.DateIn(now).AddDays(1).At(remindHour, 0) // the clock stands still; the due day moves when it goes on
	}
	return p
}

// planNews answers for what has just happened.
func planNews(kind jobs.Kind, s Situation) (Plan, bool) {
	switch kind {
	case jobs.NotifyCaseReceived:
		if s.State != "received" {
			return Plan{}, true // registered already
		}
		return tell(NewToRead, s.Registrars...), true
	case jobs.NotifyAssigned, jobs.NotifyDecided:
		return tell(NewToRead, some(s.Handler)...), true
	case jobs.NotifyConsultation:
		if s.State != "consulting" {
			return Plan{}, true
		}
		return tell(Decide, some(s.Superior)...), true
	case jobs.NotifyDelegated:
		return tell(NewToRead, some(s.Investigator)...), true
	case jobs.NotifyMeasureOwner:
		return tell(NewToRead, some(s.Owner)...), true
	case jobs.NotifyReporterWrote:
		return tell(NewToRead, s.responsible()...), true
	}
	return Plan{}, false
}

// deadline is one step with a time limit.
type deadline struct {
	states  []string // the step is not yet done in these
	measure bool
	ack     bool // of the acknowledgement: done when it is, whatever the state
	late    bool
	plan    func(Situation) Plan
}

var (
	beforeStart  = []string{"registered", "assigned"}
	beforeAnswer = []string{"received", "registered", "assigned", "assessing", "consulting", "investigating", "measures", "board", "dispatching"}
)

var deadlines = map[jobs.Kind]deadline{
	jobs.DeadlineRegisterWarn:     {states: []string{"received"}, plan: func(s Situation) Plan { return tell(Remind, s.Registrars...) }},
	jobs.DeadlineRegisterLate:     {states: []string{"received"}, late: true, plan: func(s Situation) Plan { return tell(Late, s.Registrars...) }},
	jobs.DeadlineRegisterEscalate: {states: []string{"received"}, late: true, plan: func(s Situation) Plan { return above(s.Registrars...) }},
	jobs.DeadlineStartWarn:        {states: beforeStart, plan: func(s Situation) Plan { return tell(Remind, s.responsible()...) }},
	jobs.DeadlineStartLate:        {states: beforeStart, late: true, plan: func(s Situation) Plan { return tell(Late, s.responsible()...) }},
	jobs.DeadlineStartEscalate:    {states: beforeStart, late: true, plan: func(s Situation) Plan { return above(s.responsible()...) }},
	jobs.DeadlineConsultWarn:      {states: []string{"consulting"}, plan: func(s Situation) Plan { return tell(Remind, some(s.Superior)...) }},
	jobs.DeadlineConsultLate:      {states: []string{"consulting"}, late: true, plan: consultLate},
	jobs.DeadlineConsultEscalate:  {states: []string{"consulting"}, late: true, plan: func(s Situation) Plan { return above(some(s.Superior)...) }},
	jobs.DeadlineAnswerWarn: {states: beforeAnswer, plan: func(s Situation) Plan {
		return tell(Remind, append(s.responsible(), some(s.Investigator)...)...)
	}},
	jobs.DeadlineAnswerLate:          {states: beforeAnswer, late: true, plan: answerLate},
	jobs.DeadlineAnswerEscalate:      {states: beforeAnswer, late: true, plan: func(s Situation) Plan { return above(s.responsible()...) }},
	jobs.DeadlineMeasureWarn:         {states: []string{"PLANERAD"}, measure: true, plan: func(s Situation) Plan { return tell(Remind, some(s.Owner)...) }},
	jobs.DeadlineMeasureLate:         {states: []string{"PLANERAD"}, measure: true, late: true, plan: measureLate},
	jobs.DeadlineMeasureFollowUp:     {states: []string{"GENOMFORD"}, measure: true, plan: func(s Situation) Plan { return tell(Remind, s.responsible()...) }},
	jobs.DeadlineFollowUpLate:        {states: []string{"GENOMFORD"}, measure: true, late: true, plan: func(s Situation) Plan { return tell(Late, s.responsible()...) }},
	jobs.DeadlineFollowUpEscalate:    {states: []string{"GENOMFORD"}, measure: true, late: true, plan: func(s Situation) Plan { return above(s.responsible()...) }},
	jobs.DeadlineAcknowledgeWarn:     {ack: true, plan: func(s Situation) Plan { return tell(Remind, s.Registrars...) }},
	jobs.DeadlineAcknowledgeLate:     {ack: true, late: true, plan: func(s Situation) Plan { return tell(Late, s.Registrars...) }},
	jobs.DeadlineAcknowledgeEscalate: {ack: true, late: true, plan: func(s Situation) Plan { return above(s.Registrars...) }},
}

// pending says whether the step of the deadline is still to be done.
func (t deadline) pending(s Situation) bool {
	if t.ack {
		return s.Unconfirmed && !s.Answered
	}
	if t.measure {
		return slices.Contains(t.states, s.MeasureState) && s.State != "closed"
	}
	return slices.Contains(t.states, s.State) && !s.Answered
}

// due is the day the row itself holds for the step, if it holds one.
func (t deadline) due(s Situation) clock.Date {
	switch {
	case t.measure && t.states[0] == "PLANERAD":
		return s.MeasureDueOn
	case slices.Equal(t.states, beforeAnswer):
		return s.DueOn
	}
	return clock.Date{}
}

func consultLate(s Situation) Plan {
	p := tell(Late, some(s.Superior)...)
	p.Notices = append(p.Notices, tell(Remind, some(s.Handler)...).Notices...)
	return p
}

func answerLate(s Situation) Plan {
	p := tell(Late, s.responsible()...)
	p.Notices = append(p.Notices, tell(Late, some(s.Investigator)...).Notices...)
	return p
}

// measureLate: above the owner of a measure is the manager who handles the case; above that one, the superior.
func measureLate(s Situation) Plan {
	p := tell(Late, some(s.Owner)...)
	if s.Handler == nil {
		return p
	}
	if s.Owner != nil && *s.Owner == *s.Handler {
		p.Above = some(s.Handler)
		return p
	}
	p.Notices = append(p.Notices, Notice{*s.Handler, Escalated})
	return p
}

// responsible is who has the case: its handler, or the registrars as long as it has none.
func (s Situation) responsible() []uuid.UUID {
	if s.Handler != nil {
		return some(s.Handler)
	}
	return slices.Clone(s.Registrars)
}

func tell(t Template, people ...uuid.UUID) Plan {
	var p Plan
	for _, person := range people {
		p.Notices = append(p.Notices, Notice{person, t})
	}
	return p
}

// above tells the ones above those who are late; who is late has a reminder of her own.
func above(people ...uuid.UUID) Plan { return Plan{Above: people} }

func some(ids ...*uuid.UUID) []uuid.UUID {
	var out []uuid.UUID
	for _, id := range ids {
		if id != nil {
			out = append(out, *id)
		}
	}
	return out
}
