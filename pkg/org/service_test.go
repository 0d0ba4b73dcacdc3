//go:build unix

package org_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

func TestACaseGoesToTheNearestManagerWhoIsFreeToTakeIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	scope := w.as("Reg").Scope()
	for _, c := range []struct {
		unit    string
		about   bool
		exclude []string
		want    string
		stepped bool
		reason  string
	}{
		{"uno", false, nil, "Uno", false, "Närmaste chef för Uno."},
		{"vakant", false, nil, "Dag", false, "Vakant har ingen chef i dag. Därför går ärendet till chefen för Avd."},
		{"uno", true, nil, "Dag", true, "Uppgifterna rör den närmaste chefen. Därför går ärendet till chefen för Avd."},
		{"vera", true, nil, "Rut", true, "Uppgifterna rör den närmaste chefen. Därför går ärendet till chefen för Topp."},
		{"vakant", true, nil, "Rut", true, "Uppgifterna rör den närmaste chefen. Därför går ärendet till chefen för Topp."},
		{"uno", false, []string{"Uno"}, "Dag", true, "Den närmaste chefen är jävig. Därför går ärendet till chefen för Avd."},
		{"uno", true, []string{"Dag"}, "Rut", true, "Uppgifterna rör den närmaste chefen. Därför går ärendet till chefen för Topp."},
		{"topp", false, nil, "Rut", false, "Närmaste chef för Topp."},
	} {
		var exclude []uuid.UUID
		for _, n := range c.exclude {
			exclude = append(exclude, w.person[n])
		}
		h, err := w.svc.Route(t.Context(), scope, w.unit[c.unit], c.about, exclude...)
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		if w.name(h.PersonID) != c.want || h.SteppedUp != c.stepped || h.Reason != c.reason || h.Name != c.want {
			t.Errorf("%s about %v without %v: %+v", c.unit, c.about, c.exclude, h)
		}
	}
	if _, err := w.svc.Route(t.Context(), scope, w.unit["topp"], true); !problem.HasCode(err, "no_manager") {
		t.Errorf("a report about the one at the top: %v", err)
	}
	if _, err := w.svc.Route(t.Context(), scope, uuid.New(), false); !problem.Is(err, problem.KindNotFound) {
		t.Errorf("a unit that is not there: %v", err)
	}
}

func TestManagersAndTheTreeAreThoseOfTheDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	scope := w.as("Reg").Scope()
	today := clock.Today(w.clock)
	w.exec("update app.unit_managers set valid_to = $2 where unit_id = $1", w.unit["uno"], today.AddDays(-1))
	w.exec("update app.unit_parents set valid_to = $2 where unit_id = $1", w.unit["uno"], today.AddDays(-1))
	w.exec("insert into app.unit_parents (tenant_id, unit_id, parent_id, valid_from) values ($1, $2, $3, $4)", w.tenant, w.unit["uno"], w.unit["topp"], today)
	for _, c := range []struct {
		on   clock.Date
		want string
	}{{today.AddDays(-1), "Uno"}, {today, "Rut"}} {
		h, err := w.svc.RouteOn(t.Context(), scope, org.Routing{Unit: w.unit["uno"], On: c.on})
		if err != nil || w.name(h.PersonID) != c.want {
			t.Errorf("on %v: %v %v", c.on, w.name(h.PersonID), err)
		}
	}
	w.exec("update app.people set active = false where id = $1", w.person["Dag"])
	if h, err := w.svc.Route(t.Context(), scope, w.unit["vera"], false); err != nil || w.name(h.PersonID) != "Rut" {
		t.Errorf("a manager who has left: %v %v", w.name(h.PersonID), err)
	}
}

