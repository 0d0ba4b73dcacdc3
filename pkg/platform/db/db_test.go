package db_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/problem"
)

// scope is what the person of a board may do, asking for a tenant.
func scope(b board, tenant uuid.UUID) authz.Scope {
	return authz.Actor{Tenant: tenant}.WithToken(b.token).Scope()
}

func (b board) scope() authz.Scope { return scope(b, b.tenant) }

// world is a database with two boards and the api's door.
type world struct {
	super *pgx.Conn
	db    *db.DB
	a, b  board
}

func newWorld(t *testing.T, doors ...authz.Door) world {
	t.Helper()
	d := dbtest.New(t)
	w := world{super: d.Super(t)}
	w.a, w.b = twoBoards(t, w.super)
	w.db = open(t, d, append(doors, authz.DoorAPI)...)
	return w
}

const addEvent = `insert into app.case_events (id, case_id, kind) values (@id, @case, 'case.tried')`

func (w world) event(b *db.Batch, of board) uuid.UUID {
	id := uuid.New()
	b.Exec(addEvent, db.Args{"id": id, "case": of.caseID})
	return id
}

func (w world) kept(t *testing.T, event uuid.UUID) bool {
	t.Helper()
	return scalar[bool](t, w.super, `select exists (select from app.case_events where id = $1)`, event)
}

func TestABatchIsAllOrNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var good db.Batch
	first, second := w.event(&good, w.a), w.event(&good, w.a)
	if err := w.db.Once(t.Context(), w.a.scope(), &good); err != nil || !w.kept(t, first) || !w.kept(t, second) {
		t.Fatalf("a good batch: %v", err)
	}
	var bad db.Batch
	third := w.event(&bad, w.a)
	bad.Exec(`select app.must(false, 'LY412', 'case')`, nil)
	if err := w.db.Once(t.Context(), w.a.scope(), &bad); !problem.Is(err, problem.KindStale) || w.kept(t, third) {
		t.Errorf("a batch whose last statement fails: %v; its first statement was kept: %v", err, w.kept(t, third))
	}
	var twice db.Batch
	fourth := w.event(&twice, w.a)
	twice.Exec(addEvent, db.Args{"id": fourth, "case": w.a.caseID})
	if err := w.db.Once(t.Context(), w.a.scope(), &twice); !problem.Is(err, problem.KindConflict) || w.kept(t, fourth) {
		t.Errorf("a batch with the same row twice: %v; kept: %v", err, w.kept(t, fourth))
	}
}

