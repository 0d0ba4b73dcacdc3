package obs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/problem"
)

const canary = "Asta Kanarie 19121212-1212"

// lines is a log that tests read back; it is safe for concurrent use.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *lines) last(t *testing.T) map[string]any {
	t.Helper()
	all := strings.Split(strings.TrimSpace(l.String()), "\n")
	var m map[string]any
	if err := json.Unmarshal([]byte(all[len(all)-1]), &m); err != nil {
		t.Fatalf("%v in %q", err, all)
	}
	return m
}

// secretive answers in every way a logger may ask.
type secretive struct{ Name string }

func (secretive) String() string { return canary }
func (secretive) LogValue() slog.Value {
	return slog.GroupValue(slog.String("name", canary), slog.Int("count", 3))
}
func (s secretive) MarshalJSON() ([]byte, error) { return []byte(`"` + canary + `"`), nil }

func TestOnlyWhatIsAllowedIsLogged(t *testing.T) {
	var out lines
	dropped := 0
	log := NewLogger(&out, slog.LevelInfo, func() { dropped++ })
	tenant := uuid.New()
	log.With("name", canary, "process", "api").WithGroup("person").Info("something happened",
		"email", canary, "kind", "mail", "tenant_id", tenant, "count", 7, "due_at", time.Unix(0, 0).UTC(),
		"error", errors.New(canary), "state", secretive{canary}, slog.Group("inner", "text", canary, "code", "x"),
		"queue", struct{ A string }{canary}, "route", []string{canary}, slog.Any("at", fmt.Sprint), "attempt", nil)
	if strings.Contains(out.String(), "Kanarie") || strings.Contains(out.String(), "1212") {
		t.Fatalf("leaked: %s", out.String())
	}
	m := out.last(t)
	if m["process"] != "api" || m["kind"] != "mail" || m["tenant_id"] != tenant.String() || m["count"] != 3.0 && m["count"] != 7.0 || m["cause"] != "*errors.errorString" {
		t.Errorf("%v", m)
	}
	if dropped != 8 { // name, email, the name inside state, text, queue, route, at, attempt
		t.Errorf("%d dropped", dropped)
	}
}

func TestADatabaseErrorIsLoggedByItsThreeSafeFacts(t *testing.T) {
	var out lines
	p := problem.FromPG("23514", "report_text_check", "report").WithCause(errors.New(canary))
	NewLogger(&out, slog.LevelInfo, nil).Error("failed", "err", fmt.Errorf("saving %s: %w", canary, p))
	m := out.last(t)
	if m["sqlstate"] != "23514" || m["constraint"] != "report_text_check" || m["table"] != "report" || strings.Contains(out.String(), "Kanarie") {
		t.Errorf("%v", m)
	}
}

func TestLongValuesAreCutAndLevelsAreKept(t *testing.T) {
	var out lines
	log := NewLogger(&out, slog.LevelWarn, nil)
	log.Info("quiet")
	if out.String() != "" {
		t.Error("info is below the level")
	}
	log.Warn(strings.Repeat("å", 500), "reason", strings.Repeat("ö", 500))
	if m := out.last(t); len(m["msg"].(string)) > longest || len(m["reason"].(string)) > longest || strings.ContainsRune(m["reason"].(string), '\ufffd') {
		t.Errorf("%v", m)
	}
}

func TestTheServersOwnComplaintsLoseAddressAndText(t *testing.T) {
	var out lines
	ErrorLog(NewLogger(&out, slog.LevelInfo, nil)).Print("http: panic serving 192.0.2.7:4711: " + canary)
	if m := out.last(t); m["reason"] != "panic serving" || strings.Contains(out.String(), "192.0.2.7") || strings.Contains(out.String(), "Kanarie") {
		t.Errorf("%v", m)
	}
}

// requestLog is a RequestLog on a mux with a few routes.
func requestLog(t *testing.T) (http.Handler, *lines, *Metrics, uuid.UUID) {
	t.Helper()
	out, m, tenant := &lines{}, NewMetrics(), uuid.New()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /cases/{id}", func(w http.ResponseWriter, r *http.Request) {
		SetTenant(r.Context(), tenant)
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "made")
	})
	mux.HandleFunc("GET /own", func(_ http.ResponseWriter, r *http.Request) { SetRoute(r.Context(), "/api/{named}") })
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic(canary) })
	mux.HandleFunc("GET /half", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic(errors.New(canary))
	})
	mux.HandleFunc("GET /abort", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	mux.HandleFunc("GET /stream", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "a")
		w.(http.Flusher).Flush()
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Error(err)
		}
	})
	l := RequestLog{
		Log: NewLogger(out, slog.LevelInfo, m.Dropped), Metrics: m.HTTP(), Clock: clock.System{},
		RequestID: func(context.Context) string { return "7K3M-92QX" },
	}
	return l.Handler(mux), out, m, tenant
}

