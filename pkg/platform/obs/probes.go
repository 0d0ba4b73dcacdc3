package obs

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Check is something a process needs, or would like to have, to serve.
type Check struct {
	Name string
	// Needed: without it the process is not ready. Otherwise its absence is only
	// told, so that operators see what runs in a lesser way.
	Needed bool
	Ask    func(context.Context) error
}

// checkPatience is how long a check may take before it counts as failed.
const checkPatience = time.Second

// Readiness answers /readyz.
type Readiness struct {
	checks   []Check
	draining atomic.Bool
}

// NewReadiness makes a Readiness of the checks.
func NewReadiness(checks ...Check) *Readiness { return &Readiness{checks: checks} }

// Drain makes the process not ready, before it stops: the load balancer sends
// new requests elsewhere while the present ones finish.
func (r *Readiness) Drain() { r.draining.Store(true) }

type readyAnswer struct {
	Ready    bool              `json:"ready"`
	Draining bool              `json:"draining,omitempty"`
	Checks   map[string]string `json:"checks"`
}

func (r *Readiness) ask(ctx context.Context) readyAnswer {
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	draining := r.draining.Load()
	answer := readyAnswer{Ready: !draining, Draining: draining, Checks: map[string]string{}}
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, c := range r.checks {
		all.Go(func() {
			err := c.Ask(ctx)
			mu.Lock()
			defer mu.Unlock()
			answer.Checks[c.Name] = "ok"
			if err != nil {
				answer.Checks[c.Name] = "down"
				answer.Ready = answer.Ready && !c.Needed
			}
		})
	}
	all.Wait()
	return answer
}

func (r *Readiness) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	answer := r.ask(req.Context())
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !answer.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// Alive answers /healthz: the process runs and answers. It asks nothing else, or
// a database that is away would make the cluster restart every process.
func Alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n"))
}

// OpsServer is the port for operators: /metrics, /healthz and /readyz. It must
// not be reachable from the internet.
type OpsServer struct {
	server *http.Server
	listen net.Listener
	log    *slog.Logger
	done   chan struct{}

	mu    sync.Mutex
	state int // 0 new, 1 started, 2 stopped
}

// NewOpsServer takes the port, so that a port in use is noticed at once.
func NewOpsServer(addr string, m *Metrics, ready *Readiness, log *slog.Logger) (*OpsServer, error) {
	listen, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	mux.HandleFunc("GET /healthz", Alive)
	mux.Handle("GET /readyz", ready)
	return &OpsServer{
		listen: listen, log: log, done: make(chan struct{}),
		server: &http.Server{
			Handler: mux, ErrorLog: ErrorLog(log), ReadHeaderTimeout: 3 * time.Second, ReadTimeout: 10 * time.Second,
			WriteTimeout: 20 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		},
	}, nil
}

// Addr is where it listens.
func (s *OpsServer) Addr() string { return s.listen.Addr().String() }

// Start begins to serve.
func (s *OpsServer) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != 0 {
		return errors.New("obs: the port for operators starts once")
	}
	s.state = 1
	go func() {
		defer close(s.done)
		if err := s.server.Serve(s.listen); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("the port for operators ended", "err", err)
		}
	}()
	return nil
}

// Stop ends it and returns when nothing of it is left. It may be called any
// number of times.
func (s *OpsServer) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.state {
	case 0:
		_ = s.listen.Close()
	case 1:
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if s.server.Shutdown(ctx) != nil {
			_ = s.server.Close()
		}
		<-s.done
	}
	s.state = 2
}
