package server_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
)

// route is an operation of the document.
type route struct{ id, method, path, permission string }

func (w *world) routes() []route {
	w.t.Helper()
	doc, err := w.server.OpenAPI()
	must(w.t, err)
	var d struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Permission  string `json:"x-permission"`
		} `json:"paths"`
	}
	must(w.t, json.Unmarshal(doc, &d))
	var out []route
	for p, methods := range d.Paths {
		for m, op := range methods {
			out = append(out, route{op.OperationID, strings.ToUpper(m), strings.TrimPrefix(p, "/api/v1"), op.Permission})
		}
	}
	slices.SortFunc(out, func(a, b route) int { return strings.Compare(a.id, b.id) })
	return out
}

var pathParam = regexp.MustCompile(`\{[^}]+\}`)

func (r route) at(id string) string {
	p := strings.NewReplacer("{tenant}", "bromma", "{form}", "report").Replace(r.path)
	return pathParam.ReplaceAllString(p, id)
}

func TestEveryRoleMayDoWhatThePolicySaysAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	policy, err := authz.LoadPolicy(nil)
	must(t, err)
	logins := map[string]string{"slk": "slk@slk.demo", "operator": "operator@slk.demo"}
	missing := uuid.NewString()
	for _, role := range authz.Roles {
		login, ok := logins[role]
		if !ok {
			login = role + "@bromma.demo"
		}
		p := w.as(login)
		var held []string
		for _, r := range p.get("/session").list("roles") {
			held = append(held, r.(string))
		}
		for _, r := range w.routes() {
			if r.permission == "anyone" || r.permission == "session" {
				continue
			}
			got := p.send(r.method, r.at(missing), map[string]string{"If-Match": `"1"`}, body(r.method, "{}"))
			if allowed := policy.Allows("bromma", held, r.permission); allowed == (got.status == http.StatusForbidden) {
				t.Errorf("%s as %v: status %d, policy allows: %v", r.id, held, got.status, allowed)
			}
			if got.status >= 500 {
				t.Errorf("%s as %s: %s", r.id, role, got.text)
			}
		}
	}
}

func body(method, text string) any {
	if method == http.MethodGet || method == http.MethodDelete {
		return nil
	}
	return text
}

func TestWithoutASessionOnlyTheOpenOperationsAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, r := range w.routes() {
		got := w.nobody().send(r.method, r.at(uuid.NewString()), nil, body(r.method, "{}"))
		if (r.permission == "anyone") == (got.status == http.StatusUnauthorized) {
			t.Errorf("%s (%s) without a session: %d", r.id, r.permission, got.status)
		}
	}
}

