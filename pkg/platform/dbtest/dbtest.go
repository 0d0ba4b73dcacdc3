//go:build unix

// Package dbtest gives a test its own database with the shipped schema, on a
// real PostgreSQL, and its own piece of a real Redis.
//
//	db := dbtest.New(t)
//	pool, err := pgxpool.New(ctx, db.DSN("api"))
//
// The schema is migrated once into a template database that is named after the
// hash of the migrations; each test gets a copy of the template's files, which
// takes tens of milliseconds. The copy is dropped when the test ends, unless the
// test failed: then its DSN is logged, so that one can look.
//
// The servers are those of LYHORD_TEST_PG_SUPER_DSN and LYHORD_TEST_REDIS_ADDR
// (set by services/testenv). Without them the first test of the user starts a
// keeper process with both servers, every later test process uses the same
// ones, and the keeper ends some minutes after the last of them.
//
// It is for tests only and must never be imported by anything else; the roles'
// passwords are public. A test that kills servers starts its own with package
// local instead. Tested by its own tests, which make templates of small schemas.
package dbtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lyhord/migrations"
)

// Password is the password of every database role in tests.
const Password = "lyhord-test"

// setUpLimit bounds what New does; a cold start of both servers and all
// migrations take a few seconds on a busy machine.
const setUpLimit = 3 * time.Minute

// schema is what a template database holds.
type schema struct {
	hash  string
	build func(ctx context.Context, superDSN, dbname string) error
}

// shipped is the schema in the folder migrations.
func shipped() schema {
	return schema{hash: migrations.Hash(), build: func(ctx context.Context, superDSN, dbname string) error {
		passwords := make(map[string]string)
		for _, role := range migrations.Roles {
			passwords[role] = Password
		}
		if err := migrations.Bootstrap(ctx, superDSN, dbname, passwords); err != nil {
			return err
		}
		return migrations.Up(ctx, withUser(superDSN, dbname, "lyhord_migrator"))
	}}
}

// DB is one test's own database.
type DB struct {
	t        testing.TB
	name     string
	superDSN string // of the maintenance database
	redis    sync.Once
	redisURL string
}

// New makes a database with the shipped schema for this test.
func New(t testing.TB) *DB {
	t.Helper()
	return newFrom(t, shipped())
}

// NewEmpty makes a database with nothing in it: for tests of the migrations
// themselves. The roles are the cluster's and may exist already.
func NewEmpty(t testing.TB) *DB {
	t.Helper()
	return newFrom(t, schema{})
}

func newFrom(t testing.TB, s schema) *DB {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), setUpLimit)
	defer cancel()
	srv, err := theServers()
	if err != nil {
		t.Fatalf("test servers: %v", err)
	}
	db := &DB{t: t, superDSN: srv.PG, name: "t_" + strings.ToLower(rand.Text()[:12])}
	if err := db.create(ctx, s); err != nil {
		t.Fatalf("test database: %v", err)
	}
	t.Cleanup(db.drop)
	return db
}

func (db *DB) create(ctx context.Context, s schema) error {
	admin, err := pgx.Connect(ctx, db.superDSN)
	if err != nil {
		return err
	}
	defer admin.Close(context.WithoutCancel(ctx))
	if s.build == nil {
		_, err := admin.Exec(ctx, "create database "+db.name+" template template0")
		return err
	}
	template, err := ensureTemplate(ctx, admin, db.superDSN, s)
	if err != nil {
		return err
	}
	return clone(ctx, admin, template, db.name)
}

func (db *DB) drop() {
	if db.t.Failed() {
		db.t.Logf("the database is kept for you: psql '%s'", db.DSN("super"))
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), setUpLimit)
	defer cancel()
	admin, err := pgx.Connect(ctx, db.superDSN)
	if err != nil {
		db.t.Errorf("drop the test database: %v", err)
		return
	}
	defer admin.Close(ctx)
	if _, err := admin.Exec(ctx, "drop database if exists "+db.name+" with (force)"); err != nil {
		db.t.Errorf("drop the test database: %v", err)
	}
}

// Name is the database's name.
func (db *DB) Name() string { return db.name }

// DSN connects to the database as a role by its short name: super, or one that
// logs in (migrator, api, login, intake, worker, relay, insight), with its password;
// or one that owns things and never logs in (owner, auth, …): that is the
// superuser's session with the role set.
func (db *DB) DSN(role string) string {
	switch {
	case role == "super":
		return withUser(db.superDSN, db.name, "")
	case slices.Contains(migrations.Roles, role):
		return withUser(db.superDSN, db.name, "lyhord_"+role)
	default:
		return withUser(db.superDSN, db.name, "") + "&options=" + "-c%20role%3Dlyhord_" + role
	}
}

// Super is a superuser's connection to the database, closed when t ends: for
// looking at what the roles of the product may not see, never for the act under test.
func (db *DB) Super(t testing.TB) *pgx.Conn {
	t.Helper()
	return db.Conn(t, "super")
}

// Conn is one connection as a role by its short name, closed when t ends.
func (db *DB) Conn(t testing.TB, role string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.DSN(role))
	if err != nil {
		t.Fatalf("connect as %s: %v", role, err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// withUser changes database and, unless empty, the user of a DSN in URL form.
func withUser(dsn, dbname, user string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		panic(fmt.Sprintf("test server DSN is not a URL: %v", err))
	}
	u.Path = "/" + dbname
	if user != "" {
		u.User = url.UserPassword(user, Password)
	}
	q := u.Query()
	if !q.Has("sslmode") {
		q.Set("sslmode", "disable")
	}
	u.RawQuery = q.Encode()
	return u.String()
}
