package dialogue

import (
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
)

// Places turns network addresses into marks, so that tries can be counted without anybody's address being known. An
// address is widened to its network (/24 or /64) and belongs to one day. The limiter mixes the mark with its secret
// before it is counted and forgets it within a day; nothing else ever sees it.
type Places struct{ clock clock.Clock }

// NewPlaces makes marks that change with the day of the clock.
func NewPlaces(c clock.Clock) *Places { return &Places{clock: c} }

// Mark is the mark of an address ("192.0.2.7" or "192.0.2.7:4711"). An address that cannot be read shares one mark.
func (p *Places) Mark(addr string) string {
	return clock.Today(p.clock).String() + " " + httpx.Network(addr)
}
