package casework

import (
	"fmt"

	"github.com/google/uuid"

	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

// Act is something a person does with a case. The name is the operation's.
type Act struct {
	Name       string
	Label      string  // the button
	Permission string  // policy.csv
	Primary    bool    // the next step, where it is allowed
	From       []State // where the act exists at all
	refuse     func(Situation) string
}

// Situation is a case, the facts beside it and who looks at it.
type Situation struct {
	Case  Case
	Facts Facts
	Rules tenants.Decisions // who decides what
	Actor uuid.UUID
	Above bool // leads a unit above where the handler leads, or the unit itself when she leads nothing there any more
	May   func(permission string) bool
}

// Action is what a case page needs to draw a button: may it be pressed, and if not, why.
type Action struct {
	Act     string  `json:"act" doc:"Handlingen, samma namn som operationen"`
	Label   string  `json:"label" doc:"Knappens text"`
	Allowed bool    `json:"allowed"`
	Reason  *string `json:"reason" doc:"Varför det inte går nu"`
	Primary bool    `json:"primary" doc:"Ärendets nästa steg"`
}

var (
	working  = []State{Assigned, Assessing, Consulting, Investigating, Measures, Dispatching, FollowUp, AwaitingInfo}
	replaced = append([]State{Assigned, Assessing}, kept...)
)

// inquiring is where an investigation can be written in, as long as it is not called done.
var inquiring = []State{Investigating, Measures}

// Acts are all acts on a case, in the order the page shows them. This is the one place that says what is possible when.
var Acts = []Act{
	{"register", "Registrera", "case:register", true, []State{Received}, nil},
	{"register-referral", "Registrera remiss", "case:register-referral", false, []State{Received}, nil},
	{"assign", "Tilldela chef", "case:assign", true, []State{Registered}, nil},
	{"reassign", "Byt handläggare", "case:reassign", false, replaced, byOneAbove},
	{"acknowledge", "Anteckna bekräftelsen", "case:acknowledge", false, append([]State{Received, HandedOver}, working...), needsAcknowledgement},
	{"own-number", "Ge eget diarienummer", "case:number", true, working, needsOwnNumber},
	{"assess", "Börja bedöma", "case:assess", true, []State{Assigned}, byHandler},
	{"decide-complexity", "Avgör: enkelt eller komplicerat", "case:decide-complexity", true, []State{Consulting}, bySuperior},
	{"ask-again", "Fråga den som är chef i dag", "case:ask-again", false, []State{Consulting}, byHandlerOrRegistrar},
	{"consult", "Fråga närmaste chef", "case:consult", true, []State{Assessing}, all(byHandler, notYetJudged, isClassified)},
	{"reply", "Skriv svar", "case:reply", true, []State{Assessing, Investigating, Measures}, all(byHandler, mayReply)},
	{"investigate", "Starta utredning", "case:investigate", false, []State{Assessing}, all(byHandler, isJudged)},
	{"plan-measures", "Besluta åtgärder", "case:plan-measures", true, []State{Investigating}, all(byHandler, investigated)},
	{"to-board", "Skicka till nämnden", "case:to-board", false, []State{Investigating, Measures}, all(byHandler, readyForBoard)},
	{"record-board-decision", "Anteckna nämndens beslut", "case:record-board-decision", true, []State{Board}, bySecretary},
	{"dispatch", "Expediera beslutet", "case:dispatch", true, []State{Dispatching}, all(bySecretary, isBoards)},
	{"follow-up", "Gå vidare till uppföljning", "case:follow-up", true, []State{Dispatching}, all(byHandler, fedBack)},
	{"close", "Avsluta", "case:close", true, []State{FollowUp}, all(byHandler, threadWhole)},
	{"classify", "Klassificera", "case:classify", false, []State{Assessing, Consulting, Investigating, Measures, Dispatching, FollowUp}, byHandler},
	{"delegate", "Lämna över utredningen", "case:delegate", false, []State{Assessing, Investigating}, byHandler},
	{"take-back", "Ta tillbaka utredningen", "case:take-back", false, append([]State{Board}, working...), all(byHandler, isDelegated)},
	{"save-investigation", "Skriv utredning", "investigation:save", false, inquiring, all(byInvestigator, notDone)},
	{"add-entry", "Lägg till i händelseförloppet", "investigation:entry", false, inquiring, all(byInvestigator, notDone)},
	{"complete-investigation", "Klarmarkera utredningen", "investigation:complete", false, inquiring, all(byHandler, notDone)},
	{"unlock-investigation", "Lås upp utredningen", "investigation:unlock", false, inquiring, all(byHandler, isDone)},
	{"add-cause", "Lägg till orsak", "cause:add", false, inquiring, byInvestigator},
	{"propose-measure", "Lägg till åtgärd", "measure:propose", false, []State{Assessing, Investigating, Measures, Dispatching, FollowUp}, byInvestigator},
	{"log-feedback", "Anteckna återföring", "feedback:log", false, []State{Assessing, Investigating, Measures, Dispatching, FollowUp}, byHandler},
	{"await-info", "Vänta på komplettering", "case:await-info", false, []State{Assessing, Investigating}, byInvestigator},
	{"resume", "Fortsätt handlägga", "case:resume", true, []State{AwaitingInfo}, byInvestigator},
	{"send-message", "Skriv meddelande", "message:send", false, working, byInvestigator},
	{"reopen", "Öppna igen", "case:reopen", false, []State{Closed}, byHandler},
	{"hold-for-lex", "Lämna till lex Sarah", "case:hold-for-lex", false, holdable, notDecidedByLex},
	{"void", "Makulera", "case:void", false, append([]State{AwaitingInfo}, open...), nil},
}

// Actions lists the acts that belong to this state and role, each with the reason where it is not possible yet.
func (s Situation) Actions() []Action {
	out := []Action{}
	primary := false
	for _, a := range Acts {
		if !in(s.Case.State, a.From) || !s.May(a.Permission) || s.hidden(a) {
			continue
		}
		row := Action{Act: a.Name, Label: a.Label, Allowed: true}
		if reason := a.reason(s); reason != "" {
			row.Allowed, row.Reason = false, &reason
		}
		if a.Primary && row.Allowed && !primary {
			row.Primary, primary = true, true
		}
		out = append(out, row)
	}
	return out
}

// hidden leaves out acts that would only be noise: a number that is not called for, an answer to the superior's question from somebody else.
func (s Situation) hidden(a Act) bool {
	switch a.Name {
	case "own-number":
		return !s.wantsOwnNumber() || s.Case.OwnDNR != nil
	case "decide-complexity":
		return s.Case.SuperiorID == nil || *s.Case.SuperiorID != s.Actor
	case "acknowledge":
		return !s.Facts.Unconfirmed
	case "dispatch":
		return isBoards(s) != ""
	case "to-board":
		return byHandler(s) != ""
	case "reassign":
		return byOneAbove(s) != ""
	case "take-back":
		return s.Case.InvestigatorID == nil
	case "consult":
		return s.Case.Complexity != NotJudged
	case "save-investigation", "add-entry", "complete-investigation":
		return s.Facts.Done
	case "unlock-investigation":
		return !s.Facts.Done
	}
	return false
}

// Allow is nil when the act is possible now, and otherwise a problem whose text says why not.
func (s Situation) Allow(name string) error {
	for _, a := range Acts {
		if a.Name != name {
			continue
		}
		if !in(s.Case.State, a.From) {
			return problem.IllegalMove(fmt.Sprintf("Det går inte när ärendet är i läget ”%s”.", s.Case.State.Text()))
		}
		if reason := a.reason(s); reason != "" {
			return problem.IllegalMove(reason)
		}
		return nil
	}
	return problem.IllegalMove("")
}

func (a Act) reason(s Situation) string {
	if a.refuse == nil {
		return ""
	}
	return a.refuse(s)
}

func in(s State, list []State) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
