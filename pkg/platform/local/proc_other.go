//go:build unix && !linux

package local

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// childAttr: outside Linux there is no parent-death signal; a left-over server
// is ended by the next start instead.
func childAttr(syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

func runsIn(pid int, dir string) bool {
	out, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), dir)
}

func childrenOf(pid int) []int {
	out, err := exec.Command("pgrep", "-P", strconv.Itoa(pid)).Output()
	if err != nil {
		return nil
	}
	var pids []int
	for _, f := range strings.Fields(string(out)) {
		if p, err := strconv.Atoi(f); err == nil {
			pids = append(pids, p)
		}
	}
	return pids
}

type account struct {
	name     string
	uid, gid int
	switched bool
}

func (a account) attr(sig syscall.Signal) *syscall.SysProcAttr { return childAttr(sig) }

func (a account) reach(context.Context, string) error { return nil }

func chooseAccount(context.Context) (account, error) {
	if os.Geteuid() == 0 {
		return account{}, errors.New("PostgreSQL does not run as root: start as another user")
	}
	return account{name: "you", uid: os.Geteuid(), gid: os.Getegid()}, nil
}
