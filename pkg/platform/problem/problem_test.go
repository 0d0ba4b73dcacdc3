package problem

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

const canary = "Asta Kanarie 19121212-1212"

// pgError stands for a driver's error: text with row data, state by method.
type pgError struct{ state string }

func (e pgError) Error() string    { return "Failing row contains (" + canary + ")" }
func (e pgError) SQLState() string { return e.state }

func TestEveryKindHasItsOwnStatusCodeTitleAndSentence(t *testing.T) {
	status, code := map[int]bool{}, map[string]bool{}
	for k := range kindFacts {
		f := kindFacts[k]
		if f.status < 400 || f.code == "" || f.title == "" || !strings.HasSuffix(f.text, ".") && !strings.HasSuffix(f.text, ").") {
			t.Errorf("kind %d is incomplete: %+v", k, f)
		}
		if status[f.status] || code[f.code] {
			t.Errorf("kind %d repeats status %d or code %s", k, f.status, f.code)
		}
		status[f.status], code[f.code] = true, true
		if got := FromStatus(f.status); got.Kind != Kind(k) {
			t.Errorf("FromStatus(%d) = %v", f.status, got.Kind)
		}
	}
	if Kind(200).Status() != http.StatusInternalServerError {
		t.Error("an unknown kind must be internal")
	}
}

func TestStatusesWithoutAKindStillGetAnAnswer(t *testing.T) {
	for status, want := range map[int]Kind{408: KindUnavailable, 504: KindUnavailable, 418: KindMalformed, 502: KindInternal} {
		if got := FromStatus(status).Kind; got != want {
			t.Errorf("%d: %v, want %v", status, got, want)
		}
	}
}

func TestAnUnknownErrorSaysNothingOfItself(t *testing.T) {
	p := From(fmt.Errorf("wrapped: %w", errors.New(canary)))
	if p.Kind != KindInternal || p.Text != "Något gick fel hos oss. Det du skrivit finns kvar." {
		t.Fatalf("got %+v", p)
	}
	mustNotLeak(t, p)
}

func TestADatabaseErrorSaysNothingOfTheRow(t *testing.T) {
	for _, state := range []string{"22P02", "23514", "23505", "XX000", "LY422"} {
		mustNotLeak(t, From(fmt.Errorf("insert: %w", pgError{state})))
		mustNotLeak(t, FromPG(state, "a_check", "a").WithCause(pgError{state}))
	}
}

func mustNotLeak(t *testing.T, p *Problem) {
	t.Helper()
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	Log(context.Background(), log, "request failed", p)
	body, err := json.Marshal(p.Wire("r1"))
	if err != nil {
		t.Fatal(err)
	}
	all := out.String() + string(body) + p.Error()
	if strings.Contains(all, "Kanarie") || strings.Contains(all, "1212") {
		t.Errorf("personal data leaked: %s", all)
	}
	if out.Len() == 0 {
		t.Error("nothing was logged")
	}
}

