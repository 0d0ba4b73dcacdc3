package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/services/migrate/steps"
)

func today() string { return time.Now().Format("2006-01-02") }

// me is the person's own id.
func (p *person) me() string {
	p.w.t.Helper()
	return p.get("/session").str("person.id")
}

// takeDown takes down what somebody else said and gives its id.
func (p *person) takeDown(more map[string]any) reply {
	p.w.t.Helper()
	body := map[string]any{
		"channel": "EPOST", "sender_role": "ANHORIG", "unit_id": p.w.home("bromma"), "narrative": "Personalen är fin men maten kall.",
		"arrived_on": today(), "wants_reply": "NEJ",
	}
	for k, v := range more {
		body[k] = v
	}
	return p.send("POST", "/cases/taken-down", map[string]string{"Idempotency-Key": uuid.NewString()}, body)
}

// registered registers a case as a kind and routes it.
func (w *world) registered(id string, more map[string]any) reply {
	w.t.Helper()
	body := map[string]any{"case_type": "AVVIKELSE", "sender_role": "PERSONAL", "subject": "Avvikelse", "secrecy": "SEKRETESS", "assign": true}
	for k, v := range more {
		body[k] = v
	}
	return w.as("registrator@bromma.demo").do(id, "register", body)
}

// underAssessment is a deviation that the unit's manager has begun to assess and classified.
func (w *world) underAssessment() string {
	w.t.Helper()
	id := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Larmet gick inte fram.", nil)
	w.registered(id, nil).want(http.StatusOK)
	chef := w.as("chef@bromma.demo")
	chef.do(id, "assess", nil).want(http.StatusOK)
	chef.do(id, "classification", map[string]any{"category": "UTF.UTEBLIVEN", "lagrum": nil, "severity": 2, "probability": 2, "harm": "NEJ"}).want(http.StatusOK)
	return id
}

// judged is an assessed case about which the superior has decided.
func (w *world) judged(decision string) string {
	w.t.Helper()
	id := w.underAssessment()
	w.as("chef@bromma.demo").do(id, "consult", map[string]any{"question": "Är det här komplicerat?"}).want(http.StatusOK)
	w.as("avdelningschef@bromma.demo").do(id, "complexity", map[string]any{"decision": decision, "motivation": "Så bedömer jag det."}).want(http.StatusOK)
	return id
}

// timers counts the timers of a kind that are still to fire, and gives the latest due day.
func (w *world) timers(ref, kind string) (n int, last string) {
	w.t.Helper()
	must(w.t, w.db.Super(w.t).QueryRow(context.Background(),
		`select count(*), coalesce(max(due_at)::date::text, '') from jobs.timers where ref = $1 and kind = $2 and fired_at is null and cancelled_at is null`,
		ref, kind).Scan(&n, &last))
	return n, last
}

