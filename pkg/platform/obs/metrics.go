package obs

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is the registry of one process. Names get the prefix lyhord_. Labels
// must be few and from our own source: never an id, never what a person wrote.
type Metrics struct {
	registry *prometheus.Registry
	http     *HTTPMetrics
	dropped  *Counter
}

// NewMetrics makes a registry with the figures of the Go runtime and of the
// process.
func NewMetrics() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.dropped = m.Counter("log_attributes_dropped_total", "Log attributes that are not on the allow-list.")
	m.http = &HTTPMetrics{
		requests: m.Counter("http_requests_total", "HTTP requests by method, route and status.", "method", "route", "status"),
		seconds:  m.Histogram("http_request_seconds", "How long HTTP requests took.", requestBuckets, "method", "route"),
		panics:   m.Counter("http_panics_total", "HTTP requests that panicked."),
	}
	return m
}

// requestBuckets are fine where people notice: from 5 ms to 10 s.
var requestBuckets = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// HTTPMetrics is what the request log counts.
type HTTPMetrics struct {
	requests *Counter
	seconds  *Histogram
	panics   *Counter
}

// HTTP is the figures of the request log.
func (m *Metrics) HTTP() *HTTPMetrics { return m.http }

// Dropped counts a log attribute that was dropped; for NewLogger.
func (m *Metrics) Dropped() { m.dropped.Inc() }

// Counter counts upwards.
type Counter struct{ vec *prometheus.CounterVec }

// Counter registers a counter; twice the same name panics.
func (m *Metrics) Counter(name, help string, labels ...string) *Counter {
	c := &Counter{prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "lyhord", Name: name, Help: help}, labels)}
	m.registry.MustRegister(c.vec)
	if len(labels) == 0 {
		c.vec.WithLabelValues() // visible as 0 from the start, so that an alert can see it rise
	}
	return c
}

// Inc adds one.
func (c *Counter) Inc(values ...string) { c.vec.WithLabelValues(values...).Inc() }

// Add adds n.
func (c *Counter) Add(n float64, values ...string) { c.vec.WithLabelValues(values...).Add(n) }

// Gauge is a figure that goes up and down.
type Gauge struct{ vec *prometheus.GaugeVec }

// Gauge registers a gauge.
func (m *Metrics) Gauge(name, help string, labels ...string) *Gauge {
	g := &Gauge{prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "lyhord", Name: name, Help: help}, labels)}
	m.registry.MustRegister(g.vec)
	return g
}

// Set sets the figure.
func (g *Gauge) Set(n float64, values ...string) { g.vec.WithLabelValues(values...).Set(n) }

// GaugeFunc registers a figure that is read when it is asked for; read must not
// block.
func (m *Metrics) GaugeFunc(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "lyhord", Name: name, Help: help}, read))
}

// Histogram is a distribution.
type Histogram struct{ vec *prometheus.HistogramVec }

// Histogram registers a distribution; no buckets means Prometheus' own.
func (m *Metrics) Histogram(name, help string, buckets []float64, labels ...string) *Histogram {
	h := &Histogram{prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "lyhord", Name: name, Help: help, Buckets: buckets}, labels)}
	m.registry.MustRegister(h.vec)
	return h
}

// Observe adds one observation.
func (h *Histogram) Observe(v float64, values ...string) { h.vec.WithLabelValues(values...).Observe(v) }

// Took adds a duration in seconds.
func (h *Histogram) Took(d time.Duration, values ...string) { h.Observe(d.Seconds(), values...) }

// Registerer is for a package that brings collectors of its own, such as the job
// queue's.
func (m *Metrics) Registerer() prometheus.Registerer { return m.registry }

// Handler answers Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, MaxRequestsInFlight: 4})
}
