package db_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
)

// These tests are somebody who can run any statement as lyhord_api and wants more than the session proved: the proof stands in
// a setting that may be written, so everything rests on the MAC in it.

// attacker is a bare connection as a role, and the two boards.
type attacker struct {
	t    *testing.T
	conn *pgx.Conn
	a, b board
}

func attackers(t *testing.T, d *dbtest.DB, role string, a, b board) *attacker {
	return &attacker{t, d.Conn(t, role), a, b}
}

func (x *attacker) do(sql string, args ...any) {
	x.t.Helper()
	if _, err := x.conn.Exec(x.t.Context(), sql, args...); err != nil {
		x.t.Fatalf("%v in %s", err, sql)
	}
}

func (x *attacker) begin(as board) {
	x.t.Helper()
	x.do(`begin`)
	x.do(`select app.enter($1, $2)`, as.token, as.tenant.String())
}

// proofs reads the two settings, as the attacker may.
func (x *attacker) proofs() (proof, units string) {
	x.t.Helper()
	err := x.conn.QueryRow(x.t.Context(), `select coalesce(current_setting('app.proof', true), ''), coalesce(current_setting('app.proof_units', true), '')`).Scan(&proof, &units)
	if err != nil {
		x.t.Fatal(err)
	}
	return proof, units
}

func (x *attacker) plant(proof, units string) {
	x.t.Helper()
	x.do(`select set_config('app.proof', $1, true), set_config('app.proof_units', $2, true)`, proof, units)
}

// sees counts the cases in sight.
func (x *attacker) sees() (n int) {
	x.t.Helper()
	if err := x.conn.QueryRow(x.t.Context(), `select count(*) from app.cases`).Scan(&n); err != nil {
		x.t.Fatal(err)
	}
	return n
}

// opens fails the test if anything at all is known or seen.
func (x *attacker) opens(what string) {
	x.t.Helper()
	var known bool
	err := x.conn.QueryRow(x.t.Context(), `select app.tid() is not null or app.pid() is not null or app.sees_all() or app.labels() <> '{}'
		or app.labels_everywhere() <> '{}' or app.units_in_sight() <> '{}'`).Scan(&known)
	if n := x.sees(); err != nil || known || n != 0 {
		x.t.Errorf("%s: something is known: %v, %d cases are seen (%v)", what, known, n, err)
	}
}

func TestAProofThatIsTouchedIsNone(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	a, b := twoBoards(t, d.Super(t))
	x := attackers(t, d, "api", a, b)
	x.begin(a)
	proof, _ := x.proofs()
	if n := x.sees(); n != 1 || len(proof) < 64+73 {
		t.Fatalf("her own proof %q shows %d cases", proof, n)
	}
	mac, words := proof[:64], proof[64:]
	for what, forged := range map[string]string{
		"the other tenant":         mac + b.tenant.String() + words[36:],
		"another person":           mac + words[:36] + uuid.NewString() + words[72:],
		"one label more":           proof + ",LEX",
		"no MAC":                   words,
		"a MAC of zeros":           strings.Repeat("0", 64) + words,
		"an empty MAC":             strings.Repeat(" ", 64) + words,
		"the MAC in capitals":      strings.ToUpper(mac) + words,
		"the end cut off":          proof[:len(proof)-1],
		"the MAC alone":            mac,
		"nothing":                  "",
		"a byte that is no letter": mac[:63] + "å" + words,
		"the words of a unit":      mac + "units " + words,
	} {
		x.plant(forged, "")
		x.opens(what)
	}
	for _, guess := range []string{ // MACs that anybody can make
		`encode(sha256(convert_to($1, 'UTF8')), 'hex')`,
		`encode(sha256(''::bytea || sha256(''::bytea || timestamptz_send(now()) || int4send(pg_backend_pid()) || convert_to(session_user || ' ' || $1, 'UTF8'))), 'hex')`,
	} {
		x.do(`select set_config('app.proof', `+guess+` || $1, true)`, words)
		x.opens("a MAC without the secret")
	}
	x.plant(proof, "")
	if n := x.sees(); n != 1 {
		t.Errorf("her own proof put back shows %d cases", n)
	}
	x.do(`select set_config('app.token', $1, true), set_config('app.tenant', $2, true)`, b.token, b.tenant.String())
	var tenant uuid.UUID
	if err := x.conn.QueryRow(t.Context(), `select app.tid()`).Scan(&tenant); err != nil || tenant != a.tenant {
		t.Errorf("another token written into the transaction makes the tenant %s: %v", tenant, err)
	}
}

