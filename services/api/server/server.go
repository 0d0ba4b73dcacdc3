// Package server puts the api together: the database doors, the domains, the HTTP edge. The wiring is plain assignment,
// top to bottom. It must not hold a rule of its own. The demo runs the same server in its own process.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/casework"
	"lyhord/pkg/dialogue"
	"lyhord/pkg/identity"
	"lyhord/pkg/insight"
	"lyhord/pkg/lexsarah"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/blob"
	"lyhord/pkg/platform/cache"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/obs"
	"lyhord/pkg/platform/seal"
	"lyhord/pkg/record"
	"lyhord/pkg/register"
)

// Options are what differs between production and the demo.
type Options struct {
	Config       config.API
	Log          *slog.Logger
	Version      string
	Clock        clock.Clock
	Metrics      *obs.Metrics
	Overlays     map[string]string // tenant slug -> policy overlay
	DemoPassword string            // demo only
	DemoMails    http.Handler      // demo only: the mails that were sent
	Env          func(string) string
}

// Server is a running api.
type Server struct {
	o       Options
	db      *db.DB
	redis   *cache.Client
	bell    *jobs.Bell
	http    *http.Server
	listen  net.Listener
	ops     *obs.OpsServer
	ready   *obs.Readiness
	api     *httpx.API
	done    chan struct{}
	tracing func(context.Context) error
}

