package db_test

import (
	"testing"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/problem"
)

// cases counts the cases a scope sees.
func (w world) cases(t *testing.T, s authz.Scope) (n int) {
	t.Helper()
	var b db.Batch
	b.One(`select count(*) from app.cases`, nil, &n)
	if err := w.db.Once(t.Context(), s, &b); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheSessionIsAskedInEveryTransaction(t *testing.T) {
	t.Parallel()
	const today = `(now() at time zone 'Europe/Stockholm')::date`
	for name, c := range map[string]struct{ end, back string }{
		"a session that is revoked":      {`update sec.sessions set revoked_at = now() where subject_id = $1`, `update sec.sessions set revoked_at = null where subject_id = $1`},
		"a session that has run out":     {`update sec.sessions set expires_at = now() where subject_id = $1`, `update sec.sessions set expires_at = now() + interval '1 hour' where subject_id = $1`},
		"a membership that has ended":    {`update sec.memberships set valid_to = ` + today + ` - 1 where account_id = $1`, `update sec.memberships set valid_to = ` + today + ` where account_id = $1`},
		"a membership not yet begun":     {`update sec.memberships set valid_from = ` + today + ` + 1 where account_id = $1`, `update sec.memberships set valid_from = ` + today + ` where account_id = $1`},
		"an account that is closed":      {`update sec.accounts set disabled_at = now() where id = $1`, `update sec.accounts set disabled_at = null where id = $1`},
		"a role that sees only her own":  {`with r as (update app.cases set readers = '{}', version = version + 1) update sec.memberships set role = 'medarbetare' where account_id = $1`, `update sec.memberships set role = 'registrator' where account_id = $1`},
		"a role with no label at all":    {`update sec.memberships set role = 'slk' where account_id = $1`, `update sec.memberships set role = 'registrator' where account_id = $1`},
		"a machine's session of her own": {`update sec.sessions set kind = 'CLIENT' where subject_id = $1`, `update sec.sessions set kind = 'PERSON' where subject_id = $1`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if n := w.cases(t, w.a.scope()); n != 1 {
				t.Fatalf("at first she sees %d cases", n)
			}
			exec(t, w.super, c.end, w.a.person)
			if n := w.cases(t, w.a.scope()); n != 0 {
				t.Errorf("she still sees %d cases", n)
			}
			if n := w.cases(t, w.b.scope()); n != 1 {
				t.Errorf("the other board sees %d cases", n)
			}
			exec(t, w.super, c.back, w.a.person)
			if n := w.cases(t, w.a.scope()); n != 1 {
				t.Errorf("afterwards she sees %d cases", n)
			}
		})
	}
}

func TestAUnitManagerSeesHerUnitsAndWhatSheWasGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	manager := w.a.named("unit")
	exec(t, w.super, `update app.cases set readers = '{}', version = version + 1`)
	exec(t, w.super, `update sec.memberships set role = 'chef', unit_id = $2 where account_id = $1`, w.a.person, manager)
	if n := w.cases(t, w.a.scope()); n != 1 {
		t.Errorf("the manager of the unit sees %d cases", n)
	}
	exec(t, w.super, `update sec.memberships set unit_id = $2 where account_id = $1`, w.a.person, w.a.named("parent"))
	if n := w.cases(t, w.a.scope()); n != 1 {
		t.Errorf("the manager above sees %d cases", n)
	}
	exec(t, w.super, `update sec.memberships set unit_id = $2 where account_id = $1`, w.a.person, uuid.New())
	if n := w.cases(t, w.a.scope()); n != 0 {
		t.Errorf("the manager of another unit sees %d cases", n)
	}
	exec(t, w.super, `update app.cases set readers = array[$1]::uuid[], version = version + 1`, w.a.person)
	if n := w.cases(t, w.a.scope()); n != 1 {
		t.Errorf("given the case, she sees %d", n)
	}
	exec(t, w.super, `update app.cases set access_label = 'LEX', version = version + 1`)
	if n := w.cases(t, w.a.scope()); n != 0 {
		t.Errorf("under lex Sarah's label she sees %d", n)
	}
}

