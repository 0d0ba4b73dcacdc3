package tenants

import (
	"strings"

	"lyhord/pkg/platform/clock"
)

// Names of the code lists that every city has.
const (
	ListCaseType        = "case_type"
	ListFeedbackKind    = "synpunkt_kind"
	ListReferralKind    = "referral_kind"
	ListLagrum          = "lagrum"
	ListArea            = "area"
	ListChannel         = "channel"
	ListSenderRole      = "sender_role"
	ListConcerns        = "concerns"
	ListRegi            = "regi"
	ListUnitType        = "unit_type"
	ListResponseLevel   = "response_level"
	ListComplexity      = "complexity"
	ListOutcome         = "outcome"
	ListQualityDim      = "quality_dim"
	ListMisconduct      = "misconduct_degree"
	ListSecrecy         = "secrecy"
	ListHarm            = "harm"
	ListSeverity        = "severity"
	ListProbability     = "probability"
	ListRiskBand        = "risk_band"
	ListCauseArea       = "cause_area"
	ListUnderlyingCause = "underlying_cause"
	ListMeasureKind     = "measure_kind"
	ListMeasureStrength = "measure_strength"
	ListMeasureStatus   = "measure_status"
	ListEffect          = "effect"
	ListFollowUpMethod  = "follow_up_method"
	ListHarmKind        = "harm_kind"    // what kind of harm, also the kind that is not seen
	ListEntrySource     = "entry_source" // where an entry of the course of events comes from
	ListFeedbackMethod  = "feedback_method"
	ListWantsReply      = "wants_reply"
	ListTransferGround  = "transfer_ground"
	ListRole            = "role"
	ListCaseState       = "case_state"
	ListCategorySoL     = "category" // SoL and LSS
	ListCategoryHSL     = "category_hsl"
)

// Codes are the code lists a city owns, in the order of the file.
type Codes []CodeList

// CodeList is one list. The codes are stable; the labels are what people read.
type CodeList struct {
	List  string `yaml:"list" json:"list"`
	Label string `yaml:"label" json:"label"`
	Codes []Code `yaml:"codes" json:"codes"`
}

// Code is one value of a list. In the category lists a code has subcodes, and the
// full code is written with a dot: LKM.UTEBLIVEN_DOS.
type Code struct {
	Code      string     `yaml:"code" json:"code"`
	Label     string     `yaml:"label" json:"label"`
	Help      string     `yaml:"help" json:"help,omitempty"`
	From      int        `yaml:"from" json:"from,omitempty"`             // severity, probability: the value; risk_band: lowest value
	To        int        `yaml:"to" json:"to,omitempty"`                 // risk_band: highest value
	NeedsText bool       `yaml:"needs_text" json:"needs_text,omitempty"` // the choice means nothing without words
	ValidFrom clock.Date `yaml:"valid_from" json:"valid_from,omitzero"`
	ValidTo   clock.Date `yaml:"valid_to" json:"valid_to,omitzero"`
	Sub       []Code     `yaml:"sub" json:"sub,omitempty"`
}

// LocalSubcode is a tenant's own refinement beneath a code of its city.
type LocalSubcode struct {
	List      string     `yaml:"list" json:"list"`
	Parent    string     `yaml:"parent" json:"parent"` // full code in the city's list
	Code      string     `yaml:"code" json:"code"`
	Label     string     `yaml:"label" json:"label"`
	ValidFrom clock.Date `yaml:"valid_from" json:"valid_from,omitzero"`
	ValidTo   clock.Date `yaml:"valid_to" json:"valid_to,omitzero"`
}

// Full is the local code with its parents: UTF.UTEBLIVEN.NATT.
func (l LocalSubcode) Full() string { return l.Parent + "." + l.Code }

// List returns the list with the name.
func (c Codes) List(name string) (CodeList, bool) {
	for _, l := range c {
		if l.List == name {
			return l, true
		}
	}
	return CodeList{}, false
}

// Find returns a code by its full code, e.g. Find("category_hsl", "LKM.FEL_DOS").
func (c Codes) Find(list, full string) (Code, bool) {
	l, ok := c.List(list)
	if !ok {
		return Code{}, false
	}
	codes := l.Codes
	var found Code
	for part := range strings.SplitSeq(full, ".") {
		i := indexCode(codes, part)
		if i < 0 {
			return Code{}, false
		}
		found, codes = codes[i], codes[i].Sub
	}
	return found, true
}

// Has reports whether the list holds the full code.
func (c Codes) Has(list, full string) bool {
	_, ok := c.Find(list, full)
	return ok
}

// Label is the Swedish label of a full code; for a subcode only its own part.
// An unknown code is its own label, so that old data still reads.
func (c Codes) Label(list, full string) string {
	if code, ok := c.Find(list, full); ok {
		return code.Label
	}
	return full
}

// Walk calls fn for every code of the list, parents first, with its full code and its parent's.
func (l CodeList) Walk(fn func(full, parent string, code Code)) { walk(l.Codes, "", fn) }

func walk(codes []Code, parent string, fn func(full, parent string, code Code)) {
	for _, c := range codes {
		full := c.Code
		if parent != "" {
			full = parent + "." + c.Code
		}
		fn(full, parent, c)
		walk(c.Sub, full, fn)
	}
}

func indexCode(codes []Code, code string) int {
	for i, c := range codes {
		if c.Code == code {
			return i
		}
	}
	return -1
}
