package notify

import (
	"slices"

	"github.com/google/uuid"

	"lyhord/pkg/platform/jobs"
)

// The steps of lex Sarah's track before each of its limits (domain 2.3: genast, a day, a month, two).
var (
	lexUntilReceived = []string{"reported"}
	lexUntilStarted  = append(slices.Clone(lexUntilReceived), "immediate_measures", "initial_assessment")
	lexUntilDecided  = append(slices.Clone(lexUntilStarted), "investigating", "proposal")
)

// planLexNews tells those who work with lex Sarah; the manager who had the case is told nothing by mail.
func planLexNews(kind jobs.Kind, s Situation) Plan {
	switch {
	case kind == jobs.NotifyLexHeld && s.State == "lex_hold":
		return tell(NewToRead, s.lexLeaders()...)
	case kind == jobs.NotifyLexDelegated:
		return tell(NewToRead, some(s.LexWorker)...)
	case kind == jobs.NotifyLexProposed && s.LexStep == "proposal":
		return tell(Decide, s.lexLeaders()...)
	}
	return Plan{}
}

// lexLeaders is who answers for lex Sarah. Where nobody does, the registrars see that a case waits for somebody to be appointed.
func (s Situation) lexLeaders() []uuid.UUID {
	if len(s.LexLeaders) > 0 {
		return slices.Clone(s.LexLeaders)
	}
	return slices.Clone(s.Registrars)
}

// lexLate tells those who are late and, in another mail, the ones above them.
func lexLate(s Situation) Plan {
	p := tell(Late, s.lexLeaders()...)
	p.Above = s.lexLeaders()
	return p
}

func lexDoneLate(s Situation) Plan {
	p := lexLate(s)
	p.Notices = append(p.Notices, tell(Late, some(s.LexWorker)...).Notices...)
	return p
}
