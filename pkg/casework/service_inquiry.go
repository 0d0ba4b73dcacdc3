package casework

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/seal"
	"lyhord/tenants"
)

// SaveInvestigation writes a draft of the investigation (T11, req. 38). It is versioned by itself, so that autosave does not
// disturb the case. A draft may lack anything; a risk value that does not follow from its factors is refused.
func (s *Service) SaveInvestigation(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, i Investigation) error {
	l, err := s.allowed(ctx, actor, caseID, "save-investigation")
	cfg := l.rules
	if err == nil {
		err = checkRisks(cfg, i.Risks)
	}
	if err != nil {
		return err
	}
	today := day(s.clock.Now())
	t := templateOf(cfg, beginsBy(cfg, today))
	for code := range i.More {
		if len(code) > 40 || i.More[code] == "" {
			delete(i.More, code)
		}
	}
	args := i.args(l.key, caseID)
	args["version"], args["by"], args["at"], args["template"], args["filled"] = version, actor.ID, s.clock.Now(), t.Version, i.filled(t)
	var b db.Batch
	b.Exec(saveInvestigation, args)
	audit.Record(ctx, &b, audit.Entry{Action: "save-investigation", Case: caseID, Kind: string(actor.Kind)})
	return s.db.Once(ctx, actor.Scope(), &b)
}

// Entry is a line of the course of events.
type Entry struct {
	HappenedAt   *time.Time // nil when nobody knows
	Precision    string     // TID, DAG, MANAD, OKAND
	Kind         string     // FAKTA, BEDOMNING
	Source       string     // code of list entry_source
	SourceDetail string
	Text         string
	Supersedes   *uuid.UUID // the entry this one corrects
}

// AddEntry adds a line to the course of events, under the name and title of who writes. Nothing is changed or taken away: a
// correction is a new line that supersedes one, and both are shown (SOSFS 2011:5 chap. 5; req. 38).
func (s *Service) AddEntry(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, e Entry) error {
	l, err := s.allowed(ctx, actor, caseID, "add-entry")
	cfg := l.rules
	if err != nil {
		return err
	}
	now := s.clock.Now()
	switch {
	case (e.HappenedAt == nil) != (e.Precision == "OKAND"):
		return problem.Invalid(problem.Field("/happened_at", "Skriv när det hände, eller välj att tiden är okänd."))
	case e.HappenedAt != nil && e.HappenedAt.After(now.Add(time.Minute)):
		return problem.Invalid(problem.Field("/happened_at", "Tiden har inte varit än."))
	case !cfg.HasCode(tenants.ListEntrySource, e.Source):
		return problem.Invalid(problem.Field("/source", "Välj varifrån uppgiften kommer."))
	}
	id := s.ids.New()
	return s.write(ctx, actor, l, version, move{
		event: event{Kind: "investigation.entry-added", Data: map[string]any{"entry": id, "kind": e.Kind, "supersedes": e.Supersedes}},
		more: func(b *db.Batch) {
			b.Exec(mustBeOpen, db.Args{"case_id": caseID})
			b.Exec(insertCourse, db.Args{
				"id": id, "case_id": caseID, "happened_at": e.HappenedAt, "precision": e.Precision, "kind": e.Kind, "source": e.Source, "at": now,
				"supersedes": e.Supersedes, "text": l.key.Seal("investigation_entries", "text_sealed", id, e.Text),
				"detail": sealed(l.key, "investigation_entries", "source_detail_sealed", id, e.SourceDetail),
			})
		},
	})
}

// Cause is an identified cause, in one of five areas, with the answers to why that lead below it (five whys, at most).
type Cause struct {
	Area       string
	Underlying *string
	Text       string
	Whys       []string
}

func (c Cause) args(key *seal.CaseKey, id, caseID uuid.UUID) db.Args {
	args := db.Args{"id": id, "case_id": caseID, "area": c.Area, "underlying": c.Underlying, "text": sealed(key, "causes", "text_sealed", id, c.Text), "whys": nil}
	var said []string
	for _, w := range c.Whys {
		if w = strings.TrimSpace(w); w != "" {
			said = append(said, w)
		}
	}
	if len(said) > 0 {
		text, _ := json.Marshal(said) // strings always can
		args["whys"] = sealed(key, "causes", "whys_sealed", id, string(text))
	}
	return args
}

