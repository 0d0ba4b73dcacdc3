package insight

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// City is the page of one city: only what was published, nil for what is hidden.
type City struct {
	City            string        `json:"city"`
	Months          []string      `json:"months" doc:"Hela månader, och sist den som pågår"`
	IncompleteMonth string        `json:"incomplete_month" doc:"Månaden som pågår; den ingår aldrig i det som räknas ut"`
	UpdatedAt       time.Time     `json:"updated_at"`
	Filter          Filter        `json:"filter"`
	Totals          Totals        `json:"totals"`
	SPC             *SPC          `json:"spc"`
	Districts       []District    `json:"districts"`
	Heat            *Heat         `json:"heat"`
	Categories      []CategorySum `json:"categories"`
	Sentences       []string      `json:"sentences"`
	ProtectedNote   string        `json:"protected_note"`
}

// Filter is what the monthly series counts.
type Filter struct {
	Months   int     `json:"months"`
	CaseType *string `json:"case_type"`
	Category *string `json:"category"`
}

// Totals is the monthly series of the city.
type Totals struct {
	Series []*int `json:"series"`
}

// SPC is a chart as the screen draws it: the whole months with what they mean, and the present month as a point alone.
type SPC struct {
	Name        string     `json:"name"`
	Kind        Kind       `json:"kind"`
	Points      []SPCPoint `json:"points"`
	Phases      []Phase    `json:"phases"`
	Summary     string     `json:"summary"`
	Description string     `json:"description"`
	Hidden      int        `json:"hidden" doc:"Antal månader som inte visas"`
	Signals     int        `json:"signals" doc:"Antal månader som är en signal"`
}

// SPCPoint is a point of a chart.
type SPCPoint struct {
	Point
	Incomplete bool `json:"incomplete,omitempty"`
}

// District is one row of the city with its monthly series.
type District struct {
	Slug     string   `json:"slug"`
	Name     string   `json:"name"`
	Includes []string `json:"includes,omitempty" doc:"De som räknas tillsammans i raden"`
	Series   []*int   `json:"series"`
	SPC      *SPC     `json:"spc"`
}

// Heat is the table of districts and categories for the latest twelve whole months.
type Heat struct {
	From      string    `json:"from"`
	To        string    `json:"to"`
	Rows      []HeatRow `json:"rows"`
	Cols      []HeatCol `json:"cols" doc:"Kategorier där något tal visas"`
	Cells     [][]*int  `json:"cells"`
	RowTotals []*int    `json:"row_totals"`
	ColTotals []*int    `json:"col_totals"`
	Total     *int      `json:"total"`
}

// HeatRow and HeatCol name the table's sides.
type (
	HeatRow struct {
		Slug string `json:"slug"`
		Name string `json:"name"`
	}
	HeatCol struct {
		Code  string `json:"code"`
		Label string `json:"label"`
	}
)

// CategorySum is a category's sum of the latest twelve whole months.
type CategorySum struct {
	Code  string `json:"code"`
	Label string `json:"label"`
	N     *int   `json:"n"`
}

// CityQuery is the reader's choice.
type CityQuery struct {
	Months   int // 12, 24 or 36 whole months
	CaseType string
	Category string
}

const (
	noteHidden = "– visas inte. Antalet är litet, eller skulle avslöja ett litet antal."
	noteBoth   = "Välj antingen ärendetyp eller kategori. Tillsammans blir antalen för små för att visas."
	noteType   = "Per ärendetyp visas bara hela staden, månad för månad."
	noteLive   = "Den månad som pågår visas bara som summa för staden och för varje stadsdel."
	noteMonths = "Stadsdel och kategori tillsammans visas bara för tolv hela månader."
)

