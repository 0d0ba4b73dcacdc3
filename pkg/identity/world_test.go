//go:build unix

package identity_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/identity"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/cache"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/id"
)

const goodPassword = "en lång mening som lösenord"

// goodHash is made once: Argon2id is slow on purpose.
var goodHash = sync.OnceValue(func() string { return identity.HashPassword(goodPassword) })

// world is a city with two organisations: Anna registers in both, Bo leads a unit in alfa, Tea administers alfa.
type world struct {
	t     *testing.T
	super *pgx.Conn
	db    *db.DB
	svc   *identity.Service
	url   string
	log   *bytes.Buffer
	ip    string

	alfa, beta    uuid.UUID
	anna, bo, tea uuid.UUID
}

func newWorld(t *testing.T, change ...func(*identity.Options)) *world {
	t.Helper()
	base := dbtest.New(t)
	w := &world{t: t, super: base.Super(t), log: &bytes.Buffer{}, ip: "192.0.2.1"}
	w.seed()
	d, err := db.Open(t.Context(), map[authz.Door]string{authz.DoorAPI: base.DSN("api"), authz.DoorLogin: base.DSN("login")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	w.db = d
	policy, err := authz.LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(w.log, nil))
	o := identity.Options{
		Clock: clock.System{}, IDs: id.Random{}, Log: logger, Limiter: limiter(t, base.Redis()),
		ClientIP: func(context.Context) string { return w.ip }, Secret: func(string) string { return "" },
	}
	for _, fn := range change {
		fn(&o)
	}
	engine, err := httpx.NewEngine(nil, func(context.Context, string) {})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(engine)
	srv.Start()
	t.Cleanup(srv.Close)
	w.url = srv.URL
	o.PublicURL = srv.URL
	w.svc = identity.New(d, policy, o)
	w.svc.Routes(httpx.New(httpx.Options{Engine: engine, Policy: policy, Authenticate: w.svc.Read, Version: "test", Log: logger}))
	return w
}

func limiter(t *testing.T, redisURL string) *cache.Limiter {
	t.Helper()
	u, err := url.Parse(redisURL)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(strings.Trim(u.Path, "/"))
	if err != nil {
		t.Fatal(err)
	}
	c := cache.Connect(config.Redis{Addr: u.Host, DB: number})
	t.Cleanup(func() { _ = c.Close() })
	l, err := cache.NewLimiter(c, cache.LimiterOptions{Secret: bytes.Repeat([]byte{1}, 32), Clock: clock.System{}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (w *world) seed() {
	city := uuid.New()
	w.exec("insert into app.cities (id, slug, name) values ($1, 'staden', 'Staden')", city)
	w.alfa, w.beta = w.tenant(city, "alfa"), w.tenant(city, "beta")
	w.anna = w.account("anna@alfa.demo", goodHash())
	w.bo = w.account("bo@alfa.demo", goodHash())
	w.tea = w.account("tea@alfa.demo", goodHash())
	w.member(w.alfa, w.anna, "Anna Berg", "registrator")
	w.member(w.beta, w.anna, "Anna Berg", "registrator")
	w.member(w.alfa, w.bo, "Bo Ek", "chef", "medarbetare")
	w.member(w.alfa, w.tea, "Tea Lind", "tenant_admin")
}

func (w *world) tenant(city uuid.UUID, slug string) uuid.UUID {
	tid := uuid.New()
	w.exec("insert into app.tenants (id, city_id, slug, name, short_name, kind, valid_from) values ($1, $2, $3, $4, $3, 'BOARD', '2020-01-01')",
		tid, city, slug, "Förvaltningen "+slug)
	w.exec("insert into app.units (tenant_id, id, slug, name, kind, valid_from) values ($1, $1, 'top', $2, 'FORVALTNING', '2020-01-01')", tid, "Toppen "+slug)
	return tid
}

func (w *world) account(login, hash string) uuid.UUID {
	account := uuid.New()
	w.exec("insert into sec.accounts (id, login, password_hash) values ($1, $2, nullif($3, ''))", account, login, hash)
	return account
}

func (w *world) member(tenant, account uuid.UUID, name string, roles ...string) {
	w.exec("insert into app.people (tenant_id, id, name, title, email, home_unit_id) values ($1, $2, $3, 'Titel', 'x@example.org', $1)", tenant, account, name)
	for _, r := range roles {
		w.exec("insert into sec.memberships (tenant_id, account_id, role, unit_id, valid_from) values ($1, $2, $3, $1, '2020-01-01')", tenant, account, r)
	}
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.super.Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func (w *world) count(sql string, args ...any) int {
	w.t.Helper()
	var n int
	if err := w.super.QueryRow(w.t.Context(), "select count(*) from "+sql, args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (w *world) login(login string) identity.Opened {
	w.t.Helper()
	o, err := w.svc.Login(w.t.Context(), login, goodPassword, "")
	if err != nil {
		w.t.Fatalf("log in as %s: %v", login, err)
	}
	return o
}

// age makes a session look as if it were opened and last used that long ago; its end follows by the rule of the database.
func (w *world) age(session uuid.UUID, opened, used time.Duration) {
	w.exec(`update sec.sessions set created_at = now() - $2::interval, last_seen_at = now() - $3::interval,
		expires_at = least(now() - $2::interval + interval '9 hours', now() - $3::interval + interval '30 minutes') where id = $1`,
		session, opened, used)
}

func (w *world) alive(token string) bool {
	w.t.Helper()
	_, err := w.svc.Read(w.t.Context(), token)
	return err == nil
}

func collect(into *[]string) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, pgx.RowTo[string])
		*into = all
		return err
	}
}
