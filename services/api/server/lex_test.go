package server_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

// lex performs an act in a track with the version it has now.
func (p *person) lex(id, act string, body any) reply {
	p.w.t.Helper()
	return p.send("POST", "/lex/cases/"+id+"/"+act, map[string]string{"If-Match": p.get("/lex/cases/" + id).header.Get("ETag")}, body)
}

// hold gives a case to lex Sarah.
func (p *person) hold(id string) reply {
	p.w.t.Helper()
	return p.do(id, "hold-for-lex", map[string]any{"reason": "Brukaren lämnades ensam en hel natt."})
}

func (p *person) sees(path string) bool {
	p.w.t.Helper()
	got := p.send("GET", path, nil, nil)
	if got.status != http.StatusOK && got.status != http.StatusNotFound && got.status != http.StatusForbidden {
		p.w.t.Fatalf("%s at %s: %d %s", p.login, path, got.status, got.text)
	}
	return got.status == http.StatusOK
}

// underLex is a case with lex Sarah, received and ready for its first assessment.
func (w *world) underLex() string {
	w.t.Helper()
	id := w.underAssessment()
	w.as("chef@bromma.demo").hold(id).want(http.StatusNoContent)
	leader := w.as("lex_ansvarig@bromma.demo")
	leader.lex(id, "receive", map[string]any{"what": "En natt utan tillsyn."}).want(http.StatusOK)
	leader.lex(id, "immediate-measures", map[string]any{"text": "Extra tillsyn från i kväll."}).want(http.StatusOK)
	return id
}

// investigated is a track whose investigation shows all it must.
func (w *world) investigated() string {
	w.t.Helper()
	id := w.underLex()
	leader, worker := w.as("lex_ansvarig@bromma.demo"), w.as("lex_utredare@bromma.demo")
	leader.lex(id, "assessment", map[string]any{"assessment": "UTRED", "motivation": "Det kan vara ett missförhållande.", "person_id": worker.me()}).want(http.StatusOK)
	for _, item := range []string{"HANDELSE", "UPPMARKSAMMAD", "TIDPUNKT", "ORSAKER", "TIDIGARE", "IGEN", "FOREBYGGA"} {
		worker.lex(id, "entries", map[string]any{"item": item, "kind": "FAKTA", "source": "Samtal med nattpersonalen", "text": "Om " + item}).want(http.StatusOK)
	}
	worker.lex(id, "entries", map[string]any{"item": "ATGARDER", "kind": "FAKTA", "source": "Schemat", "text": "Dubbel bemanning."}).want(http.StatusUnprocessableEntity)
	worker.lex(id, "entries", map[string]any{"item": "ATGARDER", "kind": "FAKTA", "source": "Schemat", "text": "Dubbel bemanning.", "happened_on": today()}).want(http.StatusOK)
	if got := worker.lex(id, "proposal", map[string]any{"degree": "ALLVARLIGT", "motivation": "Fara för liv."}).want(http.StatusConflict); !strings.Contains(got.str("detail"), "typ av missförhållande") {
		w.t.Errorf("the gate says %s", got.text)
	}
	worker.lex(id, "facts", map[string]any{
		"kinds": []string{"UTFORANDE"}, "individual_informed": "JA", "relatives_informed": "EJ_AKTUELLT", "police_report": "NEJ", "personakt": "JA",
	}).want(http.StatusOK)
	return id
}

