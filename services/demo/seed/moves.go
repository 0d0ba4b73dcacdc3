package seed

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"lyhord/services/demo/city"
)

// event is a row of the case's history.
type event struct {
	at    time.Time
	actor *uuid.UUID
	kind  string
	move  *city.Step
	data  map[string]any
	note  string
}

// kinds are what the product's own use-cases write at each move.
var kinds = map[string]string{
	"T1": "case.reported", "T2": "case.registered", "T3": "case.registered", "T4": "case.assigned", "T5": "case.assessment-started",
	"T6": "case.consulted", "T7a": "case.complexity-decided", "T7b": "case.complexity-decided", "T8": "case.replied",
	"T9": "case.investigation-started", "T10": "case.delegated", "T12": "case.measures-planned", "T13": "case.sent-to-board",
	"T14": "case.replied", "T15": "case.replied", "T16": "case.dispatched", "T17": "case.closed", "T19": "case.paused",
	"T20": "case.handed-over", "T21": "case.assigned", "T22": "case.closed", "T23": "case.lex-held", "T24": "case.assessment-started",
	"T25": "case.replied", "T26": "case.voided",
}

// moves writes an event for each move of the course.
func (r *record) moves() {
	for i := range r.Course {
		step := r.Course[i]
		e := event{at: step.At, kind: kinds[step.Transition], move: &step, actor: r.actorOf(step.Transition)}
		switch step.Transition {
		case "T1":
			e.data = map[string]any{"channel": r.Channel}
		case "T2", "T3":
			e.data = map[string]any{"case_type": r.Type}
		case "T4", "T21":
			e.data = map[string]any{"handler": r.handler, "stepped_up": r.aboutManager}
		case "T6":
			e.data = map[string]any{"superior": r.superior}
		case "T7a", "T7b":
			e.data = map[string]any{"decision": r.Complexity}
		case "T8", "T14", "T15", "T25":
			e.data = map[string]any{"level": r.ResponseLevel, "sent": r.Reply != ""}
			if r.Reply == "" {
				e.note = "Den som skrev är anonym och går inte att nå."
			}
		case "T17", "T22":
			e.note = r.ClosingNote
		case "T19":
			if step.From == "awaiting_info" {
				e.kind = "case.resumed"
			}
		case "T26":
			e.note = r.VoidReason
		}
		r.events = append(r.events, e)
	}
	r.sideSteps()
}

// sideSteps are the events without a move: classification, own number, and the work handed to a colleague.
func (r *record) sideSteps() {
	if begun := r.step("T5", "T24"); !begun.At.IsZero() && r.classified() {
		r.note(begun, 25*time.Minute, event{
			actor: r.handler, kind: "case.classified", data: map[string]any{"category": r.Category, "category_hsl": r.CategoryHSL},
		})
	}
	if !r.numberedAt.IsZero() {
		r.events = append(r.events, event{at: r.numberedAt, actor: r.o.maybe("registrator"), kind: "case.numbered"})
	}
	if r.investigator != nil {
		from := r.step("T9", "T7b")
		move := city.Step{Transition: "T10", From: "investigating", To: "investigating"}
		r.note(from, 40*time.Minute, event{actor: r.handler, kind: kinds["T10"], move: &move, data: map[string]any{"to": r.investigator}})
	}
}

// note puts an event some time after a move, but before the next one and not in the future.
func (r *record) note(after city.Step, later time.Duration, e event) {
	e.at = r.between(after, later)
	if e.move != nil {
		e.move.At = e.at
	}
	r.events = append(r.events, e)
}

// between is some time after a move, kept before the next one and not in the future.
func (r *record) between(after city.Step, later time.Duration) time.Time {
	next := r.s.now
	for i, s := range r.Course {
		if s == after && i+1 < len(r.Course) {
			next = r.Course[i+1].At
		}
	}
	if room := next.Sub(after.At); later >= room {
		later = room / 2
	}
	return after.At.Add(later)
}

// actorOf is who makes the move; nobody for what came in through the public form.
func (r *record) actorOf(transition string) *uuid.UUID {
	switch transition {
	case "T1":
		if r.reporterID != nil {
			return r.reporterID
		}
		return r.takenDownBy
	case "T2", "T3", "T4", "T20", "T21", "T22", "T26":
		return r.o.maybe("registrator")
	case "T7a", "T7b":
		return r.superior
	case "T14":
		return r.o.maybe("kanslisekreterare")
	case "T23", "T24", "T25":
		return r.o.maybe("lex_ansvarig")
	}
	return r.handler
}

// sum writes the events in order and counts what they have done to the case's row.
func (r *record) sum() {
	slices.SortStableFunc(r.events, func(a, b event) int { return a.at.Compare(b.at) })
	r.version = len(r.events)
	for i, e := range r.events {
		r.updatedAt = e.at
		if e.kind == "case.registered" {
			r.version++ // the number is written in a step of its own
		}
		id := r.sub(e.at, "event", i)
		data := []byte("{}")
		if e.data != nil {
			var err error
			if data, err = json.Marshal(e.data); err != nil {
				panic(fmt.Sprintf("seed: event %s: %v", e.kind, err))
			}
		}
		var code, from, to any
		if e.move != nil {
			code, from, to = e.move.Transition, e.move.From, e.move.To
		}
		r.s.add(inEvents, id, r.id, e.at, e.actor, e.kind, code, from, to, data, r.seal("case_events", "note_sealed", id, e.note))
	}
}
