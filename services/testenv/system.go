//go:build unix

package main

import (
	"bufio"
	"errors"
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
// of its own and calls use with the variables of its demo.env.
func withSystem(use func(env []string) (int, error)) (int, error) {
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
	ended, err := startSystem(cmd)
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

// startSystem waits until the demo says that it is ready. What it says before
// is shown only if it never does.
func startSystem(cmd *exec.Cmd) (ended <-chan struct{}, err error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = w, w
	err = cmd.Start()
	_ = w.Close()
	if err != nil {
		return nil, fmt.Errorf("start the demo: %w", err)
	}
	gone := make(chan struct{})
	go func() { _ = cmd.Wait(); close(gone) }()
	ready := make(chan string, 1)
	go func() {
		var said strings.Builder
		lines := bufio.NewReader(r)
		for {
			line, err := lines.ReadString('\n')
			said.WriteString(line)
			if strings.Contains(line, systemReady) {
				ready <- ""
				break
			}
			if err != nil {
				ready <- "it ended: " + said.String()
				return
			}
		}
		_, _ = io.Copy(io.Discard, lines) // or it would block on a full pipe
	}()
	select {
	case problem := <-ready:
		if problem == "" {
			return gone, nil
		}
		err = errors.New(problem)
	case <-time.After(startLimit):
		err = fmt.Errorf("it was not ready after %v", startLimit)
	}
	endSystem(cmd, gone)
	return nil, fmt.Errorf("start the demo: %w", err)
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
