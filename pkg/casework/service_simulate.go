package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/tenants"
)

// Simulation says what other rules would have done with the cases of the year behind us, as far as the one who asks sees them.
type Simulation struct {
	From     clock.Date   `json:"from"`
	Total    int          `json:"total"`
	Changed  int          `json:"changed"`
	Sentence string       `json:"sentence"`
	Changes  []string     `json:"changes" doc:"Vad som ändras, i ord"`
	Kinds    []Difference `json:"kinds"`
}

// Difference is one way in which cases would have gone elsewhere.
type Difference struct {
	Kind  string          `json:"kind" enum:"SAMRAD_NY,SAMRAD_BORT,NUMMER_NY,NUMMER_BORT,MAS_NY,MAS_BORT,LEX_NY,LEX_BORT,SVAR_TIDIGARE,SVAR_SENARE,FORSENAT_NY,FORSENAT_BORT"`
	Text  string          `json:"text"`
	Count int             `json:"count"`
	Cases []SimulatedCase `json:"cases" doc:"De nyaste, högst 25"`
}

// SimulatedCase is a case that would have gone elsewhere.
type SimulatedCase struct {
	ID      uuid.UUID `json:"id"`
	Number  string    `json:"number"`
	Subject *string   `json:"subject"`
}

var differences = []struct{ kind, text string }{
	{"SAMRAD_NY", "Samråd hade krävts"},
	{"SAMRAD_BORT", "Samråd hade inte krävts"},
	{"NUMMER_NY", "Hade fått eget diarienummer"},
	{"NUMMER_BORT", "Hade inte fått eget diarienummer"},
	{"MAS_NY", "MAS hade sett ärendet"},
	{"MAS_BORT", "MAS hade inte sett ärendet"},
	{"LEX_NY", "Lex Sarah-utredare hade sett ärendet"},
	{"LEX_BORT", "Lex Sarah-utredare hade inte sett ärendet"},
	{"SVAR_TIDIGARE", "Svaret hade behövt komma tidigare"},
	{"SVAR_SENARE", "Svaret hade fått komma senare"},
	{"FORSENAT_NY", "Hade blivit försenat"},
	{"FORSENAT_BORT", "Hade inte blivit försenat"},
}

// mostShown is how many cases of a kind are named.
const mostShown = 25

// Compare says in which ways two courses of one case differ. answered is when it was answered, or today.
func Compare(before, after Course, answered clock.Date) (kinds []string) {
	if before.Consult != after.Consult {
		kinds = append(kinds, sign("SAMRAD", after.Consult))
	}
	if before.OwnNumber != after.OwnNumber {
		kinds = append(kinds, sign("NUMMER", after.OwnNumber))
	}
	for _, w := range []struct{ role, name string }{{"mas", "MAS"}, {"lex_utredare", "LEX"}} {
		if now := slices.Contains(after.Watchers, w.role); now != slices.Contains(before.Watchers, w.role) {
			kinds = append(kinds, sign(w.name, now))
		}
	}
	if after.DueOn.Before(before.DueOn) {
		kinds = append(kinds, "SVAR_TIDIGARE")
	} else if after.DueOn.After(before.DueOn) {
		kinds = append(kinds, "SVAR_SENARE")
	}
	if late := answered.After(after.DueOn); late != answered.After(before.DueOn) {
		kinds = append(kinds, sign("FORSENAT", late))
	}
	return kinds
}

func sign(name string, more bool) string {
	if more {
		return name + "_NY"
	}
	return name + "_BORT"
}

// Simulate replays the cases of the last twelve months through the functions that decide, under the rules in force and under
// the proposed ones. The cases are read once and never held: one row at a time.
func (s *Service) Simulate(ctx context.Context, actor authz.Actor, rules tenants.Rules) (Simulation, error) {
	cfg, err := s.org.Config(ctx, actor.Scope())
	if err != nil {
		return Simulation{}, err
	}
	if err := org.CheckRules(rules); err != nil {
		return Simulation{}, err
	}
	today := day(s.clock.Now())
	r := replay{before: decider(cfg), after: decider(cfg.Under(rules)), today: today, found: map[string]*Difference{}}
	out := Simulation{From: clock.NewDate(today.Year()-1, today.Month(), today.Day()), Changes: cfg.Tenant.Rules().Diff(cfg.Under(rules).Tenant.Rules())}
	var b db.Batch
	b.Rows(selectReplay, db.Args{"from": out.From}, r.rows)
	audit.Record(ctx, &b, audit.Entry{Action: "simulate-routine", Kind: string(actor.Kind)})
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return Simulation{}, err
	}
	out.Total, out.Changed, out.Kinds = r.total, r.changed, []Difference{}
	for _, d := range differences {
		if f := r.found[d.kind]; f != nil {
			f.Kind, f.Text = d.kind, d.text
			out.Kinds = append(out.Kinds, *f)
		}
	}
	out.Sentence = fmt.Sprintf("Med ändringen hade %s av det senaste årets %s ärenden gått annorlunda.", grouped(out.Changed), grouped(out.Total))
	if out.Changed == 0 {
		out.Sentence = fmt.Sprintf("Inget av det senaste årets %s ärenden hade gått annorlunda.", grouped(out.Total))
	}
	var log db.Batch
	var shown []uuid.UUID
	for _, k := range out.Kinds {
		for _, c := range k.Cases {
			shown = append(shown, c.ID)
		}
	}
	audit.Record(ctx, &log, audit.Entry{Action: "simulate-routine", Shown: shown, Kind: string(actor.Kind)})
	return out, s.db.Once(ctx, actor.Scope(), &log)
}

// replay counts while the rows go by.
type replay struct {
	before, after  func(Coded) Course
	today          clock.Date
	total, changed int
	found          map[string]*Difference
}

func (r *replay) one(row replayRow) {
	r.total++
	answered := r.today
	if row.AnsweredOn != nil {
		answered = *row.AnsweredOn
	}
	kinds := Compare(r.before(row.coded()), r.after(row.coded()), answered)
	if len(kinds) > 0 {
		r.changed++
	}
	for _, k := range kinds {
		d := r.found[k]
		if d == nil {
			d = &Difference{Cases: []SimulatedCase{}}
			r.found[k] = d
		}
		if d.Count++; len(d.Cases) < mostShown {
			d.Cases = append(d.Cases, SimulatedCase{ID: row.ID, Number: row.Number, Subject: row.Subject})
		}
	}
}

// decider is CourseOf that counts each day under each rule once.
func decider(cfg org.Config) func(Coded) Course {
	type key struct {
		rule string
		on   clock.Date
	}
	days := map[key]clock.Date{}
	return func(c Coded) Course {
		k := key{answerRule(c.CaseType, c.Complexity), c.ReceivedOn}
		due, ok := days[k]
		if !ok {
			due = CourseOf(cfg, c).DueOn
			days[k] = due
		}
		d := cfg.Tenant.Decisions
		return Course{
			Consult: d.NeedsConsult(c.Risk), OwnNumber: d.NeedsOwnNumber(c.Complexity == Complicated, c.Investigated),
			Watchers: watchers(cfg.Tenant.Thresholds, c), DueOn: due,
		}
	}
}

// grouped writes a number as one reads it: 4 018.
func grouped(n int) string {
	text := fmt.Sprint(n)
	var parts []string
	for len(text) > 3 {
		parts = append([]string{text[len(text)-3:]}, parts...)
		text = text[:len(text)-3]
	}
	return strings.Join(append([]string{text}, parts...), " ")
}
