package steps

import (
	"encoding/json"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/jobs"
	"lyhord/tenants"
)

// since is when something is valid from that a file gives no day for: before everything.
var since = clock.MustDate("2000-01-01")

// day writes the date column of a row sent as JSON: null for no date.
type day struct{ clock.Date }

// MarshalJSON writes the date or null.
func (d day) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(d.String())
}

func from(dates ...clock.Date) day {
	for _, d := range dates {
		if !d.IsZero() {
			return day{d}
		}
	}
	return day{since}
}

type codeRow struct {
	List      string  `json:"list"`
	Code      string  `json:"code"`
	Parent    *string `json:"parent"`
	Label     string  `json:"label"`
	Sort      int     `json:"sort"`
	Help      string  `json:"help"`
	NeedsText bool    `json:"needs_text"`
	ValidTo   day     `json:"valid_to"`
}

func codeRows(city tenants.City) []codeRow {
	rows := []codeRow{}
	for _, l := range city.Codes {
		l.Walk(func(full, parent string, c tenants.Code) {
			r := codeRow{List: l.List, Code: full, Label: c.Label, Sort: len(rows), Help: c.Help, NeedsText: c.NeedsText, ValidTo: day{c.ValidTo}}
			if parent != "" {
				r.Parent = &parent
			}
			rows = append(rows, r)
		})
	}
	return rows
}

type unitRow struct {
	ID        uuid.UUID  `json:"id"`
	Slug      string     `json:"slug"`
	Name      string     `json:"name"`
	Kind      string     `json:"kind"`
	Area      *string    `json:"area"`
	Regi      *string    `json:"regi"`
	ParentID  *uuid.UUID `json:"parent_id"`
	ValidFrom day        `json:"valid_from"`
	ValidTo   day        `json:"valid_to"`
}

type managerRow struct {
	UnitID    uuid.UUID `json:"unit_id"`
	PersonID  uuid.UUID `json:"person_id"`
	ValidFrom day       `json:"valid_from"`
	ValidTo   day       `json:"valid_to"`
}

type personRow struct {
	ID     uuid.UUID  `json:"id"`
	Login  string     `json:"login"`
	Name   string     `json:"name"`
	Title  string     `json:"title"`
	Email  string     `json:"email"`
	HomeID *uuid.UUID `json:"home_unit_id"`
	Role   string     `json:"role"` // the first: what the demo shows
	Sort   int        `json:"sort"`
}

type membershipRow struct {
	AccountID uuid.UUID `json:"account_id"`
	Role      string    `json:"role"`
	UnitID    uuid.UUID `json:"unit_id"`
	ValidFrom day       `json:"valid_from"`
	ValidTo   day       `json:"valid_to"`
}

func unitRows(t tenants.Tenant) (units []unitRow, managers []managerRow) {
	units, managers = []unitRow{}, []managerRow{}
	for _, u := range t.Units {
		r := unitRow{
			ID: UnitID(t.Slug, u.Slug), Slug: u.Slug, Name: u.Name, Kind: u.Kind, Area: maybe(u.Area), Regi: maybe(u.Regi),
			ValidFrom: from(u.ValidFrom, t.ValidFrom), ValidTo: day{u.ValidTo},
		}
		if u.Parent != "" {
			parent := UnitID(t.Slug, u.Parent)
			r.ParentID = &parent
		}
		units = append(units, r)
		for _, m := range u.Managers {
			managers = append(managers, managerRow{
				UnitID: r.ID, PersonID: PersonID(t.Slug, m.Person), ValidFrom: from(m.ValidFrom, u.ValidFrom, t.ValidFrom), ValidTo: day{m.ValidTo},
			})
		}
	}
	return units, managers
}

