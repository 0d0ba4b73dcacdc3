package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func in(days int) string { return time.Now().AddDate(0, 0, days).Format("2006-01-02") }

// letterFrom is a letter of an authority that somebody has taken down.
func (w *world) letterFromAuthority() string {
	w.t.Helper()
	return w.as("medarbetare@bromma.demo").takeDown(map[string]any{
		"channel": "BREV", "sender_role": "MYNDIGHET", "narrative": "Vi begär yttrande över bifogat klagomål.",
	}).want(http.StatusCreated).str("id")
}

func (w *world) referred(handler string) string {
	w.t.Helper()
	id := w.letterFromAuthority()
	w.as("registrator@bromma.demo").do(id, "register-referral", map[string]any{
		"kind": "YTTRANDE", "authority": "IVO", "authority_dnr": "3.5.1-12345/2026", "due_on": in(21), "subject": "Remiss från IVO",
		"secrecy": "SEKRETESS", "handler_id": w.as(handler + "@bromma.demo").me(),
	}).want(http.StatusOK)
	return id
}

// Proves req 9, req 22, req 30, req 33, T3.
func TestAReferralHasItsOwnNumberADayAndAHandlerOfTheRightRankAndIsAlwaysInvestigated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar, office := w.as("registrator@bromma.demo"), w.as("kanslisekreterare@bromma.demo")
	id := w.letterFromAuthority()
	body := map[string]any{
		"kind": "YTTRANDE", "authority": "IVO", "authority_dnr": "3.5.1-1/2026", "due_on": in(21), "subject": "Remiss från IVO", "secrecy": "SEKRETESS",
		"handler_id": w.as("chef@bromma.demo").me(),
	}
	if got := registrar.do(id, "register-referral", body).want(http.StatusUnprocessableEntity); !strings.Contains(got.text, "kanslisekreterare") {
		t.Errorf("no reason why a unit's manager cannot have it: %s", got.text)
	}
	body["handler_id"] = office.me()
	delete(body, "due_on")
	registrar.do(id, "register-referral", body).want(http.StatusUnprocessableEntity)
	body["due_on"] = in(-5)
	registrar.do(id, "register-referral", body).want(http.StatusUnprocessableEntity)
	body["due_on"], body["authority"] = in(21), "ANNAN"
	registrar.do(id, "register-referral", body).want(http.StatusUnprocessableEntity)
	body["authority_name"] = "Arbetsmiljöverket"
	got := registrar.do(id, "register-referral", body).want(http.StatusOK)
	if got.str("state") != "assigned" || got.str("own_dnr") == "" || got.str("entry_no") == "" || got.str("due_on") != in(21) ||
		got.str("response_level") != "UTREDNING" || got.str("referral.authority_name") != "Arbetsmiljöverket" || got.str("handler.id") != office.me() {
		t.Fatalf("not as a referral is registered: %s", got.text)
	}
	if hits := w.search("Arbetsmiljöverket"); len(hits) != 0 {
		t.Errorf("the authority's name stands in the clear in %v", hits)
	}
	registrar.do(id, "reassign", map[string]any{"unit_id": w.home("bromma"), "reason": "Fel."}).want(http.StatusUnprocessableEntity)
	registrar.do(id, "reassign", map[string]any{"unit_id": w.home("bromma"), "handler_id": w.as("chef@bromma.demo").me(), "reason": "Fel."}).want(http.StatusUnprocessableEntity)

	office.do(id, "assess", nil).want(http.StatusOK)
	if got := office.do(id, "reply", map[string]any{"response_level": "ENKELT_SVAR", "body": "Hej."}).want(http.StatusConflict); !strings.Contains(got.str("detail"), "utreds alltid") {
		t.Errorf("answered without an investigation: %s", got.text)
	}
	office.do(id, "investigate", nil).want(http.StatusOK)
	w.investigates(office, id)
	office.do(id, "reply", map[string]any{"response_level": "ENKELT_SVAR", "body": "Hej."}).want(http.StatusUnprocessableEntity)
	office.do(id, "reply", map[string]any{"response_level": "UTREDNING", "body": "Vårt yttrande."}).want(http.StatusOK)
	office.do(id, "follow-up", nil).want(http.StatusOK)
}

