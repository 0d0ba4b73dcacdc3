package casework

import "slices"

// State is where a case stands (domain: tillstånd). The stored words are these.
type State string

// The states of the routine. Draft lives with its writer only (app.drafts) and is no case yet.
const (
	None          State = "none" // before the first move
	Received      State = "received"
	Registered    State = "registered"
	Assigned      State = "assigned"
	Assessing     State = "assessing"
	Consulting    State = "consulting"
	Investigating State = "investigating"
	Measures      State = "measures"
	Board         State = "board"
	Dispatching   State = "dispatching"
	FollowUp      State = "follow_up"
	Closed        State = "closed"
	HandedOver    State = "handed_over"
	AwaitingInfo  State = "awaiting_info"
	LexHold       State = "lex_hold"
	Void          State = "void"
	Archived      State = "archived"
	Disposed      State = "disposed"
)

// Text is the state in the words of the screens.
func (s State) Text() string { return stateTexts[s] }

var stateTexts = map[State]string{
	Received: "Inkommen", Registered: "Registrerad", Assigned: "Tilldelad", Assessing: "Bedöms", Consulting: "Samråd",
	Investigating: "Utreds", Measures: "Åtgärdas", Board: "I nämnd", Dispatching: "Besvaras", FollowUp: "Följs upp",
	Closed: "Avslutad", HandedOver: "Överlämnad", AwaitingInfo: "Väntar på komplettering", LexHold: "Hos lex Sarah-ansvarig",
	Void: "Makulerad", Archived: "Arkiverad", Disposed: "Gallrad",
}

// Move is a transition of the routine by its number, T1–T28.
type Move struct {
	Code     string
	From, To State
}

// open are the states a case can be taken out of by lex Sarah or made void from.
var open = []State{Received, Registered, Assigned, Assessing, Consulting, Investigating, Measures, Dispatching, FollowUp}

// kept are the states in which a case gets another handler and goes on where it stands: what was done is done.
var kept = []State{Consulting, Investigating, Measures, Board, Dispatching, FollowUp, AwaitingInfo, Closed}

// Moves is the whole machine. The table app.transitions holds the same; a test compares them.
var Moves = machine()

func machine() []Move {
	m := []Move{
		{"T1", None, Received},
		{"T2", Received, Registered},
		{"T2", Registered, Received}, // taken back by the registrar, within undoWindow
		{"T2", Assigned, Received},
		{"T3", Received, Registered},
		{"T3", Registered, Assigned},
		{"T4", Registered, Assigned},
		{"T4", Assigned, Assigned},
		{"T4", Assessing, Assigned},
		{"T6", Consulting, Consulting},
		{"T5", Assigned, Assessing},
		{"T6", Assessing, Consulting},
		{"T7a", Consulting, Assessing},
		{"T7b", Consulting, Investigating},
		{"T8", Assessing, Dispatching},
		{"T9", Assessing, Investigating},
		{"T10", Investigating, Investigating},
		{"T10", Assessing, Assessing},
		{"T11", Investigating, Investigating},
		{"T12", Investigating, Measures},
		{"T13", Investigating, Board},
		{"T13", Measures, Board},
		{"T14", Board, Dispatching},
		{"T14", Board, Investigating},
		{"T15", Investigating, Dispatching},
		{"T15", Measures, Dispatching},
		{"T16", Dispatching, FollowUp},
		{"T17", FollowUp, Closed},
		{"T19", Assessing, AwaitingInfo},
		{"T19", Investigating, AwaitingInfo},
		{"T19", AwaitingInfo, Assessing},
		{"T19", AwaitingInfo, Investigating},
		{"T20", Received, HandedOver},
		{"T20", Registered, HandedOver},
		{"T21", HandedOver, Assigned},
		{"T22", HandedOver, Closed},
		{"T23", AwaitingInfo, LexHold},
		{"T24", LexHold, Assessing},
		{"T25", LexHold, Board},
		{"T25", LexHold, Dispatching},
		{"T26", AwaitingInfo, Void},
		{"T26", Void, Received}, // taken back
		{"T27", Closed, Assessing},
		{"T28", Closed, Archived},
		{"T28", Closed, Disposed},
		{"T28", Archived, Disposed},
	}
	for _, s := range kept {
		m = append(m, Move{"T4", s, s})
	}
	for _, s := range []State{Consulting, Measures, Board, Dispatching, FollowUp, AwaitingInfo} {
		m = append(m, Move{"T10", s, s})
	}
	for _, s := range open {
		m = append(m, Move{"T23", s, LexHold}, Move{"T26", s, Void})
	}
	return m
}

// Legal says whether the routine has the move.
func Legal(code string, from, to State) bool { return slices.Contains(Moves, Move{code, from, to}) }

// Group is how the inbox gathers states.
type Group string

// The groups, in the order of the inbox.
const (
	GroupNew        Group = "NYA"
	GroupAssessing  Group = "BEDOMS"
	GroupInvestig   Group = "UTREDS"
	GroupMeasures   Group = "ATGARDAS"
	GroupWaiting    Group = "VANTAR"
	GroupClosed     Group = "AVSLUTADE"
	GroupEverything Group = "ALLA"
)

// Groups maps each group to its states; GroupEverything is all of them but Void.
var Groups = map[Group][]State{
	GroupNew:       {Received, Registered, Assigned},
	GroupAssessing: {Assessing, Consulting},
	GroupInvestig:  {Investigating},
	GroupMeasures:  {Measures, Dispatching, FollowUp, Board},
	GroupWaiting:   {AwaitingInfo, HandedOver, LexHold},
	GroupClosed:    {Closed, Archived},
}