// New connects everything and checks that policy and operations agree; nothing is served yet.
func New(ctx context.Context, o Options) (*Server, error) {
	s := &Server{o: o, done: make(chan struct{})}
	if err := s.connect(ctx); err != nil {
		s.close()
		return nil, err
	}
	handler, err := s.handler()
	if err == nil {
		err = s.api.CheckPolicy()
	}
	if err == nil {
		s.listen, err = net.Listen("tcp", o.Config.Listen)
	}
	if err == nil && o.Config.MetricsListen != "" {
		s.ops, err = obs.NewOpsServer(o.Config.MetricsListen, o.Metrics, s.ready, o.Log)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	s.http = httpx.NewServer(o.Config.Listen, handler)
	s.http.ErrorLog = obs.ErrorLog(o.Log)
	return s, nil
}

func (s *Server) connect(ctx context.Context) (err error) {
	c := s.o.Config
	s.db, err = db.Open(ctx, map[authz.Door]string{
		authz.DoorAPI: c.DSN.API.Reveal(), authz.DoorLogin: c.DSN.Login.Reveal(), authz.DoorIntake: c.DSN.Intake.Reveal(), authz.DoorInsight: c.DSN.Insight.Reveal(),
	})
	if err != nil {
		return err
	}
	if err := s.db.Sound(ctx, authz.DoorAPI); err != nil {
		return err
	}
	s.redis = cache.Connect(c.Redis) // Redis may be away: limits fall back, the bell is only a door-bell
	s.bell = jobs.NewBell(c.Redis)
	s.tracing, err = obs.StartTracing(ctx, obs.TraceOptions{Endpoint: c.OTLPEndpoint, Process: "api", Version: s.o.Version, Log: s.o.Log})
	s.ready = obs.NewReadiness(
		obs.Check{Name: "postgres", Needed: true, Ask: func(ctx context.Context) error { return s.db.Ping(ctx, authz.DoorAPI) }},
		obs.Check{Name: "redis", Ask: s.redis.Ping},
	)
	return err
}

// handler wires the domains and the edge.
func (s *Server) handler() (http.Handler, error) {
	o, c := s.o, s.o.Config
	secret := []byte(c.CookieSecret.Reveal())
	root, err := seal.LoadRoot(c.RootKeyFile)
	if err != nil {
		return nil, err
	}
	policy, err := authz.LoadPolicy(o.Overlays)
	if err != nil {
		return nil, err
	}
	cursors, err := httpx.NewCursors(secret)
	if err != nil {
		return nil, err
	}
	limiter, err := cache.NewLimiter(s.redis, cache.LimiterOptions{Secret: secret, Clock: o.Clock, Fallback: s.fallback()})
	if err != nil {
		return nil, err
	}
	ring := seal.NewRing(root, keys(s.db, authz.DoorAPI))
	orgs := org.New(s.db, o.Clock)
	people := identity.New(s.db, policy, identity.Options{
		Clock: o.Clock, IDs: id.Random{}, Log: o.Log, Limiter: limiter, ClientIP: clientIP, Secret: o.Env, PublicURL: address(c.Public.URL),
		Secure: c.Public.HTTPS(), DemoPassword: o.DemoPassword, NetworkKey: secret,
	})
	cases := casework.New(casework.Deps{
		DB: s.db, Ring: ring, Clock: o.Clock, IDs: id.Random{}, Policy: policy, Org: orgs, Cursors: cursors, Wake: s.bell.Ring,
	})
	lex := lexsarah.New(lexsarah.Deps{
		DB: s.db, Ring: ring, Clock: o.Clock, IDs: id.Random{}, Policy: policy, Org: orgs, Cases: cases, Cursors: cursors, Wake: s.bell.Ring,
	})
	diary := register.New(register.Deps{DB: s.db, Cursors: cursors, Clock: o.Clock, Org: orgs, Ring: ring})
	papers, err := s.papers(ring, orgs)
	if err != nil {
		return nil, err
	}
	talk := dialogue.New(s.db, ring, o.Clock, id.Random{}, slowly{limiter})
	trail := audit.New(audit.Deps{DB: s.db, Ring: ring, Clock: o.Clock, IDs: id.Random{}, Cursors: cursors, Wake: s.bell.Ring})
	figures := insight.New(s.db, o.Clock)

	engine, err := httpx.NewEngine(c.TrustedProxies, obs.SetRoute)
	if err != nil {
		return nil, err
	}
	httpx.Addresses(engine)
	s.api = httpx.New(httpx.Options{
		Engine: engine, Policy: policy, Authenticate: people.Read, Secure: c.Public.HTTPS(), Version: o.Version, Log: o.Log, Seen: seen,
		Refused: s.writeDown,
	})
	front := frontDoor{orgs: orgs, cases: cases}
	for _, domain := range []interface{ Routes(*httpx.API) }{people, orgs, cases, lex, diary, papers, figures, trail} {
		domain.Routes(s.api)
	}
	talk.Routes(s.api, front, dialogue.NewPlaces(o.Clock))
	front.Routes(s.api, limiter)
	return s.edge(engine, front, talk, limiter), nil
}

// address is where people reach this, empty where nobody has said.
func address(u *url.URL) string {
	if u == nil {
		return ""
	}
	return u.String()
}

// papers wires the documents of cases.
func (s *Server) papers(ring *seal.Ring, orgs *org.Service) (*record.Service, error) {
	files, err := blob.Open(s.o.Config.Files)
	if err != nil {
		return nil, err
	}
	return record.New(record.Deps{DB: s.db, Ring: ring, Clock: s.o.Clock, IDs: id.Random{}, Org: orgs, Files: files, Wake: s.bell.Ring}), nil
}

// Addr is where the server listens.
func (s *Server) Addr() string { return s.listen.Addr().String() }

// OpenAPI is the document of all operations.
func (s *Server) OpenAPI() ([]byte, error) { return s.api.OpenAPI() }

// Start serves until Stop.
func (s *Server) Start() error {
	if s.ops != nil {
		if err := s.ops.Start(); err != nil {
			return err
		}
	}
	go func() {
		defer close(s.done)
		if err := s.http.Serve(s.listen); !errors.Is(err, http.ErrServerClosed) {
			s.o.Log.Error("the api ended", "cause", fmt.Sprintf("%T", err))
		}
	}()
	return nil
}

// Stop lets requests under way finish, then closes everything.
func (s *Server) Stop(ctx context.Context) error {
	s.ready.Drain()
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	err := s.http.Shutdown(ctx)
	<-s.done
	if s.ops != nil {
		s.ops.Stop()
	}
	s.close()
	return err
}

func (s *Server) close() {
	if s.listen != nil {
		_ = s.listen.Close()
	}
	if s.bell != nil {
		s.bell.Stop()
	}
	if s.redis != nil {
		_ = s.redis.Close()
	}
	if s.db != nil {
		s.db.Close()
	}
	if s.tracing != nil {
		_ = s.tracing(context.Background())
	}
}

// keys reads a tenant's wrapped keys for the ring, through a door of this process.
func keys(d *db.DB, door authz.Door) seal.Loader {
	return func(ctx context.Context, tenant uuid.UUID) ([]seal.WrappedKey, error) {
		var (
			b    db.Batch
			rows []struct {
				Version int    `db:"version"`
				Wrapped []byte `db:"wrapped"`
			}
		)
		db.Collect(&b, `select version, wrapped from sec.wrapped_keys(@tenant)`, db.Args{"tenant": tenant}, &rows)
		if err := d.Once(ctx, authz.NoTenant(door), &b); err != nil {
			return nil, err
		}
		out := make([]seal.WrappedKey, len(rows))
		for i, r := range rows {
			out[i] = seal.WrappedKey{Version: r.Version, Wrapped: r.Wrapped}
		}
		return out, nil
	}
}

func (s *Server) fallback() func(string, bool) {
	n := s.o.Metrics.Counter("limits_without_redis_total", "Rate limit decisions made without Redis.", "limit")
	return func(limit string, _ bool) { n.Inc(limit) }
}
