package casework

import (
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
)

// Ref names somebody or something.
type Ref struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

func ref(id *uuid.UUID, name *string) *Ref {
	if id == nil {
		return nil
	}
	return &Ref{ID: *id, Name: deref(name)}
}

// CaseRow is a case in a list: codes and dates, the neutral subject, nothing that was told.
type CaseRow struct {
	ID          uuid.UUID   `json:"id"`
	Reference   string      `json:"reference"`
	EntryNo     *string     `json:"entry_no"`
	OwnDNR      *string     `json:"own_dnr"`
	Subject     *string     `json:"subject"`
	CaseType    *string     `json:"case_type"`
	Channel     string      `json:"channel"`
	UnitName    *string     `json:"unit_name"`
	Category    *string     `json:"category"`
	Harm        string      `json:"harm"`
	RiskValue   *int        `json:"risk_value"`
	State       State       `json:"state"`
	StateText   string      `json:"state_text"`
	DueOn       *clock.Date `json:"due_on"`
	DueText     string      `json:"due_text" doc:"Hur lång tid som är kvar, i ord"`
	Late        bool        `json:"late"`
	HandlerName *string     `json:"handler_name"`
	ReceivedAt  time.Time   `json:"received_at"`
	Complexity  string      `json:"complexity"`
}

// CaseView is a whole case as its page shows it.
type CaseView struct {
	ID                 uuid.UUID             `json:"id"`
	Version            int                   `json:"version" doc:"Skickas i If-Match vid varje ändring"`
	Reference          string                `json:"reference"`
	EntryNo            *string               `json:"entry_no" doc:"Nummer i samlingsakten"`
	OwnDNR             *string               `json:"own_dnr" doc:"Eget diarienummer, utöver samlingsakten"`
	State              State                 `json:"state"`
	StateText          string                `json:"state_text"`
	CaseType           *string               `json:"case_type"`
	SynpunktKind       *string               `json:"synpunkt_kind"`
	Channel            string                `json:"channel"`
	SenderRole         string                `json:"sender_role"`
	Anonymous          bool                  `json:"anonymous"`
	WantsReply         string                `json:"wants_reply"`
	Concerns           *string               `json:"concerns"`
	AboutManager       bool                  `json:"about_manager"`
	Unit               *Ref                  `json:"unit"`
	ReportedUnit       *Ref                  `json:"reported_unit" doc:"Enheten som rapportören angav; ändras aldrig"`
	Area               *string               `json:"area"`
	Regi               *string               `json:"regi"`
	Lagrum             []string              `json:"lagrum"`
	Category           *string               `json:"category"`
	CategoryHSL        *string               `json:"category_hsl"`
	Harm               string                `json:"harm"`
	Severity           *int                  `json:"severity"`
	Probability        *int                  `json:"probability"`
	RiskValue          *int                  `json:"risk_value" doc:"Allvarlighetsgrad gånger sannolikhet"`
	Secrecy            Secrecy               `json:"secrecy"`
	Subject            *string               `json:"subject"`
	Complexity         string                `json:"complexity"`
	ResponseLevel      *string               `json:"response_level"`
	Outcome            *string               `json:"outcome"`
	QualityDims        []string              `json:"quality_dims"`
	AffectsIndividual  bool                  `json:"affects_individual"`
	IndividualInformed bool                  `json:"individual_informed"`
	Personakt          *string               `json:"personakt"`
	UnmetNeed          bool                  `json:"unmet_need"`
	Reporter           *Ref                  `json:"reporter"`
	Handler            *Ref                  `json:"handler"`
	Investigator       *Ref                  `json:"investigator"`
	Superior           *Ref                  `json:"superior"`
	Secretary          *Ref                  `json:"secretary" doc:"Den som sköter nämndens beslut"`
	Referral           *ReferralView         `json:"referral"`
	Board              []BoardView           `json:"board" doc:"Varje gång ärendet varit i nämnden, den senaste sist"`
	HappenedAt         *time.Time            `json:"happened_at"`
	ReceivedAt         time.Time             `json:"received_at"`
	RegisteredAt       *time.Time            `json:"registered_at"`
	AssignedAt         *time.Time            `json:"assigned_at"`
	AnsweredAt         *time.Time            `json:"answered_at"`
	ClosedAt           *time.Time            `json:"closed_at"`
	DueOn              *clock.Date           `json:"due_on"`
	DueText            string                `json:"due_text"`
	Late               bool                  `json:"late"`
	Report             ReportView            `json:"report"`
	Consultation       *ConsultationView     `json:"consultation"`
	Investigation      *InvestigationView    `json:"investigation"`
	Causes             []CauseView           `json:"causes"`
	Measures           []MeasureView         `json:"measures"`
	Feedbacks          []FeedbackView        `json:"feedbacks"`
	Messages           []MessageView         `json:"messages"`
	Acknowledgement    *AcknowledgementView  `json:"acknowledgement" doc:"Saknas när den som berättade inte går att nå"`
	Similar            SimilarView           `json:"similar"`
	RedThread          []ThreadView          `json:"red_thread"`
	ReadersCount       int                   `json:"readers_count"`
	Proposal           *RegistrationProposal `json:"registration_proposal"`
	Links              []LinkView            `json:"links" doc:"Rapporter och ärenden som hör ihop med det här"`
	HeldUntil          *clock.Date           `json:"held_until" doc:"Undanlagd på registratorns bord till den dagen"`
	HeldReason         string                `json:"held_reason"`
	Actions            []Action              `json:"actions"`
}

