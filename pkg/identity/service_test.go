//go:build unix

package identity_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/identity"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/cache"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/problem"
)

func TestALoginOpensASessionThatTellsWhoItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.login("  Bo@ALFA.demo ")
	s := o.Session
	if s.Person.Name != "Bo Ek" || s.Tenant.Slug != "alfa" || s.Tenant.Kind != "BOARD" || s.Demo {
		t.Errorf("session is %+v", s)
	}
	if !slices.Equal(s.Roles, []string{"chef", "medarbetare"}) || len(s.Units) != 2 || s.Units[0].Name != "Toppen alfa" {
		t.Errorf("roles %v, units %v", s.Roles, s.Units)
	}
	if !slices.Contains(s.Permissions, "case:assess") || slices.Contains(s.Permissions, "case:register") {
		t.Errorf("permissions %v", s.Permissions)
	}
	if s.HomeUnitID == nil || *s.HomeUnitID != w.alfa.String() {
		t.Errorf("home unit %v", s.HomeUnitID)
	}
	if left := time.Until(s.ExpiresAt); left < 29*time.Minute || left > 31*time.Minute {
		t.Errorf("the session ends in %v", left)
	}
	actor, err := w.svc.Read(t.Context(), o.Token)
	if err != nil {
		t.Fatal(err)
	}
	if actor.ID != w.bo || actor.Tenant != w.alfa || actor.Kind != authz.Person || actor.City != "staden" || !actor.Has("chef") || actor.Token() != o.Token {
		t.Errorf("actor is %+v", actor)
	}
}

func TestTheDatabaseKeepsNoToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.login("bo@alfa.demo")
	if n := w.count("sec.sessions s where s::text like '%' || $1 || '%'", o.Token); n != 0 {
		t.Error("the token is stored")
	}
	if strings.Contains(w.log.String(), o.Token) || strings.Contains(w.log.String(), goodPassword) || strings.Contains(w.log.String(), "bo@") {
		t.Error("the log knows too much")
	}
}

func TestEveryRefusalSaysTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec("update sec.accounts set disabled_at = now() where id = $1", w.tea)
	w.exec("update sec.accounts set locked_until = now() + interval '1 minute' where id = $1", w.anna)
	var first *problem.Problem
	for _, c := range []struct{ login, password string }{
		{"bo@alfa.demo", "fel"},
		{"finns.inte@alfa.demo", goodPassword},
		{"tea@alfa.demo", goodPassword},
		{"anna@alfa.demo", goodPassword},
		{"inte en inloggning", goodPassword},
		{"bo@alfa.demo", strings.Repeat("x", 129)},
		{"", ""},
	} {
		_, err := w.svc.Login(t.Context(), c.login, c.password, "")
		p := problem.From(err)
		if first == nil {
			first = p
		}
		if p == nil || p.Kind != problem.KindUnauthorized || p.Code != first.Code || p.Text != first.Text || p.RetryAfter != 0 {
			t.Errorf("%q: %+v", c.login, p)
		}
	}
}

func TestOneAddressMayNotTryForEver(t *testing.T) {
	t.Parallel()
	var limiter identity.Limiter
	w := newWorld(t, func(o *identity.Options) { limiter = o.Limiter })
	used := 0
	for limiter.Check(t.Context(), cache.LoginAddress, "login "+w.ip) == nil && used < 2*cache.LoginAddress.Rate {
		used++
	}
	if _, err := w.svc.Login(t.Context(), "bo@alfa.demo", goodPassword, ""); used < cache.LoginAddress.Rate || !problem.Is(err, problem.KindRateLimited) {
		t.Errorf("after %d tries: %v", used, err)
	}
	w.ip = "192.0.2.2"
	w.login("bo@alfa.demo")
}

func TestASessionEndsWhenIdleAndAfterADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.login("bo@alfa.demo")
	w.age(o.Actor.SessionID, 2*time.Hour, 29*time.Minute)
	actor, err := w.svc.Session(t.Context(), o.Actor)
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(actor.ExpiresAt); left < 29*time.Minute {
		t.Errorf("use did not move the end: %v left", left)
	}
	w.age(o.Actor.SessionID, 8*time.Hour+50*time.Minute, 5*time.Minute)
	session, err := w.svc.Session(t.Context(), o.Actor)
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(session.ExpiresAt); left > 10*time.Minute {
		t.Errorf("the working day's limit gave way: %v left", left)
	}
	w.age(o.Actor.SessionID, 2*time.Hour, 31*time.Minute)
	if w.alive(o.Token) {
		t.Error("an idle session lives")
	}
	if n := tenantSeen(t, w, o.Actor); n != 0 {
		t.Error("the database still opens the tenant to an idle session")
	}
	w.age(o.Actor.SessionID, 9*time.Hour+time.Minute, time.Second)
	if w.alive(o.Token) {
		t.Error("a session lives longer than a working day")
	}
}

func TestUseIsNotedAtMostOnceAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.login("bo@alfa.demo")
	w.age(o.Actor.SessionID, time.Hour, 50*time.Second)
	w.alive(o.Token)
	if n := w.count("sec.sessions where id = $1 and last_seen_at < now() - interval '45 seconds'", o.Actor.SessionID); n != 1 {
		t.Error("a use within the minute was written")
	}
	w.age(o.Actor.SessionID, time.Hour, 70*time.Second)
	w.alive(o.Token)
	if n := w.count("sec.sessions where id = $1 and last_seen_at > now() - interval '5 seconds'", o.Actor.SessionID); n != 1 {
		t.Error("a use after a minute was not written")
	}
}

func TestASixthSessionEndsTheOneLongestUnused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all []identity.Opened
	for i := range 5 {
		o := w.login("bo@alfa.demo")
		w.age(o.Actor.SessionID, time.Duration(i)*time.Minute, time.Duration(i)*time.Minute)
		all = append(all, o)
	}
	sixth := w.login("bo@alfa.demo")
	for i, o := range all {
		if want := i != 4; w.alive(o.Token) != want {
			t.Errorf("session %d lives: %v", i, !want)
		}
	}
	mine, err := w.svc.Sessions(t.Context(), sixth.Actor)
	if err != nil {
		t.Fatal(err)
	}
	if len(mine) != 5 {
		t.Fatalf("%d sessions are live", len(mine))
	}
	for _, d := range mine {
		if d.Current != (d.ID == sixth.Actor.SessionID) {
			t.Errorf("%v current: %v", d.ID, d.Current)
		}
	}
}

func TestAPersonEndsOwnSessionsAndNobodyElses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	here, there, other := w.login("bo@alfa.demo"), w.login("bo@alfa.demo"), w.login("anna@alfa.demo")
	if err := w.svc.End(t.Context(), here.Actor, other.Actor.SessionID); !problem.Is(err, problem.KindNotFound) {
		t.Errorf("another person's session: %v", err)
	}
	if err := w.svc.End(t.Context(), here.Actor, there.Actor.SessionID); err != nil {
		t.Fatal(err)
	}
	if err := w.svc.Logout(t.Context(), here.Actor); err != nil {
		t.Fatal(err)
	}
	if w.alive(here.Token) || w.alive(there.Token) || !w.alive(other.Token) {
		t.Error("the wrong sessions ended")
	}
	if err := w.svc.Logout(t.Context(), here.Actor); err != nil {
		t.Errorf("logging out twice: %v", err)
	}
}