func TestSQLStatesBecomeProblems(t *testing.T) {
	for _, c := range []struct {
		state, constraint string
		kind              Kind
		code              string
	}{
		{"LY404", "", KindNotFound, "not_found"},
		{"LY409", "", KindConflict, "illegal_move"},
		{"LY410", "", KindGone, "gone"},
		{"LY412", "", KindStale, "stale"},
		{"LY401", "", KindUnauthorized, "unauthorized"},
		{"LY403", "", KindForbidden, "forbidden"},
		{"LY422", "", KindInvalid, "invalid"},
		{"LY422", "happened_on", KindInvalid, "invalid"},
		{"LY428", "", KindPreconditionRequired, "precondition_required"},
		{"42501", "", KindForbidden, "forbidden"},
		{"23505", "case_number_key", KindConflict, "already_exists"},
		{"23503", "case_unit_fk", KindInvalid, "unknown_reference"},
		{"23503", "cases_prev_state_state_fkey", KindConflict, "illegal_move"},
		{"23503", "case_events_transition_from_state_to_state_fkey", KindConflict, "illegal_move"},
		{"LY422", "idempotency_key", KindInvalid, "idempotency_key_reused"},
		{"23502", "", KindInvalid, "missing_value"},
		{"23514", "case_title_check", KindInvalid, "check_violation"},
		{"22P02", "", KindInvalid, "invalid"},
		{"22001", "", KindInvalid, "invalid"},
		{"22021", "", KindInvalid, "invalid"},
		{"40001", "", KindConflict, "try_again"},
		{"40P01", "", KindConflict, "try_again"},
		{"55P03", "", KindUnavailable, "unavailable"},
		{"57014", "", KindUnavailable, "unavailable"},
		{"57P01", "", KindUnavailable, "unavailable"},
		{"57P03", "", KindUnavailable, "unavailable"},
		{"53300", "", KindUnavailable, "unavailable"},
		{"08006", "", KindUnavailable, "unavailable"},
		{"42P01", "", KindInternal, "internal"},
		{"", "", KindInternal, "internal"},
	} {
		p := FromPG(c.state, c.constraint, "case")
		if p.Kind != c.kind || p.Code != c.code {
			t.Errorf("%s %s: %v %s, want %v %s", c.state, c.constraint, p.Kind, p.Code, c.kind, c.code)
		}
		if p.SQLState != c.state || p.Constraint != c.constraint || p.Table != "case" {
			t.Errorf("%s: the three loggable facts are not kept", c.state)
		}
	}
	if f := FromPG("LY422", "happened_on", "").Fields; len(f) != 1 || f[0].Pointer != "/happened_on" {
		t.Errorf("LY422 must name its field, got %+v", f)
	}
}

func TestFromKeepsAProblemAndKnowsTheStandardErrors(t *testing.T) {
	stale := Stale()
	if From(fmt.Errorf("saving: %w", stale)) != stale {
		t.Error("a wrapped problem must come back as itself")
	}
	if From(nil) != nil {
		t.Error("no error is no problem")
	}
	if !Is(From(&http.MaxBytesError{Limit: 1}), KindTooLarge) {
		t.Error("a too large body must be too large")
	}
	if !Is(From(context.DeadlineExceeded), KindUnavailable) {
		t.Error("a timeout must be unavailable")
	}
	if !errors.Is(From(context.Canceled), context.Canceled) {
		t.Error("the cause must be reachable")
	}
	if From(context.Canceled).Level() != slog.LevelInfo || Internal(nil).Level() != slog.LevelError {
		t.Error("a client that left is not an error, our own fault is")
	}
}

func TestTheWireFormIsRFC9457(t *testing.T) {
	p := Invalid(Field("/title", "Skriv en rubrik."), Param("limit", "Högst 100.")).WithRetryAfter(1500 * time.Millisecond)
	body, err := json.Marshal(p.Wire("req-7"))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"urn:lyhord:problem:invalid","title":"Behöver rättas","status":422,` +
		`"detail":"Några uppgifter behöver rättas.","code":"invalid","instance":"req-7",` +
		`"errors":[{"pointer":"/title","text":"Skriv en rubrik."},{"param":"limit","text":"Högst 100."}]}`
	if string(body) != want {
		t.Errorf("got  %s\nwant %s", body, want)
	}
	w := p.Wire("req-7")
	if w.ContentType("application/json") != MediaType || w.GetHeaders().Get("Retry-After") != "2" {
		t.Error("media type or Retry-After is wrong")
	}
}

func TestChangingACopyLeavesTheOriginal(t *testing.T) {
	a := Invalid(Field("/a", "A."))
	b := a.WithFields(Field("/b", "B.")).WithText("Annat.").WithCode("other")
	if len(a.Fields) != 1 || a.Code != "invalid" || len(b.Fields) != 2 || !HasCode(b, "other") {
		t.Errorf("a=%+v b=%+v", a, b)
	}
}
