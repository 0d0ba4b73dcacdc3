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

// A board with fewer cases a month than this stands in one row with the others like it, if there are any: alone it would
// be hidden nearly always, and would take larger neighbours with it. A category with fewer stands among the others.
const (
	boardPerMonth    = 15
	categoryPerMonth = 1

	smallSlug = "ovriga-forvaltningar"
	smallName = "Övriga förvaltningar"
	rareCode  = "OVRIGA_KATEGORIER"
	rareLabel = "Övriga kategorier"
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
	districts []district
	category  []label
	caseType  []label
	labels    map[string]string // of every category, also the rare ones
	row       map[string]int    // tenant -> district
	column    map[string]int    // category code -> category
	at        map[clock.Date]int
	begun     int    // the first month that was whole when the city was in service
	cells     []cell // by month, then district, then category
	types     [][]int
}

// district is a row of the city: one board, or several tenants under one name.
type district struct {
	slug, name string
	includes   []string
}

type cell struct {
	n  int
	by map[string]int // private row: count per provider
}

// newWindow lays the grid out from the city's public directory and fills it with counts.
func newWindow(dir directory, today clock.Date, counts []count) *window {
	w := &window{
		months: monthsTo(today), at: map[clock.Date]int{}, row: map[string]int{}, column: map[string]int{},
		labels: map[string]string{}, caseType: slices.Clone(dir.Types),
	}
	for i, m := range w.months {
		w.at[m] = i
	}
	categories := slices.Clone(dir.Categories)
	byTenant, byCategory := map[string]int{}, map[string]int{}
	for _, c := range counts {
		categories = known(categories, c.Category, "Ej klassad")
		w.caseType = known(w.caseType, c.CaseType, "Ej bestämd")
		byTenant[c.Tenant] += c.N
		byCategory[c.Category] += c.N
	}
	w.begun = w.begin(counts)
	w.layRows(dir.Tenants, byTenant)
	w.layColumns(categories, byCategory)
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

// begin finds the first month that can be compared with others. The month in which the first case came was most often
// not a whole one in service.
func (w *window) begin(counts []count) int {
	if len(counts) == 0 {
		return 0
	}
	earliest := slices.MinFunc(counts, func(a, b count) int { return a.Month.Compare(b.Month) }).Month
	at, inside := w.at[clock.NewDate(earliest.Date())]
	if !inside {
		return 0 // there were cases before the window
	}
	return at + 1
}

// layRows gives every board its row, the small boards one together and all providers one together. A board without a
// single case is in a row too: one that is left out would tell that it is empty.
func (w *window) layRows(tenants []place, n map[string]int) {
	isSmall := func(t place) bool { return t.Kind == "BOARD" && n[t.Slug] < boardPerMonth*allMonths }
	var small, private []place
	for _, t := range tenants {
		switch {
		case t.Kind == "PROVIDER":
			private = append(private, t)
		case isSmall(t):
			small = append(small, t)
		}
	}
	for _, t := range tenants {
		if t.Kind == "BOARD" && (len(small) < 2 || !isSmall(t)) {
			w.row[t.Slug] = len(w.districts)
			w.districts = append(w.districts, district{slug: t.Slug, name: t.Name})
		}
	}
	if len(small) > 1 {
		w.layTogether(smallSlug, smallName, small)
	}
	if len(private) > 0 {
		w.layTogether(privateSlug, privateName, private)
	}
}

func (w *window) layTogether(slug, name string, tenants []place) {
	d := district{slug: slug, name: name}
	for _, t := range tenants {
		w.row[t.Slug] = len(w.districts)
		d.includes = append(d.includes, t.Name)
	}
	w.districts = append(w.districts, d)
}

// layColumns gives every common category its column and the rare ones one together.
func (w *window) layColumns(categories []label, n map[string]int) {
	var rare []label
	for _, l := range categories {
		w.labels[l.Code] = l.Label
		if n[l.Code] < categoryPerMonth*allMonths {
			rare = append(rare, l)
			continue
		}
		w.column[l.Code] = len(w.category)
		w.category = append(w.category, l)
	}
	for _, l := range rare {
		w.column[l.Code] = len(w.category)
	}
	if len(rare) > 0 {
		w.category = append(w.category, label{Code: rareCode, Label: rareLabel})
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
	row, has := w.row[c.Tenant]
	if !inside || !has {
		return // the city's own office has no cases
	}
	one := w.cell(month, row, w.column[c.Category])
	one.n += c.N
	if w.districts[row].slug == privateSlug {
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
