// Package chain is how the trail is sealed: rows become digests, digests become blocks, and each block names the one
// before it. It is the same arithmetic for the job that seals, for the export, and for whoever verifies an export far from
// the system. It must not know a database.
//
// Tests change, drop, insert, move and renumber rows and blocks, and expect the verifier to name each.
package chain

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"time"

	"github.com/google/uuid"
)

// Digest is a SHA-256.
type Digest = [sha256.Size]byte

// Row is a row of the trail. At has microseconds, as PostgreSQL keeps it.
type Row struct {
	ID      uuid.UUID   `json:"id" db:"id"`
	At      time.Time   `json:"at" db:"at"`
	Actor   *uuid.UUID  `json:"actor_id" db:"actor_id"`
	Kind    string      `json:"actor_kind" db:"actor_kind"`
	Action  string      `json:"action" db:"action"`
	Case    *uuid.UUID  `json:"case_id" db:"case_id"`
	Tried   *uuid.UUID  `json:"tried_id" db:"tried_id"`
	Shown   []uuid.UUID `json:"shown" db:"shown"`
	Result  string      `json:"result" db:"result"`
	Request string      `json:"request_id" db:"request_id"`
}

// Block seals rows in their order.
type Block struct {
	No      int64
	Prev    Digest
	IDs     []uuid.UUID
	Digests []Digest
	Hash    Digest
}

// writer feeds a hash with values whose ends are plain: each comes after its length.
type writer struct{ h hash.Hash }

func (w writer) bytes(b []byte) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(b)))
	w.h.Write(n[:])
	w.h.Write(b)
}

func (w writer) number(n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n)) //nolint:gosec // the same bits
	w.h.Write(b[:])
}

func (w writer) id(id *uuid.UUID) {
	if id == nil {
		w.bytes(nil)
		return
	}
	w.bytes(id[:])
}

func (w writer) sum() (d Digest) {
	w.h.Sum(d[:0])
	return d
}

// Digest is the digest of the row in a tenant's trail.
func (r Row) Digest(tenant uuid.UUID) Digest {
	w := writer{sha256.New()}
	w.bytes([]byte("lyhord trail row 1"))
	w.id(&tenant)
	w.id(&r.ID)
	w.number(r.At.UnixMicro())
	w.id(r.Actor)
	w.bytes([]byte(r.Kind))
	w.bytes([]byte(r.Action))
	w.id(r.Case)
	w.id(r.Tried)
	w.number(int64(len(r.Shown)))
	for i := range r.Shown {
		w.id(&r.Shown[i])
	}
	w.bytes([]byte(r.Result))
	w.bytes([]byte(r.Request))
	return w.sum()
}

// Genesis is what the first block of a tenant names as the one before it.
func Genesis(tenant uuid.UUID) Digest {
	w := writer{sha256.New()}
	w.bytes([]byte("lyhord trail begins"))
	w.id(&tenant)
	return w.sum()
}

// Seal makes the block after (no, prev) of rows in their order.
func Seal(tenant uuid.UUID, no int64, prev Digest, rows []Row) Block {
	b := Block{No: no, Prev: prev, IDs: make([]uuid.UUID, len(rows)), Digests: make([]Digest, len(rows))}
	for i, r := range rows {
		b.IDs[i], b.Digests[i] = r.ID, r.Digest(tenant)
	}
	b.Hash = b.Sum(tenant)
	return b
}

// Sum is what the hash of the block must be.
func (b Block) Sum(tenant uuid.UUID) Digest {
	w := writer{sha256.New()}
	w.bytes([]byte("lyhord trail block 1"))
	w.id(&tenant)
	w.number(b.No)
	w.bytes(b.Prev[:])
	w.number(int64(len(b.IDs)))
	for i := range b.IDs {
		w.id(&b.IDs[i])
		w.bytes(b.Digests[i][:])
	}
	return w.sum()
}