// Proves req 14, T23: one write, and afterwards everybody sees what is hers.
func TestACaseGivenToLexSarahIsSeenByNobodyElseButWhoReportedIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.judged("ENKEL") // its manager, her manager and the registrar have all seen it
	chef, boss, registrar := w.as("chef@bromma.demo"), w.as("avdelningschef@bromma.demo"), w.as("registrator@bromma.demo")
	reporter, leader, worker := w.as("medarbetare@bromma.demo"), w.as("lex_ansvarig@bromma.demo"), w.as("lex_utredare@bromma.demo")
	developer, other := w.as("verksamhetsutvecklare@bromma.demo"), w.as("lex_ansvarig@farsta.demo")
	for _, p := range []*person{chef, boss, registrar, reporter, developer} {
		p.open(id)
		if p != reporter && p.sees("/lex/held/"+id) {
			t.Errorf("%s sees a stub before there is one", p.login)
		}
	}
	if leader.sees("/cases/" + id) {
		t.Error("lex Sarah's reader sees a case that is not hers")
	}
	chef.hold(id).want(http.StatusNoContent)

	for _, p := range []*person{chef, boss, registrar, developer, worker, other} {
		if p.sees("/cases/"+id) || p.sees("/cases/"+id+"/history") || p.sees("/lex/cases/"+id) {
			t.Errorf("%s still sees the case", p.login)
		}
	}
	for _, p := range []*person{chef, boss, registrar} {
		stub := p.get("/lex/held/" + id)
		if stub.str("reference") == "" || strings.Contains(stub.text, "Larmet") || strings.Contains(stub.text, "natt") || strings.Contains(stub.text, "UTF") {
			t.Errorf("%s reads in the stub: %s", p.login, stub.text)
		}
		if n := len(p.get("/lex/held").list("items")); n != 1 {
			t.Errorf("%s has %d stubs", p.login, n)
		}
		for _, c := range p.get("/cases").list("items") {
			if c.(map[string]any)["id"] == id {
				t.Errorf("%s has the case in the list", p.login)
			}
		}
	}
	if worker.sees("/lex/held/"+id) || other.sees("/lex/held/"+id) {
		t.Error("who never had the case sees its stub")
	}
	own := reporter.open(id)
	if own.str("state") != "lex_hold" || !strings.Contains(own.text, "Larmet gick inte fram.") || own.at("consultation") != nil {
		t.Errorf("who reported sees %s", own.text)
	}
	track := leader.get("/lex/cases/" + id)
	if track.str("step") != "reported" || !strings.Contains(track.text, "ensam en hel natt") || !strings.Contains(track.text, "Larmet gick inte fram.") {
		t.Errorf("lex Sarah's reader sees %s", track.text)
	}
	if leader.open(id).str("handler.id") != leader.me() || leader.open(id).str("case_type") != "LEX_SARAH" {
		t.Error("the case is not hers")
	}
	for _, kind := range []string{"deadline-lex-receive-late", "deadline-lex-start-late", "deadline-lex-done-warn", "deadline-lex-done-late"} {
		if n, _ := w.timers(id, kind); n != 1 {
			t.Errorf("%d timers %s", n, kind)
		}
	}
	if n, _ := w.timers(id, "deadline-answer-late"); n != 0 {
		t.Error("the manager is still reminded of a case she does not see")
	}
}

// Proves req 14, T23: no manager can stop it, and nothing is seen in between.
func TestAReportOfMisconductGoesToLexSarahAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reporter, leader, registrar := w.as("medarbetare@bromma.demo"), w.as("lex_ansvarig@bromma.demo"), w.as("registrator@bromma.demo")
	id := reporter.report(w.home("bromma"), "Någon slog en boende.", map[string]any{"misconduct": true})
	if w.as("chef@bromma.demo").sees("/cases/"+id) || registrar.sees("/cases/"+id) {
		t.Error("a manager or the registrar sees the report")
	}
	if !strings.Contains(reporter.open(id).text, "Någon slog en boende.") {
		t.Error("she does not see her own report")
	}
	got := leader.lex(id, "receive", map[string]any{"what": "Våld mot en boende.", "happened_on": today()}).want(http.StatusOK)
	if got.str("entry_no") == "" || got.at("registered") != true {
		t.Errorf("received without being registered: %s", got.text)
	}
	if stub := registrar.get("/lex/held/" + id); stub.str("entry_no") != got.str("entry_no") {
		t.Errorf("the registrar cannot find the number: %s", stub.text)
	}
	// Her own case, reported the usual way first: she can say so afterwards.
	later := reporter.report(w.home("bromma"), "Samma sak igen.", nil)
	reporter.hold(later).want(http.StatusNoContent)
	if w.as("chef@bromma.demo").sees("/cases/" + later) {
		t.Error("the manager still sees it")
	}
}

