package register

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/seal"
)

// answerWithin is how many working days a request may take: disclosure is given at once or as soon as it can be, a copy
// promptly (TF 2:15, 2:16). It is the day a reminder counts from, not leave to wait.
const answerWithin = 1

// Request is a request as it came. Requester stays empty when nothing is said: nobody may be asked who they are or why (TF 2:18).
type Request struct {
	Asked, Requester, Wants string
	Numbers                 []string // entries asked for, where they are known
}

// Key makes a create happen once.
type Key struct {
	ID  uuid.UUID
	SHA []byte
}

// Receive notes a request for disclosure.
func (s *Service) Receive(ctx context.Context, actor authz.Actor, key Key, r Request) (DisclosureView, error) {
	cfg, err := s.org.Config(ctx, actor.Scope())
	if err != nil {
		return DisclosureView{}, err
	}
	tk, err := s.ring.Current(ctx, actor.Tenant)
	if err != nil {
		return DisclosureView{}, err
	}
	id, now := uuid.Must(uuid.NewV7()), s.clock.Now()
	today := clock.DateIn(now)
	var b db.Batch
	b.Exec(onceKey, db.Args{"key": key.ID, "sha": key.SHA, "ref": id})
	audit.Record(ctx, &b, audit.Entry{Action: "receive-disclosure", Kind: string(actor.Kind)})
	b.Exec(insertDisclosure, db.Args{
		"id": id, "year": today.Year(), "at": now, "due_on": cfg.Calendar().AddWorkingDays(today, answerWithin), "wants": r.Wants, "by": actor.ID,
		"requester": hidden(tk, "requester_sealed", id, r.Requester), "asked": hidden(tk, "asked_sealed", id, r.Asked),
	})
	s.log(&b, actor, id, "disclosure.received", nil)
	for _, n := range r.Numbers {
		b.Exec(addItem, db.Args{"item": uuid.Must(uuid.NewV7()), "id": id, "number": strings.TrimSpace(n)})
	}
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return DisclosureView{}, err
	}
	return s.OpenDisclosure(ctx, actor, id)
}

func hidden(k *seal.TenantKey, column string, id uuid.UUID, text string) []byte {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	return k.Seal("disclosures", column, id, text)
}

func (s *Service) log(b *db.Batch, actor authz.Actor, id uuid.UUID, kind string, entry *uuid.UUID) {
	b.Exec(insertDisclosureEvent, db.Args{
		"id": uuid.Must(uuid.NewV7()), "disclosure_id": id, "at": s.clock.Now(), "by": actor.ID, "kind": kind, "entry_id": entry,
	})
}

// Disclosures is a page of requests.
type Disclosures struct {
	Items      []Disclosure `json:"items"`
	NextCursor *string      `json:"next_cursor"`
}

// ListDisclosures lists requests, newest first, of one state or all.
func (s *Service) ListDisclosures(ctx context.Context, actor authz.Actor, state string, limit int, cursor string) (Disclosures, error) {
	cfg, err := s.org.Config(ctx, actor.Scope())
	if err != nil {
		return Disclosures{}, err
	}
	scope := httpx.CursorScope{Tenant: actor.Tenant, User: actor.ID, Operation: "list-disclosures " + state}
	pos, err := s.cursors.Decode(scope, cursor)
	if err != nil {
		return Disclosures{}, err
	}
	args := db.Args{"before_at": time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), "before_id": uuid.Max, "limit": limit + 1, "state": state}
	if pos != nil {
		args["before_at"], args["before_id"] = pos.At, pos.ID
	}
	var (
		b   db.Batch
		out Disclosures
	)
	db.Collect(&b, listDisclosures, args, &out.Items)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return Disclosures{}, err
	}
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		out.NextCursor = s.next(scope, out.Items[limit-1].ReceivedAt, out.Items[limit-1].ID)
	}
	for i := range out.Items {
		out.Items[i].due(cfg, clock.DateIn(s.clock.Now()))
	}
	return out, nil
}

func (d *Disclosure) due(cfg org.Config, today clock.Date) {
	if d.State == "PAGAR" {
		d.DueText, d.Late = cfg.DueText(d.DueOn, today), d.DueOn.Before(today)
	}
}

// loaded is a request with its items and their keys.
type loaded struct {
	row   disclosureRow
	items []itemRow
	key   *seal.TenantKey
}

// load reads a request. Whose words are opened with it is written before anything is answered.
func (s *Service) load(ctx context.Context, actor authz.Actor, id uuid.UUID, action string) (loaded, error) {
	var (
		l   loaded
		b   db.Batch
		ids []uuid.UUID
	)
	args := db.Args{"id": id}
	db.First(&b, selectDisclosure, args, &l.row)
	db.Collect(&b, listItems, args, &l.items)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return l, err
	}
	for _, i := range l.items {
		ids = append(ids, i.CaseID)
	}
	b = db.Batch{}
	audit.Record(ctx, &b, audit.Entry{Action: action, Shown: ids, Kind: string(actor.Kind)})
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return l, err
	}
	var err error
	l.key, err = s.ring.For(ctx, actor.Tenant, l.row.Asked)
	return l, err
}

