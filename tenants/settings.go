package tenants

import "lyhord/pkg/platform/clock"

// States of a channel.
const (
	ChannelOn    = "on"
	ChannelOff   = "off"
	ChannelRefer = "refer" // reports are not taken here; the text says where to turn
)

// Channel is one way in (code of list channel) and whether the tenant uses it.
type Channel struct {
	Code  string `yaml:"code" json:"code"`
	State string `yaml:"state" json:"state"`
	Text  string `yaml:"text" json:"text,omitempty"` // required for refer
}

// Kinds of collective file (samlingsakt).
const (
	FileComplaints = "SAMLINGSAKT_KLAGOMAL"
	FileDeviations = "SAMLINGSAKT_AVVIKELSER"
	FileExternal   = "SAMLINGSAKT_EXTERN"
)

// CollectiveFile is the name of a samlingsakt and the prefix and class of its number.
type CollectiveFile struct {
	Kind   string `yaml:"kind" json:"kind"`
	Name   string `yaml:"name" json:"name"`
	Prefix string `yaml:"prefix" json:"prefix,omitempty"`
	Class  string `yaml:"class" json:"class,omitempty"`
}

// NumberPatterns are the forms of the tenant's numbers. A pattern is text with
// {prefix}, {class}, {year}, {no} and, for an entry, {file}; {no:5} pads with zeros.
type NumberPatterns struct {
	Prefix string `yaml:"prefix" json:"prefix"` // e.g. BRO
	Class  string `yaml:"class" json:"class"`   // class in the klassificeringsstruktur, e.g. 5.1.1
	Case   string `yaml:"case" json:"case"`     // reference that the person who wrote is given
	File   string `yaml:"file" json:"file"`     // dnr of a samlingsakt, one per kind and calendar year
	Entry  string `yaml:"entry" json:"entry"`   // an entry in the samlingsakt: {file} and löpnummer {no}
	Own    string `yaml:"own" json:"own"`       // a case's own dnr
}

// Units of a deadline's amount.
const (
	WorkingDay  = "WORKING_DAY"
	CalendarDay = "CALENDAR_DAY"
	Hour        = "HOUR"
)

// DeadlineRule says how long a step may take. WarnBefore, EscalateAfter and
// Reminders count in the same unit as Amount. An amount of 0 is that very day;
// EscalateAfter 0 never escalates.
type DeadlineRule struct {
	Amount        int    `yaml:"amount" json:"amount"`
	Unit          string `yaml:"unit" json:"unit"`
	WarnBefore    int    `yaml:"warn_before" json:"warn_before"`
	EscalateAfter int    `yaml:"escalate_after" json:"escalate_after"`
	Reminders     []int  `yaml:"reminders" json:"reminders,omitempty"` // further warnings before the due day
}

// Deadline rules that every tenant has.
const (
	RuleRegister       = "register"          // registrera (OSL 5:1)
	RuleAcknowledge    = "acknowledge"       // bekräfta
	RuleReplySimple    = "reply_simple"      // svara, enkelt ärende
	RuleReplyComplex   = "reply_complex"     // svara, komplicerat ärende
	RuleDeviationStart = "deviation_start"   // påbörja avvikelse
	RuleDeviationDone  = "deviation_done"    // avvikelse klar; larm om ej påbörjad
	RuleConsult        = "consult"           // samråd: överordnad chef svarar
	RuleLexReceive     = "lex_receive"       // lex Sarah: rapporten till mottagaren
	RuleLexStart       = "lex_start"         // lex Sarah: utredning påbörjad
	RuleLexDone        = "lex_done"          // lex Sarah: utredning klar
	RuleLexIVO         = "lex_ivo"           // lex Sarah: anmälan till IVO efter beslut
	RuleReferral       = "referral"          // remiss: från datumet i remissen
	RuleFollowUp       = "measure_follow_up" // uppföljning av åtgärd
	RuleQuarterly      = "quarterly_review"  // kvartalsuppföljning, efter kvartalets slut
)

// Thresholds decide who gets to see a deviation because of its risk value.
type Thresholds struct {
	LexInvestigator RiskThreshold `yaml:"lex_investigator" json:"lex_investigator"` // both must be reached
	MAS             RiskThreshold `yaml:"mas" json:"mas"`                           // HSL cases only
}

// RiskThreshold is reached when risk value and severity both are at least the limits; 0 asks nothing.
type RiskThreshold struct {
	Risk     int `yaml:"risk" json:"risk"`
	Severity int `yaml:"severity" json:"severity"`
}

// Reached reports whether a case's values reach the threshold.
func (r RiskThreshold) Reached(risk, severity int) bool {
	return risk >= r.Risk && severity >= r.Severity
}

