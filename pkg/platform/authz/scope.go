// Package authz answers one question: may this role do this act at all? It also makes the only keys to the database:
// a Scope can come from an Actor, a job or the public form, and from nowhere else, so there is no unscoped path.
//
// It must not look at rows (PostgreSQL's row-level security does) nor at states (the entity's verbs do).
// Tests hold the whole role x permission matrix as a golden file and try the traps of the policy engine.
package authz

import (
	"slices"

	"github.com/google/uuid"
)

// Door is the database role a scope enters through.
type Door string

// The doors. Each is a pool of its own with its own rights (migrations/bootstrap.sql).
const (
	DoorAPI     Door = "api"     // a live session
	DoorLogin   Door = "login"   // opening sessions: accounts and credentials by the functions of sec, no table
	DoorIntake  Door = "intake"  // the public form: insert only
	DoorWorker  Door = "worker"  // one open outbox row
	DoorRelay   Door = "relay"   // the outbox's ids, no tenant
	DoorInsight Door = "insight" // published counts, no tenant
)

// Scope is permission to talk to the database as somebody. Its zero value opens nothing.
type Scope struct {
	door   Door
	tenant uuid.UUID
	token  string
}

// Door says which pool serves the scope.
func (s Scope) Door() Door { return s.door }

// Tenant is the tenant asked for; whether it is granted, the database decides.
func (s Scope) Tenant() uuid.UUID { return s.tenant }

// Bind gives the two values that bind a transaction to the scope: what app.enter is asked with.
func (s Scope) Bind() (token, tenant string) {
	if s.tenant == uuid.Nil {
		return s.token, ""
	}
	return s.token, s.tenant.String()
}

// System is the scope of one job: the open outbox row is its credential, so a job reaches only the tenant that wrote it.
func System(tenant, outboxID uuid.UUID) Scope {
	return Scope{door: DoorWorker, tenant: tenant, token: outboxID.String()}
}

// Public is the scope of the public form of a tenant: the role behind it can insert and cannot read.
func Public(tenant uuid.UUID) Scope { return Scope{door: DoorIntake, tenant: tenant} }

// Anonymous is the scope before login: the only one that reaches accounts and credentials, and it reaches nothing else.
func Anonymous() Scope { return Scope{door: DoorLogin} }

// Opening is the scope in which a new token becomes a session; identity uses it when somebody has proven who they are.
func Opening(token string) Scope { return Scope{door: DoorLogin, token: token} }

// NoTenant is a door without a tenant: fenced tables are empty behind it; it reads the public directory and wrapped keys.
func NoTenant(door Door) Scope { return Scope{door: door} }

// Session is the scope of a token whose session has not been read yet; identity uses it to find the Actor.
func Session(token string) Scope { return Scope{door: DoorAPI, token: token} }

// Relay is the scope of the outbox relay: ids and kinds of jobs of all tenants, nothing else.
func Relay() Scope { return Scope{door: DoorRelay} }

// Insight is the scope of the city page: it can call the published counts and nothing else.
func Insight() Scope { return Scope{door: DoorInsight} }

// ActorKind tells people from machines.
type ActorKind string

// Kinds of actors.
const (
	Person ActorKind = "PERSON"
	Client ActorKind = "CLIENT"
)

// Actor is who acts, in which tenant, with which roles today. Identity makes it from the session; nobody else should.
type Actor struct {
	ID         uuid.UUID
	SessionID  uuid.UUID
	Kind       ActorKind
	Tenant     uuid.UUID
	TenantSlug string
	TenantKind string
	City       string
	Roles      []string // distinct, sorted; a machine has none
	Scopes     []string // permissions of a machine, "case:report"
	token      string
}

// WithToken returns the actor able to open the database with its session token.
func (a Actor) WithToken(token string) Actor {
	a.token = token
	return a
}

// Token is the session token the actor came with; empty for none.
func (a Actor) Token() string { return a.token }

// Scope is the actor's key to the database.
func (a Actor) Scope() Scope { return Scope{door: DoorAPI, tenant: a.Tenant, token: a.token} }

// Has says whether the actor holds a role in the active tenant today.
func (a Actor) Has(role string) bool { return slices.Contains(a.Roles, role) }
