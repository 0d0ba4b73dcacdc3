package record

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/seal"
	"lyhord/pkg/register"
	"lyhord/tenants"
)

// Words are what a person writes into a template.
type Words struct {
	Kind Kind
	Text string
	To   []string
}

var slashes = strings.NewReplacer("/", "-", "\\", "-")

func (w Words) check() error {
	if !slices.Contains(byHand, w.Kind) {
		return problem.Invalid(problem.Field("/kind", "Den handlingen upprättas av sitt steg i ärendet, inte för hand."))
	}
	if w.Kind != RegisterExtract && strings.TrimSpace(w.Text) == "" {
		return problem.Invalid(problem.Field("/text", "Skriv vad handlingen ska säga."))
	}
	return nil
}

const notRegistered = "Ärendet är inte registrerat än. Registratorn registrerar först."

func conflict(text string) error { return problem.Conflict("record_state", text) }

// prepared is a document ready to be drawn up.
type prepared struct {
	part  partRow
	key   *seal.CaseKey
	rules tenants.Tenant
	doc   Document
}

// compose reads the case and sets the words into the tenant's template.
func (s *Service) compose(ctx context.Context, actor authz.Actor, caseID uuid.UUID, action string, w Words) (prepared, error) {
	var out prepared
	if err := w.check(); err != nil {
		return out, err
	}
	cfg, err := s.d.Org.Config(ctx, actor.Scope())
	if err != nil {
		return out, err
	}
	var entries []entryRow
	out.part, out.key, err = s.part(ctx, actor, caseID, action, func(b *db.Batch) {
		db.Collect(b, listEntries, db.Args{"case_id": caseID}, &entries)
	})
	if err != nil {
		return out, err
	}
	if out.part.EntryNo == nil || out.part.RegisteredAt == nil {
		return out, conflict(notRegistered)
	}
	if !open(out.part.State) {
		return out, problem.IllegalMove("Ärendet är avslutat eller ligger hos någon annan. Det går inte att lägga till handlingar.")
	}
	letter := Letter{
		Kind: w.Kind, Reference: out.part.Reference, Unit: deref(out.part.UnitName), Author: deref(out.part.MyName), AuthorTitle: deref(out.part.MyTitle), To: w.To, Body: w.Text, On: clock.Today(s.d.Clock),
	}
	if w.Kind == RegisterExtract {
		letter.Body, letter.Sections = "", []Section{extract(entries)}
	}
	out.rules, out.doc = cfg.Tenant, Compose(cfg.Tenant, letter)
	return out, nil
}

func extract(entries []entryRow) Section {
	t := &Table{Head: []string{"Nummer", "Datum", "Riktning", "Avsändare eller mottagare", "Vad handlingen rör"}}
	way := map[string]string{"INKOMMEN": "Inkommen", "UPPRATTAD": "Upprättad", "EXPEDIERAD": "Skickad"}
	for _, e := range entries {
		t.Rows = append(t.Rows, []string{e.EntryNo, e.On.String(), way[e.Direction], e.Sender, e.Subject})
	}
	return Section{Heading: "Handlingar i diariet", Table: t}
}

// Preview is the paper as it would be, marked as a draft on every page. Nothing is stored.
func (s *Service) Preview(ctx context.Context, actor authz.Actor, caseID uuid.UUID, w Words) (Content, error) {
	p, err := s.compose(ctx, actor, caseID, "preview-record", w)
	if err != nil {
		return Content{}, err
	}
	p.doc.Draft, p.doc.Numbers = true, numbers(p.part.EntryNo, p.part.OwnDNR)
	p.doc.Marking = marking(p.part.Law, p.part.LawOn, p.part.LawBy)
	return Content{Name: "Utkast " + w.Kind.Label() + ".pdf", Media: mediaPDF, Data: p.doc.PDF()}, nil
}

// Key makes a create happen once: the caller's Idempotency-Key and the hash of what was sent.
type Key struct {
	ID  uuid.UUID
	SHA [32]byte
}

// NewKey hashes what was sent.
func NewKey(id uuid.UUID, parts ...[]byte) Key {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
		h.Write([]byte{0})
	}
	return Key{ID: id, SHA: [32]byte(h.Sum(nil))}
}

const once = `select app.once(@key, @operation, @sha, @ref)`

// again turns the database's "that was done already" into the id of the first time.
func again(err error, ref uuid.UUID) (uuid.UUID, error) {
	var r *db.Repeated
	if errors.As(err, &r) {
		return uuid.Parse(r.Ref)
	}
	return ref, err
}

// DrawUp draws up a record by hand: stamped, in the register with a number of its own, and its papers on their way.
func (s *Service) DrawUp(ctx context.Context, actor authz.Actor, caseID uuid.UUID, k Key, w Words) (uuid.UUID, error) {
	p, err := s.compose(ctx, actor, caseID, "draw-up-record", w)
	if err != nil {
		return uuid.Nil, err
	}
	recordID := s.d.IDs.New()
	var b db.Batch
	b.Exec(once, db.Args{"key": k.ID, "operation": "draw-up-record", "sha": k.SHA[:], "ref": recordID})
	DrawUp(&b, s.d.IDs, p.key, p.rules, Draft{
		ID: recordID, Case: caseID, Kind: w.Kind, Document: p.doc, By: actor.ID, On: clock.Today(s.d.Clock), CaseType: deref(p.part.CaseType),
		RegisteredOn: clock.DateIn(*p.part.RegisteredAt),
	})
	err = s.d.DB.Once(ctx, actor.Scope(), &b)
	s.d.Wake()
	return again(err, recordID)
}