func TestTheSuperiorIsTheFirstOtherManagerAbove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	scope := w.as("Uno").Scope()
	for _, c := range []struct{ handler, unit, want string }{
		{"Uno", "uno", "Dag"},
		{"Dag", "vera", "Rut"}, // leads the unit and the department
		{"Dag", "uno", "Rut"},  // stepped up to: the passed-over manager is not asked
		{"Ulla", "uno", "Uno"}, // leads nothing: the unit's own manager
		{"Reg", "vakant", "Dag"},
	} {
		h, err := w.svc.SuperiorOf(t.Context(), scope, w.person[c.handler], w.unit[c.unit])
		if err != nil || w.name(h.PersonID) != c.want {
			t.Errorf("superior of %s in %s: %v %v, want %s", c.handler, c.unit, w.name(h.PersonID), err, c.want)
		}
	}
	if h, err := w.svc.SuperiorOf(t.Context(), scope, w.person["Uno"], w.unit["uno"], w.person["Dag"]); err != nil || w.name(h.PersonID) != "Rut" {
		t.Errorf("with the superior excluded: %v %v", w.name(h.PersonID), err)
	}
	if _, err := w.svc.SuperiorOf(t.Context(), scope, w.person["Rut"], w.unit["topp"]); !problem.HasCode(err, "no_superior") {
		t.Errorf("superior of the one at the top: %v", err)
	}
}

func TestAJobFindsTheSuperiorToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	outbox := uuid.New()
	w.exec("insert into jobs.outbox (tenant_id, id, kind, ref) values ($1, $2, 'deadline-answer-late', $2)", w.tenant, outbox)
	h, err := w.svc.SuperiorOf(t.Context(), authz.System(w.tenant, outbox), w.person["Uno"], w.unit["uno"])
	if err != nil || w.name(h.PersonID) != "Dag" {
		t.Errorf("%v %v", w.name(h.PersonID), err)
	}
}

func TestUnitsShowTheTreeTheManagersAndWhatIsInSight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := func(name, search string) string {
		t.Helper()
		units, err := w.svc.Units(t.Context(), w.as(name), search)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, u := range units {
			manager := "-"
			if u.Manager != nil {
				manager = u.Manager.Name
			}
			lines = append(lines, fmt.Sprintf("%s/%s %s %v", strings.Join(u.Path, "/"), u.Name, manager, u.InSight))
		}
		return strings.Join(lines, "\n")
	}
	want := "/Topp Rut false\nTopp/Avd Dag true\nTopp/Avd/Uno Uno true\nTopp/Avd/Vakant - true\nTopp/Avd/Vera Dag true"
	if all := got("Dag", ""); all != want {
		t.Errorf("Dag sees\n%s", all)
	}
	if one := got("Reg", "VER"); one != "Topp/Avd/Vera Dag true" {
		t.Errorf("the registrar finds\n%s", one)
	}
	if one := got("Maja", "uno"); one != "Topp/Avd/Uno Uno false" {
		t.Errorf("Maja finds\n%s", one)
	}
	if none := got("Reg", "%"); none != "" {
		t.Errorf("a wildcard finds\n%s", none)
	}
	w.exec("update app.units set valid_to = current_date - 1 where id = $1", w.unit["vera"])
	if one := got("Reg", "vera"); one != "" {
		t.Errorf("a closed unit is shown:\n%s", one)
	}
}

