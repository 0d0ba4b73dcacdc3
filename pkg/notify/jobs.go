package notify

import (
	"context"
	"log/slog"
	"maps"
	"slices"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/seal"
)

// Superior finds the superior manager (överordnad chef) of a person in cases of a unit; nobody is problem.KindConflict.
type Superior func(ctx context.Context, scope authz.Scope, person, unit uuid.UUID) (uuid.UUID, error)

// Deps is what the service works with.
type Deps struct {
	DB       *db.DB
	Mailer   *Mailer
	Ring     *seal.Ring // opens the address of the one who wrote
	Superior Superior
	Clock    clock.Clock
	IDs      id.Source
	Log      *slog.Logger
}

// Service has the handlers of all notify and deadline kinds.
type Service struct{ d Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{d} }

// Handlers are the service's handlers, one per kind.
func (s *Service) Handlers() []jobs.Handler {
	kinds := append(slices.Sorted(maps.Keys(deadlines)),
		jobs.NotifyCaseReceived, jobs.NotifyAssigned, jobs.NotifyConsultation, jobs.NotifyDecided,
		jobs.NotifyDelegated, jobs.NotifyMeasureOwner, jobs.NotifyReporterWrote)
	all := make([]jobs.Handler, len(kinds))
	for i, k := range kinds {
		all[i] = jobs.Handler{Kind: k, Run: s.run}
	}
	return append(all, jobs.Handler{Kind: jobs.NotifyAcknowledged, Run: s.tellWriter})
}

// run looks, decides, writes the deliveries, sends, and marks. The mail server is called between two transactions.
func (s *Service) run(ctx context.Context, j jobs.Job) error {
	scope := authz.System(j.Tenant, j.ID)
	found, err := s.look(ctx, scope, j)
	if problem.Is(err, problem.KindNotFound) {
		return s.finish(ctx, scope, j, nil, Plan{}) // what it was about is gone
	}
	if err != nil {
		return err
	}
	plan := PlanFor(j.Kind, found, s.d.Clock.Now())
	if err := s.escalate(ctx, scope, found, &plan); err != nil {
		return err
	}
	mine, open, err := s.take(ctx, scope, j, found.Case, plan.Notices)
	if err != nil {
		return err
	}
	results := s.d.Mailer.send(ctx, mine)
	if open > len(mine) {
		// Another run has some of them in hand, or died with them: this one comes back when that is known.
		return s.mark(ctx, scope, results, jobs.Failed("under_way", nil))
	}
	for _, r := range results {
		if r.code != "" && !r.refused {
			return s.mark(ctx, scope, results, jobs.Failed(r.code, nil))
		}
	}
	return s.finish(ctx, scope, j, results, plan)
}

// escalate adds the superiors of those who are late. Somebody with nobody above is told alone.
func (s *Service) escalate(ctx context.Context, scope authz.Scope, found Situation, p *Plan) error {
	for _, person := range p.Above {
		unit, err := s.unitOf(ctx, scope, found, person)
		if err != nil {
			return err
		}
		if unit == nil {
			continue
		}
		boss, err := s.d.Superior(ctx, scope, person, *unit)
		if problem.Is(err, problem.KindConflict) || problem.Is(err, problem.KindNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		p.Notices = append(p.Notices, Notice{boss, Escalated})
	}
	return nil
}
