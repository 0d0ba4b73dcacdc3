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
// With -with system the command gets a whole running Lyhörd instead, for the
// browser tests: the variables of its demo.env. With -with nothing, nothing.
//
// `make test` is made of stages: with -record DIR -stage NAME the result of the
// command is counted from its own report (-kind, -results) and written to DIR;
// -sum DIR prints all counts. It must not decide what is tested: the Makefile does.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

const (
	codeFailed = 1
	codeUsage  = 2
	codeServer = 3
)

// options are the command line.
type options struct {
	with    string // servers, system or nothing
	record  string
	stage   string
	kind    string
	results string
	sum     string
	command []string
}

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "testenv:", err)
	}
	os.Exit(code)
}

func run(args []string) (int, error) {
	var o options
	flags := flag.NewFlagSet("testenv", flag.ContinueOnError)
	flags.StringVar(&o.with, "with", "servers", "what the command gets: servers, system or nothing")
	flags.StringVar(&o.record, "record", "", "folder for the counts")
	flags.StringVar(&o.stage, "stage", "", "name of the stage in the counts")
	flags.StringVar(&o.kind, "kind", "check", "who counts: go (the command is go test -json), vitest, playwright or check (one check)")
	flags.StringVar(&o.results, "results", "", "report file of vitest or playwright")
	flags.StringVar(&o.sum, "sum", "", "print the counts of this folder and nothing else")
	if err := flags.Parse(args); err != nil {
		return codeUsage, nil // the flag package has said why
	}
	if o.sum != "" {
		return printSum(os.Stdout, o.sum)
	}
	o.command = flags.Args()
	if len(o.command) == 0 {
		return codeUsage, errors.New("usage: testenv [flags] -- command [argument…]")
	}
	return o.runStage()
}

// runStage runs the command and records what its report says.
func (o options) runStage() (int, error) {
	began := time.Now()
	counter, err := newCounter(o.kind, o.results)
	if err != nil {
		return codeUsage, err
	}
	if o.stage != "" {
		fmt.Printf("\n== %s\n", o.stage)
	}
	code, err := o.runCommand(counter.output())
	if o.record == "" {
		return code, err
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testenv:", err)
	}
	c, err := counter.count(code)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testenv:", err)
	}
	if c.Failed == 0 && code != 0 {
		c.Failed = 1 // ended badly without a failed test: that counts too
	}
	r := result{Stage: o.stage, counts: c, Seconds: time.Since(began).Seconds()}
	return max(code, min(c.Failed, codeFailed)), r.write(o.record)
}

func (o options) runCommand(stdout io.Writer) (int, error) {
	// Room for two: a second Ctrl-C while the command ends is passed on too.
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	switch o.with {
	case "servers":
		return withServers(func(env []string) (int, error) { return execute(o.command, env, stdout, signals) })
	case "system":
		return withSystem(o.record, func(env []string) (int, error) { return execute(o.command, env, stdout, signals) })
	case "nothing":
		return execute(o.command, nil, stdout, signals)
	}
	return codeUsage, fmt.Errorf("-with %s: not servers, system or nothing", o.with)
}

// execute runs the command in a process group of its own, passes signals on to
// all of it and gives its exit code, or 128 + the signal that ended it.
func execute(command, env []string, stdout io.Writer, signals <-chan os.Signal) (int, error) {
	select {
	case s := <-signals: // came while the servers started
		return 128 + int(s.(syscall.Signal)), nil
	default:
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = 10 * time.Second // something left running may hold our pipe
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
