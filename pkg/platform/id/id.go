// Package id makes every identifier that leaves the process: row ids, short
// references to say on the phone, and receipt codes.
//
// Ids are made here and not by the database, so that a row can be inserted by a
// role that may not read it back. Nothing here knows what an id stands for, and
// nothing here takes randomness from anywhere but crypto/rand.
//
// It is tested by properties (every code survives how people write, every
// single slip of the pen is noticed) and by a fuzz target for the parser.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Source makes row ids. Ids of one Source sort by the time they were made.
type Source interface {
	New() uuid.UUID
}

// Random is the source for production: UUID version 7.
type Random struct{}

// New makes a UUID v7. It panics when the system has no randomness left, since
// nothing safe can be done then.
func (Random) New() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// Sequence is a deterministic source for tests: valid UUIDs of version 7 that
// count upwards from a start.
type Sequence struct {
	mu   sync.Mutex
	base time.Time
	n    uint64
}

// NewSequence makes a Sequence whose ids carry the given time.
func NewSequence(base time.Time) *Sequence { return &Sequence{base: base} }

// New gives the next id.
func (s *Sequence) New() uuid.UUID {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	var u uuid.UUID
	ms := uint64(s.base.UnixMilli())
	binary.BigEndian.PutUint64(u[0:8], ms<<16)
	binary.BigEndian.PutUint64(u[8:16], s.n)
	u[6] = 0x70
	u[8] = u[8]&0x3f | 0x80
	return u
}

// alphabet is Crockford's base32: no I, L, O or U, so that nothing read aloud
// or copied by hand is mistaken for something else.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Reference makes a short public reference such as 7K3M-92QX. It has 40 random
// bits: enough to tell reports apart, far too few to be a secret.
func Reference() string {
	c := randomSymbols(8)
	return string(c[:4]) + "-" + string(c[4:])
}

// ReferenceFrom makes the reference that belongs to a seed: the same seed, the same reference.
func ReferenceFrom(seed []byte) string {
	c := symbolsFrom("reference", seed)
	return string(c[:4]) + "-" + string(c[4:8])
}

// symbolsFrom gives 32 letters of the alphabet that follow from what they are for and a seed.
func symbolsFrom(use string, seed []byte) []byte {
	sum := sha256.Sum256(append([]byte(use+"\x00"), seed...))
	for i := range sum {
		sum[i] = alphabet[sum[i]&31]
	}
	return sum[:]
}

// randomSymbols gives n letters of the alphabet, each with 5 random bits.
func randomSymbols(n int) []byte {
	buf := make([]byte, n)
	_, _ = rand.Read(buf) // crypto/rand.Read never returns an error: it aborts the process instead
	for i := range buf {
		buf[i] = alphabet[buf[i]&31]
	}
	return buf
}
