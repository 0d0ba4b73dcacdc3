package lexsarah

import (
	"context"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/casework"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/seal"
	"lyhord/tenants"
)

// Row is a track in the list: numbers, dates and codes, nothing that was told.
type Row struct {
	CaseID           uuid.UUID   `json:"case_id"`
	Reference        string      `json:"reference"`
	EntryNo          *string     `json:"entry_no"`
	OwnDNR           *string     `json:"own_dnr"`
	Subject          *string     `json:"subject"`
	UnitName         *string     `json:"unit_name"`
	Step             Step        `json:"step"`
	StepText         string      `json:"step_text"`
	HeldAt           time.Time   `json:"held_at"`
	InvestigatorName *string     `json:"investigator_name"`
	Degree           *string     `json:"degree"`
	DueOn            *clock.Date `json:"due_on"`
	DueText          string      `json:"due_text"`
	Late             bool        `json:"late"`
}

// List is a page of tracks.
type List struct {
	Items      []Row   `json:"items"`
	NextCursor *string `json:"next_cursor"`
}

// due is the limit that matters at this step, and what is left of it.
func (t Track) due(cfg org.Config, today clock.Date) (on *clock.Date, text string, late bool) {
	switch t.Step {
	case Reported, Immediate, Initial:
		on = t.StartDueOn
	case Investigating, Proposal:
		on = t.DoneDueOn
	case Decided:
		on = t.IVODueOn
	}
	if on == nil {
		return nil, "", false
	}
	return on, cfg.DueText(*on, today), on.Before(today)
}

func (t Track) row(cfg org.Config, today clock.Date) Row {
	r := Row{
		CaseID: t.CaseID, Reference: t.Reference, EntryNo: t.EntryNo, OwnDNR: t.OwnDNR, Subject: t.Subject, UnitName: t.UnitName, Step: t.Step,
		StepText: t.Step.Text(), HeldAt: t.HeldAt, InvestigatorName: t.InvestigatorName, Degree: t.Degree,
	}
	r.DueOn, r.DueText, r.Late = t.due(cfg, today)
	return r
}

// List lists the tracks the actor works with, newest first: open ones, or those that are done.
func (s *Service) List(ctx context.Context, actor authz.Actor, done bool, limit int, cursor string) (List, error) {
	cfg, err := s.d.Org.Config(ctx, actor.Scope())
	if err != nil {
		return List{}, err
	}
	scope := httpx.CursorScope{Tenant: actor.Tenant, User: actor.ID, Operation: "list-lex"}
	pos, err := s.d.Cursors.Decode(scope, cursor)
	if err != nil {
		return List{}, err
	}
	args := db.Args{"done": done, "before_at": time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), "before_id": uuid.Max, "limit": limit + 1}
	if pos != nil {
		args["before_at"], args["before_id"] = pos.At, pos.ID
	}
	var (
		b    db.Batch
		rows []Track
	)
	db.Collect(&b, listTracks, args, &rows)
	if err := s.d.DB.Once(ctx, actor.Scope(), &b); err != nil {
		return List{}, err
	}
	out := List{Items: []Row{}}
	if len(rows) > limit {
		rows = rows[:limit]
		next := s.d.Cursors.Encode(scope, httpx.Position{At: rows[limit-1].HeldAt, ID: rows[limit-1].CaseID})
		out.NextCursor = &next
	}
	ids := []uuid.UUID{}
	for _, t := range rows {
		out.Items = append(out.Items, t.row(cfg, s.today()))
		ids = append(ids, t.CaseID)
	}
	return out, s.logShown(ctx, actor, "list-lex", ids)
}

func (s *Service) logShown(ctx context.Context, actor authz.Actor, action string, ids []uuid.UUID) error {
	var b db.Batch
	audit.Record(ctx, &b, audit.Entry{Action: action, Shown: ids, Kind: string(actor.Kind)})
	return s.d.DB.Once(ctx, actor.Scope(), &b)
}

