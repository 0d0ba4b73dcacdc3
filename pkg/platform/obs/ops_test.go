package obs

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/trace/noop"

	"lyhord/pkg/platform/clock"
)

func TestReadinessAsksWhatIsNeededAndTellsTheRest(t *testing.T) {
	database, redis := error(nil), error(nil)
	ready := NewReadiness(
		Check{Name: "postgres", Needed: true, Ask: func(context.Context) error { return database }},
		Check{Name: "redis", Ask: func(context.Context) error { return redis }},
	)
	ask := func() (int, string) {
		w := httptest.NewRecorder()
		ready.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		return w.Code, strings.TrimSpace(w.Body.String())
	}
	if code, body := ask(); code != 200 || body != `{"ready":true,"checks":{"postgres":"ok","redis":"ok"}}` {
		t.Errorf("%d %s", code, body)
	}
	redis = errors.New(canary)
	if code, body := ask(); code != 200 || body != `{"ready":true,"checks":{"postgres":"ok","redis":"down"}}` {
		t.Errorf("without Redis: %d %s", code, body)
	}
	database = errors.New(canary)
	if code, body := ask(); code != 503 || strings.Contains(body, "Kanarie") {
		t.Errorf("without the database: %d %s", code, body)
	}
	database = nil
	ready.Drain()
	if code, body := ask(); code != 503 || !strings.Contains(body, `"draining":true`) {
		t.Errorf("draining: %d %s", code, body)
	}
}

func TestACheckThatHangsCountsAsDown(t *testing.T) {
	ready := NewReadiness(Check{Name: "x", Needed: true, Ask: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }})
	if answer := ready.ask(t.Context()); answer.Ready || answer.Checks["x"] != "down" {
		t.Errorf("%+v", answer)
	}
}

func TestThePortForOperatorsServesMetricsAndProbes(t *testing.T) {
	var out lines
	s, err := NewOpsServer("127.0.0.1:0", NewMetrics(), NewReadiness(), NewLogger(&out, slog.LevelInfo, nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewOpsServer(s.Addr(), NewMetrics(), NewReadiness(), NewLogger(&out, slog.LevelInfo, nil)); err == nil {
		t.Error("a port in use must be noticed")
	}
	if err := s.Start(); err != nil || s.Start() == nil {
		t.Errorf("it starts once: %v", err)
	}
	for path, want := range map[string]string{"/metrics": "go_goroutines", "/healthz": "ok", "/readyz": `"ready":true`, "/debug/pprof/": "not found"} {
		resp, err := http.Get("http://" + s.Addr() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if !strings.Contains(string(body), want) {
			t.Errorf("%s: %s", path, body)
		}
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(s.Stop)
	}
	all.Wait()
	if _, err := http.Get("http://" + s.Addr() + "/healthz"); err == nil {
		t.Error("it still serves")
	}
	if out.String() != "" {
		t.Errorf("a normal end is not logged: %s", out.String())
	}
}

func TestAPortThatNeverStartedIsGivenBack(t *testing.T) {
	s, err := NewOpsServer("127.0.0.1:0", NewMetrics(), NewReadiness(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s.Stop()
	again, err := NewOpsServer(s.Addr(), NewMetrics(), NewReadiness(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	again.Stop()
}

func TestTracesReachTheReceiverWithoutPersonalData(t *testing.T) {
	var mu sync.Mutex
	var got strings.Builder
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		got.WriteString(r.URL.Path + "\n" + string(body))
	}))
	defer receiver.Close()
	t.Cleanup(func() { otel.SetTracerProvider(noop.NewTracerProvider()) })
	stop, err := StartTracing(t.Context(), TraceOptions{Endpoint: receiver.URL, Process: "api", Version: "1.2.3", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	h, out, _, _ := requestLog(t)
	r := httptest.NewRequest(http.MethodPost, "/cases/19121212-1212?name=Kanarie", strings.NewReader(canary))
	r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	r.Header.Set("User-Agent", canary)
	h.ServeHTTP(httptest.NewRecorder(), r)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/panic", nil))
	if err := stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	for _, want := range []string{"/v1/traces", "lyhord-api", "1.2.3", "POST /cases/{id}", "7K3M-92QX", "GET /panic"} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("%q did not arrive", want)
		}
	}
	for _, secret := range []string{"Kanarie", "1212", "192.0.2"} {
		if strings.Contains(got.String(), secret) {
			t.Errorf("%q arrived", secret)
		}
	}
	id, _ := out.last(t)["trace_id"].(string)
	if len(id) != 32 || id == "0af7651916cd43dd8448eb211c80319c" {
		t.Errorf("the line must carry a trace id of our own, has %q", id)
	}
}

func TestWithoutAnEndpointNothingIsTraced(t *testing.T) {
	stop, err := StartTracing(t.Context(), TraceOptions{})
	if err != nil || stop(t.Context()) != nil {
		t.Error(err)
	}
}

func TestAReceiverThatIsAwayIsOnlyNoticed(t *testing.T) {
	var out lines
	t.Cleanup(func() { otel.SetTracerProvider(noop.NewTracerProvider()) })
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	stop, err := StartTracing(t.Context(), TraceOptions{Endpoint: gone.URL, Process: "api", Log: NewLogger(&out, slog.LevelInfo, nil)})
	if err != nil {
		t.Fatal(err)
	}
	h := RequestLog{
		Log: slog.New(slog.DiscardHandler), Metrics: NewMetrics().HTTP(), Clock: clock.System{},
		RequestID: func(context.Context) string { return "" },
	}.Handler(http.NotFoundHandler())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != 404 {
		t.Errorf("%d", w.Code)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	_ = stop(ctx)
	if strings.Contains(out.String(), gone.URL) {
		t.Errorf("the address is logged: %s", out.String())
	}
}
