// Package web carries the browser side of Lyhörd inside the binary: the built app of the logged-in
// staff and the stylesheet that both faces share.
//
// It only hands out files. It must not know a session, a tenant or a database, must not compress or
// template per request, and must compile in a clone where the web build has never run.
// Tested in web_test.go over small file systems of its own and over what is embedded.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// "all:" also takes .gitkeep, so that a clean clone compiles.
//
//go:embed all:dist
var distFS embed.FS

//go:embed public/static
var staticFS embed.FS

// Built tells whether the web build has run before the program was compiled.
func Built() bool {
	_, err := fs.Stat(distFS, "dist/index.html")
	return err == nil
}

// App serves the logged-in app under /app: hashed assets for ever, html always asked for again,
// and every path of the app's own router answered with the page it belongs to.
func App() http.Handler {
	dist, err := fs.Sub(distFS, "dist")
	if err != nil {
		panic(err) // the folder is embedded; this cannot happen
	}
	return appHandler(stored(dist))
}

// files finds the bytes of a file by name.
type files func(name string) ([]byte, bool)

func stored(from fs.FS) files {
	return func(name string) ([]byte, bool) {
		bytes, err := fs.ReadFile(from, name)
		return bytes, err == nil
	}
}

// withGzip reads all shared files and compresses them once; unlike the web build they are committed,
// and a compressed twin in the repository would go stale.
func withGzip(from fs.FS) (files, error) {
	all := map[string][]byte{}
	err := fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		plain, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		var small bytes.Buffer
		zip := gzip.NewWriter(&small)
		if _, err := zip.Write(plain); err != nil {
			return err
		}
		if err := zip.Close(); err != nil {
			return err
		}
		all[name], all[name+".gz"] = plain, small.Bytes()
		return nil
	})
	return func(name string) ([]byte, bool) { found, ok := all[name]; return found, ok }, err
}

// Static serves /static: the shared stylesheet and the icon.
func Static() http.Handler {
	files, err := fs.Sub(staticFS, "public/static")
	if err != nil {
		panic(err) // the folder is embedded; this cannot happen
	}
	shared, err := withGzip(files)
	if err != nil {
		panic(err) // embedded files can always be read
	}
	return staticHandler(shared)
}

// StaticPath is the address of a shared file with a mark of its content, so that a browser may keep
// it for a year and still gets a new one at the next version.
func StaticPath(name string) string {
	content, err := staticFS.ReadFile("public/static/" + name)
	if err != nil {
		return "/static/" + name
	}
	return "/static/" + name + "?v=" + mark(content)
}

func appHandler(dist files) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !readOnly(w, r) {
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/app")
		name = strings.TrimPrefix(name, "/")
		if strings.HasPrefix(name, "assets/") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			if !serve(w, r, dist, name) {
				w.Header().Set("Cache-Control", "no-store")
				http.NotFound(w, r)
			}
			return
		}
		page := "index.html"
		if name == "rapportera" || strings.HasPrefix(name, "rapportera/") {
			page = "report.html"
		}
		w.Header().Set("Cache-Control", "no-cache")
		if !serve(w, r, dist, page) {
			notBuilt(w)
		}
	})
}

func staticHandler(shared files) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !readOnly(w, r) {
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/static/")
		content, ok := shared(name)
		if !ok || path.Ext(name) == ".gz" {
			http.NotFound(w, r)
			return
		}
		if r.URL.Query().Get("v") == mark(content) {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			w.Header().Set("Cache-Control", "no-cache")
		}
		serve(w, r, shared, name)
	})
}

// serve answers with the smallest stored form of a file that the browser takes.
func serve(w http.ResponseWriter, r *http.Request, from files, name string) bool {
	plain, ok := from(name)
	if !ok {
		return false
	}
	w.Header().Set("Content-Type", contentType(name))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Add("Vary", "Accept-Encoding")
	body, etag := plain, mark(plain)
	for _, form := range []struct{ encoding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !accepts(r.Header.Get("Accept-Encoding"), form.encoding) {
			continue
		}
		if small, ok := from(name + form.suffix); ok {
			w.Header().Set("Content-Encoding", form.encoding)
			body, etag = small, etag+"-"+form.encoding
			break
		}
	}
	etag = `"` + etag + `"`
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader that has gone away is no error of ours
	}
	return true
}

func readOnly(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	w.Header().Set("Allow", "GET, HEAD")
	http.Error(w, "Den här adressen går bara att läsa.", http.StatusMethodNotAllowed)
	return false
}

// accepts reads Accept-Encoding; "br;q=0" means that the browser refuses it.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			return strings.ReplaceAll(strings.TrimSpace(weight), " ", "") != "q=0"
		}
	}
	return false
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json":
		return "application/json"
	case ".png":
		return "image/png"
	default:
		return "application/octet-stream"
	}
}

func mark(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:6])
}

const notBuiltPage = `<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lyhörd för personal är inte byggd</title><link rel="stylesheet" href="/static/ds.css"></head>
<body><main class="ly-page-narrow ly-stack"><h1>Lyhörd för personal är inte byggd</h1>
<p>Programmet byggdes utan webbdelen. API:t och det offentliga formuläret fungerar ändå.</p>
<p>Kör <code>make web</code> i källkoden och starta om.</p></main></body></html>
`

func notBuilt(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Retry-After", "60")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte(notBuiltPage)) // a reader that has gone away is no error of ours
}
