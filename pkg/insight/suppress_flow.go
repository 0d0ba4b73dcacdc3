package insight

import "math"

// unlimited stands for a rise without bound: nobody outside knows an upper limit.
const unlimited = math.MaxInt32

// nobody is the insider of an ordinary audit.
const nobody = -1

// face is a two-dimensional table with its sums inside a board: two axes are free,
// the others stand still (possibly on their sum).
//
// Sign every sum that closes a row or a column with minus and each row and each
// column of the table adds up to zero. Rows and columns become nodes, numbers
// become arcs, and every table that agrees with the published numbers is reached
// by circulations over the hidden arcs. That makes the audit of one face exact.
//
// copies are for linked sets: the same circulation is then made in several parallel
// faces at once, so that no sum across them changes (see suppress_linked.go).
type face struct {
	board      *board
	base       int
	rowStep    int
	columnStep int
	rows       int // the sum included
	columns    int
	copies     []parallel
	readers    []int // nobody, then the insiders whose rows lie in this face
	safe       []bool
	from       []int // search tree over nodes: rows first, then columns
	queue      []int
}

// parallel is one of the faces in which a circulation is made.
type parallel struct {
	offset int
	same   bool // numbers rise there when they rise here
}

// faces lists every two-dimensional table of the board in a fixed order.
func (b *board) faces() []*face {
	var faces []*face
	for first := range b.dims {
		for second := first + 1; second < len(b.dims); second++ {
			rest := append([]int(nil), b.dims...)
			rest[first], rest[second] = 1, 1
			position := make([]int, len(b.dims))
			for more := true; more; more = advance(position, rest) {
				f := b.face(first, second)
				f.base = b.index(position)
				f.safe = make([]bool, f.rows*f.columns)
				faces = append(faces, f)
			}
		}
	}
	return faces
}

func (b *board) face(first, second int) *face {
	f := &face{
		board: b, rowStep: b.strides[first], columnStep: b.strides[second],
		rows: b.dims[first], columns: b.dims[second],
		copies: []parallel{{same: true}}, readers: []int{nobody},
	}
	if first == 0 {
		f.readers = append(f.readers, b.insiders...)
	}
	f.from = make([]int, f.rows+f.columns)
	return f
}

func (f *face) index(row, column int) int {
	return f.base + row*f.rowStep + column*f.columnStep
}

// rises tells whether the number itself goes up when its signed value does.
func (f *face) rises(row, column int) bool {
	return (row == f.rows-1) == (column == f.columns-1)
}

// protect hides further numbers until every hidden one is safe, and tells whether
// it hid any. Hiding more never narrows an interval, so what is safe stays safe.
func (f *face) protect() bool {
	changed := false
	for again := true; again; {
		again = false
		for row := range f.rows {
			for column := range f.columns {
				at := row*f.columns + column
				if f.safe[at] || !f.board.hidden[f.index(row, column)] {
					continue
				}
				for _, reader := range f.readers {
					again = f.secure(row, column, reader) || again
				}
				f.safe[at] = true
			}
		}
		changed = changed || again
	}
	return changed
}

// secure audits one hidden number against one reader and, if it is too well known,
// hides the cheapest numbers that close a circle through it. It tells whether it hid
// any.
func (f *face) secure(row, column, reader int) bool {
	if row == reader {
		return false // the insider knows the own numbers anyhow
	}
	up, missing := f.board.lack(f.index(row, column), func(limit int, up bool) int {
		return f.push(row, column, reader, limit, up)
	})
	if missing == 0 {
		return false
	}
	// Start from the table with the rise already made, and make room for the rest.
	f.push(row, column, reader, up, true)
	hid := false
	for missing > 0 {
		found := f.cheapestCircle(row, column, reader, missing)
		if found.room == 0 {
			break
		}
		hid = f.hide(row, column, found) || hid
		missing -= f.push(row, column, reader, missing, true)
	}
	f.board.rest()
	return hid
}

