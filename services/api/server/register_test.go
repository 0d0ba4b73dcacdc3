package server_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Proves req 26, 27, 28.
func TestTheRegisterIsFoundByPeriodFileKindUnitNumberAndDirection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar := w.as("registrator@bromma.demo")
	deviation := w.registered(w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Larmet.", nil), nil).want(http.StatusOK)
	wrong := w.registered(w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Larmet igen.", nil), nil).want(http.StatusOK)
	registrar.do(wrong.str("id"), "void", map[string]any{"reason": "Fel akt"}).want(http.StatusOK)
	complaint := w.registered(w.as("medarbetare@bromma.demo").takeDown(nil).want(http.StatusCreated).str("id"),
		map[string]any{"case_type": "KLAGOMAL", "sender_role": "ANHORIG", "subject": "Klagomål om måltider"}).want(http.StatusOK)

	var deviations string
	for _, f := range registrar.get("/register/files").list("items") {
		if x := f.(map[string]any); x["kind"] == "SAMLINGSAKT_AVVIKELSER" {
			deviations = x["id"].(string)
		}
	}
	for query, want := range map[string][]reply{
		"":                                    {deviation, wrong, complaint},
		"from=" + today() + "&to=" + today():  {deviation, wrong, complaint},
		"to=2020-01-01":                       {},
		"file_id=" + deviations:               {deviation, wrong},
		"voided=UTAN":                         {deviation, complaint},
		"voided=BARA":                         {wrong},
		"case_type=KLAGOMAL":                  {complaint},
		"unit_id=" + w.home("bromma"):         {deviation, wrong, complaint},
		"unit_id=" + w.home("farsta"):         {},
		"direction=EXPEDIERAD":                {},
		"direction=INKOMMEN&limit=1&number=X": {},
		"number=" + url.QueryEscape(complaint.str("entry_no")):  {complaint},
		"number=" + url.QueryEscape(complaint.str("reference")): {complaint},
	} {
		got := registrar.get("/register/entries?" + query)
		if n := len(got.list("items")); n != len(want) {
			t.Errorf("%s: %d entries, want %d: %s", query, n, len(want), got.text)
		}
		for _, one := range want {
			if !strings.Contains(got.text, `"entry_no":"`+one.str("entry_no")+`"`) {
				t.Errorf("%s: %s is missing", query, one.str("entry_no"))
			}
		}
	}
	registrar.send("GET", "/register/entries?from=2026-02-01&to=2026-01-01", nil, nil).want(http.StatusUnprocessableEntity)
	first := registrar.get("/register/entries?limit=2")
	second := registrar.get("/register/entries?limit=2&cursor=" + url.QueryEscape(first.str("next_cursor")))
	if len(first.list("items")) != 2 || len(second.list("items")) != 1 || second.at("next_cursor") != nil {
		t.Errorf("pages: %s then %s", first.text, second.text)
	}
}

// Proves req 26, 31.
func TestTheRegisterIsExportedInTwoViewsAndNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar := w.as("registrator@bromma.demo")
	id := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Karin ramlade.", nil)
	done := w.registered(id, map[string]any{"subject": "=HYPERLINK; fall"}).want(http.StatusOK)
	table := func(query string) [][]string {
		got := registrar.get("/register/export?" + query)
		if kind := got.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/csv") || !strings.Contains(got.header.Get("Content-Disposition"), "attachment") {
			t.Fatalf("%s: %s %v", query, kind, got.header)
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.text, "\ufeff")))
		r.Comma = ';'
		rows, err := r.ReadAll()
		must(t, err)
		return rows
	}
	inside, outside := table("view=INTERN"), table("view=OFFENTLIG")
	if len(inside) != 2 || inside[1][0] != done.str("entry_no") || inside[1][6] != "'=HYPERLINK; fall" || !strings.Contains(inside[1][9], "26 kap") {
		t.Errorf("internal: %v", inside)
	}
	if len(outside) != 2 || outside[1][0] != done.str("entry_no") || outside[1][3] != "" || strings.Contains(strings.Join(outside[1], ";"), "HYPERLINK") {
		t.Errorf("public: %v", outside)
	}
	if rows := table("view=INTERN&to=2020-01-01"); len(rows) != 1 {
		t.Errorf("nothing found is not an empty table: %v", rows)
	}
	w.as("medarbetare@bromma.demo").send("GET", "/register/export", nil, nil).want(http.StatusForbidden)
	var logged int
	must(t, w.db.Super(t).QueryRow(t.Context(), `select count(*) from app.audit_log where action = 'list-register' and $1::uuid = any(shown)`, id).Scan(&logged))
	if logged == 0 {
		t.Error("nobody can see that the case was exported")
	}
}