func TestPeopleAreThoseWhoFitThePurposeTheNearestFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	names := func(actor, purpose, unit, search string) []string {
		t.Helper()
		var at *uuid.UUID
		if unit != "" {
			id := w.unit[unit]
			at = &id
		}
		people, err := w.svc.People(t.Context(), w.as(actor), purpose, at, search)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, p := range people {
			out = append(out, p.Name)
		}
		return out
	}
	if got := names("Dag", org.ForDelegation, "avd", ""); !slices.Equal(got, []string{"Ulla", "Uno", "Vidar"}) {
		t.Errorf("Dag may delegate to %v", got)
	}
	if got := names("Uno", org.ForDelegation, "uno", ""); !slices.Equal(got, []string{"Ulla", "Vidar"}) {
		t.Errorf("Uno may delegate to %v: not to himself, not upwards", got)
	}
	if got := names("Uno", org.ForOwnership, "uno", ""); len(got) != 7 || !slices.Equal(got[:3], []string{"Maja", "Ulla", "Uno"}) {
		t.Errorf("a measure may be owned by %v", got)
	}
	if got := names("Reg", "", "", "reg"); !slices.Equal(got, []string{"Reg"}) {
		t.Errorf("a search finds %v", got)
	}
	w.exec("update sec.accounts set disabled_at = now() where id = $1", w.person["Ulla"])
	if got := names("Uno", org.ForDelegation, "uno", ""); !slices.Equal(got, []string{"Vidar"}) {
		t.Errorf("somebody with a closed account is offered: %v", got)
	}
}

func TestTheRulesAreTheTenantsAndANewVersionIsSeenSoon(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	scope := w.as("Uno").Scope()
	cfg, err := w.svc.Config(t.Context(), scope)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Version != 1 || cfg.Tenant.NumberPatterns.Prefix != "SN" || cfg.CodeLabel(tenants.ListCategorySoL, "UTF.UTEBLIVEN") != "Utförande av insats: insatsen uteblev" {
		t.Errorf("version %d, prefix %s", cfg.Version, cfg.Tenant.NumberPatterns.Prefix)
	}
	if d := cfg.Deadline(tenants.RuleAcknowledge, clock.MustDate("2026-06-18")); d.DueOn != clock.MustDate("2026-06-23") {
		t.Errorf("two working days over midsommar end on %v", d.DueOn)
	}
	w.exec("insert into app.tenant_configs (tenant_id, version, body) select tenant_id, 2, jsonb_set(body, '{number_patterns,prefix}', '\"NY\"') from app.tenant_configs")
	if cfg, _ = w.svc.Config(t.Context(), scope); cfg.Version != 1 {
		t.Error("the rules are read from the database each time")
	}
	w.clock.Advance(31 * time.Second)
	if cfg, err = w.svc.Config(t.Context(), scope); err != nil || cfg.Version != 2 || cfg.Tenant.NumberPatterns.Prefix != "NY" {
		t.Errorf("after half a minute: %d %v", cfg.Version, err)
	}
	if _, err := w.svc.Config(t.Context(), authz.Session("nobody")); !problem.Is(err, problem.KindNotFound) {
		t.Errorf("without a session: %v", err)
	}
}

func TestOnlyOrganisationsWithAFormExistToThePublic(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, err := w.svc.PublicTenant(t.Context(), "social")
	if err != nil {
		t.Fatal(err)
	}
	if p.ID != w.tenant || p.CityName != "Linköpings kommun" || p.Config.Tenant.Texts.PublicIntro == "" || !p.Config.ChannelOn("WEBBFORMULAR") {
		t.Errorf("%+v", p)
	}
	units, err := w.svc.PublicUnits(t.Context(), w.tenant)
	if err != nil || len(units) != 3 || units[0].Name != "Uno" || units[0].Area != "ALDREOMSORG" {
		t.Errorf("units %+v %v", units, err)
	}
	if all, err := w.svc.PublicTenants(t.Context()); err != nil || len(all) != 1 || all[0].Slug != "social" {
		t.Errorf("the list is %+v %v", all, err)
	}
	w.exec("update app.tenants set public_form = false")
	if _, err := w.svc.PublicTenantID(t.Context(), "social"); !problem.Is(err, problem.KindNotFound) {
		t.Errorf("an organisation that has closed its form: %v", err)
	}
	if all, _ := w.svc.PublicTenants(t.Context()); len(all) != 0 {
		t.Errorf("the list still has %+v", all)
	}
	if units, err := w.svc.PublicUnits(t.Context(), w.tenant); err != nil || len(units) != 0 {
		t.Errorf("its units are still shown: %+v %v", units, err)
	}
}
