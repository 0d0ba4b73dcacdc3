package seed

import (
	"fmt"
	"slices"
	"time"

	"lyhord/pkg/platform/clock"
	"lyhord/services/demo/city"
	"lyhord/tenants"
)

// scene is one case at the demo's own unit.
type scene struct {
	name  string
	from  func(city.Case) bool
	moves []move
	with  func(*draft, *desk) // what else there is to it
}

// path is the usual beginning of the routine, so many working days ago.
func path(days int, more ...move) []move {
	return append([]move{
		{"T1", "received", days, 10}, {"T2", "registered", max(0, days-1), 9}, {"T4", "assigned", max(0, days-1), 11},
	}, more...)
}

// scenes are the cases of the demo's unit: every open state, something late, something proposed, something to follow up.
var scenes = []scene{
	{"registered", complaint, []move{{"T1", "received", 1, 15}, {"T2", "registered", 0, 8}}, nil},
	{"assigned", deviation, path(1), fromStaff},
	{"assigned-late", deviation, path(7), nil},
	{"assessing-new", deviation, path(2, move{"T5", "assessing", 0, 9}), ungraded},
	{"assessing-graded", deviation, path(3, move{"T5", "assessing", 1, 9}), func(x *draft, _ *desk) { x.graded = true }},
	{"assessing-judged", complaint, path(6, move{"T5", "assessing", 4, 9}, move{"T6", "consulting", 4, 13}, move{"T7a", "assessing", 2, 9}), nil},
	{"assessing-late", complaint, path(14, move{"T5", "assessing", 10, 9}, move{"T6", "consulting", 9, 13}, move{"T7a", "assessing", 7, 9}), nil},
	{"consulting", analysed, path(4, move{"T5", "assessing", 2, 9}, move{"T6", "consulting", 1, 10}), blank},
	{"investigating", deviation, inquiry(7), nil},
	{"investigating-delegated", deviation, inquiry(6), func(x *draft, _ *desk) { x.delegated = true }},
	{"investigating-delegated-2", analysed, inquiry(9), func(x *draft, d *desk) { x.delegated = true; propose(x, d) }},
	{"investigating-complicated", analysed, path(9, move{"T5", "assessing", 8, 9}, move{"T6", "consulting", 8, 14}, move{"T7b", "investigating", 6, 9}), blank},
	{"investigating-unnumbered", deviation, path(5, move{"T5", "assessing", 4, 9}, move{"T6", "consulting", 3, 14}, move{"T7b", "investigating", 0, 8}), nil},
	{"investigating-proposed", analysed, inquiry(8), propose},
	{"measures", analysed, inquiry(9, move{"T12", "measures", 1, 10}), decide},
	{"dispatching", analysed, inquiry(10, move{"T12", "measures", 3, 10}, move{"T15", "dispatching", 1, 14}), func(x *draft, d *desk) { decide(x, d); answer(x); x.AffectsIndividual = true }},
	{"follow-up", analysed, followUp(40), func(x *draft, d *desk) { decide(x, d); answer(x); carryOut(x, d) }},
	{"follow-up-done", analysed, followUp(45), func(x *draft, d *desk) { decide(x, d); answer(x); complete(x, d, false) }},
	{"awaiting-info", complaint, path(6, move{"T5", "assessing", 4, 9}, move{"T19", "awaiting_info", 3, 10}), nil},
	{"own-closed", analysed, append(followUp(60), move{"T17", "closed", 3, 10}), func(x *draft, d *desk) { fromStaff(x, d); decide(x, d); answer(x); complete(x, d, true) }},
	{"own-answered", analysed, followUp(22), func(x *draft, d *desk) { fromStaff(x, d); decide(x, d); answer(x); carryOut(x, d) }},
	{"own-received", deviation, []move{{"T1", "received", 0, 7}}, fromStaff},
	{"about-manager", complaint, path(2), func(x *draft, _ *desk) { x.aboutManager = true }},
	{"lex-hold", lexReport, []move{{"T1", "received", 2, 14}, {"T2", "registered", 2, 15}, {"T23", "lex_hold", 1, 8}}, nil},
	{"answered-publicly", fromOutside, path(8, move{"T5", "assessing", 6, 9}, move{"T6", "consulting", 6, 11}, move{"T7a", "assessing", 4, 9}, move{"T8", "dispatching", 2, 15}, move{"T16", "follow_up", 1, 9}), answeredByCode},
}

// fewScenes are those of a tenant that is not wide.
var fewScenes = []string{"assigned", "assessing-graded", "consulting", "investigating-delegated", "measures", "follow-up", "own-answered", "own-closed"}

// inquiry is the way to a simple investigation.
func inquiry(days int, more ...move) []move {
	return append(path(days,
		move{"T5", "assessing", days - 2, 9}, move{"T6", "consulting", days - 2, 13}, move{"T7a", "assessing", days - 3, 9},
		move{"T9", "investigating", days - 3, 11}), more...)
}

// followUp is the way to where only the effect is awaited.
func followUp(days int) []move {
	return inquiry(days, move{"T12", "measures", days - 8, 10}, move{"T15", "dispatching", days - 10, 10}, move{"T16", "follow_up", days - 11, 13})
}

