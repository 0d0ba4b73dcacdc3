package seal

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"
)

// ErrNoTenantKey means that the tenant has no key at all.
var ErrNoTenantKey = errors.New("seal: the tenant has no key")

// WrappedKey is a stored version of a tenant's key.
type WrappedKey struct {
	Version int
	Wrapped []byte
}

// Loader reads all stored versions of a tenant's key.
type Loader func(ctx context.Context, tenant uuid.UUID) ([]WrappedKey, error)

// Ring keeps the opened tenants' keys in memory, so that a request need not
// fetch and unwrap them. Keys of cases are never kept. It is safe for concurrent
// use.
type Ring struct {
	root   *Root
	load   Loader
	maxAge time.Duration

	mu      sync.RWMutex
	tenants map[uuid.UUID]*versions
	epoch   uint64 // counts Forget, so that a slow fetch cannot bring back what was dropped
	flight  singleflight.Group
}

type versions struct {
	current *TenantKey
	byVer   map[uint16]*TenantKey
	loaded  time.Time
}

// RingAge is how long a Ring trusts what it has: a new version made by another
// process is used by all within this time, and a destroyed key forgotten.
const RingAge = 5 * time.Minute

// loadTimeout bounds a fetch that no longer has a caller to give up on it.
const loadTimeout = 5 * time.Second

// NewRing makes a Ring that reads keys by load; time is the root's clock.
func NewRing(root *Root, load Loader) *Ring {
	return &Ring{root: root, load: load, maxAge: RingAge, tenants: map[uuid.UUID]*versions{}}
}

// Current gives the tenant's newest key, the one to seal with.
func (r *Ring) Current(ctx context.Context, tenant uuid.UUID) (*TenantKey, error) {
	v, err := r.get(ctx, tenant)
	if err != nil {
		return nil, err
	}
	return v.current, nil
}

// All gives every version, newest first: what is looked up by blind index while
// a rotation is under way is looked up by each.
func (r *Ring) All(ctx context.Context, tenant uuid.UUID) ([]*TenantKey, error) {
	v, err := r.get(ctx, tenant)
	if err != nil {
		return nil, err
	}
	all := make([]*TenantKey, 0, len(v.byVer))
	for ver := int(v.current.version); ver > 0; ver-- {
		if k := v.byVer[uint16(ver)]; k != nil {
			all = append(all, k)
		}
	}
	return all, nil
}

// For gives the version that a sealed value or a wrapped key names.
func (r *Ring) For(ctx context.Context, tenant uuid.UUID, sealed []byte) (*TenantKey, error) {
	if len(sealed) == 0 {
		return nil, ErrShredded
	}
	ref, err := reference(sealed)
	if err != nil {
		return nil, err
	}
	v, err := r.get(ctx, tenant)
	if err != nil {
		return nil, err
	}
	if k := v.byVer[ref]; k != nil {
		return k, nil
	}
	if ref < v.current.version {
		return nil, ErrShredded // versions are loaded together: an older one that is missing is destroyed
	}
	r.Forget(tenant) // a newer version than we have seen: another process made it
	if v, err = r.get(ctx, tenant); err != nil {
		return nil, err
	}
	if k := v.byVer[ref]; k != nil {
		return k, nil
	}
	return nil, ErrOpen
}

// OpenCaseKey unwraps a case's key by the version that wrapped it.
func (r *Ring) OpenCaseKey(ctx context.Context, tenant, caseID uuid.UUID, wrapped []byte) (*CaseKey, error) {
	k, err := r.For(ctx, tenant, wrapped)
	if err != nil {
		return nil, err
	}
	return k.OpenCaseKey(caseID, wrapped)
}

// Forget drops a tenant's keys, after a rotation or when the tenant leaves.
func (r *Ring) Forget(tenant uuid.UUID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.tenants, tenant)
	r.epoch++
	r.flight.Forget(tenant.String())
}

func (r *Ring) get(ctx context.Context, tenant uuid.UUID) (*versions, error) {
	r.mu.RLock()
	v := r.tenants[tenant]
	r.mu.RUnlock()
	if v != nil && r.root.now().Sub(v.loaded) < r.maxAge {
		return v, nil
	}
	// One fetch serves all who wait. It must not die with the request that
	// happened to start it, so it runs without that request's cancellation.
	ch := r.flight.DoChan(tenant.String(), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTimeout)
		defer cancel()
		return r.fetch(ctx, tenant)
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case res := <-ch:
		if res.Err != nil {
			return nil, res.Err
		}
		return res.Val.(*versions), nil
	}
}

func (r *Ring) fetch(ctx context.Context, tenant uuid.UUID) (*versions, error) {
	r.mu.RLock()
	epoch := r.epoch
	r.mu.RUnlock()
	stored, err := r.load(ctx, tenant)
	if err != nil {
		return nil, err
	}
	v := &versions{byVer: make(map[uint16]*TenantKey, len(stored)), loaded: r.root.now()}
	for _, s := range stored {
		k, err := r.root.OpenTenantKey(tenant, s.Version, s.Wrapped)
		if err != nil {
			return nil, err
		}
		v.byVer[k.version] = k
		if v.current == nil || k.version > v.current.version {
			v.current = k
		}
	}
	if v.current == nil {
		return nil, ErrNoTenantKey
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.epoch == epoch {
		r.tenants[tenant] = v
	}
	return v, nil
}
