// Package public is the face without login: the form for synpunkter and klagomål, the receipt, the answer read with a
// code, and the pages the law asks for. Server-rendered, no cookie, complete without JavaScript.
//
// It must not keep or log anything about who visits (no address, no browser, no text), must not put a code in an address,
// and must not decide anything about a case: reports go to Intake, codes to Receipts. It knows no database.
// Tests read every page as a browser would: headings, labels, what is kept after an error, and the weight of it all.
package public

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/casework"
	"lyhord/pkg/dialogue"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
)

// Tenants is the directory; *org.Service is one. A tenant without a public form does not exist here: problem.NotFound.
type Tenants interface {
	PublicTenants(ctx context.Context) ([]org.Listing, error)
	PublicTenant(ctx context.Context, slug string) (org.PublicTenant, error)
}

// Units lists what the form offers to choose from; *org.Service does.
type Units interface {
	PublicUnits(ctx context.Context, tenant uuid.UUID) ([]org.PublicUnit, error)
}

// Intake takes reports; *casework.Service does.
type Intake interface {
	ReportPublicly(ctx context.Context, tenant uuid.UUID, report casework.Report) (casework.Receipt, error)
}

// Receipts opens what a code opens; *dialogue.Service is one.
type Receipts interface {
	Open(ctx context.Context, tenant uuid.UUID, code dialogue.Code) (dialogue.Receipt, error)
	Write(ctx context.Context, tenant uuid.UUID, code dialogue.Code, text string) error
}

// Deps is what the pages need.
type Deps struct {
	Tenants  Tenants
	Units    Units
	Intake   Intake
	Receipts Receipts
	Limits   dialogue.Limits
	Clock    clock.Clock
	Log      *slog.Logger
}

// Site serves /t/.
type Site struct {
	Deps
	pages *renderer
	gate  *gate
	serve http.Handler
}

// maxBody holds the longest story in the clumsiest encoding, and nothing more.
const maxBody = 320 << 10

// New makes the site. It panics when a template or a text is broken, which the tests would have found.
func New(d Deps) *Site {
	s := &Site{Deps: d, pages: newRenderer(), gate: newGate(d.Limits, pause)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /t/{$}", s.choose)
	mux.HandleFunc("GET /t/{tenant}", s.toForm)
	mux.HandleFunc("GET /t/{tenant}/{$}", s.toForm)
	mux.HandleFunc("GET /t/{tenant}/theme.css", s.theme)
	mux.HandleFunc("GET /t/{tenant}/sv/{$}", s.form)
	mux.HandleFunc("POST /t/{tenant}/sv/{$}", s.submit)
	mux.HandleFunc("GET /t/{tenant}/sv/svar", s.askCode)
	mux.HandleFunc("POST /t/{tenant}/sv/svar", s.showCase)
	mux.HandleFunc("GET /t/{tenant}/sv/svar/meddelande", s.toAnswer)
	mux.HandleFunc("POST /t/{tenant}/sv/svar/meddelande", s.write)
	mux.HandleFunc("GET /t/{tenant}/sv/sa-gar-det-till", s.plain("how"))
	mux.HandleFunc("GET /t/{tenant}/sv/tillganglighet", s.plain("a11y"))
	mux.HandleFunc("GET /t/{tenant}/sv/personuppgifter", s.plain("privacy"))
	mux.HandleFunc("/", s.missing)
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(s.Fault(http.StatusForbidden))
	s.serve = headers(cross.Handler(limitBody(mux)))
	return s
}

// ServeHTTP serves every address below /t/.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.serve.ServeHTTP(w, r) }

// headers are the public profile with one change. Referrer-Policy is same-origin, not no-referrer: under the latter a
// browser posts "Origin: null", and one without Sec-Fetch headers (old phones, plain http) would be refused as cross-origin.
func headers(next http.Handler) http.Handler {
	return httpx.Headers(httpx.HeaderOptions{Profile: httpx.ProfilePublic}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Referrer-Policy", "same-origin")
		next.ServeHTTP(w, r)
	}))
}

func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// network is where a request comes from, widened so that it points at nobody.
func network(r *http.Request) string { return dialogue.Network(httpx.Address(r.Context())) }

// pause waits, but not for somebody who has left.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
