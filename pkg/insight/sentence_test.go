package insight

import (
	"slices"
	"testing"
)

func TestSentencesSayWhatTheChartShows(t *testing.T) {
	// Fifteen calm months around 21, then nine above the mean with one far outside.
	shifted := []int{
		18, 22, 19, 23, 18, 22, 19, 23, 18, 22, 19, 23, 18, 22, 19,
		31, 29, 32, 28, 31, 60, 30, 28, 31,
	}
	over := slices.Concat(shifted[:15], []int{31, 29, 32, 28, 31, 30, 30, 28, 31}, []int{20})
	cases := []struct {
		name   string
		series Series
		want   string
	}{
		{
			"one outside and a new level", months(shifted...),
			"1 månad utanför kontrollgränsen, och nivån har ändrats: nio månader i rad över medel.",
		},
		{
			"a calm series", months(calm...),
			"Inget tyder på en ändring: 8–40 i månaden är det normala.",
		},
		{
			"a calm series with two hidden months", months(slices.Concat(calm, []int{hidden, hidden}, calm)...),
			"Inget tyder på en ändring: 8–40 i månaden är det normala. 2 månader visas inte.",
		},
		{"nothing yet", Series{}, "Det finns inga uppgifter än."},
		{
			"all hidden", months(hidden, hidden),
			"Antalen är så små att inga månader visas.",
		},
		{
			"two outside", months(slices.Concat(calm, []int{70, 21}, calm, []int{75, 24})...),
			"2 månader utanför kontrollgränserna.",
		},
	}
	for _, c := range cases {
		if got := chart(t, c.series).Summary; got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
	ended := chart(t, months(over...))
	if got := ended.sayRuns(); !slices.Contains(got, "nivån var en annan april–december 2025: nio månader i rad över medel") {
		t.Errorf("a row that is over: %q", got)
	}
}

func TestTheDescriptionNamesEverySignalWithItsMonthAndValue(t *testing.T) {
	c := chart(t, months(slices.Concat(calm, []int{70, 21})...))
	want := "Medel 23,8 i månaden, kontrollgränser 7,8 och 39,7. Över kontrollgränsen: januari 2025 (70)."
	if c.Description != want {
		t.Errorf("got %q", c.Description)
	}
	if got := c.PointText(12); got != "januari 2025: 70, utanför kontrollgräns" {
		t.Error(got)
	}
}

func TestPeriodsAndNumbersAreSwedish(t *testing.T) {
	for x, want := range map[string]string{
		"2026-02": "februari 2026", "2026-W09": "vecka 9 2026", "2026-05-05": "5 maj 2026", "Järva": "Järva",
	} {
		if got := PeriodName(x); got != want {
			t.Errorf("%s: %s", x, got)
		}
	}
	if got := PeriodRange("2025-11", "2026-03"); got != "november 2025–mars 2026" {
		t.Error(got)
	}
	if got := PeriodRange("2025-03", "2025-11"); got != "mars–november 2025" {
		t.Error(got)
	}
	if Number(24.25) != "24,3" || Number(24) != "24" {
		t.Error(Number(24.25), Number(24))
	}
	if week.inWords(1) != "1 vecka" || week.inWords(2) != "två veckor" || month.inWords(13) != "13 månader" {
		t.Error(week.inWords(1), week.inWords(2), month.inWords(13))
	}
}
