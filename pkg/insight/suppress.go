// Package insight turns de-identified counts into what may be shown: tables in which
// nobody can count to a person, and charts that say in a sentence what they show.
//
// fact.go and jobs.go keep one de-identified fact per case, brought up to date by the job each case event leaves
// behind. window.go lays a city's counts on a fixed grid, publish.go decides what of it may be shown, city.go draws the
// page. suppress.go and its neighbours protect published tables, spc.go finds out whether a change is more than chance,
// sentence.go puts it into words; these are pure: no database, no clock, no text of any case.
//
// It must never let a hidden number out in another shape: what is hidden is nil from there on, for every reader and
// every drawing. It imports no domain that makes cases, reads no words and no persons, and the page is read as a
// database role that can call one function. The tests attack the published tables as a reader would, with every sum
// there is and every answer the page can give, check charts and sentences against worked examples, and count facts and
// cells again on a real PostgreSQL.
package insight

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// DefaultThreshold is the smallest number the city publishes.
const DefaultThreshold = 5

// dominantPercent is the share above which one contributor can subtract itself
// and read the rest of the cell.
const dominantPercent = 85

// Cell is one inner count of a table, before protection.
type Cell struct {
	Count int
	// Structural marks a zero that could not have been anything else (a district
	// without that kind of unit). Only structural zeros are published as zeros.
	Structural bool
	// By holds the count of each contributor (private provider). Nil means that
	// the dominance rule does not apply to the cell; sums apply it only if every
	// non-empty cell below them names its contributors.
	By map[string]int
	// Withheld marks a cell that is never published, whatever its size: only sums of
	// it are. It is protected as any hidden number.
	Withheld bool
}

// Rule says how strongly a table is protected. The zero value is the city's rule.
type Rule struct {
	// Threshold is k: counts below it are hidden, and no hidden count can be
	// narrowed down to fewer than k+1 values. Zero means DefaultThreshold.
	Threshold int
	// Insiders are positions in the first dimension (tenants) whose own numbers
	// a reader may know. Each is tried alone against everyone else's cells.
	Insiders []int
}

// Grid is an n-dimensional table of counts without its sums, in row-major order.
type Grid struct {
	Dims  []int
	Cells []Cell
	Rule  Rule
}

// Total is the position of the sum in any dimension of a Published table.
const Total = -1

// Published is the table that may leave the tenant border: every cell and every
// sum, nil where it is hidden. Zero, small and complementary cells share the one
// mark nil, so the reader cannot tell which is which.
type Published struct {
	dims   []int // with the sum as the last position of each dimension
	values []*int
}

// At gives one published number; use Total as position for a sum.
func (p Published) At(position ...int) *int {
	if len(position) != len(p.dims) {
		panic(fmt.Sprintf("insight: %d positions for a table of %d dimensions", len(position), len(p.dims)))
	}
	index := 0
	for axis, at := range position {
		if at == Total {
			at = p.dims[axis] - 1
		}
		index = index*p.dims[axis] + at
	}
	return p.values[index]
}

// Hidden counts the protected numbers, sums included.
func (p Published) Hidden() int {
	hidden := 0
	for _, value := range p.values {
		if value == nil {
			hidden++
		}
	}
	return hidden
}

// Table is a two-dimensional table with named rows and columns.
type Table struct {
	Rows    []string
	Columns []string
	Cells   [][]Cell
	Rule    Rule
}

// ProtectedTable is a Table after protection, ready for JSON: null is "visas inte".
type ProtectedTable struct {
	Rows         []string `json:"rows"`
	Columns      []string `json:"columns"`
	Cells        [][]*int `json:"cells"`
	RowTotals    []*int   `json:"row_totals"`
	ColumnTotals []*int   `json:"column_totals"`
	Total        *int     `json:"total"`
	Hidden       int      `json:"hidden"`
}

// Protect hides what must be hidden in a two-dimensional table with its sums.
func (t Table) Protect() (ProtectedTable, error) {
	grid := Grid{Dims: []int{len(t.Rows), len(t.Columns)}, Rule: t.Rule}
	if len(t.Cells) != len(t.Rows) {
		return ProtectedTable{}, fmt.Errorf("insight: %d rows of cells for %d row names", len(t.Cells), len(t.Rows))
	}
	for i, row := range t.Cells {
		if len(row) != len(t.Columns) {
			return ProtectedTable{}, fmt.Errorf("insight: row %d has %d cells for %d columns", i, len(row), len(t.Columns))
		}
		grid.Cells = append(grid.Cells, row...)
	}
	published, err := grid.Protect()
	if err != nil {
		return ProtectedTable{}, err
	}
	result := ProtectedTable{
		Rows: t.Rows, Columns: t.Columns, Hidden: published.Hidden(),
		Cells:     make([][]*int, len(t.Rows)),
		RowTotals: make([]*int, len(t.Rows)), ColumnTotals: make([]*int, len(t.Columns)),
		Total: published.At(Total, Total),
	}
	for i := range t.Rows {
		result.Cells[i] = make([]*int, len(t.Columns))
		result.RowTotals[i] = published.At(i, Total)
		for j := range t.Columns {
			result.Cells[i][j] = published.At(i, j)
			result.ColumnTotals[j] = published.At(Total, j)
		}
	}
	return result, nil
}

