package org

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lyhord/pkg/platform/clock"
)

// The weekdays on which nobody works and how many working days the year has, worked
// out apart from the library (Easter by the Gregorian rule). If an update moves one, this fails.
var weekdaysOff = map[int]struct {
	workingDays int
	days        string
}{
	2026: {251, "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31"},
	2027: {253, "01-01 01-06 03-26 03-29 05-06 06-25 12-24 12-31"},
	2028: {251, "01-06 04-14 04-17 05-01 05-25 06-06 06-23 12-25 12-26"},
	2029: {250, "01-01 03-30 04-02 05-01 05-10 06-06 06-22 12-24 12-25 12-26 12-31"},
	2030: {250, "01-01 04-19 04-22 05-01 05-30 06-06 06-21 12-24 12-25 12-26 12-31"},
	2031: {249, "01-01 01-06 04-11 04-14 05-01 05-22 06-06 06-20 12-24 12-25 12-26 12-31"},
	2032: {254, "01-01 01-06 03-26 03-29 05-06 06-25 12-24 12-31"},
	2033: {253, "01-06 04-15 04-18 05-26 06-06 06-24 12-26"},
	2034: {251, "01-06 04-07 04-10 05-01 05-18 06-06 06-23 12-25 12-26"},
	2035: {250, "01-01 03-23 03-26 05-01 05-03 06-06 06-22 12-24 12-25 12-26 12-31"},
}

func TestEveryWeekdayFrom2026To2035IsAWorkingDayUnlessItIsListed(t *testing.T) {
	cal := NewCalendar()
	for year, want := range weekdaysOff {
		var off []string
		working := 0
		for d := clock.NewDate(year, time.January, 1); d.Year() == year; d = d.AddDays(1) {
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			switch {
			case cal.IsWorkingDay(d):
				working++
				if weekend {
					t.Errorf("%s is a %s and yet a working day", d, d.Weekday())
				}
			case !weekend:
				off = append(off, d.String()[5:])
			}
		}
		if got := strings.Join(off, " "); got != want.days {
			t.Errorf("%d: weekdays off are\n%s, want\n%s", year, got, want.days)
		}
		if working != want.workingDays {
			t.Errorf("%d has %d working days, want %d", year, working, want.workingDays)
		}
	}
}

func TestTheEvesAreDaysOffAndHaveNames(t *testing.T) {
	cal := NewCalendar()
	for day, want := range map[string]string{
		"2026-06-19": "Midsommarafton", "2027-06-25": "Midsommarafton", "2030-06-21": "Midsommarafton",
		"2026-12-24": "Julafton", "2026-12-31": "Nyårsafton", "2026-04-03": "Långfredagen",
		"2026-04-05": "Påskdagen", "2026-05-14": "Kristi himmelsfärds dag", "2026-05-24": "Pingstdagen",
		"2026-10-31": "Alla helgons dag", "2034-06-06": "Sveriges nationaldag",
	} {
		if name, ok := cal.Holiday(clock.MustDate(day)); !ok || name != want {
			t.Errorf("%s is %q, want %q", day, name, want)
		}
	}
	if name, ok := cal.Holiday(clock.MustDate("2026-11-22")); ok {
		t.Errorf("a plain Sunday is called %q", name)
	}
}

func TestAKlamdagAndThreeHalfDaysAreNormalDays(t *testing.T) {
	cal := NewCalendar()
	for _, day := range []string{
		"2026-01-02", // Friday after New Year's Day
		"2026-01-05", // Monday before Epiphany
		"2026-05-15", // Friday after Ascension Day
		"2026-04-02", // skärtorsdagen
		"2026-04-30", // valborgsmässoafton
		"2026-10-30", // Friday before All Saints' Day
	} {
		if !cal.IsWorkingDay(clock.MustDate(day)) {
			t.Errorf("%s is not a working day", day)
		}
	}
}

