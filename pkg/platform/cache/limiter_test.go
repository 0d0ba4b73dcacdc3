//go:build unix

package cache

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/local"
	"lyhord/pkg/platform/problem"
)

func startRedis(t *testing.T) *local.Redis {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r, err := local.StartRedis(ctx, local.RedisOptions{StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Stop)
	return r
}

// fallbacks counts what a limiter decided without Redis.
type fallbacks struct {
	mu sync.Mutex
	n  map[string]int
}

func (f *fallbacks) add(limit string, allowed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n[limit+" "+strconv.FormatBool(allowed)]++
}

func limiterOn(t *testing.T, addr string) (*Limiter, *Client, *clock.Fake, *fallbacks) {
	t.Helper()
	c := Connect(config.Redis{Addr: addr})
	t.Cleanup(func() { _ = c.Close() })
	fake, f := clock.NewFake(time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)), &fallbacks{n: map[string]int{}}
	l, err := NewLimiter(c, LimiterOptions{Secret: bytes.Repeat([]byte{7}, 32), Clock: fake, Fallback: f.add})
	if err != nil {
		t.Fatal(err)
	}
	return l, c, fake, f
}

// times counts how many of n tries are allowed, and the last answer.
func times(l *Limiter, limit Limit, key string, n int) (allowed int, last Decision) {
	for range n {
		if last = l.Allow(context.Background(), limit, key); last.Allowed {
			allowed++
		}
	}
	return allowed, last
}

func TestProcessesCountTogetherInRedis(t *testing.T) {
	r := startRedis(t)
	one, c, _, f := limiterOn(t, r.Addr())
	two, _, _, _ := limiterOn(t, r.Addr())
	if err := c.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	limit := Limit{Name: "test", Rate: 6, Period: time.Hour}
	a, _ := times(one, limit, "asta", 4)
	b, last := times(two, limit, "asta", 4)
	if a+b != 6 || last.RetryAfter <= 0 || last.RetryAfter > 10*time.Minute || last.Degraded {
		t.Errorf("%d+%d allowed, then %+v", a, b, last)
	}
	if n, _ := times(one, limit, "bo", 1); n != 1 {
		t.Error("another key is counted apart")
	}
	if n, _ := times(one, Limit{Name: "other", Rate: 1, Period: time.Hour}, "asta", 1); n != 1 {
		t.Error("another limit is counted apart")
	}
	if len(f.n) != 0 {
		t.Errorf("Redis was there: %v", f.n)
	}
}

func TestNoNameReachesRedis(t *testing.T) {
	r := startRedis(t)
	l, _, _, _ := limiterOn(t, r.Addr())
	times(l, Search, "asta.kanarie@example.se 192.0.2.7", 1)
	admin := redis.NewClient(&redis.Options{Addr: r.Addr()})
	defer admin.Close()
	keys, err := admin.Keys(t.Context(), "*").Result()
	if err != nil || len(keys) != 1 || !strings.HasPrefix(keys[0], "rate:search:") || strings.Contains(keys[0], "kanarie") || strings.Contains(keys[0], "192") {
		t.Errorf("%v %v", keys, err)
	}
	if ttl := admin.TTL(t.Context(), keys[0]).Val(); ttl <= 0 || ttl > Search.Period {
		t.Errorf("the key stays %v", ttl)
	}
}

func TestWithoutRedisEachLimitBehavesAsItSays(t *testing.T) {
	r := startRedis(t)
	l, _, _, f := limiterOn(t, r.Addr())
	if err := r.Kill(); err != nil {
		t.Fatal(err)
	}
	<-r.Done()
	for _, c := range []struct {
		limit Limit
		want  int
	}{
		{Limit{Name: "local", Rate: 5, Period: time.Hour}, 5},
		{Limit{Name: "share", Rate: 10, Period: time.Hour, Share: 5}, 2},
		{LoginAccount, 1},
		{Limit{Name: "closed", Rate: 5, Period: time.Hour, WhenDown: Closed}, 0},
		{Limit{Name: "open", Rate: 5, Period: time.Hour, WhenDown: Open}, 8},
	} {
		n, last := times(l, c.limit, "asta", 8)
		if n != c.want || !last.Degraded || !last.Allowed && last.RetryAfter <= 0 {
			t.Errorf("%s: %d of 8, want %d; %+v", c.limit.Name, n, c.want, last)
		}
		if f.n[c.limit.Name+" true"] != c.want || f.n[c.limit.Name+" false"] != 8-c.want {
			t.Errorf("%s: the metric says %v", c.limit.Name, f.n)
		}
	}
}

