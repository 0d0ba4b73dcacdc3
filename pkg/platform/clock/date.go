package clock

import (
	"database/sql/driver"
	"fmt"
	"time"
)

const layout = "2006-01-02"

// Date is a civil day without time or zone. The zero value means "no date": it is
// written as empty text and as NULL. Dates compare with ==.
type Date struct {
	year  int16
	month uint8
	day   uint8
}

// NewDate normalises like time.Date does: 32 January is 1 February.
func NewDate(year int, month time.Month, day int) Date {
	y, m, d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Date()
	return Date{year: int16(y), month: uint8(m), day: uint8(d)} //nolint:gosec // years 1-9999 by ParseDate and callers
}

// ParseDate reads yyyy-mm-dd and nothing else; 2026-02-30 is an error.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(layout, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fmt.Errorf("%q är inte ett datum på formen åååå-mm-dd", s)
	}
	return NewDate(t.Date()), nil
}

// MustDate is ParseDate for constants in code and tests.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero reports that no date is set.
func (d Date) IsZero() bool { return d == Date{} }

// Year is the calendar year.
func (d Date) Year() int { return int(d.year) }

// Month is the calendar month.
func (d Date) Month() time.Month { return time.Month(d.month) }

// Day is the day of the month.
func (d Date) Day() int { return int(d.day) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.UTC().Weekday() }

// UTC is midnight UTC of the day: a label for calendars and drivers, not an instant.
func (d Date) UTC() time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC)
}

// Start is the instant the day begins in Stockholm.
func (d Date) Start() time.Time { return d.At(0, 0) }

// End is the instant the day ends in Stockholm, which is when the next one begins.
func (d Date) End() time.Time { return d.AddDays(1).Start() }

// At is the instant of a wall-clock time in Stockholm on this day.
func (d Date) At(hour, minute int) time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), hour, minute, 0, 0, Stockholm)
}

// AddDays moves n calendar days, also backwards.
func (d Date) AddDays(n int) Date { return NewDate(d.UTC().AddDate(0, 0, n).Date()) }

// DaysUntil is the number of calendar days from d to other; negative if other is earlier.
func (d Date) DaysUntil(other Date) int {
	// Midnights in UTC are always 24 hours apart, so the division is exact.
	return int(other.UTC().Sub(d.UTC()) / (24 * time.Hour))
}

// Before reports that d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After reports that d is a later day than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// Compare is -1, 0 or 1 as d is before, the same as or after other. No date is before every date.
func (d Date) Compare(other Date) int { return d.UTC().Compare(other.UTC()) }

// String is yyyy-mm-dd, or empty for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// MarshalText writes yyyy-mm-dd, or nothing for no date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value gives the database midnight UTC, which a date column stores as the day
// itself, or NULL for no date.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.UTC(), nil
}

// Scan reads a date column. A driver gives the day as midnight in some zone, so
// the day is read as written and never converted.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time:
		*d = NewDate(v.Date())
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	default:
		return fmt.Errorf("clock: kan inte läsa ett datum ur %T", src)
	}
}
