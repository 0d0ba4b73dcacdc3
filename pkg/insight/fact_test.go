package insight

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
)

func moment(text string) *time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return &t
}

func day(text string) *clock.Date {
	d := clock.MustDate(text)
	return &d
}

func number(n int) *int { return &n }

func word(p *string) string {
	if p == nil {
		return "-"
	}
	return *p
}

func TestRiskStandsInTheFactAsABand(t *testing.T) {
	for value, want := range map[int]string{1: "LAG", 3: "LAG", 4: "MEDEL", 6: "MEDEL", 8: "HOG", 9: "HOG", 12: "MYCKET_HOG", 16: "MYCKET_HOG"} {
		if got := word(riskBand(&value)); got != want {
			t.Errorf("risk %d is %s, want %s", value, got, want)
		}
	}
	if riskBand(nil) != nil {
		t.Error("no risk has a band")
	}
}

func TestDaysAreCalendarDaysInStockholm(t *testing.T) {
	c := caseRow{
		State: "closed", ReceivedOn: clock.MustDate("2026-03-02"),
		RegisteredAt: moment("2026-03-02T22:59:00Z"), AnsweredAt: moment("2026-03-02T23:01:00Z"), ClosedAt: moment("2026-04-01T21:59:00Z"),
	}
	f := c.fact(uuid.New(), today)
	if *f.DaysToRegister != 0 || *f.DaysToAnswer != 1 || *f.DaysToClose != 30 {
		t.Errorf("%d, %d and %d days", *f.DaysToRegister, *f.DaysToAnswer, *f.DaysToClose)
	}
	if c.RegisteredAt = moment("2026-03-01T10:00:00Z"); *c.fact(uuid.New(), today).DaysToRegister != 0 {
		t.Error("what is registered before the day it counts as received took less than no days")
	}
	if c.State = "assessing"; c.fact(uuid.New(), today).DaysToClose != nil {
		t.Error("a reopened case has days to its close")
	}
}

func TestLateIsAnsweredOrStillOpenAfterTheDayThatWasDue(t *testing.T) {
	for _, c := range []struct {
		name string
		row  caseRow
		want bool
	}{
		{"nothing is due", caseRow{}, false},
		{"open on the day", caseRow{DueOn: day("2026-11-22")}, false},
		{"open the day after", caseRow{DueOn: day("2026-11-21")}, true},
		{"answered on the day, open for long", caseRow{DueOn: day("2026-03-02"), AnsweredAt: moment("2026-03-02T22:00:00Z")}, false},
		{"answered the night after", caseRow{DueOn: day("2026-03-02"), AnsweredAt: moment("2026-03-02T23:30:00Z")}, true},
		{"closed in time without an answer", caseRow{DueOn: day("2026-03-02"), ClosedAt: moment("2026-03-01T10:00:00Z")}, false},
		{"answered in time, closed later", caseRow{DueOn: day("2026-03-02"), AnsweredAt: moment("2026-03-01T10:00:00Z"), ClosedAt: moment("2026-05-01T10:00:00Z")}, false},
	} {
		if got := c.row.late(today); got != c.want {
			t.Errorf("%s: late is %v", c.name, got)
		}
	}
}

func TestMeasuresAreSummedUp(t *testing.T) {
	for _, c := range []struct{ effects, want string }{{"", "-"}, {"JA", "JA"}, {"JA JA", "JA"}, {"NEJ", "NEJ"}, {"JA NEJ", "DELVIS"}, {"DELVIS JA", "DELVIS"}} {
		if got := word(effect(strings.Fields(c.effects))); got != c.want {
			t.Errorf("effects %q together are %s, want %s", c.effects, got, c.want)
		}
	}
	if word(strongest([]string{"SVAG", "MEDEL"})) != "MEDEL" || strongest(nil) != nil {
		t.Error("the strongest measure is not found")
	}
}

func TestTheHealthCareCategoryGoesFirstAndTheUnitFillsIn(t *testing.T) {
	sol, hsl, area := "UTF.FEL", "LKM.FEL_DOS", "IFO_BARN"
	f := caseRow{Category: &sol, CategoryHSL: &hsl, UnitArea: &area, Severity: number(3)}.fact(uuid.New(), today)
	if word(f.Category) != hsl || word(f.Area) != area || word(f.SeverityBand) != "3" || f.StateGroup != groupOpen {
		t.Errorf("%+v", f)
	}
}

func TestAFactCarriesNoDateFinerThanAMonth(t *testing.T) {
	c := caseRow{
		State: "closed", ReceivedOn: clock.MustDate("2026-03-17"), RegisteredAt: moment("2026-03-18T10:00:00Z"),
		AnsweredAt: moment("2026-03-19T10:00:00Z"), ClosedAt: moment("2026-03-20T10:00:00Z"), DueOn: day("2026-03-21"),
	}
	body, err := json.Marshal(c.fact(uuid.New(), today))
	if err != nil {
		t.Fatal(err)
	}
	if text := string(body); !strings.Contains(text, `"month":"2026-03-01"`) || strings.Count(text, "2026-") != 1 {
		t.Errorf("%s", text)
	}
}
