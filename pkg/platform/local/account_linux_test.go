package local

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func TestRootGivesPostgresAnotherAccountWhereUserNamespacesAreForbidden(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root has to")
	}
	dir := stateDir(t)
	t.Setenv("LYHORD_PG_DROP", "setuid")
	p, err := StartPostgres(t.Context(), PostgresOptions{StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	sqlText(t, p, "create table kept as select 'x'::text as v")
	st, err := os.Stat(p.dataDir)
	if err != nil || st.Sys().(*syscall.Stat_t).Uid == 0 {
		t.Errorf("the data folder is root's: %v", err)
	}
	p.Stop()
	t.Setenv("LYHORD_PG_DROP", "")
	if got := sqlText(t, startPostgres(t, dir), "select v from kept"); got != "x" {
		t.Errorf("back to the first way: %q", got)
	}
}

func TestAnUnreachableStateFolderIsNamed(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root changes the account")
	}
	t.Setenv("LYHORD_PG_DROP", "setuid")
	private := filepath.Join(stateDir(t), "state") // below a folder of mode 0700
	_, err := StartPostgres(t.Context(), PostgresOptions{StateDir: private})
	if err == nil || !strings.Contains(err.Error(), "cannot reach "+private) {
		t.Errorf("says %v", err)
	}
}

func TestAPlainUserNeedsNothingFromRoot(t *testing.T) {
	dir := stateDir(t)
	program := os.Args[0]
	owner := exec.Command(program)
	if os.Geteuid() == 0 { // the test program's own folder is private
		program = filepath.Join(dir, "program")
		copyProgram(t, os.Args[0], program)
		if err := os.Chmod(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		owner = exec.Command("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program)
	}
	owner.Dir = "/" // where there is no source tree: the machine's PostgreSQL is taken
	stdin, pgPid, _ := ownerProcess(t, owner, filepath.Join(dir, "state"))
	pgData := filepath.Dir(mustGlob(t, filepath.Join(dir, "state", "pg*", "PG_VERSION")))
	_ = stdin.Close()
	if err := owner.Wait(); err != nil {
		t.Fatal(err)
	}
	if runsIn(pgPid, pgData) {
		t.Error("the server still runs after Stop")
	}
}

func TestAUserWithoutANameNeedsNothingEither(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root becomes somebody else")
	}
	const nobodyKnows = "54321"
	dir := stateDir(t)
	program := filepath.Join(dir, "program")
	copyProgram(t, os.Args[0], program)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	become := []string{"--reuid=" + nobodyKnows, "--regid=" + nobodyKnows, "--clear-groups"}
	if exec.Command("setpriv", append(become, "unshare", "--user", "true")...).Run() != nil {
		t.Skip("plain users may not make user namespaces here")
	}
	owner := exec.Command("setpriv", append(become, program)...)
	owner.Dir = "/"
	stdin, _, _ := ownerProcess(t, owner, filepath.Join(dir, "state"))
	_ = stdin.Close()
	if err := owner.Wait(); err != nil {
		t.Error(err)
	}
}

func copyProgram(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestDataOfAnEarlierRunChoosesItsMajor(t *testing.T) {
	acct, err := chooseAccount(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := stateDir(t)
	first, err := findPostgres(t.Context(), dir, acct)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range candidateDirs() {
		in, err := probePostgres(t.Context(), c, acct)
		if err != nil || in.major == first.major {
			continue
		}
		mkData(t, dir, in.major)
		got, err := findPostgres(t.Context(), dir, acct)
		if err != nil || got.major != in.major {
			t.Errorf("data of %d: chose %d, %v", in.major, got.major, err)
		}
		return
	}
	t.Skip("only one PostgreSQL here")
}

func TestDataWithoutItsPostgresIsNotLeftBehindSilently(t *testing.T) {
	acct, err := chooseAccount(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := stateDir(t)
	mkData(t, dir, 9)
	_, err = findPostgres(t.Context(), dir, acct)
	if err == nil || !strings.Contains(err.Error(), "holds data of PostgreSQL 9") {
		t.Errorf("says %v", err)
	}
}

func TestAWrongPostgresFolderIsNamed(t *testing.T) {
	t.Setenv("LYHORD_PG_BIN", t.TempDir())
	_, err := StartPostgres(t.Context(), PostgresOptions{StateDir: stateDir(t)})
	if err == nil || !strings.Contains(err.Error(), "LYHORD_PG_BIN=") {
		t.Errorf("says %v", err)
	}
}

func TestRedisIsFetchedWithoutInstallingIt(t *testing.T) {
	if _, err := exec.LookPath("apt-get"); err != nil {
		t.Skip("not a Debian")
	}
	dir := filepath.Join(stateDir(t), "redis")
	if err := fetchRedis(t.Context(), dir); err != nil {
		t.Skipf("no package server here: %v", err)
	}
	p, err := unpackedRedis(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	r := &Redis{program: p, dir: filepath.Join(dir, "data"), logPath: filepath.Join(dir, "log")}
	if err := os.Mkdir(r.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := r.launch(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer r.Stop()
	if err := redisClient(t, r).Ping(t.Context()).Err(); err != nil {
		t.Error(err)
	}
}

func TestWithoutRedisThePackageAndTheCommandAreNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", "")
	_, err := StartRedis(t.Context(), RedisOptions{StateDir: stateDir(t)})
	if !errors.Is(err, ErrNoRedis) {
		t.Errorf("says %v", err)
	} else if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %v", err)
	}
}

// mkData makes what looks like a data folder of the major.
func mkData(t *testing.T, state string, major int) {
	t.Helper()
	dir := filepath.Join(state, "pg"+strconv.Itoa(major))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "PG_VERSION"), []byte(strconv.Itoa(major)), 0o600); err != nil {
		t.Fatal(err)
	}
}
