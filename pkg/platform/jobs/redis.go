package jobs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"golang.org/x/sync/errgroup"

	"lyhord/pkg/platform/config"
)

// redis is what the relay needs of asynq: ring a job, and know how many rings still wait.
type redis struct {
	opt       asynq.RedisConnOpt
	inspector *asynq.Inspector

	mu     sync.Mutex
	client *asynq.Client
	used   map[Queue]bool // queues the relay has rung with this client
}

func newRedis(c config.Redis) *redis {
	opt := connOpt(c)
	return &redis{opt: opt, inspector: asynq.NewInspector(opt), client: asynq.NewClient(opt), used: map[Queue]bool{}}
}

// connOpt says the settings in asynq's words.
func connOpt(c config.Redis) asynq.RedisConnOpt {
	var secure *tls.Config
	if c.TLS {
		secure = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if len(c.Sentinels) > 0 {
		return asynq.RedisFailoverClientOpt{
			MasterName: c.Master, SentinelAddrs: c.Sentinels, DB: c.DB, Password: c.Password.Reveal(), TLSConfig: secure,
		}
	}
	return asynq.RedisClientOpt{Addr: c.Addr, DB: c.DB, Password: c.Password.Reveal(), TLSConfig: secure}
}

func (r *redis) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.client.Close()
	_ = r.inspector.Close()
}

// waiting counts the rings of each queue that no worker has taken yet.
func (r *redis) waiting(queues []Queue) (map[Queue]int, error) {
	known, err := r.inspector.Queues()
	if err != nil {
		return nil, Failed("redis", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	n := map[Queue]int{}
	for _, q := range queues {
		if !slices.Contains(known, string(q)) {
			if r.used[q] {
				r.forget()
			}
			continue
		}
		info, err := r.inspector.GetQueueInfo(string(q))
		if err != nil {
			return nil, Failed("redis", err)
		}
		n[q] = info.Pending
	}
	return n, nil
}

// forget makes a new client, under the lock: asynq tells Redis about a queue once in a client's life, so after a flush nobody would
// see the queue any more.
func (r *redis) forget() {
	_ = r.client.Close()
	r.client = asynq.NewClient(r.opt)
	clear(r.used)
}

// ringAll rings what it can and answers what it could not ring.
func (r *redis) ringAll(ctx context.Context, rings []ring, specs map[Kind]Spec) (left []ring, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range rings {
		r.used[specs[Kind(one.Kind)].Queue] = true
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	rung := make([]bool, len(rings))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for i, one := range rings {
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			err := r.ring(ctx, one, specs[Kind(one.Kind)])
			rung[i] = err == nil
			return err
		})
	}
	if err = g.Wait(); err == nil {
		return nil, nil
	}
	for i, ok := range rung {
		if !ok {
			left = append(left, rings[i])
		}
	}
	return left, Failed("redis", err)
}

// ring puts one task into Redis: two ids, nothing else. asynq never retries it; the outbox does.
func (r *redis) ring(ctx context.Context, one ring, s Spec) error {
	task := asynq.NewTask(one.Kind, []byte(one.Tenant.String()+" "+one.ID.String()))
	_, err := r.client.EnqueueContext(ctx, task, asynq.TaskID(fmt.Sprintf("%s:%d", one.ID, one.Attempt)),
		asynq.Queue(string(s.Queue)), asynq.Timeout(s.Timeout), asynq.MaxRetry(0))
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return nil // an earlier ring whose answer was lost
	}
	return err
}

// readPayload is the other end of ring.
func readPayload(b []byte) (tenant, jobID uuid.UUID, err error) {
	t, j, ok := strings.Cut(string(b), " ")
	if !ok {
		return tenant, jobID, errors.New("not a payload of ours")
	}
	if tenant, err = uuid.Parse(t); err == nil {
		jobID, err = uuid.Parse(j)
	}
	return tenant, jobID, err
}
