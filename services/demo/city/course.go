package city

import (
	"math/rand/v2"
	"time"

	"lyhord/pkg/platform/clock"
)

// walk is a case on its way through the routine. It goes on past the present; what
// has not happened yet is cut off at the end.
type walk struct {
	rng   *rand.Rand
	c     *Case
	now   time.Time
	until time.Time
	slow  float64 // 1 is usual; a board that answers late has more
	state string
}

// past tells whether a moment lies before the present.
func (k *walk) past(at time.Time) bool { return !at.IsZero() && !at.After(k.until) }

// days lets some days go by, with a long tail, to a moment when people work.
func (k *walk) days(usual float64) {
	days := usual * k.slow * (0.4 + k.rng.ExpFloat64()*0.6)
	k.now = workTime(k.rng, k.now.Add(time.Duration(days*24*float64(time.Hour))))
}

// step makes a move of the state machine now, if now is not in the future.
func (k *walk) step(transition, to string) bool {
	if !k.past(k.now) {
		return false
	}
	k.c.Course = append(k.c.Course, Step{Transition: transition, From: k.state, To: to, At: k.now})
	k.c.PrevState, k.c.State, k.state = k.state, to, to
	return true
}

// workTime is the moment itself or the next one when an office is open.
func workTime(rng *rand.Rand, at time.Time) time.Time {
	local := at.In(clock.Stockholm)
	for {
		open := hourOn(rng, local, 8, 13)
		switch {
		case isDayOff(local):
		case local.Before(open):
			return open
		case local.Hour() >= 8 && local.Hour() < 16:
			return at.Add(time.Duration(60+rng.IntN(1200)) * time.Second).UTC().Truncate(time.Second)
		}
		year, month, day := local.Date()
		local = time.Date(year, month, day+1, 0, 0, 0, 0, clock.Stockholm)
		at = local
	}
}

// isDayOff knows weekends and the holidays that never move.
func isDayOff(day time.Time) bool {
	if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		return true
	}
	switch day.Format("01-02") {
	case "01-01", "01-06", "05-01", "06-06", "12-24", "12-25", "12-26", "12-31":
		return true
	}
	return false
}

// run takes the case from its arrival to where it stands today. Each part is false
// when the present has been reached.
func (k *walk) run(s slot) {
	k.state = "none"
	if s.planted == "" && k.until.Sub(k.now) < 96*time.Hour && s.entry.SenderRole == "PERSONAL" && k.rng.IntN(8) == 0 {
		k.c.State, k.c.PrevState = "draft", "none" // begun, not yet sent
		return
	}
	k.step("T1", "received")
	if !k.register(s) {
		return
	}
	switch {
	case k.rng.IntN(90) == 0 && s.planted == "":
		k.c.VoidReason = one(k.rng, "Dubblett av ett annat ärende.", "Registrerat av misstag.", "Rör en annan kommun.")
		k.days(1)
		if !k.step("T26", "void") {
			k.c.VoidReason = ""
		}
		return
	case s.spot.handTo != (Place{}):
		k.handOver(s)
		return
	case k.c.Type == "LEX_SARAH":
		k.lexSarah()
		return
	}
	k.days(0.4)
	if k.step("T4", "assigned") {
		k.c.AssignedAt = k.now
		k.handle()
	}
}

// register: the registrar's part, usually the next working day.
func (k *walk) register(s slot) bool {
	k.now = workTime(k.rng, k.now)
	if k.rng.IntN(4) == 0 {
		k.days(0.8)
	}
	transition := "T2"
	if k.c.Type == "REMISS" {
		transition = "T3"
	}
	if !k.step(transition, "registered") {
		return false
	}
	k.c.RegisteredAt = k.now
	k.c.Subject = s.entry.subject()
	return true
}

// handOver: a complaint about a provider goes to the provider; now and then the
// board must act itself.
func (k *walk) handOver(s slot) {
	k.days(0.3)
	if !k.step("T20", "handed_over") {
		return
	}
	k.c.HandedTo = s.spot.handTo
	k.days(22)
	if k.rng.IntN(10) == 0 {
		if k.step("T21", "assigned") {
			k.c.AssignedAt = k.now
			k.handle()
		}
		return
	}
	if !k.past(k.now) {
		return
	}
	k.answer("ENKELT_SVAR")
	k.days(3)
	if k.step("T22", "closed") {
		k.close()
	}
}

