//go:build unix

package identity_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/problem"
)

func TestAMachineGetsAShortTokenForItsSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.login("tea@alfa.demo").Actor
	c, secret, err := w.svc.CreateClient(t.Context(), admin, " Journalen ", []string{"case:report", "code:list"})
	if err != nil {
		t.Fatal(err)
	}
	if n := w.count("sec.clients s where s::text like '%' || $1 || '%'", secret); n != 0 {
		t.Error("the secret is stored")
	}
	var out struct {
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
		ExpiresIn   int    `json:"expires_in"`
	}
	r := w.browser().do("POST", "/token", map[string]string{"client_id": c.ID.String(), "client_secret": secret}, &out)
	if r.StatusCode != http.StatusOK || out.TokenType != "Bearer" || out.ExpiresIn != 900 {
		t.Fatalf("token: %d %+v", r.StatusCode, out)
	}
	a, err := w.svc.Read(t.Context(), out.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	if a.Kind != authz.Client || a.ID != c.ID || a.Tenant != w.alfa || len(a.Roles) != 0 || len(a.Scopes) != 2 {
		t.Errorf("actor %+v", a)
	}
	if n := tenantSeen(t, w, a); n != 1 {
		t.Error("the database does not open the tenant to the machine")
	}
	if _, err := w.svc.Switch(t.Context(), a, "beta"); !problem.Is(err, problem.KindUnauthorized) {
		t.Errorf("a machine switching tenant: %v", err)
	}
	if err := w.svc.RevokeClient(t.Context(), admin, c.ID); err != nil {
		t.Fatal(err)
	}
	if w.alive(out.AccessToken) {
		t.Error("the token outlives its machine")
	}
	if _, _, err := w.svc.Token(t.Context(), c.ID, secret); !problem.HasCode(err, "client_refused") {
		t.Errorf("a revoked machine's secret: %v", err)
	}
}

func TestOnlyTheAdministratorMakesMachinesAndOnlySmallOnes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, chef := w.login("tea@alfa.demo").Actor, w.login("bo@alfa.demo").Actor
	if _, _, err := w.svc.CreateClient(t.Context(), chef, "X", []string{"case:report"}); !problem.Is(err, problem.KindForbidden) {
		t.Errorf("a manager made a machine: %v", err)
	}
	if _, err := w.svc.Clients(t.Context(), chef); !problem.Is(err, problem.KindForbidden) {
		t.Errorf("a manager lists machines: %v", err)
	}
	for _, scopes := range [][]string{nil, {"case:open"}, {"case:report", "register:list"}} {
		if _, _, err := w.svc.CreateClient(t.Context(), admin, "X", scopes); !problem.Is(err, problem.KindInvalid) {
			t.Errorf("%v: %v", scopes, err)
		}
	}
	c, _, err := w.svc.CreateClient(t.Context(), admin, "X", []string{"case:report"})
	if err != nil {
		t.Fatal(err)
	}
	if all, err := w.svc.Clients(t.Context(), admin); err != nil || len(all) != 1 || all[0].ID != c.ID {
		t.Errorf("the list is %+v %v", all, err)
	}
	w.member(w.beta, w.tea, "Tea Lind", "tenant_admin")
	there, err := w.svc.Switch(t.Context(), admin, "beta")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.svc.RevokeClient(t.Context(), there.Actor, c.ID); !problem.Is(err, problem.KindNotFound) {
		t.Errorf("another organisation's machine: %v", err)
	}
	if _, _, err := w.svc.Token(t.Context(), c.ID, "fel"); !problem.HasCode(err, "client_refused") {
		t.Errorf("a wrong secret: %v", err)
	}
	if _, _, err := w.svc.Token(t.Context(), uuid.New(), "fel"); !problem.HasCode(err, "client_refused") {
		t.Errorf("an unknown machine: %v", err)
	}
}
