package seed

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/casework"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/seal"
)

// Names nobody has, telephone numbers set aside for fiction, and a domain for examples.
var (
	givenNames = []string{"Kim", "Alex", "Robin", "Sam", "Noa", "Charlie", "Elis", "Mika", "Jojo", "Love"}
	lastNames  = []string{"Exempelsson", "Påhittsdotter", "Provlund", "Testberg", "Skissgren", "Låtsasdal", "Övningsby", "Modellqvist"}
)

// contact is how the invented writer can be reached, where she wants an answer that way.
func (r *record) contact() casework.Contact {
	if r.Anonymous || !slices.Contains([]string{"EPOST", "TELEFON", "BREV"}, r.WantsReply) {
		return casework.Contact{}
	}
	n := int(share01(r.name+"/contact") * 8000)
	given, last := givenNames[n%len(givenNames)], lastNames[n/10%len(lastNames)]
	c := casework.Contact{Name: given + " " + last}
	switch r.WantsReply {
	case "EPOST":
		c.Email = strings.ToLower(given) + fmt.Sprint(n) + "@example.org"
	case "TELEFON":
		c.Phone = fmt.Sprintf("070-174 06 %02d", 5+n%95)
	case "BREV":
		c.Address = fmt.Sprintf("Påhittade gatan %d, 100 00 Exempelstad", 1+n%90)
	}
	return c
}

// words are sealed under the case's own key, each for its own place.
func (r *record) words() {
	contact := r.contact()
	text := ""
	if contact != (casework.Contact{}) {
		b, _ := json.Marshal(contact) // four texts: cannot fail
		text = string(b)
	}
	note := ""
	if slices.Contains([]string{"MUNTLIG_TELEFON", "MUNTLIG_MOTE", "ALDRE_DIREKT"}, r.Channel) {
		note = "Nedtecknat under samtalet och uppläst för den som berättade."
	}
	r.s.add(inReports, r.id, r.unit, r.key.Seal("reports", "narrative_sealed", r.id, r.Narrative),
		r.seal("reports", "contact_sealed", r.id, text), r.seal("reports", "note_sealed", r.id, note), r.ReceivedAt)
	add := func(kind string, digest []byte) { r.s.add(inContacts, r.id, kind, digest) }
	for _, digest := range r.o.key.NameIndexes(contact.Name) {
		add("NAME", digest)
	}
	if contact.Phone != "" {
		add("PHONE", r.o.key.Index(seal.IndexPhone, contact.Phone))
	}
	if contact.Email != "" {
		add("EMAIL", r.o.key.Index(seal.IndexEmail, contact.Email))
	}
	r.receipt()
}

// receipt: whoever wanted to follow by code got one. Nobody knows those of the history, except the one that is shown.
func (r *record) receipt() {
	expires := r.ReceivedAt.AddDate(2, 0, 0)
	if r.WantsReply != "KOD" || expires.Before(r.s.now) {
		return
	}
	code := r.code
	if code == nil {
		c := id.NewReceiptCode()
		code = &c
	}
	sum := code.Hash()
	r.s.add(inReceipts, r.id, sum[:], r.ReceivedAt, expires)
}

// talk: what was said between the unit and the person who wrote, and what the person concerned was told.
func (r *record) talk() {
	if r.Reply != "" {
		author := r.handler
		if r.did("T22") {
			author = r.o.maybe("registrator")
		}
		r.message(r.answeredAt, "SVAR", author, r.Reply)
	}
	for _, s := range r.Course {
		if s.To == "awaiting_info" {
			r.message(s.At, "FRAGA", r.handler, "Vi behöver veta mer för att kunna gå vidare. Vilken dag hände det, och vilken tid ungefär?")
		}
	}
	if told := r.step("T16"); r.IndividualTold && !told.At.IsZero() && r.handler != nil {
		at := told.At.Add(-1)
		if before := r.step("T8", "T14", "T15", "T25"); !before.At.IsZero() {
			at = r.between(before, told.At.Sub(before.At)/2)
		}
		id := r.sub(at, "feedback", 0)
		method := map[string]string{"TELEFON": "TELEFON", "BREV": "BREV", "EPOST": "EPOST", "KOD": "KOD"}[r.WantsReply]
		if method == "" {
			method = "SAMTAL"
		}
		r.s.add(inFeedbacks, id, r.id, *r.handler, date(dayOf(at)), method,
			r.seal("feedbacks", "note_sealed", id, "Berättade vad som hänt, varför och vad vi gör. Den det gäller hade inga fler frågor."), at)
		r.events = append(r.events, event{
			at: at, actor: r.handler, kind: "case.fed-back", data: map[string]any{"method": method, "on": dayOf(at).String()},
		})
	}
}

func (r *record) message(at time.Time, kind string, author *uuid.UUID, body string) {
	n := len(r.s.rows[inMessages])
	id := r.sub(at, "message/"+kind, n)
	r.s.add(inMessages, id, r.id, at, "TILL_ANMALARE", kind, author, r.key.Seal("messages", "body_sealed", id, body))
}
