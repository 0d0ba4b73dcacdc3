package tenants

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"lyhord/pkg/platform/clock"
)

// smallTenant is a whole tenant on few lines; each test breaks one of them.
const smallTenant = `name: Prov stadsdelsförvaltning
short_name: Prov
kind: BOARD
org_number: 212000-0142
board_name: Prov stadsdelsnämnd
areas: [ALDREOMSORG]
public_form: true
number_patterns:
  prefix: PRV
secrecy:
  marking: true
  law: 26 kap. 1 § offentlighets- och sekretesslagen (2009:400)
  authority: Prov stadsdelsnämnd
theme:
  logo_text: Prov
  header_colour: "#1b4d3e"
  accent_colour: "#0f6b4f"
units:
  - slug: forvaltningen
    name: Förvaltningen
    kind: FORVALTNING
    managers: [{person: hog}]
  - slug: aldreomsorg
    name: Äldreomsorg
    kind: AVDELNING
    parent: forvaltningen
    managers: [{person: mellan}]
  - slug: huset
    name: Huset
    kind: ENHET
    parent: aldreomsorg
    type: VARD_OCH_OMSORGSBOENDE
    area: ALDREOMSORG
    regi: EGEN_REGI
    managers: [{person: chef, valid_to: 2025-12-31}, {person: ny, valid_from: 2026-01-01}]
people:
  - {key: hog, name: Åsa Hög, title: Förvaltningschef, roles: [{role: avdelningschef}]}
  - {key: mellan, name: Ali Mellan, title: Avdelningschef, roles: [{role: avdelningschef, unit: aldreomsorg}]}
  - {key: chef, name: Eva Chef, title: Enhetschef, roles: [{role: chef, unit: huset}]}
  - {key: ny, name: Omar Ny, title: Enhetschef, roles: [{role: chef, unit: huset}]}
  - {key: registrator, name: Ida Bok, title: Registrator, roles: [{role: registrator}]}
`

// smallCity is Stockholm's city files with one small tenant.
func smallCity(t *testing.T) fstest.MapFS {
	t.Helper()
	city := fstest.MapFS{"stockholm/prov.yaml": {Data: []byte(smallTenant)}}
	for _, name := range []string{"stockholm/city.yaml", "stockholm/codes.yaml"} {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		city[name] = &fstest.MapFile{Data: data}
	}
	return city
}

// change replaces old by text in the file, and is fatal if old is not there exactly once.
func change(t *testing.T, city fstest.MapFS, file, old, text string) {
	t.Helper()
	data := string(city[file].Data)
	if strings.Count(data, old) != 1 {
		t.Fatalf("%q stands %d times in %s", old, strings.Count(data, old), file)
	}
	city[file] = &fstest.MapFile{Data: []byte(strings.Replace(data, old, text, 1))}
}

func lineIn(data []byte, text string) int {
	before, _, _ := strings.Cut(string(data), text)
	return strings.Count(before, "\n") + 1
}

// oneProblem loads the city and insists on exactly one problem.
func oneProblem(t *testing.T, city fs.FS) Problem {
	t.Helper()
	_, err := Load(city)
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("no problem was found (%v)", err)
	}
	if len(problems) != 1 {
		t.Fatalf("found %d problems, want one:\n%v", len(problems), err)
	}
	return problems[0]
}

func TestASmallCityLoads(t *testing.T) {
	cities, err := Load(smallCity(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(cities) != 1 || len(cities[0].Tenants) != 1 || cities[0].Slug != "stockholm" || cities[0].Tenants[0].Slug != "prov" {
		t.Fatalf("loaded %d cities: %+v", len(cities), cities)
	}
}

func TestWhateverIsWrongIsNamedWithFileLineAndField(t *testing.T) {
	for _, c := range brokenFiles {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			city := smallCity(t)
			change(t, city, c.file, c.old, c.text)
			p := oneProblem(t, city)
			if p.File != c.file || !strings.Contains(p.Text, c.says) || c.field != "" && p.Field != c.field {
				t.Errorf("said %q about %q", p.Error(), p.Field)
			}
			if want := lineIn(city[c.file].Data, c.on); c.on != "" && p.Line != want {
				t.Errorf("named line %d, want %d: %s", p.Line, want, p.Error())
			}
			if c.on != "" && !strings.HasPrefix(p.Error(), fmt.Sprintf("%s rad %d", c.file, p.Line)) {
				t.Errorf("does not begin with the place: %s", p.Error())
			}
		})
	}
}

func TestACodeListThatIsMisspeltIsBothUnknownAndMissing(t *testing.T) {
	city := smallCity(t)
	change(t, city, "stockholm/codes.yaml", "  - list: effect\n", "  - list: effekt\n")
	_, err := Load(city)
	if err == nil || !strings.Contains(err.Error(), "okänd kodlista ”effekt”") || !strings.Contains(err.Error(), "kodlistan effect saknas") {
		t.Errorf("said %v", err)
	}
}

