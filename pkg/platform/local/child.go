//go:build unix

package local

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// child is a server process that we started and wait for.
type child struct {
	proc *os.Process
	done chan struct{} // closed when the process has ended
}

// startChild starts cmd from a goroutine that keeps its thread for as long as
// the child lives: the kernel ties the parent-death signal to the thread that
// forked, not to the process, and Go ends idle threads.
func startChild(cmd *exec.Cmd) (*child, error) {
	c := &child{done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		c.proc = cmd.Process
		started <- nil
		_ = cmd.Wait()
		close(c.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return c, nil
}

func (c *child) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// end asks with the gentle signal, then with SIGQUIT, then kills.
func (c *child) end(gentle syscall.Signal) {
	for _, step := range escalation(gentle) {
		_ = c.proc.Signal(step.sig)
		select {
		case <-c.done:
			return
		case <-time.After(step.wait):
		}
	}
	<-c.done
}

// kill is kill -9 for the process and everything it forked.
func (c *child) kill() {
	offspring := childrenOf(c.proc.Pid)
	_ = c.proc.Signal(syscall.SIGKILL)
	for _, pid := range offspring {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	<-c.done
}

// endForeign ends a process that is not our child; alive tells whether it is
// still the one we mean, so that a reused pid is never signalled.
func endForeign(ctx context.Context, pid int, gentle syscall.Signal, alive func() bool) error {
	for _, step := range escalation(gentle) {
		if !alive() {
			return nil
		}
		if err := syscall.Kill(pid, step.sig); err != nil && alive() {
			return err
		}
		wait, cancel := context.WithTimeout(ctx, step.wait)
		err := poll(wait, func() (bool, error) { return !alive(), nil })
		cancel()
		if err == nil {
			return nil
		}
	}
	return ctx.Err()
}

type endStep struct {
	sig  syscall.Signal
	wait time.Duration
}

func escalation(gentle syscall.Signal) []endStep {
	return []endStep{
		{gentle, stopGrace},
		{syscall.SIGQUIT, 5 * time.Second},
		{syscall.SIGKILL, 5 * time.Second},
	}
}
