package org

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

// Service is org's use-cases.
type Service struct {
	db    *db.DB
	clock clock.Clock

	mu      sync.Mutex
	configs map[configKey]keptConfig
}

// configKey has the door in it: what one way in has been shown says nothing about what another may see.
type configKey struct {
	door   authz.Door
	tenant uuid.UUID
}

type keptConfig struct {
	config Config
	read   time.Time
}

// New makes the service.
func New(d *db.DB, c clock.Clock) *Service {
	return &Service{db: d, clock: c, configs: map[configKey]keptConfig{}}
}

func (s *Service) today() clock.Date { return clock.Today(s.clock) }

// Config is the rules of the scope's tenant. A tenant that is not there, or not for this scope, is problem.NotFound.
func (s *Service) Config(ctx context.Context, scope authz.Scope) (Config, error) {
	key := configKey{scope.Door(), scope.Tenant()}
	s.mu.Lock()
	kept, ok := s.configs[key]
	s.mu.Unlock()
	if ok && s.clock.Now().Sub(kept.read) < configAge {
		return kept.config, nil
	}
	var row configRow
	b := &db.Batch{}
	db.First(b, sqlConfig, nil, &row)
	if err := s.db.Once(ctx, scope, b); err != nil {
		return Config{}, err
	}
	cfg, err := decodeConfig(row)
	if err != nil {
		return Config{}, problem.Internal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.configs[key] = keptConfig{config: cfg, read: s.clock.Now()}
	return cfg, nil
}

func decodeConfig(row configRow) (Config, error) {
	var t tenants.Tenant
	if err := json.Unmarshal(row.Body, &t); err != nil {
		return Config{}, err
	}
	var city tenants.City
	if err := json.Unmarshal(row.City, &city); err != nil {
		return Config{}, err
	}
	return NewConfig(t, city.Codes, row.Version), nil
}

// Route finds who handles a case of the unit: its manager today, or the nearest above who is free to. A report about the
// manager passes the nearest one over (jäv), as does being excluded.
func (s *Service) Route(ctx context.Context, scope authz.Scope, unit uuid.UUID, aboutManager bool, exclude ...uuid.UUID) (Handler, error) {
	return s.RouteOn(ctx, scope, Routing{Unit: unit, AboutManager: aboutManager, Exclude: exclude, On: s.today()})
}

// Routing asks who led what on a day.
type Routing struct {
	Unit         uuid.UUID
	AboutManager bool
	Exclude      []uuid.UUID
	On           clock.Date
}

// RouteOn is Route for a day.
func (s *Service) RouteOn(ctx context.Context, scope authz.Scope, r Routing) (Handler, error) {
	row, err := s.head(ctx, scope, sqlRoute, db.Args{"unit": r.Unit, "on": r.On, "exclude": all(r.Exclude), "about_manager": r.AboutManager})
	if err != nil {
		return Handler{}, err
	}
	if row.PersonID == nil {
		return Handler{}, problem.Conflict("no_manager", "Ingen chef kan handlägga ärenden för "+row.Asked+" i dag. Välj en handläggare.")
	}
	h := row.handler()
	h.SteppedUp = *row.Depth > row.NearestDepth
	switch {
	case h.SteppedUp && r.AboutManager:
		h.Reason = "Uppgifterna rör den närmaste chefen. Därför går ärendet till chefen för " + h.UnitName + "."
	case h.SteppedUp:
		h.Reason = "Den närmaste chefen är jävig. Därför går ärendet till chefen för " + h.UnitName + "."
	case *row.Depth > 0:
		h.Reason = row.Asked + " har ingen chef i dag. Därför går ärendet till chefen för " + h.UnitName + "."
	default:
		h.Reason = "Närmaste chef för " + h.UnitName + "."
	}
	return h, nil
}

// SuperiorOf finds the superior manager (överordnad chef) of a handler in a case of the unit: the first other person above
// where the handler leads. Excluded persons are passed over.
func (s *Service) SuperiorOf(ctx context.Context, scope authz.Scope, handler, unit uuid.UUID, exclude ...uuid.UUID) (Handler, error) {
	row, err := s.head(ctx, scope, sqlSuperior, db.Args{"unit": unit, "on": s.today(), "handler": handler, "exclude": all(exclude)})
	if err != nil {
		return Handler{}, err
	}
	if row.PersonID == nil {
		return Handler{}, problem.Conflict("no_superior", "Det finns ingen överordnad chef att fråga i organisationen.")
	}
	h := row.handler()
	h.Reason = "Överordnad chef: chef för " + h.UnitName + "."
	return h, nil
}

// Line is everybody in the line above a handler in cases of the unit, near and far: any of them can decide for her.
func (s *Service) Line(ctx context.Context, scope authz.Scope, handler, unit uuid.UUID) ([]uuid.UUID, error) {
	var rows []struct {
		ID uuid.UUID `db:"person_id"`
	}
	b := &db.Batch{}
	db.Collect(b, sqlLine, db.Args{"unit": unit, "on": s.today(), "handler": handler}, &rows)
	err := s.db.Once(ctx, scope, b)
	out := []uuid.UUID{}
	for _, r := range rows {
		out = append(out, r.ID)
	}
	return out, err
}

func (s *Service) head(ctx context.Context, scope authz.Scope, sql string, args db.Args) (headRow, error) {
	var row headRow
	b := &db.Batch{}
	db.First(b, sql, args, &row)
	return row, s.db.Once(ctx, scope, b)
}

func (r headRow) handler() Handler {
	return Handler{PersonID: *r.PersonID, Name: *r.Name, Title: *r.Title, UnitID: *r.UnitID, UnitName: *r.UnitName}
}

// all is never null: nothing is different from null in SQL.
func all(ids []uuid.UUID) []uuid.UUID {
	if ids == nil {
		return []uuid.UUID{}
	}
	return ids
}

// Units lists the tenant's units of today, the tree laid out by path; search narrows it to names that hold the words.
func (s *Service) Units(ctx context.Context, actor authz.Actor, search string) ([]Unit, error) {
	var units []Unit
	b := &db.Batch{}
	db.Collect(b, sqlUnits, db.Args{"on": s.today(), "like": like(search)}, &units)
	return units, s.db.Once(ctx, actor.Scope(), b)
}

// People lists who works here, for a purpose and near a unit.
func (s *Service) People(ctx context.Context, actor authz.Actor, purpose string, unit *uuid.UUID, search string) ([]Person, error) {
	sql, args := sqlPeople, db.Args{"unit": unit, "on": s.today(), "like": like(search)}
	switch purpose {
	case ForDelegation:
		sql = sqlDelegates
	case ForHandling:
		sql, args["roles"] = sqlHandlers, Managers
	}
	var people []Person
	b := &db.Batch{}
	db.Collect(b, sql, args, &people)
	return people, s.db.Once(ctx, actor.Scope(), b)
}

// CanInvestigate says whether the investigation of a case of the unit may be handed to the person (lämplig underställd, req. 34).
func (s *Service) CanInvestigate(ctx context.Context, actor authz.Actor, person uuid.UUID, unit *uuid.UUID) (yes bool, err error) {
	b := &db.Batch{}
	b.One(sqlCanInvestigate, db.Args{"person": person, "unit": unit, "on": s.today()}, &yes)
	return yes, s.db.Once(ctx, actor.Scope(), b)
}

// CanHandle says whether the person holds one of the roles today: a manager handles cases (req. 32).
func (s *Service) CanHandle(ctx context.Context, actor authz.Actor, person uuid.UUID, roles ...string) (yes bool, err error) {
	b := &db.Batch{}
	b.One(sqlCanHandle, db.Args{"person": person, "roles": roles}, &yes)
	return yes, s.db.Once(ctx, actor.Scope(), b)
}

// like makes a pattern of what somebody typed; its own wildcards are only characters.
func like(search string) string {
	search = strings.TrimSpace(search)
	if search == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(search) + "%"
}

// PublicTenants lists who takes reports from the public.
func (s *Service) PublicTenants(ctx context.Context) ([]Listing, error) {
	var rows []Listing
	b := &db.Batch{}
	db.Collect(b, sqlPublicTenants, db.Args{"on": s.today()}, &rows)
	return rows, s.db.Once(ctx, authz.NoTenant(authz.DoorIntake), b)
}

// PublicTenant finds an organisation with a public form, and its rules. One without a form does not exist: problem.NotFound.
func (s *Service) PublicTenant(ctx context.Context, slug string) (PublicTenant, error) {
	row, err := s.publicTenant(ctx, slug)
	if err != nil {
		return PublicTenant{}, err
	}
	cfg, err := s.Config(ctx, authz.Public(row.ID))
	if err != nil {
		return PublicTenant{}, err
	}
	return PublicTenant{ID: row.ID, Slug: row.Slug, Name: row.Name, Kind: row.Kind, CityName: row.City, Config: cfg}, nil
}

// PublicTenantID is the id of an organisation with a public form.
func (s *Service) PublicTenantID(ctx context.Context, slug string) (uuid.UUID, error) {
	row, err := s.publicTenant(ctx, slug)
	return row.ID, err
}

func (s *Service) publicTenant(ctx context.Context, slug string) (tenantRow, error) {
	var row tenantRow
	b := &db.Batch{}
	db.First(b, sqlPublicTenant, db.Args{"slug": slug, "on": s.today()}, &row)
	return row, s.db.Once(ctx, authz.NoTenant(authz.DoorIntake), b)
}

// PublicUnits lists the places the public form offers to choose from.
func (s *Service) PublicUnits(ctx context.Context, tenant uuid.UUID) ([]PublicUnit, error) {
	var units []PublicUnit
	b := &db.Batch{}
	db.Collect(b, sqlPublicUnits, db.Args{"on": s.today()}, &units)
	return units, s.db.Once(ctx, authz.Public(tenant), b)
}
