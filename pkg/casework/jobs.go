package casework

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
)

// Watch is what the worker does with cases by itself: no question waits for somebody who is not there any more.
type Watch struct {
	DB    *db.DB
	Org   *org.Service
	Clock clock.Clock
	IDs   id.Source
}

// Handlers are the jobs of this domain, for the worker.
func (w Watch) Handlers() []jobs.Handler {
	return []jobs.Handler{{Kind: jobs.ConsultCheck, Run: w.checkConsultation}}
}

type askedRow struct {
	ID           uuid.UUID  `db:"id"`
	Version      int        `db:"version"`
	State        State      `db:"state"`
	UnitID       *uuid.UUID `db:"unit_id"`
	HandlerID    *uuid.UUID `db:"handler_id"`
	SuperiorID   *uuid.UUID `db:"superior_id"`
	AboutManager bool       `db:"about_manager"`
	ReceivedOn   clock.Date `db:"received_on"`
}

const selectAsked = `select id, version, state, unit_id, handler_id, superior_id, about_manager, received_on from app.cases where id = @id`

// checkConsultation looks every morning whether the superior who was asked still can answer, and moves the question if not.
func (w Watch) checkConsultation(ctx context.Context, j jobs.Job) error {
	scope := authz.System(j.Tenant, j.ID)
	var (
		rows []askedRow
		b    db.Batch
	)
	db.Collect(&b, selectAsked, db.Args{"id": j.Ref}, &rows)
	if err := w.DB.Once(ctx, scope, &b); err != nil {
		return err
	}
	b = db.Batch{}
	if len(rows) == 1 && rows[0].State == Consulting {
		next, err := w.successor(ctx, scope, rows[0])
		if err != nil {
			return err
		}
		w.queueMoved(&b, rows[0], next)
		jobs.Schedule(&b, w.IDs, jobs.Timer{Kind: jobs.ConsultCheck, Ref: j.Ref, DueAt: nextCheck(clock.Today(w.Clock))})
	}
	jobs.Done(&b, j)
	return w.DB.Once(ctx, scope, &b)
}

// successor is who is to be asked instead, or nobody when the one asked is still in the line above the handler.
func (w Watch) successor(ctx context.Context, scope authz.Scope, r askedRow) (*uuid.UUID, error) {
	if r.UnitID == nil || r.HandlerID == nil || r.SuperiorID == nil {
		return nil, nil
	}
	line, err := w.Org.Line(ctx, scope, *r.HandlerID, *r.UnitID)
	if err != nil || slices.Contains(line, *r.SuperiorID) {
		return nil, err
	}
	involved, err := accused(ctx, w.DB, w.Org, accusedIn{scope, Case{ID: r.ID, AboutManager: r.AboutManager, ReceivedOn: r.ReceivedOn}, clock.Today(w.Clock)})
	if err != nil {
		return nil, err
	}
	boss, err := w.Org.SuperiorOf(ctx, scope, *r.HandlerID, *r.UnitID, involved...)
	if problem.Is(err, problem.KindConflict) || problem.Is(err, problem.KindNotFound) {
		return nil, nil // nobody today; tomorrow again
	}
	return &boss.PersonID, err
}

func (w Watch) queueMoved(b *db.Batch, r askedRow, to *uuid.UUID) {
	if to == nil {
		return
	}
	queueChange(b, change{
		ID: r.ID, Version: r.Version, From: Consulting, Set: map[string]any{"superior_id": *to}, Readers: []uuid.UUID{*to}, Leaves: some(r.SuperiorID),
	})
	queueEvent(b, event{
		ID: w.IDs.New(), Case: r.ID, At: w.Clock.Now(), Kind: "case.consulted-anew", Move: &Move{"T6", Consulting, Consulting},
		Data: map[string]any{"superior": *to},
	})
	b.Exec(moveConsultation, db.Args{"case_id": r.ID, "superior_id": *to})
	jobs.Enqueue(b, w.IDs, jobs.NotifyConsultation, r.ID)
}
