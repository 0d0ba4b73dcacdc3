package audit

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/seal"
)

// Sample is a reading that a rule drew, and what was made of it.
type Sample struct {
	ID         uuid.UUID  `json:"id"`
	Rule       string     `json:"rule"`
	RuleText   string     `json:"rule_text" doc:"Varför läsningen drogs"`
	DrawnAt    time.Time  `json:"drawn_at"`
	At         time.Time  `json:"at" doc:"När läsningen skedde"`
	ActorID    *uuid.UUID `json:"actor_id"`
	ActorName  *string    `json:"actor_name"`
	ActorTitle *string    `json:"actor_title"`
	Text       string     `json:"text"`
	Number     *string    `json:"number" doc:"Ärendets nummer"`
	Decision   *string    `json:"decision" enum:"OK,FOLJ_UPP,INCIDENT"`
	Note       string     `json:"note"`
	DecidedAt  *time.Time `json:"decided_at"`
	DecidedBy  *string    `json:"decided_by"`
}

// Samples is a page of them.
type Samples struct {
	Items      []Sample `json:"items"`
	NextCursor *string  `json:"next_cursor"`
}

// Samples lists those that wait for a decision (open) or have one, the latest drawn first. That they were read is logged.
func (s *Service) Samples(ctx context.Context, actor authz.Actor, open bool, limit int, cursor string) (Samples, error) {
	scope := httpx.CursorScope{Tenant: actor.Tenant, User: actor.ID, Operation: "list-log-samples"}
	pos, err := s.cursors.Decode(scope, cursor)
	if err != nil {
		return Samples{}, err
	}
	args := db.Args{"open": open, "limit": limit + 1}
	before(args, pos)
	var (
		b    db.Batch
		rows []sampleRow
		out  = Samples{Items: []Sample{}}
	)
	Record(ctx, &b, Entry{Action: "list-log-samples", Kind: string(actor.Kind)})
	db.Collect(&b, listSamples, args, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return out, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next := s.cursors.Encode(scope, httpx.Position{At: rows[limit-1].DrawnAt, ID: rows[limit-1].ID})
		out.NextCursor = &next
	}
	known, err := numbers(ctx, s, actor, rows, func(r sampleRow) *uuid.UUID { return r.CaseID })
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		item, err := s.sample(ctx, actor, r, known)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

func (s *Service) sample(ctx context.Context, actor authz.Actor, r sampleRow, numbers map[uuid.UUID]string) (Sample, error) {
	out := Sample{
		ID: r.ID, Rule: r.Rule, RuleText: ruleTexts[r.Rule], DrawnAt: r.DrawnAt, At: r.At, ActorID: r.ActorID, ActorName: r.ActorName, ActorTitle: r.ActorTitle,
		Text: Words(r.Action, r.Result), Decision: r.Decision, DecidedAt: r.DecidedAt, DecidedBy: r.DecidedBy,
	}
	if r.CaseID != nil {
		if n, known := numbers[*r.CaseID]; known {
			out.Number = &n
		}
	}
	if r.Note == nil {
		return out, nil
	}
	key, err := s.ring.For(ctx, actor.Tenant, r.Note)
	if err != nil {
		return out, err
	}
	out.Note, err = key.Open("log_samples", "note_sealed", r.ID, r.Note)
	return out, err
}

// Decide writes what the granskare makes of a sample, once. Whatever is not in order needs words.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, sample uuid.UUID, decision, note string) error {
	note = strings.TrimSpace(note)
	if decision != "OK" && note == "" {
		return problem.Invalid(problem.Field("/note", "Skriv vad som behöver följas upp eller vad som har hänt."))
	}
	key, err := s.ring.Current(ctx, actor.Tenant)
	if err != nil {
		return err
	}
	var sealed []byte
	if note != "" {
		sealed = key.Seal("log_samples", "note_sealed", sample, note)
	}
	var b db.Batch
	b.Exec(decideSample, db.Args{"id": sample, "decision": decision, "note": sealed, "at": s.clock.Now(), "by": actor.ID})
	Record(ctx, &b, Entry{Action: "decide-log-sample", Kind: string(actor.Kind)})
	return s.db.Once(ctx, actor.Scope(), &b)
}

