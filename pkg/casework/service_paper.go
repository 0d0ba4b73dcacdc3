package casework

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/record"
	"lyhord/tenants"
)

// The documents that a step of the routine draws up by itself: the answer (T8, T15) and the report of the investigation
// (T12, T15). They are numbered and in the register before anybody has opened them (req 45, 46).

// paperRows are the words that the documents are made of.
type paperRows struct {
	contact       []contactRow
	investigation []investigationRow
	causes        []causeRow
	measures      []measureView
}

type contactRow struct {
	Contact []byte `db:"contact_sealed"`
}

const selectContact = `select contact_sealed from app.reports where case_id = @id`

func (s *Service) paperRows(ctx context.Context, actor authz.Actor, caseID uuid.UUID, action string) (p paperRows, err error) {
	var b db.Batch
	id := db.Args{"id": caseID}
	audit.Record(ctx, &b, audit.Entry{Action: action, Case: caseID, Kind: string(actor.Kind)})
	db.Collect(&b, selectContact, id, &p.contact)
	db.Collect(&b, selectInvestigation, id, &p.investigation)
	db.Collect(&b, selectCauses, id, &p.causes)
	db.Collect(&b, selectMeasures, id, &p.measures)
	return p, s.db.Once(ctx, actor.Scope(), &b)
}

// drawUp adds a document to the batch of the step that it belongs to.
func (s *Service) drawUp(b *db.Batch, actor authz.Actor, cfg org.Config, l loaded, letter record.Letter) {
	letter.Reference, letter.Unit, letter.Author, letter.On = l.Case.Reference, deref(l.Case.UnitName), deref(l.Case.HandlerName), day(s.clock.Now())
	record.DrawUp(b, s.ids, l.key, cfg.Tenant, record.Draft{
		ID: s.ids.New(), Case: l.Case.ID, Kind: letter.Kind, Document: record.Compose(cfg.Tenant, letter), By: actor.ID, On: letter.On,
		CaseType: deref(l.Case.CaseType), RegisteredOn: day(*l.Case.RegisteredAt), // no state after received is without it
	})
}

// replyPapers are the documents of an answer: the answer itself, and before it the report of an investigation that ends here
// without measures; with measures the report was drawn up when they were decided.
func (s *Service) replyPapers(ctx context.Context, actor authz.Actor, cfg org.Config, l loaded, r Reply) ([]record.Letter, error) {
	p, err := s.paperRows(ctx, actor, l.Case.ID, "reply")
	if err != nil {
		return nil, err
	}
	var out []record.Letter
	if l.Case.State == Investigating {
		report, err := p.reportLetter(cfg, l)
		if err != nil {
			return nil, err
		}
		out = append(out, report)
	}
	if r.Body != "" {
		answer, err := p.answerLetter(l, r)
		if err != nil {
			return nil, err
		}
		out = append(out, answer)
	}
	return out, nil
}

// answerLetter is what the one who spoke gets (form J).
func (p paperRows) answerLetter(l loaded, r Reply) (record.Letter, error) {
	out := record.Letter{Kind: record.Answer, Body: r.Body}
	if r.Level == "BEKRAFTELSE" {
		out.Kind = record.Acknowledgement
	}
	if len(p.contact) == 0 {
		return out, nil
	}
	c, err := openContact(l.key, l.Case.ID, p.contact[0].Contact)
	if err != nil || c == nil {
		return out, err
	}
	for _, line := range strings.Split(c.Name+"\n"+c.Address, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out.To = append(out.To, line)
		}
	}
	return out, nil
}

// reportLetter is the template "Utredning avvikelse och klagomål" (req 38, 39): what happened, why, how bad, and what is done.
func (p paperRows) reportLetter(cfg org.Config, l loaded) (record.Letter, error) {
	o, id := opener{key: l.key}, l.Case.ID
	out := record.Letter{Kind: record.Report}
	say := func(heading, text string) {
		if text != "" {
			out.Sections = append(out.Sections, record.Section{Heading: heading, Paragraphs: []string{text}})
		}
	}
	if len(p.investigation) > 0 {
		i := p.investigation[0]
		say("Bakgrund", o.text("investigations", "background_sealed", id, i.Background))
		say("Händelseförlopp", o.text("investigations", "course_sealed", id, i.Course))
		assess := func(heading string, actual, severity, probability, after, probabilityAfter *int) {
			if actual == nil && severity == nil {
				return
			}
			out.Sections = append(out.Sections, record.Section{Heading: heading, Rows: []record.Row{
				{Label: "Faktisk skada", Text: grade(actual)},
				{Label: "Före åtgärder", Text: risk(severity, probability)},
				{Label: "Efter åtgärder", Text: risk(after, probabilityAfter)},
			}})
		}
		assess("Riskbedömning", i.ActualSeverity, i.Severity, i.Probability, i.SeverityAfter, i.ProbabilityAfter)
		assess("Riskbedömning enligt HSL", i.ActualSeverityHSL, i.SeverityHSL, i.ProbabilityHSL, i.SeverityAfterHSL, i.ProbabilityAfterHSL)
		say("Bakomliggande orsaker", o.text("investigations", "causes_sealed", id, i.Causes))
	}
	out.Sections = append(out.Sections, p.threadSections(&o, cfg)...)
	if len(p.investigation) > 0 {
		say("Slutsats", o.text("investigations", "conclusion_sealed", id, p.investigation[0].Conclusion))
	}
	return out, o.err
}

// threadSections show each cause with the measures that meet it.
func (p paperRows) threadSections(o *opener, cfg org.Config) (out []record.Section) {
	causes := record.Section{Heading: "Orsaker"}
	texts := map[uuid.UUID]string{}
	for _, c := range p.causes {
		text := cfg.CodeLabel(tenants.ListCauseArea, c.Area)
		if said := o.text("causes", "text_sealed", c.ID, c.Text); said != "" {
			text += ": " + said
		}
		texts[c.ID] = text
		causes.List = append(causes.List, text)
	}
	if len(causes.List) > 0 {
		out = append(out, causes)
	}
	table := &record.Table{Head: []string{"Åtgärd", "Möter orsaken", "Ansvarig", "Klar senast", "Läge"}}
	status := map[string]string{"FORSLAG": "Föreslagen", "PLANERAD": "Beslutad", "AVSLAGEN": "Avslagen", "GENOMFORD": "Genomförd", "UPPFOLJD": "Uppföljd"}
	for _, m := range p.measures {
		met := ""
		if m.CauseID != nil {
			met = texts[*m.CauseID]
		}
		table.Rows = append(table.Rows, []string{o.text("measures", "title_sealed", m.ID, m.Title), met, m.OwnerName, m.DueOn.String(), status[m.Status]})
	}
	if len(table.Rows) > 0 {
		out = append(out, record.Section{Heading: "Åtgärder", Table: table})
	}
	return out
}

func grade(n *int) string {
	if n == nil {
		return "Inte bedömd"
	}
	return fmt.Sprintf("%d av 4", *n)
}

func risk(severity, probability *int) string {
	if severity == nil || probability == nil {
		return "Inte bedömd"
	}
	return fmt.Sprintf("Allvarlighetsgrad %d, sannolikhet %d, riskvärde %d av 16", *severity, *probability, *severity**probability)
}
