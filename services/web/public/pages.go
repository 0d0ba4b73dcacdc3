package public

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

func (t *Tenant) board() bool { return t.Config.Tenant.Kind != tenants.KindProvider }

// Responsible is who answers for the personal data: the board (nämnd) where there is one.
func (t *Tenant) Responsible() string {
	if t.Config.Tenant.BoardName != "" {
		return t.Config.Tenant.BoardName
	}
	return t.Config.Tenant.Name
}

// tenant finds the organisation of the address; without one the answer is already given.
func (s *Site) tenant(w http.ResponseWriter, r *http.Request) (*Tenant, bool) {
	t, err := s.Tenants.PublicTenant(r.Context(), r.PathValue("tenant"))
	if err != nil {
		s.fail(w, r, nil, err)
		return nil, false
	}
	return &t, true
}

type cityList struct {
	Name              string
	Boards, Providers []Listing
}

func (s *Site) choose(w http.ResponseWriter, r *http.Request) {
	all, err := s.Tenants.PublicTenants(r.Context())
	if err != nil {
		s.fail(w, r, nil, err)
		return
	}
	var cities []cityList
	for _, l := range all {
		i := slices.IndexFunc(cities, func(c cityList) bool { return c.Name == l.City })
		if i < 0 {
			cities = append(cities, cityList{Name: l.City})
			i = len(cities) - 1
		}
		if l.Kind == tenants.KindProvider {
			cities[i].Providers = append(cities[i].Providers, l)
		} else {
			cities[i].Boards = append(cities[i].Boards, l)
		}
	}
	s.show(w, r, http.StatusOK, view{Name: "choose", Data: cities})
}

func (s *Site) toForm(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/t/"+url.PathEscape(r.PathValue("tenant"))+"/sv/", http.StatusSeeOther)
}

// plain is a page without anything of its own to find out.
func (s *Site) plain(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if t, ok := s.tenant(w, r); ok {
			s.show(w, r, http.StatusOK, view{Name: name, Tenant: t})
		}
	}
}

// formData is what the page with the four questions shows.
type formData struct {
	*filled
	Groups []unitGroup
	Ways   []string
	Roles  []string
	Today  string
}

type unitGroup struct {
	Label string
	Units []Unit
}

func (s *Site) form(w http.ResponseWriter, r *http.Request) {
	t, ok := s.tenant(w, r)
	if !ok {
		return
	}
	if refer, closed := referral(t); closed {
		s.show(w, r, http.StatusOK, view{Name: "refer", Tenant: t, Data: refer})
		return
	}
	s.showForm(w, r, http.StatusOK, t, &filled{Once: uuid.NewString()})
}

// referral tells where to turn when the tenant takes no reports by a form.
func referral(t *Tenant) (string, bool) {
	for _, c := range t.Config.Tenant.Channels {
		if c.Code == "WEBBFORMULAR" && c.State != tenants.ChannelOn {
			return c.Text, true
		}
	}
	return "", false
}

// units are what can be chosen. The form is whole without them: nobody is turned away because a list cannot be read.
func (s *Site) units(r *http.Request, t *Tenant) []Unit {
	list, err := s.Units.ListPublicUnits(r.Context(), t.ID)
	if err != nil {
		problem.Log(r.Context(), s.Log, "public units", err)
		return nil
	}
	return list
}

func (s *Site) showForm(w http.ResponseWriter, r *http.Request, status int, t *Tenant, f *filled) {
	data := formData{
		filled: f, Ways: replyWays, Roles: senderRoles, Today: clock.Today(s.Clock).String(),
		Groups: group(s.units(r, t), t),
	}
	s.show(w, r, status, view{Name: "form", Tenant: t, Faults: f.faults, Data: data})
}

// group puts the units under the areas they work in, in the city's order, those without one last.
func group(units []Unit, t *Tenant) []unitGroup {
	order := []string{}
	if areas, ok := t.Config.Codes.List(tenants.ListArea); ok {
		for _, c := range areas.Codes {
			order = append(order, c.Code)
		}
	}
	order = append(order, "")
	groups := make([]unitGroup, len(order))
	for i, code := range order {
		if code != "" {
			groups[i].Label = t.Config.Codes.Label(tenants.ListArea, code)
		}
	}
	for _, u := range units {
		i := slices.Index(order, u.Area)
		if i < 0 {
			i = len(order) - 1
		}
		groups[i].Units = append(groups[i].Units, u)
	}
	return slices.DeleteFunc(groups, func(g unitGroup) bool { return len(g.Units) == 0 })
}