// AcknowledgementView is how and when the one who wrote is told that it came.
type AcknowledgementView struct {
	Way     string     `json:"way" enum:"KOD,EPOST,TELEFON,BREV"`
	DueOn   clock.Date `json:"due_on"`
	DueText string     `json:"due_text"`
	Done    bool       `json:"done"`
	Mailed  bool       `json:"mailed" doc:"Har också gått med e-post"`
}

// Secrecy is the case's marking.
type Secrecy struct {
	Level     string      `json:"level"`
	Law       *string     `json:"law"`
	On        *clock.Date `json:"on"`
	Authority *string     `json:"authority"`
}

// ReportView is the reporter's own words.
type ReportView struct {
	Narrative     string   `json:"narrative"`
	Place         string   `json:"place"`
	DirectMeasure string   `json:"direct_measure"`
	People        string   `json:"people"`
	OnBehalfOf    string   `json:"on_behalf_of"`
	Note          string   `json:"note"`
	Contact       *Contact `json:"contact"`
}

// ConsultationView is the latest samråd.
type ConsultationView struct {
	ID         uuid.UUID  `json:"id"`
	Question   string     `json:"question"`
	AskedAt    time.Time  `json:"asked_at"`
	AskedBy    Ref        `json:"asked_by"`
	Superior   Ref        `json:"superior"`
	DecidedAt  *time.Time `json:"decided_at"`
	Decision   *string    `json:"decision"`
	Motivation string     `json:"motivation"`
}

// InvestigationView is the investigation as saved.
type InvestigationView struct {
	Version         int               `json:"version"`
	Template        TemplateView      `json:"template"`
	Background      string            `json:"background"`
	Course          string            `json:"course"`
	CausesText      string            `json:"causes_text"`
	Conclusion      string            `json:"conclusion"`
	More            map[string]string `json:"more" doc:"Mallens övriga rubriker, efter kod"`
	Risks           []Risk            `json:"risks"`
	Highest         *int              `json:"risk_value" doc:"Högsta riskvärdet nu, av alla lagrumsgrupper"`
	Entries         []EntryView       `json:"entries" doc:"Händelseförloppet, i tidsordning"`
	Missing         []string          `json:"missing" doc:"Det som saknas innan utredningen kan klarmarkeras"`
	Versions        int               `json:"versions" doc:"Antal låsta lydelser"`
	CompletedAt     *time.Time        `json:"completed_at"`
	CompletedByName *string           `json:"completed_by_name"`
	UpdatedAt       time.Time         `json:"updated_at"`
	UpdatedByName   *string           `json:"updated_by_name"`
}

// TemplateView is the form it is written by.
type TemplateView struct {
	Version  string        `json:"version"`
	Name     string        `json:"name"`
	Sections []SectionView `json:"sections"`
}

// SectionView is one heading of it.
type SectionView struct {
	Code     string `json:"code"`
	Label    string `json:"label"`
	Hint     string `json:"hint"`
	Required bool   `json:"required"`
}

