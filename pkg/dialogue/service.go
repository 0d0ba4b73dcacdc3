package dialogue

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/seal"
)

// Limits counts tries. A wait above zero means: not now, come back after it.
type Limits interface {
	Allow(ctx context.Context, key string, most int, per time.Duration) (wait time.Duration, err error)
}

// The code has 115 random bits and cannot be guessed; the limits keep a machine from using the page to load the
// database, and a found code from being used to flood a unit with messages.
const (
	triesPerPlace   = 30
	triesPer        = 15 * time.Minute
	messagesPerCode = 20
	messagesPer     = 24 * time.Hour
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

// Code is a try to use a receipt code: what was typed, and the mark of the place it came from (see Places).
type Code struct {
	Typed string
	Place string
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
	if err := s.allow(ctx, "receipt-write:"+rows[0].CaseID.String(), messagesPerCode, messagesPer); err != nil {
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
	if err := s.allow(ctx, "receipt:"+tenant.String()+":"+code.Place, triesPerPlace, triesPer); err != nil {
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
	open(b, hash, httpx.RequestID(ctx), &rows)
	if err := s.db.Once(ctx, authz.Public(tenant), b); err != nil {
		return nil, hash, err
	}
	if len(rows) == 0 {
		return nil, hash, WrongCode()
	}
	return rows, hash, nil
}

// allow counts a try; when nobody can count, the answer is "later", because a limit that fails open is none.
func (s *Service) allow(ctx context.Context, key string, most int, per time.Duration) error {
	wait, err := s.limits.Allow(ctx, key, most, per)
	if err != nil {
		return problem.Unavailable(err)
	}
	if wait > 0 {
		return problem.RateLimited(wait)
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
