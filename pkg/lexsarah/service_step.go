package lexsarah

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"lyhord/pkg/casework"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

// Receipt is what is noted when the report is received: what it is about, and when it happened. Who reported, and when, the case knows.
type Receipt struct {
	What       string
	HappenedOn clock.Date // zero: not known
	UnitID     *uuid.UUID // where the report named none
	Subject    string     // neutral; for a report that has not been registered yet
}

// Receive is L2: the one who answers for lex Sarah takes the report. A report that came straight here is registered in the
// same write (OSL 5:1), with its marking.
func (s *Service) Receive(ctx context.Context, actor authz.Actor, at At, r Receipt) error {
	l, err := s.allowed(ctx, actor, at, "receive-lex")
	if err != nil {
		return err
	}
	if err := s.notAhead(r.HappenedOn, "/happened_on"); err != nil {
		return err
	}
	if l.Track.UnitID == nil && r.UnitID == nil {
		return problem.Invalid(problem.Field("/unit_id", "Välj vilken enhet rapporten gäller."))
	}
	if r.Subject == "" {
		r.Subject = "Rapport enligt lex Sarah"
	}
	set := map[string]any{"received_at": s.d.Clock.Now(), "received_by": actor.ID, "what_sealed": l.sealed("what_sealed", r.What)}
	if !r.HappenedOn.IsZero() {
		set["happened_on"] = r.HappenedOn
	}
	return s.write(ctx, actor, l, move{To: Immediate, Kind: "lex.received", Set: set, More: func(b *db.Batch) {
		jobs.CancelTimers(b, at.Case, jobs.DeadlineLexReceiveLate)
		if l.Track.RegisteredAt == nil {
			s.d.Cases.QueueLexRegistration(b, actor, l.cfg, casework.LexRegistration{
				Case: at.Case, Version: l.Track.CaseVersion, ReceivedOn: l.Track.CaseReceivedOn, SenderRole: l.Track.SenderRole, UnitID: r.UnitID, Subject: r.Subject,
			})
			b.Exec(numberStub, db.Args{"id": at.Case})
		}
	}})
}

// ActAtOnce is L3: what was done at once to avert it (27:5), or why nothing was needed.
func (s *Service) ActAtOnce(ctx context.Context, actor authz.Actor, at At, text string) error {
	l, err := s.allowed(ctx, actor, at, "act-at-once")
	if err != nil {
		return err
	}
	set := map[string]any{"immediate_at": s.d.Clock.Now(), "immediate_sealed": l.sealed("immediate_sealed", text)}
	return s.write(ctx, actor, l, move{To: Initial, Kind: "lex.acted-at-once", Set: set})
}

// Assessment is the first judgement, with its motivation.
type Assessment struct {
	Choice     string // UTRED, INTE_LEX, IVO_DIREKT
	Motivation string
	PersonID   *uuid.UUID // who investigates; nil: whoever assesses
}

// Assess is L4, or L5 with T24: it is investigated, told to IVO before it is investigated (it must be investigated all the
// same), or it is no misconduct, and the case goes back to the manager as a deviation, with the motivation as a note.
func (s *Service) Assess(ctx context.Context, actor authz.Actor, at At, a Assessment) error {
	l, err := s.allowed(ctx, actor, at, "assess-lex")
	if err != nil {
		return err
	}
	set := map[string]any{
		"assessment": a.Choice, "assessment_sealed": l.sealed("assessment_sealed", a.Motivation), "assessed_at": s.d.Clock.Now(), "assessed_by": actor.ID,
	}
	if a.Choice == NotLex {
		return s.d.Cases.LeaveLex(ctx, actor, casework.LexExit{
			Case: at.Case, To: casework.Assessing, Former: l.Track.FormerHandler, Note: "Inte lex Sarah. " + a.Motivation,
			More: func(b *db.Batch) {
				s.queue(b, actor, l, move{To: Declined, Kind: "lex.declined", Set: set, Note: a.Motivation})
				b.Exec(releaseStub, db.Args{"id": at.Case, "at": s.d.Clock.Now()})
			},
		})
	}
	person := actor.ID
	if a.PersonID != nil {
		person = *a.PersonID
	}
	if err := s.mayInvestigate(ctx, actor, person); err != nil {
		return err
	}
	set["investigator_id"] = person
	m := move{To: Investigating, Kind: "lex.assessed", Set: set, Note: a.Motivation}
	m.More = func(b *db.Batch) {
		jobs.CancelTimers(b, at.Case, jobs.DeadlineLexStartLate)
		s.d.Cases.QueueLexInvestigator(b, casework.LexInvestigator{Case: at.Case, Version: l.Track.CaseVersion, To: person, From: l.Track.InvestigatorID})
	}
	if person != actor.ID {
		m.Notify = []jobs.Kind{jobs.NotifyLexDelegated}
	}
	return s.write(ctx, actor, l, m)
}

