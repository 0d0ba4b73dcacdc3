package city

import (
	"strings"
	"testing"
)

func TestTheFirstWordingOfEachTextIsTheTextItself(t *testing.T) {
	l := words()
	if len(l.reports) != 25 {
		t.Fatalf("%d base texts", len(l.reports))
	}
	done := map[int]bool{}
	for _, e := range l.entries {
		if done[e.No] {
			continue // a variation on another matter
		}
		done[e.No] = true
		first := make([]string, 0, len(e.Slots))
		for _, slot := range e.Slots {
			first = append(first, slot[0])
		}
		if got := strings.Join(first, " "); got != l.reports[e.No-1].Text {
			t.Errorf("text %d:\n%s\n%s", e.No, got, l.reports[e.No-1].Text)
		}
	}
	if len(done) != 25 {
		t.Errorf("only %d of 25 texts are varied", len(done))
	}
}

func TestEveryKindOfUnitHasSomethingToReport(t *testing.T) {
	for unitType := range busyness {
		n := 0
		for _, area := range []string{"ALDREOMSORG", "FUNKTIONSNEDSATTNING"} {
			n = max(n, len(words().entriesFor(Unit{Type: unitType, Area: area}, KindBoard)))
		}
		if n < 3 {
			t.Errorf("%s: %d kinds of report", unitType, n)
		}
	}
}
