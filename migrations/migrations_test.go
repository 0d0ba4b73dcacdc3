package migrations_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"lyhord/migrations"
	"lyhord/pkg/platform/dbtest"
)

// passwords are the ones dbtest's DSNs use.
func passwords() map[string]string {
	all := map[string]string{}
	for _, role := range migrations.Roles {
		all[role] = dbtest.Password
	}
	return all
}

func bootstrapped(t *testing.T) *dbtest.DB {
	t.Helper()
	d := dbtest.NewEmpty(t)
	if err := migrations.Bootstrap(t.Context(), d.DSN("super"), d.Name(), passwords()); err != nil {
		t.Fatal(err)
	}
	return d
}

// shape is everything the catalogue says of our schemas, as text: what a second way up must make again.
const shape = `
with ours as (select oid from pg_namespace where nspname in ('app', 'sec', 'jobs', 'insight'))
select string_agg(line, E'\n' order by line) from (
  select 'relation ' || c.oid::regclass || ' ' || c.relkind::text || ' ' || c.relowner::regrole || ' ' || c.relrowsecurity || c.relforcerowsecurity || ' ' || coalesce((select string_agg(a::text, ',' order by a::text) from unnest(c.relacl) a), '') as line
    from pg_class c where c.relnamespace in (select oid from ours)
  union all
  select 'column ' || a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' ' || coalesce((select string_agg(x::text, ',' order by x::text) from unnest(a.attacl) x), '')
    from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where c.relnamespace in (select oid from ours) and a.attnum > 0 and not a.attisdropped and c.relkind = 'r'
  union all
  select 'constraint ' || k.conrelid::regclass || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) from pg_constraint k where k.connamespace in (select oid from ours)
  union all
  select 'index ' || pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace in (select oid from ours)
  union all
  select 'policy ' || p.polrelid::regclass || ' ' || p.polname || ' ' || p.polcmd::text || p.polpermissive || ' ' || (select string_agg(r::regrole::text, ',' order by r::regrole::text) from unnest(p.polroles) r) || ' ' || coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' ' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') from pg_policy p
  union all
  select 'function ' || p.proowner::regrole || ' ' || coalesce((select string_agg(a::text, ',' order by a::text) from unnest(p.proacl) a), '') || ' ' || pg_get_functiondef(p.oid) from pg_proc p where p.pronamespace in (select oid from ours)
  union all
  select 'trigger ' || pg_get_triggerdef(t.oid) || t.tgenabled::text from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace in (select oid from ours) and not t.tgisinternal
  union all
  select 'schema ' || n.nspname || ' ' || n.nspowner::regrole || ' ' || coalesce((select string_agg(a::text, ',' order by a::text) from unnest(n.nspacl) a), '') from pg_namespace n where n.oid in (select oid from ours)
) x`

func shapeOf(t *testing.T, d *dbtest.DB) string {
	t.Helper()
	var text *string
	if err := d.Super(t).QueryRow(t.Context(), shape).Scan(&text); err != nil {
		t.Fatal(err)
	}
	if text == nil {
		return ""
	}
	return *text
}

func TestTheWayDownLeavesNothingAndTheWayUpMakesTheSameAgain(t *testing.T) {
	t.Parallel()
	d := bootstrapped(t)
	dsn := d.DSN("migrator")
	if err := migrations.Up(t.Context(), dsn); err != nil {
		t.Fatal(err)
	}
	first := shapeOf(t, d)
	if err := migrations.Up(t.Context(), dsn); err != nil {
		t.Errorf("up when nothing is to do: %v", err)
	}
	if err := migrations.Down(t.Context(), dsn, 0); err != nil {
		t.Fatal(err)
	}
	if left := shapeOf(t, d); left != "" {
		t.Errorf("the way down leaves:\n%s", left)
	}
	if err := migrations.Up(t.Context(), dsn); err != nil {
		t.Fatalf("up again: %v", err)
	}
	same(t, "up, down and up", first, shapeOf(t, d))
}