// EntryView is one line of the course of events. It is never changed: a correction is another that supersedes it.
type EntryView struct {
	ID           uuid.UUID  `json:"id"`
	HappenedAt   *time.Time `json:"happened_at"`
	Precision    string     `json:"precision"`
	Kind         string     `json:"kind"`
	Source       string     `json:"source"`
	SourceDetail string     `json:"source_detail"`
	Text         string     `json:"text"`
	AuthorName   string     `json:"author_name"`
	AuthorTitle  string     `json:"author_title"`
	DocumentedAt time.Time  `json:"documented_at"`
	Supersedes   *uuid.UUID `json:"supersedes"`
	SupersededBy *uuid.UUID `json:"superseded_by"`
}

// CauseView is a cause, with the answers to why under it.
type CauseView struct {
	ID         uuid.UUID `json:"id"`
	Area       string    `json:"area"`
	Underlying *string   `json:"underlying"`
	Text       string    `json:"text"`
	Whys       []string  `json:"whys"`
}

// MeasureView is a measure with what may be done to it.
type MeasureView struct {
	ID                uuid.UUID   `json:"id"`
	Version           int         `json:"version"`
	CaseID            uuid.UUID   `json:"case_id"`
	CaseReference     string      `json:"case_reference,omitempty"`
	CaseSubject       *string     `json:"case_subject,omitempty"`
	UnitName          *string     `json:"unit_name,omitempty"`
	Title             string      `json:"title"`
	CauseID           *uuid.UUID  `json:"cause_id"`
	Kind              string      `json:"kind"`
	Strength          string      `json:"strength"`
	Owner             Ref         `json:"owner"`
	DueOn             clock.Date  `json:"due_on"`
	DueText           string      `json:"due_text"`
	Late              bool        `json:"late"`
	Status            string      `json:"status"`
	AffectsIndividual bool        `json:"affects_individual"`
	DoneOn            *clock.Date `json:"done_on"`
	FollowUpMethod    *string     `json:"follow_up_method"`
	Effect            *string     `json:"effect"`
	EffectNote        string      `json:"effect_note"`
	Actions           []Action    `json:"actions"`
}

// FeedbackView is återföring that was given.
type FeedbackView struct {
	ID          uuid.UUID  `json:"id"`
	GivenOn     clock.Date `json:"given_on"`
	Method      string     `json:"method"`
	Note        string     `json:"note"`
	GivenByName string     `json:"given_by_name"`
}

// MessageView is a message; INTERN never reaches the reporter.
type MessageView struct {
	ID         uuid.UUID `json:"id"`
	At         time.Time `json:"at"`
	Direction  string    `json:"direction"`
	Kind       string    `json:"kind"`
	AuthorName *string   `json:"author_name"`
	Body       string    `json:"body"`
}

// SimilarView counts cases of the same unit and category.
type SimilarView struct {
	Count        int `json:"count"`
	WindowMonths int `json:"window_months"`
}

// ThreadView is one cause and whether something is done about it.
type ThreadView struct {
	CauseID  uuid.UUID   `json:"cause_id"`
	Measures []uuid.UUID `json:"measures"`
	OK       bool        `json:"ok"`
	Missing  *string     `json:"missing"`
}

// RegistrationProposal is what the registrar's desk starts from.
type RegistrationProposal struct {
	FileTitle          string      `json:"file_title"`
	CaseType           string      `json:"case_type"`
	Category           string      `json:"category" doc:"Föreslagen av orden som berättades; tom när rapporten redan har en"`
	CategoryWord       string      `json:"category_word" doc:"Ordet som förslaget bygger på"`
	SubjectSuggestions []string    `json:"subject_suggestions"`
	SecrecyLaw         string      `json:"secrecy_law"`
	SecrecyAuthority   string      `json:"secrecy_authority"`
	Handler            *Ref        `json:"handler"`
	HandlerReason      string      `json:"handler_reason"`
	PossibleDuplicates []Duplicate `json:"possible_duplicates"`
}

// Duplicate is another case that may tell of the same thing, and why it is thought so.
type Duplicate struct {
	ID         uuid.UUID `json:"id"`
	Reference  string    `json:"reference"`
	EntryNo    *string   `json:"entry_no"`
	ReceivedAt time.Time `json:"received_at"`
	Why        string    `json:"why"`
}