func TestARedisThatComesBackIsUsedAgain(t *testing.T) {
	r := startRedis(t)
	l, _, fake, _ := limiterOn(t, r.Addr())
	limit := Limit{Name: "test", Rate: 100, Period: time.Hour}
	if err := r.Kill(); err != nil {
		t.Fatal(err)
	}
	<-r.Done()
	if _, d := times(l, limit, "asta", 1); !d.Degraded {
		t.Fatal("Redis is dead")
	}
	if err := r.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, d := times(l, limit, "asta", 1); !d.Degraded {
		t.Error("after a failure Redis is left alone for a while")
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		fake.Advance(rest)
		if _, d := times(l, limit, "asta", 1); !d.Degraded {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("Redis is back but not used")
		}
	}
}

func TestARedisThatHangsCostsLittle(t *testing.T) {
	// A server that accepts and never answers is the slowest way to be down.
	hung, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer hung.Close()
	l, _, _, _ := limiterOn(t, hung.Addr().String())
	started := time.Now()
	n, _ := times(l, Limit{Name: "test", Rate: 10, Period: time.Hour}, "asta", 100)
	if took := time.Since(started); n != 10 || took > 5*time.Second {
		t.Errorf("%d allowed, 100 tries took %v", n, took)
	}
}

func TestAClientThatLeftDoesNotTurnRedisOff(t *testing.T) {
	r := startRedis(t)
	l, _, _, _ := limiterOn(t, r.Addr())
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	limit := Limit{Name: "test", Rate: 10, Period: time.Hour}
	if d := l.Allow(gone, limit, "asta"); !d.Degraded {
		t.Error("a cancelled question is not asked")
	}
	if d := l.Allow(t.Context(), limit, "asta"); d.Degraded {
		t.Error("the next one must be")
	}
}

func TestCheckSaysWhenToTryAgain(t *testing.T) {
	r := startRedis(t)
	l, _, _, _ := limiterOn(t, r.Addr())
	limit := Limit{Name: "test", Rate: 1, Period: time.Minute}
	if err := l.Check(t.Context(), limit, "asta"); err != nil {
		t.Fatal(err)
	}
	err := l.Check(t.Context(), limit, "asta")
	if p := problem.From(err); !problem.Is(err, problem.KindRateLimited) || p.RetryAfter <= 0 || p.GetHeaders().Get("Retry-After") == "" {
		t.Errorf("%v", err)
	}
}

func TestTheLimitsOfTheProductAreSane(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range Limits {
		if seen[l.Name] || l.Rate < 1 || l.Period < time.Second || l.local().Rate < 1 {
			t.Errorf("%+v", l)
		}
		seen[l.Name] = true
	}
	if ReceiptCode.WhenDown != Closed || LoginAccount.local().Rate != 1 {
		t.Error("guessing must be stopped also without Redis")
	}
	if _, err := NewLimiter(Connect(config.Redis{Addr: "127.0.0.1:1"}), LimiterOptions{Secret: []byte("short")}); err == nil {
		t.Error("a short secret must be refused")
	}
}

// A bucket must never allow more than Rate at once plus one for each step passed.
func TestALocalBucketKeepsItsRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := Limit{Rate: rapid.IntRange(1, 20).Draw(t, "rate"), Period: time.Duration(rapid.IntRange(1, 3600).Draw(t, "s")) * time.Second}
		step := limit.Period / time.Duration(limit.Rate)
		b, begin := newBuckets(10), time.Unix(0, 0)
		now, allowed := begin, 0
		for range rapid.IntRange(1, 100).Draw(t, "tries") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(2*step)).Draw(t, "pause")))
			wait := b.take(limit, "k", now)
			if wait == 0 {
				allowed++
			} else if again := b.take(limit, "k", now.Add(wait)); again != 0 {
				t.Fatalf("told to wait %v, then again %v", wait, again)
			} else {
				now = now.Add(wait)
				allowed++
			}
			if most := limit.Rate + int(now.Sub(begin)/step); allowed > most {
				t.Fatalf("%d allowed, at most %d", allowed, most)
			}
		}
	})
}

func TestAFloodOfKeysIsRefusedAndForgotten(t *testing.T) {
	b, now := newBuckets(100), time.Unix(0, 0)
	limit := Limit{Rate: 2, Period: time.Minute}
	for i := range 100 {
		if b.take(limit, fmt.Sprint(i), now) != 0 {
			t.Fatalf("key %d", i)
		}
	}
	if b.take(limit, "one more", now) == 0 || len(b.empty) != 100 {
		t.Error("the memory is bounded")
	}
	if b.take(limit, "7", now) != 0 || b.take(limit, "7", now) == 0 {
		t.Error("who is counted stays counted")
	}
	if b.take(limit, "one more", now.Add(time.Hour)) != 0 || len(b.empty) != 1 {
		t.Error("what is over is forgotten")
	}
}
