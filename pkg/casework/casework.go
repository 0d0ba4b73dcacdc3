// Package casework is the case (ärende): how a synpunkt, a klagomål or an avvikelse is reported, registered, assigned,
// assessed, investigated, answered, followed up and closed (domain: T1–T27).
//
// The rules are pure: state.go holds the machine, act.go who may do what now and why not. service_*.go are the use-cases,
// each one reading batch and one guarded writing batch. store_*.go is the only SQL, http_*.go the only HTTP.
// It must not send anything (jobs do), must not decide what a role may do (authz does), and never checks a tenant (PostgreSQL does).
// Tests: the machine against the database's copy, every act's refusals by table, and the use-cases on a real PostgreSQL.
package casework

import (
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/clock"
)

// Kinds of case (domain: ärendetyp).
const (
	TypeFeedback  = "SYNPUNKT"
	TypeComplaint = "KLAGOMAL"
	TypeDeviation = "AVVIKELSE"
	TypeLexSarah  = "LEX_SARAH"
	TypeReferral  = "REMISS"
)

// Complexity as decided by the superior manager (req. 36).
const (
	NotJudged   = "EJ_BEDOMD"
	Simple      = "ENKEL"
	Complicated = "KOMPLICERAD"
)

// Case is the row of a case: what lists, law and statistics need, and no word anybody wrote.
type Case struct {
	ID                 uuid.UUID     `db:"id"`
	Version            int           `db:"version"`
	Reference          string        `db:"reference"`
	EntryNo            *string       `db:"entry_no"`
	OwnDNR             *string       `db:"own_dnr"`
	State              State         `db:"state"`
	AccessLabel        string        `db:"access_label"`
	CaseType           *string       `db:"case_type"`
	SynpunktKind       *string       `db:"synpunkt_kind"`
	Channel            string        `db:"channel"`
	SenderRole         string        `db:"sender_role"`
	Anonymous          bool          `db:"anonymous"`
	WantsReply         string        `db:"wants_reply"`
	Concerns           *string       `db:"concerns"`
	AboutManager       bool          `db:"about_manager"`
	UnitID             *uuid.UUID    `db:"unit_id"`
	UnitName           *string       `db:"unit_name"`
	Area               *string       `db:"area"`
	Regi               *string       `db:"regi"`
	Lagrum             []string      `db:"lagrum"`
	Category           *string       `db:"category"`
	CategoryHSL        *string       `db:"category_hsl"`
	Harm               string        `db:"harm"`
	Severity           *int          `db:"severity"`
	Probability        *int          `db:"probability"`
	RiskValue          *int          `db:"risk_value"`
	Secrecy            string        `db:"secrecy"`
	Subject            *string       `db:"subject"`
	ReporterID         *uuid.UUID    `db:"reporter_id"`
	ReporterName       *string       `db:"reporter_name"`
	HandlerID          *uuid.UUID    `db:"handler_id"`
	HandlerName        *string       `db:"handler_name"`
	InvestigatorID     *uuid.UUID    `db:"investigator_id"`
	InvestigatorName   *string       `db:"investigator_name"`
	SuperiorID         *uuid.UUID    `db:"superior_id"`
	SuperiorName       *string       `db:"superior_name"`
	SecretaryID        *uuid.UUID    `db:"secretary_id"`
	SecretaryName      *string       `db:"secretary_name"`
	BoardDecidedOn     *clock.Date   `db:"board_decided_on"`
	Readers            []uuid.UUID   `db:"readers"`
	Complexity         string        `db:"complexity"`
	ResponseLevel      *string       `db:"response_level"`
	Outcome            *string       `db:"outcome"`
	QualityDims        []string      `db:"quality_dims"`
	AffectsIndividual  bool          `db:"affects_individual"`
	IndividualInformed bool          `db:"individual_informed"`
	Personakt          *string       `db:"personakt"`
	UnmetNeed          bool          `db:"unmet_need"`
	HappenedAt         *time.Time    `db:"happened_at"`
	ReceivedAt         time.Time     `db:"received_at"`
	ReceivedOn         clock.Date    `db:"received_on"`
	RegisteredAt       *time.Time    `db:"registered_at"`
	AssignedAt         *time.Time    `db:"assigned_at"`
	StartedAt          *time.Time    `db:"started_at"`
	AnsweredAt         *time.Time    `db:"answered_at"`
	ClosedAt           *time.Time    `db:"closed_at"`
	DueOn              *clock.Date   `db:"due_on"`
	DueRule            *org.Deadline `db:"due_rule"` // how the day was computed; without a unit where it is not known
	PausedAt           *time.Time    `db:"paused_at"`
}

// Facts are the few things beside the row that decide what is possible now.
type Facts struct {
	Causes            int  `db:"causes"`             // causes found
	CausesUnmet       int  `db:"causes_unmet"`       // causes without a measure that is not refused: the red thread is broken
	Measures          int  `db:"measures"`           // measures not refused
	MeasuresUndecided int  `db:"measures_undecided"` // still proposals
	MeasuresOpen      int  `db:"measures_open"`      // decided, not followed up
	Unconfirmed       bool `db:"unconfirmed"`        // the one who wrote waits for an acknowledgement by phone or letter
	Feedbacks         int  `db:"feedbacks"`          // återföring to the individual
	Replies           int  `db:"replies"`            // SVAR sent
	HasBackground     bool `db:"has_background"`
	HasConclusion     bool `db:"has_conclusion"`
	Unregistered      int  `db:"unregistered"`       // documents that the registrar has not entered yet (req 46)
	Done              bool `db:"investigation_done"` // called done (klarmarkerad): locked
}

// Harm as the reporter saw it.
const (
	HarmUnknown = "OKANT"
	HarmNone    = "NEJ"
	HarmNear    = "KUNDE_HA_HANT"
	HarmSlight  = "LINDRIG"
	HarmSerious = "ALLVARLIG"
)

// Contact is how the writer can be reached. Sealed as one JSON text.
type Contact struct {
	Name    string `json:"name,omitempty" maxLength:"120"`
	Phone   string `json:"phone,omitempty" maxLength:"40"`
	Email   string `json:"email,omitempty" maxLength:"200"`
	Address string `json:"address,omitempty" maxLength:"300"`
}

// Empty says that nothing was given.
func (c Contact) Empty() bool { return c == Contact{} }

// Words are everything the reporter said: sealed at once and never changed (req. 15–19).
type Words struct {
	Narrative  string
	Place      string
	Measure    string // direct measure taken
	People     string // persons concerned
	OnBehalfOf string
	Note       string // oral report: how it was taken down
	Contact    Contact
}
