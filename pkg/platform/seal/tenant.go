package seal

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"time"

	"github.com/google/uuid"
)

// TenantKey is one version of a tenant's key. Three keys are derived from it,
// one for each thing it does: wrap the keys of cases, seal what belongs to no
// case, and make blind indexes. It is safe for concurrent use.
type TenantKey struct {
	tenant  uuid.UUID
	version uint16
	wrap    cipher.AEAD
	direct  cipher.AEAD
	index   []byte
	now     func() time.Time
}

func newTenantKey(tenant uuid.UUID, version uint16, raw []byte, now func() time.Time) *TenantKey {
	wrap, direct := derive(raw, "wrap case keys"), derive(raw, "seal directly")
	defer clear(wrap)
	defer clear(direct)
	return &TenantKey{
		tenant: tenant, version: version, now: now,
		wrap: newAEAD(wrap), direct: newAEAD(direct), index: derive(raw, "blind index"),
	}
}

func derive(raw []byte, use string) []byte {
	key, err := hkdf.Key(sha256.New, raw, nil, "lyhord seal v1: "+use, keySize)
	if err != nil {
		panic("seal: " + err.Error()) // only an absurd length
	}
	return key
}

// Tenant is whose key it is.
func (k *TenantKey) Tenant() uuid.UUID { return k.tenant }

// Version is the version of the tenant's key.
func (k *TenantKey) Version() int { return int(k.version) }

// NewCaseKey makes the key of a new case: opened to be used and wrapped to be
// stored.
func (k *TenantKey) NewCaseKey(caseID uuid.UUID) (key *CaseKey, wrapped []byte) {
	raw := make([]byte, keySize)
	_, _ = rand.Read(raw)
	defer clear(raw)
	return k.caseKey(caseID, raw), k.wrapCase(caseID, raw)
}

// OpenCaseKey unwraps the key of a case. No wrapped key means that it has been
// destroyed: ErrShredded.
func (k *TenantKey) OpenCaseKey(caseID uuid.UUID, wrapped []byte) (*CaseKey, error) {
	raw, err := k.unwrapCase(caseID, wrapped)
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	return k.caseKey(caseID, raw), nil
}

// Rewrap takes over the key of a case from an older version of the tenant's
// key. The case's own data need not be touched.
func (k *TenantKey) Rewrap(old *TenantKey, caseID uuid.UUID, wrapped []byte) ([]byte, error) {
	if old.tenant != k.tenant {
		return nil, ErrOpen
	}
	raw, err := old.unwrapCase(caseID, wrapped)
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	return k.wrapCase(caseID, raw), nil
}

func (k *TenantKey) caseKey(caseID uuid.UUID, raw []byte) *CaseKey {
	return &CaseKey{tenant: k.tenant, id: caseID, version: k.version, aead: newAEAD(raw)}
}

func (k *TenantKey) wrapCase(caseID uuid.UUID, raw []byte) []byte {
	return sealEnvelope(k.wrap, k.version, k.caseKeyPlace(caseID), raw)
}

func (k *TenantKey) unwrapCase(caseID uuid.UUID, wrapped []byte) ([]byte, error) {
	if len(wrapped) == 0 {
		return nil, ErrShredded
	}
	if err := k.mustBeMine(wrapped); err != nil {
		return nil, err
	}
	raw, err := openEnvelope(k.wrap, k.caseKeyPlace(caseID), wrapped)
	if err != nil {
		return nil, err
	}
	if len(raw) != keySize {
		return nil, ErrOpen
	}
	return raw, nil
}

func (k *TenantKey) caseKeyPlace(caseID uuid.UUID) place {
	return place{purpose: purposeCaseKey, tenant: k.tenant, key: caseID}
}

func (k *TenantKey) mustBeMine(sealed []byte) error {
	ref, err := reference(sealed)
	if err == nil && ref != k.version {
		return ErrKeyVersion
	}
	return err
}

// Seal seals what belongs to no case yet, such as a draft.
func (k *TenantKey) Seal(table, column string, row uuid.UUID, plaintext string) []byte {
	return k.SealBytes(table, column, row, []byte(plaintext))
}

// SealBytes is Seal for bytes.
func (k *TenantKey) SealBytes(table, column string, row uuid.UUID, plaintext []byte) []byte {
	return sealEnvelope(k.direct, k.version, k.directPlace(table, column, row), plaintext)
}

// Open opens what Seal sealed in the same place. A NULL column opens as "".
func (k *TenantKey) Open(table, column string, row uuid.UUID, sealed []byte) (string, error) {
	b, err := k.OpenBytes(table, column, row, sealed)
	return string(b), err
}

// OpenBytes is Open for bytes.
func (k *TenantKey) OpenBytes(table, column string, row uuid.UUID, sealed []byte) ([]byte, error) {
	if sealed == nil {
		return nil, nil
	}
	if err := k.mustBeMine(sealed); err != nil {
		return nil, err
	}
	return openEnvelope(k.direct, k.directPlace(table, column, row), sealed)
}

func (k *TenantKey) directPlace(table, column string, row uuid.UUID) place {
	return place{purpose: purposeTenant, tenant: k.tenant, table: table, column: column, row: row}
}

// CaseKey seals the fields of one case. It is safe for concurrent use and must
// not be kept longer than the request or the job: a kept key outlives gallring.
type CaseKey struct {
	tenant  uuid.UUID
	id      uuid.UUID
	version uint16
	aead    cipher.AEAD
}

// ID is the case the key belongs to.
func (k *CaseKey) ID() uuid.UUID { return k.id }

// Seal seals a text for one column of one row.
func (k *CaseKey) Seal(table, column string, row uuid.UUID, plaintext string) []byte {
	return k.SealBytes(table, column, row, []byte(plaintext))
}

// SealBytes is Seal for bytes.
func (k *CaseKey) SealBytes(table, column string, row uuid.UUID, plaintext []byte) []byte {
	return sealEnvelope(k.aead, k.version, k.place(table, column, row), plaintext)
}

// Open opens what Seal sealed in the same place. A NULL column opens as "".
func (k *CaseKey) Open(table, column string, row uuid.UUID, sealed []byte) (string, error) {
	b, err := k.OpenBytes(table, column, row, sealed)
	return string(b), err
}

// OpenBytes is Open for bytes.
func (k *CaseKey) OpenBytes(table, column string, row uuid.UUID, sealed []byte) ([]byte, error) {
	if sealed == nil {
		return nil, nil
	}
	return openEnvelope(k.aead, k.place(table, column, row), sealed)
}

func (k *CaseKey) place(table, column string, row uuid.UUID) place {
	return place{purpose: purposeCase, tenant: k.tenant, key: k.id, table: table, column: column, row: row}
}
