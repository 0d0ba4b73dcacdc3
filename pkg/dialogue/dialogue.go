// Package dialogue is the conversation with the person who wrote: the receipt code (kvittokod) that lets her come back
// without an account, what it shows, and what she writes back.
//
// It must not show the report itself to the holder of a code (a code may be read over a shoulder, the story may not),
// must not tell a wrong code from an unknown or an expired one, and must not know who the writer is: no address, no
// browser, no name reaches it. Tests run against a real PostgreSQL as the role of the public form.
package dialogue

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/problem"
)

// Status is where a case stands, in the few words that mean something to the person who wrote.
type Status string

// What the writer is told. Lex Sarah, samråd and nämnd are all "utreds": how the case is handled inside is not hers to carry.
const (
	Received   Status = "MOTTAGET"
	Registered Status = "REGISTRERAT"
	Forwarded  Status = "OVERLAMNAT"
	Working    Status = "UTREDS"
	Waiting    Status = "VANTAR"
	Answered   Status = "BESVARAT"
	Closed     Status = "AVSLUTAT"
)

var statusWords = map[Status]string{
	Received: "Mottaget", Registered: "Registrerat", Forwarded: "Överlämnat till utföraren", Working: "Utreds",
	Waiting: "Väntar på uppgifter", Answered: "Besvarat", Closed: "Avslutat",
}

// Word is the status as shown.
func (s Status) Word() string { return statusWords[s] }

// StatusOf translates a case's state. A case is answered only when an answer has been given, whatever its state.
func StatusOf(state string, answered bool) Status {
	switch state {
	case "received":
		return Received
	case "registered", "assigned":
		return Registered
	case "handed_over":
		return Forwarded
	case "awaiting_info":
		return Waiting
	case "dispatching", "follow_up":
		if answered {
			return Answered
		}
		return Working
	case "closed", "void", "archived", "disposed":
		return Closed
	default:
		return Working
	}
}

// Kinds of message, as the database names them.
const (
	KindAcknowledgement = "BEKRAFTELSE"
	KindReply           = "SVAR"
	KindQuestion        = "FRAGA"
	KindMessage         = "MEDDELANDE"
)

// Message is one thing said, by either side.
type Message struct {
	At         time.Time
	FromWriter bool
	Kind       string
	Text       string
}

// Receipt is what a code shows: how far the case has come and what has been said. Never the report.
type Receipt struct {
	Status     Status
	ReceivedOn clock.Date
	AnswerBy   clock.Date // the promised day; zero while none is set
	AnsweredOn clock.Date
	ClosedOn   clock.Date
	Messages   []Message
}

// Reply is the latest answer of the unit.
func (r Receipt) Reply() (Message, bool) {
	for i := len(r.Messages) - 1; i >= 0; i-- {
		if m := r.Messages[i]; m.Kind == KindReply && !m.FromWriter {
			return m, true
		}
	}
	return Message{}, false
}

// Asked reports whether the unit's latest question still waits for the writer.
func (r Receipt) Asked() bool {
	for i := len(r.Messages) - 1; i >= 0; i-- {
		if r.Messages[i].FromWriter {
			return false
		}
		if r.Messages[i].Kind == KindQuestion {
			return true
		}
	}
	return false
}

// Late reports whether the promised day has passed without an answer.
func (r Receipt) Late(today clock.Date) bool {
	return r.Status != Answered && r.Status != Closed && !r.AnswerBy.IsZero() && r.AnswerBy.Before(today)
}

// maxMessage is how much the writer may send at a time, in characters.
const maxMessage = 10_000

// Body makes a text fit to keep: one form of each letter, plain line ends, nothing invisible that changes how it is read.
func Body(text string) (string, error) {
	text = Clean(text)
	if text == "" {
		return "", problem.Invalid(problem.Field("/body", "Skriv ditt meddelande."))
	}
	if len([]rune(text)) > maxMessage {
		return "", problem.Invalid(problem.Field("/body", "Meddelandet får ha högst 10 000 tecken. Dela upp det i två."))
	}
	return text, nil
}

// Clean removes what a person cannot have meant to write: control characters, marks that turn the direction of what
// follows, broken UTF-8. Letters are composed (NFC), so that the same word is the same bytes.
func Clean(text string) string {
	text = strings.ToValidUTF8(text, "")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text)
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff':
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(norm.NFC.String(text))
}
