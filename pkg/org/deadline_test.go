package org

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lyhord/pkg/platform/clock"
	"lyhord/tenants"
)

var (
	answer  = Rule{ID: "reply_simple", Amount: 10, Unit: WorkingDay, WarnBefore: 3, EscalateAfter: 5}
	done    = Rule{ID: "deviation_done", Amount: 30, Unit: CalendarDay, WarnBefore: 10, EscalateAfter: 7}
	receive = Rule{ID: "lex_receive", Amount: 0, Unit: CalendarDay, EscalateAfter: 1}
	letter  = Rule{ID: "referral", Amount: 0, Unit: CalendarDay, WarnBefore: 14, EscalateAfter: 1, Reminders: []int{7, 2}}
	hours   = Rule{ID: "urgent", Amount: 24, Unit: Hour, WarnBefore: 4, EscalateAfter: 24}
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Stockholm)
	if err != nil {
		panic(err)
	}
	return t
}

func day(s string) clock.Date { return clock.MustDate(s) }

func TestAnAnswerIsDueInTenWorkingDaysWithItsWarningAndEscalation(t *testing.T) {
	d := Compute(answer, at("2026-12-17 16:30"), nil, NewCalendar())
	// 18, 21, 22, 23, 28, 29, 30 December, 4, 5, 7 January.
	if d.DueOn != day("2027-01-07") {
		t.Errorf("due on %s, want 2027-01-07", d.DueOn)
	}
	if d.WarnOn != day("2026-12-30") {
		t.Errorf("warned on %s, want 2026-12-30", d.WarnOn)
	}
	if d.EscalateOn != day("2027-01-14") {
		t.Errorf("escalated on %s, want 2027-01-14", d.EscalateOn)
	}
}

func TestCalendarDaysThatEndOnAHolidayRunToTheNextWorkingDay(t *testing.T) {
	d := Compute(done, at("2026-05-20 09:00"), nil, NewCalendar()) // 30 days later is midsommarafton
	if d.DueOn != day("2026-06-22") {
		t.Errorf("due on %s, want the Monday after midsummer", d.DueOn)
	}
	if d.WarnOn != day("2026-06-12") {
		t.Errorf("warned on %s, want 2026-06-12", d.WarnOn)
	}
}

func TestTheVeryDayIsTheVeryDayAlsoOnASunday(t *testing.T) {
	d := Compute(receive, at("2026-11-22 10:00"), nil, NewCalendar())
	if d.DueOn != day("2026-11-22") || d.EscalateOn != day("2026-11-23") {
		t.Errorf("due on %s and escalated on %s", d.DueOn, d.EscalateOn)
	}
}

func TestADayInALetterIsKeptAndWarnedAboutThreeTimes(t *testing.T) {
	// The start of this rule is the day that the authority wrote in its letter.
	d := Compute(letter, day("2026-12-11").At(0, 0), nil, NewCalendar())
	if d.DueOn != day("2026-12-11") {
		t.Errorf("due on %s", d.DueOn)
	}
	if d.WarnOn != day("2026-11-27") || !reflect.DeepEqual(d.RemindOn, []clock.Date{day("2026-12-04"), day("2026-12-09")}) {
		t.Errorf("warned on %s and %s", d.WarnOn, d.RemindOn)
	}
}

func TestHoursAreHoursAlsoWhenTheClockIsTurned(t *testing.T) {
	for start, want := range map[string]string{
		"2026-03-28 12:00": "2026-03-29 13:00", // one hour is lost in the night
		"2026-10-24 12:00": "2026-10-25 11:00", // one hour comes twice
		"2026-12-31 20:00": "2027-01-01 20:00",
	} {
		if d := Compute(hours, at(start), nil, NewCalendar()); !d.DueAt.Equal(at(want)) {
			t.Errorf("24 hours from %s is %s, want %s", start, d.DueAt.In(clock.Stockholm), want)
		}
	}
}

func TestAPauseGivesBackTheDaysItTook(t *testing.T) {
	cal := NewCalendar()
	start := at("2026-11-02 08:00")
	pause := Pause{From: at("2026-11-06 15:00"), To: at("2026-11-10 09:00")} // Friday to Tuesday

	d := Compute(answer, start, nil, cal)
	if paused := d.Extend(pause, cal); paused.DueOn != cal.AddWorkingDays(d.DueOn, 2) {
		t.Errorf("two working days were lost, but %s became %s", d.DueOn, paused.DueOn)
	}
	if paused := Compute(done, start, []Pause{pause}, cal); paused.Inputs.Paused != 4 || paused.DueOn != day("2026-12-07") {
		t.Errorf("four calendar days were lost, but %d were given back: %s", paused.Inputs.Paused, paused.DueOn)
	}
	weekend := Pause{From: at("2026-11-07 10:00"), To: at("2026-11-08 10:00")}
	if got := d.Extend(weekend, cal); got.DueOn != d.DueOn {
		t.Errorf("a weekend took working time: %s became %s", d.DueOn, got.DueOn)
	}
	backwards := Pause{From: pause.To, To: pause.From}
	if got := d.Extend(backwards, cal); got.DueOn != d.DueOn {
		t.Errorf("a pause that ends before it begins moved %s to %s", d.DueOn, got.DueOn)
	}
}

