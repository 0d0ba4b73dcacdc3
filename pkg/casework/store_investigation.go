package casework

import (
	"context"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
)

const insertConsultation = `
insert into app.consultations (id, case_id, asked_by, superior_id, asked_at, question_sealed) values (@id, @case_id, @asked_by, @superior_id, @asked_at, @question)`

const selectOpenConsultation = `select id from app.consultations where case_id = @case_id and decided_at is null`

type idRow struct {
	ID uuid.UUID `db:"id"`
}

// Nobody decides about her own case, whatever the use-case thinks.
const decideConsultation = `
with decided as (update app.consultations k set decided_at = @at, decision = @decision, motivation_sealed = @motivation
  from app.cases c
  where k.id = @id and k.decided_at is null and k.superior_id = @by and c.id = k.case_id and c.id = @case_id and c.handler_id is distinct from @by returning 1)
select app.must(exists (select 1 from decided), 'LY412', 'consultation')`

const moveConsultation = `
with moved as (update app.consultations set superior_id = @superior_id where case_id = @case_id and decided_at is null returning 1)
select app.must(exists (select 1 from moved), 'LY412', 'consultation')`

// A case has one investigation; where it was finished and the case was opened again, it can be written in again.
const insertInvestigation = `
insert into app.investigations (case_id, updated_by) values (@case_id, @by)
on conflict (tenant_id, case_id) do update set completed_at = null, completed_by = null`

const insertCause = `insert into app.causes (id, case_id, area, underlying, text_sealed, whys_sealed) values (@id, @case_id, @area, @underlying, @text, @whys)`

const removeCause = `
with removed as (update app.causes set removed_at = @at where id = @id and case_id = @case_id and removed_at is null returning 1)
select app.must(exists (select 1 from removed), 'LY404', 'cause')`

// The cause is one of the same case: the foreign key alone would take any cause of the tenant.
const insertMeasure = `
insert into app.measures (id, case_id, cause_id, kind, strength, owner_id, due_on, affects_individual, title_sealed)
select @id, @case_id, @cause_id, @kind, @strength, @owner_id, @due_on, @affects, @title
 where app.must(@cause_id::uuid is null or exists (select from app.causes x where x.id = @cause_id and x.case_id = @case_id and x.removed_at is null), 'LY422', 'cause_id')`

const stepMeasure = `
with stepped as (update app.measures set version = version + 1, status = @to, done_on = coalesce(@done_on, done_on), effect = coalesce(@effect, effect),
    effect_note_sealed = coalesce(@note, effect_note_sealed), follow_up_method = coalesce(@method, follow_up_method),
    followed_up_at = case when @to = 'UPPFOLJD' then @at::timestamptz else followed_up_at end
  where id = @id and version = @version and status = @from returning 1)
select app.must(exists (select 1 from stepped), 'LY412', 'measure')`

const selectMeasure = `select id, case_id, version, status, owner_id, due_on from app.measures where id = @id`

// measureRow is the little of a measure that its verbs decide on.
type measureRow struct {
	ID      uuid.UUID  `db:"id"`
	CaseID  uuid.UUID  `db:"case_id"`
	Version int        `db:"version"`
	Status  string     `db:"status"`
	OwnerID uuid.UUID  `db:"owner_id"`
	DueOn   clock.Date `db:"due_on"`
}

func (s *Service) measureRow(ctx context.Context, actor authz.Actor, id uuid.UUID) (measureRow, error) {
	var (
		b   db.Batch
		row measureRow
	)
	db.First(&b, selectMeasure, db.Args{"id": id}, &row)
	return row, s.db.Once(ctx, actor.Scope(), &b)
}

// refuse says why a measure cannot take a step now; empty when it can.
func (m measureRow) refuse(s Situation, act string) string {
	switch act {
	case "decide-measure":
		if m.Status != "FORSLAG" && m.Status != "PLANERAD" {
			return "Åtgärden är redan avslutad."
		}
		return byHandler(s)
	case "complete-measure":
		if m.Status != "PLANERAD" {
			return "Bara en beslutad åtgärd kan klarmarkeras."
		}
		if m.OwnerID == s.Actor {
			return ""
		}
		return byHandler(s)
	case "follow-up-measure":
		if m.Status != "GENOMFORD" {
			return "Åtgärden behöver vara genomförd först."
		}
		return byHandler(s)
	}
	return "Det går inte."
}

// next is the status a step leads to.
func (m measureRow) next(step Step) string {
	switch step.Act {
	case "decide-measure":
		return step.Decision
	case "complete-measure":
		return "GENOMFORD"
	}
	return "UPPFOLJD"
}

type measureView struct {
	ID                uuid.UUID   `db:"id"`
	CaseID            uuid.UUID   `db:"case_id"`
	Version           int         `db:"version"`
	CauseID           *uuid.UUID  `db:"cause_id"`
	Title             []byte      `db:"title_sealed"`
	Kind              string      `db:"kind"`
	Strength          string      `db:"strength"`
	OwnerID           uuid.UUID   `db:"owner_id"`
	OwnerName         string      `db:"owner_name"`
	DueOn             clock.Date  `db:"due_on"`
	Status            string      `db:"status"`
	AffectsIndividual bool        `db:"affects_individual"`
	DoneOn            *clock.Date `db:"done_on"`
	FollowUpMethod    *string     `db:"follow_up_method"`
	Effect            *string     `db:"effect"`
	EffectNote        []byte      `db:"effect_note_sealed"`
	CreatedAt         time.Time   `db:"created_at"`
}

const measureColumns = `m.id, m.case_id, m.version, m.cause_id, m.title_sealed, m.kind, m.strength, m.owner_id, p.name as owner_name, m.due_on, m.status,
  m.affects_individual, m.done_on, m.follow_up_method, m.effect, m.effect_note_sealed, m.created_at`

const selectMeasures = `select ` + measureColumns + `
  from app.measures m join app.people p on p.tenant_id = m.tenant_id and p.id = m.owner_id where m.case_id = @id order by m.created_at, m.id`
