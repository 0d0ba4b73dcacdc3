package casework

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/problem"
)

type namedRow struct {
	UnitID uuid.UUID `db:"reported_unit_id"`
}

const selectNamedUnit = `select reported_unit_id from app.reports where case_id = @id and reported_unit_id is not null`

// accused are the managers a case is about: who led the unit that the report named on the day it came, and who leads it
// today. It follows the report, which never changes, not the unit the case has been moved to since.
func (s *Service) accused(ctx context.Context, actor authz.Actor, l loaded) ([]uuid.UUID, error) {
	return accused(ctx, s.db, s.org, accusedIn{actor.Scope(), l.Case, day(s.clock.Now())})
}

type accusedIn struct {
	scope authz.Scope
	c     Case
	today clock.Date
}

func accused(ctx context.Context, d *db.DB, orgs *org.Service, in accusedIn) ([]uuid.UUID, error) {
	if !in.c.AboutManager {
		return nil, nil
	}
	var (
		b     db.Batch
		named []namedRow
		out   []uuid.UUID
	)
	db.Collect(&b, selectNamedUnit, db.Args{"id": in.c.ID}, &named)
	if err := d.Once(ctx, in.scope, &b); err != nil {
		return nil, err
	}
	for _, n := range named {
		for _, on := range []clock.Date{in.c.ReceivedOn, in.today} {
			h, err := orgs.RouteOn(ctx, in.scope, org.Routing{Unit: n.UnitID, On: on})
			switch {
			case problem.Is(err, problem.KindConflict), problem.Is(err, problem.KindNotFound): // nobody led it, or there was no such unit
			case err != nil:
				return nil, err
			default:
				out = append(out, h.PersonID)
			}
		}
	}
	return out, nil
}

// partial (jävig) is a manager in a case that is about her, and the manager of the unit that such a case is moved to.
func (s *Service) partial(ctx context.Context, actor authz.Actor, l loaded, unit, person uuid.UUID) (bool, error) {
	accused, err := s.accused(ctx, actor, l)
	if err != nil || !l.Case.AboutManager || slices.Contains(accused, person) {
		return slices.Contains(accused, person), err
	}
	near, err := s.org.Route(ctx, actor.Scope(), unit, false)
	return err == nil && near.PersonID == person, err
}
