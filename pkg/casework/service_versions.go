package casework

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
)

// InvestigationText is everything an investigation said: its text, its causes and the measures against them.
type InvestigationText struct {
	Investigation *InvestigationView `json:"investigation"`
	Causes        []CauseView        `json:"causes"`
	Measures      []MeasureView      `json:"measures"`
}

// InvestigationVersion is a text that was locked. What a document is drawn up from is the newest of them.
type InvestigationVersion struct {
	No              int       `json:"no"`
	CompletedAt     time.Time `json:"completed_at"`
	CompletedByName string    `json:"completed_by_name"`
	InvestigationText
}

// InvestigationVersions are the texts that were locked, the first first (req. 38). For those who may follow the case.
func (s *Service) InvestigationVersions(ctx context.Context, actor authz.Actor, caseID uuid.UUID) ([]InvestigationVersion, error) {
	l, err := s.load(ctx, actor, caseID, "list-investigation-versions")
	if err != nil {
		return nil, err
	}
	var (
		b    db.Batch
		mine partRow
		rows []versionRow
	)
	db.First(&b, selectPart, db.Args{"id": caseID}, &mine)
	db.Collect(&b, listVersions, db.Args{"id": caseID}, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return nil, err
	}
	if err := l.mayFollow(mine); err != nil {
		return nil, err
	}
	out := []InvestigationVersion{}
	for _, r := range rows {
		text, err := opened(l.key, "investigation_versions", "body_sealed", r.ID, r.Body)
		if err != nil {
			return nil, err
		}
		v := InvestigationVersion{No: r.No, CompletedAt: r.CompletedAt, CompletedByName: r.CompletedByName}
		if err := json.Unmarshal([]byte(text), &v.InvestigationText); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
