package paper

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// face is one of the two fonts: the Go fonts (BSD licence), which hold the letters of every European language in Latin,
// Greek and Cyrillic script.
type face struct {
	name string // as the font file says
	tag  string // as pages call it
	file []byte
	bold bool

	mu     sync.Mutex
	font   *sfnt.Font
	buf    sfnt.Buffer
	glyphs map[rune]glyph
}

type glyph struct {
	id    sfnt.GlyphIndex
	width int // thousandths of the size
}

// The order is that of the fonts in the file.
var faces = sync.OnceValue(func() [2]*face {
	return [2]*face{newFace("GoRegular", "F1", goregular.TTF, false), newFace("Go-Bold", "F2", gobold.TTF, true)}
})

func newFace(name, tag string, file []byte, bold bool) *face {
	f, err := sfnt.Parse(file)
	if err != nil {
		panic(err) // the font is part of the program
	}
	return &face{name: name, tag: tag, file: file, bold: bold, font: f, glyphs: map[rune]glyph{}}
}

func regular() *face { return faces()[0] }
func heavy() *face   { return faces()[1] }

// missing stands for a letter the fonts lack; the real one is kept beside it for reading aloud, search and copying.
const missing = '□'

func (f *face) glyph(r rune) (g glyph, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if g, ok = f.glyphs[r]; ok {
		return g, g.id != 0
	}
	id, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil {
		id = 0
	}
	units := f.font.UnitsPerEm()
	advance, err := f.font.GlyphAdvance(&f.buf, id, fixed.I(int(units)), font.HintingNone)
	if err != nil {
		id = 0
	}
	g = glyph{id: id, width: int((advance.Round()*1000 + int(units)/2) / int(units))}
	f.glyphs[r] = g
	return g, id != 0
}

// drawn is the glyph that is put on the page for a letter.
func (f *face) drawn(r rune) (g glyph, r2 rune) {
	if g, ok := f.glyph(r); ok {
		return g, r
	}
	if g, ok := f.glyph(missing); ok {
		return g, missing
	}
	g, _ = f.glyph('?')
	return g, '?'
}

// width of a text in points.
func (f *face) width(text string, size float64) float64 {
	sum := 0
	for _, r := range text {
		g, _ := f.drawn(r)
		sum += g.width
	}
	return float64(sum) * size / 1000
}

// has says whether the fonts hold every letter of a text.
func (f *face) has(text string) bool {
	for _, r := range text {
		if _, ok := f.glyph(r); !ok {
			return false
		}
	}
	return true
}

// plain makes a text fit for paper: composed letters, no control characters, one kind of line break, tabs as spaces.
func plain(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "    ", "\u00a0", " ", "\u202f", " ", "\u2011", "-", "\u00ad", "").Replace(norm.NFC.String(strings.ToValidUTF8(text, "?")))
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return -1
		}
		return r
	}, text)
}

// lines breaks a text at spaces so that no line is wider than width points; a word wider than that is cut.
func (f *face) lines(text string, size, width float64) (out []string) {
	for para := range strings.SplitSeq(plain(text), "\n") {
		line := ""
		for _, word := range strings.Fields(para) {
			if line != "" && f.width(line+" "+word, size) <= width {
				line += " " + word
				continue
			}
			if line != "" {
				out = append(out, line)
			}
			for f.width(word, size) > width {
				head := f.fit(word, size, width)
				out, word = append(out, head), word[len(head):]
			}
			line = word
		}
		out = append(out, line)
	}
	return out
}

// fit is as much of a word as there is room for, at least one letter.
func (f *face) fit(word string, size, width float64) string {
	end, sum := 0, 0.0
	for i, r := range word {
		g, _ := f.drawn(r)
		sum += float64(g.width) * size / 1000
		if i > 0 && sum > width {
			break
		}
		end = i + len(string(r))
	}
	return word[:end]
}
