package insight

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"lyhord/pkg/platform/clock"
)

var (
	today = clock.MustDate("2026-11-22")
	noon  = time.Date(2026, 11, 22, 11, 0, 0, 0, time.UTC)
)

// cityOf invents the directory of a city: so many boards, providers and categories.
func cityOf(boards, providers, categories int) directory {
	dir := directory{City: "Provstad"}
	for i := range boards {
		dir.Tenants = append(dir.Tenants, place{Slug: fmt.Sprintf("namnd-%02d", i), Name: fmt.Sprintf("Nämnd %02d", i), Kind: "BOARD"})
	}
	for i := range providers {
		dir.Tenants = append(dir.Tenants, place{Slug: fmt.Sprintf("utforare-%02d", i), Name: fmt.Sprintf("Utförare %02d", i), Kind: "PROVIDER"})
	}
	dir.Tenants = append(dir.Tenants, place{Slug: "slk", Name: "Stadsledningskontoret", Kind: "CITY_OFFICE"})
	for i := range categories {
		dir.Categories = append(dir.Categories, label{List: listSoL, Code: fmt.Sprintf("K%02d", i), Label: fmt.Sprintf("Kategori %02d", i)})
	}
	for _, code := range []string{"AVVIKELSE", "KLAGOMAL", "SYNPUNKT", "LEX_SARAH"} {
		dir.Types = append(dir.Types, label{List: listType, Code: code, Label: strings.ToLower(code)})
	}
	return dir
}

// countsOf invents counts: some categories, kinds and districts are common and most are rare.
func countsOf(rng *rand.Rand, dir directory, mean float64) []count {
	var counts []count
	for i, t := range dir.Tenants {
		if t.Kind == "CITY_OFFICE" {
			continue
		}
		size := mean / float64(1+i%4)
		if t.Kind == "PROVIDER" {
			size = mean / 6
		}
		for _, month := range monthsTo(today) {
			for c, category := range dir.Categories {
				for k, kind := range dir.Types {
					if n := skewed(rng, size/float64((1+c/3)*(1+k*k))); n > 0 {
						counts = append(counts, count{Tenant: t.Slug, Kind: t.Kind, Month: month.UTC(), CaseType: kind.Code, Category: category.Code, N: n})
					}
				}
			}
		}
	}
	return counts
}

