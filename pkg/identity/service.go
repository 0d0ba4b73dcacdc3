package identity

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/cache"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/problem"
)

// Options of a Service. All are required except ClientIP and DemoPassword.
type Options struct {
	Clock        clock.Clock
	IDs          id.Source
	Log          *slog.Logger
	Limiter      Limiter
	ClientIP     func(context.Context) string // the address of the request; httpx.Address if nil
	Secret       func(name string) string     // the environment: client secrets of identity providers
	PublicURL    string                       // https://host, where identity providers send people back
	Secure       bool                         // https: __Host- cookies
	DemoPassword string                       // shown on the login page of the demo; empty everywhere else
}

// Service is identity's use-cases.
type Service struct {
	db        *db.DB
	policy    *authz.Policy
	o         Options
	hasher    *hasher
	providers *providers
}

// New makes the service.
func New(d *db.DB, policy *authz.Policy, o Options) *Service {
	o.PublicURL = strings.TrimSuffix(o.PublicURL, "/")
	if o.ClientIP == nil {
		o.ClientIP = httpx.Address
	}
	return &Service{db: d, policy: policy, o: o, hasher: newHasher(), providers: newProviders(o.Clock)}
}

// Opened is a session just made, with the token that goes into the cookie.
type Opened struct {
	Session Session
	Actor   authz.Actor
	Token   string
}

// Login opens a session for a login and its password. Every refusal looks and costs the same.
func (s *Service) Login(ctx context.Context, login, password string) (Opened, error) {
	if err := s.allow(ctx, "login"); err != nil {
		return Opened{}, err
	}
	login = strings.ToLower(strings.TrimSpace(login))
	var found []loginRow
	if loginForm.MatchString(login) && len(password) <= maxPassword {
		b := &db.Batch{}
		db.Collect(b, sqlBeginLogin, db.Args{"login": login}, &found)
		if err := s.db.Once(ctx, authz.Anonymous(), b); err != nil {
			return Opened{}, err
		}
	} else {
		password = ""
	}
	var hash string
	if len(found) == 1 {
		hash = found[0].PasswordHash
	}
	ok, err := s.hasher.matches(ctx, password, hash)
	if err != nil {
		return Opened{}, err
	}
	if !ok || len(found) != 1 {
		s.o.Log.InfoContext(ctx, "login refused")
		return Opened{}, refused()
	}
	return s.open(ctx, found[0].AccountID, nil)
}

// open makes a session of somebody who has proven who they are; tenant nil means any they belong to.
func (s *Service) open(ctx context.Context, account uuid.UUID, tenant *string) (Opened, error) {
	token := newToken()
	var rows []sessionRow
	b := &db.Batch{}
	b.Exec(sqlOpen, db.Args{"account": account, "session": s.o.IDs.New(), "tenant": tenant})
	queueRead(b, &rows)
	err := s.db.Once(ctx, authz.Opening(token), b)
	switch {
	case problem.Is(err, problem.KindForbidden):
		return Opened{}, noMembership().WithCause(err)
	case problem.Is(err, problem.KindUnauthorized):
		return Opened{}, refused().WithCause(err)
	case err != nil:
		return Opened{}, err
	}
	return s.opened(ctx, "session opened", rows, token)
}

func (s *Service) opened(ctx context.Context, what string, rows []sessionRow, token string) (Opened, error) {
	if len(rows) != 1 {
		return Opened{}, problem.Unauthorized()
	}
	actor := rows[0].actor(token)
	s.o.Log.InfoContext(ctx, what, "account", actor.ID, "session", actor.SessionID, "tenant", actor.TenantSlug)
	return Opened{Session: s.session(rows[0], actor), Actor: actor, Token: token}, nil
}

// Read is httpx.Authenticate: who is behind the token, in one round trip.
func (s *Service) Read(ctx context.Context, token string) (authz.Actor, error) {
	row, err := readOne[actorRow](ctx, s.db, token, sqlActor)
	if err != nil {
		return authz.Actor{}, err
	}
	return row.actor(token), nil
}

// Session is what the app shows of the actor's session.
func (s *Service) Session(ctx context.Context, actor authz.Actor) (Session, error) {
	row, err := readOne[sessionRow](ctx, s.db, actor.Token(), sqlRead)
	if err != nil {
		return Session{}, err
	}
	return s.session(row, actor), nil
}

