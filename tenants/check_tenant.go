package tenants

import (
	"slices"
	"strings"
)

// Roles that only the city office and its analysts may hold, and those it may hold at all:
// the city office sees no cases, so it has nobody who handles one.
var (
	rolesOfCityOffice = []string{"slk", "operator", "tenant_admin", "granskare"}
	rolesOfManagers   = []string{"chef", "avdelningschef"}
)

func checkTenant(d *document, c City, t Tenant, boards map[string]bool) {
	d.form("", t.Slug, slugForm, "duger inte som filnamn: små bokstäver a–z, siffror och bindestreck")
	d.required("", "name", t.Name, "short_name", t.ShortName)
	d.oneOf("kind", t.Kind, KindBoard, KindProvider, KindCityOffice)
	d.form("org_number", t.OrgNumber, orgNumberForm, "är inte ett organisationsnummer på formen 000000-0000")
	d.must(t.Kind == KindProvider || t.BoardName != "", "board_name", "saknas; en förvaltning lyder under en nämnd")
	d.must(t.Kind != KindProvider || t.BoardName == "", "board_name", "en utförare har ingen nämnd")
	d.must(t.Kind != KindCityOffice || !t.PublicForm, "public_form", "stadsledningskontoret tar inte emot ärenden")
	checkAreas(d, c.Codes, t.Areas)
	for i, a := range t.Areas {
		d.must(slices.Contains(c.Areas, a), item("areas", i), "området ”%s” är inte påslaget i staden", a)
	}
	d.period("", t.ValidFrom, t.ValidTo)
	checkPredecessors(d, t)
	checkChannels(d, c.Codes, t.Channels)
	checkPatterns(d, t.NumberPatterns)
	d.required("number_patterns", "prefix", t.NumberPatterns.Prefix)
	checkCollective(d, t.Collective)
	checkDeadlines(d, t.Deadlines)
	checkThresholds(d, t.Thresholds)
	checkLexSarah(d, t.LexSarah)
	checkDecisions(d, t.Decisions)
	checkHolidays(d, t.Holidays)
	checkTexts(d, t.Texts)
	checkDocuments(d, t.Documents)
	checkTemplates(d, t.Templates)
	checkSecrecy(d, t)
	checkSubcodes(d, c.Codes, t.LocalSubcodes)
	checkRoutine(d, t.Routine)
	checkTheme(d, t.Theme)
	checkUnits(d, c, t, boards)
	checkPeople(d, c, t)
	checkManagers(d, t)
	checkOIDC(d, c, t)
}

func checkPredecessors(d *document, t Tenant) {
	seen := d.unique("föregångaren")
	for i, p := range t.Predecessors {
		at := item("predecessors", i)
		seen(at+".slug", p.Slug)
		d.form(at+".slug", p.Slug, slugForm, "duger inte som förkortning: små bokstäver a–z, siffror och bindestreck")
		d.required(at, "name", p.Name)
		d.must(!p.ValidTo.IsZero(), at+".valid_to", "saknas; en föregångare har en sista dag")
		d.must(p.ValidTo.Before(t.ValidFrom), at+".valid_to", "föregångaren slutar inte innan %s börjar (%s)", t.Name, t.ValidFrom)
	}
}

func checkSecrecy(d *document, t Tenant) {
	if t.Kind != KindBoard && t.Kind != KindProvider {
		return // the city office has no cases to mark
	}
	d.required("secrecy", "law", t.Secrecy.Law, "authority", t.Secrecy.Authority)
	d.must(t.Secrecy.Marking == (t.Kind == KindBoard), "secrecy.marking",
		"en nämnd sekretessmarkerar (true); en utförare har tystnadsplikt utan märkning (false)")
}