func TestARequestIsLoggedWithoutAddressQueryBodyOrClient(t *testing.T) {
	h, out, m, tenant := requestLog(t)
	r := httptest.NewRequest(http.MethodPost, "/cases/19121212-1212?name=Kanarie", strings.NewReader(canary))
	r.RemoteAddr = "192.0.2.7:4711"
	r.Header.Set("User-Agent", canary)
	r.Header.Set("X-Forwarded-For", "192.0.2.8")
	h.ServeHTTP(httptest.NewRecorder(), r)
	line := out.last(t)
	for key, want := range map[string]any{
		"msg": "request", "method": "POST", "route": "/cases/{id}", "status": 201.0, "bytes": 4.0,
		"request_id": "7K3M-92QX", "tenant_id": tenant.String(),
	} {
		if line[key] != want {
			t.Errorf("%s: %v, want %v", key, line[key], want)
		}
	}
	if _, ok := line["duration_ms"].(float64); !ok {
		t.Error("no duration")
	}
	all := out.String() + metricsText(t, m)
	for _, secret := range []string{"Kanarie", "1212", "192.0.2", "name="} {
		if strings.Contains(all, secret) {
			t.Errorf("%s leaked:\n%s", secret, out.String())
		}
	}
	if !strings.Contains(all, `lyhord_http_requests_total{method="POST",route="/cases/{id}",status="201"} 1`) {
		t.Error("the request is not counted")
	}
}

func TestTheRouteIsATemplateOrUnmatched(t *testing.T) {
	h, out, _, _ := requestLog(t)
	for path, want := range map[string]string{"/own": "/api/{named}", "/Kanarie": "unmatched"} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
		if got := out.last(t)["route"]; got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("KANARIE", "/own", nil))
	if got := out.last(t)["method"]; got != "other" {
		t.Errorf("%v", got)
	}
}

func TestAPanicIsAnsweredCountedAndNotQuoted(t *testing.T) {
	h, out, m, _ := requestLog(t)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/panic", nil))
	if w.Code != 500 || !strings.Contains(w.Body.String(), `"instance":"7K3M-92QX"`) || w.Header().Get("Content-Type") != problem.MediaType {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(out.String(), `"at":"lyhord/pkg/platform/obs.requestLog.func`) || strings.Contains(out.String()+w.Body.String(), "Kanarie") {
		t.Errorf("%s", out.String())
	}
	if !strings.Contains(metricsText(t, m), "lyhord_http_panics_total 1") {
		t.Error("not counted")
	}
}

func TestAPanicInHalfAnAnswerBreaksTheConnection(t *testing.T) {
	h, out, _, _ := requestLog(t)
	server := httptest.NewServer(h)
	defer server.Close()
	for _, path := range []string{"/half", "/abort"} {
		resp, err := http.Get(server.URL + path)
		if err == nil {
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		if err == nil {
			t.Errorf("%s: the client must notice", path)
		}
	}
	if strings.Contains(out.String(), "Kanarie") || strings.Count(out.String(), "request panicked") != 1 {
		t.Errorf("%s", out.String())
	}
}

func TestStreamingStillWorksBehindTheLog(t *testing.T) {
	h, out, _, _ := requestLog(t)
	server := httptest.NewServer(h)
	resp, err := http.Get(server.URL + "/stream")
	if err != nil || resp.StatusCode != 200 {
		t.Fatal(err)
	}
	resp.Body.Close()
	server.Close() // waits until the request is logged
	if out.last(t)["status"] != 200.0 {
		t.Error(out.String())
	}
}

func metricsText(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

func TestMetricsOfAllKindsAreShown(t *testing.T) {
	m := NewMetrics()
	m.Counter("a_total", "A.", "kind").Add(2, "x")
	m.Counter("zero_total", "Z.")
	m.Gauge("b", "B.").Set(3)
	m.GaugeFunc("c", "C.", func() float64 { return 4 })
	m.Histogram("d_seconds", "D.", []float64{1}, "kind").Took(500*time.Millisecond, "y")
	m.Dropped()
	text := metricsText(t, m)
	for _, want := range []string{
		`lyhord_a_total{kind="x"} 2`, "lyhord_zero_total 0", "lyhord_b 3", "lyhord_c 4", `lyhord_d_seconds_sum{kind="y"} 0.5`,
		"lyhord_log_attributes_dropped_total 1", "go_goroutines",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not shown", want)
		}
	}
}
