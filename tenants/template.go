package tenants

import (
	"regexp"
	"slices"

	"lyhord/pkg/platform/clock"
)

// InvestigationTemplate is one version of the form that an investigation is written by (mallen för utredning). A version in use
// is never changed; a new one is added beside it, and each investigation keeps the one it began with.
type InvestigationTemplate struct {
	Version   string            `yaml:"version" json:"version"`
	Name      string            `yaml:"name" json:"name"`
	ValidFrom clock.Date        `yaml:"valid_from" json:"valid_from,omitzero"`
	Risk      bool              `yaml:"risk" json:"risk"` // a deviation is not done without its risk
	Sections  []TemplateSection `yaml:"sections" json:"sections"`
}

// TemplateSection is one heading of the form.
type TemplateSection struct {
	Code     string `yaml:"code" json:"code"`
	Label    string `yaml:"label" json:"label"`
	Hint     string `yaml:"hint" json:"hint,omitempty"`
	Required bool   `yaml:"required" json:"required,omitempty"`
}

// TemplateOn is the newest template in force on a day.
func (t Tenant) TemplateOn(day clock.Date) (InvestigationTemplate, bool) {
	var found InvestigationTemplate
	for _, x := range t.Templates {
		if !x.ValidFrom.After(day) && (found.Version == "" || !x.ValidFrom.Before(found.ValidFrom)) {
			found = x
		}
	}
	return found, found.Version != ""
}

// Template is the template of a version.
func (t Tenant) Template(version string) (InvestigationTemplate, bool) {
	for _, x := range t.Templates {
		if x.Version == version {
			return x, true
		}
	}
	return InvestigationTemplate{}, false
}

// baseSections are in every version, so that an investigation can be read and counted whatever it was written by.
var baseSections = []string{"background", "course", "causes_text", "conclusion"}

var (
	versionForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,39}$`)
	sectionForm = regexp.MustCompile(`^[a-z][a-z_]{1,39}$`)
)

func checkTemplates(d *document, templates []InvestigationTemplate) {
	seen := d.unique("versionen")
	for i, x := range templates {
		at := item("investigation_templates", i)
		seen(at+".version", x.Version)
		d.form(at+".version", x.Version, versionForm, "duger inte som version: små bokstäver, siffror och bindestreck")
		d.required(at, "name", x.Name)
		d.must(!x.ValidFrom.IsZero(), at+".valid_from", "saknas; en version gäller från en dag")
		d.must(len(x.Sections) <= 20, at+".sections", "har %d rubriker, högst 20", len(x.Sections))
		section := d.unique("rubriken")
		var codes []string
		for j, s := range x.Sections {
			here := item(at+".sections", j)
			section(here+".code", s.Code)
			d.form(here+".code", s.Code, sectionForm, "duger inte som kod: små bokstäver och understreck")
			d.required(here, "label", s.Label)
			codes = append(codes, s.Code)
		}
		for _, code := range baseSections {
			d.must(slices.Contains(codes, code), at+".sections", "rubriken %s saknas; den finns i alla versioner", code)
		}
	}
}