// Proves T7a, T8, T17, T19, T27, req 8, req 29.
func TestPraiseIsAnsweredSimplyAndClosedAndCanBeOpenedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar, chef, boss := w.as("registrator@bromma.demo"), w.as("chef@bromma.demo"), w.as("avdelningschef@bromma.demo")
	id := w.as("medarbetare@bromma.demo").takeDown(nil).want(http.StatusCreated).str("id")
	kind := map[string]any{"case_type": "SYNPUNKT", "synpunkt_kind": "BEROM", "sender_role": "ANHORIG", "subject": "Beröm om bemötande"}
	w.registered(id, kind).want(http.StatusOK)
	chef.do(id, "assess", nil).want(http.StatusOK)
	chef.do(id, "reply", map[string]any{"response_level": "BEKRAFTELSE", "body": "Tack!"}).want(http.StatusConflict)
	chef.do(id, "classification", map[string]any{"category": "BEM.RESPEKTLOST", "lagrum": []string{"SOL"}, "harm": "NEJ"}).want(http.StatusOK)
	chef.do(id, "consult", map[string]any{"question": "Räcker det att tacka?"}).want(http.StatusOK)
	boss.do(id, "complexity", map[string]any{"decision": "ENKEL", "motivation": "Det räcker."}).want(http.StatusOK)
	registrar.do(id, "own-number", nil).want(http.StatusConflict)
	chef.do(id, "reply", map[string]any{"response_level": "UTREDNING", "body": "Tack!"}).want(http.StatusUnprocessableEntity)
	chef.do(id, "reply", map[string]any{"response_level": "BEKRAFTELSE"}).want(http.StatusUnprocessableEntity)
	chef.do(id, "reply", map[string]any{"response_level": "BEKRAFTELSE", "no_reply_reason": "Anhörig vill inte ha svar."}).want(http.StatusOK)
	if n, _ := w.timers(id, "deadline-answer-late"); n != 0 {
		t.Error("an answered case still waits for its answer")
	}
	chef.do(id, "follow-up", nil).want(http.StatusOK)
	chef.do(id, "close", map[string]any{"personakt": "NEJ", "quality_dims": []string{"Karin sa att maten var kall"}}).want(http.StatusUnprocessableEntity)
	chef.do(id, "close", map[string]any{"personakt": "NEJ", "quality_dims": []string{"TRYGGHET"}}).want(http.StatusOK)

	again := chef.do(id, "reopen", map[string]any{"reason": "Dottern ringde och berättade mer."}).want(http.StatusOK)
	if again.str("state") != "assessing" || again.at("answered_at") != nil || again.at("response_level") != nil || again.at("late") != false {
		t.Errorf("a reopened case is not one with a new answer to give: %s", again.text)
	}
	if n, _ := w.timers(id, "deadline-answer-late"); n != 1 {
		t.Errorf("%d timers watch the new answer", n)
	}
	chef.do(id, "await-info", map[string]any{"question": "Vilken dag var det?"}).want(http.StatusOK)
	if got := chef.do(id, "resume", nil).want(http.StatusOK); got.str("state") != "assessing" {
		t.Errorf("resumed to %s", got.str("state"))
	}
	chef.do(id, "reply", map[string]any{"response_level": "ENKELT_SVAR", "body": "Tack för att ni hörde av er igen."}).want(http.StatusOK)
	chef.do(id, "follow-up", nil).want(http.StatusOK)
	chef.do(id, "close", map[string]any{"personakt": "NEJ"}).want(http.StatusOK)
	for _, e := range chef.get("/cases/" + id + "/history").list("items") {
		if e.(map[string]any)["text"] == "" {
			t.Errorf("an event without words: %v", e)
		}
	}
}

// Proves T9, T27, req 30.
func TestAComplicatedCaseThatIsOpenedAgainIsInvestigatedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar, chef := w.as("registrator@bromma.demo"), w.as("chef@bromma.demo")
	id := w.judged("KOMPLICERAD")
	inquiry := func(version string) reply {
		return chef.send("PUT", "/cases/"+id+"/investigation", map[string]string{"If-Match": version}, map[string]any{
			"background": "Larmet var avstängt.", "course": "", "causes_text": "", "conclusion": "Felet är åtgärdat.",
		})
	}
	inquiry(`"1"`).want(http.StatusOK)
	if got := chef.do(id, "reply", map[string]any{"response_level": "UTREDNING", "body": "Tack."}).want(http.StatusConflict); !strings.Contains(got.str("detail"), "eget diarienummer") {
		t.Errorf("answered without its second number: %s", got.text)
	}
	registrar.do(id, "own-number", nil).want(http.StatusOK)
	registrar.do(id, "own-number", nil).want(http.StatusConflict)
	for range 2 {
		chef.do(id, "reply", map[string]any{"response_level": "UTREDNING", "body": "Tack. Felet är åtgärdat."}).want(http.StatusOK)
		chef.do(id, "follow-up", nil).want(http.StatusOK)
		chef.do(id, "close", map[string]any{"personakt": "NEJ"}).want(http.StatusOK)
		chef.do(id, "reopen", map[string]any{"reason": "Det hände igen."}).want(http.StatusOK)
		if got := chef.do(id, "reply", map[string]any{"response_level": "ENKELT_SVAR", "body": "Tack."}); got.status != http.StatusConflict || !strings.Contains(got.str("detail"), "utredningen") {
			t.Fatalf("a complicated case was answered without an investigation: %s", got.text)
		}
		chef.do(id, "investigate", nil).want(http.StatusOK)
		version := chef.open(id).at("investigation.version").(float64)
		inquiry(`"` + string(rune('0'+int(version))) + `"`).want(http.StatusOK)
	}
}

