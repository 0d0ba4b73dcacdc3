package casework

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/seal"
	"lyhord/pkg/register"
	"lyhord/tenants"
)

// row is a case in a list.
func (c Case) row(cfg org.Config, today clock.Date) CaseRow {
	text, late := c.due(cfg, today)
	category := c.Category
	if category == nil {
		category = c.CategoryHSL
	}
	return CaseRow{
		ID: c.ID, Reference: c.Reference, EntryNo: c.EntryNo, OwnDNR: c.OwnDNR, Subject: c.Subject, CaseType: c.CaseType, Channel: c.Channel,
		UnitName: c.UnitName, Category: category, Harm: c.Harm, RiskValue: c.RiskValue, State: c.State, StateText: c.State.Text(),
		DueOn: c.DueOn, DueText: text, Late: late, HandlerName: c.HandlerName, ReceivedAt: c.ReceivedAt, Complexity: c.Complexity,
	}
}

// due says what is left of the time to answer. An answered or ended case is never late, a paused one waits.
func (c Case) due(cfg org.Config, today clock.Date) (text string, late bool) {
	switch {
	case c.State == AwaitingInfo:
		return "klockan står still", false
	case c.AnsweredAt != nil:
		return "besvarad", false
	case c.DueOn == nil || slices.Contains([]State{Closed, Void, Archived, Disposed, HandedOver}, c.State):
		return "", false
	}
	return cfg.DueText(*c.DueOn, today), c.DueOn.Before(today)
}

// view unseals and assembles the page.
func (p pageRows) view(cfg org.Config, today clock.Date) (CaseView, error) {
	c := p.Case
	dueText, late := c.due(cfg, today)
	v := CaseView{
		ID: c.ID, Version: c.Version, Reference: c.Reference, EntryNo: c.EntryNo, OwnDNR: c.OwnDNR, State: c.State, StateText: c.State.Text(),
		CaseType: c.CaseType, SynpunktKind: c.SynpunktKind, Channel: c.Channel, SenderRole: c.SenderRole, Anonymous: c.Anonymous,
		WantsReply: c.WantsReply, Concerns: c.Concerns, AboutManager: c.AboutManager, Unit: ref(c.UnitID, c.UnitName), Area: c.Area, Regi: c.Regi,
		Lagrum: c.Lagrum, Category: c.Category, CategoryHSL: c.CategoryHSL, Harm: c.Harm, Severity: c.Severity, Probability: c.Probability,
		RiskValue: c.RiskValue, Secrecy: Secrecy{Level: c.Secrecy}, Subject: c.Subject, Complexity: c.Complexity, ResponseLevel: c.ResponseLevel,
		Outcome: c.Outcome, QualityDims: c.QualityDims, AffectsIndividual: c.AffectsIndividual, IndividualInformed: c.IndividualInformed,
		Personakt: c.Personakt, UnmetNeed: c.UnmetNeed, Reporter: ref(c.ReporterID, c.ReporterName), Handler: ref(c.HandlerID, c.HandlerName),
		Investigator: ref(c.InvestigatorID, c.InvestigatorName), Superior: ref(c.SuperiorID, c.SuperiorName),
		Secretary: ref(c.SecretaryID, c.SecretaryName), Board: []BoardView{}, HappenedAt: c.HappenedAt,
		ReceivedAt: c.ReceivedAt, RegisteredAt: c.RegisteredAt, AssignedAt: c.AssignedAt, AnsweredAt: c.AnsweredAt, ClosedAt: c.ClosedAt,
		DueOn: c.DueOn, DueText: dueText, Late: late, ReadersCount: len(c.Readers), Similar: SimilarView{Count: p.main.Similar, WindowMonths: 12},
		Causes: []CauseView{}, Measures: []MeasureView{}, Feedbacks: []FeedbackView{}, Messages: []MessageView{}, RedThread: []ThreadView{},
		Actions: p.Actions(),
	}
	v.Secrecy.Law, v.Secrecy.On, v.Secrecy.Authority = p.main.SecrecyLaw, p.main.SecrecyOn, p.main.SecrecyAuthority
	if len(p.ack) > 0 {
		a := p.ack[0]
		v.Acknowledgement = &AcknowledgementView{Way: a.Way, DueOn: a.DueOn, DueText: cfg.DueText(a.DueOn, today), Done: a.Done, Mailed: a.Mailed}
	}
	v.Links = append([]LinkView{}, p.links...)
	if c.State == Void && len(p.links) > 0 && !p.links[0].Incoming {
		v.StateText = "Förd till " + p.links[0].Number
	}
	if c.State == Received && len(p.hold) > 0 {
		v.HeldUntil, v.HeldReason = &p.hold[0].UntilOn, p.hold[0].Reason
	}
	o := opener{key: p.key}
	o.report(&v, p)
	o.handling(&v, p, cfg, today)
	o.referral(&v, p)
	for _, m := range p.measures {
		v.Measures = append(v.Measures, o.measure(m, p.Situation, cfg, today))
	}
	v.RedThread = thread(p.causes, p.measures)
	return v, o.err
}

// opener unseals text after text and keeps the first failure.
type opener struct {
	key *seal.CaseKey
	err error
}

func (o *opener) text(table, column string, row uuid.UUID, sealed []byte) string {
	if o.err != nil {
		return ""
	}
	text, err := opened(o.key, table, column, row, sealed)
	o.err = err
	return text
}

