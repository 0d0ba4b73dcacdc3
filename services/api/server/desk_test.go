package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

// registration is what the registrar says about a report.
func registration(more map[string]any) map[string]any {
	body := map[string]any{"case_type": "AVVIKELSE", "sender_role": "PERSONAL", "subject": "Avvikelse, larm", "secrecy": "SEKRETESS"}
	for k, v := range more {
		body[k] = v
	}
	return body
}

// Proves req 26, T2, T26.
func TestAReportThatBelongsToACaseIsRegisteredUnderItsOwnNumberAndReadFromTheCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar, chef := w.as("registrator@bromma.demo"), w.as("chef@bromma.demo")
	first := w.underAssessment()
	firstNo := chef.open(first).str("entry_no")
	second := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Larmet gick inte fram i går heller.", nil)

	link := func(target, kind string) reply {
		return registrar.do(second, "link", map[string]any{"target": target, "kind": kind, "registration": registration(nil)})
	}
	for _, wrong := range []string{"finns inte 2026", registrar.open(second).str("reference")} {
		if got := link(wrong, "DUBBLETT"); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.text, "/target") {
			t.Errorf("joined to %q: %d %s", wrong, got.status, got.text)
		}
	}
	got := link(firstNo, "FORTSATTNING").want(http.StatusOK)
	secondNo := got.str("entry_no")
	if secondNo == "" || secondNo == firstNo || got.str("state") != "void" || got.str("state_text") != "Förd till "+firstNo {
		t.Fatalf("the report after it was joined: %s", got.text)
	}
	if read := chef.open(second); !strings.Contains(read.text, "i går heller") {
		t.Error("the handler cannot read what was added to her case")
	}
	if page := chef.open(first); page.str("links.0.number") != secondNo || page.at("links.0.incoming") != true || page.str("state") != "assessing" {
		t.Errorf("the case does not show what was joined to it: %s", page.text)
	}
	if lines := registrar.get("/register/entries"); strings.Contains(lines.text, `"voided":true`) || !strings.Contains(lines.text, secondNo) {
		t.Errorf("the entry of what came in does not stand: %s", lines.text)
	}
	if own := w.as("medarbetare@bromma.demo").get("/cases/mine"); !strings.Contains(own.text, "Hör ihop med ett ärende") || strings.Contains(own.text, "Makulerad") {
		t.Errorf("who reported reads that it was voided: %s", own.text)
	}
	if told := w.as("medarbetare@bromma.demo").open(second); len(told.list("links")) != 0 {
		t.Error("who reported reads the number of somebody else's case")
	}

	back := registrar.do(second, "undo", nil).want(http.StatusOK)
	if back.str("state") != "received" || back.at("entry_no") != nil || len(back.list("links")) != 0 {
		t.Errorf("taken back: %s", back.text)
	}
	again := registrar.do(second, "register", registration(map[string]any{"assign": true})).want(http.StatusOK)
	if no := again.str("entry_no"); no == secondNo || no == firstNo {
		t.Errorf("the number %s was used again", no)
	}
	if lines := registrar.get("/register/entries"); strings.Count(lines.text, `"voided":true`) != 1 {
		t.Errorf("the entry that was taken back is not kept as voided: %s", lines.text)
	}
}

// Proves T2.
func TestOnlyTheRegistrarWhoDidItTakesItBackWhileNobodyHasBuiltOnIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar, chef := w.as("registrator@bromma.demo"), w.as("chef@bromma.demo")
	id := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Larmet gick inte fram.", nil)
	refused := func(says string) {
		t.Helper()
		if got := registrar.do(id, "undo", nil); got.status != http.StatusConflict || !strings.Contains(got.text, says) {
			t.Errorf("want a refusal with %q: %d %s", says, got.status, got.text)
		}
	}
	refused("arbetat vidare")
	done := registrar.do(id, "register", registration(map[string]any{"assign": true})).want(http.StatusOK)
	if n, _ := w.timers(id, "deadline-register-late"); n != 0 {
		t.Error("a registered case still waits to be registered")
	}
	chef.open(id).want(http.StatusOK)
	registrar.do(id, "undo", nil).want(http.StatusOK)
	if n, _ := w.timers(id, "deadline-register-late"); n != 1 {
		t.Error("nobody is reminded of the report that returned to the queue")
	}
	if n, _ := w.timers(id, "deadline-start-late"); n != 0 {
		t.Error("the manager is still reminded of a case that was taken back")
	}
	if q := registrar.get("/register/queue"); q.str("items.0.id") != id {
		t.Errorf("the report is not in the queue again: %s", q.text)
	}
	again := registrar.do(id, "register", registration(map[string]any{"assign": true})).want(http.StatusOK)
	if again.str("entry_no") == done.str("entry_no") {
		t.Error("a number was used again")
	}
	super := w.db.Super(t)
	_, err := super.Exec(context.Background(), `alter table app.case_events disable trigger append_only`)
	must(t, err)
	_, err = super.Exec(context.Background(), `update app.case_events set at = at - interval '11 minutes' where case_id = $1`, id)
	must(t, err)
	refused("tio minuter")
	chef.do(id, "assess", nil).want(http.StatusOK)
	refused("arbetat vidare")
}