// Held lists the cases that the actor had and that are with lex Sarah now: the number, and that it is there.
func (s *Service) Held(ctx context.Context, actor authz.Actor) ([]Stub, error) {
	var (
		b   db.Batch
		out []Stub
	)
	db.Collect(&b, listStubs, nil, &out)
	if err := s.d.DB.Once(ctx, actor.Scope(), &b); err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(out))
	for i, stub := range out {
		ids[i] = stub.ID
	}
	return out, s.logShown(ctx, actor, "list-held", ids)
}

// OpenHeld is one of them; a case that is not with lex Sarah, or was never the actor's, is missing.
func (s *Service) OpenHeld(ctx context.Context, actor authz.Actor, caseID uuid.UUID) (Stub, error) {
	var (
		b   db.Batch
		out Stub
	)
	db.First(&b, selectStub, db.Args{"id": caseID}, &out)
	if err := s.d.DB.Once(ctx, actor.Scope(), &b); err != nil {
		return out, err
	}
	return out, s.logShown(ctx, actor, "open-held", []uuid.UUID{caseID})
}

// Person is somebody who may investigate.
type Person struct {
	ID    uuid.UUID `db:"id" json:"id"`
	Name  string    `db:"name" json:"name"`
	Title string    `db:"title" json:"title"`
}

// Investigators are who may investigate under lex Sarah.
func (s *Service) Investigators(ctx context.Context, actor authz.Actor) ([]Person, error) {
	var (
		b   db.Batch
		out []Person
	)
	db.Collect(&b, listInvestigators, nil, &out)
	return out, s.d.DB.Once(ctx, actor.Scope(), &b)
}

// View is the whole track as its page shows it.
type View struct {
	Row
	Version        int               `json:"version" doc:"Skickas i If-Match vid varje ändring"`
	CaseState      casework.State    `json:"case_state"`
	CaseStateText  string            `json:"case_state_text"`
	Lagrum         []string          `json:"lagrum"`
	HasUnit        bool              `json:"has_unit"`
	Registered     bool              `json:"registered"`
	Report         ReportView        `json:"report"`
	Reason         string            `json:"reason" doc:"Varför ärendet lämnades till lex Sarah"`
	HeldByName     *string           `json:"held_by_name"`
	ReporterName   *string           `json:"reporter_name"`
	SenderRole     string            `json:"sender_role"`
	CaseReceivedAt time.Time         `json:"case_received_at"`
	CaseHappenedAt *time.Time        `json:"case_happened_at"`
	ReceivedAt     *time.Time        `json:"received_at"`
	ReceivedByName *string           `json:"received_by_name"`
	HappenedOn     *clock.Date       `json:"happened_on"`
	What           string            `json:"what"`
	ImmediateAt    *time.Time        `json:"immediate_at"`
	Immediate      string            `json:"immediate"`
	Assessment     *string           `json:"assessment"`
	AssessmentText string            `json:"assessment_text"`
	AssessedAt     *time.Time        `json:"assessed_at"`
	InvestigatorID *uuid.UUID        `json:"investigator_id"`
	Kinds          []string          `json:"kinds"`
	IndividualTold *string           `json:"individual_informed"`
	RelativesTold  *string           `json:"relatives_informed"`
	PoliceReport   *string           `json:"police_report"`
	Personakt      *string           `json:"personakt"`
	Items          []Item            `json:"items" doc:"Det som dokumentationen ska visa (SOSFS 2011:5, 5 kap.)"`
	Missing        []string          `json:"missing" doc:"Vad som saknas innan utredningen är klar"`
	ProposedDegree *string           `json:"proposed_degree"`
	Proposal       string            `json:"proposal"`
	ProposedByName *string           `json:"proposed_by_name"`
	ProposedAt     *time.Time        `json:"proposed_at"`
	Decision       string            `json:"decision"`
	Delegation     string            `json:"delegation"`
	DecidedByName  *string           `json:"decided_by_name"`
	DecidedAt      *time.Time        `json:"decided_at"`
	Serious        bool              `json:"serious" doc:"Ska anmälas till IVO"`
	IVODueOn       *clock.Date       `json:"ivo_due_on"`
	IVOOn          *clock.Date       `json:"ivo_on"`
	IVO            []IVOView         `json:"ivo"`
	ReturnedAt     *time.Time        `json:"returned_at"`
	ClosedAt       *time.Time        `json:"closed_at"`
	Log            []LogView         `json:"log"`
	Actions        []casework.Action `json:"actions"`
}

