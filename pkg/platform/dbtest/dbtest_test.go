//go:build unix

package dbtest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"lyhord/migrations"
	"lyhord/pkg/platform/local"
)

// tiny is a schema of one table, with a database grant and a database setting.
func tiny(builds *atomic.Int32) schema {
	return schema{hash: "tiny", build: func(ctx context.Context, superDSN, dbname string) error {
		builds.Add(1)
		conn, err := pgx.Connect(ctx, withUser(superDSN, dbname, ""))
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, `create table seen (id int primary key);
			insert into seen values (1);
			do $$ begin
			  execute format('revoke all on database %I from public', current_database());
			  execute format('alter database %I set search_path = public, pg_catalog', current_database());
			end $$`)
		return err
	}}
}

func TestEachTestHasItsOwnCopyOfTheTemplate(t *testing.T) {
	t.Parallel()
	var builds atomic.Int32
	a, b := newFrom(t, tiny(&builds)), newFrom(t, tiny(&builds))
	if builds.Load() > 1 {
		t.Fatalf("the template was built %d times", builds.Load())
	}
	if _, err := a.Super(t).Exec(t.Context(), "insert into seen values (2)"); err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := b.Super(t).QueryRow(t.Context(), "select count(*) from seen").Scan(&rows); err != nil {
		t.Fatal(err)
	}
	if rows != 1 {
		t.Fatalf("the other test's row is seen: %d rows", rows)
	}
}

func TestACopyKeepsTheTemplatesGrantsAndSettings(t *testing.T) {
	t.Parallel()
	var builds atomic.Int32
	db := newFrom(t, tiny(&builds))
	var publicMayConnect bool
	var path string
	err := db.Super(t).QueryRow(t.Context(), `
		select exists (select from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
		               where d.datname = current_database() and a.grantee = 0),
		       current_setting('search_path')`).Scan(&publicMayConnect, &path)
	if err != nil {
		t.Fatal(err)
	}
	if publicMayConnect || path != "public, pg_catalog" {
		t.Fatalf("public may connect: %v, search_path %q", publicMayConnect, path)
	}
}

func TestTheDatabaseIsGoneAfterTheTest(t *testing.T) {
	t.Parallel()
	var builds atomic.Int32
	var name string
	t.Run("a test that passes", func(t *testing.T) { name = newFrom(t, tiny(&builds)).Name() })
	var left int
	looking := newFrom(t, tiny(&builds)).Super(t)
	if err := looking.QueryRow(t.Context(), "select count(*) from pg_database where datname = $1", name).Scan(&left); err != nil {
		t.Fatal(err)
	}
	if left != 0 {
		t.Fatalf("database %s is still there", name)
	}
}

func TestEveryRoleOfTheShippedSchemaConnects(t *testing.T) {
	t.Parallel()
	db := New(t)
	for _, role := range slices.Concat(migrations.Roles, []string{"owner", "auth"}) {
		var user string
		if err := db.Conn(t, role).QueryRow(t.Context(), "select current_user").Scan(&user); err != nil {
			t.Errorf("%s: %v", role, err)
		} else if user != "lyhord_"+role {
			t.Errorf("DSN of %s connects as %s", role, user)
		}
	}
}

func TestAnEmptyDatabaseHoldsNothing(t *testing.T) {
	t.Parallel()
	var tables int
	err := NewEmpty(t).Super(t).QueryRow(t.Context(),
		"select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^(pg_|information_schema)'").Scan(&tables)
	if err != nil || tables != 0 {
		t.Fatalf("%d tables, %v", tables, err)
	}
}

func TestEachTestHasItsOwnRedisDatabase(t *testing.T) {
	t.Parallel()
	var builds atomic.Int32
	a, b := redisOf(t, newFrom(t, tiny(&builds))), redisOf(t, newFrom(t, tiny(&builds)))
	if err := a.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if n := b.DBSize(t.Context()).Val(); n != 0 {
		t.Fatalf("the other test sees %d keys", n)
	}
}

func redisOf(t *testing.T, db *DB) *redis.Client {
	t.Helper()
	opts, err := redis.ParseURL(db.Redis())
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(opts)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// TestTheKeeperServesAndEnds runs this test program as two users of a keeper of
// its own: they share the servers, and the keeper ends after the last of them.
func TestTheKeeperServesAndEnds(t *testing.T) {
	if os.Getenv("LYHORD_DBTEST_CHILD") != "" {
		var builds atomic.Int32
		newFrom(t, tiny(&builds))
		srv, _ := theServers()
		t.Logf("SERVER %s", srv.PG)
		return
	}
	t.Parallel()
	home, err := os.MkdirTemp(local.ScratchRoot(), "lyhord-keeper-") // not below a private folder
	if err == nil {
		err = os.Chmod(home, 0o711)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	user := func() string {
		cmd := exec.Command(os.Args[0], "-test.run=^TestTheKeeperServesAndEnds$", "-test.v")
		cmd.Env = append(slices.DeleteFunc(os.Environ(), func(e string) bool {
			return strings.HasPrefix(e, envPG) || strings.HasPrefix(e, envRedis)
		}), "LYHORD_DBTEST_CHILD=1", envRoot+"="+home, envIdle+"=300ms")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		_, rest, found := strings.Cut(string(out), "SERVER ")
		if !found {
			t.Fatalf("no server in %s", out)
		}
		server, _, _ := strings.Cut(rest, "\n")
		return server
	}
	first, second := user(), user()
	if first != second {
		t.Errorf("two users in a row had different servers: %s, %s", first, second)
	}
	waitUntilKeeperIsGone(t, home)
	if conn, err := pgx.Connect(t.Context(), first); err == nil {
		_ = conn.Close(t.Context())
		t.Error("the ended keeper's server still answers")
	}
	if third := user(); third == first {
		t.Error("a later user was given the ended server")
	}
	waitUntilKeeperIsGone(t, home)
}

func waitUntilKeeperIsGone(t *testing.T, home string) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		left, _ := filepath.Glob(filepath.Join(home, "*", "run"))
		known, _ := filepath.Glob(filepath.Join(home, "*", "servers.json"))
		if len(left)+len(known) == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the keeper still lives")
}