// OpenDisclosure reads a request with everything that is tried in it.
func (s *Service) OpenDisclosure(ctx context.Context, actor authz.Actor, id uuid.UUID) (DisclosureView, error) {
	cfg, err := s.org.Config(ctx, actor.Scope())
	if err != nil {
		return DisclosureView{}, err
	}
	l, err := s.load(ctx, actor, id, "open-disclosure")
	if err != nil {
		return DisclosureView{}, err
	}
	out := DisclosureView{Disclosure: l.row.Disclosure, Version: l.row.Version, Items: []DisclosureItem{}}
	out.due(cfg, clock.DateIn(s.clock.Now()))
	for _, x := range []struct {
		column string
		sealed []byte
		to     *string
	}{
		{"requester_sealed", l.row.Requester, &out.Requester},
		{"asked_sealed", l.row.Asked, &out.Asked},
		{"reservation_sealed", l.row.Reservation, &out.Reservation},
		{"motivation_sealed", l.row.Motivation, &out.Motivation},
		{"decision_sealed", l.row.Decision, &out.Decision},
	} {
		if x.sealed == nil {
			continue
		}
		if *x.to, err = l.key.Open("disclosures", x.column, id, x.sealed); err != nil {
			return DisclosureView{}, err
		}
	}
	for _, i := range l.items {
		item, err := s.item(ctx, actor, i)
		if err != nil {
			return DisclosureView{}, err
		}
		out.Items = append(out.Items, item)
	}
	var b db.Batch
	db.Collect(&b, listDisclosureEvents, db.Args{"id": id}, &out.Events)
	return out, s.db.Once(ctx, actor.Scope(), &b)
}

func (s *Service) item(ctx context.Context, actor authz.Actor, i itemRow) (DisclosureItem, error) {
	out := DisclosureItem{
		ID: i.ID, EntryID: i.EntryID, CaseID: i.CaseID, EntryNo: i.EntryNo, Subject: i.Subject, SecrecyLaw: i.SecrecyLaw, Outcome: i.Outcome, Law: i.Law,
		Masks: append([]Mask{}, i.Masks...), ReviewedBy: i.ReviewedBy, ReviewedAt: i.ReviewedAt,
	}
	key, text, err := s.words(ctx, actor, i)
	if err != nil {
		return out, err
	}
	out.Text = text
	switch {
	case i.MaskedSealed != nil:
		out.Copy, err = key.Open("disclosure_items", "masked_sealed", i.ID, i.MaskedSealed)
	case i.Outcome != nil && *i.Outcome == GivenWhole:
		out.Copy = text
	}
	return out, err
}

// words puts the document that came in together as it is read; an entry that is no text of ours has none.
func (s *Service) words(ctx context.Context, actor authz.Actor, i itemRow) (*seal.CaseKey, string, error) {
	key, err := s.ring.OpenCaseKey(ctx, actor.Tenant, i.CaseID, i.Wrapped)
	if err != nil {
		return nil, "", err
	}
	var parts []string
	for _, x := range []struct {
		head, column string
		sealed       []byte
	}{
		{"", "narrative_sealed", i.Narrative},
		{"Var: ", "place_sealed", i.Place},
		{"Direkt åtgärd: ", "measure_sealed", i.Measure},
		{"Inblandade: ", "people_sealed", i.People},
		{"Anteckning vid mottagandet: ", "note_sealed", i.Note},
	} {
		if x.sealed == nil {
			continue
		}
		text, err := key.Open("reports", x.column, i.CaseID, x.sealed)
		if err != nil {
			return nil, "", err
		}
		parts = append(parts, x.head+text)
	}
	return key, strings.Join(parts, "\n\n"), nil
}

// AddEntry takes an entry into the trial by its number.
func (s *Service) AddEntry(ctx context.Context, actor authz.Actor, id uuid.UUID, version int, number string) error {
	var (
		b    db.Batch
		rows []struct {
			ID uuid.UUID `db:"id"`
		}
	)
	b.Exec(disclosureThere, db.Args{"id": id})
	db.Collect(&b, selectEntryByNumber, db.Args{"number": number}, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return err
	}
	if len(rows) == 0 {
		return problem.Invalid(problem.Field("/number", "Det finns ingen post i diariet med det numret."))
	}
	b = db.Batch{}
	b.Exec(touchDisclosure, db.Args{"id": id, "version": version})
	b.Exec(addItem, db.Args{"item": uuid.Must(uuid.NewV7()), "id": id, "number": number})
	s.log(&b, actor, id, "disclosure.item-added", &rows[0].ID)
	return s.db.Once(ctx, actor.Scope(), &b)
}