// receiptData is the page after sending: the only time the code is shown.
type receiptData struct {
	Accepted
	At         time.Time
	RegisterBy clock.Date
	Reply      string // the way chosen
	Site       string // where the answer is read
}

// Groups is the code as it is read aloud.
func (d receiptData) Groups() []string { return strings.Fields(d.Code.Text()) }

// Day is the day of receipt.
func (d receiptData) Day() clock.Date { return clock.DateIn(d.At) }

func (s *Site) submit(w http.ResponseWriter, r *http.Request) {
	t, ok := s.tenant(w, r)
	if !ok {
		return
	}
	if _, closed := referral(t); closed {
		s.fail(w, r, t, problem.NotFound())
		return
	}
	if err := parse(r); err != nil {
		s.fail(w, r, t, err)
		return
	}
	f := fill(r.PostForm)
	report := f.report(s.units(r, t), clock.Today(s.Clock))
	if len(f.faults) > 0 {
		s.showForm(w, r, http.StatusUnprocessableEntity, t, f)
		return
	}
	accepted, err := s.take(r, t, report)
	if err != nil {
		problem.Log(r.Context(), s.Log, "report not taken", err)
		p, key := problem.From(err), "error.failed"
		if p.Kind == problem.KindRateLimited {
			key = "error.wait"
		}
		f.wrong("skicka", key)
		retry(w, p)
		s.showForm(w, r, p.Status(), t, f)
		return
	}
	now := s.Clock.Now()
	s.show(w, r, http.StatusOK, view{Name: "receipt", Tenant: t, Data: receiptData{
		Accepted: accepted, At: now, Reply: report.WantsReply, Site: address(r) + view{Tenant: t}.Base() + "svar",
		RegisterBy: t.Config.Deadline(tenants.RuleRegister, clock.DateIn(now)).DueOn,
	}})
}

func (s *Site) take(r *http.Request, t *Tenant, report Report) (Accepted, error) {
	if err := s.gate.enter(r.Context(), t.ID.String(), s.places.Mark(s.Address(r))); err != nil {
		return Accepted{}, err
	}
	return s.Intake.ReportPublicly(r.Context(), *t, report)
}

// address is how this site was reached, for the note a person keeps.
func address(r *http.Request) string {
	if origin := r.Header.Get("Origin"); strings.HasSuffix(origin, "://"+r.Host) {
		return origin
	}
	scheme := "https://"
	if r.TLS == nil && (strings.HasPrefix(r.Host, "127.0.0.1") || strings.HasPrefix(r.Host, "localhost")) {
		scheme = "http://"
	}
	return scheme + r.Host
}

// parse reads a form and refuses everything else.
func parse(r *http.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return problem.UnsupportedMedia()
	}
	if err := r.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return problem.TooLarge()
		}
		return problem.Malformed("")
	}
	return nil
}

// faultData is an error page.
type faultData struct {
	Code    int
	ID      string
	Minutes int
}

// known are the statuses with words of their own.
var known = []int{400, 403, 404, 405, 413, 415, 429, 500, 503}

func (s *Site) fail(w http.ResponseWriter, r *http.Request, t *Tenant, err error) {
	p := problem.From(err)
	if p.Kind != problem.KindNotFound {
		problem.Log(r.Context(), s.Log, "public page", err)
	}
	retry(w, p)
	s.showFault(w, r, t, faultData{Code: p.Status(), Minutes: int((p.RetryAfter + time.Minute - 1) / time.Minute)})
}

func retry(w http.ResponseWriter, p *problem.Problem) {
	if p.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(int64(p.RetryAfter/time.Second), 10))
	}
}

func (s *Site) showFault(w http.ResponseWriter, r *http.Request, t *Tenant, d faultData) {
	if !slices.Contains(known, d.Code) {
		d.Code = http.StatusInternalServerError
	}
	if d.Code >= 500 {
		d.ID = httpx.RequestID(r.Context())
	}
	s.show(w, r, d.Code, view{Name: "fault", Tenant: t, Data: d})
}

// Fault is a page for an error found elsewhere, in the same look: s.Fault(http.StatusNotFound) for what no route matches.
func (s *Site) Fault(status int) http.Handler {
	return headers(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.showFault(w, r, nil, faultData{Code: status})
	}))
}

func (s *Site) missing(w http.ResponseWriter, r *http.Request) {
	status := http.StatusNotFound
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		status = http.StatusMethodNotAllowed
	}
	s.showFault(w, r, nil, faultData{Code: status})
}
