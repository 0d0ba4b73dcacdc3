//go:build unix

package identity_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/problem"
)

// These tests are somebody who has slipped a statement of their own into a request: it runs as lyhord_api, after the
// request's own binding, and app.token and app.proof can be set to anything.

// stolen is a token the attacker has made up and would like to be a session.
var stolen = strings.Repeat("s", 43)

// inject runs a statement through the api's door and tells what it gave away.
func (w *world) inject(s authz.Scope, sql string) (rows []string, err error) {
	w.t.Helper()
	b := &db.Batch{}
	b.Rows(sql, nil, func(r pgx.Rows) error {
		all, err := pgx.CollectRows(r, func(row pgx.CollectableRow) (string, error) {
			var text *string
			if err := row.Scan(&text); err != nil || text == nil {
				return "", err
			}
			return *text, nil
		})
		rows = all
		return err
	})
	return rows, w.db.Once(w.t.Context(), s, b)
}

// secrets is everything in the database that a login stands on, and every session.
func (w *world) secrets() (text string) {
	w.t.Helper()
	err := w.super.QueryRow(w.t.Context(), `select string_agg(line, E'\n' order by line) from (
		select a::text as line from sec.accounts a union all select s::text from sec.sessions s
		union all select l::text from sec.login_states l union all select c::text from sec.clients c) x`).Scan(&text)
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// bindStolen is the first half of the attack; what is called stands after it in the same statement.
func bindStolen(call string) string {
	return `select set_config('app.token', '` + stolen + `', true) union all select (` + call + `)::text`
}

func TestAnInjectedStatementReachesNoCredentialAndOpensNoSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bo := w.login("bo@alfa.demo")
	client := uuid.New()
	w.exec("insert into sec.clients (id, tenant_id, name, secret_sha256, scopes) values ($1, $2, 'Journal', sha256('hemlig'), '{case:report}')", client, w.alfa)
	w.exec("insert into sec.oidc_providers (tenant_id, issuer, client_id, secret_env, login_claim) values ($1, 'https://id.example.org', 'lyhord', 'S', 'email')", w.alfa)
	w.exec("insert into sec.first_logins (tenant_id, claim, account_id) values ($1, 'anna@example.org', $2)", w.alfa, w.anna)
	w.exec(`insert into sec.login_states (state_sha256, tenant_id, nonce, verifier, return_to, expires_at)
		values (sha256('state'), $1, 'nonce', 'verifier', '/', now() + interval '1 hour')`, w.alfa)
	before := w.secrets()
	anna, alfa := "'"+w.anna.String()+"'", "'"+w.alfa.String()+"'"
	for name, call := range map[string]string{
		"a session of another person":     `select sec.open_session(` + anna + `, gen_random_uuid(), 'alfa')`,
		"a session in any tenant":         `select sec.open_session(` + anna + `, gen_random_uuid(), null)`,
		"a password's hash":               `select l.password_hash from sec.begin_login('anna@alfa.demo', null, null) l`,
		"an account by its login":         `select l.account_id from sec.begin_login('anna@alfa.demo', null, null) l`,
		"an account by a waiting claim":   `select sec.oidc_account(` + alfa + `, 'https://id.example.org', 'mine', 'anna@example.org')`,
		"an account by issuer, subject":   `select sec.oidc_account(` + alfa + `, 'https://id.example.org', 'mine', null)`,
		"a login under way of one's own":  `select sec.begin_oidc(sha256('x'), ` + alfa + `, 'n', 'v', '/')`,
		"somebody's login under way":      `select o.verifier from sec.take_oidc(sha256('state'), ` + alfa + `) o`,
		"a machine's session":             `select sec.open_client_session('` + client.String() + `', sha256('hemlig'), gen_random_uuid())`,
		"where a tenant's secret is kept": `select p.secret_env from sec.oidc_provider('alfa') p`,
		"who can log in to the demo":      `select string_agg(d.login, ',') from sec.demo_list() d`,
		"the row behind a token":          `select s::text from sec.live_session() s`,
		"a hash past the functions":       `select a.password_hash from sec.accounts a limit 1`,
		"a session past the functions":    `with s as (update sec.sessions set subject_id = ` + anna + ` returning 1) select count(*) from s`,
	} {
		for who, scope := range map[string]authz.Scope{
			"somebody who is in": bo.Actor.Scope(), "nobody": authz.NoTenant(authz.DoorAPI), "a made-up token": authz.Session(stolen),
		} {
			for _, sql := range []string{bindStolen(call), `select (` + call + `)::text`} {
				if strings.HasPrefix(call, "with") {
					sql = call // a change cannot stand deeper; it is refused by itself
				}
				rows, err := w.inject(scope, sql)
				if len(rows) != 0 || !problem.Is(err, problem.KindForbidden) {
					t.Errorf("%s, asked by %s: %q, %v", name, who, rows, err)
				}
			}
		}
	}
	if w.secrets() != before {
		t.Error("an account, a session or a login under way is not what it was")
	}
	if w.alive(stolen) {
		t.Error("the made-up token is a session")
	}
}

