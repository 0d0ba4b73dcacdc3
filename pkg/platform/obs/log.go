// Package obs lets operators see what the processes do without seeing anything
// about people: structured logs, metrics, traces, probes and the port they are
// read from. It is the only importer of Prometheus.
//
// Logs carry only attributes of the allow-list, and none of them text that a
// person wrote: no address, no query string, no body, no client address, no
// error text. What is not on the list is dropped and counted, so that a careless
// line costs a number and not a leak.
//
// It is tested by canaries that must not come out of a log, a metric or a trace,
// by real HTTP, and by a real receiver of traces.
package obs

import (
	"context"
	"io"
	"log"
	"log/slog"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/trace"

	"lyhord/pkg/platform/problem"
)

// allowed is every attribute that may be logged. Each holds an id, a code, a
// number or a name from our own source.
var allowed = map[string]bool{
	"process": true, "version": true, "addr": true, "state": true, "at": true, "reason": true,
	"request_id": true, "tenant_id": true, "method": true, "route": true, "status": true, "duration_ms": true, "bytes": true,
	"code": true, "sqlstate": true, "constraint": true, "table": true, "cause": true,
	"kind": true, "job": true, "queue": true, "attempt": true, "attempts": true, "count": true, "due_at": true,
	"limit": true, "check": true, "migration": true, "tenant": true, "setting": true, "trace_id": true,
}

// longest is how much of a value is logged: names and codes are short.
const longest = 200

// NewLogger writes one JSON object for each line to w. dropped is told of each
// attribute that was not let through; it may be nil.
func NewLogger(w io.Writer, level slog.Leveler, dropped func()) *slog.Logger {
	if dropped == nil {
		dropped = func() {}
	}
	return slog.New(&filter{next: slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}), dropped: dropped})
}

// filter passes on what is allowed. Groups are flattened: a name inside a group
// is judged like any other.
type filter struct {
	next    slog.Handler
	dropped func()
}

func (f *filter) Enabled(ctx context.Context, l slog.Level) bool { return f.next.Enabled(ctx, l) }

func (f *filter) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, shorten(r.Message), 0)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(f.clean(a)...)
		return true
	})
	if s := trace.SpanContextFromContext(ctx); s.HasTraceID() && s.IsSampled() {
		clean.AddAttrs(slog.String("trace_id", s.TraceID().String()))
	}
	return f.next.Handle(ctx, clean)
}

func (f *filter) WithAttrs(attrs []slog.Attr) slog.Handler {
	var clean []slog.Attr
	for _, a := range attrs {
		clean = append(clean, f.clean(a)...)
	}
	return &filter{next: f.next.WithAttrs(clean), dropped: f.dropped}
}

func (f *filter) WithGroup(string) slog.Handler { return f }

// clean gives what of an attribute may be logged.
func (f *filter) clean(a slog.Attr) []slog.Attr {
	v := a.Value.Resolve()
	if v.Kind() == slog.KindGroup {
		var all []slog.Attr
		for _, below := range v.Group() {
			all = append(all, f.clean(below)...)
		}
		return all
	}
	if a.Equal(slog.Attr{}) {
		return nil
	}
	if err, ok := v.Any().(error); ok { // its text may quote anyone; its problem does not
		return problem.From(err).LogAttrs()
	}
	if !allowed[a.Key] {
		f.dropped()
		return nil
	}
	switch v.Kind() {
	case slog.KindString:
		return []slog.Attr{slog.String(a.Key, shorten(v.String()))}
	case slog.KindAny:
		if id, ok := v.Any().(uuid.UUID); ok {
			return []slog.Attr{slog.String(a.Key, id.String())}
		}
		f.dropped()
		return nil
	default: // numbers, truths, times and durations
		return []slog.Attr{{Key: a.Key, Value: v}}
	}
}

func shorten(s string) string {
	if len(s) <= longest {
		return s
	}
	s = s[:longest]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s
}

// ErrorLog is for http.Server.ErrorLog. The server's own lines hold client
// addresses and the text of panics, so only the kind of complaint is passed on.
func ErrorLog(to *slog.Logger) *log.Logger { return log.New(complaints{to}, "", 0) }

type complaints struct{ to *slog.Logger }

func (c complaints) Write(line []byte) (int, error) {
	reason := "other"
	for _, known := range [...]string{"TLS handshake error", "panic serving", "Accept error", "superfluous response.WriteHeader"} {
		if strings.Contains(string(line), known) {
			reason = known
		}
	}
	c.to.Warn("the HTTP server complains", "reason", reason)
	return len(line), nil
}