// Proves T23: of two acts at the same time one wins, whole.
func TestOfTwoActsAtTheSameTimeOneWinsWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.underAssessment()
	chef, reporter := w.as("chef@bromma.demo"), w.as("medarbetare@bromma.demo")
	version := map[string]string{"If-Match": chef.open(id).header.Get("ETag")}
	status := make([]int, 2)
	var both sync.WaitGroup
	both.Go(func() {
		status[0] = reporter.send("POST", "/cases/"+id+"/hold-for-lex", version, map[string]any{"reason": "Det är värre än så."}).status
	})
	both.Go(func() {
		status[1] = chef.send("POST", "/cases/"+id+"/consult", version, map[string]any{"question": "Är det komplicerat?"}).status
	})
	both.Wait()
	held := w.as("lex_ansvarig@bromma.demo").sees("/lex/cases/" + id)
	if held != (status[0] == http.StatusNoContent) || held == chef.sees("/cases/"+id) || held == (status[1] == http.StatusOK) {
		t.Errorf("statuses %v, held %v", status, held)
	}
	if !held {
		reporter.hold(id).want(http.StatusNoContent)
	}
	reporter.send("POST", "/cases/"+id+"/hold-for-lex", version, map[string]any{"reason": "En gång till."}).want(http.StatusConflict)
}

// Proves T24.
func TestWhatIsNoMisconductGoesBackToTheManagerWithTheReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.underLex()
	leader, chef := w.as("lex_ansvarig@bromma.demo"), w.as("chef@bromma.demo")
	leader.lex(id, "assessment", map[string]any{"assessment": "INTE_LEX"}).want(http.StatusUnprocessableEntity)
	got := leader.lex(id, "assessment", map[string]any{"assessment": "INTE_LEX", "motivation": "Ingen följd för den enskilde."}).want(http.StatusOK)
	if got.str("step") != "declined" {
		t.Errorf("declined to %s", got.str("step"))
	}
	back := chef.open(id)
	if back.str("state") != "assessing" || back.str("case_type") != "AVVIKELSE" || back.str("handler.id") != chef.me() || !strings.Contains(back.text, "Ingen följd för den enskilde.") {
		t.Errorf("the manager gets back: %s", back.text)
	}
	if chef.sees("/lex/held/"+id) || chef.sees("/lex/cases/"+id) {
		t.Error("the stub is still there, or the track is open to her")
	}
	if n, _ := w.timers(id, "deadline-lex-done-late"); n != 0 {
		t.Error("lex Sarah's clock still runs")
	}
	// It turned out to be misconduct after all.
	w.as("medarbetare@bromma.demo").hold(id).want(http.StatusNoContent)
	if got := leader.get("/lex/cases/" + id); got.str("step") != "reported" {
		t.Errorf("held again at %s", got.str("step"))
	}
}

