package public

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"lyhord/tenants"
)

// theme answers with the tenant's colours as variables of the shared stylesheet. Colours of status and of data stay.
func (s *Site) theme(w http.ResponseWriter, r *http.Request) {
	t, ok := s.tenant(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, _ = w.Write([]byte(stylesheet(t.Config.Tenant.Theme))) // a reader that has gone away is no error of ours
}

// readable is the contrast WCAG asks of text; a colour below it is not used.
const readable = 4.5

func stylesheet(t tenants.Theme) string {
	var b strings.Builder
	b.WriteString(":root{")
	if head, ok := parseColour(t.HeaderColour); ok {
		fmt.Fprintf(&b, "--ly-header:%s;--ly-header-soft:%s;", head, head.mix(white, 0.82))
	}
	if accent, ok := parseColour(t.AccentColour); ok {
		fmt.Fprintf(&b, "--ly-accent:%s;--ly-accent-hover:%s;--ly-accent-active:%s;--ly-accent-tint:%s;--ly-accent-line:%s;",
			accent, accent.mix(black, 0.18), accent.mix(black, 0.35), accent.mix(white, 0.92), accent.mix(white, 0.62))
	}
	b.WriteString("}\n")
	return b.String()
}

type colour [3]uint8

var (
	white = colour{255, 255, 255}
	black = colour{}
)

func parseColour(hex string) (colour, bool) {
	var c colour
	if len(hex) != 7 || hex[0] != '#' {
		return c, false
	}
	for i := range c {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return c, false
		}
		c[i] = uint8(n)
	}
	return c, tenants.ContrastOnWhite(hex) >= readable
}

// mix moves a colour a part of the way to another.
func (c colour) mix(to colour, part float64) colour {
	for i := range c {
		c[i] = uint8(float64(c[i])*(1-part) + float64(to[i])*part + 0.5)
	}
	return c
}

func (c colour) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }
