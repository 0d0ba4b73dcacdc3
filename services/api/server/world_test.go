package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/obs"
	"lyhord/pkg/platform/seal"
	"lyhord/services/api/server"
	"lyhord/services/migrate/steps"
	"lyhord/tenants"
)

const password = "granne-tallbacke-vinter-42"

// world is a running api on a real database with a few tenants of the synthetic city, and people logged in to it.
type world struct {
	t      *testing.T
	db     *dbtest.DB
	url    string
	log    *syncBuffer
	server *server.Server
	root   *seal.Root

	rootFile string
	files    string // the folder for sealed files
	clamd    config.Clamd

	mu      sync.Mutex
	clients map[string]*person
}

type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// wanted are the tenants a test world holds: enough to be isolated from each other.
var wanted = map[string]bool{"bromma": true, "farsta": true, "slk": true}

func newWorld(t *testing.T) *world {
	t.Helper()
	ctx := context.Background()
	d := dbtest.New(t)
	dir := t.TempDir()
	rootFile := filepath.Join(dir, "root.key")
	must(t, os.WriteFile(rootFile, []byte(seal.NewRootKey()), 0o600))
	root, err := seal.LoadRoot(rootFile)
	must(t, err)
	cities, err := tenants.Embedded()
	must(t, err)
	var few []tenants.City
	for _, c := range cities {
		var keep []tenants.Tenant
		for _, x := range c.Tenants {
			if wanted[x.Slug] {
				keep = append(keep, x)
			}
		}
		if c.Tenants = keep; len(keep) > 0 {
			few = append(few, c)
		}
	}
	must(t, steps.UpsertTenants(ctx, d.DSN("migrator"), root, few, steps.Options{DemoPassword: password}))
	w := &world{t: t, db: d, log: &syncBuffer{}, root: root, rootFile: rootFile, files: filepath.Join(dir, "files"), clients: map[string]*person{}}
	w.server, err = server.New(ctx, server.Options{
		Config: w.config(rootFile), Log: obs.NewLogger(w.log, slog.LevelInfo, nil), Version: "test", Clock: clock.System{},
		Metrics: obs.NewMetrics(), Env: func(string) string { return "" }, DemoPassword: password,
	})
	must(t, err)
	must(t, w.server.Start())
	t.Cleanup(func() {
		_ = w.server.Stop(ctx)
		if t.Failed() {
			t.Logf("what the api logged:\n%s", lastLines(w.log.String(), 15))
		}
	})
	w.url = "http://" + w.server.Addr()
	return w
}

func (w *world) config(rootFile string) config.API {
	c := config.API{Listen: "127.0.0.1:0", CookieSecret: config.Secret(strings.Repeat("k", 40)), Files: config.Files{Dir: w.files}}
	c.RootKeyFile, c.Demo = rootFile, true
	c.Public.URL, _ = url.Parse("http://127.0.0.1")
	c.DSN.Login = config.Secret(w.db.DSN("login"))
	c.DSN.API, c.DSN.Intake, c.DSN.Insight = config.Secret(w.db.DSN("api")), config.Secret(w.db.DSN("intake")), config.Secret(w.db.DSN("insight"))
	u, err := url.Parse(w.db.Redis())
	must(w.t, err)
	c.Redis.Addr = u.Host
	_, _ = fmt.Sscanf(u.Path, "/%d", &c.Redis.DB)
	return c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// person is somebody with a browser: a cookie jar and a login.
type person struct {
	w      *world
	client *http.Client
	login  string
}

// as logs somebody in, once per world.
func (w *world) as(login string) *person {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if p, ok := w.clients[login]; ok {
		return p
	}
	jar, _ := cookiejar.New(nil)
	p := &person{w: w, client: &http.Client{Jar: jar}, login: login}
	r := p.send("POST", "/session", nil, map[string]any{"login": login, "password": password})
	if r.status != http.StatusOK {
		w.t.Fatalf("%s cannot log in: %d %s", login, r.status, r.text)
	}
	w.clients[login] = p
	return p
}

// nobody has no session.
func (w *world) nobody() *person { return &person{w: w, client: &http.Client{}, login: "nobody"} }

// reply is an answer of the api.
type reply struct {
	t      *testing.T
	status int
	text   string
	header http.Header
	body   map[string]any
}

// send makes a request below /api/v1.
func (p *person) send(method, path string, header map[string]string, body any) reply {
	p.w.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		must(p.w.t, err)
		r = bytes.NewReader(text)
	}
	req, err := http.NewRequest(method, p.w.url+"/api/v1"+path, r)
	must(p.w.t, err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := p.client.Do(req)
	must(p.w.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(p.w.t, err)
	out := reply{t: p.w.t, status: res.StatusCode, text: string(text), header: res.Header}
	_ = json.Unmarshal(text, &out.body)
	return out
}

// get reads and expects 200.
func (p *person) get(path string) reply {
	p.w.t.Helper()
	return p.send("GET", path, nil, nil).want(http.StatusOK)
}

// open reads a case.
func (p *person) open(id string) reply {
	p.w.t.Helper()
	return p.get("/cases/" + id)
}

// do performs an act on a case with the version it has now.
func (p *person) do(id, act string, body any) reply {
	p.w.t.Helper()
	if body == nil {
		return p.send("POST", "/cases/"+id+"/"+act, map[string]string{"If-Match": p.open(id).header.Get("ETag")}, nil)
	}
	return p.send("POST", "/cases/"+id+"/"+act, map[string]string{"If-Match": p.open(id).header.Get("ETag")}, body)
}

// report makes a staff report and gives its id.
func (p *person) report(unit, narrative string, more map[string]any) string {
	p.w.t.Helper()
	body := map[string]any{"unit_id": unit, "harm": "NEJ", "narrative": narrative}
	for k, v := range more {
		body[k] = v
	}
	return p.send("POST", "/cases", map[string]string{"Idempotency-Key": uuid.NewString()}, body).want(http.StatusCreated).str("id")
}

func (r reply) want(status int) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %s", r.status, status, r.text)
	}
	return r
}

// at walks "a.b.0.c" into the answer.
func (r reply) at(path string) any {
	var v any = r.body
	for part := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[part]
		case []any:
			i := -1
			if _, err := fmt.Sscanf(part, "%d", &i); err != nil || i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func (r reply) str(path string) string {
	s, _ := r.at(path).(string)
	return s
}

func (r reply) list(path string) []any {
	l, _ := r.at(path).([]any)
	return l
}

// action finds an action of a case answer.
func (r reply) action(name string) map[string]any {
	for _, a := range r.list("actions") {
		if m := a.(map[string]any); m["act"] == name {
			return m
		}
	}
	return nil
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