func TestMustRefusesWhatIsNotTrue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		sql  string
		kind problem.Kind
	}{
		"false is missing":      {`select app.must(false, 'LY404', 'x')`, problem.KindNotFound},
		"null is not true":      {`select app.must(null, 'LY412', 'x')`, problem.KindStale},
		"an illegal move":       {`select app.must(false, 'LY409', 'x')`, problem.KindConflict},
		"a refusal":             {`select app.must(false, 'LY403', 'x')`, problem.KindForbidden},
		"no row changed":        {`with m as (update app.cases set version = version + 1 where false returning 1) select app.must(exists (select 1 from m), 'LY412', 'x')`, problem.KindStale},
		"another tenant's case": {`with m as (update app.cases set version = version + 1 where reference = 'ref-b' returning 1) select app.must(exists (select 1 from m), 'LY412', 'x')`, problem.KindStale},
	} {
		var b db.Batch
		b.Exec(c.sql, nil)
		if err := w.db.Once(t.Context(), w.a.scope(), &b); !problem.Is(err, c.kind) {
			t.Errorf("%s: %v, want %v", name, err, c.kind)
		}
	}
	for name, sql := range map[string]string{
		"true":                        `select app.must(true, 'LY404', 'x')`,
		"a branch that is not taken":  `select case when 1 = 2 then app.must(false, 'LY404', 'x') end`,
		"a branch the row decides":    `select case when reference = '' then app.must(false, 'LY404', 'x') end from app.cases`,
		"a question about no row":     `select app.must(false, 'LY404', 'x') from app.cases where reference = ''`,
		"a row that is really stored": `with m as (update app.cases set version = version + 1 returning 1) select app.must(exists (select 1 from m), 'LY412', 'x')`,
	} {
		var b db.Batch
		b.Exec(sql, nil)
		if err := w.db.Once(t.Context(), w.a.scope(), &b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestATransactionThatDoesNotEndWellLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ids []uuid.UUID
	add := func(ctx context.Context, tx db.Tx) error {
		var b db.Batch
		ids = append(ids, w.event(&b, w.a))
		return tx.Do(ctx, &b)
	}
	mine := errors.New("mine")
	if err := w.db.In(t.Context(), w.a.scope(), func(tx db.Tx) error {
		return errors.Join(add(t.Context(), tx), mine)
	}); !errors.Is(err, mine) {
		t.Errorf("the function's own error: %v", err)
	}
	func() {
		defer func() {
			if recover() != "stop" {
				t.Error("the panic was swallowed")
			}
		}()
		_ = w.db.In(t.Context(), w.a.scope(), func(tx db.Tx) error {
			if err := add(t.Context(), tx); err != nil {
				t.Error(err)
			}
			panic("stop")
		})
	}()
	ctx, cancel := context.WithCancel(t.Context())
	if err := w.db.In(ctx, w.a.scope(), func(tx db.Tx) error {
		defer cancel()
		return add(ctx, tx)
	}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before the commit: %v", err)
	}
	if len(ids) != 3 {
		t.Fatalf("%d rows were tried", len(ids))
	}
	for i, id := range ids {
		if w.kept(t, id) {
			t.Errorf("row %d was kept", i)
		}
	}
	if err := w.db.In(t.Context(), w.a.scope(), func(tx db.Tx) error { return add(t.Context(), tx) }); err != nil || !w.kept(t, ids[3]) {
		t.Errorf("one that ends well: %v", err)
	}
}

// TestNothingOfAScopeStaysOnAConnection uses a pool of one and looks at the very connection after each way to leave it.
func TestNothingOfAScopeStaysOnAConnection(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	a, _ := twoBoards(t, d.Super(t))
	one, err := db.Open(t.Context(), map[authz.Door]string{authz.DoorAPI: d.DSN("api") + "&pool_max_conns=1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(one.Close)
	batch := func(sql string) *db.Batch {
		var b db.Batch
		b.Exec(sql, nil)
		return &b
	}
	ways := map[string]func(ctx context.Context, cancel func()){
		"a batch":              func(ctx context.Context, _ func()) { _ = one.Once(ctx, a.scope(), batch(`select 1`)) },
		"a batch that fails":   func(ctx context.Context, _ func()) { _ = one.Once(ctx, a.scope(), batch(`select 1/0`)) },
		"a batch that is late": func(ctx context.Context, cancel func()) { cancel(); _ = one.Once(ctx, a.scope(), batch(`select 1`)) },
		"a batch cancelled while it runs": func(ctx context.Context, cancel func()) {
			time.AfterFunc(20*time.Millisecond, cancel)
			_ = one.Once(ctx, a.scope(), batch(`select pg_sleep(3)`))
		},
		"a transaction": func(ctx context.Context, _ func()) {
			_ = one.In(ctx, a.scope(), func(tx db.Tx) error { return tx.Do(ctx, batch(`select 1`)) })
		},
		"a transaction that fails": func(ctx context.Context, _ func()) {
			_ = one.In(ctx, a.scope(), func(tx db.Tx) error { return tx.Do(ctx, batch(`select 1/0`)) })
		},
		"a transaction that is cancelled": func(ctx context.Context, cancel func()) {
			_ = one.In(ctx, a.scope(), func(db.Tx) error { cancel(); return nil })
		},
		"a panic": func(ctx context.Context, _ func()) {
			defer func() { _ = recover() }()
			_ = one.In(ctx, a.scope(), func(db.Tx) error { panic("stop") })
		},
	}
	for name, leave := range ways {
		ctx, cancel := context.WithCancel(t.Context())
		leave(ctx, cancel)
		cancel()
		var token, tenant, found string
		err := one.Pool(authz.DoorAPI).QueryRow(t.Context(), `select coalesce(current_setting('app.token', true), ''), coalesce(current_setting('app.proof', true), ''),
			(select count(*) from app.cases)::text`).Scan(&token, &tenant, &found)
		if err != nil || token != "" || tenant != "" || found != "0" {
			t.Errorf("after %s the connection has token %q, tenant %q and sees %s cases: %v", name, token, tenant, found, err)
		}
	}
}

func TestADatabaseErrorSaysNothingOfTheRow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const canary = "hemlighet4711"
	for name, c := range map[string]struct {
		sql  string
		kind problem.Kind
		code string
	}{
		"a row that is there already":  {`insert into app.drafts (form, body_sealed) values ('` + canary + `', ''), ('` + canary + `', '')`, problem.KindConflict, "already_exists"},
		"a reference to nothing":       {`insert into app.register_entries (id, case_id, file_id, serial_no, entry_no, direction, entry_on, subject, subject_public, secrecy_law, secrecy_on, secrecy_authority, registered_by) select gen_random_uuid(), id, gen_random_uuid(), 1, '` + canary + `', 'INKOMMEN', now(), 'abc', 'abc', 'l', now(), 'a', reporter_id from app.cases`, problem.KindInvalid, "unknown_reference"},
		"a value that is missing":      {`insert into app.drafts (form) values ('` + canary + `')`, problem.KindInvalid, "missing_value"},
		"a value that is not allowed":  {`insert into app.drafts (form, body_sealed) values (repeat('` + canary + `', 9), '')`, problem.KindInvalid, "check_violation"},
		"a value that is no value":     {`select '` + canary + `'::uuid`, problem.KindInvalid, ""},
		"a fence":                      {`insert into app.drafts (form, body_sealed, person_id) values ('` + canary + `', '', gen_random_uuid())`, problem.KindForbidden, ""},
		"a right not given":            {`select * from sec.sessions where id::text = '` + canary + `'`, problem.KindForbidden, ""},
		"a move that is not legal":     {`update app.cases set state = 'closed', prev_state = 'received', version = version + 1, closed_at = now(), subject = '` + canary + `', case_type = 'AVVIKELSE', registered_at = now()`, problem.KindConflict, ""},
		"a statement that is broken":   {`select ` + canary, problem.KindInternal, ""},
		"a statement that is too long": {`set local statement_timeout = '20ms'`, problem.KindUnavailable, ""},
	} {
		var b db.Batch
		b.Exec(c.sql, nil)
		if c.kind == problem.KindUnavailable {
			b.Exec(`select pg_sleep(5)`, nil)
		}
		err := w.db.Once(t.Context(), w.a.scope(), &b)
		if !problem.Is(err, c.kind) || c.code != "" && !problem.HasCode(err, c.code) {
			t.Errorf("%s: %v, want kind %v, code %q", name, err, c.kind, c.code)
		}
		if err != nil && strings.Contains(err.Error(), canary) {
			t.Errorf("%s: the error quotes the row: %v", name, err)
		}
	}
}

func TestACreateIsDoneOncePerKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	once := func(key, ref uuid.UUID, request string) error {
		var b db.Batch
		b.Exec(`select app.once(@key, 'report-case', @request, @ref)`, db.Args{"key": key, "request": []byte(request), "ref": ref})
		return w.db.Once(t.Context(), w.a.scope(), &b)
	}
	key, ref := uuid.New(), uuid.New()
	if err := once(key, ref, "r"); err != nil {
		t.Fatal(err)
	}
	var again *db.Repeated
	if err := once(key, uuid.New(), "r"); !errors.As(err, &again) || again.Ref != ref.String() {
		t.Errorf("the same request again: %v", err)
	}
	if err := once(key, uuid.New(), "other"); !problem.HasCode(err, problem.KeyReused().Code) {
		t.Errorf("another request with the key: %v", err)
	}
}

func TestAPoolThatIsUsedUpSaysSoSoon(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	one, err := db.Open(t.Context(), map[authz.Door]string{authz.DoorAPI: d.DSN("api") + "&pool_max_conns=1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(one.Close)
	one.Hurry(30 * time.Millisecond)
	err = one.In(t.Context(), authz.NoTenant(authz.DoorAPI), func(db.Tx) error {
		var b db.Batch
		b.Exec(`select 1`, nil)
		return one.Once(t.Context(), authz.NoTenant(authz.DoorAPI), &b)
	})
	if !problem.Is(err, problem.KindUnavailable) || problem.From(err).Status() != 503 {
		t.Errorf("no connection is free: %v", err)
	}
}

func TestADoorThatWasNotOpenedIsNoDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var b db.Batch
	b.Exec(`select 1`, nil)
	for name, s := range map[string]authz.Scope{"the zero scope": {}, "the relay": authz.Relay(), "a job": authz.System(w.a.tenant, w.a.job)} {
		if err := w.db.Once(t.Context(), s, &b); !problem.Is(err, problem.KindInternal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := db.Open(t.Context(), map[authz.Door]string{authz.DoorAPI: "postgres://x:hemligt4711@[::bad"})
	if err == nil || strings.Contains(err.Error(), "hemligt4711") {
		t.Errorf("a DSN that cannot be read: %v", err)
	}
}

func TestAnswersComeBackByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	type unit struct {
		Slug string `db:"slug"`
	}
	var b db.Batch
	var all, none []unit
	var first, lost unit
	var n int
	db.Collect(&b, `select slug from app.units order by slug`, nil, &all)
	db.Collect(&b, `select slug from app.units where slug = @slug`, db.Args{"slug": "unit-b"}, &none)
	db.First(&b, `select slug from app.units where slug = @slug`, db.Args{"slug": "unit-a"}, &first)
	b.One(`select count(*) from app.units`, nil, &n)
	if err := w.db.Once(t.Context(), w.a.scope(), &b); err != nil || len(all) != 2 || none == nil || len(none) != 0 || first.Slug != "unit-a" || n != 2 || b.Len() != 4 {
		t.Errorf("all %v, none %v, first %v, n %d: %v", all, none, first, n, err)
	}
	var missing db.Batch
	db.First(&missing, `select slug from app.units where slug = 'unit-b'`, nil, &lost)
	if err := w.db.Once(t.Context(), w.a.scope(), &missing); !problem.Is(err, problem.KindNotFound) {
		t.Errorf("a row that is not there: %v", err)
	}
	for name, args := range map[string]db.Args{"an argument forgotten": {}, "an argument too many": {"slug": "x", "name": "y"}} {
		var wrong db.Batch
		wrong.Exec(`select 1 from app.units where slug = @slug`, args)
		if err := w.db.Once(t.Context(), w.a.scope(), &wrong); err == nil {
			t.Errorf("%s went through", name)
		}
	}
}
