package authz_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
)

var update = flag.Bool("update", false, "write testdata/matrix.golden anew")

func load(t *testing.T, overlays map[string]string) *authz.Policy {
	t.Helper()
	p, err := authz.LoadPolicy(overlays)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestTheWholeMatrixIsAsReviewed compares every role and permission with the file a person has read.
func TestTheWholeMatrixIsAsReviewed(t *testing.T) {
	t.Parallel()
	p := load(t, nil)
	var b strings.Builder
	b.WriteString("# Every permission and the roles that hold it. Written by: go test ./pkg/platform/authz -update\n")
	for _, perm := range p.Permissions() {
		var who []string
		for _, role := range authz.Roles {
			if p.Allows("", []string{role}, perm) {
				who = append(who, role)
			}
		}
		fmt.Fprintf(&b, "%-26s %s\n", perm, strings.Join(who, " "))
	}
	const file = "testdata/matrix.golden"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != b.String() {
		t.Errorf("the policy is not what was reviewed; read the difference, then run with -update\n--- now\n%s--- reviewed\n%s", b.String(), want)
	}
}

func TestEveryMemberOfStaffMayReportAndFollowWhatSheReported(t *testing.T) {
	t.Parallel()
	p := load(t, nil)
	for _, role := range authz.Roles {
		if role == "slk" || role == "operator" {
			continue // not staff of a tenant
		}
		for _, perm := range []string{"case:report", "case:list-own", "case:open"} {
			if !p.Allows("", []string{role}, perm) {
				t.Errorf("%s may not %s", role, perm)
			}
		}
	}
}

func TestWhoSeesTheCitySeesNoCaseAndTheOperatorNothing(t *testing.T) {
	t.Parallel()
	p := load(t, nil)
	for _, perm := range p.Permissions() {
		if p.Allows("", []string{"operator"}, perm) {
			t.Errorf("the operator may %s", perm)
		}
		if regexp.MustCompile(`^(case|draft|measure|message|investigation|cause|feedback|consultation|register):`).MatchString(perm) && p.Allows("", []string{"slk"}, perm) {
			t.Errorf("the city's office may %s", perm)
		}
	}
}

// TestANameIsNoRole: in the engine's own grouping a subject that is called like a role is that role.
func TestANameIsNoRole(t *testing.T) {
	t.Parallel()
	p := load(t, nil)
	for _, role := range authz.Roles {
		named := authz.Actor{ID: uuid.New(), Kind: authz.Person, TenantSlug: role, City: role}.WithToken(role)
		if may := p.Of(named); len(may) != 0 {
			t.Errorf("somebody called %s without a role may %v", role, may)
		}
		machine := authz.Actor{ID: uuid.New(), Kind: authz.Client, Roles: []string{role}}
		if may := p.Of(machine); len(may) != 0 {
			t.Errorf("a machine called %s, with that role and without scopes, may %v", role, may)
		}
	}
}

func TestAMachineMayWhatItsScopesSayAndNoMore(t *testing.T) {
	t.Parallel()
	p := load(t, nil)
	machine := authz.Actor{Kind: authz.Client, Roles: []string{"chef"}, Scopes: []string{"case:report"}}
	if got := p.Of(machine); !slices.Equal(got, []string{"case:report"}) {
		t.Errorf("it may %v", got)
	}
}

func TestWhatIsUnknownIsRefused(t *testing.T) {
	t.Parallel()
	p := load(t, nil)
	for name, ask := range map[string]struct {
		tenant, permission string
		roles              []string
	}{
		"no role":                    {"", "case:report", nil},
		"an unknown role":            {"", "case:report", []string{"kommundirektor"}},
		"an empty role":              {"", "case:report", []string{""}},
		"every role at once":         {"", "case:report", []string{"*"}},
		"a role in capitals":         {"", "case:report", []string{"Registrator"}},
		"an unknown permission":      {"", "case:explode", authz.Roles},
		"no permission":              {"", "", authz.Roles},
		"every act on cases":         {"", "case:*", authz.Roles},
		"a permission without act":   {"", "case", authz.Roles},
		"a permission and a half":    {"", "case:report:", authz.Roles},
		"a tenant called everything": {"*", "case:explode", authz.Roles},
	} {
		if p.Allows(ask.tenant, ask.roles, ask.permission) {
			t.Errorf("%s is allowed", name)
		}
	}
}

func TestRolesAddUp(t *testing.T) {
	t.Parallel()
	p := load(t, nil)
	two := authz.Actor{Kind: authz.Person, Roles: []string{"medarbetare", "slk"}}
	for _, perm := range p.Permissions() {
		either := p.Allows("", []string{"medarbetare"}, perm) || p.Allows("", []string{"slk"}, perm)
		if p.May(two, perm) != either {
			t.Errorf("%s with both roles: %v, with either: %v", perm, p.May(two, perm), either)
		}
	}
}

func TestATenantsOverlayHoldsForThatTenantOnly(t *testing.T) {
	t.Parallel()
	p := load(t, map[string]string{"bro": "p, medarbetare, case, list, allow\np, chef, case, reopen, deny\n"})
	for _, c := range []struct {
		tenant, role, perm string
		want               bool
	}{
		{"bro", "medarbetare", "case:list", true},
		{"sjo", "medarbetare", "case:list", false},
		{"bro", "chef", "case:reopen", false},
		{"sjo", "chef", "case:reopen", true},
		{"bro", "avdelningschef", "case:reopen", true},
		{"bro", "chef", "case:close", true},
	} {
		if got := p.Allows(c.tenant, []string{c.role}, c.perm); got != c.want {
			t.Errorf("%s in %s may %s: %v", c.role, c.tenant, c.perm, got)
		}
	}
}

func TestADenialWinsWhereverItStands(t *testing.T) {
	t.Parallel()
	for _, overlay := range []string{
		"p, medarbetare, case, list, allow\np, medarbetare, case, list, deny\n",
		"p, medarbetare, case, list, deny\np, medarbetare, case, list, allow\n",
	} {
		if load(t, map[string]string{"bro": overlay}).Allows("bro", []string{"medarbetare"}, "case:list") {
			t.Errorf("allowed by %q", overlay)
		}
	}
	// A denial takes from the role, not from the person: another role of hers still gives it.
	p := load(t, map[string]string{"bro": "p, chef, case, list, deny\n"})
	if !p.Allows("bro", []string{"chef", "registrator"}, "case:list") {
		t.Error("a manager who is also registrar lost what the registrar has")
	}
}

func TestABrokenPolicyStopsTheStart(t *testing.T) {
	t.Parallel()
	for name, overlay := range map[string]string{
		"nothing at all":                   "",
		"a comment only":                   "# nothing\n",
		"a grant off the list":             "p, medarbetare, case, register, allow\n",
		"a permission nobody knows":        "p, medarbetare, case, explode, deny\n",
		"a role nobody knows":              "p, kommundirektor, case, list, allow\n",
		"every role":                       "p, *, case, list, allow\n",
		"a grouping":                       "g, medarbetare, registrator, x, allow\n",
		"an effect nobody knows":           "p, medarbetare, case, list, maybe\n",
		"a line too short":                 "p, medarbetare, case, list\n",
		"a line too long":                  "p, medarbetare, case, list, allow, now\n",
		"an open quotation mark":           "p, medarbetare, case, \"list, allow\n",
		"an act that hides a second line":  "p, medarbetare, case, \"list, allow\np, medarbetare, case, register\", allow\n",
		"an object that is an expression":  "p, medarbetare, \"case || true\", list, allow\n",
		"the denial of something half new": "p, medarbetare, case, list, deny\np, medarbetare, town, burn, deny\n",
	} {
		if _, err := authz.LoadPolicy(map[string]string{"bro": overlay}); err == nil || !strings.Contains(err.Error(), "bro.policy.csv") {
			t.Errorf("%s was taken: %v", name, err)
		}
	}
}

func TestAScopeSaysOnlyWhatItWasGiven(t *testing.T) {
	t.Parallel()
	tenant, job := uuid.New(), uuid.New()
	for name, c := range map[string]struct {
		scope         authz.Scope
		door          authz.Door
		token, tenant string
	}{
		"nothing":          {authz.Scope{}, "", "", ""},
		"a person":         {authz.Actor{Tenant: tenant}.WithToken("t").Scope(), authz.DoorAPI, "t", tenant.String()},
		"before login":     {authz.Anonymous(), authz.DoorLogin, "", ""},
		"a new token":      {authz.Opening("t"), authz.DoorLogin, "t", ""},
		"an unread token":  {authz.Session("t"), authz.DoorAPI, "t", ""},
		"a job":            {authz.System(tenant, job), authz.DoorWorker, job.String(), tenant.String()},
		"the public form":  {authz.Public(tenant), authz.DoorIntake, "", tenant.String()},
		"the relay":        {authz.Relay(), authz.DoorRelay, "", ""},
		"the city's page":  {authz.Insight(), authz.DoorInsight, "", ""},
		"without a tenant": {authz.NoTenant(authz.DoorWorker), authz.DoorWorker, "", ""},
	} {
		token, want := c.scope.Bind()
		if c.scope.Door() != c.door || token != c.token || want != c.tenant {
			t.Errorf("%s: door %q, token %q, tenant %q", name, c.scope.Door(), token, want)
		}
	}
}
