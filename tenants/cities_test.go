package tenants

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"lyhord/pkg/platform/clock"
)

// loadOnce: the cities are only read by these tests, so one reading serves all.
var loadOnce = sync.OnceValues(Embedded)

func embedded(t *testing.T) (stockholm, linkoping City) {
	t.Helper()
	cities, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cities {
		switch c.Slug {
		case "stockholm":
			stockholm = c
		case "linkoping":
			linkoping = c
		}
	}
	if len(cities) != 2 || stockholm.Name == "" || linkoping.Name == "" {
		t.Fatalf("there are %d cities", len(cities))
	}
	return stockholm, linkoping
}

var districts = []string{
	"bromma", "enskede-arsta-vantor", "farsta", "hagersten-alvsjo", "hasselby-vallingby", "jarva",
	"kungsholmen", "norra-innerstaden", "skarpnack", "skarholmen", "sodermalm",
}

var today = clock.MustDate("2026-11-22")

func TestStockholmHasItsDistrictsOfficesAndProviders(t *testing.T) {
	city, _ := embedded(t)
	for _, slug := range append([]string{"aldreforvaltningen", "socialforvaltningen"}, districts...) {
		if one, ok := city.Tenant(slug); !ok || one.Kind != KindBoard || !one.PublicForm {
			t.Errorf("%s is missing or is not a board with a public form", slug)
		}
	}
	if slk, _ := city.Tenant("slk"); slk.Kind != KindCityOffice || slk.PublicForm {
		t.Errorf("SLK is a %s", slk.Kind)
	}
	providers := 0
	for _, one := range city.Tenants {
		if one.Kind != KindProvider {
			continue
		}
		providers++
		units := unitsOf(one, UnitUnit)
		if len(units) < 3 || len(units) > 6 {
			t.Errorf("%s has %d units, want 3 to 6", one.Slug, len(units))
		}
		for _, u := range units {
			if len(u.CommissionedBy) == 0 {
				t.Errorf("%s: nobody has commissioned %s", one.Slug, u.Slug)
			}
		}
		if !strings.HasPrefix(one.OrgNumber, "000000-") {
			t.Errorf("%s has an organisation number that may belong to somebody", one.Slug)
		}
	}
	if providers != 8 || len(city.Tenants) != 22 {
		t.Errorf("there are %d providers among %d tenants", providers, len(city.Tenants))
	}
}