// investigates writes what an investigation needs before an answer.
func (w *world) investigates(p *person, id string) {
	w.t.Helper()
	p.send("PUT", "/cases/"+id+"/investigation", map[string]string{"If-Match": `"1"`}, map[string]any{
		"background": "Larmet var avstängt.", "course": "", "causes_text": "", "conclusion": "Felet är åtgärdat.",
	}).want(http.StatusOK)
}

// Proves req 48, T13, T14.
func TestWhatTheBoardDecidesIsRecordedAndSentByItsOffice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss, office, registrar := w.as("avdelningschef@bromma.demo"), w.as("kanslisekreterare@bromma.demo"), w.as("registrator@bromma.demo")
	id := w.referred("avdelningschef")
	boss.do(id, "assess", nil).want(http.StatusOK)
	boss.do(id, "investigate", nil).want(http.StatusOK)
	board := map[string]any{"meeting_on": in(10), "secretary_id": office.me(), "proposal": "Nämnden föreslås avge yttrandet som sitt eget."}
	if got := boss.do(id, "to-board", board).want(http.StatusConflict); !strings.Contains(got.str("detail"), "bakgrunden") {
		t.Errorf("sent uninvestigated: %s", got.text)
	}
	w.investigates(boss, id)
	boss.do(id, "to-board", map[string]any{"meeting_on": in(10), "secretary_id": registrar.me(), "proposal": "Beslut."}).want(http.StatusUnprocessableEntity)
	boss.do(id, "to-board", map[string]any{"meeting_on": in(-1), "secretary_id": office.me(), "proposal": "Beslut."}).want(http.StatusUnprocessableEntity)
	office.send("GET", "/cases/"+id, nil, nil).want(http.StatusNotFound)
	boss.do(id, "to-board", board).want(http.StatusOK)
	if got := boss.open(id); got.str("state") != "board" || got.str("secretary.id") != office.me() || got.action("reply") != nil {
		t.Fatalf("not with the board: %s", got.text)
	}
	decision := func(outcome, on string) map[string]any {
		return map[string]any{"outcome": outcome, "decided_on": on, "paragraph": "12", "decision": "Nämnden avger yttrandet."}
	}
	boss.do(id, "board-decision", decision("BESLUT", today())).want(http.StatusForbidden)
	office.do(id, "board-decision", decision("BESLUT", in(3))).want(http.StatusUnprocessableEntity)
	if got := office.do(id, "board-decision", decision("ATERREMISS", today())).want(http.StatusOK); got.str("state") != "investigating" {
		t.Fatalf("not sent back: %s", got.text)
	}
	boss.do(id, "to-board", board).want(http.StatusOK)
	office.do(id, "board-decision", decision("BESLUT", today())).want(http.StatusOK)
	if got := boss.do(id, "follow-up", nil).want(http.StatusConflict); !strings.Contains(got.str("detail"), "expedierat") {
		t.Errorf("followed up before the office sent it: %s", got.text)
	}
	sent := map[string]any{"sent_on": today(), "to": "MYNDIGHET", "way": "E_TJANST"}
	boss.do(id, "dispatch", sent).want(http.StatusForbidden)
	office.do(id, "dispatch", map[string]any{"sent_on": today(), "to": "MYNDIGHET", "way": "BREV", "body": "Hej"}).want(http.StatusUnprocessableEntity)
	got := office.do(id, "dispatch", sent).want(http.StatusOK)
	if got.at("answered_at") == nil || got.str("board.1.dispatched_way") != "E_TJANST" || got.str("board.0.outcome") != "ATERREMISS" || got.str("board.1.paragraph") != "12" {
		t.Errorf("not logged: %s", got.text)
	}
	office.do(id, "dispatch", sent).want(http.StatusConflict)
	boss.do(id, "follow-up", nil).want(http.StatusOK)
	if n, _ := w.timers(id, "deadline-answer-late"); n != 0 {
		t.Error("an answered referral still waits for its answer")
	}
}
