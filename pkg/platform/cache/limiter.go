package cache

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"sync/atomic"
	"time"

	"github.com/go-redis/redis_rate/v10"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/problem"
)

// Decision is the answer of a Limiter.
type Decision struct {
	Allowed    bool
	RetryAfter time.Duration // when not allowed: after this it is worth trying
	Degraded   bool          // Redis was not asked or did not answer
}

// LimiterOptions of a Limiter.
type LimiterOptions struct {
	Secret []byte // at least 32 bytes, the same in all processes; hides what is counted
	Clock  clock.Clock
	// Fallback is told of each decision made without Redis, for the metrics.
	Fallback func(limit string, allowed bool)
}

// Limiter counts in Redis, so that all processes count together, and decides by
// itself when Redis does not answer. It is safe for concurrent use.
type Limiter struct {
	shared  *redis_rate.Limiter
	key     []byte
	clock   clock.Clock
	tell    func(limit string, allowed bool)
	buckets *buckets
	restTo  atomic.Int64 // Redis is left alone until then (Unix nanoseconds)
}

// rest is how long Redis is left alone after a failure, so that not every
// request waits for one that is down.
const rest = time.Second

// NewLimiter makes a Limiter.
func NewLimiter(c *Client, o LimiterOptions) (*Limiter, error) {
	if len(o.Secret) < 32 {
		return nil, errors.New("cache: the limiter's secret is shorter than 32 bytes")
	}
	key, err := hkdf.Key(sha256.New, o.Secret, nil, "lyhord rate limit v1", 32)
	if err != nil {
		return nil, err
	}
	if o.Fallback == nil {
		o.Fallback = func(string, bool) {}
	}
	return &Limiter{
		shared: redis_rate.NewLimiter(c.rdb), key: key, clock: o.Clock, tell: o.Fallback, buckets: newBuckets(maxBuckets),
	}, nil
}

// Allow counts one happening of what the limit is about, for the one the key
// names, and says whether it may go on. It always answers.
func (l *Limiter) Allow(ctx context.Context, limit Limit, key string) Decision {
	key = l.hide(limit, key)
	now := l.clock.Now()
	if now.UnixNano() >= l.restTo.Load() {
		d, err := l.ask(ctx, limit, key)
		if err == nil {
			return d
		}
		if ctx.Err() == nil { // a client that left says nothing about Redis
			l.restTo.Store(now.Add(rest).UnixNano())
		}
	}
	d := l.alone(limit, key, now)
	l.tell(limit.Name, d.Allowed)
	return d
}

// Check is Allow as an error: nil, or a problem that says when to try again.
func (l *Limiter) Check(ctx context.Context, limit Limit, key string) error {
	if d := l.Allow(ctx, limit, key); !d.Allowed {
		return problem.RateLimited(d.RetryAfter)
	}
	return nil
}

func (l *Limiter) ask(ctx context.Context, limit Limit, key string) (Decision, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	r, err := l.shared.Allow(ctx, key, redis_rate.Limit{Rate: limit.Rate, Burst: limit.Rate, Period: limit.Period})
	if err != nil {
		return Decision{}, err
	}
	return Decision{Allowed: r.Allowed > 0, RetryAfter: max(0, r.RetryAfter)}, nil
}

func (l *Limiter) alone(limit Limit, key string, now time.Time) Decision {
	switch limit.WhenDown {
	case Open:
		return Decision{Allowed: true, Degraded: true}
	case Closed:
		return Decision{RetryAfter: rest, Degraded: true}
	default:
		wait := l.buckets.take(limit.local(), key, now)
		return Decision{Allowed: wait == 0, RetryAfter: wait, Degraded: true}
	}
}

// hide makes a key that names no one: an address or a login name would be
// personal data, and few enough to be guessed from a plain hash.
func (l *Limiter) hide(limit Limit, key string) string {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(limit.Name))
	mac.Write([]byte{0})
	mac.Write([]byte(key))
	return limit.Name + ":" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:15])
}
