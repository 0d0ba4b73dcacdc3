package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"lyhord/pkg/platform/dbtest"
)

// These tests are generated from the catalogue: whatever table is added is tried with every role. Each trial is made twice,
// with the rights the role has and with all rights there are, because a fence must hold when a grant was too generous.

// table is a fenced table and what the trials need to know of it.
type table struct {
	name    string
	columns []string // without generated ones
	keys    []string // of unique indexes, without tenant_id
	links   [][]string
}

const fencedTables = `
select c.oid::regclass::text as name,
  (select array_agg(quote_ident(a.attname) order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
  (select array_agg(distinct quote_ident(a.attname)) from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey::int2[])
    where i.indrelid = c.oid and i.indisunique and a.attname <> 'tenant_id') as keys
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname in ('app', 'jobs', 'insight') and c.relkind in ('r', 'p') and c.relrowsecurity order by 1`

const tableLinks = `
select (select array_agg(quote_ident(a.attname)::text) from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any (k.conkey) and a.attname <> 'tenant_id')
  from pg_constraint k where k.conrelid = $1::text::regclass and k.contype = 'f' and array_length(k.conkey, 1) > 1
   and exists (select from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'tenant_id')`

func tables(t *testing.T, super *pgx.Conn) []table {
	t.Helper()
	rows, err := super.Query(t.Context(), fencedTables)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (x table, err error) {
		return x, r.Scan(&x.name, &x.columns, &x.keys)
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range all {
		rows, err := super.Query(t.Context(), tableLinks, x.name)
		if err != nil {
			t.Fatal(err)
		}
		if all[i].links, err = pgx.CollectRows(rows, pgx.RowTo[[]string]); err != nil {
			t.Fatal(err)
		}
	}
	if len(all) < 25 {
		t.Fatalf("only %d fenced tables were found", len(all))
	}
	return all
}

// trial is one table tried by one role in a transaction that is rolled back.
type trial struct {
	t     *testing.T
	tx    pgx.Tx
	table table
	role  string
	wide  bool // with every right there is
	a, b  board
}

var loginRoles = []string{"api", "login", "intake", "worker", "relay", "insight"}

// serving may see rows of all tenants, on purpose.
var serving = map[string]bool{"relay jobs.outbox": true}

func TestEveryTableHasARowOfEachBoard(t *testing.T) {
	t.Parallel()
	super := dbtest.New(t).Super(t)
	a, b := twoBoards(t, super)
	for _, x := range tables(t, super) {
		for _, board := range []board{a, b} {
			if scalar[int](t, super, `select count(*) from `+x.name+` where tenant_id = $1`, board.tenant) == 0 {
				t.Errorf("the fixture has no row of %s: add one, or nothing is proven of the table", x.name)
			}
		}
	}
}

func TestNoRoleReachesAnotherTenant(t *testing.T) {
	t.Parallel()
	super := dbtest.New(t).Super(t)
	a, b := twoBoards(t, super)
	for _, x := range tables(t, super) {
		for _, role := range loginRoles {
			for _, wide := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%s/%s", x.name, role, map[bool]string{false: "own rights", true: "all rights"}[wide]), func(t *testing.T) {
					within(t, super, func(tx pgx.Tx) { (&trial{t, tx, x, role, wide, a, b}).run() })
				})
			}
		}
	}
}

func (r *trial) run() {
	if r.wide {
		r.must(`grant usage on schema app, jobs, insight, sec to lyhord_` + r.role)
		r.must(`grant execute on all functions in schema app to lyhord_` + r.role)
		r.must(`grant all on ` + r.table.name + `, app.cases to lyhord_` + r.role)
		r.must(`alter table ` + r.table.name + ` disable trigger user`)
	}
	mine, others := r.digest(r.a), r.digest(r.b)
	r.must(`set local session authorization lyhord_` + r.role)
	r.seesNothingWithoutContext()
	r.bind(r.a)
	r.seesItsOwnOnly()
	r.changesItsOwnOnly()
	if !r.wide || !serving[r.role+" "+r.table.name] { // what holds who serves all tenants is its rights
		r.movesNothing()
		r.insertsNothingForTheOther()
	}
	r.must(`reset session authorization`)
	if !serving[r.role+" "+r.table.name] && r.digest(r.b) != others {
		r.t.Error("rows of B are not what they were")
	}
	if r.digest(r.a) != mine {
		r.t.Error("a refused change left its mark on A")
	}
}

func (r *trial) must(sql string) {
	r.t.Helper()
	if _, err := r.tx.Exec(r.t.Context(), sql); err != nil {
		r.t.Fatalf("%v in %s", err, sql)
	}
}

// digest is what a board's rows are, as a superuser sees them.
func (r *trial) digest(of board) (sum string) {
	r.t.Helper()
	err := r.tx.QueryRow(r.t.Context(), `select count(*) || ' ' || coalesce(md5(string_agg(x::text, '|' order by x::text)), '') from `+r.table.name+` x where tenant_id = $1`,
		of.tenant).Scan(&sum)
	if err != nil {
		r.t.Fatal(err)
	}
	return sum
}