// Secrecy is what a marking (sekretessmarkering, OSL 5:5) says by default. A
// provider has a duty of silence (tystnadsplikt) and makes no marking.
type Secrecy struct {
	Marking   bool   `yaml:"marking" json:"marking"`
	Law       string `yaml:"law" json:"law"`             // e.g. 26 kap. 1 § offentlighets- och sekretesslagen (2009:400)
	Authority string `yaml:"authority" json:"authority"` // who makes the marking
}

// OIDC is the tenant's identity provider.
type OIDC struct {
	Issuer          string         `yaml:"issuer" json:"issuer"`
	ClientID        string         `yaml:"client_id" json:"client_id"`
	ClientSecretEnv string         `yaml:"client_secret_env" json:"client_secret_env"` // name of the environment variable
	Scopes          []string       `yaml:"scopes" json:"scopes,omitempty"`
	RequiredACR     string         `yaml:"required_acr" json:"required_acr,omitempty"`
	LoginClaim      string         `yaml:"login_claim" json:"login_claim"`
	GroupsClaim     string         `yaml:"groups_claim" json:"groups_claim,omitempty"`
	Groups          []GroupMapping `yaml:"groups" json:"groups,omitempty"`
}

// GroupMapping gives the members of a group a role.
type GroupMapping struct {
	Group string `yaml:"group" json:"group"`
	Role  string `yaml:"role" json:"role"`
	Unit  string `yaml:"unit" json:"unit,omitempty"`
}

// Texts are the words the tenant gives to the public and puts in its letters.
type Texts struct {
	PostalAddress         string        `yaml:"postal_address" json:"postal_address,omitempty"`
	Email                 string        `yaml:"email" json:"email,omitempty"`
	Phone                 string        `yaml:"phone" json:"phone,omitempty"`
	PublicIntro           string        `yaml:"public_intro" json:"public_intro,omitempty"`
	PrivacyNotice         string        `yaml:"privacy_notice" json:"privacy_notice,omitempty"`
	Whistleblower         string        `yaml:"whistleblower" json:"whistleblower,omitempty"`     // a pointer only, never a channel here
	Acknowledgement       string        `yaml:"acknowledgement" json:"acknowledgement,omitempty"` // bekräftelse; {reference} and {answer_by} are put in
	ReportForm            string        `yaml:"report_form" json:"report_form,omitempty"`         // the form's name
	InvestigationTemplate string        `yaml:"investigation_template" json:"investigation_template,omitempty"`
	DisclosureAppeal      string        `yaml:"disclosure_appeal" json:"disclosure_appeal,omitempty"` // how a refused disclosure is appealed; empty: the law's own words
	WhereToTurn           []WhereToTurn `yaml:"where_to_turn" json:"where_to_turn,omitempty"`
}

// WhereToTurn is an address outside the tenant that an answer names.
type WhereToTurn struct {
	Key  string `yaml:"key" json:"key"` // IVO, JO, PATIENTNAMNDEN, ALDREOMBUDSMAN …
	Name string `yaml:"name" json:"name"`
	Text string `yaml:"text" json:"text"`
	URL  string `yaml:"url" json:"url,omitempty"`
}

// Routine is the tenant's own written routine, shown beside the step it governs.
type Routine struct {
	Title     string           `yaml:"title" json:"title"`
	Version   string           `yaml:"version" json:"version"`
	ValidFrom clock.Date       `yaml:"valid_from" json:"valid_from,omitzero"`
	Sections  []RoutineSection `yaml:"sections" json:"sections"`
}

// RoutineSection is a passage of the routine, word for word.
type RoutineSection struct {
	Key     string   `yaml:"key" json:"key"`
	Heading string   `yaml:"heading" json:"heading"`
	Steps   []string `yaml:"steps" json:"steps,omitempty"` // transitions it governs, T1–T30
	Text    string   `yaml:"text" json:"text"`
}

// Theme is the tenant's look. Colours are #rrggbb and must be readable on white.
type Theme struct {
	LogoText     string `yaml:"logo_text" json:"logo_text"`
	HeaderColour string `yaml:"header_colour" json:"header_colour"`
	AccentColour string `yaml:"accent_colour" json:"accent_colour"`
}

// Whether something is done here at all.
const (
	Allowed = "allowed"
	Refused = "refused"
)

// LexSarah is how the tenant works with lex Sarah and, beside it, with health care (HSL).
type LexSarah struct {
	OwnApproval string `yaml:"own_approval" json:"own_approval"` // may the investigator decide herself? allowed or refused
	HSLCases    string `yaml:"hsl_cases" json:"hsl_cases"`       // are deviations of health care handled here? allowed or refused
}
