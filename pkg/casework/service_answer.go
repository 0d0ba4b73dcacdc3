package casework

import (
	"context"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

// Directions of a message.
const (
	toReporter = "TILL_ANMALARE"
	internal   = "INTERN"
)

// Reply is the answer to the one who spoke, in one of three levels (req. 8). Without a body it says why no answer can be given.
type Reply struct {
	Level         string
	Body          string
	NoReplyReason string
}

// Reply is T8 or T15: the answer is written and can be read by the one who spoke. The event is the log of the dispatch
// (expediering, req. 47): who, when, and the way the one who spoke wanted it.
func (s *Service) Reply(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, r Reply) error {
	l, err := s.allowed(ctx, actor, caseID, "reply")
	if err != nil {
		return err
	}
	if r.Body == "" && r.NoReplyReason == "" {
		return problem.Invalid(problem.Field("/body", "Skriv svaret, eller varför inget svar kan lämnas."))
	}
	if l.Case.State == Assessing && r.Level == "UTREDNING" {
		return problem.Invalid(problem.Field("/response_level", "Starta en utredning först, eller välj bekräftelse eller enkelt svar."))
	}
	code := "T15"
	if l.Case.State == Assessing {
		code = "T8"
	}
	return s.write(ctx, actor, l, version, move{
		change: change{Set: map[string]any{"response_level": r.Level, "answered_at": s.clock.Now()}},
		event: event{
			Kind: "case.replied", Move: l.from(code, Dispatching), Data: map[string]any{"level": r.Level, "sent": r.Body != "", "way": l.Case.WantsReply}, Text: r.NoReplyReason,
		},
		more: func(b *db.Batch) {
			if r.Body != "" {
				s.queueMessage(b, actor, l, Message{Kind: "SVAR", Body: r.Body})
			}
			stopClock(b, caseID, answerClock, ackClock)
		},
	})
}

// Message is a question, a message or an internal note (ANTECKNING).
type Message struct {
	Kind string
	Body string
}

// direction: what goes to the reporter and what stays inside are two kinds of row.
func (m Message) direction() string {
	if m.Kind == "ANTECKNING" {
		return internal
	}
	return toReporter
}

// Message writes a message.
func (s *Service) Message(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, m Message) error {
	l, err := s.allowed(ctx, actor, caseID, "send-message")
	if err != nil {
		return err
	}
	return s.write(ctx, actor, l, version, move{
		event: event{Kind: "case.message-sent", Data: map[string]any{"kind": m.Kind}},
		more:  func(b *db.Batch) { s.queueMessage(b, actor, l, m) },
	})
}

const insertMessage = `
insert into app.messages (id, case_id, at, direction, kind, author_id, body_sealed) values (@id, @case_id, @at, @direction, @kind, @author, @body)`

func (s *Service) queueMessage(b *db.Batch, actor authz.Actor, l loaded, m Message) {
	id := s.ids.New()
	b.Exec(insertMessage, db.Args{
		"id": id, "case_id": l.Case.ID, "at": s.clock.Now(), "direction": m.direction(), "kind": m.Kind, "author": actor.ID,
		"body": l.key.Seal("messages", "body_sealed", id, m.Body),
	})
}

// Feedback is återföring to the individual: who, when, how (req. 37).
type Feedback struct {
	On     clock.Date
	Method string
	Note   string
}

const insertFeedback = `
insert into app.feedbacks (id, case_id, given_by, given_on, method, note_sealed) values (@id, @case_id, @by, @on, @method, @note)`

// LogFeedback notes that the individual was told.
func (s *Service) LogFeedback(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, f Feedback) error {
	l, err := s.allowed(ctx, actor, caseID, "log-feedback")
	if err != nil {
		return err
	}
	if f.On.After(day(s.clock.Now())) {
		return problem.Invalid(problem.Field("/given_on", "Datumet ligger i framtiden."))
	}
	id := s.ids.New()
	return s.write(ctx, actor, l, version, move{
		change: change{Set: map[string]any{"individual_informed": f.Method != "EJ_MOJLIGT"}},
		event:  event{Kind: "case.fed-back", Data: map[string]any{"method": f.Method, "on": f.On.String()}},
		more: func(b *db.Batch) {
			b.Exec(insertFeedback, db.Args{
				"id": id, "case_id": caseID, "by": actor.ID, "on": f.On, "method": f.Method, "note": sealed(l.key, "feedbacks", "note_sealed", id, f.Note),
			})
		},
	})
}

// FollowUp is T16: everything is sent and told; now the measures' effect is awaited.
func (s *Service) FollowUp(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int) error {
	l, err := s.allowed(ctx, actor, caseID, "follow-up")
	if err != nil {
		return err
	}
	return s.write(ctx, actor, l, version, move{event: event{Kind: "case.dispatched", Move: l.from("T16", FollowUp)}})
}

// Closing is what T17 asks: an outcome for a complaint, the quality it touched, and the question of the personal file (T18).
type Closing struct {
	Outcome     *string
	QualityDims []string
	Personakt   string
	Note        string
}

// Close is T17 with the red-thread check.
func (s *Service) Close(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, c Closing) error {
	l, err := s.allowed(ctx, actor, caseID, "close")
	if err != nil {
		return err
	}
	cfg := l.rules
	if l.Case.CaseType != nil && *l.Case.CaseType == TypeComplaint && c.Outcome == nil {
		return problem.Invalid(problem.Field("/outcome", "Välj om klagomålet var befogat."))
	}
	if c.QualityDims == nil {
		c.QualityDims = []string{}
	}
	for _, q := range c.QualityDims {
		if !cfg.HasCode(tenants.ListQualityDim, q) {
			return problem.Invalid(problem.Field("/quality_dims", "Välj bland de tillåtna värdena."))
		}
	}
	return s.write(ctx, actor, l, version, move{
		change: change{Set: map[string]any{"outcome": c.Outcome, "quality_dims": c.QualityDims, "personakt": c.Personakt, "closed_at": s.clock.Now()}},
		event:  event{Kind: "case.closed", Move: l.from("T17", Closed), Text: c.Note},
		more:   func(b *db.Batch) { jobs.CancelTimers(b, caseID, deadlines...) },
	})
}

// Reopen is T27: new information; the history stays. There is a new answer to give, within a new time and at a level yet to be chosen.
func (s *Service) Reopen(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, reason string) error {
	l, err := s.allowed(ctx, actor, caseID, "reopen")
	if err != nil {
		return err
	}
	cfg := l.rules
	due := cfg.Deadline(l.answerRule(), day(s.clock.Now()))
	return s.write(ctx, actor, l, version, move{
		change: change{Set: map[string]any{"closed_at": nil, "answered_at": nil, "response_level": nil, "due_on": due.DueOn, "due_rule": due}},
		event:  event{Kind: "case.reopened", Move: l.from("T27", Assessing), Text: reason},
		more:   func(b *db.Batch) { s.setClock(b, caseID, answerClock, due, cfg) },
	})
}