// readOne reads the session behind a token; none is problem.Unauthorized.
func readOne[T any](ctx context.Context, d *db.DB, token, sql string) (row T, err error) {
	if !tokenForm.MatchString(token) {
		return row, problem.Unauthorized()
	}
	var rows []T
	b := &db.Batch{}
	db.Collect(b, sql, nil, &rows)
	if err := d.Once(ctx, authz.Session(token), b); err != nil {
		return row, err
	}
	if len(rows) != 1 {
		return row, problem.Unauthorized()
	}
	return rows[0], nil
}

func (s *Service) session(r sessionRow, actor authz.Actor) Session {
	out := Session{
		Person:  Person{ID: r.SubjectID, Name: r.Name, Title: r.Title},
		Tenant:  Tenant{ID: r.TenantID, Slug: r.TenantSlug, Name: r.TenantName, Kind: r.TenantKind},
		Tenants: r.Tenants, Roles: r.Roles, Units: r.Units, Permissions: s.policy.Of(actor),
		ExpiresAt: r.ExpiresAt.UTC(), Demo: s.o.DemoPassword != "",
	}
	if r.HomeUnitID != nil {
		home := r.HomeUnitID.String()
		out.HomeUnitID = &home
	}
	if out.Permissions == nil {
		out.Permissions = []string{}
	}
	return out
}

// Logout ends the session in use.
func (s *Service) Logout(ctx context.Context, actor authz.Actor) error {
	b := &db.Batch{}
	b.Exec(sqlLogout, nil)
	return s.db.Once(ctx, actor.Scope(), b)
}

// Switch moves the person to another tenant they belong to: a new session with a new token; the old one is dead.
func (s *Service) Switch(ctx context.Context, actor authz.Actor, tenant string) (Opened, error) {
	token := newToken()
	var rows []sessionRow
	b := &db.Batch{}
	b.Exec(sqlSwitch, db.Args{"tenant": tenant, "token": token, "session": s.o.IDs.New()})
	queueRead(b, &rows)
	if err := s.db.Once(ctx, actor.Scope(), b); err != nil {
		return Opened{}, err
	}
	return s.opened(ctx, "tenant switched", rows, token)
}

// Sessions lists the person's live sessions.
func (s *Service) Sessions(ctx context.Context, actor authz.Actor) ([]Device, error) {
	var all []Device
	b := &db.Batch{}
	db.Collect(b, sqlMine, nil, &all)
	return all, s.db.Once(ctx, actor.Scope(), b)
}

// End ends one of the person's own sessions.
func (s *Service) End(ctx context.Context, actor authz.Actor, session uuid.UUID) error {
	b := &db.Batch{}
	b.Exec(sqlEnd, db.Args{"session": session})
	return s.db.Once(ctx, actor.Scope(), b)
}

// DemoGroup is one organisation of the demo and who can log in there.
type DemoGroup struct {
	Tenant DemoTenant  `json:"tenant"`
	Logins []DemoLogin `json:"logins"`
}

// DemoTenant is an organisation of the demo.
type DemoTenant struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
	Kind string `json:"kind"`
	City string `json:"city"`
}

// DemoLogin is a made-up person of the demo.
type DemoLogin struct {
	Login string `json:"login"`
	Name  string `json:"name"`
	Title string `json:"title"`
	Role  string `json:"role"`
}

// DemoLogins lists who can log in to the demo, and the password all of them have. Outside the demo it does not exist.
func (s *Service) DemoLogins(ctx context.Context) ([]DemoGroup, string, error) {
	if s.o.DemoPassword == "" {
		return nil, "", problem.NotFound()
	}
	var rows []demoRow
	b := &db.Batch{}
	db.Collect(b, sqlDemo, nil, &rows)
	if err := s.db.Once(ctx, authz.Anonymous(), b); err != nil {
		return nil, "", err
	}
	groups := []DemoGroup{}
	for _, r := range rows {
		i := slices.IndexFunc(groups, func(g DemoGroup) bool { return g.Tenant.Slug == r.TenantSlug })
		if i < 0 {
			i = len(groups)
			groups = append(groups, DemoGroup{Tenant: DemoTenant{Slug: r.TenantSlug, Name: r.TenantName, Kind: r.TenantKind, City: r.City}})
		}
		groups[i].Logins = append(groups[i].Logins, DemoLogin{Login: r.Login, Name: r.Name, Title: r.Title, Role: r.Role})
	}
	return groups, s.o.DemoPassword, nil
}

// allow counts a try from the request's address. The delay per account is the database's (sec.begin_login).
func (s *Service) allow(ctx context.Context, what string) error {
	return s.o.Limiter.Check(ctx, cache.LoginAddress, what+" "+s.o.ClientIP(ctx))
}