// page makes the answer to a query from what is published.
func (p *published) page(q CityQuery, city string, now time.Time) (City, error) {
	w := p.w
	from := w.present() - q.Months
	page := City{
		City: city, IncompleteMonth: monthText(w, w.present()), UpdatedAt: now, Districts: []District{}, Categories: []CategorySum{},
		Filter: Filter{Months: q.Months, CaseType: given(q.CaseType), Category: given(q.Category)}, Sentences: []string{},
	}
	for m := from; m <= w.present(); m++ {
		page.Months = append(page.Months, monthText(w, m))
	}
	name, series := p.chosen(q)
	page.Totals.Series = series[from:]
	chart, err := p.chart(name, series, from)
	if err != nil {
		return City{}, err
	}
	page.SPC = p.spc(chart, series, from)
	page.ProtectedNote = noteHidden + " " + cmp.Or(note(q), noteMonths+" "+noteLive)
	if q.CaseType != "" {
		page.Sentences = sayNews([]news{{name, chart}})
		return page, nil
	}
	page.Heat, page.Categories = p.heatTable(), p.categorySums()
	if page.Sentences, err = p.sentences(q, chart, from); err != nil {
		return City{}, err
	}
	if q.Category == "" {
		page.Districts, err = p.districts(from)
	}
	return page, err
}

func given(code string) *string {
	if code == "" {
		return nil
	}
	return &code
}

func note(q CityQuery) string {
	switch {
	case q.CaseType != "" && q.Category != "":
		return noteBoth
	case q.CaseType != "":
		return noteType
	}
	return ""
}

// chosen is the monthly series of the query: the city, one category or one kind of case, but not two at once.
func (p *published) chosen(q CityQuery) (name string, series []*int) {
	w := p.w
	switch {
	case q.CaseType != "" && q.Category != "":
		return "Ärendetyp och kategori", make([]*int, len(w.months))
	case q.CaseType != "":
		at := indexOf(w.caseType, q.CaseType)
		return w.caseType[at].Label, p.byType[at]
	case q.Category != "":
		if at := indexOf(w.category, q.Category); at >= 0 {
			return w.category[at].Label, p.byCategory[at]
		}
		return w.labels[q.Category], make([]*int, len(w.months)) // a rare one
	}
	return "Mottagna per månad", p.total
}

// chart finds the signals of the whole months from a month on.
func (p *published) chart(name string, series []*int, from int) (Chart, error) {
	s := Series{Name: name}
	for m := max(from, p.w.begun); m < p.w.present(); m++ {
		s.Points = append(s.Points, Observation{X: monthText(p.w, m), Y: series[m]})
	}
	return Analyse(s)
}

// spc draws a chart over all months asked for: those that were not whole are points that nothing is said about.
func (p *published) spc(c Chart, series []*int, from int) *SPC {
	out := &SPC{Name: c.Name, Kind: c.Kind, Phases: c.Phases, Summary: c.Summary, Description: c.Description, Hidden: c.Hidden}
	if out.Phases == nil {
		out.Phases = []Phase{}
	}
	w := p.w
	for m := from; m <= w.present(); m++ {
		if m >= w.begun && m < w.present() {
			point := c.Points[m-max(from, w.begun)]
			if point.Rule != "" {
				out.Signals++
			}
			out.Points = append(out.Points, SPCPoint{Point: point})
			continue
		}
		alone := SPCPoint{Point: Point{X: monthText(w, m)}, Incomplete: true}
		if series[m] != nil {
			y := float64(*series[m])
			alone.Y = &y
		}
		out.Points = append(out.Points, alone)
	}
	return out
}

func (p *published) districts(from int) ([]District, error) {
	all := []District{}
	for i, d := range p.w.districts {
		chart, err := p.chart(d.name, p.byDistrict[i], from)
		if err != nil {
			return nil, err
		}
		all = append(all, District{Slug: d.slug, Name: d.name, Includes: d.includes, Series: p.byDistrict[i][from:], SPC: p.spc(chart, p.byDistrict[i], from)})
	}
	slices.SortStableFunc(all, func(a, b District) int { return cmp.Compare(b.SPC.Signals, a.SPC.Signals) })
	return all, nil
}