func TestWhatIsSaidAboutAManagerIsNeitherHersToReadNorToHandle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar, chef, boss := w.as("registrator@bromma.demo"), w.as("chef@bromma.demo"), w.as("avdelningschef@bromma.demo")
	unit := w.home("bromma")
	id := w.as("medarbetare@bromma.demo").report(unit, "Chefen svarar aldrig när vi larmar.", map[string]any{"about_manager": true})
	chef.send("GET", "/cases/"+id, nil, nil).want(http.StatusNotFound)
	w.registered(id, nil).want(http.StatusOK)
	chef.send("GET", "/cases/"+id, nil, nil).want(http.StatusNotFound)
	for _, list := range []string{"/cases", "/register/entries"} {
		if n := len(chef.get(list).list("items")); n != 0 {
			t.Errorf("%s shows the manager %d rows about herself", list, n)
		}
	}
	assign := map[string]any{"unit_id": unit, "handler_id": chef.me(), "reason": "Hon vill själv."}
	registrar.do(id, "reassign", assign).want(http.StatusUnprocessableEntity)
	boss.do(id, "assess", nil).want(http.StatusOK)
	boss.do(id, "delegate", map[string]any{"person_id": chef.me()}).want(http.StatusUnprocessableEntity)
	boss.do(id, "delegate", map[string]any{"person_id": w.as("utredare@bromma.demo").me()}).want(http.StatusOK)
}

// Proves T10, req 34.
func TestTheInvestigationGoesToASuitableSubordinateAndComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chef, colleague := w.as("chef@bromma.demo"), w.as("utredare@bromma.demo")
	id := w.underAssessment()
	colleague.send("GET", "/cases/"+id, nil, nil).want(http.StatusNotFound)
	for who, person := range map[string]string{
		"herself": chef.me(), "the registrar": w.as("registrator@bromma.demo").me(), "her own manager": w.as("avdelningschef@bromma.demo").me(),
		"somebody of another tenant": w.as("utredare@farsta.demo").me(), "nobody": uuid.NewString(),
	} {
		if got := chef.do(id, "delegate", map[string]any{"person_id": person}); got.status != http.StatusUnprocessableEntity {
			t.Errorf("delegated to %s: %d %s", who, got.status, got.text)
		}
	}
	chef.do(id, "delegate", map[string]any{"person_id": colleague.me()}).want(http.StatusOK)
	colleague.open(id)
	chef.do(id, "delegate", map[string]any{}).want(http.StatusOK)
	colleague.send("GET", "/cases/"+id, nil, nil).want(http.StatusNotFound)
	if n := len(colleague.get("/measures").list("items")); n != 0 {
		t.Errorf("%d measures of a case that is no longer hers", n)
	}
	// Whoever carries out a measure needs the case for that.
	chef.do(id, "delegate", map[string]any{"person_id": colleague.me()}).want(http.StatusOK)
	chef.do(id, "measures", map[string]any{"title": "Byt larmknappen", "kind": "OVRIG", "strength": "STARK", "owner_id": colleague.me(), "due_on": today()}).want(http.StatusOK)
	chef.do(id, "delegate", map[string]any{}).want(http.StatusOK)
	colleague.open(id)
}

func TestACaseThatIsGivenToSomebodyElseLeavesItsFormerHandler(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar, chef, next := w.as("registrator@bromma.demo"), w.as("chef@bromma.demo"), w.as("chef-smultrontunet@bromma.demo")
	id := w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Nyckeln saknades.", nil)
	w.registered(id, map[string]any{"assign": false}).want(http.StatusOK)
	registrar.do(id, "assign", map[string]any{"unit_id": w.home("bromma")}).want(http.StatusOK)
	for _, kind := range []string{"deadline-start-late", "deadline-answer-warn", "deadline-answer-late"} {
		if n, _ := w.timers(id, kind); n != 1 {
			t.Errorf("%d timers %s on an assigned case", n, kind)
		}
	}
	chef.do(id, "assess", nil).want(http.StatusOK)
	other := steps.UnitID("bromma", "smultrontunet")
	registrar.do(id, "reassign", map[string]any{"unit_id": other, "handler_id": registrar.me(), "reason": "Jag tar det själv."}).want(http.StatusUnprocessableEntity)
	registrar.do(id, "reassign", map[string]any{"unit_id": w.home("bromma"), "reason": "Samma igen."}).want(http.StatusUnprocessableEntity)
	moved := registrar.do(id, "reassign", map[string]any{"unit_id": other, "reason": "Fel enhet."}).want(http.StatusOK)
	if moved.str("state") != "assigned" || moved.str("handler.id") != next.me() {
		t.Fatalf("not moved: %s", moved.text)
	}
	chef.send("GET", "/cases/"+id, nil, nil).want(http.StatusNotFound)
	next.open(id)
	w.as("medarbetare@bromma.demo").open(id) // who reported still follows it
	for _, kind := range []string{"deadline-start-late", "deadline-answer-late"} {
		if n, _ := w.timers(id, kind); n != 1 {
			t.Errorf("%d timers %s after the move", n, kind)
		}
	}
}