// Proves req 31.
func TestAMarkingThatIsChangedIsRememberedAndNeverLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar := w.as("registrator@bromma.demo")
	id := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Karin ramlade.", nil)
	w.registered(id, nil).want(http.StatusOK)
	extract := func() reply { return registrar.get("/register/cases/" + id) }
	entry, law := extract().str("items.0.id"), extract().str("items.0.secrecy_law")
	if law == "" {
		t.Fatal("the entry has no marking")
	}
	mark := func(body map[string]any) reply {
		return registrar.send("POST", "/register/entries/"+entry+"/marking", nil, body)
	}
	change := map[string]any{"law": "21 kap. 1 § OSL", "was": law, "authority": "Bromma stadsdelsnämnd", "reason": "NY_UPPGIFT"}
	mark(map[string]any{"law": "", "was": law, "authority": "B", "reason": "OMPROVAD"}).want(http.StatusUnprocessableEntity)
	mark(map[string]any{"law": law, "was": law, "authority": "B", "reason": "OMPROVAD"}).want(http.StatusUnprocessableEntity)
	mark(change).want(http.StatusNoContent)
	mark(change).want(http.StatusPreconditionFailed)
	mark(map[string]any{"law": "", "was": "21 kap. 1 § OSL", "authority": "Bromma stadsdelsnämnd", "reason": "INTE_SEKRETESS"}).want(http.StatusNoContent)
	got := extract()
	if got.str("items.0.secrecy_law") != "" || got.str("changes.0.old_law") != law || got.str("changes.0.new_law") != "21 kap. 1 § OSL" ||
		got.str("changes.1.old_law") != "21 kap. 1 § OSL" || got.str("changes.0.by_name") == "" || got.str("changes.0.old_on") != today() {
		t.Errorf("the history of the marking: %s", got.text)
	}

	external := func(value, was any) reply {
		return registrar.send("POST", "/register/entries/"+entry+"/external", nil, map[string]any{"external_dnr": value, "was": was})
	}
	external("eDok 2026-778", nil).want(http.StatusNoContent)
	external("eDok 2026-779", nil).want(http.StatusPreconditionFailed)
	external("eDok 2026-779", "eDok 2026-778").want(http.StatusNoContent)
	if got := extract(); got.str("items.0.external_dnr") != "eDok 2026-779" || got.str("changes.3.old_external") != "eDok 2026-778" {
		t.Errorf("the history of the external number: %s", got.text)
	}
	if found := registrar.get("/register/entries?number=" + url.QueryEscape("eDok 2026-779")); len(found.list("items")) != 1 {
		t.Error("the entry is not found by its external number")
	}
	w.as("chef@bromma.demo").send("POST", "/register/entries/"+entry+"/marking", nil, change).want(http.StatusForbidden)
	if _, err := w.db.Super(t).Exec(t.Context(), `update app.register_entries set secrecy_law = 'x', change_reason = null where id = $1`, entry); err == nil {
		t.Error("a marking was changed without a reason and without a trace")
	}
	if _, err := w.db.Super(t).Exec(t.Context(), `update app.register_changes set old_law = 'x'`); err == nil {
		t.Error("the history of a marking was rewritten")
	}
}

// Proves T17.
func TestLateAmongTheClosedAreThoseAnsweredAfterTheirDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	super := w.db.Super(t)
	late, inTime := w.judged("ENKEL"), w.judged("ENKEL")
	chef := w.as("chef@bromma.demo")
	for _, id := range []string{late, inTime} {
		chef.do(id, "reply", map[string]any{"response_level": "ENKELT_SVAR", "body": "Tack."}).want(http.StatusOK)
		chef.do(id, "follow-up", nil).want(http.StatusOK)
		chef.do(id, "close", map[string]any{"personakt": "NEJ"}).want(http.StatusOK)
	}
	_, err := super.Exec(t.Context(), `update app.cases set due_on = current_date - 5, version = version + 1 where id = $1`, late)
	must(t, err)
	if got := chef.get("/cases?group=AVSLUTADE"); len(got.list("items")) != 2 {
		t.Errorf("closed: %s", got.text)
	}
	if got := chef.get("/cases?group=AVSLUTADE&late=true"); len(got.list("items")) != 1 || got.str("items.0.id") != late {
		t.Errorf("closed and late: %s", got.text)
	}
}
