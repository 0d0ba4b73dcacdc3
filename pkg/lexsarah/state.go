package lexsarah

import "slices"

// Step is where the track stands. The stored words are these.
type Step string

// The steps of lex Sarah (domain 3.4, the sub-machine).
const (
	None            Step = "none"
	Reported        Step = "reported"
	Immediate       Step = "immediate_measures"
	Initial         Step = "initial_assessment"
	Investigating   Step = "investigating"
	Proposal        Step = "proposal"
	Decided         Step = "decided"
	IVONotified     Step = "ivo_notified"
	IVOSupplemented Step = "ivo_supplemented"
	IVOClosed       Step = "ivo_closed"
	Returned        Step = "returned_to_unit"
	Closed          Step = "closed"
	Declined        Step = "declined"
)

var stepTexts = map[Step]string{
	Reported: "Rapporterad", Immediate: "Omedelbara åtgärder", Initial: "Första bedömning", Investigating: "Utreds", Proposal: "Väntar på beslut",
	Decided: "Beslutad", IVONotified: "Anmäld till IVO", IVOSupplemented: "Kompletterad till IVO", IVOClosed: "Avslutad av IVO",
	Returned: "Följs upp i verksamheten", Closed: "Avslutad", Declined: "Inte lex Sarah",
}

// Text is the step in the words of the screens.
func (s Step) Text() string { return stepTexts[s] }

// Move is a step of the track by its code.
type Move struct {
	Code     string
	From, To Step
}

// Moves is the whole machine. The table app.lex_moves holds the same; a test compares them.
var Moves = []Move{
	{"L1", None, Reported},
	{"L2", Reported, Immediate},
	{"L3", Immediate, Initial},
	{"L4", Initial, Investigating},
	{"L5", Initial, Declined},
	{"L6", Investigating, Proposal},
	{"L7", Proposal, Investigating},
	{"L8", Proposal, Decided},
	{"L9", Decided, IVONotified},
	{"L10", IVONotified, IVOSupplemented},
	{"L11", IVONotified, IVOClosed},
	{"L11", IVOSupplemented, IVOClosed},
	{"L12", Decided, Returned},
	{"L12", IVONotified, Returned},
	{"L12", IVOSupplemented, Returned},
	{"L12", IVOClosed, Returned},
	{"L13", Returned, Closed},
	{"L14", Declined, Reported},
}

// between finds the move from one step to another.
func between(from, to Step) (Move, bool) {
	i := slices.IndexFunc(Moves, func(m Move) bool { return m.From == from && m.To == to })
	if i < 0 {
		return Move{}, false
	}
	return Moves[i], true
}
