package identity

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/uuid"
	"golang.org/x/oauth2"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/problem"
)

// signatures are the algorithms an ID token may be signed with; what the provider says of itself does not widen them.
var signatures = []string{oidc.RS256, oidc.ES256, oidc.PS256}

// Start is where a login with an identity provider begins: the address to send the person to, and the secret that binds the
// answer to this browser.
type Start struct {
	URL   string
	State string
}

// Answer is what the identity provider sends back with the person.
type Answer struct {
	Code   string
	State  string
	Issuer string // RFC 9207
	Error  string
	Cookie string // the state this browser began with
}

// StartSSO begins a login (authorization code with PKCE) at the tenant's identity provider.
func (s *Service) StartSSO(ctx context.Context, tenant, returnTo string) (Start, error) {
	if err := s.allow(ctx, "sso"); err != nil {
		return Start{}, err
	}
	row, flow, err := s.provider(ctx, tenant)
	if err != nil {
		return Start{}, err
	}
	state, nonce, verifier := newToken(), newToken(), oauth2.GenerateVerifier()
	b := &db.Batch{}
	b.Exec(sqlBeginSSO, db.Args{
		"state": digest(state), "tenant": row.TenantID, "nonce": nonce, "verifier": verifier, "return_to": localPath(returnTo),
	})
	if err := s.db.Once(ctx, authz.Anonymous(), b); err != nil {
		return Start{}, err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)}
	if row.RequiredACR != "" {
		options = append(options, oauth2.SetAuthURLParam("acr_values", row.RequiredACR))
	}
	return Start{URL: flow.oauth(s, row, tenant).AuthCodeURL(state, options...), State: state}, nil
}

// FinishSSO ends it: the answer must belong to this browser, come from the tenant's own provider and be fresh. It opens a
// session and says where the person was going.
func (s *Service) FinishSSO(ctx context.Context, tenant string, a Answer) (Opened, string, error) {
	row, flow, err := s.provider(ctx, tenant)
	if err != nil {
		return Opened{}, "", err
	}
	if a.State == "" || subtle.ConstantTimeCompare([]byte(a.State), []byte(a.Cookie)) != 1 {
		return Opened{}, "", ssoFailed(errors.New("state"))
	}
	var states []stateRow
	b := &db.Batch{}
	db.Collect(b, sqlTakeSSO, db.Args{"state": digest(a.State), "tenant": row.TenantID}, &states)
	if err := s.db.Once(ctx, authz.Anonymous(), b); err != nil {
		return Opened{}, "", err
	}
	if len(states) != 1 {
		return Opened{}, "", ssoFailed(errors.New("state"))
	}
	if a.Error != "" || a.Code == "" || !flow.answersFor(row.Issuer, a.Issuer) {
		return Opened{}, "", ssoFailed(errors.New("answer"))
	}
	who, err := s.redeem(ctx, redemption{tenant: tenant, row: row, flow: flow, state: states[0], code: a.Code})
	if err != nil {
		return Opened{}, "", ssoFailed(err)
	}
	var account *uuid.UUID
	b = &db.Batch{}
	b.One(sqlAccount, db.Args{"tenant": row.TenantID, "issuer": row.Issuer, "subject": who.subject, "claim": who.claim}, &account)
	if err := s.db.Once(ctx, authz.Anonymous(), b); err != nil {
		return Opened{}, "", err
	}
	if account == nil {
		return Opened{}, "", noMembership()
	}
	opened, err := s.open(ctx, *account, &tenant)
	return opened, states[0].ReturnTo, err
}

// ssoFailed says no more than that it did not work; the reason is for the log.
func ssoFailed(why error) *problem.Problem {
	return problem.Unauthorized().WithCode("sso_failed").WithCause(why).
		WithText("Inloggningen hos er organisation gick inte att slutföra. Försök igen.")
}

type redemption struct {
	tenant string
	row    providerRow
	flow   *flow
	state  stateRow
	code   string
}

// identified is who the provider says it is: the subject is the identity, the claim only helps the first time.
type identified struct {
	subject string
	claim   *string
}

// redeem changes the code into an ID token and checks everything about it.
func (s *Service) redeem(ctx context.Context, r redemption) (identified, error) {
	ctx = oidc.ClientContext(ctx, r.flow.client)
	token, err := r.flow.oauth(s, r.row, r.tenant).Exchange(ctx, r.code, oauth2.VerifierOption(r.state.Verifier))
	if err != nil {
		return identified{}, err
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return identified{}, errors.New("no id_token")
	}
	verifier := r.flow.provider.VerifierContext(ctx, &oidc.Config{
		ClientID: r.row.ClientID, SupportedSigningAlgs: signatures, Now: s.o.Clock.Now,
	})
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return identified{}, err
	}
	// go-oidc leaves the nonce to its caller.
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(r.state.Nonce)) != 1 {
		return identified{}, errors.New("nonce")
	}
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return identified{}, err
	}
	if azp, _ := claims["azp"].(string); (azp != "" || len(id.Audience) > 1) && azp != r.row.ClientID {
		return identified{}, errors.New("azp")
	}
	if acr, _ := claims["acr"].(string); r.row.RequiredACR != "" && acr != r.row.RequiredACR {
		return identified{}, errors.New("acr")
	}
	if id.Subject == "" || len(id.Subject) > 255 {
		return identified{}, errors.New("sub")
	}
	return identified{subject: id.Subject, claim: firstLogin(claims, r.row.LoginClaim)}, nil
}

