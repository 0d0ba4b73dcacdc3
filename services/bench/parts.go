//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/obs"
	"lyhord/services/api/server"
	"lyhord/services/worker/runner"
	"lyhord/tenants"
)

// partEnv names the part that this process is; empty for the one that measures.
const partEnv = "BENCH_PART"

// The parts.
const (
	partAPI    = "api"
	partWorker = "worker"
	partBare   = "bare"
)

// runPart serves one part until its parent ends or says so, and tells where it listens.
func runPart(ctx context.Context, part string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // the parent holds the other end of stdin: its end is ours
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	switch part {
	case partAPI:
		return serveAPI(ctx)
	case partWorker:
		return serveWorker(ctx)
	case partBare:
		return serveBare(ctx)
	}
	return fmt.Errorf("no part %q", part)
}

func ready(addr string) { fmt.Println("ready", addr) }

func serveAPI(ctx context.Context) error {
	cfg, err := config.LoadAPI(os.Getenv)
	if err != nil {
		return err
	}
	overlays, err := tenants.Overlays()
	if err != nil {
		return err
	}
	metrics := obs.NewMetrics()
	s, err := server.New(ctx, server.Options{
		Config: cfg, Log: obs.NewLogger(os.Stderr, cfg.LogLevel, metrics.Dropped), Version: "bench", Clock: clock.System{},
		Metrics: metrics, Overlays: overlays, Env: os.Getenv,
	})
	if err != nil {
		return err
	}
	if err := s.Start(); err != nil {
		return err
	}
	ready(s.Addr())
	<-ctx.Done()
	return s.Stop(context.WithoutCancel(ctx))
}

func serveWorker(ctx context.Context) error {
	cfg, err := config.LoadWorker(os.Getenv)
	if err != nil {
		return err
	}
	metrics := obs.NewMetrics()
	r, err := runner.New(ctx, runner.Options{
		Config: cfg, Log: obs.NewLogger(os.Stderr, cfg.LogLevel, metrics.Dropped), Version: "bench", Clock: clock.System{}, Metrics: metrics,
	})
	if err != nil {
		return err
	}
	defer r.Stop()
	if err := r.Start(); err != nil {
		return err
	}
	ready("-")
	<-ctx.Done()
	return nil
}

// part is a running child.
type part struct {
	name  string
	addr  string
	cmd   *exec.Cmd
	stdin io.Closer
	log   io.Closer
}

const partLimit = 30 * time.Second

// startPart starts this program as one of the parts and waits until it is ready.
func (t *town) startPart(ctx context.Context, name string, more map[string]string) (*part, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(filepath.Join(t.dir, name+".log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	p := &part{name: name, log: log, cmd: exec.CommandContext(context.WithoutCancel(ctx), program)}
	p.cmd.Env = append(os.Environ(), partEnv+"="+name)
	for k, v := range t.env {
		p.cmd.Env = append(p.cmd.Env, k+"="+v)
	}
	for k, v := range more {
		p.cmd.Env = append(p.cmd.Env, k+"="+v)
	}
	p.cmd.Stderr = log
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	said := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n')
		said <- line
	}()
	select {
	case line := <-said:
		addr, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
		if !ok {
			p.stop()
			return nil, fmt.Errorf("the %s did not start; its log is in %s", name, t.dir)
		}
		p.addr = addr
		return p, nil
	case <-time.After(partLimit):
		p.stop()
		return nil, fmt.Errorf("the %s did not get ready in %s", name, partLimit)
	}
}

// stop ends the child and waits for it.
func (p *part) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGCONT)
	_ = p.stdin.Close()
	timer := time.AfterFunc(partLimit, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	_ = p.cmd.Wait() // its end is all we want
	_ = p.log.Close()
}

// pause and resume hold a child still and let it go on.
func (p *part) pause()  { _ = p.cmd.Process.Signal(syscall.SIGSTOP) }
func (p *part) resume() { _ = p.cmd.Process.Signal(syscall.SIGCONT) }

// memory is what the child holds now and has held at most, in MB; it fails where there is no /proc.
func (p *part) memory() (now, most float64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(text)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmRSS: %f kB", &kb); err == nil {
			now = kb / 1024
		}
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kb); err == nil {
			most = kb / 1024
		}
	}
	if now == 0 {
		return 0, 0, errors.New("no VmRSS")
	}
	return now, most, nil
}

// answers waits until a path of the part answers 200.
func (p *part) answers(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, partLimit)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.addr+path, nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
}
