package casework

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/seal"
)

// Service is the use-cases. Every method is a transaction boundary.
type Service struct {
	db      *db.DB
	ring    *seal.Ring
	clock   clock.Clock
	ids     id.Source
	policy  *authz.Policy
	org     *org.Service
	cursors *httpx.Cursors
	wake    func() // wakes the outbox relay after a commit
}

// Deps are what a Service needs. Wake is called after each commit that wrote an outbox row; it must not block.
type Deps struct {
	DB      *db.DB
	Ring    *seal.Ring
	Clock   clock.Clock
	IDs     id.Source
	Policy  *authz.Policy
	Org     *org.Service
	Cursors *httpx.Cursors
	Wake    func()
}

// New makes the service.
func New(d Deps) *Service {
	wake := d.Wake
	if wake == nil {
		wake = func() {}
	}
	return &Service{db: d.DB, ring: d.Ring, clock: d.Clock, ids: d.IDs, policy: d.Policy, org: d.Org, cursors: d.Cursors, wake: wake}
}

// loaded is what a verb starts from: the situation and the key to the case's words.
type loaded struct {
	Situation
	key   *seal.CaseKey
	rules org.Config // the tenant's
}

type keyRow struct {
	Wrapped []byte `db:"wrapped"`
}

const selectKey = `select wrapped from app.case_keys where case_id = @id`

// load reads the case for an act, in one round trip. A case out of sight is missing.
func (s *Service) load(ctx context.Context, actor authz.Actor, caseID uuid.UUID, action string, more ...func(*db.Batch)) (loaded, error) {
	cfg, err := s.org.Config(ctx, actor.Scope())
	if err != nil {
		return loaded{}, err
	}
	var (
		l   = loaded{rules: cfg}
		key []keyRow
		b   db.Batch
	)
	audit.Record(ctx, &b, audit.Entry{Action: action, Case: caseID, Kind: string(actor.Kind)})
	db.First(&b, selectCase, db.Args{"id": caseID}, &l.Case)
	db.First(&b, selectFacts, db.Args{"id": caseID}, &l.Facts)
	db.Collect(&b, selectKey, db.Args{"id": caseID}, &key)
	s.queueAbove(&b, actor, caseID, &l.Above)
	for _, read := range more {
		read(&b)
	}
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return l, err
	}
	l.Actor, l.May = actor.ID, func(p string) bool { return s.policy.May(actor, p) }
	return l, s.unlock(ctx, actor.Tenant, caseID, key, &l.key)
}

// allowed is how every verb begins: the case, the tenant's rules, and whether the act is possible now. More adds what this
// verb alone has to know to the same reading.
func (s *Service) allowed(ctx context.Context, actor authz.Actor, caseID uuid.UUID, act string, more ...func(*db.Batch)) (loaded, error) {
	l, err := s.load(ctx, actor, caseID, act, more...)
	if err != nil {
		return l, err
	}
	return l, l.Allow(act)
}

// unlock opens the case's key; a case whose key is destroyed (gallrat) is gone.
func (s *Service) unlock(ctx context.Context, tenant, caseID uuid.UUID, rows []keyRow, dest **seal.CaseKey) error {
	if len(rows) == 0 {
		return problem.Gone()
	}
	key, err := s.ring.OpenCaseKey(ctx, tenant, caseID, rows[0].Wrapped)
	if errors.Is(err, seal.ErrShredded) {
		return problem.Gone()
	}
	*dest = key
	return err
}

// fresh makes a key for a new case.
func (s *Service) fresh(ctx context.Context, tenant, caseID uuid.UUID) (key *seal.CaseKey, version int, wrapped []byte, err error) {
	tk, err := s.ring.Current(ctx, tenant)
	if err != nil {
		return nil, 0, nil, err
	}
	key, wrapped = tk.NewCaseKey(caseID)
	return key, tk.Version(), wrapped, nil
}

// sealed seals a text, or nothing when there is none.
func sealed(k *seal.CaseKey, table, column string, row uuid.UUID, text string) []byte {
	if text == "" {
		return nil
	}
	return k.Seal(table, column, row, text)
}

