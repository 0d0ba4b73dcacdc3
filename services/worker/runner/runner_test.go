//go:build unix

package runner_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/notify/sink"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/obs"
	"lyhord/pkg/platform/seal"
	"lyhord/services/migrate/steps"
	"lyhord/services/worker/runner"
	"lyhord/tenants"
)

// world is a database with one district of the synthetic city, and what a worker is configured with.
type world struct {
	t     *testing.T
	super *pgx.Conn
	log   *book
	mails chan sink.Mail
	o     runner.Options
}

type book struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

func newWorld(t *testing.T) *world {
	t.Helper()
	d := dbtest.New(t)
	w := &world{t: t, super: d.Super(t), log: &book{}, mails: make(chan sink.Mail, 100)}
	rootFile := filepath.Join(t.TempDir(), "root.key")
	must(t, os.WriteFile(rootFile, []byte(seal.NewRootKey()), 0o600))
	root, err := seal.LoadRoot(rootFile)
	must(t, err)
	must(t, steps.UpsertTenants(t.Context(), d.DSN("migrator"), root, oneDistrict(t), steps.Options{}))
	box, err := sink.Start(sink.Options{Dir: t.TempDir(), Stored: func(m sink.Mail) { w.mails <- m }})
	must(t, err)
	t.Cleanup(box.Stop)
	c := config.Worker{MetricsListen: "127.0.0.1:0", SMTP: config.SMTP{Addr: box.Addr(), From: "lyhord@example.org", TLS: "none"}, Files: config.Files{Dir: t.TempDir()}}
	c.RootKeyFile = rootFile
	c.Public.URL, _ = url.Parse("https://lyhord.example.org")
	c.DSN.Worker, c.DSN.Relay = config.Secret(d.DSN("worker")), config.Secret(d.DSN("relay"))
	u, err := url.Parse(d.Redis())
	must(t, err)
	c.Redis.Addr = u.Host
	_, err = fmt.Sscanf(u.Path, "/%d", &c.Redis.DB)
	must(t, err)
	w.o = runner.Options{Config: c, Log: obs.NewLogger(w.log, slog.LevelDebug, nil), Version: "test", Clock: clock.System{}, Metrics: obs.NewMetrics()}
	return w
}

func oneDistrict(t *testing.T) []tenants.City {
	t.Helper()
	cities, err := tenants.Embedded()
	must(t, err)
	for _, c := range cities {
		for _, x := range c.Tenants {
			if x.Slug == "bromma" {
				c.Tenants = []tenants.Tenant{x}
				return []tenants.City{c}
			}
		}
	}
	t.Fatal("there is no Bromma")
	return nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// receive writes a case as received, with the jobs that come with it.
func (w *world) receive() uuid.UUID {
	w.t.Helper()
	caseID, tenant := uuid.New(), steps.TenantID("bromma")
	_, err := w.super.Exec(w.t.Context(), `insert into app.cases (tenant_id, id, reference, state, prev_state, channel, sender_role, received_at, received_on)
		values ($1, $2, $3, 'received', 'none', 'WEBB', 'BRUKARE', now(), current_date)`, tenant, caseID, id.Reference())
	must(w.t, err)
	for _, kind := range []jobs.Kind{jobs.NotifyCaseReceived, jobs.UpdateFact} {
		_, err = w.super.Exec(w.t.Context(), `insert into jobs.outbox (tenant_id, id, kind, ref) values ($1, $2, $3, $4)`, tenant, uuid.New(), string(kind), caseID)
		must(w.t, err)
	}
	return caseID
}

func (w *world) get(addr, path string) string {
	w.t.Helper()
	resp, err := http.Get("http://" + addr + path)
	must(w.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(w.t, err)
	return fmt.Sprint(resp.StatusCode, " ", string(body))
}

func TestAReceivedCaseBecomesAMailAndAFact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, err := runner.New(t.Context(), w.o)
	must(t, err)
	defer r.Stop()
	must(t, r.Start())
	w.receive()
	r.Ring()
	select {
	case m := <-w.mails:
		if m.Subject != "Nytt att läsa i Lyhörd" || !strings.Contains(m.To, "registrator") {
			t.Errorf("the mail is %+v", m)
		}
	case <-time.After(20 * time.Second):
		t.Fatalf("no mail came; log: %s", w.log)
	}
	w.until("both jobs done and the fact counted", func() bool {
		var n int
		must(t, w.super.QueryRow(t.Context(), `select (select count(*) from jobs.outbox where done_at is not null and kind in ('notify-case-received', 'update-fact')) + (select count(*) from insight.facts)`).Scan(&n))
		return n == 3
	})
	if ready := w.get(r.OpsAddr(), "/readyz"); !strings.HasPrefix(ready, "200") {
		t.Errorf("readyz: %s", ready)
	}
	figures := w.get(r.OpsAddr(), "/metrics")
	for _, want := range []string{`lyhord_job_runs_total{kind="notify-case-received",result="done"} 1`, `lyhord_job_runs_total{kind="update-fact",result="done"} 1`} {
		if !strings.Contains(figures, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
}

func (w *world) until(what string, ok func() bool) {
	w.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	w.t.Fatalf("not in time: %s; log: %s", what, w.log)
}

func TestTheWorkerStartsWithoutRedisAndStopsWhenAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.o.Config.Redis = config.Redis{Addr: "127.0.0.1:1"}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- runner.Run(ctx, w.o) }()
	w.until("the worker says that it is ready", func() bool { return strings.Contains(w.log.String(), "worker ready") })
	stop()
	select {
	case err := <-ended:
		must(t, err)
	case <-time.After(30 * time.Second):
		t.Fatal("it does not stop")
	}
}

func TestTheWorkerDoesNotStartWithoutItsDatabaseOrKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, spoil := range map[string]func(*runner.Options){
		"a database that is not there": func(o *runner.Options) { o.Config.DSN.Relay = "postgres://nobody@127.0.0.1:1/none" },
		"no root key":                  func(o *runner.Options) { o.Config.RootKeyFile = filepath.Join(t.TempDir(), "none") },
		"a sender that is no address":  func(o *runner.Options) { o.Config.SMTP.From = "nobody" },
	} {
		o := w.o
		o.Metrics = obs.NewMetrics()
		spoil(&o)
		if _, err := runner.New(t.Context(), o); err == nil {
			t.Errorf("it starts with %s", name)
		}
	}
}