func TestMergedDistrictsKnowWhatTheyCameFrom(t *testing.T) {
	city, _ := embedded(t)
	for slug, want := range map[string][]string{
		"norra-innerstaden": {"norrmalm", "ostermalm"}, "jarva": {"rinkeby-kista", "spanga-tensta"},
		"hagersten-alvsjo": {"hagersten-liljeholmen", "alvsjo"},
	} {
		one, _ := city.Tenant(slug)
		var got []string
		for _, p := range one.Predecessors {
			got = append(got, p.Slug)
			if p.ValidTo.AddDays(1) != one.ValidFrom {
				t.Errorf("%s ends on %s and %s begins on %s", p.Slug, p.ValidTo, slug, one.ValidFrom)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s came from %v, want %v", slug, got, want)
		}
	}
}

func TestEveryDistrictHasThreeLevelsAndEightToFourteenUnits(t *testing.T) {
	city, _ := embedded(t)
	names := map[string]string{}
	for _, slug := range districts {
		one, _ := city.Tenant(slug)
		if n := len(unitsOf(one, UnitDepartment)); n != 3 {
			t.Errorf("%s has %d departments, want 3", slug, n)
		}
		units := unitsOf(one, UnitUnit)
		if len(units) < 8 || len(units) > 14 {
			t.Errorf("%s has %d units, want 8 to 14", slug, len(units))
		}
		regi := map[string]bool{}
		for _, u := range units {
			regi[u.Regi] = true
			if u.Type == "VARD_OCH_OMSORGSBOENDE" {
				if other, twice := names[u.Name]; twice {
					t.Errorf("%s is in both %s and %s", u.Name, other, slug)
				}
				names[u.Name] = slug
			}
			boss, _ := one.SuperiorOn(u.Slug, today)
			top, _ := one.SuperiorOn(u.Parent, today)
			if boss == "" || top != "forvaltningschef" || boss == top {
				t.Errorf("%s: above the manager of %s is %q and above that %q", slug, u.Slug, boss, top)
			}
		}
		if !regi["EGEN_REGI"] || !regi["MYNDIGHETSUTOVNING"] {
			t.Errorf("%s has only %v", slug, regi)
		}
	}
}

func TestEveryTenantHasAPersonForEveryRole(t *testing.T) {
	stockholm, linkoping := embedded(t)
	roles := []string{
		"medarbetare", "registrator", "chef", "utredare", "avdelningschef", "kanslisekreterare", "verksamhetsutvecklare",
		"lex_ansvarig", "lex_utredare", "mas", "arkivarie", "granskare", "tenant_admin",
	}
	for _, one := range append(slices.Clone(stockholm.Tenants), linkoping.Tenants...) {
		want := roles
		if one.Kind == KindCityOffice {
			want = []string{"slk", "operator", "tenant_admin", "granskare"}
		}
		for _, role := range want {
			p, ok := one.Person(role)
			if !ok || !slices.ContainsFunc(p.Roles, func(m Membership) bool { return m.Role == role }) {
				t.Errorf("nobody can log in as %s", one.Login(role))
			}
		}
	}
}

func TestTheDemoManagerLeadsTheHomeWhereTheDemoCareWorkerWorks(t *testing.T) {
	stockholm, linkoping := embedded(t)
	for _, one := range append(slices.Clone(stockholm.Tenants), linkoping.Tenants...) {
		if one.Kind == KindCityOffice {
			continue
		}
		worker, _ := one.Person("medarbetare")
		home, ok := one.Unit(worker.Roles[0].Unit)
		if !ok {
			t.Errorf("%s: the care worker works nowhere", one.Slug)
			continue
		}
		boss, _ := home.ManagerOn(today)
		above, _ := one.SuperiorOn(home.Slug, today)
		if boss != "chef" || above != "avdelningschef" {
			t.Errorf("%s: %s is led by %s under %s", one.Slug, home.Name, boss, above)
		}
		if slices.Contains(districts, one.Slug) && (home.Type != "VARD_OCH_OMSORGSBOENDE" || home.Area != "ALDREOMSORG") {
			t.Errorf("%s: the demo home is a %s", one.Slug, home.Type)
		}
	}
}

func TestAManagerWhoMovedOnLedTheUnitOnlyThen(t *testing.T) {
	city, _ := embedded(t)
	farsta, _ := city.Tenant("farsta")
	moved := 0
	for _, u := range farsta.Units {
		if len(u.Managers) < 2 {
			continue
		}
		moved++
		before, _ := u.ManagerOn(clock.MustDate("2025-12-31"))
		after, _ := u.ManagerOn(clock.MustDate("2026-01-01"))
		if before != "chef" || after == "chef" || after == "" {
			t.Errorf("%s was led by %s and then by %s", u.Slug, before, after)
		}
	}
	if moved == 0 {
		t.Error("no unit has changed its manager")
	}
}

func unitsOf(one Tenant, kind string) []Unit {
	var units []Unit
	for _, u := range one.Units {
		if u.Kind == kind {
			units = append(units, u)
		}
	}
	return units
}

func TestEveryRiskValueHasExactlyOneBand(t *testing.T) {
	city, _ := embedded(t)
	bands, _ := city.Codes.List(ListRiskBand)
	for _, risk := range []int{1, 2, 3, 4, 6, 8, 9, 12, 16} {
		n := 0
		for _, b := range bands.Codes {
			if b.From <= risk && risk <= b.To {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the risk value %d is in %d bands", risk, n)
		}
	}
}

func TestALawIsCitedAsItWasOnTheDay(t *testing.T) {
	city, _ := embedded(t)
	for day, want := range map[string]string{"2025-06-30": "SoL 14:3", "2025-07-01": "SoL 27:2"} {
		l, ok := city.LegalOn("sol.lex-rapportera", clock.MustDate(day))
		if !ok || l.Short != want {
			t.Errorf("on %s it is %s, want %s", day, l.Short, want)
		}
	}
	marking, _ := city.LegalOn("osl.sekretess", today)
	bromma, _ := city.Tenant("bromma")
	if marking.Full() != bromma.Secrecy.Law {
		t.Errorf("the district marks with %q, the law is %q", bromma.Secrecy.Law, marking.Full())
	}
	if _, ok := city.LegalOn("sol.lex-utreda", clock.MustDate("2020-01-01")); ok {
		t.Error("a provision is cited before it was law")
	}
}

func TestLinkopingsRoutineStandsWordForWord(t *testing.T) {
	_, city := embedded(t)
	one, ok := city.Tenant("linkoping-social")
	if !ok || one.Routine == nil {
		t.Fatal("there is no routine")
	}
	var all strings.Builder
	steps := map[string]bool{}
	for _, s := range one.Routine.Sections {
		all.WriteString(s.Text + "\n")
		for _, step := range s.Steps {
			steps[step] = true
		}
	}
	for _, sentence := range []string{
		"– Synpunkter och klagomål lämnas in på broschyren ”Välkommen att tycka till”.\n",
		"– Synpunkter och klagomål kommer in via ”Kontakta oss” på www.linkoping.se/stodochomsorg\n",
		"Socialförvaltningen har ett diariefört ärende med namnet ”Klagomål” dit varje synpunkt och klagomål förs.",
		"För att bedöma behovet av åtgärd ska chefen samråda med sin närmaste chef, som ska avgöra om klagomålet eller avvikelsen ska bedömas som ”komplicerat”.",
		"ett för Omsorg och socialförvaltningen gemensamt ärende som heter ”Omsorg, synpunkter och klagomål”.",
		"Klagomålsärenden/avvikelseärenden ska inte dokumenteras i enskildas personakter.",
	} {
		if !strings.Contains(all.String(), sentence) {
			t.Errorf("the routine lacks %q", sentence)
		}
	}
	for _, step := range []string{"T1", "T2", "T6", "T7", "T20", "T29"} {
		if !steps[step] {
			t.Errorf("no passage of the routine governs %s", step)
		}
	}
	names := []string{one.Texts.ReportForm, one.Texts.InvestigationTemplate}
	for _, f := range one.Collective {
		names = append(names, f.Name)
	}
	want := []string{
		"Blankett för klagomål och avvikelser", "Utredning avvikelse och klagomål",
		"Klagomål", "Avvikelser", "Omsorg, synpunkter och klagomål",
	}
	if !slices.Equal(names, want) {
		t.Errorf("the routine's names are %q, want %q", names, want)
	}
}

func TestNumbersAreWrittenInEachCitysStyle(t *testing.T) {
	stockholm, linkoping := embedded(t)
	bromma, _ := stockholm.Tenant("bromma")
	social, _ := linkoping.Tenant("linkoping-social")
	v := NumberValues{Prefix: "BRO", Class: "5.1.1", Year: 2026, No: 17}
	file := Render(bromma.NumberPatterns.File, v)
	for _, c := range []struct{ got, want string }{
		{file, "5.1.1-17/2026"},
		{Render(bromma.NumberPatterns.Own, v), "BRO 2026/17"},
		{Render(bromma.NumberPatterns.Case, v), "BRO-2026-00017"},
		{Render(bromma.NumberPatterns.Entry, NumberValues{File: file, No: 345}), "5.1.1-17/2026-345"},
		{Render(social.NumberPatterns.Own, NumberValues{Prefix: "SN", Year: 2026, No: 17}), "SN 2026-0017"},
	} {
		if c.got != c.want {
			t.Errorf("written %q, want %q", c.got, c.want)
		}
	}
}

func TestAStoredTenantSaysTheSameWhenItIsReadBack(t *testing.T) {
	stockholm, linkoping := embedded(t)
	for _, one := range append(slices.Clone(stockholm.Tenants), linkoping.Tenants...) {
		text, err := json.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		var back, again Tenant
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		// Empty lists may come back as none; written once more the text must be the same.
		second, err := json.Marshal(back)
		if err != nil {
			t.Fatal(err)
		}
		if string(second) != string(text) {
			t.Errorf("%s is not the same after storing", one.Slug)
		}
		if err := json.Unmarshal(second, &again); err != nil || !reflect.DeepEqual(back, again) {
			t.Errorf("%s changes each time it is stored (%v)", one.Slug, err)
		}
	}
}

func TestNobodyIsInTwoPlacesUnderOneName(t *testing.T) {
	stockholm, linkoping := embedded(t)
	seen := map[string]string{}
	for _, one := range append(slices.Clone(stockholm.Tenants), linkoping.Tenants...) {
		for _, p := range one.People {
			if other, twice := seen[p.Name]; twice {
				t.Errorf("%s is both %s and %s", p.Name, other, one.Login(p.Key))
			}
			seen[p.Name] = one.Login(p.Key)
		}
	}
}

func TestContrastIsMeasuredAsTheStandardSays(t *testing.T) {
	for colour, want := range map[string]float64{"#000000": 21, "#ffffff": 1, "#767676": 4.54} {
		if got := ContrastOnWhite(colour); got < want-0.01 || got > want+0.01 {
			t.Errorf("%s has contrast %.2f, want %.2f", colour, got, want)
		}
	}
}

func FuzzAnyTenantFileIsReadOrRefusedWithoutPanic(f *testing.F) {
	f.Add(smallTenant)
	f.Add("units: [{slug: a, parent: a}]")
	f.Add("? a\n: - b\n<<: *c")
	f.Fuzz(func(t *testing.T, text string) {
		var one Tenant
		decode("f.yaml", []byte(text), &one)
	})
}
