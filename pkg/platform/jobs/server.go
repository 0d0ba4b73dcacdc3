package jobs

import (
	"context"
	"log/slog"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"lyhord/pkg/platform/problem"
)

// server runs what is rung: one asynq server per queue, and one for the bell.
type server struct {
	store   store
	reg     *registry
	log     *slog.Logger
	metrics *metrics
	patient time.Duration // how long runs under way get at the end
	lanes   []lane

	base   context.Context
	cancel context.CancelFunc
	runs   sync.WaitGroup
}

// lane is the asynq server of one queue.
type lane struct {
	srv     *asynq.Server
	handler asynq.Handler
}

func (s *server) addLane(opt asynq.RedisConnOpt, q Queue, cfg Config, h asynq.HandlerFunc) {
	check, workers := cfg.TaskCheck, cfg.Concurrency
	if q == queueBell {
		check, workers = bellCheck, 1
	}
	s.lanes = append(s.lanes, lane{handler: h, srv: asynq.NewServer(opt, asynq.Config{
		Concurrency: workers, Queues: map[string]int{string(q): 1},
		BaseContext:       func() context.Context { return s.base },
		TaskCheckInterval: check, ShutdownTimeout: cfg.ShutdownTimeout,
		RetryDelayFunc: func(n int, _ error, _ *asynq.Task) time.Duration { return retryDelay(n) },
		Logger:         asynqLog{s.log}, LogLevel: asynq.WarnLevel,
	})})
}

func (s *server) start() error {
	for _, l := range s.lanes {
		if err := l.srv.Start(l.handler); err != nil {
			return err
		}
	}
	return nil
}

// end lets the runs under way finish; what does not within the time is cut off and rung again.
func (s *server) end() {
	cut := time.AfterFunc(s.patient, s.cancel)
	defer cut.Stop()
	var wg sync.WaitGroup
	for _, l := range s.lanes {
		wg.Go(func() {
			l.srv.Stop()
			l.srv.Shutdown()
		})
	}
	wg.Wait()
	s.cancel()
	s.runs.Wait() // asynq does not wait for a handler whose time is up
}

// process is what asynq calls. It always answers nil: the verdict is written to the outbox, and Redis, which anybody
// with access to it can read, keeps nothing about failures.
func (s *server) process(ctx context.Context, t *asynq.Task) error {
	s.runs.Add(1)
	defer s.runs.Done()
	tenant, jobID, err := readPayload(t.Payload())
	if err != nil {
		s.log.Error("a task that is not ours was dropped")
		return nil
	}
	job, err := s.store.load(ctx, tenant, jobID)
	if problem.Is(err, problem.KindNotFound) {
		return nil // done, dead, or forged: there is no such open job in that tenant
	}
	if err != nil {
		s.log.Warn("job could not be read", "job", jobID, "code", CodeOf(err))
		return nil // the lease ends and it is rung again
	}
	h, known := s.reg.handlers[job.Kind]
	if !known {
		return nil
	}
	start := time.Now()
	err = s.guarded(ctx, h, job)
	s.metrics.seconds.Took(time.Since(start), string(job.Kind))
	s.judge(ctx, job, err)
	return nil
}

// judge writes down how a run ended.
func (s *server) judge(ctx context.Context, j Job, err error) {
	if err == nil {
		s.metrics.runs.Inc(string(j.Kind), resultDone)
		return
	}
	v := verdict{code: CodeOf(err), rest: retryDelay(j.Attempt), dead: j.Attempt >= s.reg.specs[j.Kind].MaxTries}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second) // the run's own time may be up
	defer cancel()
	ours, dbErr := s.store.fail(ctx, j.ID, j.Attempt, v)
	log := s.log.With("kind", string(j.Kind), "job", j.ID, "attempt", j.Attempt, "code", v.code)
	result := resultFailed
	switch {
	case dbErr != nil:
		log.Warn("job failed and could not say so")
	case !ours:
		result = resultRepeated
	case v.dead:
		result = resultDead
		log.Error("job is dead")
	default:
		log.Warn("job failed")
	}
	s.metrics.runs.Inc(string(j.Kind), result)
}

// guarded runs the handler and makes a panic an error that says where, not what: the value may hold anything.
func (s *server) guarded(ctx context.Context, h Handler, j Job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("job panicked", "kind", string(j.Kind), "job", j.ID, "at", origin())
			err = Failed("panic", nil)
		}
	}()
	return h.Run(ctx, j)
}

// origin is the place in our code where the panic being recovered began.
func origin() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") {
			return f.Function + ":" + strconv.Itoa(f.Line)
		}
		if !more {
			return ""
		}
	}
}

// asynqLog passes asynq's own complaints on. They are about Redis and task ids; a handler's error never reaches asynq.
type asynqLog struct{ log *slog.Logger }

func (l asynqLog) Debug(...any)      {}
func (l asynqLog) Info(...any)       {}
func (l asynqLog) Warn(...any)       { l.log.Debug("asynq warns") }
func (l asynqLog) Error(...any)      { l.log.Debug("asynq fails; Redis may be away") }
func (l asynqLog) Fatal(args ...any) { panic(args) }
