package city_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"lyhord/pkg/insight"
	"lyhord/pkg/platform/clock"
	"lyhord/services/demo/city"
)

func plan(t testing.TB) city.Patterns {
	return city.Plan(seed, until, city.Refs(stockholm(t)))
}

// perMonth counts cases per whole month of the three years, for a chart.
func perMonth(cases []city.Case, fits func(city.Case) bool) insight.Series {
	counts := map[string]int{}
	for _, c := range cases {
		if c.State != "draft" && c.State != "void" && fits(c) {
			counts[month(c.ReceivedAt)]++
		}
	}
	s := insight.Series{Name: "Antal"}
	for at := until.AddDate(-3, 1, 0); month(at) < month(until); at = at.AddDate(0, 1, 0) {
		n := counts[month(at)]
		s.Points = append(s.Points, insight.Observation{X: month(at), Y: &n})
	}
	return s
}

func TestAClusterOfMissedDosesStandsOutInSixUnitsOfFourOrganisations(t *testing.T) {
	p := plan(t)
	tenants := map[string]bool{}
	for _, place := range p.Cluster {
		tenants[place.Tenant] = true
	}
	if len(p.Cluster) != 6 || len(tenants) != 4 {
		t.Fatalf("cluster in %v", p.Cluster)
	}
	inside, before := map[city.Place]int{}, map[city.Place]int{}
	for _, c := range all() {
		if c.CategoryHSL != "LKM.UTEBLIVEN_DOS" || !slices.Contains(p.Cluster, c.Place) {
			continue
		}
		if !c.ReceivedAt.Before(p.ClusterFrom.AddDate(0, 0, -1)) {
			inside[c.Place]++
			if hour := c.ReceivedAt.In(clock.Stockholm).Hour(); c.Planted != "" && hour < 20 {
				t.Errorf("a missed evening dose reported at %d", hour)
			}
		} else {
			before[c.Place]++
		}
	}
	for _, place := range p.Cluster {
		// About 33 times as long before as inside the window, divided by 12.
		usual := float64(before[place]) / 12
		if float64(inside[place]) < 4*usual+4 {
			t.Errorf("%v: %d in the window, %.1f usual", place, inside[place], usual)
		}
	}

	chart, err := insight.Analyse(perMonth(all(), func(c city.Case) bool { return c.CategoryHSL == "LKM.UTEBLIVEN_DOS" }))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(chart.Summary, chart.Description)
	recent := chart.Points[len(chart.Points)-2:]
	if !slices.ContainsFunc(recent, func(p insight.Point) bool { return p.Rule == insight.Outside }) {
		t.Errorf("the whole city's chart shows nothing: %s", chart.Description)
	}
}

func TestASilentUnitWasHeardBefore(t *testing.T) {
	p := plan(t)
	before, after := 0, 0
	for _, c := range all() {
		if c.Place != p.Silent {
			continue
		}
		if c.ReceivedAt.After(p.SilentFrom) {
			after++
		} else {
			before++
		}
	}
	months := p.SilentFrom.Sub(until.AddDate(-3, 0, 0)).Hours() / 24 / 30
	if after != 0 || float64(before) < 3*months {
		t.Errorf("%v: %d in %.0f months before, %d after", p.Silent, before, months, after)
	}
}

func TestAUnitWithManyFallsImprovedAfterAStrongMeasure(t *testing.T) {
	p := plan(t)
	before, after, strong := 0, 0, 0
	for _, c := range all() {
		if c.Place != p.Improved || !strings.HasPrefix(c.CategoryHSL, "FAL.") {
			continue
		}
		if c.ReceivedAt.After(p.ImprovedAt) {
			after++
		} else {
			before++
		}
		for _, m := range c.Measures {
			if m.Strength == "STARK" && m.Effect == "JA" && strings.HasPrefix(m.Title, "Larm som inte") {
				strong++
				if m.DoneAt.Sub(p.ImprovedAt).Abs() > 120*24*time.Hour {
					t.Errorf("the measure was done %v", m.DoneAt)
				}
			}
		}
	}
	perMonthBefore, perMonthAfter := float64(before)/22, float64(after)/14
	t.Logf("%.1f falls a month before, %.1f after, %d strong measures", perMonthBefore, perMonthAfter, strong)
	if perMonthBefore < 3*perMonthAfter || before < 80 || strong == 0 {
		t.Errorf("%.1f falls a month before, %.1f after, %d strong measures", perMonthBefore, perMonthAfter, strong)
	}
}

