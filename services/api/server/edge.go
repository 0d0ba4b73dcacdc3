package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"lyhord/pkg/audit"
	"lyhord/pkg/dialogue"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/cache"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/obs"
	"lyhord/pkg/platform/problem"
	"lyhord/services/web"
	"lyhord/services/web/public"
)

// edge is what a request passes before it reaches an operation or a page, outermost first: id, log, protection against
// forged requests, headers, size.
func (s *Server) edge(engine *httpx.Engine, front frontDoor, talk *dialogue.Service, limiter *cache.Limiter) http.Handler {
	https := s.o.Config.Public.HTTPS()
	site := public.New(public.Deps{
		Tenants: front, Units: front, Intake: front, Receipts: talk, Limits: slowly{limiter}, Clock: s.o.Clock, Log: s.o.Log,
		Address: func(r *http.Request) string { return httpx.Address(r.Context()) },
	})
	app := httpx.Headers(httpx.HeaderOptions{Profile: httpx.ProfileApp, HTTPS: https}, web.App())
	files := httpx.Headers(httpx.HeaderOptions{Profile: httpx.ProfilePublic, HTTPS: https}, web.Static())
	httpx.Mount(engine, "/t/*path", site)
	httpx.Mount(engine, "/app/*path", app)
	httpx.Mount(engine, "/app", http.RedirectHandler("/app/", http.StatusMovedPermanently))
	httpx.Mount(engine, "/static/*path", files)
	if s.o.DemoMails != nil {
		httpx.Mount(engine, "/dev/mail", s.o.DemoMails)
		httpx.Mount(engine, "/dev/mail/*path", s.o.DemoMails)
	}
	httpx.Otherwise(engine, s.missing(site))

	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { httpx.WriteProblem(w, r, problem.Forbidden()) }))
	var h http.Handler = engine
	h = cross.Handler(h)
	h = httpx.Headers(httpx.HeaderOptions{Profile: httpx.ProfileData, HTTPS: https}, h)
	h = httpx.LimitBody(func(*http.Request) int64 { return 1 << 20 }, h)
	h = obs.RequestLog{Log: s.o.Log, Metrics: s.o.Metrics.HTTP(), Clock: s.o.Clock, RequestID: httpx.RequestID}.Handler(h)
	return httpx.CloseChunked(s.probes(httpx.IdentifyRequests(h)))
}

// probes are answered before the log: they come every few seconds and say nothing about anybody. What the process needs and
// whether it has it (/readyz) stands on the port of the metrics; here only where there is no such port.
func (s *Server) probes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/healthz":
			obs.Alive(w, r)
		case r.URL.Path == "/readyz" && s.o.Config.MetricsListen == "":
			s.ready.ServeHTTP(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// missing answers what no route knows: a problem below /api, the front page at /, and a page in the public look elsewhere.
func (s *Server) missing(site http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/":
			http.Redirect(w, r, "/t/", http.StatusFound)
		case strings.HasPrefix(r.URL.Path, "/api/"):
			httpx.WriteProblem(w, r, problem.NotFound())
		default:
			site.ServeHTTP(w, r)
		}
	})
}

func clientIP(ctx context.Context) string { return httpx.Address(ctx) }

func seen(ctx context.Context, actor authz.Actor) { obs.SetTenant(ctx, actor.Tenant) }

// writeDown keeps what was refused in the trail. Nothing was shown, so a trail that cannot be written refuses no more than
// that; but somebody must know.
func (s *Server) writeDown(ctx context.Context, actor authz.Actor, r httpx.Refusal) {
	if err := audit.Refused(context.WithoutCancel(ctx), s.db, actor, r); err != nil {
		problem.Log(ctx, s.o.Log, "a refusal was not written down", problem.Internal(err))
	}
}

// slowly lets the dialogue and the public form count by the limiter.
type slowly struct{ limiter *cache.Limiter }

// Allow says how long to wait; zero is no wait.
func (s slowly) Allow(ctx context.Context, key string, most int, per time.Duration) (time.Duration, error) {
	d := s.limiter.Allow(ctx, cache.Limit{Name: "public", Rate: most, Period: per}, key)
	if d.Allowed {
		return 0, nil
	}
	return d.RetryAfter, nil
}
