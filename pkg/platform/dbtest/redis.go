//go:build unix

package dbtest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis is the URL (redis://host:port/number) of a Redis database of this test
// alone: empty at first, emptied when the test ends. Keys, scripts and asynq
// queues of other tests are in other numbers. Publish/subscribe channels and
// CONFIG are the server's, not the database's.
//
// go-redis reads the URL with redis.ParseURL, asynq with asynq.ParseRedisURI.
func (db *DB) Redis() string {
	db.t.Helper()
	db.redis.Do(func() {
		url, err := db.claimRedis()
		if err != nil {
			db.t.Fatalf("test Redis: %v", err)
		}
		db.redisURL = url
	})
	return db.redisURL
}

// claimRedis takes the next free number. The claims are in database 0, because
// packages are separate processes; they run out by themselves after a crash.
func (db *DB) claimRedis() (string, error) {
	const claimFor = time.Hour
	srv, err := theServers()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(db.t.Context(), time.Minute)
	defer cancel()
	admin := redis.NewClient(&redis.Options{Addr: srv.Redis, DisableIdentity: true})
	defer admin.Close()
	config, err := admin.ConfigGet(ctx, "databases").Result()
	if err != nil {
		return "", err
	}
	databases, err := strconv.Atoi(config["databases"])
	if err != nil || databases < 2 {
		return "", fmt.Errorf("the server has %q databases", config["databases"])
	}
	for range 4 * databases {
		n, err := admin.Incr(ctx, "dbtest:next").Result()
		if err != nil {
			return "", err
		}
		number := int(n%int64(databases-1)) + 1
		claim := "dbtest:claim:" + strconv.Itoa(number)
		free, err := admin.SetNX(ctx, claim, db.name, claimFor).Result()
		if err != nil {
			return "", err
		}
		if free {
			db.t.Cleanup(func() { db.releaseRedis(srv.Redis, number, claim) })
			return fmt.Sprintf("redis://%s/%d", srv.Redis, number), flush(ctx, srv.Redis, number)
		}
	}
	return "", fmt.Errorf("all %d databases are taken", databases-1)
}

func (db *DB) releaseRedis(addr string, number int, claim string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := flush(ctx, addr, number); err != nil {
		db.t.Errorf("empty the test Redis: %v", err)
		return
	}
	admin := redis.NewClient(&redis.Options{Addr: addr, DisableIdentity: true})
	defer admin.Close()
	admin.Del(ctx, claim)
}

func flush(ctx context.Context, addr string, number int) error {
	c := redis.NewClient(&redis.Options{Addr: addr, DB: number, DisableIdentity: true})
	defer c.Close()
	return c.FlushDB(ctx).Err()
}

// RedisText is everything in the test's Redis database as one text: every key and every value, for tests that look
// for what must not be there.
func (db *DB) RedisText(ctx context.Context) (string, error) {
	opt, err := redis.ParseURL(db.Redis())
	if err != nil {
		return "", err
	}
	c := redis.NewClient(opt)
	defer c.Close()
	var all strings.Builder
	keys, err := c.Keys(ctx, "*").Result()
	if err != nil {
		return "", err
	}
	for _, k := range keys {
		kind, err := c.Type(ctx, k).Result()
		if err != nil {
			return "", err
		}
		var v any
		switch kind {
		case "string":
			v, err = c.Get(ctx, k).Result()
		case "hash":
			v, err = c.HGetAll(ctx, k).Result()
		case "list":
			v, err = c.LRange(ctx, k, 0, -1).Result()
		case "set":
			v, err = c.SMembers(ctx, k).Result()
		case "zset":
			v, err = c.ZRangeWithScores(ctx, k, 0, -1).Result()
		default:
			continue // it was there a moment ago
		}
		if err != nil && !errors.Is(err, redis.Nil) {
			return "", err
		}
		fmt.Fprintf(&all, "%s = %v\n", k, v)
	}
	return all.String(), nil
}
