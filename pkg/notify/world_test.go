//go:build unix

package notify_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/notify"
	"lyhord/pkg/notify/sink"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/seal"
)

const canary = "Kanariefågel"

// world is an organisation, a case of it whose clear words are a canary, and a real mail server:
//
//	topp   led by Rut; Reg and Ragna register
//	  uno  led by Uno, who handles the case; Ulla investigates
type world struct {
	t      *testing.T
	super  *pgx.Conn
	db     *db.DB
	sink   *sink.Sink
	clock  *clock.Fake
	svc    *notify.Service
	tenant uuid.UUID
	unit   map[string]uuid.UUID
	person map[string]uuid.UUID
	caseID uuid.UUID
}

func newWorld(t *testing.T, o sink.Options) *world {
	t.Helper()
	data := dbtest.New(t)
	w := &world{
		t: t, super: data.Super(t), clock: clock.NewFake(time.Date(2026, 12, 11, 7, 0, 0, 0, time.UTC)),
		tenant: uuid.New(), unit: map[string]uuid.UUID{}, person: map[string]uuid.UUID{}, caseID: uuid.New(),
	}
	var err error
	if w.db, err = db.Open(t.Context(), map[authz.Door]string{authz.DoorWorker: data.DSN("worker")}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.db.Close)
	o.Dir = t.TempDir()
	if w.sink, err = sink.Start(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.sink.Stop)
	w.svc = w.service(notify.MailerOptions{SMTP: config.SMTP{TLS: "none"}})
	w.seed()
	return w
}

