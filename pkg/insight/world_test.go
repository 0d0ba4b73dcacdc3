//go:build unix

package insight_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/insight"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/seal"
)

// world is a city with the boards alfa and beta and one provider, on a real database. Cases are put there by the
// superuser, as they stand after some event; the job of the event is run as the worker runs it.
type world struct {
	t     testing.TB
	data  *dbtest.DB
	super *pgx.Conn
	db    *db.DB
	clock *clock.Fake
	root  *seal.Root
	ring  *seal.Ring
	svc   *insight.Service

	city, alfa, beta, care uuid.UUID
}

func newWorld(t testing.TB) *world {
	t.Helper()
	data := dbtest.New(t)
	w := &world{t: t, data: data, super: data.Super(t), clock: clock.NewFake(time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC))}
	root, err := seal.ParseRoot(seal.NewRootKey())
	if err != nil {
		t.Fatal(err)
	}
	w.root = root
	w.db, err = db.Open(t.Context(), map[authz.Door]string{
		authz.DoorAPI: data.DSN("api"), authz.DoorWorker: data.DSN("worker"), authz.DoorInsight: data.DSN("insight"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.db.Close)
	w.ring = seal.NewRing(root, w.keys)
	w.svc = insight.New(w.db, w.clock)
	w.city = uuid.New()
	w.exec("insert into app.cities (id, slug, name) values ($1, 'staden', 'Staden')", w.city)
	for i, code := range []string{"UTF", "BEM"} {
		w.exec("insert into app.codes (city_id, list, code, label, sort) values ($1, 'category', $2, $3, $4)", w.city, code, "Kategori "+code, i)
	}
	w.exec("insert into app.codes (city_id, list, code, label, sort) values ($1, 'category_hsl', 'LKM', 'Läkemedel', 0)", w.city)
	w.exec("insert into app.codes (city_id, list, code, parent, label, sort) values ($1, 'category_hsl', 'LKM.FEL_DOS', 'LKM', 'Fel dos', 1)", w.city)
	for i, code := range []string{"KLAGOMAL", "AVVIKELSE"} {
		w.exec("insert into app.codes (city_id, list, code, label, sort) values ($1, 'case_type', $2, $3, $4)", w.city, code, "Typ "+code, i)
	}
	w.alfa, w.beta, w.care = w.tenant("alfa", "BOARD"), w.tenant("beta", "BOARD"), w.tenant("vard", "PROVIDER")
	return w
}

// keys reads wrapped keys as the worker does.
func (w *world) keys(ctx context.Context, tenant uuid.UUID) ([]seal.WrappedKey, error) {
	var (
		b    db.Batch
		rows []struct {
			Version int    `db:"version"`
			Wrapped []byte `db:"wrapped"`
		}
	)
	db.Collect(&b, `select version, wrapped from sec.wrapped_keys(@tenant)`, db.Args{"tenant": tenant}, &rows)
	if err := w.db.Once(ctx, authz.NoTenant(authz.DoorWorker), &b); err != nil {
		return nil, err
	}
	out := make([]seal.WrappedKey, len(rows))
	for i, r := range rows {
		out[i] = seal.WrappedKey{Version: r.Version, Wrapped: r.Wrapped}
	}
	return out, nil
}

func (w *world) tenant(slug, kind string) uuid.UUID {
	tid := uuid.New()
	w.exec("insert into app.tenants (id, city_id, slug, name, short_name, kind, valid_from) values ($1, $2, $3, $4, $4, $5, '2020-01-01')",
		tid, w.city, slug, "Nämnden "+slug, kind)
	w.exec("insert into app.units (tenant_id, id, slug, name, kind, area, regi, valid_from) values ($1, $1, 'huset', 'Huset', 'ENHET', 'ALDREOMSORG', 'EGEN_REGI', '2020-01-01')", tid)
	w.exec("insert into app.people (tenant_id, id, name, title, email) values ($1, $1, 'Bo Ek', 'Chef', 'bo@example.org')", tid)
	w.newKey(tid, 1)
	return tid
}

func (w *world) newKey(tenant uuid.UUID, version int) {
	wrapped, _, err := w.root.NewTenantKey(tenant, version)
	if err != nil {
		w.t.Fatal(err)
	}
	w.exec("insert into sec.tenant_keys (tenant_id, version, wrapped) values ($1, $2, $3)", tenant, version, wrapped)
	if w.ring != nil {
		w.ring.Forget(tenant)
	}
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.super.Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func (w *world) one(sql string, args ...any) (n int) {
	w.t.Helper()
	if err := w.super.QueryRow(w.t.Context(), sql, args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (w *world) text(sql string, args ...any) (s string) {
	w.t.Helper()
	if err := w.super.QueryRow(w.t.Context(), sql, args...).Scan(&s); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return s
}

// report puts a new case there, received on a day.
func (w *world) report(tenant uuid.UUID, day, category string) uuid.UUID {
	w.t.Helper()
	caseID := uuid.New()
	w.exec(`insert into app.cases (tenant_id, id, reference, state, channel, sender_role, unit_id, area, regi, category_hsl, received_at, received_on)
		values ($1, $2, $3, 'received', 'EGEN_IAKTTAGELSE', 'PERSONAL', $1, 'ALDREOMSORG', 'EGEN_REGI', nullif($4, ''), $5::date, $5::date)`,
		tenant, caseID, caseID.String()[:13], category, day)
	return caseID
}

// change is an event of the case: the columns change and the version steps.
func (w *world) change(caseID uuid.UUID, set string, args ...any) {
	w.t.Helper()
	w.exec("update app.cases set version = version + 1, "+set+" where id = $1", append([]any{caseID}, args...)...)
}

// job writes the outbox row that the event leaves behind.
func (w *world) job(tenant, ref uuid.UUID) jobs.Job {
	w.t.Helper()
	j := jobs.Job{Tenant: tenant, ID: uuid.New(), Kind: jobs.UpdateFact, Ref: ref, Attempt: 1}
	w.exec("insert into jobs.outbox (tenant_id, id, kind, ref) values ($1, $2, $3, $4)", tenant, j.ID, string(j.Kind), ref)
	return j
}

func (w *world) run(j jobs.Job) error {
	w.t.Helper()
	handlers := insight.Handlers(w.db, w.ring, w.clock)
	if len(handlers) != 1 || handlers[0].Kind != jobs.UpdateFact {
		w.t.Fatal("the domain has one job: update-fact")
	}
	return handlers[0].Run(w.t.Context(), j)
}

// update runs the job of an event and wants it done.
func (w *world) update(tenant, caseID uuid.UUID) {
	w.t.Helper()
	j := w.job(tenant, caseID)
	if err := w.run(j); err != nil {
		w.t.Fatal(err)
	}
	if w.one("select count(*) from jobs.outbox where id = $1 and done_at is not null", j.ID) != 1 {
		w.t.Fatal("the job is not marked as done")
	}
}

// history fills months with n counted cases for each of five tenants and three categories: three boards, two providers.
func (w *world) history(from, to string, n int) {
	w.t.Helper()
	for _, slug := range []string{"gamma", "omsorg"} {
		if w.one("select count(*) from app.tenants where slug = $1", slug) == 0 {
			w.tenant(slug, map[string]string{"gamma": "BOARD", "omsorg": "PROVIDER"}[slug])
		}
	}
	w.exec(`insert into insight.cells (tenant_id, month, area, case_type, category, harm, n)
		select t.id, m, '', 'AVVIKELSE', c, 'NEJ', $3 from app.tenants t, unnest(array['LKM', 'UTF', 'BEM']) c, generate_series($1::date, $2::date, '1 month') m`,
		from, to, n)
}

// agree wants the cells to be exactly the facts, counted.
func (w *world) agree() {
	w.t.Helper()
	const counted = `select tenant_id, month, coalesce(area, ''), coalesce(case_type, ''), split_part(coalesce(category, ''), '.', 1), coalesce(harm, ''), count(*)::int from insight.facts group by 1, 2, 3, 4, 5, 6`
	const kept = `select tenant_id, month, area, case_type, category, harm, n from insight.cells where n > 0`
	if n := w.one("select count(*) from ((" + counted + " except " + kept + ") union all (" + kept + " except " + counted + ")) x"); n != 0 {
		w.t.Errorf("%d cells differ from the facts", n)
	}
}

func (w *world) page(q insight.CityQuery) insight.City {
	w.t.Helper()
	page, err := w.svc.City(w.t.Context(), authz.Actor{City: "staden", Tenant: w.alfa}, q)
	if err != nil {
		w.t.Fatal(err)
	}
	return page
}