// entering may call app.enter; the other roles have no tenant at all.
var entering = map[string]bool{"api": true, "intake": true, "worker": true}

// bind gives the role its true credential for a board: a session, a job, or for the public form the tenant alone. A role that
// cannot enter is given the proof that the api made in the same transaction, which must be worth nothing to it.
func (r *trial) bind(to board) {
	token, who := to.token, r.role
	switch {
	case who == "worker":
		token = to.job.String()
	case !entering[who]:
		who = "api"
	}
	r.must(`set local session authorization lyhord_` + who)
	if _, err := r.tx.Exec(r.t.Context(), `select app.enter($1, $2)`, token, to.tenant.String()); err != nil {
		r.t.Fatal(err)
	}
	r.must(`set local session authorization lyhord_` + r.role)
}

// try runs a statement in a savepoint that is undone and tells how many rows it met, or the error's state and constraint.
func (r *trial) try(sql string, args ...any) (rows int64, state string) {
	r.t.Helper()
	sub, err := r.tx.Begin(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	tag, err := sub.Exec(r.t.Context(), sql, args...)
	if undo := sub.Rollback(context.WithoutCancel(r.t.Context())); undo != nil {
		r.t.Fatal(undo)
	}
	var pe *pgconn.PgError
	switch {
	case errors.As(err, &pe):
		return 0, strings.TrimSpace(pe.Code + " " + pe.ConstraintName)
	case err != nil:
		r.t.Fatalf("%v in %s", err, sql)
	}
	return tag.RowsAffected(), ""
}

func denied(state string) bool { return strings.HasPrefix(state, "42501") }

// readable is a column the role may select, or nothing.
func (r *trial) readable() (column string) {
	r.t.Helper()
	const sql = `select coalesce((select quote_ident(a.attname) from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
		where n.nspname || '.' || c.relname = $1 and a.attname = 'tenant_id' and has_schema_privilege(session_user, n.oid, 'USAGE')
		  and has_column_privilege(session_user, a.attrelid, a.attnum, 'SELECT')), '')`
	if err := r.tx.QueryRow(r.t.Context(), sql, r.table.name).Scan(&column); err != nil {
		r.t.Fatal(err)
	}
	return column
}

func (r *trial) seesNothingWithoutContext() {
	if serving[r.role+" "+r.table.name] {
		return
	}
	if rows, state := r.try(`select tenant_id from ` + r.table.name); rows != 0 || state != "" && !denied(state) {
		r.t.Errorf("without a context %d rows are seen (%s)", rows, state)
	}
}

// reviewers names the tables of the trail that only the granskare reads; audit's own tests look at them with her eyes, and
// with those of another board's granskare.
var reviewers = map[string]bool{"app.audit_blocks": true, "app.log_samples": true}

func (r *trial) seesItsOwnOnly() {
	if serving[r.role+" "+r.table.name] || r.readable() == "" {
		return
	}
	all, state := r.try(`select tenant_id from ` + r.table.name)
	own, _ := r.try(`select tenant_id from `+r.table.name+` where tenant_id = $1`, r.a.tenant)
	if state != "" || all != own {
		r.t.Errorf("%d rows are seen and %d of them are its own (%s)", all, own, state)
	}
	if r.role == "api" && reviewers[r.table.name] {
		if own != 0 {
			r.t.Errorf("the registrar sees %d rows that are for the granskare alone", own)
		}
		return
	}
	if r.role == "api" && own == 0 && !strings.HasPrefix(r.table.name, "insight.") {
		r.t.Error("the registrar does not see her own tenant's row: nothing is proven by not seeing the other's")
	}
}

func (r *trial) changesItsOwnOnly() {
	set := "tenant_id = tenant_id"
	if !r.wide {
		if set = r.changeable(); set == "" {
			return
		}
	}
	visible, _ := r.try(`select 1 from ` + r.table.name)
	for _, sql := range []string{`update ` + r.table.name + ` set ` + set, `delete from ` + r.table.name} {
		r.undone(sql, visible)
	}
}

// undone makes a change without WHERE, looks as the superuser whether B is as before, and undoes it.
func (r *trial) undone(sql string, visible int64) {
	r.t.Helper()
	if serving[r.role+" "+r.table.name] {
		return
	}
	sub, err := r.tx.Begin(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	tag, err := sub.Exec(r.t.Context(), sql)
	if err == nil {
		if tag.RowsAffected() > visible {
			r.t.Errorf("%s changed %d rows of %d visible", sql, tag.RowsAffected(), visible)
		}
		outer := r.tx
		r.tx = sub
		r.must(`reset session authorization`)
		var left int
		if err := sub.QueryRow(r.t.Context(), `select count(*) from `+r.table.name+` where tenant_id = $1`, r.b.tenant).Scan(&left); err != nil || left == 0 {
			r.t.Errorf("%s left %d rows of B: %v", sql, left, err)
		}
		r.tx = outer
	}
	if err := sub.Rollback(context.WithoutCancel(r.t.Context())); err != nil {
		r.t.Fatal(err)
	}
}

// changeable is an assignment of a column the role may update to itself, or nothing.
func (r *trial) changeable() (set string) {
	r.t.Helper()
	err := r.tx.QueryRow(r.t.Context(), `select coalesce(min(quote_ident(a.attname) || ' = ' || quote_ident(a.attname)), '')
		from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
		where n.nspname || '.' || c.relname = $1 and a.attnum > 0 and not a.attisdropped and has_column_privilege(session_user, a.attrelid, a.attnum, 'UPDATE')`,
		r.table.name).Scan(&set)
	if err != nil {
		r.t.Fatal(err)
	}
	return set
}

func (r *trial) movesNothing() {
	for _, sql := range []string{
		`update ` + r.table.name + ` set tenant_id = $1`,
		`update ` + r.table.name + ` set tenant_id = $1 where tenant_id <> $1`,
	} {
		if rows, state := r.try(sql, r.b.tenant); rows != 0 || state != "" && !denied(state) {
			r.t.Errorf("%s met %d rows (%s)", sql, rows, state)
		}
	}
}

func (r *trial) insertsNothingForTheOther() {
	row := r.row(r.b)
	if rows, state := r.try(r.insert(""), row); rows != 0 || !denied(state) {
		r.t.Errorf("a row of B was inserted: %d (%s)", rows, state)
	}
}

func (r *trial) insert(tail string) string {
	list := strings.Join(r.table.columns, ", ")
	return `insert into ` + r.table.name + ` (` + list + `) select ` + list + ` from jsonb_populate_record(null::` + r.table.name + `, $1::jsonb) ` + tail
}

// row is a board's row as JSON, read by the superuser.
func (r *trial) row(of board) (row string) {
	r.t.Helper()
	var who string
	ctx := r.t.Context()
	if err := r.tx.QueryRow(ctx, `select session_user`).Scan(&who); err != nil {
		r.t.Fatal(err)
	}
	r.must(`reset session authorization`)
	if err := r.tx.QueryRow(ctx, `select to_jsonb(x) from `+r.table.name+` x where tenant_id = $1 order by x::text limit 1`, of.tenant).Scan(&row); err != nil {
		r.t.Fatal(err)
	}
	r.must(`set local session authorization ` + pgx.Identifier{who}.Sanitize())
	return row
}

// TestAnotherTenantsKeysAreLikeNoneAtAll inserts rows of A whose keys, and then whose references, are B's, and the same with
// values nobody has. The answers must be the same, or the difference would tell what B has.
func TestAnotherTenantsKeysAreLikeNoneAtAll(t *testing.T) {
	t.Parallel()
	super := dbtest.New(t).Super(t)
	a, b := twoBoards(t, super)
	for _, x := range tables(t, super) {
		if strings.HasPrefix(x.name, "insight.") {
			continue // no role inserts there, with whatever key
		}
		if x.name == "jobs.outbox" {
			continue // a job's id is unique over all tenants (see the exceptions of the catalogue): 122 random bits
		}
		t.Run(x.name, func(t *testing.T) {
			within(t, super, func(tx pgx.Tx) {
				r := &trial{t, tx, x, "api", true, a, b}
				r.must(`grant all on ` + x.name + ` to lyhord_api`)
				r.must(`set local session authorization lyhord_api`)
				r.bind(a)
				for _, columns := range append(slices.Clone(x.links), x.keys) {
					theirs, nobodys := r.variants(columns)
					for _, tail := range []string{"", "on conflict do nothing"} {
						n1, s1 := r.try(r.insert(tail), theirs)
						n2, s2 := r.try(r.insert(tail), nobodys)
						if n1 != n2 || s1 != s2 {
							t.Errorf("%v of B %s: %d rows (%s); of nobody: %d rows (%s)", columns, tail, n1, s1, n2, s2)
						}
					}
				}
			})
		})
	}
}

// variants are A's row with some columns as B has them, and the same with values that exist nowhere.
func (r *trial) variants(columns []string) (theirs, nobodys string) {
	r.t.Helper()
	mine, other := r.row(r.a), r.row(r.b)
	err := r.tx.QueryRow(r.t.Context(), `
		with c as (select key, $1::jsonb -> key as mine, $2::jsonb -> key as other from unnest($3::text[]) key),
		differ as (select key, other, case
		    when jsonb_typeof(other) = 'number' then to_jsonb(987654321)
		    when other #>> '{}' ~ '^[0-9a-f-]{36}$' then to_jsonb(gen_random_uuid())
		    when other #>> '{}' ~ '^\\x' then to_jsonb('\x' || left(md5('nobody') || md5('nowhere'), char_length(other #>> '{}') - 2))
		    when other #>> '{}' ~ '^\d{4}-\d\d-\d\d' then other
		    else to_jsonb('nobody'::text) end as nobody
		  from c where mine <> other)
		select ($1::jsonb || coalesce((select jsonb_object_agg(key, other) from differ), '{}'))::text,
		       ($1::jsonb || coalesce((select jsonb_object_agg(key, nobody) from differ), '{}'))::text`, mine, other, columns).Scan(&theirs, &nobodys)
	if err != nil {
		r.t.Fatal(err)
	}
	return theirs, nobodys
}
