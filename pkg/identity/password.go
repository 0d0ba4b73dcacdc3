package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost of Argon2id. 19 MiB and two passes take about a tenth of a second; the semaphore keeps a flood of logins from
// taking more than four times that memory.
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
	argonAtOnce  = 4
	maxPassword  = 128 // bytes; longer ones are refused before any work
)

var errPasswordForm = errors.New("identity: not an Argon2id hash")

// HashPassword makes the text that is stored for a password.
func HashPassword(password string) string {
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt)
	return encodeHash(salt, argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKey))
}

func encodeHash(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

// hasher checks passwords, a few at a time.
type hasher struct {
	slots chan struct{}
	decoy string // the hash that is worked on for a login that does not exist
}

func newHasher() *hasher {
	salt, key := make([]byte, argonSalt), make([]byte, argonKey)
	_, _ = rand.Read(salt)
	_, _ = rand.Read(key) // no password has this hash
	return &hasher{slots: make(chan struct{}, argonAtOnce), decoy: encodeHash(salt, key)}
}

// matches says whether the password has the hash. It does the same work for no hash at all.
func (h *hasher) matches(ctx context.Context, password, hash string) (bool, error) {
	if hash == "" {
		hash = h.decoy
	}
	salt, want, cost, err := decodeHash(hash)
	if err != nil {
		return false, err
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	got := argon2.IDKey([]byte(password), salt, cost.time, cost.memory, cost.threads, uint32(len(want))) //nolint:gosec // argonKey bytes
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

type argonCost struct {
	memory, time uint32
	threads      uint8
}

// decodeHash reads the parameters with the hash, so that the cost can be raised without locking anybody out. A stored cost
// beyond any we use is refused: it would be a way to exhaust the machine.
func decodeHash(text string) (salt, key []byte, cost argonCost, err error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return nil, nil, cost, errPasswordForm
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.memory, &cost.time, &cost.threads); err != nil {
		return nil, nil, cost, errPasswordForm
	}
	if cost.memory < 8 || cost.memory > 256*1024 || cost.time < 1 || cost.time > 10 || cost.threads < 1 || cost.threads > 8 {
		return nil, nil, cost, errPasswordForm
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(salt) < 8 || len(key) < 16 {
		return nil, nil, cost, errPasswordForm
	}
	return salt, key, cost, nil
}
