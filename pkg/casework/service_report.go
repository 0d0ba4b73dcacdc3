package casework

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/seal"
	"lyhord/tenants"
)

// Report is what a report needs, by whatever channel it comes: one pipeline for all of them (req. 15).
type Report struct {
	Channel      string
	SenderRole   string
	CaseType     string // empty: the registrar says
	UnitID       *uuid.UUID
	Category     string
	Harm         string
	AboutManager bool
	Anonymous    bool
	WantsReply   string
	HappenedAt   *time.Time
	ArrivedOn    clock.Date // zero: now
	Words        Words
	Once         string // what the public form was given when it was shown; the same words sent twice with it are one report
}

// Receipt is what the one who reported is told.
type Receipt struct {
	ID          uuid.UUID
	Reference   string
	ReceivedAt  time.Time
	UnitName    string
	ManagerName *string
	RegisterBy  clock.Date
	AnswerBy    clock.Date
	Code        *id.ReceiptCode // only where the writer follows the case by code
}

// oral are the channels where somebody wrote down what somebody else said (req. 16).
var oral = []string{"MUNTLIG_TELEFON", "MUNTLIG_MOTE", "ALDRE_DIREKT"}

// ReportByStaff is T1 by a person at work about what she saw (req. 13, 23). The key makes a double send one report.
func (s *Service) ReportByStaff(ctx context.Context, actor authz.Actor, key Key, r Report) (Receipt, error) {
	r.Channel = "EGEN_IAKTTAGELSE"
	r.WantsReply = "NEJ"
	if r.SenderRole == "" {
		r.SenderRole = "PERSONAL"
	}
	if r.CaseType == "" {
		r.CaseType = TypeDeviation
	}
	return s.receive(ctx, actor, key, r, nil)
}

// TakeDown is T1 by a person at work for somebody else: oral, phone, mail, SMS, letter or brochure (req. 16–19).
func (s *Service) TakeDown(ctx context.Context, actor authz.Actor, key Key, r Report) (Receipt, error) {
	var wrong []problem.FieldError
	if slices.Contains(oral, r.Channel) && r.Words.Note == "" {
		wrong = append(wrong, problem.Field("/note", "Skriv hur samtalet gick till: när, var och vem som tog emot det."))
	}
	if r.Anonymous && !r.Words.Contact.Empty() {
		wrong = append(wrong, problem.Field("/contact", "Den som vill vara anonym får inga kontaktuppgifter. Ta bort dem eller ändra valet."))
	}
	if need := contactFor(r); need != "" {
		wrong = append(wrong, problem.Field("/contact", need))
	}
	if r.ArrivedOn.After(day(s.clock.Now())) {
		wrong = append(wrong, problem.Field("/arrived_on", "Datumet ligger i framtiden."))
	}
	if len(wrong) > 0 {
		return Receipt{}, problem.Invalid(wrong...)
	}
	var code *id.ReceiptCode
	if r.WantsReply == "KOD" {
		c := id.NewReceiptCode()
		code = &c
	}
	return s.receive(ctx, actor, key, r, code)
}

// contactFor says what is missing to answer the way the writer wants.
func contactFor(r Report) string {
	c := r.Words.Contact
	switch {
	case r.WantsReply == "EPOST" && c.Email == "":
		return "Skriv e-postadressen som svaret ska skickas till."
	case r.WantsReply == "TELEFON" && c.Phone == "":
		return "Skriv telefonnumret."
	case r.WantsReply == "BREV" && c.Address == "":
		return "Skriv adressen som brevet ska skickas till."
	}
	return ""
}

// Key makes a create happen once: the caller's Idempotency-Key and the hash of what was sent.
type Key struct {
	ID        uuid.UUID
	Operation string
	SHA256    []byte
}

const onceKey = `select app.once(@key, @operation, @sha, @ref)`

// receive writes a new case for a logged-in reporter in one transaction.
func (s *Service) receive(ctx context.Context, actor authz.Actor, key Key, r Report, code *id.ReceiptCode) (Receipt, error) {
	cfg, err := s.org.Config(ctx, actor.Scope())
	if err != nil {
		return Receipt{}, err
	}
	n, out, err := s.draft(ctx, actor.Tenant, cfg, r)
	if err != nil {
		return Receipt{}, err
	}
	n.Readers = []uuid.UUID{actor.ID} // a machine, too, sees what it sent
	if actor.Kind == authz.Person {
		if r.Channel == "EGEN_IAKTTAGELSE" {
			n.ReporterID = &actor.ID
		} else {
			n.TakenDownBy = &actor.ID
		}
	}
	var b db.Batch
	b.Exec(onceKey, db.Args{"key": key.ID, "operation": key.Operation, "sha": key.SHA256, "ref": n.ID})
	queueNewCase(&b, n)
	s.queueArrival(&b, n, cfg, code, &actor.ID)
	if err := s.queueIndexes(ctx, &b, actor.Tenant, n.ID, r.Words.Contact); err != nil {
		return Receipt{}, err
	}
	audit.Record(ctx, &b, audit.Entry{Action: key.Operation, Case: n.ID, Kind: string(actor.Kind)})
	var told []toldRow
	db.Collect(&b, selectTold, db.Args{"id": n.ID}, &told)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return s.repeated(ctx, actor, cfg, err)
	}
	s.wake()
	if len(told) == 1 {
		out.UnitName, out.ManagerName = deref(told[0].UnitName), told[0].ManagerName
	}
	out.Code = code
	return out, nil
}

