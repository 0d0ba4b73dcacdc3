package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/services/migrate/steps"
)

// entry is a row of the trail.
type entry struct {
	Action string     `db:"action"`
	Result string     `db:"result"`
	Kind   string     `db:"actor_kind"`
	Case   *uuid.UUID `db:"case_id"`
	Tried  *uuid.UUID `db:"tried_id"`
}

// trail is what has been written since the last time it was asked for, oldest first.
func (w *world) trail(tenant string) []entry {
	w.t.Helper()
	super := w.db.Super(w.t)
	rows, err := super.Query(w.t.Context(), `select action, result, actor_kind, case_id, tried_id from app.audit_log where tenant_id = $1 and request_id <> '' order by at`, steps.TenantID(tenant))
	must(w.t, err)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[entry])
	must(w.t, err)
	return all
}

func TestTheTrailTellsWhatWasDoneWhatWasRefusedAndWhatWasMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	worker, registrar, stranger := w.as("medarbetare@bromma.demo"), w.as("registrator@bromma.demo"), w.as("registrator@farsta.demo")
	id := worker.report(w.home("bromma"), "Larmet ringde utan att någon kom.", nil)
	of := func(tenant, action, result string) (n int, last entry) {
		for _, e := range w.trail(tenant) {
			if e.Action == action && e.Result == result {
				n, last = n+1, e
			}
		}
		return n, last
	}

	registrar.do(id, "own-number", nil).want(http.StatusConflict)
	if n, last := of("bromma", "number-case", "REFUSED"); n != 1 || last.Tried == nil || last.Tried.String() != id || last.Case == nil {
		t.Errorf("a number for a case that is not registered: %d refusals, %+v", n, last)
	}
	if n, _ := of("bromma", "number-case", "OK"); n != 0 {
		t.Errorf("what was refused is written down as done %d times", n)
	}
	registered := map[string]any{"case_type": "AVVIKELSE", "sender_role": "PERSONAL", "subject": "Avvikelse om larm", "secrecy": "SEKRETESS", "assign": true}
	registrar.do(id, "register", registered).want(http.StatusOK)
	if n, last := of("bromma", "register-case", "OK"); n != 1 || last.Case.String() != id {
		t.Errorf("the registration stands %d times: %+v", n, last)
	}
	worker.send("POST", "/cases/"+id+"/register", map[string]string{"If-Match": `"2"`}, registered).want(http.StatusForbidden)
	if n, last := of("bromma", "register-case", "REFUSED"); n != 1 || last.Tried.String() != id {
		t.Errorf("a care worker who registers: %d refusals, %+v", n, last)
	}
	stranger.send("GET", "/cases/"+id, nil, nil).want(http.StatusNotFound)
	if n, last := of("farsta", "open-case", "MISSING"); n != 1 || last.Case != nil || last.Tried.String() != id {
		t.Errorf("another board's case: %d, %+v", n, last)
	}
	nothing := uuid.NewString()
	registrar.send("GET", "/cases/"+nothing, nil, nil).want(http.StatusNotFound)
	if n, last := of("bromma", "open-case", "MISSING"); n != 1 || last.Tried.String() != nothing {
		t.Errorf("no such case: %d, %+v", n, last)
	}
	worker.send("GET", "/cases/"+id+"/history", nil, nil).want(http.StatusForbidden)
	if n, _ := of("bromma", "list-history", "OK"); n != 0 {
		t.Error("a history that was refused is written down as read")
	}
}

// TestTheTrailNamesOperations: an act has the same name in the trail as in the OpenAPI document.
func TestTheTrailNamesOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	worker, registrar := w.as("medarbetare@bromma.demo"), w.as("registrator@bromma.demo")
	id := worker.report(w.home("bromma"), "Hissen stod stilla hela kvällen.", nil)
	registrar.do(id, "register", map[string]any{"case_type": "AVVIKELSE", "sender_role": "PERSONAL", "subject": "Avvikelse om hiss", "secrecy": "SEKRETESS", "assign": true}).want(http.StatusOK)
	chef := w.as("chef@bromma.demo")
	chef.do(id, "assess", nil).want(http.StatusOK)
	for _, path := range []string{"/cases", "/cases/mine", "/register/entries", "/measures", "/cases/" + id + "/history", "/consultations"} {
		chef.send("GET", path, nil, nil)
	}
	registrar.get("/register/queue")
	doc, err := w.server.OpenAPI()
	must(t, err)
	var api struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		} `json:"paths"`
	}
	must(t, json.Unmarshal(doc, &api))
	known := map[string]bool{}
	for _, methods := range api.Paths {
		for _, op := range methods {
			known[op.OperationID] = true
		}
	}
	seen := map[string]bool{}
	for _, e := range w.trail("bromma") {
		if seen[e.Action] = true; !known[e.Action] {
			t.Errorf("%s (%s) is no operation", e.Action, e.Result)
		}
	}
	if len(seen) < 9 {
		t.Errorf("only %d operations stand in the trail: %v", len(seen), seen)
	}
}

func TestWhoOpensACaseByItsCodeStandsInTheTrailAsSomebodyFromOutside(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent := w.nobody().send("POST", "/public/bromma/reports", nil, map[string]any{"narrative": "Maten är kall.", "wants_reply": "KOD"}).want(http.StatusCreated)
	open := func(code string) int {
		return w.nobody().send("POST", "/public/bromma/receipt", nil, map[string]any{"code": code}).status
	}
	if status := open(sent.str("code")); status != http.StatusOK {
		t.Fatalf("the code opens nothing: %d", status)
	}
	open(strings.Repeat("A", 24))
	n := 0
	for _, e := range w.trail("bromma") {
		if e.Action == "read-receipt" {
			n++
			if e.Kind != "PUBLIC" || e.Result != "OK" || e.Case == nil {
				t.Errorf("it says %+v", e)
			}
		}
	}
	if n != 1 {
		t.Errorf("%d readings by code are written down", n)
	}
}
