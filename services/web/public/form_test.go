package public

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/problem"
)

func TestAFormWithErrorsComesBackWithEverythingThatWasTyped(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := tw.post(bromma, "sandning", "6f1c2c1e-0f5f-4c47-9b4e-1d2f6f0d9a11", "berattelse", "", "enhet", tw.units[1].ID.String(), "plats", "<b>Hallen</b> & trappan", "dag", "2026-11-30",
		"svar", "EPOST", "namn", "Åsa \"Nisse\"", "epost", "asa@", "telefon", "070", "adress", "Gatan 1\n100 00 Stan", "annan", "ja", "roll", "ANHORIG")
	if p.code != http.StatusUnprocessableEntity || len(tw.reports) != 0 {
		t.Fatalf("answered %d with %d reports", p.code, len(tw.reports))
	}
	if title := text(p.tags("title")[0]); !strings.HasPrefix(title, "Fel: ") {
		t.Errorf("the title is %q", title)
	}
	summary := p.byID("fel")
	if _, focused := has(summary, "autofocus"); !focused || attr(summary, "tabindex") != "-1" {
		t.Error("the summary does not take the focus")
	}
	for _, want := range []string{"Skriv vad du vill berätta", "Datumet har inte varit än. Välj i dag eller tidigare", "Skriv e-postadressen i formen namn@exempel.se"} {
		if !strings.Contains(text(summary), want) {
			t.Errorf("the summary lacks %q", want)
		}
	}
	for id, want := range map[string]string{"plats": "<b>Hallen</b> & trappan", "dag": "2026-11-30", "namn": "Åsa \"Nisse\"", "epost": "asa@", "telefon": "070"} {
		if got := attr(p.byID(id), "value"); got != want {
			t.Errorf("%s came back as %q", id, got)
		}
	}
	if got := strings.TrimSpace(p.byID("adress").FirstChild.Data); got != "Gatan 1\n100 00 Stan" {
		t.Errorf("the address came back as %q", got)
	}
	chosen := p.all(func(n *html.Node) bool {
		_, s := has(n, "selected")
		_, c := has(n, "checked")
		return s || c
	})
	var values []string
	for _, n := range chosen {
		values = append(values, attr(n, "value"))
	}
	if got := strings.Join(values, " "); got != tw.units[1].ID.String()+" EPOST ja ANHORIG" {
		t.Errorf("chosen came back as %s", got)
	}
	if !strings.Contains(p.raw, `name="sandning" value="6f1c2c1e-0f5f-4c47-9b4e-1d2f6f0d9a11"`) {
		t.Error("what makes two sends one report was lost on the way back")
	}
	if attr(p.byID("berattelse"), "aria-invalid") != "true" || attr(p.byID("plats"), "aria-invalid") != "" {
		t.Error("the faulty field is not marked, or a right one is")
	}
	if strings.Contains(p.raw, "<b>Hallen") {
		t.Error("what was typed became markup")
	}
}

func TestOnlyTheStoryAndTheWayOfAnsweringAreDemanded(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := tw.post(bromma)
	if got := text(p.byID("fel")); got != "Något behöver rättas Skriv vad du vill berätta Välj om du vill ha svar" {
		t.Errorf("an empty form is answered with %q", got)
	}
	p = tw.post(bromma, "berattelse", "Maten kom för sent.", "svar", "KOD")
	if p.code != http.StatusOK || len(tw.reports) != 1 {
		t.Fatalf("answered %d", p.code)
	}
	r := tw.reports[0]
	if r.Narrative != "Maten kom för sent." || r.WantsReply != "KOD" || r.SenderRole != "" || r.UnitID != nil || !r.Happened.IsZero() || r.Contact != (Contact{}) {
		t.Errorf("the report is %+v", r)
	}
}

func TestContactThatWasThoughtBetterOfIsNotSent(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.post(bromma, "berattelse", "Hej", "svar", "KOD", "namn", "Kanarie", "telefon", "070-123 45 67", "annan", "ja")
	tw.post(bromma, "berattelse", "Hej", "svar", "TELEFON", "namn", "Åsa", "telefon", "070-123 45 67", "epost", "kanarie@exempel.se", "annan", "ja",
		"enhet", tw.units[0].ID.String(), "dag", "3/11 2026", "roll", "FORETRADARE")
	if len(tw.reports) != 2 {
		t.Fatalf("%d reports", len(tw.reports))
	}
	if r := tw.reports[0]; r.Contact != (Contact{}) || r.AboutSomeoneElse {
		t.Errorf("the anonymous report carries %+v", r)
	}
	r := tw.reports[1]
	if r.Contact != (Contact{Name: "Åsa", Phone: "070-123 45 67"}) || !r.AboutSomeoneElse || r.SenderRole != "FORETRADARE" ||
		r.Happened != clock.MustDate("2026-11-03") || *r.UnitID != tw.units[0].ID {
		t.Errorf("the report is %+v", r)
	}
}

