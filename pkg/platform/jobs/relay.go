package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"lyhord/pkg/platform/clock"
)

// The relay's measures.
const (
	ringGap     = 10 * time.Millisecond // two rounds are never closer than this
	mostWaiting = 100                   // rings of a queue that may wait in Redis: a row waits in PostgreSQL, unleased, not there
	mostFired   = 500
	longestRest = 5 * time.Second
	statEvery   = 15 * time.Second
	forgetEvery = 10 * time.Minute
	mostForgot  = 5000
	keepDone    = 7 * 24 * time.Hour // a job that is done is kept that long, for people who ask what happened
)

// relay moves open outbox rows to Redis.
type relay struct {
	store   store
	redis   *redis
	reg     *registry
	clock   clock.Clock
	log     *slog.Logger
	metrics *metrics
	sweep   time.Duration
	lease   time.Duration

	bell chan struct{}
	stop context.CancelFunc
	gone sync.WaitGroup
}

// Ring wakes the relay; it never blocks and may be called as often as one likes.
func (r *relay) Ring() {
	select {
	case r.bell <- struct{}{}:
	default:
	}
}

func (r *relay) start() {
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	r.gone.Go(func() { r.loop(ctx) })
}

// end stops the relay and waits for the round under way.
func (r *relay) end() {
	r.stop()
	r.gone.Wait()
}

func (r *relay) loop(ctx context.Context) {
	sweep := time.NewTicker(r.sweep)
	defer sweep.Stop()
	r.Ring() // what was left by an earlier life
	var rest time.Duration
	var counted, forgot time.Time
	for {
		swept := false
		select {
		case <-ctx.Done():
			return
		case <-r.bell:
		case <-sweep.C:
			swept = true
		}
		more, err := r.round(ctx, swept)
		if err == nil && swept && time.Since(counted) > statEvery {
			err, counted = r.count(ctx), time.Now()
		}
		if err == nil && swept && time.Since(forgot) > forgetEvery {
			var n int
			if n, err = r.store.forget(ctx, r.clock.Now().Add(-keepDone), mostForgot); n < mostForgot {
				forgot = time.Now() // a long backlog goes a piece each sweep
			}
		}
		if ctx.Err() != nil {
			return
		}
		pause := ringGap
		if rest = r.after(err, rest); rest > 0 {
			pause = rest
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		if more || err != nil {
			r.Ring()
		}
	}
}

// after says how long to rest after a round: not at all, or doubling while PostgreSQL or Redis is away.
func (r *relay) after(err error, rest time.Duration) time.Duration {
	if err == nil {
		if rest > 0 {
			r.log.Info("relay works again")
		}
		return 0
	}
	code := CodeOf(err)
	r.metrics.faults.Inc(code)
	if rest == 0 {
		r.log.Warn("relay rests", "code", code)
		return 100 * time.Millisecond
	}
	return min(2*rest, longestRest)
}

// round fires what is due, leases what Redis has room for and rings it. more: there is probably more to lease.
func (r *relay) round(ctx context.Context, swept bool) (more bool, err error) {
	if swept {
		n, err := r.store.fire(ctx, r.clock.Now(), mostFired)
		if err != nil {
			return false, err
		}
		r.metrics.fired.Add(float64(n))
	}
	wants, full, err := r.room()
	if err != nil || len(wants) == 0 {
		return full, err
	}
	rings, left, err := r.store.claim(ctx, wants, r.lease)
	if err != nil {
		return false, err
	}
	return full || left, r.ring(ctx, rings)
}

// room asks Redis how much more it should hold. When Redis is away nothing is leased and nobody's tries are used up.
func (r *relay) room() (wants []want, full bool, err error) {
	queues := r.reg.queues()
	waiting, err := r.redis.waiting(queues)
	if err != nil {
		return nil, false, err
	}
	for _, q := range queues {
		if waiting[q] >= mostWaiting {
			full = true
			continue
		}
		wants = append(wants, want{kinds: r.reg.kindsOf(q), most: mostWaiting - waiting[q]})
	}
	return wants, full, nil
}

// ring rings leased rows. A row rung too often without a verdict takes its worker down with it each time: it is buried.
func (r *relay) ring(ctx context.Context, rings []ring) error {
	live := rings[:0]
	for _, one := range rings {
		if one.Attempt <= r.reg.specs[Kind(one.Kind)].MaxTries {
			live = append(live, one)
			continue
		}
		if _, err := r.store.fail(ctx, one.ID, one.Attempt, verdict{code: "gave_up", dead: true}); err != nil {
			return err
		}
		r.metrics.runs.Inc(one.Kind, resultDead)
		r.log.Error("job is dead", "kind", one.Kind, "job", one.ID, "code", "gave_up")
	}
	left, err := r.redis.ringAll(ctx, live, r.reg.specs)
	r.metrics.rung.Add(float64(len(live) - len(left)))
	if err == nil {
		return nil
	}
	// The round is over even if the process is being stopped: what was leased goes back.
	back, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if backErr := r.store.giveBack(back, left); backErr != nil {
		return backErr // the lease ends by itself
	}
	return err
}

func (r *relay) count(ctx context.Context) error {
	n, oldest, dead, err := r.store.waiting(ctx)
	if err != nil {
		return err
	}
	r.metrics.dead.Set(float64(dead))
	r.metrics.open.Set(float64(n))
	r.metrics.oldest.Set(oldest)
	return nil
}
