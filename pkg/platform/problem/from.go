package problem

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
)

// sqlError is what a driver's database error can tell without being imported
// here; constraint and table come through FromPG, called by the database door.
type sqlError interface {
	error
	SQLState() string
}

// From makes a problem of any error. What it does not know is internal, with
// the generic sentence: no text of a foreign error ever reaches a person.
func From(err error) *Problem {
	if err == nil {
		return nil
	}
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return TooLarge().WithCause(err)
	}
	var db sqlError
	if errors.As(err, &db) {
		return FromPG(db.SQLState(), "", "").WithCause(err)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return Unavailable(err)
	}
	return Internal(err)
}

// FromPG is the only place where an SQLSTATE becomes a problem. The class LY is
// ours: the database raises it where its own laws refuse.
func FromPG(sqlstate, constraint, table string) *Problem {
	p := fromState(sqlstate, constraint)
	p.SQLState, p.Constraint, p.Table = sqlstate, constraint, table
	return p
}

func fromState(sqlstate, constraint string) *Problem {
	switch sqlstate {
	case "LY404":
		return NotFound()
	case "LY409":
		return IllegalMove("")
	case "LY410":
		return Gone()
	case "LY412":
		return Stale()
	case "LY403", "42501": // 42501 is also what a fence's WITH CHECK raises
		return Forbidden()
	case "LY401":
		return Unauthorized()
	case "LY422":
		switch constraint {
		case "":
			return Invalid()
		case "idempotency_key":
			return KeyReused()
		}
		return Invalid(Field("/"+constraint, "Rätta den här uppgiften."))
	case "LY428":
		return PreconditionRequired()
	case "23505", "23P01":
		return Conflict("already_exists", "Det finns redan.")
	case "23503", "23001":
		if isTransition(constraint) {
			return IllegalMove("")
		}
		return Invalid().WithCode("unknown_reference").WithText("En uppgift hänvisar till något som inte finns, eller som fortfarande används.")
	case "23502":
		return Invalid().WithCode("missing_value").WithText("En uppgift som behövs saknas.")
	case "23514", "44000":
		return Invalid().WithCode("check_violation").WithText("En uppgift har ett värde som inte är tillåtet.")
	case "40001", "40P01":
		return Conflict("try_again", "Någon annan sparade samtidigt. Försök igen.").WithRetryAfter(time.Second)
	case "55P03", "57014", "25P03", "25006":
		return Unavailable(nil)
	}
	return fromClass(sqlstate)
}

// fromClass maps by the first two characters what has no case of its own.
func fromClass(sqlstate string) *Problem {
	switch {
	case strings.HasPrefix(sqlstate, "22"): // data exception
		return Invalid()
	case strings.HasPrefix(sqlstate, "08"), // connection
		strings.HasPrefix(sqlstate, "53"),  // insufficient resources
		strings.HasPrefix(sqlstate, "57P"): // shutdown, starting up
		return Unavailable(nil)
	default:
		return Internal(nil)
	}
}

// isTransition recognises the foreign key to a table of legal (from, to) pairs,
// which ends in the column state: breaking it is an illegal move, not an unknown
// reference.
func isTransition(constraint string) bool {
	return strings.HasSuffix(constraint, "state_fkey") || strings.Contains(constraint, "transition")
}
