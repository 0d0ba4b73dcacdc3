package seed

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/insight"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/seal"
	"lyhord/services/migrate/steps"
)

// sameAsTheWorker lets the worker's own job make the facts of a tenant anew and finds them equal.
func sameAsTheWorker(t *testing.T, s seeded) {
	tenant := steps.TenantID(ShowTenant)
	facts := func() map[uuid.UUID]string {
		rows, err := s.conn.Query(t.Context(), "select fact_id, f::text from insight.facts f where tenant_id = $1", tenant)
		if err != nil {
			t.Fatal(err)
		}
		all := map[uuid.UUID]string{}
		var (
			id   uuid.UUID
			text string
		)
		if _, err := pgx.ForEachRow(rows, []any{&id, &text}, func() error { all[id] = text; return nil }); err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := facts()
	d, err := db.Open(t.Context(), map[authz.Door]string{authz.DoorWorker: s.db.DSN("worker")})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ring := seal.NewRing(s.root, func(ctx context.Context, tenant uuid.UUID) ([]seal.WrappedKey, error) {
		rows, err := s.conn.Query(ctx, "select version, wrapped from sec.tenant_keys where tenant_id = $1", tenant)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, pgx.RowToStructByPos[seal.WrappedKey])
	})
	update := insight.Handlers(d, ring, clock.NewFake(present))[0]
	rows, err := s.conn.Query(t.Context(), `with gone as (delete from insight.facts where tenant_id = $1)
		insert into jobs.outbox (tenant_id, id, kind, ref) select tenant_id, gen_random_uuid(), $2, id from app.cases where tenant_id = $1 returning id, ref`,
		tenant, string(jobs.UpdateFact))
	if err != nil {
		t.Fatal(err)
	}
	type row struct{ ID, Ref uuid.UUID }
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if err := update.Run(t.Context(), jobs.Job{Tenant: tenant, ID: r.ID, Kind: jobs.UpdateFact, Ref: r.Ref, Attempt: 1}); err != nil {
			t.Fatal(err)
		}
	}
	after := facts()
	if len(before) != len(after) || len(after) == 0 {
		t.Errorf("%d facts seeded, %d made by the worker", len(before), len(after))
	}
	for id, want := range after {
		if before[id] != want {
			t.Errorf("seeded   %s\nthe worker %s", before[id], want)
		}
	}
}
