package public

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"lyhord/pkg/dialogue"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
	"lyhord/services/web"
)

const bromma = "/t/bromma/sv/"

// everyPage visits each page in each of its states.
func everyPage(t *testing.T) map[string]*page {
	t.Helper()
	tw := newTown(t)
	at := tw.clock.Now()
	pages := map[string]*page{
		"choose": tw.get("/t/"), "form": tw.get(bromma), "provider's form": tw.get("/t/demogarden/sv/"),
		"form with errors": tw.post(bromma, "svar", "EPOST"), "answer": tw.get(bromma + "svar"),
		"wrong code": tw.post(bromma+"svar", "kod", "fel"), "no code": tw.post(bromma+"svar", "kod", ""),
		"how": tw.get(bromma + "sa-gar-det-till"), "provider's how": tw.get("/t/demogarden/sv/sa-gar-det-till"),
		"a11y": tw.get(bromma + "tillganglighet"), "privacy": tw.get(bromma + "personuppgifter"),
		"provider's privacy": tw.get("/t/demogarden/sv/personuppgifter"),
		"receipt":            tw.post(bromma, "berattelse", "Hej", "svar", "KOD"),
		"receipt, no reply":  tw.post(bromma, "berattelse", "Hej", "svar", "NEJ"),
		"receipt, phone":     tw.post(bromma, "berattelse", "Hej", "svar", "TELEFON", "telefon", "08-12 34 56"),
	}
	tw.answerBy = clock.Date{}
	pages["receipt without a promise"] = tw.post(bromma, "berattelse", "Hej", "svar", "KOD")
	pages["receipt without a promise, letter"] = tw.post(bromma, "berattelse", "Hej", "svar", "BREV", "namn", "A", "adress", "B")
	for i, status := range []dialogue.Status{
		dialogue.Received, dialogue.Registered, dialogue.Forwarded, dialogue.Working, dialogue.Waiting, dialogue.Answered, dialogue.Closed,
	} {
		tw.receipt = dialogue.Receipt{Status: status, ReceivedOn: clock.MustDate("2026-11-03"), AnswerBy: clock.MustDate("2026-11-24")}
		if status == dialogue.Answered || status == dialogue.Closed {
			tw.receipt.AnsweredOn, tw.receipt.ClosedOn = clock.MustDate("2026-11-17"), clock.MustDate("2026-11-19")
		}
		for _, kind := range []string{dialogue.KindAcknowledgement, dialogue.KindReply, dialogue.KindMessage, dialogue.KindQuestion}[:i%5] {
			tw.receipt.Messages = append(tw.receipt.Messages, dialogue.Message{At: at, Kind: kind, Text: "Text"})
		}
		pages["case "+string(status)] = tw.post(bromma+"svar", "kod", tw.code.Text())
	}
	tw.receipt = dialogue.Receipt{Status: dialogue.Closed}
	pages["case closed without an answer"] = tw.post(bromma+"svar", "kod", tw.code.Text())
	tw.receipt = dialogue.Receipt{Status: dialogue.Working}
	pages["case without a promise"] = tw.post(bromma+"svar", "kod", tw.code.Text())
	tw.receipt.AnswerBy = clock.MustDate("2026-11-01")
	pages["late case"] = tw.post(bromma+"svar", "kod", tw.code.Text())
	pages["sent"] = tw.post(bromma+"svar/meddelande", "kod", tw.code.Text(), "meddelande", "Hej")
	pages["nothing sent"] = tw.post(bromma+"svar/meddelande", "kod", tw.code.Text(), "meddelande", " ")
	for _, status := range known {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/x", nil)
		tw.Fault(status).ServeHTTP(w, r.WithContext(httpx.WithRequestID(r.Context(), "id-1")))
		pages[fmt.Sprint("fault ", status)] = read(t, w)
		if w.Code != status {
			t.Errorf("the page for %d answers %d", status, w.Code)
		}
	}
	tw.intake = problem.RateLimited(3 * time.Minute)
	pages["not taken now"] = tw.post(bromma, "berattelse", "Hej", "svar", "KOD")
	return pages
}

