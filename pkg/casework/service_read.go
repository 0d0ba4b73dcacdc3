package casework

import (
	"context"
	"encoding/json"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/seal"
)

// pageRows are the rows behind a case page, all from one round trip.
type pageRows struct {
	loaded
	main          mainRow
	consultations []consultationRow
	investigation []investigationRow
	course        []entryOfCourse
	causes        []causeRow
	measures      []measureView
	feedbacks     []feedbackRow
	messages      []messageRow
	ack           ackRows
	unregistered  int
	referral      []referralRow
	board         []boardRow
	duplicates    []twin
	links         []LinkView
	hold          []holdRow
}

func (r mainRow) keys() []keyRow {
	if r.Wrapped == nil {
		return nil
	}
	return []keyRow{{r.Wrapped}}
}

// Open reads a whole case. The read is logged in the same transaction; a case out of sight is missing.
func (s *Service) Open(ctx context.Context, actor authz.Actor, caseID uuid.UUID) (CaseView, error) {
	cfg, err := s.org.Config(ctx, actor.Scope())
	if err != nil {
		return CaseView{}, err
	}
	var (
		p pageRows
		b db.Batch
	)
	id := db.Args{"id": caseID}
	audit.Record(ctx, &b, audit.Entry{Action: "open-case", Case: caseID, Kind: string(actor.Kind)})
	db.First(&b, selectMain, id, &p.main)
	s.queueAbove(&b, actor, caseID, &p.Above)
	db.Collect(&b, selectConsultation, id, &p.consultations)
	db.Collect(&b, selectInvestigation, id, &p.investigation)
	db.Collect(&b, selectCourse, id, &p.course)
	db.Collect(&b, selectCauses, id, &p.causes)
	db.Collect(&b, selectMeasures, id, &p.measures)
	db.Collect(&b, selectFeedbacks, id, &p.feedbacks)
	db.Collect(&b, selectMessages, id, &p.messages)
	db.Collect(&b, selectAcknowledgement, id, (*[]ackRow)(&p.ack))
	b.One(countUnregistered, id, &p.unregistered)
	db.Collect(&b, selectReferral, id, &p.referral)
	db.Collect(&b, selectBoard, id, &p.board)
	db.Collect(&b, listLinks, id, &p.links)
	db.Collect(&b, selectHold, id, &p.hold)
	if s.policy.May(actor, "case:register") {
		db.Collect(&b, listDuplicates, id, &p.duplicates)
	}
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return CaseView{}, err
	}
	p.Case = p.main.Case
	p.Actor, p.May = actor.ID, func(perm string) bool { return s.policy.May(actor, perm) }
	p.Rules = cfg.Tenant.Decisions
	p.Facts = p.facts()
	if err := s.unlock(ctx, actor.Tenant, caseID, p.main.keys(), &p.key); err != nil {
		return CaseView{}, err
	}
	view, err := p.view(cfg, day(s.clock.Now()))
	if err == nil && p.Case.State == Received && s.policy.May(actor, "case:register") {
		view.Proposal, err = s.propose(ctx, actor, cfg, p, view.Report)
	}
	view.only(p.Situation, p.main.partRow)
	return view, err
}

// propose works out what the registrar's desk starts from. No manager to be found is an empty proposal, not an error.
func (s *Service) propose(ctx context.Context, actor authz.Actor, cfg org.Config, p pageRows, r ReportView) (*RegistrationProposal, error) {
	c := p.Case
	out := &RegistrationProposal{CaseType: typeFor(c), SecrecyLaw: cfg.Tenant.Secrecy.Law, SecrecyAuthority: cfg.Tenant.Secrecy.Authority}
	out.FileTitle = fileTitle(cfg, out.CaseType)
	if c.Category == nil && c.CategoryHSL == nil {
		out.Category, out.CategoryWord = categoryByWords(cfg, r.Narrative)
		c.Category, c.CategoryHSL = cfg.SplitCategory(out.Category)
	}
	out.SubjectSuggestions = subjects(cfg, out.CaseType, c)
	if c.UnitID != nil {
		if h, err := s.route(ctx, actor, p.loaded, *c.UnitID); err == nil {
			out.Handler, out.HandlerReason = &Ref{ID: h.PersonID, Name: h.Name}, h.Reason
		}
	}
	var err error
	out.PossibleDuplicates, err = s.twins(ctx, actor, r.Place, p.duplicates)
	return out, err
}

