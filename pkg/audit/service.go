package audit

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit/chain"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/seal"
)

// Service is what a granskare does with the trail.
type Service struct {
	db      *db.DB
	ring    *seal.Ring
	clock   clock.Clock
	ids     id.Source
	cursors *httpx.Cursors
	wake    func()
}

// Deps are what a Service needs. Wake is called after a commit that wrote an outbox row; it must not block.
type Deps struct {
	DB      *db.DB
	Ring    *seal.Ring
	Clock   clock.Clock
	IDs     id.Source
	Cursors *httpx.Cursors
	Wake    func()
}

// New makes the service.
func New(d Deps) *Service {
	if d.Wake == nil {
		d.Wake = func() {}
	}
	return &Service{db: d.DB, ring: d.Ring, clock: d.Clock, ids: d.IDs, cursors: d.Cursors, wake: d.Wake}
}

// Reading is one entry of the trail as people read it.
type Reading struct {
	At         time.Time  `json:"at"`
	ActorName  *string    `json:"actor_name" doc:"Tomt: ett system, ett jobb eller någon utifrån"`
	ActorTitle *string    `json:"actor_title"`
	Kind       string     `json:"kind" enum:"PERSON,CLIENT,JOB,PUBLIC"`
	Text       string     `json:"text" doc:"Vad som gjordes, i ord"`
	Result     string     `json:"result" enum:"OK,MISSING,REFUSED"`
	CaseID     *uuid.UUID `json:"case_id"`
	Number     *string    `json:"number" doc:"Ärendets nummer"`
	Shown      int        `json:"shown" doc:"Antal ärenden som en lista visade"`
}

func (r readRow) reading(numbers map[uuid.UUID]string) Reading {
	out := Reading{
		At: r.At, ActorName: r.ActorName, ActorTitle: r.ActorTitle, Kind: r.Kind, Text: Words(r.Action, r.Result), Result: r.Result, CaseID: r.CaseID, Shown: r.Shown,
	}
	if r.CaseID != nil {
		if n, known := numbers[*r.CaseID]; known {
			out.Number = &n
		}
	}
	return out
}

// Readings is a page of them.
type Readings struct {
	Items      []Reading `json:"items"`
	NextCursor *string   `json:"next_cursor"`
}

// PageOfCase adds a page of everybody who looked at a case or tried to, newest first. after is nil for the first page.
func PageOfCase(b *db.Batch, caseID uuid.UUID, after *httpx.Position, limit int, dest *Page) {
	args := db.Args{"case_id": caseID, "limit": limit + 1}
	before(args, after)
	dest.limit = limit
	db.Collect(b, readsOfCase, args, &dest.rows)
}

// Page is what PageOfCase fills.
type Page struct {
	rows  []readRow
	limit int
}

// Readings gives the page, and the place of its last entry where there are more.
func (p Page) Readings() (items []Reading, last *httpx.Position) {
	items, rows := []Reading{}, p.rows
	if len(rows) > p.limit {
		rows = rows[:p.limit]
		last = &httpx.Position{At: rows[p.limit-1].At, ID: rows[p.limit-1].ID}
	}
	for _, r := range rows {
		items = append(items, r.reading(nil))
	}
	return items, last
}

func before(args db.Args, pos *httpx.Position) {
	args["before_at"], args["before_id"] = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max
	if pos != nil {
		args["before_at"], args["before_id"] = pos.At, pos.ID
	}
}

// State is how the chain and the review stand.
type State struct {
	Block     int64      `json:"block" doc:"Sista blockets nummer; 0: inget är förseglat än"`
	Head      string     `json:"head" doc:"Sista blockets hash. Skriv av den, så kan ingen skriva om loggen obemärkt"`
	SealedAt  *time.Time `json:"sealed_at"`
	Waiting   int        `json:"waiting" doc:"Rader som inget block har än, högst 2 000"`
	Late      bool       `json:"late" doc:"En rad har väntat mer än en kvart: något är fel"`
	Undecided int        `json:"undecided" doc:"Stickprov som väntar på bedömning"`
	DrawnAt   *time.Time `json:"drawn_at"`
}

