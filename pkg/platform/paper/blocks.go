package paper

import (
	"math"
	"strings"
)

// opening sets the first page's letterhead, frame, address and title.
func (l *layout) opening() {
	s := l.sheet
	l.y = pageHeight - 32
	for i, line := range s.Head {
		f := plainly(9)
		if i == 0 {
			f = boldly(11)
		}
		f.width = 300
		l.text(l.root.add("P"), f, line)
	}
	l.y = min(l.y, pageHeight-42-12*float64(len(s.Running))) - 14
	for range s.Running {
		l.first = append(l.first, l.root.add("P"))
	}
	if len(s.Frame) > 0 {
		l.frame(s.Frame)
	}
	if len(s.Address) > 0 {
		l.y -= 4
		for _, line := range s.Address {
			l.text(l.root.add("P"), plainly(body), line)
		}
		l.y -= 8
	}
	l.y -= 6
	l.text(l.root.add("H1"), boldly(16), s.Title)
	l.y -= 4
}

func (l *layout) frame(lines []string) {
	from := l.y
	l.y -= 3
	for i, line := range lines {
		f := plainly(9.5)
		if i == 0 {
			f = boldly(9.5)
		}
		f.x, f.width = left+8, right-left-16
		l.text(l.root.add("P"), f, line)
	}
	l.y -= 8
	l.box(len(l.pages)-1, left, l.y, right-left, from-l.y)
	l.y -= 6
}

func (l *layout) section(e *elem, s Section) {
	if s.Heading != "" {
		l.keep(4 * body * lead) // a heading never stands alone at the foot of a page
		l.y -= 9
		l.text(e.add("H2"), boldly(12.5), s.Heading)
		l.y -= 1
	}
	for _, p := range s.Paragraphs {
		for para := range strings.SplitSeq(plain(p), "\n\n") {
			if strings.TrimSpace(para) == "" {
				continue
			}
			l.text(e.add("P"), plainly(body), para)
			l.y -= 4
		}
	}
	if len(s.List) > 0 {
		list := e.add("L")
		for _, item := range s.List {
			l.item(list.add("LI"), item)
		}
		l.y -= 2
	}
	if len(s.Rows) > 0 {
		l.rows(e.add("Table"), s.Rows)
	}
	if s.Table != nil && len(s.Table.Head) > 0 {
		l.table(e.add("Table"), *s.Table)
	}
}

func (l *layout) item(e *elem, text string) {
	l.keep(body * lead)
	dot := plainly(body)
	dot.x = left + 6
	l.line(len(l.pages)-1, e.add("Lbl"), dot, "•", l.y-body*lead)
	f := plainly(body)
	f.x, f.width = left+18, right-left-18
	l.text(e.add("LBody"), f, text)
	l.y -= 2
}

// rows sets labels to the left and their texts to the right; an empty text becomes a line to write on.
func (l *layout) rows(table *elem, rows []Row) {
	const split = 160
	for _, r := range rows {
		tr := table.add("TR")
		th := tr.add("TH")
		th.row = true
		label, text := boldly(body), plainly(body)
		label.size, label.width = 9.5, split-10
		text.x, text.width = left+split, right-left-split
		l.cells([]cell{{th, label, label.face.lines(r.Label, label.size, label.width)}, {tr.add("TD"), text, text.face.lines(r.Text, text.size, text.width)}})
		if strings.TrimSpace(r.Text) == "" {
			l.rule(len(l.pages)-1, left+split, right, l.y+2)
			l.y -= 6
		}
	}
	l.y -= 4
}

func (l *layout) table(e *elem, t Table) {
	at := columns(t)
	line := func(cells []string, head bool) []cell {
		tr := e.add("TR")
		var out []cell
		for i := range t.Head {
			f, tag := plainly(small), "TD"
			if head {
				f, tag = boldly(small), "TH"
			}
			f.x, f.width = at[i]+2, at[i+1]-at[i]-gap
			text := ""
			if i < len(cells) {
				text = cells[i]
			}
			td := tr.add(tag)
			td.scope = head
			out = append(out, cell{td, f, f.face.lines(text, f.size, f.width)})
		}
		return out
	}
	l.keep(4 * body * lead)
	head := line(t.Head, true)
	l.cells(head)
	l.rule(len(l.pages)-1, left, right, l.y)
	for _, r := range t.Rows {
		cells, before := line(r, false), len(l.pages)
		l.keep(height(cells))
		if len(l.pages) > before {
			l.repeat(head)
		}
		l.cells(cells)
		l.rule(len(l.pages)-1, left, right, l.y)
	}
	l.y -= 6
}

const (
	small = 9.5
	gap   = 8.0 // between two columns
)

// columns are where a table's columns begin, and the right edge: as wide as their texts where there is room, else by the
// root of that, so that a column of dates keeps its line beside a column of sentences.
func columns(t Table) []float64 {
	wide := make([]float64, len(t.Head))
	sum := 0.0
	for i := range wide {
		wide[i] = heavy().width(plain(t.Head[i]), small)
		for _, r := range t.Rows {
			if i < len(r) {
				wide[i] = max(wide[i], heavy().width(plain(r[i]), small))
			}
		}
		wide[i] = min(max(wide[i], 20), 4*(right-left)) + gap
		sum += wide[i]
	}
	if sum > right-left {
		sum = 0
		for i := range wide {
			wide[i] = math.Sqrt(wide[i])
			sum += wide[i]
		}
	}
	at := []float64{left}
	for _, w := range wide {
		at = append(at, at[len(at)-1]+w*(right-left)/sum)
	}
	return at
}

// cell is the lines of one cell of a row.
type cell struct {
	elem  *elem
	set   setting
	lines []string
}

func height(cells []cell) float64 {
	most := 0
	for _, c := range cells {
		most = max(most, len(c.lines))
	}
	return float64(most)*body*lead + 6
}

// cells sets the cells of a row beside each other. A row higher than a page goes on on the next.
func (l *layout) cells(cells []cell) {
	if h := height(cells); h < top-bottom {
		l.keep(h)
	}
	l.y -= 2
	for i := 0; ; i++ {
		left := false
		for _, c := range cells {
			left = left || i < len(c.lines)
		}
		if !left {
			break
		}
		l.keep(body * lead)
		l.y -= body * lead
		for _, c := range cells {
			if i < len(c.lines) && c.lines[i] != "" {
				l.line(len(l.pages)-1, c.elem, c.set, c.lines[i], l.y)
			}
		}
	}
	l.y -= 4
}

// repeat shows a table's head again at the top of a page; it is read aloud only once.
func (l *layout) repeat(head []cell) {
	from := l.y
	for _, c := range head {
		y := from
		for _, line := range c.lines {
			y -= body * lead
			if line != "" {
				l.line(len(l.pages)-1, nil, c.set, line, y)
			}
		}
		l.y = min(l.y, y)
	}
	l.y -= 4
	l.rule(len(l.pages)-1, left, right, l.y)
}
