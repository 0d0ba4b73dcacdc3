package server_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"lyhord/pkg/casework"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/services/migrate/steps"
)

// exec changes what the world's people are, as their employer does it.
func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	_, err := w.db.Super(w.t).Exec(context.Background(), sql, args...)
	must(w.t, err)
}

// leaves ends somebody's employment as the configuration does it.
func (w *world) leaves(person string) {
	w.t.Helper()
	id := steps.PersonID("bromma", person)
	w.exec(`update app.people set active = false where id = $1`, id)
	w.exec(`update app.unit_managers set valid_to = current_date - 1 where person_id = $1`, id)
	w.exec(`update sec.memberships set valid_to = current_date - 1 where account_id = $1`, id)
}

// asked is a case whose handler has asked her superior.
func (w *world) asked() string {
	w.t.Helper()
	id := w.underAssessment()
	w.as("chef@bromma.demo").do(id, "consult", map[string]any{"question": "Är det här komplicerat?"}).want(http.StatusOK)
	return id
}

// Proves req 35, req 36, T6.
func TestAQuestionToASuperiorWhoHasLeftGoesToTheOneWhoIsSuperiorToday(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chef, top := w.as("chef@bromma.demo"), w.as("forvaltningschef@bromma.demo")
	id, away := w.asked(), w.asked()
	if got := chef.do(id, "ask-again", map[string]any{}).want(http.StatusConflict); !strings.Contains(got.str("detail"), "även i dag") {
		t.Errorf("moved from who is still there: %s", got.text)
	}
	chef.do(away, "ask-again", map[string]any{"absent": true}).want(http.StatusUnprocessableEntity)
	chef.do(away, "ask-again", map[string]any{"absent": true, "reason": "Sjukskriven."}).want(http.StatusOK)
	top.do(away, "complexity", map[string]any{"decision": "ENKEL", "motivation": "Det räcker."}).want(http.StatusOK)

	w.leaves("avdelningschef")
	got := w.as("registrator@bromma.demo").do(id, "ask-again", map[string]any{}).want(http.StatusOK)
	if got.str("superior.id") != top.me() || got.str("consultation.superior.id") != top.me() {
		t.Fatalf("asked is %s", got.text)
	}
	if n, _ := w.timers(id, "deadline-consult-late"); n != 1 {
		t.Errorf("%d timers watch the question that was moved", n)
	}
	top.do(id, "complexity", map[string]any{"decision": "ENKEL", "motivation": "Det räcker."}).want(http.StatusOK)
}

// Proves req 32, req 41, T4.
func TestAHandlerWhoLeavesIsReplacedAndTheCaseGoesOnWhereItStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss, next := w.as("avdelningschef@bromma.demo"), w.as("chef-smultrontunet@bromma.demo")
	home := w.home("bromma")
	waiting := w.underAssessment()
	w.as("chef@bromma.demo").do(waiting, "await-info", map[string]any{"question": "Vilken dag?"}).want(http.StatusOK)
	cases := map[string]string{"investigating": w.judged("KOMPLICERAD"), "consulting": w.asked(), "awaiting_info": waiting}
	for state, id := range cases {
		if a := boss.open(id).action("reassign"); a == nil || a["allowed"] != true {
			t.Errorf("%s: the manager above cannot replace the handler: %v", state, a)
		}
		if a := w.as("chef@bromma.demo").open(id).action("reassign"); a != nil {
			t.Errorf("%s: the handler is offered to choose her successor: %v", state, a)
		}
		next.send("POST", "/cases/"+id+"/reassign", map[string]string{"If-Match": `"1"`}, map[string]any{"unit_id": home, "reason": "Jag tar det."}).want(http.StatusNotFound)
		boss.do(id, "reassign", map[string]any{"unit_id": home, "handler_id": next.me()}).want(http.StatusUnprocessableEntity)
		got := boss.do(id, "reassign", map[string]any{"unit_id": home, "handler_id": next.me(), "reason": "Anna har slutat."}).want(http.StatusOK)
		if got.str("state") != state || got.str("handler.id") != next.me() {
			t.Errorf("%s: handed on as %s to %s", state, got.str("state"), got.str("handler.name"))
		}
		next.open(id)
		var readers []string
		must(t, w.db.Super(t).QueryRow(t.Context(), `select readers::text[] from app.cases where id = $1`, id).Scan(&readers))
		if slices.Contains(readers, w.as("chef@bromma.demo").me()) {
			t.Errorf("%s: who had the case still has it", state)
		}
	}
	next.do(waiting, "resume", nil).want(http.StatusOK)
	boss.do(cases["consulting"], "complexity", map[string]any{"decision": "ENKEL", "motivation": "Enkelt."}).want(http.StatusOK)
	next.do(cases["consulting"], "reply", map[string]any{"response_level": "ENKELT_SVAR", "body": "Tack."}).want(http.StatusOK)
}

