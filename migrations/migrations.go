// Package migrations is the schema: goose migrations, the administrator's bootstrap, and the way up and down.
// It must not know any domain. Tests run it up, down and up again on PostgreSQL 15 and newer.
package migrations

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"sort"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // goose speaks database/sql
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// FS holds the migrations in order.
//
//go:embed *.sql
var FS embed.FS

// Roles are the database roles that log in, by short name. The full name is "lyhord_" + short name.
var Roles = []string{"migrator", "api", "intake", "worker", "relay", "insight"}

// bootstrapLock serialises administrators: roles belong to the cluster, not the database.
const bootstrapLock = 7_311_001

// Bootstrap creates the roles and the database's grants as superuser. Passwords are by short role name;
// a role without one keeps what it has. It may be run any number of times.
func Bootstrap(ctx context.Context, superDSN, dbname string, passwords map[string]string) error {
	cfg, err := pgx.ParseConfig(superDSN)
	if err != nil {
		return fmt.Errorf("superuser DSN: %w", err)
	}
	cfg.Database = dbname
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("connect as superuser: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", bootstrapLock); err != nil {
		return err
	}
	defer func() { _, _ = conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", bootstrapLock) }()
	script, err := FS.ReadFile("bootstrap.sql")
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, string(script)); err != nil {
		return fmt.Errorf("bootstrap: %w", err)
	}
	for _, role := range Roles {
		if pw, ok := passwords[role]; ok {
			var stmt string
			if err := conn.QueryRow(ctx, "select format('alter role %I password %L', $1::text, $2::text)", "lyhord_"+role, pw).Scan(&stmt); err != nil {
				return err
			}
			if _, err := conn.Exec(ctx, stmt); err != nil {
				return fmt.Errorf("password of %s: %w", role, err)
			}
		}
	}
	return nil
}

// Up brings the schema to the newest version. Two migrators at once wait for each other.
func Up(ctx context.Context, migratorDSN string) error {
	return with(ctx, migratorDSN, func(p *goose.Provider) error {
		_, err := p.Up(ctx)
		return err
	})
}

// Down takes the schema back to a version (0 = nothing left).
func Down(ctx context.Context, migratorDSN string, toVersion int64) error {
	return with(ctx, migratorDSN, func(p *goose.Provider) error {
		_, err := p.DownTo(ctx, toVersion)
		return err
	})
}

// Version is the newest version in FS: what a service expects of its database.
func Version() int64 {
	names, _ := fs.Glob(FS, "0*.sql")
	var v int64
	for _, n := range names {
		var x int64
		if _, err := fmt.Sscanf(n, "%d_", &x); err == nil && x > v {
			v = x
		}
	}
	return v
}

func with(ctx context.Context, dsn string, fn func(*goose.Provider) error) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	files, err := fs.Sub(FS, ".")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, numbered{files}, goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	return fn(p)
}

// numbered hides bootstrap.sql from goose: it is not a migration.
type numbered struct{ fs.FS }

func (n numbered) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(n.FS, name)
	kept := all[:0]
	for _, e := range all {
		if e.Name() != "bootstrap.sql" {
			kept = append(kept, e)
		}
	}
	return kept, err
}

func (n numbered) Glob(pattern string) ([]string, error) {
	all, err := fs.Glob(n.FS, pattern)
	kept := all[:0]
	for _, e := range all {
		if e != "bootstrap.sql" {
			kept = append(kept, e)
		}
	}
	return kept, err
}

// Hash names the schema these files make: equal files, equal hash.
func Hash() string {
	names, _ := fs.Glob(FS, "*.sql")
	sort.Strings(names)
	h := sha256.New()
	for _, n := range names {
		b, _ := FS.ReadFile(n)
		fmt.Fprintf(h, "%s %d\n", n, len(b))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
