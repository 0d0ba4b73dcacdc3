//go:build unix

// Package local starts a private PostgreSQL and a private Redis as child
// processes, so that the demo and the tests run on the real servers without
// anybody having to set one up.
//
// It must never be reached in production: the api and the worker refuse to
// start without their DSNs instead of falling back to this package. It knows
// nothing about schemas, roles or business words.
//
// Contract, the same for both servers: Start returns when the server answers;
// Stop is idempotent, ends the server and lets go of the state folder; Kill
// and Restart exist for fault tests. A server ends with the process that
// started it, also when that process is killed with -9. One state folder has
// one owner at a time: a second starter adopts the running server, and its
// Stop leaves that server alone. A server left over by an owner that is gone
// is ended and started anew.
//
// Tests: real servers on every PostgreSQL that is found (LYHORD_PG_BIN and the
// npm package), including kill -9 of the parent process and stale pid files.
package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	loopback   = "127.0.0.1"
	startLimit = 90 * time.Second
	stopGrace  = 20 * time.Second
	pollEvery  = 5 * time.Millisecond
)

// ErrNotOwner is returned by Kill and Restart on an adopted server: it belongs
// to another process.
var ErrNotOwner = errors.New("the server belongs to another process")

// FreePort asks the kernel for a TCP port on the loopback address that is free now.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", loopback+":0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// makeStateDir creates the folder. Root's folder may be passed through by
// others (0711), because the server may have to run as another account; every
// file in it has its own, tighter mode.
func makeStateDir(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("no state folder given")
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	if err := os.MkdirAll(abs, mode); err != nil {
		return "", fmt.Errorf("create the state folder: %w", err)
	}
	return filepath.EvalSymlinks(abs)
}

// poll calls done until it says true, fails, or the context ends.
func poll(ctx context.Context, done func() (bool, error)) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// lastLines gives the end of a log file for an error message.
func lastLines(path string, n int) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return "(no log)"
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	return oneLine(strings.Join(lines, "\n"))
}

// oneLine makes a program's words fit an error message.
func oneLine(text string) string {
	return strings.ReplaceAll(strings.TrimSpace(text), "\n", " | ")
}

// openLog opens a server's log for appending and starts over when it has grown.
func openLog(path string) (*os.File, error) {
	const limit = 16 << 20
	flags := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if st, err := os.Stat(path); err == nil && st.Size() > limit {
		flags |= os.O_TRUNC
	}
	return os.OpenFile(path, flags, 0o600)
}
