package jobs

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"lyhord/pkg/platform/config"
)

const (
	bellCheck = 20 * time.Millisecond
	bellRopes = 64
)

// Bell wakes the relays of other processes after a commit, at most once per 10 ms. A ring that gets lost costs the time
// to the next sweep and nothing else, so Ring has no error and the caller never waits.
type Bell struct {
	client *asynq.Client
	rung   chan struct{}
	stop   context.CancelFunc
	gone   sync.WaitGroup
}

// NewBell starts a bell.
func NewBell(c config.Redis) *Bell {
	ctx, stop := context.WithCancel(context.Background())
	b := &Bell{client: asynq.NewClient(connOpt(c)), rung: make(chan struct{}, 1), stop: stop}
	b.gone.Go(func() { b.loop(ctx) })
	return b
}

// Ring asks for a look at the outbox.
func (b *Bell) Ring() {
	select {
	case b.rung <- struct{}{}:
	default:
	}
}

// Stop ends the bell.
func (b *Bell) Stop() {
	b.stop()
	b.gone.Wait()
	_ = b.client.Close()
}

// A ring is a task with one of a few ids, so that a worker which is away finds at most that many when it is back; an
// id that still waits needs no second task.
func (b *Bell) loop(ctx context.Context) {
	for rope := rand.IntN(bellRopes); ; rope = (rope + 1) % bellRopes {
		select {
		case <-ctx.Done():
			return
		case <-b.rung:
		}
		one, cancel := context.WithTimeout(ctx, time.Second)
		_, _ = b.client.EnqueueContext(one, asynq.NewTask("bell", nil), asynq.TaskID(fmt.Sprintf("bell:%d", rope)),
			asynq.Queue(string(queueBell)), asynq.MaxRetry(0), asynq.Timeout(5*time.Second))
		cancel()
		select {
		case <-ctx.Done():
			return
		case <-time.After(ringGap):
		}
	}
}
