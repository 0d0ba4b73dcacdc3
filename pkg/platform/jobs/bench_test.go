//go:build unix

package jobs

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
)

// BenchmarkJobs drains an outbox that is full already: rung, run, marked done, with the product's own times.
func BenchmarkJobs(tb *testing.B) {
	b := newBench(tb)
	for left := tb.N; left > 0; left -= 1000 {
		b.enqueue(testKind, min(left, 1000))
	}
	cfg := b.config(effect(b.db))
	cfg.Sweep, cfg.Lease, cfg.TaskCheck = 0, 0, 0
	tb.ResetTimer()
	b.start(cfg)
	for b.count(`select count(*) from jobs.outbox where done_at is null`) > 0 {
		time.Sleep(5 * time.Millisecond)
	}
	tb.StopTimer()
	tb.ReportMetric(float64(tb.N)/tb.Elapsed().Seconds(), "jobs/s")
	tb.ReportMetric(float64(b.count(`select sum(attempts) from jobs.outbox`))/float64(tb.N), "rings/job")
}

// BenchmarkEventToHandler writes 200 events a second in one process and rings the bell after each commit; the worker
// stands for another process. It reports the time from commit to handler.
func BenchmarkEventToHandler(tb *testing.B) {
	b := newBench(tb)
	var mu sync.Mutex
	committed, waits := map[uuid.UUID]time.Time{}, []time.Duration{}
	arrived := make(chan struct{}, tb.N)
	act := effect(b.db)
	cfg := b.config(func(ctx context.Context, j Job) error {
		mu.Lock()
		waits = append(waits, time.Since(committed[j.Ref]))
		mu.Unlock()
		err := act(ctx, j)
		arrived <- struct{}{}
		return err
	})
	cfg.Sweep, cfg.Lease, cfg.TaskCheck = 0, 0, 0
	b.start(cfg)
	bell := NewBell(b.redis)
	defer bell.Stop()
	tick := time.NewTicker(time.Second / 200)
	defer tick.Stop()
	tb.ResetTimer()
	for range tb.N {
		<-tick.C
		ref := uuid.New()
		mu.Lock()
		committed[ref] = time.Now()
		mu.Unlock()
		var batch db.Batch
		Enqueue(&batch, id.Random{}, testKind, ref)
		if err := b.db.Once(tb.Context(), authz.Public(b.tenant), &batch); err != nil {
			tb.Fatal(err)
		}
		bell.Ring()
	}
	for range tb.N {
		<-arrived
	}
	tb.StopTimer()
	slices.Sort(waits)
	tb.ReportMetric(float64(waits[len(waits)/2].Milliseconds()), "p50-ms")
	tb.ReportMetric(float64(waits[len(waits)*99/100].Milliseconds()), "p99-ms")
}