// Revision is new words for a record, written from a version.
type Revision struct {
	Record uuid.UUID
	Before int
	Words
}

// Revise writes a new version of a record that has not been sent to anybody. The earlier ones stay.
func (s *Service) Revise(ctx context.Context, actor authz.Actor, caseID uuid.UUID, rev Revision) error {
	recordID, before, w := rev.Record, rev.Before, rev.Words
	var r []recordRow
	p, err := s.compose(ctx, actor, caseID, "revise-record", w)
	if err != nil {
		return err
	}
	var b db.Batch
	var sent []dispatchRow
	db.Collect(&b, oneRecord, db.Args{"case_id": caseID, "id": recordID}, &r)
	db.Collect(&b, listDispatches, db.Args{"case_id": caseID}, &sent)
	if err := s.d.DB.Once(ctx, actor.Scope(), &b); err != nil {
		return err
	}
	switch {
	case len(r) == 0:
		return problem.NotFound()
	case r[0].Kind != w.Kind:
		return problem.Invalid(problem.Field("/kind", "En ny version är av samma slag som den förra."))
	case slices.ContainsFunc(sent, func(d dispatchRow) bool { return d.RecordID == recordID }):
		return conflict("Handlingen är redan skickad. Upprätta en ny i stället.")
	}
	b = db.Batch{}
	version := s.d.IDs.New()
	b.Exec(nextVersion, db.Args{"id": recordID, "case_id": caseID, "before": before, "version_id": version, "content": sealDocument(p.key, version, p.doc), "by": actor.ID})
	b.Exec(hasVersion, db.Args{"id": version})
	jobs.Enqueue(&b, s.d.IDs, jobs.RenderRecord, recordID)
	err = s.d.DB.Once(ctx, actor.Scope(), &b)
	s.d.Wake()
	return err
}

// ways a record can leave.
var ways = map[string]string{"EPOST": "E-post utan innehåll", "SAKER_PORTAL": "Kvittosidan", "BREV": "Brev", "OVERLAMNAD": "Överlämnad för hand"}

// Dispatch is to whom, how and when a record was sent (req 47).
type Dispatch struct {
	Way string
	To  string
	On  clock.Date
}

// Dispatch notes that a record was sent.
func (s *Service) Dispatch(ctx context.Context, actor authz.Actor, caseID, recordID uuid.UUID, d Dispatch) error {
	if d.On.After(clock.Today(s.d.Clock)) {
		return problem.Invalid(problem.Field("/sent_on", "Datumet ligger i framtiden."))
	}
	var r []recordRow
	p, key, err := s.part(ctx, actor, caseID, "dispatch-record", func(b *db.Batch) {
		db.Collect(b, oneRecord, db.Args{"case_id": caseID, "id": recordID}, &r)
	})
	switch {
	case err != nil:
		return err
	case len(r) == 0:
		return problem.NotFound()
	case r[0].State != Ready || r[0].Direction != "UPPRATTAD":
		return conflict("Bara en färdig, upprättad handling kan skickas.")
	case !open(p.State) && p.State != "closed":
		return problem.IllegalMove("")
	}
	var b db.Batch
	did := s.d.IDs.New()
	b.Exec(insertDispatch, db.Args{"id": did, "record_id": recordID, "case_id": caseID, "way": d.Way, "to": key.Seal("dispatches", "to_sealed", did, d.To), "on": d.On, "by": actor.ID})
	audit.Record(ctx, &b, audit.Entry{Action: "dispatch-record", Case: caseID, Kind: string(actor.Kind)})
	return s.d.DB.Once(ctx, actor.Scope(), &b)
}

// Register gives what came in its entry in the register: the registrar's act (req 46).
func (s *Service) Register(ctx context.Context, actor authz.Actor, caseID, recordID uuid.UUID) error {
	cfg, err := s.d.Org.Config(ctx, actor.Scope())
	if err != nil {
		return err
	}
	var r []recordRow
	p, _, err := s.part(ctx, actor, caseID, "register-record", func(b *db.Batch) {
		db.Collect(b, oneRecord, db.Args{"case_id": caseID, "id": recordID}, &r)
	})
	switch {
	case err != nil:
		return err
	case len(r) == 0:
		return problem.NotFound()
	case r[0].EntryNo != nil:
		return conflict("Handlingen är redan registrerad.")
	case p.RegisteredAt == nil:
		return conflict("Registrera ärendet först.")
	case r[0].State == Infected:
		return conflict("Filen innehåller skadlig kod och registreras inte.")
	}
	var b db.Batch
	enter(&b, s.d.IDs, cfg.Tenant, register.RecordEntry{
		Case: caseID, Record: recordID, By: actor.ID, Kind: register.KindFor(deref(p.CaseType)), Year: clock.DateIn(*p.RegisteredAt).Year(),
		On: r[0].On, Direction: r[0].Direction, Subject: r[0].Kind.Label(), WithSender: true,
	})
	return s.d.DB.Once(ctx, actor.Scope(), &b)
}
