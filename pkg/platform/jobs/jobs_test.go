//go:build unix

package jobs

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/problem"
)

func TestAJobOfACommittedBatchIsDoneOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.start(b.config(effect(b.db)))
	b.enqueue(testKind, 50)
	b.untilDone(50)
	if n := b.count(`select count(*) from app.effects`); n != 50 {
		t.Fatalf("50 jobs had %d effects", n)
	}
	if n := b.count(`select count(*) from jobs.outbox where attempts <> 1 or last_code is not null or tenant_id <> $1`, b.tenant); n != 0 {
		t.Fatalf("%d rows needed more than one ring", n)
	}
}

func TestAJobOfARolledBackBatchDoesNotExist(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var batch db.Batch
	Enqueue(&batch, id.Random{}, testKind, uuid.New())
	batch.Exec(`select app.must(false, 'LY409', 'the rest of the batch fails')`, nil)
	if err := b.db.Once(t.Context(), authz.Public(b.tenant), &batch); !problem.Is(err, problem.KindConflict) {
		t.Fatalf("the batch ended with %v", err)
	}
	if n := b.count(`select count(*) from jobs.outbox`); n != 0 {
		t.Fatalf("%d jobs", n)
	}
}

func TestAFailedRunIsTriedAgainAndRememberedByCodeOnly(t *testing.T) {
	t.Parallel()
	const canary = "Kanariefågel 19121212-1212"
	b := newBench(t)
	var runs atomic.Int32
	ok := effect(b.db)
	cfg := b.config(func(ctx context.Context, j Job) error {
		switch runs.Add(1) {
		case 1:
			return errors.New("cannot reach " + canary)
		case 2:
			panic(canary)
		}
		return ok(ctx, j)
	})
	b.start(cfg)
	job := b.enqueue(testKind, 1)[0]
	b.untilRow(job, "last_code = 'internal'")
	b.untilRow(job, "last_code = 'panic'")
	b.untilDone(1)
	if strings.Contains(b.log.text(), "Kanarie") {
		t.Errorf("the log quotes the error: %s", b.log.text())
	}
	if !strings.Contains(b.log.text(), "TestAFailedRunIsTriedAgain") {
		t.Errorf("the log does not say where the panic was: %s", b.log.text())
	}
	if n := b.count(`select count(*) from app.effects`); n != 1 {
		t.Errorf("%d effects", n)
	}
}

func TestAJobThatKeepsFailingIsDeadAndSaysWhy(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cfg := b.config(func(context.Context, Job) error { return Failed("smtp_451", errors.New("told at length")) })
	cfg.Kinds[testKind] = Spec{Queue: QueueMail, Timeout: time.Second, MaxTries: 2}
	b.start(cfg)
	job := b.enqueue(testKind, 1)[0]
	b.untilRow(job, "dead_at is not null and last_code = 'smtp_451' and attempts = 2 and done_at is null")
}

func TestAJobThatTakesItsWorkerDownIsBuriedInTheEnd(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	job := b.enqueue(testKind, 1)[0]
	b.exec(`update jobs.outbox set attempts = 60`) // rung sixty times, never a verdict
	b.start(b.config(effect(b.db)))
	b.untilRow(job, "dead_at is not null and last_code = 'gave_up'")
	if n := b.count(`select count(*) from app.effects`); n != 0 {
		t.Fatal("it ran once more")
	}
}

func TestOfTwoRunsAtTheSameTimeOneCounts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	run := effect(b.db)
	for _, jobID := range b.enqueue(testKind, 20) {
		var won atomic.Int32
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if run(t.Context(), Job{Tenant: b.tenant, ID: jobID}) == nil {
					won.Add(1)
				}
			})
		}
		both.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d runs of one job counted", won.Load())
		}
	}
	if n := b.count(`select count(*) from app.effects`); n != 20 {
		t.Fatalf("20 jobs had %d effects", n)
	}
}

func TestAJobReachesOnlyTheTenantThatWroteIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	w, err := New(b.db, b.config(func(context.Context, Job) error {
		t.Error("a forged ring was run")
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	job := b.enqueue(testKind, 1)[0]
	for _, payload := range []string{b.newTenant().String() + " " + job.String(), b.tenant.String() + " " + uuid.NewString(), "nonsense", ""} {
		if err := w.server.process(t.Context(), asynq.NewTask(string(testKind), []byte(payload))); err != nil {
			t.Errorf("payload %q: %v", payload, err)
		}
	}
	b.untilRow(job, "done_at is null and last_code is null")
}

func TestAKindThisWorkerDoesNotKnowWaitsForOneThatDoes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.start(b.config(effect(b.db)))
	newer := b.enqueue("test-of-a-newer-version", 1)[0]
	b.enqueue(testKind, 1)
	b.untilDone(1)
	b.untilRow(newer, "attempts = 0 and leased_until is null and dead_at is null")
}

func TestKindsAndHandlersMustMatch(t *testing.T) {
	t.Parallel()
	kinds := map[Kind]Spec{"a": {Queue: QueueMail, Timeout: 1, MaxTries: 1}, "b": {Queue: "nowhere", Timeout: 1, MaxTries: 1}}
	_, err := newRegistry(kinds, []Handler{{Kind: "b"}, {Kind: "b"}, {Kind: "c"}})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{`no handler for "a"`, `two handlers for "b"`, `"b" lacks a queue`, `handler for "c", which is no kind`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not said in: %v", want, err)
		}
	}
}

func TestEveryKindOfTheProductEndsBeforeItsLease(t *testing.T) {
	t.Parallel()
	lease := Config{}.withDefaults().Lease
	for k, s := range Kinds() {
		if s.Timeout >= lease || s.Timeout < time.Second || s.MaxTries < 25 {
			t.Errorf("%s: %+v", k, s)
		}
	}
}

func TestTriesRestLongerAndLongerForAboutADay(t *testing.T) {
	t.Parallel()
	var sum time.Duration
	for n := 1; n < 60; n++ {
		if d := retryDelay(n); d < retryDelay(n-1) || d < time.Second || d > 30*time.Minute {
			t.Fatalf("try %d rests %s", n, d)
		}
		sum += retryDelay(n)
	}
	if sum < 23*time.Hour || sum > 26*time.Hour {
		t.Fatalf("all tries together last %s", sum)
	}
}

func TestTheCodeOfAForeignErrorIsNotItsText(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"internal": errors.New("Anna Andersson"), "timeout": context.DeadlineExceeded, "cancelled": context.Canceled,
		"smtp_450": Failed("smtp_450", errors.New("x")), "unavailable": problem.Unavailable(nil), "illegal_move": problem.IllegalMove(""),
	} {
		if got := CodeOf(err); got != want {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
	if got := CodeOf(Failed("Anna Andersson", nil)); got != "internal" {
		t.Errorf("a code that is a text was let through: %s", got)
	}
}
