//go:build unix

package jobs

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/local"

	"github.com/google/uuid"
)

const envChild = "LYHORD_JOBS_TEST_WORKER"

// childSettings is what a worker in a process of its own needs to know.
type childSettings struct {
	Worker, Relay string
	Redis         config.Redis
	Lease         time.Duration
}

// childWorker is the life of that process: it works until it is killed or its parent is gone.
func childWorker() {
	var s childSettings
	if err := json.Unmarshal([]byte(os.Getenv(envChild)), &s); err != nil {
		panic(err)
	}
	d, err := db.Open(context.Background(), map[authz.Door]string{authz.DoorWorker: s.Worker, authz.DoorRelay: s.Relay})
	if err != nil {
		panic(err)
	}
	var runs atomic.Int32
	act := effect(d)
	w, err := New(d, Config{
		Redis: s.Redis, Lease: s.Lease, Sweep: s.Lease / 10,
		Kinds: map[Kind]Spec{testKind: {Queue: QueueMail, Timeout: 2 * time.Second, MaxTries: 60}},
		Handlers: []Handler{{Kind: testKind, Run: func(ctx context.Context, j Job) error {
			if runs.Add(1)%20 == 0 {
				return errors.New("one in twenty fails")
			}
			return act(ctx, j)
		}}},
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		panic(err)
	}
	if err := w.Start(); err != nil {
		panic(err)
	}
	_, _ = os.Stdout.WriteString("works\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// startChild starts a worker process and waits until it works.
func (b *bench) startChild(s childSettings) *exec.Cmd {
	b.t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		b.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envChild+"="+string(text))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = in.Close(); _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "works\n" {
		b.t.Fatalf("the worker process said %q, %v", line, err)
	}
	return cmd
}

func (b *bench) ownRedis() *local.Redis {
	b.t.Helper()
	r, err := local.StartRedis(b.t.Context(), local.RedisOptions{StateDir: b.t.TempDir()})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(r.Stop)
	b.redis = config.Redis{Addr: r.Addr()}
	return r
}

// flush empties the Redis server, as a restart without its file would.
func (b *bench) flush(r *local.Redis) {
	b.t.Helper()
	conn, err := net.Dial("tcp", r.Addr())
	if err != nil {
		b.t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("FLUSHALL\r\n")); err != nil {
		b.t.Fatal(err)
	}
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || line != "+OK\r\n" {
		b.t.Fatalf("FLUSHALL answered %q, %v", line, err)
	}
}

// TestNothingIsLostAndNothingDoneTwiceWhileWorkerAndRedisAreKilled kills a worker process and Redis five times each,
// with SIGKILL, while events flow; every other time Redis comes back without its memory. LYHORD_TEST_LEASE=30s runs it
// with the product's own lease.
func TestNothingIsLostAndNothingDoneTwiceWhileWorkerAndRedisAreKilled(t *testing.T) {
	t.Parallel()
	events, lease := 2000, 3*time.Second
	if testing.Short() {
		events = 300
	}
	if own, err := time.ParseDuration(os.Getenv("LYHORD_TEST_LEASE")); err == nil {
		lease = own
	}
	b := newBench(t)
	redis := b.ownRedis()
	settings := childSettings{Worker: b.data.DSN("worker"), Relay: b.data.DSN("relay"), Redis: b.redis, Lease: lease}
	worker := b.startChild(settings)
	written := make(chan error, 1)
	go func() { written <- b.flow(events, 5*time.Second) }()
	for n := range 5 {
		b.untilEffects((n + 1) * events / 12)
		if err := worker.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = worker.Wait()
		worker = b.startChild(settings)
		b.untilEffects((n+1)*events/12 + events/40)
		if err := redis.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := redis.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n%2 == 1 {
			b.flush(redis)
		}
	}
	lastKill := time.Now()
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	b.until("all events done", time.Minute-time.Since(lastKill), func() bool {
		return b.count(`select count(*) from jobs.outbox where done_at is null`) == 0
	})
	t.Logf("%d events, all done %s after the last kill, %d rings", events, time.Since(lastKill).Round(time.Millisecond),
		b.count(`select sum(attempts) from jobs.outbox`))
	all := b.count(`select count(*) from app.effects`)
	distinct := b.count(`select count(distinct e.job) from app.effects e join jobs.outbox o on o.id = e.job and o.done_at is not null`)
	if all != events || distinct != events {
		t.Fatalf("%d events had %d effects on %d jobs", events, all, distinct)
	}
}

// flow writes events one by one, spread over a time.
func (b *bench) flow(events int, over time.Duration) error {
	tick := time.NewTicker(over / time.Duration(events))
	defer tick.Stop()
	for range events {
		<-tick.C
		var batch db.Batch
		Enqueue(&batch, id.Random{}, testKind, uuid.New())
		if err := b.db.Once(b.t.Context(), authz.Public(b.tenant), &batch); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) untilEffects(n int) {
	b.t.Helper()
	b.until("effects", 40*time.Second, func() bool { return b.count(`select count(*) from app.effects`) >= n })
}

func TestAnAbsentRedisUsesUpNobodysTries(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	redis := b.ownRedis()
	if err := redis.Kill(); err != nil {
		t.Fatal(err)
	}
	b.start(b.config(effect(b.db))) // it starts without Redis
	b.enqueue(testKind, 20)
	b.until("the relay says that it rests", 10*time.Second, func() bool { return len(b.log.text()) > 0 })
	if err := redis.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.untilDone(20)
	if n := b.count(`select count(*) from jobs.outbox where attempts > 2`); n != 0 {
		t.Fatalf("%d jobs lost tries to the absence", n)
	}
}

func TestAFlushedRedisIsFilledAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	redis := b.ownRedis()
	stuck := make(chan struct{})
	act := effect(b.db)
	cfg := b.config(func(ctx context.Context, j Job) error {
		if j.Attempt == 1 {
			<-stuck
			return nil // as if it had never been: no verdict, no mark
		}
		return act(ctx, j)
	})
	cfg.Concurrency = 1
	b.start(cfg)
	b.enqueue(testKind, 30)
	b.until("all are rung", 10*time.Second, func() bool {
		return b.count(`select count(*) from jobs.outbox where attempts > 0`) == 30
	})
	b.flush(redis)
	close(stuck)
	b.untilDone(30)
	if n := b.count(`select count(*) from app.effects`); n != 30 {
		t.Fatalf("30 jobs had %d effects", n)
	}
}

func TestTheWorkerGoesOnAfterItsConnectionsAreCut(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.start(b.config(effect(b.db)))
	for range 10 {
		b.enqueue(testKind, 20)
		b.exec(`select pg_terminate_backend(pid) from pg_stat_activity
			where datname = current_database() and usename in ('lyhord_worker', 'lyhord_relay')`)
	}
	b.untilDone(200)
	if n := b.count(`select count(*) from app.effects`); n != 200 {
		t.Fatalf("200 jobs had %d effects", n)
	}
}

func TestStopWaitsForTheRunUnderWayAndCutsOffTheOneThatHangs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	begun, ended := make(chan struct{}, 1), make(chan error, 1)
	cfg := b.config(func(ctx context.Context, _ Job) error {
		begun <- struct{}{}
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	})
	cfg.Kinds[testKind] = Spec{Queue: QueueMail, Timeout: 25 * time.Second, MaxTries: 60}
	cfg.ShutdownTimeout = 300 * time.Millisecond
	w := b.start(cfg)
	b.enqueue(testKind, 1)
	<-begun
	start := time.Now()
	w.Stop()
	select {
	case <-ended:
	default:
		t.Fatal("Stop returned before the run had ended")
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Fatalf("Stop took %s", took)
	}
	w.Stop() // and once more does no harm
	if err := w.Start(); err == nil {
		t.Fatal("a stopped worker started again")
	}
}

func TestWorkersComeAndGoWhileEventsFlow(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cfg := b.config(effect(b.db))
	const events = 300
	written := make(chan error, 1)
	go func() { written <- b.flow(events, time.Second) }()
	for range 6 {
		w, err := New(b.db, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Start(); err != nil {
			t.Fatal(err)
		}
		seen := b.count(`select count(*) from app.effects`)
		b.untilEffects(min(seen+10, events))
		w.Stop()
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	b.start(cfg)
	b.untilDone(events)
	if n := b.count(`select count(*) from app.effects`); n != events {
		t.Fatalf("%d events had %d effects", events, n)
	}
}

func TestTheBellOfAnotherProcessWakesTheRelay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cfg := b.config(effect(b.db))
	cfg.Sweep = time.Hour
	b.start(cfg)
	b.enqueue(testKind, 1)
	bell := NewBell(b.redis)
	defer bell.Stop()
	for range 1000 {
		bell.Ring()
	}
	b.untilDone(1)
}

func TestWhatCouldNotBeRungIsFreeAtOnceAndWithoutATry(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cfg := b.config(effect(b.db))
	cfg.Redis = config.Redis{Addr: "127.0.0.1:1"}
	w, err := New(b.db, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	job := b.enqueue(testKind, 1)[0]
	rings, more, err := w.relay.store.claim(t.Context(), []want{{kinds: []string{string(testKind)}, most: 1}}, time.Minute)
	if err != nil || len(rings) != 1 || !more {
		t.Fatalf("%d rows leased, more %v, %v", len(rings), more, err)
	}
	b.untilRow(job, "leased_until > now() and attempts = 1")
	if err := w.relay.ring(t.Context(), rings); CodeOf(err) != "redis" {
		t.Fatalf("an absent Redis was rung: %v", err)
	}
	b.untilRow(job, "leased_until is null and attempts = 0")
}
