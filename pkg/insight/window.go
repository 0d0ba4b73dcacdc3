package insight

import (
	"cmp"
	"slices"
	"time"

	"lyhord/pkg/platform/clock"
)

// Code lists whose labels the city page shows.
const (
	listType = "case_type"
	listSoL  = "category"
	listHSL  = "category_hsl"
)

// The private providers stand as one row: next to each other they would be comparable competitors, and each of them is
// small. Inside the row a provider that makes up most of a number is protected (see Cell.By).
const (
	privateSlug = "privata-utforare"
	privateName = "Privata utförare"
)

const (
	blockMonths = 12 // the months whose sums per district and category are published
	allMonths   = 36
)

// window is the fixed grid: always the same 36 whole months and the present one, whatever a reader asks for. Two answers
// can then never be subtracted from each other to give something that neither of them shows.
type window struct {
	months    []clock.Date // 36 whole months and last the present one
	districts []place
	category  []label
	caseType  []label
	row       map[string]int // tenant -> district
	at        map[clock.Date]int
	cells     []cell // by month, then district, then category
	types     [][]int
}

type cell struct {
	n  int
	by map[string]int // private row: count per provider
}

// newWindow lays the grid out from the city's public directory and fills it with counts.
func newWindow(dir directory, today clock.Date, counts []count) *window {
	w := &window{
		months: monthsTo(today), at: map[clock.Date]int{}, row: map[string]int{},
		category: slices.Clone(dir.Categories), caseType: slices.Clone(dir.Types),
	}
	for i, m := range w.months {
		w.at[m] = i
	}
	w.layRows(dir.Tenants)
	for _, c := range counts {
		w.category = known(w.category, c.Category, "Ej klassad")
		w.caseType = known(w.caseType, c.CaseType, "Ej bestämd")
	}
	w.cells = make([]cell, len(w.months)*len(w.districts)*len(w.category))
	w.types = make([][]int, len(w.months))
	for i := range w.types {
		w.types[i] = make([]int, len(w.caseType))
	}
	for _, c := range counts {
		w.add(c)
	}
	return w
}

// monthsTo lists the first days of the 36 whole months before today's, and of today's.
func monthsTo(today clock.Date) []clock.Date {
	months := make([]clock.Date, allMonths+1)
	for i := range months {
		months[i] = clock.NewDate(today.Year(), today.Month()-time.Month(allMonths-i), 1)
	}
	return months
}

// layRows gives every board its row and all providers one together. A board without a single case has its row too:
// a row that is left out would tell that it is empty.
func (w *window) layRows(tenants []place) {
	for _, t := range tenants {
		if t.Kind == "BOARD" {
			w.row[t.Slug] = len(w.districts)
			w.districts = append(w.districts, t)
		}
	}
	private := -1
	for _, t := range tenants {
		if t.Kind != "PROVIDER" {
			continue
		}
		if private < 0 {
			private = len(w.districts)
			w.districts = append(w.districts, place{Slug: privateSlug, Name: privateName, Kind: t.Kind})
		}
		w.row[t.Slug] = private
	}
}

// known adds a code that the city's list does not hold (any more) or that is not set yet.
func known(codes []label, code, without string) []label {
	if slices.ContainsFunc(codes, func(l label) bool { return l.Code == code }) {
		return codes
	}
	return append(codes, label{Code: code, Label: cmp.Or(code, without)})
}

func indexOf(codes []label, code string) int {
	return slices.IndexFunc(codes, func(l label) bool { return l.Code == code })
}

func (w *window) add(c count) {
	month, inside := w.at[clock.NewDate(c.Month.Date())]
	district, has := w.row[c.Tenant]
	if !inside || !has {
		return // the city's own office has no cases
	}
	one := w.cell(month, district, indexOf(w.category, c.Category))
	one.n += c.N
	if w.districts[district].Slug == privateSlug {
		if one.by == nil {
			one.by = map[string]int{}
		}
		one.by[c.Tenant] += c.N
	}
	w.types[month][indexOf(w.caseType, c.CaseType)] += c.N
}

func (w *window) cell(month, district, category int) *cell {
	return &w.cells[(month*len(w.districts)+district)*len(w.category)+category]
}

// present is the place of the present month, which is not over yet.
func (w *window) present() int { return len(w.months) - 1 }

// largest is the district with most cases: its people know its numbers and must learn nothing of the others.
func (w *window) largest() int {
	sums := make([]int, len(w.districts))
	for i, c := range w.cells {
		sums[i/len(w.category)%len(w.districts)] += c.n
	}
	return slices.Index(sums, slices.Max(sums))
}
