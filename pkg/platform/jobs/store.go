package jobs

import (
	"context"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
)

// ring is one leased outbox row on its way to Redis.
type ring struct {
	Tenant  uuid.UUID `db:"tenant_id"`
	ID      uuid.UUID `db:"id"`
	Kind    string    `db:"kind"`
	Attempt int       `db:"attempts"`
}

// Only kinds this process knows are leased: while a new version is rolled out, its new kinds wait for its workers.
const claim = `
with picked as (
  select o.tenant_id, o.id from jobs.outbox o
   where o.done_at is null and o.dead_at is null and o.not_before <= now()
     and (o.leased_until is null or o.leased_until < now()) and o.kind = any(@kinds)
   order by o.not_before limit @most for update skip locked
)
update jobs.outbox o set leased_until = now() + make_interval(secs => @lease), attempts = o.attempts + 1
  from picked p where o.tenant_id = p.tenant_id and o.id = p.id
returning o.tenant_id, o.id, o.kind, o.attempts`

// want is how many rows of which kinds a round takes.
type want struct {
	kinds []string
	most  int
}

type store struct{ db *db.DB }

// claim leases open rows, the oldest first; more says that some queue probably has more.
func (s store) claim(ctx context.Context, wants []want, lease time.Duration) (all []ring, more bool, err error) {
	var b db.Batch
	got := make([][]ring, len(wants))
	for i, w := range wants {
		db.Collect(&b, claim, db.Args{"kinds": w.kinds, "most": w.most, "lease": lease.Seconds()}, &got[i])
	}
	if err := s.db.Once(ctx, authz.Relay(), &b); err != nil {
		return nil, false, err
	}
	for i, g := range got {
		all = append(all, g...)
		more = more || len(g) == wants[i].most
	}
	return all, more, nil
}

// A row that could not be rung is as if it had not been leased: an absent Redis uses up nobody's tries.
const giveBack = `
update jobs.outbox o set leased_until = null, attempts = o.attempts - 1
  from unnest(@ids::uuid[], @attempts::int[]) as r (id, attempt)
 where o.id = r.id and o.attempts = r.attempt and o.done_at is null and o.dead_at is null`

func (s store) giveBack(ctx context.Context, rings []ring) error {
	ids, attempts := make([]uuid.UUID, len(rings)), make([]int, len(rings))
	for i, r := range rings {
		ids[i], attempts[i] = r.ID, r.Attempt
	}
	var b db.Batch
	b.Exec(giveBack, db.Args{"ids": ids, "attempts": attempts})
	return s.db.Once(ctx, authz.Relay(), &b)
}

// The attempt guards the row: a run that was given up long ago has no say about a later one.
const fail = `
update jobs.outbox o set last_code = @code, leased_until = null, not_before = now() + make_interval(secs => @rest),
       dead_at = case when @dead then now() end
 where o.id = @id and o.attempts = @attempt and o.done_at is null and o.dead_at is null
returning o.attempts`

// verdict is what becomes of a job whose run failed.
type verdict struct {
	code string
	rest time.Duration
	dead bool
}

// fail remembers a failed run; it answers false when the job was done meanwhile or a later run has it.
func (s store) fail(ctx context.Context, jobID uuid.UUID, attempt int, v verdict) (bool, error) {
	type row struct {
		Attempts int `db:"attempts"`
	}
	var b db.Batch
	var hit []row
	db.Collect(&b, fail, db.Args{"id": jobID, "attempt": attempt, "code": v.code, "rest": v.rest.Seconds(), "dead": v.dead}, &hit)
	err := s.db.Once(ctx, authz.Relay(), &b)
	return len(hit) > 0, err
}

const load = `select kind, ref, attempts from jobs.outbox where id = @id`

// load reads an open job as the job itself: a row that is done, dead or another tenant's is problem.NotFound.
func (s store) load(ctx context.Context, tenant, jobID uuid.UUID) (Job, error) {
	j := Job{Tenant: tenant, ID: jobID}
	var b db.Batch
	var kind string
	b.One(load, db.Args{"id": jobID}, &kind, &j.Ref, &j.Attempt)
	err := s.db.Once(ctx, authz.System(tenant, jobID), &b)
	j.Kind = Kind(kind)
	return j, err
}

const fire = `select jobs.fire(@now, @most)`

// fire turns due timers into jobs and says how many.
func (s store) fire(ctx context.Context, now time.Time, most int) (int, error) {
	var b db.Batch
	var n int
	b.One(fire, db.Args{"now": now, "most": most}, &n)
	err := s.db.Once(ctx, authz.Relay(), &b)
	return n, err
}

const forget = `select jobs.forget(@before, @most)`

// forget deletes jobs that were done before that time, the oldest first, and says how many.
func (s store) forget(ctx context.Context, before time.Time, most int) (int, error) {
	var b db.Batch
	var n int
	b.One(forget, db.Args{"before": before, "most": most}, &n)
	err := s.db.Once(ctx, authz.Relay(), &b)
	return n, err
}

const waiting = `
select count(*), coalesce(extract(epoch from now() - min(created_at)), 0)::float8,
       (select count(*) from jobs.outbox where dead_at is not null)
  from jobs.outbox where done_at is null and dead_at is null`

// waiting counts open jobs, the age of the oldest in seconds, and dead jobs.
func (s store) waiting(ctx context.Context) (n int, oldest float64, dead int, err error) {
	var b db.Batch
	b.One(waiting, nil, &n, &oldest, &dead)
	err = s.db.Once(ctx, authz.Relay(), &b)
	return n, oldest, dead, err
}
