package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// home is the unit where the demo's medarbetare works and its chef leads.
func (w *world) home(tenant string) string {
	w.t.Helper()
	home := w.as("medarbetare@" + tenant + ".demo").get("/session").str("home_unit_id")
	if home == "" {
		w.t.Fatal("the medarbetare has no home unit")
	}
	return home
}

// Proves T1, T2, T4, T5, T6, T7b, T10, T11, T12, T15, T16, T17, req 25, req 26, req 28, req 30, req 31, req 32, req 34, req 35, req 36, req 37, req 40.
//
// long: the product's path is one story; cut in pieces nobody would see that it hangs together
func TestAReportTravelsFromTheCareWorkerToACloseCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	worker, registrar := w.as("medarbetare@bromma.demo"), w.as("registrator@bromma.demo")
	chef, boss, colleague := w.as("chef@bromma.demo"), w.as("avdelningschef@bromma.demo"), w.as("utredare@bromma.demo")

	// 1. the care worker reports
	id := worker.report(w.home("bromma"), "Kvällsdosen gavs inte. Tabletterna låg kvar i dosetten klockan nio.", map[string]any{"category": "LKM.UTEBLIVEN_DOS"})

	// 2. the registrar sees it on top of the desk and registers and routes it in one act
	queue := registrar.get("/register/queue")
	if queue.str("items.0.id") != id {
		t.Fatalf("the report is not first in the queue: %s", queue.text)
	}
	proposal := registrar.open(id)
	if proposal.str("registration_proposal.handler.name") == "" || proposal.str("registration_proposal.file_title") != "Avvikelser" {
		t.Fatalf("the desk proposes no handler or the wrong file: %s", proposal.text)
	}
	registered := registrar.do(id, "register", map[string]any{
		"case_type": "AVVIKELSE", "sender_role": "PERSONAL", "subject": "Avvikelse om läkemedel", "secrecy": "SEKRETESS", "assign": true,
	}).want(http.StatusOK)
	if registered.str("state") != "assigned" || registered.str("entry_no") == "" || registered.str("secrecy.law") == "" {
		t.Fatalf("not registered as it should be: %s", registered.text)
	}

	// 3. the manager: why not yet, samråd, decision
	if a := chef.open(id).action("assess"); a == nil || a["allowed"] != true || a["primary"] != true {
		t.Fatalf("the manager's next step is not to assess: %v", a)
	}
	chef.do(id, "assess", nil).want(http.StatusOK)
	if a := chef.open(id).action("consult"); a["allowed"] != false || a["reason"] == nil {
		t.Fatalf("samråd before classification must say why not: %v", a)
	}
	chef.do(id, "classification", map[string]any{
		"category_hsl": "LKM.UTEBLIVEN_DOS", "lagrum": []string{"HSL"}, "severity": 2, "probability": 3, "harm": "NEJ", "affects_individual": true,
	}).want(http.StatusOK)
	chef.do(id, "consult", map[string]any{"question": "Tredje gången på en månad. Är det komplicerat?"}).want(http.StatusOK)
	chef.do(id, "complexity", map[string]any{"decision": "ENKEL", "motivation": "Jag avgör själv."}).want(http.StatusConflict)
	asked := boss.get("/consultations")
	if asked.str("items.0.case_id") != id {
		t.Fatalf("the superior was not asked: %s", asked.text)
	}
	boss.do(id, "complexity", map[string]any{"decision": "KOMPLICERAD", "motivation": "Återkommande, behöver utredas."}).want(http.StatusOK)
	if got := registrar.do(id, "own-number", nil).want(http.StatusOK); got.str("own_dnr") == "" {
		t.Fatalf("a complicated case gets a number of its own: %s", got.text)
	}

	// delegate, investigate, measures
	chef.do(id, "delegate", map[string]any{"person_id": colleague.get("/session").str("person.id")}).want(http.StatusOK)
	colleague.send("PUT", "/cases/"+id+"/investigation", map[string]string{"If-Match": `"1"`}, map[string]any{
		"background": "Två vikarier på passet.", "course": "", "causes_text": "", "conclusion": "Rutinen vid vikariat brister.",
		"risks": []any{map[string]any{"ground": "HSL", "actual_severity": 1, "severity": 2, "probability": 3}},
	}).want(http.StatusOK)
	withCause := colleague.do(id, "causes", map[string]any{"area": "PROCEDURER_RUTINER_RIKTLINJER", "text": "Ingen överrapportering av signeringslistan"}).want(http.StatusOK)
	chef.do(id, "plan-measures", nil).want(http.StatusConflict)
	owner := chef.get("/session").str("person.id")
	due := time.Now().AddDate(0, 1, 0).Format("2006-01-02")
	for _, m := range []map[string]any{
		{"title": "Digital signering med påminnelse", "cause_id": withCause.str("causes.0.id"), "kind": "MILJO_TEKNIK", "strength": "STARK", "owner_id": owner, "due_on": due},
		{"title": "Checklista vid överlämning", "kind": "RUTIN", "strength": "MEDEL", "owner_id": owner, "due_on": due, "affects_individual": true},
	} {
		colleague.do(id, "measures", m).want(http.StatusOK)
	}
	for _, m := range chef.open(id).list("measures") {
		mid := m.(map[string]any)["id"].(string)
		chef.send("POST", "/measures/"+mid+"/decide", map[string]string{"If-Match": `"1"`}, map[string]any{"decision": "PLANERAD"}).want(http.StatusOK)
	}
	chef.do(id, "plan-measures", nil).want(http.StatusOK)

	// answer, tell the individual, follow up, close
	chef.do(id, "reply", map[string]any{"response_level": "UTREDNING", "body": "Tack. Vi inför digital signering."}).want(http.StatusOK)
	if got := chef.do(id, "follow-up", nil); got.status != http.StatusConflict || !strings.Contains(got.str("detail"), "återföring") {
		t.Fatalf("what touches the individual must be told first: %s", got.text)
	}
	chef.do(id, "feedbacks", map[string]any{"given_on": time.Now().Format("2006-01-02"), "method": "SAMTAL", "note": "Berättade på plats."}).want(http.StatusOK)
	chef.do(id, "follow-up", nil).want(http.StatusOK)
	if got := chef.do(id, "close", map[string]any{"personakt": "NEJ"}); got.status != http.StatusConflict || !strings.Contains(got.str("detail"), "2 åtgärder saknar uppföljning") {
		t.Fatalf("the red thread must hold: %s", got.text)
	}
	for _, m := range chef.open(id).list("measures") {
		mid := m.(map[string]any)["id"].(string)
		chef.send("POST", "/measures/"+mid+"/complete", map[string]string{"If-Match": `"2"`}, map[string]any{"done_on": time.Now().Format("2006-01-02")}).want(http.StatusOK)
		chef.send("POST", "/measures/"+mid+"/follow-up", map[string]string{"If-Match": `"3"`}, map[string]any{"effect": "JA", "note": "Inga fler uteblivna doser."}).want(http.StatusOK)
	}
	closed := chef.do(id, "close", map[string]any{"personakt": "NEJ", "quality_dims": []string{"TRYGGHET"}, "closing_note": "Klart."}).want(http.StatusOK)
	if closed.str("state") != "closed" {
		t.Fatalf("not closed: %s", closed.text)
	}

	// the care worker sees what came of it
	mine := worker.get("/cases/mine")
	if mine.str("items.0.feedback.0.text") != "Tack. Vi inför digital signering." {
		t.Fatalf("the one who reported does not see the answer: %s", mine.text)
	}
	history := chef.get("/cases/" + id + "/history")
	if len(history.list("items")) < 15 || len(history.list("reads")) == 0 {
		t.Fatalf("history or read log is thin: %d events, %d reads", len(history.list("items")), len(history.list("reads")))
	}
}

func TestAnAnonymousReportGetsACodeAndNoNameIsStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent := w.nobody().send("POST", "/public/bromma/reports", nil, map[string]any{"narrative": "På kvällarna är ni för få.", "wants_reply": "KOD"}).want(http.StatusCreated)
	code := sent.str("code")
	if len(strings.ReplaceAll(code, " ", "")) < 24 {
		t.Fatalf("no code: %s", sent.text)
	}
	registrar := w.as("registrator@bromma.demo")
	id := registrar.get("/register/queue").str("items.0.id")
	c := registrar.do(id, "register", map[string]any{
		"case_type": "KLAGOMAL", "sender_role": "ANONYM", "subject": "Klagomål om bemanning", "secrecy": "SEKRETESS", "unit_id": w.home("bromma"), "assign": true,
	}).want(http.StatusOK)
	if c.at("reporter") != nil || c.at("anonymous") != true || c.at("report.contact") != nil {
		t.Fatalf("an anonymous report shows a person: %s", c.text)
	}
	chef := w.as("chef@bromma.demo")
	chef.do(id, "assess", nil).want(http.StatusOK)
	chef.do(id, "messages", map[string]any{"kind": "FRAGA", "body": "Vilka kvällar gäller det?"}).want(http.StatusOK)
	chef.do(id, "messages", map[string]any{"kind": "ANTECKNING", "body": "Kolla schemat själv."}).want(http.StatusOK)

	read := w.nobody().send("POST", "/public/bromma/receipt", nil, map[string]any{"code": code}).want(http.StatusOK)
	if !strings.Contains(read.text, "Vilka kvällar") || strings.Contains(read.text, "Kolla schemat") || strings.Contains(read.text, "för få") {
		t.Fatalf("the writer sees too little or too much: %s", read.text)
	}
	w.nobody().send("POST", "/public/bromma/receipt/messages", nil, map[string]any{"code": code, "body": "Torsdag och fredag."}).want(http.StatusNoContent)
	if !strings.Contains(chef.open(id).text, "Torsdag och fredag.") {
		t.Fatal("the manager does not see what the writer wrote back")
	}
	wrong := w.nobody().send("POST", "/public/bromma/receipt", nil, map[string]any{"code": strings.Repeat("2", 24)})
	if wrong.status == http.StatusOK {
		t.Fatal("a made-up code opens something")
	}
}

func TestTheSameReportSentTwiceIsOneCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	worker, key := w.as("medarbetare@bromma.demo"), uuid.NewString()
	body := map[string]any{"unit_id": w.home("bromma"), "harm": "LINDRIG", "narrative": "Fall i hallen."}
	first := worker.send("POST", "/cases", map[string]string{"Idempotency-Key": key}, body).want(http.StatusCreated)
	again := worker.send("POST", "/cases", map[string]string{"Idempotency-Key": key}, body).want(http.StatusCreated)
	if first.str("id") != again.str("id") {
		t.Fatalf("two cases: %s and %s", first.str("id"), again.str("id"))
	}
	body["narrative"] = "Något annat."
	worker.send("POST", "/cases", map[string]string{"Idempotency-Key": key}, body).want(http.StatusUnprocessableEntity)
	worker.send("POST", "/cases", nil, body).want(http.StatusPreconditionRequired)
}

// Proves T4, req 32.
func TestAComplaintAboutTheManagerGoesOneStepUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Chefen svarar aldrig när vi larmar om bemanningen.", map[string]any{"about_manager": true})
	registrar := w.as("registrator@bromma.demo")
	c := registrar.do(id, "register", map[string]any{
		"case_type": "AVVIKELSE", "sender_role": "PERSONAL", "subject": "Avvikelse om arbetssätt", "secrecy": "SEKRETESS", "assign": true,
	}).want(http.StatusOK)
	if c.str("handler.id") == w.as("chef@bromma.demo").get("/session").str("person.id") {
		t.Fatal("the manager complained about handles the complaint")
	}
}

func TestAStaleEditNeverOverwrites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Dörren stod olåst.", nil)
	registrar := w.as("registrator@bromma.demo")
	old := registrar.open(id).header.Get("ETag")
	body := map[string]any{"case_type": "AVVIKELSE", "sender_role": "PERSONAL", "subject": "Avvikelse om lås", "secrecy": "SEKRETESS"}
	registrar.send("POST", "/cases/"+id+"/register", nil, body).want(http.StatusPreconditionRequired)
	registrar.send("POST", "/cases/"+id+"/register", map[string]string{"If-Match": old}, body).want(http.StatusOK)
	registrar.send("POST", "/cases/"+id+"/void", map[string]string{"If-Match": old}, map[string]any{"reason": "Dubblett"}).want(http.StatusPreconditionFailed)
}
