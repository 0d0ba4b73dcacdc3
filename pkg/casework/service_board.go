package casework

import (
	"context"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/register"
	"lyhord/tenants"
)

// Referral is what the registrar decides when an authority asks for a statement or for facts (remiss, req. 9, 22, 33).
type Referral struct {
	Kind          string // YTTRANDE or UPPLYSNING
	Authority     string
	AuthorityName string // when the authority is not in the list
	AuthorityDNR  string
	DueOn         clock.Date
	HandlerID     uuid.UUID
	UnitID        *uuid.UUID
	Subject       string
	SubjectPublic string
	Secrecy       string
}

// RegisterReferral is T3: an entry in the collective file and a number of its own, the authority's day, a handler who is
// avdelningschef or kanslisekreterare, and always a full investigation.
func (s *Service) RegisterReferral(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, r Referral) error {
	l, err := s.allowed(ctx, actor, caseID, "register-referral")
	if err != nil {
		return err
	}
	if wrong := checkReferral(r, l.Case.ReceivedOn); len(wrong) > 0 {
		return problem.Invalid(wrong...)
	}
	h, err := s.referralHandler(ctx, actor, &r.HandlerID)
	if err != nil {
		return err
	}
	if r.UnitID == nil {
		r.UnitID = l.Case.UnitID
	}
	return s.write(ctx, actor, l, version, s.referral(actor, l, r, h))
}

func checkReferral(r Referral, received clock.Date) []problem.FieldError {
	var wrong []problem.FieldError
	if r.Authority == "ANNAN" && r.AuthorityName == "" {
		wrong = append(wrong, problem.Field("/authority_name", "Skriv vilken myndighet det är."))
	}
	if r.DueOn.Before(received) {
		wrong = append(wrong, problem.Field("/due_on", "Svarsdagen ligger före dagen då remissen kom in."))
	}
	return wrong
}

// referralHandler refuses everybody who may not handle a referral.
func (s *Service) referralHandler(ctx context.Context, actor authz.Actor, person *uuid.UUID) (org.Handler, error) {
	refused := problem.Invalid(problem.Field("/handler_id", "En remiss handläggs av en avdelningschef eller kanslisekreterare. Välj en av dem."))
	if person == nil {
		return org.Handler{}, refused
	}
	able, err := s.org.CanHandle(ctx, actor, *person, org.ReferralHandlers...)
	if err == nil && !able {
		err = refused
	}
	return org.Handler{PersonID: *person}, err
}

const insertReferral = `
insert into app.referrals (case_id, kind, authority, authority_name_sealed, authority_dnr, due_on)
values (@case_id, @kind, @authority, @name, @dnr, @due_on)`

func (s *Service) referral(actor authz.Actor, l loaded, r Referral, h org.Handler) move {
	now, cfg := s.clock.Now(), l.rules
	after := l
	kind, due := TypeReferral, cfg.Until(tenants.RuleReferral, r.DueOn)
	after.Case.State, after.Case.UnitID, after.Case.Complexity = Registered, r.UnitID, Complicated
	after.Case.CaseType, after.Case.DueOn, after.Case.DueRule = &kind, &r.DueOn, &due
	then := s.assignment(after, h, "")
	then.event = event{Kind: "case.assigned", Move: &Move{"T3", Registered, Assigned}, Data: then.event.Data}
	then.notify = []jobs.Kind{jobs.NotifyAssigned}
	reg := Registration{CaseType: TypeReferral, SubjectPublic: r.SubjectPublic}
	entry := register.Entry{
		ID: s.ids.New(), Case: l.Case.ID, Kind: register.KindFor(TypeReferral), Year: day(now).Year(), On: l.Case.ReceivedOn, Direction: "INKOMMEN",
		Sender: cfg.CodeLabel(tenants.ListSenderRole, l.Case.SenderRole), Subject: r.Subject, SubjectPublic: publicSubject(cfg, reg),
		Marking: marking(cfg, reg, day(now)), ExternalDNR: optional(r.AuthorityDNR), By: actor.ID,
	}
	own := register.OwnEntry{ID: s.ids.New(), FileID: s.ids.New(), Case: l.Case.ID, By: actor.ID, Year: day(now).Year(), Subject: r.Subject}
	return move{
		change: change{Set: map[string]any{
			"case_type": TypeReferral, "subject": r.Subject, "secrecy": r.Secrecy, "registered_at": now, "unit_id": r.UnitID, "due_on": r.DueOn,
			"due_rule": due, "complexity": Complicated, "response_level": "UTREDNING",
		}},
		event: event{Kind: "case.referred", Move: l.from("T3", Registered), Data: map[string]any{"kind": r.Kind, "authority": r.Authority, "due_on": r.DueOn.String()}},
		more: func(b *db.Batch) {
			register.Enter(b, cfg.Tenant, s.ids.New(), entry)
			register.EnterOwn(b, cfg.Tenant, own)
			b.Exec(numberCase, db.Args{"id": l.Case.ID, "entry_id": entry.ID, "own_file_id": own.FileID})
			b.Exec(insertReferral, db.Args{
				"case_id": l.Case.ID, "kind": r.Kind, "authority": r.Authority, "dnr": optional(r.AuthorityDNR), "due_on": r.DueOn,
				"name": sealed(l.key, "referrals", "authority_name_sealed", l.Case.ID, r.AuthorityName),
			})
			stopClock(b, l.Case.ID, registerClock)
		},
		then: &then,
	}
}

