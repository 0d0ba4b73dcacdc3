package casework

import (
	"lyhord/pkg/org"
	"lyhord/pkg/platform/clock"
	"lyhord/tenants"
)

// Coded is what the routine decides on: codes and dates of a case, no word of it.
type Coded struct {
	CaseType     string
	Complexity   string
	Investigated bool
	HSL          bool
	Risk         *int
	Severity     *int
	ReceivedOn   clock.Date
}

// Course is where the routine sends a case: who must be asked, which number it gets, who sees it because of its risk, and when
// it is to be answered.
type Course struct {
	Consult   bool
	OwnNumber bool
	Watchers  []string // roles
	DueOn     clock.Date
}

// CourseOf decides, with the very functions that the use-cases ask.
func CourseOf(cfg org.Config, c Coded) Course {
	return Course{
		Consult:   cfg.Tenant.Decisions.NeedsConsult(c.Risk),
		OwnNumber: cfg.Tenant.Decisions.NeedsOwnNumber(c.Complexity == Complicated, c.Investigated),
		Watchers:  watchers(cfg.Tenant.Thresholds, c),
		DueOn:     cfg.Deadline(answerRule(c.CaseType, c.Complexity), c.ReceivedOn).DueOn,
	}
}

// watchers are the roles that see a deviation because of its risk value: MAS those under HSL, the lex Sarah investigators the
// others. Sight is only ever added.
func watchers(t tenants.Thresholds, c Coded) (roles []string) {
	if c.Risk == nil || c.Severity == nil || c.CaseType != TypeDeviation {
		return nil
	}
	if c.HSL && t.MAS.Reached(*c.Risk, *c.Severity) {
		roles = append(roles, "mas")
	}
	if !c.HSL && t.LexInvestigator.Reached(*c.Risk, *c.Severity) {
		roles = append(roles, "lex_utredare")
	}
	return roles
}
