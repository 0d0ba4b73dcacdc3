package httpx

import (
	"encoding/json"
	"net/http"

	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/problem"
)

// Profile says what a browser may do with an answer.
type Profile uint8

const (
	// ProfileApp is the staff's app: our own scripts, styles and connections.
	ProfileApp Profile = iota
	// ProfilePublic is the public form and the receipt page. They work without
	// scripts; the small ones that help are ours and make no HTML.
	ProfilePublic
	// ProfileData is what must never act as a page: API answers and files.
	ProfileData
)

// policies are the content security policies. Nothing is loaded from elsewhere,
// nothing is written inline, and no one may frame us.
var policies = [...]string{
	ProfileApp: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; " +
		"base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types default",
	ProfilePublic: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
		"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; " +
		"base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
	ProfileData: "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox",
}

// fixedHeaders are the same for every answer. A handler may replace what it must,
// such as the caching of files whose name holds their hash.
var fixedHeaders = [...][2]string{
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Cross-Origin-Embedder-Policy", "require-corp"},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "no-referrer"},
	{"Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"},
	{"Cache-Control", "no-store"},
}

// HeaderOptions of Headers.
type HeaderOptions struct {
	Profile Profile
	// HTTPS is whether browsers reach us by https; only then may we promise it
	// for two years.
	HTTPS bool
	// ReportPath is where browsers report what a policy stopped; empty for nowhere.
	ReportPath string
}

// Headers sets the security headers before the handler runs. Wrapped twice, the
// inner one decides.
func Headers(o HeaderOptions, next http.Handler) http.Handler {
	policy := policies[o.Profile]
	if o.ReportPath != "" {
		policy += "; report-to csp"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		for _, pair := range fixedHeaders {
			h.Set(pair[0], pair[1])
		}
		if o.ReportPath != "" {
			h.Set("Reporting-Endpoints", `csp="`+o.ReportPath+`"`)
		}
		if o.HTTPS {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains; preload")
		}
		next.ServeHTTP(w, r)
	})
}

// RequestIDHeader carries the request's id in the answer.
const RequestIDHeader = "X-Request-Id"

// IdentifyRequests gives each request an id short enough to be read on the phone.
// One that the client sends is not used: it could forge or flood the log.
func IdentifyRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := id.Reference()
		w.Header().Set(RequestIDHeader, name)
		next.ServeHTTP(w, r.WithContext(WithRequestID(r.Context(), name)))
	})
}

// CloseChunked ends the connection after a request whose body came in chunks. One
// that also announced a length is read differently by others on the way (request
// smuggling), and net/http has dropped that length before anybody can see it. A
// client that sends chunks has to connect anew, no more.
func CloseChunked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TransferEncoding) > 0 {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// LimitBody refuses bodies longer than limit says for the request: at once when
// the length is announced, else while reading (problem.From knows that error).
func LimitBody(limit func(*http.Request) int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := limit(r)
		if r.ContentLength > most {
			w.Header().Set("Connection", "close") // do not read what will not be used
			WriteProblem(w, r, problem.TooLarge())
			return
		}
		if r.Body != nil {
			r.Body = http.MaxBytesReader(w, r.Body, most)
		}
		next.ServeHTTP(w, r)
	})
}

// WriteProblem answers with the problem that err is. It does not log.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	wire := problem.From(err).Wire(RequestID(r.Context()))
	for name, values := range wire.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", problem.MediaType)
	w.WriteHeader(wire.Status)
	if r.Method != http.MethodHead {
		_ = json.NewEncoder(w).Encode(wire) // the client may have gone
	}
}
