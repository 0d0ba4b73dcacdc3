package tenants

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"lyhord/pkg/platform/clock"
)

var (
	slugForm      = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	codeForm      = regexp.MustCompile(`^[A-Z0-9]+(_[A-Z0-9]+)*$`)
	stateForm     = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	orgNumberForm = regexp.MustCompile(`^\d{6}-\d{4}$`)
	cityCodeForm  = regexp.MustCompile(`^\d{4}$`)
	loginForm     = regexp.MustCompile(`^[a-z][a-z0-9]*([-_.][a-z0-9]+)*$`)
	emailForm     = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	envForm       = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	legalKeyForm  = regexp.MustCompile(`^[a-z]+\.[a-z0-9-]+$`)
	stepForm      = regexp.MustCompile(`^T([1-9]|[12]\d|30)$`)
	hexColourForm = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
)

// must reports a problem with the field unless ok.
func (d *document) must(ok bool, path, format string, args ...any) {
	if !ok {
		d.add(path, format, args...)
	}
}

// required reports each of the named texts that is empty. pairs: field, value, field, value …
func (d *document) required(at string, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		d.must(strings.TrimSpace(pairs[i+1]) != "", join(at, pairs[i]), "saknas")
	}
}

// oneOf reports a value that is none of the allowed.
func (d *document) oneOf(path, value string, allowed ...string) {
	d.must(slices.Contains(allowed, value), path, "”%s” är inte ett av %s", value, strings.Join(allowed, ", "))
}

// form reports a text that is not written as it must be.
func (d *document) form(path, value string, form *regexp.Regexp, want string) {
	d.must(form.MatchString(value), path, "”%s” %s", value, want)
}

// code reports a code that the city's list does not hold.
func (d *document) code(path string, codes Codes, list, code string) {
	d.must(codes.Has(list, code), path, "koden ”%s” finns inte i kodlistan %s", code, list)
}

// period reports a time that ends before it begins.
func (d *document) period(at string, from, to clock.Date) {
	d.must(to.IsZero() || !to.Before(from), join(at, "valid_to"), "slutar (%s) innan den börjar (%s)", to, from)
}

// unique returns a function that reports the second and later use of a value.
func (d *document) unique(what string) func(path, value string) {
	first := map[string]string{}
	return func(path, value string) {
		if earlier, twice := first[value]; twice {
			d.add(path, "%s ”%s” används redan i %s", what, value, earlier)
			return
		}
		first[value] = path
	}
}

func join(at, field string) string {
	if at == "" {
		return field
	}
	return at + "." + field
}