// ReportPublicly is T1 through the public form: nobody is logged in, nothing can be read, no trace of the sender is kept
// beyond what the sender wrote. The code is how an anonymous writer reads the answer.
func (s *Service) ReportPublicly(ctx context.Context, tenant uuid.UUID, r Report) (Receipt, error) {
	r.Channel, r.CaseType = "WEBBFORMULAR", ""
	r.Anonymous = r.Words.Contact.Empty()
	if r.SenderRole == "" {
		r.SenderRole = "ALLMANHET"
		if r.Anonymous {
			r.SenderRole = "ANONYM"
		}
	}
	if need := contactFor(r); need != "" {
		return Receipt{}, problem.Invalid(problem.Field("/contact", need))
	}
	cfg, err := s.org.Config(ctx, authz.Public(tenant))
	if err != nil {
		return Receipt{}, err
	}
	if r.Once == "" {
		return s.takePublicly(ctx, tenant, cfg, r, names{id.Reference(), id.NewReceiptCode()})
	}
	return s.takeOnce(ctx, tenant, cfg, r)
}

// names are what a public report is known by outside.
type names struct {
	Reference string
	Code      id.ReceiptCode
}

// takeOnce takes a report that may arrive again: a page that is reloaded, an answer lost on the way. Who sends may not read,
// so the number and the code follow from what was sent, under the tenant's key: the second time they are already taken,
// and the writer is told the same as the first time.
func (s *Service) takeOnce(ctx context.Context, tenant uuid.UUID, cfg org.Config, r Report) (Receipt, error) {
	tk, err := s.ring.Current(ctx, tenant)
	if err != nil {
		return Receipt{}, err
	}
	said, err := json.Marshal(r)
	if err != nil {
		return Receipt{}, problem.Internal(err)
	}
	seed := tk.Index(seal.IndexOther, "sending "+fmt.Sprintf("%x", sha256.Sum256(said)))
	known := names{id.ReferenceFrom(seed), id.ReceiptCodeFrom(seed)}
	out, err := s.takePublicly(ctx, tenant, cfg, r, known)
	if !taken(err) {
		return out, err
	}
	// The short number may by chance be another report's; the code cannot.
	out, err = s.takePublicly(ctx, tenant, cfg, r, names{id.Reference(), known.Code})
	if !taken(err) {
		return out, err
	}
	now := s.clock.Now()
	return Receipt{
		Reference: known.Reference, ReceivedAt: now, Code: &known.Code,
		RegisterBy: cfg.Deadline(tenants.RuleRegister, day(now)).DueOn, AnswerBy: cfg.Deadline(tenants.RuleReplySimple, day(now)).DueOn,
	}, nil
}

func taken(err error) bool { return err != nil && problem.From(err).Code == "already_exists" }

func (s *Service) takePublicly(ctx context.Context, tenant uuid.UUID, cfg org.Config, r Report, as names) (Receipt, error) {
	n, out, err := s.draft(ctx, tenant, cfg, r)
	if err != nil {
		return Receipt{}, err
	}
	n.Reference, out.Reference = as.Reference, as.Reference
	var b db.Batch
	queueNewCase(&b, n)
	s.queueArrival(&b, n, cfg, &as.Code, nil)
	if err := s.queueIndexes(ctx, &b, tenant, n.ID, r.Words.Contact); err != nil {
		return Receipt{}, err
	}
	audit.Record(ctx, &b, audit.Entry{Action: "report-publicly", Kind: "PUBLIC"})
	if err := s.db.Once(ctx, authz.Public(tenant), &b); err != nil {
		return Receipt{}, err
	}
	s.wake()
	out.Code = &as.Code
	return out, nil
}

