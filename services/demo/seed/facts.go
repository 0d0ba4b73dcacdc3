package seed

import (
	"slices"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/seal"
	"lyhord/tenants"
)

// countCells makes the tenant's cells of its facts, as insight.put_fact would have done one by one.
const countCells = `
insert into insight.cells (tenant_id, month, area, case_type, category, harm, n)
select f.tenant_id, f.month, coalesce(f.area, ''), coalesce(f.case_type, ''), split_part(coalesce(f.category, ''), '.', 1), coalesce(f.harm, ''), count(*)
  from insight.facts f where f.tenant_id = $1 group by 1, 2, 3, 4, 5, 6`

// factID is how the worker finds a case's fact again, and nobody else can.
func factID(key *seal.TenantKey, caseID uuid.UUID) uuid.UUID {
	return uuid.UUID(key.Index(seal.IndexOther, "fact:"+caseID.String()))
}

// fact is the case without a word, a person or a date.
func (r *record) fact() {
	if r.State == "void" {
		return
	}
	unit, _ := r.o.Unit(r.Place.Unit)
	group := "OPPEN"
	if r.State == "closed" {
		group = "AVSLUTAD"
	}
	caseType, category := r.Type, r.CategoryHSL
	if category == "" {
		category = r.Category
	}
	if r.untyped() {
		caseType, category = "", ""
	}
	var severityBand, riskBand string
	if r.classified() && r.Severity > 0 {
		severityBand, riskBand = string(rune('0'+r.Severity)), r.riskBand()
	}
	areas, strongest, effect := r.lessons()
	month := clock.NewDate(r.receivedOn.Year(), r.receivedOn.Month(), 1)
	r.s.add(inFacts, factID(r.o.key, r.id), date(month), unit.Kind, null(r.Area), null(r.Regi), null(caseType), r.Channel, null(category),
		null(severityBand), null(riskBand), r.Harm, r.Complexity, areas, null(strongest), null(effect), null(r.Outcome), group,
		r.days(dayOf(r.RegisteredAt)), r.days(dayOf(r.answeredAt)), r.days(dayOf(r.ClosedAt)), r.late(), r.version)
}

// days since the report came in; NULL for what has not happened.
func (r *record) days(until clock.Date) any {
	if until.IsZero() {
		return nil
	}
	return r.receivedOn.DaysUntil(until)
}

func (r *record) riskBand() string {
	risk := r.Severity * r.Probability
	list, _ := r.o.city.Codes.List(tenants.ListRiskBand)
	for _, c := range list.Codes {
		if c.From <= risk && risk <= c.To {
			return c.Code
		}
	}
	return ""
}

// lessons are the areas of the causes, the strongest of the decided measures, and what those followed up did together.
func (r *record) lessons() (areas []string, strongest, effect string) {
	areas = []string{}
	for _, c := range r.Causes {
		if !slices.Contains(areas, c.Area) {
			areas = append(areas, c.Area)
		}
	}
	slices.Sort(areas)
	strengths := []string{"SVAG", "MEDEL", "STARK"}
	for _, m := range r.Measures {
		if m.Status == "AVSLAGEN" || m.Status == "FORSLAG" {
			continue
		}
		if slices.Index(strengths, m.Strength) > slices.Index(strengths, strongest) {
			strongest = m.Strength
		}
		switch {
		case m.Effect == "":
		case effect == "" || effect == m.Effect:
			effect = m.Effect
		default:
			effect = "DELVIS"
		}
	}
	return areas, strongest, effect
}
