package httpx

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/problem"
)

// Cursors signs the cursors of lists: where the next page begins. A cursor
// belongs to one tenant, one person and one operation, so that it can neither be
// made up nor handed on.
type Cursors struct {
	key []byte
}

// CursorScope is what a cursor is bound to. Operation should hold the filters
// too when a list has any.
type CursorScope struct {
	Tenant    uuid.UUID
	User      uuid.UUID
	Operation string
}

// Position is the sort key of the last row of a page. A date is a time at
// midnight UTC; times keep microseconds, as the database does. Number is for
// lists that are sorted by one.
type Position struct {
	At     time.Time
	Number int64
	ID     uuid.UUID
}

const (
	cursorV1      = 1
	cursorPayload = 1 + 8 + 8 + 16
	cursorMAC     = 16
	cursorLength  = ((cursorPayload+cursorMAC)*8 + 5) / 6 // as text; the decoder alone would overlook line ends
)

// NewCursors takes the secret that all processes of an installation share.
func NewCursors(secret []byte) (*Cursors, error) {
	if len(secret) < 32 {
		return nil, errors.New("httpx: the cursor secret is shorter than 32 bytes")
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "lyhord cursor v1", 32)
	if err != nil {
		return nil, err
	}
	return &Cursors{key: key}, nil
}

// Encode makes the cursor that continues after p.
func (c *Cursors) Encode(scope CursorScope, p Position) string {
	b := make([]byte, 0, cursorPayload+cursorMAC)
	b = append(b, cursorV1)
	b = binary.BigEndian.AppendUint64(b, uint64(p.At.UnixMicro()))
	b = binary.BigEndian.AppendUint64(b, uint64(p.Number))
	b = append(b, p.ID[:]...)
	b = append(b, c.sign(scope, b)...)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Decode reads a cursor. The empty one is the first page: nil.
func (c *Cursors) Decode(scope CursorScope, cursor string) (*Position, error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(cursor) != cursorLength || b[0] != cursorV1 ||
		!hmac.Equal(b[cursorPayload:], c.sign(scope, b[:cursorPayload])) {
		return nil, problem.Invalid(problem.Param("cursor", "Fortsättningen gäller inte längre. Börja om från listans början."))
	}
	p := &Position{
		At:     time.UnixMicro(int64(binary.BigEndian.Uint64(b[1:]))).UTC(),
		Number: int64(binary.BigEndian.Uint64(b[9:])),
	}
	copy(p.ID[:], b[17:])
	return p, nil
}

func (c *Cursors) sign(scope CursorScope, payload []byte) []byte {
	mac := hmac.New(sha256.New, c.key)
	mac.Write(payload) // of fixed length, as are the ids: nothing can slide into its neighbour
	mac.Write(scope.Tenant[:])
	mac.Write(scope.User[:])
	mac.Write([]byte(scope.Operation))
	return mac.Sum(nil)[:cursorMAC]
}