// Proves T19.
func TestTheTimeThatStoodStillIsAddedToTheAnswersDate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chef := w.as("chef@bromma.demo")
	id := w.underAssessment()
	before := chef.open(id).str("due_on")
	if got := chef.do(id, "await-info", map[string]any{"question": "Vilken dag var det?"}).want(http.StatusOK); got.str("due_text") != "klockan står still" {
		t.Errorf("the clock goes on: %s", got.str("due_text"))
	}
	_, err := w.db.Super(t).Exec(t.Context(), `update app.cases set paused_at = now() - interval '14 days', version = version + 1 where id = $1`, id)
	must(t, err)
	after := chef.do(id, "resume", nil).want(http.StatusOK).str("due_on")
	if gained := days(t, before, after); gained < 12 {
		t.Errorf("two weeks of waiting gave %d days", gained)
	}
	if n, due := w.timers(id, "deadline-answer-late"); n != 1 || due <= after {
		t.Errorf("%d timers, the last on %s, for an answer due %s", n, due, after)
	}
	chef.do(id, "consult", map[string]any{"question": "Är det komplicerat?"}).want(http.StatusOK)
	w.as("avdelningschef@bromma.demo").do(id, "complexity", map[string]any{"decision": "KOMPLICERAD", "motivation": "Ja."}).want(http.StatusOK)
	if c := chef.open(id); days(t, today(), c.str("due_on")) < 42 {
		t.Errorf("thirty days and two weeks of waiting end on %s", c.str("due_on"))
	}
}

func days(t *testing.T, from, to string) int {
	t.Helper()
	a, err := time.Parse(time.DateOnly, from)
	must(t, err)
	b, err := time.Parse(time.DateOnly, to)
	must(t, err)
	return int(b.Sub(a).Hours() / 24)
}

// Proves req 43.
func TestAPlannedMeasureCanBeGivenUpAndHowItHelpedIsSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chef := w.as("chef@bromma.demo")
	id, elsewhere := w.underAssessment(), w.underAssessment()
	measure := func(more map[string]any) reply {
		body := map[string]any{"title": "Byt larmet", "kind": "OVRIG", "strength": "STARK", "owner_id": chef.me(), "due_on": today()}
		for k, v := range more {
			body[k] = v
		}
		return chef.do(id, "measures", body)
	}
	step := func(mid, act, version string, body map[string]any) reply {
		return chef.send("POST", "/measures/"+mid+"/"+act, map[string]string{"If-Match": version}, body)
	}
	w.as("chef@bromma.demo").do(elsewhere, "consult", map[string]any{"question": "Är det komplicerat?"}).want(http.StatusOK)
	w.as("avdelningschef@bromma.demo").do(elsewhere, "complexity", map[string]any{"decision": "KOMPLICERAD", "motivation": "Ja."}).want(http.StatusOK)
	foreign := chef.do(elsewhere, "causes", map[string]any{"area": "TEKNIK_UTRUSTNING", "text": "Batteriet"}).want(http.StatusOK).str("causes.0.id")
	measure(map[string]any{"cause_id": foreign}).want(http.StatusUnprocessableEntity)

	given := measure(nil).want(http.StatusOK).str("measures.0.id")
	step(given, "decide", `"1"`, map[string]any{"decision": "PLANERAD"}).want(http.StatusOK)
	step(given, "decide", `"2"`, map[string]any{"decision": "PLANERAD"}).want(http.StatusConflict)
	if n, _ := w.timers(given, "deadline-measure-late"); n != 1 {
		t.Errorf("%d timers on a planned measure", n)
	}
	step(given, "decide", `"2"`, map[string]any{"decision": "AVSLAGEN"}).want(http.StatusOK)
	if n, _ := w.timers(given, "deadline-measure-late"); n != 0 {
		t.Errorf("%d timers on a measure that was given up", n)
	}

	kept := measure(nil).want(http.StatusOK).str("measures.1.id")
	step(kept, "decide", `"1"`, map[string]any{"decision": "PLANERAD"}).want(http.StatusOK)
	step(kept, "complete", `"2"`, map[string]any{"done_on": today()}).want(http.StatusOK)
	step(kept, "decide", `"3"`, map[string]any{"decision": "AVSLAGEN"}).want(http.StatusConflict)
	const words = "Karins egna ord"
	got := step(kept, "follow-up", `"3"`, map[string]any{"effect": "JA", "method": words, "note": "Inget nytt larmfel."}).want(http.StatusOK)
	if got.str("measures.1.effect_note") != words+"\nInget nytt larmfel." || got.str("measures.1.follow_up_method") != "ANNAT" {
		t.Errorf("how it helped was not kept: %s", got.text)
	}
	for _, hit := range w.search(words) {
		t.Errorf("words stand in the clear in %s", hit)
	}
}