// atHome puts the scenes on the desks of the demo's unit.
func (d *desk) atHome() {
	for _, s := range scenes {
		if !wide(d.tenant) && !slices.Contains(fewScenes, s.name) {
			continue
		}
		c, ok := d.take(s.from)
		if !ok {
			continue
		}
		d.walk(&c, s.moves)
		x := draft{Case: c, name: "desk/" + s.name}
		if s.with != nil {
			s.with(&x, d)
		}
		if !x.analysedNow() {
			blank(&x, d)
		}
		d.drafts = append(d.drafts, x)
	}
}

// analysedNow: findings belong to a case only from the investigation on.
func (x *draft) analysedNow() bool {
	for _, s := range x.Course {
		if s.Transition == "T9" || s.Transition == "T7b" {
			return len(x.Measures) > 0 && !x.Measures[0].DecidedAt.Before(s.At)
		}
	}
	return false
}

// forSuperior: questions from other managers of the department wait for the head of it.
func (d *desk) forSuperior(department string) {
	asked, most := 0, 1
	if wide(d.tenant) {
		most = 2
	}
	for _, u := range d.tenant.Units {
		if u.Parent != department || u.Slug == d.home || u.Type == "" || u.Kind != tenants.UnitUnit || asked == most {
			continue
		}
		d.pool = d.invent(60, u.Slug)
		c, ok := d.take(func(c city.Case) bool { return c.Severity > 0 && (c.Type == "AVVIKELSE" || c.Type == "KLAGOMAL") })
		if !ok {
			continue
		}
		d.walk(&c, path(5+asked, move{"T5", "assessing", 3, 9}, move{"T6", "consulting", asked, 9 + asked}))
		x := draft{Case: c, name: fmt.Sprintf("desk/question-%d", asked)}
		blank(&x, d)
		d.drafts = append(d.drafts, x)
		asked++
	}
}

// blank: nothing has been found out yet.
func blank(x *draft, _ *desk) {
	x.Causes, x.Measures, x.Background, x.Conclusion = nil, nil, "", ""
}

func ungraded(x *draft, _ *desk) { x.Severity, x.Probability = 0, 0 }

// fromStaff makes the report the own one of the demo's member of staff.
func fromStaff(x *draft, d *desk) {
	if key, ok := holder(d.tenant, "medarbetare"); ok {
		x.Channel, x.SenderRole, x.Anonymous, x.WantsReply, x.reporter = "EGEN_IAKTTAGELSE", "PERSONAL", false, "NEJ", key
	}
}

// propose: causes are found and measures proposed, but nobody has decided.
func propose(x *draft, d *desk) {
	x.Conclusion = ""
	for i := range x.Measures {
		x.Measures[i] = renew(x.Measures[i], "FORSLAG", d.at(0, 8))
		x.Measures[i].DueOn = d.after(10 + 5*i)
		if limit := d.now.Add(-20 * time.Minute); x.Measures[i].DecidedAt.After(limit) {
			x.Measures[i].DecidedAt = limit
		}
	}
}

// decide: the measures are decided when the case went on to be acted upon.
func decide(x *draft, d *desk) {
	for _, s := range x.Course {
		if s.Transition != "T12" {
			continue
		}
		for i := range x.Measures {
			x.Measures[i] = renew(x.Measures[i], "PLANERAD", s.At)
			x.Measures[i].DueOn = d.after(8 + 6*i)
		}
	}
}

func renew(m city.Measure, status string, decided time.Time) city.Measure {
	return city.Measure{Cause: m.Cause, Title: m.Title, Kind: m.Kind, Strength: m.Strength, Status: status, DecidedAt: decided}
}

// carryOut: the first measure is overdue, the second soon due, the rest done.
func carryOut(x *draft, d *desk) {
	for i := range x.Measures {
		m := &x.Measures[i]
		switch i {
		case 0:
			m.DueOn = d.day.AddDays(-4).At(12, 0)
		case 1:
			m.DueOn = d.after(2)
		default:
			m.Status, m.DoneAt, m.DueOn = "GENOMFORD", d.at(4, 14), d.at(3, 12)
		}
	}
}

// complete: everything is done; it is followed up as well, or waits for that.
func complete(x *draft, d *desk, followedUp bool) {
	for i := range x.Measures {
		m := &x.Measures[i]
		m.Status, m.DoneAt, m.DueOn = "GENOMFORD", d.at(24+i, 14), d.at(20, 12)
		if followedUp {
			m.Status, m.FollowedUpAt, m.Method, m.Effect, m.EffectNote = "UPPFOLJD", d.at(4, 10), "EGENKONTROLL", "JA", "Det har inte hänt igen."
		}
	}
}

func (d *desk) after(days int) time.Time {
	return d.cal.NextWorkingDay(clock.DateIn(d.now).AddDays(days)).At(12, 0)
}

// answer is what the one who told got to read.
func answer(x *draft) {
	x.Reply = "Tack för att du berättade. Vi har utrett det som hände och bestämt vad vi ändrar. Ditt bidrag gör att det inte händer igen."
}

// answeredByCode: an anonymous report from the public form whose writer reads the answer by code.
func answeredByCode(x *draft, _ *desk) {
	x.Channel, x.SenderRole, x.Anonymous, x.WantsReply, x.AffectsIndividual, x.IndividualTold = "WEBBFORMULAR", "ANONYM", true, "KOD", false, false
	x.Reply = "Tack för att du skrev till oss. Vi har pratat med dem som arbetar på enheten och ändrat hur vi gör. " +
		"Skriv gärna igen om du tycker att det inte blir bättre."
}