// ReportView is the reporter's own words.
type ReportView struct {
	Narrative     string `json:"narrative"`
	Place         string `json:"place"`
	DirectMeasure string `json:"direct_measure"`
	People        string `json:"people"`
}

// Item is one thing the documentation must show, with what has been written about it.
type Item struct {
	Code    string      `json:"code"`
	Label   string      `json:"label"`
	Needed  bool        `json:"needed"`
	Entries []EntryView `json:"entries"`
}

// EntryView is an addition to the investigation.
type EntryView struct {
	ID           uuid.UUID   `json:"id"`
	Kind         string      `json:"kind" enum:"FAKTA,BEDOMNING"`
	HappenedOn   *clock.Date `json:"happened_on"`
	DocumentedAt time.Time   `json:"documented_at"`
	AuthorName   string      `json:"author_name"`
	AuthorTitle  string      `json:"author_title"`
	Source       string      `json:"source"`
	Text         string      `json:"text"`
}

// IVOView is a contact with IVO.
type IVOView struct {
	ID         uuid.UUID  `json:"id"`
	Kind       string     `json:"kind"`
	HappenedOn clock.Date `json:"happened_on"`
	DNR        *string    `json:"ivo_dnr"`
	LoggedAt   time.Time  `json:"logged_at"`
	LoggedBy   string     `json:"logged_by_name"`
	Delegation string     `json:"delegation"`
	Note       string     `json:"note"`
}

// LogView is what happened in the track.
type LogView struct {
	At        time.Time `json:"at"`
	Text      string    `json:"text"`
	ActorName *string   `json:"actor_name"`
	Note      string    `json:"note"`
}

var logTexts = map[string]string{
	"lex.held": "Lämnad till lex Sarah-ansvarig", "lex.received": "Rapporten mottagen", "lex.acted-at-once": "Omedelbara åtgärder antecknade",
	"lex.assessed": "Första bedömning: ska utredas", "lex.declined": "Inte lex Sarah: tillbaka till chefen", "lex.delegated": "Utredare vald",
	"lex.entry-added": "Anteckning i utredningen", "lex.facts-saved": "Frågorna besvarade", "lex.proposed": "Utredningen klar, förslag lämnat",
	"lex.sent-back": "Ska utredas mer", "lex.decided": "Beslutad", "lex.ivo-notified": "Anmäld till IVO", "lex.ivo-supplemented": "Kompletterad till IVO",
	"lex.ivo-closed": "Avslutad av IVO", "lex.returned": "Tillbaka till verksamheten för uppföljning", "lex.closed": "Avslutad",
	"lex.package-fetched": "Underlag till IVO hämtat",
}

// Open reads a whole track. The read is logged in the same transaction.
func (s *Service) Open(ctx context.Context, actor authz.Actor, caseID uuid.UUID) (View, error) {
	l, err := s.load(ctx, actor, caseID, "open-lex")
	if err != nil {
		return View{}, err
	}
	return l.view(s.today())
}

// opener unseals text after text and keeps the first failure.
type opener struct {
	key *seal.CaseKey
	err error
}

func (o *opener) text(table, column string, row uuid.UUID, sealed []byte) string {
	if o.err != nil || sealed == nil {
		return ""
	}
	text, err := o.key.Open(table, column, row, sealed)
	o.err = err
	return text
}

