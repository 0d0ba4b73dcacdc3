package insight

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/seal"
)

// Handlers are the jobs of this domain, for the worker. No door but the worker's is used.
func Handlers(d *db.DB, ring *seal.Ring, clk clock.Clock) []jobs.Handler {
	return []jobs.Handler{{Kind: jobs.UpdateFact, Run: func(ctx context.Context, j jobs.Job) error {
		ids, err := factIDs(ctx, ring, j.Tenant, j.Ref)
		if err != nil {
			return err
		}
		return update(ctx, d, j, ids, clock.Today(clk))
	}}}
}

// factIDs are the names a case has among the facts, by every version of the tenant's key, the newest first. Who has the
// database alone cannot get from a fact to its case.
func factIDs(ctx context.Context, ring *seal.Ring, tenant, caseID uuid.UUID) ([]uuid.UUID, error) {
	keys, err := ring.All(ctx, tenant)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(keys))
	for i, k := range keys {
		if ids[i], err = uuid.FromBytes(k.Index(seal.IndexOther, "fact:"+caseID.String())); err != nil {
			return nil, fmt.Errorf("fact id: %w", err)
		}
	}
	return ids, nil
}