func checkSubcodes(d *document, codes Codes, subs []LocalSubcode) {
	seen := d.unique("underkoden")
	for i, s := range subs {
		at := item("local_subcodes", i)
		seen(at+".code", s.List+" "+s.Full())
		_, known := codes.List(s.List)
		d.must(known, at+".list", "kodlistan ”%s” finns inte", s.List)
		if known {
			d.code(at+".parent", codes, s.List, s.Parent)
		}
		d.form(at+".code", s.Code, codeForm, "duger inte som kod: stora bokstäver, siffror och understreck")
		d.must(!codes.Has(s.List, s.Full()), at+".code", "koden ”%s” ägs av staden", s.Full())
		d.required(at, "label", s.Label)
		d.period(at, s.ValidFrom, s.ValidTo)
	}
}

func checkRoutine(d *document, r *Routine) {
	if r == nil {
		return
	}
	d.required("routine", "title", r.Title, "version", r.Version)
	d.must(len(r.Sections) > 0, "routine.sections", "saknas")
	seen := d.unique("nyckeln")
	for i, s := range r.Sections {
		at := item("routine.sections", i)
		seen(at+".key", s.Key)
		d.form(at+".key", s.Key, slugForm, "duger inte som nyckel: små bokstäver a–z, siffror och bindestreck")
		d.required(at, "heading", s.Heading, "text", s.Text)
		for j, step := range s.Steps {
			d.form(item(at+".steps", j), step, stepForm, "är inte ett steg T1–T30")
		}
	}
}

func checkPeople(d *document, c City, t Tenant) {
	d.must(len(t.People) > 0, "people", "saknas")
	seen := d.unique("inloggningen")
	for i, p := range t.People {
		at := item("people", i)
		seen(at+".key", p.Key)
		d.form(at+".key", p.Key, loginForm, "duger inte som inloggning: små bokstäver a–z, siffror, punkt, binde- och understreck")
		d.required(at, "name", p.Name, "title", p.Title)
		d.must(p.Email == "" || emailForm.MatchString(p.Email), at+".email", "”%s” är inte en e-postadress", p.Email)
		d.must(len(p.Roles) > 0, at+".roles", "saknas")
		for j, m := range p.Roles {
			checkMembership(d, c, t, item(at+".roles", j), m)
			d.period(item(at+".roles", j), m.ValidFrom, m.ValidTo)
		}
	}
}

func checkMembership(d *document, c City, t Tenant, at string, m Membership) {
	role, unit := m.Role, m.Unit
	d.code(at+".role", c.Codes, ListRole, role)
	if unit != "" {
		_, ok := t.Unit(unit)
		d.must(ok, at+".unit", "enheten ”%s” finns inte", unit)
	}
	cityRole := slices.Contains(rolesOfCityOffice, role)
	d.must(t.Kind != KindCityOffice || cityRole, at+".role",
		"rollen ”%s” handlägger ärenden och hör inte hemma hos stadsledningskontoret", role)
	d.must(t.Kind == KindCityOffice || role != "operator", at+".role", "driftrollen finns bara hos stadsledningskontoret")
	d.must(t.Kind != KindProvider || role != "slk", at+".role", "en utförare ser inte stadens siffror")
}

func checkOIDC(d *document, c City, t Tenant) {
	o := t.OIDC
	if o == nil {
		return
	}
	d.required("oidc", "client_id", o.ClientID, "login_claim", o.LoginClaim)
	d.must(strings.HasPrefix(o.Issuer, "https://"), "oidc.issuer", "ska börja med https://")
	d.form("oidc.client_secret_env", o.ClientSecretEnv, envForm, "är inte namnet på en miljövariabel; skriv aldrig hemligheten här")
	d.must(len(o.Groups) == 0 || o.GroupsClaim != "", "oidc.groups_claim", "saknas; utan den kan grupperna inte läsas")
	for i, g := range o.Groups {
		at := item("oidc.groups", i)
		d.required(at, "group", g.Group)
		checkMembership(d, c, t, at, Membership{Role: g.Role, Unit: g.Unit})
	}
}
