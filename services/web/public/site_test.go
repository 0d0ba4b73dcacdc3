package public

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"lyhord/pkg/dialogue"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

// town is everything behind the pages: the real tenants as data, and a case whose course the test decides.
type town struct {
	t       *testing.T
	tenants map[string]Tenant
	order   []Listing
	units   []Unit
	clock   *clock.Fake
	log     bytes.Buffer

	mu       sync.Mutex
	reports  []Report
	code     id.ReceiptCode
	receipt  dialogue.Receipt
	intake   error // what the intake answers instead
	answerBy clock.Date
	waits    []time.Duration
	over     map[string]bool // limits that are used up, by the beginning of their key
	*Site
}

func newTown(t *testing.T) *town {
	t.Helper()
	cities, err := tenants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	tw := &town{
		t: t, tenants: map[string]Tenant{}, clock: clock.NewFake(time.Date(2026, 11, 20, 13, 5, 0, 0, time.UTC)), // a Friday
		code: id.NewReceiptCode(), over: map[string]bool{}, answerBy: clock.MustDate("2026-12-04"),
		units: []Unit{{ID: uuid.New(), Name: "Älgörttunet", Area: "ALDREOMSORG"}, {ID: uuid.New(), Name: "Bivaxstigen", Area: "FUNKTIONSNEDSATTNING"}, {ID: uuid.New(), Name: "Växeln"}},
	}
	for _, c := range cities {
		for _, ten := range c.Tenants {
			if !ten.PublicForm {
				continue
			}
			tw.tenants[ten.Slug] = Tenant{ID: uuid.New(), CityName: c.Name, Config: org.NewConfig(ten, c.Codes, 1)}
			tw.order = append(tw.order, Listing{Slug: ten.Slug, Name: ten.Name, City: c.Name, Kind: ten.Kind})
		}
	}
	tw.Site = New(Deps{Tenants: tw, Units: tw, Intake: tw, Receipts: tw, Limits: tw, Clock: tw.clock, Log: slog.New(slog.NewJSONHandler(&tw.log, nil))})
	tw.gate.pause = func(_ context.Context, d time.Duration) { tw.waits = append(tw.waits, d) }
	return tw
}

func (tw *town) PublicTenants(context.Context) ([]Listing, error) { return tw.order, nil }

func (tw *town) PublicTenant(_ context.Context, slug string) (Tenant, error) {
	if t, ok := tw.tenants[slug]; ok {
		return t, nil
	}
	return Tenant{}, problem.NotFound()
}

func (tw *town) ListPublicUnits(context.Context, uuid.UUID) ([]Unit, error) {
	if tw.units == nil {
		return nil, problem.Unavailable(nil)
	}
	return tw.units, nil
}

func (tw *town) ReportPublicly(_ context.Context, _ Tenant, r Report) (Accepted, error) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	if tw.intake != nil {
		return Accepted{}, tw.intake
	}
	tw.reports = append(tw.reports, r)
	return Accepted{Code: tw.code, Reference: "7K3M-92QX", AnswerBy: tw.answerBy}, nil
}

func (tw *town) Open(_ context.Context, _ uuid.UUID, code dialogue.Code) (dialogue.Receipt, error) {
	if parsed, err := id.ParseReceiptCode(code.Typed); err != nil || parsed != tw.code {
		return dialogue.Receipt{}, dialogue.WrongCode()
	}
	return tw.receipt, nil
}

func (tw *town) Write(ctx context.Context, tenant uuid.UUID, code dialogue.Code, text string) error {
	if _, err := tw.Open(ctx, tenant, code); err != nil {
		return err
	}
	if tw.intake != nil {
		return tw.intake
	}
	tw.receipt.Messages = append(tw.receipt.Messages, dialogue.Message{At: tw.clock.Now(), FromWriter: true, Kind: dialogue.KindMessage, Text: text})
	return nil
}

func (tw *town) Allow(_ context.Context, key string, _ int, per time.Duration) (time.Duration, error) {
	name, _, _ := strings.Cut(key, ":")
	if name == "broken" {
		return 0, errors.New("no counter")
	}
	if tw.over[name] {
		return per, nil
	}
	return 0, nil
}

// page is an answer, read.
type page struct {
	t    *testing.T
	code int
	head http.Header
	raw  string
	root *html.Node
}

func (tw *town) do(r *http.Request) *page {
	tw.t.Helper()
	w := httptest.NewRecorder()
	tw.ServeHTTP(w, r)
	return read(tw.t, w)
}

func read(t *testing.T, w *httptest.ResponseRecorder) *page {
	t.Helper()
	root, err := html.Parse(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	return &page{t: t, code: w.Code, head: w.Header(), raw: w.Body.String(), root: root}
}

func (tw *town) get(path string) *page {
	tw.t.Helper()
	return tw.do(httptest.NewRequest(http.MethodGet, path, nil))
}

func (tw *town) post(path string, pairs ...string) *page {
	tw.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return tw.do(r)
}

func (p *page) all(match func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && match(n) {
			found = append(found, n)
		}
	}
	return found
}

func (p *page) tags(name string) []*html.Node {
	return p.all(func(n *html.Node) bool { return n.Data == name })
}

func (p *page) byID(id string) *html.Node {
	p.t.Helper()
	found := p.all(func(n *html.Node) bool { return attr(n, "id") == id })
	if len(found) != 1 {
		p.t.Fatalf("%d elements are called %q", len(found), id)
	}
	return found[0]
}

func attr(n *html.Node, name string) string {
	v, _ := has(n, name)
	return v
}

func has(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func (p *page) says(want string) {
	p.t.Helper()
	if !strings.Contains(text(p.root), want) {
		p.t.Errorf("the page does not say %q", want)
	}
}

func (p *page) saysNothingOf(word string) {
	p.t.Helper()
	if strings.Contains(p.raw, word) {
		p.t.Errorf("the page says %q", word)
	}
}