func peopleRows(t tenants.Tenant) (people []personRow, memberships []membershipRow) {
	people, memberships = []personRow{}, []membershipRow{}
	for i, p := range t.People {
		r := personRow{ID: PersonID(t.Slug, p.Key), Login: t.Login(p.Key), Name: p.Name, Title: p.Title, Email: p.Email, Sort: i}
		for _, m := range p.Roles {
			unit := m.Unit
			if unit == "" {
				unit = t.Root().Slug // the whole tenant
			} else if r.HomeID == nil {
				home := UnitID(t.Slug, unit)
				r.HomeID = &home
			}
			if r.Role == "" {
				r.Role = m.Role
			}
			memberships = append(memberships, membershipRow{
				AccountID: r.ID, Role: m.Role, UnitID: UnitID(t.Slug, unit), ValidFrom: from(m.ValidFrom, t.ValidFrom), ValidTo: day{m.ValidTo},
			})
		}
		people = append(people, r)
	}
	return people, memberships
}

func queueTenant(b *pgx.Batch, city tenants.City, t tenants.Tenant, hash string) error {
	id := TenantID(t.Slug)
	predecessors := []string{}
	for _, p := range t.Predecessors {
		predecessors = append(predecessors, p.Slug)
	}
	b.Queue(sqlTenant, pgx.StrictNamedArgs{
		"id": id, "city": CityID(city.Slug), "slug": t.Slug, "name": t.Name, "short": t.ShortName, "kind": t.Kind, "public": t.PublicForm,
		"from": from(t.ValidFrom).Date, "to": t.ValidTo, "predecessors": predecessors,
	})
	rules := t
	rules.Units, rules.People, rules.OIDC = nil, nil, nil // rows of their own
	body, err := json.Marshal(rules)
	if err != nil {
		return err
	}
	b.Queue(sqlConfig, pgx.StrictNamedArgs{"tenant": id, "body": body})
	units, managers := unitRows(t)
	people, memberships := peopleRows(t)
	for _, stmt := range []string{sqlUnits, sqlCloseUnits, sqlCloseParents, sqlOpenParents} {
		b.Queue(stmt, pgx.StrictNamedArgs{"tenant": id, "rows": units})
	}
	b.Queue(sqlAccounts, pgx.StrictNamedArgs{"rows": people, "hash": maybe(hash)})
	b.Queue(sqlPeople, pgx.StrictNamedArgs{"tenant": id, "rows": people})
	b.Queue(sqlClosePeople, pgx.StrictNamedArgs{"tenant": id, "rows": people})
	b.Queue(sqlManagers, pgx.StrictNamedArgs{"tenant": id, "rows": managers})
	b.Queue(sqlCloseManagers, pgx.StrictNamedArgs{"tenant": id, "rows": managers})
	b.Queue(sqlMemberships, pgx.StrictNamedArgs{"tenant": id, "rows": memberships})
	b.Queue(sqlCloseMemberships, pgx.StrictNamedArgs{"tenant": id, "rows": memberships})
	b.Queue(sqlDisable, pgx.StrictNamedArgs{"tenant": id, "rows": people})
	b.Queue(sqlForgetDemo, pgx.StrictNamedArgs{"tenant": id})
	if hash != "" {
		b.Queue(sqlDemo, pgx.StrictNamedArgs{"tenant": id, "rows": people})
	}
	queueProvider(b, id, t.OIDC, people)
	b.Queue(sqlTimers, pgx.StrictNamedArgs{"tenant": id, "kinds": []string{string(jobs.SealTrail), string(jobs.DrawLogSamples)}})
	return nil
}

func queueProvider(b *pgx.Batch, tenant uuid.UUID, o *tenants.OIDC, people []personRow) {
	b.Queue("delete from sec.first_logins where tenant_id = @tenant", pgx.StrictNamedArgs{"tenant": tenant})
	if o == nil {
		b.Queue("delete from sec.oidc_providers where tenant_id = @tenant", pgx.StrictNamedArgs{"tenant": tenant})
		return
	}
	scopes := o.Scopes
	if scopes == nil {
		scopes = []string{}
	}
	b.Queue(sqlProvider, pgx.StrictNamedArgs{
		"tenant": tenant, "issuer": o.Issuer, "client": o.ClientID, "secret": o.ClientSecretEnv, "scopes": scopes,
		"acr": o.RequiredACR, "claim": o.LoginClaim,
	})
	b.Queue(sqlFirstLogins, pgx.StrictNamedArgs{"tenant": tenant, "rows": people})
}

func maybe(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
