//go:build unix

package local

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// initCluster creates the data folder and makes it and the socket folder
// belong to the account the server runs as.
func (p *Postgres) initCluster(ctx context.Context) error {
	if err := own(p.sockDir, p.acct); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(p.dataDir, "PG_VERSION")); err == nil {
		return own(p.dataDir, p.acct)
	}
	// initdb works beside the final place: a killed initdb never leaves half a
	// cluster behind.
	building := p.dataDir + ".init"
	if err := os.RemoveAll(building); err != nil {
		return err
	}
	if err := os.Mkdir(building, 0o700); err != nil {
		return err
	}
	if err := own(building, p.acct); err != nil {
		return err
	}
	if err := writeSecret(p.passwordPath(), rand.Text()); err != nil {
		return err
	}
	if err := p.initdb(ctx, building); err != nil {
		return err
	}
	return os.Rename(building, p.dataDir)
}

func (p *Postgres) initdb(ctx context.Context, dir string) error {
	// The account must be able to read the password file, and only it: the
	// socket folder is its private place.
	secret, err := readSecret(p.passwordPath())
	if err != nil {
		return err
	}
	pwfile := filepath.Join(p.sockDir, "initdb.password")
	if err := writeSecret(pwfile, secret); err != nil {
		return err
	}
	defer os.Remove(pwfile)
	if p.acct.switched {
		if err := os.Chown(pwfile, p.acct.uid, p.acct.gid); err != nil {
			return err
		}
	}
	args := []string{
		"-D", dir, "-U", superuser, "-E", "UTF8", "--no-sync", "--data-checksums",
		"--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--pwfile=" + pwfile,
	}
	args = append(args, localeArgs(p.install.major)...)
	cmd := exec.CommandContext(ctx, p.install.program("initdb"), args...)
	cmd.Dir = "/"
	cmd.Env = serverEnv()
	cmd.SysProcAttr = p.acct.attr(syscall.SIGKILL)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, oneLine(string(out)))
	}
	return nil
}

// localeArgs: sort by code point everywhere, but know that Å and å are the same
// letter. Swedish order is asked for in the query (COLLATE "sv-x-icu").
func localeArgs(major int) []string {
	switch {
	case major >= 17:
		return []string{"--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"}
	case runtime.GOOS == "linux":
		return []string{"--locale=C", "--lc-ctype=C.UTF-8"}
	default:
		return []string{"--locale=C", "--lc-ctype=UTF-8"}
	}
}

// own gives a folder and all in it to the account, if it is not its already.
func own(dir string, a account) error {
	st, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if sys, ok := st.Sys().(*syscall.Stat_t); !ok || int(sys.Uid) == a.uid {
		return nil
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("%s belongs to another user: remove it or run as that user", dir)
	}
	return filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, a.uid, a.gid)
	})
}

// socketDir is in the state folder unless the path is too long for a unix
// socket address (about 100 bytes on every system).
func socketDir(state string, a account) (string, error) {
	const longest = 80
	dir := filepath.Join(state, "s")
	if len(dir) > longest {
		sum := sha256.Sum256([]byte(state))
		dir = filepath.Join("/tmp", "lyhord-"+hex.EncodeToString(sum[:8]))
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("create the socket folder: %w", err)
	}
	st, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	rootsOwn := os.Geteuid() == 0 && filepath.Dir(dir) == state // root may have changed its way since last time
	ours := ok && (int(sys.Uid) == os.Geteuid() || int(sys.Uid) == a.uid || rootsOwn)
	if !ours || !st.IsDir() || st.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%s is not a private folder of this user", dir)
	}
	return dir, nil
}

func writeSecret(path, secret string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.WriteString(secret + "\n"); err != nil {
		return err
	}
	return f.Sync()
}

func readSecret(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read the superuser's password: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}