func TestUnitsThatGoInACircleAreFound(t *testing.T) {
	city := smallCity(t)
	change(t, city, "stockholm/prov.yaml", "parent: forvaltningen", "parent: huset")
	_, err := Load(city)
	if err == nil || !strings.Contains(err.Error(), "går runt i en cirkel: ”huset”") {
		t.Errorf("said %v", err)
	}
}

func TestAllProblemsAreToldAtOnceInTheOrderOfTheLines(t *testing.T) {
	city := smallCity(t)
	change(t, city, "stockholm/prov.yaml", "type: VARD_OCH_OMSORGSBOENDE", "type: SLOTT")
	change(t, city, "stockholm/prov.yaml", "#0f6b4f", "#ffffff")
	change(t, city, "stockholm/prov.yaml", "{role: registrator}", "{role: kung}")
	change(t, city, "stockholm/city.yaml", `municipality_code: "0180"`, `municipality_code: "180"`)
	_, err := Load(city)
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 4 {
		t.Fatalf("said %v", err)
	}
	for i, field := range []string{"municipality_code", "theme.accent_colour", "units[2].type", "people[4].roles[0].role"} {
		if problems[i].Field != field {
			t.Errorf("problem %d is about %s, want %s", i, problems[i].Field, field)
		}
	}
	if got := strings.Count(err.Error(), "\n"); got != 3 {
		t.Errorf("the message has %d lines", got+1)
	}
}

func TestATenantsSlugIsUniqueOverAllCities(t *testing.T) {
	city := smallCity(t)
	for _, name := range []string{"city.yaml", "codes.yaml", "prov.yaml"} {
		city["teststad/"+name] = city["stockholm/"+name]
	}
	if p := oneProblem(t, city); p.File != "teststad/prov.yaml" || !strings.Contains(p.Text, "används redan av stockholm/prov.yaml") {
		t.Errorf("said %s", p.Error())
	}
}

func TestAMissingCityFileIsNamed(t *testing.T) {
	city := smallCity(t)
	delete(city, "stockholm/codes.yaml")
	if p := oneProblem(t, city); p.File != "stockholm/codes.yaml" || !strings.Contains(p.Text, "saknas") {
		t.Errorf("said %s", p.Error())
	}
}

func TestATenantInheritsWhatItLeavesOut(t *testing.T) {
	city := smallCity(t)
	change(t, city, "stockholm/prov.yaml", "secrecy:", `deadlines:
  acknowledge: {amount: 1, unit: WORKING_DAY}
channels: [{code: SMS, state: "off"}]
collective_files: [{kind: SAMLINGSAKT_KLAGOMAL, name: Synpunkter}]
holidays: [{date: 2026-11-20, name: Planeringsdag}]
texts: {phone: 08-000 00 00}
secrecy:`)
	cities, err := Load(city)
	if err != nil {
		t.Fatal(err)
	}
	prov := cities[0].Tenants[0]
	if got := prov.Deadlines[RuleAcknowledge].Amount; got != 1 {
		t.Errorf("its own deadline became %d", got)
	}
	if got := prov.Deadlines[RuleReplySimple]; got.Amount != 10 || got.Unit != WorkingDay {
		t.Errorf("the city's deadline became %+v", got)
	}
	if cities[0].Deadlines[RuleAcknowledge].Amount != 2 {
		t.Error("the tenant's deadline has spread to the city")
	}
	states := map[string]string{}
	for _, c := range prov.Channels {
		states[c.Code] = c.State
	}
	if states["SMS"] != ChannelOff || states["BREV"] != ChannelOn || states["ALDREOMBUDSMAN"] != ChannelRefer {
		t.Errorf("its channels became %v", states)
	}
	if prov.Collective[0].Name != "Synpunkter" || prov.Collective[1].Name != "Avvikelser" || len(prov.Collective) != 3 {
		t.Errorf("its collective files became %+v", prov.Collective)
	}
	if prov.NumberPatterns.Own != "{prefix} {year}/{no}" || prov.NumberPatterns.Prefix != "PRV" {
		t.Errorf("its numbers became %+v", prov.NumberPatterns)
	}
	if prov.Texts.Phone != "08-000 00 00" || prov.Texts.PublicIntro == "" || len(prov.Texts.WhereToTurn) != 4 {
		t.Errorf("its texts became %+v", prov.Texts)
	}
	if prov.Thresholds.MAS.Risk != 4 || len(prov.Holidays) != 1 {
		t.Errorf("its thresholds and holidays became %+v, %+v", prov.Thresholds, prov.Holidays)
	}
	if got := prov.People[4].Email; got != "registrator@prov.demo" {
		t.Errorf("a mail address left out became %s", got)
	}
	if prov.Units[0].ValidFrom != Always || prov.Units[2].Managers[1].ValidFrom != clock.MustDate("2026-01-01") {
		t.Errorf("beginnings became %s and %s", prov.Units[0].ValidFrom, prov.Units[2].Managers[1].ValidFrom)
	}
}
