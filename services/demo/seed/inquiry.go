package seed

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"lyhord/services/demo/city"
)

// consult is the question to the manager's own manager (samråd), and her decision if she has made one.
func (r *record) consult() {
	asked := r.step("T6")
	if asked.At.IsZero() || r.superior == nil || r.handler == nil {
		return
	}
	id := r.sub(asked.At, "consultation", 0)
	question := "Jag bedömer det som avgränsat till vår enhet. Ser du det likadant, eller ska det utredas som komplicerat?"
	if r.Severity >= 3 {
		question = "Följderna kunde ha blivit allvarliga. Ska det utredas som komplicerat?"
	}
	var decidedAt, decision, motivation any
	if decided := r.step("T7a", "T7b"); !decided.At.IsZero() {
		decidedAt, decision = decided.At, r.Complexity
		motivation = r.seal("consultations", "motivation_sealed", id, r.ComplexityReason)
	}
	r.s.add(inConsultations, id, r.id, *r.handler, *r.superior, asked.At, r.seal("consultations", "question_sealed", id, question),
		decidedAt, decision, motivation)
}

// investigate is the inquiry with its causes and measures.
func (r *record) investigate() {
	started := r.step("T9", "T7b").At
	if started.IsZero() && len(r.Causes) > 0 {
		started = r.step("T23").At
	}
	if started.IsZero() {
		return
	}
	by := r.handler
	if r.investigator != nil {
		by = r.investigator
	}
	completed := r.step("T12", "T25").At
	updated := completed
	if updated.IsZero() {
		updated = r.before(r.s.now, 3*time.Hour, started)
	}
	background, course := r.Background, ""
	var severityAfter, probabilityAfter, completedAt, completedBy any
	switch {
	case !completed.IsZero():
		course = "Förloppet framgår av rapporten och av samtalen med dem som var på plats."
		severityAfter, probabilityAfter = grade(r.Severity), grade(max(min(r.Probability, 1), r.Probability-1))
		completedAt, completedBy = completed, by
	case background == "" && r.s.now.Sub(started) > 40*time.Hour:
		background = "Rapporten och dokumentationen är genomgångna. Samtal med dem som var på plats är bokade."
	}
	texts := make([]string, 0, len(r.Causes))
	for _, c := range r.Causes {
		texts = append(texts, c.Text)
	}
	seal := func(column, text string) any { return r.seal("investigations", column, r.id, text) }
	r.s.add(inInvestigations, r.id, 2, seal("background_sealed", background), seal("course_sealed", course),
		seal("causes_sealed", strings.Join(texts, " ")), seal("conclusion_sealed", r.Conclusion), actualSeverity(r.Harm), grade(r.Severity),
		grade(r.Probability), severityAfter, probabilityAfter, completedAt, completedBy, updated, by)
	r.findings(started, by)
}

// actualSeverity is the harm there was, 0 to 4; unknown harm is not graded.
func actualSeverity(harm string) any {
	switch harm {
	case "NEJ", "KUNDE_HA_HANT":
		return 0
	case "LINDRIG":
		return 2
	case "ALLVARLIG":
		return 4
	}
	return nil
}

// findings writes the causes and the measures against them.
func (r *record) findings(started time.Time, by *uuid.UUID) {
	causes := make([]uuid.UUID, len(r.Causes))
	for i, c := range r.Causes {
		at := r.before(r.worked(), time.Hour, started)
		causes[i] = r.sub(at, "cause", i)
		r.s.add(inCauses, causes[i], r.id, c.Area, null(c.Underlying), r.seal("causes", "text_sealed", causes[i], c.Text))
		r.events = append(r.events, event{at: at, actor: by, kind: "cause.added", data: map[string]any{"area": c.Area}})
	}
	for i, m := range r.Measures {
		r.measure(i, m, causes, started)
	}
}

// worked is when the findings stood.
func (r *record) worked() time.Time {
	if len(r.Measures) > 0 {
		return r.Measures[0].DecidedAt
	}
	return r.s.now
}

// measure owners are the ones who can do something: the handler, or the investigator for every third.
func (r *record) measure(n int, m city.Measure, causes []uuid.UUID, started time.Time) {
	proposed := r.before(m.DecidedAt, 40*time.Minute, started)
	id := r.sub(proposed, "measure", n)
	owner := r.handler
	if r.investigator != nil && n%3 == 2 {
		owner = r.investigator
	}
	if owner == nil {
		return
	}
	r.s.add(inMeasures, id, r.id, causes[m.Cause], measureVersions[m.Status], r.key.Seal("measures", "title_sealed", id, m.Title), m.Kind, m.Strength,
		*owner, date(dayOf(m.DueOn)), m.Status, r.AffectsIndividual && m.Kind == "INSATSANDRING", date(dayOf(m.DoneAt)), null(m.Method), null(m.Effect),
		r.seal("measures", "effect_note_sealed", id, m.EffectNote), moment(m.FollowedUpAt), proposed)
	r.events = append(r.events, event{
		at: proposed, actor: owner, kind: "measure.proposed", data: map[string]any{"strength": m.Strength, "kind": m.Kind},
	})
	what := func(at time.Time, kind, decision, effect string) {
		if !at.IsZero() {
			data := map[string]any{"measure": id, "decision": decision, "effect": effect}
			r.events = append(r.events, event{at: at, actor: r.handler, kind: kind, data: data})
		}
	}
	if m.Status != "FORSLAG" {
		decision := "PLANERAD"
		if m.Status == "AVSLAGEN" {
			decision = m.Status
		}
		what(r.before(m.DecidedAt, 10*time.Minute, started), "measure.decided", decision, "")
	}
	what(m.DoneAt, "measure.completed", "", "")
	what(m.FollowedUpAt, "measure.followed-up", "", m.Effect)
	r.remindOwner(id, m)
}

// measureVersions counts the steps a measure has taken.
var measureVersions = map[string]int{"FORSLAG": 1, "PLANERAD": 2, "AVSLAGEN": 2, "GENOMFORD": 3, "UPPFOLJD": 4}

// before is some time before a moment, but after another.
func (r *record) before(at time.Time, earlier time.Duration, after time.Time) time.Time {
	if room := at.Sub(after); earlier >= room {
		earlier = room / 2
	}
	return at.Add(-earlier).Truncate(time.Second)
}
