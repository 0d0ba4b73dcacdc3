//go:build unix

package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"lyhord/pkg/platform/local"
)

// The keeper is a process of its own that owns the shared test servers. It is
// this very test program, started once more with envKeeper set, in a session of
// its own so that neither Ctrl-C nor the end of the first test ends it.
//
// Three locks in one folder per user keep it right without any clean-up:
//   - keeper: held by the keeper while it lives.
//   - users: held shared by every test process until it ends, however it ends.
//   - start: held by whoever looks for, starts or ends a keeper.
//
// The keeper ends when nobody has held users for a while; it holds start and
// users while it does, so a newcomer waits and then starts the next keeper.
const (
	envKeeper = "LYHORD_DBTEST_KEEPER" // the keeper's folder
	envRoot   = "LYHORD_DBTEST_ROOT"   // where the folder is made, default in memory
	envIdle   = "LYHORD_DBTEST_IDLE"   // how long it waits for the next user, default 5m
)

func init() {
	if dir := os.Getenv(envKeeper); dir != "" {
		if err := keep(keeperDir(dir)); err != nil {
			fmt.Fprintln(os.Stderr, "keeper:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// keeperDir names the files of one keeper.
type keeperDir string

func (d keeperDir) file(name string) string { return filepath.Join(string(d), name) }

// usersLock is held until this process ends.
var usersLock *local.FileLock

// keptServers finds the keeper's servers or starts a keeper.
func keptServers() (servers, error) {
	ctx, cancel := context.WithTimeout(context.Background(), setUpLimit)
	defer cancel()
	dir, err := userDir()
	if err != nil {
		return servers{}, err
	}
	start, err := local.Lock(ctx, dir.file("start.lock"))
	if err != nil {
		return servers{}, err
	}
	defer start.Unlock()
	if usersLock == nil {
		if usersLock, err = local.LockShared(ctx, dir.file("users.lock")); err != nil {
			return servers{}, err
		}
	}
	alive, err := local.TryLock(dir.file("keeper.lock"))
	if err != nil {
		return servers{}, err
	}
	if alive == nil { // somebody holds it: the keeper lives
		return dir.read()
	}
	alive.Unlock()
	return dir.startKeeper(ctx)
}

// userDir is this user's folder, one per PostgreSQL that is asked for. Others
// may write beside it, so it must be ours and no link.
func userDir() (keeperDir, error) {
	name := "lyhord-dbtest-" + strconv.Itoa(os.Geteuid())
	if bin := os.Getenv("LYHORD_PG_BIN"); bin != "" {
		sum := sha256.Sum256([]byte(bin))
		name += "-" + hex.EncodeToString(sum[:4])
	}
	root := os.Getenv(envRoot)
	if root == "" {
		root = local.ScratchRoot()
	}
	dir := filepath.Join(root, name)
	if err := os.Mkdir(dir, 0o711); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	st, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	if sys, ok := st.Sys().(*syscall.Stat_t); !ok || !st.IsDir() || int(sys.Uid) != os.Geteuid() {
		return "", fmt.Errorf("%s is not a folder of this user", dir)
	}
	return keeperDir(dir), nil
}

func (d keeperDir) read() (servers, error) {
	var srv servers
	b, err := os.ReadFile(d.file("servers.json"))
	if err != nil {
		return srv, err
	}
	if err := json.Unmarshal(b, &srv); err != nil {
		return srv, err
	}
	if srv.Error != "" {
		return srv, errors.New(srv.Error)
	}
	return srv, nil
}

// startKeeper starts this program again as the keeper and waits for its word.
func (d keeperDir) startKeeper(ctx context.Context) (servers, error) {
	if err := os.Remove(d.file("servers.json")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return servers{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return servers{}, err
	}
	// Its own log, or `go test` would wait for the keeper to close our output.
	log, err := os.OpenFile(d.file("keeper.log"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return servers{}, err
	}
	defer log.Close()
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), envKeeper+"="+string(d))
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return servers{}, err
	}
	gone := make(chan struct{})
	go func() { _ = cmd.Wait(); close(gone) }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Stat(d.file("servers.json")); err == nil {
			return d.read()
		}
		select {
		case <-gone:
			return servers{}, fmt.Errorf("the keeper ended at once, see %s", d.file("keeper.log"))
		case <-ctx.Done():
			return servers{}, ctx.Err()
		case <-tick.C:
		}
	}
}

// keep is the keeper's life.
func keep(d keeperDir) error {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	signal.Ignore(syscall.SIGHUP)
	self, err := local.TryLock(d.file("keeper.lock"))
	if err != nil {
		return err
	}
	if self == nil {
		return errors.New("another keeper lives")
	}
	defer self.Unlock()
	state := d.file("run")
	_ = os.RemoveAll(state) // of a killed keeper: its data may be torn
	defer os.RemoveAll(state)
	pg, redis, err := startServers(ctx, state)
	if err != nil {
		return errors.Join(err, d.publish(servers{Error: err.Error()}))
	}
	defer pg.Stop()
	defer redis.Stop()
	if err := d.publish(servers{PG: pg.SuperDSN("postgres"), Redis: redis.Addr()}); err != nil {
		return err
	}
	defer os.Remove(d.file("servers.json"))
	start := d.awaitIdle(ctx, pg.Done(), redis.Done())
	defer start.Unlock() // after everything is gone
	return nil
}

func startServers(ctx context.Context, state string) (*local.Postgres, *local.Redis, error) {
	pg, err := local.StartPostgres(ctx, local.PostgresOptions{
		StateDir: state,
		Settings: map[string]string{"autovacuum": "off"}, // it would visit every copy
	})
	if err != nil {
		return nil, nil, err
	}
	redis, err := local.StartRedis(ctx, local.RedisOptions{StateDir: state, Databases: 1024})
	if err != nil {
		pg.Stop()
		return nil, nil, err
	}
	return pg, redis, nil
}

func (d keeperDir) publish(srv servers) error {
	b, err := json.Marshal(srv)
	if err != nil {
		return err
	}
	if err := os.WriteFile(d.file("servers.new"), b, 0o600); err != nil {
		return err
	}
	return os.Rename(d.file("servers.new"), d.file("servers.json"))
}

// awaitIdle returns when nobody has used the servers for a while, holding the
// lock that keeps newcomers out; or without it when the keeper must end now.
func (d keeperDir) awaitIdle(ctx context.Context, ended ...<-chan struct{}) *local.FileLock {
	limit := 5 * time.Minute
	if v, err := time.ParseDuration(os.Getenv(envIdle)); err == nil {
		limit = v
	}
	tick := time.NewTicker(limit / 20)
	defer tick.Stop()
	lastUse := time.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ended[0]:
			return nil
		case <-ended[1]:
			return nil
		case <-tick.C:
		}
		if d.inUse() {
			lastUse = time.Now()
			continue
		}
		if time.Since(lastUse) < limit {
			continue
		}
		start, err := local.TryLock(d.file("start.lock"))
		if err != nil || start == nil {
			continue // somebody is just coming
		}
		if !d.inUse() {
			return start // with it held, nobody can come any more
		}
		start.Unlock()
	}
}

func (d keeperDir) inUse() bool {
	l, err := local.TryLock(d.file("users.lock"))
	if err != nil || l == nil {
		return err == nil
	}
	l.Unlock()
	return false
}