func (s *Service) mayInvestigate(ctx context.Context, actor authz.Actor, person uuid.UUID) error {
	var (
		b    db.Batch
		able bool
	)
	b.One(canInvestigate, db.Args{"person": person}, &able)
	if err := s.d.DB.Once(ctx, actor.Scope(), &b); err != nil {
		return err
	}
	if !able {
		return problem.Invalid(problem.Field("/person_id", "Välj en lex Sarah-utredare."))
	}
	return nil
}

// Delegate gives the investigation to another investigator; the one who had it leaves the case.
func (s *Service) Delegate(ctx context.Context, actor authz.Actor, at At, person uuid.UUID) error {
	l, err := s.allowed(ctx, actor, at, "delegate-lex")
	if err != nil {
		return err
	}
	if err := s.mayInvestigate(ctx, actor, person); err != nil {
		return err
	}
	return s.write(ctx, actor, l, move{
		Kind: "lex.delegated", Set: map[string]any{"investigator_id": person}, Notify: []jobs.Kind{jobs.NotifyLexDelegated},
		More: func(b *db.Batch) {
			s.d.Cases.QueueLexInvestigator(b, casework.LexInvestigator{Case: at.Case, Version: l.Track.CaseVersion, To: person, From: l.Track.InvestigatorID})
		},
	})
}

// Entry is one addition to the investigation: a fact or an assessment, and where it comes from. It is never changed.
type Entry struct {
	Item       string
	Kind       string
	Source     string
	Text       string
	HappenedOn clock.Date
}

// AddEntry writes it with the author's name and title of the day (SOSFS 2011:5, 5 kap.).
func (s *Service) AddEntry(ctx context.Context, actor authz.Actor, at At, e Entry) error {
	l, err := s.allowed(ctx, actor, at, "add-lex-entry")
	if err != nil {
		return err
	}
	if e.Item == "ATGARDER" && e.HappenedOn.IsZero() {
		return problem.Invalid(problem.Field("/happened_on", "Skriv vilken dag åtgärden gjordes."))
	}
	if err := s.notAhead(e.HappenedOn, "/happened_on"); err != nil {
		return err
	}
	id := s.d.IDs.New()
	var on *clock.Date
	if !e.HappenedOn.IsZero() {
		on = &e.HappenedOn
	}
	return s.write(ctx, actor, l, move{Kind: "lex.entry-added", More: func(b *db.Batch) {
		b.Exec(insertEntry, db.Args{
			"id": id, "case_id": at.Case, "item": e.Item, "kind": e.Kind, "happened_on": on, "at": s.d.Clock.Now(), "by": actor.ID,
			"source": l.key.Seal("lex_entries", "source_sealed", id, e.Source), "text": l.key.Seal("lex_entries", "text_sealed", id, e.Text),
		})
	}})
}

// Facts are the coded questions of the investigation; nil is not answered yet.
type Facts struct {
	Kinds          []string
	IndividualTold *string
	RelativesTold  *string
	PoliceReport   *string
	Personakt      *string
}

