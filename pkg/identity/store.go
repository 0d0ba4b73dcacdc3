package identity

import (
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/db"
)

// No role has a right to any table of sec; every statement here calls one of its functions (migrations 00007 and 00009). What
// opens a session or touches a credential answers through the door of logins only.
const (
	sqlBeginLogin = `select account_id, password_hash from sec.begin_login(@login)`
	sqlOpen       = `select sec.open_session(@account, @session, @tenant)`
	sqlRead       = `select session_id, kind, subject_id, name, title, home_unit_id, tenant_id, tenant_slug, tenant_name,
		tenant_kind, city, roles, scopes, units, tenants, expires_at from sec.read_session()`
	sqlActor  = `select session_id, kind, subject_id, tenant_id, tenant_slug, tenant_kind, city, roles, scopes from sec.read_actor()`
	sqlSwitch = `select sec.switch_tenant(@tenant, @token, @session)`
	sqlEnd    = `select app.must(sec.end_session(@session), 'LY404', 'session')`
	sqlLogout = `select sec.end_session(null)`
	sqlMine   = `select id, created_at, last_seen_at, expires_at, tenant_name, current from sec.my_sessions()`
	sqlDemo   = `select city, tenant_slug, tenant_name, tenant_kind, login, name, title, role from sec.demo_list()`

	sqlProvider = `select tenant_id, issuer, client_id, secret_env, scopes, required_acr, login_claim from sec.oidc_provider(@tenant)`
	sqlBeginSSO = `select sec.begin_oidc(@state, @tenant, @nonce, @verifier, @return_to)`
	sqlTakeSSO  = `select nonce, verifier, return_to from sec.take_oidc(@state, @tenant)`
	sqlAccount  = `select sec.oidc_account(@tenant, @issuer, @subject, @claim)`

	sqlCreateClient = `select sec.create_client(@id, @name, @secret, @scopes)`
	sqlMyClients    = `select id, name, scopes, created_at from sec.my_clients()`
	sqlRevokeClient = `select app.must(sec.revoke_client(@id), 'LY404', 'client')`
	sqlOpenClient   = `select sec.open_client_session(@client, @secret, @session)`
)

// actorRow is what sec.read_actor tells, at every request.
type actorRow struct {
	SessionID  uuid.UUID `db:"session_id"`
	Kind       string    `db:"kind"`
	SubjectID  uuid.UUID `db:"subject_id"`
	TenantID   uuid.UUID `db:"tenant_id"`
	TenantSlug string    `db:"tenant_slug"`
	TenantKind string    `db:"tenant_kind"`
	City       string    `db:"city"`
	Roles      []string  `db:"roles"`
	Scopes     []string  `db:"scopes"`
}

// sessionRow is what sec.read_session tells.
type sessionRow struct {
	SessionID  uuid.UUID  `db:"session_id"`
	Kind       string     `db:"kind"`
	SubjectID  uuid.UUID  `db:"subject_id"`
	Name       string     `db:"name"`
	Title      string     `db:"title"`
	HomeUnitID *uuid.UUID `db:"home_unit_id"`
	TenantID   uuid.UUID  `db:"tenant_id"`
	TenantSlug string     `db:"tenant_slug"`
	TenantName string     `db:"tenant_name"`
	TenantKind string     `db:"tenant_kind"`
	City       string     `db:"city"`
	Roles      []string   `db:"roles"`
	Scopes     []string   `db:"scopes"`
	Units      []Unit     `db:"units"`
	Tenants    []Tenancy  `db:"tenants"`
	ExpiresAt  time.Time  `db:"expires_at"`
}

// loginRow is an account whose password may be tried now.
type loginRow struct {
	AccountID    uuid.UUID `db:"account_id"`
	PasswordHash string    `db:"password_hash"`
}

// providerRow is a tenant's identity provider.
type providerRow struct {
	TenantID    uuid.UUID `db:"tenant_id"`
	Issuer      string    `db:"issuer"`
	ClientID    string    `db:"client_id"`
	SecretEnv   string    `db:"secret_env"`
	Scopes      []string  `db:"scopes"`
	RequiredACR string    `db:"required_acr"`
	LoginClaim  string    `db:"login_claim"`
}

// stateRow is an OpenID Connect login under way.
type stateRow struct {
	Nonce    string `db:"nonce"`
	Verifier string `db:"verifier"`
	ReturnTo string `db:"return_to"`
}

type demoRow struct {
	City       string `db:"city"`
	TenantSlug string `db:"tenant_slug"`
	TenantName string `db:"tenant_name"`
	TenantKind string `db:"tenant_kind"`
	Login      string `db:"login"`
	Name       string `db:"name"`
	Title      string `db:"title"`
	Role       string `db:"role"`
}

func queueRead(b *db.Batch, rows *[]sessionRow) { db.Collect(b, sqlRead, nil, rows) }
