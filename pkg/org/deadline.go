package org

import (
	"fmt"
	"slices"
	"time"

	"lyhord/pkg/platform/clock"
)

// RuleUnit is what a deadline counts.
type RuleUnit string

// The units, as the tenants' configuration writes them.
const (
	WorkingDay  RuleUnit = "WORKING_DAY"
	CalendarDay RuleUnit = "CALENDAR_DAY"
	Hour        RuleUnit = "HOUR"
)

// Rule is how long a step may take. Everything counts in Unit.
type Rule struct {
	ID            string   `json:"id"`
	Amount        int      `json:"amount"` // 0: the very day (genast), or the day named in a letter
	Unit          RuleUnit `json:"unit"`
	WarnBefore    int      `json:"warn_before"`
	EscalateAfter int      `json:"escalate_after"` // 0: never
	Reminders     []int    `json:"reminders,omitempty"`
}

// Pause is a time when the clock stood still, waiting for information (väntar på komplettering).
type Pause struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Inputs are what a deadline was computed from, kept so that it can be explained and computed again.
type Inputs struct {
	Start   time.Time  `json:"start"`
	StartOn clock.Date `json:"start_on"`
	Paused  int        `json:"paused,omitempty"` // in the rule's unit
	Pauses  []Pause    `json:"pauses,omitempty"`
	Version int        `json:"version,omitempty"` // of the tenant's file
	Routine int        `json:"routine,omitempty"` // of its routine
}

// Deadline is a rule applied to a start.
type Deadline struct {
	Rule       Rule         `json:"rule"`
	Inputs     Inputs       `json:"inputs"`
	DueOn      clock.Date   `json:"due_on"`
	DueAt      time.Time    `json:"due_at"` // the instant it is late: for days the end of DueOn
	WarnOn     clock.Date   `json:"warn_on"`
	RemindOn   []clock.Date `json:"remind_on,omitempty"`
	EscalateOn clock.Date   `json:"escalate_on,omitzero"`
}

// Compute applies the rule. The day of the start is not counted. A time in calendar
// days that runs out on a day when nobody works runs to the next working day (lag
// 1930:173); an amount of 0 means that very day, whatever day it is.
//
// It panics on a unit it does not know: the configuration is checked before it gets here.
func Compute(rule Rule, start time.Time, pauses []Pause, cal *Calendar) Deadline {
	in := Inputs{Start: start.UTC(), StartOn: clock.DateIn(start)}
	for _, p := range pauses {
		in = in.with(rule, p, cal)
	}
	return rule.from(in, cal)
}

// with adds a pause; the slice of the deadline it comes from is left as it is.
func (in Inputs) with(rule Rule, p Pause, cal *Calendar) Inputs {
	p.From, p.To = p.From.UTC(), p.To.UTC()
	in.Paused += rule.lost(p, cal)
	in.Pauses = append(slices.Clip(in.Pauses), p)
	return in
}

// Until is the deadline of a day that somebody else has set, as the authority in its letter (remiss) or the one who plans a
// measure: the rule gives its warnings and what comes after.
func Until(rule Rule, due clock.Date, cal *Calendar) Deadline {
	rule.Amount = 0
	if rule.Unit == Hour { // a day is no hour: what is counted in hours is counted in the days they fill
		rule.Unit, rule.WarnBefore, rule.EscalateAfter = CalendarDay, (rule.WarnBefore+23)/24, (rule.EscalateAfter+23)/24
	}
	return Deadline{Rule: rule, Inputs: Inputs{Start: due.Start().UTC(), StartOn: due}, DueOn: due, DueAt: due.End().UTC()}.around(cal)
}

// Extend is the deadline after one more pause, as when a case is taken up again.
func (d Deadline) Extend(p Pause, cal *Calendar) Deadline {
	return d.Rule.from(d.Inputs.with(d.Rule, p, cal), cal)
}

// lost is how much of the rule's time the pause took. A pause within a day takes
// nothing from a rule that counts days; a weekend takes nothing from one that counts working days.
func (r Rule) lost(p Pause, cal *Calendar) int {
	if !p.To.After(p.From) {
		return 0
	}
	from, to := clock.DateIn(p.From), clock.DateIn(p.To)
	switch r.Unit {
	case WorkingDay:
		return cal.WorkingDaysBetween(from, to)
	case Hour:
		// A started hour counts as a whole one: a pause must never shorten the time.
		return int((p.To.Sub(p.From) + time.Hour - 1) / time.Hour)
	default:
		return from.DaysUntil(to)
	}
}