// SaveFacts writes the answers.
func (s *Service) SaveFacts(ctx context.Context, actor authz.Actor, at At, f Facts) error {
	l, err := s.allowed(ctx, actor, at, "save-lex-facts")
	if err != nil {
		return err
	}
	if f.Kinds == nil {
		f.Kinds = []string{}
	}
	slices.Sort(f.Kinds)
	return s.write(ctx, actor, l, move{Kind: "lex.facts-saved", Set: map[string]any{
		"kinds": slices.Compact(f.Kinds), "individual_informed": f.IndividualTold, "relatives_informed": f.RelativesTold,
		"police_report": f.PoliceReport, "personakt": f.Personakt,
	}})
}

// Judgement is a degree and why. Delegation is under which delegation it is decided (KL 7:5).
type Judgement struct {
	Degree     string
	Motivation string
	Delegation string
}

// Propose is L6: the investigation shows all that SOSFS 2011:5 asks for, and the investigator proposes a degree.
func (s *Service) Propose(ctx context.Context, actor authz.Actor, at At, j Judgement) error {
	l, err := s.allowed(ctx, actor, at, "propose-degree")
	if err != nil {
		return err
	}
	return s.write(ctx, actor, l, move{To: Proposal, Kind: "lex.proposed", Notify: []jobs.Kind{jobs.NotifyLexProposed}, Set: map[string]any{
		"proposed_degree": j.Degree, "proposal_sealed": l.sealed("proposal_sealed", j.Motivation), "proposed_by": actor.ID, "proposed_at": s.d.Clock.Now(),
	}})
}

// SendBack is L7: more must be found out, and what.
func (s *Service) SendBack(ctx context.Context, actor authz.Actor, at At, why string) error {
	l, err := s.allowed(ctx, actor, at, "send-back-lex")
	if err != nil {
		return err
	}
	return s.write(ctx, actor, l, move{To: Investigating, Kind: "lex.sent-back", Note: why, Notify: []jobs.Kind{jobs.NotifyLexDelegated}})
}

// Decide is L8: the degree, with its motivation. What is serious goes to IVO at once (27:6); the clock for it starts here,
// unless it was told before.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, at At, j Judgement) error {
	l, err := s.allowed(ctx, actor, at, "decide-degree")
	if err != nil {
		return err
	}
	set := map[string]any{
		"degree": j.Degree, "decision_sealed": l.sealed("decision_sealed", j.Motivation), "delegation_sealed": l.sealed("delegation_sealed", j.Delegation),
		"decided_by": actor.ID, "decided_at": s.d.Clock.Now(),
	}
	toIVO := serious(&j.Degree) && l.Track.IVOOn == nil
	due := l.cfg.Deadline(tenants.RuleLexIVO, s.today())
	if toIVO {
		set["ivo_due_on"] = due.DueOn
	}
	return s.write(ctx, actor, l, move{To: Decided, Kind: "lex.decided", Set: set, Note: j.Motivation, More: func(b *db.Batch) {
		jobs.CancelTimers(b, at.Case, jobs.DeadlineLexDoneWarn, jobs.DeadlineLexDoneLate)
		jobs.Enqueue(b, s.d.IDs, jobs.UpdateFact, at.Case)
		if toIVO {
			jobs.Schedule(b, s.d.IDs, jobs.Timer{Kind: jobs.DeadlineLexIVOLate, Ref: at.Case, DueAt: l.lateAt(due.DueOn), Rule: due})
		}
		if serious(&j.Degree) && l.Track.IVOOn != nil {
			s.alreadyNotified(b, actor, l)
		}
	}})
}

// alreadyNotified is L9 behind L8, for what IVO was told before it had been investigated.
func (s *Service) alreadyNotified(b *db.Batch, actor authz.Actor, l loaded) {
	l.Track.Step, l.Track.Version = Decided, l.Track.Version+1
	s.queue(b, actor, l, move{To: IVONotified, Kind: "lex.ivo-notified"})
}
