package notify

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
)

const (
	situation = `select c.id as case_id, c.state, c.unit_id, c.handler_id, c.investigator_id, c.superior_id, c.due_on,
		c.answered_at is not null as answered,
		coalesce((select array_agg(distinct h.person_id) from sec.role_holders('{registrator}') h), '{}') as registrars,
		exists (select from app.acknowledgements k where k.case_id = c.id and k.done_at is null) as unconfirmed, `

	sqlCase = situation + `null::uuid as owner_id, '' as measure_state, null::date as measure_due_on
		from app.cases c where c.id = @ref`

	sqlMeasure = situation + `m.owner_id, m.status as measure_state, m.due_on as measure_due_on
		from app.measures m join app.cases c on c.tenant_id = m.tenant_id and c.id = m.case_id where m.id = @ref`

	// Where a person works, for those whose superior does not follow from the case's unit.
	sqlHome = `select home_unit_id from app.people where id = @person`

	// A person who has left gets no mail.
	sqlDeliver = `insert into app.deliveries (id, outbox_id, person_id, channel, template, case_id)
		select n.id, @job, n.person, 'EPOST', n.template, @case_id
		  from unnest(@ids::uuid[], @people::uuid[], @templates::text[]) as n (id, person, template)
		  join app.people p on p.id = n.person and p.active
		on conflict do nothing`

	// What is not sent and not refused for good.
	open = `d.outbox_id = @job and d.sent_at is null and (d.last_code is null or d.last_code not like 'refused%')`

	sqlOpen = `select count(*) from app.deliveries d where ` + open

	// Takes what nobody else has in hand: never tried, failed, or tried so long ago that who tried is no more.
	sqlTake = `update app.deliveries d set attempted_at = now(), attempts = d.attempts + 1, last_code = null
		  from app.people p
		 where p.tenant_id = d.tenant_id and p.id = d.person_id and ` + open + `
		   and (d.attempted_at is null or d.last_code is not null or d.attempted_at < now() - make_interval(secs => @grace))
		returning d.id, d.template, p.email`

	sqlSent   = `update app.deliveries set sent_at = now(), last_code = null where id = any(@ids) and sent_at is null`
	sqlFailed = `update app.deliveries d set last_code = r.code from unnest(@ids::uuid[], @codes::text[]) as r (id, code)
		 where d.id = r.id and d.sent_at is null`
)

// grace is how long a delivery in somebody's hand is left alone: longer than a run may last, shorter than a job's lease.
const grace = 25 * time.Second

// letter is one delivery in hand.
type letter struct {
	ID       uuid.UUID `db:"id"`
	Template string    `db:"template"`
	Email    string    `db:"email"`

	subject, body string // a letter of its own words, to the one who wrote
}

// look reads the situation of a job's case or measure.
func (s *Service) look(ctx context.Context, scope authz.Scope, j jobs.Job) (found Situation, err error) {
	sql := sqlCase
	if strings.Contains(string(j.Kind), "-measure-") {
		sql = sqlMeasure
	}
	var b db.Batch
	db.First(&b, sql, db.Args{"ref": j.Ref}, &found)
	return found, s.d.DB.Once(ctx, scope, &b)
}

// unitOf is the unit in which a person's superior is looked for: the case's for its handler, the own one for others.
func (s *Service) unitOf(ctx context.Context, scope authz.Scope, found Situation, person uuid.UUID) (*uuid.UUID, error) {
	if found.Unit != nil && slices.Contains(some(found.Handler, found.Superior), person) {
		return found.Unit, nil
	}
	var home []struct {
		Unit *uuid.UUID `db:"home_unit_id"`
	}
	var b db.Batch
	db.Collect(&b, sqlHome, db.Args{"person": person}, &home)
	if err := s.d.DB.Once(ctx, scope, &b); err != nil || len(home) == 0 {
		return nil, err
	}
	return home[0].Unit, nil
}

// take writes the deliveries that are missing and takes into hand what is there to send; open counts all unsent ones.
func (s *Service) take(ctx context.Context, scope authz.Scope, j jobs.Job, caseID uuid.UUID, notices []Notice) (mine []letter, open int, err error) {
	var ids, people []uuid.UUID
	var templates []string
	for _, n := range notices {
		if !slices.Contains(people, n.Person) { // the first reason to tell somebody is the strongest
			ids, people, templates = append(ids, s.d.IDs.New()), append(people, n.Person), append(templates, string(n.Template))
		}
	}
	var b db.Batch
	if len(people) > 0 {
		b.Exec(sqlDeliver, db.Args{"job": j.ID, "case_id": caseID, "ids": ids, "people": people, "templates": templates})
	}
	b.One(sqlOpen, db.Args{"job": j.ID}, &open)
	db.Collect(&b, sqlTake, db.Args{"job": j.ID, "grace": grace.Seconds()}, &mine)
	return mine, open, s.d.DB.Once(ctx, scope, &b)
}

// queueMarks adds what became of the letters to the batch.
func queueMarks(b *db.Batch, results []result) {
	var sent, failed []uuid.UUID
	var codes []string
	for _, r := range results {
		if r.code == "" {
			sent = append(sent, r.id)
		} else {
			failed, codes = append(failed, r.id), append(codes, r.code)
		}
	}
	if len(sent) > 0 {
		b.Exec(sqlSent, db.Args{"ids": sent})
	}
	if len(failed) > 0 {
		b.Exec(sqlFailed, db.Args{"ids": failed, "codes": codes})
	}
}

// mark remembers what was sent and what was not, and hands on why the job is not done.
func (s *Service) mark(ctx context.Context, scope authz.Scope, results []result, why error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second) // what was sent is sent, also when time is up
	defer cancel()
	var b db.Batch
	queueMarks(&b, results)
	if b.Len() > 0 {
		if err := s.d.DB.Once(ctx, scope, &b); err != nil {
			return err
		}
	}
	return why
}

// finish remembers the same, sets the next timer and ends the job.
func (s *Service) finish(ctx context.Context, scope authz.Scope, j jobs.Job, results []result, p Plan) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	var b db.Batch
	queueMarks(&b, results)
	if !p.Again.IsZero() {
		jobs.Schedule(&b, s.d.IDs, jobs.Timer{Kind: j.Kind, Ref: j.Ref, DueAt: p.Again, Rule: map[string]string{"after": "notify"}})
	}
	jobs.Done(&b, j)
	return s.d.DB.Once(ctx, scope, &b)
}
