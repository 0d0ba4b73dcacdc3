package insight

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const hidden = -1

// months makes a series from January 2024 on; hidden stands for a protected number.
func months(values ...int) Series {
	s := Series{Name: "Missade doser"}
	for i, value := range values {
		o := Observation{X: fmt.Sprintf("%d-%02d", 2024+i/12, i%12+1)}
		if value != hidden {
			o.Y = &value
		}
		s.Points = append(s.Points, o)
	}
	return s
}

func chart(t testing.TB, s Series) Chart {
	t.Helper()
	c, err := Analyse(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func rules(c Chart) string {
	var text strings.Builder
	for _, p := range c.Points {
		switch {
		case p.Y == nil:
			text.WriteByte('-')
		case p.Rule == "":
			text.WriteByte('.')
		default:
			text.WriteByte("ORT"[strings.Index("outside   run       outer_third", string(p.Rule))/10])
		}
	}
	return text.String()
}

// calm swings around 24 and gives no signal: mean 24, mean moving range 6.
var calm = []int{21, 27, 21, 27, 21, 27, 21, 27, 21, 27, 21, 27}

func TestLimitsAreMeanPlusMinusTwoPointSixSixMeanRanges(t *testing.T) {
	c := chart(t, months(calm...))
	phase := c.Phases[0]
	if *phase.Mean != 24 || *phase.UCL != 40 || *phase.LCL != 8 {
		t.Errorf("mean %v, limits %v to %v; worked by hand 24, 8 to 40", *phase.Mean, *phase.LCL, *phase.UCL)
	}
	if rules(c) != "............" {
		t.Errorf("a calm series has marks %s", rules(c))
	}
	if c.NormalSpan() != "normalt 8–40" {
		t.Error(c.NormalSpan())
	}
}

func TestLimitsOfAnUnevenSeriesAreWhatTheyAreByHand(t *testing.T) {
	c := chart(t, months(39, 41, 41, 41, 43, 44, 41, 42, 40, 41, 44, 40))
	// Sum 497, mean 41.4; ranges 2 0 0 2 1 3 1 2 1 3 4 = 19, mean 1.727; 2.66 * 1.727 = 4.59.
	phase := c.Phases[0]
	if *phase.Mean != 41.4 || *phase.UCL != 46 || *phase.LCL != 36.8 {
		t.Errorf("mean %v, limits %v to %v", *phase.Mean, *phase.LCL, *phase.UCL)
	}
}

func TestOneHugeJumpDoesNotHideBehindTheLimitsItWidens(t *testing.T) {
	c := chart(t, months(append([]int{90}, append(calm, calm...)...)...))
	if !strings.HasPrefix(rules(c), "O") {
		t.Errorf("marks %s", rules(c))
	}
}

func TestEightOnOneSideAreARunAndSevenAreNot(t *testing.T) {
	seven := months(20, 20, 20, 20, 20, 20, 20, 24, 24, 24, 24, 24, 24, 24)
	if got := rules(chart(t, seven)); strings.Contains(got, "R") {
		t.Errorf("seven marked: %s", got)
	}
	eight := months(22, 20, 22, 20, 22, 20, 22, 20, 26, 24, 26, 24, 26, 24, 26, 24)
	if got := rules(chart(t, eight)); got != "RRRRRRRRRRRRRRRR" {
		t.Errorf("eight not marked: %s", got)
	}
}

func TestAPointOnTheMeanNeitherCountsNorBreaksARunAndAHiddenOneBreaksIt(t *testing.T) {
	// Mean 24 throughout.
	withMean := months(20, 32, 20, 32, 24, 22, 18, 22, 18, 24, 22, 18, 22, 18, 28, 32, 28, 32)
	if got := rules(chart(t, withMean)); got != ".....RRRR.RRRR...." {
		t.Errorf("with a point on the mean: %s", got)
	}
	withHidden := months(20, 32, 20, 32, 24, 22, 18, 22, 18, hidden, 22, 18, 22, 18, 28, 32, 28, 32)
	if got := rules(chart(t, withHidden)); strings.Contains(got, "R") {
		t.Errorf("with a hidden point: %s", got)
	}
}

func TestTwoOfThreeNearALimitAreMarkedAndOneIsNot(t *testing.T) {
	// Mean 24.5 and limits 5.9 to 43 with both in it; the outer third begins at 36.9.
	base := months(slices.Concat(calm, calm, calm, calm)...)
	one, two := 38, 39
	base.Points[13].Y = &one
	if got := rules(chart(t, base)); strings.Contains(got, "T") {
		t.Errorf("one marked: %s", got)
	}
	base.Points[15].Y = &two
	c := chart(t, base)
	if got := rules(c); strings.Count(got, "T") != 2 {
		t.Errorf("two of three not marked: %s", got)
	}
	want := "Två av tre månader låg nära den övre gränsen (februari–april 2025)."
	if c.Summary != want {
		t.Errorf("got %q", c.Summary)
	}
}

func TestNoLimitsUnderTwelveShownPoints(t *testing.T) {
	for _, values := range [][]int{calm[:11], append([]int{hidden}, calm[:11]...)} {
		c := chart(t, months(values...))
		if c.Phases[0].UCL != nil || c.Phases[0].LCL != nil || c.Phases[0].Mean == nil {
			t.Errorf("phase %+v", c.Phases[0])
		}
		if !strings.HasPrefix(c.Summary, "Kontrollgränser visas efter 12 månader.") {
			t.Error(c.Summary)
		}
	}
}

func TestANewPhaseHasItsOwnLevelAndItsReason(t *testing.T) {
	var values []int
	values = append(values, calm...)
	for _, v := range calm {
		values = append(values, v+40)
	}
	s := months(values...)
	s.Starts = []PhaseStart{{At: "2025-01", Reason: "Ny enhet tillkom"}}
	c := chart(t, s)
	if len(c.Phases) != 2 || *c.Phases[0].Mean != 24 || *c.Phases[1].Mean != 64 || c.Phases[1].Reason == "" {
		t.Errorf("phases %+v", c.Phases)
	}
	if c.Phases[0].To != "2024-12" || c.Phases[1].From != "2025-01" || strings.Trim(rules(c), ".") != "" {
		t.Errorf("phases %+v, marks %s", c.Phases, rules(c))
	}
}

func TestRareEventsGetNoLimitsAsCountsButAsDaysBetween(t *testing.T) {
	c := chart(t, months(1, 2, 0, 1, 3, 2, 1, 0, 2, 1, 2, 3, 1))
	if c.Phases[0].UCL != nil {
		t.Error("limits for a mean of one and a half a month")
	}
	if c.Summary != "I medel 1,5 i månaden. Det är för få för kontrollgränser." {
		t.Error(c.Summary)
	}

	day := time.Date(2025, 1, 3, 22, 0, 0, 0, time.UTC)
	var events []time.Time
	for i := range 20 {
		events = append(events, day)
		day = day.AddDate(0, 0, 18+7*(i%3))
	}
	events = append(events, day.AddDate(0, 0, 200))
	gaps, err := AnalyseDaysBetween("Fall med skada", events)
	if err != nil {
		t.Fatal(err)
	}
	if got := rules(gaps); !strings.HasSuffix(got, "O") || strings.Count(got, "O") != 1 {
		t.Errorf("a gap of two hundred days is not alone outside: %s", got)
	}
	if gaps.Summary != "1 mellanrum utanför kontrollgränsen." || gaps.Kind != DaysBetween {
		t.Error(gaps.Summary)
	}
}

func TestSeriesOutOfOrderAndUnknownPhasesAreRefused(t *testing.T) {
	s := months(calm...)
	s.Points[3].X = "2024-03"
	if _, err := Analyse(s); err == nil {
		t.Error("a period twice was accepted")
	}
	s = months(calm...)
	s.Starts = []PhaseStart{{At: "2030-01"}}
	if _, err := Analyse(s); err == nil {
		t.Error("a phase outside the series was accepted")
	}
	if _, err := AnalyseDaysBetween("x", []time.Time{time.Unix(9e5, 0), time.Unix(0, 0)}); err == nil {
		t.Error("events out of order were accepted")
	}
}

func TestAChartIsTheJSONTheScreenDraws(t *testing.T) {
	text, err := json.Marshal(chart(t, months(7, hidden)))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"name":"Missade doser","kind":"xmr",` +
		`"points":[{"x":"2024-01","y":7},{"x":"2024-02","y":null}],` +
		`"phases":[{"from":"2024-01","to":"2024-02","mean":7,"ucl":null,"lcl":null}],` +
		`"summary":"Kontrollgränser visas efter 12 månader. 1 månad visas inte.",` +
		`"description":"Medel 7 i månaden.","hidden":1}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	empty, _ := json.Marshal(chart(t, Series{Name: "x"}))
	if !strings.Contains(string(empty), `"points":[],"phases":[]`) {
		t.Errorf("an empty chart: %s", empty)
	}
}

func TestPureChanceSeldomLooksLikeAChange(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	alarms := 0
	const series = 300
	for range series {
		values := make([]int, 24)
		for i := range values {
			for range 300 { // binomial, close to Poisson with mean 24
				if rng.IntN(300) < 24 {
					values[i]++
				}
			}
		}
		if strings.Contains(rules(chart(t, months(values...))), "O") {
			alarms++
		}
	}
	t.Logf("%d of %d calm series have a point outside", alarms, series)
	if alarms > series/4 {
		t.Errorf("%d of %d calm series have a point outside", alarms, series)
	}
}

func TestAnySeriesGivesAChartThatKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.IntRange(hidden, 80), 0, 40).Draw(t, "values")
		c, err := Analyse(months(values...))
		if err != nil {
			t.Fatal(err)
		}
		for i, value := range values {
			if (c.Points[i].Y == nil) != (value == hidden) || value == hidden && c.Points[i].Rule != "" {
				t.Fatalf("point %d: %+v for %d", i, c.Points[i], value)
			}
		}
		if !strings.HasSuffix(c.Summary, ".") || strings.Contains(c.Summary+c.Description, "NaN") {
			t.Fatalf("summary %q", c.Summary)
		}
	})
}
