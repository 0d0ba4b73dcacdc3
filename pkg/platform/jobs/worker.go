package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/obs"
)

// Config is what a Worker is made of. Zero values get the defaults named beside them.
type Config struct {
	Redis    config.Redis
	Kinds    map[Kind]Spec // Kinds()
	Handlers []Handler     // exactly one per kind

	Concurrency     int           // runs at a time per queue: 8
	Sweep           time.Duration // how often timers and forgotten rows are looked for: 2 s
	Lease           time.Duration // how long a ring may go unanswered: 30 s
	TaskCheck       time.Duration // how often an idle queue is looked at: 100 ms
	ShutdownTimeout time.Duration // what runs under way get at Stop: 20 s

	Clock   clock.Clock  // clock.System
	Log     *slog.Logger // slog.Default
	Metrics *obs.Metrics // its own
}

func (c Config) withDefaults() Config {
	if c.Kinds == nil {
		c.Kinds = Kinds()
	}
	if c.Concurrency <= 0 {
		c.Concurrency = 8
	}
	for _, d := range []struct {
		value    *time.Duration
		standard time.Duration
	}{
		{&c.Sweep, 2 * time.Second}, {&c.Lease, 30 * time.Second}, {&c.TaskCheck, 100 * time.Millisecond}, {&c.ShutdownTimeout, 20 * time.Second},
	} {
		if *d.value <= 0 {
			*d.value = d.standard
		}
	}
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Metrics == nil {
		c.Metrics = obs.NewMetrics()
	}
	return c
}

// Worker is the relay and the servers of one process. Any number of workers may run on one database and one Redis.
type Worker struct {
	relay  *relay
	server *server
	redis  *redis

	mu    sync.Mutex
	state int // 0 new, 1 runs, 2 stopped
}

// New checks that kinds and handlers match and prepares a worker. It reaches for nothing yet.
func New(database *db.DB, cfg Config) (*Worker, error) {
	cfg = cfg.withDefaults()
	reg, err := newRegistry(cfg.Kinds, cfg.Handlers)
	if err != nil {
		return nil, err
	}
	m, rds := newMetrics(cfg.Metrics), newRedis(cfg.Redis)
	w := &Worker{
		redis: rds,
		relay: &relay{
			store: store{database}, redis: rds, reg: reg, clock: cfg.Clock, log: cfg.Log, metrics: m,
			sweep: cfg.Sweep, lease: cfg.Lease, bell: make(chan struct{}, 1),
		},
		server: &server{store: store{database}, reg: reg, log: cfg.Log, metrics: m, patient: cfg.ShutdownTimeout},
	}
	w.server.base, w.server.cancel = context.WithCancel(context.Background())
	for _, q := range reg.queues() {
		w.server.addLane(rds.opt, q, cfg, w.server.process)
	}
	w.server.addLane(rds.opt, queueBell, cfg, func(context.Context, *asynq.Task) error {
		w.relay.Ring()
		return nil
	})
	return w, nil
}

// Start begins to relay and to run jobs. An absent Redis does not keep it from starting: jobs wait in the outbox.
func (w *Worker) Start() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.state != 0 {
		return errors.New("a worker starts once")
	}
	w.state = 1
	if err := w.server.start(); err != nil {
		return err
	}
	w.relay.start()
	return nil
}

// Stop ends the relay, lets the runs under way finish and returns when nothing of the worker is left. It may be called
// any number of times.
func (w *Worker) Stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.state == 1 {
		w.relay.end()
		w.server.end()
	}
	if w.state != 2 {
		w.server.cancel()
		w.redis.close()
	}
	w.state = 2
}

// Ring tells the worker that a batch with a job in it has been committed in this process. It never blocks.
func (w *Worker) Ring() { w.relay.Ring() }
