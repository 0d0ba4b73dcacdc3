package tenants

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// When a case gets a number of its own in addition to its entry (req. 30).
const (
	OwnNumberComplicated  = "KOMPLICERADE" // the routine's own words
	OwnNumberInvestigated = "UTREDDA"      // every case that is investigated
	OwnNumberNever        = "INGA"
)

// Decisions is who decides what in the handling of a case.
type Decisions struct {
	// ConsultFromRisk: samråd is needed from this risk value on, and where the risk is not known. 0: in every case (req. 35).
	ConsultFromRisk int    `yaml:"consult_from_risk" json:"consult_from_risk"`
	OwnNumber       string `yaml:"own_number" json:"own_number"` // empty: KOMPLICERADE
}

// NeedsConsult says whether the superior manager must be asked. risk is nil while it is not judged.
func (d Decisions) NeedsConsult(risk *int) bool {
	return d.ConsultFromRisk == 0 || risk == nil || *risk >= d.ConsultFromRisk
}

// NeedsOwnNumber says whether a case gets a number of its own.
func (d Decisions) NeedsOwnNumber(complicated, investigated bool) bool {
	switch d.OwnNumber {
	case OwnNumberNever:
		return false
	case OwnNumberInvestigated:
		return complicated || investigated
	}
	return complicated
}

// Rules is the routine as configuration: the part of a tenant's file that the people there may change themselves, version
// by version. The file holds the first version.
type Rules struct {
	Deadlines       map[string]DeadlineRule `json:"deadlines"`
	Thresholds      Thresholds              `json:"thresholds"`
	Decisions       Decisions               `json:"decisions"`
	Acknowledgement string                  `json:"acknowledgement" maxLength:"2000"`
}

// Rules are the tenant's rules in force.
func (t Tenant) Rules() Rules {
	return Rules{Deadlines: maps.Clone(t.Deadlines), Thresholds: t.Thresholds, Decisions: t.Decisions, Acknowledgement: t.Texts.Acknowledgement}
}

// With is the tenant under other rules. A deadline that the rules do not name is the file's.
func (t Tenant) With(r Rules) Tenant {
	deadlines := maps.Clone(t.Deadlines)
	if deadlines == nil {
		deadlines = map[string]DeadlineRule{}
	}
	maps.Copy(deadlines, r.Deadlines)
	t.Deadlines, t.Thresholds, t.Decisions, t.Texts.Acknowledgement = deadlines, r.Thresholds, r.Decisions, r.Acknowledgement
	return t
}

// RuleNames say each deadline in Swedish.
var RuleNames = map[string]string{
	RuleRegister: "Registrera", RuleAcknowledge: "Bekräfta att det har kommit fram", RuleReplySimple: "Svara, enkelt ärende",
	RuleReplyComplex: "Svara, komplicerat ärende", RuleDeviationStart: "Påbörja avvikelse", RuleDeviationDone: "Avvikelse klar",
	RuleConsult: "Samråd: överordnad chef svarar", RuleLexReceive: "Lex Sarah: rapporten till mottagaren",
	RuleLexStart: "Lex Sarah: utredning påbörjad", RuleLexDone: "Lex Sarah: utredning klar", RuleLexIVO: "Lex Sarah: anmälan till IVO",
	RuleReferral: "Remiss: från datumet i remissen", RuleFollowUp: "Följa upp åtgärd", RuleQuarterly: "Kvartalsuppföljning",
}

var ownNumberWords = map[string]string{
	"": "komplicerade ärenden", OwnNumberComplicated: "komplicerade ärenden", OwnNumberInvestigated: "alla ärenden som utreds", OwnNumberNever: "inga ärenden",
}

// RuleFault is one thing that is wrong in somebody's proposal: the field as a JSON pointer and a sentence.
type RuleFault struct{ At, Text string }

