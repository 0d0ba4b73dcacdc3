//go:build unix

package org_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/httpx"
	"lyhord/tenants"
)

// world is Linköping with one organisation drawn by hand:
//
//	topp       led by Rut
//	  avd      led by Dag
//	    uno    led by Uno (older people)
//	    vera   led by Dag too
//	    vakant led by nobody
type world struct {
	t      *testing.T
	super  *pgx.Conn
	db     *db.DB
	svc    *org.Service
	clock  *clock.Fake
	tenant uuid.UUID
	unit   map[string]uuid.UUID
	person map[string]uuid.UUID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	base := dbtest.New(t)
	w := &world{t: t, super: base.Super(t), clock: clock.NewFake(time.Now()), tenant: uuid.New(), unit: map[string]uuid.UUID{}, person: map[string]uuid.UUID{}}
	d, err := db.Open(t.Context(), map[authz.Door]string{
		authz.DoorAPI: base.DSN("api"), authz.DoorIntake: base.DSN("intake"), authz.DoorWorker: base.DSN("worker"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	w.db, w.svc = d, org.New(d, w.clock)
	w.seed()
	return w
}

func linkoping(t *testing.T) tenants.City {
	t.Helper()
	cities, err := tenants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return cities[slices.IndexFunc(cities, func(c tenants.City) bool { return c.Slug == "linkoping" })]
}

func (w *world) seed() {
	city := linkoping(w.t)
	rules, _ := city.Tenant("linkoping-social")
	rules.Units, rules.People = nil, nil
	city.Tenants = nil
	cityID := uuid.New()
	w.exec("insert into app.cities (id, slug, name, body) values ($1, 'linkoping', 'Linköpings kommun', $2)", cityID, w.json(city))
	w.exec(`insert into app.tenants (id, city_id, slug, name, short_name, kind, public_form, valid_from)
		values ($1, $2, 'social', 'Socialförvaltningen', 'Social', 'BOARD', true, '2020-01-01')`, w.tenant, cityID)
	w.exec("insert into app.tenant_configs (tenant_id, version, body) values ($1, 1, $2)", w.tenant, w.json(rules))
	w.addUnit("topp", "", "FORVALTNING", "")
	w.addUnit("avd", "topp", "AVDELNING", "")
	w.addUnit("uno", "avd", "ENHET", "ALDREOMSORG")
	w.addUnit("vera", "avd", "ENHET", "IFO_VUXEN")
	w.addUnit("vakant", "avd", "ENHET", "")
	w.addPerson("Rut", "topp", "avdelningschef")
	w.addPerson("Dag", "avd", "chef")
	w.addPerson("Uno", "uno", "chef")
	w.addPerson("Ulla", "uno", "utredare")
	w.addPerson("Vidar", "vera", "utredare")
	w.addPerson("Reg", "topp", "registrator")
	w.addPerson("Maja", "uno", "medarbetare")
	w.lead("topp", "Rut")
	w.lead("avd", "Dag")
	w.lead("uno", "Uno")
	w.lead("vera", "Dag")
}

func (w *world) json(v any) []byte {
	w.t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

func (w *world) addUnit(slug, parent, kind, area string) {
	w.unit[slug] = uuid.New()
	w.exec("insert into app.units (tenant_id, id, slug, name, kind, area, regi, valid_from) values ($1, $2, $3, $4, $5, nullif($6, ''), 'EGEN_REGI', '2020-01-01')",
		w.tenant, w.unit[slug], slug, strings.ToUpper(slug[:1])+slug[1:], kind, area)
	if parent != "" {
		w.exec("insert into app.unit_parents (tenant_id, unit_id, parent_id, valid_from) values ($1, $2, $3, '2020-01-01')", w.tenant, w.unit[slug], w.unit[parent])
	}
}

func (w *world) addPerson(name, unit, role string) {
	id := uuid.New()
	w.person[name] = id
	w.exec("insert into sec.accounts (id, login) values ($1, $2)", id, strings.ToLower(name)+"@social.demo")
	w.exec("insert into app.people (tenant_id, id, name, title, email, home_unit_id) values ($1, $2, $3, 'Titel', 'x@example.org', $4)", w.tenant, id, name, w.unit[unit])
	w.exec("insert into sec.memberships (tenant_id, account_id, role, unit_id, valid_from) values ($1, $2, $3, $4, '2020-01-01')", w.tenant, id, role, w.unit[unit])
}

func (w *world) lead(unit, name string) {
	w.exec("insert into app.unit_managers (tenant_id, unit_id, person_id, valid_from) values ($1, $2, $3, '2020-01-01')", w.tenant, w.unit[unit], w.person[name])
}

// as is an actor with a live session.
func (w *world) as(name string) authz.Actor {
	token := uuid.NewString()
	sum := sha256.Sum256([]byte(token))
	w.exec("insert into sec.sessions (token_sha256, id, kind, subject_id, tenant_id, expires_at) values ($1, $2, 'PERSON', $3, $4, now() + interval '1 hour')",
		sum[:], uuid.New(), w.person[name], w.tenant)
	return authz.Actor{ID: w.person[name], Kind: authz.Person, Tenant: w.tenant, TenantSlug: "social"}.WithToken(token)
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.super.Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func (w *world) name(id uuid.UUID) string {
	for n, p := range w.person {
		if p == id {
			return n
		}
	}
	return id.String()
}

// asOnly lets one actor in.
func asOnly(a authz.Actor) httpx.Authenticate {
	return func(context.Context, string) (authz.Actor, error) { return a, nil }
}
