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
// by circulations over the hidden arcs. That makes the audit exact.
type face struct {
	board      *board
	base       int
	rowStep    int
	columnStep int
	rows       int // the sum included
	columns    int
	locked     []int // rows of insiders that lie in this face, nobody first
	safe       []bool
	moved      []int // present change of each number while a flow is being pushed
	touched    []int
	from       []int // search tree over nodes: rows first, then columns
	queue      []int
}

// faces lists every two-dimensional table of the board in a fixed order.
func (b *board) faces() []*face {
	var faces []*face
	for first := range b.dims {
		for second := first + 1; second < len(b.dims); second++ {
			rest := make([]int, len(b.dims))
			for axis := range rest {
				rest[axis] = b.dims[axis]
			}
			rest[first], rest[second] = 1, 1
			position := make([]int, len(b.dims))
			for more := true; more; more = advance(position, rest) {
				faces = append(faces, b.face(first, second, position))
			}
		}
	}
	return faces
}

func (b *board) face(first, second int, position []int) *face {
	f := &face{
		board: b, rowStep: b.strides[first], columnStep: b.strides[second],
		rows: b.dims[first], columns: b.dims[second], locked: []int{nobody},
	}
	for axis, at := range position {
		f.base += at * b.strides[axis]
	}
	if first == 0 {
		f.locked = append(f.locked, b.insiders...)
	}
	f.safe = make([]bool, f.rows*f.columns)
	f.moved = make([]int, f.rows*f.columns)
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
				for _, locked := range f.locked {
					again = f.secure(row, column, locked) || again
				}
				f.safe[at] = true
			}
		}
		changed = changed || again
	}
	return changed
}

// secure audits one hidden number and, if it is too well known, hides the cheapest
// numbers that close a circle through it. It tells whether it hid any.
func (f *face) secure(row, column, locked int) bool {
	if row == locked {
		return false // the insider knows the own numbers anyhow
	}
	index := f.index(row, column)
	value, width := f.board.values[index], f.board.width[index]
	target := max(width, f.board.k-value)
	up := f.push(row, column, locked, target, true)
	f.rest()
	down := f.push(row, column, locked, min(value, width-up), false)
	f.rest()
	missing := max(width-up-down, f.board.k-value-up)
	if missing <= 0 {
		return false
	}
	// Start from the table with the rise already made, and look for room for the rest.
	f.push(row, column, locked, up, true)
	hid := f.closeCircle(row, column, locked, missing)
	f.rest()
	return hid
}

// rest takes back every move.
func (f *face) rest() {
	for _, at := range f.touched {
		f.moved[at] = 0
	}
	f.touched = f.touched[:0]
}

// room is how far the number at an arc can go when its signed value rises or falls.
func (f *face) room(row, column int, signedUp bool) int {
	if f.rises(row, column) == signedUp {
		return unlimited
	}
	return f.board.values[f.index(row, column)] + f.moved[row*f.columns+column]
}

// push moves the number at (row, column) up or down by as much as the other hidden
// numbers can balance, at most limit, and returns how much: a maximum flow from its
// row to its column by shortest augmenting paths.
func (f *face) push(row, column, locked, limit int, up bool) int {
	signedUp := up == f.rises(row, column)
	pushed := 0
	for pushed < limit && f.search(row, column, locked, !signedUp) {
		amount := limit - pushed
		f.walk(row, column, !signedUp, func(r, c int, rise bool) {
			amount = min(amount, f.room(r, c, rise))
		})
		f.walk(row, column, !signedUp, func(r, c int, rise bool) {
			at := r*f.columns + c
			if f.rises(r, c) == rise {
				f.moved[at] += amount
			} else {
				f.moved[at] -= amount
			}
			f.touched = append(f.touched, at)
		})
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

// search finds a shortest path from row to column over hidden arcs with room.
func (f *face) search(row, column, locked int, outward bool) bool {
	for node := range f.from {
		f.from[node] = nobody
	}
	f.from[row] = row
	f.queue = append(f.queue[:0], row)
	for head := 0; head < len(f.queue); head++ {
		node := f.queue[head]
		if node >= f.rows {
			for r := range f.rows {
				if f.from[r] == nobody && r != locked && f.open(r, node-f.rows, !outward) {
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

func (f *face) open(row, column int, signedUp bool) bool {
	return f.board.hidden[f.index(row, column)] && f.room(row, column, signedUp) > 0
}

// closeCircle hides the cheapest numbers that give (row, column) room for amount
// more. There is always a way over the sums, except where an insider's row is all
// there is below a sum: nobody can hide a sum from the only one who makes it.
func (f *face) closeCircle(row, column, locked, amount int) bool {
	outward := !f.rises(row, column) // the number itself shall rise
	if !f.cheapest(row, column, locked, amount, outward) {
		return false
	}
	hid := false
	f.walk(row, column, outward, func(r, c int, _ bool) {
		index := f.index(r, c)
		hid = hid || !f.board.hidden[index]
		f.board.hidden[index] = true
	})
	return hid
}

// cheapest is Dijkstra's search over all arcs that could be hidden, with what is
// lost by hiding them as length. It leaves the path in from.
func (f *face) cheapest(row, column, locked, amount int, outward bool) bool {
	const unreached = math.MaxInt
	length := make([]int, len(f.from))
	done := make([]bool, len(f.from))
	for node := range length {
		length[node], f.from[node] = unreached, nobody
	}
	length[row] = 0
	for {
		node := nobody
		for candidate := range length {
			if !done[candidate] && length[candidate] != unreached && (node == nobody || length[candidate] < length[node]) {
				node = candidate
			}
		}
		if node == nobody || node == f.rows+column {
			return node != nobody
		}
		done[node] = true
		relax := func(next, r, c int, signedUp bool) {
			cost, ok := f.cost(r, c, amount, signedUp)
			if ok && !done[next] && length[node]+cost < length[next] {
				length[next], f.from[next] = length[node]+cost, node
			}
		}
		if node >= f.rows {
			for r := range f.rows {
				if r != locked {
					relax(r, r, node-f.rows, !outward)
				}
			}
			continue
		}
		for c := range f.columns {
			if node != row || c != column {
				relax(f.rows+c, node, c, outward)
			}
		}
	}
}

// cost is what the reader loses when an arc is hidden, and whether the arc has room
// at all. Hidden arcs cost next to nothing; sums cost much more than what is in them.
func (f *face) cost(row, column, amount int, signedUp bool) (int, bool) {
	index := f.index(row, column)
	if f.board.fixed[index] || f.room(row, column, signedUp) < amount {
		return 0, false
	}
	return f.board.loss(index), true
}

// loss weighs a number: hidden ones are lost already (1 keeps detours short), a
// number weighs its value, a sum four times that for every dimension it sums over.
func (b *board) loss(index int) int {
	if b.hidden[index] {
		return 1
	}
	weight := 16
	for axis, stride := range b.strides {
		if index/stride%b.dims[axis] == b.dims[axis]-1 {
			weight *= 4
		}
	}
	return weight * (b.values[index] + 1)
}
