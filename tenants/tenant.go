package tenants

import "lyhord/pkg/platform/clock"

// Kinds of tenant.
const (
	KindBoard      = "BOARD"       // nämnd with its förvaltning: an authority of its own
	KindProvider   = "PROVIDER"    // utförare: private or municipal, no diarium duty
	KindCityOffice = "CITY_OFFICE" // stadsledningskontoret: aggregates only, never a case
)

// Kinds of unit.
const (
	UnitAdministration = "FORVALTNING" // the root of the tree; for a provider its head office
	UnitDepartment     = "AVDELNING"
	UnitUnit           = "ENHET"
)

// Tenant is one authority, provider or city office: a hard border in the system.
type Tenant struct {
	Slug         string        `yaml:"-" json:"slug"` // the file's name; the same in links and demo logins
	City         string        `yaml:"-" json:"city"` // the city's slug
	Name         string        `yaml:"name" json:"name"`
	ShortName    string        `yaml:"short_name" json:"short_name"`
	Kind         string        `yaml:"kind" json:"kind"`
	OrgNumber    string        `yaml:"org_number" json:"org_number"`
	BoardName    string        `yaml:"board_name" json:"board_name,omitempty"` // nämnd; empty for a provider
	Areas        []string      `yaml:"areas" json:"areas"`
	ValidFrom    clock.Date    `yaml:"valid_from" json:"valid_from,omitzero"`
	ValidTo      clock.Date    `yaml:"valid_to" json:"valid_to,omitzero"`
	Predecessors []Predecessor `yaml:"predecessors" json:"predecessors,omitempty"`
	PublicForm   bool          `yaml:"public_form" json:"public_form"`
	// Omitted in the file means "as the city".
	Channels       []Channel               `yaml:"channels" json:"channels"`
	NumberPatterns NumberPatterns          `yaml:"number_patterns" json:"number_patterns"`
	Collective     []CollectiveFile        `yaml:"collective_files" json:"collective_files"`
	Deadlines      map[string]DeadlineRule `yaml:"deadlines" json:"deadlines"`
	Thresholds     Thresholds              `yaml:"thresholds" json:"thresholds"`
	LexSarah       LexSarah                `yaml:"lex_sarah" json:"lex_sarah"`
	Decisions      Decisions               `yaml:"decisions" json:"decisions"`
	Holidays       []Holiday               `yaml:"holidays" json:"holidays,omitempty"` // the city's and its own
	Texts          Texts                   `yaml:"texts" json:"texts"`
	Documents      []DocumentTemplate      `yaml:"documents" json:"documents,omitempty"`
	Templates      []InvestigationTemplate `yaml:"investigation_templates" json:"investigation_templates,omitempty"` // beside the city's

	Secrecy       Secrecy        `yaml:"secrecy" json:"secrecy"`
	LocalSubcodes []LocalSubcode `yaml:"local_subcodes" json:"local_subcodes,omitempty"`
	Routine       *Routine       `yaml:"routine" json:"routine,omitempty"`
	OIDC          *OIDC          `yaml:"oidc" json:"oidc,omitempty"`
	Theme         Theme          `yaml:"theme" json:"theme"`
	Units         []Unit         `yaml:"units" json:"units"`
	People        []Person       `yaml:"people" json:"people"`
}

// Unit returns the unit with the slug.
func (t Tenant) Unit(slug string) (Unit, bool) {
	for _, u := range t.Units {
		if u.Slug == slug {
			return u, true
		}
	}
	return Unit{}, false
}

// Root is the top of the tree: the one FORVALTNING.
func (t Tenant) Root() Unit {
	for _, u := range t.Units {
		if u.Parent == "" {
			return u
		}
	}
	return Unit{}
}

// Person returns the person with the key.
func (t Tenant) Person(key string) (Person, bool) {
	for _, p := range t.People {
		if p.Key == key {
			return p, true
		}
	}
	return Person{}, false
}

// Login is what a person types: <key>@<tenant>.demo.
func (t Tenant) Login(personKey string) string { return personKey + "@" + t.Slug + ".demo" }

// Predecessor is a tenant that this one has taken over from.
type Predecessor struct {
	Slug    string     `yaml:"slug" json:"slug"`
	Name    string     `yaml:"name" json:"name"`
	ValidTo clock.Date `yaml:"valid_to" json:"valid_to"` // its last day
}

// Unit is a node in the tenant's tree.
type Unit struct {
	Slug      string     `yaml:"slug" json:"slug"`
	Name      string     `yaml:"name" json:"name"`
	Kind      string     `yaml:"kind" json:"kind"`
	Parent    string     `yaml:"parent" json:"parent,omitempty"` // empty only for the root
	Type      string     `yaml:"type" json:"type,omitempty"`     // code of list unit_type; required for ENHET
	Area      string     `yaml:"area" json:"area,omitempty"`     // code of list area; required for ENHET
	Regi      string     `yaml:"regi" json:"regi,omitempty"`     // code of list regi; required for ENHET
	Clients   int        `yaml:"clients" json:"clients,omitempty"`
	ValidFrom clock.Date `yaml:"valid_from" json:"valid_from,omitzero"`
	ValidTo   clock.Date `yaml:"valid_to" json:"valid_to,omitzero"`
	// CommissionedBy: the boards (beställande nämnder) a provider's unit works for.
	CommissionedBy []string  `yaml:"commissioned_by" json:"commissioned_by,omitempty"`
	Managers       []Manager `yaml:"managers" json:"managers"`
}

// ManagerOn is the key of the person who leads the unit on a day.
func (u Unit) ManagerOn(day clock.Date) (string, bool) {
	for _, m := range u.Managers {
		if within(day, m.ValidFrom, m.ValidTo) {
			return m.Person, true
		}
	}
	return "", false
}

// Manager is a person's time as head of a unit.
type Manager struct {
	Person    string     `yaml:"person" json:"person"` // key of a person of the same tenant
	ValidFrom clock.Date `yaml:"valid_from" json:"valid_from,omitzero"`
	ValidTo   clock.Date `yaml:"valid_to" json:"valid_to,omitzero"`
}

// Person is a member of staff with a login.
type Person struct {
	Key   string       `yaml:"key" json:"key"` // the login's part before @
	Name  string       `yaml:"name" json:"name"`
	Title string       `yaml:"title" json:"title"`
	Email string       `yaml:"email" json:"email"` // omitted means the login
	Roles []Membership `yaml:"roles" json:"roles"`
}

// Membership is a role in a unit and all below it; no unit means the whole tenant.
type Membership struct {
	Role      string     `yaml:"role" json:"role"`
	Unit      string     `yaml:"unit" json:"unit,omitempty"`
	ValidFrom clock.Date `yaml:"valid_from" json:"valid_from,omitzero"`
	ValidTo   clock.Date `yaml:"valid_to" json:"valid_to,omitzero"`
}
