//go:build unix

package local

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// PostgresOptions says where and how a private PostgreSQL runs.
type PostgresOptions struct {
	StateDir string            // data, socket, log and password live here
	Fsync    bool              // true for data that shall survive a power cut; false only for throw-away tests
	Settings map[string]string // further server settings; they win over ours
}

// Postgres is a running private cluster.
type Postgres struct {
	opts     PostgresOptions
	install  pgInstall
	acct     account
	dataDir  string
	sockDir  string
	logPath  string
	password string
	owner    *FileLock // nil: adopted, another process owns it

	mu    sync.Mutex
	port  int
	child *child
}

const superuser = "postgres"

// StartPostgres starts the cluster of the state folder, creating it first if
// need be, or adopts it when another process runs it already.
func StartPostgres(ctx context.Context, opts PostgresOptions) (*Postgres, error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	p, err := preparePostgres(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("local PostgreSQL: %w", err)
	}
	if err := p.begin(ctx); err != nil {
		p.owner.Unlock()
		return nil, fmt.Errorf("local PostgreSQL %d: %w", p.install.major, err)
	}
	return p, nil
}

func preparePostgres(ctx context.Context, opts PostgresOptions) (*Postgres, error) {
	state, err := makeStateDir(opts.StateDir)
	if err != nil {
		return nil, err
	}
	opts.StateDir = state
	p := &Postgres{opts: opts}
	if p.acct, err = chooseAccount(ctx); err != nil {
		return nil, err
	}
	if err := p.acct.reach(ctx, state); err != nil {
		return nil, err
	}
	if p.install, err = findPostgres(ctx, state, p.acct); err != nil {
		return nil, err
	}
	name := "pg" + strconv.Itoa(p.install.major)
	p.dataDir = filepath.Join(state, name)
	p.logPath = filepath.Join(state, name+".log")
	p.sockDir, err = socketDir(state, p.acct)
	return p, err
}

func (p *Postgres) begin(ctx context.Context) error {
	start, err := Lock(ctx, p.dataDir+".start")
	if err != nil {
		return err
	}
	defer start.Unlock()
	err = poll(ctx, func() (bool, error) {
		if p.owner, err = TryLock(p.dataDir + ".owner"); err != nil || p.owner != nil {
			return true, err
		}
		pm, ok := p.running()
		p.port = pm.port
		return ok && pm.ready, nil
	})
	if err != nil {
		return err
	}
	if p.owner == nil {
		p.password, err = readSecret(p.passwordPath())
		return err
	}
	if err := p.endLeftOver(ctx); err != nil {
		return err
	}
	if err := p.initCluster(ctx); err != nil {
		return err
	}
	if p.password, err = readSecret(p.passwordPath()); err != nil {
		return err
	}
	return p.launch(ctx)
}

