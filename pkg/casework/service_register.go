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

// Registration is what the registrar decides at T2. Subject is neutral: it names no person and is the only clear text about the case.
type Registration struct {
	CaseType      string
	SynpunktKind  *string
	SenderRole    string
	Subject       string
	SubjectPublic string
	UnitID        *uuid.UUID
	Category      string
	Secrecy       string
	SecrecyLaw    string
	ExternalDNR   *string
	Assign        bool // route to the nearest manager in the same act (T4)
}

// Register is T2: the collective file, a number without gaps, and the secrecy marking at once on every one (req. 26–31).
func (s *Service) Register(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, r Registration) error {
	l, err := s.allowed(ctx, actor, caseID, "register")
	if err != nil {
		return err
	}
	cfg := l.rules
	if r.UnitID == nil {
		r.UnitID = l.Case.UnitID
	}
	if wrong := checkRegistration(cfg, r); len(wrong) > 0 {
		return problem.Invalid(wrong...)
	}
	m := s.registration(actor, &l, cfg, r)
	if !r.Assign {
		return s.write(ctx, actor, l, version, m)
	}
	h, err := s.route(ctx, actor, l, *r.UnitID)
	if err != nil {
		return err
	}
	after := l
	after.Case.State, after.Case.UnitID = Registered, r.UnitID
	then := s.assignment(after, h, "")
	then.notify = []jobs.Kind{jobs.NotifyAssigned}
	m.then = &then
	return s.write(ctx, actor, l, version, m)
}

// registration is T2 as a move: the entry with its number, the marking, and the end of the time to register. The case that was
// read gets its kind and the day that follows from it.
func (s *Service) registration(actor authz.Actor, l *loaded, cfg org.Config, r Registration) move {
	now := s.clock.Now()
	if r.UnitID == nil {
		r.UnitID = l.Case.UnitID
	}
	m := move{
		change: change{Set: map[string]any{
			"case_type": r.CaseType, "synpunkt_kind": r.SynpunktKind, "sender_role": r.SenderRole, "subject": r.Subject,
			"secrecy": r.Secrecy, "registered_at": now, "unit_id": r.UnitID,
		}},
		event: event{Kind: "case.registered", Move: l.from("T2", Registered), Data: map[string]any{"case_type": r.CaseType}},
	}
	if r.Category != "" {
		m.change.Set["category"], m.change.Set["category_hsl"] = cfg.SplitCategory(r.Category)
	}
	l.Case.CaseType = &r.CaseType
	due := l.dueUnder(cfg, l.answerRule())
	l.Case.DueOn, l.Case.DueRule = &due.DueOn, &due
	m.change.Set["due_on"], m.change.Set["due_rule"] = due.DueOn, due
	entryID := s.ids.New()
	received := l.Case
	m.more = func(b *db.Batch) {
		register.Enter(b, cfg.Tenant, s.ids.New(), register.Entry{
			ID: entryID, Case: received.ID, Kind: register.KindFor(r.CaseType), Year: day(now).Year(), On: received.ReceivedOn, Direction: "INKOMMEN",
			Sender: cfg.CodeLabel(tenants.ListSenderRole, r.SenderRole), Subject: r.Subject, SubjectPublic: publicSubject(cfg, r),
			Marking: marking(cfg, r, day(now)), ExternalDNR: r.ExternalDNR, By: actor.ID,
		})
		b.Exec(numberCase, db.Args{"id": received.ID, "entry_id": entryID, "own_file_id": nil})
		stopClock(b, received.ID, registerClock)
		b.Exec(liftHold, db.Args{"case_id": received.ID, "at": now})
	}
	return m
}

// checkRegistration lets only codes into the clear columns, and no kind of synpunkt onto anything else.
func checkRegistration(cfg org.Config, r Registration) []problem.FieldError {
	var wrong []problem.FieldError
	if r.Assign && r.UnitID == nil {
		wrong = append(wrong, problem.Field("/unit_id", "Välj vilken enhet ärendet gäller, eller registrera utan att tilldela."))
	}
	if !cfg.HasCode(tenants.ListSenderRole, r.SenderRole) {
		wrong = append(wrong, problem.Field("/sender_role", "Välj ett av de tillåtna värdena."))
	}
	if r.SynpunktKind != nil && r.CaseType != TypeFeedback {
		wrong = append(wrong, problem.Field("/synpunkt_kind", "Bara en synpunkt har en sort. Ta bort den eller ändra ärendetyp."))
	}
	if sol, hsl := cfg.SplitCategory(r.Category); r.Category != "" && sol == nil && hsl == nil {
		wrong = append(wrong, problem.Field("/category", "Kategorin finns inte."))
	}
	return wrong
}

// Assignment is the registrar's choice at T4: a unit, and a handler only where the rule's own is not wanted.
type Assignment struct {
	UnitID    uuid.UUID
	HandlerID *uuid.UUID
	Reason    string
}

// Assign is T4: the nearest manager of the unit with the strongest connection; the one complained about steps aside (req. 32).
func (s *Service) Assign(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, a Assignment) error {
	l, err := s.allowed(ctx, actor, caseID, "assign")
	if err != nil {
		return err
	}
	h, err := s.chosen(ctx, actor, l, a)
	if err != nil {
		return err
	}
	m := s.assignment(l, h, a.Reason)
	m.change.Set["unit_id"] = a.UnitID
	m.notify = []jobs.Kind{jobs.NotifyAssigned}
	return s.write(ctx, actor, l, version, m)
}