// List is a page of the inbox.
type List struct {
	Items      []CaseRow      `json:"items"`
	Counts     map[string]int `json:"counts" doc:"Antal öppna ärenden per grupp, och late = försenade"`
	Total      *int           `json:"total" doc:"Antal i den valda gruppen; okänt för avslutade"`
	NextCursor *string        `json:"next_cursor"`
}

// Filter is what the inbox shows.
type Filter struct {
	Group    Group
	UnitID   *uuid.UUID
	CaseType *string
	Category *string
	Late     bool
	Limit    int
	Cursor   string
}

// List lists cases in the actor's sight, open ones by deadline, closed ones newest first. The ids shown are logged.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (List, error) {
	cfg, err := s.org.Config(ctx, actor.Scope())
	if err != nil {
		return List{}, err
	}
	scope := httpx.CursorScope{Tenant: actor.Tenant, User: actor.ID, Operation: "list-cases " + string(f.Group)}
	pos, err := s.cursors.Decode(scope, f.Cursor)
	if err != nil {
		return List{}, err
	}
	states, open := f.states()
	today := day(s.clock.Now())
	args := db.Args{
		"states": states, "unit_id": f.UnitID, "case_type": f.CaseType, "category": f.Category, "limit": f.Limit + 1, "late": f.Late,
	}
	list := audit.Listing{Action: "list-cases", Kind: string(actor.Kind), SQL: listAllCases, Args: args, ID: "id", Order: "received_at desc, id desc", Most: f.Limit}
	if open {
		list.SQL, list.Order = listOpenCases, "due_on, id"
		args["today"] = today
		args["after_on"], args["after_id"] = clock.MustDate("0001-01-01"), uuid.Nil
		if pos != nil {
			args["after_on"], args["after_id"] = clock.DateIn(pos.At), pos.ID
		}
	} else {
		args["before_at"], args["before_id"] = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max
		if pos != nil {
			args["before_at"], args["before_id"] = pos.At, pos.ID
		}
	}
	var (
		b      db.Batch
		rows   []listedRow
		counts []countRow
	)
	audit.Showing(ctx, &b, list, &rows)
	db.Collect(&b, countCases, db.Args{"today": today}, &counts)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return List{}, err
	}
	out := List{Items: []CaseRow{}, Counts: tally(counts)}
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		last := rows[len(rows)-1]
		at := last.ReceivedAt
		if open && last.DueOn != nil {
			at = last.DueOn.At(12, 0)
		}
		next := s.cursors.Encode(scope, httpx.Position{At: at, ID: last.ID})
		out.NextCursor = &next
	}
	if n, known := out.Counts[string(f.Group)]; known {
		out.Total = &n
	}
	for _, r := range rows {
		out.Items = append(out.Items, r.listed().row(cfg, today))
	}
	return out, nil
}

func (f Filter) states() (states []State, open bool) {
	if f.Group == GroupEverything {
		for _, g := range []Group{GroupNew, GroupAssessing, GroupInvestig, GroupMeasures, GroupWaiting} {
			states = append(states, Groups[g]...)
		}
		return states, true
	}
	return Groups[f.Group], f.Group != GroupClosed
}

func tally(rows []countRow) map[string]int {
	out := map[string]int{"late": 0, string(GroupEverything): 0}
	for g, states := range Groups {
		if g == GroupClosed {
			continue
		}
		out[string(g)] = 0
		for _, r := range rows {
			if in(r.State, states) {
				out[string(g)] += r.N
				out[string(GroupEverything)] += r.N
				out["late"] += r.Late
			}
		}
	}
	return out
}

