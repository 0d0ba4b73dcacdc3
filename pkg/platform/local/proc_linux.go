package local

import (
	"context"
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

// account is the user PostgreSQL runs as. It refuses to run as root, so root
// gives it either a user namespace, where our own files stay ours but the
// process sees a plain user, or another account of the machine.
type account struct {
	name     string
	uid, gid int // owner of the data folder
	userns   bool
	switched bool
}

func (a account) attr(onParentDeath syscall.Signal) *syscall.SysProcAttr {
	at := childAttr(onParentDeath)
	switch {
	case a.userns:
		const plainUser = 1000
		at.Cloneflags = syscall.CLONE_NEWUSER
		at.UidMappings = []syscall.SysProcIDMap{{ContainerID: plainUser, HostID: 0, Size: 1}}
		at.GidMappings = []syscall.SysProcIDMap{{ContainerID: plainUser, HostID: 0, Size: 1}}
	case a.switched:
		at.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return at
}

// chooseAccount decides how to run PostgreSQL; LYHORD_PG_DROP=userns|setuid
// forces one way for root.
func chooseAccount(ctx context.Context) (account, error) {
	if os.Geteuid() != 0 {
		return account{name: "you", uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	forced := os.Getenv("LYHORD_PG_DROP")
	if forced != "setuid" {
		a := account{name: "root in a user namespace", userns: true}
		err := tryAccount(ctx, a, "true")
		if err == nil {
			return a, nil
		}
		if forced == "userns" {
			return account{}, fmt.Errorf("a user namespace is refused here: %w", err)
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		a := account{name: name, uid: uid, gid: gid, switched: true}
		if tryAccount(ctx, a, "true") == nil {
			return a, nil
		}
	}
	return account{}, fmt.Errorf("PostgreSQL does not run as root, and neither a user namespace nor the account postgres or nobody can be used: start as another user")
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
