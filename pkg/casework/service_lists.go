package casework

import (
	"context"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/tenants"
)

// OpenConsultation is a question that waits for the actor's decision.
type OpenConsultation struct {
	ID          uuid.UUID `json:"id"`
	CaseID      uuid.UUID `json:"case_id"`
	Version     int       `json:"version" doc:"Ärendets version, till If-Match"`
	Reference   string    `json:"reference"`
	EntryNo     *string   `json:"entry_no"`
	Subject     *string   `json:"subject"`
	UnitName    *string   `json:"unit_name"`
	AskedByName string    `json:"asked_by_name"`
	AskedAt     time.Time `json:"asked_at"`
	Question    string    `json:"question"`
	DueText     string    `json:"due_text"`
}

// Consultations lists what managers below have asked the actor.
func (s *Service) Consultations(ctx context.Context, actor authz.Actor) ([]OpenConsultation, error) {
	cfg, err := s.org.Config(ctx, actor.Scope())
	if err != nil {
		return nil, err
	}
	var (
		b    db.Batch
		rows []openConsultationRow
	)
	audit.Showing(ctx, &b, audit.Listing{
		Action: "list-consultations", Kind: string(actor.Kind), SQL: listOpenConsultations, ID: "case_id", Order: "asked_at, id", Most: 200,
	}, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return nil, err
	}
	out := []OpenConsultation{}
	for _, r := range rows {
		key, err := s.ring.OpenCaseKey(ctx, actor.Tenant, r.CaseID, r.Wrapped)
		if err != nil {
			return nil, err
		}
		question, err := opened(key, "consultations", "question_sealed", r.ID, r.Question)
		if err != nil {
			return nil, err
		}
		due := cfg.Deadline(tenants.RuleConsult, day(r.AskedAt))
		out = append(out, OpenConsultation{
			ID: r.ID, CaseID: r.CaseID, Version: r.Version, Reference: r.Reference, EntryNo: r.EntryNo, Subject: r.Subject, UnitName: r.UnitName,
			AskedByName: r.AskedByName, AskedAt: r.AskedAt, Question: question, DueText: due.Left(s.clock.Now(), cfg.Calendar()),
		})
	}
	return out, nil
}

// MeasureList is a page of measures over cases.
type MeasureList struct {
	Items      []MeasureView `json:"items"`
	NextCursor *string       `json:"next_cursor"`
}

// MeasureFilter narrows the list of measures.
type MeasureFilter struct {
	Mine, Overdue bool
	Limit         int
	Cursor        string
}

// MeasureList lists decided measures in sight, by date.
func (s *Service) MeasureList(ctx context.Context, actor authz.Actor, f MeasureFilter) (MeasureList, error) {
	cfg, err := s.org.Config(ctx, actor.Scope())
	if err != nil {
		return MeasureList{}, err
	}
	scope := httpx.CursorScope{Tenant: actor.Tenant, User: actor.ID, Operation: "list-measures"}
	pos, err := s.cursors.Decode(scope, f.Cursor)
	if err != nil {
		return MeasureList{}, err
	}
	today := day(s.clock.Now())
	args := db.Args{
		"mine": f.Mine, "overdue": f.Overdue, "today": today, "limit": f.Limit + 1, "after_on": clock.MustDate("0001-01-01"), "after_id": uuid.Nil,
	}
	if pos != nil {
		args["after_on"], args["after_id"] = clock.DateIn(pos.At), pos.ID
	}
	var (
		b    db.Batch
		rows []measureListRow
	)
	audit.Showing(ctx, &b, audit.Listing{
		Action: "list-measures", Kind: string(actor.Kind), SQL: listMeasures, Args: args, ID: "case_id", Order: "due_on, id", Most: f.Limit,
	}, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return MeasureList{}, err
	}
	out := MeasureList{Items: []MeasureView{}}
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		last := rows[len(rows)-1]
		next := s.cursors.Encode(scope, httpx.Position{At: last.DueOn.At(12, 0), ID: last.ID})
		out.NextCursor = &next
	}
	may := func(p string) bool { return s.policy.May(actor, p) }
	for _, r := range rows {
		key, err := s.ring.OpenCaseKey(ctx, actor.Tenant, r.CaseID, r.Wrapped)
		if err != nil {
			return MeasureList{}, err
		}
		o := opener{key: key}
		at := Situation{Case: Case{ID: r.CaseID, State: r.State, HandlerID: r.HandlerID}, Actor: actor.ID, May: may}
		v := o.measure(r.measureView, at, cfg, today)
		if o.err != nil {
			return MeasureList{}, o.err
		}
		v.CaseReference, v.CaseSubject, v.UnitName = r.Reference, r.Subject, r.UnitName
		out.Items = append(out.Items, v)
	}
	return out, nil
}

// Reads lists everybody who looked at the case or tried to, newest first (SoLPuL 10 §). Looking at it is itself logged.
func (s *Service) Reads(ctx context.Context, actor authz.Actor, caseID uuid.UUID, limit int, cursor string) (audit.Readings, error) {
	scope := httpx.CursorScope{Tenant: actor.Tenant, User: actor.ID, Operation: "list-reads " + caseID.String()}
	pos, err := s.cursors.Decode(scope, cursor)
	if err != nil {
		return audit.Readings{}, err
	}
	l, err := s.followed(ctx, actor, caseID)
	if err != nil {
		return audit.Readings{}, err
	}
	var (
		b    db.Batch
		page audit.Page
		out  audit.Readings
	)
	audit.Record(ctx, &b, audit.Entry{Action: "list-reads", Case: l.Case.ID, Kind: string(actor.Kind)})
	audit.PageOfCase(&b, caseID, pos, limit, &page)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return out, err
	}
	items, last := page.Readings()
	out.Items = items
	if last != nil {
		next := s.cursors.Encode(scope, *last)
		out.NextCursor = &next
	}
	return out, nil
}

