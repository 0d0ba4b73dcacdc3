package casework

import (
	"context"
	"encoding/json"
	"time"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/problem"
)

// Draft is what somebody is still writing: hers alone, sealed, no public record (TF 2:12). Form names the form, e.g. "report".
type Draft struct {
	Form      string         `json:"form"`
	Body      map[string]any `json:"body" nullable:"true"`
	Version   int            `json:"version" doc:"0: det finns inget utkast"`
	UpdatedAt time.Time      `json:"updated_at"`
}

type draftRow struct {
	Form      string    `db:"form"`
	Version   int       `db:"version"`
	Body      []byte    `db:"body_sealed"`
	UpdatedAt time.Time `db:"updated_at"`
}

const selectDraft = `select form, version, body_sealed, updated_at from app.drafts where form = @form`

const saveDraft = `
insert into app.drafts as d (form, body_sealed, updated_at) values (@form, @body, @at)
on conflict (tenant_id, person_id, form) do update set body_sealed = excluded.body_sealed, version = d.version + 1, updated_at = excluded.updated_at
  where @version::int is null or d.version = @version
returning version`

const discardDraft = `delete from app.drafts where form = @form`

// LoadDraft reads the actor's own draft of a form. That there is none is no error: version 0, no body.
func (s *Service) LoadDraft(ctx context.Context, actor authz.Actor, form string) (Draft, error) {
	var (
		b    db.Batch
		rows []draftRow
	)
	db.Collect(&b, selectDraft, db.Args{"form": form}, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil || len(rows) == 0 {
		return Draft{Form: form}, err
	}
	row := rows[0]
	tk, err := s.ring.For(ctx, actor.Tenant, row.Body)
	if err != nil {
		return Draft{}, err
	}
	text, err := tk.Open("drafts", form, actor.ID, row.Body)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{Form: row.Form, Version: row.Version, UpdatedAt: row.UpdatedAt}
	return d, json.Unmarshal([]byte(text), &d.Body)
}

// SaveDraft keeps what is written so far. With a version it refuses to overwrite what another window saved.
func (s *Service) SaveDraft(ctx context.Context, actor authz.Actor, form string, version *int, body map[string]any) (Draft, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return Draft{}, problem.Malformed("Utkastet går inte att läsa.")
	}
	tk, err := s.ring.Current(ctx, actor.Tenant)
	if err != nil {
		return Draft{}, err
	}
	now := s.clock.Now()
	var (
		b     db.Batch
		saved []struct {
			Version int `db:"version"`
		}
	)
	db.Collect(&b, saveDraft, db.Args{"form": form, "body": tk.Seal("drafts", form, actor.ID, string(text)), "at": now, "version": version}, &saved)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return Draft{}, err
	}
	if len(saved) == 0 {
		return Draft{}, problem.Stale()
	}
	return Draft{Form: form, Body: body, Version: saved[0].Version, UpdatedAt: now}, nil
}

// DiscardDraft throws the draft away, as after sending.
func (s *Service) DiscardDraft(ctx context.Context, actor authz.Actor, form string) error {
	var b db.Batch
	b.Exec(discardDraft, db.Args{"form": form})
	return s.db.Once(ctx, actor.Scope(), &b)
}
