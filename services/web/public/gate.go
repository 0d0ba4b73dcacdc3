package public

import (
	"context"
	"time"

	"lyhord/pkg/dialogue"
	"lyhord/pkg/platform/problem"
)

// gate slows a flood of reports down. A person is never turned away for what others send from the same network: above
// the limits a report waits some seconds and is then taken. Only when the waiting room is full is she asked to come back.
type gate struct {
	limits dialogue.Limits
	pause  func(ctx context.Context, d time.Duration)
	room   chan struct{}
}

// What one network and one organisation may send before reports have to wait.
const (
	reportsPerPlace  = 5
	reportsPer       = 10 * time.Minute
	reportsPerDay    = 30
	reportsPerTenant = 120
	shortWait        = 4 * time.Second
	longWait         = 8 * time.Second
	waitingRoom      = 100
)

func newGate(l dialogue.Limits, pause func(context.Context, time.Duration)) *gate {
	return &gate{limits: l, pause: pause, room: make(chan struct{}, waitingRoom)}
}

// enter counts a report and makes it wait if there are many. Nobody to count is no reason to lose one.
func (g *gate) enter(ctx context.Context, tenant, place string) error {
	wait := time.Duration(0)
	for _, rule := range []struct {
		key  string
		most int
		per  time.Duration
		wait time.Duration
	}{
		{"report:" + place, reportsPerPlace, reportsPer, shortWait},
		{"report-tenant:" + tenant, reportsPerTenant, time.Hour, shortWait},
		{"report-day:" + place, reportsPerDay, 24 * time.Hour, longWait},
	} {
		over, err := g.limits.Allow(ctx, rule.key, rule.most, rule.per)
		if err == nil && over > 0 {
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
