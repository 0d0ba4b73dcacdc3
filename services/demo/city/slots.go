package city

import (
	"math/rand/v2"
	"slices"
	"time"

	"lyhord/pkg/platform/clock"
)

// slot is a report before it is written: where, about what, and when it arrives.
type slot struct {
	spot     *spot
	entry    *entry
	channel  string
	received time.Time
	planted  string
}

// slots decides n arrivals and puts them in order of time.
func (w *world) slots(n int) []slot {
	if len(w.spots) == 0 {
		return nil
	}
	slots := make([]slot, 0, n)
	slots = append(slots, w.plantedSlots(n)...)
	for len(slots) < n {
		s := &w.spots[pick(w.rng, w.shares)]
		e := s.entries[pick(w.rng, s.shares)]
		channel := channelFor(w.rng, e, s.kind)
		if at, ok := w.arrival(s, e, channel); ok {
			slots = append(slots, slot{spot: s, entry: e, channel: channel, received: at})
		}
	}
	slices.SortStableFunc(slots, func(a, b slot) int { return a.received.Compare(b.received) })
	return slots
}

// plantedSlots are the reports that make the patterns, at most a tenth of all.
func (w *world) plantedSlots(n int) []slot {
	var slots []slot
	if places := w.patterns.Cluster; len(places) > 0 {
		cluster := w.lexicon.planted(PlantCluster)
		days := int(w.patterns.ClusterTo.Sub(w.patterns.ClusterFrom).Hours() / 24)
		for i := range min(n/10, max(2*len(places), n/330)) {
			// More and more towards the end: the fault spreads with the new list.
			day := max(w.rng.IntN(days), w.rng.IntN(days))
			at := w.hour(w.patterns.ClusterFrom.AddDate(0, 0, day), 20, 23)
			if at.Before(w.until) {
				slots = append(slots, slot{w.at(places[i%len(places)]), cluster, cluster.Channels[0], at, PlantCluster})
			}
		}
	}
	if s := w.at(w.patterns.Improved); s != nil {
		falls := slices.DeleteFunc(slices.Clone(s.entries), func(e *entry) bool { return e.main() != "FAL" })
		days := int(w.patterns.ImprovedAt.Sub(w.from).Hours() / 24)
		for range min(n/20, max(12, n/160)) {
			at := w.hour(w.from.AddDate(0, 0, w.rng.IntN(days)), 0, 23)
			if len(falls) > 0 && at.Before(w.until) {
				fall := falls[w.rng.IntN(len(falls))]
				slots = append(slots, slot{s, fall, fall.Channels[0], at, PlantImproved})
			}
		}
	}
	return slots
}

// at finds the spot of a place's own reports.
func (w *world) at(place Place) *spot {
	for i := range w.spots {
		if w.spots[i].place == place && w.spots[i].handTo == (Place{}) {
			return &w.spots[i]
		}
	}
	return nil
}

// arrival draws a moment within the three years: by season, weekday and hour. It is
// false when the place would not have reported then.
func (w *world) arrival(s *spot, e *entry, channel string) (time.Time, bool) {
	days := int(w.until.Sub(w.from).Hours() / 24)
	for range 40 {
		day := w.from.AddDate(0, 0, w.rng.IntN(days+1)).In(clock.Stockholm)
		if w.rng.Float64()*2 > season(e.Season, day.Month()) || w.rng.Float64() > weekday(channel, day.Weekday()) {
			continue
		}
		at := w.hourOf(channel, day)
		if !at.Before(w.until) || at.Before(w.from) {
			continue
		}
		if s.handTo == (Place{}) && s.place == w.patterns.Silent && at.After(w.patterns.SilentFrom) {
			return time.Time{}, false
		}
		if s.place == w.patterns.Improved && e.main() == "FAL" && at.After(w.patterns.ImprovedAt) && w.rng.Float64() < 0.7 {
			return time.Time{}, false
		}
		return at, true
	}
	return time.Time{}, false
}

// season is how common something is in a month: 1 is usual, 2 the most there is.
func season(name string, month time.Month) float64 {
	switch {
	case name == "winter" && (month >= time.November || month <= time.February):
		return 1.7
	case name == "winter" && month >= time.May && month <= time.September:
		return 0.8
	case name == "summer" && (month == time.July || month == time.August):
		return 2
	case name == "" && month == time.July:
		return 0.8
	}
	return 1
}

// weekday is how much of a channel's flow arrives on a day of the week.
func weekday(channel string, day time.Weekday) float64 {
	weekend := day == time.Saturday || day == time.Sunday
	switch channel {
	case "EGEN_IAKTTAGELSE", "UTFORARE_API":
		if weekend {
			return 0.75
		}
	case "WEBBFORMULAR", "EPOST", "SMS":
		if weekend {
			return 0.55
		}
		if day == time.Monday {
			return 1
		}
		return 0.8
	default: // somebody at a desk has to receive it
		if weekend {
			return 0
		}
	}
	return 1
}

// hourOf draws the hour: shift changes for staff, evenings for the web, office hours
// for what is taken down by somebody.
func (w *world) hourOf(channel string, day time.Time) time.Time {
	draw := w.rng.Float64()
	switch channel {
	case "EGEN_IAKTTAGELSE", "UTFORARE_API":
		switch {
		case draw < 0.25:
			return w.hour(day, 6, 8)
		case draw < 0.5:
			return w.hour(day, 13, 15)
		case draw < 0.8:
			return w.hour(day, 19, 22)
		}
		return w.hour(day, 0, 23)
	case "WEBBFORMULAR", "EPOST", "SMS":
		if draw < 0.5 {
			return w.hour(day, 17, 22)
		}
		return w.hour(day, 7, 21)
	}
	return w.hour(day, 8, 15)
}

// hour is a moment between two full hours (the last included) of a day in Sweden.
func (w *world) hour(day time.Time, from, to int) time.Time {
	return hourOn(w.rng, day, from, to)
}

func hourOn(rng *rand.Rand, day time.Time, from, to int) time.Time {
	year, month, date := day.In(clock.Stockholm).Date()
	return time.Date(year, month, date, from+rng.IntN(to-from+1), rng.IntN(60), rng.IntN(60), 0, clock.Stockholm).UTC()
}
