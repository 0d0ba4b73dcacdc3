package casework

import (
	"slices"
	"strings"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

// Ground is a group of legal grounds that is assessed by itself: what is little to one can be much to the other (domain 2.2).
type Ground string

// The grounds of risk.
const (
	GroundSocial Ground = "SOL_LSS"
	GroundHealth Ground = "HSL"
)

func (g Ground) text() string {
	if g == GroundHealth {
		return "HSL"
	}
	return "SoL och LSS"
}

// grounds are those that a case is assessed for. A case without a lagrum is one of social services.
func (c Case) grounds() []Ground {
	health := slices.Contains(c.Lagrum, "HSL")
	if health && len(c.Lagrum) == 1 {
		return []Ground{GroundHealth}
	}
	if health {
		return []Ground{GroundSocial, GroundHealth}
	}
	return []Ground{GroundSocial}
}

// Risk is the assessment for one ground. What happened and what could have happened are two things; severity and probability
// are of the latter. The values are severity times probability (1-16) and follow from them.
type Risk struct {
	Ground           Ground   `json:"ground" enum:"SOL_LSS,HSL"`
	HarmKinds        []string `json:"harm_kinds,omitempty" maxItems:"6" doc:"Slag av följd (kodlistan harm_kind); även den som inte syns"`
	ActualSeverity   *int     `json:"actual_severity,omitempty" minimum:"0" maximum:"4" doc:"Faktisk följd; 0 = ingen"`
	Severity         *int     `json:"severity,omitempty" minimum:"1" maximum:"4" doc:"Möjlig följd"`
	Probability      *int     `json:"probability,omitempty" minimum:"1" maximum:"4"`
	Value            *int     `json:"risk_value,omitempty" minimum:"1" maximum:"16" doc:"Räknas av servern; ett annat värde avvisas"`
	SeverityAfter    *int     `json:"severity_after,omitempty" minimum:"1" maximum:"4"`
	ProbabilityAfter *int     `json:"probability_after,omitempty" minimum:"1" maximum:"4"`
	ValueAfter       *int     `json:"risk_value_after,omitempty" minimum:"1" maximum:"16"`
	Suggested        *int     `json:"suggested_severity,omitempty" readOnly:"true" doc:"Lägsta allvarlighetsgrad som slagen av följd talar för; ett förslag, sätts aldrig av sig självt"`
}

// least is the lowest severity that a kind of harm speaks for: worry counts, and a violation that lasts counts much.
var least = map[string]int{"PSYKISK_ORO": 1, "PSYKISK_KRANKNING": 3}

func times(a, b *int) *int {
	if a == nil || b == nil {
		return nil
	}
	v := *a * *b
	return &v
}

// reckon works out the values and what the kinds of harm suggest.
func (r Risk) reckon() Risk {
	r.Value, r.ValueAfter, r.Suggested = times(r.Severity, r.Probability), times(r.SeverityAfter, r.ProbabilityAfter), nil
	for _, kind := range r.HarmKinds {
		if n := least[kind]; n > 0 && (r.Suggested == nil || n > *r.Suggested) {
			r.Suggested = &n
		}
	}
	return r
}

func (r Risk) empty() bool {
	return len(r.HarmKinds) == 0 && r.ActualSeverity == nil && r.Severity == nil && r.Probability == nil && r.SeverityAfter == nil && r.ProbabilityAfter == nil
}

func same(a, b *int) bool { return a == nil || b != nil && *a == *b }

// checkRisks refuses a value that somebody else has worked out wrongly, a kind that is no code, and a ground that comes twice.
func checkRisks(cfg org.Config, risks []Risk) error {
	seen := map[Ground]bool{}
	for _, r := range risks {
		switch right := r.reckon(); {
		case seen[r.Ground]:
			return problem.Invalid(problem.Field("/risks", "Varje lagrumsgrupp bedöms en gång."))
		case !same(r.Value, right.Value), !same(r.ValueAfter, right.ValueAfter):
			return problem.Invalid(problem.Field("/risks", "Riskvärdet är allvarlighetsgrad gånger sannolikhet. Lämna det tomt, så räknas det."))
		}
		for _, kind := range r.HarmKinds {
			if !cfg.HasCode(tenants.ListHarmKind, kind) {
				return problem.Invalid(problem.Field("/risks", "Ett slag av följd finns inte i listan."))
			}
		}
		seen[r.Ground] = true
	}
	return nil
}

// Investigation is what is written in one, by the template it began with.
type Investigation struct {
	Background string
	Course     string
	Causes     string
	Conclusion string
	More       map[string]string // the template's further sections, by code
	Risks      []Risk
}

func (i Investigation) section(code string) string {
	switch code {
	case "background":
		return i.Background
	case "course":
		return i.Course
	case "causes_text":
		return i.Causes
	case "conclusion":
		return i.Conclusion
	}
	return i.More[code]
}

// filled are the sections that have words in them.
func (i Investigation) filled(t tenants.InvestigationTemplate) []string {
	out := []string{}
	for _, s := range t.Sections {
		if strings.TrimSpace(i.section(s.Code)) != "" {
			out = append(out, s.Code)
		}
	}
	return out
}

func (i Investigation) risk(g Ground) Risk {
	for _, r := range i.Risks {
		if r.Ground == g {
			return r
		}
	}
	return Risk{Ground: g}
}

// templateOf is the template an investigation was begun with. One whose version is gone from the files is read by the oldest.
func templateOf(cfg org.Config, version string) tenants.InvestigationTemplate {
	if t, ok := cfg.Tenant.Template(version); ok {
		return t
	}
	return tenants.InvestigationTemplate{Version: version, Name: "Utredning avvikelse och klagomål", Sections: []tenants.TemplateSection{
		{Code: "background", Label: "Bakgrund", Required: true},
		{Code: "course", Label: "Vad hände"},
		{Code: "causes_text", Label: "Varför hände det"},
		{Code: "conclusion", Label: "Slutsats"},
	}}
}

// beginsBy is the version that an investigation begun today is written by.
func beginsBy(cfg org.Config, today clock.Date) string {
	if t, ok := cfg.Tenant.TemplateOn(today); ok {
		return t.Version
	}
	return "utredning-1"
}

// missing is what an investigation still lacks before it may be called done, in words. A draft may lack anything (req. 38).
func missing(c Case, t tenants.InvestigationTemplate, i Investigation) []string {
	out := []string{}
	filled := i.filled(t)
	for _, s := range t.Sections {
		if s.Required && !slices.Contains(filled, s.Code) {
			out = append(out, s.Label)
		}
	}
	if t.Risk && c.CaseType != nil && *c.CaseType == TypeDeviation {
		for _, g := range c.grounds() {
			r := i.risk(g)
			if r.ActualSeverity == nil || r.Severity == nil || r.Probability == nil {
				out = append(out, "Risk enligt "+g.text())
			}
		}
	}
	return out
}
