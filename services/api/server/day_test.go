//go:build unix

package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// waits says what the person's day holds for a case: "BEDOM HANDLAGG".
func (p *person) waits(id string) string {
	p.w.t.Helper()
	var kinds []string
	for _, item := range p.get("/day?limit=100").list("items") {
		row := item.(map[string]any)
		if row["case_id"] == id {
			kinds = append(kinds, row["kind"].(string))
		}
	}
	slices.Sort(kinds)
	return strings.Join(kinds, " ")
}

func number(r reply, name string) int { return int(r.at("counts." + name).(float64)) }

// Proves T1, T2, T4, T5, T6, T7b.
func TestEachPersonsDayHoldsWhatSheHasToDoAndNothingThatIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	worker, registrar, chef, boss := w.as("medarbetare@bromma.demo"), w.as("registrator@bromma.demo"), w.as("chef@bromma.demo"), w.as("avdelningschef@bromma.demo")
	id := worker.takeDown(map[string]any{"wants_reply": "TELEFON", "contact": map[string]any{"phone": "08-123 45 67"}}).want(http.StatusCreated).str("id")
	day := func(when string, p *person, want string) {
		t.Helper()
		if got := p.waits(id); got != want {
			t.Errorf("%s: the day holds %q, want %q", when, got, want)
		}
	}
	day("received", registrar, "BEKRAFTA REGISTRERA")
	day("received", chef, "")
	day("received", worker, "")
	registrar.do(id, "acknowledge", map[string]any{"note": "Ringde."}).want(http.StatusOK)
	w.registered(id, map[string]any{"assign": true}).want(http.StatusOK)
	day("registered", registrar, "")
	day("registered", chef, "BEDOM")
	chef.do(id, "assess", nil).want(http.StatusOK)
	day("begun", chef, "HANDLAGG")
	chef.do(id, "classification", map[string]any{"category": "BEM", "lagrum": nil, "severity": 2, "probability": 2, "harm": "NEJ"}).want(http.StatusOK)
	chef.do(id, "consult", map[string]any{"question": "Är det komplicerat?"}).want(http.StatusOK)
	day("asked", chef, "")
	day("asked", boss, "AVGOR")
	boss.do(id, "complexity", map[string]any{"decision": "KOMPLICERAD", "motivation": "Ja, flera enheter."}).want(http.StatusOK)
	day("decided", boss, "")
	day("decided", chef, "HANDLAGG")
	day("decided", registrar, "NUMMER")
	page := chef.get("/day?limit=1")
	if number(page, "late")+number(page, "today")+number(page, "later") < 1 || len(page.list("items")) != 1 {
		t.Errorf("the counts say %s", page.text)
	}
	if admin := w.as("tenant_admin@bromma.demo").get("/day"); len(admin.list("items")) != 0 || number(admin, "late") != 0 {
		t.Errorf("the administrator's day is not clear: %s", admin.text)
	}
}