func TestEachWayOfAnsweringAsksForWhatItNeeds(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for _, c := range []struct{ way, field, value, fault string }{
		{"TELEFON", "telefon", "", "telefon"},
		{"TELEFON", "telefon", "ring mig", "telefon"},
		{"TELEFON", "telefon", "+46 (0)8-12 34 56", ""},
		{"EPOST", "epost", "", "epost"},
		{"EPOST", "epost", "Åsa <asa@exempel.se>", "epost"},
		{"EPOST", "epost", "asa@exempel", "epost"},
		{"EPOST", "epost", "asa@exempel.se", ""},
		{"BREV", "adress", "", "namn adress"},
		{"BREV", "adress", "Gatan 1", "namn"},
		{"KOD", "", "", ""},
		{"NEJ", "", "", ""},
		{"DUVA", "", "", "svar"},
		{"", "", "", "svar"},
	} {
		f := fill(map[string][]string{"berattelse": {"Hej"}, "svar": {c.way}, c.field: {c.value}})
		f.report(tw.units, clock.Today(tw.clock))
		var got []string
		for _, x := range f.faults {
			got = append(got, x.Field)
		}
		if strings.Join(got, " ") != c.fault {
			t.Errorf("%s with %s=%q is faulted at %v, want %q", c.way, c.field, c.value, got, c.fault)
		}
	}
}

func TestWhatNobodyMeantToSendIsRefusedOrCleaned(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for name, pairs := range map[string][]string{
		"a unit of another organisation": {"enhet", "6f0a9bb2-3f0e-7f2b-9a55-0123456789ab"},
		"a story beyond all measure":     {"berattelse", strings.Repeat("å", maxStory+1)},
		"a date that is none":            {"dag", "2026-02-30"},
		"a date before everybody":        {"dag", "1066-10-14"},
		"a role that is none":            {"roll", "chef"},
		"a place too long":               {"plats", strings.Repeat("x", maxLine+1)},
	} {
		if p := tw.post(bromma, append([]string{"berattelse", "Hej", "svar", "KOD"}, pairs...)...); p.code != http.StatusUnprocessableEntity {
			t.Errorf("%s is answered %d", name, p.code)
		}
	}
	if p := tw.post(bromma, "berattelse", strings.Repeat("å", maxStory), "svar", "KOD"); p.code != http.StatusOK {
		t.Errorf("the longest story is answered %d", p.code)
	}
	tw.post(bromma, "berattelse", "A\u030Anej\x00 \u202Evänt", "svar", "KOD", "tenant", "farsta", "state", "closed")
	if got := tw.reports[len(tw.reports)-1].Narrative; got != "Ånej vänt" {
		t.Errorf("kept %q", got)
	}
}

func TestTheReceiptShowsTheCodeOnceWithDaysThatAreTrue(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := tw.post(bromma, "berattelse", "Hemligt om Asta", "svar", "KOD")
	if got := text(p.byID("kod")); got != tw.code.Text() {
		t.Errorf("the code is shown as %q", got)
	}
	p.says("Tack, vi har tagit emot det")
	p.says("Mottaget fredag 20 november 2026 klockan 14:05")
	p.says("Vi registrerar ärendet senast måndag 23 november 2026.") // the next working day after a Friday
	p.says("Du får svar senast fredag 4 december 2026.")
	p.says("7K3M-92QX")
	p.saysNothingOf("Asta")
	for _, n := range p.all(func(*html.Node) bool { return true }) {
		for _, name := range []string{"href", "action", "src"} {
			if strings.Contains(strings.ToUpper(attr(n, name)), tw.code.Text()[:4]) {
				t.Error("the code stands in an address")
			}
		}
	}
	tw.answerBy = clock.Date{}
	if p := tw.post(bromma, "berattelse", "Hej", "svar", "KOD"); strings.Contains(text(p.root), "svar senast") {
		t.Error("a day is promised that nobody has set")
	}
	p = tw.post(bromma, "berattelse", "Hej", "svar", "NEJ")
	p.says("Du har valt att inte få svar.")
}

func TestAReportThatCannotBeTakenIsNotLost(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for _, c := range []struct {
		err  error
		code int
		says string
	}{
		{problem.Unavailable(nil), http.StatusServiceUnavailable, "Försök igen om en stund Det gick inte att skicka just nu. Det du skrivit finns kvar"},
		{problem.Internal(nil), http.StatusInternalServerError, "Det gick inte att skicka just nu."},
		{problem.RateLimited(time.Minute), http.StatusTooManyRequests, "Det kommer många just nu."},
	} {
		tw.intake = c.err
		p := tw.post(bromma, "berattelse", "Kanariefågeln", "svar", "KOD")
		if p.code != c.code || !strings.Contains(text(p.byID("fel")), c.says) || !strings.Contains(p.raw, "Kanariefågeln") {
			t.Errorf("%v is answered %d", c.err, p.code)
		}
	}
	if strings.Contains(tw.log.String(), "Kanarie") {
		t.Error("the log knows the story")
	}
}

