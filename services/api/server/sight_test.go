package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// noted is a case that the unit's manager has begun to handle and written a note in that stays inside.
func (w *world) noted(narrative string) string {
	w.t.Helper()
	id := w.as("medarbetare@bromma.demo").report(w.home("bromma"), narrative, map[string]any{"people": "Anna i rum fyra"})
	w.as("registrator@bromma.demo").do(id, "register", map[string]any{
		"case_type": "AVVIKELSE", "sender_role": "PERSONAL", "subject": "Avvikelse", "secrecy": "SEKRETESS", "assign": true,
	}).want(http.StatusOK)
	chef := w.as("chef@bromma.demo")
	chef.do(id, "assess", nil).want(http.StatusOK)
	chef.do(id, "messages", map[string]any{"kind": "ANTECKNING", "body": "Bara för oss som handlägger"}).want(http.StatusOK)
	chef.do(id, "messages", map[string]any{"kind": "MEDDELANDE", "body": "Tack, vi tittar på det"}).want(http.StatusOK)
	return id
}

func TestWhoReportedReadsHerReportAndTheAnswerButNotTheHandling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.noted("Larmet gick inte.")
	worker := w.as("medarbetare@bromma.demo")
	got := worker.open(id)
	if !strings.Contains(got.text, "Larmet gick inte.") || !strings.Contains(got.text, "Tack, vi tittar på det") {
		t.Errorf("she does not see her report or the message to her: %s", got.text)
	}
	if strings.Contains(got.text, "Bara för oss som handlägger") {
		t.Error("an internal note reached the one who reported")
	}
	worker.send("GET", "/cases/"+id+"/history", nil, nil).want(http.StatusForbidden)
	if text := w.as("chef@bromma.demo").open(id).text; !strings.Contains(text, "Bara för oss som handlägger") || !strings.Contains(text, "Anna i rum fyra") {
		t.Error("the manager does not see all of it")
	}
}

func TestAManagerWhoReportsAboutAnotherUnitIsAReporterThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.as("chef-hemtjansten@bromma.demo")
	id := other.report(w.home("bromma"), "Brukaren kom hem utan sina mediciner.", nil)
	w.as("registrator@bromma.demo").do(id, "register", map[string]any{
		"case_type": "AVVIKELSE", "sender_role": "PERSONAL", "subject": "Avvikelse", "secrecy": "SEKRETESS", "assign": true,
	}).want(http.StatusOK)
	chef := w.as("chef@bromma.demo")
	chef.do(id, "assess", nil).want(http.StatusOK)
	chef.do(id, "messages", map[string]any{"kind": "ANTECKNING", "body": "Bara för oss som handlägger"}).want(http.StatusOK)
	if text := other.open(id).text; strings.Contains(text, "Bara för oss") || !strings.Contains(text, "utan sina mediciner") {
		t.Errorf("what she sees of another unit's handling: %s", text)
	}
	other.send("GET", "/cases/"+id+"/history", nil, nil).want(http.StatusForbidden)
}

// Proves req 42.
func TestWhoCarriesOutAMeasureSeesTheMeasureAndNotWhatWasTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.noted("En boende ramlade.")
	owner := w.as("chef-hemtjansten@bromma.demo")
	w.as("chef@bromma.demo").do(id, "measures", map[string]any{
		"title": "Gå igenom larmen", "kind": "RUTIN", "strength": "MEDEL", "due_on": time.Now().AddDate(0, 1, 0).Format("2006-01-02"),
		"owner_id": owner.get("/session").str("person.id"),
	}).want(http.StatusOK)
	got := owner.open(id)
	if got.str("measures.0.title") != "Gå igenom larmen" {
		t.Errorf("the owner does not see the measure: %s", got.text)
	}
	for _, secret := range []string{"En boende ramlade", "Anna i rum fyra", "Bara för oss", "Tack, vi tittar"} {
		if strings.Contains(got.text, secret) {
			t.Errorf("the owner of a measure reads %q", secret)
		}
	}
	if got.at("reporter") != nil {
		t.Error("the owner of a measure reads who reported")
	}
}

func TestWhoFollowsTheQualityOfTheBoardDoesNotReadWhoToldAndAboutWhom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.noted("Larmet gick inte.")
	got := w.as("verksamhetsutvecklare@bromma.demo").open(id)
	if got.at("reporter") != nil || len(got.list("messages")) != 0 || strings.Contains(got.text, "Anna i rum fyra") {
		t.Errorf("not de-identified: %s", got.text)
	}
	if !strings.Contains(got.text, "Larmet gick inte.") {
		t.Error("what happened is not to be seen either")
	}
	w.as("verksamhetsutvecklare@bromma.demo").get("/cases/" + id + "/history")
}

// Proves req 13.
func TestEverybodyWhoWorksHereCanReportAndReadsOnlyHerOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	of := w.noted("Någon annans rapport.")
	for _, role := range []string{"granskare", "tenant_admin", "arkivarie", "mas", "kanslisekreterare"} {
		p := w.as(role + "@bromma.demo")
		id := p.report(w.home("bromma"), "Dörren stod olåst.", nil)
		if text := p.open(id).text; !strings.Contains(text, "Dörren stod olåst.") {
			t.Errorf("%s does not see her own report", role)
		}
		if n := len(p.get("/cases/mine").list("items")); n != 1 {
			t.Errorf("%s has %d reports", role, n)
		}
		p.send("GET", "/cases/"+of, nil, nil).want(http.StatusNotFound)
	}
}

func TestTheManagerACaseIsAboutDoesNotGetItByTheCaseBeingMoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Chefen svarar inte när vi larmar.", map[string]any{"about_manager": true})
	registrar, chef, boss := w.as("registrator@bromma.demo"), w.as("chef@bromma.demo"), w.as("avdelningschef@bromma.demo")
	registrar.do(id, "register", map[string]any{
		"case_type": "AVVIKELSE", "sender_role": "PERSONAL", "subject": "Avvikelse", "secrecy": "SEKRETESS", "assign": true,
	}).want(http.StatusOK)
	accused := chef.get("/session").str("person.id")
	for _, unit := range []string{w.home("bromma"), boss.get("/session").str("units.0.id"), w.as("chef-hemtjansten@bromma.demo").get("/session").str("units.0.id")} {
		registrar.do(id, "reassign", map[string]any{"unit_id": unit, "handler_id": accused, "reason": "Hon känner enheten"}).want(http.StatusUnprocessableEntity)
		// By the rule it goes to somebody else, or stays with the one who has it already.
		got := registrar.do(id, "reassign", map[string]any{"unit_id": unit, "reason": "Enheten var fel."})
		if kept := got.status == http.StatusUnprocessableEntity && strings.Contains(got.text, "Den som handlägger ärendet i dag"); !kept && (got.status != http.StatusOK || got.str("handler.id") == accused) {
			t.Errorf("by the rule: %d %s", got.status, got.text)
		}
		chef.send("GET", "/cases/"+id, nil, nil).want(http.StatusNotFound)
	}
}
