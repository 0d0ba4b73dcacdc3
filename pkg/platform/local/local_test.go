//go:build unix

package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

// stateDir is a folder that other accounts can pass through, in memory if possible.
func stateDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(ScratchRoot(), "lyhord-local-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// onEveryPostgres runs the test once per major that this machine has.
func onEveryPostgres(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	acct, err := chooseAccount(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var seen []int
	for _, dir := range candidateDirs() {
		in, err := probePostgres(t.Context(), dir, acct)
		if err != nil || slices.Contains(seen, in.major) {
			continue
		}
		seen = append(seen, in.major)
		t.Run("PostgreSQL "+strconv.Itoa(in.major), func(t *testing.T) {
			t.Setenv("LYHORD_PG_BIN", in.bin)
			test(t)
		})
	}
	if len(seen) == 0 {
		t.Fatal(ErrNoPostgres)
	}
}

func startPostgres(t *testing.T, dir string) *Postgres {
	t.Helper()
	p, err := StartPostgres(t.Context(), PostgresOptions{StateDir: dir, Fsync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

func startRedis(t *testing.T, dir string) *Redis {
	t.Helper()
	r, err := StartRedis(t.Context(), RedisOptions{StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Stop)
	return r
}

func sqlText(t *testing.T, p *Postgres, query string) string {
	t.Helper()
	s, err := querySQL(t.Context(), p, query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return s
}

func querySQL(ctx context.Context, p *Postgres, query string) (string, error) {
	conn, err := pgx.Connect(ctx, p.SuperDSN("postgres"))
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, query)
	if err != nil {
		return "", err
	}
	values, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return strings.Join(values, ","), err
}

func redisClient(t *testing.T, r *Redis) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: r.Addr()})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func eventually(t *testing.T, what string, true func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if poll(ctx, func() (bool, error) { return true(), nil }) != nil {
		t.Fatalf("never happened: %s", what)
	}
}

func TestASecondStartKeepsTheData(t *testing.T) {
	onEveryPostgres(t, func(t *testing.T) {
		dir := stateDir(t)
		p := startPostgres(t, dir)
		sqlText(t, p, "create table kept (v text)")
		sqlText(t, p, "insert into kept values ('åäö')")
		p.Stop()
		p.Stop() // a second time does nothing
		again := startPostgres(t, dir)
		if got := sqlText(t, again, "select upper(v) from kept"); got != "ÅÄÖ" {
			t.Errorf("after the second start: %q", got)
		}
		if st, err := os.Stat(again.passwordPath()); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("the password file: %v, %v", st, err)
		}
	})
}

func TestAKilledPostgresRestartsOnItsPortWithItsData(t *testing.T) {
	onEveryPostgres(t, func(t *testing.T) {
		p := startPostgres(t, stateDir(t))
		port, done := p.Port(), p.Done()
		sqlText(t, p, "create table kept as select 'x'::text as v from generate_series(1, 1000)")
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
		<-done
		if _, err := querySQL(t.Context(), p, "select 'alive'"); err == nil {
			t.Fatal("the killed server answers")
		}
		if err := p.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := sqlText(t, p, "select count(*)::text from kept"); got != "1000" || p.Port() != port {
			t.Errorf("%s rows on port %d, were 1000 on %d", got, p.Port(), port)
		}
	})
}

func TestNeitherStatementsNorValuesReachTheLog(t *testing.T) {
	onEveryPostgres(t, func(t *testing.T) {
		p := startPostgres(t, stateDir(t))
		conn, err := pgx.Connect(t.Context(), p.SuperDSN("postgres"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		_, _ = conn.Exec(t.Context(), "create table t (v text unique)")
		for range 2 { // the second one fails on the unique key
			_, err = conn.Exec(t.Context(), "insert into t values ($1) /* canary-statement */", "canary-value")
		}
		if err == nil {
			t.Fatal("the duplicate was taken")
		}
		log, err := os.ReadFile(p.logPath)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(log), "duplicate key") {
			t.Errorf("the log does not tell about the error: %s", log)
		}
		if strings.Contains(string(log), "canary") {
			t.Errorf("the log tells too much: %s", log)
		}
	})
}

func TestASecondStarterAdoptsTheRunningServers(t *testing.T) {
	dir := stateDir(t)
	pg, rd := startPostgres(t, dir), startRedis(t, dir)
	pg2, rd2 := startPostgres(t, dir), startRedis(t, dir)
	if !pg2.Adopted() || !rd2.Adopted() || pg2.Port() != pg.Port() || rd2.Addr() != rd.Addr() {
		t.Fatalf("not adopted: %v %v", pg2.Adopted(), rd2.Adopted())
	}
	if err := errors.Join(pg2.Kill(), rd2.Kill()); !errors.Is(err, ErrNotOwner) {
		t.Errorf("killing another's server: %v", err)
	}
	pg2.Stop()
	rd2.Stop()
	sqlText(t, pg, "select 'still here'")
	if err := redisClient(t, rd).Ping(t.Context()).Err(); err != nil {
		t.Error(err)
	}
}

func TestServersLeftOverByAnOwnerThatIsGoneAreEndedAndStartedAnew(t *testing.T) {
	dir := stateDir(t)
	pg, rd := startPostgres(t, dir), startRedis(t, dir)
	sqlText(t, pg, "create table kept as select 'x'::text as v")
	redisClient(t, rd).Set(t.Context(), "kept", "x", 0)
	oldPG, oldRedis := pg.child.proc.Pid, rd.child.proc.Pid
	pg.owner.Unlock() // what the kernel does when the owner dies
	rd.owner.Unlock()
	pg2, rd2 := startPostgres(t, dir), startRedis(t, dir)
	if pg2.Adopted() || rd2.Adopted() || runsIn(oldPG, pg.dataDir) || runsIn(oldRedis, rd.dir) {
		t.Error("the left-over servers still run")
	}
	if got := sqlText(t, pg2, "select v from kept"); got != "x" {
		t.Errorf("kept %q", got)
	}
	if got := redisClient(t, rd2).Get(t.Context(), "kept").Val(); got != "x" {
		t.Errorf("Redis kept %q", got)
	}
}

func TestAStalePidFileOfALiveStrangerDoesNotStopTheStart(t *testing.T) {
	onEveryPostgres(t, func(t *testing.T) {
		dir := stateDir(t)
		p := startPostgres(t, dir)
		p.Stop()
		// Our own pid: alive, same user, not a PostgreSQL.
		stale := fmt.Sprintf("%d\n%s\n1\n5432\n%s\n127.0.0.1\n  1 2\nready   \n", os.Getpid(), p.dataDir, p.sockDir)
		if err := os.WriteFile(filepath.Join(p.dataDir, "postmaster.pid"), []byte(stale), 0o600); err != nil {
			t.Fatal(err)
		}
		sqlText(t, startPostgres(t, dir), "select 'up'")
	})
}

func TestAKilledInitdbLeavesNoHalfCluster(t *testing.T) {
	dir := stateDir(t)
	p, err := preparePostgres(t.Context(), PostgresOptions{StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	half := p.dataDir + ".init"
	if err := os.MkdirAll(filepath.Join(half, "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	sqlText(t, startPostgres(t, dir), "select 'up'")
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the half cluster is still there: %v", err)
	}
}

func TestAKilledRedisRestartsOnItsPort(t *testing.T) {
	r := startRedis(t, stateDir(t))
	addr, done := r.Addr(), r.Done()
	c := redisClient(t, r)
	if err := c.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if err := r.Kill(); err != nil {
		t.Fatal(err)
	}
	<-done
	if err := r.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	// A write reaches the kernel before its answer is sent; only the machine's
	// own death could lose the last second.
	if got := c.Get(t.Context(), "k").Val(); got != "v" || r.Addr() != addr {
		t.Errorf("%q at %s, was v at %s", got, r.Addr(), addr)
	}
	config := c.ConfigGet(t.Context(), "*").Val()
	for name, want := range map[string]string{"appendonly": "yes", "save": "", "maxmemory-policy": "noeviction", "bind": loopback} {
		if config[name] != want {
			t.Errorf("%s is %q", name, config[name])
		}
	}
}

// childMode makes this test program a process that owns both servers until it
// is killed, for the tests that kill their owner or run as another user.
const childMode = "LYHORD_LOCAL_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childMode); dir != "" {
		ownServers(dir)
	}
	os.Exit(m.Run())
}

// ownServers reports on stdout and ends cleanly when stdin is closed.
func ownServers(dir string) {
	ctx := context.Background()
	p, err := StartPostgres(ctx, PostgresOptions{StateDir: dir, Fsync: true})
	if err == nil {
		_, err = querySQL(ctx, p, "create table if not exists kept as select 'x'::text as v")
	}
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	r, err := StartRedis(ctx, RedisOptions{StateDir: dir})
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	fmt.Println(p.child.proc.Pid, r.child.proc.Pid)
	_, _ = io.Copy(io.Discard, os.Stdin)
	r.Stop()
	p.Stop()
	os.Exit(0)
}

// ownerProcess starts this test program as the owner of the servers in dir.
func ownerProcess(t *testing.T, cmd *exec.Cmd, dir string) (stdin io.Closer, pgPid, redisPid int) {
	t.Helper()
	cmd.Env = append(os.Environ(), childMode+"="+dir, "HOME="+dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fscan(out, &pgPid, &redisPid); err != nil {
		rest, _ := io.ReadAll(out)
		t.Fatalf("the owner process says %q: %v", rest, err)
	}
	return in, pgPid, redisPid
}

func TestTheServersEndWhenTheirOwnerIsKilled(t *testing.T) {
	onEveryPostgres(t, func(t *testing.T) {
		dir := stateDir(t)
		owner := exec.Command(os.Args[0])
		_, pgPid, redisPid := ownerProcess(t, owner, dir)
		pgData := filepath.Dir(mustGlob(t, filepath.Join(dir, "pg*", "PG_VERSION")))
		if !runsIn(pgPid, pgData) || !runsIn(redisPid, filepath.Join(dir, "redis")) {
			t.Fatal("the owner's servers do not run")
		}
		if err := owner.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		_ = owner.Wait()
		eventually(t, "PostgreSQL ends", func() bool { return !runsIn(pgPid, pgData) })
		eventually(t, "Redis ends", func() bool { return !runsIn(redisPid, filepath.Join(dir, "redis")) })
		if got := sqlText(t, startPostgres(t, dir), "select v from kept"); got != "x" {
			t.Errorf("kept %q", got)
		}
	})
}

func TestAStartRightAfterItsOwnerWasKilledSucceeds(t *testing.T) {
	dir := stateDir(t)
	owner := exec.Command(os.Args[0])
	ownerProcess(t, owner, dir)
	if err := owner.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = owner.Wait()
	p := startPostgres(t, dir)
	startRedis(t, dir)
	if p.Adopted() {
		t.Error("a server on its way down was adopted")
	}
	if got := sqlText(t, p, "select v from kept"); got != "x" {
		t.Errorf("kept %q", got)
	}
}

func mustGlob(t *testing.T, pattern string) string {
	t.Helper()
	found, _ := filepath.Glob(pattern)
	if len(found) != 1 {
		t.Fatalf("%s: %v", pattern, found)
	}
	return found[0]
}
