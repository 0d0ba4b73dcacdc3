package insight

import "math"

// arc is a number on a path, by its place in a face.
type arc struct{ row, column int }

// circle is a set of numbers that, once hidden, gives one of them room to rise.
type circle struct {
	arcs []arc
	room int // 0: there is none
	loss int
}

// cheaper compares what two circles cost for what they give.
func (c circle) cheaper(other circle) bool {
	return other.room == 0 || c.room > 0 && c.loss*other.room < other.loss*c.room
}

// cheapestCircle finds the numbers to hide so that (row, column) can rise further:
// the cheapest circle with room for all of amount or the cheapest with any, whichever
// costs less for what it gives. In a face of its own there is always one over the
// sums, except where an insider's row is all there is below a sum: nobody can hide a
// sum from the only one who makes it.
func (f *face) cheapestCircle(row, column, reader, amount int) circle {
	some := f.circle(row, column, reader, 1, amount)
	if some.room == 0 || some.room == amount {
		return some
	}
	if whole := f.circle(row, column, reader, amount, amount); whole.cheaper(some) {
		return whole
	}
	return some
}

// circle is the cheapest one with at least the room asked for, which it counts up to
// amount.
func (f *face) circle(row, column, reader, least, amount int) circle {
	signedUp := f.rises(row, column) // the number itself shall rise
	own, ok := f.cost(row, column, least, signedUp)
	if !ok {
		return circle{}
	}
	loss, found := f.cheapest(row, column, reader, least, !signedUp)
	if !found {
		return circle{}
	}
	result := circle{room: min(amount, f.room(row, column, signedUp)), loss: loss + own}
	f.walk(row, column, !signedUp, func(r, c int, rise bool) {
		result.room = min(result.room, f.room(r, c, rise))
		result.arcs = append(result.arcs, arc{r, c})
	})
	return result
}

// hide hides a circle through (row, column) in every parallel face, and tells whether
// any of it was shown before.
func (f *face) hide(row, column int, found circle) bool {
	hid := false
	for _, at := range append(found.arcs, arc{row, column}) {
		for _, copy := range f.copies {
			index := f.index(at.row, at.column) + copy.offset
			hid = hid || !f.board.hidden[index]
			f.board.hidden[index] = true
		}
	}
	return hid
}

// cheapest is Dijkstra's search over all arcs that could be hidden and have room for
// least, with what is lost by hiding them as length. It leaves the path in from.
func (f *face) cheapest(row, column, reader, least int, outward bool) (loss int, found bool) {
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
		if node == nobody {
			return 0, false
		}
		if node == f.rows+column {
			return length[node], true
		}
		done[node] = true
		relax := func(next, r, c int, signedUp bool) {
			if done[next] {
				return
			}
			cost, ok := f.cost(r, c, least, signedUp)
			if ok && length[node]+cost < length[next] {
				length[next], f.from[next] = length[node]+cost, node
			}
		}
		if node >= f.rows {
			for r := range f.rows {
				if r != reader {
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

// cost is what the reader loses when an arc is hidden in every parallel face, and
// whether it may be hidden and has room.
func (f *face) cost(row, column, least int, signedUp bool) (loss int, ok bool) {
	index := f.index(row, column)
	for _, copy := range f.copies {
		if f.board.fixed[index+copy.offset] {
			return 0, false
		}
		loss += f.board.loss(index + copy.offset)
	}
	return loss, f.room(row, column, signedUp) >= least
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
