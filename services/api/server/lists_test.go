package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// pages walks a list by its cursors and gives the values of a field, in order.
func (p *person) pages(path, field string) []string {
	p.w.t.Helper()
	var all []string
	cursor := ""
	for range 50 {
		got := p.get(path + cursor)
		for _, item := range got.list("items") {
			all = append(all, fmt.Sprint(item.(map[string]any)[field]))
		}
		next := got.str("next_cursor")
		if next == "" {
			return all
		}
		cursor = "&cursor=" + next
	}
	p.w.t.Fatalf("%s never ends", path)
	return nil
}

func TestPagesLoseNothingAndShowNothingTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	worker, chef, registrar := w.as("medarbetare@bromma.demo"), w.as("chef@bromma.demo"), w.as("registrator@bromma.demo")
	want := map[string]bool{}
	for i := range 7 {
		id := worker.report(w.home("bromma"), fmt.Sprintf("Händelse %d.", i), nil)
		w.registered(id, map[string]any{"subject": fmt.Sprintf("Avvikelse nummer %d", i)}).want(http.StatusOK)
		want[id] = true
	}
	for name, got := range map[string][]string{
		"own reports": worker.pages("/cases/mine?limit=3", "id"), "the inbox": chef.pages("/cases?limit=2", "id"),
		"new cases": chef.pages("/cases?limit=3&group=NYA", "id"), "the register": registrar.pages("/register/entries?limit=3", "case_id"),
	} {
		seen := map[string]bool{}
		for _, id := range got {
			if seen[id] || !want[id] {
				t.Errorf("%s shows %s twice or from nowhere", name, id)
			}
			seen[id] = true
		}
		if len(seen) != len(want) {
			t.Errorf("%s shows %d of %d", name, len(seen), len(want))
		}
	}
	cursor := chef.get("/cases?limit=2").str("next_cursor")
	registrar.send("GET", "/cases?limit=2&cursor="+cursor, nil, nil).want(http.StatusUnprocessableEntity) // somebody else's place in a list
}

func TestTheInboxIsNarrowedByItsFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chef := w.as("chef@bromma.demo")
	deviation := w.underAssessment()
	complaint := w.as("medarbetare@bromma.demo").takeDown(nil).want(http.StatusCreated).str("id")
	w.registered(complaint, map[string]any{"case_type": "KLAGOMAL", "sender_role": "ANHORIG", "subject": "Klagomål om mat"}).want(http.StatusOK)
	for query, want := range map[string]string{
		"group=NYA": complaint, "group=BEDOMS": deviation, "case_type=KLAGOMAL": complaint, "category=UTF": deviation, "category=UTF.UTEBLIVEN": deviation,
	} {
		if got := chef.get("/cases?" + query); len(got.list("items")) != 1 || got.str("items.0.id") != want {
			t.Errorf("%s: %s", query, got.text)
		}
	}
	for _, query := range []string{"late=true", "group=AVSLUTADE", "category=MAT", "unit_id=" + w.home("farsta")} {
		if got := chef.get("/cases?" + query); len(got.list("items")) != 0 {
			t.Errorf("%s: %s", query, got.text)
		}
	}
	if got := chef.get("/cases"); got.at("counts.NYA") != 1.0 || got.at("counts.BEDOMS") != 1.0 || got.at("counts.ALLA") != 2.0 || got.at("total") != 2.0 {
		t.Errorf("counts: %v", got.at("counts"))
	}
}

// Proves T26, req 26, req 27.
func TestTheRegisterHasAViewForAnyoneAndANumberIsNeverUsedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar := w.as("registrator@bromma.demo")
	report := func(subject string) reply {
		id := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Karin ramlade.", nil)
		return w.registered(id, map[string]any{"subject": subject}).want(http.StatusOK)
	}
	wrong := report("Fall hos brukare ett")
	registrar.do(wrong.str("id"), "void", map[string]any{"reason": "Dubblett av ett annat ärende."}).want(http.StatusOK)
	registrar.do(wrong.str("id"), "assign", map[string]any{"unit_id": w.home("bromma")}).want(http.StatusConflict)
	right := report("Fall hos brukare två")
	if right.str("entry_no") == wrong.str("entry_no") {
		t.Fatal("the number of a voided entry was used again")
	}
	inside, outside := registrar.get("/register/entries"), registrar.get("/register/public")
	if n := len(inside.list("items")); n != 2 || !strings.Contains(inside.text, "brukare ett") {
		t.Errorf("the internal view hides the voided entry: %s", inside.text)
	}
	if n := len(outside.list("items")); n != 1 || outside.str("items.0.entry_no") != right.str("entry_no") {
		t.Errorf("the view for anyone: %s", outside.text)
	}
	for _, hidden := range []string{"brukare två", "Personal", right.str("id"), "Karin"} {
		if strings.Contains(outside.text, hidden) {
			t.Errorf("the view for anyone tells %q", hidden)
		}
	}
	id := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Karin ramlade igen.", nil)
	if got := registrar.get("/register/queue"); got.at("total") != 1.0 || got.at("registered_today") != 2.0 || got.str("items.0.id") != id {
		t.Errorf("what waits for the registrar: %s", got.text)
	}
	for field, value := range map[string]any{"sender_role": "Karins dotter", "category": "FINNS.INTE", "synpunkt_kind": "BEROM"} {
		if got := w.registered(id, map[string]any{field: value}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.text, field) {
			t.Errorf("%s %v: %d %s", field, value, got.status, got.text)
		}
	}
}

func TestADraftIsNotOverwrittenByAnotherWindow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	worker := w.as("medarbetare@bromma.demo")
	save := func(header map[string]string, words string) reply {
		return worker.send("PUT", "/drafts/report", header, map[string]any{"body": map[string]any{"narrative": words}})
	}
	if got := worker.get("/drafts/report"); got.at("version") != 0.0 {
		t.Errorf("a draft from nowhere: %s", got.text)
	}
	first := save(nil, "Hon ramlade").want(http.StatusOK).header.Get("ETag")
	save(map[string]string{"If-Match": first}, "Hon ramlade i hallen").want(http.StatusOK)
	save(map[string]string{"If-Match": first}, "Något annat").want(http.StatusPreconditionFailed)
	if got := worker.get("/drafts/report"); got.str("body.narrative") != "Hon ramlade i hallen" {
		t.Errorf("kept: %s", got.text)
	}
	if got := w.as("registrator@bromma.demo").get("/drafts/report"); got.at("version") != 0.0 {
		t.Errorf("somebody else's draft: %s", got.text)
	}
	worker.send("DELETE", "/drafts/report", nil, nil).want(http.StatusNoContent)
	if got := worker.get("/drafts/report"); got.at("version") != 0.0 {
		t.Errorf("not thrown away: %s", got.text)
	}
}