// draft seals the words under a new key and works out the dates.
func (s *Service) draft(ctx context.Context, tenant uuid.UUID, cfg org.Config, r Report) (newCase, Receipt, error) {
	now := s.clock.Now()
	on := r.ArrivedOn
	if on.IsZero() {
		on = day(now)
	}
	sol, hsl := cfg.SplitCategory(r.Category)
	if r.Category != "" && sol == nil && hsl == nil {
		return newCase{}, Receipt{}, problem.Invalid(problem.Field("/category", "Kategorin finns inte."))
	}
	caseID := s.ids.New()
	key, version, wrapped, err := s.fresh(ctx, tenant, caseID)
	if err != nil {
		return newCase{}, Receipt{}, err
	}
	w := r.Words
	answer := cfg.Deadline(answerRule(r.CaseType, NotJudged), on)
	n := newCase{
		ID: caseID, Reference: id.Reference(), Channel: r.Channel, SenderRole: r.SenderRole, WantsReply: r.WantsReply, Harm: r.Harm,
		CaseType: optional(r.CaseType), Category: sol, CategoryHSL: hsl, Anonymous: r.Anonymous, AboutManager: r.AboutManager, UnitID: r.UnitID,
		HappenedAt: r.HappenedAt, ReceivedAt: now, ReceivedOn: on, Due: answer, Readers: []uuid.UUID{},
		Narrative:  key.Seal("reports", "narrative_sealed", caseID, w.Narrative),
		Place:      sealed(key, "reports", "place_sealed", caseID, w.Place),
		Measure:    sealed(key, "reports", "measure_sealed", caseID, w.Measure),
		People:     sealed(key, "reports", "people_sealed", caseID, w.People),
		Contact:    sealed(key, "reports", "contact_sealed", caseID, contactText(w.Contact)),
		OnBehalf:   sealed(key, "reports", "on_behalf_sealed", caseID, w.OnBehalfOf),
		Note:       sealed(key, "reports", "note_sealed", caseID, w.Note),
		KeyVersion: version, WrappedKey: wrapped,
	}
	if n.Harm == "" {
		n.Harm = HarmUnknown
	}
	out := Receipt{
		ID: caseID, Reference: n.Reference, ReceivedAt: now,
		RegisterBy: cfg.Deadline(tenants.RuleRegister, on).DueOn, AnswerBy: answer.DueOn,
	}
	return n, out, nil
}

// queueArrival adds what follows every new case: its first event, the receipt, who must know, and the register deadline.
func (s *Service) queueArrival(b *db.Batch, n newCase, cfg org.Config, code *id.ReceiptCode, actor *uuid.UUID) {
	first := Move{Code: "T1", From: None, To: Received}
	queueEvent(b, event{
		ID: s.ids.New(), Case: n.ID, At: n.ReceivedAt, Actor: actor, Kind: "case.reported", Move: &first,
		Data: map[string]any{"channel": n.Channel},
	})
	if code != nil {
		sum := code.Hash()
		b.Exec(insertReceipt, db.Args{"id": n.ID, "sha": sum[:], "expires_at": n.ReceivedAt.AddDate(2, 0, 0)})
	}
	jobs.Enqueue(b, s.ids, jobs.NotifyCaseReceived, n.ID)
	jobs.Enqueue(b, s.ids, jobs.UpdateFact, n.ID)
	s.startClock(b, n.ID, registerClock, cfg.Deadline(tenants.RuleRegister, n.ReceivedOn), cfg)
	s.queueAcknowledgement(b, n, cfg, code != nil)
}

const insertReceipt = `insert into app.receipts (case_id, code_sha256, expires_at) values (@id, @sha, @expires_at)`

// queueIndexes lets the case be found by the writer's name, phone or e-mail without any of them being readable.
func (s *Service) queueIndexes(ctx context.Context, b *db.Batch, tenant, caseID uuid.UUID, c Contact) error {
	tk, err := s.ring.Current(ctx, tenant)
	if err != nil {
		return err
	}
	add := func(kind string, digest []byte) {
		b.Exec(insertContact, db.Args{"id": caseID, "kind": kind, "digest": digest})
	}
	for _, d := range tk.NameIndexes(c.Name) {
		add("NAME", d)
	}
	if c.Phone != "" {
		add("PHONE", tk.Index(seal.IndexPhone, c.Phone))
	}
	if c.Email != "" {
		add("EMAIL", tk.Index(seal.IndexEmail, c.Email))
	}
	return nil
}

type toldRow struct {
	UnitName    *string `db:"unit_name"`
	ManagerName *string `db:"manager_name"`
}

const selectTold = `
select u.name as unit_name, (select p.name from app.unit_managers m join app.people p on p.tenant_id = m.tenant_id and p.id = m.person_id
    where m.unit_id = c.unit_id and m.valid_from <= c.received_on and (m.valid_to is null or m.valid_to >= c.received_on) limit 1) as manager_name
  from app.cases c left join app.units u on u.tenant_id = c.tenant_id and u.id = c.unit_id where c.id = @id`

// repeated answers a second send of the same report with the first one's receipt.
func (s *Service) repeated(ctx context.Context, actor authz.Actor, cfg org.Config, err error) (Receipt, error) {
	var again *db.Repeated
	if !errors.As(err, &again) {
		return Receipt{}, err
	}
	first, perr := uuid.Parse(again.Ref)
	if perr != nil {
		return Receipt{}, problem.Internal(perr)
	}
	l, err := s.load(ctx, actor, first, "report-case")
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{
		ID: l.Case.ID, Reference: l.Case.Reference, ReceivedAt: l.Case.ReceivedAt, UnitName: deref(l.Case.UnitName),
		RegisterBy: cfg.Deadline(tenants.RuleRegister, l.Case.ReceivedOn).DueOn, AnswerBy: l.due(cfg).DueOn,
	}, nil
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