func TestASwitchOfTenantServesNobodyButTheSessionItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, bo := w.login("anna@alfa.demo"), w.login("bo@alfa.demo")
	to := func(tenant string) string {
		return `select sec.switch_tenant('` + tenant + `', '` + strings.Repeat("n", 43) + `', gen_random_uuid())`
	}
	before := w.secrets()
	for name, try := range map[string]struct {
		scope authz.Scope
		sql   string
		kind  problem.Kind
	}{
		"a tenant one does not belong to":       {bo.Actor.Scope(), to("beta"), problem.KindNotFound},
		"another's membership, by app.enter":    {bo.Actor.Scope(), `select e::text from app.enter('` + bo.Token + `', '` + w.beta.String() + `') e where e is null union all select (` + to("beta") + `)::text`, problem.KindNotFound},
		"no session at all":                     {authz.NoTenant(authz.DoorAPI), to("beta"), problem.KindUnauthorized},
		"a token that is nobody's":              {bo.Actor.Scope(), bindStolen(to("alfa")), problem.KindUnauthorized},
		"another's session by its public id":    {bo.Actor.Scope(), `select set_config('app.token', '` + anna.Actor.SessionID.String() + `', true) union all select (` + to("beta") + `)::text`, problem.KindUnauthorized},
		"a token that is somebody's already":    {anna.Actor.Scope(), `select sec.switch_tenant('beta', '` + bo.Token + `', gen_random_uuid())`, problem.KindConflict},
		"the end of a session that is not ones": {bo.Actor.Scope(), `select app.must(sec.end_session('` + anna.Actor.SessionID.String() + `'), 'LY404', 'session')`, problem.KindNotFound},
	} {
		if rows, err := w.inject(try.scope, try.sql); len(rows) != 0 || !problem.Is(err, try.kind) {
			t.Errorf("%s: %q, %v", name, rows, err)
		}
	}
	w.exec("update sec.accounts set disabled_at = now() where id = $1", w.anna)
	if rows, err := w.inject(anna.Actor.Scope(), to("beta")); len(rows) != 0 || !problem.Is(err, problem.KindNotFound) {
		t.Errorf("a disabled account switches: %q, %v", rows, err)
	}
	w.exec("update sec.accounts set disabled_at = null where id = $1", w.anna)
	if w.secrets() != before {
		t.Error("a refused switch left something behind")
	}
	if _, err := w.inject(anna.Actor.Scope(), to("beta")); err != nil {
		t.Fatalf("her own switch: %v", err)
	}
	if n := w.count("sec.sessions where subject_id = $1 and tenant_id = $2 and revoked_at is null", w.anna, w.beta); n != 1 {
		t.Errorf("%d sessions of hers in beta", n)
	}
	if n := w.count("sec.sessions where subject_id = $1 and tenant_id <> $2", w.bo, w.alfa); n != 0 {
		t.Errorf("%d sessions of his elsewhere", n)
	}
}

func TestTheDoorOfLoginsLeadsToNoTable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.login("anna@alfa.demo")
	if n := w.count(`pg_class c where c.relnamespace::regnamespace::text in ('app', 'sec', 'jobs', 'insight', 'public') and c.relkind in ('r', 'p', 'v', 'S')
		and (has_any_column_privilege('lyhord_login', c.oid, 'SELECT, INSERT, UPDATE, REFERENCES') or has_table_privilege('lyhord_login', c.oid, 'DELETE, TRUNCATE, TRIGGER'))`); n != 0 {
		t.Errorf("lyhord_login has rights to %d tables", n)
	}
	for _, sql := range []string{
		`select c.id::text from app.cases c`, `select u.name from app.units u`, `select t.slug from app.tenants t`, `select app.tid()::text`,
		`select w.version::text from sec.wrapped_keys('` + w.alfa.String() + `') w`, `select sec.revoke_client(gen_random_uuid())::text`,
	} {
		if rows, err := w.inject(authz.Opening(anna.Token), sql); len(rows) != 0 || !problem.Is(err, problem.KindForbidden) {
			t.Errorf("%s: %q, %v", sql, rows, err)
		}
	}
}
