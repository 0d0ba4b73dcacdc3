package paper

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
)

// A4 in points, with 25 mm to the left (room for the punch holes) and 20 mm to the right.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	left       = 70.87
	right      = pageWidth - 56.69
	top        = pageHeight - 90
	bottom     = 70
	body       = 10.5
	lead       = 1.38
)

// elem is a node of the structure tree.
type elem struct {
	tag   string
	up    *elem
	kids  []any // *elem or mark
	scope bool  // a table's head cell of a column
	row   bool  // a head cell of a row
	no    int   // its object
}

// mark is a piece of a page that belongs to an element.
type mark struct{ page, id int }

func (e *elem) add(tag string) *elem {
	kid := &elem{tag: tag, up: e}
	e.kids = append(e.kids, kid)
	return kid
}

// leaf is one page.
type leaf struct {
	ops   bytes.Buffer
	elems []*elem // by mark
}

// layout sets a sheet on pages, from the top down.
type layout struct {
	sheet Sheet
	root  *elem
	pages []*leaf
	y     float64
	used  [2]map[rune]glyph // the letters of each font
	first []*elem           // the numbers on the first page, which are read aloud; the later pages only repeat them
}

// setting is how a piece of text stands.
type setting struct {
	face  *face
	size  float64
	x     float64
	width float64
	align float64 // 0 left, 1 right
}

func plainly(size float64) setting {
	return setting{face: regular(), size: size, x: left, width: right - left}
}

func boldly(size float64) setting {
	return setting{face: heavy(), size: size, x: left, width: right - left}
}

func set(s Sheet) *layout {
	l := &layout{sheet: s, root: &elem{tag: "Document"}, used: [2]map[rune]glyph{{}, {}}}
	l.turn()
	l.opening()
	for _, sec := range s.Sections {
		l.section(l.root.add("Sect"), sec)
	}
	if len(s.Closing) > 0 {
		l.keep(float64(len(s.Closing)+1) * body * lead)
		l.y -= body
		for _, line := range s.Closing {
			l.text(l.root.add("P"), plainly(body), line)
		}
	}
	for i := range l.pages {
		l.furniture(i)
	}
	return l
}

// turn begins a page.
func (l *layout) turn() {
	l.pages = append(l.pages, &leaf{})
	l.y = top
}

// keep turns the page when less than h points are left, unless the page is fresh.
func (l *layout) keep(h float64) {
	if l.y-h < bottom && l.y < top {
		l.turn()
	}
}

// text sets wrapped lines one below the other, over as many pages as it takes.
func (l *layout) text(e *elem, s setting, text string) {
	for _, line := range s.face.lines(text, s.size, s.width) {
		l.keep(s.size * lead)
		l.y -= s.size * lead
		if line != "" {
			l.line(len(l.pages)-1, e, s, line, l.y)
		}
	}
}

// line puts one line at a height. Without an element it is furniture (Artifact), which is not read aloud.
func (l *layout) line(page int, e *elem, s setting, text string, y float64) {
	p := l.pages[page]
	x := s.x + s.align*(s.width-s.face.width(text, s.size))
	if e == nil {
		p.ops.WriteString("/Artifact BMC\n")
	} else {
		fmt.Fprintf(&p.ops, "/%s <</MCID %d>> BDC\n", e.tag, len(p.elems))
		e.kids = append(e.kids, mark{page, len(p.elems)})
		p.elems = append(p.elems, e)
	}
	show := fmt.Sprintf("BT /%s %s Tf %s %s Td <%s> Tj ET\n", s.face.tag, num(s.size), num(x), num(y), l.encode(s.face, text))
	if !s.face.has(text) {
		show = "/Span <</ActualText <" + utf16Hex(text) + ">>> BDC\n" + show + "EMC\n"
	}
	p.ops.WriteString(show + "EMC\n")
}

// encode writes a text as glyph numbers and remembers which were used.
func (l *layout) encode(f *face, text string) string {
	used := l.used[0]
	if f.bold {
		used = l.used[1]
	}
	var b []byte
	for _, r := range text {
		g, drawn := f.drawn(r)
		if _, ok := used[drawn]; !ok {
			used[drawn] = g
		}
		b = append(b, byte(g.id>>8), byte(g.id))
	}
	return strings.ToUpper(hex.EncodeToString(b))
}

// rule draws a thin line.
func (l *layout) rule(page int, x1, x2, y float64) {
	fmt.Fprintf(&l.pages[page].ops, "/Artifact BMC\n0.5 w %s %s m %s %s l S\nEMC\n", num(x1), num(y), num(x2), num(y))
}

func (l *layout) box(page int, x, y, w, h float64) {
	fmt.Fprintf(&l.pages[page].ops, "/Artifact BMC\n1 w %s %s %s %s re S\nEMC\n", num(x), num(y), num(w), num(h))
}

// furniture is what every page carries: the numbers at the top, the foot, and from the second page on the title.
func (l *layout) furniture(i int) {
	s := setting{face: regular(), size: 9, x: left, width: right - left, align: 1}
	y := pageHeight - 42.0
	for n, line := range l.sheet.Running {
		f := s
		if n == 0 {
			f.face = heavy()
		}
		var e *elem
		if i == 0 {
			e = l.first[n]
		}
		l.line(i, e, f, plain(line), y)
		y -= 12
	}
	s.align = 0
	if i > 0 {
		f := s
		f.width = 260
		l.line(i, nil, f, f.face.lines(l.sheet.Title, f.size, f.width)[0], pageHeight-42)
	}
	l.rule(i, left, right, 52)
	if l.sheet.Foot != "" {
		l.line(i, nil, s, s.face.lines(l.sheet.Foot, s.size, 380)[0], 38)
	}
	s.align = 1
	l.line(i, nil, s, strings.NewReplacer("{n}", strconv.Itoa(i+1), "{of}", strconv.Itoa(len(l.pages))).Replace(l.sheet.page()), 38)
}

func utf16Hex(text string) string {
	b := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return strings.ToUpper(hex.EncodeToString(b))
}

// num writes a number as PDF wants it: no exponent, no more places than can be seen.
func num(f float64) string {
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(f, 'f', 2, 64), "0"), ".")
}
