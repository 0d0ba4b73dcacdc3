package seal

import (
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Root wraps the tenants' keys. It comes from a file outside the database; a key
// vault mounts it as such a file. The first key of the file wraps, the following
// only open what they once wrapped, so that the root too can be replaced.
type Root struct {
	keys []rootKey
	now  func() time.Time
}

type rootKey struct {
	ref  uint16
	aead cipher.AEAD
}

// NewRootKey makes the text of a new root key, ready to be put in a file.
func NewRootKey() string {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never returns an error: it aborts the process instead
	defer clear(key)
	return base64.StdEncoding.EncodeToString(key)
}

// LoadRoot reads the root key file.
func LoadRoot(path string) (*Root, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("seal: read the root key file: %w", err)
	}
	defer clear(text)
	return ParseRoot(string(text))
}

// ParseRoot reads one key per line, each 32 bytes in base64. Empty lines and
// lines that begin with # are passed over.
func ParseRoot(text string) (*Root, error) {
	r := &Root{now: time.Now}
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(key) != keySize {
			return nil, fmt.Errorf("seal: line %d of the root key is not %d bytes in base64", n+1, keySize)
		}
		sum := sha256.Sum256(key)
		r.keys = append(r.keys, rootKey{ref: binary.BigEndian.Uint16(sum[:]), aead: newAEAD(key)})
		clear(key)
	}
	if len(r.keys) == 0 {
		return nil, errors.New("seal: the root key is empty")
	}
	return r, nil
}

// WithClock sets the clock that decides the century of an identity number
// written with ten digits.
func (r *Root) WithClock(now func() time.Time) *Root {
	c := *r
	c.now = now
	return &c
}

// NewTenantKey makes a tenant's key of the given version (1, 2, …) and gives it
// wrapped, to be stored, and opened, to be used.
func (r *Root) NewTenantKey(tenant uuid.UUID, version int) (wrapped []byte, key *TenantKey, err error) {
	if version < 1 || version > 1<<16-1 {
		return nil, nil, fmt.Errorf("seal: %d is not a key version", version)
	}
	raw := make([]byte, keySize)
	_, _ = rand.Read(raw)
	defer clear(raw)
	return r.wrap(tenant, version, raw), newTenantKey(tenant, uint16(version), raw, r.now), nil
}

// OpenTenantKey unwraps a tenant's key. No wrapped key means that the tenant's
// key is destroyed.
func (r *Root) OpenTenantKey(tenant uuid.UUID, version int, wrapped []byte) (*TenantKey, error) {
	raw, err := r.unwrap(tenant, version, wrapped)
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	return newTenantKey(tenant, uint16(version), raw, r.now), nil
}

// Rewrap wraps a tenant's key anew by the first root key, after the root has
// been replaced.
func (r *Root) Rewrap(tenant uuid.UUID, version int, wrapped []byte) ([]byte, error) {
	raw, err := r.unwrap(tenant, version, wrapped)
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	return r.wrap(tenant, version, raw), nil
}

func (r *Root) wrap(tenant uuid.UUID, version int, raw []byte) []byte {
	return sealEnvelope(r.keys[0].aead, r.keys[0].ref, tenantKeyPlace(tenant, version), raw)
}

func (r *Root) unwrap(tenant uuid.UUID, version int, wrapped []byte) ([]byte, error) {
	if len(wrapped) == 0 {
		return nil, ErrShredded
	}
	ref, err := reference(wrapped)
	if err != nil {
		return nil, err
	}
	for _, k := range r.keys {
		if k.ref != ref {
			continue
		}
		raw, err := openEnvelope(k.aead, tenantKeyPlace(tenant, version), wrapped)
		if err == nil && len(raw) == keySize {
			return raw, nil
		}
	}
	return nil, ErrOpen
}

func tenantKeyPlace(tenant uuid.UUID, version int) place {
	var row uuid.UUID
	binary.BigEndian.PutUint32(row[12:], uint32(version))
	return place{purpose: purposeTenantKey, tenant: tenant, row: row}
}
