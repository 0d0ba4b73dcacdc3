package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func build() files {
	return stored(fstest.MapFS{
		"index.html":          {Data: []byte("<title>app</title>")},
		"report.html":         {Data: []byte("<title>report</title>")},
		"assets/app-1a.js":    {Data: []byte("plain")},
		"assets/app-1a.js.br": {Data: []byte("brotli")},
		"assets/app-1a.js.gz": {Data: []byte("gzip")},
		".gitkeep":            {},
	})
}

func get(h http.Handler, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestEveryPathOfTheAppIsAnsweredWithThePageItBelongsTo(t *testing.T) {
	t.Parallel()
	h := appHandler(build())
	for target, title := range map[string]string{
		"/app": "app", "/app/": "app", "/app/inkorg": "app", "/app/arenden/x/utredning": "app",
		"/app/rapportera": "report", "/app/rapportera/": "report", "/app/rapporteras": "app",
		"/app/../../etc/passwd": "app",
	} {
		w := get(h, target)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<title>"+title+"<") {
			t.Errorf("%s: %d %q, want the %s page", target, w.Code, w.Body.String(), title)
		}
		if got := w.Header().Get("Cache-Control"); got != "no-cache" {
			t.Errorf("%s: Cache-Control %q, a page must be asked for again", target, got)
		}
	}
}

func TestAssetsAreKeptForAYearAndComeCompressed(t *testing.T) {
	t.Parallel()
	h := appHandler(build())
	for accept, want := range map[string]string{
		"gzip, br": "brotli", "gzip": "gzip", "": "plain", "br;q=0, gzip": "gzip", "identity": "plain",
	} {
		w := get(h, "/app/assets/app-1a.js", "Accept-Encoding", accept)
		if w.Body.String() != want {
			t.Errorf("Accept-Encoding %q: got %q, want %q", accept, w.Body.String(), want)
		}
		if !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("Accept-Encoding %q: an asset with a hash in its name may be kept", accept)
		}
		again := get(h, "/app/assets/app-1a.js", "Accept-Encoding", accept, "If-None-Match", w.Header().Get("ETag"))
		if again.Code != http.StatusNotModified {
			t.Errorf("Accept-Encoding %q: %d for a known ETag, want 304", accept, again.Code)
		}
	}
}

func TestAMissingAssetIsNotFoundAndNotKept(t *testing.T) {
	t.Parallel()
	w := get(appHandler(build()), "/app/assets/gone.js")
	if w.Code != http.StatusNotFound || strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Fatalf("%d, Cache-Control %q", w.Code, w.Header().Get("Cache-Control"))
	}
}

func TestWithoutABuildThePageSaysWhatToRun(t *testing.T) {
	t.Parallel()
	w := get(appHandler(stored(fstest.MapFS{".gitkeep": {}})), "/app/inkorg")
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "make web") {
		t.Fatalf("%d %q", w.Code, w.Body.String())
	}
}

func TestTheAppIsOnlyRead(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/app/inkorg", nil)
	w := httptest.NewRecorder()
	appHandler(build()).ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Fatalf("%d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestTheStylesheetIsKeptOnlyUnderTheMarkOfItsContent(t *testing.T) {
	t.Parallel()
	h := Static()
	marked := get(h, StaticPath("ds.css"))
	if marked.Code != http.StatusOK || !strings.Contains(marked.Header().Get("Cache-Control"), "immutable") {
		t.Fatalf("marked: %d %q", marked.Code, marked.Header().Get("Cache-Control"))
	}
	for _, target := range []string{"/static/ds.css", "/static/ds.css?v=old"} {
		if w := get(h, target); w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d %q", target, w.Code, w.Header().Get("Cache-Control"))
		}
	}
	if w := get(h, "/static/ds.css", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() > 20_000 {
		t.Errorf("compressed: %q, %d bytes", w.Header().Get("Content-Encoding"), w.Body.Len())
	}
	if w := get(h, "/static/../web.go"); w.Code != http.StatusNotFound {
		t.Errorf("outside the folder: %d, want 404", w.Code)
	}
}

func TestTheStylesheetUsesNothingFromOutside(t *testing.T) {
	t.Parallel()
	css := get(Static(), "/static/ds.css").Body.String()
	for _, bad := range []string{"@import", "url(http", "url(\"http", "url(//", "@font-face"} {
		if strings.Contains(css, bad) {
			t.Errorf("the stylesheet contains %q", bad)
		}
	}
}
