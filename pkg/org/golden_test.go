package org

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lyhord/tenants"
)

var update = flag.Bool("update", false, "write testdata/deadlines.golden anew")

// starts are moments of 2026–2035 around which time is not as usual: both turns of the clock, year ends, leap days, the long
// holidays, a Friday evening, and a plain Wednesday.
func starts() (all []string) {
	for year := 2026; year <= 2035; year++ {
		for _, day := range []string{"01-05 09:00", "03-29 01:30", "06-18 16:45", "10-28 12:00", "12-22 23:59", "12-31 23:59"} {
			all = append(all, fmt.Sprintf("%d-%s", year, day))
		}
	}
	return append(all, "2026-03-28 23:30", "2026-10-25 02:30", "2027-10-31 02:30", "2028-02-29 10:00", "2032-02-29 10:00", "2026-11-20 17:00", "2026-11-18 08:00")
}

// TestEveryDeadlineOfTenYearsIsAsReviewed computes each rule of the routine from each start, without and with a pause of nine
// days, and compares with what people have read and found right.
func TestEveryDeadlineOfTenYearsIsAsReviewed(t *testing.T) {
	cities, err := tenants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(cities, func(c tenants.City) bool { return c.Slug == "linkoping" })
	cal := NewCalendar()
	var b strings.Builder
	b.WriteString("# start | rule | due | warned | reminded | one step up | due after a pause of nine days. Written by: go test ./pkg/org -run TenYears -update\n")
	rules := cities[i].Tenants[0].Deadlines
	for _, start := range starts() {
		for _, id := range slices.Sorted(maps.Keys(rules)) {
			r := rules[id]
			rule := Rule{ID: id, Amount: r.Amount, Unit: RuleUnit(r.Unit), WarnBefore: r.WarnBefore, EscalateAfter: r.EscalateAfter, Reminders: r.Reminders}
			d := Compute(rule, at(start), nil, cal)
			paused := d.Extend(Pause{From: at(start).AddDate(0, 0, 1), To: at(start).AddDate(0, 0, 10)}, cal)
			fmt.Fprintf(&b, "%s | %s | %s | %s | %v | %s | %s\n", start, id, d.DueOn, d.WarnOn, d.RemindOn, d.EscalateOn, paused.DueOn)
		}
	}
	for _, start := range starts() { // "inom ett dygn", over the turns of the clock
		d := Compute(hours, at(start), nil, cal)
		fmt.Fprintf(&b, "%s | hours 24 | %s\n", start, d.DueAt.Format("2006-01-02 15:04Z"))
	}
	file := filepath.Join("testdata", "deadlines.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	now, before := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for n := range min(len(now), len(before)) {
		if now[n] != before[n] {
			t.Fatalf("line %d is\n%s, was reviewed as\n%s", n+1, now[n], before[n])
		}
	}
	if len(now) != len(before) {
		t.Fatalf("%d lines, %d were reviewed", len(now), len(before))
	}
}
