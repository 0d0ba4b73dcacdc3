// Package seal encrypts field by field what must not be readable in a dump of
// the database: free text, names, contact data, identity numbers and files.
//
// Keys form three steps. The root key lives outside the database. It wraps one
// key per tenant and version; that key wraps one key per case; the case's key
// seals its fields. Destroying the case's wrapped key (gallring) makes every
// sealed field of the case unreadable for good, in backups too.
//
//	root, err := seal.LoadRoot("/run/secrets/root-key")
//	wrapped, tenantKey, err := root.NewTenantKey(tenantID, 1)
//	caseKey, wrappedCase := tenantKey.NewCaseKey(caseID)
//	sealed := caseKey.Seal("report", "text_sealed", reportID, "Hon fick fel medicin.")
//	text, err := caseKey.Open("report", "text_sealed", reportID, sealed)
//
// The package knows no table of its own and does no input or output but reading
// the root key. It must never log, print or return a key or a plaintext in an
// error.
//
// It is tested by properties (what is sealed in one place opens only there, by
// one who has the right key), by a fuzz target that hands Open arbitrary bytes,
// and by a concurrency test of the Ring.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"

	"github.com/google/uuid"

	"lyhord/pkg/platform/problem"
)

// An envelope is v1 | key reference | nonce | ciphertext | tag. The key
// reference is the version of the tenant's key, or for a tenant's key a
// fingerprint of the root key.
const (
	formatV1   = 1
	headerSize = 3
	nonceSize  = 12
	tagSize    = 16
	keySize    = 32
	// Overhead is how many bytes an envelope is longer than what it holds.
	Overhead = headerSize + nonceSize + tagSize
)

var (
	// ErrShredded means that the key is gone (gallrat): the text cannot be had
	// back by anyone. It is a problem of kind Gone.
	ErrShredded error = problem.Gone()
	// ErrOpen means that the bytes are not what was sealed in this place: they
	// were changed, moved from another row or tenant, or sealed by another key.
	ErrOpen = errors.New("seal: the sealed value does not belong here or is damaged")
	// ErrKeyVersion means that another version of the tenant's key is needed.
	ErrKeyVersion = errors.New("seal: sealed by another version of the tenant's key")
)

// purpose keeps the four uses of envelopes apart even where keys and ids agree.
type purpose string

const (
	purposeTenantKey purpose = "tenant-key"
	purposeCaseKey   purpose = "case-key"
	purposeCase      purpose = "case"
	purposeTenant    purpose = "tenant"
)

// place is where a value belongs; all of it is authenticated with the value.
type place struct {
	purpose       purpose
	tenant        uuid.UUID
	key           uuid.UUID
	table, column string
	row           uuid.UUID
}

// bind makes the associated data: the header and the place, with lengths before
// the names so that no two places give the same bytes.
func (p place) bind(header []byte) []byte {
	b := make([]byte, 0, headerSize+3*(16+1)+len(p.purpose)+len(p.table)+len(p.column)+6)
	b = append(b, header...)
	for _, name := range [...]string{string(p.purpose), p.table, p.column} {
		b = binary.BigEndian.AppendUint16(b, uint16(len(name)))
		b = append(b, name...)
	}
	b = append(b, p.tenant[:]...)
	b = append(b, p.key[:]...)
	return append(b, p.row[:]...)
}

// newAEAD makes AES-256-GCM with random nonces. One key must not seal more than
// 2^32 values; a case or a tenant's drafts stay far below.
func newAEAD(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("seal: " + err.Error()) // only a wrong key length, which is our own mistake
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("seal: " + err.Error())
	}
	return aead
}

func sealEnvelope(aead cipher.AEAD, ref uint16, p place, plaintext []byte) []byte {
	out := make([]byte, headerSize, Overhead+len(plaintext))
	out[0] = formatV1
	binary.BigEndian.PutUint16(out[1:], ref)
	return aead.Seal(out, nil, plaintext, p.bind(out[:headerSize]))
}

func openEnvelope(aead cipher.AEAD, p place, sealed []byte) ([]byte, error) {
	if _, err := reference(sealed); err != nil {
		return nil, err
	}
	plaintext, err := aead.Open(nil, nil, sealed[headerSize:], p.bind(sealed[:headerSize]))
	if err != nil {
		return nil, ErrOpen
	}
	return plaintext, nil
}

// reference reads the key reference of an envelope.
func reference(sealed []byte) (uint16, error) {
	if len(sealed) < Overhead || sealed[0] != formatV1 {
		return 0, ErrOpen
	}
	return binary.BigEndian.Uint16(sealed[1:]), nil
}

// KeyVersion tells which version of the tenant's key an envelope names, so that
// a rotation can find what it has not re-wrapped yet.
func KeyVersion(sealed []byte) (version int, err error) {
	ref, err := reference(sealed)
	return int(ref), err
}