func TestEveryPageIsSoundToRead(t *testing.T) {
	t.Parallel()
	for name, p := range everyPage(t) {
		if h1 := p.tags("h1"); len(h1) != 1 || text(h1[0]) == "" {
			t.Errorf("%s: %d headings of the first level", name, len(h1))
		}
		root := p.tags("html")[0]
		if attr(root, "lang") != "sv" || attr(root, "dir") != "ltr" {
			t.Errorf("%s: lang %q dir %q", name, attr(root, "lang"), attr(root, "dir"))
		}
		if title := text(p.tags("title")[0]); len(title) < 8 || strings.HasPrefix(title, "–") {
			t.Errorf("%s: title %q", name, title)
		}
		if len(p.tags("main")) != 1 || len(p.tags("header")) != 1 || len(p.tags("footer")) != 1 {
			t.Errorf("%s: landmarks", name)
		}
		if attr(p.tags("a")[0], "href") != "#innehall" {
			t.Errorf("%s: the first link should skip to the content", name)
		}
		levels(t, name, p)
		if strings.Contains(p.raw, "<no value>") || strings.Contains(p.raw, "ZgotmplZ") || regexp.MustCompile(`\{[a-zåäö]+\}`).MatchString(p.raw) {
			t.Errorf("%s: a hole in the text", name)
		}
	}
}

// levels finds headings that skip a level on the way down.
func levels(t *testing.T, name string, p *page) {
	last := 1
	for _, h := range p.all(func(n *html.Node) bool { return regexp.MustCompile(`^h[1-6]$`).MatchString(n.Data) }) {
		level := int(h.Data[1] - '0')
		if level > last+1 && text(h) != "Något behöver rättas" {
			t.Errorf("%s: %q jumps from h%d to h%d", name, text(h), last, level)
		}
		last = level
	}
}

func TestEveryFieldHasItsLabelAndEveryReferenceIsThere(t *testing.T) {
	t.Parallel()
	for name, p := range everyPage(t) {
		ids := map[string]int{}
		for _, n := range p.all(func(n *html.Node) bool { return attr(n, "id") != "" }) {
			ids[attr(n, "id")]++
		}
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%s: %d elements are called %q", name, n, id)
			}
		}
		labelled := map[string]bool{}
		for _, l := range p.tags("label") {
			if attr(l, "for") != "" && text(l) != "" {
				labelled[attr(l, "for")] = true
			}
		}
		for _, n := range p.all(func(n *html.Node) bool { return slices.Contains([]string{"input", "textarea", "select"}, n.Data) }) {
			if attr(n, "type") == "hidden" {
				continue
			}
			wrapped := n.Parent.Data == "label" && text(n.Parent) != ""
			if !wrapped && !labelled[attr(n, "id")] {
				t.Errorf("%s: the field %q has no label", name, attr(n, "name"))
			}
		}
		for _, n := range p.all(func(*html.Node) bool { return true }) {
			for _, ref := range append(strings.Fields(attr(n, "aria-describedby")), strings.Fields(attr(n, "aria-labelledby"))...) {
				if ids[ref] != 1 {
					t.Errorf("%s: <%s> refers to %q, which is not there", name, n.Data, ref)
				}
			}
			if href := attr(n, "href"); strings.HasPrefix(href, "#") && ids[href[1:]] != 1 {
				t.Errorf("%s: the link %s leads nowhere", name, href)
			}
		}
	}
}

func TestNoPageCarriesInlineStyleScriptOrAnythingFromElsewhere(t *testing.T) {
	t.Parallel()
	for name, p := range everyPage(t) {
		for _, n := range p.all(func(*html.Node) bool { return true }) {
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Val, "javascript:") {
					t.Errorf("%s: <%s %s>", name, n.Data, a.Key)
				}
			}
			switch n.Data {
			case "style", "iframe", "base":
				t.Errorf("%s: <%s>", name, n.Data)
			case "script":
				if !strings.HasPrefix(attr(n, "src"), "/static/") || n.FirstChild != nil {
					t.Errorf("%s: a script of its own", name)
				}
			case "link", "img":
				if at := attr(n, "href") + attr(n, "src"); !strings.HasPrefix(at, "/") {
					t.Errorf("%s: loads %s", name, at)
				}
			case "form":
				if attr(n, "method") != "post" || !strings.HasPrefix(attr(n, "action"), bromma) && !strings.HasPrefix(attr(n, "action"), "/t/demogarden/sv/") {
					t.Errorf("%s: a form goes to %s %s", name, attr(n, "method"), attr(n, "action"))
				}
			}
		}
	}
}

