package insight

// certifyAll sees to it that each hidden number of a linked set (three dimensions
// and more) has its certificate against every reader, and hides more where needed.
func (b *board) certifyAll() {
	done := make([]bool, len(b.values))
	moved := make([]int, len(b.values))
	readers := append([]int{nobody}, b.insiders...)
	for again := true; again; {
		again = false
		for index := range b.values {
			if done[index] || !b.hidden[index] {
				continue
			}
			for _, locked := range readers {
				again = b.certify(index, locked, moved) || again
			}
			done[index] = true
		}
	}
}

// certify looks for other tables that agree with every published number and with
// every sum, in which the number at index lies far enough from its true value. It
// gets there by box moves: the corners of a box, taken over alternative positions
// in every dimension, rise and fall in turn, so that no sum changes. Where no such
// walk gets far enough it hides the cheapest box that does, and says so.
func (b *board) certify(index, locked int, moved []int) bool {
	position := b.position(index)
	if position[0] == locked {
		return false
	}
	value, width := b.values[index], b.width[index]
	target := max(width, b.k-value)
	up := b.stroll(position, locked, target, moved, true)
	clear(moved)
	if up >= target {
		return false
	}
	down := b.stroll(position, locked, min(value, width-up), moved, false)
	clear(moved)
	missing := max(width-up-down, b.k-value-up)
	if missing <= 0 {
		return false
	}
	b.stroll(position, locked, up, moved, true)
	hid := b.hideBox(position, locked, missing, moved)
	clear(moved)
	return hid
}

func (b *board) position(index int) []int {
	position := make([]int, len(b.dims))
	for axis, stride := range b.strides {
		position[axis] = index / stride % b.dims[axis]
	}
	return position
}

// stroll moves a number by box after box over hidden numbers, at most limit.
func (b *board) stroll(position []int, locked, limit int, moved []int, up bool) int {
	walked := 0
	for walked < limit {
		var best box
		room := 0
		b.boxes(position, locked, func(candidate box) bool {
			if r := b.roomIn(candidate, moved, up, true); r > room {
				room = r
				best = candidate.clone()
			}
			return room < limit-walked
		})
		if room == 0 {
			return walked
		}
		room = min(room, limit-walked)
		for i, corner := range best.corners {
			if best.rising[i] == up {
				moved[corner] += room
			} else {
				moved[corner] -= room
			}
		}
		walked += room
	}
	return walked
}

// box is the set of numbers that one move changes; the first corner is the number
// to move, and rising says which corners follow it and which go against it.
type box struct {
	corners []int
	rising  []bool
}

func (x box) clone() box {
	return box{corners: append([]int(nil), x.corners...), rising: append([]bool(nil), x.rising...)}
}

// boxes visits every box with a corner at position, until visit says stop. Boxes
// through the locked row are left out: its owner knows those numbers.
func (b *board) boxes(position []int, locked int, visit func(box) bool) {
	origin := 0
	for axis, at := range position {
		origin += at * b.strides[axis]
	}
	other := make([]int, len(b.dims))
	size := 1 << len(b.dims)
	current := box{corners: make([]int, size), rising: make([]bool, size)}
	current.corners[0], current.rising[0] = origin, true
	for more := true; more; more = advance(other, b.dims) {
		if other[0] == locked || !b.spread(current, position, other) {
			continue
		}
		if !visit(current) {
			return
		}
	}
}

// spread fills in the corners between position and other; false if they share a
// coordinate or touch a number that may never be hidden.
func (b *board) spread(current box, position, other []int) bool {
	filled := 1
	for axis, at := range other {
		last := b.dims[axis] - 1
		if at == position[axis] {
			return false
		}
		step := (at - position[axis]) * b.strides[axis]
		// Going from an inner cell to the sum (or back) keeps the direction; going
		// from one inner cell to another turns it.
		keeps := (at == last) != (position[axis] == last)
		for i := range filled {
			corner := current.corners[i] + step
			if b.fixed[corner] {
				return false
			}
			current.corners[filled+i] = corner
			current.rising[filled+i] = current.rising[i] == keeps
		}
		filled *= 2
	}
	return true
}

// roomIn is how far a box can move without a number below zero; with onlyHidden a
// box that touches a published number has no room.
func (b *board) roomIn(x box, moved []int, up, onlyHidden bool) int {
	room := unlimited
	for i, corner := range x.corners {
		if onlyHidden && !b.hidden[corner] {
			return 0
		}
		if x.rising[i] != up {
			room = min(room, b.values[corner]+moved[corner])
		}
	}
	return room
}

// hideBox hides the cheapest box with room for amount. There always is one: the
// box between the number and its sums rises as a whole.
func (b *board) hideBox(position []int, locked, amount int, moved []int) bool {
	var best box
	bestLoss := -1
	b.boxes(position, locked, func(candidate box) bool {
		if b.roomIn(candidate, moved, true, false) < amount {
			return true
		}
		loss := 0
		for _, corner := range candidate.corners {
			loss += b.loss(corner)
		}
		if bestLoss < 0 || loss < bestLoss {
			bestLoss, best = loss, candidate.clone()
		}
		return true
	})
	for _, corner := range best.corners {
		b.hidden[corner] = true
	}
	return bestLoss >= 0
}