// ToBoard is what the handler sends to the board: the day of the meeting, the office's secretary, the proposed decision.
type ToBoard struct {
	MeetingOn clock.Date
	Secretary uuid.UUID
	Proposal  string
}

const insertBoardItem = `
insert into app.board_items (id, case_id, sent_by, sent_at, meeting_on, proposal_sealed) values (@id, @case_id, @by, @at, @meeting_on, @proposal)`

// SendToBoard is T13: from here the board's office has the case, and dispatches what is decided (req. 48).
func (s *Service) SendToBoard(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, t ToBoard) error {
	f, err := s.finish(ctx, actor, caseID, "to-board")
	if err != nil {
		return err
	}
	l := f.loaded
	if t.MeetingOn.Before(day(s.clock.Now())) {
		return problem.Invalid(problem.Field("/meeting_on", "Sammanträdet har redan varit. Välj ett kommande."))
	}
	able, err := s.org.CanHandle(ctx, actor, t.Secretary, org.Office...)
	if err != nil {
		return err
	}
	if !able {
		return problem.Invalid(problem.Field("/secretary_id", "Välj någon på nämndens kansli (kanslisekreterare)."))
	}
	id := s.ids.New()
	return s.write(ctx, actor, l, version, move{
		change: change{Set: map[string]any{"secretary_id": t.Secretary, "board_decided_on": nil}, Readers: []uuid.UUID{t.Secretary}},
		event:  event{Kind: "case.sent-to-board", Move: l.from("T13", Board), Data: map[string]any{"meeting_on": t.MeetingOn.String(), "secretary": t.Secretary}},
		more: func(b *db.Batch) {
			b.Exec(insertBoardItem, db.Args{
				"id": id, "case_id": caseID, "by": actor.ID, "at": s.clock.Now(), "meeting_on": t.MeetingOn,
				"proposal": l.key.Seal("board_items", "proposal_sealed", id, t.Proposal),
			})
			f.lock(b, actor.ID, s.clock.Now())
		},
	})
}

// BoardDecision is what the minutes say. ATERREMISS sends the case back to be investigated further.
type BoardDecision struct {
	Outcome   string
	DecidedOn clock.Date
	Paragraph string
	Text      string
}

const selectOpenBoardItem = `select id from app.board_items where case_id = @case_id and outcome is null`

const decideBoardItem = `
with decided as (update app.board_items set outcome = @outcome, decided_on = @on, paragraph = @paragraph, decision_sealed = @decision, recorded_by = @by
  where id = @id and outcome is null returning 1)
select app.must(exists (select 1 from decided), 'LY412', 'board item')`