func item(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

func checkCity(d *document, c City) {
	d.form("", c.Slug, slugForm, "duger inte som mappnamn: små bokstäver a–z, siffror och bindestreck")
	d.required("", "name", c.Name)
	d.form("municipality_code", c.MunicipalityCode, cityCodeForm, "är inte en kommunkod med fyra siffror")
	d.form("org_number", c.OrgNumber, orgNumberForm, "är inte ett organisationsnummer på formen 000000-0000")
	checkAreas(d, c.Codes, c.Areas)
	checkQuick(d, c)
	checkLegal(d, c.Legal)
	checkHolidays(d, c.Holidays)
	seen := d.unique("id")
	for i, y := range c.YearlyDates {
		at := item("yearly_dates", i)
		seen(at+".id", y.ID)
		d.required(at, "id", y.ID, "name", y.Name)
		_, err := time.Parse("2006-01-02", "2026-"+y.Date)
		d.must(err == nil, at+".date", "”%s” är inte en dag på formen mm-dd som finns varje år", y.Date)
	}
	for _, id := range requiredRules {
		_, ok := c.Deadlines[id]
		d.must(ok, "deadlines", "tidsgränsen %s saknas", id)
	}
	checkDeadlines(d, c.Deadlines)
	checkThresholds(d, c.Thresholds)
	checkLexSarah(d, c.LexSarah)
	checkDecisions(d, c.Decisions)
	checkChannels(d, c.Codes, c.Channels)
	list, _ := c.Codes.List(ListChannel)
	list.Walk(func(full, _ string, _ Code) {
		set := slices.ContainsFunc(c.Channels, func(ch Channel) bool { return ch.Code == full })
		d.must(set, "channels", "kanalen %s saknas; staden säger on, off eller refer om varje kanal", full)
	})
	checkPatterns(d, c.NumberPatterns)
	d.required("number_patterns", "case", c.NumberPatterns.Case, "file", c.NumberPatterns.File,
		"entry", c.NumberPatterns.Entry, "own", c.NumberPatterns.Own)
	checkCollective(d, c.Collective)
	for _, kind := range collectiveKinds {
		set := slices.ContainsFunc(c.Collective, func(f CollectiveFile) bool { return f.Kind == kind })
		d.must(set, "collective_files", "samlingsakten %s saknas", kind)
	}
	checkTexts(d, c.Texts)
	checkDocuments(d, c.Documents)
	for _, kind := range DocumentKinds {
		d.must(slices.ContainsFunc(c.Documents, func(t DocumentTemplate) bool { return t.Kind == kind }), "documents", "mallen %s saknas", kind)
	}
	checkTemplates(d, c.Templates)
}

func checkAreas(d *document, codes Codes, areas []string) {
	d.must(len(areas) > 0, "areas", "saknas")
	seen := d.unique("området")
	for i, a := range areas {
		seen(item("areas", i), a)
		d.code(item("areas", i), codes, ListArea, a)
	}
}

// maxQuick is how many buttons fit on a phone without scrolling.
const maxQuick = 8

func checkQuick(d *document, c City) {
	for area, codes := range c.QuickCategories {
		at := "quick_categories." + area
		d.must(slices.Contains(c.Areas, area), at, "området ”%s” är inte påslaget i staden", area)
		d.must(len(codes) <= maxQuick, at, "%d knappar, högst %d får plats", len(codes), maxQuick)
		seen := d.unique("kategorin")
		for i, code := range codes {
			seen(item(at, i), code)
			d.must(c.Codes.Has(ListCategorySoL, code) || c.Codes.Has(ListCategoryHSL, code), item(at, i),
				"kategorin ”%s” finns inte", code)
		}
	}
}

func checkLegal(d *document, refs []LegalReference) {
	for i, l := range refs {
		at := item("legal", i)
		d.form(at+".key", l.Key, legalKeyForm, "duger inte som nyckel; skriv som osl.sekretess")
		d.required(at, "law", l.Law, "place", l.Place, "short", l.Short, "about", l.About)
		d.period(at, l.ValidFrom, l.ValidTo)
		for j, other := range refs[:i] {
			overlaps := other.Key == l.Key &&
				(other.ValidTo.IsZero() || !l.ValidFrom.After(other.ValidTo)) &&
				(l.ValidTo.IsZero() || !other.ValidFrom.After(l.ValidTo))
			d.must(!overlaps, at+".key", "”%s” gäller samtidigt som %s", l.Key, item("legal", j))
		}
	}
}

func checkHolidays(d *document, days []Holiday) {
	seen := d.unique("dagen")
	for i, h := range days {
		at := item("holidays", i)
		d.required(at, "name", h.Name)
		d.must(!h.Date.IsZero(), at+".date", "saknas")
		seen(at+".date", h.Date.String())
	}
}

var requiredRules = []string{
	RuleRegister, RuleAcknowledge, RuleReplySimple, RuleReplyComplex, RuleDeviationStart, RuleDeviationDone,
	RuleConsult, RuleLexReceive, RuleLexStart, RuleLexDone, RuleLexIVO, RuleReferral, RuleFollowUp, RuleQuarterly,
}

func checkDeadlines(d *document, rules map[string]DeadlineRule) {
	for id, r := range rules {
		at := "deadlines." + id
		d.must(slices.Contains(requiredRules, id), at, "okänd tidsgräns ”%s”; här finns %s", id, strings.Join(requiredRules, ", "))
		d.oneOf(at+".unit", r.Unit, WorkingDay, CalendarDay, Hour)
		d.must(r.Amount >= 0 && r.Amount <= 3660, at+".amount", "%d är inte mellan 0 och 3660", r.Amount)
		d.must(r.WarnBefore >= 0, at+".warn_before", "får inte vara negativt")
		// A due day in a letter (amount 0) is warned about whatever the amount.
		d.must(r.Amount == 0 || r.WarnBefore <= r.Amount, at+".warn_before", "varningen (%d före) kommer innan tiden börjar (%d)", r.WarnBefore, r.Amount)
		d.must(r.EscalateAfter >= 0, at+".escalate_after", "får inte vara negativt")
		for i, n := range r.Reminders {
			d.must(n > 0, item(at+".reminders", i), "ska vara större än 0")
		}
	}
}

func checkThresholds(d *document, t Thresholds) {
	for _, one := range []struct {
		at string
		t  RiskThreshold
	}{{"thresholds.lex_investigator", t.LexInvestigator}, {"thresholds.mas", t.MAS}} {
		d.must(one.t.Risk >= 0 && one.t.Risk <= 16, one.at+".risk", "%d är inte ett riskvärde mellan 0 och 16", one.t.Risk)
		d.must(one.t.Severity >= 0 && one.t.Severity <= 4, one.at+".severity", "%d är inte en allvarlighetsgrad mellan 0 och 4", one.t.Severity)
	}
}

// What is left out is the city's, and left out there: no approval of one's own, health care handled here.
func checkLexSarah(d *document, l LexSarah) {
	d.oneOf("lex_sarah.own_approval", l.OwnApproval, "", Allowed, Refused)
	d.oneOf("lex_sarah.hsl_cases", l.HSLCases, "", Allowed, Refused)
}

func checkDecisions(d *document, x Decisions) {
	d.must(x.ConsultFromRisk >= 0 && x.ConsultFromRisk <= 16, "decisions.consult_from_risk", "%d är inte ett riskvärde mellan 0 och 16", x.ConsultFromRisk)
	d.must(ownNumberWords[x.OwnNumber] != "", "decisions.own_number", "”%s” är inte KOMPLICERADE, UTREDDA eller INGA", x.OwnNumber)
}

func checkChannels(d *document, codes Codes, channels []Channel) {
	seen := d.unique("kanalen")
	for i, c := range channels {
		at := item("channels", i)
		seen(at+".code", c.Code)
		d.code(at+".code", codes, ListChannel, c.Code)
		d.oneOf(at+".state", c.State, ChannelOn, ChannelOff, ChannelRefer)
		d.must(c.State != ChannelRefer || c.Text != "", at+".text", "saknas; en kanal som hänvisar vidare måste säga vart")
	}
}

var collectiveKinds = []string{FileComplaints, FileDeviations, FileExternal}

func checkCollective(d *document, collective []CollectiveFile) {
	seen := d.unique("samlingsakten")
	for i, f := range collective {
		at := item("collective_files", i)
		seen(at+".kind", f.Kind)
		d.oneOf(at+".kind", f.Kind, collectiveKinds...)
		d.required(at, "name", f.Name)
	}
}

func checkTexts(d *document, t Texts) {
	seen := d.unique("nyckeln")
	for i, w := range t.WhereToTurn {
		at := item("texts.where_to_turn", i)
		seen(at+".key", w.Key)
		d.form(at+".key", w.Key, codeForm, "duger inte som nyckel: stora bokstäver, siffror och understreck")
		d.required(at, "name", w.Name, "text", w.Text)
		d.must(w.URL == "" || strings.HasPrefix(w.URL, "https://"), at+".url", "ska börja med https://")
	}
	d.must(t.Acknowledgement == "" || strings.Contains(t.Acknowledgement, "{answer_by}"), "texts.acknowledgement", "ska säga när svaret kommer: {answer_by}")
	d.must(t.Email == "" || emailForm.MatchString(t.Email), "texts.email", "”%s” är inte en e-postadress", t.Email)
}

var requiredLists = []string{
	ListCaseType, ListFeedbackKind, ListReferralKind, ListLagrum, ListArea, ListChannel, ListSenderRole, ListConcerns,
	ListRegi, ListUnitType, ListResponseLevel, ListComplexity, ListOutcome, ListQualityDim, ListMisconduct, ListSecrecy,
	ListHarm, ListSeverity, ListProbability, ListRiskBand, ListCauseArea, ListUnderlyingCause, ListMeasureKind,
	ListMeasureStrength, ListMeasureStatus, ListEffect, ListFollowUpMethod, ListHarmKind, ListEntrySource, ListFeedbackMethod, ListWantsReply, ListTransferGround,
	ListRole, ListCaseState, ListCategorySoL, ListCategoryHSL,
}

func checkCodes(d *document, codes Codes) {
	seen := d.unique("kodlistan")
	for i, l := range codes {
		at := item("codes", i)
		seen(at+".list", l.List)
		d.required(at, "label", l.Label)
		d.must(slices.Contains(requiredLists, l.List), at+".list", "okänd kodlista ”%s”", l.List)
		d.must(len(l.Codes) > 0, at+".codes", "listan är tom")
		checkCodeLevel(d, at+".codes", l, l.Codes, 1)
	}
	for _, name := range requiredLists {
		_, ok := codes.List(name)
		d.must(ok, "codes", "kodlistan %s saknas", name)
	}
}

func checkCodeLevel(d *document, at string, l CodeList, codes []Code, depth int) {
	form, want := codeForm, "duger inte som kod: stora bokstäver, siffror och understreck"
	if l.List == ListRole || l.List == ListCaseState {
		form, want = stateForm, "duger inte som kod: små bokstäver och understreck"
	}
	seen := d.unique("koden")
	for i, c := range codes {
		here := strings.TrimSuffix(at, ".codes") + ".codes[" + strconv.Itoa(i) + "]"
		if depth > 1 {
			here = item(at, i)
		}
		seen(here+".code", c.Code)
		d.form(here+".code", c.Code, form, want)
		d.required(here, "label", c.Label)
		d.period(here, c.ValidFrom, c.ValidTo)
		d.must(c.To == 0 || c.To >= c.From, here+".to", "är mindre än from")
		isCategory := l.List == ListCategorySoL || l.List == ListCategoryHSL
		d.must(len(c.Sub) == 0 || isCategory && depth == 1, here+".sub", "bara kategorierna har underkoder, i en nivå")
		checkCodeLevel(d, here+".sub", l, c.Sub, depth+1)
	}
}