// opened unseals a text; an absent one is empty.
func opened(k *seal.CaseKey, table, column string, row uuid.UUID, sealed []byte) (string, error) {
	if sealed == nil {
		return "", nil
	}
	return k.Open(table, column, row, sealed)
}

// move is a verb's effect, ready to be written: the guarded change, the event, and what else goes into the same batch.
type move struct {
	change change
	event  event
	more   func(b *db.Batch)
	notify []jobs.Kind
	then   *move // a second move of the same act, in the same transaction
}

// queueNext adds the second move of an act. The first one holds the row, so its state alone is the guard.
func (s *Service) queueNext(b *db.Batch, actor authz.Actor, l loaded, first move) error {
	m := *first.then
	if !Legal(m.event.Move.Code, m.event.Move.From, m.event.Move.To) || m.event.Move.From != first.event.Move.To {
		return problem.IllegalMove("")
	}
	m.change.ID, m.change.From, m.change.To, m.change.Held = l.Case.ID, m.event.Move.From, m.event.Move.To, true
	m.event.ID, m.event.Case, m.event.At, m.event.Actor = s.ids.New(), l.Case.ID, s.clock.Now(), &actor.ID
	m.event.Note = sealed(l.key, "case_events", "note_sealed", m.event.ID, m.event.Text)
	queueChange(b, m.change)
	queueEvent(b, m.event)
	if m.more != nil {
		m.more(b)
	}
	for _, kind := range m.notify {
		jobs.Enqueue(b, s.ids, kind, l.Case.ID)
	}
	return nil
}

// write sends a move as one transaction and wakes the relay.
func (s *Service) write(ctx context.Context, actor authz.Actor, l loaded, version int, m move) error {
	if version != l.Case.Version {
		return problem.Stale()
	}
	now := s.clock.Now()
	m.change.ID, m.change.Version, m.change.From = l.Case.ID, version, l.Case.State
	m.event.ID, m.event.Case, m.event.At, m.event.Actor = s.ids.New(), l.Case.ID, now, &actor.ID
	m.event.Note = sealed(l.key, "case_events", "note_sealed", m.event.ID, m.event.Text)
	if m.event.Move != nil {
		if !Legal(m.event.Move.Code, m.event.Move.From, m.event.Move.To) {
			return problem.IllegalMove("")
		}
		if m.event.Move.To != l.Case.State {
			m.change.To = m.event.Move.To
		}
	}
	var b db.Batch
	queueChange(&b, m.change)
	queueEvent(&b, m.event)
	if m.more != nil {
		m.more(&b)
	}
	if m.then != nil {
		if err := s.queueNext(&b, actor, l, m); err != nil {
			return err
		}
	}
	for _, kind := range m.notify {
		jobs.Enqueue(&b, s.ids, kind, l.Case.ID)
	}
	jobs.Enqueue(&b, s.ids, jobs.UpdateFact, l.Case.ID)
	audit.Record(ctx, &b, audit.Entry{Action: m.event.Kind, Case: l.Case.ID, Kind: string(actor.Kind)})
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return err
	}
	s.wake()
	return nil
}

// leaving is who of these no longer has a part in the case once somebody has taken over from them. The handler and the
// superior who was asked keep their part.
func (l loaded) leaving(to *uuid.UUID, from ...*uuid.UUID) []uuid.UUID {
	same := func(a, b *uuid.UUID) bool { return a != nil && b != nil && *a == *b }
	var out []uuid.UUID
	for _, p := range from {
		if p != nil && !same(p, to) && !same(p, l.Case.SuperiorID) {
			out = append(out, *p)
		}
	}
	return out
}

// from starts a move at the present state.
func (l loaded) from(code string, to State) *Move {
	return &Move{Code: code, From: l.Case.State, To: to}
}

func contactText(c Contact) string {
	if c.Empty() {
		return ""
	}
	text, _ := json.Marshal(c) // four strings: cannot fail
	return string(text)
}

func day(t time.Time) clock.Date { return clock.DateIn(t) }
