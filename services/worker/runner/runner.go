// Package runner puts the worker together: two database doors, the outbox's relay, the job servers, and the domains that
// have handlers. The wiring is plain assignment, top to bottom. It must not hold a rule of its own. The demo runs the
// same runner in its own process.
//
// It is tested by running it: a row in the outbox of a real database becomes a mail at a real mail server.
package runner

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/casework"
	"lyhord/pkg/dialogue"
	"lyhord/pkg/insight"
	"lyhord/pkg/notify"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/cache"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/obs"
	"lyhord/pkg/platform/seal"
)

// Options are what differs between production, the demo and tests.
type Options struct {
	Config  config.Worker
	Log     *slog.Logger
	Version string
	Clock   clock.Clock
	Metrics *obs.Metrics
}

// Runner is a running worker.
type Runner struct {
	o       Options
	db      *db.DB
	redis   *cache.Client
	worker  *jobs.Worker
	ops     *obs.OpsServer
	ready   *obs.Readiness
	tracing func(context.Context) error
}

// New connects everything and checks that every kind of job has its handler; nothing runs yet.
func New(ctx context.Context, o Options) (*Runner, error) {
	r := &Runner{o: o}
	err := r.connect(ctx)
	if err == nil {
		err = r.wire()
	}
	if err == nil && o.Config.MetricsListen != "" {
		r.ops, err = obs.NewOpsServer(o.Config.MetricsListen, o.Metrics, r.ready, o.Log)
	}
	if err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func (r *Runner) connect(ctx context.Context) (err error) {
	c := r.o.Config
	r.db, err = db.Open(ctx, map[authz.Door]string{authz.DoorWorker: c.DSN.Worker.Reveal(), authz.DoorRelay: c.DSN.Relay.Reveal()})
	if err != nil {
		return err
	}
	if err := r.db.Sound(ctx, authz.DoorWorker); err != nil {
		return err
	}
	r.redis = cache.Connect(c.Redis)
	r.tracing, err = obs.StartTracing(ctx, obs.TraceOptions{Endpoint: c.OTLPEndpoint, Process: "worker", Version: r.o.Version, Log: r.o.Log})
	r.ready = obs.NewReadiness(
		obs.Check{Name: "postgres", Needed: true, Ask: func(ctx context.Context) error { return r.db.Ping(ctx, authz.DoorWorker) }},
		obs.Check{Name: "redis", Ask: r.redis.Ping}, // without it jobs wait in the outbox
	)
	return err
}

func (r *Runner) wire() error {
	c := r.o.Config
	root, err := seal.LoadRoot(c.RootKeyFile)
	if err != nil {
		return err
	}
	publicURL := ""
	if c.Public.URL != nil {
		publicURL = c.Public.URL.String()
	}
	mailer, err := notify.NewMailer(notify.MailerOptions{SMTP: c.SMTP, PublicURL: publicURL, Clock: r.o.Clock, Log: r.o.Log})
	if err != nil {
		return err
	}
	orgs := org.New(r.db, r.o.Clock)
	ring := seal.NewRing(root, r.keys)
	teller := notify.New(notify.Deps{
		DB: r.db, Mailer: mailer, Ring: ring, Clock: r.o.Clock, IDs: id.Random{}, Log: r.o.Log,
		Superior: func(ctx context.Context, scope authz.Scope, person, unit uuid.UUID) (uuid.UUID, error) {
			boss, err := orgs.SuperiorOf(ctx, scope, person, unit)
			return boss.PersonID, err
		},
	})
	confirms := &dialogue.Acknowledger{DB: r.db, Ring: ring, Clock: r.o.Clock, IDs: id.Random{}, Rules: orgs.Config}
	handlers := append(teller.Handlers(), insight.Handlers(r.db, ring, r.o.Clock)...)
	handlers = append(handlers, confirms.Handlers()...)
	handlers = append(handlers, casework.Watch{DB: r.db, Org: orgs, Clock: r.o.Clock, IDs: id.Random{}}.Handlers()...)
	r.worker, err = jobs.New(r.db, jobs.Config{
		Redis: c.Redis, Kinds: jobs.Kinds(), Handlers: handlers, Clock: r.o.Clock, Log: r.o.Log, Metrics: r.o.Metrics,
	})
	return err
}

// keys reads a tenant's wrapped keys for the ring.
func (r *Runner) keys(ctx context.Context, tenant uuid.UUID) ([]seal.WrappedKey, error) {
	var rows []struct {
		Version int    `db:"version"`
		Wrapped []byte `db:"wrapped"`
	}
	var b db.Batch
	db.Collect(&b, `select version, wrapped from sec.wrapped_keys(@tenant)`, db.Args{"tenant": tenant}, &rows)
	if err := r.db.Once(ctx, authz.NoTenant(authz.DoorWorker), &b); err != nil {
		return nil, err
	}
	out := make([]seal.WrappedKey, len(rows))
	for i, row := range rows {
		out[i] = seal.WrappedKey{Version: row.Version, Wrapped: row.Wrapped}
	}
	return out, nil
}

// Start begins to work.
func (r *Runner) Start() error {
	if r.ops != nil {
		if err := r.ops.Start(); err != nil {
			return err
		}
	}
	return r.worker.Start()
}

// OpsAddr is where metrics and probes are.
func (r *Runner) OpsAddr() string { return r.ops.Addr() }

// Ring tells the worker that a batch with a job has been committed in this process.
func (r *Runner) Ring() { r.worker.Ring() }

// Stop lets the runs under way finish, then closes everything.
func (r *Runner) Stop() {
	r.ready.Drain()
	r.worker.Stop()
	if r.ops != nil {
		r.ops.Stop()
	}
	r.close()
}

func (r *Runner) close() {
	if r.worker != nil {
		r.worker.Stop()
	}
	if r.redis != nil {
		_ = r.redis.Close()
	}
	if r.db != nil {
		r.db.Close()
	}
	if r.tracing != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = r.tracing(ctx)
	}
}

// Run works until the context ends.
func Run(ctx context.Context, o Options) error {
	r, err := New(ctx, o)
	if err != nil {
		return err
	}
	defer r.Stop()
	if err := r.Start(); err != nil {
		return err
	}
	o.Log.Info("worker ready", "version", o.Version)
	<-ctx.Done()
	return nil
}
