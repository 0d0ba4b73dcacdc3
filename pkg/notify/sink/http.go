package sink

import (
	"encoding/json"
	"html/template"
	"net/http"
	"strings"
)

var page = template.Must(template.New("mails").Parse(`<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><title>Utskickade mejl</title><meta name="viewport" content="width=device-width"></head>
<body><main><h1>Utskickade mejl</h1>
<p>Bara i demonstrationen. Mejlen säger att det finns något att läsa, aldrig vad.</p>
{{range .}}<section><h2>{{.Subject}}</h2><p>Till {{.To}}, <time datetime="{{.SentAt.Format "2006-01-02T15:04:05Z07:00"}}">{{.SentAt.Format "2006-01-02 15:04:05"}}</time></p><pre>{{.Body}}</pre></section>
{{else}}<p>Inga mejl än.</p>{{end}}</main></body></html>
`))

// Handler shows the mails: as a page, or as JSON for who asks for that.
func (s *Sink) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mails, err := s.Mails()
		if err != nil {
			http.Error(w, "Mejlen går inte att läsa.", http.StatusInternalServerError)
			return
		}
		const most = 200
		mails = mails[:min(len(mails), most)]
		w.Header().Set("Cache-Control", "no-store")
		if strings.Contains(r.Header.Get("Accept"), "application/json") {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(map[string]any{"items": mails})
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = page.Execute(w, mails)
	})
}