func TestAnAnswerThatIsWantedNeedsAWayToReachTheWriter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	worker := w.as("medarbetare@bromma.demo")
	for way, contact := range map[string]map[string]any{
		"EPOST": {"email": "anhorig@example.org"}, "TELEFON": {"phone": "070-1740605"}, "BREV": {"address": "Testgatan 1, 16733 Bromma"},
	} {
		worker.takeDown(map[string]any{"wants_reply": way}).want(http.StatusUnprocessableEntity)
		worker.takeDown(map[string]any{"wants_reply": way, "contact": contact}).want(http.StatusCreated)
		worker.takeDown(map[string]any{"wants_reply": way, "contact": contact, "anonymous": true}).want(http.StatusUnprocessableEntity)
	}
	if code := worker.takeDown(map[string]any{"wants_reply": "KOD", "anonymous": true}).want(http.StatusCreated).str("receipt_code"); code == "" {
		t.Error("no code for who wants to read the answer by code")
	}
	worker.takeDown(map[string]any{"channel": "MUNTLIG_TELEFON"}).want(http.StatusUnprocessableEntity)
	worker.takeDown(map[string]any{"channel": "MUNTLIG_TELEFON", "note": "Ringde i dag klockan nio."}).want(http.StatusCreated)
	worker.takeDown(map[string]any{"arrived_on": time.Now().AddDate(0, 0, 2).Format("2006-01-02")}).want(http.StatusUnprocessableEntity)
	worker.takeDown(map[string]any{"category": "FINNS.INTE"}).want(http.StatusUnprocessableEntity)
}

// Proves req 8, T1.
func TestWhoWantsACallIsTheRegistrarsToConfirm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reg := w.as("registrator@bromma.demo")
	id := reg.takeDown(map[string]any{
		"channel": "MUNTLIG_TELEFON", "note": "Ringde i dag.", "wants_reply": "TELEFON", "contact": map[string]any{"phone": "08-123 45 67"},
	}).want(http.StatusCreated).str("id")
	for kind, want := range map[string]int{"deadline-acknowledge-late": 1, "deadline-acknowledge-escalate": 1} {
		if n, _ := w.timers(id, kind); n != want {
			t.Errorf("%d timers %s", n, kind)
		}
	}
	if c := reg.open(id); c.str("acknowledgement.way") != "TELEFON" || !strings.Contains(c.text, `"act":"acknowledge"`) {
		t.Fatalf("the page does not ask for the call: %s", c.text)
	}
	after := reg.do(id, "acknowledge", map[string]any{"note": "Ringde klockan tio."}).want(http.StatusOK)
	if strings.Contains(after.text, `"act":"acknowledge"`) {
		t.Error("the task is still there")
	}
	if n, _ := w.timers(id, "deadline-acknowledge-late"); n != 0 {
		t.Error("the reminder is still set")
	}
	reg.do(id, "acknowledge", map[string]any{"note": "En gång till."}).want(http.StatusConflict)
}
