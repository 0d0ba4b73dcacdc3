package insight

import (
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
)

// caseRow is what a fact is made from: the coded part of a case and of what stands beside it. No words and no persons
// are read, so none can get out.
type caseRow struct {
	State            string      `db:"state"`
	Version          int         `db:"version"`
	CaseType         *string     `db:"case_type"`
	Channel          string      `db:"channel"`
	Category         *string     `db:"category"`
	CategoryHSL      *string     `db:"category_hsl"`
	Area             *string     `db:"area"`
	Regi             *string     `db:"regi"`
	UnitKind         *string     `db:"unit_kind"`
	UnitArea         *string     `db:"unit_area"`
	UnitRegi         *string     `db:"unit_regi"`
	Harm             string      `db:"harm"`
	Severity         *int        `db:"severity"`
	RiskValue        *int        `db:"risk_value"`
	Complexity       string      `db:"complexity"`
	Outcome          *string     `db:"outcome"`
	ReceivedOn       clock.Date  `db:"received_on"`
	RegisteredAt     *time.Time  `db:"registered_at"`
	AnsweredAt       *time.Time  `db:"answered_at"`
	ClosedAt         *time.Time  `db:"closed_at"`
	DueOn            *clock.Date `db:"due_on"`
	CauseAreas       []string    `db:"cause_areas"`
	MeasureStrengths []string    `db:"measure_strengths"`
	MeasureEffects   []string    `db:"measure_effects"`
}

// fact is one case without anything that points to a person: codes, a month and numbers of days.
type fact struct {
	FactID           uuid.UUID  `json:"fact_id"`
	Month            clock.Date `json:"month"`
	UnitKind         *string    `json:"unit_kind"`
	Area             *string    `json:"area"`
	Regi             *string    `json:"regi"`
	CaseType         *string    `json:"case_type"`
	Channel          string     `json:"channel"`
	Category         *string    `json:"category"`
	SeverityBand     *string    `json:"severity_band"`
	RiskBand         *string    `json:"risk_band"`
	Harm             string     `json:"harm"`
	Complexity       string     `json:"complexity"`
	CauseAreas       []string   `json:"cause_areas"`
	StrongestMeasure *string    `json:"strongest_measure"`
	Effect           *string    `json:"effect"`
	Outcome          *string    `json:"outcome"`
	StateGroup       string     `json:"state_group"`
	DaysToRegister   *int       `json:"days_to_register"`
	DaysToAnswer     *int       `json:"days_to_answer"`
	DaysToClose      *int       `json:"days_to_close"`
	Late             bool       `json:"late"`
	SourceVersion    int        `json:"source_version"`
}

// Groups of states that the figures tell apart.
const (
	groupOpen   = "OPPEN"
	groupClosed = "AVSLUTAD"
)

// voided is the one state whose cases are no part of the figures: what was reported twice or by mistake.
const voided = "void"

var closedStates = []string{"closed", "archived", "disposed"}

// fact turns the coded case into its fact as it stands today.
func (c caseRow) fact(id uuid.UUID, today clock.Date) fact {
	f := fact{
		FactID: id, Month: clock.NewDate(c.ReceivedOn.Year(), c.ReceivedOn.Month(), 1),
		UnitKind: c.UnitKind, Area: first(c.Area, c.UnitArea), Regi: first(c.Regi, c.UnitRegi),
		CaseType: c.CaseType, Channel: c.Channel, Category: first(c.CategoryHSL, c.Category),
		RiskBand: riskBand(c.RiskValue), Harm: c.Harm, Complexity: c.Complexity,
		CauseAreas: c.CauseAreas, StrongestMeasure: strongest(c.MeasureStrengths), Effect: effect(c.MeasureEffects), Outcome: c.Outcome,
		StateGroup: groupOpen, Late: c.late(today), SourceVersion: c.Version,
		DaysToRegister: c.daysTo(c.RegisteredAt), DaysToAnswer: c.daysTo(c.AnsweredAt), DaysToClose: c.daysTo(c.ClosedAt),
	}
	if slices.Contains(closedStates, c.State) {
		f.StateGroup = groupClosed
	} else {
		f.DaysToClose = nil // reopened: it is not closed any more
	}
	if c.Severity != nil {
		band := strconv.Itoa(*c.Severity)
		f.SeverityBand = &band
	}
	return f
}

// first is the first of the codes that is known.
func first(codes ...*string) *string {
	for _, code := range codes {
		if code != nil && *code != "" {
			return code
		}
	}
	return nil
}

// daysTo counts calendar days in Stockholm from the day of receipt. What was registered before the day it counts as
// received (a letter on a holiday) took no days.
func (c caseRow) daysTo(at *time.Time) *int {
	if at == nil {
		return nil
	}
	days := max(0, c.ReceivedOn.DaysUntil(clock.DateIn(*at)))
	return &days
}

// late: answered, or closed without an answer, after the day that was due; or still open past it.
func (c caseRow) late(today clock.Date) bool {
	if c.DueOn == nil || c.DueOn.IsZero() {
		return false
	}
	done := today
	switch {
	case c.AnsweredAt != nil:
		done = clock.DateIn(*c.AnsweredAt)
	case c.ClosedAt != nil:
		done = clock.DateIn(*c.ClosedAt)
	}
	return done.After(*c.DueOn)
}

// riskBand is the code of the list risk_band: severity times probability in four bands.
func riskBand(value *int) *string {
	if value == nil {
		return nil
	}
	band := "LAG"
	switch {
	case *value >= 12:
		band = "MYCKET_HOG"
	case *value >= 8:
		band = "HOG"
	case *value >= 4:
		band = "MEDEL"
	}
	return &band
}

func strongest(strengths []string) *string {
	for _, s := range []string{"STARK", "MEDEL", "SVAG"} {
		if slices.Contains(strengths, s) {
			return &s
		}
	}
	return nil
}

// effect is what the followed-up measures did together: all of them helped, none did, or partly.
func effect(effects []string) *string {
	if len(effects) == 0 {
		return nil
	}
	together := effects[0]
	for _, e := range effects {
		if e != together {
			together = "DELVIS"
		}
	}
	return &together
}
