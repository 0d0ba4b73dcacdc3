package clock_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lyhord/pkg/platform/clock"
)

func TestAFakeClockStandsStillUntilItIsMoved(t *testing.T) {
	start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	c := clock.NewFake(start)
	first, second := c.Now(), c.Now()
	if !first.Equal(start) || !second.Equal(start) {
		t.Fatal("the clock moved by itself")
	}
	if got := c.Advance(90 * time.Minute); !got.Equal(start.Add(90*time.Minute)) || !c.Now().Equal(got) {
		t.Errorf("an hour and a half later it is %s", got)
	}
	c.Set(start.AddDate(-1, 0, 0))
	if c.Now().Year() != 2025 {
		t.Errorf("set back a year it is %s", c.Now())
	}
}

func TestAFakeClockCanBeMovedByMany(t *testing.T) {
	c := clock.NewFake(time.Unix(0, 0))
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { c.Advance(time.Second); _ = c.Now() })
	}
	wg.Wait()
	if got := c.Now().Unix(); got != 50 {
		t.Errorf("after 50 steps of a second it is second %d", got)
	}
}

func TestTheSystemClockIsInUTC(t *testing.T) {
	var c clock.Clock = clock.System{}
	if now := c.Now(); now.Location() != time.UTC || time.Since(now) > time.Minute {
		t.Errorf("the system clock says %s", now)
	}
}

func TestTheBusinessDayIsStockholmsWhateverTheZone(t *testing.T) {
	for instant, want := range map[string]string{
		"2026-11-21T22:59:59Z":      "2026-11-21",
		"2026-11-21T23:00:00Z":      "2026-11-22",
		"2026-07-01T21:59:59Z":      "2026-07-01",
		"2026-07-01T22:00:00Z":      "2026-07-02",
		"2026-12-31T23:30:00Z":      "2027-01-01",
		"2026-11-22T01:00:00+09:00": "2026-11-21",
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := clock.DateIn(at).String(); got != want {
			t.Errorf("%s is on %s in Stockholm, want %s", instant, got, want)
		}
		if got := clock.Today(clock.NewFake(at)).String(); got != want {
			t.Errorf("by a clock at %s today is %s, want %s", instant, got, want)
		}
	}
}

func TestADayIsTwentyThreeOrTwentyFiveHoursWhenTheClockIsTurned(t *testing.T) {
	for day, hours := range map[string]float64{"2026-03-29": 23, "2026-10-25": 25, "2026-11-22": 24} {
		d := clock.MustDate(day)
		if got := d.End().Sub(d.Start()).Hours(); got != hours {
			t.Errorf("%s has %v hours, want %v", day, got, hours)
		}
	}
}

func TestOnlyARealDayIsADate(t *testing.T) {
	for _, s := range []string{"", "2026-02-30", "2026-2-3", "26-02-03", "2026-02-03T00:00:00Z", "0000-01-01", "i morgon", "2026-13-01"} {
		if d, err := clock.ParseDate(s); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
	d, err := clock.ParseDate("2028-02-29")
	if err != nil || d.Year() != 2028 || d.Month() != time.February || d.Day() != 29 || d.Weekday() != time.Tuesday {
		t.Errorf("29 February 2028 was read as %s (%v)", d, err)
	}
}

func TestNoDateIsEmptyInTextAndNullInTheDatabase(t *testing.T) {
	var none clock.Date
	if text, _ := json.Marshal(none); string(text) != `""` {
		t.Errorf("no date is written %s", text)
	}
	if v, err := none.Value(); v != nil || err != nil {
		t.Errorf("no date is stored as %v", v)
	}
	d := clock.MustDate("2026-11-22")
	if err := d.Scan(nil); err != nil || !d.IsZero() {
		t.Errorf("NULL was read as %s (%v)", d, err)
	}
	if err := json.Unmarshal([]byte(`""`), &d); err != nil || !d.IsZero() {
		t.Errorf("empty text was read as %s (%v)", d, err)
	}
}

func TestADateColumnIsReadAsWrittenInWhateverZoneTheDriverPutsIt(t *testing.T) {
	for _, src := range []any{
		time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 11, 22, 0, 0, 0, 0, time.FixedZone("", -8*3600)),
		"2026-11-22", []byte("2026-11-22"),
	} {
		var d clock.Date
		if err := d.Scan(src); err != nil || d != clock.MustDate("2026-11-22") {
			t.Errorf("%v was read as %s (%v)", src, d, err)
		}
	}
	var d clock.Date
	if err := d.Scan(20261122); err == nil {
		t.Error("a number was read as a date")
	}
	if err := d.Scan("hej"); err == nil {
		t.Error("a word was read as a date")
	}
}

func anyDate(t *rapid.T, name string) clock.Date {
	return clock.NewDate(1900, time.January, 1).AddDays(rapid.IntRange(0, 300*365).Draw(t, name))
}

func TestEveryDateSurvivesTextAndDatabase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate(t, "date")
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var read clock.Date
		if err := json.Unmarshal(text, &read); err != nil || read != d {
			t.Fatalf("%s was written %s and read %s (%v)", d, text, read, err)
		}
		stored, err := d.Value()
		if err != nil {
			t.Fatal(err)
		}
		var scanned clock.Date
		if err := scanned.Scan(stored); err != nil || scanned != d {
			t.Fatalf("%s was stored as %v and read %s (%v)", d, stored, scanned, err)
		}
		if clock.DateIn(d.Start()) != d || clock.DateIn(d.End().Add(-time.Nanosecond)) != d {
			t.Fatalf("%s does not hold its own first and last moment", d)
		}
	})
}

func TestDaysAddUpAndAreOrdered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, n := anyDate(t, "a"), rapid.IntRange(-5000, 5000).Draw(t, "n")
		b := a.AddDays(n)
		if a.DaysUntil(b) != n || b.AddDays(-n) != a {
			t.Fatalf("%s and %d days is %s, which is %d days away", a, n, b, a.DaysUntil(b))
		}
		if a.Before(b) != (n > 0) || a.After(b) != (n < 0) || (a.Compare(b) == 0) != (a == b) {
			t.Fatalf("%s and %s are put in the wrong order", a, b)
		}
	})
}
