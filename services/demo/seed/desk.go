package seed

import (
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/id"
	"lyhord/services/demo/city"
	"lyhord/tenants"
)

// How many reports wait for the registrator: of a wide board, and of others.
const (
	queueLength      = 15
	shortQueueLength = 4
)

// wideAreas is how many areas of work a board has that gets every scene; the desks of others hold less, so that the work
// of today does not outweigh a usual month.
const wideAreas = 5

// wide says whether all there is to see stands on the tenant's desks.
func wide(t tenants.Tenant) bool { return t.Kind == tenants.KindBoard && len(t.Areas) >= wideAreas }

// answeredPublicly names the case whose answer is read by code.
const answeredPublicly = "desk/answered-publicly"

// desk makes the work of today in one tenant: so that whoever logs in, in whatever role, finds something to do.
type desk struct {
	city   tenants.City
	tenant tenants.Tenant
	cal    *org.Calendar
	now    time.Time
	day    clock.Date // the working day it is, or that was
	home   string     // the unit of the chef of the demo's login
	pool   []city.Case
	drafts []draft
}

// today is the work on every desk of a tenant; a tenant without units that report has none.
func today(c tenants.City, t tenants.Tenant, now time.Time) []draft {
	d := &desk{city: c, tenant: t, now: now, cal: org.NewConfig(t, c.Codes, 1).Calendar()}
	d.day = d.cal.PreviousWorkingDay(clock.DateIn(now))
	if t.Kind == tenants.KindCityOffice {
		return nil
	}
	if key, ok := holder(t, "chef"); ok {
		d.home = home(t, key, "chef")
	}
	d.queue()
	if unit, ok := t.Unit(d.home); ok && unit.Type != "" {
		d.pool = d.invent(400, d.home)
		d.atHome()
		d.forSuperior(unit.Parent)
	}
	return d.drafts
}

// invent makes reports about some of the tenant's units; none named means all.
func (d *desk) invent(n int, units ...string) []city.Case {
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, d.tenant.Slug, units)
	var made []city.Case
	for _, ref := range city.Refs(d.city) {
		if ref.TenantSlug != d.tenant.Slug {
			continue
		}
		ref.Units = slices.DeleteFunc(ref.Units, func(u city.Unit) bool { return len(units) > 0 && !slices.Contains(units, u.Slug) })
		for c := range city.Generate(h.Sum64(), n, d.now, []city.Ref{ref}) {
			if c.Subject != "" && c.Type != "REMISS" && c.HandedTo == (city.Place{}) {
				made = append(made, c)
			}
		}
	}
	return made
}

// take gives the report of the first invented case that fits, without anything that has become of it; the findings are kept
// for those who want them.
func (d *desk) take(fits func(city.Case) bool) (city.Case, bool) {
	at := slices.IndexFunc(d.pool, fits)
	if at < 0 {
		return city.Case{}, false
	}
	c := d.pool[at]
	d.pool = slices.Delete(d.pool, at, at+1)
	return fresh(c), true
}

func fresh(c city.Case) city.Case {
	return city.Case{
		Place: c.Place, Type: c.Type, FeedbackKind: c.FeedbackKind, Channel: c.Channel, SenderRole: c.SenderRole, Anonymous: c.Anonymous,
		WantsReply: c.WantsReply, Concerns: c.Concerns, Area: c.Area, Regi: c.Regi, Lagrum: c.Lagrum, Category: c.Category,
		CategoryHSL: c.CategoryHSL, Harm: c.Harm, ActualHarm: c.ActualHarm, Severity: c.Severity, Probability: c.Probability,
		AccessLabel: "NORMAL", Complexity: "EJ_BEDOMD", Subject: c.Subject, Narrative: c.Narrative, AffectsIndividual: c.AffectsIndividual,
		Causes: c.Causes, Measures: slices.Clone(c.Measures), Background: c.Background, Conclusion: c.Conclusion,
	}
}

// What the cases of the desk are made from.
func deviation(c city.Case) bool {
	return c.Type == "AVVIKELSE" && c.SenderRole == "PERSONAL" && c.Severity > 0
}
func complaint(c city.Case) bool { return c.Type == "KLAGOMAL" && c.Severity > 0 }
func analysed(c city.Case) bool  { return deviation(c) && len(c.Causes) > 0 }
func lexReport(c city.Case) bool { return c.Type == "LEX_SARAH" }
func fromOutside(c city.Case) bool {
	return (c.Type == "KLAGOMAL" || c.Type == "SYNPUNKT") && c.FeedbackKind != "BEROM"
}

// move is a step of the routine, so many working days ago at an hour.
type move struct {
	transition, to string
	days, hour     int
}

// at is an hour of a working day, so many of them ago.
func (d *desk) at(days, hour int) time.Time {
	day := d.day
	if days > 0 {
		day = d.cal.AddWorkingDays(day, -days)
	}
	return day.At(hour, (hour*17+days*7)%60).UTC()
}