// Proves req 26.
func TestWhatIsSetAsideLeavesTheQueueUntilItsDayAndItsTimeGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar := w.as("registrator@bromma.demo")
	id := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Larmet gick inte fram.", nil)
	in := func(days int) string { return time.Now().AddDate(0, 0, days).Format("2006-01-02") }
	for _, wrong := range []string{in(0), in(-1), in(40)} {
		registrar.do(id, "hold", map[string]any{"until_on": wrong, "reason": "ANNAT"}).want(http.StatusUnprocessableEntity)
	}
	held := registrar.do(id, "hold", map[string]any{"until_on": in(3), "reason": "INTERN_FRAGA"}).want(http.StatusOK)
	if held.str("held_until") != in(3) || held.str("state") != "received" {
		t.Errorf("set aside: %s", held.text)
	}
	if q := registrar.get("/register/queue"); len(q.list("items")) != 0 || q.at("total") != 0.0 || q.at("held") != 1.0 {
		t.Errorf("the queue still shows it: %s", q.text)
	}
	if q := registrar.get("/register/queue?held=true"); q.str("items.0.id") != id {
		t.Errorf("what is set aside cannot be found: %s", q.text)
	}
	if n, _ := w.timers(id, "deadline-register-late"); n != 1 {
		t.Error("setting aside stopped the time to register")
	}
	registrar.do(id, "undo", nil).want(http.StatusOK)
	if q := registrar.get("/register/queue"); q.at("total") != 1.0 || q.at("held") != 0.0 {
		t.Errorf("it did not return: %s", q.text)
	}
	registrar.do(id, "hold", map[string]any{"until_on": in(3), "reason": "ANNAT"}).want(http.StatusOK)
	if got := registrar.do(id, "register", registration(nil)).want(http.StatusOK); got.at("held_until") != nil {
		t.Error("a registered case is still set aside")
	}
}

// Proves req 26, T26.
func TestWhatDoesNotBelongHereGoesBackWithWordsAndIsRegisteredAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar, reporter := w.as("registrator@bromma.demo"), w.as("medarbetare@bromma.demo")
	id := reporter.report(w.home("bromma"), "Gatlyktan är trasig.", nil)
	words := "Gatubelysning sköts av trafikkontoret. Ring dem på växeln."
	back := func(body map[string]any) reply { return registrar.do(id, "return", body) }
	back(map[string]any{"code": "FEL_NAMND", "message": words}).want(http.StatusUnprocessableEntity)
	back(map[string]any{"code": "FEL_STAD", "message": words}).want(http.StatusUnprocessableEntity)

	asked := back(map[string]any{"code": "OFULLSTANDIG", "message": "Vilken gata gäller det?"}).want(http.StatusOK)
	if asked.str("state") != "received" || asked.at("held_until") == nil || asked.at("entry_no") != nil {
		t.Errorf("asked for more: %s", asked.text)
	}
	got := back(map[string]any{"code": "FEL_NAMND", "message": words, "registration": registration(nil)}).want(http.StatusOK)
	if got.str("state") != "void" || got.str("entry_no") == "" {
		t.Errorf("sent back: %s", got.text)
	}
	if own := reporter.get("/cases/mine"); !strings.Contains(own.text, words) || !strings.Contains(own.text, "Vilken gata") {
		t.Errorf("who reported does not read why: %s", own.text)
	}
	if lines := registrar.get("/register/entries"); strings.Contains(lines.text, `"voided":true`) {
		t.Errorf("what came in stands as wrongly registered: %s", lines.text)
	}
}

// Proves req 26.
func TestTheDeskProposesWhatTheReportSaysAndTellsWhyTwoMayBeTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar := w.as("registrator@bromma.demo")
	contact := map[string]any{"contact": map[string]any{"name": "Karin Testare", "email": "karin@exempel.se"}}
	a := w.as("medarbetare@bromma.demo").takeDown(contact).want(http.StatusCreated).str("id")
	contact["unit_id"] = nil
	b := w.as("medarbetare@bromma.demo").takeDown(contact).want(http.StatusCreated).str("id")
	page := registrar.open(b)
	if got := page.str("registration_proposal.possible_duplicates.0.id"); got != a {
		t.Fatalf("who wrote twice is not recognised: %s", page.text)
	}
	if why := page.str("registration_proposal.possible_duplicates.0.why"); why != "Samma kontaktuppgift, samma dag" {
		t.Errorf("why: %q", why)
	}
	if page.str("registration_proposal.case_type") != "KLAGOMAL" {
		t.Errorf("a relative's words are proposed as %s", page.str("registration_proposal.case_type"))
	}
	c := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Läkemedlet gavs inte, dosen låg kvar.", map[string]any{"place": "Köket, plan 2"})
	d := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Tabletten fanns kvar.", map[string]any{"place": "köket plan 2"})
	staff := registrar.open(d)
	if staff.str("registration_proposal.case_type") != "AVVIKELSE" {
		t.Error("a report from staff is not proposed as a deviation")
	}
	if why := staff.str("registration_proposal.possible_duplicates.0.why"); staff.str("registration_proposal.possible_duplicates.0.id") != c || !strings.Contains(why, "samma plats") {
		t.Errorf("the same place is not seen: %s", staff.text)
	}
	if cat := registrar.open(c).str("registration_proposal.category"); !strings.HasPrefix(cat, "LKM") {
		t.Errorf("a missed dose is proposed as %q", cat)
	}
	if strings.Contains(staff.text, "karin@exempel.se") {
		t.Error("somebody else's address is shown")
	}
}