// service sends to the world's mail server with the given settings.
func (w *world) service(o notify.MailerOptions, ring ...*seal.Ring) *notify.Service {
	w.t.Helper()
	if o.SMTP.Addr == "" {
		o.SMTP.Addr = w.sink.Addr()
	}
	o.SMTP.From, o.PublicURL, o.Clock, o.Log = "Lyhörd <lyhord@example.org>", "https://lyhord.example.org", w.clock, slog.New(slog.DiscardHandler)
	mailer, err := notify.NewMailer(o)
	if err != nil {
		w.t.Fatal(err)
	}
	orgs := org.New(w.db, w.clock)
	var key *seal.Ring
	if len(ring) == 1 {
		key = ring[0]
	}
	return notify.New(notify.Deps{
		DB: w.db, Ring: key, Mailer: mailer, Clock: w.clock, IDs: id.Random{}, Log: o.Log,
		Superior: func(ctx context.Context, s authz.Scope, person, unit uuid.UUID) (uuid.UUID, error) {
			boss, err := orgs.SuperiorOf(ctx, s, person, unit)
			return boss.PersonID, err
		},
	})
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.super.Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func (w *world) count(sql string, args ...any) (n int) {
	w.t.Helper()
	if err := w.super.QueryRow(w.t.Context(), sql, args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (w *world) seed() {
	city := uuid.New()
	w.exec(`insert into app.cities (id, slug, name) values ($1, 'provstad', 'Provstad')`, city)
	w.exec(`insert into app.tenants (id, city_id, slug, name, short_name, kind, valid_from) values ($1, $2, 'prov', 'Prov', 'Prov', 'BOARD', '2020-01-01')`, w.tenant, city)
	for _, u := range []string{"topp", "uno"} {
		w.unit[u] = uuid.New()
		w.exec(`insert into app.units (tenant_id, id, slug, name, kind, valid_from) values ($1, $2, $3, $3, 'ENHET', '2020-01-01')`, w.tenant, w.unit[u], u)
	}
	w.exec(`insert into app.unit_parents (tenant_id, unit_id, parent_id, valid_from) values ($1, $2, $3, '2020-01-01')`, w.tenant, w.unit["uno"], w.unit["topp"])
	w.hire("Rut", "topp", "avdelningschef")
	w.hire("Reg", "topp", "registrator")
	w.hire("Ragna", "topp", "registrator")
	w.hire("Uno", "uno", "chef")
	w.hire("Ulla", "uno", "utredare")
	for unit, boss := range map[string]string{"topp": "Rut", "uno": "Uno"} {
		w.exec(`insert into app.unit_managers (tenant_id, unit_id, person_id, valid_from) values ($1, $2, $3, '2020-01-01')`, w.tenant, w.unit[unit], w.person[boss])
	}
	w.exec(`insert into app.cases (tenant_id, id, reference, state, prev_state, channel, sender_role, case_type, subject, category, unit_id,
			handler_id, investigator_id, received_at, received_on, registered_at, due_on)
		values ($1, $2, $3, 'received', 'none', 'WEBB', 'BRUKARE', 'KLAGOMAL', $3, $3, $4, $5, $6, '2026-11-20 10:00Z', '2026-11-20', '2026-11-21 10:00Z', '2026-12-10')`,
		w.tenant, w.caseID, canary, w.unit["uno"], w.person["Uno"], w.person["Ulla"])
}

func (w *world) hire(name, unit, role string) {
	w.t.Helper()
	w.person[name] = uuid.New()
	w.exec(`insert into sec.accounts (id, login) values ($1, lower($2))`, w.person[name], name+"@prov.example")
	w.exec(`insert into app.people (tenant_id, id, name, title, email, home_unit_id) values ($1, $2, $3, 'Titel', $3 || '@prov.example', $4)`,
		w.tenant, w.person[name], name, w.unit[unit])
	w.exec(`insert into sec.memberships (tenant_id, account_id, role, unit_id, valid_from) values ($1, $2, $3, $4, '2020-01-01')`,
		w.tenant, w.person[name], role, w.unit[unit])
}

// toState puts the case where the test wants it, past the law that only verbs may.
func (w *world) toState(from, to string) {
	w.t.Helper()
	w.exec(`alter table app.cases disable trigger cases_keep_law`)
	w.exec(`update app.cases set state = $2, prev_state = $1`, from, to)
	w.exec(`alter table app.cases enable trigger cases_keep_law`)
}

// job writes an outbox row about the case.
func (w *world) job(kind jobs.Kind) jobs.Job {
	w.t.Helper()
	j := jobs.Job{Tenant: w.tenant, ID: uuid.New(), Kind: kind, Ref: w.caseID, Attempt: 1}
	w.exec(`insert into jobs.outbox (tenant_id, id, kind, ref) values ($1, $2, $3, $4)`, w.tenant, j.ID, string(kind), j.Ref)
	return j
}

// run runs the job with a service; nil is the world's own.
func (w *world) run(svc *notify.Service, j jobs.Job) error {
	w.t.Helper()
	if svc == nil {
		svc = w.svc
	}
	all := svc.Handlers()
	h := all[slices.IndexFunc(all, func(h jobs.Handler) bool { return h.Kind == j.Kind })]
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	return h.Run(ctx, j)
}

func (w *world) mustRun(j jobs.Job) {
	w.t.Helper()
	if err := w.run(nil, j); err != nil {
		w.t.Fatalf("%s: %v (%s)", j.Kind, err, jobs.CodeOf(err))
	}
}

func (w *world) mails() []sink.Mail {
	w.t.Helper()
	all, err := w.sink.Mails()
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// inbox says who got what, sorted: "Nytt att läsa i Lyhörd -> reg@prov.example".
func (w *world) inbox() []string {
	w.t.Helper()
	var out []string
	for _, m := range w.mails() {
		out = append(out, fmt.Sprintf("%s -> %s", m.Subject, m.To))
	}
	slices.Sort(out)
	return out
}

func (w *world) wantInbox(want ...string) {
	w.t.Helper()
	if got := w.inbox(); !slices.Equal(got, want) {
		w.t.Errorf("the mails are %q, want %q", got, want)
	}
}

func (w *world) wantDone(j jobs.Job, done bool) {
	w.t.Helper()
	if n := w.count(`select count(*) from jobs.outbox where id = $1 and (done_at is not null) = $2`, j.ID, done); n != 1 {
		w.t.Errorf("job done: %v", !done)
	}
}

// moody is a mail server's answer that a test may change while it runs.
type moody struct {
	mu  sync.Mutex
	say map[string]error
}

func (m *moody) accept(to string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.say[to]
}

func (m *moody) set(to string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.say[to] = err
}