// OwnReport is a report as the person who made it follows it.
type OwnReport struct {
	ID         uuid.UUID  `json:"id"`
	Reference  string     `json:"reference"`
	ReceivedAt time.Time  `json:"received_at"`
	FirstWords string     `json:"first_words"`
	UnitName   *string    `json:"unit_name"`
	State      State      `json:"state"`
	StateText  string     `json:"state_text"`
	Feedback   []OwnReply `json:"feedback"`
}

// OwnReply is what the manager wrote back.
type OwnReply struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// OwnReports is a page of them.
type OwnReports struct {
	Items      []OwnReport `json:"items"`
	NextCursor *string     `json:"next_cursor"`
}

// Own lists the actor's own reports and what came of them: the thing that keeps people reporting.
func (s *Service) Own(ctx context.Context, actor authz.Actor, limit int, cursor string) (OwnReports, error) {
	scope := httpx.CursorScope{Tenant: actor.Tenant, User: actor.ID, Operation: "list-own-reports"}
	pos, err := s.cursors.Decode(scope, cursor)
	if err != nil {
		return OwnReports{}, err
	}
	args := db.Args{"before_at": time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), "before_id": uuid.Max, "limit": limit + 1}
	if pos != nil {
		args["before_at"], args["before_id"] = pos.At, pos.ID
	}
	var (
		b       db.Batch
		rows    []ownRow
		replies []ownReplyRow
	)
	audit.Showing(ctx, &b, audit.Listing{
		Action: "list-own-reports", Kind: string(actor.Kind), SQL: listOwn, Args: args, ID: "id", Order: "received_at desc, id desc", Most: limit,
	}, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return OwnReports{}, err
	}
	out := OwnReports{Items: []OwnReport{}}
	if len(rows) > limit {
		rows = rows[:limit]
		next := s.cursors.Encode(scope, httpx.Position{At: rows[limit-1].ReceivedAt, ID: rows[limit-1].ID})
		out.NextCursor = &next
	}
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	b = db.Batch{}
	db.Collect(&b, listOwnReplies, db.Args{"ids": ids}, &replies)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return OwnReports{}, err
	}
	for _, r := range rows {
		item, err := s.ownReport(ctx, actor.Tenant, r, replies)
		if err != nil {
			return OwnReports{}, err
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

func (s *Service) ownReport(ctx context.Context, tenant uuid.UUID, r ownRow, replies []ownReplyRow) (OwnReport, error) {
	item := OwnReport{ID: r.ID, Reference: r.Reference, ReceivedAt: r.ReceivedAt, UnitName: r.UnitName, State: r.State, StateText: r.State.Text(), Feedback: []OwnReply{}}
	if r.Joined {
		item.StateText = "Hör ihop med ett ärende som redan finns"
	}
	key, err := s.ring.OpenCaseKey(ctx, tenant, r.ID, r.Wrapped)
	if err != nil {
		return item, err
	}
	text, err := key.Open("reports", "narrative_sealed", r.ID, r.Narrative)
	if err != nil {
		return item, err
	}
	item.FirstWords = firstWords(text, 80)
	for _, g := range replies {
		if g.CaseID != r.ID {
			continue
		}
		body, err := key.Open("messages", "body_sealed", g.ID, g.Body)
		if err != nil {
			return item, err
		}
		item.Feedback = append(item.Feedback, OwnReply{At: g.At, Text: body})
	}
	return item, nil
}

// firstWords cuts a text at a word's end.
func firstWords(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	cut, n := 0, 0
	for i, r := range text {
		if n == most {
			break
		}
		if r == ' ' || r == '\n' {
			cut = i
		}
		n++
	}
	if cut == 0 {
		return string([]rune(text)[:most]) + "…"
	}
	return text[:cut] + "…"
}

func openContact(k *seal.CaseKey, caseID uuid.UUID, sealedText []byte) (*Contact, error) {
	text, err := opened(k, "reports", "contact_sealed", caseID, sealedText)
	if err != nil || text == "" {
		return nil, err
	}
	var c Contact
	return &c, json.Unmarshal([]byte(text), &c)
}