func TestTheWordsForWhatIsLeft(t *testing.T) {
	cal := NewCalendar()
	d := Compute(answer, at("2026-11-09 08:00"), nil, cal) // due on Monday 23 November
	for now, want := range map[string]string{
		"2026-11-19 08:00": "2 arbetsdagar kvar",
		"2026-11-20 08:00": "1 arbetsdag kvar",
		"2026-11-22 08:00": "1 arbetsdag kvar",
		"2026-11-23 00:00": "i dag",
		"2026-11-23 23:59": "i dag",
		"2026-11-24 00:00": "försenad 1 dag",
		"2026-11-26 12:00": "försenad 3 dagar",
	} {
		if got := d.Left(at(now), cal); got != want {
			t.Errorf("at %s: %q, want %q", now, got, want)
		}
	}
	for _, c := range []struct {
		due, today string
		unit       RuleUnit
		want       string
	}{
		{"2026-12-22", "2026-11-22", CalendarDay, "30 dagar kvar"},
		{"2026-11-23", "2026-11-22", CalendarDay, "1 dag kvar"},
		{"2026-11-22", "2026-11-21", WorkingDay, "1 dag kvar"}, // no working day is left, but a day is
	} {
		if got := DueText(day(c.due), day(c.today), c.unit, cal); got != c.want {
			t.Errorf("due %s, today %s: %q, want %q", c.due, c.today, got, c.want)
		}
	}
	h := Compute(hours, at("2026-11-22 08:00"), nil, cal)
	for now, want := range map[string]string{
		"2026-11-22 08:00": "24 timmar kvar", "2026-11-23 07:00": "1 timme kvar", "2026-11-23 07:30": "mindre än en timme kvar",
		"2026-11-23 08:30": "försenad", "2026-11-23 11:00": "försenad 3 timmar",
	} {
		if got := h.Left(at(now), cal); got != want {
			t.Errorf("at %s: %q, want %q", now, got, want)
		}
	}
}

func TestADeadlineIsLateFirstWhenItsDayIsOver(t *testing.T) {
	d := Compute(answer, at("2026-11-09 08:00"), nil, NewCalendar())
	if d.Late(at("2026-11-23 23:59")) || !d.Late(at("2026-11-24 00:00")) {
		t.Errorf("due on %s, late from %s", d.DueOn, d.DueAt)
	}
}

func TestAStoredDeadlineSaysTheSameWhenItIsReadBack(t *testing.T) {
	cal := NewCalendar()
	d := Compute(letter, at("2026-12-11 00:00"), nil, cal)
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back Deadline
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, d) {
		t.Errorf("stored %+v, read %+v", d, back)
	}
	if again := back.Rule.from(back.Inputs, cal); !reflect.DeepEqual(again, d) {
		t.Errorf("computed again from its inputs it became %+v", again)
	}
}

func TestAnUnknownUnitIsRefusedLoudly(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a rule that counts moons was computed")
		}
	}()
	Compute(Rule{ID: "moons", Amount: 1, Unit: "MOON"}, at("2026-11-22 08:00"), nil, NewCalendar())
}

func TestEveryRuleOfEveryTenantCanBeComputed(t *testing.T) {
	cities, err := tenants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	cal := NewCalendar()
	for _, city := range cities {
		for _, tenant := range city.Tenants {
			for id, r := range tenant.Deadlines {
				d := Compute(Rule{
					ID: id, Amount: r.Amount, Unit: RuleUnit(r.Unit), WarnBefore: r.WarnBefore,
					EscalateAfter: r.EscalateAfter, Reminders: r.Reminders,
				}, at("2026-12-23 15:00"), nil, cal)
				if d.DueOn.Before(day("2026-12-23")) || r.EscalateAfter > 0 && !d.EscalateOn.After(d.DueOn) {
					t.Errorf("%s: %s is due on %s and escalated on %s", tenant.Slug, id, d.DueOn, d.EscalateOn)
				}
			}
		}
	}
}

func anyRule(t *rapid.T) Rule {
	return Rule{
		ID:            "any",
		Amount:        rapid.IntRange(0, 120).Draw(t, "amount"),
		Unit:          rapid.SampledFrom([]RuleUnit{WorkingDay, CalendarDay, Hour}).Draw(t, "unit"),
		WarnBefore:    rapid.IntRange(0, 30).Draw(t, "warn"),
		EscalateAfter: rapid.IntRange(1, 30).Draw(t, "escalate"),
	}
}

