package dialogue

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/cache"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/seal"
)

// Limits counts tries.
type Limits interface {
	Allow(ctx context.Context, limit cache.Limit, key string) cache.Decision
}

// The code has 115 random bits and cannot be guessed, so there is no limit that one person could use up for all. These
// keep a machine from loading the database, and a found code from flooding a unit with messages.
var (
	triesPerNetwork = cache.Limit{Name: "receipt_network", Rate: 30, Period: 15 * time.Minute}
	messagesPerCase = cache.Limit{Name: "receipt_messages", Rate: 20, Period: 24 * time.Hour}
)

// Service is what the holder of a code may do.
type Service struct {
	db     *db.DB
	ring   *seal.Ring
	clock  clock.Clock
	ids    id.Source
	limits Limits
}

// New makes the service. Its database needs the intake door.
func New(d *db.DB, ring *seal.Ring, c clock.Clock, ids id.Source, limits Limits) *Service {
	return &Service{db: d, ring: ring, clock: c, ids: ids, limits: limits}
}

// Code is a try to use a receipt code: what was typed, and the network it came from.
type Code struct {
	Typed   string
	Network string
}

// WrongCode is the one answer to a code that opens nothing, whatever the reason.
func WrongCode() *problem.Problem {
	return problem.NotFound().WithCode("wrong_receipt_code").
		WithText("Koden stämmer inte. Den har 24 tecken. Kontrollera att alla sex grupperna är rätt.")
}

// Open shows what the code opens.
func (s *Service) Open(ctx context.Context, tenant uuid.UUID, code Code) (Receipt, error) {
	rows, _, err := s.find(ctx, tenant, code)
	if err != nil {
		return Receipt{}, err
	}
	key, err := s.ring.OpenCaseKey(ctx, tenant, rows[0].CaseID, rows[0].Wrapped)
	if err != nil {
		return Receipt{}, err
	}
	return receipt(rows, key)
}

// Write lets the holder of the code write to the unit.
func (s *Service) Write(ctx context.Context, tenant uuid.UUID, code Code, text string) error {
	body, err := Body(text)
	if err != nil {
		return err
	}
	rows, hash, err := s.find(ctx, tenant, code)
	if err != nil {
		return err
	}
	if err := s.allow(ctx, messagesPerCase, rows[0].CaseID.String()); err != nil {
		return err
	}
	key, err := s.ring.OpenCaseKey(ctx, tenant, rows[0].CaseID, rows[0].Wrapped)
	if err != nil {
		return err
	}
	w := written{hash: hash, messageID: s.ids.New(), eventID: s.ids.New(), jobID: s.ids.New()}
	w.body = key.Seal("messages", "body_sealed", w.messageID, body)
	b := &db.Batch{}
	write(b, w)
	err = s.db.Once(ctx, authz.Public(tenant), b)
	if problem.Is(err, problem.KindNotFound) {
		return WrongCode()
	}
	return err
}

// find looks the code up. A miswritten code is looked up too, as a random one: no answer comes sooner than another.
func (s *Service) find(ctx context.Context, tenant uuid.UUID, code Code) ([]receiptRow, [32]byte, error) {
	var hash [32]byte
	if err := s.allow(ctx, triesPerNetwork, code.Network); err != nil {
		return nil, hash, err
	}
	parsed, err := id.ParseReceiptCode(code.Typed)
	if err != nil {
		_, _ = rand.Read(hash[:]) // never returns an error: it aborts the process instead
	} else {
		hash = parsed.Hash()
	}
	var rows []receiptRow
	b := &db.Batch{}
	open(b, hash, &rows)
	if err := s.db.Once(ctx, authz.Public(tenant), b); err != nil {
		return nil, hash, err
	}
	if len(rows) == 0 {
		return nil, hash, WrongCode()
	}
	return rows, hash, nil
}

func (s *Service) allow(ctx context.Context, limit cache.Limit, key string) error {
	if d := s.limits.Allow(ctx, limit, key); !d.Allowed {
		return problem.RateLimited(d.RetryAfter)
	}
	return nil
}

func receipt(rows []receiptRow, key *seal.CaseKey) (Receipt, error) {
	first := rows[0]
	out := Receipt{
		ReceivedOn: first.ReceivedOn, AnswerBy: first.DueOn,
		AnsweredOn: dayOf(first.AnsweredAt), ClosedOn: dayOf(first.ClosedAt), Messages: []Message{},
	}
	for _, row := range rows {
		if row.MessageID == nil {
			continue
		}
		text, err := key.Open("messages", "body_sealed", *row.MessageID, row.BodySealed)
		if err != nil {
			return Receipt{}, err
		}
		out.Messages = append(out.Messages, Message{
			At: *row.MessageAt, FromWriter: *row.Direction == "FRAN_ANMALARE", Kind: *row.Kind, Text: text,
		})
	}
	reply, answered := out.Reply()
	if answered && out.AnsweredOn.IsZero() {
		out.AnsweredOn = clock.DateIn(reply.At)
	}
	out.Status = StatusOf(first.State, answered || !out.AnsweredOn.IsZero())
	return out, nil
}

func dayOf(t *time.Time) clock.Date {
	if t == nil {
		return clock.Date{}
	}
	return clock.DateIn(*t)
}
