package lexsarah

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/casework"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/seal"
	"lyhord/tenants"
)

// Service is the use-cases. Every method is a transaction boundary.
type Service struct{ d Deps }

// Deps are what a Service needs. Wake is called after each commit that wrote an outbox row; it must not block.
type Deps struct {
	DB      *db.DB
	Ring    *seal.Ring
	Clock   clock.Clock
	IDs     id.Source
	Policy  *authz.Policy
	Org     *org.Service
	Cases   *casework.Service
	Cursors *httpx.Cursors
	Wake    func()
}

// New makes the service.
func New(d Deps) *Service {
	if d.Wake == nil {
		d.Wake = func() {}
	}
	return &Service{d}
}

// loaded is what a verb starts from.
type loaded struct {
	Situation
	key     *seal.CaseKey
	entries []entryRow
	ivo     []ivoRow
	steps   []stepRow
	report  []reportRow
	cfg     org.Config
}

// load reads the whole track in one round trip; the read is logged in it. A track out of sight is missing.
func (s *Service) load(ctx context.Context, actor authz.Actor, caseID uuid.UUID, action string) (loaded, error) {
	var (
		l   loaded
		key []keyRow
		b   db.Batch
		err error
	)
	if l.cfg, err = s.d.Org.Config(ctx, actor.Scope()); err != nil {
		return l, err
	}
	one := db.Args{"id": caseID}
	audit.Record(ctx, &b, audit.Entry{Action: action, Case: caseID, Kind: string(actor.Kind)})
	db.First(&b, selectTrack, one, &l.Track)
	db.Collect(&b, selectKey, one, &key)
	db.Collect(&b, selectEntries, one, &l.entries)
	db.Collect(&b, selectIVO, one, &l.ivo)
	db.Collect(&b, selectSteps, one, &l.steps)
	db.Collect(&b, selectReport, one, &l.report)
	if err := s.d.DB.Once(ctx, actor.Scope(), &b); err != nil {
		return l, err
	}
	l.Missing = missing(l.Track, l.entries)
	l.OwnApproval = l.cfg.Tenant.LexSarah.OwnApproval == tenants.Allowed
	l.Actor, l.May = actor.ID, func(p string) bool { return s.d.Policy.May(actor, p) }
	if len(key) == 0 {
		return l, problem.Gone()
	}
	l.key, err = s.d.Ring.OpenCaseKey(ctx, actor.Tenant, caseID, key[0].Wrapped)
	if errors.Is(err, seal.ErrShredded) {
		return l, problem.Gone()
	}
	return l, err
}

// allowed loads a track for an act and asks whether it is possible now, on the version that the actor saw.
func (s *Service) allowed(ctx context.Context, actor authz.Actor, at At, act string) (loaded, error) {
	l, err := s.load(ctx, actor, at.Case, act)
	if err != nil {
		return l, err
	}
	if at.Version != l.Track.Version {
		return l, problem.Stale()
	}
	return l, l.Allow(act)
}

// At is a track in the version somebody saw.
type At struct {
	Case    uuid.UUID
	Version int
}

// sealed seals a text under the track's own row, or nothing when there is none.
func (l loaded) sealed(column, text string) []byte {
	if text == "" {
		return nil
	}
	return l.key.Seal("lex_cases", column, l.Track.CaseID, text)
}

// move is a verb's effect.
type move struct {
	To     Step // empty: the track stays where it is
	Kind   string
	Set    map[string]any
	Note   string
	More   func(b *db.Batch)
	Notify []jobs.Kind
}

// queue adds the move to the batch: the guarded row, the log, what else belongs to it.
func (s *Service) queue(b *db.Batch, actor authz.Actor, l loaded, m move) {
	queueTrack(b, l.Track, m.To, m.Set)
	id := s.d.IDs.New()
	args := db.Args{"id": id, "case_id": l.Track.CaseID, "at": s.d.Clock.Now(), "by": actor.ID, "kind": m.Kind, "code": nil, "from": nil, "to": nil, "note": nil}
	if step, ok := between(l.Track.Step, m.To); ok {
		args["code"], args["from"], args["to"] = step.Code, step.From, step.To
	}
	if m.Note != "" {
		args["note"] = l.key.Seal("lex_steps", "note_sealed", id, m.Note)
	}
	b.Exec(insertStep, args)
	if m.More != nil {
		m.More(b)
	}
	for _, kind := range m.Notify {
		jobs.Enqueue(b, s.d.IDs, kind, l.Track.CaseID)
	}
}

// write sends a move as one transaction and wakes the relay.
func (s *Service) write(ctx context.Context, actor authz.Actor, l loaded, m move) error {
	var b db.Batch
	audit.Record(ctx, &b, audit.Entry{Action: m.Kind, Case: l.Track.CaseID, Kind: string(actor.Kind)})
	s.queue(&b, actor, l, m)
	if err := s.d.DB.Once(ctx, actor.Scope(), &b); err != nil {
		return err
	}
	s.d.Wake()
	return nil
}

func (s *Service) today() clock.Date { return clock.Today(s.d.Clock) }

// notAhead refuses a day that has not been yet.
func (s *Service) notAhead(on clock.Date, pointer string) error {
	if on.After(s.today()) {
		return problem.Invalid(problem.Field(pointer, "Datumet ligger i framtiden."))
	}
	return nil
}

// lateAt is when a missed day is told: at seven on the next working day.
func (l loaded) lateAt(due clock.Date) time.Time {
	return l.cfg.Calendar().NextWorkingDay(due.AddDays(1)).At(7, 0)
}
