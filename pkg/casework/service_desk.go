package casework

import (
	"context"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/register"
	"lyhord/tenants"
)

// Link registers a report and joins it to the case it belongs to (T2 and T26 in one transaction). The report keeps its own
// entry and marking, its words stay readable from the case, and the case's handler is told and may read it.
func (s *Service) Link(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, k Link) error {
	k.Assign = false
	l, cfg, err := s.forRegistration(ctx, actor, caseID, "link-case", k.Registration)
	if err != nil {
		return err
	}
	to, err := s.target(ctx, actor, l, k)
	if err != nil {
		return err
	}
	if to.UnitID != nil {
		k.UnitID = to.UnitID // who leads the case's unit reads what belongs to the case
	}
	m, now := s.registration(actor, &l, cfg, k.Registration), s.clock.Now()
	m.change.Readers = people(to.HandlerID, to.InvestigatorID)
	enter := m.more
	m.more = func(b *db.Batch) {
		enter(b)
		b.Exec(insertLink, db.Args{
			"id": s.ids.New(), "case_id": caseID, "to_id": to.ID, "state": to.State, "kind": k.Kind, "by": actor.ID, "at": now,
		})
		s.setAside(b, actor, l, event{Kind: "case.linked", Data: map[string]any{"to": to.ID, "kind": k.Kind}})
		queueEvent(b, event{ID: s.ids.New(), Case: to.ID, At: now, Actor: &actor.ID, Kind: "case.joined", Data: map[string]any{"from": caseID, "kind": k.Kind}})
		jobs.Enqueue(b, s.ids, jobs.NotifyReporterWrote, to.ID)
	}
	return s.write(ctx, actor, l, version, m)
}

// target finds the case a report is to be joined to, and refuses what would lose it.
func (s *Service) target(ctx context.Context, actor authz.Actor, l loaded, k Link) (targetRow, error) {
	var (
		b    db.Batch
		rows []targetRow
	)
	db.Collect(&b, selectByNumber, db.Args{"number": k.Target}, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return targetRow{}, err
	}
	wrong := func(text string) (targetRow, error) {
		return targetRow{}, problem.Invalid(problem.Field("/target", text))
	}
	if len(rows) == 0 {
		return wrong("Det finns inget ärende med det numret.")
	}
	to := rows[0]
	switch {
	case to.ID == l.Case.ID:
		return wrong("Det är rapportens eget nummer. Skriv numret på ärendet den hör till.")
	case to.State == Received:
		return wrong("Ärendet är inte registrerat än. Registrera det först.")
	case to.State == Void:
		return wrong("Ärendet är makulerat. Välj det ärende som gäller i stället.")
	case to.State == Disposed:
		return wrong("Ärendet är gallrat. Registrera rapporten som ett eget ärende.")
	case k.Kind == LinkContinuation && in(to.State, []State{Closed, Archived}):
		return wrong("Ärendet är avslutat. Registrera rapporten som ett eget ärende, eller be handläggaren öppna det igen först.")
	}
	for _, p := range people(to.HandlerID, to.InvestigatorID) {
		if !l.Case.AboutManager || to.UnitID == nil {
			break
		}
		partial, err := s.partial(ctx, actor, l, *to.UnitID, p)
		if err != nil {
			return to, err
		}
		if partial {
			return wrong("Rapporten gäller chefen som har hand om det ärendet. Registrera den som ett eget ärende.")
		}
	}
	return to, nil
}

// setAside ends a report that was registered in the same batch: T26 behind T2, the entry stands.
func (s *Service) setAside(b *db.Batch, actor authz.Actor, l loaded, e event) {
	queueChange(b, change{ID: l.Case.ID, Version: l.Case.Version + 2, From: Registered, To: Void})
	e.ID, e.Case, e.At, e.Actor = s.ids.New(), l.Case.ID, s.clock.Now(), &actor.ID
	e.Move = &Move{Code: "T26", From: Registered, To: Void}
	e.Note = sealed(l.key, "case_events", "note_sealed", e.ID, e.Text)
	queueEvent(b, e)
	jobs.CancelTimers(b, l.Case.ID, deadlines...)
}

