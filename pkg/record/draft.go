package record

import (
	"encoding/json"
	"strings"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/seal"
	"lyhord/pkg/register"
	"lyhord/tenants"
)

// Draft is a record to be drawn up. The document's numbers, marking and date are filled in when the paper is made.
type Draft struct {
	ID, Case     uuid.UUID
	Kind         Kind
	Document     Document
	By           uuid.UUID
	On           clock.Date
	CaseType     string // which collective file the case is in
	RegisteredOn clock.Date
}

// DrawUp adds a record to the caller's batch: the record, its first version, its entry in the register with the file's next
// number (req 45, 46), and the job that makes the papers. A case that is not in the register rolls the batch back.
func DrawUp(b *db.Batch, ids id.Source, key *seal.CaseKey, cfg tenants.Tenant, d Draft) {
	b.Exec(insertRecord, db.Args{
		"id": d.ID, "case_id": d.Case, "kind": string(d.Kind), "direction": "UPPRATTAD", "on_date": d.On, "state": Writing, "by": d.By,
	})
	version := ids.New()
	b.Exec(insertVersion, db.Args{"id": version, "record_id": d.ID, "case_id": d.Case, "no": 1, "content": sealDocument(key, version, d.Document), "by": d.By})
	enter(b, ids, cfg, register.RecordEntry{
		Case: d.Case, Record: d.ID, By: d.By, Kind: register.KindFor(d.CaseType), Year: d.RegisteredOn.Year(), On: d.On,
		Direction: "UPPRATTAD", Subject: d.Kind.Label(), WithSender: d.Kind == Answer || d.Kind == Acknowledgement,
	})
	jobs.Enqueue(b, ids, jobs.RenderRecord, d.ID)
}

// enter gives a record its entry and copies the number onto it.
func enter(b *db.Batch, ids id.Source, cfg tenants.Tenant, e register.RecordEntry) {
	e.ID = ids.New()
	register.EnterRecord(b, cfg, e)
	b.Exec(enterRecord, db.Args{"id": e.Record, "entry_id": e.ID})
}

func sealDocument(key *seal.CaseKey, version uuid.UUID, d Document) []byte {
	text, _ := json.Marshal(d) // texts and dates: cannot fail
	return key.SealBytes("record_versions", "content_sealed", version, text)
}

func openDocument(key *seal.CaseKey, version uuid.UUID, sealed []byte) (d Document, err error) {
	text, err := key.OpenBytes("record_versions", "content_sealed", version, sealed)
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(text, &d)
}

// Letter is what somebody writes into a template.
type Letter struct {
	Kind                Kind
	Reference           string
	Unit                string
	Author, AuthorTitle string
	To                  []string
	Body                string    // under the template's heading
	Sections            []Section // after it
	On                  clock.Date
}

// Compose sets a letter into the tenant's template of its kind.
func Compose(t tenants.Tenant, l Letter) Document {
	tpl := t.Document(string(l.Kind))
	fill := strings.NewReplacer("{reference}", l.Reference, "{unit}", orElse(l.Unit, t.Name), "{tenant}", t.Name, "{board}", orElse(t.BoardName, t.Name)).Replace
	filled := func(texts []string) (out []string) {
		for _, x := range texts {
			out = append(out, fill(x))
		}
		return out
	}
	d := Document{Title: fill(tpl.Title), Template: string(l.Kind) + " " + tpl.Version, Letterhead: letterhead(t, l.Unit), Date: l.On, To: l.To}
	if len(tpl.Opening) > 0 {
		d.Sections = append(d.Sections, Section{Paragraphs: filled(tpl.Opening)})
	}
	if l.Body != "" {
		d.Sections = append(d.Sections, Section{Heading: fill(tpl.Heading), Paragraphs: []string{l.Body}})
	}
	d.Sections = append(d.Sections, l.Sections...)
	if tpl.WhereToTurn {
		d.Sections = append(d.Sections, whereToTurn(t))
	}
	d.Closing = filled(tpl.Closing)
	for _, line := range []string{l.Author, l.AuthorTitle} {
		if line != "" {
			d.Closing = append(d.Closing, line)
		}
	}
	return d
}

func letterhead(t tenants.Tenant, unit string) []string {
	head := []string{orElse(t.BoardName, t.Name)}
	for _, line := range []string{t.Name, unit, t.Texts.PostalAddress, t.Texts.Email, t.Texts.Phone} {
		if line != "" && line != head[len(head)-1] {
			head = append(head, line)
		}
	}
	return head
}

// whereToTurn is what form J asks an answer to say: who else one can turn to.
func whereToTurn(t tenants.Tenant) Section {
	s := Section{Heading: "Vart du kan vända dig"}
	contact := strings.Join(nonEmpty(t.Texts.Email, t.Texts.Phone), ", ")
	if contact != "" {
		s.Paragraphs = []string{"Har du frågor om svaret kan du höra av dig till oss: " + contact + "."}
	}
	for _, w := range t.Texts.WhereToTurn {
		s.List = append(s.List, w.Name+". "+w.Text)
	}
	return s
}

func nonEmpty(texts ...string) (out []string) {
	for _, x := range texts {
		if x != "" {
			out = append(out, x)
		}
	}
	return out
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
