package casework

import (
	"context"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
)

// SimilarCase is an earlier case about the same at the same unit, and what was done about it.
type SimilarCase struct {
	ID         uuid.UUID        `json:"id"`
	Reference  string           `json:"reference"`
	EntryNo    *string          `json:"entry_no"`
	Subject    *string          `json:"subject"`
	StateText  string           `json:"state_text"`
	ReceivedAt time.Time        `json:"received_at"`
	RiskValue  *int             `json:"risk_value"`
	CauseAreas []string         `json:"cause_areas"`
	Measures   []SimilarMeasure `json:"measures"`
}

// SimilarMeasure is a measure of it: whether it helped is the thing to know.
type SimilarMeasure struct {
	Title    string  `json:"title"`
	Strength string  `json:"strength"`
	Status   string  `json:"status"`
	Effect   *string `json:"effect"`
}

// Similar lists earlier cases of the two years before that are about the same at the same unit. Only those in the actor's own
// sight exist; the ids shown are logged. Measures belong to who works with the unit's cases.
func (s *Service) Similar(ctx context.Context, actor authz.Actor, caseID uuid.UUID) ([]SimilarCase, error) {
	l, err := s.load(ctx, actor, caseID, "list-similar")
	if err != nil {
		return nil, err
	}
	var (
		b    db.Batch
		mine partRow
		rows []similarRow
	)
	db.First(&b, selectPart, db.Args{"id": caseID}, &mine)
	db.Collect(&b, listSimilar, db.Args{"id": caseID}, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return nil, err
	}
	if err := l.mayFollow(mine); err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	var measures []measureOfRow
	b = db.Batch{}
	for _, shown := range append(ids, caseID) { // each earlier case says in its own log that it was shown here
		audit.Record(ctx, &b, audit.Entry{Action: "list-similar", Case: shown, Kind: string(actor.Kind)})
	}
	db.Collect(&b, listMeasuresOf, db.Args{"ids": ids}, &measures)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return nil, err
	}
	out := []SimilarCase{}
	for _, r := range rows {
		one, err := s.similar(ctx, actor.Tenant, r, measures)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func (s *Service) similar(ctx context.Context, tenant uuid.UUID, r similarRow, measures []measureOfRow) (SimilarCase, error) {
	out := SimilarCase{
		ID: r.ID, Reference: r.Reference, EntryNo: r.EntryNo, Subject: r.Subject, StateText: r.State.Text(), ReceivedAt: r.ReceivedAt,
		RiskValue: r.RiskValue, CauseAreas: r.Areas, Measures: []SimilarMeasure{},
	}
	key, err := s.ring.OpenCaseKey(ctx, tenant, r.ID, r.Wrapped)
	if err != nil {
		return out, err
	}
	o := opener{key: key}
	for _, m := range measures {
		if m.CaseID == r.ID {
			out.Measures = append(out.Measures, SimilarMeasure{o.text("measures", "title_sealed", m.ID, m.Title), m.Strength, m.Status, m.Effect})
		}
	}
	return out, o.err
}
