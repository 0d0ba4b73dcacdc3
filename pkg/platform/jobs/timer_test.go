//go:build unix

package jobs

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
)

func TestATimerFiresOnceWhenItIsDue(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	now := clock.NewFake(time.Now()) // the database's own clock says when a job was done, and one done long ago is swept away
	cfg := b.config(effect(b.db))
	cfg.Clock = now
	b.start(cfg)
	ref := uuid.New()
	due := now.Now().Add(48 * time.Hour)
	for range 2 { // the same deadline computed twice is one timer
		b.write(func(batch *db.Batch) {
			Schedule(batch, id.Random{}, Timer{Kind: testKind, Ref: ref, DueAt: due, Rule: map[string]any{"rule": "register", "days": 1}})
		})
	}
	b.enqueue(testKind, 1)
	b.untilDone(1) // the relay has gone round and the timer has not fired
	if n := b.count(`select count(*) from jobs.outbox where ref = $1`, ref); n != 0 {
		t.Fatal("it fired before it was due")
	}
	now.Set(due)
	b.until("the timer's job done", 10*time.Second, func() bool {
		return b.count(`select count(*) from jobs.outbox where ref = $1 and done_at is not null`, ref) == 1
	})
	now.Advance(time.Hour)
	b.enqueue(testKind, 1)
	b.untilDone(3)
	if n := b.count(`select count(*) from jobs.timers where rule->>'rule' = 'register'`); n != 1 {
		t.Fatalf("%d timers", n)
	}
}

func TestACancelledTimerIsSilentUntilItIsSetAnew(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	now := clock.NewFake(time.Date(2026, 12, 23, 8, 0, 0, 0, time.UTC))
	ref, due := uuid.New(), now.Now().Add(time.Hour)
	set := func(batch *db.Batch) {
		Schedule(batch, id.Random{}, Timer{Kind: testKind, Ref: ref, DueAt: due})
	}
	b.write(set)
	b.asJob(func(batch *db.Batch) { CancelTimers(batch, ref, "other-kind") })
	if n := b.count(`select count(*) from jobs.timers where cancelled_at is null`); n != 1 {
		t.Fatal("cancelling another kind cancelled this one")
	}
	b.asJob(func(batch *db.Batch) { CancelTimers(batch, ref, testKind, "other-kind") })
	now.Set(due)
	cfg := b.config(effect(b.db))
	cfg.Clock = now
	b.start(cfg)
	b.enqueue(testKind, 1)
	b.untilDone(2) // this one and the one asJob left open
	if n := b.count(`select count(*) from jobs.outbox where ref = $1`, ref); n != 0 {
		t.Fatal("a cancelled timer fired")
	}
	b.write(set)
	b.until("the timer set anew fires", 10*time.Second, func() bool {
		return b.count(`select count(*) from jobs.outbox where ref = $1 and done_at is not null`, ref) == 1
	})
}

// TestWhatIsDoneIsForgottenAfterAWeekAndWhatIsDeadIsNot: the outbox does not grow for ever, and nothing unseen disappears.
func TestWhatIsDoneIsForgottenAfterAWeekAndWhatIsDeadIsNot(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ids := b.enqueue(testKind, 4)
	b.exec(`update jobs.outbox set done_at = now() - interval '8 days' where id = $1`, ids[0])
	b.exec(`update jobs.outbox set done_at = now() - interval '6 days' where id = $1`, ids[1])
	b.exec(`update jobs.outbox set dead_at = now() - interval '80 days' where id = $1`, ids[2])
	b.exec(`update jobs.outbox set created_at = now() - interval '80 days' where id = $1`, ids[3])
	n, err := store{b.db}.forget(t.Context(), time.Now().Add(-keepDone), mostForgot)
	if err != nil || n != 1 {
		t.Fatalf("%d forgotten: %v", n, err)
	}
	if left := b.count(`select count(*) from jobs.outbox where id = any($1)`, ids[1:]); left != 3 {
		t.Errorf("%d of the three others are left", left)
	}
}
