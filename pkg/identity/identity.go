// Package identity turns a login into a session and a session into an authz.Actor: passwords, the tenants' own identity
// providers (OpenID Connect), machines with a secret, and the life of a session.
//
// It must not decide what anybody may do (authz and PostgreSQL do), hold a role in a cookie, know a person by an e-mail
// address, or say whether a login exists. A token is known here only in passing; the database keeps its SHA-256.
//
// Tests run against a real PostgreSQL and a real OpenID provider: what a wrong password, an idle session, a fifth tab, a
// disabled account, a stolen state or a forged answer from another provider lead to.
package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/cache"
	"lyhord/pkg/platform/problem"
)

// Session is who is logged in, as the app shows it.
type Session struct {
	Person      Person    `json:"person"`
	Tenant      Tenant    `json:"tenant"`
	Tenants     []Tenancy `json:"tenants" doc:"Organisationer som personen kan byta till"`
	Roles       []string  `json:"roles"`
	Units       []Unit    `json:"units" doc:"Enheter med personens roll"`
	Permissions []string  `json:"permissions" doc:"Vad rollerna får göra, till exempel case:register"`
	HomeUnitID  *string   `json:"home_unit_id" format:"uuid" doc:"Enheten där personen arbetar"`
	ExpiresAt   time.Time `json:"expires_at" doc:"När sessionen slutar om den inte används"`
	Demo        bool      `json:"demo"`
}

// Person is the one logged in.
type Person struct {
	ID    uuid.UUID `json:"id"`
	Name  string    `json:"name"`
	Title string    `json:"title"`
}

// Tenant is the organisation the session acts in.
type Tenant struct {
	ID   uuid.UUID `json:"id"`
	Slug string    `json:"slug"`
	Name string    `json:"name"`
	Kind string    `json:"kind" enum:"BOARD,PROVIDER,CITY_OFFICE"`
}

// Tenancy is an organisation the person also works for.
type Tenancy struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// Unit is a unit and what the person is there.
type Unit struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
	Role string    `json:"role"`
}

// Device is one of a person's live sessions.
type Device struct {
	ID         uuid.UUID `json:"id" db:"id"`
	CreatedAt  time.Time `json:"created_at" db:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at" db:"last_seen_at"`
	ExpiresAt  time.Time `json:"expires_at" db:"expires_at"`
	TenantName string    `json:"tenant_name" db:"tenant_name"`
	Current    bool      `json:"current" db:"current"`
}

// Limiter counts tries and refuses when there are too many (cache.Limiter).
type Limiter interface {
	Check(ctx context.Context, limit cache.Limit, key string) error
}

// loginForm is the form every login has in the database; nothing else is worth a question there.
var loginForm = regexp.MustCompile(`^[a-z0-9_.@-]{3,120}$`)

// tokenForm is 32 random bytes in base64url.
var tokenForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// newToken makes a secret of 256 random bits.
func newToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never returns an error: it aborts the process instead
	return base64.RawURLEncoding.EncodeToString(b)
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// refused is the one answer to a login that does not succeed, whatever the reason: no such login, wrong password, an account
// that has to wait or is disabled. Whoever guesses learns nothing; whoever has mistyped learns what to do.
func refused() *problem.Problem {
	return problem.Unauthorized().WithCode("login_refused").
		WithText("Inloggningen eller lösenordet stämmer inte. Efter flera försök i rad kan du behöva vänta upp till en kvart.")
}

// noMembership answers somebody who is who they say, but has no role anywhere today.
func noMembership() *problem.Problem {
	return problem.Forbidden().WithCode("no_membership").
		WithText("Du har ingen roll här i dag. Vänd dig till den som administrerar Lyhörd hos er.")
}

func (r actorRow) actor(token string) authz.Actor {
	return authz.Actor{
		ID: r.SubjectID, SessionID: r.SessionID, Kind: authz.ActorKind(r.Kind),
		Tenant: r.TenantID, TenantSlug: r.TenantSlug, TenantKind: r.TenantKind, City: r.City,
		Roles: r.Roles, Scopes: r.Scopes,
	}.WithToken(token)
}

func (r sessionRow) actor(token string) authz.Actor {
	return authz.Actor{
		ID: r.SubjectID, SessionID: r.SessionID, Kind: authz.ActorKind(r.Kind),
		Tenant: r.TenantID, TenantSlug: r.TenantSlug, TenantKind: r.TenantKind, City: r.City,
		Roles: r.Roles, Scopes: r.Scopes,
	}.WithToken(token)
}
