package seed

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"

	"github.com/google/uuid"
)

// newID is a UUID of version 7 that carries its moment and is otherwise made of a name: the same city gets the same ids,
// and they sort by time like those of the product.
func newID(at time.Time, name string) uuid.UUID {
	sum := sha256.Sum256([]byte(name))
	var u uuid.UUID
	copy(u[:], sum[:16])
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli())<<16)
	copy(u[:6], ms[:6])
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	return u
}

// letters are those of the references of package id.
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// references gives out short references like 7K3M-92QX, none twice in a tenant.
type references map[string]bool

func (r references) next(name string) string {
	for salt := ""; ; salt += "+" {
		sum := sha256.Sum256([]byte("reference/" + name + salt))
		var b strings.Builder
		for i := range 8 {
			if i == 4 {
				b.WriteByte('-')
			}
			b.WriteByte(letters[sum[i]&31])
		}
		if text := b.String(); !r[text] {
			r[text] = true
			return text
		}
	}
}

// share01 is a number in [0, 1) that a name decides.
func share01(name string) float64 {
	sum := sha256.Sum256([]byte("share/" + name))
	return float64(binary.BigEndian.Uint32(sum[:])) / (1 << 32)
}
