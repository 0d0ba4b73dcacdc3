//go:build unix

package identity_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"lyhord/pkg/identity"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
)

// browser keeps the session cookie, as a browser would.
type browser struct {
	w      *world
	cookie string
	client *http.Client
}

func (w *world) browser() *browser {
	return &browser{w: w, client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (b *browser) do(method, path string, body any, into any) *http.Response {
	b.w.t.Helper()
	var send io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			b.w.t.Fatal(err)
		}
		send = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(b.w.t.Context(), method, b.w.url+"/api/v1"+path, send)
	if err != nil {
		b.w.t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if b.cookie != "" {
		req.Header.Set("Cookie", b.cookie)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer resp.Body.Close()
	for _, c := range resp.Cookies() {
		if c.Name == httpx.CookieName(false) {
			b.cookie = c.Name + "=" + c.Value
		}
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(text, into); err != nil {
			b.w.t.Fatalf("%s %s: %d %s: %v", method, path, resp.StatusCode, text, err)
		}
	}
	return resp
}

func TestADayAtTheBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	var refused problem.Wire
	if r := b.do("GET", "/session", nil, &refused); r.StatusCode != http.StatusUnauthorized || refused.Code != "unauthorized" {
		t.Errorf("without a cookie: %d %+v", r.StatusCode, refused)
	}
	if r := b.do("POST", "/session", map[string]string{"login": "anna@alfa.demo", "password": "fel"}, &refused); r.StatusCode != http.StatusUnauthorized || b.cookie != "" {
		t.Errorf("wrong password: %d %q", r.StatusCode, b.cookie)
	}
	var s identity.Session
	r := b.do("POST", "/session", map[string]string{"login": "anna@alfa.demo", "password": goodPassword}, &s)
	c := r.Header.Get("Set-Cookie")
	if r.StatusCode != http.StatusOK || s.Person.Name != "Anna Berg" || !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax") ||
		!strings.Contains(c, "Path=/") || strings.Contains(c, "Max-Age") || strings.Contains(c, "Domain") {
		t.Fatalf("login: %d %+v %s", r.StatusCode, s, c)
	}
	before := b.cookie
	if r := b.do("POST", "/session/tenant", map[string]string{"tenant": "beta"}, &s); r.StatusCode != http.StatusOK || s.Tenant.Slug != "beta" || b.cookie == before {
		t.Errorf("switch: %d %+v", r.StatusCode, s)
	}
	var devices struct{ Items []identity.Device }
	if b.do("GET", "/sessions", nil, &devices); len(devices.Items) != 1 || !devices.Items[0].Current || devices.Items[0].TenantName != "Förvaltningen beta" {
		t.Errorf("devices %+v", devices)
	}
	other := w.login("anna@alfa.demo")
	if r := b.do("DELETE", "/sessions/"+other.Actor.SessionID.String(), nil, nil); r.StatusCode != http.StatusNoContent || w.alive(other.Token) {
		t.Errorf("ending the other device: %d", r.StatusCode)
	}
	after := b.cookie
	r = b.do("DELETE", "/session", nil, nil)
	if r.StatusCode != http.StatusNoContent || r.Header.Get("Clear-Site-Data") != `"cache", "storage"` || !strings.Contains(r.Header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("logout: %d %v", r.StatusCode, r.Header)
	}
	b.cookie = after // a thief's copy
	if r := b.do("GET", "/session", nil, nil); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("after logout the cookie still opens: %d", r.StatusCode)
	}
}

func TestOverHTTPSTheCookieIsBoundToTheHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *identity.Options) { o.Secure = true })
	r := w.browser().do("POST", "/session", map[string]string{"login": "bo@alfa.demo", "password": goodPassword}, nil)
	if c := r.Header.Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-lyhord=") || !strings.Contains(c, "Secure") {
		t.Errorf("the cookie is %s", c)
	}
}

func TestTheDemosPeopleAreShownInTheDemoOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if r := w.browser().do("GET", "/demo/logins", nil, nil); r.StatusCode != http.StatusNotFound {
		t.Errorf("outside the demo: %d", r.StatusCode)
	}
	demo := newWorld(t, func(o *identity.Options) { o.DemoPassword = goodPassword })
	var out struct {
		Groups   []identity.DemoGroup
		Password string
	}
	if demo.browser().do("GET", "/demo/logins", nil, &out); len(out.Groups) != 0 || out.Password != goodPassword {
		t.Errorf("a demo without made-up people: %+v", out)
	}
	demo.exec("insert into sec.demo_logins (account_id, tenant_id, name, title, role, sort) values ($1, $2, 'Bo Ek', 'Enhetschef', 'chef', 1), ($3, $2, 'Anna Berg', 'Registrator', 'registrator', 0)",
		demo.bo, demo.alfa, demo.anna)
	demo.browser().do("GET", "/demo/logins", nil, &out)
	if len(out.Groups) != 1 || len(out.Groups[0].Logins) != 2 || out.Groups[0].Logins[0].Login != "anna@alfa.demo" || out.Groups[0].Tenant.City != "Staden" {
		t.Errorf("the demo shows %+v", out)
	}
	if s := demo.login(out.Groups[0].Logins[1].Login).Session; !s.Demo || s.Person.Name != "Bo Ek" {
		t.Errorf("session %+v", s)
	}
}
