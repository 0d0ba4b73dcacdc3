//go:build unix

// Command testenv runs a command with a PostgreSQL and a Redis of its own:
//
//	go run ./services/testenv -- go test ./...
//
// Both are thrown away afterwards; their data is in memory where the machine
// has room for it. The command finds them in LYHORD_TEST_PG_SUPER_DSN and
// LYHORD_TEST_REDIS_ADDR, which package dbtest reads. LYHORD_PG_BIN chooses the
// PostgreSQL, for example /usr/lib/postgresql/15/bin. Exit code is the command's.
//
//	testenv -count -stage Go -report go.json [-out counts.txt]
//	testenv -sum counts.txt
//
// read test reports instead: see count.go.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"lyhord/pkg/platform/local"
)

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "testenv:", err)
	}
	os.Exit(code)
}

const (
	codeUsage  = 2
	codeServer = 3
)

func run(args []string) (int, error) {
	flags := flag.NewFlagSet("testenv", flag.ContinueOnError)
	if err := flags.Parse(args); err != nil {
		return codeUsage, nil // the flag package has said why
	}
	if flags.NArg() == 0 {
		return codeUsage, errors.New("usage: testenv -- command [argument…]")
	}
	return withServers(flags.Args())
}

// withServers runs the command between start and end of the servers.
func withServers(command []string) (int, error) {
	// Buffered for both: a second Ctrl-C while the command ends is passed on too.
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	root := local.ScratchRoot()
	sweep(root)
	dir, lock, err := makeScratch(root)
	if err != nil {
		return codeServer, err
	}
	defer lock.Unlock()
	defer os.RemoveAll(dir)
	ctx := context.Background()
	pg, err := local.StartPostgres(ctx, local.PostgresOptions{
		StateDir: dir,
		Settings: map[string]string{"autovacuum": "off"}, // it would visit every test's database
	})
	if err != nil {
		return codeServer, err
	}
	defer pg.Stop()
	redis, err := local.StartRedis(ctx, local.RedisOptions{StateDir: dir, Databases: 1024})
	if err != nil {
		return codeServer, err
	}
	defer redis.Stop()
	fmt.Fprintf(os.Stderr, "testenv: PostgreSQL %d and Redis in %s\n", pg.Major(), root)
	return execute(command, []string{
		"LYHORD_TEST_PG_SUPER_DSN=" + pg.SuperDSN("postgres"),
		"LYHORD_TEST_REDIS_ADDR=" + redis.Addr(),
	}, signals)
}

// execute runs the command in a process group of its own, passes signals on to
// all of it and gives its exit code, or 128 + the signal that ended it.
func execute(command, env []string, signals <-chan os.Signal) (int, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	select {
	case s := <-signals: // came while the servers started
		return 128 + int(s.(syscall.Signal)), nil
	default:
	}
	if err := cmd.Start(); err != nil {
		return codeUsage, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			_ = syscall.Kill(-cmd.Process.Pid, s.(syscall.Signal))
		case err := <-ended:
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				return codeUsage, err
			}
			status := cmd.ProcessState.Sys().(syscall.WaitStatus)
			if status.Signaled() {
				return 128 + int(status.Signal()), nil
			}
			return status.ExitStatus(), nil
		}
	}
}

const scratchPrefix = "lyhord-testenv-"

// makeScratch makes a folder and holds its lock while this process lives.
func makeScratch(root string) (string, *local.FileLock, error) {
	dir, err := os.MkdirTemp(root, scratchPrefix)
	if err != nil {
		return "", nil, err
	}
	lock, err := local.TryLock(filepath.Join(dir, "lock"))
	if err == nil && lock == nil {
		err = errors.New("the new folder is locked by somebody else")
	}
	return dir, lock, err
}

// sweep removes what killed runs of this user have left behind.
func sweep(root string) {
	old, _ := filepath.Glob(filepath.Join(root, scratchPrefix+"*", "lock"))
	for _, file := range old {
		if lock, err := local.TryLock(file); err == nil && lock != nil {
			_ = os.RemoveAll(filepath.Dir(file))
			lock.Unlock()
		}
	}
}
