package jobs

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// registry holds, for every kind, how it is run and by whom.
type registry struct {
	specs    map[Kind]Spec
	handlers map[Kind]Handler
}

// newRegistry accepts nothing less than one handler for every kind and one kind for every handler: a job that nobody
// runs, or a handler that nobody calls, is a mistake that must stop the start and not show up as silence.
func newRegistry(specs map[Kind]Spec, handlers []Handler) (*registry, error) {
	r := &registry{specs: specs, handlers: map[Kind]Handler{}}
	var faults []error
	for _, h := range handlers {
		if _, known := specs[h.Kind]; !known {
			faults = append(faults, fmt.Errorf("handler for %q, which is no kind", h.Kind))
		}
		if _, twice := r.handlers[h.Kind]; twice {
			faults = append(faults, fmt.Errorf("two handlers for %q", h.Kind))
		}
		r.handlers[h.Kind] = h
	}
	for _, k := range slices.Sorted(maps.Keys(specs)) {
		s := specs[k]
		if _, has := r.handlers[k]; !has {
			faults = append(faults, fmt.Errorf("no handler for %q", k))
		}
		if !slices.Contains(jobQueues, s.Queue) || s.Timeout <= 0 || s.MaxTries < 1 {
			faults = append(faults, fmt.Errorf("kind %q lacks a queue, a timeout or a number of tries", k))
		}
	}
	return r, errors.Join(faults...)
}

// kindsOf lists the kinds of a queue by name.
func (r *registry) kindsOf(q Queue) []string {
	var names []string
	for k, s := range r.specs {
		if s.Queue == q {
			names = append(names, string(k))
		}
	}
	slices.Sort(names)
	return names
}

// queues are the queues that some kind uses.
func (r *registry) queues() []Queue {
	seen := map[Queue]bool{}
	for _, s := range r.specs {
		seen[s.Queue] = true
	}
	return slices.Sorted(maps.Keys(seen))
}
