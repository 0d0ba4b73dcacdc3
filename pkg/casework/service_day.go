package casework

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/tenants"
)

// Task is one thing that waits for a person: what to do, with which case, by when. It holds the neutral subject and no word
// of what was told.
type Task struct {
	Kind     string      `json:"kind" enum:"REGISTRERA,BEKRAFTA,NUMMER,BEDOM,HANDLAGG,SVARA_FRAGA,AVGOR,UTRED,ATGARDA,FOLJ_UPP,AVSLUTA,NAMND,LEX,LAS_SVAR"`
	Text     string      `json:"text" doc:"Vad som ska göras, i ord"`
	Place    string      `json:"place" enum:"case,desk,consultations,measures,mine" doc:"Var det görs"`
	CaseID   uuid.UUID   `json:"case_id"`
	Number   string      `json:"number"`
	Subject  *string     `json:"subject"`
	UnitName *string     `json:"unit_name"`
	DueOn    *clock.Date `json:"due_on"`
	DueText  string      `json:"due_text"`
	Late     bool        `json:"late"`
	Today    bool        `json:"today"`
	New      bool        `json:"new" doc:"Har kommit sedan du tittade senast"`
}

// DayCounts are over everything that waits, not only the page.
type DayCounts struct {
	Late  int `json:"late" db:"late"`
	Today int `json:"today" db:"today"`
	Later int `json:"later" db:"later"`
	New   int `json:"new" db:"fresh"`
}

// Day is what waits for a person, the most urgent first.
type Day struct {
	On         clock.Date `json:"on"`
	Counts     DayCounts  `json:"counts"`
	Items      []Task     `json:"items"`
	NextCursor *string    `json:"next_cursor"`
}

// tasks are the words of each kind and the place where it is done.
var tasks = map[string]struct{ text, place string }{
	"REGISTRERA":  {"Registrera", "desk"},
	"BEKRAFTA":    {"Ring eller skriv att det har kommit fram", "case"},
	"NUMMER":      {"Ge eget diarienummer", "case"},
	"BEDOM":       {"Börja bedöma", "case"},
	"HANDLAGG":    {"Handlägg och svara", "case"},
	"SVARA_FRAGA": {"Läs vad den som berättade har skrivit", "case"},
	"AVGOR":       {"Avgör: enkelt eller komplicerat", "consultations"},
	"UTRED":       {"Utred", "case"},
	"ATGARDA":     {"Genomför åtgärden", "measures"},
	"FOLJ_UPP":    {"Följ upp om åtgärden hjälpte", "case"},
	"AVSLUTA":     {"Följ upp och avsluta", "case"},
	"NAMND":       {"Bered till nämnden", "case"},
	"LEX":         {"Handlägg enligt lex Sarah", "case"},
	"LAS_SVAR":    {"Läs vad din rapport ledde till", "mine"},
}

// dayBack is how far back a rule is counted day by day; what is older is late whatever the rule says.
const dayBack = 130

// DayPage is which part of the day is asked for.
type DayPage struct {
	Limit  int
	Cursor string
}

// Day reads what waits for the actor, whatever her roles: one statement over the same indexes as the lists. A thing that is
// done is not in it any more.
func (s *Service) Day(ctx context.Context, actor authz.Actor, f DayPage) (Day, error) {
	cfg, err := s.org.Config(ctx, actor.Scope())
	if err != nil {
		return Day{}, err
	}
	scope := httpx.CursorScope{Tenant: actor.Tenant, User: actor.ID, Operation: "read-day"}
	pos, err := s.cursors.Decode(scope, f.Cursor)
	if err != nil {
		return Day{}, err
	}
	now := s.clock.Now()
	out := Day{On: day(now), Items: []Task{}}
	args := s.dayArgs(actor, cfg, now)
	args["limit"], args["after_on"], args["after_id"] = f.Limit+1, clock.MustDate("0001-01-01"), uuid.Nil
	if pos != nil {
		args["after_on"], args["after_id"] = clock.DateIn(pos.At), pos.ID
	}
	var (
		b    db.Batch
		rows []taskRow
	)
	if actor.Kind == authz.Person {
		b.Exec(visitDay, db.Args{"now": now})
	}
	db.Collect(&b, selectDay, args, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return Day{}, err
	}
	if len(rows) > 0 {
		out.Counts = DayCounts{Late: rows[0].Late, Today: rows[0].Today, Later: rows[0].Later, New: rows[0].Fresh}
	}
	rows = slices.DeleteFunc(rows, func(r taskRow) bool { return r.CaseID == nil }) // the counts alone
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		last := rows[len(rows)-1]
		next := s.cursors.Encode(scope, httpx.Position{At: last.SortOn.At(12, 0), ID: last.ID})
		out.NextCursor = &next
	}
	ids := []uuid.UUID{}
	for _, r := range rows {
		out.Items = append(out.Items, r.task(cfg, out.On))
		ids = append(ids, *r.CaseID)
	}
	var log db.Batch
	audit.Record(ctx, &log, audit.Entry{Action: "read-day", Shown: ids, Kind: string(actor.Kind)})
	return out, s.db.Once(ctx, actor.Scope(), &log)
}

// dayArgs are the rules as the statement needs them: for each day that something may have begun, the day it is due.
func (s *Service) dayArgs(actor authz.Actor, cfg org.Config, now time.Time) db.Args {
	today := day(now)
	var begun, register, start, consult, follow []clock.Date
	for n := range dayBack {
		on := today.AddDays(-n)
		begun, register = append(begun, on), append(register, cfg.Deadline(tenants.RuleRegister, on).DueOn)
		start = append(start, cfg.Deadline(tenants.RuleDeviationStart, on).DueOn)
		consult = append(consult, cfg.Deadline(tenants.RuleConsult, on).DueOn)
		follow = append(follow, cfg.Deadline(tenants.RuleFollowUp, on).DueOn)
	}
	return db.Args{
		"now": now, "on": today, "begun": begun, "register": register, "start": start, "consult": consult, "follow": follow,
		"registrar": s.policy.May(actor, "register:queue"), "office": actor.Has("kanslisekreterare"),
		"lex": actor.Has("lex_ansvarig") || actor.Has("lex_utredare"),
	}
}

// task is the row in words.
func (r taskRow) task(cfg org.Config, today clock.Date) Task {
	t := Task{
		Kind: *r.Kind, Text: tasks[*r.Kind].text, Place: tasks[*r.Kind].place, CaseID: *r.CaseID, Number: deref(r.Number), Subject: r.Subject,
		UnitName: r.UnitName, DueOn: r.DueOn, New: r.New,
	}
	if r.DueOn != nil {
		t.DueText, t.Late, t.Today = cfg.DueText(*r.DueOn, today), r.DueOn.Before(today), *r.DueOn == today
	}
	return t
}
