//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"

	"lyhord/migrations"
	"lyhord/pkg/platform/local"
	"lyhord/pkg/platform/seal"
	"lyhord/services/migrate/steps"
)

// database is the demo's own PostgreSQL and Redis.
type database struct {
	pg    *local.Postgres
	redis *local.Redis
	state *state
}

const dbname = "lyhord"

// startDatabase starts both servers. They end with this process, however it ends.
func startDatabase(ctx context.Context, s *state) (*database, error) {
	d := &database{state: s}
	var err error
	d.pg, err = local.StartPostgres(ctx, local.PostgresOptions{StateDir: s.dir, Fsync: true, Settings: map[string]string{
		"max_wal_size": "1GB", "shared_buffers": "256MB",
	}})
	if err != nil {
		return nil, err
	}
	if d.redis, err = local.StartRedis(ctx, local.RedisOptions{StateDir: s.dir}); err != nil {
		d.stop()
		return nil, err
	}
	return d, nil
}

func (d *database) stop() {
	if d.redis != nil {
		d.redis.Stop()
	}
	d.pg.Stop()
}

// prepare makes database, roles, schema and tenants. Every step may be repeated.
func (d *database) prepare(ctx context.Context) (*seal.Root, error) {
	root, err := seal.LoadRoot(d.state.path(rootKeyName))
	if err != nil {
		return nil, err
	}
	if err := d.create(ctx); err != nil {
		return nil, err
	}
	if err := migrations.Bootstrap(ctx, d.superDSN(), dbname, d.state.roles); err != nil {
		return nil, err
	}
	return root, steps.Up(ctx, d.dsn("migrator"), root, steps.Options{DemoPassword: d.state.password})
}

func (d *database) create(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, d.pg.SuperDSN("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var exists bool
	if err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", dbname).Scan(&exists); err != nil || exists {
		return err
	}
	_, err = conn.Exec(ctx, "create database "+dbname)
	return err
}

func (d *database) superDSN() string { return d.pg.SuperDSN(dbname) }

// dsn connects as a role that logs in.
func (d *database) dsn(role string) string {
	return d.pg.DSN("lyhord_"+role, d.state.roles[role], dbname)
}

// ownerDSN: the owner has no login, so it is the administrator who puts on the role. It sees the tables and, as they are
// fenced for the owner too, none of the tenants' rows; the administrator sees those.
func (d *database) ownerDSN() string { return d.superDSN() + "&options=-c%20role%3Dlyhord_owner" }

// envName is the file with everything a person or a test needs to look inside.
const envName = "demo.env"

// writeEnv writes the file; a shell reads it with ". .lyhord/demo.env".
func (d *database) writeEnv(o options) error {
	pairs := [][2]string{
		{"LYHORD_URL", o.url()},
		{"LYHORD_DEMO_PASSWORD", d.state.password},
		{"LYHORD_DEMO_RECEIPT_CODE", d.state.code.Text()},
		{"LYHORD_DSN_SUPER", d.superDSN()},
		{"LYHORD_DSN_OWNER", d.ownerDSN()},
	}
	for _, role := range migrations.Roles {
		pairs = append(pairs, [2]string{"LYHORD_DSN_" + strings.ToUpper(role), d.dsn(role)})
	}
	pairs = append(pairs, [2]string{"LYHORD_REDIS_ADDR", d.redis.Addr()})
	var b strings.Builder
	for _, p := range pairs {
		fmt.Fprintf(&b, "%s='%s'\n", p[0], strings.ReplaceAll(p[1], "'", `'\''`))
	}
	return d.state.write(envName, b.String())
}

// forgetEnv removes it when nothing listens any more.
func (d *database) forgetEnv() { _ = os.Remove(d.state.path(envName)) }
