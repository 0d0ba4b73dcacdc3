package lexsarah

import (
	"context"

	"lyhord/pkg/casework"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
)

// IVOEntry is a contact with IVO: reported, supplemented, or closed by IVO.
type IVOEntry struct {
	Kind       string
	On         clock.Date
	DNR        string // IVO's own number
	Delegation string // under which delegation it was reported
	Note       string
}

// LogIVO writes the log and moves the track where it can move: what was sent cannot be changed, so neither can the log.
func (s *Service) LogIVO(ctx context.Context, actor authz.Actor, at At, e IVOEntry) error {
	l, err := s.allowed(ctx, actor, at, "log-ivo")
	if err != nil {
		return err
	}
	if err := s.checkIVO(l, e); err != nil {
		return err
	}
	m := move{Kind: "lex.ivo-" + map[string]string{Notified: "notified", Supplemented: "supplemented", ClosedByIVO: "closed"}[e.Kind], Set: map[string]any{}}
	to := map[string]Step{Notified: IVONotified, Supplemented: IVOSupplemented, ClosedByIVO: IVOClosed}[e.Kind]
	if _, legal := between(l.Track.Step, to); legal {
		m.To = to
	}
	if e.Kind == Notified {
		m.Set["ivo_on"] = e.On
	}
	id := s.d.IDs.New()
	args := db.Args{"id": id, "case_id": at.Case, "kind": e.Kind, "on": e.On, "dnr": nil, "at": s.d.Clock.Now(), "by": actor.ID, "delegation": nil, "note": nil}
	if e.DNR != "" {
		args["dnr"] = e.DNR
	}
	if e.Delegation != "" {
		args["delegation"] = l.key.Seal("lex_ivo", "delegation_sealed", id, e.Delegation)
	}
	if e.Note != "" {
		args["note"] = l.key.Seal("lex_ivo", "note_sealed", id, e.Note)
	}
	m.More = func(b *db.Batch) {
		b.Exec(insertIVO, args)
		if e.Kind == Notified {
			jobs.CancelTimers(b, at.Case, jobs.DeadlineLexIVOLate)
		}
	}
	return s.write(ctx, actor, l, m)
}

func (s *Service) checkIVO(l loaded, e IVOEntry) error {
	var wrong []problem.FieldError
	switch {
	case e.Kind == Notified && l.Track.IVOOn != nil:
		wrong = append(wrong, problem.Field("/kind", "Anmälan är redan antecknad. Välj komplettering om ni har skickat mer."))
	case e.Kind != Notified && l.Track.IVOOn == nil:
		wrong = append(wrong, problem.Field("/kind", "Anteckna anmälan först."))
	}
	if e.Kind == Notified && e.Delegation == "" {
		wrong = append(wrong, problem.Field("/delegation", "Skriv med stöd av vilken delegation anmälan är beslutad."))
	}
	if e.On.After(s.today()) {
		wrong = append(wrong, problem.Field("/happened_on", "Datumet ligger i framtiden."))
	}
	if len(wrong) > 0 {
		return problem.Invalid(wrong...)
	}
	return nil
}

// Handback is what the unit and the one who reported are told when lex Sarah is done.
type Handback struct {
	To     string // UNIT or BOARD
	ToUnit string // what was found and has to be followed up
	Answer string // to the one who reported; empty where there is nobody
}

// Return is L12 and T25: the label is lifted, the unit's manager gets the case back with what she has to follow up, and the
// measures are hers. A case the board is to have goes there first.
func (s *Service) Return(ctx context.Context, actor authz.Actor, at At, h Handback) error {
	l, err := s.allowed(ctx, actor, at, "return-lex")
	if err != nil {
		return err
	}
	to := casework.Dispatching
	if h.To == "BOARD" {
		to = casework.Board
	}
	return s.d.Cases.LeaveLex(ctx, actor, casework.LexExit{
		Case: at.Case, To: to, Former: l.Track.FormerHandler, Note: h.ToUnit, Answer: h.Answer,
		More: func(b *db.Batch) {
			s.queue(b, actor, l, move{To: Returned, Kind: "lex.returned", Set: map[string]any{"returned_at": s.d.Clock.Now()}, Note: h.ToUnit})
			b.Exec(releaseStub, db.Args{"id": at.Case, "at": s.d.Clock.Now()})
		},
	})
}

// Close is L13: the unit has followed up and closed its case.
func (s *Service) Close(ctx context.Context, actor authz.Actor, at At) error {
	l, err := s.allowed(ctx, actor, at, "close-lex")
	if err != nil {
		return err
	}
	return s.write(ctx, actor, l, move{To: Closed, Kind: "lex.closed", Set: map[string]any{"closed_at": s.d.Clock.Now()}})
}