// Proves req 36.
func TestASuperiorWhoTakesOverTheCaseAsksHerOwnSuperior(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss, top := w.as("avdelningschef@bromma.demo"), w.as("forvaltningschef@bromma.demo")
	id := w.asked()
	got := boss.do(id, "reassign", map[string]any{"unit_id": w.home("bromma"), "handler_id": boss.me(), "reason": "Jag tar det."}).want(http.StatusOK)
	if got.str("superior.id") != top.me() {
		t.Fatalf("she is to decide about her own case: %s", got.text)
	}
	if got := boss.do(id, "complexity", map[string]any{"decision": "ENKEL", "motivation": "Jo."}).want(http.StatusConflict); !strings.Contains(got.str("detail"), "själv") {
		t.Errorf("no reason: %s", got.text)
	}
	top.do(id, "complexity", map[string]any{"decision": "KOMPLICERAD", "motivation": "Ja."}).want(http.StatusOK)
}

// Proves req 34, T10.
func TestADelegationIsTakenBackAlsoAfterTheInvestigation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chef, colleague := w.as("chef@bromma.demo"), w.as("utredare@bromma.demo")
	id := w.judged("ENKEL")
	chef.do(id, "take-back", nil).want(http.StatusConflict)
	chef.do(id, "delegate", map[string]any{"person_id": colleague.me()}).want(http.StatusOK)
	chef.do(id, "reply", map[string]any{"response_level": "ENKELT_SVAR", "body": "Tack."}).want(http.StatusOK)
	colleague.open(id)
	colleague.send("POST", "/cases/"+id+"/take-back", map[string]string{"If-Match": `"1"`}, nil).want(http.StatusForbidden)
	chef.do(id, "take-back", nil).want(http.StatusOK)
	colleague.send("GET", "/cases/"+id, nil, nil).want(http.StatusNotFound)
}

// Proves req 32.
func TestOnlyThoseWhoCanHandleACaseAreOfferedAsHandlers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar := w.as("registrator@bromma.demo")
	people := registrar.get("/people?purpose=handle&unit_id=" + w.home("bromma")).list("items")
	var ids []string
	for _, p := range people {
		ids = append(ids, p.(map[string]any)["id"].(string))
	}
	for who, want := range map[string]bool{"chef": true, "avdelningschef": true, "medarbetare": false, "registrator": false, "utredare": false} {
		if got := slices.Contains(ids, steps.PersonID("bromma", who).String()); got != want {
			t.Errorf("%s is offered: %v", who, got)
		}
	}
	id := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Nyckeln saknades.", nil)
	w.registered(id, map[string]any{"assign": false}).want(http.StatusOK)
	for _, person := range ids[:3] {
		registrar.do(id, "assign", map[string]any{"unit_id": w.home("bromma"), "handler_id": person, "reason": "Så blir det."}).want(http.StatusOK)
		id = w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Nyckeln saknades.", nil)
		w.registered(id, map[string]any{"assign": false}).want(http.StatusOK)
	}
}

func TestEveryActOfTheMachineIsAnOperationThatSomebodyMayDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	policy, err := authz.LoadPolicy(nil)
	must(t, err)
	operations := map[string]bool{}
	for _, r := range w.routes() {
		operations[r.permission] = true
	}
	for _, a := range casework.Acts {
		if !operations[a.Permission] {
			t.Errorf("%s asks for %s, which no operation has", a.Name, a.Permission)
		}
		if !slices.ContainsFunc(authz.Roles, func(role string) bool { return policy.Allows("bromma", []string{role}, a.Permission) }) {
			t.Errorf("%s asks for %s, which nobody holds", a.Name, a.Permission)
		}
	}
}

// checkConsultation runs the morning's look at a question that waits.
func (w *world) checkConsultation(caseID string) {
	w.t.Helper()
	d, err := db.Open(w.t.Context(), map[authz.Door]string{authz.DoorWorker: w.db.DSN("worker")})
	must(w.t, err)
	defer d.Close()
	job := jobs.Job{Tenant: steps.TenantID("bromma"), ID: uuid.New(), Kind: jobs.ConsultCheck, Ref: uuid.MustParse(caseID)}
	w.exec(`insert into jobs.outbox (tenant_id, id, kind, ref) values ($1, $2, $3, $4)`, job.Tenant, job.ID, string(job.Kind), job.Ref)
	watch := casework.Watch{DB: d, Org: org.New(d, clock.System{}), Clock: clock.System{}, IDs: id.Random{}}
	must(w.t, watch.Handlers()[0].Run(w.t.Context(), job))
}

// Proves req 35, T6.
func TestTheSystemMovesAQuestionFromASuperiorWhoHasLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, top := w.asked(), w.as("forvaltningschef@bromma.demo")
	version := w.as("chef@bromma.demo").open(id).at("version")
	w.checkConsultation(id)
	if got := w.as("chef@bromma.demo").open(id); got.at("version") != version || got.str("superior.id") != w.as("avdelningschef@bromma.demo").me() {
		t.Fatalf("taken from somebody who can answer: %s", got.text)
	}
	w.leaves("avdelningschef")
	w.checkConsultation(id)
	w.checkConsultation(id)
	got := top.open(id)
	if got.str("superior.id") != top.me() || got.action("decide-complexity")["allowed"] != true {
		t.Fatalf("nobody can answer: %s", got.text)
	}
	moved := 0
	for _, e := range top.get("/cases/" + id + "/history").list("items") {
		if e.(map[string]any)["kind"] == "case.consulted-anew" {
			moved++
		}
	}
	if moved != 1 {
		t.Errorf("moved %d times", moved)
	}
	if n, _ := w.timers(id, "consult-check"); n != 1 {
		t.Errorf("%d checks are to come", n)
	}
}