// firstLogin is the claim's value if it can be trusted to tell who this is. An address nobody has checked is nobody's.
func firstLogin(claims map[string]any, name string) *string {
	value, ok := claims[name].(string)
	value = strings.ToLower(strings.TrimSpace(value))
	if !ok || value == "" {
		return nil
	}
	if verified, _ := claims["email_verified"].(bool); name == "email" && !verified {
		return nil
	}
	return &value
}

// localPath is a path on this site, whatever was asked for.
func localPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") || len(path) > 500 {
		return "/"
	}
	return path
}

// ---------------------------------------------------------------- providers

// flow is a discovered identity provider.
type flow struct {
	provider *oidc.Provider
	client   *http.Client
	style    oauth2.AuthStyle
	sendsIss bool
	found    time.Time
}

// oauth is the client registration for one tenant.
func (f *flow) oauth(s *Service, row providerRow, tenant string) *oauth2.Config {
	endpoint := f.provider.Endpoint()
	endpoint.AuthStyle = f.style
	scopes := []string{oidc.ScopeOpenID}
	for _, sc := range row.Scopes {
		if !slices.Contains(scopes, sc) {
			scopes = append(scopes, sc)
		}
	}
	return &oauth2.Config{
		ClientID: row.ClientID, ClientSecret: s.o.Secret(row.SecretEnv), Endpoint: endpoint, Scopes: scopes,
		RedirectURL: s.o.PublicURL + "/api/v1/oidc/" + tenant + "/callback",
	}
}

// answersFor guards against a mix-up of providers (RFC 9207): the one who answers must be the one who was asked.
func (f *flow) answersFor(issuer, iss string) bool {
	if iss == "" {
		return !f.sendsIss
	}
	return iss == issuer
}

// providers remembers what was discovered for an hour; the signing keys refresh themselves.
type providers struct {
	clock clock.Clock
	mu    sync.Mutex
	byIss map[string]*flow
}

const discoveryAge = time.Hour

func newProviders(c clock.Clock) *providers {
	return &providers{clock: c, byIss: map[string]*flow{}}
}

func (s *Service) provider(ctx context.Context, tenant string) (providerRow, *flow, error) {
	var rows []providerRow
	b := &db.Batch{}
	db.Collect(b, sqlProvider, db.Args{"tenant": tenant}, &rows)
	if err := s.db.Once(ctx, authz.Anonymous(), b); err != nil {
		return providerRow{}, nil, err
	}
	if len(rows) != 1 {
		return providerRow{}, nil, problem.NotFound()
	}
	f, err := s.providers.get(ctx, rows[0].Issuer)
	if err != nil {
		return providerRow{}, nil, problem.Unavailable(err).WithCode("sso_unavailable").
			WithText("Er organisations inloggning svarar inte just nu. Försök igen om en stund.")
	}
	return rows[0], f, nil
}

func (p *providers) get(ctx context.Context, issuer string) (*flow, error) {
	p.mu.Lock()
	known := p.byIss[issuer]
	p.mu.Unlock()
	if known != nil && p.clock.Now().Sub(known.found) < discoveryAge {
		return known, nil
	}
	client := &http.Client{Timeout: 5 * time.Second, Transport: frugal{http.DefaultTransport}, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // a provider that moves is configured anew, not followed
	}}
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), client), issuer)
	if err != nil {
		return nil, err
	}
	var meta struct {
		AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
		SendsIss    bool     `json:"authorization_response_iss_parameter_supported"`
	}
	if err := found.Claims(&meta); err != nil {
		return nil, err
	}
	f := &flow{provider: found, client: client, style: oauth2.AuthStyleInHeader, sendsIss: meta.SendsIss, found: p.clock.Now()}
	if slices.Contains(meta.AuthMethods, "client_secret_post") && !slices.Contains(meta.AuthMethods, "client_secret_basic") {
		f.style = oauth2.AuthStyleInParams
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.byIss[issuer] = f
	return f, nil
}

// frugal lets no answer of a provider grow beyond a megabyte.
type frugal struct{ next http.RoundTripper }

func (f frugal) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := f.next.RoundTrip(r)
	if err == nil {
		body := resp.Body
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(body, 1<<20), body}
	}
	return resp, err
}