func TestAProofIsWorthNothingElsewhere(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	super := d.Super(t)
	a, b := twoBoards(t, super)
	x, second, worker := attackers(t, d, "api", a, b), attackers(t, d, "api", a, b), attackers(t, d, "worker", a, b)
	x.begin(a)
	proof, units := x.proofs()
	second.do(`begin`)
	second.plant(proof, units)
	second.opens("on another backend")
	worker.do(`begin`)
	worker.plant(proof, units)
	worker.opens("as the worker")
	x.do(`commit`)
	x.do(`begin`)
	x.plant(proof, units)
	x.opens("in the next transaction of the same backend")
	x.do(`commit and chain`)
	x.plant(proof, units)
	x.opens("in a transaction chained to it")
	x.do(`rollback`)
	x.do(`select set_config('app.proof', $1, false)`, proof) // for the whole session, outside a transaction
	x.opens("kept on the connection")
	for role, of := range map[string]*attacker{"the job of the worker": attackers(t, d, "worker", a, b), "the public form": attackers(t, d, "intake", a, b)} {
		of.do(`begin`)
		of.do(`select app.enter($1, $2)`, a.job.String(), a.tenant.String())
		theirs, _ := of.proofs()
		if theirs == "" {
			t.Fatalf("%s proved nothing", role)
		}
		x.do(`begin`)
		x.plant(theirs, "")
		x.opens(role + " in the hands of the api")
		x.do(`rollback`)
	}
	within(t, super, func(tx pgx.Tx) { // one backend, one transaction, two roles: only the role differs
		if _, err := tx.Exec(t.Context(), `set local session authorization lyhord_api`); err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), `select app.enter($1, $2)`, a.token, a.tenant.String()); err != nil {
			t.Fatal(err)
		}
		var before, after int
		if err := tx.QueryRow(t.Context(), `select count(*) from app.cases`).Scan(&before); err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), `set local session authorization lyhord_worker`); err != nil {
			t.Fatal(err)
		}
		if err := tx.QueryRow(t.Context(), `select count(*) from app.cases`).Scan(&after); err != nil || before != 1 || after != 0 {
			t.Errorf("with one proof the api sees %d cases, the worker %d: %v", before, after, err)
		}
	})
}

func TestNobodyButTheProverReadsTheSecret(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	a, b := twoBoards(t, d.Super(t))
	for _, role := range loginRoles {
		x := attackers(t, d, role, a, b)
		for _, sql := range []string{`select * from sec.proof_key`, `select sec.mac('x')`, `select sec.proven()`, `select * from sec.standing('x', gen_random_uuid())`, `update sec.proof_key set lasts = '1 year'`} {
			if _, err := x.conn.Exec(t.Context(), sql); err == nil {
				t.Errorf("%s may %s", role, sql)
			}
		}
	}
	super := d.Super(t)
	if n := scalar[int](t, super, `select count(distinct x) from sec.proof_key k, unnest(array[substr(inner_pad, 1, 32), substr(inner_pad, 33), substr(outer_pad, 1, 32), substr(outer_pad, 33)]) x`); n != 4 {
		t.Errorf("the secret is made of %d different parts, not 4", n)
	}
}

func TestTheUnitsOfAnotherProofAreNone(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	super := d.Super(t)
	a, b := twoBoards(t, super)
	exec(t, super, `update app.cases set readers = '{}', version = version + 1`)
	exec(t, super, `update sec.memberships set role = 'chef'`)
	x := attackers(t, d, "api", a, b)
	x.begin(a)
	proof, units := x.proofs()
	if n := x.sees(); n != 1 || units == "" {
		t.Fatalf("a manager sees %d cases of her units (%q)", n, units)
	}
	for what, forged := range map[string]string{
		"no units":             "",
		"units without a MAC":  "{" + a.named("unit").String() + "}",
		"another unit instead": strings.Replace(units, a.named("unit").String(), uuid.NewString(), 1),
		"one unit more":        strings.Replace(units, "}", ","+uuid.NewString()+"}", 1),
		"the MAC of the proof": proof[:64] + units[64:],
	} {
		x.plant(proof, forged)
		if n := x.sees(); n != 0 {
			t.Errorf("with %s she sees %d cases", what, n)
		}
	}
	x.plant(units, units) // the words of one thing are never the words of another
	x.opens("the units in the place of the proof")
	x.do(`select app.enter($1, $2)`, b.token, b.tenant.String())
	theirs, _ := x.proofs()
	x.plant(theirs, units)
	if n := x.sees(); n != 0 {
		t.Errorf("with the units of another proof of the same transaction %d cases are seen", n)
	}
}

func TestARevocationHoldsFromTheNextTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	see := func(tx db.Tx) (n int) {
		var b db.Batch
		b.One(`select count(*) from app.cases`, nil, &n)
		if err := tx.Do(t.Context(), &b); err != nil {
			t.Error(err)
		}
		return n
	}
	err := w.db.In(t.Context(), w.a.scope(), func(tx db.Tx) error {
		before := see(tx)
		exec(t, w.super, `update sec.sessions set revoked_at = now() where subject_id = $1`, w.a.person)
		if again := see(tx); before != 1 || again != 1 {
			t.Errorf("in the transaction under way she sees %d cases before, %d after", before, again)
		}
		var b db.Batch
		b.Exec(`select app.enter(@token, @tenant)`, db.Args{"token": w.a.token, "tenant": w.a.tenant.String()})
		if err := tx.Do(t.Context(), &b); err != nil {
			return err
		}
		if n := see(tx); n != 0 {
			t.Errorf("entering once more in it she sees %d cases", n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if n := w.cases(t, w.a.scope()); n != 0 {
		t.Errorf("in the next transaction she sees %d cases", n)
	}
}

func TestATransactionThatLastsTooLongSeesNothingMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	exec(t, w.super, `update sec.proof_key set lasts = '300 milliseconds'`)
	var early, late int
	err := w.db.In(t.Context(), w.a.scope(), func(tx db.Tx) error {
		var b db.Batch
		b.One(`select count(*) from app.cases`, nil, &early)
		b.Exec(`select pg_sleep(0.35)`, nil)
		b.One(`select count(*) from app.cases`, nil, &late)
		return tx.Do(t.Context(), &b)
	})
	if err != nil || early != 1 || late != 0 {
		t.Errorf("%d cases at first, %d when the proof has run out: %v", early, late, err)
	}
}

func TestASavepointGivesBackTheProofItBeganWith(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	a, b := twoBoards(t, d.Super(t))
	x := attackers(t, d, "api", a, b)
	x.begin(a)
	x.do(`savepoint s`)
	x.do(`select app.enter('', '')`)
	x.opens("nobody, inside a savepoint")
	x.do(`rollback to savepoint s`)
	if n := x.sees(); n != 1 {
		t.Errorf("after the savepoint she sees %d cases", n)
	}
	x.do(`do $$ begin perform app.enter('', ''); raise exception 'undone'; exception when others then null; end $$`)
	if n := x.sees(); n != 1 {
		t.Errorf("after a block that was undone she sees %d cases", n)
	}
}

func TestAPreparedPlanKeepsNobodysProof(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	a, b := twoBoards(t, d.Super(t))
	x := attackers(t, d, "api", a, b)
	x.do(`set plan_cache_mode = force_generic_plan`)
	x.do(`prepare mine as select min(tenant_id::text) from app.cases`)
	for range 3 {
		for _, of := range []board{a, b} {
			x.begin(of)
			var seen string
			if err := x.conn.QueryRow(t.Context(), `execute mine`).Scan(&seen); err != nil || seen != of.tenant.String() {
				t.Errorf("the plan shows tenant %s in the transaction of %s: %v", seen, of.tenant, err)
			}
			x.do(`commit`)
		}
	}
}

// In a parallel worker there is another backend: the context must be asked before the work is shared out.
func TestAParallelPlanAsksTheProofOnce(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	super := d.Super(t)
	a, b := twoBoards(t, super)
	exec(t, super, `alter table app.case_events set (parallel_workers = 2)`)
	x := attackers(t, d, "api", a, b)
	x.begin(a)
	for _, s := range []string{`parallel_setup_cost = 0`, `parallel_tuple_cost = 0`, `min_parallel_table_scan_size = 0`, `enable_indexscan = off`, `enable_bitmapscan = off`} {
		x.do(`set local ` + s)
	}
	var n int
	start := time.Now()
	if err := x.conn.QueryRow(t.Context(), `select count(*) from app.case_events`).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d events in %s: %v", n, time.Since(start), err)
	}
}

// The public form and the worker prove themselves like everybody else, and no more than themselves.
func TestEveryDoorEntersItsOwnWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authz.DoorWorker, authz.DoorIntake)
	tenant := func(s authz.Scope) (id *uuid.UUID) {
		var b db.Batch
		b.One(`select app.tid()`, nil, &id)
		if err := w.db.Once(t.Context(), s, &b); err != nil {
			t.Error(err)
		}
		return id
	}
	for name, c := range map[string]struct {
		scope authz.Scope
		want  *uuid.UUID
	}{
		"a session":              {w.a.scope(), &w.a.tenant},
		"a job":                  {authz.System(w.a.tenant, w.a.job), &w.a.tenant},
		"the form":               {authz.Public(w.a.tenant), &w.a.tenant},
		"a session elsewhere":    {scope(w.a, w.b.tenant), nil},
		"a job elsewhere":        {authz.System(w.b.tenant, w.a.job), nil},
		"a form that is nowhere": {authz.Public(uuid.New()), nil},
		"a token alone":          {authz.Session(w.a.token), nil},
	} {
		got := tenant(c.scope)
		if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%s enters %v, not %v", name, got, c.want)
		}
	}
}
