package tenants

import (
	"slices"

	"lyhord/pkg/platform/clock"
)

func checkUnits(d *document, c City, t Tenant, boards map[string]bool) {
	bySlug := map[string]Unit{}
	seen := d.unique("enheten")
	roots := 0
	for i, u := range t.Units {
		seen(item("units", i)+".slug", u.Slug)
		bySlug[u.Slug] = u
		if u.Parent == "" {
			roots++
		}
	}
	d.must(roots == 1, "units", "ska ha exakt en enhet överst (utan parent), har %d", roots)
	for i, u := range t.Units {
		at := item("units", i)
		d.form(at+".slug", u.Slug, slugForm, "duger inte som förkortning: små bokstäver a–z, siffror och bindestreck")
		d.required(at, "name", u.Name)
		d.oneOf(at+".kind", u.Kind, UnitAdministration, UnitDepartment, UnitUnit)
		d.must((u.Parent == "") == (u.Kind == UnitAdministration), at+".kind", "FORVALTNING står överst och bara där")
		d.period(at, u.ValidFrom, u.ValidTo)
		d.must(u.Clients >= 0, at+".clients", "får inte vara negativt")
		checkUnitCodes(d, c, t, at, u)
		checkParent(d, at, u, bySlug)
		for j, slug := range u.CommissionedBy {
			d.must(boards[slug], item(at+".commissioned_by", j), "”%s” är ingen nämnd i staden", slug)
		}
		d.must(len(u.CommissionedBy) == 0 || t.Kind == KindProvider, at+".commissioned_by", "bara en utförare har beställande nämnd")
	}
}

func checkUnitCodes(d *document, c City, t Tenant, at string, u Unit) {
	if u.Kind == UnitUnit {
		d.required(at, "type", u.Type, "area", u.Area, "regi", u.Regi)
	}
	if u.Type != "" {
		d.code(at+".type", c.Codes, ListUnitType, u.Type)
	}
	if u.Regi != "" {
		d.code(at+".regi", c.Codes, ListRegi, u.Regi)
	}
	if u.Area != "" {
		d.code(at+".area", c.Codes, ListArea, u.Area)
		d.must(slices.Contains(t.Areas, u.Area), at+".area", "området ”%s” står inte bland organisationens områden", u.Area)
	}
}

// checkParent follows the parents upwards; whoever walks longer than there are units walks in a circle.
func checkParent(d *document, at string, u Unit, bySlug map[string]Unit) {
	if u.Parent == "" {
		return
	}
	parent, ok := bySlug[u.Parent]
	if !ok {
		d.add(at+".parent", "enheten ”%s” finns inte", u.Parent)
		return
	}
	d.must(u.Kind != UnitDepartment || parent.Kind != UnitUnit, at+".parent", "en avdelning kan inte ligga under enheten ”%s”", u.Parent)
	up := parent
	for range len(bySlug) {
		if up.Parent == "" {
			return
		}
		next, known := bySlug[up.Parent]
		if !known {
			return // reported at that unit
		}
		up = next
	}
	d.add(at+".parent", "enheterna går runt i en cirkel: ”%s” ligger till slut under sig själv", u.Slug)
}

// checkManagers makes sure that every unit always has one head, who may act as such.
func checkManagers(d *document, t Tenant) {
	for i, u := range t.Units {
		at := item("units", i)
		d.must(len(u.Managers) > 0, at+".managers", "saknas; varje enhet har en chef")
		for j, m := range u.Managers {
			here := item(at+".managers", j)
			d.period(here, m.ValidFrom, m.ValidTo)
			for _, other := range u.Managers[:j] {
				d.must(!overlap(m, other), here+".valid_from", "”%s” och ”%s” är chefer samtidigt", other.Person, m.Person)
			}
			p, ok := t.Person(m.Person)
			if !ok {
				d.add(here+".person", "personen ”%s” finns inte", m.Person)
				continue
			}
			d.must(t.Kind == KindCityOffice || leads(p, u, t), here+".person",
				"”%s” är chef här men har inte rollen chef eller avdelningschef för enheten", m.Person)
		}
	}
}

func overlap(a, b Manager) bool {
	return (a.ValidTo.IsZero() || !b.ValidFrom.After(a.ValidTo)) && (b.ValidTo.IsZero() || !a.ValidFrom.After(b.ValidTo))
}

// leads reports whether the person holds a manager's role in the unit or above it.
func leads(p Person, u Unit, t Tenant) bool {
	above := []string{""}
	for range len(t.Units) {
		above = append(above, u.Slug)
		parent, ok := t.Unit(u.Parent)
		if !ok {
			break
		}
		u = parent
	}
	return slices.ContainsFunc(p.Roles, func(m Membership) bool {
		return slices.Contains(rolesOfManagers, m.Role) && slices.Contains(above, m.Unit)
	})
}

// SuperiorOn is the key of the person one step up (överordnad chef) from whoever
// leads the unit on a day: the first other person met on the way to the root.
func (t Tenant) SuperiorOn(unit string, day clock.Date) (string, bool) {
	u, ok := t.Unit(unit)
	if !ok {
		return "", false
	}
	own, _ := u.ManagerOn(day)
	for range len(t.Units) {
		parent, ok := t.Unit(u.Parent)
		if !ok {
			return "", false
		}
		if up, led := parent.ManagerOn(day); led && up != own {
			return up, true
		}
		u = parent
	}
	return "", false
}