// endLeftOver ends a server whose owner is gone. It is not taken over: it may
// already be on its way down, and it would not end with us.
func (p *Postgres) endLeftOver(ctx context.Context) error {
	pm, ok := p.running()
	if ok {
		alive := func() bool { return runsIn(pm.pid, p.dataDir) }
		if err := endForeign(ctx, pm.pid, syscall.SIGINT, alive); err != nil {
			return fmt.Errorf("end the server left over by an earlier run: %w", err)
		}
	}
	// PostgreSQL's own check believes that the file is live when its pid now
	// belongs to any process of the same user.
	err := os.Remove(filepath.Join(p.dataDir, "postmaster.pid"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// launch starts the server on the known port or a free one and waits until it
// takes connections. Two things pass by themselves and are tried again: the
// free port was taken meanwhile; backends of a killed server are still ending.
func (p *Postgres) launch(ctx context.Context) error {
	for {
		port := p.port
		if port == 0 {
			var err error
			if port, err = FreePort(); err != nil {
				return err
			}
		}
		c, err := p.spawn(port)
		if err != nil {
			return err
		}
		err = poll(ctx, func() (bool, error) {
			if c.ended() {
				return true, fmt.Errorf("the server ended at once: %s", lastLines(p.logPath, 6))
			}
			pm, ok := p.running()
			return ok && pm.ready && pm.pid == c.proc.Pid, nil
		})
		if err == nil {
			p.child = c
			if p.port == 0 { // never written again: others read it while we restart
				p.port = port
			}
			return nil
		}
		passing := strings.Contains(err.Error(), "Address already in use") && p.port == 0 ||
			strings.Contains(err.Error(), "shared memory block")
		if !passing || ctx.Err() != nil {
			c.end(syscall.SIGINT)
			return err
		}
	}
}

func (p *Postgres) spawn(port int) (*child, error) {
	log, err := openLog(p.logPath)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	args := []string{"-D", p.dataDir, "-p", strconv.Itoa(port), "-k", p.sockDir}
	settings := p.settings()
	names := make([]string, 0, len(settings))
	for name := range settings {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		args = append(args, "-c", name+"="+settings[name])
	}
	cmd := exec.Command(p.install.program("postgres"), args...)
	cmd.Dir = p.dataDir
	cmd.Env = serverEnv()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = p.acct.attr(syscall.SIGINT)
	return startChild(cmd)
}

// settings: no row, parameter or statement ever reaches the log, because they
// carry personal data.
func (p *Postgres) settings() map[string]string {
	s := map[string]string{
		"listen_addresses":                  loopback,
		"unix_socket_permissions":           "0700",
		"timezone":                          "UTC",
		"log_timezone":                      "UTC",
		"max_connections":                   "200",
		"log_statement":                     "none",
		"log_min_error_statement":           "panic",
		"log_error_verbosity":               "terse",
		"log_parameter_max_length":          "0",
		"log_parameter_max_length_on_error": "0",
	}
	if !p.opts.Fsync {
		// A killed server loses nothing this way, only a killed machine does:
		// synchronous_commit stays on.
		s["fsync"] = "off"
		s["full_page_writes"] = "off"
		s["max_wal_size"] = "256MB"
	}
	for k, v := range p.opts.Settings {
		s[k] = v
	}
	return s
}

// Stop ends the server and waits for it; an adopted server is left alone.
func (p *Postgres) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.child != nil {
		p.child.end(syscall.SIGINT)
		p.child = nil
	}
	p.owner.Unlock()
}

// Kill is kill -9 of the server and all its backends, for fault tests.
func (p *Postgres) Kill() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.child == nil {
		return ErrNotOwner
	}
	p.child.kill()
	return nil
}

// Restart ends the server if it still runs and starts it on the same port.
func (p *Postgres) Restart(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.child == nil {
		return ErrNotOwner
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	p.child.end(syscall.SIGINT)
	if err := p.endLeftOver(ctx); err != nil {
		return err
	}
	return p.launch(ctx)
}

// Done is closed when the server process ends; nil (blocks for ever) for an
// adopted server. Ask again after Restart.
func (p *Postgres) Done() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.child == nil {
		return nil
	}
	return p.child.done
}

// Adopted tells whether another process owns the server.
func (p *Postgres) Adopted() bool { return p.owner == nil }

// Host is the TCP address the server listens on.
func (p *Postgres) Host() string { return loopback }

// Port is the TCP port the server listens on; it stays over Restart.
func (p *Postgres) Port() int { return p.port }

// SocketDir is the folder of the unix socket.
func (p *Postgres) SocketDir() string { return p.sockDir }

// Major is the PostgreSQL version, for example 15 or 18.
func (p *Postgres) Major() int { return p.install.major }

// SuperDSN connects as the superuser over TCP with its password.
func (p *Postgres) SuperDSN(dbname string) string {
	return p.DSN(superuser, p.password, dbname)
}

// DSN connects as the given database role over TCP.
func (p *Postgres) DSN(role, password, dbname string) string {
	u := url.URL{
		Scheme: "postgres", Path: "/" + dbname, RawQuery: "sslmode=disable",
		User: url.UserPassword(role, password),
		Host: loopback + ":" + strconv.Itoa(p.port),
	}
	return u.String()
}

func (p *Postgres) passwordPath() string { return p.dataDir + ".password" }

// postmaster is what postmaster.pid says.
type postmaster struct {
	pid, port int
	ready     bool
}

// running reads postmaster.pid and checks that the process is our server.
func (p *Postgres) running() (postmaster, bool) {
	b, err := os.ReadFile(filepath.Join(p.dataDir, "postmaster.pid"))
	if err != nil {
		return postmaster{}, false
	}
	lines := strings.Split(string(b), "\n")
	var pm postmaster
	pm.pid, err = strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pm.pid <= 0 || !runsIn(pm.pid, p.dataDir) {
		return postmaster{}, false
	}
	if len(lines) >= 8 {
		pm.port, _ = strconv.Atoi(strings.TrimSpace(lines[3]))
		pm.ready = strings.TrimSpace(lines[7]) == "ready"
	}
	return pm, true
}

// serverEnv keeps our own environment, which may hold secrets or PG* variables,
// away from the server.
func serverEnv() []string {
	env := []string{"LC_ALL=C", "TZ=UTC"}
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		if v := os.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	return env
}
