package dialogue

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"sync"

	"lyhord/pkg/platform/clock"
)

// Places turns network addresses into marks, so that tries can be counted without anybody's address being kept.
// The address is first widened to its network (/24 or /64), then mixed with a key that lives in this process's memory
// for one day. Yesterday's marks can be connected with nothing.
type Places struct {
	clock clock.Clock

	mu  sync.Mutex
	day clock.Date
	key [32]byte
}

// NewPlaces makes marks that change with the day of the clock.
func NewPlaces(c clock.Clock) *Places { return &Places{clock: c} }

// Mark is the mark of an address ("192.0.2.7" or "192.0.2.7:4711"). An address that cannot be read shares one mark.
func (p *Places) Mark(addr string) string {
	today := clock.Today(p.clock)
	p.mu.Lock()
	if p.day != today {
		p.day = today
		_, _ = rand.Read(p.key[:]) // never returns an error: it aborts the process instead
	}
	mac := hmac.New(sha256.New, p.key[:])
	p.mu.Unlock()
	_, _ = mac.Write([]byte(network(addr))) // a hash never refuses
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:12])
}

func network(addr string) string {
	ip, err := netip.ParseAddr(addr)
	if err != nil {
		pair, err := netip.ParseAddrPort(addr)
		if err != nil {
			return ""
		}
		ip = pair.Addr()
	}
	ip = ip.Unmap()
	bits := 64
	if ip.Is4() {
		bits = 24
	}
	prefix, err := ip.WithZone("").Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}
