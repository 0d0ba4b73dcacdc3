//go:build unix

package jobs

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/id"
)

func TestMain(m *testing.M) {
	if os.Getenv(envChild) != "" {
		childWorker()
		return
	}
	os.Exit(m.Run())
}

const testKind Kind = "test-effect"

// bench is a database with one tenant whose public form is open: the form writes the jobs of the tests.
type bench struct {
	t      testing.TB
	data   *dbtest.DB
	db     *db.DB
	super  *pgx.Conn
	tenant uuid.UUID
	redis  config.Redis
	log    *logBook
	key    uuid.UUID // of asJob
}

func newBench(t testing.TB) *bench {
	t.Helper()
	data := dbtest.New(t)
	b := &bench{t: t, data: data, super: data.Super(t), log: &logBook{}}
	b.db = openDoors(t.Context(), t, map[authz.Door]string{
		authz.DoorIntake: data.DSN("intake"), authz.DoorWorker: data.DSN("worker"), authz.DoorRelay: data.DSN("relay"),
	})
	b.tenant = b.newTenant()
	b.exec(`alter table jobs.outbox disable trigger born_now`) // here the form writes jobs about nothing at all
	b.exec(`alter table jobs.timers disable trigger born_now`)
	b.exec(`create table app.effects (job uuid not null, attempt int not null)`)
	b.exec(`grant insert on app.effects to lyhord_worker`)
	return b
}

func openDoors(ctx context.Context, t testing.TB, dsns map[authz.Door]string) *db.DB {
	t.Helper()
	d, err := db.Open(ctx, dsns)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func (b *bench) exec(sql string, args ...any) {
	b.t.Helper()
	if _, err := b.super.Exec(context.WithoutCancel(b.t.Context()), sql, args...); err != nil {
		b.t.Fatalf("%s: %v", sql, err)
	}
}

// count is the one number a query of the superuser answers.
func (b *bench) count(sql string, args ...any) int {
	b.t.Helper()
	var n int
	if err := b.super.QueryRow(b.t.Context(), sql, args...).Scan(&n); err != nil {
		b.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (b *bench) newTenant() uuid.UUID {
	b.t.Helper()
	city, tenant := uuid.New(), uuid.New()
	b.exec(`insert into app.cities (id, slug, name) values ($1, $2, 'Provstad')`, city, "c-"+city.String())
	b.exec(`insert into app.tenants (id, city_id, slug, name, short_name, kind, public_form, valid_from)
		values ($1, $2, $3, 'Provnämnden', 'Prov', 'BOARD', true, '2026-01-01')`, tenant, city, "t-"+tenant.String())
	return tenant
}

// write commits a batch as the tenant's public form.
func (b *bench) write(fill func(*db.Batch)) {
	b.t.Helper()
	var batch db.Batch
	fill(&batch)
	if err := b.db.Once(b.t.Context(), authz.Public(b.tenant), &batch); err != nil {
		b.t.Fatal(err)
	}
}

// enqueue writes n jobs in one batch and gives their ids.
func (b *bench) enqueue(kind Kind, n int) []uuid.UUID {
	b.t.Helper()
	known := &knownIDs{}
	b.write(func(batch *db.Batch) {
		for range n {
			Enqueue(batch, known, kind, uuid.New())
		}
	})
	return known.made
}

// knownIDs remembers the ids it makes.
type knownIDs struct {
	id.Random
	made []uuid.UUID
}

func (k *knownIDs) New() uuid.UUID {
	k.made = append(k.made, k.Random.New())
	return k.made[len(k.made)-1]
}

// effect is a handler as every handler should be: the effect and the mark in one transaction.
func effect(d *db.DB) func(context.Context, Job) error {
	return func(ctx context.Context, j Job) error {
		var b db.Batch
		b.Exec(`insert into app.effects (job, attempt) values (@job, @attempt)`, db.Args{"job": j.ID, "attempt": j.Attempt})
		Done(&b, j)
		return d.Once(ctx, authz.System(j.Tenant, j.ID), &b)
	}
}

// config is a worker's with short times and one kind.
func (b *bench) config(run func(context.Context, Job) error) Config {
	if b.redis.Addr == "" {
		b.redis = redisOf(b.t, b.data.Redis())
	}
	return Config{
		Redis:    b.redis,
		Kinds:    map[Kind]Spec{testKind: {Queue: QueueMail, Timeout: 2 * time.Second, MaxTries: 60}},
		Handlers: []Handler{{Kind: testKind, Run: run}},
		Sweep:    100 * time.Millisecond, Lease: time.Second, TaskCheck: 10 * time.Millisecond, ShutdownTimeout: 2 * time.Second,
		Log: slog.New(slog.NewJSONHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
}

func redisOf(t testing.TB, text string) config.Redis {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimPrefix(u.Path, "/"))
	if err != nil {
		t.Fatal(err)
	}
	return config.Redis{Addr: u.Host, DB: n}
}

// start runs a worker until the test ends.
func (b *bench) start(cfg Config) *Worker {
	b.t.Helper()
	w, err := New(b.db, cfg)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := w.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(w.Stop)
	return w
}

// until waits for a condition, looked at again and again.
func (b *bench) until(what string, limit time.Duration, ok func() bool) {
	b.t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	b.t.Fatalf("not within %s: %s; log: %s", limit, what, b.log.text())
}

func (b *bench) untilDone(n int) {
	b.t.Helper()
	b.until(fmt.Sprintf("%d jobs done", n), 20*time.Second, func() bool {
		return b.count(`select count(*) from jobs.outbox where done_at is not null`) == n
	})
}

// untilRow waits for a condition on the one job's row.
func (b *bench) untilRow(job uuid.UUID, condition string) {
	b.t.Helper()
	b.until(condition, 20*time.Second, func() bool {
		return b.count(`select count(*) from jobs.outbox where id = $1 and `+condition, job) == 1
	})
}

// logBook keeps what was logged.
type logBook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBook) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// asJob commits a batch with a job's rights; the job it needs for that is one for all.
func (b *bench) asJob(fill func(*db.Batch)) {
	b.t.Helper()
	if b.key == uuid.Nil {
		b.key = b.enqueue(testKind, 1)[0]
	}
	var batch db.Batch
	fill(&batch)
	if err := b.db.Once(b.t.Context(), authz.System(b.tenant, b.key), &batch); err != nil {
		b.t.Fatal(err)
	}
}
