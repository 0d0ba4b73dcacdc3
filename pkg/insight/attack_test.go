package insight

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// The attacker of these tests shares no code with the protection: it sees only what
// is published (and perhaps one tenant's own numbers) and uses every sum there is.

type equation struct {
	parts []int // the numbers that add up to whole
	whole int
}

// equations lists all sums of a published table, along every dimension.
func equations(dims []int) []equation {
	size := 1
	for _, n := range dims {
		size *= n
	}
	var all []equation
	step := size
	for _, n := range dims {
		step /= n
		for index := range size {
			if index/step%n == n-1 {
				e := equation{whole: index}
				for back := 1; back < n; back++ {
					e.parts = append(e.parts, index-back*step)
				}
				all = append(all, e)
			}
		}
	}
	return all
}

// attack returns a sentence about the first hidden number it recovers, or nothing.
func attack(p Published, known map[int]int) string {
	values := make([]*int, len(p.values))
	copy(values, p.values)
	for index, value := range known {
		values[index] = &value
	}
	sums := equations(p.dims)
	if index := subtract(values, sums); index >= 0 {
		return fmt.Sprintf("number %d follows from subtraction alone", index)
	}
	return squeeze(values, sums)
}

// subtract solves the linear system of all sums over a prime field and tells which
// hidden number has only one solution, or -1.
func subtract(values []*int, sums []equation) int {
	const prime = 1_000_000_007
	column := map[int]int{}
	var hidden []int
	for index, value := range values {
		if value == nil {
			column[index] = len(hidden)
			hidden = append(hidden, index)
		}
	}
	pivots := map[int][]int{}
	for _, sum := range sums {
		row := make([]int, len(hidden))
		if c, ok := column[sum.whole]; ok {
			row[c] = prime - 1
		}
		for _, part := range sum.parts {
			if c, ok := column[part]; ok {
				row[c] = 1
			}
		}
		insert(pivots, row, prime)
	}
	// Fully reduced, a number is determined exactly if its row has nothing else in it.
	for c := len(hidden) - 1; c >= 0; c-- {
		for other := c + 1; other < len(hidden) && pivots[c] != nil; other++ {
			if pivot := pivots[other]; pivot != nil && pivots[c][other] != 0 {
				eliminate(pivots[c], pivot, pivots[c][other], prime)
			}
		}
	}
	for c, row := range pivots {
		alone := true
		for other, factor := range row {
			alone = alone && (other == c || factor == 0)
		}
		if alone {
			return hidden[c]
		}
	}
	return -1
}

func insert(pivots map[int][]int, row []int, prime int) {
	for c := range row {
		if row[c] == 0 {
			continue
		}
		if pivot, ok := pivots[c]; ok {
			eliminate(row, pivot, row[c], prime)
			continue
		}
		inverse := power(row[c], prime-2, prime)
		for i := range row {
			row[i] = row[i] * inverse % prime
		}
		pivots[c] = row
		return
	}
}

func eliminate(row, pivot []int, factor, prime int) {
	for i := range row {
		row[i] = ((row[i]-factor*pivot[i])%prime + prime) % prime
	}
}

func power(base, exponent, prime int) int {
	result := 1
	for ; exponent > 0; exponent >>= 1 {
		if exponent&1 == 1 {
			result = result * base % prime
		}
		base = base * base % prime
	}
	return result
}

// squeeze narrows the interval of every hidden number by every sum until nothing
// changes, and reports one that became too narrow.
func squeeze(values []*int, sums []equation) string {
	const far = 1 << 30
	low, high := make([]int, len(values)), make([]int, len(values))
	for i, value := range values {
		if value != nil {
			low[i], high[i] = *value, *value
		} else {
			high[i] = far
		}
	}
	for changed := true; changed; {
		changed = false
		narrow := func(index, from, to int) {
			if from > low[index] {
				low[index], changed = from, true
			}
			if to < high[index] {
				high[index], changed = to, true
			}
		}
		for _, sum := range sums {
			least, most := 0, 0
			for _, part := range sum.parts {
				least, most = least+low[part], min(far, most+high[part])
			}
			narrow(sum.whole, least, most)
			for _, part := range sum.parts {
				narrow(part, 0, high[sum.whole]-(least-low[part]))
				if most < far {
					narrow(part, low[sum.whole]-(most-high[part]), far)
				}
			}
		}
	}
	for i, value := range values {
		if value == nil && (high[i]-low[i] < DefaultThreshold || high[i] < DefaultThreshold) {
			return fmt.Sprintf("number %d lies between %d and %d", i, low[i], high[i])
		}
	}
	return ""
}

func TestTheAttackerOfTheseTestsFindsWhatHidingOnlySmallNumbersLeavesOpen(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	bySubtraction, bySqueezing := 0, 0
	const tables = 200
	for range tables {
		b, err := newBoard(randomGrid(rng, 14, 12, 6))
		if err != nil {
			t.Fatal(err)
		}
		published := b.publish()
		sums := equations(published.dims)
		if subtract(published.values, sums) >= 0 {
			bySubtraction++
		}
		if squeeze(published.values, sums) != "" {
			bySqueezing++
		}
	}
	t.Logf("of %d tables %d fall to subtraction, %d to squeezing", tables, bySubtraction, bySqueezing)
	if bySubtraction < tables*3/4 || bySqueezing < tables*9/10 {
		t.Errorf("too weak an attacker: %d and %d of %d", bySubtraction, bySqueezing, tables)
	}
}

// enumerate tries every 3x3 table with the same sums and the same shown cells.
func enumerate(b *board, f *face) (low, high map[int]int) {
	low, high = map[int]int{}, map[int]int{}
	var cells [9]int
	var try func(at int)
	try = func(at int) {
		if at == 9 {
			for i := range 3 {
				if cells[i]+cells[3+i]+cells[6+i] != b.values[f.index(3, i)] {
					return
				}
			}
			for i, value := range cells {
				index := f.index(i/3, i%3)
				if old, seen := low[index]; !seen || value < old {
					low[index] = value
				}
				high[index] = max(high[index], value)
			}
			return
		}
		row, index := at/3, f.index(at/3, at%3)
		from, to := 0, b.values[f.index(row, 3)]
		for i := row * 3; i < at; i++ {
			to -= cells[i]
		}
		if at%3 == 2 {
			from = to
		}
		for value := from; value <= to; value++ {
			if b.hidden[index] || value == b.values[index] {
				cells[at] = value
				try(at + 1)
			}
		}
	}
	try(0)
	return low, high
}
