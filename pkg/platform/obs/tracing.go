package obs

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// TraceOptions of StartTracing.
type TraceOptions struct {
	Endpoint string // of an OTLP receiver over HTTP; empty: no tracing
	Process  string
	Version  string
	Log      *slog.Logger
}

// StartTracing sends spans to the endpoint until stop is called; stop sends what
// is left. Spans carry names, codes and ids from our own source, like the log. A
// receiver that is away costs nothing but its spans.
func StartTracing(ctx context.Context, o TraceOptions) (stop func(context.Context) error, err error) {
	if o.Endpoint == "" {
		return func(context.Context) error { return nil }, nil
	}
	at, err := url.JoinPath(o.Endpoint, "v1/traces")
	if err != nil {
		return nil, fmt.Errorf("obs: the endpoint for traces cannot be read")
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(at))
	if err != nil {
		return nil, fmt.Errorf("obs: traces: %w", err)
	}
	// No detector of hosts and command lines: they tell more than anyone needs.
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter),
		sdktrace.WithResource(resource.NewSchemaless(
			attribute.String("service.name", "lyhord-"+o.Process), attribute.String("service.version", o.Version))),
	)
	otel.SetTracerProvider(provider)
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		o.Log.Warn("traces could not be sent", "err", err) // the handler logs its type, not its text
	}))
	return provider.Shutdown, nil
}
