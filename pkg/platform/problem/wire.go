package problem

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
)

// MediaType is the content type of a problem (RFC 9457).
const MediaType = "application/problem+json"

// Wire is a problem as RFC 9457 JSON. Instance is the request id, so that a
// person can read it to support and the log line can be found.
type Wire struct {
	Type     string       `json:"type" doc:"Vilken sorts problem" example:"urn:lyhord:problem:stale"`
	Title    string       `json:"title" doc:"Kort namn på problemet"`
	Status   int          `json:"status" doc:"HTTP-status"`
	Detail   string       `json:"detail" doc:"En mening till den som läser"`
	Code     string       `json:"code" doc:"Fast kod för program" example:"stale"`
	Instance string       `json:"instance,omitempty" doc:"Felkod att uppge till support"`
	Errors   []FieldError `json:"errors,omitempty" doc:"Vad som ska rättas"`

	headers http.Header
}

// Wire makes the answer to one request.
func (p *Problem) Wire(requestID string) *Wire {
	return &Wire{
		Type:     "urn:lyhord:problem:" + p.Code,
		Title:    p.Kind.Title(),
		Status:   p.Status(),
		Detail:   p.Text,
		Code:     p.Code,
		Instance: requestID,
		Errors:   p.Fields,
		headers:  p.GetHeaders(),
	}
}

// Error makes a Wire usable where a framework wants an error.
func (w *Wire) Error() string { return w.Code }

// GetStatus is the HTTP status.
func (w *Wire) GetStatus() int { return w.Status }

// GetHeaders is the HTTP headers that belong to the answer.
func (w *Wire) GetHeaders() http.Header { return w.headers }

// ContentType replaces JSON by the media type of problems.
func (w *Wire) ContentType(ct string) string {
	if ct == "application/json" || ct == "" {
		return MediaType
	}
	return ct
}

// LogAttrs is all that may be logged about the problem. The cause gives only
// the name of its type: its text can quote what a person wrote.
func (p *Problem) LogAttrs() []slog.Attr {
	attrs := []slog.Attr{slog.String("code", p.Code), slog.Int("status", p.Status())}
	for _, a := range [...]struct{ key, value string }{
		{"sqlstate", p.SQLState}, {"constraint", p.Constraint}, {"table", p.Table}, {"cause", p.causeType()},
	} {
		if a.value != "" {
			attrs = append(attrs, slog.String(a.key, a.value))
		}
	}
	return attrs
}

// causeType names the innermost cause's type, or the well-known error it is.
func (p *Problem) causeType() string {
	err := p.cause
	if err == nil {
		return ""
	}
	switch {
	case errors.Is(err, context.Canceled):
		return "context canceled"
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline exceeded"
	}
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return fmt.Sprintf("%T", err)
		}
		err = next
	}
}

// Level is how loud the problem is in the log: our faults are errors, a
// dependency that fails is a warning, refusals are information.
func (p *Problem) Level() slog.Level {
	switch {
	case errors.Is(p.cause, context.Canceled):
		return slog.LevelInfo // the client left; nothing is wrong
	case p.Kind.known() == KindInternal, p.SQLState == "42501":
		return slog.LevelError
	case p.Kind == KindUnavailable:
		return slog.LevelWarn
	default:
		return slog.LevelInfo
	}
}

// Log writes err once, at the edge, without personal data.
func Log(ctx context.Context, log *slog.Logger, msg string, err error) {
	if p := From(err); p != nil {
		log.LogAttrs(ctx, p.Level(), msg, p.LogAttrs()...)
	}
}