// Faults says what is wrong with the rules, in the order of the fields.
func (r Rules) Faults() (all []RuleFault) {
	wrong := func(bad bool, at, text string) {
		if bad {
			all = append(all, RuleFault{at, text})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.Deadlines)) {
		d, at := r.Deadlines[id], "/deadlines/"+id
		wrong(RuleNames[id] == "", at, "Tidsgränsen finns inte.")
		wrong(!slices.Contains([]string{WorkingDay, CalendarDay, Hour}, d.Unit), at+"/unit", "Välj arbetsdagar, dagar eller timmar.")
		wrong(d.Amount < 0 || d.Amount > 3660, at+"/amount", "Skriv ett tal mellan 0 och 3660.")
		wrong(d.WarnBefore < 0 || d.Amount > 0 && d.WarnBefore > d.Amount, at+"/warn_before", "Påminnelsen kan inte komma innan tiden börjar.")
		wrong(d.EscalateAfter < 0 || d.EscalateAfter > 3660, at+"/escalate_after", "Skriv ett tal mellan 0 och 3660.")
		for _, n := range d.Reminders {
			wrong(n < 1 || n > 3660, at+"/reminders", "En påminnelse ska vara minst 1.")
		}
	}
	for at, t := range map[string]RiskThreshold{"/thresholds/lex_investigator": r.Thresholds.LexInvestigator, "/thresholds/mas": r.Thresholds.MAS} {
		wrong(t.Risk < 0 || t.Risk > 16 || t.Severity < 0 || t.Severity > 4, at, "Riskvärdet är 0–16 och allvarlighetsgraden 0–4.")
	}
	wrong(r.Decisions.ConsultFromRisk < 0 || r.Decisions.ConsultFromRisk > 16, "/decisions/consult_from_risk", "Skriv ett riskvärde mellan 0 och 16.")
	wrong(ownNumberWords[r.Decisions.OwnNumber] == "", "/decisions/own_number", "Välj vilka ärenden som får eget diarienummer.")
	wrong(!strings.Contains(r.Acknowledgement, "{answer_by}"), "/acknowledgement", "Texten ska säga när svaret kommer: skriv {answer_by} där datumet ska stå.")
	return all
}

// Diff says in words what changes from one version to the next.
func (r Rules) Diff(next Rules) (changes []string) {
	say := func(what, from, to string) {
		if from != to {
			changes = append(changes, what+": "+from+" → "+to)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(next.Deadlines)) {
		before, ok := r.Deadlines[id]
		if ok {
			say(RuleNames[id], before.Words(), next.Deadlines[id].Words())
		}
	}
	say("Samråd krävs", r.Decisions.consultWords(), next.Decisions.consultWords())
	say("Eget diarienummer får", ownNumberWords[r.Decisions.OwnNumber], ownNumberWords[next.Decisions.OwnNumber])
	say("MAS ser ärenden enligt hälso- och sjukvårdslagen", r.Thresholds.MAS.words(), next.Thresholds.MAS.words())
	say("Lex Sarah-utredare ser ärenden", r.Thresholds.LexInvestigator.words(), next.Thresholds.LexInvestigator.words())
	if r.Acknowledgement != next.Acknowledgement {
		changes = append(changes, "Bekräftelsens text är ny")
	}
	return changes
}

func (d Decisions) consultWords() string {
	if d.ConsultFromRisk == 0 {
		return "i alla ärenden"
	}
	return fmt.Sprintf("från riskvärde %d", d.ConsultFromRisk)
}

func (t RiskThreshold) words() string {
	return fmt.Sprintf("från riskvärde %d och allvarlighetsgrad %d", t.Risk, t.Severity)
}

// Words say a rule: "10 arbetsdagar, påminnelse 3 före, en nivå upp efter 5".
func (d DeadlineRule) Words() string {
	unit := map[string][2]string{WorkingDay: {"arbetsdag", "arbetsdagar"}, CalendarDay: {"dag", "dagar"}, Hour: {"timme", "timmar"}}[d.Unit]
	text := fmt.Sprintf("%d %s", d.Amount, unit[min(1, max(0, d.Amount-1))])
	if d.Amount == 0 {
		text = "samma dag"
	}
	if d.WarnBefore > 0 {
		text += fmt.Sprintf(", påminnelse %d före", d.WarnBefore)
	}
	for _, n := range d.Reminders {
		text += fmt.Sprintf(" och %d före", n)
	}
	if d.EscalateAfter > 0 {
		text += fmt.Sprintf(", en nivå upp efter %d", d.EscalateAfter)
	}
	return text
}
