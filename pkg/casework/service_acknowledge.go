package casework

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

// byHand are the ways to reach a writer that no machine can go.
var byHand = []string{"TELEFON", "BREV"}

const insertAcknowledgement = `
insert into app.acknowledgements (case_id, way, due_on, rule) values (@case_id, @way, @due_on, @rule)`

// queueAcknowledgement promises an acknowledgement (bekräftelse) to whoever can be reached. By code and by e-mail it goes by
// itself, at once; by phone and by letter it is a task of the registrar with a warning and an escalation.
func (s *Service) queueAcknowledgement(b *db.Batch, n newCase, cfg org.Config, hasCode bool) {
	way := n.WantsReply
	if way == "NEJ" && hasCode {
		way = "KOD"
	}
	if way == "NEJ" {
		return
	}
	d := cfg.Deadline(tenants.RuleAcknowledge, n.ReceivedOn)
	b.Exec(insertAcknowledgement, db.Args{"case_id": n.ID, "way": way, "due_on": d.DueOn, "rule": d})
	s.startClock(b, n.ID, ackClock, d, cfg)
	if !slices.Contains(byHand, way) {
		jobs.Enqueue(b, s.ids, jobs.AcknowledgeCase, n.ID)
	}
}

// ackRow is the acknowledgement of a case; a case whose writer cannot be reached has none.
type ackRow struct {
	Way    string     `db:"way"`
	DueOn  clock.Date `db:"due_on"`
	Done   bool       `db:"done"`
	Mailed bool       `db:"mailed"`
}

const selectAcknowledgement = `
select way, due_on, done_at is not null as done, mailed_at is not null as mailed from app.acknowledgements where case_id = @id`

type ackRows []ackRow

// byHand says that somebody has to make a call or write a letter.
func (r ackRows) byHand() bool {
	return len(r) == 1 && !r[0].Done && slices.Contains(byHand, r[0].Way)
}

const confirm = `with done as (
  update app.acknowledgements set done_at = @at, done_by = @by where case_id = @case_id and done_at is null returning 1)
select app.must(exists (select 1 from done), 'LY409', 'acknowledged')`

// Acknowledge is the registrar's: the one who wrote has been told by phone or letter that it has come, and when the answer comes.
func (s *Service) Acknowledge(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, note string) error {
	l, err := s.allowed(ctx, actor, caseID, "acknowledge")
	if err != nil {
		return err
	}
	if note == "" {
		return problem.Invalid(problem.Field("/note", "Skriv hur du gjorde: ringde eller skickade brev, och när."))
	}
	return s.write(ctx, actor, l, version, move{
		event: event{Kind: "case.acknowledged", Data: map[string]any{"way": l.Case.WantsReply}, Text: note},
		more: func(b *db.Batch) {
			b.Exec(confirm, db.Args{"case_id": caseID, "at": s.clock.Now(), "by": actor.ID})
			stopClock(b, caseID, ackClock)
		},
	})
}