func TestEveryPageIsKeptByNobodyAndTalksToNobodyElse(t *testing.T) {
	t.Parallel()
	for name, p := range everyPage(t) {
		if p.head.Get("Cache-Control") != "no-store" || p.head.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", name, p.head)
		}
		if csp := p.head.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", name, csp)
		}
		if p.head.Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", name)
		}
	}
}

// budget is what the first visit may weigh on a slow phone, compressed.
const budget = 35 << 10

func TestTheFirstVisitIsLight(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	total := 0
	weigh := func(h http.Handler, path string) string {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d", path, w.Code)
		}
		total += w.Body.Len()
		t.Logf("%6d bytes %s", w.Body.Len(), path)
		if w.Header().Get("Content-Encoding") != "gzip" {
			return w.Body.String()
		}
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		var plain bytes.Buffer
		if _, err := plain.ReadFrom(z); err != nil {
			t.Fatal(err)
		}
		return plain.String()
	}
	page := weigh(tw, bromma)
	for _, found := range regexp.MustCompile(`(?:href|src)="(/[^"]*\.(?:css|js|svg)[^"]*)"`).FindAllStringSubmatch(page, -1) {
		if strings.HasPrefix(found[1], "/static/") {
			weigh(web.Static(), found[1])
		} else {
			weigh(tw, found[1])
		}
	}
	if total > budget {
		t.Errorf("the first visit weighs %d bytes, at most %d", total, budget)
	}
}

func TestEveryTextIsUsedAndNoTemplateHoldsWordsOfItsOwn(t *testing.T) {
	t.Parallel()
	files, err := templates.ReadDir("tpl")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, f := range files {
		raw, err := templates.ReadFile("tpl/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		source.Write(raw)
		// What is between tags once the actions are gone must hold no letter.
		plain := regexp.MustCompile(`(?s)\{\{.*?\}\}`).ReplaceAllString(string(raw), "")
		plain = regexp.MustCompile(`(?s)<[^>]*>| [a-z-]+="[^"]*"`).ReplaceAllString(plain, "")
		if found := regexp.MustCompile(`\pL[\pL ]*`).FindString(plain); found != "" {
			t.Errorf("%s holds the words %q", f.Name(), found)
		}
		if found := regexp.MustCompile(`(?:aria-label|placeholder|title|alt)="[^"{]*\pL`).FindString(string(raw)); found != "" {
			t.Errorf("%s holds words in an attribute: %q", f.Name(), found)
		}
	}
	for _, name := range []string{"form.go", "answer.go", "words.go", "pages.go", "render.go"} {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(raw)
	}
	w, err := load("sv")
	if err != nil {
		t.Fatal(err)
	}
	made := regexp.MustCompile(`^(date\.|fault\.\d|role\.|reply\.[A-Z]|case\.kind\.)`) // keys put together from codes
	for key, text := range w {
		base := strings.TrimSuffix(strings.TrimSuffix(key, "_one"), "_other")
		if !made.MatchString(key) && !strings.Contains(source.String(), `"`+base+`"`) {
			t.Errorf("nobody says %q", key)
		}
		if text != strings.TrimSpace(text) || text == "" || regexp.MustCompile(`(?i)\b(vänligen|erhålla|inkommit|ovanstående|ej)\b`).MatchString(text) {
			t.Errorf("%s is no plain Swedish: %q", key, text)
		}
	}
	for _, code := range senderRoles {
		if _, err := w.say("role." + code); err != nil {
			t.Error(err)
		}
	}
}

func TestTheThemeIsTheTenantsAndReadable(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := tw.get("/t/bromma/theme.css")
	if !strings.Contains(p.raw, "--ly-header:#1b4d3e") || !strings.Contains(p.raw, "--ly-accent:#0f6b4f") || p.head.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%s", p.raw)
	}
	theme := tw.tenants["bromma"].Config.Tenant.Theme
	theme.AccentColour, theme.HeaderColour = "#ffee00", "red;}body{display:none"
	if css := stylesheet(theme); css != ":root{}\n" {
		t.Errorf("a colour nobody can read, and one that is none, give %q", css)
	}
}