// RecordBoardDecision is T14.
func (s *Service) RecordBoardDecision(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, d BoardDecision) error {
	var item []idRow
	l, err := s.allowed(ctx, actor, caseID, "record-board-decision", func(b *db.Batch) {
		db.Collect(b, selectOpenBoardItem, db.Args{"case_id": caseID}, &item)
	})
	if err != nil {
		return err
	}
	if d.DecidedOn.After(day(s.clock.Now())) {
		return problem.Invalid(problem.Field("/decided_on", "Datumet ligger i framtiden."))
	}
	id := s.ids.New()
	if len(item) > 0 {
		id = item[0].ID
	}
	m := move{
		change: change{Set: map[string]any{"board_decided_on": d.DecidedOn}},
		event: event{
			Kind: "case.board-decided", Move: l.from("T14", Dispatching), Data: map[string]any{"outcome": d.Outcome, "on": d.DecidedOn.String(), "paragraph": d.Paragraph},
		},
		notify: []jobs.Kind{jobs.NotifyDecided},
	}
	if d.Outcome == "ATERREMISS" {
		m.change.Set["board_decided_on"], m.event.Move = nil, l.from("T14", Investigating)
	}
	m.more = func(b *db.Batch) {
		if len(item) == 0 { // sent there before this product kept the item
			b.Exec(insertBoardItem, db.Args{
				"id": id, "case_id": caseID, "by": actor.ID, "at": s.clock.Now(), "meeting_on": d.DecidedOn, "proposal": l.key.Seal("board_items", "proposal_sealed", id, d.Text),
			})
		}
		b.Exec(decideBoardItem, db.Args{
			"id": id, "outcome": d.Outcome, "on": d.DecidedOn, "paragraph": d.Paragraph, "by": actor.ID, "decision": l.key.Seal("board_items", "decision_sealed", id, d.Text),
		})
		if d.Outcome == "ATERREMISS" {
			b.Exec(insertInvestigation, db.Args{"case_id": caseID, "by": actor.ID})
		}
	}
	return s.write(ctx, actor, l, version, m)
}

// Dispatch is how the office sent the decision: when, to whom, which way, and what the one who told may read.
type Dispatch struct {
	SentOn clock.Date
	To     string
	Way    string
	Body   string
}

const dispatchBoardItem = `
with sent as (update app.board_items set dispatched_on = @on, dispatched_to = @to, dispatched_way = @way, dispatched_by = @by
  where case_id = @case_id and outcome = 'BESLUT' and dispatched_on is null returning 1)
select app.must(exists (select 1 from sent), 'LY412', 'board item')`

// DispatchDecision logs that the office has sent the board's decision (req. 47, 48): it is the answer of the case.
func (s *Service) DispatchDecision(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, d Dispatch) error {
	l, err := s.allowed(ctx, actor, caseID, "dispatch")
	if err != nil {
		return err
	}
	switch {
	case d.SentOn.After(day(s.clock.Now())):
		return problem.Invalid(problem.Field("/sent_on", "Datumet ligger i framtiden."))
	case d.SentOn.Before(*l.Case.BoardDecidedOn):
		return problem.Invalid(problem.Field("/sent_on", "Beslutet kan inte ha skickats före sammanträdet."))
	case d.To == "MYNDIGHET" && d.Body != "":
		return problem.Invalid(problem.Field("/body", "Bara den som berättade läser svaret här. Välj också den som berättade som mottagare."))
	}
	return s.write(ctx, actor, l, version, move{
		change: change{Set: map[string]any{"answered_at": s.clock.Now(), "response_level": "UTREDNING"}},
		event:  event{Kind: "case.board-dispatched", Data: map[string]any{"to": d.To, "way": d.Way, "on": d.SentOn.String()}},
		more: func(b *db.Batch) {
			b.Exec(dispatchBoardItem, db.Args{"case_id": caseID, "on": d.SentOn, "to": d.To, "way": d.Way, "by": actor.ID})
			if d.Body != "" {
				s.queueMessage(b, actor, l, Message{Kind: "SVAR", Body: d.Body})
			}
			stopClock(b, caseID, answerClock)
		},
	})
}