func TestOneDistrictAnswersLate(t *testing.T) {
	p := plan(t)
	days := map[bool][]float64{}
	for _, c := range all() {
		if c.Type == "KLAGOMAL" && !c.AnsweredAt.IsZero() && c.HandedTo == (city.Place{}) {
			late := c.Place.Tenant == p.Late
			days[late] = append(days[late], c.AnsweredAt.Sub(c.ReceivedAt).Hours()/24)
		}
	}
	median := func(values []float64) float64 {
		slices.Sort(values)
		return values[len(values)/2]
	}
	t.Logf("median %.1f days in %s, %.1f elsewhere", median(days[true]), p.Late, median(days[false]))
	if len(days[true]) < 50 || median(days[true]) < 1.8*median(days[false]) {
		t.Errorf("median %.1f days in %s, %.1f elsewhere", median(days[true]), p.Late, median(days[false]))
	}
}

func TestFallsHaveTheirWinterAndStaffingItsSummer(t *testing.T) {
	perDay := func(code string, months ...time.Month) float64 {
		n, days := 0, 0
		for at := until.AddDate(-3, 0, 0); at.Before(until); at = at.AddDate(0, 0, 1) {
			if slices.Contains(months, at.Month()) {
				days++
			}
		}
		for _, c := range all() {
			if c.Planted == "" && strings.HasPrefix(c.Category+"/"+c.CategoryHSL, code) && slices.Contains(months, c.ReceivedAt.Month()) {
				n++
			}
		}
		return float64(n) / float64(days)
	}
	winter := perDay("/FAL", time.December, time.January, time.February) / perDay("/FAL", time.June, time.July, time.August)
	summer := perDay("ARB.BEMANNING", time.July, time.August) / perDay("ARB.BEMANNING", time.March, time.April, time.October)
	t.Logf("falls in winter %.2f of summer, staffing in summer %.2f of the rest", winter, summer)
	if winter < 1.5 || summer < 1.4 {
		t.Errorf("falls in winter %.2f of summer, staffing in summer %.2f of the rest", winter, summer)
	}
}

func TestTheWeekHasItsRhythm(t *testing.T) {
	office, weekend := 0, 0
	for _, c := range all() {
		day := c.ReceivedAt.In(clock.Stockholm).Weekday()
		if c.Channel == "BREV" && (day == time.Saturday || day == time.Sunday) {
			t.Fatalf("case %d: a letter on a %v", c.No, day)
		}
		if day == time.Saturday || day == time.Sunday {
			weekend++
		} else {
			office++
		}
	}
	if weekend == 0 || float64(weekend)/2 > 0.9*float64(office)/5 {
		t.Errorf("%d on weekends, %d on weekdays", weekend, office)
	}
}

func TestAFewTenantsAreEnoughAndNoneGiveNothing(t *testing.T) {
	if got := slices.Collect(city.Generate(1, 100, until, nil)); len(got) != 0 {
		t.Errorf("%d cases of nobody", len(got))
	}
	office := []city.Ref{{TenantSlug: "slk", Kind: "CITY_OFFICE", Units: []city.Unit{{Slug: "x", Type: "STAB", Area: "ALDREOMSORG"}}}}
	if got := slices.Collect(city.Generate(1, 100, until, office)); len(got) != 0 {
		t.Errorf("%d cases at the city's office", len(got))
	}
	one := []city.Ref{{TenantSlug: "a", Kind: city.KindBoard, Units: []city.Unit{
		{Slug: "b", Kind: "ENHET", Type: "FAMILJERATT", Area: "FAMILJERATT", Regi: "MYNDIGHETSUTOVNING"},
	}}}
	if got := slices.Collect(city.Generate(1, 100, until, one)); len(got) != 100 {
		t.Errorf("%d cases", len(got))
	}
	for c := range city.Generate(1, 100, until, one) {
		if c.No == 3 {
			break // a reader may stop
		}
	}
}
