package httpx

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"lyhord/pkg/platform/problem"
)

func sayOK(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }

func answerOf(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func headersOf(h http.Handler) http.Header {
	return answerOf(h, httptest.NewRequest(http.MethodGet, "/", nil)).Header()
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	h := headersOf(Headers(HeaderOptions{HTTPS: true, ReportPath: "/csp"}, http.HandlerFunc(sayOK)))
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
			"connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; " +
			"base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types default; report-to csp",
		"Reporting-Endpoints":          `csp="/csp"`,
		"Strict-Transport-Security":    "max-age=63072000; includeSubDomains; preload",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cross-Origin-Embedder-Policy": "require-corp",
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "no-referrer",
		"Permissions-Policy":           "camera=(), microphone=(), geolocation=(), browsing-topics=()",
		"Cache-Control":                "no-store",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s\n got %q\nwant %q", name, got, want)
		}
	}
}

func TestNoProfileAllowsForeignOrInlineContent(t *testing.T) {
	for p := range policies {
		policy := headersOf(Headers(HeaderOptions{Profile: Profile(p)}, http.HandlerFunc(sayOK))).Get("Content-Security-Policy")
		for _, bad := range []string{"unsafe", "http", "*", "blob:", "report-to"} {
			if strings.Contains(policy, bad) {
				t.Errorf("profile %d has %s", p, bad)
			}
		}
		for _, must := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(policy, must) {
				t.Errorf("profile %d lacks %s", p, must)
			}
		}
	}
}

func TestHTTPSIsPromisedOnlyWhenUsed(t *testing.T) {
	if got := headersOf(Headers(HeaderOptions{}, http.HandlerFunc(sayOK))).Get("Strict-Transport-Security"); got != "" {
		t.Errorf("over http: %q", got)
	}
}

func TestTheInnerProfileDecidesAndAHandlerMayAllowCaching(t *testing.T) {
	asset := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		sayOK(w, r)
	})
	h := headersOf(Headers(HeaderOptions{}, Headers(HeaderOptions{Profile: ProfileData}, asset)))
	if !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || !strings.Contains(h.Get("Cache-Control"), "immutable") {
		t.Errorf("%v", h)
	}
	if len(h.Values("Content-Security-Policy")) != 1 {
		t.Error("two policies")
	}
}

func TestARequestHasAnIDOfOurOwnMaking(t *testing.T) {
	var seen string
	h := IdentifyRequests(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = RequestID(r.Context()) }))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set(RequestIDHeader, "forged\nid")
	w := answerOf(h, r)
	if !regexp.MustCompile(`^\w{4}-\w{4}$`).MatchString(seen) || w.Header().Get(RequestIDHeader) != seen {
		t.Errorf("%q %q", seen, w.Header().Get(RequestIDHeader))
	}
}

func TestATooLongBodyIsRefused(t *testing.T) {
	reads := func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			WriteProblem(w, r, err)
			return
		}
		sayOK(w, r)
	}
	h := IdentifyRequests(LimitBody(func(*http.Request) int64 { return 10 }, http.HandlerFunc(reads)))
	for _, c := range []struct {
		name   string
		body   io.Reader
		status int
	}{
		{"short", strings.NewReader("0123456789"), 200},
		{"long and announced", strings.NewReader("01234567890"), 413},
		{"long and not announced", io.MultiReader(strings.NewReader("01234567890")), 413},
		{"none", nil, 200},
	} {
		w := answerOf(h, httptest.NewRequest(http.MethodPost, "/", c.body))
		if w.Code != c.status {
			t.Errorf("%s: %d", c.name, w.Code)
		}
		if w.Code != 413 {
			continue
		}
		var wire problem.Wire
		if err := json.Unmarshal(w.Body.Bytes(), &wire); err != nil || wire.Code != "too_large" || wire.Instance == "" {
			t.Errorf("%s: %s", c.name, w.Body)
		}
	}
}

func TestNothingIsReadBehindABodyOfTwoLengths(t *testing.T) {
	served := 0
	s := httptest.NewServer(CloseChunked(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++ })))
	defer s.Close()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n")
	if _, err := io.ReadAll(c); err != nil { // until the server closes
		t.Fatal(err)
	}
	if served != 1 {
		t.Errorf("%d requests were served", served)
	}
}

func TestAProblemIsWrittenWithItsHeaders(t *testing.T) {
	w := httptest.NewRecorder()
	WriteProblem(w, httptest.NewRequest(http.MethodGet, "/", nil), problem.Unavailable(errors.New("Kanarie")))
	if w.Code != 503 || w.Header().Get("Retry-After") != "1" || w.Header().Get("Content-Type") != problem.MediaType ||
		strings.Contains(w.Body.String(), "Kanarie") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	w = httptest.NewRecorder()
	WriteProblem(w, httptest.NewRequest(http.MethodHead, "/", nil), problem.NotFound())
	if w.Body.Len() != 0 {
		t.Error("HEAD has no body")
	}
}