// Protect hides the small, empty and dominated numbers of the grid and of all its
// sums, and then as many more as it takes.
//
// Two dimensions: exact. A table with its sums is a flow network, so the
// narrowest interval a reader can work out for a hidden number is a maximum flow
// up and one down; no number stays hidden with an interval of fewer than k+1 whole
// numbers or with an upper bound under k.
//
// Three dimensions and more: first every two-dimensional face is made exact on its
// own, again and again until nothing changes; that is what a reader of one face
// could attack. Linked faces together are no flow network, and there is no exact
// bound short of integer programming. So each hidden number must in the end carry
// a certificate: other whole, non-negative tables with precisely the same
// published numbers in which it differs enough (see certify). That is sufficient
// but not necessary: it may hide more than the least possible. With about one event
// per inner cell and more, hardly anything but the small numbers goes; with much
// fewer, sums go as well, and a coarser grid (quarters, fewer categories) says more.
//
// Not covered: what follows from comparing two publications (fix the grid and
// freeze it), or from knowledge beyond Rule.Insiders.
func (g Grid) Protect() (Published, error) {
	board, err := newBoard(g)
	if err != nil {
		return Published{}, err
	}
	faces := board.faces()
	for changed := true; changed; {
		changed = false
		for _, face := range faces {
			changed = face.protect() || changed
		}
	}
	if len(g.Dims) > 2 {
		board.certifyAll()
	}
	return board.publish(), nil
}

// board is the table with its sums while protection is worked out.
type board struct {
	dims     []int // with sums
	strides  []int
	values   []int
	hidden   []bool
	fixed    []bool // structural: published as they are, known to everyone
	width    []int  // least width of the interval when hidden
	k        int
	insiders []int
	moved    []int // how far each number is from its true value in the table tried now
	touched  []int // the numbers that were moved
}

func newBoard(g Grid) (*board, error) {
	size := 1
	for _, n := range g.Dims {
		size *= n
	}
	if len(g.Dims) < 2 || slices.Min(g.Dims) < 1 {
		return nil, errors.New("insight: a table needs two dimensions or more, none of them empty")
	}
	if len(g.Cells) != size {
		return nil, fmt.Errorf("insight: %d cells for dimensions %v", len(g.Cells), g.Dims)
	}
	b := &board{k: cmp.Or(g.Rule.Threshold, DefaultThreshold), insiders: g.Rule.Insiders}
	if b.k < 2 {
		return nil, fmt.Errorf("insight: threshold %d protects nothing", b.k)
	}
	b.dims, b.strides = make([]int, len(g.Dims)), make([]int, len(g.Dims))
	size = 1
	for axis := len(g.Dims) - 1; axis >= 0; axis-- {
		b.dims[axis], b.strides[axis] = g.Dims[axis]+1, size
		size *= b.dims[axis]
	}
	for _, row := range g.Rule.Insiders {
		if row < 0 || row >= g.Dims[0] {
			return nil, fmt.Errorf("insight: no insider row %d", row)
		}
	}
	b.values, b.hidden = make([]int, size), make([]bool, size)
	b.fixed, b.width, b.moved = make([]bool, size), make([]int, size), make([]int, size)
	return b, b.fill(g)
}

// fill adds every cell to each sum it belongs to and applies the primary rules.
func (b *board) fill(g Grid) error {
	by := make([]map[string]int, len(b.values))
	unnamed := make([]bool, len(b.values))
	for i := range b.fixed {
		b.fixed[i] = true
	}
	position := make([]int, len(g.Dims))
	withheld := make([]bool, len(b.values))
	for _, cell := range g.Cells {
		if cell.Count < 0 || cell.Structural && cell.Count > 0 {
			return fmt.Errorf("insight: cell %v has an impossible count %d", position, cell.Count)
		}
		corners := b.corners(position)
		withheld[corners[0]] = cell.Withheld
		for _, index := range corners {
			b.values[index] += cell.Count
			b.fixed[index] = b.fixed[index] && cell.Structural
			unnamed[index] = unnamed[index] || cell.Count > 0 && cell.By == nil
			for name, count := range cell.By {
				if by[index] == nil {
					by[index] = make(map[string]int)
				}
				by[index][name] += count
			}
		}
		advance(position, g.Dims)
	}
	for i, value := range b.values {
		dominated := by[i] != nil && !unnamed[i] && isDominated(by[i])
		b.hidden[i] = !b.fixed[i] && (value < b.k || dominated || withheld[i])
		b.width[i] = b.k
		if dominated {
			// A large number of one provider needs a wider veil than a small count.
			b.width[i] = max(b.k, (value*(100-dominantPercent)+99)/100)
		}
	}
	return nil
}

// isDominated tells whether fewer than two contributors stand behind a number, or
// one of them for more than 85 percent.
func isDominated(by map[string]int) bool {
	contributors, largest, sum := 0, 0, 0
	for _, count := range by {
		if count > 0 {
			contributors++
		}
		largest, sum = max(largest, count), sum+count
	}
	return sum > 0 && (contributors < 2 || largest*100 > sum*dominantPercent)
}

// corners lists the index of a position and of all sums it belongs to.
func (b *board) corners(position []int) []int {
	indexes := []int{0}
	for axis, at := range position {
		total := (b.dims[axis] - 1) * b.strides[axis]
		for _, index := range slices.Clone(indexes) {
			indexes = append(indexes, index+total)
		}
		for i := range len(indexes) / 2 {
			indexes[i] += at * b.strides[axis]
		}
	}
	return indexes
}

// advance moves a position to the next cell in row-major order.
func advance(position, dims []int) bool {
	for axis := len(dims) - 1; axis >= 0; axis-- {
		if position[axis]++; position[axis] < dims[axis] {
			return true
		}
		position[axis] = 0
	}
	return false
}

func (b *board) publish() Published {
	p := Published{dims: b.dims, values: make([]*int, len(b.values))}
	for i, value := range b.values {
		if !b.hidden[i] {
			p.values[i] = &value
		}
	}
	return p
}