// followed reads the case for somebody who has a right to its course, and refuses everybody else.
func (s *Service) followed(ctx context.Context, actor authz.Actor, caseID uuid.UUID) (loaded, error) {
	var (
		b    db.Batch
		mine partRow
		l    loaded
	)
	id := db.Args{"id": caseID}
	db.First(&b, selectCase, id, &l.Case)
	db.First(&b, selectPart, id, &mine)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return l, err
	}
	l.Actor, l.May = actor.ID, func(p string) bool { return s.policy.May(actor, p) }
	return l, l.mayFollow(mine)
}

// HistoryItem is one event in the words of the screens.
type HistoryItem struct {
	At        time.Time `json:"at"`
	Text      string    `json:"text"`
	ActorName *string   `json:"actor_name"`
	Kind      string    `json:"kind"`
	Note      string    `json:"note"`
}

// History is everything that happened to the case and everybody who looked.
type History struct {
	Items []HistoryItem `json:"items"`
	Reads []audit.Read  `json:"reads"`
}

// eventTexts says each event in Swedish. Every kind an event can have stands here; a test compares.
var eventTexts = map[string]string{
	"case.reported": "Rapporten kom in", "case.registered": "Registrerad i diariet", "case.assigned": "Tilldelad chef",
	"case.assessment-started": "Bedömningen började", "case.classified": "Klassificerad", "case.consulted": "Närmaste chef tillfrågad (samråd)",
	"case.complexity-decided": "Avgjort: enkelt eller komplicerat", "case.investigation-started": "Utredning startad", "case.delegated": "Utredningen överlämnad",
	"case.paused": "Väntar på komplettering", "case.resumed": "Handläggningen fortsätter", "case.measures-planned": "Åtgärder beslutade",
	"case.replied": "Svar lämnat", "case.dispatched": "Går vidare till uppföljning", "case.fed-back": "Återföring till brukaren",
	"case.closed": "Avslutad", "case.reopened": "Öppnad igen", "case.voided": "Makulerad", "case.numbered": "Eget diarienummer", "case.acknowledged": "Bekräftelse lämnad",
	"case.message-sent": "Meddelande skrivet", "case.reassigned": "Ny handläggare", "case.consulted-anew": "Samrådsfrågan flyttad till den som är chef i dag",
	"case.taken-back": "Utredningen tillbaka hos handläggaren", "case.reporter-wrote": "Den som berättade skrev igen",
	"case.sent-to-board": "Skickad till nämnden för beslut", "case.referred": "Remiss registrerad", "case.board-decided": "Nämnden har beslutat",
	"case.board-dispatched": "Nämndens beslut expedierat", "case.handed-over": "Överlämnad till den som ansvarar", "case.lex-held": "Överlämnad till lex Sarah-ansvarig",
	"case.lex-declined": "Inte lex Sarah: tillbaka till chefen", "case.lex-returned": "Lex Sarah är beslutat: åter till verksamheten för uppföljning",
	"cause.added": "Orsak tillagd", "cause.removed": "Orsak borttagen", "cause.changed": "Orsak ändrad",
	"investigation.entry-added": "Händelse tillagd i förloppet", "investigation.completed": "Utredningen klarmarkerad", "investigation.unlocked": "Utredningen upplåst",
	"case.linked": "Förd till ett annat ärende", "case.joined": "En rapport fördes hit", "case.returned": "Skickad tillbaka till den som skrev",
	"case.asked-back": "Frågad om komplettering", "case.held": "Undanlagd på registratorns bord", "case.undone": "Registratorn ångrade",
	"measure.proposed": "Åtgärd föreslagen", "measure.decided": "Åtgärd beslutad", "measure.completed": "Åtgärd genomförd", "measure.followed-up": "Åtgärd uppföljd",
}

// History reads the case's events and reads. Reading it is itself logged.
func (s *Service) History(ctx context.Context, actor authz.Actor, caseID uuid.UUID) (History, error) {
	var (
		b    db.Batch
		keys []keyRow
		rows []eventRow
		out  = History{Items: []HistoryItem{}}
	)
	id := db.Args{"id": caseID}
	l, err := s.followed(ctx, actor, caseID)
	if err != nil {
		return History{}, err
	}
	// only now is anything read, and written down as read
	audit.Record(ctx, &b, audit.Entry{Action: "list-history", Case: caseID, Kind: string(actor.Kind)})
	db.Collect(&b, selectKey, id, &keys)
	db.Collect(&b, listEvents, id, &rows)
	audit.OfCase(&b, caseID, &out.Reads)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return out, err
	}
	if err := s.unlock(ctx, actor.Tenant, caseID, keys, &l.key); err != nil {
		return out, err
	}
	for _, r := range rows {
		note, err := opened(l.key, "case_events", "note_sealed", r.ID, r.Note)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, HistoryItem{At: r.At, Text: eventTexts[r.Kind], ActorName: r.ActorName, Kind: r.Kind, Note: note})
	}
	return out, nil
}