// lexSarah: held by the one responsible for lex Sarah, away from the unit's manager.
func (k *walk) lexSarah() {
	k.c.AccessLabel = "LEX"
	k.days(0.1)
	if !k.step("T23", "lex_hold") {
		return
	}
	k.days(24)
	if !k.past(k.now) {
		return
	}
	if k.rng.IntN(6) == 0 {
		k.c.MisconductDegree = "INGET"
		k.step("T24", "assessing")
		k.c.Type, k.c.AccessLabel = "AVVIKELSE", "NORMAL"
		k.c.AssignedAt, k.c.StartedAt = k.now, k.now
		k.consult()
		return
	}
	k.c.MisconductDegree = one(k.rng, "MISSFORHALLANDE", "MISSFORHALLANDE", "PATAGLIG_RISK", "ALLVARLIGT")
	k.c.Complexity, k.c.ComplexityReason = "KOMPLICERAD", "Rapport enligt lex Sarah."
	k.findCauses()
	k.step("T25", "dispatching")
	k.c.AssignedAt = k.now
	k.answer("UTREDNING")
	k.followUp()
}

// handle: the manager begins.
func (k *walk) handle() {
	k.days(1)
	if !k.step("T5", "assessing") {
		return
	}
	k.c.StartedAt = k.now
	if k.rng.IntN(25) == 0 {
		k.days(1)
		if !k.step("T19", "awaiting_info") {
			return
		}
		k.days(9)
		if !k.step("T19", "assessing") {
			return
		}
	}
	k.consult()
}

// consult: the manager's own manager decides whether the case is complicated.
func (k *walk) consult() {
	k.days(0.5)
	if !k.step("T6", "consulting") {
		return
	}
	k.days(1.2)
	complicated := k.c.Type == "REMISS" || k.rng.Float64() < 0.05+0.03*float64(max(0, k.c.Severity*k.c.Probability-4))
	if complicated {
		if k.step("T7b", "investigating") {
			k.c.ConsultedAt, k.c.Complexity = k.now, "KOMPLICERAD"
			k.c.ComplexityReason = one(k.rng, "Flera enheter berörs och händelsen behöver utredas från grunden.",
				"Följderna kunde ha blivit allvarliga.", "Det har hänt förut trots åtgärder.")
			k.investigate()
		}
		return
	}
	if !k.step("T7a", "assessing") {
		return
	}
	k.c.ConsultedAt, k.c.Complexity = k.now, "ENKEL"
	k.c.ComplexityReason = one(k.rng, "Enheten kan hantera det själv.", "Händelsen är avgränsad och följderna små.",
		"Det räcker med en enkel utredning på enheten.")
	if level := k.shortAnswer(); level != "" {
		k.days(2)
		if k.step("T8", "dispatching") {
			k.answer(level)
			k.followUp()
		}
		return
	}
	k.days(0.8)
	if k.step("T9", "investigating") {
		k.investigate()
	}
}

// shortAnswer is the level of reply when nothing needs to be investigated.
func (k *walk) shortAnswer() string {
	switch {
	case k.c.FeedbackKind == "BEROM":
		return "BEKRAFTELSE"
	case k.c.Type == "SYNPUNKT":
		return "ENKELT_SVAR"
	case k.c.Type == "KLAGOMAL" && k.c.Severity*k.c.Probability <= 4 && k.rng.IntN(3) > 0:
		return "ENKELT_SVAR"
	case k.c.Type == "AVVIKELSE" && k.c.Severity*k.c.Probability <= 2:
		return "BEKRAFTELSE"
	}
	return ""
}

// investigate: causes, measures, and the board if it must decide.
func (k *walk) investigate() {
	k.c.ResponseLevel = "UTREDNING"
	usual := 5.0
	if k.c.Complexity == "KOMPLICERAD" {
		usual = 18
	}
	if k.rng.IntN(20) == 0 {
		k.days(usual / 2)
		if !k.step("T19", "awaiting_info") {
			return
		}
		k.days(8)
		if !k.step("T19", "investigating") {
			return
		}
	}
	k.days(usual)
	if !k.past(k.now) {
		return
	}
	k.findCauses()
	k.step("T12", "measures")
	board := k.c.Type == "REMISS" || k.c.Complexity == "KOMPLICERAD" && k.rng.IntN(6) == 0
	if board {
		k.days(6)
		if !k.step("T13", "board") {
			return
		}
		k.days(30)
		if k.step("T14", "dispatching") {
			k.answer("UTREDNING")
			k.followUp()
		}
		return
	}
	k.days(2)
	if k.step("T15", "dispatching") {
		k.answer("UTREDNING")
		k.followUp()
	}
}

// followUp: feedback to the person concerned, the effect of every measure, the end.
func (k *walk) followUp() {
	k.days(1.2)
	if !k.step("T16", "follow_up") {
		return
	}
	k.c.IndividualTold = k.c.AffectsIndividual
	last := k.finishMeasures()
	if last.After(k.now) {
		k.now = last
	}
	k.days(2)
	// A few stay lying, as they do.
	if k.rng.IntN(60) == 0 {
		k.days(200)
	}
	if k.step("T17", "closed") {
		k.close()
	}
}