// Extract is what to take out of the trail: everything one employee has read, or everybody who has read the cases of a
// person (by name, phone, e-mail or identity number) or one case (by number).
type Extract struct {
	By       string // EMPLOYEE, NAME, PHONE, EMAIL, PNR or NUMBER
	PersonID uuid.UUID
	Value    string
	From, To clock.Date // both days are in it
	Limit    int
	Cursor   string
}

// Extract takes it out, newest first. The extract is itself an entry of the trail, with the cases it was about.
func (s *Service) Extract(ctx context.Context, actor authz.Actor, e Extract) (Readings, error) {
	out := Readings{Items: []Reading{}}
	if e.To.Before(e.From) || e.To.After(e.From.AddDays(366)) {
		return out, problem.Invalid(problem.Field("/to", "Välj högst ett år, med det sista datumet efter det första."))
	}
	scope := httpx.CursorScope{Tenant: actor.Tenant, User: actor.ID, Operation: "extract-log"}
	pos, err := s.cursors.Decode(scope, e.Cursor)
	if err != nil {
		return out, err
	}
	args := db.Args{"from": e.From.Start(), "to": e.To.AddDays(1).Start(), "limit": e.Limit + 1}
	before(args, pos)
	entry := Entry{Action: "extract-log", Kind: string(actor.Kind)}
	sql := extractPerson
	if e.By == "EMPLOYEE" {
		args["person"] = e.PersonID
	} else {
		sql = extractCases
		if entry.Shown, err = s.casesOf(ctx, actor, e); err != nil || len(entry.Shown) == 0 {
			return out, err
		}
		args["cases"] = entry.Shown
	}
	var (
		b    db.Batch
		rows []readRow
	)
	Record(ctx, &b, entry)
	db.Collect(&b, sql, args, &rows)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return out, err
	}
	if len(rows) > e.Limit {
		rows = rows[:e.Limit]
		next := s.cursors.Encode(scope, httpx.Position{At: rows[e.Limit-1].At, ID: rows[e.Limit-1].ID})
		out.NextCursor = &next
	}
	known, err := numbers(ctx, s, actor, rows, func(r readRow) *uuid.UUID { return r.CaseID })
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		out.Items = append(out.Items, r.reading(known))
	}
	return out, nil
}

// casesOf finds the cases by blind index, with every version of the tenant's key, or by number.
func (s *Service) casesOf(ctx context.Context, actor authz.Actor, e Extract) ([]uuid.UUID, error) {
	var b db.Batch
	found := [][]caseIDRow{}
	if e.By == "NUMBER" {
		found = append(found, nil)
		db.Collect(&b, caseOfNumber, db.Args{"number": strings.TrimSpace(e.Value)}, &found[0])
	} else {
		keys, err := s.ring.All(ctx, actor.Tenant)
		if err != nil {
			return nil, err
		}
		found = make([][]caseIDRow, len(keys))
		for i, k := range keys {
			digests := indexes(k, e)
			db.Collect(&b, casesOfContact, db.Args{"kind": e.By, "digests": digests, "need": max(len(digests), 1)}, &found[i])
		}
	}
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return nil, err
	}
	var out []uuid.UUID
	for _, rows := range found {
		for _, r := range rows {
			out = append(out, r.CaseID)
		}
	}
	return out, nil
}

func indexes(k *seal.TenantKey, e Extract) [][]byte {
	kinds := map[string]seal.IndexKind{"PHONE": seal.IndexPhone, "EMAIL": seal.IndexEmail, "PNR": seal.IndexPerson}
	if e.By == "NAME" {
		return k.NameIndexes(e.Value)
	}
	return [][]byte{k.Index(kinds[e.By], e.Value)}
}

// numbers tells which numbers the cases of some rows have.
func numbers[Row any](ctx context.Context, s *Service, actor authz.Actor, rows []Row, of func(Row) *uuid.UUID) (map[uuid.UUID]string, error) {
	ids := []uuid.UUID{}
	for _, r := range rows {
		if id := of(r); id != nil {
			ids = append(ids, *id)
		}
	}
	var (
		b     db.Batch
		found []numberRow
	)
	db.Collect(&b, selectNumbers, db.Args{"ids": ids}, &found)
	out := map[uuid.UUID]string{}
	err := s.db.Once(ctx, actor.Scope(), &b)
	for _, f := range found {
		out[f.ID] = f.Number
	}
	return out, err
}