// valid bodies, so that an act gets past the form and meets the row.
var bodies = map[string]string{
	"register-case":         `{"case_type":"AVVIKELSE","sender_role":"PERSONAL","subject":"Avvikelse","secrecy":"SEKRETESS"}`,
	"assign-case":           `{"unit_id":"UNIT"}`,
	"reassign-case":         `{"unit_id":"UNIT","reason":"Har slutat."}`,
	"ask-again":             `{}`,
	"void-case":             `{"reason":"Dubblett"}`,
	"acknowledge-case":      `{"note":"Ringde i dag"}`,
	"classify-case":         `{"lagrum":["SOL"],"harm":"NEJ"}`,
	"consult-case":          `{"question":"Är det komplicerat?"}`,
	"decide-complexity":     `{"decision":"ENKEL","motivation":"Enkelt."}`,
	"delegate-case":         `{}`,
	"await-info":            `{"question":"Vilken dag?"}`,
	"reply-case":            `{"response_level":"ENKELT_SVAR","body":"Tack."}`,
	"send-message":          `{"kind":"ANTECKNING","body":"Anteckning"}`,
	"log-feedback":          `{"given_on":"2026-01-02","method":"SAMTAL"}`,
	"close-case":            `{"personakt":"NEJ"}`,
	"reopen-case":           `{"reason":"Ny uppgift"}`,
	"draw-up-record":        `{"kind":"YTTRANDE","text":"Vi anser."}`,
	"preview-record":        `{"kind":"YTTRANDE","text":"Vi anser."}`,
	"revise-record":         `{"kind":"YTTRANDE","text":"Vi anser.","version":1}`,
	"dispatch-record":       `{"way":"BREV","to":"Göta","sent_on":"2026-01-02"}`,
	"upload-record":         `text`,
	"save-investigation":    `{"background":"","course":"","causes_text":"","conclusion":""}`,
	"add-cause":             `{"area":"TEKNIK_UTRUSTNING","text":"Batteri"}`,
	"propose-routine":       `{"rules":{"deadlines":{},"thresholds":{"lex_investigator":{"risk":8,"severity":3},"mas":{"risk":4,"severity":0}},"decisions":{"consult_from_risk":8,"own_number":"INGA"},"acknowledgement":"Svar {answer_by}"},"reason":"Prov"}`,
	"simulate-routine":      `{"rules":{"deadlines":{},"thresholds":{"lex_investigator":{"risk":8,"severity":3},"mas":{"risk":4,"severity":0}},"decisions":{"consult_from_risk":8,"own_number":"INGA"},"acknowledgement":"Svar {answer_by}"}}`,
	"decide-routine":        `{"decision":"AVSLAGEN"}`,
	"propose-measure":       `{"title":"Byt","kind":"OVRIG","strength":"STARK","owner_id":"UNIT","due_on":"2030-01-02"}`,
	"decide-measure":        `{"decision":"PLANERAD"}`,
	"complete-measure":      `{"done_on":"2026-01-02"}`,
	"follow-up-measure":     `{"effect":"JA"}`,
	"hold-for-lex":          `{"reason":"Missförhållande"}`,
	"receive-lex":           `{"what":"Våld"}`,
	"act-at-once":           `{"text":"Tillsyn"}`,
	"assess-lex":            `{"assessment":"UTRED","motivation":"Ja, det"}`,
	"delegate-lex":          `{"person_id":"UNIT"}`,
	"add-lex-entry":         `{"item":"HANDELSE","kind":"FAKTA","source":"Samtal","text":"Det hände"}`,
	"save-lex-facts":        `{"kinds":[]}`,
	"propose-degree":        `{"degree":"INGET","motivation":"Inget"}`,
	"send-back-lex":         `{"text":"Mer"}`,
	"decide-degree":         `{"degree":"INGET","motivation":"Inget","delegation":"4.2"}`,
	"log-ivo":               `{"kind":"AVSLUTAD","happened_on":"2026-01-02"}`,
	"return-lex":            `{"to":"BOARD","to_unit":"Följ upp"}`,
	"register-referral":     `{"kind":"YTTRANDE","authority":"IVO","due_on":"2030-01-02","handler_id":"UNIT","subject":"Remiss","secrecy":"SEKRETESS"}`,
	"send-to-board":         `{"meeting_on":"2030-01-02","secretary_id":"UNIT","proposal":"Nämnden beslutar."}`,
	"record-board-decision": `{"outcome":"BESLUT","decided_on":"2026-01-02","paragraph":"12","decision":"Nämnden beslutar."}`,
	"dispatch-decision":     `{"sent_on":"2026-01-02","to":"MYNDIGHET","way":"BREV"}`,
	"change-cause":          `{"area":"TEKNIK_UTRUSTNING","text":"Batteri"}`,
	"add-entry":             `{"precision":"OKAND","kind":"FAKTA","source":"RAPPORT","text":"Larmet gick."}`,
	"unlock-investigation":  `{"reason":"Ny uppgift"}`,
	"link-case":             `{"target":"BRO 1","kind":"DUBBLETT","registration":{"case_type":"AVVIKELSE","sender_role":"PERSONAL","subject":"Avvikelse","secrecy":"SEKRETESS"}}`,
	"return-case":           `{"code":"OFULLSTANDIG","message":"Vilken dag?"}`,
	"hold-case":             `{"until_on":"2030-01-02","reason":"ANNAT"}`,
	"mark-entry":            `{"law":"21 kap. 1 § OSL","was":"26 kap. 1 § OSL","authority":"Nämnden","reason":"OMPROVAD"}`,
	"set-external-number":   `{"external_dnr":"eDok 1","was":null}`,
	"add-disclosure-entry":  `{"number":"BRO 1"}`,
	"review-disclosure":     `{"item_id":"00000000-0000-0000-0000-000000000000","outcome":"HELT"}`,
	"decide-disclosure":     `{"motivation":"Så"}`,
}

// who can reach an operation's row, where the role has the permission.
func (w *world) reader(policy *authz.Policy, permission string) *person {
	for _, role := range []string{"registrator", "chef", "avdelningschef", "utredare", "medarbetare", "lex_ansvarig"} {
		if policy.Allows("bromma", []string{role}, permission) {
			return w.as(role + "@bromma.demo")
		}
	}
	return nil
}

var requestID = regexp.MustCompile(`"instance":"[^"]*"`)

func TestAnotherTenantsCaseAnswersByteForByteLikeAMissingOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	policy, err := authz.LoadPolicy(nil)
	must(t, err)
	foreign := w.as("medarbetare@farsta.demo").report(w.home("farsta"), "En boende fick fel mat.", nil)
	w.as("registrator@farsta.demo").open(foreign).want(http.StatusOK)
	tried := 0
	for _, r := range w.routes() {
		p := w.reader(policy, r.permission)
		if p == nil || !strings.Contains(r.path, "{id}") {
			continue
		}
		tried++
		send := func(id string) reply {
			text := strings.ReplaceAll(bodies[r.id], "UNIT", w.home("bromma"))
			var b any
			if text != "" {
				b = text
			}
			return p.send(r.method, r.at(id), map[string]string{"If-Match": `"1"`, "Idempotency-Key": uuid.NewString(), "Content-Disposition": "attachment; filename=a.txt"}, b)
		}
		theirs, missing := send(foreign), send(uuid.NewString())
		if theirs.status != http.StatusNotFound || missing.status != theirs.status {
			t.Errorf("%s: foreign %d, missing %d: %s", r.id, theirs.status, missing.status, missing.text)
		}
		if a, b := requestID.ReplaceAllString(theirs.text, ""), requestID.ReplaceAllString(missing.text, ""); a != b {
			t.Errorf("%s: the answers differ: %s and %s", r.id, a, b)
		}
		for name := range theirs.header {
			if name != "X-Request-Id" && name != "Date" && theirs.header.Get(name) != missing.header.Get(name) {
				t.Errorf("%s: header %s differs", r.id, name)
			}
		}
	}
	if tried < 20 {
		t.Fatalf("only %d operations on a case were tried", tried)
	}
}
