// Package seed fills a migrated database with the synthetic city: three years of cases from package city, and on every
// desk of every tenant the work of today.
//
// It writes as the migrator, past every fence, and invents registers and events. It must therefore never touch a real
// tenant: it belongs to the demo and to measurements alone. What it writes obeys the laws of the real thing: legal moves
// only, register numbers without gaps, words sealed under the case's own key, facts and cells that agree with the cases.
//
// A tenant is one transaction that ends with a row in the tenant's own trail. A seeding that was killed leaves whole
// tenants or nothing of them, and the next run does what is missing; a run with nothing missing changes nothing.
//
// Tests seed a small city into a real PostgreSQL and check every one of these promises from outside.
package seed

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/seal"
	"lyhord/services/demo/city"
	"lyhord/services/migrate/steps"
	"lyhord/tenants"
)

// randomSeed decides every word and date of the synthetic city.
const randomSeed = 20261122

// ShowTenant has the report whose receipt code is shown.
const ShowTenant = "bromma"

// resumeWithin is how long the present of a run that was interrupted stays the present.
const resumeWithin = 24 * time.Hour

// Options of Run.
type Options struct {
	Cases    int                 // about so many: the work of today takes the place of as many in its month, where there are so many
	Now      time.Time           // the present of the city, unless an earlier run was interrupted: then that run's
	Code     *id.ReceiptCode     // the receipt code of one answered public report, to be shown to who tries the demo; may be nil
	Progress func(done, all int) // called after each batch of cases; may be nil
}

// Result says what a run has done.
type Result struct {
	Cases   int // written by this run
	Tenants int // filled by this run
}

// Run seeds every tenant of the cities that is not seeded yet.
func Run(ctx context.Context, migratorDSN string, root *seal.Root, cities []tenants.City, o Options) (Result, error) {
	seeded, now, err := before(ctx, migratorDSN)
	if err != nil {
		return Result{}, err
	}
	if o.Now.Sub(now) > resumeWithin {
		now = o.Now
	}
	now = now.UTC().Truncate(time.Second)
	jobs := plan(cities, seeded, now, o)
	if len(jobs) == 0 {
		return Result{}, nil
	}
	all, filled := 0, 0
	for _, j := range jobs {
		all += len(j.drafts)
		if len(j.drafts) > 0 {
			filled++
		}
	}
	report := counter(all, o.Progress)
	group, inGroup := errgroup.WithContext(ctx)
	group.SetLimit(max(2, min(4, runtime.NumCPU())))
	for _, j := range jobs {
		group.Go(func() error {
			if err := fill(inGroup, migratorDSN, root, j, report); err != nil {
				return fmt.Errorf("seed %s: %w", j.tenant.Slug, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return Result{}, err
	}
	return Result{Cases: all, Tenants: filled}, analyze(ctx, migratorDSN)
}

// job is one tenant to fill.
type job struct {
	city   tenants.City
	tenant tenants.Tenant
	now    time.Time
	drafts []draft
}

// plan invents the cases of every tenant that has none, in the order of arrival.
func plan(cities []tenants.City, seeded map[uuid.UUID]bool, now time.Time, o Options) []job {
	var jobs []job
	shares := share(cities, o.Cases)
	for i, c := range cities {
		byTenant := map[string][]draft{}
		if shares[i] > 0 {
			for one := range city.Generate(randomSeed+uint64(i), shares[i], now, city.Refs(c)) {
				if one.State != "draft" {
					byTenant[one.Place.Tenant] = append(byTenant[one.Place.Tenant], draft{Case: one})
				}
			}
		}
		for _, t := range c.Tenants {
			if seeded[steps.TenantID(t.Slug)] {
				continue
			}
			j := job{city: c, tenant: t, now: now}
			desk := today(c, t, now)
			j.drafts = append(makeRoom(byTenant[t.Slug], desk), desk...)
			if o.Code != nil && t.Slug == ShowTenant {
				showcase(j.drafts, o.Code)
			}
			slices.SortStableFunc(j.drafts, func(a, b draft) int { return a.ReceivedAt.Compare(b.ReceivedAt) })
			jobs = append(jobs, j)
		}
	}
	return jobs
}

// share splits the cases over the cities by how many units they have.
func share(cities []tenants.City, cases int) []int {
	units, all := make([]int, len(cities)), 0
	for i, c := range cities {
		for _, t := range c.Tenants {
			units[i] += len(t.Units)
		}
		all += units[i]
	}
	shares, left := make([]int, len(cities)), cases
	for i := range cities {
		shares[i] = left
		if i < len(cities)-1 {
			shares[i] = cases * units[i] / max(all, 1)
		}
		left -= shares[i]
	}
	return shares
}

// counter tells the progress of several workers in order.
func counter(all int, tell func(done, all int)) func(n int) {
	var mu sync.Mutex
	done := 0
	return func(n int) {
		mu.Lock()
		defer mu.Unlock()
		done += n
		if tell != nil {
			tell(done, all)
		}
	}
}

// marker is the action in the tenant's trail that says: this tenant was filled by us.
const marker = "seed-demo"

// before tells which tenants are seeded, and the moment an earlier run took for the present.
func before(ctx context.Context, dsn string) (map[uuid.UUID]bool, time.Time, error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("connect as migrator: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, "select tenant_id, at from app.audit_log where action = $1 order by at", marker)
	if err != nil {
		return nil, time.Time{}, err
	}
	seeded, now := map[uuid.UUID]bool{}, time.Time{}
	var (
		tenant uuid.UUID
		at     time.Time
	)
	_, err = pgx.ForEachRow(rows, []any{&tenant, &at}, func() error {
		seeded[tenant] = true
		if now.IsZero() {
			now = at
		}
		return nil
	})
	return seeded, now, err
}

// analyze lets the planner know what it is dealing with before the first page is asked for.
func analyze(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, t := range tables {
		if _, err := conn.Exec(ctx, "analyze "+t.name.Sanitize()); err != nil {
			return err
		}
	}
	return nil
}