func (o *opener) report(v *CaseView, p pageRows) {
	if !p.main.Reported {
		return
	}
	r, id := p.main.reportRow, p.Case.ID
	v.ReportedUnit = ref(r.ReportedUnitID, r.ReportedUnitName)
	v.Report = ReportView{
		Narrative: o.text("reports", "narrative_sealed", id, r.Narrative), Place: o.text("reports", "place_sealed", id, r.Place),
		DirectMeasure: o.text("reports", "measure_sealed", id, r.Measure), People: o.text("reports", "people_sealed", id, r.People),
		OnBehalfOf: o.text("reports", "on_behalf_sealed", id, r.OnBehalf), Note: o.text("reports", "note_sealed", id, r.Note),
	}
	if o.err == nil {
		v.Report.Contact, o.err = openContact(o.key, id, r.Contact)
	}
}

func (o *opener) handling(v *CaseView, p pageRows, cfg org.Config, today clock.Date) {
	if len(p.consultations) > 0 {
		k := p.consultations[0]
		v.Consultation = &ConsultationView{
			ID: k.ID, Question: o.text("consultations", "question_sealed", k.ID, k.Question), AskedAt: k.AskedAt,
			AskedBy: Ref{k.AskedBy, k.AskedByName}, Superior: Ref{k.SuperiorID, k.SuperiorName}, DecidedAt: k.DecidedAt, Decision: k.Decision,
			Motivation: o.text("consultations", "motivation_sealed", k.ID, k.Motivation),
		}
	}
	if len(p.investigation) > 0 {
		v.Investigation = o.inquiry(p, cfg, today)
	}
	for _, x := range p.causes {
		v.Causes = append(v.Causes, o.cause(x))
	}
	for _, f := range p.feedbacks {
		v.Feedbacks = append(v.Feedbacks, FeedbackView{f.ID, f.GivenOn, f.Method, o.text("feedbacks", "note_sealed", f.ID, f.Note), f.GivenByName})
	}
	for _, g := range p.messages {
		v.Messages = append(v.Messages, MessageView{g.ID, g.At, g.Direction, g.Kind, g.AuthorName, o.text("messages", "body_sealed", g.ID, g.Body)})
	}
}

// measureActs are a measure's buttons.
var measureActs = []struct{ act, label, permission string }{
	{"decide-measure", "Besluta", "measure:decide"},
	{"complete-measure", "Markera som genomförd", "measure:complete"},
	{"follow-up-measure", "Följ upp effekten", "measure:follow-up"},
}

func (o *opener) measure(m measureView, s Situation, cfg org.Config, today clock.Date) MeasureView {
	late := m.Status == "PLANERAD" && m.DueOn.Before(today)
	v := MeasureView{
		ID: m.ID, Version: m.Version, CaseID: m.CaseID, Title: o.text("measures", "title_sealed", m.ID, m.Title), CauseID: m.CauseID, Kind: m.Kind,
		Strength: m.Strength, Owner: Ref{m.OwnerID, m.OwnerName}, DueOn: m.DueOn, Late: late, Status: m.Status,
		AffectsIndividual: m.AffectsIndividual, DoneOn: m.DoneOn, FollowUpMethod: m.FollowUpMethod, Effect: m.Effect,
		EffectNote: o.text("measures", "effect_note_sealed", m.ID, m.EffectNote), Actions: []Action{},
	}
	if m.Status == "PLANERAD" {
		v.DueText = cfg.DueText(m.DueOn, today)
	}
	row := measureRow{ID: m.ID, CaseID: m.CaseID, Version: m.Version, Status: m.Status, OwnerID: m.OwnerID, DueOn: m.DueOn}
	for _, a := range measureActs {
		if s.May(a.permission) && in(s.Case.State, working) && row.refuse(s, a.act) == "" {
			label := a.label
			if a.act == "decide-measure" && m.Status == "PLANERAD" {
				label = "Ändra beslut" // a planned measure can be given up
			}
			v.Actions = append(v.Actions, Action{Act: a.act, Label: label, Allowed: true})
		}
	}
	return v
}

// thread draws the red thread: each cause, the measures against it, and what is missing.
func thread(causes []causeRow, measures []measureView) []ThreadView {
	out := []ThreadView{}
	for _, c := range causes {
		t := ThreadView{CauseID: c.ID, Measures: []uuid.UUID{}}
		unanswered := false
		for _, m := range measures {
			if m.CauseID != nil && *m.CauseID == c.ID && m.Status != "AVSLAGEN" {
				t.Measures = append(t.Measures, m.ID)
				unanswered = unanswered || m.Status != "UPPFOLJD"
			}
		}
		missing := ""
		switch {
		case len(t.Measures) == 0:
			missing = "Åtgärd saknas"
		case unanswered:
			missing = "Uppföljning av effekten saknas"
		}
		t.OK, t.Missing = missing == "", optional(missing)
		out = append(out, t)
	}
	return out
}

func fileTitle(cfg org.Config, caseType string) string {
	kind := string(register.KindFor(caseType))
	for _, f := range cfg.Tenant.Collective {
		if f.Kind == kind {
			return f.Name
		}
	}
	return kind
}

// subjects suggests neutral subjects from codes alone; nothing of what was told goes into them.
func subjects(cfg org.Config, caseType string, c Case) []string {
	category := deref(c.Category)
	if category == "" {
		category = deref(c.CategoryHSL)
	}
	out := []string{tenants.NeutralSubject(caseType, deref(c.SynpunktKind) == "BEROM", category)}
	if c.Area != nil {
		out = append(out, cfg.CodeLabel(tenants.ListCaseType, caseType)+", "+strings.ToLower(cfg.CodeLabel(tenants.ListArea, *c.Area)))
	}
	return append(out, cfg.CodeLabel(tenants.ListCaseType, caseType))
}