func TestManyReportsFromOneNetworkWaitButAreTaken(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.over["report"] = true
	if p := tw.post(bromma, "berattelse", "Hej", "svar", "KOD"); p.code != http.StatusOK || len(tw.reports) != 1 {
		t.Fatalf("answered %d", p.code)
	}
	tw.over["report-day"] = true
	tw.post(bromma, "berattelse", "Hej", "svar", "KOD")
	if len(tw.waits) != 2 || tw.waits[0] != shortWait || tw.waits[1] != longWait {
		t.Errorf("waited %v", tw.waits)
	}
	for range waitingRoom {
		tw.gate.room <- struct{}{}
	}
	p := tw.post(bromma, "berattelse", "Kanariefågeln", "svar", "KOD")
	if p.code != http.StatusTooManyRequests || !strings.Contains(p.raw, "Kanariefågeln") || p.head.Get("Retry-After") != "60" {
		t.Errorf("with the waiting room full: %d, Retry-After %q", p.code, p.head.Get("Retry-After"))
	}
}

func TestTheFormIsWholeWithoutItsListOfUnits(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.units = nil
	if p := tw.get(bromma); p.code != http.StatusOK || len(p.tags("select")) != 1 {
		t.Errorf("answered %d", p.code)
	}
	if p := tw.post(bromma, "berattelse", "Hej", "svar", "KOD"); p.code != http.StatusOK {
		t.Errorf("sending: %d", p.code)
	}
}

func TestOtherSitesAndOtherFormatsAreRefused(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	send := func(kind, body string, header ...string) *page {
		r := httptest.NewRequest(http.MethodPost, bromma, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return tw.do(r)
	}
	const form = "application/x-www-form-urlencoded"
	for name, c := range map[string]struct {
		page *page
		want int
	}{
		"another site":                       {send(form, "svar=KOD", "Sec-Fetch-Site", "cross-site"), http.StatusForbidden},
		"a sister site":                      {send(form, "svar=KOD", "Sec-Fetch-Site", "same-site"), http.StatusForbidden},
		"an old browser on another site":     {send(form, "svar=KOD", "Origin", "https://evil.example"), http.StatusForbidden},
		"an old browser on ours":             {send(form, "berattelse=Hej&svar=KOD", "Origin", "http://example.com"), http.StatusOK},
		"JSON":                               {send("application/json", "{}"), http.StatusUnsupportedMediaType},
		"too much":                           {send(form, "berattelse="+strings.Repeat("x", maxBody)), http.StatusRequestEntityTooLarge},
		"an encoding that is broken":         {send(form, "berattelse=%zz"), http.StatusBadRequest},
		"a post where there is only reading": {tw.post(bromma + "tillganglighet"), http.StatusMethodNotAllowed},
		"an organisation that is not there":  {tw.get("/t/atlantis/sv/"), http.StatusNotFound},
		"an organisation without a form":     {tw.get("/t/slk/sv/"), http.StatusNotFound},
		"a page that is not there":           {tw.get("/t/bromma/sv/hemligt"), http.StatusNotFound},
		"a language that is not there":       {tw.get("/t/bromma/xx/"), http.StatusNotFound},
	} {
		if c.page.code != c.want {
			t.Errorf("%s is answered %d, want %d", name, c.page.code, c.want)
		}
		if c.want >= 400 && len(c.page.tags("h1")) != 1 {
			t.Errorf("%s is not answered with a page of ours", name)
		}
	}
}

func TestAnOrganisationThatRefersElsewhereSaysWhere(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	ten := tw.tenants["bromma"]
	channels := append(ten.Config.Tenant.Channels[:0:0], ten.Config.Tenant.Channels...)
	for i := range channels {
		if channels[i].Code == "WEBBFORMULAR" {
			channels[i].State, channels[i].Text = "refer", "Ring växeln."
		}
	}
	ten.Config.Tenant.Channels = channels
	tw.tenants["bromma"] = ten
	p := tw.get(bromma)
	p.says("Ring växeln.")
	if len(p.tags("form")) != 0 {
		t.Error("there is still a form")
	}
	if p := tw.post(bromma, "berattelse", "Hej", "svar", "KOD"); p.code != http.StatusNotFound || len(tw.reports) != 0 {
		t.Errorf("sending is answered %d", p.code)
	}
}

func TestAProviderDoesNotSpeakAsAnAuthority(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.get(bromma).says("Det du skickar blir en allmän handling.")
	for _, path := range []string{"", "sa-gar-det-till", "personuppgifter"} {
		p := tw.get("/t/demogarden/sv/" + path)
		p.saysNothingOf("allmän handling")
		p.says("tystnadsplikt")
	}
}
