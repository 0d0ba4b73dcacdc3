package org

import (
	"strings"
	"time"

	"lyhord/pkg/platform/clock"
	"lyhord/tenants"
)

// Config is a tenant's rules in force: its file as stored, the city's code lists, and the calendar made of both.
type Config struct {
	Tenant  tenants.Tenant
	Codes   tenants.Codes
	Version int
	Routine int // version of the routine; 0 is the file's
	cal     *Calendar
}

// NewConfig puts a tenant's rules together.
func NewConfig(t tenants.Tenant, codes tenants.Codes, version int) Config {
	var extra []DayOff
	for _, h := range t.Holidays {
		extra = append(extra, DayOff(h))
	}
	return Config{Tenant: t, Codes: codes, Version: version, cal: NewCalendar(extra...)}
}

// Under is the same tenant under other rules, for those who ask what would be different.
func (c Config) Under(r tenants.Rules) Config {
	c.Tenant = c.Tenant.With(r)
	return c
}

// Calendar is the tenant's working days.
func (c Config) Calendar() *Calendar { return c.cal }

// Deadline applies one of the tenant's rules (tenants.Rule…) to a day. A rule the tenant lacks gives the day itself.
func (c Config) Deadline(rule string, from clock.Date) Deadline {
	return c.DeadlineAt(rule, from.At(12, 0))
}

// DeadlineAt applies a rule to a moment, which is what counts for a rule in hours, after the pauses there have been.
func (c Config) DeadlineAt(rule string, start time.Time, pauses ...Pause) Deadline {
	d := Compute(c.Rule(rule), start, pauses, c.cal)
	d.Inputs.Version, d.Inputs.Routine = c.Version, c.Routine
	return d
}

// Until is the deadline of a day that is set, with the warnings and the escalation of a rule.
func (c Config) Until(rule string, due clock.Date) Deadline {
	d := Until(c.Rule(rule), due, c.cal)
	d.Inputs.Version, d.Inputs.Routine = c.Version, c.Routine
	return d
}

// Rule is one of the tenant's rules. One the tenant lacks is that very day.
func (c Config) Rule(id string) Rule {
	r := c.Tenant.Deadlines[id]
	unit := RuleUnit(r.Unit)
	if unit == "" {
		unit = CalendarDay
	}
	return Rule{ID: id, Amount: r.Amount, Unit: unit, WarnBefore: r.WarnBefore, EscalateAfter: r.EscalateAfter, Reminders: r.Reminders}
}

// DueText says in words what is left until a day: "2 arbetsdagar kvar", "i dag", "försenad 3 dagar".
func (c Config) DueText(due, today clock.Date) string { return DueText(due, today, WorkingDay, c.cal) }

// SplitCategory puts a category where it belongs: the SoL/LSS list or the HSL list. Both are nil for none and for an unknown code.
func (c Config) SplitCategory(code string) (sol, hsl *string) {
	switch {
	case code == "":
		return nil, nil
	case c.HasCode(tenants.ListCategoryHSL, code):
		return nil, &code
	case c.HasCode(tenants.ListCategorySoL, code):
		return &code, nil
	}
	return nil, nil
}

// HasCode says whether a code is in a list: the city's, or the tenant's own refinement beneath it.
func (c Config) HasCode(list, code string) bool {
	if c.Codes.Has(list, code) {
		return true
	}
	for _, l := range c.Tenant.LocalSubcodes {
		if l.List == list && l.Full() == code {
			return true
		}
	}
	return false
}

// CodeLabel is what people read for a code; a subcode carries its main code: "Läkemedel: utebliven dos".
func (c Config) CodeLabel(list, code string) string {
	main, _, sub := strings.Cut(code, ".")
	if !sub {
		return c.Codes.Label(list, code)
	}
	return c.Codes.Label(list, main) + ": " + strings.ToLower(c.Codes.Label(list, code))
}

// ChannelOn says whether the tenant takes reports by the channel.
func (c Config) ChannelOn(code string) bool {
	for _, ch := range c.Tenant.Channels {
		if ch.Code == code {
			return ch.State == tenants.ChannelOn
		}
	}
	return false
}
