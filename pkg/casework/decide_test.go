package casework

import (
	"slices"
	"testing"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/clock"
	"lyhord/tenants"
)

func under(d tenants.Decisions, mas, lex int, answer int) org.Config {
	return org.NewConfig(tenants.Tenant{
		Decisions:  d,
		Thresholds: tenants.Thresholds{MAS: tenants.RiskThreshold{Risk: mas}, LexInvestigator: tenants.RiskThreshold{Risk: lex, Severity: 3}},
		Deadlines:  map[string]tenants.DeadlineRule{tenants.RuleReplySimple: {Amount: answer, Unit: tenants.WorkingDay}, tenants.RuleDeviationDone: {Amount: 30, Unit: tenants.CalendarDay}},
	}, nil, 1)
}

func TestTheSameFunctionsSayWhereACaseGoesUnderOldAndNewRules(t *testing.T) {
	t.Parallel()
	old, next := under(tenants.Decisions{}, 4, 8, 10), under(tenants.Decisions{ConsultFromRisk: 6, OwnNumber: tenants.OwnNumberInvestigated}, 8, 12, 5)
	risk, severity := 4, 2
	high, grave := 12, 3
	on := clock.MustDate("2026-11-02")
	for _, c := range []struct {
		what     string
		c        Coded
		answered string
		want     []string
	}{
		{"a slight complaint", Coded{CaseType: TypeComplaint, Risk: &risk, Severity: &severity, ReceivedOn: on}, "2026-11-12", []string{"SAMRAD_BORT", "SVAR_TIDIGARE", "FORSENAT_NY"}},
		{"a slight deviation under HSL", Coded{CaseType: TypeDeviation, HSL: true, Risk: &risk, Severity: &severity, ReceivedOn: on}, "2026-11-12", []string{"SAMRAD_BORT", "MAS_BORT"}},
		{"a grave one under SoL", Coded{CaseType: TypeDeviation, Risk: &high, Severity: &grave, ReceivedOn: on}, "2026-11-12", nil},
		{"one that was investigated", Coded{CaseType: TypeDeviation, Investigated: true, Risk: &high, Severity: &grave, ReceivedOn: on}, "2026-11-12", []string{"NUMMER_NY"}},
		{"one that nobody has judged", Coded{CaseType: TypeDeviation, ReceivedOn: on}, "2026-11-12", nil},
	} {
		got := Compare(CourseOf(old, c.c), CourseOf(next, c.c), clock.MustDate(c.answered))
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
		if fast := Compare(decider(old)(c.c), decider(next)(c.c), clock.MustDate(c.answered)); !slices.Equal(fast, got) {
			t.Errorf("%s: counted with kept days %v, without %v", c.what, fast, got)
		}
	}
}

func TestANumberIsWrittenAsOneReadsIt(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 312: "312", 4018: "4 018", 1200345: "1 200 345"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is written %q", n, got)
		}
	}
}
