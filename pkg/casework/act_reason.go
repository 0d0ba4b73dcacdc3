package casework

import "fmt"

// The reasons why an act is not possible yet, each a sentence that says what to do first. Empty: it is possible.

func all(checks ...func(Situation) string) func(Situation) string {
	return func(s Situation) string {
		for _, c := range checks {
			if reason := c(s); reason != "" {
				return reason
			}
		}
		return ""
	}
}

func byHandler(s Situation) string {
	if s.Case.HandlerID != nil && *s.Case.HandlerID == s.Actor {
		return ""
	}
	if s.Case.HandlerName != nil {
		return "Ärendet handläggs av " + *s.Case.HandlerName + "."
	}
	return "Ärendet har ingen handläggare än."
}

// registrar is somebody with the whole register as her task.
func (s Situation) registrar() bool { return s.May("case:register") }

// byOneAbove: another handler is chosen by the registrar, or by a manager above the one who has it.
func byOneAbove(s Situation) string {
	if s.registrar() || s.Above {
		return ""
	}
	return "Bara registratorn eller en överordnad chef kan byta handläggare."
}

// referral is a case in which an authority asks (remiss).
func (s Situation) referral() bool { return s.Case.CaseType != nil && *s.Case.CaseType == TypeReferral }

// readyForBoard is the guard of T13: the matter is investigated and says what the board is to decide about.
func readyForBoard(s Situation) string {
	switch {
	case !s.Facts.HasBackground:
		return "Skriv först bakgrunden i utredningen."
	case !s.Facts.HasConclusion:
		return "Skriv först en slutsats i utredningen."
	case s.Facts.MeasuresUndecided > 0:
		return "Besluta först om alla föreslagna åtgärder."
	case s.Case.Complexity == Complicated && s.Case.OwnDNR == nil:
		return noOwnNumber
	}
	return ""
}

// bySecretary: what the board decided is recorded and sent by its office, not by the manager (req. 48).
func bySecretary(s Situation) string {
	if is(s.Case.SecretaryID, s.Actor) || s.registrar() {
		return ""
	}
	if s.Case.SecretaryName != nil {
		return "Nämndens beslut sköts av " + *s.Case.SecretaryName + "."
	}
	return "Nämndens beslut sköts av nämndens kansli."
}

func isBoards(s Situation) string {
	switch {
	case s.Case.BoardDecidedOn == nil:
		return "Ärendet har inte avgjorts i nämnden."
	case s.Case.AnsweredAt != nil:
		return "Beslutet är redan expedierat."
	}
	return ""
}

func byHandlerOrRegistrar(s Situation) string {
	if s.registrar() {
		return ""
	}
	return byHandler(s)
}

func isDelegated(s Situation) string {
	if s.Case.InvestigatorID == nil {
		return "Utredningen är inte överlämnad till någon."
	}
	return ""
}

func byInvestigator(s Situation) string {
	if s.Case.InvestigatorID != nil && *s.Case.InvestigatorID == s.Actor {
		return ""
	}
	return byHandler(s)
}

// bySuperior: only the manager's own manager may say whether it is complicated (req. 36).
func bySuperior(s Situation) string {
	if s.Case.HandlerID != nil && *s.Case.HandlerID == s.Actor {
		return "Du handlägger ärendet själv. Någon annan avgör om det är komplicerat."
	}
	if s.Case.SuperiorID != nil && *s.Case.SuperiorID == s.Actor {
		return ""
	}
	if s.Case.SuperiorName != nil {
		return "Bara " + *s.Case.SuperiorName + " kan avgöra det."
	}
	return "Ingen överordnad chef är tillfrågad."
}

func notYetJudged(s Situation) string {
	if s.Case.Complexity != NotJudged {
		return "Frågan är redan avgjord."
	}
	return ""
}

func isJudged(s Situation) string {
	if s.Case.Complexity == NotJudged && s.Rules.NeedsConsult(s.Case.RiskValue) {
		return "Fråga först närmaste chef om ärendet är komplicerat."
	}
	return ""
}

func isClassified(s Situation) string {
	if s.Case.Category == nil && s.Case.CategoryHSL == nil {
		return "Välj först vad ärendet gäller (kategori)."
	}
	if s.Case.CaseType != nil && *s.Case.CaseType == TypeDeviation && (s.Case.Severity == nil || s.Case.Probability == nil) {
		return "Bedöm först allvarlighetsgrad och sannolikhet."
	}
	return ""
}

// needsAcknowledgement: whoever left a code or an address got one by itself.
func needsAcknowledgement(s Situation) string {
	if !s.Facts.Unconfirmed {
		return "Ingen bekräftelse väntar på att lämnas."
	}
	return ""
}

// notDone: a text that is called done is locked; what it said is kept (req. 38).
func notDone(s Situation) string {
	if s.Facts.Done {
		return "Utredningen är klarmarkerad och låst. Lås upp den först."
	}
	return ""
}

