// Package lexsarah is the track of lex Sarah (SoL 27 kap., LSS 24 a–g, SOSFS 2011:5): a report of misconduct is received,
// what must be done at once is done, it is investigated by those who work with lex Sarah and nobody else, judged, sent to
// IVO where it is serious, and handed back to the unit, which follows up.
//
// The track lies beside the case. casework writes how a case comes here and how it leaves (T23–T25); this package must not
// move a case by itself, and casework must not import it. Who sees what PostgreSQL decides: the case's label for the
// case, the policy "workers" for the track.
//
// state.go holds the machine, act.go who may do what now and why not; service*.go the use-cases, each one reading batch and
// one guarded writing batch. Tests: the machine against the database's copy, the refusals by table, and the use-cases
// through the api on a real PostgreSQL.
package lexsarah

import (
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/casework"
	"lyhord/pkg/platform/clock"
)

// Degrees (misconduct_degree): the last two are reported to IVO.
const (
	NoMisconduct = "INGET"
	RiskSerious  = "PATAGLIG_RISK_ALLVARLIGT"
	Serious      = "ALLVARLIGT"
)

func serious(degree *string) bool {
	return degree != nil && (*degree == RiskSerious || *degree == Serious)
}

// Initial assessments.
const (
	Investigate = "UTRED"
	NotLex      = "INTE_LEX"
	IVOAtOnce   = "IVO_DIREKT"
)

// Kinds of entry in IVO's log.
const (
	Notified     = "ANMALD"
	Supplemented = "KOMPLETTERAD"
	ClosedByIVO  = "AVSLUTAD"
)

// Track is the row of the track with what is needed of its case.
type Track struct {
	CaseID           uuid.UUID      `db:"case_id"`
	Version          int            `db:"version"`
	Step             Step           `db:"step"`
	HeldAt           time.Time      `db:"held_at"`
	HeldByName       *string        `db:"held_by_name"`
	HeldFrom         string         `db:"held_from"`
	FormerHandler    *uuid.UUID     `db:"former_handler"`
	Reason           []byte         `db:"reason_sealed"`
	ReceivedAt       *time.Time     `db:"received_at"`
	ReceivedByName   *string        `db:"received_by_name"`
	HappenedOn       *clock.Date    `db:"happened_on"`
	What             []byte         `db:"what_sealed"`
	ImmediateAt      *time.Time     `db:"immediate_at"`
	Immediate        []byte         `db:"immediate_sealed"`
	Assessment       *string        `db:"assessment"`
	AssessmentText   []byte         `db:"assessment_sealed"`
	AssessedAt       *time.Time     `db:"assessed_at"`
	InvestigatorID   *uuid.UUID     `db:"investigator_id"`
	InvestigatorName *string        `db:"investigator_name"`
	Kinds            []string       `db:"kinds"`
	IndividualTold   *string        `db:"individual_informed"`
	RelativesTold    *string        `db:"relatives_informed"`
	PoliceReport     *string        `db:"police_report"`
	Personakt        *string        `db:"personakt"`
	ProposedDegree   *string        `db:"proposed_degree"`
	Proposal         []byte         `db:"proposal_sealed"`
	ProposedBy       *uuid.UUID     `db:"proposed_by"`
	ProposedByName   *string        `db:"proposed_by_name"`
	ProposedAt       *time.Time     `db:"proposed_at"`
	Degree           *string        `db:"degree"`
	Decision         []byte         `db:"decision_sealed"`
	Delegation       []byte         `db:"delegation_sealed"`
	DecidedByName    *string        `db:"decided_by_name"`
	DecidedAt        *time.Time     `db:"decided_at"`
	StartDueOn       *clock.Date    `db:"start_due_on"`
	DoneDueOn        *clock.Date    `db:"done_due_on"`
	IVODueOn         *clock.Date    `db:"ivo_due_on"`
	IVOOn            *clock.Date    `db:"ivo_on"`
	ReturnedAt       *time.Time     `db:"returned_at"`
	ClosedAt         *time.Time     `db:"closed_at"`
	Reference        string         `db:"reference"`
	EntryNo          *string        `db:"entry_no"`
	OwnDNR           *string        `db:"own_dnr"`
	Subject          *string        `db:"subject"`
	UnitID           *uuid.UUID     `db:"unit_id"`
	UnitName         *string        `db:"unit_name"`
	Lagrum           []string       `db:"lagrum"`
	ReporterName     *string        `db:"reporter_name"`
	SenderRole       string         `db:"sender_role"`
	CaseState        casework.State `db:"case_state"`
	CaseVersion      int            `db:"case_version"`
	CaseReceivedAt   time.Time      `db:"case_received_at"`
	CaseReceivedOn   clock.Date     `db:"case_received_on"`
	CaseHappenedAt   *time.Time     `db:"case_happened_at"`
	RegisteredAt     *time.Time     `db:"registered_at"`
}

// items are what the documentation of an investigation must show (SOSFS 2011:5, 5 kap.), in the order of the regulation.
// The ninth, the decision that ends it, is the decision itself.
var items = []struct{ code, label, missing string }{
	{"HANDELSE", "Vad som hände och vad det fick eller kunde ha fått för följder för den enskilde", "Skriv vad som hände och vilka följder det fick eller kunde ha fått."},
	{"UPPMARKSAMMAD", "När och hur det uppmärksammades", "Skriv när och hur det uppmärksammades."},
	{"TIDPUNKT", "När det inträffade", "Skriv när det inträffade."},
	{"ORSAKER", "Orsaker", "Skriv vilka orsaker ni har hittat."},
	{"TIDIGARE", "Om något liknande har hänt tidigare, och i så fall varför det hände igen", "Skriv om något liknande har hänt tidigare."},
	{"IGEN", "Bedömning av om det kan hända igen", "Bedöm om det kan hända igen."},
	{"ATGARDER", "Vad som har gjorts för att avhjälpa eller undanröja det, med tider", "Skriv vilka åtgärder som har gjorts, och när."},
	{"FOREBYGGA", "Vad som har gjorts eller planeras för att det inte ska hända igen", "Skriv vad som görs för att det inte ska hända igen."},
	{"OVRIGT", "Annat som har kommit fram", ""},
}

// missing says what an investigation lacks before it can be put to decision. Drafts may be incomplete; the rules bind here.
func missing(t Track, entries []entryRow) []string {
	have := map[string]bool{}
	for _, e := range entries {
		have[e.Item] = true
	}
	out := []string{}
	for _, i := range items {
		if i.missing != "" && !have[i.code] {
			out = append(out, i.missing)
		}
	}
	for _, f := range []struct {
		lacks bool
		text  string
	}{
		{len(t.Kinds) == 0, "Välj vilken typ av missförhållande det gäller."},
		{t.IndividualTold == nil, "Svara på om den enskilde är informerad."},
		{t.RelativesTold == nil, "Svara på om god man, förvaltare eller närstående är informerade."},
		{t.PoliceReport == nil, "Svara på om det ska polisanmälas."},
		{t.Personakt == nil, "Svara på om det är dokumenterat i personakten."},
	} {
		if f.lacks {
			out = append(out, f.text)
		}
	}
	return out
}