func (l loaded) view(today clock.Date) (View, error) {
	t, o := l.Track, &opener{key: l.key}
	own := func(column string, sealed []byte) string { return o.text("lex_cases", column, t.CaseID, sealed) }
	v := View{
		Row: t.row(l.cfg, today), Version: t.Version, CaseState: t.CaseState, CaseStateText: t.CaseState.Text(), Lagrum: t.Lagrum,
		HasUnit: t.UnitID != nil, Registered: t.RegisteredAt != nil, Reason: own("reason_sealed", t.Reason), HeldByName: t.HeldByName,
		ReporterName: t.ReporterName, SenderRole: l.cfg.CodeLabel(tenants.ListSenderRole, t.SenderRole), CaseReceivedAt: t.CaseReceivedAt,
		CaseHappenedAt: t.CaseHappenedAt, ReceivedAt: t.ReceivedAt, ReceivedByName: t.ReceivedByName, HappenedOn: t.HappenedOn,
		What: own("what_sealed", t.What), ImmediateAt: t.ImmediateAt, Immediate: own("immediate_sealed", t.Immediate), Assessment: t.Assessment,
		AssessmentText: own("assessment_sealed", t.AssessmentText), AssessedAt: t.AssessedAt, InvestigatorID: t.InvestigatorID, Kinds: t.Kinds,
		IndividualTold: t.IndividualTold, RelativesTold: t.RelativesTold, PoliceReport: t.PoliceReport, Personakt: t.Personakt, Missing: l.Missing,
		ProposedDegree: t.ProposedDegree, Proposal: own("proposal_sealed", t.Proposal), ProposedByName: t.ProposedByName, ProposedAt: t.ProposedAt,
		Decision: own("decision_sealed", t.Decision), Delegation: own("delegation_sealed", t.Delegation), DecidedByName: t.DecidedByName,
		DecidedAt: t.DecidedAt, Serious: serious(t.Degree), IVODueOn: t.IVODueOn, IVOOn: t.IVOOn, ReturnedAt: t.ReturnedAt, ClosedAt: t.ClosedAt,
		IVO: []IVOView{}, Log: []LogView{}, Actions: l.Actions(),
	}
	for _, r := range l.report {
		v.Report = ReportView{
			Narrative: o.text("reports", "narrative_sealed", t.CaseID, r.Narrative), Place: o.text("reports", "place_sealed", t.CaseID, r.Place),
			DirectMeasure: o.text("reports", "measure_sealed", t.CaseID, r.Measure), People: o.text("reports", "people_sealed", t.CaseID, r.People),
		}
	}
	v.Items = o.items(l.entries)
	for _, i := range l.ivo {
		v.IVO = append(v.IVO, IVOView{
			ID: i.ID, Kind: i.Kind, HappenedOn: i.HappenedOn, DNR: i.IVODNR, LoggedAt: i.LoggedAt, LoggedBy: i.LoggedBy,
			Delegation: o.text("lex_ivo", "delegation_sealed", i.ID, i.Delegation), Note: o.text("lex_ivo", "note_sealed", i.ID, i.Note),
		})
	}
	for _, x := range l.steps {
		v.Log = append(v.Log, LogView{At: x.At, Text: logTexts[x.Kind], ActorName: x.ActorName, Note: o.text("lex_steps", "note_sealed", x.ID, x.Note)})
	}
	return v, o.err
}

func (o *opener) items(entries []entryRow) []Item {
	out := []Item{}
	for _, i := range items {
		it := Item{Code: i.code, Label: i.label, Needed: i.missing != "", Entries: []EntryView{}}
		for _, e := range entries {
			if e.Item == i.code {
				it.Entries = append(it.Entries, EntryView{
					ID: e.ID, Kind: e.Kind, HappenedOn: e.HappenedOn, DocumentedAt: e.DocumentedAt, AuthorName: e.AuthorName, AuthorTitle: e.AuthorTitle,
					Source: o.text("lex_entries", "source_sealed", e.ID, e.Source), Text: o.text("lex_entries", "text_sealed", e.ID, e.Text),
				})
			}
		}
		out = append(out, it)
	}
	return out
}
