package insight

import (
	"fmt"
	"slices"

	"lyhord/pkg/platform/clock"
)

// published is what of a window may leave the tenants' border, nil where it is hidden. Three families of tables are
// published, and nothing else, so that it can be said what follows from them together:
//
//   - month by district and month by category, with the city's sum of each month;
//   - district by category for the latest twelve whole months, with all sums;
//   - month by kind of case, for the whole city.
//
// Month by district by category is never published: at that grain most numbers are below the threshold anyhow, and
// hiding them costs sums that are worth more.
//
// The twelve months with sums are one linked set of three dimensions. An older month has no sum with any other number
// and is a table of its own, district by category. The kinds of case are linked to the rest by the month's sum alone,
// which must therefore be shown by both or the kinds are not.
type published struct {
	w          *window
	total      []*int   // by month
	byDistrict [][]*int // district, month
	byCategory [][]*int // category, month
	byType     [][]*int // kind of case, month
	heat       Published
}

// publish protects all whole months. It is costly and made once a day for a city.
func publish(w *window) (*published, error) {
	p := &published{
		w: w, total: make([]*int, len(w.months)),
		byDistrict: rows(len(w.districts), len(w.months)), byCategory: rows(len(w.category), len(w.months)),
		byType: rows(len(w.caseType), len(w.months)),
	}
	if len(w.districts) == 0 || len(w.category) == 0 {
		return p, nil
	}
	if err := p.protectBlock(); err != nil {
		return nil, err
	}
	for month := range w.present() - blockMonths {
		if err := p.protectMonth(month); err != nil {
			return nil, err
		}
	}
	for month := range w.present() {
		if err := p.protectTypes(month); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func rows(n, months int) [][]*int {
	all := make([][]*int, n)
	for i := range all {
		all[i] = make([]*int, months)
	}
	return all
}

func (w *window) inner(month, district, category int) Cell {
	c := w.cell(month, district, category)
	return Cell{Count: c.n, By: c.by, Withheld: true}
}

// protectBlock protects the latest twelve whole months together.
func (p *published) protectBlock() error {
	w, first := p.w, p.w.present()-blockMonths
	grid := Grid{
		Dims:  []int{len(w.districts), len(w.category), blockMonths},
		Cells: make([]Cell, 0, len(w.districts)*len(w.category)*blockMonths),
		Rule:  Rule{Insiders: []int{w.largest()}},
	}
	for d := range w.districts {
		for c := range w.category {
			for m := range blockMonths {
				grid.Cells = append(grid.Cells, w.inner(first+m, d, c))
			}
		}
	}
	safe, err := grid.Protect()
	if err != nil {
		return fmt.Errorf("latest months: %w", err)
	}
	for m := range blockMonths {
		p.total[first+m] = safe.At(Total, Total, m)
		for d := range w.districts {
			p.byDistrict[d][first+m] = safe.At(d, Total, m)
		}
		for c := range w.category {
			p.byCategory[c][first+m] = safe.At(Total, c, m)
		}
	}
	p.heat = safe
	return nil
}

// protectMonth protects one month that is part of no sum over months.
func (p *published) protectMonth(month int) error {
	w := p.w
	grid := Grid{Dims: []int{len(w.districts), len(w.category)}, Rule: Rule{Insiders: []int{w.largest()}}}
	for d := range w.districts {
		for c := range w.category {
			grid.Cells = append(grid.Cells, w.inner(month, d, c))
		}
	}
	safe, err := grid.Protect()
	if err != nil {
		return fmt.Errorf("month %s: %w", w.months[month], err)
	}
	p.total[month] = safe.At(Total, Total)
	for d := range w.districts {
		p.byDistrict[d][month] = safe.At(d, Total)
	}
	for c := range w.category {
		p.byCategory[c][month] = safe.At(Total, c)
	}
	return nil
}

func (p *published) protectTypes(month int) error {
	safe, err := vector(p.w.types[month])
	if err != nil {
		return fmt.Errorf("kinds of case in %s: %w", p.w.months[month], err)
	}
	if p.total[month] == nil || safe.At(Total, 0) == nil {
		return nil
	}
	for t := range p.byType {
		p.byType[t][month] = safe.At(t, 0)
	}
	return nil
}

// vector protects a list of numbers with its sum.
func vector(counts []int) (Published, error) {
	grid := Grid{Dims: []int{len(counts), 1}}
	for _, n := range counts {
		grid.Cells = append(grid.Cells, Cell{Count: n})
	}
	return grid.Protect()
}

// withPresent adds the month that is not over: per district only. It changes with every case, and category and district
// moving at the same moment would tell both about one person's case.
func (p *published) withPresent(counts []count) (*published, error) {
	w := p.w
	if len(w.districts) == 0 || len(w.category) == 0 {
		return p, nil
	}
	grid := Grid{Dims: []int{len(w.districts), 1}, Rule: Rule{Insiders: []int{w.largest()}}, Cells: make([]Cell, len(w.districts))}
	for _, c := range counts {
		row, has := w.row[c.Tenant]
		if !has || w.at[clock.NewDate(c.Month.Date())] != w.present() {
			continue
		}
		one := &grid.Cells[row]
		one.Count += c.N
		if w.districts[row].slug == privateSlug {
			if one.By == nil {
				one.By = map[string]int{}
			}
			one.By[c.Tenant] += c.N
		}
	}
	safe, err := grid.Protect()
	if err != nil {
		return nil, fmt.Errorf("present month: %w", err)
	}
	now, month := *p, w.present()
	now.total = slices.Clone(p.total)
	now.total[month] = safe.At(Total, 0)
	now.byDistrict = make([][]*int, len(p.byDistrict))
	for d := range p.byDistrict {
		now.byDistrict[d] = slices.Clone(p.byDistrict[d])
		now.byDistrict[d][month] = safe.At(d, 0)
	}
	return &now, nil
}
