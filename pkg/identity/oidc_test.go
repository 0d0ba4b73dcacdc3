//go:build unix

package identity_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lyhord/pkg/identity"
)

// idpFolder is oidc-provider, installed once per machine from the lock file and kept in the user's cache.
var idpFolder = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	files := []string{"package.json", "package-lock.json", "idp.mjs"}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join("testdata", "oidc", f))
		if err != nil {
			return "", err
		}
		sum.Write(text)
	}
	folder := filepath.Join(cache, "lyhord", "test-idp-"+hex.EncodeToString(sum.Sum(nil))[:16])
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o750); err != nil {
		return "", err
	}
	building, err := os.MkdirTemp(filepath.Dir(folder), "test-idp-new-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(building)
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join("testdata", "oidc", f))
		if err == nil {
			err = os.WriteFile(filepath.Join(building, f), text, 0o600)
		}
		if err != nil {
			return "", err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	install := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = building
	if out, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	if err := os.Rename(building, folder); err != nil {
		if _, there := os.Stat(folder); there == nil {
			return folder, nil // another process was faster
		}
		return "", err
	}
	return folder, nil
})

// startIDP starts the provider and gives its address.
func startIDP(t *testing.T, redirect, secretGoes string) string {
	t.Helper()
	folder, err := idpFolder()
	if err != nil {
		t.Fatalf("install the test's OpenID provider: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	node := exec.CommandContext(ctx, "node", "idp.mjs", redirect, secretGoes)
	var said bytes.Buffer
	node.Dir, node.Stderr = folder, &said
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = node.Wait()
		if t.Failed() {
			t.Logf("the OpenID provider said: %s", said.String())
		}
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the test's OpenID provider did not start: %v", err)
	}
	return strings.TrimSpace(address)
}

// sso is a world whose organisation alfa logs in at a real provider.
type sso struct {
	*world
	issuer string
}

func newSSO(t *testing.T, clientID string, secretGoes ...string) *sso {
	t.Helper()
	way := append(secretGoes, "client_secret_basic")[0]
	w := newWorld(t, func(o *identity.Options) {
		o.Secret = func(name string) string { return map[string]string{"ALFA_SECRET": "hemligt"}[name] }
	})
	s := &sso{world: w, issuer: startIDP(t, w.url+"/api/v1/oidc/alfa/callback", way)}
	w.exec("insert into sec.oidc_providers (tenant_id, issuer, client_id, secret_env, scopes, login_claim) values ($1, $2, $3, 'ALFA_SECRET', '{email}', 'email')",
		w.alfa, s.issuer, clientID)
	w.exec("insert into sec.first_logins (tenant_id, claim, account_id) values ($1, 'bo.ek@example.org', $2)", w.alfa, w.bo)
	return s
}

// visitor is somebody's browser, with its cookies, walking to the provider and back.
type visitor struct {
	s      *sso
	client *http.Client
}

func (s *sso) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &visitor{s: s, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// get asks for an address and gives where it leads.
func (v *visitor) get(address string) *url.URL {
	v.s.t.Helper()
	req, err := http.NewRequestWithContext(v.s.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		v.s.t.Fatal(err)
	}
	resp, err := v.client.Do(req)
	if err != nil {
		v.s.t.Fatal(err)
	}
	defer resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		v.s.t.Fatalf("GET %s: %d leads nowhere", address, resp.StatusCode)
	}
	return to
}

func (v *visitor) start() *url.URL {
	v.s.t.Helper()
	return v.get(v.s.url + "/api/v1/oidc/alfa/start?return_to=/app/inkorg")
}

// logIn logs in at the provider as "sub,email,verified" and gives the address the provider sends the person back to.
func (v *visitor) logIn(at *url.URL, who string) *url.URL {
	v.s.t.Helper()
	q := at.Query()
	q.Set("login_hint", who)
	at.RawQuery = q.Encode()
	for range 10 {
		if strings.HasPrefix(at.String(), v.s.url) {
			return at
		}
		at = v.get(at.String())
	}
	v.s.t.Fatalf("the provider never sent the person back; last %s", at)
	return nil
}

// walk is a whole login; it gives where the person ends up.
func (v *visitor) walk(who string) string {
	v.s.t.Helper()
	end := v.get(v.logIn(v.start(), who).String())
	return strings.TrimPrefix(end.String(), v.s.url)
}

// whoAmI is the name in the session, or empty.
func (v *visitor) whoAmI() string {
	v.s.t.Helper()
	b := v.s.browser()
	home, err := url.Parse(v.s.url)
	if err != nil {
		v.s.t.Fatal(err)
	}
	for _, c := range v.client.Jar.Cookies(home) {
		b.cookie += c.Name + "=" + c.Value + "; "
	}
	var out identity.Session
	if b.do("GET", "/session", nil, &out).StatusCode != http.StatusOK {
		return ""
	}
	return out.Person.Name
}

func TestALoginAtTheOrganisationsOwnProvider(t *testing.T) {
	t.Parallel()
	s := newSSO(t, "lyhord")
	v := s.visitor()
	q := v.start().Query()
	if q.Get("code_challenge_method") != "S256" || len(q.Get("nonce")) < 43 || len(q.Get("state")) < 43 || q.Get("scope") != "openid email" {
		t.Errorf("the request is %v", q)
	}
	if end := v.walk("sub-1,Bo.Ek@example.org,true"); end != "/app/inkorg" || v.whoAmI() != "Bo Ek" {
		t.Fatalf("ended at %s as %q", end, v.whoAmI())
	}
	if n := s.count("sec.accounts where id = $1 and oidc_issuer = $2 and oidc_subject = 'sub-1'", s.bo, s.issuer); n != 1 {
		t.Error("the identity is not kept")
	}
	later := s.visitor()
	if end := later.walk("sub-1,helt.annan@example.org,false"); end != "/app/inkorg" || later.whoAmI() != "Bo Ek" {
		t.Errorf("with a new address the same person ends at %s as %q", end, later.whoAmI())
	}
	thief := s.visitor()
	if end := thief.walk("sub-2,bo.ek@example.org,true"); end != "/app/logga-in?fel=no_membership" || thief.whoAmI() != "" {
		t.Errorf("another subject with the same address ends at %s as %q", end, thief.whoAmI())
	}
	if n := s.count("sec.login_states"); n != 1 {
		t.Errorf("%d logins under way, only the one never finished should be", n)
	}
	for _, secret := range []string{"hemligt", q.Get("state"), q.Get("nonce")} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestAnAddressNobodyHasCheckedIsNobodys(t *testing.T) {
	t.Parallel()
	s := newSSO(t, "lyhord")
	v := s.visitor()
	if end := v.walk("sub-1,bo.ek@example.org,false"); end != "/app/logga-in?fel=no_membership" || v.whoAmI() != "" {
		t.Errorf("ended at %s as %q", end, v.whoAmI())
	}
	if end := s.visitor().walk("sub-9,okand@example.org,true"); end != "/app/logga-in?fel=no_membership" {
		t.Errorf("a stranger ends at %s", end)
	}
}

func TestAnAnswerIsTakenOnceFromTheBrowserThatAsked(t *testing.T) {
	t.Parallel()
	s := newSSO(t, "lyhord")
	v := s.visitor()
	back := v.logIn(v.start(), "sub-1,bo.ek@example.org,true")
	other := s.visitor()
	if end := other.get(back.String()); end.RequestURI() != "/app/logga-in?fel=sso_failed" || other.whoAmI() != "" {
		t.Errorf("another browser with the answer ends at %s", end)
	}
	if end := v.get(back.String()); end.Path != "/app/inkorg" {
		t.Errorf("the right browser ends at %s", end)
	}
	again := s.visitor()
	again.client.Jar.SetCookies(back, []*http.Cookie{{Name: "lyhord-dev-login", Value: back.Query().Get("state"), Path: "/"}})
	if end := again.get(back.String()); end.RequestURI() != "/app/logga-in?fel=sso_failed" {
		t.Errorf("the same answer once more ends at %s", end)
	}
}

func TestAForgedAnswerIsRefused(t *testing.T) {
	t.Parallel()
	s := newSSO(t, "lyhord")
	const who = "sub-1,bo.ek@example.org,true"
	for name, forge := range map[string]func(q url.Values){
		"from another provider":       func(q url.Values) { q.Set("iss", "https://ond.example") },
		"that does not say from whom": func(q url.Values) { q.Del("iss") },
		"with a guessed code":         func(q url.Values) { q.Set("code", "gissad") },
		"without a code":              func(q url.Values) { q.Del("code") },
		"with another state":          func(q url.Values) { q.Set("state", q.Get("nonce")+"x") },
		"whose nonce is not ours":     func(url.Values) { s.exec("update sec.login_states set nonce = 'en annan'") },
		"to another's proof (PKCE)":   func(url.Values) { s.exec("update sec.login_states set verifier = verifier || 'x'") },
		"that comes too late":         func(url.Values) { s.exec("update sec.login_states set expires_at = now()") },
		"that says no":                func(q url.Values) { q.Set("error", "access_denied") },
		"without enough certainty":    func(url.Values) { s.exec("update sec.oidc_providers set required_acr = 'urn:stark'") },
	} {
		v := s.visitor()
		back := v.logIn(v.start(), who)
		q := back.Query()
		forge(q)
		back.RawQuery = q.Encode()
		if end := v.get(back.String()); end.RequestURI() != "/app/logga-in?fel=sso_failed" || v.whoAmI() != "" {
			t.Errorf("an answer %s ends at %s as %q", name, end.RequestURI(), v.whoAmI())
		}
		s.exec("update sec.oidc_providers set required_acr = ''")
	}
	s.exec("update sec.oidc_providers set required_acr = 'urn:stark'")
	v := s.visitor()
	if end := v.walk("stark-1,bo.ek@example.org,true"); end != "/app/inkorg" {
		t.Errorf("an answer with the certainty asked for ends at %s", end)
	}
}

func TestTheSecretGoesTheWayTheProviderWantsIt(t *testing.T) {
	t.Parallel()
	s := newSSO(t, "lyhord", "client_secret_post")
	if end := s.visitor().walk("sub-1,bo.ek@example.org,true"); end != "/app/inkorg" {
		t.Errorf("ended at %s", end)
	}
}

func TestAnIDTokenSignedInAWayWeDoNotAllowIsRefused(t *testing.T) {
	t.Parallel()
	s := newSSO(t, "strange")
	if end := s.visitor().walk("sub-1,bo.ek@example.org,true"); end != "/app/logga-in?fel=sso_failed" {
		t.Errorf("ended at %s", end)
	}
}

func TestTheWayBackIsOnThisSite(t *testing.T) {
	t.Parallel()
	s := newSSO(t, "lyhord")
	for _, to := range []string{"https://ond.example/", "//ond.example/", `/\ond.example/`, "ond", ""} {
		v := s.visitor()
		at := v.get(s.url + "/api/v1/oidc/alfa/start?return_to=" + url.QueryEscape(to))
		if end := v.get(v.logIn(at, "sub-1,bo.ek@example.org,true").String()); end.String() != s.url+"/" {
			t.Errorf("%q leads to %s", to, end)
		}
	}
}

func TestWithoutAProviderTheLoginPageSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := &sso{world: w}
	if end := s.visitor().start(); end.RequestURI() != "/app/logga-in?fel=not_found" {
		t.Errorf("an organisation without a provider: %s", end)
	}
	w.exec("insert into sec.oidc_providers (tenant_id, issuer, client_id, secret_env, login_claim) values ($1, 'http://127.0.0.1:1', 'x', 'X', 'email')", w.alfa)
	if end := s.visitor().start(); end.RequestURI() != "/app/logga-in?fel=sso_unavailable" {
		t.Errorf("a provider that is down: %s", end)
	}
}
