// Package cache is the one door to Redis for everything but the job queue: the
// connection and the rate limiter.
//
// Redis is a helper and never the truth. Whatever is asked here has an answer
// also when Redis is gone, quickly, and nothing is lost with it. Keys and values
// hold no personal data: what a limit counts is hashed with a secret first.
//
// It is tested against a real Redis that is killed and comes back, and the local
// buckets by properties against a plain model.
package cache

import (
	"context"
	"crypto/tls"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"

	"lyhord/pkg/platform/config"
)

// patience is how long one step towards Redis may take. A request must not wait
// for a helper.
const patience = 200 * time.Millisecond

// Client is a connection pool to Redis.
type Client struct {
	rdb redis.UniversalClient
}

// Connect makes the pool. It does not connect: a Redis that is down at the start
// is like one that goes down later.
func Connect(c config.Redis) *Client {
	logging.Disable() // it writes lines of its own to stderr, past our log
	o := &redis.UniversalOptions{
		Addrs: []string{c.Addr}, DB: c.DB, Password: c.Password.Reveal(),
		DialTimeout: patience, ReadTimeout: patience, WriteTimeout: patience, PoolTimeout: patience,
		MaxRetries: -1, DialerRetries: 1, // none and one: zero would mean the library's defaults of 3 and 5
		ContextTimeoutEnabled: true, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if len(c.Sentinels) > 0 {
		o.Addrs, o.MasterName = c.Sentinels, c.Master
	}
	if c.TLS {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return &Client{rdb: redis.NewUniversalClient(o)}
}

// Ping says whether Redis answers.
func (c *Client) Ping(ctx context.Context) error { return c.rdb.Ping(ctx).Err() }

// Close ends the pool.
func (c *Client) Close() error { return c.rdb.Close() }