// State tells it.
func (s *Service) State(ctx context.Context, actor authz.Actor) (State, error) {
	head, err := s.head(ctx, actor.Scope())
	if err != nil {
		return State{}, err
	}
	var (
		b    db.Batch
		row  stateRow
		open []chain.Row
	)
	db.First(&b, selectState, nil, &row)
	db.Collect(&b, selectOpen, db.Args{"since": head.since(), "most": mostSealed}, &open)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return State{}, err
	}
	out := State{Block: head.No, Head: hex.EncodeToString(head.Hash), Waiting: len(open), Undecided: row.Undecided}
	out.Late = len(open) > 0 && s.clock.Now().Sub(open[0].At) > chain.Late
	for _, t := range []struct {
		at   time.Time
		dest **time.Time
	}{{row.SealedAt, &out.SealedAt}, {row.DrawnAt, &out.DrawnAt}} {
		if t.at.Unix() > 0 {
			*t.dest = &t.at
		}
	}
	return out, nil
}

func (s *Service) head(ctx context.Context, scope authz.Scope) (headRow, error) {
	var (
		b    db.Batch
		rows []headRow
	)
	db.Collect(&b, selectHead, nil, &rows)
	if err := s.db.Once(ctx, scope, &b); err != nil || len(rows) == 0 {
		return headRow{}, err
	}
	return rows[0], nil
}

// since is from when rows without a block are looked for.
func (h headRow) since() time.Time {
	if h.No == 0 {
		return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return h.LastAt.Add(-10 * time.Minute)
}

// Piece is a part of an export.
type Piece struct {
	Lines []chain.Line `json:"lines" doc:"En rad var i en fil med JSON-rader"`
	Next  *int64       `json:"next" doc:"after till nästa del; tomt: det var den sista"`
}

// Export gives the part of the trail after a block: one block with its rows, or, after the last, what no block has yet.
func (s *Service) Export(ctx context.Context, actor authz.Actor, after int64) (Piece, error) {
	var (
		b      db.Batch
		blocks []blockRow
		out    Piece
	)
	if after == 0 {
		now := s.clock.Now()
		out.Lines = append(out.Lines, chain.Line{Type: "trail", Tenant: &actor.Tenant, At: &now})
		Record(ctx, &b, Entry{Action: "export-log", Kind: string(actor.Kind)})
	}
	db.Collect(&b, selectBlock, db.Args{"after": after}, &blocks)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return out, err
	}
	if len(blocks) == 0 {
		return s.exportRest(ctx, actor, out)
	}
	block := blocks[0].block()
	var rows []chain.Row
	b = db.Batch{}
	db.Collect(&b, selectSealed, db.Args{"ids": block.IDs}, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return out, err
	}
	place := map[uuid.UUID]int{}
	for i, id := range block.IDs {
		place[id] = i
	}
	slices.SortFunc(rows, func(x, y chain.Row) int { return place[x.ID] - place[y.ID] })
	out.Lines = append(out.Lines, chain.BlockLine(block))
	for i := range rows {
		out.Lines = append(out.Lines, chain.Line{Type: "row", Row: &rows[i]})
	}
	out.Next = &block.No
	return out, nil
}

func (s *Service) exportRest(ctx context.Context, actor authz.Actor, out Piece) (Piece, error) {
	head, err := s.head(ctx, actor.Scope())
	if err != nil {
		return out, err
	}
	var (
		b    db.Batch
		rows []chain.Row
	)
	db.Collect(&b, selectOpen, db.Args{"since": head.since(), "most": mostSealed}, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return out, err
	}
	for i := range rows {
		out.Lines = append(out.Lines, chain.Line{Type: "open", Row: &rows[i]})
	}
	out.Lines = append(out.Lines, chain.Line{Type: "end", No: head.No, Hash: hex.EncodeToString(head.Hash)})
	return out, nil
}

// Draw asks for a sample now, besides the one that is drawn each week.
func (s *Service) Draw(ctx context.Context, actor authz.Actor) error {
	var b db.Batch
	jobs.Enqueue(&b, s.ids, jobs.DrawLogSamples, actor.ID) // not the tenant: only its own timer goes on by itself
	Record(ctx, &b, Entry{Action: "draw-log-samples", Kind: string(actor.Kind)})
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return err
	}
	s.wake()
	return nil
}
