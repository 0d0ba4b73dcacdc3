//go:build unix

package dbtest

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// templateLock is the advisory lock of whoever builds a template, taken on the
// maintenance database: packages are separate processes, and roles belong to
// the whole cluster.
const templateLock = 7_311_002

// ensureTemplate returns the name of the schema's template database and builds
// it first if nobody has.
func ensureTemplate(ctx context.Context, admin *pgx.Conn, superDSN string, s schema) (string, error) {
	name := "tmpl_" + s.hash
	if ready, err := isTemplate(ctx, admin, name); ready || err != nil {
		return name, err
	}
	if _, err := admin.Exec(ctx, "select pg_advisory_lock($1)", templateLock); err != nil {
		return "", err
	}
	// The connection is closed right after this, which lets go of the lock also
	// when the context ends here.
	defer func() { _, _ = admin.Exec(ctx, "select pg_advisory_unlock($1)", templateLock) }()
	if ready, err := isTemplate(ctx, admin, name); ready || err != nil {
		return name, err
	}
	building := name + "_new" // a killed builder leaves no half template
	quoted := pgx.Identifier{building}.Sanitize()
	for _, stmt := range []string{
		"drop database if exists " + quoted + " with (force)",
		"create database " + quoted + " template template0",
	} {
		if _, err := admin.Exec(ctx, stmt); err != nil {
			return "", err
		}
	}
	if err := s.build(ctx, superDSN, building); err != nil {
		return "", fmt.Errorf("build the template: %w", err)
	}
	for _, stmt := range []string{
		"alter database " + quoted + " with allow_connections false is_template true",
		"alter database " + quoted + " rename to " + pgx.Identifier{name}.Sanitize(),
	} {
		if _, err := admin.Exec(ctx, stmt); err != nil {
			return "", fmt.Errorf("finish the template: %w", err)
		}
	}
	return name, nil
}

func isTemplate(ctx context.Context, admin *pgx.Conn, name string) (bool, error) {
	var is bool
	err := admin.QueryRow(ctx, "select datistemplate from pg_database where datname = $1", name).Scan(&is)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return is, err
}

// clone copies the template's files. CREATE DATABASE leaves out owner, grants
// and settings of the template; they are copied in the catalogue, exactly as
// they are, because rebuilding the statements would need quoting rules per setting.
func clone(ctx context.Context, admin *pgx.Conn, template, name string) error {
	_, err := admin.Exec(ctx, fmt.Sprintf("create database %s template %s strategy file_copy",
		pgx.Identifier{name}.Sanitize(), pgx.Identifier{template}.Sanitize()))
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(`update pg_database d set datdba = t.datdba, datacl = t.datacl
		from pg_database t where t.datname = $1 and d.datname = $2`, template, name)
	batch.Queue(`insert into pg_db_role_setting (setdatabase, setrole, setconfig)
		select d.oid, s.setrole, s.setconfig
		from pg_db_role_setting s join pg_database t on t.oid = s.setdatabase, pg_database d
		where t.datname = $1 and d.datname = $2`, template, name)
	return admin.SendBatch(ctx, batch).Close()
}
