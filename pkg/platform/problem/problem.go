// Package problem is the one error type of the product: what went wrong, said
// once, in words that are safe to show.
//
// A Problem carries a kind (which decides the HTTP status), a stable code for
// machines, a plain Swedish sentence for people, and the cause for errors.Is.
// It must never hold personal data: it does not echo refused values, and its
// Error text and log attributes leave the cause out, because a database error
// can quote a whole row.
//
// It is tested by table over every kind, by a round trip through JSON, and by a
// canary that must not appear in any text, log or JSON made from an error.
package problem

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Kind says what sort of failure it is; each kind has exactly one HTTP status.
type Kind uint8

// The kinds, from "our fault" to "your turn".
const (
	KindInternal Kind = iota
	KindMalformed
	KindInvalid
	KindUnauthorized
	KindForbidden
	KindNotFound
	KindMethodNotAllowed
	KindNotAcceptable
	KindConflict
	KindGone
	KindStale
	KindTooLarge
	KindUnsupportedMedia
	KindPreconditionRequired
	KindRateLimited
	KindUnavailable
)

// FieldError names one thing to correct. Pointer is the JSON pointer into the
// body; Param is used instead for a path, query or header parameter.
type FieldError struct {
	Pointer string `json:"pointer,omitempty" doc:"JSON-pekare till fältet i det skickade" example:"/title"`
	Param   string `json:"param,omitempty" doc:"Namnet på en parameter i adressen eller ett huvud" example:"limit"`
	Text    string `json:"text" doc:"Vad som ska rättas" example:"Skriv vad du vill berätta."`
}

// Field is a FieldError for a place in the body.
func Field(pointer, text string) FieldError { return FieldError{Pointer: pointer, Text: text} }

// Param is a FieldError for a path, query or header parameter.
func Param(name, text string) FieldError { return FieldError{Param: name, Text: text} }

// Problem is the error. Treat it as a value: the With methods return copies.
type Problem struct {
	Kind       Kind
	Code       string
	Text       string
	Fields     []FieldError
	RetryAfter time.Duration

	// Only these three facts of a database error are kept apart from the cause,
	// because they are the only ones that cannot hold personal data.
	SQLState   string
	Constraint string
	Table      string

	cause error
}

// Error gives code and place, never the text of the cause.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Code)
	for _, part := range [...]struct{ name, value string }{
		{"sqlstate", p.SQLState}, {"constraint", p.Constraint}, {"table", p.Table},
	} {
		if part.value != "" {
			b.WriteString(" " + part.name + "=" + part.value)
		}
	}
	return b.String()
}

// Unwrap gives the cause to errors.Is and errors.As.
func (p *Problem) Unwrap() error { return p.cause }

// Status is the HTTP status of the kind.
func (p *Problem) Status() int { return p.Kind.Status() }

// GetHeaders gives the HTTP headers that belong to the answer.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.RetryAfter > 0 {
		seconds := int64((p.RetryAfter + time.Second - 1) / time.Second)
		h.Set("Retry-After", strconv.FormatInt(seconds, 10))
	}
	return h
}

// WithText says the same kind of thing in other words. The words are shown to
// people, so they must be written by us and hold nothing a person sent.
func (p *Problem) WithText(text string) *Problem {
	c := *p
	c.Text = text
	return &c
}

// WithCode gives a more exact code than the kind's own.
func (p *Problem) WithCode(code string) *Problem {
	c := *p
	c.Code = code
	return &c
}

// WithCause remembers the error behind, for errors.Is and for the type name in
// the log.
func (p *Problem) WithCause(err error) *Problem {
	c := *p
	c.cause = err
	return &c
}

// WithRetryAfter tells when it is worth trying again.
func (p *Problem) WithRetryAfter(d time.Duration) *Problem {
	c := *p
	c.RetryAfter = d
	return &c
}

// WithFields adds places to correct.
func (p *Problem) WithFields(fields ...FieldError) *Problem {
	c := *p
	c.Fields = append(append([]FieldError(nil), p.Fields...), fields...)
	return &c
}

// Is reports whether err is a problem of that kind.
func Is(err error, kind Kind) bool {
	var p *Problem
	return errors.As(err, &p) && p.Kind == kind
}

// HasCode reports whether err is a problem with that code.
func HasCode(err error, code string) bool {
	var p *Problem
	return errors.As(err, &p) && p.Code == code
}
