package lexsarah

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"lyhord/pkg/casework"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/problem"
)

// Proves T23, T24, T25: the track's machine in Go is the one in the database.
func TestTheMachineInGoIsTheMachineInTheDatabase(t *testing.T) {
	t.Parallel()
	rows, err := dbtest.New(t).Super(t).Query(t.Context(), `select code, from_step, to_step from app.lex_moves`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var m Move
		if err := rows.Scan(&m.Code, &m.From, &m.To); err != nil {
			t.Fatal(err)
		}
		n++
		if !slices.Contains(Moves, m) {
			t.Errorf("the database has %v, Go has not", m)
		}
	}
	if rows.Err() != nil || n != len(Moves) {
		t.Errorf("%d moves stored, %d in Go (%v)", n, len(Moves), rows.Err())
	}
}

func TestEveryStepHasWordsAndNoTwoMovesAreTheSame(t *testing.T) {
	t.Parallel()
	for _, m := range Moves {
		if m.To.Text() == "" {
			t.Errorf("%s has no Swedish word", m.To)
		}
		if again, ok := between(m.From, m.To); !ok || again != m {
			t.Errorf("%s to %s is two moves", m.From, m.To)
		}
	}
}

var (
	leader = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	worker = uuid.MustParse("00000000-0000-0000-0000-000000000002")
)

func at(step Step, change func(*Situation)) Situation {
	s := Situation{Track: Track{Step: step, CaseState: casework.LexHold}, Actor: leader, May: func(string) bool { return true }}
	if change != nil {
		change(&s)
	}
	return s
}

func degree(d string) func(*Situation) { return func(s *Situation) { s.Track.Degree = &d } }

// Proves req 14.
func TestAnActIsRefusedWithTheReasonInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says, act string // says nothing: possible
		sit       Situation
	}{
		{"”Utreds”", "receive-lex", at(Investigating, nil)},
		{"Skriv vad som hände", "propose-degree", at(Investigating, func(s *Situation) { s.Missing = missing(s.Track, nil) })},
		{"", "propose-degree", at(Investigating, nil)},
		{"får inte själv besluta", "decide-degree", at(Proposal, func(s *Situation) { s.Track.ProposedBy = &leader })},
		{"får inte själv besluta", "decide-degree", at(Proposal, func(s *Situation) { s.Track.ProposedBy, s.Track.InvestigatorID = &worker, &leader })},
		{"", "decide-degree", at(Proposal, func(s *Situation) { s.Track.ProposedBy, s.OwnApproval = &leader, true })},
		{"", "decide-degree", at(Proposal, func(s *Situation) { s.Track.ProposedBy, s.Track.InvestigatorID = &worker, &worker })},
		{"till IVO först", "return-lex", at(Decided, degree(Serious))},
		{"till IVO först", "return-lex", at(Decided, degree(RiskSerious))},
		{"", "return-lex", at(Decided, degree("MISSFORHALLANDE"))},
		{"anmäls inte till IVO", "log-ivo", at(Decided, degree("MISSFORHALLANDE"))},
		{"", "log-ivo", at(Decided, degree(Serious))},
		{"följer upp", "close-lex", at(Returned, degree(Serious))},
		{"", "close-lex", at(Returned, func(s *Situation) { s.Track.CaseState = casework.Closed })},
	} {
		err := c.sit.Allow(c.act)
		if c.says == "" {
			if err != nil {
				t.Errorf("%s at %s: refused: %v", c.act, c.sit.Track.Step, problem.From(err).Text)
			}
			continue
		}
		if err == nil || !strings.Contains(problem.From(err).Text, c.says) {
			t.Errorf("%s at %s: want a refusal with %q, got %v", c.act, c.sit.Track.Step, c.says, err)
		}
	}
}

// Proves req 14: the investigation shows all that the regulation asks, or is not done.
func TestEachThingTheRegulationAsksForIsMissedByItself(t *testing.T) {
	t.Parallel()
	yes := "JA"
	whole := Track{Kinds: []string{"BEMOTANDE"}, IndividualTold: &yes, RelativesTold: &yes, PoliceReport: &yes, Personakt: &yes}
	var all []entryRow
	for _, i := range items {
		all = append(all, entryRow{Item: i.code})
	}
	if got := missing(whole, all); len(got) != 0 {
		t.Fatalf("a whole investigation lacks %v", got)
	}
	for n, i := range items {
		got := missing(whole, slices.Delete(slices.Clone(all), n, n+1))
		if i.missing != "" && (len(got) != 1 || got[0] != i.missing) || i.missing == "" && len(got) != 0 {
			t.Errorf("without %s it lacks %v", i.code, got)
		}
	}
	if got := missing(Track{}, all); len(got) != 5 {
		t.Errorf("without an answer it lacks %v", got)
	}
}

func TestOnlyOneStepIsTheNextOne(t *testing.T) {
	t.Parallel()
	for step := range stepTexts {
		n := 0
		for _, a := range at(step, degree(Serious)).Actions() {
			if a.Primary {
				n++
			}
			if !a.Allowed && (a.Reason == nil || *a.Reason == "") {
				t.Errorf("%s: %s is refused without a reason", step, a.Act)
			}
		}
		if n > 1 {
			t.Errorf("%s has %d next steps", step, n)
		}
	}
}
