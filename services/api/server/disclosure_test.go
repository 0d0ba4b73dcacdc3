package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// asked is a request for disclosure of some entries.
func (p *person) asked(numbers ...string) reply {
	p.w.t.Helper()
	body := map[string]any{"asked": "Allt om larmet i november", "wants": "KOPIA", "numbers": numbers}
	return p.send("POST", "/disclosures", map[string]string{"Idempotency-Key": uuid.NewString()}, body).want(http.StatusCreated)
}

// on performs an act on a request with the version it has now.
func (p *person) on(id, act string, body any) reply {
	p.w.t.Helper()
	etag := p.get("/disclosures/" + id).header.Get("ETag")
	return p.send("POST", "/disclosures/"+id+"/"+act, map[string]string{"If-Match": etag}, body)
}

// Proves req 26, 31.
func TestARequestForDisclosureIsTriedMaskedAndDecidedAndTheOriginalStandsUntouched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar := w.as("registrator@bromma.demo")
	words := "Karin Östberg föll i köket. Larmet gick inte fram."
	one := w.registered(w.as("medarbetare@bromma.demo").report(w.home("bromma"), words, nil), nil).want(http.StatusOK)
	two := w.registered(w.as("medarbetare@bromma.demo").report(w.home("bromma"), "Larmet var trasigt.", nil), nil).want(http.StatusOK)
	begun := registrar.asked(one.str("entry_no"))
	id := begun.str("id")
	if !strings.HasPrefix(begun.str("number"), "UTL ") || begun.str("requester") != "" || begun.at("due_on") == nil || begun.str("items.0.text") != words {
		t.Fatalf("the request: %s", begun.text)
	}
	registrar.on(id, "decide", map[string]any{}).want(http.StatusConflict)
	registrar.on(id, "entries", map[string]any{"number": "finns inte"}).want(http.StatusUnprocessableEntity)
	registrar.on(id, "entries", map[string]any{"number": two.str("entry_no")}).want(http.StatusOK)
	registrar.on(id, "entries", map[string]any{"number": two.str("entry_no")}).want(http.StatusConflict)
	view := registrar.get("/disclosures/" + id)
	first, second := view.str("items.0.id"), view.str("items.1.id")

	review := func(item string, more map[string]any) reply {
		body := map[string]any{"item_id": item, "outcome": "HELT"}
		for k, v := range more {
			body[k] = v
		}
		return registrar.on(id, "review", body)
	}
	mask := []map[string]int{{"start": 0, "end": 13}}
	review(first, map[string]any{"outcome": "MASKAD", "masks": mask}).want(http.StatusUnprocessableEntity)
	review(first, map[string]any{"outcome": "MASKAD", "law": "26 kap. 1 § OSL"}).want(http.StatusUnprocessableEntity)
	review(first, map[string]any{"outcome": "MASKAD", "law": "26 kap. 1 § OSL", "masks": []map[string]int{{"start": 0, "end": 999}}}).want(http.StatusUnprocessableEntity)
	review(uuid.NewString(), nil).want(http.StatusNotFound)
	got := review(first, map[string]any{"outcome": "MASKAD", "law": "26 kap. 1 § OSL", "masks": mask}).want(http.StatusOK)
	if got.str("items.0.copy") != "█████ föll i köket. Larmet gick inte fram." || got.str("items.0.text") != words {
		t.Errorf("the copy: %s", got.text)
	}
	review(second, nil).want(http.StatusOK)
	registrar.on(id, "decide", map[string]any{}).want(http.StatusUnprocessableEntity)
	stale := registrar.send("POST", "/disclosures/"+id+"/decide", map[string]string{"If-Match": `"1"`}, map[string]any{"motivation": "Namnet."})
	stale.want(http.StatusPreconditionFailed)
	done := registrar.on(id, "decide", map[string]any{"motivation": "Namnet pekar ut den enskilde."}).want(http.StatusOK)
	for _, part := range []string{"kammarrätten", "tre veckor", "26 kap. 1 § OSL", "Namnet pekar ut"} {
		if !strings.Contains(done.str("decision"), part) {
			t.Errorf("the decision lacks %q: %s", part, done.str("decision"))
		}
	}
	if done.str("outcome") != "MASKAD" || done.str("state") != "BESLUTAD" || len(done.list("events")) != 5 {
		t.Errorf("decided: %s", done.text)
	}
	review(second, map[string]any{"outcome": "AVSLAG", "law": "x"}).want(http.StatusPreconditionFailed)
	if read := registrar.open(one.str("id")); read.str("report.narrative") != words {
		t.Error("the original was changed")
	}
	var found int
	must(t, w.db.Super(t).QueryRow(t.Context(), `select count(*) from app.audit_log where action = 'open-disclosure' and $1::uuid = any(shown)`, one.str("id")).Scan(&found))
	if found == 0 {
		t.Error("the reading of the case is not logged")
	}
	w.as("chef@bromma.demo").send("GET", "/disclosures/"+id, nil, nil).want(http.StatusForbidden)
	w.as("registrator@farsta.demo").send("GET", "/disclosures/"+id, nil, nil).want(http.StatusNotFound)
}

func TestARequestForWhatIsNotThereIsDecidedAndCanBeAppealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	registrar := w.as("registrator@bromma.demo")
	a, b := registrar.asked(), registrar.asked()
	if a.str("number") == b.str("number") {
		t.Error("two requests have one number")
	}
	done := registrar.on(a.str("id"), "decide", map[string]any{}).want(http.StatusOK)
	if done.str("outcome") != "FINNS_INTE" || !strings.Contains(done.str("decision"), "kammarrätten") {
		t.Errorf("decided: %s", done.text)
	}
	registrar.on(b.str("id"), "withdraw", nil).want(http.StatusOK)
	registrar.on(b.str("id"), "decide", map[string]any{}).want(http.StatusConflict)
	if open := registrar.get("/disclosures?state=PAGAR"); len(open.list("items")) != 0 {
		t.Errorf("still open: %s", open.text)
	}
}
