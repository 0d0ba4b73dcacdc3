package cache

import (
	"sync"
	"time"
)

// maxBuckets bounds the memory of the local buckets (about 100 bytes each).
const maxBuckets = 100_000

// buckets counts in this process by the generic cell rate algorithm: for each
// key only the moment at which its bucket is empty again is kept.
type buckets struct {
	mu    sync.Mutex
	most  int
	empty map[string]time.Time
}

func newBuckets(most int) *buckets {
	return &buckets{most: most, empty: map[string]time.Time{}}
}

// take counts one, and gives 0 or how long to wait until one is free.
func (b *buckets) take(limit Limit, key string, now time.Time) time.Duration {
	step := limit.Period / time.Duration(limit.Rate)
	b.mu.Lock()
	defer b.mu.Unlock()
	at, known := b.empty[key]
	if !known && len(b.empty) >= b.most && !b.sweep(now) {
		return step // a flood of keys: better refuse than forget those who are limited
	}
	if at.Before(now) {
		at = now
	}
	at = at.Add(step)
	if wait := at.Sub(now) - time.Duration(limit.Rate)*step; wait > 0 {
		return wait
	}
	b.empty[key] = at
	return 0
}

// sweep drops the buckets that are empty, and says whether there is room now.
func (b *buckets) sweep(now time.Time) bool {
	for key, at := range b.empty {
		if !at.After(now) {
			delete(b.empty, key)
		}
	}
	return len(b.empty) < b.most
}
