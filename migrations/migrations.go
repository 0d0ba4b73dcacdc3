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

	"lyhord/pkg/platform/db"
)

// FS holds the migrations in order.
//
//go:embed *.sql
var FS embed.FS

// Roles are the database roles that log in, by short name. The full name is "lyhord_" + short name.
var Roles = []string{"migrator", "api", "login", "intake", "worker", "relay", "insight"}

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
	script, err := FS.ReadFile("bootstrap.sql")
	if err != nil {
		return err
	}
	// One transaction, so that the script's lock also holds for the passwords.
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, string(script)); err != nil {
			return fmt.Errorf("bootstrap: %w", err)
		}
		for _, role := range Roles {
			pw, ok := passwords[role]
			if !ok {
				continue
			}
			var stmt string
			if err := tx.QueryRow(ctx, "select format('alter role %I password %L', $1::text, $2::text)", "lyhord_"+role, pw).Scan(&stmt); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, stmt); err != nil {
				return fmt.Errorf("password of %s: %w", role, err)
			}
		}
		return nil
	})
}

// Up brings the schema to the newest version and then asks the catalogue whether it keeps its rules: a schema with a hole
// is an error, however well its statements ran. Two migrators at once wait for each other.
func Up(ctx context.Context, migratorDSN string) error {
	err := with(ctx, migratorDSN, func(p *goose.Provider) error {
		_, err := p.Up(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return db.CheckDSN(ctx, migratorDSN)
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
	pool, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer pool.Close()
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // asks every second, for five minutes
	if err != nil {
		return err
	}
	files, err := fs.Sub(FS, ".")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, pool, numbered{files}, goose.WithSessionLocker(locker))
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
