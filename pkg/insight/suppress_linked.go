package insight

// certifyAll sees to it that each hidden number of a linked set (three dimensions
// and more) has its certificate against every reader, and hides more where needed.
func (b *board) certifyAll() {
	done := make([]bool, len(b.values))
	prisms := b.prisms()
	readers := append([]int{nobody}, b.insiders...)
	for again := true; again; {
		again = false
		for index := range b.values {
			if done[index] || !b.hidden[index] {
				continue
			}
			for _, reader := range readers {
				again = b.certify(index, reader, prisms) || again
			}
			done[index] = true
		}
	}
}

// certify looks for other tables that agree with every published number and with
// every sum, in which the number at index lies far enough from its true value. It
// gets there by prism moves (see prism). Where they do not lead far enough it hides
// the cheapest further circles, and says so.
func (b *board) certify(index, reader int, prisms []*prism) bool {
	position := b.position(index)
	if position[0] == reader {
		return false
	}
	up, missing := b.lack(index, func(limit int, up bool) int {
		return climb(prisms, position, reader, limit, up)
	})
	if missing == 0 {
		return false
	}
	climb(prisms, position, reader, up, true)
	hid := false
	for missing > 0 {
		var best circle
		var where prism
		for _, p := range prisms {
			p.each(position, reader, func(row, column, locked int) bool {
				if found := p.cheapestCircle(row, column, locked, missing); found.cheaper(best) {
					best, where = found, p.at(position)
				}
				return true
			})
		}
		if best.room == 0 {
			break // all there is below a sum belongs to the reader
		}
		hid = where.hide(position[where.first], position[where.second], best) || hid
		missing -= climb(prisms, position, reader, missing, true)
	}
	b.rest()
	return hid
}

// prism makes one circulation in several parallel faces at once: two axes are free,
// and along every other axis the face is paired with another position. Between two
// inner positions the partner turns the other way; between an inner position and
// the sum it goes along. So no sum in any direction changes, and every number stays
// a whole number, zero or more.
type prism struct {
	*face
	first, second int
	partner       []int // per axis: the other position, 0 for the free axes
}

// prisms lists one prism per pair of free axes.
func (b *board) prisms() []*prism {
	var prisms []*prism
	for first := range b.dims {
		for second := first + 1; second < len(b.dims); second++ {
			prisms = append(prisms, &prism{
				face: b.face(first, second), first: first, second: second, partner: make([]int, len(b.dims)),
			})
		}
	}
	return prisms
}

// each sets the prism up with every possible partner of a position in turn, until
// visit says stop. locked is the row of the reader, if it lies in the face.
func (p *prism) each(position []int, reader int, visit func(row, column, locked int) bool) {
	sizes := append([]int(nil), p.board.dims...)
	sizes[p.first], sizes[p.second] = 1, 1
	locked := nobody
	if p.first == 0 {
		locked = reader
	}
	clear(p.partner)
	for more := true; more; more = advance(p.partner, sizes) {
		if p.first != 0 && p.partner[0] == reader || !p.pair(position) {
			continue
		}
		if !visit(position[p.first], position[p.second], locked) {
			return
		}
	}
}

// pair lays the parallel faces out; false if a partner is the position itself.
func (p *prism) pair(position []int) bool {
	b := p.board
	p.base = b.index(position) - position[p.first]*p.rowStep - position[p.second]*p.columnStep
	p.copies = append(p.copies[:0], parallel{same: true})
	for axis, other := range p.partner {
		if axis == p.first || axis == p.second {
			continue
		}
		if other == position[axis] {
			return false
		}
		last := b.dims[axis] - 1
		along := (other == last) != (position[axis] == last)
		step := (other - position[axis]) * b.strides[axis]
		for _, copy := range p.copies {
			p.copies = append(p.copies, parallel{offset: copy.offset + step, same: copy.same == along})
		}
	}
	return true
}

// at keeps the present layout, while the prism itself moves on.
func (p *prism) at(position []int) prism {
	kept := *p.face
	kept.copies = append([]parallel(nil), p.copies...)
	return prism{face: &kept, first: p.first, second: p.second}
}

// climb moves a number by prism after prism, at most limit, and returns how far.
func climb(prisms []*prism, position []int, reader, limit int, up bool) int {
	climbed := 0
	for progress := true; progress && climbed < limit; {
		progress = false
		for _, p := range prisms {
			p.each(position, reader, func(row, column, locked int) bool {
				step := p.push(row, column, locked, limit-climbed, up)
				climbed += step
				progress = progress || step > 0
				return climbed < limit
			})
		}
	}
	return climbed
}

func (b *board) position(index int) []int {
	position := make([]int, len(b.dims))
	for axis, stride := range b.strides {
		position[axis] = index / stride % b.dims[axis]
	}
	return position
}

func (b *board) index(position []int) int {
	index := 0
	for axis, at := range position {
		index += at * b.strides[axis]
	}
	return index
}
