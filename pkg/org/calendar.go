package org

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/se"

	"lyhord/pkg/platform/clock"
)

// DayOff is a day that a city or tenant has off although the country works.
type DayOff struct {
	Date clock.Date
	Name string
}

// Calendar knows which days are working days (söckendagar that are not Saturdays):
// not Saturdays, Sundays, public holidays, midsommarafton, julafton or nyårsafton,
// which are the days of lag (1930:173) 2 §. A day squeezed between holidays
// (klämdag) is a normal day. A Calendar never changes and may be shared.
type Calendar struct {
	off   map[clock.Date]string
	years sync.Map // year -> map[clock.Date]string; counting a year's feasts once is enough
}

// NewCalendar is the Swedish calendar with some more days off.
func NewCalendar(extra ...DayOff) *Calendar {
	c := &Calendar{off: make(map[clock.Date]string, len(extra))}
	for _, d := range extra {
		c.off[d.Date] = d.Name
	}
	return c
}

// Holiday is the name of the holiday or day off that falls on the day. A plain
// Saturday or Sunday has none.
func (c *Calendar) Holiday(d clock.Date) (string, bool) {
	if name, ok := c.off[d]; ok {
		return name, true
	}
	name, ok := c.feasts(d.Year())[d]
	return name, ok
}

func (c *Calendar) feasts(year int) map[clock.Date]string {
	if known, ok := c.years.Load(year); ok {
		return known.(map[clock.Date]string)
	}
	feasts := make(map[clock.Date]string, len(se.Holidays)+2)
	// The list of the library leaves out the two feasts that are always Sundays.
	for _, h := range append([]*cal.Holiday{se.Paskdagen, se.Pingstdagen}, se.Holidays...) {
		if day, _ := h.Calc(year); !day.IsZero() {
			feasts[clock.NewDate(day.Date())] = h.Name
		}
	}
	c.years.Store(year, feasts)
	return feasts
}

// IsWorkingDay reports whether people are at work on the day.
func (c *Calendar) IsWorkingDay(d clock.Date) bool {
	if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	_, holiday := c.Holiday(d)
	return !holiday
}

// NextWorkingDay is the day itself or, when it is not a working day, the next one
// that is: where a time limit ends that runs out on a holiday (lag 1930:173, 2 §).
func (c *Calendar) NextWorkingDay(d clock.Date) clock.Date { return c.roll(d, 1) }

// PreviousWorkingDay is the day itself or the last working day before it.
func (c *Calendar) PreviousWorkingDay(d clock.Date) clock.Date { return c.roll(d, -1) }

func (c *Calendar) roll(d clock.Date, step int) clock.Date {
	for !c.IsWorkingDay(d) {
		d = d.AddDays(step)
	}
	return d
}

// AddWorkingDays is the n-th working day after d, or before it when n is negative.
// The day itself is not counted; for 0 it is returned as it is.
func (c *Calendar) AddWorkingDays(d clock.Date, n int) clock.Date {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for ; n > 0; n-- {
		d = c.roll(d.AddDays(step), step)
	}
	return d
}

// WorkingDaysBetween is how many working days there are after from, up to and
// including to. It is negative when to is the earlier day, so that it undoes
// AddWorkingDays in both directions.
func (c *Calendar) WorkingDaysBetween(from, to clock.Date) int {
	step, n := 1, 0
	if to.Before(from) {
		step = -1
	}
	for d := from; d != to; {
		d = d.AddDays(step)
		if c.IsWorkingDay(d) {
			n += step
		}
	}
	return n
}
