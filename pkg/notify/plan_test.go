//go:build unix

package notify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/notify"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/jobs"
)

// people of the tables, by the letter of their part.
var people = map[string]uuid.UUID{
	"registrar 1": uuid.New(), "registrar 2": uuid.New(), "handler": uuid.New(), "investigator": uuid.New(), "superior": uuid.New(), "owner": uuid.New(),
}

func one(name string) *uuid.UUID {
	id := people[name]
	return &id
}

// situation is a case of somebody, with a measure, on the day before its answer is due.
func situation(state string) notify.Situation {
	return notify.Situation{
		State: state, Handler: one("handler"), Investigator: one("investigator"), Superior: one("superior"), Owner: one("owner"),
		DueOn: clock.MustDate("2026-12-10"), MeasureState: "PLANERAD", MeasureDueOn: clock.MustDate("2026-12-10"),
		Registrars: []uuid.UUID{people["registrar 1"], people["registrar 2"]}, Unconfirmed: true,
	}
}

var dayAfter = clock.MustDate("2026-12-11").At(7, 0)

// told says a plan in words: "NYTT handler; above handler; again 2026-12-18".
func told(p notify.Plan) string {
	name := func(id uuid.UUID) string {
		for n, x := range people {
			if x == id {
				return n
			}
		}
		return "a stranger"
	}
	var parts []string
	for _, n := range p.Notices {
		parts = append(parts, fmt.Sprintf("%s %s", n.Template, name(n.Person)))
	}
	for _, id := range p.Above {
		parts = append(parts, "above "+name(id))
	}
	if !p.Again.IsZero() {
		parts = append(parts, "again "+clock.DateIn(p.Again).String())
	}
	return strings.Join(parts, "; ")
}

func TestWhoIsToldOfWhat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind  jobs.Kind
		state string
		want  string
	}{
		{jobs.NotifyCaseReceived, "received", "NYTT registrar 1; NYTT registrar 2"},
		{jobs.NotifyCaseReceived, "registered", ""}, // a registrar has read it already
		{jobs.NotifyAssigned, "assigned", "NYTT handler"},
		{jobs.NotifyConsultation, "consulting", "BESLUT superior"},
		{jobs.NotifyConsultation, "assessing", ""},
		{jobs.NotifyDecided, "assessing", "NYTT handler"},
		{jobs.NotifyDelegated, "investigating", "NYTT investigator"},
		{jobs.NotifyMeasureOwner, "measures", "NYTT owner"},
		{jobs.NotifyReporterWrote, "closed", "NYTT handler"},
		{jobs.NotifyReporterWrote, "void", ""},
		{jobs.DeadlineRegisterWarn, "received", "PAMINNELSE registrar 1; PAMINNELSE registrar 2"},
		{jobs.DeadlineRegisterLate, "received", "FORSENAT registrar 1; FORSENAT registrar 2; again 2026-12-18"},
		{jobs.DeadlineRegisterEscalate, "received", "above registrar 1; above registrar 2; again 2026-12-18"},
		{jobs.DeadlineRegisterEscalate, "registered", ""},
		{jobs.DeadlineStartWarn, "assigned", "PAMINNELSE handler"},
		{jobs.DeadlineStartLate, "assigned", "FORSENAT handler; again 2026-12-18"},
		{jobs.DeadlineStartEscalate, "assigned", "above handler; again 2026-12-18"},
		{jobs.DeadlineConsultWarn, "consulting", "PAMINNELSE superior"},
		{jobs.DeadlineConsultLate, "consulting", "FORSENAT superior; PAMINNELSE handler; again 2026-12-18"},
		{jobs.DeadlineConsultEscalate, "consulting", "above superior; again 2026-12-18"},
		{jobs.DeadlineAnswerWarn, "investigating", "PAMINNELSE handler; PAMINNELSE investigator"},
		{jobs.DeadlineAnswerLate, "investigating", "FORSENAT handler; FORSENAT investigator; again 2026-12-18"},
		{jobs.DeadlineAnswerEscalate, "investigating", "above handler; again 2026-12-18"},
		{jobs.DeadlineAcknowledgeWarn, "assessing", "PAMINNELSE registrar 1; PAMINNELSE registrar 2"},
		{jobs.DeadlineAcknowledgeLate, "assessing", "FORSENAT registrar 1; FORSENAT registrar 2; again 2026-12-18"},
		{jobs.DeadlineAcknowledgeEscalate, "awaiting_info", "above registrar 1; above registrar 2; again 2026-12-18"},
		{jobs.DeadlineAcknowledgeLate, "void", ""},
		{jobs.DeadlineAnswerLate, "awaiting_info", "again 2026-12-12"}, // the clock stands still
		{jobs.DeadlineMeasureWarn, "measures", "PAMINNELSE owner"},
		{jobs.DeadlineMeasureLate, "measures", "FORSENAT owner; FORSENAT_UNDER handler; again 2026-12-18"},
		{jobs.DeadlineMeasureLate, "closed", ""},
		{jobs.DeadlineMeasureFollowUp, "follow_up", ""}, // not done yet: there is no effect to ask for
		{jobs.UpdateFact, "received", ""},
	} {
		if got := told(notify.PlanFor(c.kind, situation(c.state), dayAfter)); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.kind, c.state, got, c.want)
		}
	}
}

