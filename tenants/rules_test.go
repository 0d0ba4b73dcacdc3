package tenants

import (
	"slices"
	"strings"
	"testing"
)

func someRules() Rules {
	return Rules{
		Deadlines: map[string]DeadlineRule{
			RuleReplySimple: {Amount: 10, Unit: WorkingDay, WarnBefore: 3, EscalateAfter: 5},
			RuleReferral:    {Unit: CalendarDay, WarnBefore: 14, EscalateAfter: 1, Reminders: []int{7, 2}},
		},
		Thresholds: Thresholds{MAS: RiskThreshold{Risk: 4}}, Acknowledgement: "Svar senast {answer_by}.",
	}
}

func TestTheDifferenceBetweenTwoVersionsIsSaidInWords(t *testing.T) {
	t.Parallel()
	before, after := someRules(), someRules()
	after.Deadlines[RuleReplySimple] = DeadlineRule{Amount: 1, Unit: WorkingDay}
	after.Decisions = Decisions{ConsultFromRisk: 6, OwnNumber: OwnNumberInvestigated}
	after.Thresholds.MAS.Risk = 8
	want := []string{
		"Svara, enkelt ärende: 10 arbetsdagar, påminnelse 3 före, en nivå upp efter 5 → 1 arbetsdag",
		"Samråd krävs: i alla ärenden → från riskvärde 6",
		"Eget diarienummer får: komplicerade ärenden → alla ärenden som utreds",
		"MAS ser ärenden enligt hälso- och sjukvårdslagen: från riskvärde 4 och allvarlighetsgrad 0 → från riskvärde 8 och allvarlighetsgrad 0",
	}
	if got := before.Diff(after); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := before.Diff(someRules()); got != nil {
		t.Errorf("no change is said as %q", got)
	}
	if got := before.Deadlines[RuleReferral].Words(); got != "samma dag, påminnelse 14 före och 7 före och 2 före, en nivå upp efter 1" {
		t.Error(got)
	}
}

func TestWhatIsWrongInAProposalIsNamedByItsField(t *testing.T) {
	t.Parallel()
	r := someRules()
	r.Deadlines["okand"] = DeadlineRule{Amount: -1, Unit: "MOON", WarnBefore: -1}
	r.Thresholds.MAS.Risk, r.Decisions = 17, Decisions{ConsultFromRisk: 99, OwnNumber: "ALLA"}
	r.Acknowledgement = "Hej"
	var at []string
	for _, f := range r.Faults() {
		at = append(at, f.At)
	}
	want := "/deadlines/okand /deadlines/okand/unit /deadlines/okand/amount /deadlines/okand/warn_before /thresholds/mas " +
		"/decisions/consult_from_risk /decisions/own_number /acknowledgement"
	if got := strings.Join(at, " "); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if f := someRules().Faults(); f != nil {
		t.Errorf("right rules: %v", f)
	}
}

// Proves req 30, req 35.
func TestTheDecisionsSayWhoIsAskedAndWhatGetsANumber(t *testing.T) {
	t.Parallel()
	low, high := 3, 8
	for _, c := range []struct {
		d    Decisions
		risk *int
		want bool
	}{{Decisions{}, &low, true}, {Decisions{ConsultFromRisk: 6}, &low, false}, {Decisions{ConsultFromRisk: 6}, &high, true}, {Decisions{ConsultFromRisk: 6}, nil, true}} {
		if got := c.d.NeedsConsult(c.risk); got != c.want {
			t.Errorf("%+v: %t", c, got)
		}
	}
	for own, want := range map[string][2]bool{"": {true, false}, OwnNumberInvestigated: {true, true}, OwnNumberNever: {false, false}} {
		d := Decisions{OwnNumber: own}
		if got := [2]bool{d.NeedsOwnNumber(true, false), d.NeedsOwnNumber(false, true)}; got != want {
			t.Errorf("%q: %v", own, got)
		}
	}
}