// Return sends a report back with a code and words to who wrote. What cannot be understood waits on the desk for the answer;
// the rest has come in, is registered (OSL 5:1) and ends here.
func (s *Service) Return(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, r Return) error {
	if r.Code == ReturnIncomplete {
		l, err := s.load(ctx, actor, caseID, "return-case")
		if err != nil {
			return err
		}
		cfg := l.rules
		if err := l.Allow("register"); err != nil {
			return err
		}
		until := cfg.Calendar().AddWorkingDays(day(s.clock.Now()), longestHold/2)
		m := s.hold(actor, l, until, holdIncomplete)
		hold := m.more
		m.event = event{Kind: "case.asked-back", Data: map[string]any{"code": r.Code}}
		m.more = func(b *db.Batch) {
			hold(b)
			s.queueMessage(b, actor, l, Message{Kind: "FRAGA", Body: r.Message})
		}
		return s.write(ctx, actor, l, version, m)
	}
	if r.Registration == nil {
		return problem.Invalid(problem.Field("/registration", "Det som har kommit in registreras också när det skickas tillbaka. Fyll i ämnet."))
	}
	r.Registration.Assign = false
	l, cfg, err := s.forRegistration(ctx, actor, caseID, "return-case", *r.Registration)
	if err != nil {
		return err
	}
	m := s.registration(actor, &l, cfg, *r.Registration)
	enter := m.more
	m.more = func(b *db.Batch) {
		enter(b)
		s.queueMessage(b, actor, l, Message{Kind: "MEDDELANDE", Body: r.Message})
		s.setAside(b, actor, l, event{Kind: "case.returned", Data: map[string]any{"code": r.Code}})
	}
	return s.write(ctx, actor, l, version, m)
}

// forRegistration loads a report that waits, and checks what the registrar decided about it.
func (s *Service) forRegistration(ctx context.Context, actor authz.Actor, caseID uuid.UUID, action string, r Registration) (loaded, org.Config, error) {
	l, err := s.load(ctx, actor, caseID, action)
	if err != nil {
		return l, l.rules, err
	}
	cfg := l.rules
	if err := l.Allow("register"); err != nil {
		return l, cfg, err
	}
	if wrong := checkRegistration(cfg, r); len(wrong) > 0 {
		return l, cfg, problem.Invalid(wrong...)
	}
	return l, cfg, nil
}

// Waiting is until when a report is set aside, and why.
type Waiting struct {
	Until  clock.Date
	Reason string
}

// Hold sets a report aside until a day. The time to register it goes on.
func (s *Service) Hold(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, w Waiting) error {
	l, err := s.load(ctx, actor, caseID, "hold-case")
	if err != nil {
		return err
	}
	cfg := l.rules
	if err := l.Allow("register"); err != nil {
		return err
	}
	today := day(s.clock.Now())
	last := cfg.Calendar().AddWorkingDays(today, longestHold)
	if !w.Until.After(today) || w.Until.After(last) {
		return problem.Invalid(problem.Field("/until_on",
			"Välj en dag från i morgon till "+last.String()+". Det som kommit in ska registreras så snart det går."))
	}
	return s.write(ctx, actor, l, version, s.hold(actor, l, w.Until, w.Reason))
}

func (s *Service) hold(actor authz.Actor, l loaded, until clock.Date, reason string) move {
	now := s.clock.Now()
	return move{
		event: event{Kind: "case.held", Data: map[string]any{"until": until.String(), "reason": reason}},
		more: func(b *db.Batch) {
			b.Exec(liftHold, db.Args{"case_id": l.Case.ID, "at": now})
			b.Exec(insertHold, db.Args{"id": s.ids.New(), "case_id": l.Case.ID, "until_on": until, "reason": reason, "by": actor.ID, "at": now})
		},
	}
}

// deskActs are the acts that can be taken back, by the event they leave last. An assignment counts while the registration
// it came with is as fresh.
var deskActs = map[string]bool{
	"case.registered": true, "case.assigned": true, "case.linked": true, "case.returned": true, "case.held": true, "case.asked-back": true,
}

// Undo takes the registrar's own latest act on a report back, while nobody has built on it. A number that was drawn is never
// used again: its entry stays in the register, voided as "Ångrad". A message that was sent stays sent.
func (s *Service) Undo(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int) error {
	l, err := s.load(ctx, actor, caseID, "undo-registration")
	if err != nil {
		return err
	}
	cfg := l.rules
	var (
		b    db.Batch
		last []lastAct
	)
	db.Collect(&b, selectLastAct, db.Args{"id": caseID}, &last)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return err
	}
	now := s.clock.Now()
	if reason := mayUndo(l, last, now); reason != "" {
		return problem.IllegalMove(reason)
	}
	m := move{event: event{Kind: "case.undone", Data: map[string]any{"act": last[0].Kind}}}
	if l.Case.State == Received {
		m.more = func(b *db.Batch) { b.Exec(liftHold, db.Args{"case_id": caseID, "at": now}) }
		return s.write(ctx, actor, l, version, m)
	}
	code := "T2"
	if l.Case.State == Void {
		code = "T26"
	}
	m.event.Move = l.from(code, Received)
	m.change = change{
		Set:    map[string]any{"registered_at": nil, "assigned_at": nil, "handler_id": nil, "entry_no": nil},
		Leaves: l.leaving(nil, l.Case.HandlerID),
	}
	m.more = func(b *db.Batch) {
		register.Void(b, caseID, "Ångrad", now)
		b.Exec(undoLink, db.Args{"case_id": caseID, "at": now})
		stopClock(b, caseID, startClock, answerClock)
		s.setClock(b, caseID, registerClock, cfg.Deadline(tenants.RuleRegister, l.Case.ReceivedOn), cfg)
	}
	return s.write(ctx, actor, l, version, m)
}

