// Package jobs carries every effect that happens outside a request's transaction. The request writes a row to the
// outbox in its own batch; the relay leases open rows and rings asynq; a worker runs the handler of the row's kind,
// whose transaction does the effect and marks the row done. PostgreSQL is the truth, Redis only the door-bell: it may
// be flushed or killed at any moment and nothing is lost, because what is not done is rung again after its lease.
//
// It is the only importer of asynq. It must not know what a kind means, must not carry anything but ids, and stores
// and logs failures as codes, never as texts. Tests run on a real PostgreSQL and a real Redis and kill both.
package jobs

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
)

// Job is one run of one outbox row. Ref is what the kind is about: mostly a case, for measures the measure.
type Job struct {
	Tenant  uuid.UUID
	ID      uuid.UUID
	Kind    Kind
	Ref     uuid.UUID
	Attempt int // 1 for the first ring
}

// Handler does the work of one kind. Run may be called more than once for one job, also at the same time: its
// transaction must end in Done, so that only one of them counts. An error means "again later".
type Handler struct {
	Kind Kind
	Run  func(context.Context, Job) error
}

// Timer is a job for later. It fires once, unless cancelled before.
type Timer struct {
	Kind  Kind
	Ref   uuid.UUID
	DueAt time.Time
	Rule  any // what the time was computed from, for people who ask why; never names or texts
}

const enqueue = `insert into jobs.outbox (id, kind, ref) values (@id, @kind, @ref)`

// Enqueue adds a job to the batch: it exists exactly when the batch's other effects do. The tenant is the scope's.
func Enqueue(b *db.Batch, ids id.Source, kind Kind, ref uuid.UUID) {
	b.Exec(enqueue, db.Args{"id": ids.New(), "kind": string(kind), "ref": ref})
}

// A timer that stands already, or has fired, is not set twice; a cancelled one may be set anew.
const schedule = `
insert into jobs.timers (id, kind, ref, due_at, rule) values (@id, @kind, @ref, @due_at, @rule)
on conflict do nothing`

// Schedule adds a timer to the batch.
func Schedule(b *db.Batch, ids id.Source, t Timer) {
	rule, err := json.Marshal(t.Rule)
	if err != nil || t.Rule == nil {
		rule = []byte("{}") // the rule explains the time; a timer without it is still right
	}
	b.Exec(schedule, db.Args{"id": ids.New(), "kind": string(t.Kind), "ref": t.Ref, "due_at": t.DueAt, "rule": rule})
}

const cancelTimers = `
update jobs.timers set cancelled_at = now()
 where ref = @ref and kind = any(@kinds) and fired_at is null and cancelled_at is null`

// CancelTimers adds the cancellation of what has not fired yet.
func CancelTimers(b *db.Batch, ref uuid.UUID, kinds ...Kind) {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	b.Exec(cancelTimers, db.Args{"ref": ref, "kinds": names})
}

const done = `
with closed as (
  update jobs.outbox set done_at = now(), last_code = null where id = @id and done_at is null and dead_at is null returning 1
) select app.must(exists (select 1 from closed), 'LY409', 'job already done')`

// Done adds the mark that ends a job. It comes last in the handler's batch: after it the job opens no tenant any more.
// Of two runs at the same time the second one's batch is rolled back whole.
func Done(b *db.Batch, j Job) {
	b.Exec(done, db.Args{"id": j.ID})
}