// anyMoment is any minute of ten years; every tenth is drawn from the hours around a DST change or a year end.
func anyMoment(t *rapid.T, name string) time.Time {
	edges := []string{"2026-03-29 02:00", "2026-10-25 02:30", "2027-03-28 02:00", "2027-10-31 02:30", "2026-12-31 23:59", "2028-02-29 00:00"}
	if rapid.IntRange(0, 9).Draw(t, name+" edge") == 0 {
		edge := at(rapid.SampledFrom(edges).Draw(t, name+" at"))
		return edge.Add(time.Duration(rapid.IntRange(-180, 180).Draw(t, name+" minutes")) * time.Minute)
	}
	return at("2026-01-01 00:00").Add(time.Duration(rapid.IntRange(0, 10*365*24*60).Draw(t, name)) * time.Minute)
}

func TestADeadlineIsNeverBeforeItsStartAndItsStepsComeInOrder(t *testing.T) {
	cal := NewCalendar()
	rapid.Check(t, func(t *rapid.T) {
		r, start := anyRule(t), anyMoment(t, "start")
		d := Compute(r, start, nil, cal)
		if d.DueOn.Before(clock.DateIn(start)) {
			t.Fatalf("due on %s, started on %s", d.DueOn, clock.DateIn(start))
		}
		if d.WarnOn.After(d.DueOn) || !d.EscalateOn.After(d.DueOn) && r.Unit != Hour {
			t.Fatalf("warned on %s, due on %s, escalated on %s", d.WarnOn, d.DueOn, d.EscalateOn)
		}
		if r.Amount > 0 && r.Unit != Hour && !cal.IsWorkingDay(d.DueOn) {
			t.Fatalf("due on %s, when nobody works", d.DueOn)
		}
	})
}

func TestTheTimeOfDayMakesNoDifferenceToARuleThatCountsDays(t *testing.T) {
	cal := NewCalendar()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRule(t)
		r.Unit = rapid.SampledFrom([]RuleUnit{WorkingDay, CalendarDay}).Draw(t, "day unit")
		day := clock.DateIn(anyMoment(t, "day"))
		first, last := Compute(r, day.Start(), nil, cal), Compute(r, day.End().Add(-time.Nanosecond), nil, cal)
		if first.DueOn != last.DueOn || first.EscalateOn != last.EscalateOn {
			t.Fatalf("%s: due on %s in the morning and on %s at night", day, first.DueOn, last.DueOn)
		}
	})
}

func TestALaterStartIsNeverDueEarlier(t *testing.T) {
	cal := NewCalendar()
	rapid.Check(t, func(t *rapid.T) {
		r, a := anyRule(t), anyMoment(t, "a")
		b := a.Add(time.Duration(rapid.IntRange(0, 60*24*60).Draw(t, "later")) * time.Minute)
		if x, y := Compute(r, a, nil, cal), Compute(r, b, nil, cal); y.DueAt.Before(x.DueAt) {
			t.Fatalf("started %s: due %s; started %s: due %s", a, x.DueAt, b, y.DueAt)
		}
	})
}

func TestAPauseNeverShortensATimeAndTwoAddUp(t *testing.T) {
	cal := NewCalendar()
	rapid.Check(t, func(t *rapid.T) {
		r, start := anyRule(t), anyMoment(t, "start")
		one := Pause{From: start.Add(time.Hour), To: start.Add(time.Duration(rapid.IntRange(1, 2000).Draw(t, "one")) * time.Hour)}
		two := Pause{From: one.To.Add(time.Hour), To: one.To.Add(time.Duration(rapid.IntRange(1, 2000).Draw(t, "two")) * time.Hour)}
		plain, paused := Compute(r, start, nil, cal), Compute(r, start, []Pause{one}, cal)
		if paused.DueAt.Before(plain.DueAt) {
			t.Fatalf("the pause moved %s to %s", plain.DueAt, paused.DueAt)
		}
		both := Compute(r, start, []Pause{one, two}, cal)
		if later := paused.Extend(two, cal); !reflect.DeepEqual(later, both) {
			t.Fatalf("one by one: %+v, together: %+v", later, both)
		}
	})
}

func TestHoursAreExactOverEveryTurnOfTheClock(t *testing.T) {
	cal := NewCalendar()
	rapid.Check(t, func(t *rapid.T) {
		r, start := anyRule(t), anyMoment(t, "start")
		r.Unit = Hour
		if d := Compute(r, start, nil, cal); d.DueAt.Sub(start) != time.Duration(r.Amount)*time.Hour {
			t.Fatalf("%d hours from %s is %s", r.Amount, start, d.DueAt)
		}
	})
}
