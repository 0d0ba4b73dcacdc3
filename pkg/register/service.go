package register

import (
	"context"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/seal"
)

// Service lists the register.
type Service struct {
	db      *db.DB
	cursors *httpx.Cursors
	clock   clock.Clock
	org     *org.Service
	ring    *seal.Ring
}

// Deps are what a Service needs.
type Deps struct {
	DB      *db.DB
	Cursors *httpx.Cursors
	Clock   clock.Clock
	Org     *org.Service
	Ring    *seal.Ring
}

// New makes the service.
func New(d Deps) *Service {
	return &Service{db: d.DB, cursors: d.Cursors, clock: d.Clock, org: d.Org, ring: d.Ring}
}

// Lines is a page of the internal view.
type Lines struct {
	Items      []Line  `json:"items"`
	NextCursor *string `json:"next_cursor"`
}

// PublicLines is a page of the public view.
type PublicLines struct {
	Items      []PublicLine `json:"items"`
	NextCursor *string      `json:"next_cursor"`
}

// List reads what a search finds in the internal view, newest first. What was shown is logged.
func (s *Service) List(ctx context.Context, actor authz.Actor, q Search, limit int, cursor string) (Lines, error) {
	scope := httpx.CursorScope{Tenant: actor.Tenant, User: actor.ID, Operation: "list-register"}
	args, err := s.page(scope, q, limit, cursor)
	if err != nil {
		return Lines{}, err
	}
	var (
		b    db.Batch
		rows []Line
	)
	db.Collect(&b, listLines, args, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return Lines{}, err
	}
	out := Lines{}
	if len(rows) > limit {
		rows = rows[:limit]
		out.NextCursor = s.next(scope, rows[limit-1].RegisteredAt, rows[limit-1].ID)
	}
	out.Items = rows
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.CaseID
	}
	b = db.Batch{}
	audit.Record(ctx, &b, audit.Entry{Action: "list-register", Shown: ids, Kind: string(actor.Kind)})
	return out, s.db.Once(ctx, actor.Scope(), &b)
}

// ListPublic reads the view that may be shown to anyone who asks (OSL 5:2 second paragraph).
func (s *Service) ListPublic(ctx context.Context, actor authz.Actor, q Search, limit int, cursor string) (PublicLines, error) {
	scope := httpx.CursorScope{Tenant: actor.Tenant, User: actor.ID, Operation: "list-register-public"}
	args, err := s.page(scope, q, limit, cursor)
	if err != nil {
		return PublicLines{}, err
	}
	delete(args, "unit_id")
	delete(args, "case_type")
	delete(args, "voided")
	var (
		b   db.Batch
		out PublicLines
	)
	db.Collect(&b, listPublicLines, args, &out.Items)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return PublicLines{}, err
	}
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		out.NextCursor = s.next(scope, out.Items[limit-1].RegisteredAt, out.Items[limit-1].ID)
	}
	return out, nil
}

// Files lists the collective files with how many entries each has, the newest year first.
func (s *Service) Files(ctx context.Context, actor authz.Actor, limit int, cursor string) ([]File, *string, error) {
	scope := httpx.CursorScope{Tenant: actor.Tenant, User: actor.ID, Operation: "list-files"}
	pos, err := s.cursors.Decode(scope, cursor)
	if err != nil {
		return nil, nil, err
	}
	args := db.Args{"before_year": 9999, "before_id": uuid.Max, "limit": limit + 1}
	if pos != nil {
		args["before_year"], args["before_id"] = pos.Number, pos.ID
	}
	var (
		b   db.Batch
		out []File
	)
	db.Collect(&b, listFiles, args, &out)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil || len(out) <= limit {
		return out, nil, err
	}
	out = out[:limit]
	next := s.cursors.Encode(scope, httpx.Position{Number: int64(out[limit-1].Year), ID: out[limit-1].ID})
	return out, &next, nil
}

func (s *Service) page(scope httpx.CursorScope, q Search, limit int, cursor string) (db.Args, error) {
	pos, err := s.cursors.Decode(scope, cursor)
	if err != nil {
		return nil, err
	}
	args := q.args()
	args["before_at"], args["before_id"], args["limit"] = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max, limit+1
	if pos != nil {
		args["before_at"], args["before_id"] = pos.At, pos.ID
	}
	return args, nil
}

func (s *Service) next(scope httpx.CursorScope, at time.Time, id uuid.UUID) *string {
	c := s.cursors.Encode(scope, httpx.Position{At: at, ID: id})
	return &c
}