func TestATenantsExtraDayIsOffOnlyInItsOwnCalendar(t *testing.T) {
	planning := clock.MustDate("2026-11-20")
	own := NewCalendar(DayOff{Date: planning, Name: "Planeringsdag"})
	if own.IsWorkingDay(planning) {
		t.Error("the planning day is a working day in the tenant's own calendar")
	}
	if name, _ := own.Holiday(planning); name != "Planeringsdag" {
		t.Errorf("the planning day is called %q", name)
	}
	if !NewCalendar().IsWorkingDay(planning) {
		t.Error("the planning day is off for everybody")
	}
	if got := own.AddWorkingDays(clock.MustDate("2026-11-19"), 1); got != clock.MustDate("2026-11-23") {
		t.Errorf("the working day after it is %s", got)
	}
}

func TestWorkingDaysAreCountedOverTheLongHolidays(t *testing.T) {
	cal := NewCalendar()
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-12-23", 1, "2026-12-28"},  // Christmas: Thursday to Sunday
		{"2026-12-30", 1, "2027-01-04"},  // New Year
		{"2027-01-05", 1, "2027-01-07"},  // Epiphany
		{"2026-04-02", 1, "2026-04-07"},  // Easter
		{"2026-06-18", 1, "2026-06-22"},  // midsummer
		{"2026-12-28", -1, "2026-12-23"}, // and back
		{"2026-11-21", 1, "2026-11-23"},  // from a Saturday
		{"2026-11-21", 0, "2026-11-21"},
	} {
		if got := cal.AddWorkingDays(clock.MustDate(c.from), c.n); got != clock.MustDate(c.want) {
			t.Errorf("%d working days from %s is %s, want %s", c.n, c.from, got, c.want)
		}
	}
	if n := cal.WorkingDaysBetween(clock.MustDate("2026-12-23"), clock.MustDate("2027-01-07")); n != 6 {
		t.Errorf("there are %d working days from the day before julafton to the day after trettondagen, want 6", n)
	}
}

func TestATimeThatRunsOutOnAHolidayRunsToTheNextWorkingDay(t *testing.T) {
	cal := NewCalendar()
	for day, want := range map[string]string{
		"2026-06-19": "2026-06-22", // midsommarafton
		"2026-12-24": "2026-12-28",
		"2026-12-31": "2027-01-04",
		"2026-11-21": "2026-11-23", // Saturday
		"2026-11-23": "2026-11-23",
	} {
		if got := cal.NextWorkingDay(clock.MustDate(day)); got != clock.MustDate(want) {
			t.Errorf("%s runs to %s, want %s", day, got, want)
		}
	}
	if got := cal.PreviousWorkingDay(clock.MustDate("2026-06-21")); got != clock.MustDate("2026-06-18") {
		t.Errorf("the last working day before midsummer is %s", got)
	}
}

// anyDay draws a day around year ends, DST changes and everything between.
func anyDay(t *rapid.T) clock.Date {
	return clock.NewDate(2026, time.January, 1).AddDays(rapid.IntRange(0, 3652).Draw(t, "day"))
}

func TestCountingWorkingDaysUndoesAddingThem(t *testing.T) {
	cal := NewCalendar(DayOff{Date: clock.MustDate("2028-03-03"), Name: "Planeringsdag"})
	rapid.Check(t, func(t *rapid.T) {
		from := anyDay(t)
		n := rapid.IntRange(-60, 60).Draw(t, "n")
		to := cal.AddWorkingDays(from, n)
		if got := cal.WorkingDaysBetween(from, to); got != n {
			t.Fatalf("%s and %d working days is %s, but %d lie between", from, n, to, got)
		}
		if n != 0 && !cal.IsWorkingDay(to) {
			t.Fatalf("%s and %d working days is %s, which is not one", from, n, to)
		}
	})
}

func TestOneCalendarCanBeUsedByManyAtOnce(t *testing.T) {
	cal := NewCalendar()
	done := make(chan int)
	for i := range 8 {
		go func() {
			done <- cal.WorkingDaysBetween(clock.NewDate(2026+i%4, 1, 1), clock.NewDate(2027+i%4, 1, 1))
		}()
	}
	for range 8 {
		if n := <-done; n < 240 || n > 260 {
			t.Errorf("a year has %d working days", n)
		}
	}
}
