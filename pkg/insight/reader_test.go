package insight

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

// reader is somebody who has saved every answer that the page can give, as JSON, and puts them together.
type reader struct {
	t     *testing.T
	w     *window
	place map[string]int
	seen  []*int
	sums  []equation
}

func (r *reader) at(name string, parts ...any) int {
	key := name + fmt.Sprint(parts...)
	if _, known := r.place[key]; !known {
		r.place[key] = len(r.seen)
		r.seen = append(r.seen, nil)
	}
	return r.place[key]
}

func (r *reader) learn(index int, n *int) {
	if n == nil {
		return
	}
	if old := r.seen[index]; old != nil && *old != *n {
		r.t.Fatalf("one number is told as %d and as %d", *old, *n)
	}
	r.seen[index] = n
}

func (r *reader) sum(whole int, parts []int) {
	r.sums = append(r.sums, equation{whole: whole, parts: slices.Clone(parts)})
}

// lay writes down every sum the reader can know of.
func (r *reader) lay() {
	w := r.w
	last := w.present()
	for m := range w.months {
		var districts, categories, types []int
		for d := range w.districts {
			districts = append(districts, r.at("md", m, "/", w.districts[d].slug))
		}
		for _, c := range w.category {
			categories = append(categories, r.at("mc", m, "/", c.Code))
		}
		for _, k := range w.caseType {
			types = append(types, r.at("mt", m, "/", k.Code))
		}
		for _, parts := range [][]int{districts, categories, types} {
			r.sum(r.at("m", m), parts)
		}
	}
	block := func(name, code string) (parts []int) {
		for m := last - blockMonths; m < last; m++ {
			parts = append(parts, r.at(name, m, "/", code))
		}
		return parts
	}
	var rowSums, colSums []int
	for _, d := range w.districts {
		var parts []int
		for _, c := range w.category {
			parts = append(parts, r.at("dc", d.slug, "/", c.Code))
		}
		r.sum(r.at("d", d.slug), parts)
		r.sum(r.at("d", d.slug), block("md", d.slug))
		rowSums = append(rowSums, r.at("d", d.slug))
	}
	for _, c := range w.category {
		var parts []int
		for _, d := range w.districts {
			parts = append(parts, r.at("dc", d.slug, "/", c.Code))
		}
		r.sum(r.at("c", c.Code), parts)
		r.sum(r.at("c", c.Code), block("mc", c.Code))
		colSums = append(colSums, r.at("c", c.Code))
	}
	r.sum(r.at("all"), rowSums)
	r.sum(r.at("all"), colSums)
}

// read takes in one answer, from its JSON alone.
func (r *reader) read(q CityQuery, body []byte) {
	var page City
	if err := json.Unmarshal(body, &page); err != nil {
		r.t.Fatal(err)
	}
	first := r.w.present() - q.Months
	for i, n := range page.Totals.Series {
		switch {
		case q.CaseType == "" && q.Category == "":
			r.learn(r.at("m", first+i), n)
		case q.Category == "":
			r.learn(r.at("mt", first+i, "/", q.CaseType), n)
		case q.CaseType == "":
			r.learn(r.at("mc", first+i, "/", q.Category), n)
		case n != nil:
			r.t.Fatalf("%+v: month %d says %d", q, i, *n)
		}
		if y := page.SPC.Points[i].Y; (y == nil) != (n == nil) || y != nil && int(*y) != *n {
			r.t.Fatalf("%+v: the chart says something else than the series", q)
		}
	}
	for _, d := range page.Districts {
		for i, n := range d.Series {
			r.learn(r.at("md", first+i, "/", d.Slug), n)
		}
	}
	if page.Heat == nil {
		return
	}
	for i, row := range page.Heat.Rows {
		r.learn(r.at("d", row.Slug), page.Heat.RowTotals[i])
		for j, col := range page.Heat.Cols {
			r.learn(r.at("dc", row.Slug, "/", col.Code), page.Heat.Cells[i][j])
			r.learn(r.at("c", col.Code), page.Heat.ColTotals[j])
		}
	}
	for _, c := range page.Categories {
		r.learn(r.at("c", c.Code), c.N)
	}
	r.learn(r.at("all"), page.Heat.Total)
}

// knowOwn lets the reader know one district's own numbers.
func (r *reader) knowOwn(d int) {
	w, slug := r.w, r.w.districts[d].slug
	for m := range w.months {
		n := 0
		for c := range w.category {
			n += w.cell(m, d, c).n
		}
		r.learn(r.at("md", m, "/", slug), &n)
	}
	year := 0
	for c, category := range w.category {
		n := 0
		for m := w.present() - blockMonths; m < w.present(); m++ {
			n += w.cell(m, d, c).n
		}
		r.learn(r.at("dc", slug, "/", category.Code), &n)
		year += n
	}
	r.learn(r.at("d", slug), &year)
}

func readerOf(t *testing.T, p *published, pages map[CityQuery]City) *reader {
	t.Helper()
	r := &reader{t: t, w: p.w, place: map[string]int{}}
	r.lay()
	for q, page := range pages {
		body, err := json.Marshal(page)
		if err != nil {
			t.Fatal(err)
		}
		r.read(q, body)
	}
	return r
}

func (r *reader) attack() string {
	if index := subtract(r.seen, r.sums); index >= 0 {
		for key, at := range r.place {
			if at == index {
				return key + " follows from subtraction"
			}
		}
	}
	return squeeze(r.seen, r.sums)
}
