package public

import (
	"context"
	"time"

	"lyhord/pkg/dialogue"
	"lyhord/pkg/platform/cache"
	"lyhord/pkg/platform/problem"
)

// gate slows a flood of reports down. A person is never turned away for what others send from the same network: above
// the limits a report waits some seconds and is then taken. Only when the waiting room is full is she asked to come back.
type gate struct {
	limits dialogue.Limits
	pause  func(ctx context.Context, d time.Duration)
	room   chan struct{}
}

const (
	shortWait   = 4 * time.Second
	longWait    = 8 * time.Second
	waitingRoom = 100
)

func newGate(l dialogue.Limits, pause func(context.Context, time.Duration)) *gate {
	return &gate{limits: l, pause: pause, room: make(chan struct{}, waitingRoom)}
}

// enter counts a report and makes it wait if there are many.
func (g *gate) enter(ctx context.Context, tenant, network string) error {
	wait := time.Duration(0)
	for _, rule := range []struct {
		limit cache.Limit
		key   string
		wait  time.Duration
	}{
		{cache.IntakeAddress, network, shortWait}, {cache.IntakeTenant, tenant, shortWait}, {cache.IntakeDay, network, longWait},
	} {
		if !g.limits.Allow(ctx, rule.limit, rule.key).Allowed {
			wait = max(wait, rule.wait)
		}
	}
	if wait == 0 {
		return nil
	}
	select {
	case g.room <- struct{}{}:
		defer func() { <-g.room }()
		g.pause(ctx, wait)
		return ctx.Err()
	default:
		return problem.RateLimited(time.Minute)
	}
}
