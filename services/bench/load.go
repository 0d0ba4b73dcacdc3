//go:build unix

package main

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// shot is one request of one client.
type shot func(ctx context.Context, client int) error

// side is one contestant of a race; before is called ahead of each of its turns.
type side struct {
	before func()
	shot   shot
}

// race lets two sides take turns.
type race struct {
	clients int
	rounds  int
	turn    time.Duration
}

// pace is how fast a side was over all its turns.
type pace struct {
	perSecond float64
	p50, p99  time.Duration
}

// run lets reference and product take turns and gives their paces and the median ratio of the rounds.
func (r race) run(ctx context.Context, reference, product side) (ref, own pace, ratio float64, err error) {
	var refs, owns turns
	for i := range r.rounds + 1 {
		for _, s := range []struct {
			side side
			to   *turns
		}{{reference, &refs}, {product, &owns}} {
			if s.side.before != nil {
				s.side.before()
			}
			rate, took, err := r.once(ctx, s.side.shot)
			if err != nil {
				return ref, own, 0, err
			}
			if i > 0 { // the first round warms caches and plans
				s.to.add(rate, took)
			}
		}
	}
	ratios := make([]float64, r.rounds)
	for i := range ratios {
		ratios[i] = owns.rates[i] / refs.rates[i]
	}
	return refs.pace(), owns.pace(), median(ratios), nil
}

// once is one turn of one side.
func (r race) once(ctx context.Context, fire shot) (rate float64, took []time.Duration, err error) {
	var (
		all    sync.WaitGroup
		mu     sync.Mutex
		failed atomic.Pointer[error]
	)
	start := time.Now()
	for client := range r.clients {
		all.Go(func() {
			var mine []time.Duration
			for failed.Load() == nil {
				at := time.Now()
				if at.Sub(start) > r.turn {
					break
				}
				if err := fire(ctx, client); err != nil {
					failed.Store(&err)
					break
				}
				mine = append(mine, time.Since(at))
			}
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	all.Wait()
	if e := failed.Load(); e != nil {
		return 0, nil, *e
	}
	return float64(len(took)) / time.Since(start).Seconds(), took, nil
}

type turns struct {
	rates []float64
	took  []time.Duration
}

func (t *turns) add(rate float64, took []time.Duration) {
	t.rates, t.took = append(t.rates, rate), append(t.took, took...)
}

func (t *turns) pace() pace {
	return pace{perSecond: median(t.rates), p50: quantile(t.took, 0.5), p99: quantile(t.took, 0.99)}
}

func median(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

func quantile(all []time.Duration, q float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}
