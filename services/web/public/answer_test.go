package public

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"lyhord/pkg/dialogue"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/problem"
)

func TestACodeShowsHowFarTheCaseHasCome(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.receipt = dialogue.Receipt{Status: dialogue.Working, ReceivedOn: clock.MustDate("2026-11-03"), AnswerBy: clock.MustDate("2026-11-24")}
	p := tw.post(bromma+"svar", "kod", strings.ToLower(tw.code.Text()))
	if p.code != http.StatusOK {
		t.Fatalf("answered %d", p.code)
	}
	p.says("Mottaget 3 november 2026")
	p.says("Inget svar än. Du får svar senast tisdag 24 november 2026.")
	now := p.all(func(n *html.Node) bool { return attr(n, "aria-current") == "step" })
	if len(now) != 1 || text(now[0]) != "Utreds just nu" {
		t.Errorf("the present step is %q", text(now[0]))
	}
	tw.receipt.AnswerBy = clock.MustDate("2026-11-19")
	tw.post(bromma+"svar", "kod", tw.code.Text()).says("Du skulle ha fått svar senast torsdag 19 november 2026.")
	tw.receipt.Status, tw.receipt.AnsweredOn = dialogue.Answered, clock.MustDate("2026-11-17")
	tw.receipt.Messages = []dialogue.Message{{At: tw.clock.Now(), Kind: dialogue.KindReply, Text: "Vi har ändrat <rutinen>."}}
	p = tw.post(bromma+"svar", "kod", tw.code.Text())
	p.says("Du fick svar tisdag 17 november 2026.")
	p.says("Svaret till dig")
	if n := strings.Count(text(p.root), "Vi har ändrat <rutinen>."); n != 1 {
		t.Errorf("the answer is shown %d times", n)
	}
	p.says("Jag är inte nöjd")
	p.says("Inspektionen för vård och omsorg")
}

func TestAnEarlierAnswerIsNoStepAheadWhenTheCaseIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	line := stops(dialogue.Receipt{Status: dialogue.Working, ReceivedOn: clock.MustDate("2026-11-03"), AnsweredOn: clock.MustDate("2026-11-10")})
	last := line[len(line)-1]
	if last.State != "next" || !last.On.IsZero() || line[2].State != "now" || line[0].State != "done" {
		t.Errorf("the line is %+v", line)
	}
}

func TestAWrongCodeIsAnsweredTheSameHoweverItIsWrong(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	first := ""
	for _, code := range []string{"ABCD", strings.Repeat("0", 24), tw.code.Text()[:28] + "0"} {
		if code == tw.code.Text() {
			code = tw.code.Text()[:28] + "1"
		}
		p := tw.post(bromma+"svar", "kod", code)
		if p.code != http.StatusUnprocessableEntity || attr(p.byID("kod"), "value") != code {
			t.Errorf("%q is answered %d", code, p.code)
		}
		said := strings.ReplaceAll(p.raw, code, "")
		if first == "" {
			first = said
		}
		if said != first {
			t.Errorf("%q is answered in a way of its own", code)
		}
		p.says("Koden stämmer inte. Den har 24 tecken.")
	}
	tw.post(bromma+"svar", "kod", " - ").says("Skriv din kod")
	tw.get(bromma + "svar?kod=" + strings.ReplaceAll(tw.code.Text(), " ", "")).saysNothingOf("Ditt ärende") // no code in an address
}

func TestTheWriterWritesBackAndKeepsHerWordsWhenItFails(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.receipt = dialogue.Receipt{Status: dialogue.Waiting, Messages: []dialogue.Message{{At: tw.clock.Now(), Kind: dialogue.KindQuestion, Text: "Vilken dag?"}}}
	p := tw.post(bromma+"svar", "kod", tw.code.Text())
	p.says("Vi har en fråga till dig.")
	if hidden := p.all(func(n *html.Node) bool { return attr(n, "type") == "hidden" }); len(hidden) != 1 || attr(hidden[0], "value") != tw.code.Text() {
		t.Error("the next form does not carry the code")
	}
	tw.intake = problem.Unavailable(nil)
	p = tw.post(bromma+"svar/meddelande", "kod", tw.code.Text(), "meddelande", "Det var i <tisdags>")
	if p.code != http.StatusServiceUnavailable || !strings.Contains(text(p.byID("meddelande")), "Det var i <tisdags>") {
		t.Errorf("a message that cannot be taken is answered %d", p.code)
	}
	tw.intake = nil
	p = tw.post(bromma+"svar/meddelande", "kod", tw.code.Text(), "meddelande", "Det var i <tisdags>")
	p.says("Tack, meddelandet är skickat.")
	p.says("Det var i <tisdags>")
	if text(p.byID("meddelande")) != "" || strings.Contains(text(p.root), "Vi har en fråga till dig.") {
		t.Error("the sent message stands in the field, or the question still waits")
	}
	p = tw.post(bromma+"svar/meddelande", "kod", tw.code.Text(), "meddelande", " \n ")
	if p.code != http.StatusUnprocessableEntity || !strings.Contains(text(p.byID("fel")), "Skriv ditt meddelande") {
		t.Errorf("an empty message is answered %d", p.code)
	}
	if p := tw.get(bromma + "svar/meddelande"); p.code != http.StatusSeeOther || p.head.Get("Location") != bromma+"svar" {
		t.Errorf("reading the address of a message: %d to %q", p.code, p.head.Get("Location"))
	}
}

func TestACaseThatTookTooManyTriesSaysWhenToComeBack(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.Site.Receipts = refusing{}
	p := tw.post(bromma+"svar", "kod", tw.code.Text())
	if p.code != http.StatusTooManyRequests || p.head.Get("Retry-After") != "900" {
		t.Errorf("answered %d", p.code)
	}
	p.says("Du kan försöka igen om 15 minuter.")
}

// refusing is a service that has had enough.
type refusing struct{}

func (refusing) Open(context.Context, uuid.UUID, dialogue.Code) (dialogue.Receipt, error) {
	return dialogue.Receipt{}, problem.RateLimited(15 * time.Minute)
}

func (refusing) Write(context.Context, uuid.UUID, dialogue.Code, string) error {
	return problem.RateLimited(15 * time.Minute)
}
