package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
)

// Dead is a job that was given up, as its operator sees it: what kind, whose, since when and with which code. Nothing of
// what it was about.
type Dead struct {
	ID       uuid.UUID `db:"id"`
	Tenant   uuid.UUID `db:"tenant_id"`
	Kind     string    `db:"kind"`
	DeadAt   time.Time `db:"dead_at"`
	Attempts int       `db:"attempts"`
	Code     string    `db:"code"`
}

const listDead = `
select o.id, o.tenant_id, o.kind, o.dead_at, o.attempts, coalesce(o.last_code, '') as code
  from jobs.outbox o where o.dead_at is not null order by o.dead_at, o.id limit @most`

// ListDead lists the jobs of all tenants that were given up, the oldest first, at most that many.
func ListDead(ctx context.Context, d *db.DB, most int) ([]Dead, error) {
	var b db.Batch
	var all []Dead
	db.Collect(&b, listDead, db.Args{"most": most}, &all)
	err := d.Once(ctx, authz.Relay(), &b)
	return all, err
}

const revive = `
update jobs.outbox o set dead_at = null, attempts = 0, leased_until = null, not_before = now()
 where o.dead_at is not null and (o.id = any(@ids::uuid[]) or o.kind = any(@kinds::text[]))
returning o.id`

// Revive lets dead jobs be tried again from the beginning, by id or all of a kind, and says how many there were. A job is
// done at most once whatever happens: its handler sees to that.
func Revive(ctx context.Context, d *db.DB, ids []uuid.UUID, kinds []Kind) (int, error) {
	names := []string{}
	for _, k := range kinds {
		if _, known := Kinds()[k]; !known {
			return 0, fmt.Errorf("there is no kind %q", k)
		}
		names = append(names, string(k))
	}
	var b db.Batch
	var hit []struct {
		ID uuid.UUID `db:"id"`
	}
	db.Collect(&b, revive, db.Args{"ids": ids, "kinds": names}, &hit)
	err := d.Once(ctx, authz.Relay(), &b)
	return len(hit), err
}
