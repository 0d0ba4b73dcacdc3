package tenants

import "lyhord/pkg/platform/clock"

// City is one kommun and all that it decides for its tenants.
type City struct {
	Slug             string   `yaml:"-" json:"slug"` // the folder's name
	Name             string   `yaml:"name" json:"name"`
	MunicipalityCode string   `yaml:"municipality_code" json:"municipality_code"`
	OrgNumber        string   `yaml:"org_number" json:"org_number"`
	Areas            []string `yaml:"areas" json:"areas"` // areas of social services that are switched on
	// QuickCategories: per area the full codes of the staff form's buttons, at most eight.
	QuickCategories map[string][]string `yaml:"quick_categories" json:"quick_categories,omitempty"`
	Legal           []LegalReference    `yaml:"legal" json:"legal"`
	Holidays        []Holiday           `yaml:"holidays" json:"holidays,omitempty"`
	YearlyDates     []YearlyDate        `yaml:"yearly_dates" json:"yearly_dates,omitempty"`
	// Defaults for the tenants; Load has already copied them into each of them.
	Deadlines      map[string]DeadlineRule `yaml:"deadlines" json:"deadlines"`
	Thresholds     Thresholds              `yaml:"thresholds" json:"thresholds"`
	LexSarah       LexSarah                `yaml:"lex_sarah" json:"lex_sarah"`
	Decisions      Decisions               `yaml:"decisions" json:"decisions"`
	Channels       []Channel               `yaml:"channels" json:"channels"`
	NumberPatterns NumberPatterns          `yaml:"number_patterns" json:"number_patterns"`
	Collective     []CollectiveFile        `yaml:"collective_files" json:"collective_files"`
	Texts          Texts                   `yaml:"texts" json:"texts"`
	Documents      []DocumentTemplate      `yaml:"documents" json:"documents"`
	Templates      []InvestigationTemplate `yaml:"investigation_templates" json:"investigation_templates,omitempty"`

	Codes   Codes    `yaml:"-" json:"codes"` // from codes.yaml
	Tenants []Tenant `yaml:"-" json:"tenants"`
}

// Tenant returns the tenant with the slug.
func (c City) Tenant(slug string) (Tenant, bool) {
	for _, t := range c.Tenants {
		if t.Slug == slug {
			return t, true
		}
	}
	return Tenant{}, false
}

// LegalReference is a statute as data, because statutes are renumbered: texts and
// templates name the Key and get the wording that was in force on a day.
type LegalReference struct {
	Key       string     `yaml:"key" json:"key"`     // what it is about, e.g. osl.sekretess
	Law       string     `yaml:"law" json:"law"`     // e.g. offentlighets- och sekretesslagen (2009:400)
	Place     string     `yaml:"place" json:"place"` // e.g. 26 kap. 1 §
	Short     string     `yaml:"short" json:"short"` // e.g. OSL 26:1
	About     string     `yaml:"about" json:"about"`
	ValidFrom clock.Date `yaml:"valid_from" json:"valid_from,omitzero"`
	ValidTo   clock.Date `yaml:"valid_to" json:"valid_to,omitzero"`
}

// Full is the reference as a letter or a marking writes it.
func (l LegalReference) Full() string { return l.Place + " " + l.Law }

// LegalOn returns the wording of a reference on a day.
func (c City) LegalOn(key string, day clock.Date) (LegalReference, bool) {
	for _, l := range c.Legal {
		if l.Key == key && within(day, l.ValidFrom, l.ValidTo) {
			return l, true
		}
	}
	return LegalReference{}, false
}

// Holiday is a day that is not a working day although the calendar says so.
type Holiday struct {
	Date clock.Date `yaml:"date" json:"date"`
	Name string     `yaml:"name" json:"name"`
}

// YearlyDate is a duty that falls on the same day each year, e.g. 03-01.
type YearlyDate struct {
	ID   string `yaml:"id" json:"id"`
	Date string `yaml:"date" json:"date"` // mm-dd
	Name string `yaml:"name" json:"name"`
}

// within reports whether day lies in [from, to]; a missing end is open.
func within(day, from, to clock.Date) bool {
	return !day.Before(from) && (to.IsZero() || !day.After(to))
}
