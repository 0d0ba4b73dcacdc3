package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// childAttr makes a child its own process group, so that Ctrl-C reaches us
// first, and lets the kernel send it the signal when our thread ends.
func childAttr(onParentDeath syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: onParentDeath}
}

// runsIn tells whether pid is a live process whose working folder is dir. Both
// servers work in their data folder, so this recognises ours even when the
// kernel has given an old pid to somebody else.
func runsIn(pid int, dir string) bool {
	cwd, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
	if err != nil || cwd != dir {
		return false
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z") // a zombie serves nobody
}

func childrenOf(pid int) []int {
	name := strconv.Itoa(pid)
	b, err := os.ReadFile(filepath.Join("/proc", name, "task", name, "children"))
	if err != nil {
		return nil
	}
	var pids []int
	for _, f := range strings.Fields(string(b)) {
		if p, err := strconv.Atoi(f); err == nil {
			pids = append(pids, p)
		}
	}
	return pids
}

// account is the user PostgreSQL runs as. It refuses to run as root, and initdb
// refuses a user that the machine has no name for (as containers like to have).
// Both are given a user namespace, where our own files stay ours but the process
// sees a plain user with a name; or root takes another account of the machine.
type account struct {
	name     string
	uid, gid int // owner of the data folder
	seen     int // who the process believes to be, when it is in a user namespace
	userns   bool
	switched bool
}

func (a account) attr(onParentDeath syscall.Signal) *syscall.SysProcAttr {
	at := childAttr(onParentDeath)
	switch {
	case a.userns:
		at.Cloneflags = syscall.CLONE_NEWUSER
		at.UidMappings = []syscall.SysProcIDMap{{ContainerID: a.seen, HostID: a.uid, Size: 1}}
		at.GidMappings = []syscall.SysProcIDMap{{ContainerID: a.seen, HostID: a.gid, Size: 1}}
	case a.switched:
		at.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return at
}

// chooseAccount decides how to run PostgreSQL; LYHORD_PG_DROP=userns|setuid
// forces one way for root.
func chooseAccount(ctx context.Context) (account, error) {
	self := account{name: "you", uid: os.Geteuid(), gid: os.Getegid()}
	root := self.uid == 0
	if _, err := user.LookupId(strconv.Itoa(self.uid)); err == nil && !root {
		return self, nil
	}
	forced := os.Getenv("LYHORD_PG_DROP")
	if !root || forced != "setuid" {
		a, err := inUserNamespace(ctx, self)
		if err == nil {
			return a, nil
		}
		if !root || forced == "userns" {
			return account{}, fmt.Errorf("PostgreSQL needs a user with a name that is not root, and a user namespace is refused here: %w", err)
		}
	}
	for _, u := range namedUsers("postgres", "nobody") {
		a := u
		a.switched = true
		if tryAccount(ctx, a, "true") == nil {
			return a, nil
		}
	}
	return account{}, errors.New("PostgreSQL does not run as root, and neither a user namespace nor the account postgres or nobody can be used: start as another user")
}

func inUserNamespace(ctx context.Context, self account) (account, error) {
	for _, u := range namedUsers("postgres", "daemon", "nobody") {
		a := account{name: u.name + " in a user namespace", uid: self.uid, gid: self.gid, seen: u.uid, userns: true}
		return a, tryAccount(ctx, a, "true")
	}
	return account{}, errors.New("none of the accounts postgres, daemon and nobody exists")
}

// namedUsers are those of the names that the machine knows.
func namedUsers(names ...string) []account {
	var known []account
	for _, name := range names {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err == nil && err2 == nil && uid != 0 {
			known = append(known, account{name: name, uid: uid, gid: gid})
		}
	}
	return known
}

// reach makes sure that another account can pass through the state folder.
func (a account) reach(ctx context.Context, stateDir string) error {
	if !a.switched {
		return nil
	}
	if err := os.Chmod(stateDir, 0o711); err != nil {
		return err
	}
	if err := tryAccount(ctx, a, "test", "-x", stateDir); err != nil {
		return fmt.Errorf("PostgreSQL must run as %s, which cannot reach %s: put it outside private homes", a.name, stateDir)
	}
	return nil
}

func tryAccount(ctx context.Context, a account, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = a.attr(syscall.SIGKILL)
	return cmd.Run()
}
