package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// inquire saves the investigation on the version it has.
func (p *person) inquire(id string, body map[string]any) reply {
	p.w.t.Helper()
	for _, name := range []string{"background", "course", "causes_text", "conclusion"} {
		if _, ok := body[name]; !ok {
			body[name] = ""
		}
	}
	version := fmt.Sprintf(`"%v"`, p.open(id).at("investigation.version"))
	return p.send("PUT", "/cases/"+id+"/investigation", map[string]string{"If-Match": version}, body)
}

// Proves req 38, T11.
func TestTheCourseOfEventsOnlyGrowsAndACorrectionStandsBesideWhatItCorrects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chef := w.as("chef@bromma.demo")
	id := w.judged("KOMPLICERAD")
	entry := func(more map[string]any) reply {
		body := map[string]any{"precision": "TID", "happened_at": "2026-11-03T19:00:00+01:00", "kind": "FAKTA", "source": "DOKUMENTATION", "text": "Kvällsdosen är inte signerad."}
		for k, v := range more {
			body[k] = v
		}
		return chef.do(id, "investigation/entries", body)
	}
	first := entry(map[string]any{"source_detail": "Signeringslistan"}).want(http.StatusOK)
	wrong := first.str("investigation.entries.0.id")
	if first.str("investigation.entries.0.author_title") == "" || first.str("investigation.entries.0.source_detail") != "Signeringslistan" {
		t.Errorf("who wrote and from where is not said: %s", first.text)
	}
	entry(map[string]any{"happened_at": nil, "precision": "OKAND", "kind": "BEDOMNING", "text": "Det var sannolikt stress."}).want(http.StatusOK)
	both := entry(map[string]any{"happened_at": "2026-11-03T18:00:00+01:00", "text": "Kvällsdosen gavs men signerades inte.", "supersedes": wrong}).want(http.StatusOK)
	if n := len(both.list("investigation.entries")); n != 3 {
		t.Fatalf("%d entries after a correction", n)
	}
	if both.str("investigation.entries.0.supersedes") != wrong || both.str("investigation.entries.1.superseded_by") == "" || both.str("investigation.entries.2.precision") != "OKAND" {
		t.Errorf("the correction, what it corrects and what has no time are not in that order: %s", both.text)
	}
	entry(map[string]any{"supersedes": wrong}).want(http.StatusPreconditionFailed) // corrected already
	for field, more := range map[string]map[string]any{
		"/happened_at": {"happened_at": time.Now().Add(time.Hour).Format(time.RFC3339)},
		"/source":      {"source": "SKVALLER"},
	} {
		if got := entry(more).want(http.StatusUnprocessableEntity); !strings.Contains(got.text, field) {
			t.Errorf("a fault that does not name %s: %s", field, got.text)
		}
	}
}

// Proves req 11, req 12, req 38.
func TestRiskIsReckonedByTheServerForEachGround(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chef := w.as("chef@bromma.demo")
	id := w.judged("KOMPLICERAD")
	chef.do(id, "classification", map[string]any{"category": "UTF.UTEBLIVEN", "lagrum": []string{"SOL", "HSL"}, "severity": 2, "probability": 2, "harm": "NEJ"}).want(http.StatusOK)
	risk := func(more map[string]any) map[string]any {
		r := map[string]any{"ground": "SOL_LSS", "actual_severity": 0, "severity": 3, "probability": 2, "harm_kinds": []string{"PSYKISK_KRANKNING"}}
		for k, v := range more {
			r[k] = v
		}
		return r
	}
	got := chef.inquire(id, map[string]any{"risks": []any{risk(nil), map[string]any{"ground": "HSL", "severity": 4, "probability": 3, "severity_after": 2, "probability_after": 1}}}).want(http.StatusOK)
	if got.at("investigation.risks.0.risk_value") != 6.0 || got.at("investigation.risks.1.risk_value") != 12.0 || got.at("investigation.risks.1.risk_value_after") != 2.0 || got.at("investigation.risk_value") != 12.0 {
		t.Errorf("reckoned wrong: %s", got.text)
	}
	if got.at("investigation.risks.0.suggested_severity") != 3.0 || got.at("investigation.risks.0.actual_severity") != 0.0 {
		t.Errorf("a lasting violation suggests 3 and sets nothing: %s", got.text)
	}
	for _, r := range []map[string]any{risk(map[string]any{"risk_value": 9}), risk(map[string]any{"harm_kinds": []string{"SUR"}}), risk(map[string]any{"severity": 5})} {
		chef.inquire(id, map[string]any{"risks": []any{r}}).want(http.StatusUnprocessableEntity)
	}
	chef.inquire(id, map[string]any{"risks": []any{risk(nil), risk(nil)}}).want(http.StatusUnprocessableEntity)
	chef.inquire(id, map[string]any{"risks": []any{risk(map[string]any{"risk_value": 6})}}).want(http.StatusOK)
}

