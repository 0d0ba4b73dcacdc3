package db

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/authz"
)

// Violation is one place where the schema does not keep its own rules.
type Violation struct {
	Rule   string `db:"rule"`   // fence-missing, definer-public …
	Object string `db:"object"` // app.cases, app.tid(), lyhord_api …
	Why    string `db:"why"`
}

func (v Violation) String() string { return v.Rule + ": " + v.Object + ": " + v.Why }

// The rules, by subject. Each file is one statement whose every row is a violation.
//
//go:embed catalogue/*.sql
var rules embed.FS

var ruleFiles = []string{"tables", "policies", "keys", "functions", "roles"}

// Names are compared as PostgreSQL prints them, and it leaves out the schema of what is on the search path.
const plainNames = `select set_config('search_path', 'pg_catalog', true)`

// CheckCatalogue asks the catalogue whether every table, policy, key, function and role keeps the rules, and returns what
// does not, except for what the list of exceptions allows. Any role may ask: the rules read nothing but pg_catalog. The
// search path is changed for the rest of the transaction.
func CheckCatalogue(ctx context.Context, tx pgx.Tx) ([]Violation, error) {
	found, err := askCatalogue(ctx, tx)
	return slices.DeleteFunc(found, allowed), err
}

func askCatalogue(ctx context.Context, tx pgx.Tx) ([]Violation, error) {
	if _, err := tx.Exec(ctx, plainNames); err != nil {
		return nil, err
	}
	var found []Violation
	for _, name := range ruleFiles {
		sql, err := rules.ReadFile("catalogue/" + name + ".sql")
		if err != nil {
			return nil, err
		}
		rows, err := tx.Query(ctx, string(sql))
		if err != nil {
			return nil, fmt.Errorf("rules of %s: %w", name, err)
		}
		some, err := pgx.CollectRows(rows, pgx.RowToStructByName[Violation])
		if err != nil {
			return nil, fmt.Errorf("rules of %s: %w", name, err)
		}
		found = append(found, some...)
	}
	slices.SortFunc(found, func(a, b Violation) int { return strings.Compare(a.String(), b.String()) })
	return found, nil
}

// CheckDSN is CheckCatalogue on a connection of its own, and an error names everything that was found.
func CheckDSN(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect to check the catalogue: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	found, err := checkOn(ctx, conn)
	if err != nil {
		return fmt.Errorf("check the catalogue: %w", err)
	}
	return unsound(found)
}

func checkOn(ctx context.Context, conn *pgx.Conn) (found []Violation, err error) {
	err = pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		found, err = CheckCatalogue(ctx, tx)
		return err
	})
	return found, err
}

// Sound says whether the database behind the door keeps the rules. A process asks once before it is ready.
func (d *DB) Sound(ctx context.Context, door authz.Door) error {
	conn, err := d.conn(ctx, authz.NoTenant(door))
	if err != nil {
		return err
	}
	defer conn.Release()
	found, err := checkOn(ctx, conn.Conn())
	if err != nil {
		return fmt.Errorf("check the catalogue: %w", err)
	}
	return unsound(found)
}

func unsound(found []Violation) error {
	if len(found) == 0 {
		return nil
	}
	lines := make([]string, len(found))
	for i, v := range found {
		lines[i] = v.String()
	}
	return fmt.Errorf("the database does not keep %d of its rules:\n%s", len(found), strings.Join(lines, "\n"))
}
