package authz

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	stringadapter "github.com/casbin/casbin/v2/persist/string-adapter"
)

//go:embed policy.csv
var basePolicy string

// The subject is always a role name checked against Roles before it reaches the engine; there is no g() in the
// matcher, so a login that happens to be called "registrator" gains nothing.
const policyModel = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.act == p.act
`

// Roles are the role keys of the product, in the order of its description.
var Roles = []string{
	"medarbetare", "registrator", "chef", "utredare", "avdelningschef", "kanslisekreterare", "verksamhetsutvecklare",
	"lex_ansvarig", "lex_utredare", "mas", "arkivarie", "granskare", "tenant_admin", "slk", "operator",
}

// grantable are the permissions a tenant's overlay may add to a role beyond the base policy; everything else it may only deny.
var grantable = []string{"case:list", "case:take-down", "measure:list", "register:list"}

// Policy is the role x permission matrix, worked out once by casbin at start and never changed: base and one per tenant with an overlay.
type Policy struct {
	base     matrix
	overlays map[string]matrix // by tenant slug
}

type matrix map[string]map[string]bool // permission -> role -> allowed

// LoadPolicy reads the embedded policy and the tenants' overlays (tenant slug -> csv text).
func LoadPolicy(overlays map[string]string) (*Policy, error) {
	base, err := decide(basePolicy, nil)
	if err != nil {
		return nil, fmt.Errorf("policy.csv: %w", err)
	}
	p := &Policy{base: base, overlays: map[string]matrix{}}
	for _, slug := range slices.Sorted(maps.Keys(overlays)) {
		if err := checkOverlay(overlays[slug], base); err != nil {
			return nil, fmt.Errorf("%s.policy.csv: %w", slug, err)
		}
		m, err := decide(basePolicy+"\n"+overlays[slug], base)
		if err != nil {
			return nil, fmt.Errorf("%s.policy.csv: %w", slug, err)
		}
		p.overlays[slug] = m
	}
	return p, nil
}

// Allows says whether any of the roles may do the permission ("case:register") in the tenant. Unknown roles and permissions: no.
func (p *Policy) Allows(tenant string, roles []string, permission string) bool {
	m := p.base
	if over, ok := p.overlays[tenant]; ok {
		m = over
	}
	for _, r := range roles {
		if m[permission][r] {
			return true
		}
	}
	return false
}

// May says whether the actor may do the permission: by role for people, by scope for machines.
func (p *Policy) May(a Actor, permission string) bool {
	if a.Kind == Client {
		return slices.Contains(a.Scopes, permission)
	}
	return p.Allows(a.TenantSlug, a.Roles, permission)
}

// Permissions are all the permissions of the base policy, sorted.
func (p *Policy) Permissions() []string { return slices.Sorted(maps.Keys(p.base)) }

// Of lists what the actor may do, sorted.
func (p *Policy) Of(a Actor) []string {
	var out []string
	for _, perm := range p.Permissions() {
		if p.May(a, perm) {
			out = append(out, perm)
		}
	}
	return out
}

// decide asks casbin about every role and permission once. The answers are a pure function of the text.
func decide(text string, known matrix) (matrix, error) {
	rows, err := rules(text)
	if err != nil {
		return nil, err
	}
	m, err := model.NewModelFromString(policyModel)
	if err != nil {
		return nil, err
	}
	var clean strings.Builder
	perms := map[string]bool{}
	for k := range known {
		perms[k] = true
	}
	for _, r := range rows {
		fmt.Fprintf(&clean, "p, %s\n", strings.Join(r, ", "))
		perms[r[1]+":"+r[2]] = true
	}
	e, err := casbin.NewEnforcer(m, stringadapter.NewAdapter(clean.String()))
	if err != nil {
		return nil, err
	}
	out := matrix{}
	for perm := range perms {
		obj, act, _ := strings.Cut(perm, ":")
		out[perm] = map[string]bool{}
		for _, role := range Roles {
			ok, err := e.Enforce(role, obj, act)
			if err != nil {
				return nil, err // an engine that cannot answer stops the start: deny is not enough, it would look like a working system
			}
			out[perm][role] = ok
		}
	}
	return out, nil
}

// rules parses "p, role, object, act, allow|deny" lines; # begins a comment.
func rules(text string) ([][]string, error) {
	rd := csv.NewReader(strings.NewReader(text))
	rd.Comment, rd.TrimLeadingSpace, rd.FieldsPerRecord = '#', true, 5
	all, err := rd.ReadAll()
	if err != nil {
		return nil, err
	}
	var out [][]string
	for _, r := range all {
		if r[0] != "p" || !slices.Contains(Roles, r[1]) || r[2] == "" || r[3] == "" || (r[4] != "allow" && r[4] != "deny") {
			return nil, fmt.Errorf("not a rule: %s", strings.Join(r, ", "))
		}
		out = append(out, r[1:])
	}
	if len(out) == 0 {
		return nil, errors.New("no rules")
	}
	return out, nil
}

// checkOverlay holds a tenant's overlay to its frame: deny what exists, or grant from the allow-list.
func checkOverlay(text string, base matrix) error {
	rows, err := rules(text)
	if err != nil {
		return err
	}
	for _, r := range rows {
		perm := r[1] + ":" + r[2]
		if _, known := base[perm]; !known {
			return fmt.Errorf("%s is no permission", perm)
		}
		if r[3] == "allow" && !slices.Contains(grantable, perm) {
			return fmt.Errorf("%s may not be granted by a tenant", perm)
		}
	}
	return nil
}
