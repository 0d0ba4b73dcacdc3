package dialogue

import (
	"context"
	"fmt"
	"strings"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/seal"
)

var months = [...]string{
	"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december",
}

// standardWords are for a tenant that has written none of its own.
const standardWords = "Tack. Det du skrev har kommit fram och har referensnumret {reference}. Du får svar senast {answer_by}."

// AcknowledgementText is the tenant's words with the reference and the day of the answer put in. It says nothing of what was
// written.
func AcknowledgementText(words, reference string, answerBy clock.Date) string {
	if words == "" {
		words = standardWords
	}
	date := fmt.Sprintf("%d %s %d", answerBy.Day(), months[answerBy.Month()-1], answerBy.Year())
	return strings.NewReplacer("{reference}", reference, "{answer_by}", date).Replace(words)
}

// Acknowledger writes the acknowledgement (bekräftelse) to whoever can read it by code or e-mail, without anybody doing
// anything. It is the worker's.
type Acknowledger struct {
	DB    *db.DB
	Ring  *seal.Ring
	Clock clock.Clock
	IDs   id.Source
	Rules func(ctx context.Context, scope authz.Scope) (org.Config, error)
}

// Handlers are its jobs.
func (a *Acknowledger) Handlers() []jobs.Handler {
	return []jobs.Handler{{Kind: jobs.AcknowledgeCase, Run: a.run}}
}

type waitingRow struct {
	Reference string     `db:"reference"`
	DueOn     clock.Date `db:"due_on"`
	State     string     `db:"state"`
	Way       string     `db:"way"`
	Done      bool       `db:"done"`
	Wrapped   []byte     `db:"wrapped"`
}

const (
	readWaiting = `
select c.reference, c.due_on, c.state, a.way, a.done_at is not null as done, k.wrapped
  from app.acknowledgements a
  join app.cases c on c.tenant_id = a.tenant_id and c.id = a.case_id
  join app.case_keys k on k.tenant_id = a.tenant_id and k.case_id = a.case_id
 where a.case_id = @id and c.due_on is not null`

	confirmed = `with done as (
  update app.acknowledgements set done_at = @at where case_id = @id and done_at is null returning 1)
select app.must(exists (select 1 from done), 'LY409', 'acknowledged')`

	writeAcknowledgement = `
insert into app.messages (id, case_id, at, direction, kind, body_sealed) values (@id, @case_id, @at, 'TILL_ANMALARE', 'BEKRAFTELSE', @body)`

	writeEvent = `
insert into app.case_events (id, case_id, at, kind, data) values (@id, @case_id, @at, 'case.acknowledged', @data)`
)

// run writes the message, the event and the mail's job in the transaction that ends the job: the writer is told once.
func (a *Acknowledger) run(ctx context.Context, j jobs.Job) error {
	scope := authz.System(j.Tenant, j.ID)
	cfg, err := a.Rules(ctx, scope)
	if err != nil {
		return err
	}
	var (
		b    db.Batch
		rows []waitingRow
	)
	db.Collect(&b, readWaiting, db.Args{"id": j.Ref}, &rows)
	if err := a.DB.Once(ctx, scope, &b); err != nil {
		return err
	}
	var out db.Batch
	if len(rows) == 1 && !rows[0].Done && rows[0].State != "void" && rows[0].State != "disposed" {
		if err := a.write(ctx, &out, j, rows[0], cfg); err != nil {
			return err
		}
	}
	jobs.Done(&out, j)
	err = a.DB.Once(ctx, scope, &out)
	if problem.Is(err, problem.KindConflict) {
		return nil // another run of the same job was first
	}
	return err
}

func (a *Acknowledger) write(ctx context.Context, b *db.Batch, j jobs.Job, row waitingRow, cfg org.Config) error {
	key, err := a.Ring.OpenCaseKey(ctx, j.Tenant, j.Ref, row.Wrapped)
	if err != nil {
		return err
	}
	now, message := a.Clock.Now(), a.IDs.New()
	text := AcknowledgementText(cfg.Tenant.Texts.Acknowledgement, row.Reference, row.DueOn)
	b.Exec(confirmed, db.Args{"id": j.Ref, "at": now})
	b.Exec(writeAcknowledgement, db.Args{
		"id": message, "case_id": j.Ref, "at": now, "body": key.Seal("messages", "body_sealed", message, text),
	})
	b.Exec(writeEvent, db.Args{"id": a.IDs.New(), "case_id": j.Ref, "at": now, "data": map[string]any{"way": row.Way, "message": message}})
	if row.Way == "EPOST" {
		jobs.Enqueue(b, a.IDs, jobs.NotifyAcknowledged, j.Ref)
	}
	return nil
}