// Proves req 14, T25: the whole track of something serious.
func TestSomethingSeriousIsInvestigatedDecidedToldToIVOAndFollowedUpByTheUnit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.investigated()
	leader, worker, chef := w.as("lex_ansvarig@bromma.demo"), w.as("lex_utredare@bromma.demo"), w.as("chef@bromma.demo")
	worker.lex(id, "proposal", map[string]any{"degree": "ALLVARLIGT", "motivation": "Fara för liv."}).want(http.StatusOK)
	worker.lex(id, "decision", map[string]any{"degree": "ALLVARLIGT", "motivation": "Så är det.", "delegation": "4.2"}).want(http.StatusForbidden)
	leader.lex(id, "send-back", map[string]any{"text": "Fråga också dagpersonalen."}).want(http.StatusOK)
	leader.lex(id, "proposal", map[string]any{"degree": "ALLVARLIGT", "motivation": "Jag skriver själv."}).want(http.StatusOK)
	if got := leader.lex(id, "decision", map[string]any{"degree": "ALLVARLIGT", "motivation": "Så är det.", "delegation": "4.2"}).want(http.StatusConflict); !strings.Contains(got.str("detail"), "inte själv besluta") {
		t.Errorf("her own proposal: %s", got.text)
	}
	leader.lex(id, "send-back", map[string]any{"text": "Utredaren lämnar förslaget."}).want(http.StatusOK)
	worker.lex(id, "proposal", map[string]any{"degree": "ALLVARLIGT", "motivation": "Fara för liv."}).want(http.StatusOK)
	decided := leader.lex(id, "decision", map[string]any{"degree": "ALLVARLIGT", "motivation": "Så är det.", "delegation": "Delegationsordningen 4.2"}).want(http.StatusOK)
	if decided.at("serious") != true || decided.at("ivo_due_on") == nil {
		t.Errorf("decided: %s", decided.text)
	}
	if n, _ := w.timers(id, "deadline-lex-ivo-late"); n != 1 {
		t.Errorf("%d timers watch IVO", n)
	}
	back := map[string]any{"to": "UNIT", "to_unit": "Följ upp nattens bemanning.", "answer": "Tack. Det var ett missförhållande."}
	if got := leader.lex(id, "return", back).want(http.StatusConflict); !strings.Contains(got.str("detail"), "IVO") {
		t.Errorf("returned before IVO knew: %s", got.text)
	}
	leader.lex(id, "ivo", map[string]any{"kind": "KOMPLETTERAD", "happened_on": today()}).want(http.StatusUnprocessableEntity)
	leader.lex(id, "ivo", map[string]any{"kind": "ANMALD", "happened_on": today()}).want(http.StatusUnprocessableEntity)
	if got := leader.lex(id, "ivo", map[string]any{"kind": "ANMALD", "happened_on": today(), "ivo_dnr": "3.1.2-01234/2026", "delegation": "4.2"}).want(http.StatusOK); got.str("step") != "ivo_notified" {
		t.Errorf("notified: %s", got.text)
	}
	if n, _ := w.timers(id, "deadline-lex-ivo-late"); n != 0 {
		t.Error("IVO has been told and the clock still runs")
	}
	leader.lex(id, "return", back).want(http.StatusOK)
	leader.lex(id, "close", nil).want(http.StatusConflict)

	own := chef.open(id)
	if own.str("state") != "dispatching" || own.str("handler.id") != chef.me() || !strings.Contains(own.text, "Följ upp nattens bemanning.") || strings.Contains(own.text, "Fara för liv") {
		t.Errorf("the manager gets: %s", own.text)
	}
	if !strings.Contains(w.as("medarbetare@bromma.demo").open(id).text, "Det var ett missförhållande.") {
		t.Error("who reported was not told")
	}
	if chef.sees("/lex/cases/" + id) {
		t.Error("the manager reads the track")
	}
	chef.hold(id).want(http.StatusConflict)
	leader.lex(id, "ivo", map[string]any{"kind": "AVSLUTAD", "happened_on": today()}).want(http.StatusOK) // IVO may take months
	chef.do(id, "follow-up", nil).want(http.StatusOK)
	chef.do(id, "close", map[string]any{"personakt": "NEJ"}).want(http.StatusOK)
	if got := leader.lex(id, "close", nil).want(http.StatusOK); got.str("step") != "closed" {
		t.Errorf("closed to %s", got.str("step"))
	}
	for _, line := range leader.get("/lex/cases/" + id).list("log") {
		if line.(map[string]any)["text"] == "" {
			t.Errorf("a line without words: %v", line)
		}
	}
}

// Proves req 14: told to IVO before it was investigated, and investigated all the same.
func TestWhatIsPlainlySeriousGoesToIVOAtOnceAndIsInvestigatedAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.underLex()
	leader, worker := w.as("lex_ansvarig@bromma.demo"), w.as("lex_utredare@bromma.demo")
	if got := leader.lex(id, "assessment", map[string]any{"assessment": "IVO_DIREKT", "motivation": "Uppenbart.", "person_id": w.as("chef@bromma.demo").me()}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("given to a manager: %s", got.text)
	}
	leader.lex(id, "assessment", map[string]any{"assessment": "IVO_DIREKT", "motivation": "Uppenbart.", "person_id": worker.me()}).want(http.StatusOK)
	if got := leader.lex(id, "ivo", map[string]any{"kind": "ANMALD", "happened_on": today(), "delegation": "4.2"}).want(http.StatusOK); got.str("step") != "investigating" || got.str("ivo_on") == "" {
		t.Errorf("told at once: %s", got.text)
	}
	worker.open(id) // the report itself, for the investigation
	leader.lex(id, "investigator", map[string]any{"person_id": leader.me()}).want(http.StatusOK)
	if worker.sees("/lex/cases/"+id) || worker.sees("/cases/"+id) {
		t.Error("who no longer investigates still reads it")
	}
}