// TestEachDoorOpensOntoItsOwn tries every readable thing through every door that is not the api's.
func TestEachDoorOpensOntoItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authz.DoorLogin, authz.DoorIntake, authz.DoorRelay, authz.DoorInsight, authz.DoorWorker)
	reads := func(s authz.Scope, sql string) (n int, err error) {
		var b db.Batch
		b.One(`select count(*) from (`+sql+`) x`, nil, &n)
		return n, w.db.Once(t.Context(), s, &b)
	}
	open := map[authz.Door]map[string]bool{
		authz.DoorIntake:  {"app.tenant_configs": true, "app.units": true},
		authz.DoorRelay:   {"jobs.outbox": true},
		authz.DoorInsight: {},
		authz.DoorLogin:   {},
	}
	scopes := map[authz.Door]authz.Scope{authz.DoorIntake: authz.Public(w.a.tenant), authz.DoorRelay: authz.Relay(), authz.DoorInsight: authz.Insight(), authz.DoorLogin: authz.Opening(w.a.token)}
	for _, x := range tables(t, w.super) {
		for door, s := range scopes {
			n, err := reads(s, `select tenant_id from `+x.name)
			switch {
			case open[door][x.name] && (err != nil || n == 0):
				t.Errorf("%s does not read %s: %d rows, %v", door, x.name, n, err)
			case !open[door][x.name] && !problem.Is(err, problem.KindForbidden):
				t.Errorf("%s reads %s: %d rows, %v", door, x.name, n, err)
			}
		}
	}
	if n, err := reads(authz.Insight(), `select * from insight.city_cells('city-a', '2026-01-01', '2026-12-01')`); err != nil || n != 1 {
		t.Errorf("the city's page reads %d cells: %v", n, err)
	}
	for _, sql := range []string{`select app.pid()`, `select insight.put_fact('{}')`, `select * from sec.wrapped_keys(gen_random_uuid())`, `select name from app.tenants`} {
		if _, err := reads(authz.Insight(), sql); !problem.Is(err, problem.KindForbidden) {
			t.Errorf("the city's page may %s: %v", sql, err)
		}
	}
}

func TestAPublicFormCanOnlyPutIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authz.DoorIntake)
	put := func(tenant uuid.UUID, state, prev string) error {
		var b db.Batch
		b.Exec(`insert into app.cases (id, reference, state, prev_state, channel, sender_role, anonymous, received_at, received_on)
			values (@id, @ref, @state, @prev, 'WEBBFORMULAR', 'ANONYM', true, now(), current_date)`,
			db.Args{"id": uuid.New(), "ref": uuid.NewString(), "state": state, "prev": prev})
		return w.db.Once(t.Context(), authz.Public(tenant), &b)
	}
	if err := put(w.a.tenant, "received", "none"); err != nil {
		t.Errorf("a report: %v", err)
	}
	if err := put(w.a.tenant, "void", "received"); !problem.Is(err, problem.KindForbidden) {
		t.Errorf("a case born void: %v", err)
	}
	if err := put(uuid.New(), "received", "none"); err == nil {
		t.Error("a report to a tenant that does not exist")
	}
	exec(t, w.super, `update app.tenants set public_form = false where id = $1`, w.a.tenant)
	if err := put(w.a.tenant, "received", "none"); err == nil {
		t.Error("a report to a tenant without a public form")
	}
}

func TestAJobIsItsOwnCredentialUntilItIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authz.DoorWorker)
	for name, s := range map[string]authz.Scope{
		"no job":                  authz.System(w.a.tenant, uuid.New()),
		"the other tenant's job":  authz.System(w.a.tenant, w.b.job),
		"a job for another one":   authz.System(w.b.tenant, w.a.job),
		"the worker without both": authz.NoTenant(authz.DoorWorker),
	} {
		if n := w.cases(t, s); n != 0 {
			t.Errorf("with %s %d cases are seen", name, n)
		}
	}
	if n := w.cases(t, authz.System(w.a.tenant, w.a.job)); n != 1 {
		t.Fatalf("with its job the worker sees %d cases", n)
	}
	var b db.Batch
	var before, after int
	b.One(`select count(*) from app.cases`, nil, &before)
	b.Exec(`update jobs.outbox set done_at = now() where id = @id`, db.Args{"id": w.a.job})
	b.One(`select count(*) from app.cases`, nil, &after)
	if err := w.db.Once(t.Context(), authz.System(w.a.tenant, w.a.job), &b); err != nil || before != 1 || after != 1 {
		t.Errorf("%d cases before the job is done, %d after, in one transaction: %v", before, after, err)
	}
	if n := w.cases(t, authz.System(w.a.tenant, w.a.job)); n != 0 {
		t.Errorf("with a job that is done %d cases are seen", n)
	}
	exec(t, w.super, `update jobs.outbox set done_at = null, dead_at = now() where id = $1`, w.a.job)
	if n := w.cases(t, authz.System(w.a.tenant, w.a.job)); n != 0 {
		t.Errorf("with a dead job %d cases are seen", n)
	}
}

