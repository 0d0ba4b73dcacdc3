package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/problem"
)

// clientTokenLife is how long a machine's token lives (sec.open_client_session).
const clientTokenLife = 15 * time.Minute

// Client is a machine that may call the API for a tenant: a provider's own system.
type Client struct {
	ID        uuid.UUID `json:"id" db:"id"`
	Name      string    `json:"name" db:"name"`
	Scopes    []string  `json:"scopes" db:"scopes"`
	CreatedAt time.Time `json:"created_at" db:"created_at"`
}

// MachineScopes are all a machine can be given: it reports and reads its own, it never handles a case. The database keeps
// the same list (clients_scopes).
var MachineScopes = []string{"case:report", "case:take-down", "code:list", "unit:list"}

// CreateClient makes a machine's identity in the actor's tenant and gives its secret, which cannot be read again. The
// database refuses whoever is not tenant_admin there.
func (s *Service) CreateClient(ctx context.Context, actor authz.Actor, name string, scopes []string) (Client, string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 120 {
		return Client{}, "", problem.Invalid(problem.Field("/name", "Skriv ett namn på systemet, högst 120 tecken."))
	}
	if len(scopes) == 0 {
		return Client{}, "", problem.Invalid(problem.Field("/scopes", "Välj vad systemet ska få göra."))
	}
	for _, sc := range scopes {
		if !slices.Contains(MachineScopes, sc) {
			return Client{}, "", problem.Invalid(problem.Field("/scopes", "Ett system kan inte få den behörigheten."))
		}
	}
	c := Client{ID: s.o.IDs.New(), Name: name, Scopes: scopes, CreatedAt: s.o.Clock.Now()}
	secret := newToken()
	b := &db.Batch{}
	b.Exec(sqlCreateClient, db.Args{"id": c.ID, "name": name, "secret": digest(secret), "scopes": scopes})
	if err := s.db.Once(ctx, actor.Scope(), b); err != nil {
		return Client{}, "", err
	}
	s.o.Log.InfoContext(ctx, "client created", "account", actor.ID, "client", c.ID, "tenant", actor.TenantSlug)
	return c, secret, nil
}

// Clients lists the tenant's machines.
func (s *Service) Clients(ctx context.Context, actor authz.Actor) ([]Client, error) {
	var all []Client
	b := &db.Batch{}
	db.Collect(b, sqlMyClients, nil, &all)
	return all, s.db.Once(ctx, actor.Scope(), b)
}

// RevokeClient ends a machine's right; its live tokens stop working at once.
func (s *Service) RevokeClient(ctx context.Context, actor authz.Actor, client uuid.UUID) error {
	b := &db.Batch{}
	b.Exec(sqlRevokeClient, db.Args{"id": client})
	if err := s.db.Once(ctx, actor.Scope(), b); err != nil {
		return err
	}
	s.o.Log.InfoContext(ctx, "client revoked", "account", actor.ID, "client", client, "tenant", actor.TenantSlug)
	return nil
}

// Token changes a machine's id and secret into a short token (OAuth 2.0 client credentials).
func (s *Service) Token(ctx context.Context, client uuid.UUID, secret string) (token string, life time.Duration, err error) {
	if err := s.allow(ctx, "token"); err != nil {
		return "", 0, err
	}
	token = newToken()
	b := &db.Batch{}
	b.Exec(sqlOpenClient, db.Args{"client": client, "secret": digest(secret), "session": s.o.IDs.New()})
	err = s.db.Once(ctx, authz.Opening(token), b)
	if problem.Is(err, problem.KindUnauthorized) {
		return "", 0, problem.Unauthorized().WithCode("client_refused").WithText("Systemets id eller hemlighet stämmer inte.")
	}
	if err != nil {
		return "", 0, err
	}
	s.o.Log.InfoContext(ctx, "client token", "client", client)
	return token, clientTokenLife, nil
}
