package dialogue

import (
	"strings"
	"testing"
	"time"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/problem"
)

func TestTheWriterIsToldWhereTheCaseStandsInHerOwnWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state    string
		answered bool
		want     string
	}{
		{"received", false, "Mottaget"},
		{"registered", false, "Registrerat"},
		{"assigned", false, "Registrerat"},
		{"handed_over", false, "Överlämnat till utföraren"},
		{"assessing", false, "Utreds"},
		{"consulting", false, "Utreds"},
		{"measures", false, "Utreds"},
		{"board", false, "Utreds"},
		{"lex_hold", false, "Utreds"},
		{"assessing", true, "Utreds"}, // taken up again after an answer
		{"awaiting_info", false, "Väntar på uppgifter"},
		{"dispatching", false, "Utreds"},
		{"dispatching", true, "Besvarat"},
		{"follow_up", true, "Besvarat"},
		{"closed", true, "Avslutat"},
		{"void", false, "Avslutat"},
	} {
		if got := StatusOf(c.state, c.answered).Word(); got != c.want {
			t.Errorf("%s (answered: %t) reads %q, want %q", c.state, c.answered, got, c.want)
		}
	}
}

func TestAPromiseIsBrokenFromTheDayAfterUntilTheAnswerComes(t *testing.T) {
	t.Parallel()
	promised := clock.MustDate("2026-11-24")
	r := Receipt{Status: Working, AnswerBy: promised}
	if r.Late(promised) {
		t.Error("the promised day itself is not late")
	}
	if !r.Late(promised.AddDays(1)) {
		t.Error("the day after is late")
	}
	r.Status = Answered
	if r.Late(promised.AddDays(9)) {
		t.Error("an answered case is not late")
	}
	if (Receipt{Status: Working}).Late(promised) {
		t.Error("without a promise nothing is late")
	}
}

func TestAQuestionWaitsUntilTheWriterHasSaidSomething(t *testing.T) {
	t.Parallel()
	r := Receipt{Messages: []Message{{Kind: KindAcknowledgement}, {Kind: KindQuestion}, {Kind: KindMessage}}}
	if !r.Asked() {
		t.Error("a question without an answer should wait")
	}
	r.Messages = append(r.Messages, Message{Kind: KindMessage, FromWriter: true})
	if r.Asked() {
		t.Error("an answered question should not wait")
	}
}

func TestAMessageIsKeptAsThePersonMeantIt(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"  Hej!\r\nTack.\r\n ":            "Hej!\nTack.",
		"A\u030Asa":                       "Åsa",
		"före\u202Eeddärb\u202C efter":    "föreeddärb efter",
		"noll\x00tecken\x07":              "nolltecken",
		"trasig \xff byte":                "trasig  byte",
		"مرحبا\u200f ok":                  "مرحبا\u200f ok",
		"tab\tinne \u2028 ny rad \ufeff.": "tab\tinne \n ny rad .",
	} {
		if got := Clean(typed); got != want {
			t.Errorf("%q is kept as %q, want %q", typed, got, want)
		}
	}
	if _, err := Body(" \n\u202a "); !problem.Is(err, problem.KindInvalid) {
		t.Errorf("an empty message: %v", err)
	}
	if _, err := Body(strings.Repeat("å", maxMessage)); err != nil {
		t.Errorf("the longest message: %v", err)
	}
	if _, err := Body(strings.Repeat("å", maxMessage+1)); !problem.Is(err, problem.KindInvalid) {
		t.Errorf("a too long message: %v", err)
	}
}

func TestAPlaceIsItsNetworkAndForgottenTheNextDay(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	p := NewPlaces(c)
	same := [][2]string{
		{"192.0.2.7:1000", "192.0.2.200:2000"},
		{"2001:db8:1:2:3::1", "[2001:db8:1:2:ffff::9]:443"},
		{"::ffff:192.0.2.9", "192.0.2.10"},
		{"fe80::1%eth0", "fe80::2"},
		{"nonsense", ""},
	}
	for _, pair := range same {
		if p.Mark(pair[0]) != p.Mark(pair[1]) {
			t.Errorf("%s and %s are the same network", pair[0], pair[1])
		}
	}
	if p.Mark("192.0.2.7") == p.Mark("192.0.3.7") {
		t.Error("two networks share a mark")
	}
	today := p.Mark("192.0.2.7")
	if today != "2026-11-22 192.0.2.0/24" {
		t.Errorf("the mark %q should say no more than the day and the network", today)
	}
	c.Advance(24 * time.Hour)
	if p.Mark("192.0.2.7") == today {
		t.Error("the mark of yesterday is still good")
	}
}