func (r Rule) from(in Inputs, cal *Calendar) Deadline {
	d := Deadline{Rule: r, Inputs: in}
	total := r.Amount + in.Paused
	switch r.Unit {
	case Hour:
		d.DueAt = in.Start.Add(time.Duration(total) * time.Hour)
		d.DueOn = clock.DateIn(d.DueAt)
	case WorkingDay, CalendarDay:
		d.DueOn = r.move(in.StartOn, total, cal)
		d.DueAt = d.DueOn.End().UTC()
	default:
		panic("org: unknown unit of rule " + r.ID + ": " + string(r.Unit))
	}
	return d.around(cal)
}

// around sets the days before and after the due day.
func (d Deadline) around(cal *Calendar) Deadline {
	d.WarnOn = d.before(d.Rule.WarnBefore, cal)
	for _, n := range d.Rule.Reminders {
		d.RemindOn = append(d.RemindOn, d.before(n, cal))
	}
	if d.Rule.EscalateAfter > 0 {
		d.EscalateOn = d.after(d.Rule.EscalateAfter, cal)
	}
	return d
}

// move is n units after the day, ending on a working day unless the rule says "that very day".
func (r Rule) move(day clock.Date, n int, cal *Calendar) clock.Date {
	if r.Unit == WorkingDay {
		return cal.NextWorkingDay(cal.AddWorkingDays(day, n))
	}
	if day = day.AddDays(n); r.Amount > 0 {
		day = cal.NextWorkingDay(day)
	}
	return day
}

// before is n units before the due day: a working day, as nobody reads a warning on
// a holiday, but never before the clock has started. With an amount of 0 the start
// is the due day itself (the day named in a letter), so it is no limit.
func (d Deadline) before(n int, cal *Calendar) clock.Date {
	var day clock.Date
	switch d.Rule.Unit {
	case Hour:
		day = clock.DateIn(d.DueAt.Add(-time.Duration(n) * time.Hour))
	case CalendarDay:
		day = d.DueOn.AddDays(-n)
		if n > 0 {
			day = cal.PreviousWorkingDay(day)
		}
	default:
		day = cal.AddWorkingDays(d.DueOn, -n)
	}
	if d.Rule.Amount > 0 && day.Before(d.Inputs.StartOn) {
		return d.Inputs.StartOn
	}
	return day
}

func (d Deadline) after(n int, cal *Calendar) clock.Date {
	if d.Rule.Unit == Hour {
		return clock.DateIn(d.DueAt.Add(time.Duration(n) * time.Hour))
	}
	return d.Rule.move(d.DueOn, n, cal)
}

// Warnings are the days on which the deadline is called to mind before it has passed, in order. A rule that warns 0 days
// before does not warn, and no day of the past or of the start is one.
func (d Deadline) Warnings() []clock.Date {
	var days []clock.Date
	if d.Rule.WarnBefore > 0 {
		days = append(days, d.WarnOn)
	}
	days = append(days, d.RemindOn...)
	slices.SortFunc(days, func(a, b clock.Date) int { return b.DaysUntil(a) })
	days = slices.Compact(days)
	if d.Rule.Amount == 0 {
		return days // the start is the due day itself
	}
	return slices.DeleteFunc(days, func(day clock.Date) bool { return !day.After(d.Inputs.StartOn) })
}

// Late reports whether the time has run out.
func (d Deadline) Late(now time.Time) bool { return !now.Before(d.DueAt) }

// Left says in words what is left: "2 arbetsdagar kvar", "i dag", "försenad 3 dagar".
func (d Deadline) Left(now time.Time, cal *Calendar) string {
	if d.Rule.Unit != Hour {
		return DueText(d.DueOn, clock.DateIn(now), d.Rule.Unit, cal)
	}
	left := d.DueAt.Sub(now)
	switch {
	case left <= -time.Hour:
		return "försenad " + count(int(-left/time.Hour), "timme", "timmar")
	case left <= 0:
		return "försenad"
	case left < time.Hour:
		return "mindre än en timme kvar"
	default:
		return count(int(left/time.Hour), "timme", "timmar") + " kvar"
	}
}

// DueText says in words what is left until a due day, for lists that only have the
// day. What is late is late in calendar days, as the person who waits counts them.
func DueText(due, today clock.Date, unit RuleUnit, cal *Calendar) string {
	days := today.DaysUntil(due)
	switch {
	case days == 0:
		return "i dag"
	case days < 0:
		return "försenad " + count(-days, "dag", "dagar")
	}
	if unit == WorkingDay {
		if working := cal.WorkingDaysBetween(today, due); working > 0 {
			return count(working, "arbetsdag", "arbetsdagar") + " kvar"
		}
	}
	return count(days, "dag", "dagar") + " kvar"
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
