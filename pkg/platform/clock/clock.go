// Package clock answers "what time is it" and "what day is it" so that nobody
// else asks the machine directly.
//
// It exists because deadlines, registers and logs must be testable at any
// instant and must agree on the business day, which in Sweden is the civil day
// in Europe/Stockholm whatever the server's own zone is. It carries its own time
// zone database, so a container without one behaves the same.
//
// It must not know working days or deadlines (that is org), and it must not
// sleep, tick or schedule.
//
// It is tested with fixed instants around midnight and the DST changes, and by
// properties over all dates of the century.
package clock

import (
	"sync"
	"time"
	_ "time/tzdata" // the zone must exist also in an image without /usr/share/zoneinfo
)

// Clock is the only source of the present moment.
type Clock interface {
	Now() time.Time
}

// System is the machine's clock, in UTC.
type System struct{}

// Now is the present moment in UTC.
func (System) Now() time.Time { return time.Now().UTC() }

// Fake is a clock that stands still until it is told otherwise. It is safe for
// use from several goroutines.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake returns a clock standing at t.
func NewFake(t time.Time) *Fake { return &Fake{now: t.UTC()} }

// Now is the moment the clock was last set to.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Set moves the clock to t, also backwards.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = t.UTC()
}

// Advance moves the clock by d and returns the new moment.
func (f *Fake) Advance(d time.Duration) time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
	return f.now
}

// Stockholm is the zone of every business date in the product.
var Stockholm = mustLoad("Europe/Stockholm")

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		// Cannot happen: the zone database is compiled in above.
		panic("clock: " + err.Error())
	}
	return loc
}

// DateIn is the civil day in Stockholm at the instant t.
func DateIn(t time.Time) Date {
	y, m, d := t.In(Stockholm).Date()
	return NewDate(y, m, d)
}

// Today is the civil day in Stockholm by the given clock.
func Today(c Clock) Date { return DateIn(c.Now()) }