// lack measures how far a hidden number can be from its true value, by move, and
// what is missing to be safe.
func (b *board) lack(index int, move func(limit int, up bool) int) (up, missing int) {
	value, width := b.values[index], b.width[index]
	up = move(max(width, b.k-value), true)
	b.rest()
	down := 0
	if up < width {
		down = move(width-up, false)
		b.rest()
	}
	return up, max(0, width-up-down, b.k-value-up)
}

// rest takes back every move.
func (b *board) rest() {
	for _, index := range b.touched {
		b.moved[index] = 0
	}
	b.touched = b.touched[:0]
}

// room is how far an arc can go, in every parallel face, when its signed value in
// this one rises or falls.
func (f *face) room(row, column int, signedUp bool) int {
	room, index := unlimited, f.index(row, column)
	up := f.rises(row, column) == signedUp
	for _, copy := range f.copies {
		if copy.same != up {
			at := index + copy.offset
			room = min(room, f.board.values[at]+f.board.moved[at])
		}
	}
	return room
}

func (f *face) move(row, column, amount int, signedUp bool) {
	index := f.index(row, column)
	up := f.rises(row, column) == signedUp
	for _, copy := range f.copies {
		at := index + copy.offset
		if copy.same == up {
			f.board.moved[at] += amount
		} else {
			f.board.moved[at] -= amount
		}
		f.board.touched = append(f.board.touched, at)
	}
}

// open tells whether an arc is hidden in every parallel face and can still move.
func (f *face) open(row, column int, signedUp bool) bool {
	index := f.index(row, column)
	for _, copy := range f.copies {
		if !f.board.hidden[index+copy.offset] {
			return false
		}
	}
	return f.room(row, column, signedUp) > 0
}

// push moves the number at (row, column) up or down by as much as the other hidden
// numbers can balance, at most limit, and returns how much: a maximum flow from its
// row to its column by shortest augmenting paths.
func (f *face) push(row, column, reader, limit int, up bool) int {
	signedUp := up == f.rises(row, column)
	pushed := 0
	for pushed < limit && f.open(row, column, signedUp) && f.search(row, column, reader, !signedUp) {
		amount := min(limit-pushed, f.room(row, column, signedUp))
		f.walk(row, column, !signedUp, func(r, c int, rise bool) { amount = min(amount, f.room(r, c, rise)) })
		f.walk(row, column, !signedUp, func(r, c int, rise bool) { f.move(r, c, amount, rise) })
		f.move(row, column, amount, signedUp)
		pushed += amount
	}
	return pushed
}

// walk visits the arcs of the path found last, from the column back to the row.
// Arcs taken from a row to a column change in the direction of outward, arcs back
// from a column to a row the other way.
func (f *face) walk(row, column int, outward bool, visit func(row, column int, signedUp bool)) {
	for node := f.rows + column; node != row; {
		before := f.from[node]
		if node >= f.rows {
			visit(before, node-f.rows, outward)
		} else {
			visit(node, before-f.rows, !outward)
		}
		node = before
	}
}

// search finds a shortest path from row to column over open arcs.
func (f *face) search(row, column, reader int, outward bool) bool {
	for node := range f.from {
		f.from[node] = nobody
	}
	f.from[row] = row
	f.queue = append(f.queue[:0], row)
	for head := 0; head < len(f.queue); head++ {
		node := f.queue[head]
		if node >= f.rows {
			for r := range f.rows {
				if f.from[r] == nobody && r != reader && f.open(r, node-f.rows, !outward) {
					f.from[r] = node
					f.queue = append(f.queue, r)
				}
			}
			continue
		}
		for c := range f.columns {
			if f.from[f.rows+c] != nobody || node == row && c == column || !f.open(node, c, outward) {
				continue
			}
			f.from[f.rows+c] = node
			if c == column {
				return true
			}
			f.queue = append(f.queue, f.rows+c)
		}
	}
	return false
}