// chosen is the manager that the rule finds, or the one named instead of her.
func (s *Service) chosen(ctx context.Context, actor authz.Actor, l loaded, a Assignment) (org.Handler, error) {
	if l.referral() {
		return s.referralHandler(ctx, actor, a.HandlerID)
	}
	h, err := s.route(ctx, actor, l, a.UnitID)
	if a.HandlerID == nil || err != nil && !problem.Is(err, problem.KindConflict) || err == nil && *a.HandlerID == h.PersonID {
		return h, err
	}
	if a.Reason == "" {
		return h, problem.Invalid(problem.Field("/reason", "Skriv varför någon annan än närmaste chef ska handlägga."))
	}
	return org.Handler{PersonID: *a.HandlerID, UnitID: a.UnitID}, s.mayHandle(ctx, actor, l, a)
}

func (s *Service) route(ctx context.Context, actor authz.Actor, l loaded, unit uuid.UUID) (org.Handler, error) {
	accused, err := s.accused(ctx, actor, l)
	if err != nil {
		return org.Handler{}, err
	}
	return s.org.Route(ctx, actor.Scope(), unit, l.Case.AboutManager, accused...)
}

// mayHandle refuses the registrar's own choice where it would hand the case to the one it is about (jäv), or to somebody
// who handles nothing here.
func (s *Service) mayHandle(ctx context.Context, actor authz.Actor, l loaded, a Assignment) error {
	partial, err := s.partial(ctx, actor, l, a.UnitID, *a.HandlerID)
	if err != nil {
		return err
	}
	if partial {
		return problem.Invalid(problem.Field("/handler_id", "Uppgifterna gäller den chefen. Välj någon annan."))
	}
	able, err := s.org.CanHandle(ctx, actor, *a.HandlerID, org.Managers...)
	if err == nil && !able {
		err = problem.Invalid(problem.Field("/handler_id", "Bara en chef kan handlägga ärendet."))
	}
	return err
}

// assignment is T4 as a move: the former handler and investigator lose sight of a case that is no longer theirs. The
// change still lacks its guard; writing sets it.
func (s *Service) assignment(l loaded, h org.Handler, reason string) move {
	now := s.clock.Now()
	return move{
		change: change{
			Set:     map[string]any{"handler_id": h.PersonID, "assigned_at": now, "investigator_id": nil},
			Readers: []uuid.UUID{h.PersonID},
			Leaves:  l.leaving(&h.PersonID, l.Case.HandlerID, l.Case.InvestigatorID),
		},
		event: event{
			Kind: "case.assigned", Move: &Move{Code: "T4", From: l.Case.State, To: Assigned},
			Data: map[string]any{"handler": h.PersonID, "stepped_up": h.SteppedUp},
			Text: reason,
		},
		more: func(b *db.Batch) { s.scheduleStart(b, l, now) },
	}
}

// OwnNumber gives a complicated case a number of its own in addition to its entry (req. 30).
func (s *Service) OwnNumber(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int) error {
	l, err := s.allowed(ctx, actor, caseID, "own-number")
	if err != nil {
		return err
	}
	cfg := l.rules
	own := register.OwnEntry{
		ID: s.ids.New(), FileID: s.ids.New(), Case: caseID, By: actor.ID, Year: day(s.clock.Now()).Year(), Subject: deref(l.Case.Subject),
	}
	return s.write(ctx, actor, l, version, move{
		event: event{Kind: "case.numbered"},
		more: func(b *db.Batch) {
			register.EnterOwn(b, cfg.Tenant, own)
			b.Exec(numberCase, db.Args{"id": caseID, "entry_id": nil, "own_file_id": own.FileID})
		},
	})
}

// Void is T26: felregistrering or dubblett. The number stays used.
func (s *Service) Void(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, reason string) error {
	l, err := s.allowed(ctx, actor, caseID, "void")
	if err != nil {
		return err
	}
	now := s.clock.Now()
	return s.write(ctx, actor, l, version, move{
		event: event{Kind: "case.voided", Move: l.from("T26", Void), Text: reason},
		more: func(b *db.Batch) {
			register.Void(b, caseID, "Makulerad", now)
			jobs.CancelTimers(b, caseID, deadlines...)
		},
	})
}

// marking is the secrecy marking of OSL 5:5. A provider marks with its duty of silence instead of a provision of OSL.
func marking(cfg org.Config, r Registration, on clock.Date) register.Marking {
	law := r.SecrecyLaw
	if law == "" {
		law = cfg.Tenant.Secrecy.Law
	}
	return register.Marking{Law: law, On: on, Authority: cfg.Tenant.Secrecy.Authority}
}

// publicSubject is what anyone may read about the entry: the kind of case and nothing that could point somebody out.
func publicSubject(cfg org.Config, r Registration) string {
	if r.SubjectPublic != "" {
		return r.SubjectPublic
	}
	return cfg.CodeLabel(tenants.ListCaseType, r.CaseType)
}