// mayUndo says why not, or nothing.
func mayUndo(l loaded, last []lastAct, now time.Time) string {
	switch {
	case len(last) == 0 || !deskActs[last[0].Kind] || !in(l.Case.State, []State{Received, Registered, Assigned, Void}):
		return "Någon har redan arbetat vidare med ärendet. Då går det inte att ångra."
	case !is(last[0].ActorID, l.Actor):
		return "Bara den som gjorde det kan ångra."
	case now.Sub(last[0].At) > undoWindow, l.Case.RegisteredAt != nil && now.Sub(*l.Case.RegisteredAt) > undoWindow:
		return "Det har gått mer än tio minuter. Makulera ärendet om det blev fel."
	}
	return ""
}

func people(some ...*uuid.UUID) []uuid.UUID {
	var out []uuid.UUID
	for _, p := range some {
		if p != nil {
			out = append(out, *p)
		}
	}
	return out
}

// Queue is a page of what waits for the registrar, newest first as on the desk.
type Queue struct {
	Items           []CaseRow `json:"items"`
	Total           int       `json:"total" doc:"Så många väntar"`
	Held            int       `json:"held" doc:"Så många är undanlagda till en dag"`
	RegisteredToday int       `json:"registered_today"`
	NextCursor      *string   `json:"next_cursor"`
}

// Queue lists the received cases (T2's desk), or those set aside.
func (s *Service) Queue(ctx context.Context, actor authz.Actor, held bool, page PageIn) (Queue, error) {
	cfg, err := s.org.Config(ctx, actor.Scope())
	if err != nil {
		return Queue{}, err
	}
	scope := httpx.CursorScope{Tenant: actor.Tenant, User: actor.ID, Operation: "list-queue"}
	pos, err := s.cursors.Decode(scope, page.Cursor)
	if err != nil {
		return Queue{}, err
	}
	today := day(s.clock.Now())
	args := db.Args{"held": held, "today": today, "limit": page.Limit + 1, "before_at": time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), "before_id": uuid.Max}
	if pos != nil {
		args["before_at"], args["before_id"] = pos.At, pos.ID
	}
	var (
		b    db.Batch
		rows []listedRow
		n    queueCount
		done int
	)
	audit.Showing(ctx, &b, audit.Listing{
		Action: "list-queue", Kind: string(actor.Kind), SQL: listQueue, Args: args, ID: "id", Order: "received_at desc, id desc", Most: page.Limit,
	}, &rows)
	b.One(countQueue, db.Args{"today": today}, &n.Waiting, &n.Held)
	b.One(countRegisteredToday, db.Args{"since": today.Start(), "by": actor.ID}, &done)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return Queue{}, err
	}
	out := Queue{Items: []CaseRow{}, Total: n.Waiting, Held: n.Held, RegisteredToday: done}
	if len(rows) > page.Limit {
		rows = rows[:page.Limit]
		next := s.cursors.Encode(scope, httpx.Position{At: rows[page.Limit-1].ReceivedAt, ID: rows[page.Limit-1].ID})
		out.NextCursor = &next
	}
	for _, r := range rows {
		c := r.listed()
		due := cfg.Deadline(tenants.RuleRegister, c.ReceivedOn).DueOn
		c.DueOn = &due
		out.Items = append(out.Items, c.row(cfg, today))
	}
	return out, nil
}

// twins opens the places of those that may be the same thing, and says which are likely and why. Whose place was opened is logged.
func (s *Service) twins(ctx context.Context, actor authz.Actor, place string, found []twin) ([]Duplicate, error) {
	if len(found) == 0 {
		return []Duplicate{}, nil
	}
	var ids []uuid.UUID
	for i, t := range found {
		if t.Place == nil || place == "" || !t.SameUnit {
			continue
		}
		key, err := s.ring.OpenCaseKey(ctx, actor.Tenant, t.ID, t.Wrapped)
		if err != nil {
			continue // shredded: nothing is left to compare
		}
		theirs, err := key.Open("reports", "place_sealed", t.ID, t.Place)
		if err != nil {
			return nil, err
		}
		found[i].SamePlace = samePlace(place, theirs)
		ids = append(ids, t.ID)
	}
	out := likely(found)
	for _, d := range out {
		ids = append(ids, d.ID)
	}
	var b db.Batch
	audit.Record(ctx, &b, audit.Entry{Action: "list-duplicates", Shown: ids, Kind: string(actor.Kind)})
	return out, s.db.Once(ctx, actor.Scope(), &b)
}