// walk takes a case through moves, the last of them at the latest now.
func (d *desk) walk(c *city.Case, moves []move) {
	limit := d.now.Add(-2 * time.Minute)
	c.Course = make([]city.Step, len(moves))
	for i := len(moves) - 1; i >= 0; i-- {
		at := d.at(moves[i].days, moves[i].hour)
		if at.After(limit) {
			at = limit
		}
		limit = at.Add(-6 * time.Minute)
		c.Course[i] = city.Step{Transition: moves[i].transition, To: moves[i].to, At: at}
	}
	state := "none"
	for i := range c.Course {
		s := &c.Course[i]
		s.From = state
		c.PrevState, c.State = state, s.To
		state = s.To
		d.stamp(c, *s)
	}
}

// stamp keeps the dates of a case in step with its moves.
func (d *desk) stamp(c *city.Case, s city.Step) {
	switch s.Transition {
	case "T1":
		c.ReceivedAt, c.HappenedAt = s.At, s.At.Add(-90*time.Minute)
	case "T2":
		c.RegisteredAt = s.At
	case "T4":
		c.AssignedAt = s.At
	case "T5":
		c.StartedAt = s.At
	case "T7a":
		c.ConsultedAt, c.Complexity, c.ComplexityReason = s.At, "ENKEL", "Händelsen är avgränsad och enheten kan hantera den själv."
	case "T7b":
		c.ConsultedAt, c.Complexity, c.ComplexityReason = s.At, "KOMPLICERAD", "Det har hänt förut trots åtgärder och flera enheter berörs."
		c.ResponseLevel = "UTREDNING"
	case "T9":
		c.ResponseLevel = "UTREDNING"
	case "T8":
		c.ResponseLevel, c.AnsweredAt = "ENKELT_SVAR", s.At
	case "T15":
		c.AnsweredAt = s.At
	case "T16":
		c.IndividualTold = c.AffectsIndividual
	case "T17":
		c.ClosedAt, c.Outcome, c.QualityDims, c.ClosingNote = s.At, "BEFOGAT", []string{"TRYGGHET"}, "Allt som bestämdes är gjort och uppföljt."
	case "T23":
		c.AccessLabel = "LEX"
	}
}

// queue is what waits for the registrator: since noon of the working day before, and two that have been forgotten.
func (d *desk) queue() {
	waiting, length := d.invent(60), shortQueueLength
	if wide(d.tenant) {
		length = queueLength
	}
	from := d.cal.AddWorkingDays(d.day, -1).At(12, 0)
	span := d.now.Sub(from)
	for i := range min(length, len(waiting)) {
		c := fresh(waiting[len(waiting)-1-i])
		at := from.Add(time.Duration(float64(span) * (float64(i) + 0.5) / float64(length)))
		if i < length/7 {
			at = d.at(3, 10+3*i)
		}
		at = awake(at, d.now)
		c.Course = []city.Step{{Transition: "T1", From: "none", To: "received", At: at}}
		c.State, c.PrevState, c.ReceivedAt, c.HappenedAt = "received", "none", at, at.Add(-2*time.Hour)
		c.Causes, c.Measures, c.Background, c.Conclusion = nil, nil, "", ""
		d.drafts = append(d.drafts, draft{Case: c, name: fmt.Sprintf("desk/queue-%d", i)})
	}
}

// awake moves what would have been written in the middle of the night to the evening before.
func awake(at, now time.Time) time.Time {
	local := at.In(clock.Stockholm)
	if h := local.Hour(); h < 6 {
		at = at.Add(-time.Duration(h+2) * time.Hour)
	}
	if !at.Before(now) {
		at = now.Add(-10 * time.Minute)
	}
	return at.UTC().Truncate(time.Second)
}

// makeRoom takes as many cases out of a month's history as the desks add to it, so that the city's figures do not jump. What
// was planted stays.
func makeRoom(history, desk []draft) []draft {
	month := func(d draft) int { on := clock.DateIn(d.ReceivedAt); return on.Year()*12 + int(on.Month()) }
	surplus := map[int]int{}
	for _, d := range desk {
		surplus[month(d)]++
	}
	kept := make([]draft, 0, len(history))
	for i := len(history) - 1; i >= 0; i-- {
		if d := history[i]; d.Planted == "" && surplus[month(d)] > 0 {
			surplus[month(d)]--
		} else {
			kept = append(kept, d)
		}
	}
	slices.Reverse(kept)
	return kept
}

// showcase gives the answered public report the code that is shown.
func showcase(drafts []draft, code *id.ReceiptCode) {
	for i := range drafts {
		if drafts[i].name == answeredPublicly {
			drafts[i].code = code
		}
	}
}