func TestLoginsNeverHoldMoreThanTheirFewConnections(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for dsn, want := range map[string]int32{"&pool_max_conns=50&pool_min_conns=20": 4, "&pool_max_conns=2": 2} {
		opened, err := db.Open(t.Context(), map[authz.Door]string{authz.DoorLogin: d.DSN("login") + dsn, authz.DoorAPI: d.DSN("api") + "&pool_max_conns=9"})
		if err != nil {
			t.Fatal(err)
		}
		if login, api := opened.Pool(authz.DoorLogin).Config().MaxConns, opened.Pool(authz.DoorAPI).Config().MaxConns; login != want || api != 9 {
			t.Errorf("%s: %d connections for logins, %d for the api", dsn, login, api)
		}
		opened.Close()
	}
}

func TestAnEventIsWrittenInNobodyElsesName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authz.DoorWorker, authz.DoorIntake)
	put := func(s authz.Scope, of board, actor *uuid.UUID) error {
		var b db.Batch
		about := of.caseID
		if s.Door() == authz.DoorIntake { // the form writes about the case it makes
			about = uuid.New()
			b.Exec(newborn, db.Args{"case": about})
		}
		b.Exec(`insert into app.case_events (id, case_id, kind, actor_id) values (@id, @case, 'case.tried', @actor)`,
			db.Args{"id": uuid.New(), "case": about, "actor": actor})
		return w.db.Once(t.Context(), s, &b)
	}
	her, other := w.a.person, w.a.named("other")
	job, form := authz.System(w.a.tenant, w.a.job), authz.Public(w.a.tenant)
	for name, try := range map[string]struct {
		scope authz.Scope
		actor *uuid.UUID
		may   bool
	}{
		"herself": {w.a.scope(), &her, true}, "a colleague": {w.a.scope(), &other, false}, "nobody": {w.a.scope(), nil, false},
		"a job as nobody": {job, nil, true}, "a job as a person": {job, &her, false},
		"the public form as nobody": {form, nil, true}, "the public form as a person": {form, &her, false},
	} {
		err := put(try.scope, w.a, try.actor)
		if try.may && err != nil || !try.may && !problem.Is(err, problem.KindForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAMeasureMendsACauseOfItsOwnCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := w.a.named("second case")
	exec(t, w.super, `insert into app.cases (tenant_id, id, reference, state, prev_state, channel, sender_role, received_at, received_on, unit_id, readers, reporter_id)
		select tenant_id, $1, 'ref-second', state, prev_state, channel, sender_role, received_at, received_on, unit_id, readers, reporter_id from app.cases where id = $2`,
		second, w.a.caseID)
	put := func(caseID, cause uuid.UUID) error {
		var b db.Batch
		b.Exec(`insert into app.measures (id, case_id, cause_id, title_sealed, strength, owner_id, due_on) values (@id, @case, @cause, 't', 'STARK', @owner, current_date)`,
			db.Args{"id": uuid.New(), "case": caseID, "cause": cause, "owner": w.a.person})
		return w.db.Once(t.Context(), w.a.scope(), &b)
	}
	if err := put(w.a.caseID, w.a.named("cause")); err != nil {
		t.Errorf("its own cause: %v", err)
	}
	if err := put(second, w.a.named("cause")); err == nil {
		t.Error("a measure of one case mends the cause of another")
	}
	var b db.Batch
	b.Exec(`update app.measures set cause_id = @cause where id = @id`, db.Args{"id": w.a.named("measure"), "cause": uuid.New()})
	if err := w.db.Once(t.Context(), w.a.scope(), &b); err == nil {
		t.Error("a measure is moved to a cause that is nobody's")
	}
}