func TestACaseWithoutAHandlerIsTheRegistrars(t *testing.T) {
	t.Parallel()
	s := situation("registered")
	s.Handler, s.Investigator = nil, nil
	for kind, want := range map[jobs.Kind]string{
		jobs.NotifyReporterWrote: "NYTT registrar 1; NYTT registrar 2",
		jobs.DeadlineStartLate:   "FORSENAT registrar 1; FORSENAT registrar 2; again 2026-12-18",
		jobs.NotifyAssigned:      "",
	} {
		if got := told(notify.PlanFor(kind, s, dayAfter)); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
}

func TestAboveAMeasuresOwnerIsTheHandlerAndAboveTheHandlerTheSuperior(t *testing.T) {
	t.Parallel()
	s := situation("measures")
	s.Owner = s.Handler
	if got := told(notify.PlanFor(jobs.DeadlineMeasureLate, s, dayAfter)); got != "FORSENAT handler; above handler; again 2026-12-18" {
		t.Error(got)
	}
	s.MeasureState = "GENOMFORD"
	if got := told(notify.PlanFor(jobs.DeadlineFollowUpLate, s, dayAfter)); got != "FORSENAT handler; again 2026-12-18" {
		t.Error(got)
	}
	if got := told(notify.PlanFor(jobs.DeadlineFollowUpEscalate, s, dayAfter)); got != "above handler; again 2026-12-18" {
		t.Error(got)
	}
	if got := told(notify.PlanFor(jobs.DeadlineMeasureFollowUp, s, dayAfter)); got != "PAMINNELSE handler" {
		t.Error(got)
	}
}

// TestACaseThatIsPastTheStepMakesNoNoise tries every timer in every state.
func TestACaseThatIsPastTheStepMakesNoNoise(t *testing.T) {
	t.Parallel()
	open := map[string][]string{
		"deadline-register-": {"received"}, "deadline-start-": {"registered", "assigned"}, "deadline-consult-": {"consulting"},
		"deadline-answer-": {"received", "registered", "assigned", "assessing", "consulting", "investigating", "measures", "board", "dispatching"},
	}
	states := []string{
		"received", "registered", "assigned", "assessing", "consulting", "investigating", "measures", "board", "dispatching",
		"follow_up", "closed", "handed_over", "awaiting_info", "lex_hold", "void", "archived", "disposed",
	}
	for prefix, pending := range open {
		for _, end := range []string{"warn", "late", "escalate"} {
			for _, state := range states {
				p := notify.PlanFor(jobs.Kind(prefix+end), situation(state), dayAfter)
				if loud := len(p.Notices)+len(p.Above) > 0; loud != slices.Contains(pending, state) {
					t.Errorf("%s%s in %s: %q", prefix, end, state, told(p))
				}
			}
		}
	}
	answered := situation("dispatching")
	answered.Answered = true
	if got := told(notify.PlanFor(jobs.DeadlineAnswerLate, answered, dayAfter)); got != "" {
		t.Errorf("an answered case: %q", got)
	}
}

func TestADayThatHasMovedIsLookedAtAgainThen(t *testing.T) {
	t.Parallel()
	s := situation("investigating")
	s.DueOn, s.MeasureDueOn = clock.MustDate("2026-12-23"), clock.MustDate("2027-01-05")
	for kind, want := range map[jobs.Kind]time.Time{
		jobs.DeadlineAnswerLate:  clock.MustDate("2026-12-24").Start(),
		jobs.DeadlineMeasureLate: clock.MustDate("2027-01-06").Start(),
	} {
		if p := notify.PlanFor(kind, s, dayAfter); len(p.Notices) > 0 || !p.Again.Equal(want) {
			t.Errorf("%s: %q at %s", kind, told(p), p.Again)
		}
	}
	last := s.DueOn.End().Add(-time.Second)
	if p := notify.PlanFor(jobs.DeadlineAnswerLate, s, last); len(p.Notices) > 0 {
		t.Error("late before the day is over")
	}
	if p := notify.PlanFor(jobs.DeadlineAnswerLate, s, s.DueOn.End()); len(p.Notices) == 0 {
		t.Error("not late when the day is over")
	}
}

func TestARemindersHourIsSwedishAlsoOverTheChangeOfClocks(t *testing.T) {
	t.Parallel()
	s := situation("assigned")
	for _, day := range []string{"2027-03-26", "2027-10-29"} {
		p := notify.PlanFor(jobs.DeadlineStartLate, s, clock.MustDate(day).At(7, 0))
		if at := p.Again.In(clock.Stockholm); at.Hour() != 7 || clock.DateIn(at) != clock.MustDate(day).AddDays(7) {
			t.Errorf("after %s again at %s", day, at)
		}
	}
}

func TestEveryKindThatTellsSomebodyHasItsHandlerHere(t *testing.T) {
	t.Parallel()
	var want, got []string
	for k := range jobs.Kinds() {
		if strings.HasPrefix(string(k), "notify-") || strings.HasPrefix(string(k), "deadline-") {
			want = append(want, string(k))
		}
	}
	for _, h := range notify.New(notify.Deps{}).Handlers() {
		got = append(got, string(h.Kind))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("handlers %v, kinds %v", got, want)
	}
}
