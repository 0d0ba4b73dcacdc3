package httpx

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"lyhord/pkg/platform/problem"
)

// field says a validation failure in plain Swedish. The refused value is dropped: it may be personal.
func field(d *huma.ErrorDetail) problem.FieldError {
	where, rest, _ := strings.Cut(d.Location, ".")
	text := sentence(d.Message)
	if name, missing := strings.CutPrefix(d.Message, "expected required property "); missing {
		name, _, _ = strings.Cut(name, " ")
		rest = strings.Trim(rest+"."+name, ".")
	}
	switch where {
	case "body":
		return problem.Field(pointer(rest), text)
	case "path", "query", "header", "cookie":
		return problem.Param(rest, text)
	}
	return problem.Field(pointer(d.Location), text)
}

// pointer turns huma's "a.b[0]" into the JSON pointer "/a/b/0". A name that could be somebody's text is left out.
func pointer(loc string) string {
	loc = strings.NewReplacer("[", ".", "]", "").Replace(loc)
	out := ""
	for part := range strings.SplitSeq(loc, ".") {
		if _, err := strconv.Atoi(part); err == nil {
			out += "/" + part
			continue
		}
		out = join(out, part)
	}
	return out
}

// sentence maps the validator's English (huma/validation messages) to ours. What is unknown is said generally.
func sentence(message string) string {
	number := func(prefix string) (string, bool) {
		rest, ok := strings.CutPrefix(message, prefix)
		if !ok {
			return "", false
		}
		n, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if _, err := strconv.ParseFloat(n, 64); err != nil {
			return "", false
		}
		return n, true
	}
	switch {
	case strings.Contains(message, "required"):
		return "Fältet behöver fyllas i."
	case strings.HasPrefix(message, "unexpected property"), strings.HasPrefix(message, "unknown"):
		return "Fältet finns inte."
	case strings.HasPrefix(message, "expected value to be one of"):
		return "Välj ett av de tillåtna värdena."
	case strings.Contains(message, "uuid"):
		return "Det ska vara ett id (uuid)."
	case strings.Contains(message, "date"):
		return "Skriv datum som ÅÅÅÅ-MM-DD och tid enligt RFC 3339."
	case strings.HasPrefix(message, "expected string to match pattern"):
		return "Formen stämmer inte."
	case strings.HasPrefix(message, "expected boolean"):
		return "Det ska vara ja eller nej (true eller false)."
	case strings.HasPrefix(message, "expected number"), strings.HasPrefix(message, "expected integer"):
		if n, ok := number("expected number >="); ok {
			return "Talet ska vara minst " + n + "."
		}
		if n, ok := number("expected number <="); ok {
			return "Talet får vara högst " + n + "."
		}
		return "Det ska vara ett tal."
	}
	if n, ok := number("expected length >="); ok {
		return "Texten ska ha minst " + n + " tecken."
	}
	if n, ok := number("expected length <="); ok {
		return "Texten får ha högst " + n + " tecken."
	}
	if strings.HasPrefix(message, "expected array") {
		return "Listan har fel antal."
	}
	return "Värdet går inte att använda."
}

func asProblem(err error) *problem.Problem {
	var p *problem.Problem
	if errors.As(err, &p) {
		return p
	}
	return nil
}

type requestIDKey struct{}

// WithRequestID carries the request's id, which a person can read to support.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID is the id of the request in ctx, or empty.
func RequestID(ctx context.Context) string {
	s, _ := ctx.Value(requestIDKey{}).(string)
	return s
}
