//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"lyhord/pkg/platform/local"
)

const (
	systemReady = "Lyhörd är redo"
	startLimit  = 5 * time.Minute
	stopLimit   = 30 * time.Second
)

// withSystem builds and starts services/demo on a free port with a state folder
// of its own and calls use with the variables of its demo.env. What the demo
// says goes to logDir.
func withSystem(logDir string, use func(env []string) (int, error)) (int, error) {
	dir, lock, err := makeScratch(local.ScratchRoot())
	if err != nil {
		return codeServer, err
	}
	defer lock.Unlock()
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "demo")
	build := exec.Command("go", "build", "-o", program, "./services/demo")
	build.Stdout, build.Stderr = os.Stdout, os.Stderr
	if err := build.Run(); err != nil {
		return codeServer, fmt.Errorf("build services/demo: %w", err)
	}
	port, err := local.FreePort()
	if err != nil {
		return codeServer, err
	}
	state := filepath.Join(dir, "state")
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), "PORT="+strconv.Itoa(port), "LYHORD_STATE="+state)
	log, err := createLog(logDir)
	if err != nil {
		return codeServer, err
	}
	defer log.Close()
	ended, err := startSystem(cmd, log)
	if err != nil {
		return codeServer, err
	}
	defer endSystem(cmd, ended)
	env, err := readEnvFile(filepath.Join(state, "demo.env"))
	if err != nil {
		return codeServer, err
	}
	return use(env)
}

func createLog(dir string) (*os.File, error) {
	if dir == "" {
		return os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	return os.OpenFile(filepath.Join(dir, "demo.log"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
}

// startSystem waits until the demo says that it is ready; if it never does, the
// error holds what it said.
func startSystem(cmd *exec.Cmd, log io.Writer) (ended <-chan struct{}, err error) {
	watch := &readyWatch{log: log, ready: make(chan struct{})}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stdout, cmd.Stderr = watch, watch
	cmd.WaitDelay = 10 * time.Second // something left running may hold our pipe
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the demo: %w", err)
	}
	gone := make(chan struct{})
	go func() { _ = cmd.Wait(); close(gone) }()
	select {
	case <-watch.ready:
		return gone, nil
	case <-gone:
		return nil, fmt.Errorf("start the demo: it ended: %s", watch.said.String())
	case <-time.After(startLimit):
		endSystem(cmd, gone)
		return nil, fmt.Errorf("start the demo: not ready after %v: %s", startLimit, watch.said.String())
	}
}

// readyWatch passes output on and closes ready when the demo says so.
type readyWatch struct {
	log   io.Writer
	said  strings.Builder // until ready
	ready chan struct{}
	done  bool
}

func (w *readyWatch) Write(p []byte) (int, error) {
	if !w.done {
		w.said.Write(p)
		if strings.Contains(w.said.String(), systemReady) {
			w.done = true
			close(w.ready)
		}
	}
	return w.log.Write(p)
}

func endSystem(cmd *exec.Cmd, ended <-chan struct{}) {
	_ = cmd.Process.Signal(os.Interrupt)
	select {
	case <-ended:
	case <-time.After(stopLimit):
		fmt.Fprintf(os.Stderr, "testenv: the demo did not end within %v and is killed\n", stopLimit)
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
	}
}

// readEnvFile reads NAME=value lines; quotes around a value are left out.
func readEnvFile(path string) ([]string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var env []string
	for line := range strings.Lines(string(b)) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "export ")
		name, value, ok := strings.Cut(line, "=")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		env = append(env, name+"="+strings.Trim(value, `"'`))
	}
	return env, nil
}
