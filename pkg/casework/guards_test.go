package casework_test

import (
	"strings"
	"testing"

	"lyhord/pkg/casework"
	"lyhord/pkg/platform/problem"
)

// Proves T15, req 40.
func TestAnAnswerWaitsForWhatTheRoutineAsksFirst(t *testing.T) {
	t.Parallel()
	number := "BRO 2026-12"
	inquiry := casework.Facts{HasBackground: true, HasConclusion: true}
	complicated := func(facts casework.Facts) func(*casework.Situation) {
		return func(s *casework.Situation) { s.Case.Complexity, s.Facts = casework.Complicated, facts }
	}
	for _, c := range []struct {
		says string // empty: possible
		sit  casework.Situation
	}{
		{"", at(casework.Assessing, nil)},
		{"Starta utredningen igen", at(casework.Assessing, complicated(inquiry))},
		{"bakgrunden", at(casework.Investigating, func(s *casework.Situation) { s.Facts.HasConclusion = true })},
		{"slutsats", at(casework.Investigating, func(s *casework.Situation) { s.Facts.HasBackground = true })},
		{"Besluta först om åtgärderna", at(casework.Investigating, func(s *casework.Situation) { s.Facts = casework.Facts{Measures: 1} })},
		{"", at(casework.Investigating, func(s *casework.Situation) { s.Facts = inquiry })},
		{"eget diarienummer", at(casework.Investigating, complicated(inquiry))},
		{"", at(casework.Investigating, func(s *casework.Situation) {
			complicated(inquiry)(s)
			s.Case.OwnDNR = &number
		})},
		{"alla föreslagna åtgärder", at(casework.Measures, func(s *casework.Situation) { s.Facts = casework.Facts{Measures: 2, MeasuresUndecided: 1} })},
	} {
		err := c.sit.Allow("reply")
		if c.says == "" {
			if err != nil {
				t.Errorf("%s: refused: %v", c.sit.Case.State, problem.From(err).Text)
			}
			continue
		}
		if err == nil || !strings.Contains(problem.From(err).Text, c.says) {
			t.Errorf("%s: want a refusal with %q, got %v", c.sit.Case.State, c.says, err)
		}
	}
}

func TestAMeasureThatDidNotHelpCanBeFollowedByAnother(t *testing.T) {
	t.Parallel()
	for _, s := range []casework.State{casework.Dispatching, casework.FollowUp} {
		if err := at(s, nil).Allow("propose-measure"); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}