// Proves req 38, req 40, req 41, T12.
func TestAnInvestigationIsADraftUntilItIsCalledDoneAndThenLocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chef, colleague := w.as("chef@bromma.demo"), w.as("utredare@bromma.demo")
	id := w.judged("KOMPLICERAD")
	chef.do(id, "delegate", map[string]any{"person_id": colleague.get("/session").str("person.id")}).want(http.StatusOK)
	chef.do(id, "classification", map[string]any{"category": "UTF.UTEBLIVEN", "lagrum": []string{"SOL"}, "severity": 2, "probability": 2, "harm": "NEJ"}).want(http.StatusOK)
	draft := colleague.inquire(id, map[string]any{"more": map[string]any{"earlier": "Ja, i våras."}}).want(http.StatusOK)
	if draft.str("investigation.template.version") != "utredning-2" || draft.str("investigation.more.earlier") != "Ja, i våras." || len(draft.list("investigation.missing")) == 0 {
		t.Fatalf("a draft may lack anything, and says what: %s", draft.text)
	}
	if got := chef.do(id, "investigation/complete", nil).want(http.StatusConflict); !strings.Contains(got.str("detail"), "Bakgrund, Slutsats") {
		t.Errorf("what is missing is not named: %s", got.text)
	}
	whole := map[string]any{"background": "Två vikarier.", "conclusion": "Rutinen brister.", "risks": []any{map[string]any{"ground": "SOL_LSS", "actual_severity": 1, "severity": 2, "probability": 2}}}
	colleague.inquire(id, whole).want(http.StatusOK)
	withCause := colleague.do(id, "causes", map[string]any{"area": "PROCEDURER_RUTINER_RIKTLINJER", "text": "Ingen överlämning", "whys": []string{"Ingen tid", "Passen överlappar inte"}}).want(http.StatusOK)
	cause := withCause.str("causes.0.id")
	changed := colleague.send("PUT", "/cases/"+id+"/causes/"+cause, map[string]string{"If-Match": fmt.Sprintf(`"%v"`, withCause.at("version"))},
		map[string]any{"area": "OMGIVNING_ORGANISATION", "text": "Ingen överlämning", "whys": []string{"Ingen tid", "Passen överlappar inte", "Schemat är från 2019"}}).want(http.StatusOK)
	if len(changed.list("causes.0.whys")) != 3 || changed.str("causes.0.id") != cause {
		t.Errorf("the chain of whys is not in order: %s", changed.text)
	}
	if got := colleague.do(id, "investigation/complete", nil); got.status == http.StatusOK {
		t.Error("the investigator called it done; the responsibility is the manager's")
	}
	done := chef.do(id, "investigation/complete", nil).want(http.StatusOK)
	if done.at("investigation.completed_at") == nil || done.at("investigation.versions") != 1.0 || done.action("unlock-investigation")["allowed"] != true || done.action("save-investigation") != nil {
		t.Fatalf("not locked: %s", done.text)
	}
	for what, got := range map[string]reply{
		"text":  colleague.inquire(id, whole),
		"entry": colleague.do(id, "investigation/entries", map[string]any{"precision": "OKAND", "kind": "FAKTA", "source": "RAPPORT", "text": "För sent."}),
	} {
		if got.want(http.StatusConflict); !strings.Contains(got.str("detail"), "låst") {
			t.Errorf("%s in a locked investigation: %s", what, got.text)
		}
	}
	open := chef.do(id, "investigation/unlock", map[string]any{"reason": "En uppgift har kommit till."}).want(http.StatusOK)
	if open.at("investigation.completed_at") != nil || open.str("investigation.background") != "Två vikarier." {
		t.Errorf("unlocking flips the mark and nothing else: %s", open.text)
	}
	whole["background"] = "Två vikarier och ett larm."
	chef.inquire(id, whole).want(http.StatusOK)
	again := chef.do(id, "investigation/complete", nil).want(http.StatusOK)
	if again.at("investigation.versions") != 2.0 {
		t.Errorf("the second locked text is no version of its own: %s", again.text)
	}
	kept := chef.get("/cases/" + id + "/investigation/versions")
	if len(kept.list("items")) != 2 || kept.str("items.0.investigation.background") != "Två vikarier." || kept.str("items.1.investigation.background") != "Två vikarier och ett larm." || len(kept.list("items.0.causes")) != 1 {
		t.Errorf("the locked texts are not kept as they were: %s", kept.text)
	}
	if got := w.as("medarbetare@bromma.demo").send("GET", "/cases/"+id+"/investigation/versions", nil, nil); got.status != http.StatusForbidden {
		t.Errorf("a care worker reads the investigation: %d", got.status)
	}
}

// Proves req 38.
func TestEarlierCasesAreShownWithWhatWasDoneOnlyToThoseWhoMayReadThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chef := w.as("chef@bromma.demo")
	classify := map[string]any{"category": "UTF.UTEBLIVEN", "lagrum": []string{"SOL"}, "severity": 2, "probability": 2, "harm": "NEJ"}
	earlier := w.judged("KOMPLICERAD")
	chef.do(earlier, "classification", classify).want(http.StatusOK)
	me := chef.get("/session").str("person.id")
	chef.do(earlier, "measures", map[string]any{"title": "Larm i schemat", "kind": "MILJO_TEKNIK", "strength": "STARK", "owner_id": me, "due_on": time.Now().AddDate(0, 1, 0).Format("2006-01-02")}).want(http.StatusOK)
	later := w.judged("KOMPLICERAD")
	chef.do(later, "classification", classify).want(http.StatusOK)
	got := chef.get("/cases/" + later + "/similar")
	if got.str("items.0.id") != earlier || got.str("items.0.measures.0.title") != "Larm i schemat" || got.at("items.0.measures.0.effect") != nil {
		t.Errorf("the earlier case is not told: %s", got.text)
	}
	if n := len(chef.get("/cases/" + earlier + "/similar").list("items")); n != 0 {
		t.Errorf("%d cases are earlier than the first", n)
	}
	if got := w.as("medarbetare@bromma.demo").send("GET", "/cases/"+later+"/similar", nil, nil); got.status != http.StatusForbidden {
		t.Errorf("a care worker reads what is not hers: %d", got.status)
	}
	if reads := chef.get("/cases/" + earlier + "/history").text; !strings.Contains(reads, "list-similar") {
		t.Error("that the earlier case was shown is not in its read log")
	}
}