func same(t *testing.T, way, a, b string) {
	t.Helper()
	before, after := strings.Split(a, "\n"), strings.Split(b, "\n")
	for _, line := range before {
		if !slices.Contains(after, line) {
			t.Errorf("after %s is missing: %s", way, line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			t.Errorf("after %s is new: %s", way, line)
		}
	}
}

// TestEachStepDownUndoesItsOwn goes one version down and up at a time: the schema at each version is the same both ways.
func TestEachStepDownUndoesItsOwn(t *testing.T) {
	t.Parallel()
	d := bootstrapped(t)
	dsn := d.DSN("migrator")
	if err := migrations.Up(t.Context(), dsn); err != nil {
		t.Fatal(err)
	}
	top := shapeOf(t, d)
	for v := migrations.Version() - 1; v >= 0; v-- {
		if err := migrations.Down(t.Context(), dsn, v); err != nil {
			t.Fatalf("down to %d: %v", v, err)
		}
		if err := migrations.Up(t.Context(), dsn); err != nil {
			t.Fatalf("up from %d: %v", v, err)
		}
		same(t, fmt.Sprintf("down to %d and up", v), top, shapeOf(t, d))
	}
}

func TestTwoMigratorsAtOnceWaitForEachOther(t *testing.T) {
	t.Parallel()
	d := dbtest.NewEmpty(t)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if err := migrations.Bootstrap(t.Context(), d.DSN("super"), d.Name(), passwords()); err != nil {
				t.Errorf("bootstrap: %v", err)
			}
		})
	}
	all.Wait()
	for range 3 {
		all.Go(func() {
			if err := migrations.Up(t.Context(), d.DSN("migrator")); err != nil {
				t.Errorf("up: %v", err)
			}
		})
	}
	all.Wait()
	var versions, most int64
	err := d.Super(t).QueryRow(t.Context(), `select count(*), max(version_id) from public.goose_db_version where version_id > 0`).Scan(&versions, &most)
	if err != nil || most != migrations.Version() || versions != count(t) {
		t.Errorf("%d versions are noted, the newest %d: %v", versions, most, err)
	}
}

func count(t *testing.T) int64 {
	t.Helper()
	names, err := fs.Glob(migrations.FS, "0*.sql")
	if err != nil {
		t.Fatal(err)
	}
	return int64(len(names))
}

// TestAdministratorsOfTwoDatabasesTakeTurns: roles belong to the cluster, so a lock in one database would not do.
func TestAdministratorsOfTwoDatabasesTakeTurns(t *testing.T) {
	t.Parallel()
	one, two := dbtest.NewEmpty(t), dbtest.NewEmpty(t)
	var all sync.WaitGroup
	for range 4 {
		for _, d := range []*dbtest.DB{one, two} {
			all.Go(func() {
				if err := migrations.Bootstrap(t.Context(), d.DSN("super"), d.Name(), passwords()); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
}

func TestASchemaWithAHoleIsRefused(t *testing.T) {
	t.Parallel()
	d := bootstrapped(t)
	if err := migrations.Up(t.Context(), d.DSN("migrator")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Super(t).Exec(t.Context(), `alter table app.reports no force row level security`); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Up(t.Context(), d.DSN("migrator")); err == nil || !strings.Contains(err.Error(), "rls-off: app.reports") {
		t.Errorf("reports are open to their owner: %v", err)
	}
}

func TestTheHashNamesTheFiles(t *testing.T) {
	t.Parallel()
	if a, b := migrations.Hash(), migrations.Hash(); a != b || !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(a) {
		t.Errorf("hash %q, then %q", a, b)
	}
	if migrations.Version() < count(t) { // a number may be left out, as one that was written and never used
		t.Errorf("version %d of %d files: a number is there twice", migrations.Version(), count(t))
	}
}

func TestEveryMigrationSaysItsWayDown(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(migrations.FS, "0*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(migrations.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		up, down, found := strings.Cut(string(text), "-- +goose Down\n")
		if !found || strings.TrimSpace(down) == "" || !strings.HasPrefix(up, "-- +goose Up\n") {
			t.Errorf("%s has no way up or no way down", name)
		}
		for _, never := range []string{"set role", "set local role", "not valid", "disable row level security", "no force"} {
			if strings.Contains(strings.ToLower(up), never) {
				t.Errorf("%s says %q", name, never)
			}
		}
	}
}
