//go:build unix

package local

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// RedisOptions says where a private Redis runs.
type RedisOptions struct {
	StateDir  string // append-only file and log live here
	Databases int    // 0: Redis' own default of 16
}

// Redis is a running private server. It has no password: it listens on the
// loopback address only, and our keys and messages carry nothing but ids.
type Redis struct {
	opts    RedisOptions
	program redisProgram
	dir     string
	logPath string
	owner   *FileLock // nil: adopted, another process owns it

	mu    sync.Mutex
	port  int
	child *child
}

// StartRedis starts the server of the state folder, or adopts it when another
// process runs it already.
func StartRedis(ctx context.Context, opts RedisOptions) (*Redis, error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	state, err := makeStateDir(opts.StateDir)
	if err != nil {
		return nil, fmt.Errorf("local Redis: %w", err)
	}
	opts.StateDir = state
	r := &Redis{opts: opts, dir: filepath.Join(state, "redis"), logPath: filepath.Join(state, "redis.log")}
	if err := r.begin(ctx); err != nil {
		r.owner.Unlock()
		return nil, fmt.Errorf("local Redis: %w", err)
	}
	return r, nil
}

func (r *Redis) begin(ctx context.Context) error {
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return err
	}
	start, err := Lock(ctx, r.dir+".start")
	if err != nil {
		return err
	}
	defer start.Unlock()
	err = poll(ctx, func() (bool, error) {
		if r.owner, err = TryLock(r.dir + ".owner"); err != nil || r.owner != nil {
			return true, err
		}
		pid, port, ok := r.running()
		r.port = port
		return ok && answers(port, pid), nil
	})
	if err != nil || r.owner == nil {
		return err
	}
	if r.program, err = findRedis(ctx, r.opts.StateDir); err != nil {
		return err
	}
	if err := r.endLeftOver(ctx); err != nil {
		return err
	}
	return r.launch(ctx)
}

// endLeftOver ends a server whose owner is gone: two must not write one
// append-only file.
func (r *Redis) endLeftOver(ctx context.Context) error {
	pid, _, ok := r.running()
	if ok {
		alive := func() bool { return runsIn(pid, r.dir) }
		if err := endForeign(ctx, pid, syscall.SIGTERM, alive); err != nil {
			return fmt.Errorf("end the server left over by an earlier run: %w", err)
		}
	}
	err := os.Remove(r.notePath())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (r *Redis) launch(ctx context.Context) error {
	for {
		port := r.port
		if port == 0 {
			var err error
			if port, err = FreePort(); err != nil {
				return err
			}
		}
		c, err := r.spawn(port)
		if err != nil {
			return err
		}
		err = poll(ctx, func() (bool, error) {
			if c.ended() {
				return true, fmt.Errorf("the server ended at once: %s", lastLines(r.logPath, 6))
			}
			return answers(port, c.proc.Pid), nil
		})
		if err == nil {
			r.child = c
			if r.port == 0 { // never written again: others read it while we restart
				r.port = port
			}
			return nil
		}
		if !strings.Contains(err.Error(), "Address already in use") || r.port != 0 || ctx.Err() != nil {
			c.end(syscall.SIGTERM)
			return err
		}
	}
}

func (r *Redis) spawn(port int) (*child, error) {
	log, err := openLog(r.logPath)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	args := []string{
		"--port", strconv.Itoa(port), "--bind", loopback, "--dir", r.dir, "--daemonize", "no",
		"--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
		"--maxmemory-policy", "noeviction",
	}
	if r.opts.Databases > 0 {
		args = append(args, "--databases", strconv.Itoa(r.opts.Databases))
	}
	cmd := exec.Command(r.program.path, args...)
	cmd.Dir = r.dir
	cmd.Env = append(serverEnv(), r.program.env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = childAttr(syscall.SIGTERM)
	c, err := startChild(cmd)
	if err != nil {
		return nil, err
	}
	note := fmt.Sprintf("%d %d\n", c.proc.Pid, port)
	if err := os.WriteFile(r.notePath(), []byte(note), 0o600); err != nil {
		c.end(syscall.SIGTERM)
		return nil, err
	}
	return c, nil
}

// Stop ends the server and waits for it; an adopted server is left alone.
func (r *Redis) Stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.child != nil {
		r.child.end(syscall.SIGTERM)
		r.child = nil
	}
	r.owner.Unlock()
}

// Kill is kill -9, for fault tests.
func (r *Redis) Kill() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.child == nil {
		return ErrNotOwner
	}
	r.child.kill()
	return nil
}

// Restart ends the server if it still runs and starts it on the same port.
func (r *Redis) Restart(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.child == nil {
		return ErrNotOwner
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	r.child.end(syscall.SIGTERM)
	return r.launch(ctx)
}

// Done is closed when the server process ends; nil (blocks for ever) for an
// adopted server. Ask again after Restart.
func (r *Redis) Done() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.child == nil {
		return nil
	}
	return r.child.done
}

// Adopted tells whether another process owns the server.
func (r *Redis) Adopted() bool { return r.owner == nil }

// Addr is host:port; it stays over Restart.
func (r *Redis) Addr() string { return net.JoinHostPort(loopback, strconv.Itoa(r.port)) }

func (r *Redis) notePath() string { return r.dir + ".pid" }

// running reads our note of pid and port and checks that the process is our server.
func (r *Redis) running() (pid, port int, ok bool) {
	b, err := os.ReadFile(r.notePath())
	if err != nil {
		return 0, 0, false
	}
	if _, err := fmt.Sscan(string(b), &pid, &port); err != nil || pid <= 0 {
		return 0, 0, false
	}
	return pid, port, runsIn(pid, r.dir)
}

// answers asks the server on the port for its process id: a stranger that took
// the port, or a server still loading its file, does not pass for ours.
func answers(port, pid int) bool {
	conn, err := net.DialTimeout("tcp", net.JoinHostPort(loopback, strconv.Itoa(port)), time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Second))
	if _, err := conn.Write([]byte("PING\r\nINFO server\r\nQUIT\r\n")); err != nil {
		return false
	}
	want := "process_id:" + strconv.Itoa(pid)
	var pong, same bool
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		pong = pong || lines.Text() == "+PONG"
		same = same || lines.Text() == want
	}
	return pong && same
}