func pagesOf(t testing.TB, dir directory, counts []count) (*published, map[CityQuery]City) {
	t.Helper()
	w := newWindow(dir, today, counts)
	p, err := publish(w)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = p.withPresent(counts); err != nil {
		t.Fatal(err)
	}
	pages := map[CityQuery]City{}
	for _, months := range []int{12, 24, 36} {
		for _, kind := range append([]label{{}}, w.caseType...) {
			for _, category := range append([]label{{}}, w.category...) {
				q := CityQuery{Months: months, CaseType: kind.Code, Category: category.Code}
				if pages[q], err = p.page(q, dir.City, noon); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return p, pages
}

func TestWhoSavesEveryAnswerOfThePageCannotWorkOutAHiddenNumber(t *testing.T) {
	for seed, mean := range []float64{2, 6, 15, 40} {
		rng := rand.New(rand.NewPCG(uint64(seed), 1))
		dir := cityOf(5, 3, 8)
		p, pages := pagesOf(t, dir, countsOf(rng, dir, mean))
		r := readerOf(t, p, pages)
		shown := 0
		for _, n := range r.seen {
			if n != nil {
				shown++
				if *n < DefaultThreshold {
					t.Fatalf("mean %v: the number %d is shown", mean, *n)
				}
			}
		}
		t.Logf("mean %v: %d of %d numbers are shown", mean, shown, len(r.seen))
		if said := r.attack(); said != "" {
			t.Errorf("mean %v: %s", mean, said)
		}
	}
}

func TestTheLargestDistrictsOwnPeopleLearnNothingOfTheOthers(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	dir := cityOf(5, 3, 8)
	p, pages := pagesOf(t, dir, countsOf(rng, dir, 15))
	r := readerOf(t, p, pages)
	r.knowOwn(p.w.largest())
	if said := r.attack(); said != "" {
		t.Error(said)
	}
}

func TestTheReaderOfTheseTestsFindsANumberThatIsLeftOpen(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	dir := cityOf(5, 3, 8)
	p, pages := pagesOf(t, dir, countsOf(rng, dir, 15))
	r := readerOf(t, p, pages)
	w := p.w
	// Somebody shows all districts of a month but one, beside the month's sum.
	for d := 1; d < len(w.districts); d++ {
		n := 0
		for c := range w.category {
			n += w.cell(0, d, c).n
		}
		r.learn(r.at("md", 0, "/", w.districts[d].slug), &n)
	}
	r.seen[r.at("md", 0, "/", w.districts[0].slug)] = nil
	if r.attack() == "" {
		t.Error("the reader does not see what is left open")
	}
}

func TestThePrivateProvidersAreOneRowThatNoneOfThemDominates(t *testing.T) {
	dir := cityOf(4, 2, 2)
	var counts []count
	for _, month := range monthsTo(today) {
		for _, tenant := range dir.Tenants {
			n := 40
			switch tenant.Slug {
			case "slk":
				continue
			case "utforare-01":
				n = 5 // of 45: the other one could take away its own and read these
			}
			for _, category := range dir.Categories {
				counts = append(counts, count{Tenant: tenant.Slug, Kind: tenant.Kind, Month: month.UTC(), CaseType: "KLAGOMAL", Category: category.Code, N: n})
			}
		}
	}
	_, pages := pagesOf(t, dir, counts)
	page := pages[CityQuery{Months: 12}]
	if len(page.Districts) != 5 {
		t.Fatalf("%d rows for four boards and the providers", len(page.Districts))
	}
	for _, d := range page.Districts {
		if strings.HasPrefix(d.Slug, "utforare") {
			t.Errorf("the provider %s stands alone", d.Slug)
		}
		for i, n := range d.Series {
			if d.Slug == privateSlug && n != nil {
				t.Errorf("month %d of the providers shows %d, of which one has 89 percent", i, *n)
			}
		}
	}
}

func TestTheMonthThatIsNotOverIsAPointAlone(t *testing.T) {
	dir := cityOf(4, 0, 3)
	p, pages := pagesOf(t, dir, countsOf(rand.New(rand.NewPCG(1, 1)), dir, 40))
	page := pages[CityQuery{Months: 24}]
	if len(page.Months) != 25 || page.Months[24] != "2026-11" || page.IncompleteMonth != "2026-11" || page.Months[0] != "2024-11" {
		t.Fatalf("months %v, not over: %s", page.Months, page.IncompleteMonth)
	}
	last := page.SPC.Points[24]
	if !last.Incomplete || last.Rule != "" || page.SPC.Phases[len(page.SPC.Phases)-1].To != "2026-10" {
		t.Errorf("the present month is part of what is worked out: %+v", last)
	}
	if page.Totals.Series[24] == nil || *page.Totals.Series[24] != *p.total[p.w.present()] {
		t.Error("the present month's sum is missing")
	}
	if page.Heat.From != "2025-11" || page.Heat.To != "2026-10" {
		t.Errorf("the sums are of %s–%s", page.Heat.From, page.Heat.To)
	}
	for code := range dir.Categories {
		one := pages[CityQuery{Months: 24, Category: dir.Categories[code].Code}]
		if one.Totals.Series[24] != nil {
			t.Error("a category's present month is shown: with the districts' it would tell about one case")
		}
	}
}

func TestWhatStandsOutIsSaidAndComesFirst(t *testing.T) {
	dir := cityOf(6, 0, 4)
	var counts []count
	rng := rand.New(rand.NewPCG(5, 5))
	months := monthsTo(today)
	for m, month := range months {
		for i, tenant := range dir.Tenants[:6] {
			for c, category := range dir.Categories {
				n := 20 + rng.IntN(5)
				if i == 4 && c == 2 && m >= len(months)-4 {
					n += 60
				}
				counts = append(counts, count{Tenant: tenant.Slug, Kind: "BOARD", Month: month.UTC(), CaseType: "AVVIKELSE", Category: category.Code, N: n})
			}
		}
	}
	_, pages := pagesOf(t, dir, counts)
	page := pages[CityQuery{Months: 24}]
	if page.Districts[0].Slug != "namnd-04" {
		t.Errorf("%s comes first", page.Districts[0].Slug)
	}
	text := strings.Join(page.Sentences, "\n")
	for _, want := range []string{"Kategori 02: ", "Nämnd 04: ", "Hela staden: ", "utanför kontrollgräns", "Senast oktober 2026", "Det är sällan en slump."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said in:\n%s", want, text)
		}
	}
	if strings.Contains(text, "Kategori 00") {
		t.Errorf("a category without a signal is said to stand out:\n%s", text)
	}
	one := pages[CityQuery{Months: 24, Category: "K02"}]
	if len(one.Sentences) != 1 || !strings.HasPrefix(one.Sentences[0], "Kategori 02: ") {
		t.Errorf("the page of the category says %q", one.Sentences)
	}
}

func TestAQuietCityHasNothingToSay(t *testing.T) {
	dir := cityOf(3, 0, 3)
	_, pages := pagesOf(t, dir, nil)
	page := pages[CityQuery{Months: 36}]
	for i, n := range page.Totals.Series {
		if n != nil {
			t.Errorf("month %d is shown as %d; nothing at all is a small number too", i, *n)
		}
	}
	if len(page.Sentences) != 0 || len(page.Heat.Cols) != 0 || len(page.Districts) != 1 {
		t.Errorf("%+v", page)
	}
	if _, pages = pagesOf(t, directory{City: "Tom"}, nil); pages[CityQuery{Months: 12}].Heat != nil {
		t.Error("a city without boards has a table")
	}
}

func TestSmallBoardsStandInOneRowAndRareCategoriesInOneColumn(t *testing.T) {
	dir := cityOf(4, 0, 4)
	var counts []count
	for _, month := range monthsTo(today) {
		for i, n := range []int{60, 40, 9, 5} {
			for c, category := range dir.Categories[:2] {
				counts = append(counts, count{Tenant: dir.Tenants[i].Slug, Kind: "BOARD", Month: month.UTC(), CaseType: "KLAGOMAL", Category: category.Code, N: n / (c + 1)})
			}
		}
	}
	_, pages := pagesOf(t, dir, counts)
	page := pages[CityQuery{Months: 12}]
	names := map[string][]string{}
	for _, d := range page.Districts {
		names[d.Name] = d.Includes
		if d.Slug == smallSlug && (d.Series[0] == nil || *d.Series[0] != 9+4+5+2) {
			t.Errorf("together they have %v", d.Series[0])
		}
	}
	if len(names) != 3 || !slices.Equal(names[smallName], []string{"Nämnd 02", "Nämnd 03"}) {
		t.Errorf("rows: %v", names)
	}
	for _, col := range page.Heat.Cols {
		if col.Code == "K02" || col.Code == "K03" {
			t.Errorf("%s never happens and has a column", col.Code)
		}
	}
	if rare := pages[CityQuery{Months: 12, Category: "K03"}]; rare.SPC != nil && rare.SPC.Hidden != 12 {
		t.Errorf("%d months of a rare category are hidden", rare.SPC.Hidden)
	}
}

func TestAMonthInWhichTheCityBeganInTheMiddleIsNoSignal(t *testing.T) {
	dir := cityOf(3, 0, 3)
	var counts []count
	for m, month := range monthsTo(today)[20:] {
		for i := range 3 {
			for c, category := range dir.Categories {
				n := 40 + (m+i+c)%4
				if m == 0 {
					n = 7
				}
				counts = append(counts, count{Tenant: dir.Tenants[i].Slug, Kind: "BOARD", Month: month.UTC(), CaseType: "KLAGOMAL", Category: category.Code, N: n})
			}
		}
	}
	_, pages := pagesOf(t, dir, counts)
	page := pages[CityQuery{Months: 24}]
	if page.SPC.Signals != 0 || page.SPC.Phases[0].From != page.Months[9] {
		t.Errorf("%d signals, normal from %s: the city began in %s", page.SPC.Signals, page.SPC.Phases[0].From, page.Months[8])
	}
	if len(page.SPC.Points) != len(page.Months) || !page.SPC.Points[8].Incomplete || page.SPC.Points[9].Incomplete {
		t.Error("the month it began in is not marked")
	}
}

func TestACityThatBeganLastMonthHasNothingToCompareYet(t *testing.T) {
	dir := cityOf(2, 0, 2)
	_, pages := pagesOf(t, dir, []count{{Tenant: "namnd-00", Kind: "BOARD", Month: clock.MustDate("2026-10-01").UTC(), CaseType: "KLAGOMAL", Category: "K00", N: 50}})
	page := pages[CityQuery{Months: 12}]
	if page.SPC.Summary != "Det finns inga uppgifter än." || len(page.SPC.Points) != 13 {
		t.Errorf("%q, %d points", page.SPC.Summary, len(page.SPC.Points))
	}
}

func TestOnlyPublishedTablesCanBeAskedFor(t *testing.T) {
	w := newWindow(cityOf(2, 0, 2), today, nil)
	for _, q := range []CityQuery{{Months: 1}, {Months: 12, CaseType: "X"}, {Months: 12, Category: "K00.UNDER"}} {
		if w.check(q) == nil {
			t.Errorf("%+v is answered", q)
		}
	}
	if err := w.check(CityQuery{Months: 12, CaseType: "KLAGOMAL", Category: "K01"}); err != nil {
		t.Error(err)
	}
}

func BenchmarkCityOf26TenantsBy36MonthsBy25Categories(b *testing.B) {
	dir := cityOf(13, 13, 25)
	counts := countsOf(rand.New(rand.NewPCG(2, 2)), dir, 3)
	w := newWindow(dir, today, counts)
	p, err := publish(w)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("first of the day", func(b *testing.B) {
		for b.Loop() {
			if _, err := publish(newWindow(dir, today, counts)); err != nil {
				b.Fatal(err)
			}
		}
	})
	present := slices.DeleteFunc(slices.Clone(counts), func(c count) bool { return c.Month.Before(w.months[w.present()].UTC()) })
	b.Run("every other", func(b *testing.B) {
		for b.Loop() {
			now, err := p.withPresent(present)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := now.page(CityQuery{Months: 36}, dir.City, noon); err != nil {
				b.Fatal(err)
			}
		}
	})
}