// heatTable leaves out the columns in which nothing is shown; that follows from what is published and tells no more.
func (p *published) heatTable() *Heat {
	w := p.w
	if len(w.districts) == 0 || len(w.category) == 0 {
		return nil
	}
	h := &Heat{
		From: monthText(w, w.present()-blockMonths), To: monthText(w, w.present()-1), Total: p.heat.At(Total, Total, Total),
		Rows: []HeatRow{}, Cols: []HeatCol{}, Cells: make([][]*int, len(w.districts)), RowTotals: []*int{}, ColTotals: []*int{},
	}
	for d, one := range w.districts {
		h.Rows = append(h.Rows, HeatRow{Slug: one.slug, Name: one.name})
		h.RowTotals = append(h.RowTotals, p.heat.At(d, Total, Total))
		h.Cells[d] = []*int{}
	}
	for c, one := range w.category {
		shown := p.heat.At(Total, c, Total) != nil
		for d := range w.districts {
			shown = shown || p.heat.At(d, c, Total) != nil
		}
		if !shown {
			continue
		}
		h.Cols = append(h.Cols, HeatCol{Code: one.Code, Label: one.Label})
		h.ColTotals = append(h.ColTotals, p.heat.At(Total, c, Total))
		for d := range w.districts {
			h.Cells[d] = append(h.Cells[d], p.heat.At(d, c, Total))
		}
	}
	return h
}

// categorySums lists the categories whose sum is shown, the commonest first.
func (p *published) categorySums() []CategorySum {
	sums := []CategorySum{}
	if p.heat.dims == nil {
		return sums
	}
	for c, one := range p.w.category {
		if n := p.heat.At(Total, c, Total); n != nil {
			sums = append(sums, CategorySum{Code: one.Code, Label: one.Label, N: n})
		}
	}
	slices.SortStableFunc(sums, func(a, b CategorySum) int { return cmp.Compare(*b.N, *a.N) })
	return sums
}

func monthText(w *window, m int) string {
	return fmt.Sprintf("%04d-%02d", w.months[m].Year(), w.months[m].Month())
}

// recentMonths is how far back a signal is news.
const recentMonths = 6

// mostNews is how many sentences a reader takes in.
const mostNews = 5

type news struct {
	name  string
	chart Chart
}

// sentences says what stands out: in the city, in its categories and in its districts.
func (p *published) sentences(q CityQuery, chosen Chart, from int) ([]string, error) {
	all := []news{{chosen.Name, chosen}}
	if q.Category != "" {
		return sayNews(all), nil
	}
	all[0].name = "Hela staden"
	for c, one := range p.w.category {
		chart, err := p.chart(one.Label, p.byCategory[c], from)
		if err != nil {
			return nil, err
		}
		all = append(all, news{one.Label, chart})
	}
	for d, one := range p.w.districts {
		chart, err := p.chart(one.name, p.byDistrict[d], from)
		if err != nil {
			return nil, err
		}
		all = append(all, news{one.name, chart})
	}
	return sayNews(all), nil
}

// sayNews puts the charts with a recent signal into sentences, the strongest first.
func sayNews(all []news) []string {
	weighed := slices.DeleteFunc(slices.Clone(all), func(n news) bool { return n.weight() == 0 })
	slices.SortStableFunc(weighed, func(a, b news) int { return cmp.Compare(b.weight(), a.weight()) })
	said := []string{}
	for _, n := range weighed[:min(len(weighed), mostNews)] {
		said = append(said, n.name+": "+n.say())
	}
	return said
}

// weight: a month outside a limit counts more than one in a row on one side.
func (n news) weight() int {
	weight := 0
	for i := max(0, len(n.chart.Points)-recentMonths); i < len(n.chart.Points); i++ {
		switch n.chart.Points[i].Rule {
		case Outside:
			weight += 8
		case Run:
			weight++
		}
	}
	return weight
}

// say is the chart's own sentence with the latest point outside, and what it means.
func (n news) say() string {
	text := n.chart.finding()
	text = strings.ToLower(text[:1]) + text[1:]
	for i := len(n.chart.Points) - 1; i >= max(0, len(n.chart.Points)-recentMonths); i-- {
		point := n.chart.Points[i]
		if point.Rule != Outside {
			continue
		}
		text += fmt.Sprintf(" Senast %s: %s", PeriodName(point.X), Number(*point.Y))
		if span := n.chart.NormalSpan(); span != "" {
			text += ", " + span
		}
		text += "."
		break
	}
	return text + " Det är sällan en slump."
}
