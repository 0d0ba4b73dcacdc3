package tenants

import (
	"math"
	"strconv"
)

// minContrast is what WCAG 2 asks of text (success criterion 1.4.3).
const minContrast = 4.5

func checkTheme(d *document, t Theme) {
	d.required("theme", "logo_text", t.LogoText)
	for _, c := range []struct{ at, value string }{
		{"theme.header_colour", t.HeaderColour},
		{"theme.accent_colour", t.AccentColour},
	} {
		if !hexColourForm.MatchString(c.value) {
			d.add(c.at, "”%s” är inte en färg på formen #rrggbb", c.value)
			continue
		}
		ratio := ContrastOnWhite(c.value)
		d.must(ratio >= minContrast, c.at, "färgen %s är för ljus mot vitt: kontrasten är %.1f, minst 4,5 krävs", c.value, ratio)
	}
}

// ContrastOnWhite is the WCAG contrast ratio of a #rrggbb colour against white.
func ContrastOnWhite(hex string) float64 {
	var luminance float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 1
		}
		channel := float64(n) / 255
		if channel <= 0.04045 {
			channel /= 12.92
		} else {
			channel = math.Pow((channel+0.055)/1.055, 2.4)
		}
		luminance += weight * channel
	}
	return 1.05 / (luminance + 0.05)
}