func TestALostRoleADisabledAccountAndAClosedTenantActAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.login("bo@alfa.demo")
	w.exec("update sec.memberships set valid_to = current_date - 1 where account_id = $1 and role = 'chef'", w.bo)
	actor, err := w.svc.Read(t.Context(), o.Token)
	if err != nil || actor.Has("chef") || !actor.Has("medarbetare") {
		t.Errorf("after losing a role: %v %v", actor.Roles, err)
	}
	w.exec("update sec.memberships set valid_to = current_date - 1 where account_id = $1", w.bo)
	if w.alive(o.Token) {
		t.Error("somebody without a role has a session")
	}
	if _, err := w.svc.Login(t.Context(), "bo@alfa.demo", goodPassword, ""); !problem.HasCode(err, "no_membership") {
		t.Errorf("login without a role: %v", err)
	}
	tea := w.login("tea@alfa.demo")
	w.exec("update sec.accounts set disabled_at = now() where id = $1", w.tea)
	if w.alive(tea.Token) {
		t.Error("a disabled account has a session")
	}
	anna := w.login("anna@alfa.demo")
	w.exec("update app.tenants set valid_to = current_date - 1 where id = $1", w.alfa)
	if w.alive(anna.Token) {
		t.Error("an organisation that has ended has a session")
	}
	if again := w.login("anna@alfa.demo"); again.Session.Tenant.Slug != "beta" || len(again.Session.Tenants) != 1 {
		t.Errorf("the next login leads to %+v", again.Session)
	}
}

func TestASwitchOfTenantIsANewSessionWithANewToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.login("anna@alfa.demo")
	if o.Session.Tenant.Slug != "alfa" || len(o.Session.Tenants) != 2 {
		t.Fatalf("session %+v", o.Session)
	}
	w.age(o.Actor.SessionID, 8*time.Hour, 0)
	n, err := w.svc.Switch(t.Context(), o.Actor, "beta")
	if err != nil {
		t.Fatal(err)
	}
	if n.Session.Tenant.Slug != "beta" || n.Token == o.Token || n.Actor.Tenant != w.beta || n.Actor.ID != w.anna {
		t.Errorf("switched to %+v", n.Session)
	}
	if w.alive(o.Token) || !w.alive(n.Token) {
		t.Error("the old token lives or the new one does not")
	}
	if n := w.count("sec.sessions where id = $1 and created_at < now() - interval '7 hours'", n.Actor.SessionID); n != 1 {
		t.Error("a switch begins a new day")
	}
	if tenantSeen(t, w, n.Actor) != 1 || tenantSeen(t, w, o.Actor) != 0 {
		t.Error("the database opens the wrong tenant")
	}
	bo := w.login("bo@alfa.demo")
	if _, err := w.svc.Switch(t.Context(), bo.Actor, "beta"); !problem.Is(err, problem.KindNotFound) {
		t.Errorf("a tenant where one does not work: %v", err)
	}
	if !w.alive(bo.Token) {
		t.Error("a refused switch ended the session")
	}
}

func TestATokenThatIsNoneIsRefusedWithoutAsking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.db.Close() // nobody to ask
	for _, token := range []string{"", "x", strings.Repeat("a", 42), strings.Repeat("a", 44), strings.Repeat("ä", 43), uuid.NewString()} {
		if _, err := w.svc.Read(t.Context(), token); !problem.Is(err, problem.KindUnauthorized) {
			t.Errorf("%q: %v", token, err)
		}
	}
}

func TestNobodyReadsATableOfSec(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, table := range []string{"accounts", "memberships", "sessions", "clients", "login_states", "oidc_providers", "first_logins", "demo_logins", "schema_state"} {
		for _, door := range []authz.Door{authz.DoorAPI, authz.DoorLogin} {
			b := &db.Batch{}
			b.Exec("select 1 from sec."+table, nil)
			if err := w.db.Once(t.Context(), authz.NoTenant(door), b); !problem.Is(err, problem.KindForbidden) {
				t.Errorf("sec.%s, asked by %s: %v", table, door, err)
			}
		}
	}
}

// tenantSeen is how many units the database shows to the actor: one, or none when it does not open the tenant.
func tenantSeen(t *testing.T, w *world, a authz.Actor) int {
	t.Helper()
	var n int
	b := &db.Batch{}
	b.One("select count(*) from app.units", nil, &n)
	if err := w.db.Once(t.Context(), a.Scope(), b); err != nil {
		t.Fatal(err)
	}
	return n
}
