package public

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"lyhord/services/web"
)

//go:embed tpl/*.html
var templates embed.FS

// renderer holds every page, parsed once.
type renderer struct {
	words words
	pages map[string]*template.Template
}

var pageNames = []string{"choose", "form", "receipt", "answer", "case", "how", "a11y", "privacy", "refer", "fault"}

func newRenderer() *renderer {
	w, err := load("sv")
	if err != nil {
		panic(err) // embedded and tested
	}
	r := &renderer{words: w, pages: map[string]*template.Template{}}
	base := template.Must(template.New("").Funcs(template.FuncMap{
		"t": w.say, "count": w.count, "day": w.day, "date": w.date, "moment": w.moment, "hour": hour,
		"static": web.StaticPath, "field": newField, "tel": telephone, "dict": dict,
	}).ParseFS(templates, "tpl/layout.html", "tpl/parts.html"))
	for _, name := range pageNames {
		r.pages[name] = template.Must(template.Must(base.Clone()).ParseFS(templates, "tpl/"+name+".html"))
	}
	return r
}

// view is what every page is given.
type view struct {
	Lang, Dir string
	Name      string  // of the page
	Tenant    *Tenant // nil on pages that belong to none
	Failed    bool    // something must be corrected: the title says so first
	Faults    []fault
	Data      any
}

// Base is the address of the tenant's pages.
func (v view) Base() string {
	if v.Tenant == nil {
		return "/t/"
	}
	return "/t/" + v.Tenant.Config.Tenant.Slug + "/sv/"
}

// Board reports whether an authority answers, with its duties about public records (allmänna handlingar).
func (v view) Board() bool { return v.Tenant != nil && v.Tenant.board() }

// Here marks the page among the links.
func (v view) Here(name string) bool { return v.Name == name }

// show renders a page to its end before the first byte leaves, so that a broken page is a clean error.
func (s *Site) show(w http.ResponseWriter, r *http.Request, status int, v view) {
	v.Lang, v.Dir = "sv", "ltr"
	v.Failed = len(v.Faults) > 0
	var out bytes.Buffer
	if err := s.pages.pages[v.Name].ExecuteTemplate(&out, "layout", v); err != nil {
		s.Log.ErrorContext(r.Context(), "page", "page", v.Name, "cause", fmt.Sprintf("%T", err)) // the error's text may quote the visitor
		http.Error(w, s.pages.words["fault.500"], http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Vary", "Accept-Encoding")
	body := out.Bytes()
	// Only what is the same for everybody is compressed: a page with a secret and a visitor's text in it has no length to leak.
	if r.Method == http.MethodGet && takesGzip(r.Header.Get("Accept-Encoding")) {
		body = squeeze(body)
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader that has gone away is no error of ours
	}
}

func takesGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(name, "gzip") {
			return strings.ReplaceAll(weight, " ", "") != "q=0"
		}
	}
	return false
}

func squeeze(body []byte) []byte {
	var small bytes.Buffer
	z := gzip.NewWriter(&small)
	_, _ = z.Write(body) // memory does not refuse
	_ = z.Close()
	return small.Bytes()
}

// field is what the part "input" draws: one labelled field with its hint and its fault.
type field struct {
	ID, Label, Hint     string
	Type, Complete      string
	Value, Max          string
	Rows                int
	Optional, Multiline bool
	Fault               *fault
	Class               string
}

// newField makes a field from pairs: field "plats" "label" "place.where" "value" .Where.
func newField(id string, pairs ...any) (field, error) {
	f := field{ID: id, Type: "text"}
	for i := 0; i+1 < len(pairs); i += 2 {
		switch pairs[i] {
		case "label":
			f.Label, _ = pairs[i+1].(string)
		case "hint":
			f.Hint, _ = pairs[i+1].(string)
		case "type":
			f.Type, _ = pairs[i+1].(string)
		case "complete":
			f.Complete, _ = pairs[i+1].(string)
		case "value":
			f.Value, _ = pairs[i+1].(string)
		case "max":
			f.Max, _ = pairs[i+1].(string)
		case "rows":
			f.Rows, _ = pairs[i+1].(int)
			f.Multiline = true
		case "optional":
			f.Optional, _ = pairs[i+1].(bool)
		case "class":
			f.Class, _ = pairs[i+1].(string)
		case "fault":
			f.Fault, _ = pairs[i+1].(*fault)
		default:
			return f, fmt.Errorf("a field has no %v", pairs[i])
		}
	}
	return f, nil
}

// dict makes a map for a part that needs more than one thing.
func dict(pairs ...any) map[string]any {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}

// telephone is a number as a link dials it.
func telephone(number string) template.URL {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
	return template.URL("tel:" + digits) //nolint:gosec // digits and plus only
}