// AddCause ties a cause to the case: it will ask for a measure before the case can go on.
func (s *Service) AddCause(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, c Cause) error {
	l, err := s.allowed(ctx, actor, caseID, "add-cause")
	if err != nil {
		return err
	}
	args := c.args(l.key, s.ids.New(), caseID)
	return s.write(ctx, actor, l, version, move{
		event: event{Kind: "cause.added", Data: map[string]any{"area": c.Area}},
		more:  func(b *db.Batch) { b.Exec(insertCause, args) },
	})
}

// causeOf is a cause of a case, as it was read.
type causeOf struct {
	Case, ID uuid.UUID
	Version  int // of the case
}

// ChangeCause writes a cause anew: where it lies, its words and the answers to why.
func (s *Service) ChangeCause(ctx context.Context, actor authz.Actor, of causeOf, c Cause) error {
	l, err := s.allowed(ctx, actor, of.Case, "add-cause")
	if err != nil {
		return err
	}
	args := c.args(l.key, of.ID, of.Case)
	return s.write(ctx, actor, l, of.Version, move{
		event: event{Kind: "cause.changed", Data: map[string]any{"area": c.Area}},
		more:  func(b *db.Batch) { b.Exec(setWhys, args) },
	})
}

// finished is what of an investigation is read again to call it done.
type finished struct {
	loaded
	cfg  org.Config
	row  investigationRow
	next uuid.UUID // of the version that would be kept
	body []byte
}

// finish reads the whole investigation, says what it lacks, and makes the body that is kept. No row: nothing was begun.
func (s *Service) finish(ctx context.Context, actor authz.Actor, caseID uuid.UUID, act string) (finished, error) {
	l, err := s.allowed(ctx, actor, caseID, act)
	cfg := l.rules
	if err != nil {
		return finished{}, err
	}
	var (
		p    = pageRows{loaded: l}
		b    db.Batch
		args = db.Args{"id": caseID}
	)
	db.Collect(&b, selectInvestigation, args, &p.investigation)
	db.Collect(&b, selectCourse, args, &p.course)
	db.Collect(&b, selectCauses, args, &p.causes)
	db.Collect(&b, selectMeasures, args, &p.measures)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return finished{}, err
	}
	if len(p.investigation) == 0 {
		return finished{}, problem.IllegalMove("Utredningen är inte påbörjad.")
	}
	o, today := opener{key: l.key}, day(s.clock.Now())
	kept := InvestigationText{Investigation: o.inquiry(p, cfg, today), Causes: []CauseView{}, Measures: []MeasureView{}}
	for _, c := range p.causes {
		kept.Causes = append(kept.Causes, o.cause(c))
	}
	for _, m := range p.measures {
		kept.Measures = append(kept.Measures, o.measure(m, l.Situation, cfg, today))
	}
	if o.err != nil {
		return finished{}, o.err
	}
	if lack := kept.Investigation.Missing; len(lack) > 0 && !l.Facts.Done {
		return finished{}, problem.IllegalMove("Det går inte att klarmarkera utredningen än. Det här saknas: " + strings.Join(lack, ", ") + ".")
	}
	body, err := json.Marshal(kept)
	return finished{loaded: l, cfg: cfg, row: p.investigation[0], next: s.ids.New(), body: body}, err
}

// lock adds to the batch that the investigation is done, and what it says.
func (f finished) lock(b *db.Batch, by uuid.UUID, at time.Time) {
	if f.Facts.Done {
		return
	}
	id := f.Case.ID
	b.Exec(lockInvestigation, db.Args{"case_id": id, "by": by, "at": at, "version": f.row.Version})
	b.Exec(insertInvestigationVersion, db.Args{
		"id": f.next, "case_id": id, "no": f.row.Versions + 1, "template": f.row.Template, "at": at,
		"body": f.key.Seal("investigation_versions", "body_sealed", f.next, string(f.body)),
	})
}

