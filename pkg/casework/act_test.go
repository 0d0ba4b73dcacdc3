package casework_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"lyhord/pkg/casework"
	"lyhord/pkg/platform/problem"
)

var chef, boss, other = uuid.MustParse("00000000-0000-0000-0000-000000000001"), uuid.MustParse("00000000-0000-0000-0000-000000000002"), uuid.MustParse("00000000-0000-0000-0000-000000000003")

func anything(string) bool { return true }

// at is a handled deviation in a state, seen by its handler.
func at(s casework.State, change func(*casework.Situation)) casework.Situation {
	kind, category, two := casework.TypeDeviation, "UTF.UTEBLIVEN", 2
	sit := casework.Situation{
		Case:  casework.Case{State: s, HandlerID: &chef, CaseType: &kind, Category: &category, Severity: &two, Probability: &two, Complexity: casework.Simple},
		Actor: chef, May: anything,
	}
	if change != nil {
		change(&sit)
	}
	return sit
}

func TestAnActIsRefusedWithTheReasonInWords(t *testing.T) {
	t.Parallel()
	name := "Anna Lind"
	for _, c := range []struct {
		says, act string
		sit       casework.Situation
	}{
		{"handläggs av Anna Lind", "assess", at(casework.Assigned, func(s *casework.Situation) { s.Actor, s.Case.HandlerName = other, &name })},
		{"kategori", "consult", at(casework.Assessing, func(s *casework.Situation) { s.Case.Category, s.Case.Complexity = nil, casework.NotJudged })},
		{"allvarlighetsgrad", "consult", at(casework.Assessing, func(s *casework.Situation) { s.Case.Severity, s.Case.Complexity = nil, casework.NotJudged })},
		{"redan avgjord", "consult", at(casework.Assessing, nil)},
		{"överordnad", "decide-complexity", at(casework.Consulting, func(s *casework.Situation) { s.Actor = other })},
		{"Bara Anna Lind", "decide-complexity", at(casework.Consulting, func(s *casework.Situation) {
			s.Actor, s.Case.SuperiorID, s.Case.SuperiorName = other, &boss, &name
		})},
		{"handlägger ärendet själv", "decide-complexity", at(casework.Consulting, func(s *casework.Situation) { s.Case.SuperiorID = &chef })},
		{"överordnad chef kan byta", "reassign", at(casework.Measures, func(s *casework.Situation) { s.May = func(p string) bool { return p != "case:register" } })},
		{"inte överlämnad", "take-back", at(casework.FollowUp, nil)},
		{"närmaste chef", "investigate", at(casework.Assessing, func(s *casework.Situation) { s.Case.Complexity = casework.NotJudged })},
		{"närmaste chef", "reply", at(casework.Assessing, func(s *casework.Situation) { s.Case.Complexity = casework.NotJudged })},
		{"bakgrunden", "plan-measures", at(casework.Investigating, nil)},
		{"minst en åtgärd", "plan-measures", at(casework.Investigating, func(s *casework.Situation) { s.Facts.HasBackground = true })},
		{"En orsak saknar åtgärd", "plan-measures", at(casework.Investigating, func(s *casework.Situation) {
			s.Facts = casework.Facts{HasBackground: true, Measures: 1, CausesUnmet: 1}
		})},
		{"2 åtgärder är inte beslutade", "plan-measures", at(casework.Investigating, func(s *casework.Situation) {
			s.Facts = casework.Facts{HasBackground: true, Measures: 2, MeasuresUndecided: 2}
		})},
		{"eget diarienummer", "plan-measures", at(casework.Investigating, func(s *casework.Situation) {
			s.Facts, s.Case.Complexity = casework.Facts{HasBackground: true, Measures: 1}, casework.Complicated
		})},
		{"återföring", "follow-up", at(casework.Dispatching, func(s *casework.Situation) { s.Case.AffectsIndividual = true })},
		{"orsak saknar åtgärd", "close", at(casework.FollowUp, func(s *casework.Situation) { s.Facts.CausesUnmet = 1 })},
		{"En åtgärd saknar uppföljning", "close", at(casework.FollowUp, func(s *casework.Situation) { s.Facts.MeasuresOpen = 1 })},
		{"inte fått svar", "close", at(casework.FollowUp, nil)},
		{"i läget ”Avslutad”", "assess", at(casework.Closed, nil)},
	} {
		err := c.sit.Allow(c.act)
		p := problem.From(err)
		if err == nil || p.Status() != 409 || !strings.Contains(p.Text, c.says) {
			t.Errorf("%s: want a refusal with %q, got %v", c.act, c.says, p)
		}
	}
}

func TestOnlyThePrimaryStepThatIsPossibleIsMarked(t *testing.T) {
	t.Parallel()
	for _, s := range []casework.State{casework.Received, casework.Registered, casework.Assigned, casework.Assessing, casework.Investigating, casework.FollowUp} {
		n := 0
		for _, a := range at(s, nil).Actions() {
			if a.Primary {
				n++
				if !a.Allowed {
					t.Errorf("%s: %s is primary but refused", s, a.Act)
				}
			}
			if !a.Allowed && (a.Reason == nil || *a.Reason == "") {
				t.Errorf("%s: %s is refused without a reason", s, a.Act)
			}
		}
		if n > 1 {
			t.Errorf("%s has %d primary steps", s, n)
		}
	}
}

func TestWhatTheRoleMayNotDoIsNotShown(t *testing.T) {
	t.Parallel()
	sit := at(casework.Assessing, func(s *casework.Situation) { s.May = func(string) bool { return false } })
	if got := sit.Actions(); len(got) != 0 {
		t.Errorf("somebody without permissions sees %v", got)
	}
}
