package audit

import (
	"bytes"
	"context"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit/chain"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/seal"
)

const (
	mostSealed = 2000 // rows of a block
	sealEvery  = 5 * time.Minute
)

// Handlers are the jobs of this domain, for the worker: sealing the trail every few minutes and drawing a sample each week.
// Each tenant's own job sets the next one; the first is set when the tenant is made.
func Handlers(d *db.DB, ring *seal.Ring, clk clock.Clock, ids id.Source) []jobs.Handler {
	w := &worker{db: d, ring: ring, clock: clk, ids: ids}
	return []jobs.Handler{{Kind: jobs.SealTrail, Run: w.seal}, {Kind: jobs.DrawLogSamples, Run: w.draw}}
}

type worker struct {
	db    *db.DB
	ring  *seal.Ring
	clock clock.Clock
	ids   id.Source
}

// seal makes one block of what no block has. Two at once make the same number, and the second's is refused whole.
func (w *worker) seal(ctx context.Context, j jobs.Job) error {
	scope := authz.System(j.Tenant, j.ID)
	var (
		b    db.Batch
		head []headRow
		rows []chain.Row
	)
	db.Collect(&b, selectHead, nil, &head)
	if err := w.db.Once(ctx, scope, &b); err != nil {
		return err
	}
	last := headRow{}
	prev := chain.Genesis(j.Tenant)
	if len(head) == 1 {
		last, prev = head[0], chain.Digest(head[0].Hash)
	}
	now := w.clock.Now()
	b = db.Batch{}
	db.Collect(&b, selectUnsealed, db.Args{"now": now, "since": last.since(), "most": mostSealed}, &rows)
	if err := w.db.Once(ctx, scope, &b); err != nil {
		return err
	}
	b = db.Batch{}
	next := now.Add(sealEvery)
	if len(rows) > 0 {
		queueBlock(&b, chain.Seal(j.Tenant, last.No+1, prev, rows), latest(last.LastAt, rows))
	}
	if len(rows) == mostSealed {
		next = now
	}
	w.again(&b, j, next)
	return w.db.Once(ctx, scope, &b)
}

func latest(at time.Time, rows []chain.Row) time.Time {
	if end := rows[len(rows)-1].At; end.After(at) {
		return end
	}
	return at
}

func queueBlock(b *db.Batch, block chain.Block, lastAt time.Time) {
	var sums bytes.Buffer
	for _, d := range block.Digests {
		sums.Write(d[:])
	}
	b.Exec(insertBlock, db.Args{
		"no": block.No, "prev": block.Prev[:], "hash": block.Hash[:], "ids": block.IDs, "digests": sums.Bytes(), "last_at": lastAt,
	})
}

// again ends a job and, if it is the tenant's own, sets the next.
func (w *worker) again(b *db.Batch, j jobs.Job, at time.Time) {
	if j.Ref == j.Tenant {
		jobs.Schedule(b, w.ids, jobs.Timer{Kind: j.Kind, Ref: j.Ref, DueAt: at})
	}
	jobs.Done(b, j)
}

// Each rule draws at most that many readings of a week, by lot, so that every rule has its turn on the granskare's desk.
const mostDrawn = 8

// draw lets each rule pick its readings. What was drawn before is not drawn again for the same rule.
func (w *worker) draw(ctx context.Context, j jobs.Job) error {
	scope := authz.System(j.Tenant, j.ID)
	now := w.clock.Now()
	window := db.Args{"since": now.AddDate(0, 0, -8), "until": now}
	var (
		b       db.Batch
		readers []readerRow
	)
	db.Collect(&b, selectReaders, window, &readers)
	if err := w.db.Once(ctx, scope, &b); err != nil {
		return err
	}
	keys, err := w.ring.All(ctx, j.Tenant)
	if err != nil {
		return err
	}
	b = db.Batch{}
	for _, rule := range rules {
		b.Exec(rule.sql(), db.Args{"rule": rule.code, "since": window["since"], "until": now, "most": mostDrawn, "at": now})
	}
	b.Exec(drawRefused, db.Args{"rule": "NEKAD", "since": window["since"], "until": now, "most": mostDrawn, "at": now})
	for _, r := range readers {
		for _, k := range keys {
			digests := k.NameIndexes(r.Name)
			if len(digests) < 2 {
				continue // one word is many people's
			}
			b.Exec(drawOwnName, db.Args{
				"rule": "EGET_NAMN", "since": window["since"], "until": now, "most": mostDrawn, "at": now, "person": r.ID, "digests": digests, "need": len(digests),
			})
		}
	}
	w.again(&b, j, clock.DateIn(now).AddDays(7).At(6, 0))
	return w.db.Once(ctx, scope, &b)
}

type readerRow struct {
	ID   uuid.UUID `db:"id"`
	Name string    `db:"name"`
}
