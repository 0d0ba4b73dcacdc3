package httpx

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"lyhord/pkg/platform/problem"
)

func newCursors(t testing.TB, fill byte) *Cursors {
	t.Helper()
	c, err := NewCursors(bytes.Repeat([]byte{fill}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestACursorBringsBackItsPosition(t *testing.T) {
	c, scope := newCursors(t, 1), CursorScope{uuid.New(), uuid.New(), "list-cases"}
	rapid.Check(t, func(t *rapid.T) {
		p := Position{
			At:     time.UnixMicro(rapid.Int64Range(-1<<52, 1<<52).Draw(t, "µs")).UTC(),
			Number: rapid.Int64().Draw(t, "number"),
			ID:     uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")),
		}
		got, err := c.Decode(scope, c.Encode(scope, p))
		if err != nil || *got != p {
			t.Fatalf("%+v %v", got, err)
		}
	})
}

func TestADateIsBroughtBackAsTheSameDate(t *testing.T) {
	c, scope := newCursors(t, 1), CursorScope{Operation: "x"}
	day := time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC)
	if got, err := c.Decode(scope, c.Encode(scope, Position{At: day})); err != nil || got.At.Format(time.DateOnly) != "2026-03-29" {
		t.Errorf("%v %v", got, err)
	}
}

func TestNoCursorIsTheFirstPage(t *testing.T) {
	if p, err := newCursors(t, 1).Decode(CursorScope{}, ""); p != nil || err != nil {
		t.Errorf("%v %v", p, err)
	}
}

func TestACursorOfAnotherScopeOrSecretIsRefused(t *testing.T) {
	c, scope := newCursors(t, 1), CursorScope{uuid.New(), uuid.New(), "list-cases"}
	cursor := c.Encode(scope, Position{At: time.Now(), ID: uuid.New()})
	for name, other := range map[string]CursorScope{
		"tenant":    {uuid.New(), scope.User, scope.Operation},
		"user":      {scope.Tenant, uuid.New(), scope.Operation},
		"operation": {scope.Tenant, scope.User, "list-users"},
	} {
		if _, err := c.Decode(other, cursor); !problem.Is(err, problem.KindInvalid) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	if _, err := newCursors(t, 2).Decode(scope, cursor); !problem.Is(err, problem.KindInvalid) {
		t.Errorf("another secret: %v", err)
	}
}

func TestAChangedCursorIsRefused(t *testing.T) {
	c, scope := newCursors(t, 1), CursorScope{Operation: "list-cases"}
	cursor := c.Encode(scope, Position{At: time.Now(), ID: uuid.New()})
	for i := range cursor {
		letter := "A"
		if cursor[i] == 'A' {
			letter = "B"
		}
		if _, err := c.Decode(scope, cursor[:i]+letter+cursor[i+1:]); err == nil {
			t.Fatalf("letter %d", i)
		}
	}
	for _, bad := range []string{"x", cursor + "A", cursor[1:], strings.Repeat("A", len(cursor)), "åäö", cursor + "\n"} {
		if _, err := c.Decode(scope, bad); !problem.Is(err, problem.KindInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestAShortSecretIsRefused(t *testing.T) {
	if _, err := NewCursors(make([]byte, 31)); err == nil {
		t.Error("31 bytes are too few")
	}
}

func FuzzDecodeCursor(f *testing.F) {
	c, scope := newCursors(f, 1), CursorScope{Operation: "list-cases"}
	good := c.Encode(scope, Position{})
	f.Add(good)
	f.Add("")
	f.Add(good + "\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := c.Decode(scope, s); err == nil && p != nil && s != good {
			t.Errorf("%q was accepted", s)
		}
	})
}
