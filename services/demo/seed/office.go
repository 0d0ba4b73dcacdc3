package seed

import (
	"slices"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/seal"
	"lyhord/services/migrate/steps"
	"lyhord/tenants"
)

// office answers who does what in a tenant, from the same files as the rows of its organisation.
type office struct {
	tenants.Tenant
	id    uuid.UUID
	city  tenants.City
	cfg   org.Config
	key   *seal.TenantKey
	today clock.Date
}

func newOffice(j job, key *seal.TenantKey) *office {
	return &office{
		Tenant: j.tenant, id: steps.TenantID(j.tenant.Slug), city: j.city, key: key, today: clock.DateIn(j.now),
		cfg: org.NewConfig(j.tenant, j.city.Codes, 1),
	}
}

func (o *office) unitID(slug string) uuid.UUID  { return steps.UnitID(o.Slug, slug) }
func (o *office) personID(key string) uuid.UUID { return steps.PersonID(o.Slug, key) }
func (o *office) deadline(rule string, from clock.Date) org.Deadline {
	return o.cfg.Deadline(rule, from)
}

// role is a person who holds the role anywhere in the tenant.
func (o *office) role(role string) (uuid.UUID, bool) {
	key, ok := holder(o.Tenant, role)
	return o.personID(key), ok
}

// maybe is role as a nullable column.
func (o *office) maybe(role string) *uuid.UUID {
	if id, ok := o.role(role); ok {
		return &id
	}
	return nil
}

// manager leads the unit on a day, or the nearest unit above that has somebody.
func (o *office) manager(unit string, on clock.Date) (uuid.UUID, bool) {
	key, ok := managerOf(o.Tenant, unit, on, "")
	return o.personID(key), ok
}

// superior is the nearest manager above who is another person.
func (o *office) superior(unit string, of uuid.UUID, on clock.Date) (uuid.UUID, bool) {
	for _, p := range o.People {
		if o.personID(p.Key) == of {
			key, ok := managerOf(o.Tenant, unit, on, p.Key)
			return o.personID(key), ok
		}
	}
	return uuid.Nil, false
}

// managerOf climbs from the unit until somebody who is not the one left out leads it.
func managerOf(t tenants.Tenant, unit string, on clock.Date, leftOut string) (string, bool) {
	for {
		u, ok := t.Unit(unit)
		if !ok {
			return "", false
		}
		if key, ok := u.ManagerOn(on); ok && key != leftOut {
			return key, true
		}
		unit = u.Parent
	}
}

// holder is the first person of the file with the role.
func holder(t tenants.Tenant, role string) (string, bool) {
	for _, p := range t.People {
		if slices.ContainsFunc(p.Roles, func(m tenants.Membership) bool { return m.Role == role }) {
			return p.Key, true
		}
	}
	return "", false
}

// home is the unit in which a person holds the role.
func home(t tenants.Tenant, key, role string) string {
	p, _ := t.Person(key)
	for _, m := range p.Roles {
		if m.Role == role {
			return m.Unit
		}
	}
	return ""
}