// Review is the trial of one entry. Law is the provision that what is withheld rests on.
type Review struct {
	Item    uuid.UUID
	Outcome string
	Law     string
	Masks   []Mask
}

// Review tries an entry anew, whatever its marking says (OSL 5:5 is a warning). The masked copy is sealed beside the original,
// which nothing here can change.
func (s *Service) Review(ctx context.Context, actor authz.Actor, id uuid.UUID, version int, r Review) error {
	l, err := s.load(ctx, actor, id, "review-disclosure")
	if err != nil {
		return err
	}
	var found *itemRow
	for i := range l.items {
		if l.items[i].ID == r.Item {
			found = &l.items[i]
		}
	}
	if found == nil {
		return problem.NotFound()
	}
	if r.Law = strings.TrimSpace(r.Law); r.Outcome != GivenWhole && r.Law == "" {
		return problem.Invalid(problem.Field("/law", "Skriv bestämmelsen som det du inte lämnar ut omfattas av."))
	}
	key, text, err := s.words(ctx, actor, *found)
	if err != nil {
		return err
	}
	args := db.Args{
		"id": id, "item": r.Item, "outcome": r.Outcome, "law": nil, "masked": nil, "masks": []Mask{}, "sha": hashOf(text), "by": actor.ID, "at": s.clock.Now(),
	}
	if r.Outcome != GivenWhole {
		args["law"] = r.Law
	}
	if r.Outcome == GivenMasked {
		if len(r.Masks) == 0 || length(text) == 0 {
			return problem.Invalid(problem.Field("/masks", "Markera det som ska döljas, eller välj att lämna ut helt eller inte alls."))
		}
		given, masks, err := Masked(text, r.Masks)
		if err != nil {
			return err
		}
		args["masked"], args["masks"] = key.Seal("disclosure_items", "masked_sealed", r.Item, given), masks
	}
	var b db.Batch
	b.Exec(touchDisclosure, db.Args{"id": id, "version": version})
	b.Exec(reviewItem, args)
	s.log(&b, actor, id, "disclosure.reviewed", &found.EntryID)
	return s.db.Once(ctx, actor.Scope(), &b)
}

// Verdict is what the decision says beside what follows from the trials. Reservation is a förbehåll (OSL 10:14).
type Verdict struct{ Motivation, Reservation string }

// Decide ends a request. What is refused or masked needs a motivation, and the decision says how it is appealed.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, id uuid.UUID, version int, v Verdict) error {
	cfg, err := s.org.Config(ctx, actor.Scope())
	if err != nil {
		return err
	}
	l, err := s.load(ctx, actor, id, "decide-disclosure")
	if err != nil {
		return err
	}
	outcome := overall(l.items)
	motivation, reservation := strings.TrimSpace(v.Motivation), strings.TrimSpace(v.Reservation)
	switch {
	case l.row.State != "PAGAR":
		return problem.IllegalMove("Begäran är redan avslutad.")
	case outcome == "":
		return problem.IllegalMove("Pröva först varje handling.")
	case (outcome == GivenMasked || outcome == Refused) && motivation == "":
		return problem.Invalid(problem.Field("/motivation", "Skriv varför uppgifterna inte kan lämnas ut."))
	case reservation != "" && (outcome == Refused || outcome == Missing):
		return problem.Invalid(problem.Field("/reservation", "Ett förbehåll ställs bara när något lämnas ut."))
	}
	appeal := cfg.Tenant.Texts.DisclosureAppeal
	if appeal == "" {
		appeal = defaultAppeal
	}
	text := decision{
		Number: l.row.Number, Authority: cfg.Tenant.Secrecy.Authority, Outcome: outcome, Appeal: appeal,
		Verdict: Verdict{Motivation: motivation, Reservation: reservation},
	}.text(l.items)
	var b db.Batch
	b.Exec(decideDisclosure, db.Args{
		"id": id, "version": version, "outcome": outcome, "by": actor.ID, "at": s.clock.Now(),
		"motivation": hidden(l.key, "motivation_sealed", id, motivation), "reservation": hidden(l.key, "reservation_sealed", id, reservation),
		"decision": hidden(l.key, "decision_sealed", id, text),
	})
	s.log(&b, actor, id, "disclosure.decided", nil)
	return s.db.Once(ctx, actor.Scope(), &b)
}

// Withdraw ends a request that was taken back.
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, id uuid.UUID, version int) error {
	var b db.Batch
	b.Exec(withdrawDisclosure, db.Args{"id": id, "version": version})
	s.log(&b, actor, id, "disclosure.withdrawn", nil)
	return s.db.Once(ctx, actor.Scope(), &b)
}
