package identity

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
)

func TestAPasswordMatchesItsHashAndNoOther(t *testing.T) {
	h := newHasher()
	hash := HashPassword("ett lösenord med å, ä och ö")
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") || hash == HashPassword("ett lösenord med å, ä och ö") {
		t.Errorf("the hash is %s", hash)
	}
	for password, want := range map[string]bool{"ett lösenord med å, ä och ö": true, "ett lösenord med å, ä och o": false, "": false} {
		if got, err := h.matches(t.Context(), password, hash); got != want || err != nil {
			t.Errorf("%q: %v %v", password, got, err)
		}
	}
	if got, err := h.matches(t.Context(), "", ""); got || err != nil {
		t.Errorf("no password for nobody: %v %v", got, err)
	}
}

// Argon2id's memory is its work: who does not exist must cost as much as who does.
func TestALoginThatDoesNotExistCostsTheSameWork(t *testing.T) {
	h, hash := newHasher(), HashPassword("finns")
	cost := func(hash string) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := h.matches(t.Context(), "fel", hash); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	known, unknown := cost(hash), cost("")
	const memory = argonMemory * 1024
	if known < memory || unknown < memory || known > memory*5/4 || unknown > memory*5/4 {
		t.Errorf("a known login takes %d bytes, an unknown %d", known, unknown)
	}
}

func TestAFloodOfLoginsWaitsItsTurn(t *testing.T) {
	h := newHasher()
	for range argonAtOnce {
		h.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.matches(ctx, "x", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("a fifth at once: %v", err)
	}
	<-h.slots
	if _, err := h.matches(t.Context(), "x", ""); err != nil {
		t.Errorf("after one is done: %v", err)
	}
}

func TestWhatIsNoHashOrCostsTooMuchIsRefused(t *testing.T) {
	for _, text := range []string{
		"x", "$2a$10$abcdefghijklmnopqrstuv", "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5",
		"$argon2id$v=19$m=9999999,t=2,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5", "$argon2id$v=19$m=19456,t=99,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5",
		"$argon2id$v=19$m=19456,t=2,p=0$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5", "$argon2id$v=19$m=19456,t=2,p=1$!$a2V5a2V5a2V5a2V5a2V5",
		"$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$a2V5", "$argon2id$v=18$m=19456,t=2,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5", "$argon2id$v=19$m=x$$",
	} {
		if ok, err := newHasher().matches(t.Context(), "x", text); ok || !errors.Is(err, errPasswordForm) {
			t.Errorf("%s: %v %v", text, ok, err)
		}
	}
}