// CompleteInvestigation calls the investigation done (klarmarkerar): the rules of its template bind, the text is locked, and what
// it says is kept as a version. The handler does it also where somebody else wrote: the responsibility stays (req. 41).
func (s *Service) CompleteInvestigation(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int) error {
	f, err := s.finish(ctx, actor, caseID, "complete-investigation")
	if err != nil {
		return err
	}
	return s.write(ctx, actor, f.loaded, version, move{
		event: event{Kind: "investigation.completed", Data: map[string]any{"version": f.row.Versions + 1}},
		more:  func(b *db.Batch) { f.lock(b, actor.ID, s.clock.Now()) },
	})
}

// UnlockInvestigation takes the mark away, and nothing else, with a reason. What was locked stays as a version.
func (s *Service) UnlockInvestigation(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int, reason string) error {
	l, err := s.allowed(ctx, actor, caseID, "unlock-investigation")
	if err != nil {
		return err
	}
	return s.write(ctx, actor, l, version, move{
		event: event{Kind: "investigation.unlocked", Text: reason},
		more:  func(b *db.Batch) { b.Exec(unlockInvestigation, db.Args{"case_id": caseID}) },
	})
}

// PlanMeasures is T12: the investigation is done, every cause met, every measure decided.
func (s *Service) PlanMeasures(ctx context.Context, actor authz.Actor, caseID uuid.UUID, version int) error {
	f, err := s.finish(ctx, actor, caseID, "plan-measures")
	if err != nil {
		return err
	}
	p, err := s.paperRows(ctx, actor, caseID, "plan-measures")
	if err != nil {
		return err
	}
	report, err := p.reportLetter(f.cfg, f.loaded)
	if err != nil {
		return err
	}
	return s.write(ctx, actor, f.loaded, version, move{
		event: event{Kind: "case.measures-planned", Move: f.from("T12", Measures)},
		more: func(b *db.Batch) {
			f.lock(b, actor.ID, s.clock.Now())
			s.drawUp(b, actor, f.cfg, f.loaded, report)
		},
	})
}

// inquiry is the investigation as the page shows it.
func (o *opener) inquiry(p pageRows, cfg org.Config, today clock.Date) *InvestigationView {
	r := p.investigation[0]
	version := r.Template
	if r.Version == 1 && len(r.Background)+len(r.Course)+len(r.Causes)+len(r.Conclusion) == 0 {
		version = beginsBy(cfg, today) // nothing is written yet
	}
	t, i := templateOf(cfg, version), o.investigation(p.Case, r)
	v := &InvestigationView{
		Version: r.Version, Template: TemplateView{Version: t.Version, Name: t.Name, Sections: []SectionView{}}, Background: i.Background,
		Course: i.Course, CausesText: i.Causes, Conclusion: i.Conclusion, More: i.More, Risks: i.Risks, Entries: []EntryView{},
		Missing: missing(p.Case, t, i), Versions: r.Versions, CompletedAt: r.CompletedAt, CompletedByName: r.CompletedByName,
		UpdatedAt: r.UpdatedAt, UpdatedByName: r.UpdatedByName,
	}
	for _, s := range t.Sections {
		v.Template.Sections = append(v.Template.Sections, SectionView(s))
	}
	for _, risk := range i.Risks {
		if risk.Value != nil && (v.Highest == nil || *risk.Value > *v.Highest) {
			v.Highest = risk.Value
		}
	}
	for _, e := range p.course {
		v.Entries = append(v.Entries, EntryView{
			ID: e.ID, HappenedAt: e.HappenedAt, Precision: e.Precision, Kind: e.Kind, Source: e.Source,
			SourceDetail: o.text("investigation_entries", "source_detail_sealed", e.ID, e.SourceDetail),
			Text:         o.text("investigation_entries", "text_sealed", e.ID, e.Text), AuthorName: e.AuthorName, AuthorTitle: e.AuthorTitle,
			DocumentedAt: e.DocumentedAt, Supersedes: e.Supersedes, SupersededBy: e.SupersededBy,
		})
	}
	return v
}

func (o *opener) cause(x causeRow) CauseView {
	v := CauseView{ID: x.ID, Area: x.Area, Underlying: x.Underlying, Text: o.text("causes", "text_sealed", x.ID, x.Text), Whys: []string{}}
	if text := o.text("causes", "whys_sealed", x.ID, x.Whys); text != "" && o.err == nil {
		o.err = json.Unmarshal([]byte(text), &v.Whys)
	}
	return v
}
