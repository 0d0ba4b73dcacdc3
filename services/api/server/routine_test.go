//go:build unix

package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestTheRoutineIsProposedTriedAndSwitchedOnBySomebodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	developer, admin, chef := w.as("verksamhetsutvecklare@bromma.demo"), w.as("tenant_admin@bromma.demo"), w.as("chef@bromma.demo")
	id := w.underAssessment() // a deviation of risk 4
	if reason := chef.open(id).action("investigate")["reason"]; reason == nil {
		t.Fatal("samråd is not needed to begin with")
	}
	rules := developer.get("/routine").at("rules").(map[string]any)
	rules["decisions"] = map[string]any{"consult_from_risk": 6, "own_number": "KOMPLICERADE"}
	sim := developer.send("POST", "/routine/simulation", nil, map[string]any{"rules": rules}).want(http.StatusOK)
	if sim.at("changed").(float64) < 1 || !strings.Contains(sim.str("sentence"), "gått annorlunda") || !strings.Contains(sim.text, id) {
		t.Errorf("tried on last year's cases: %s", sim.text)
	}
	key := map[string]string{"Idempotency-Key": uuid.NewString()}
	proposal := map[string]any{"rules": rules, "reason": "Många slår i taket för små ärenden."}
	made := developer.send("POST", "/routine/proposals", key, proposal).want(http.StatusCreated)
	developer.send("POST", "/routine/proposals", key, proposal).want(http.StatusCreated)
	if n := len(developer.get("/routine").list("versions")); n != 1 {
		t.Errorf("a double send made %d proposals", n)
	}
	if made.str("versions.0.changes.0") != "Samråd krävs: i alla ärenden → från riskvärde 6" {
		t.Errorf("the change in words: %s", made.text)
	}
	version := made.str("versions.0.id")
	same, _ := json.Marshal(rules)
	if !strings.Contains(string(same), "consult_from_risk") {
		t.Fatal("the rules were lost")
	}
	tomorrow := time.Now().AddDate(0, 0, 2).Format("2006-01-02")
	path := "/routine/proposals/" + version + "/decision"
	developer.send("POST", path, nil, map[string]any{"decision": "PA", "valid_from": tomorrow}).want(http.StatusForbidden)
	admin.send("POST", path, nil, map[string]any{"decision": "PA", "valid_from": today()}).want(http.StatusUnprocessableEntity)
	on := admin.send("POST", path, nil, map[string]any{"decision": "PA", "valid_from": tomorrow}).want(http.StatusOK)
	if on.str("versions.0.valid_from") != tomorrow || on.str("versions.0.decided_by") == "" {
		t.Errorf("switched on: %s", on.text)
	}
	admin.send("POST", path, nil, map[string]any{"decision": "AVSLAGEN"}).want(http.StatusConflict)
	admin.send("POST", "/routine/proposals/"+uuid.NewString()+"/decision", nil, map[string]any{"decision": "AVSLAGEN"}).want(http.StatusNotFound)
	rules["acknowledgement"] = "Tack."
	developer.send("POST", "/routine/proposals", map[string]string{"Idempotency-Key": uuid.NewString()}, proposal).want(http.StatusUnprocessableEntity)
}
