package lexsarah

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/record"
	"lyhord/pkg/register"
	"lyhord/tenants"
)

// Package is what goes to IVO: the notification's content and the investigation, as PDF. IVO takes xlsx, pdf, gif, jpeg and png.
type Package struct {
	Name  string // of the zip; numbers only
	files []packed
}

type packed struct {
	name string
	body []byte
}

// Package makes it and logs that it was fetched. A draft says so on every page until it is decided.
func (s *Service) Package(ctx context.Context, actor authz.Actor, caseID uuid.UUID) (Package, error) {
	l, err := s.load(ctx, actor, caseID, "fetch-ivo-package")
	if err != nil {
		return Package{}, err
	}
	if err := l.Allow("fetch-ivo-package"); err != nil {
		return Package{}, err
	}
	v, err := l.view(s.today())
	if err != nil {
		return Package{}, err
	}
	var b db.Batch
	audit.Record(ctx, &b, audit.Entry{Action: "lex.package-fetched", Case: caseID, Kind: string(actor.Kind)})
	b.Exec(insertStep, db.Args{
		"id": s.d.IDs.New(), "case_id": caseID, "at": s.d.Clock.Now(), "by": actor.ID, "kind": "lex.package-fetched", "code": nil, "from": nil, "to": nil, "note": nil,
	})
	if err := s.d.DB.Once(ctx, actor.Scope(), &b); err != nil {
		return Package{}, err
	}
	number := plain(v.number())
	return Package{Name: "lex-sarah-" + number + ".zip", files: []packed{
		{"anmalan-" + number + ".pdf", v.notification(l.cfg, s.today()).PDF()},
		{"utredning-" + number + ".pdf", v.documentation(l.cfg, s.today()).PDF()},
	}}, nil
}

