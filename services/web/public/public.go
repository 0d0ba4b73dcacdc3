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
	"net"
	"net/http"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/dialogue"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/id"
)

// Listing is an organisation in the list to choose from.
type Listing struct {
	Slug string
	Name string
	City string // name of the city
	Kind string // tenants.KindBoard, tenants.KindProvider
}

// Tenant is an organisation with a public form, with its rules in force.
type Tenant struct {
	ID       uuid.UUID
	CityName string
	Config   org.Config
}

// Tenants is the directory. A tenant without a public form does not exist here: problem.NotFound.
type Tenants interface {
	PublicTenants(ctx context.Context) ([]Listing, error)
	PublicTenant(ctx context.Context, slug string) (Tenant, error)
}

// Unit is a place a report can concern.
type Unit struct {
	ID   uuid.UUID
	Name string
	Area string // code of list area; empty for none
}

// Units lists what the form offers to choose from.
type Units interface {
	ListPublicUnits(ctx context.Context, tenant uuid.UUID) ([]Unit, error)
}

// Contact is how the writer wants to be reached; empty for the anonymous.
type Contact struct{ Name, Phone, Email, Address string }

// Report is what the form sends on, checked and cleaned.
type Report struct {
	Narrative        string
	Where            string
	UnitID           *uuid.UUID
	Happened         clock.Date // zero when not given
	WantsReply       string     // NEJ, KOD, EPOST, TELEFON, BREV
	Contact          Contact
	SenderRole       string // empty when not said
	AboutSomeoneElse bool
	Once             string // given with the form: what is sent twice with it is one report
}

// Accepted is what the writer is given in return.
type Accepted struct {
	Code      id.ReceiptCode
	Reference string
	AnswerBy  clock.Date // zero when no day is promised
}

// Intake takes reports.
type Intake interface {
	ReportPublicly(ctx context.Context, tenant Tenant, report Report) (Accepted, error)
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
	// Address tells where a request comes from, behind whatever proxies are trusted; nil means the connection itself.
	Address func(*http.Request) string
}

// Site serves /t/.
type Site struct {
	Deps
	pages  *renderer
	places *dialogue.Places
	gate   *gate
	serve  http.Handler
}

// maxBody holds the longest story in the clumsiest encoding, and nothing more.
const maxBody = 320 << 10

// New makes the site. It panics when a template or a text is broken, which the tests would have found.
func New(d Deps) *Site {
	if d.Address == nil {
		d.Address = remote
	}
	s := &Site{Deps: d, pages: newRenderer(), places: dialogue.NewPlaces(d.Clock), gate: newGate(d.Limits, pause)}
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

// policy is stricter than the app's: a public page talks to nobody but by its own forms.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; " +
	"frame-ancestors 'none'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// headers are the public profile. Referrer-Policy is same-origin, not no-referrer: under the latter a browser posts
// "Origin: null", and one without Sec-Fetch headers (old phones, plain http) would be refused as cross-origin.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()")
		next.ServeHTTP(w, r)
	})
}

func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// pause waits, but not for somebody who has left.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
