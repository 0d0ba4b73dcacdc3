package lexsarah

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"lyhord/pkg/casework"
	"lyhord/pkg/platform/problem"
)

// Act is something a person does in the track. The name is the operation's.
type Act struct {
	Name       string
	Label      string
	Permission string
	Primary    bool
	From       []Step
	refuse     func(Situation) string
}

// Situation is a track, what stands beside it, and who looks at it.
type Situation struct {
	Track       Track
	Missing     []string // before it can be put to decision
	OwnApproval bool     // the tenant lets the investigator decide herself
	Actor       uuid.UUID
	May         func(permission string) bool
}

var (
	afterDecision = []Step{Decided, IVONotified, IVOSupplemented, IVOClosed}
	underWay      = []Step{Initial, Investigating}
)

// Acts are all acts of the track, in the order of the page.
var Acts = []Act{
	{"receive-lex", "Ta emot rapporten", "lex:receive", true, []Step{Reported}, nil},
	{"act-at-once", "Anteckna omedelbara åtgärder", "lex:act-at-once", true, []Step{Immediate}, nil},
	{"assess-lex", "Gör första bedömningen", "lex:assess", true, []Step{Initial}, nil},
	{"propose-degree", "Utredningen är klar: lämna förslag", "lex:propose", true, []Step{Investigating}, complete},
	{"decide-degree", "Besluta", "lex:decide", true, []Step{Proposal}, notHerOwn},
	{"log-ivo", "Anteckna kontakt med IVO", "lex:log-ivo", true, []Step{Investigating, Proposal, Decided, IVONotified, IVOSupplemented, IVOClosed, Returned}, nil},
	{"return-lex", "Lämna tillbaka till verksamheten", "lex:return", true, afterDecision, notifiedIfSerious},
	{"close-lex", "Avsluta", "lex:close", true, []Step{Returned}, followedUp},
	{"add-lex-entry", "Lägg till anteckning", "lex:add-entry", false, append([]Step{Immediate}, underWay...), nil},
	{"save-lex-facts", "Svara på frågorna", "lex:save-facts", false, underWay, nil},
	{"delegate-lex", "Välj utredare", "lex:delegate", false, underWay, nil},
	{"send-back-lex", "Utred mer", "lex:send-back", false, []Step{Proposal}, nil},
	{"fetch-ivo-package", "Hämta underlag till IVO", "lex:fetch-package", false, append([]Step{Investigating, Proposal, Returned, Closed}, afterDecision...), nil},
}

// Actions lists the acts that belong to this step and role, each with the reason where it is not possible yet.
func (s Situation) Actions() []casework.Action {
	out := []casework.Action{}
	primary := false
	for _, a := range Acts {
		if !slices.Contains(a.From, s.Track.Step) || !s.May(a.Permission) || s.hidden(a) {
			continue
		}
		row := casework.Action{Act: a.Name, Label: a.Label, Allowed: true}
		if reason := a.reason(s); reason != "" {
			row.Allowed, row.Reason = false, &reason
		}
		if a.Primary && row.Allowed && !primary && !(a.Name == "log-ivo" && s.Track.IVOOn != nil) {
			row.Primary, primary = true, true
		}
		out = append(out, row)
	}
	return out
}

// hidden: IVO is written to where it is serious, or where that was plain at once.
func (s Situation) hidden(a Act) bool { return a.Name == "log-ivo" && !s.concernsIVO() }

func (s Situation) concernsIVO() bool {
	return serious(s.Track.Degree) || s.Track.IVOOn != nil || s.Track.Assessment != nil && *s.Track.Assessment == IVOAtOnce && s.Track.Degree == nil
}

// Allow is nil when the act is possible now, and otherwise a problem whose text says why not.
func (s Situation) Allow(name string) error {
	for _, a := range Acts {
		if a.Name != name {
			continue
		}
		if !slices.Contains(a.From, s.Track.Step) {
			return problem.IllegalMove(fmt.Sprintf("Det går inte när lex Sarah är i läget ”%s”.", s.Track.Step.Text()))
		}
		if s.hidden(a) {
			return problem.IllegalMove("Det här missförhållandet anmäls inte till IVO.")
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

// complete is the gate of SOSFS 2011:5, 5 kap.
func complete(s Situation) string {
	switch len(s.Missing) {
	case 0:
		return ""
	case 1:
		return s.Missing[0]
	}
	return fmt.Sprintf("%s (och %d saker till saknas)", s.Missing[0], len(s.Missing)-1)
}

// notHerOwn: who investigated does not approve it herself, unless the tenant has decided otherwise.
func notHerOwn(s Situation) string {
	own := func(id *uuid.UUID) bool { return id != nil && *id == s.Actor }
	if !s.OwnApproval && (own(s.Track.ProposedBy) || own(s.Track.InvestigatorID)) {
		return "Den som har utrett får inte själv besluta. Någon annan lex Sarah-ansvarig beslutar."
	}
	return ""
}

func notifiedIfSerious(s Situation) string {
	if serious(s.Track.Degree) && s.Track.IVOOn == nil {
		return "Anmäl det allvarliga till IVO först och anteckna det."
	}
	return ""
}

// followedUp: lex Sarah does not own the follow-up, the unit does.
func followedUp(s Situation) string {
	if s.Track.CaseState != casework.Closed {
		return "Verksamheten följer upp sina åtgärder. Avsluta när ärendet är avslutat där."
	}
	return ""
}
