package seal

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// store stands for the table of wrapped keys.
type store struct {
	mu    sync.Mutex
	keys  map[uuid.UUID][]WrappedKey
	loads int
	err   error
}

func (s *store) load(_ context.Context, tenant uuid.UUID) ([]WrappedKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loads++
	return append([]WrappedKey(nil), s.keys[tenant]...), s.err
}

func (s *store) add(t *testing.T, r *Root, tenant uuid.UUID, version int) {
	t.Helper()
	wrapped, _, err := r.NewTenantKey(tenant, version)
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[tenant] = append(s.keys[tenant], WrappedKey{Version: version, Wrapped: wrapped})
}

func ringFor(t *testing.T) (*Ring, *Root, *store, *time.Time, uuid.UUID) {
	t.Helper()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	root := newRoot(t).WithClock(func() time.Time { return now })
	s, tenant := &store{keys: map[uuid.UUID][]WrappedKey{}}, uuid.New()
	s.add(t, root, tenant, 1)
	return NewRing(root, s.load), root, s, &now, tenant
}

func TestARingFetchesATenantsKeyOnce(t *testing.T) {
	ring, _, s, _, tenant := ringFor(t)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			k, err := ring.Current(t.Context(), tenant)
			if err != nil {
				t.Error(err)
				return
			}
			ck, wrapped := k.NewCaseKey(tenant)
			sealed := ck.Seal("t", "c", tenant, "x")
			again, err := ring.OpenCaseKey(t.Context(), tenant, tenant, wrapped)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := again.Open("t", "c", tenant, sealed); err != nil || got != "x" {
				t.Error(got, err)
			}
		})
	}
	all.Wait()
	if s.loads > 2 { // one flight, and at most one more that began just before it landed
		t.Errorf("%d loads", s.loads)
	}
}

func TestARingSeesARotationByAnotherProcess(t *testing.T) {
	ring, root, s, now, tenant := ringFor(t)
	v1, err := ring.Current(t.Context(), tenant)
	if err != nil {
		t.Fatal(err)
	}
	_, oldWrapped := v1.NewCaseKey(tenant)
	s.add(t, root, tenant, 2)
	v2, _ := root.OpenTenantKey(tenant, 2, s.keys[tenant][1].Wrapped)
	_, newWrapped := v2.NewCaseKey(tenant)

	if _, err := ring.OpenCaseKey(t.Context(), tenant, tenant, newWrapped); err != nil {
		t.Errorf("a version never seen must be fetched: %v", err)
	}
	if _, err := ring.OpenCaseKey(t.Context(), tenant, tenant, oldWrapped); err != nil {
		t.Errorf("the old version must still open: %v", err)
	}
	if k, _ := ring.Current(t.Context(), tenant); k.Version() != 2 {
		t.Errorf("current is %d", k.Version())
	}
	if all, _ := ring.All(t.Context(), tenant); len(all) != 2 || all[0].Version() != 2 {
		t.Errorf("all: %v", all)
	}

	s.keys[tenant] = s.keys[tenant][1:] // version 1 destroyed
	*now = now.Add(RingAge)
	if _, err := ring.OpenCaseKey(t.Context(), tenant, tenant, oldWrapped); !errors.Is(err, ErrShredded) {
		t.Errorf("a destroyed version must be gone within the ring's age: %v", err)
	}
}

func TestARingHasNoKeyForWhoHasNone(t *testing.T) {
	ring, _, s, _, tenant := ringFor(t)
	if _, err := ring.Current(t.Context(), uuid.New()); !errors.Is(err, ErrNoTenantKey) {
		t.Errorf("%v", err)
	}
	s.err = errors.New("down")
	if _, err := ring.Current(t.Context(), tenant); err == nil {
		t.Error("a failed load must be told")
	}
	s.err = nil
	if _, err := ring.Current(t.Context(), tenant); err != nil {
		t.Errorf("and tried again: %v", err)
	}
	if _, err := ring.OpenCaseKey(t.Context(), tenant, tenant, nil); !errors.Is(err, ErrShredded) {
		t.Errorf("%v", err)
	}
	if _, err := ring.OpenCaseKey(t.Context(), tenant, tenant, []byte{formatV1}); !errors.Is(err, ErrOpen) {
		t.Errorf("%v", err)
	}
}

func TestACallerWhoLeavesDoesNotWait(t *testing.T) {
	ring, _, s, _, tenant := ringFor(t)
	s.mu.Lock() // the load cannot finish
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := ring.Current(ctx, tenant)
	s.mu.Unlock()
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := ring.Current(t.Context(), tenant); err != nil {
		t.Errorf("the fetch it started still serves others: %v", err)
	}
}