// Stream writes the zip.
func (p Package) Stream(w io.Writer) error {
	z := zip.NewWriter(w)
	for _, f := range p.files {
		out, err := z.Create(f.name)
		if err == nil {
			_, err = out.Write(f.body)
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

func (v View) number() string {
	if v.EntryNo != nil {
		return *v.EntryNo
	}
	return v.Reference
}

var notPlain = regexp.MustCompile(`[^0-9A-Za-z]+`)

// plain makes a name of a file out of a number: letters and digits, nothing that could say whom it is about.
func plain(number string) string { return strings.Trim(notPlain.ReplaceAllString(number, "-"), "-") }

// paper is what both papers have in common: letterhead, both numbers, marking, and whether it is decided.
func (v View) paper(cfg org.Config, on clock.Date, title string) record.Document {
	t := cfg.Tenant
	d := record.Document{
		Title: title, Letterhead: given(first(t.BoardName, t.Name), t.Texts.PostalAddress, t.Texts.Phone, t.Texts.Email),
		Numbers: given(v.number()), Date: on, Draft: v.Degree == nil,
	}
	if v.OwnDNR != nil {
		d.Numbers = append(d.Numbers, *v.OwnDNR)
	}
	if t.Secrecy.Marking {
		d.Marking = &register.Marking{Law: t.Secrecy.Law, On: on, Authority: t.Secrecy.Authority}
	}
	return d
}

// notification has what IVO's form asks for; it is sent in IVO's own service and cannot be changed there afterwards.
func (v View) notification(cfg org.Config, on clock.Date) record.Document {
	d := v.paper(cfg, on, "Underlag för anmälan enligt lex Sarah")
	lagrum := []string{}
	for _, l := range v.Lagrum {
		lagrum = append(lagrum, cfg.CodeLabel(tenants.ListLagrum, l))
	}
	happened := ""
	if v.HappenedOn != nil {
		happened = v.HappenedOn.String()
	}
	d.Sections = []record.Section{
		{Heading: "Anmälare", Rows: []record.Row{
			{Label: "Nämnd eller verksamhet", Text: first(cfg.Tenant.BoardName, cfg.Tenant.Name)},
			{Label: "Organisationsnummer", Text: cfg.Tenant.OrgNumber},
			{Label: "Enhet", Text: deref(v.UnitName)},
			{Label: "Lagrum", Text: strings.Join(lagrum, ", ")},
			{Label: "Kontaktperson", Text: deref(v.DecidedByName)},
		}},
		{Heading: "Händelsen", Rows: []record.Row{
			{Label: "Vad rapporten gäller", Text: v.What},
			{Label: "När det hände", Text: happened},
			{Label: "Rapporten mottagen", Text: moment(v.ReceivedAt)},
			{Label: "Typ av missförhållande", Text: v.kindNames()},
			{Label: "Antal berörda, kön och ålder", Text: ""},
		}},
		{Heading: "Åtgärder och information", Rows: []record.Row{
			{Label: "Omedelbara åtgärder", Text: v.Immediate},
			{Label: "Är den enskilde informerad?", Text: answers[deref(v.IndividualTold)]},
			{Label: "Är företrädare eller närstående informerade?", Text: answers[deref(v.RelativesTold)]},
			{Label: "Polisanmälan", Text: answers[deref(v.PoliceReport)]},
		}},
		v.judged(),
	}
	return d
}

// documentation is the investigation with what SOSFS 2011:5, 5 kap. asks of every entry: when it was documented, where it
// comes from, fact or assessment, and by whom.
func (v View) documentation(cfg org.Config, on clock.Date) record.Document {
	d := v.paper(cfg, on, "Utredning enligt lex Sarah")
	d.Sections = append(d.Sections, record.Section{Heading: "Rapporten", Rows: []record.Row{
		{Label: "Rapporterad", Text: moment(&v.HeldAt)},
		{Label: "Rapporterad av", Text: first(deref(v.ReporterName), v.SenderRole)},
		{Label: "Mottagen", Text: strings.Trim(moment(v.ReceivedAt)+", "+deref(v.ReceivedByName), ", ")},
		{Label: "Vad rapporten gäller", Text: v.What},
	}, Paragraphs: given(v.Report.Narrative)})
	d.Sections = append(d.Sections, record.Section{Heading: "Omedelbara åtgärder", Paragraphs: given(v.Immediate)})
	for n, item := range v.Items {
		if !item.Needed && len(item.Entries) == 0 {
			continue
		}
		x := record.Section{Heading: fmt.Sprintf("%d. %s", n+1, item.Label)}
		for _, e := range item.Entries {
			x.Paragraphs = append(x.Paragraphs, e.Text, e.origin())
		}
		d.Sections = append(d.Sections, x)
	}
	d.Sections = append(d.Sections, v.judged())
	return d
}

// origin is what the regulation wants to know about an entry.
func (e EntryView) origin() string {
	kind := "Fakta"
	if e.Kind == "BEDOMNING" {
		kind = "Bedömning"
	}
	done := ""
	if e.HappenedOn != nil {
		done = " Gjort " + e.HappenedOn.String() + "."
	}
	return fmt.Sprintf("(%s. Källa: %s.%s Dokumenterat %s av %s, %s.)", kind, e.Source, done, moment(&e.DocumentedAt), e.AuthorName, e.AuthorTitle)
}

func (v View) judged() record.Section {
	if v.Degree == nil {
		return record.Section{Heading: "Ställningstagande", Paragraphs: []string{"Utredningen är inte avslutad."}}
	}
	return record.Section{Heading: "Ställningstagande", Rows: []record.Row{
		{Label: "Beslut", Text: degreeNames[*v.Degree]},
		{Label: "Motivering", Text: v.Decision},
		{Label: "Beslutat", Text: strings.Trim(moment(v.DecidedAt)+", "+deref(v.DecidedByName), ", ")},
		{Label: "Med stöd av", Text: v.Delegation},
	}}
}

func (v View) kindNames() string {
	out := []string{}
	for _, k := range v.Kinds {
		out = append(out, kindLabels[k])
	}
	return strings.Join(out, ", ")
}

var (
	answers     = map[string]string{"JA": "Ja", "NEJ": "Nej", "EJ_MOJLIGT": "Inte möjligt", "EJ_AKTUELLT": "Inte aktuellt"}
	degreeNames = map[string]string{
		"INGET": "Inget missförhållande", "PATAGLIG_RISK": "Påtaglig risk för missförhållande", "MISSFORHALLANDE": "Missförhållande",
		RiskSerious: "Påtaglig risk för allvarligt missförhållande", Serious: "Allvarligt missförhållande",
	}
	kindLabels = map[string]string{
		"FYSISKA_OVERGREPP": "Fysiska övergrepp", "SEXUELLA_OVERGREPP": "Sexuella övergrepp", "PSYKISKA_OVERGREPP": "Psykiska övergrepp",
		"EKONOMISKA_OVERGREPP": "Ekonomiska övergrepp", "BEMOTANDE": "Brister i bemötande", "RATTSSAKERHET": "Brister i rättssäkerhet",
		"UTFORANDE": "Brister i utförande av insatser", "MILJO_TEKNIK": "Brister i fysisk miljö, utrustning och teknik",
	}
)

func moment(at *time.Time) string {
	if at == nil {
		return ""
	}
	return clock.DateIn(*at).String()
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// given leaves out what is empty.
func given(texts ...string) []string {
	out := []string{}
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}