func isDone(s Situation) string {
	if !s.Facts.Done {
		return "Utredningen är inte klarmarkerad."
	}
	return ""
}

func needsOwnNumber(s Situation) string {
	if !s.wantsOwnNumber() {
		return "Enligt er rutin får ärendet inget eget diarienummer."
	}
	if s.Case.OwnDNR != nil {
		return "Ärendet har redan ett eget diarienummer."
	}
	return ""
}

// mayReply is the guard of T8 and T15: a simple case is answered at once, an investigated one when the template says why
// (req. 40), a complicated one under both its numbers (req. 45).
func mayReply(s Situation) string {
	switch {
	case s.Case.State == Assessing && s.referral():
		return "En remiss utreds alltid. Starta utredningen först."
	case s.Case.State == Assessing && s.Case.Complexity == Complicated:
		return "Ärendet är komplicerat. Starta utredningen igen först."
	case s.Case.State == Assessing:
		return isJudged(s)
	case s.Case.State == Investigating && (s.Facts.Causes > 0 || s.Facts.Measures > 0):
		return "Besluta först om åtgärderna."
	case s.Case.State == Investigating && !s.Facts.HasBackground:
		return "Skriv först bakgrunden i utredningen."
	case s.Case.State == Investigating && !s.Facts.HasConclusion:
		return "Skriv först en slutsats i utredningen."
	case s.Facts.MeasuresUndecided > 0:
		return "Besluta först om alla föreslagna åtgärder."
	case s.wantsOwnNumber() && s.Case.OwnDNR == nil:
		return noOwnNumber
	}
	return ""
}

// wantsOwnNumber asks the tenant's rule (req. 30).
func (s Situation) wantsOwnNumber() bool {
	return s.Rules.NeedsOwnNumber(s.Case.Complexity == Complicated, deref(s.Case.ResponseLevel) == "UTREDNING")
}

const noOwnNumber = "Registratorn ska först ge ärendet ett eget diarienummer."

// investigated is the guard of T12: background and at least one measure, or a reasoned none; no cause without a measure.
func investigated(s Situation) string {
	switch {
	case !s.Facts.HasBackground:
		return "Skriv först bakgrunden i utredningen."
	case s.Facts.Measures == 0:
		return "Lägg till minst en åtgärd. Behövs ingen: skriv varför i slutsatsen och svara."
	case s.Facts.CausesUnmet > 0:
		return plural(s.Facts.CausesUnmet, "En orsak saknar åtgärd.", "%d orsaker saknar åtgärd.")
	case s.Facts.MeasuresUndecided > 0:
		return plural(s.Facts.MeasuresUndecided, "En åtgärd är inte beslutad.", "%d åtgärder är inte beslutade.")
	case s.wantsOwnNumber() && s.Case.OwnDNR == nil:
		return noOwnNumber
	}
	return ""
}

// fedBack is the guard of T16: what touches the individual is told to the individual (req. 37).
func fedBack(s Situation) string {
	if s.Case.BoardDecidedOn != nil && s.Case.AnsweredAt == nil {
		return "Nämndens kansli har inte expedierat beslutet än."
	}
	if s.Case.AffectsIndividual && s.Facts.Feedbacks == 0 {
		return "Anteckna först återföringen till brukaren: när och hur."
	}
	return ""
}

// threadWhole is the guard of T17: no close with a cause without a measure, or a measure without an answer about its effect.
func threadWhole(s Situation) string {
	switch {
	case s.Facts.CausesUnmet > 0:
		return plural(s.Facts.CausesUnmet, "Det går inte att avsluta än. En orsak saknar åtgärd.", "Det går inte att avsluta än. %d orsaker saknar åtgärd.")
	case s.Facts.MeasuresUndecided > 0:
		return plural(s.Facts.MeasuresUndecided, "Det går inte att avsluta än. En åtgärd är inte beslutad.", "Det går inte att avsluta än. %d åtgärder är inte beslutade.")
	case s.Facts.MeasuresOpen > 0:
		return plural(s.Facts.MeasuresOpen, "Det går inte att avsluta än. En åtgärd saknar uppföljning.", "Det går inte att avsluta än. %d åtgärder saknar uppföljning.")
	case s.Case.AffectsIndividual && s.Facts.Feedbacks == 0:
		return "Det går inte att avsluta än. Återföringen till brukaren saknas."
	case s.Facts.Unregistered > 0:
		return plural(s.Facts.Unregistered, "Det går inte att avsluta än. En handling väntar på registratorn.", "Det går inte att avsluta än. %d handlingar väntar på registratorn.")
	case s.Case.AnsweredAt == nil:
		return "Det går inte att avsluta än. Den som berättade har inte fått svar."
	}
	return ""
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, n)
}
