package obs

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/problem"
)

// facts is what is learnt about a request on its way in.
type facts struct {
	mu     sync.Mutex
	route  string
	tenant uuid.UUID
}

type factsKey struct{}

// SetRoute tells the request log the template of the route that serves ctx's
// request, such as /api/v1/cases/{id}: never the address itself.
func SetRoute(ctx context.Context, route string) {
	if f, ok := ctx.Value(factsKey{}).(*facts); ok {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.route = route
	}
}

// SetTenant tells the request log whose session ctx's request has.
func SetTenant(ctx context.Context, tenant uuid.UUID) {
	if f, ok := ctx.Value(factsKey{}).(*facts); ok {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.tenant = tenant
	}
}

func (f *facts) get(r *http.Request) (route string, tenant uuid.UUID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.route != "":
		return f.route, f.tenant
	case r.Pattern != "": // set by http.ServeMux, "GET /path" or "/path"
		_, path, found := strings.Cut(r.Pattern, " ")
		if !found {
			path = r.Pattern
		}
		return path, f.tenant
	default:
		return "unmatched", f.tenant
	}
}

// RequestLog is the outermost handler: it logs, counts, traces and survives a
// panic.
type RequestLog struct {
	Log       *slog.Logger
	Metrics   *HTTPMetrics
	Clock     clock.Clock
	RequestID func(context.Context) string
}

// Handler wraps next. The request's id must be in the context already.
func (l RequestLog) Handler(next http.Handler) http.Handler {
	tracer := otel.Tracer("lyhord/http")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin, f := l.Clock.Now(), &facts{}
		// The client's own trace is not continued: it could force sampling.
		ctx, span := tracer.Start(context.WithValue(r.Context(), factsKey{}, f), "http",
			trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindServer))
		rec, r2 := &recorder{ResponseWriter: w}, r.WithContext(ctx)
		defer func() {
			aborted := l.survive(rec, r2, recover())
			l.finish(rec, r2, f, span, l.Clock.Now().Sub(begin))
			if aborted {
				panic(http.ErrAbortHandler) // the server closes the connection and logs nothing
			}
		}()
		next.ServeHTTP(rec, r2)
	})
}

// survive answers for a handler that panicked. What it panicked with is not
// logged: it may quote data. Where is enough.
func (l RequestLog) survive(rec *recorder, r *http.Request, cause any) (abort bool) {
	if cause == nil {
		return false
	}
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		return true
	}
	l.Metrics.panics.Inc()
	l.Log.ErrorContext(r.Context(), "request panicked", "request_id", l.RequestID(r.Context()), "at", panicPlace())
	if rec.status != 0 {
		return true // half an answer is out: only a broken connection tells the client
	}
	wire := problem.Internal(nil).Wire(l.RequestID(r.Context()))
	rec.Header().Set("Content-Type", problem.MediaType)
	rec.WriteHeader(wire.Status)
	_ = json.NewEncoder(rec).Encode(wire)
	return false
}

func (l RequestLog) finish(rec *recorder, r *http.Request, f *facts, span trace.Span, took time.Duration) {
	route, tenant := f.get(r)
	method, status := knownMethod(r.Method), rec.status
	if status == 0 {
		status = http.StatusOK
	}
	l.Metrics.requests.Inc(method, route, strconv.Itoa(status))
	l.Metrics.seconds.Took(took, method, route)

	span.SetName(method + " " + route)
	span.SetAttributes(attribute.String("http.request.method", method), attribute.String("http.route", route),
		attribute.Int("http.response.status_code", status), attribute.String("request_id", l.RequestID(r.Context())))
	if status >= 500 {
		span.SetStatus(codes.Error, "")
	}
	span.End()

	attrs := []slog.Attr{
		slog.String("request_id", l.RequestID(r.Context())), slog.String("method", method), slog.String("route", route),
		slog.Int("status", status), slog.Float64("duration_ms", float64(took.Microseconds())/1000), slog.Int64("bytes", rec.bytes),
	}
	if tenant != uuid.Nil {
		attrs = append(attrs, slog.String("tenant_id", tenant.String()))
	}
	l.Log.LogAttrs(r.Context(), slog.LevelInfo, "request", attrs...)
}

// knownMethod keeps made-up methods out of metrics and logs.
func knownMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// panicPlace is the function and line that panicked.
func panicPlace() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	passed := false
	for {
		f, more := frames.Next()
		switch {
		case strings.HasPrefix(f.Function, "runtime."):
			passed = passed || f.Function == "runtime.gopanic"
		case passed:
			return f.Function + ":" + strconv.Itoa(f.Line)
		}
		if !more {
			return ""
		}
	}
}

// recorder notes status and size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 { // 1xx are not the answer yet
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Flush and Unwrap keep streaming and http.ResponseController working.
func (w *recorder) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// Unwrap gives the writer below.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
