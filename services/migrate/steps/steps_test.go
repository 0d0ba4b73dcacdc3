//go:build unix

package steps_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lyhord/migrations"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/seal"
	"lyhord/services/migrate/steps"
	"lyhord/tenants"
)

func newRoot(t *testing.T) *seal.Root {
	t.Helper()
	root, err := seal.ParseRoot(seal.NewRootKey())
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func embedded(t *testing.T) []tenants.City {
	t.Helper()
	cities, err := tenants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return cities
}

func upsert(t *testing.T, db *dbtest.DB, root *seal.Root, cities []tenants.City, password string) {
	t.Helper()
	if err := steps.UpsertTenants(t.Context(), db.DSN("migrator"), root, cities, steps.Options{DemoPassword: password}); err != nil {
		t.Fatal(err)
	}
}

func one[T any](t *testing.T, conn *pgx.Conn, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// fingerprint is every row the steps write, so that "nothing changed" can be said of all of it.
func fingerprint(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	return one[string](t, conn, `select md5(string_agg(x, '|' order by x)) from (
		select c::text from app.cities c union all select c::text from app.codes c union all select c::text from app.tenants c
		union all select c::text from app.tenant_configs c union all select c::text from app.units c
		union all select c::text from app.unit_parents c union all select c::text from app.unit_managers c
		union all select c::text from app.people c union all select c::text from sec.accounts c
		union all select c::text from sec.memberships c union all select c::text from sec.tenant_keys c
		union all select c::text from sec.demo_logins c) as all_rows (x)`)
}

func TestASecondRunChangesNothing(t *testing.T) {
	t.Parallel()
	db, root, cities := dbtest.New(t), newRoot(t), embedded(t)
	conn := db.Super(t)
	upsert(t, db, root, cities, "")
	before := fingerprint(t, conn)
	upsert(t, db, newRoot(t), cities, "")
	if after := fingerprint(t, conn); after != before {
		t.Fatal("a second run with the same files changed rows")
	}
	var units, people int
	for _, c := range cities {
		for _, tn := range c.Tenants {
			units += len(tn.Units)
			people += len(tn.People)
		}
	}
	if n := one[int](t, conn, "select count(*) from app.units"); n != units {
		t.Errorf("%d units, the files have %d", n, units)
	}
	if n := one[int](t, conn, "select count(*) from sec.accounts"); n != people {
		t.Errorf("%d accounts, the files have %d people", n, people)
	}
	if n := one[int](t, conn, "select count(*) from sec.accounts where password_hash is not null"); n != 0 {
		t.Errorf("%d accounts got a password nobody asked for", n)
	}
}

func TestTwoRunsAtOnceWriteEachRowOnce(t *testing.T) {
	t.Parallel()
	db, root, cities := dbtest.New(t), newRoot(t), embedded(t)
	errs := make(chan error, 2)
	for range 2 {
		go func() {
			errs <- steps.UpsertTenants(t.Context(), db.DSN("migrator"), root, cities, steps.Options{DemoPassword: "gemensamt lösenord"})
		}()
	}
	for range 2 {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	if n := one[int](t, db.Super(t), "select count(*) from app.tenant_configs where version > 1"); n != 0 {
		t.Errorf("%d tenants have a second version of the same rules", n)
	}
}

func TestWhatAFileNoLongerNamesGetsALastDay(t *testing.T) {
	t.Parallel()
	db, root := dbtest.New(t), newRoot(t)
	conn := db.Super(t)
	city := embedded(t)[slices.IndexFunc(embedded(t), func(c tenants.City) bool { return c.Slug == "linkoping" })]
	upsert(t, db, root, []tenants.City{city}, "demo")

	i := slices.IndexFunc(city.Tenants, func(x tenants.Tenant) bool { return x.Slug == "linkoping-social" })
	changed := city
	changed.Tenants = slices.Clone(city.Tenants)
	changed.Tenants = slices.DeleteFunc(changed.Tenants, func(x tenants.Tenant) bool { return x.Slug == "testangen" })
	tn := &changed.Tenants[slices.IndexFunc(changed.Tenants, func(x tenants.Tenant) bool { return x.Slug == "linkoping-social" })]
	tn.Units = slices.Clone(city.Tenants[i].Units)
	tn.People = slices.DeleteFunc(slices.Clone(tn.People), func(p tenants.Person) bool { return p.Key == "utredare" })
	for j := range tn.Units {
		switch tn.Units[j].Slug {
		case "socialpsykiatrin": // moved to another department
			tn.Units[j].Parent = "vuxna"
		case "familjeratten": // a new head
			tn.Units[j].Managers = []tenants.Manager{{Person: "chef-familjehemsenheten"}}
		}
	}
	upsert(t, db, root, []tenants.City{changed}, "demo")

	tid := steps.TenantID("linkoping-social")
	open := func(sql string, args ...any) int { return one[int](t, conn, "select count(*) from "+sql, args...) }
	moved := steps.UnitID("linkoping-social", "socialpsykiatrin")
	if n := open("app.unit_parents where unit_id = $1 and valid_to is null and parent_id = $2", moved, steps.UnitID("linkoping-social", "vuxna")); n != 1 {
		t.Errorf("the moved unit has %d new places", n)
	}
	if n := open("app.unit_parents where unit_id = $1 and valid_to = current_date - 1", moved); n != 1 {
		t.Errorf("the moved unit has %d old places with a last day", n)
	}
	court := steps.UnitID("linkoping-social", "familjeratten")
	if n := open("app.unit_managers where unit_id = $1 and valid_to is null and person_id = $2", court, steps.PersonID("linkoping-social", "chef-familjehemsenheten")); n != 1 {
		t.Errorf("the unit has %d new heads", n)
	}
	gone := steps.PersonID("linkoping-social", "utredare")
	if n := open("app.people where tenant_id = $1 and id = $2 and not active", tid, gone); n != 1 {
		t.Error("who has left is still active")
	}
	if n := open("sec.memberships where account_id = $1 and (valid_to is null or valid_to >= current_date)", gone); n != 0 {
		t.Error("who has left still holds a role")
	}
	if n := open("sec.accounts where id = $1 and disabled_at is not null", gone); n != 1 {
		t.Error("the account of who has left is open")
	}
	if n := open("app.tenants where slug = 'testangen' and valid_to = current_date - 1 and not public_form"); n != 1 {
		t.Error("a tenant without a file is still open")
	}

	upsert(t, db, root, []tenants.City{city}, "demo") // back as it was
	if n := open("sec.accounts where id = $1 and disabled_at is null", gone); n != 1 {
		t.Error("who has come back cannot log in")
	}
	if n := open("app.unit_parents where unit_id = $1 and (valid_to is null or valid_to >= current_date)", moved); n != 1 {
		t.Errorf("the unit that moved back has %d places today", n)
	}
}

func TestNewRulesMakeANewVersion(t *testing.T) {
	t.Parallel()
	db, root := dbtest.New(t), newRoot(t)
	cities := embedded(t)
	upsert(t, db, root, cities, "")
	slug := cities[0].Tenants[0].Slug
	cities[0].Tenants[0].Texts.PublicIntro = "Nya ord."
	upsert(t, db, root, cities, "")
	conn := db.Super(t)
	if v := one[int](t, conn, "select max(version) from app.tenant_configs where tenant_id = $1", steps.TenantID(slug)); v != 2 {
		t.Errorf("the tenant's rules are version %d", v)
	}
	if n := one[int](t, conn, "select count(*) from app.tenant_configs where version > 1"); n != 1 {
		t.Errorf("%d tenants have a second version", n)
	}
}

func TestATenantsKeyOpensWithTheRootThatMadeIt(t *testing.T) {
	t.Parallel()
	db, root := dbtest.New(t), newRoot(t)
	cities := embedded(t)
	upsert(t, db, root, cities, "")
	tid := steps.TenantID(cities[0].Tenants[0].Slug)
	wrapped := one[[]byte](t, db.Super(t), "select wrapped from sec.tenant_keys where tenant_id = $1 and version = 1", tid)
	if _, err := root.OpenTenantKey(tid, 1, wrapped); err != nil {
		t.Fatal(err)
	}
}

func TestTheWholeWayUpFromAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	db := dbtest.NewEmpty(t)
	if err := migrations.Bootstrap(ctx, db.DSN("super"), db.Name(), nil); err != nil {
		t.Fatal(err)
	}
	if err := steps.Up(ctx, db.DSN("migrator"), newRoot(t), steps.Options{}); err != nil {
		t.Fatal(err)
	}
	if n := one[int](t, db.Super(t), "select count(*) from app.tenants"); n < 20 {
		t.Errorf("%d tenants", n)
	}
}

func TestServicesWaitUntilTheTenantsAreInPlace(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t) // migrated, but no tenants yet
	early, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := steps.Wait(early, db.DSN("api"), 10*time.Millisecond); err == nil {
		t.Fatal("a database without tenants was called ready")
	}
	if err := steps.Up(t.Context(), db.DSN("migrator"), newRoot(t), steps.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := steps.Wait(t.Context(), db.DSN("worker"), 10*time.Millisecond); err != nil {
		t.Fatal(err)
	}
}
