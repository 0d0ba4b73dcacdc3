//go:build unix

package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"lyhord/migrations"
	"lyhord/pkg/notify/sink"
	"lyhord/pkg/platform/local"
	"lyhord/pkg/platform/seal"
	"lyhord/services/demo/seed"
	"lyhord/services/migrate/steps"
	"lyhord/tenants"
)

const (
	dbname = "lyhord"
	// home is the tenant whose people work while we measure.
	home = "bromma"
	// connections is how many the api and the reference have each: four per core of a small machine.
	connections = 8
)

// town is the synthetic city on its own servers.
type town struct {
	dir      string
	pg       *local.Postgres
	redis    *local.Redis
	mails    *sink.Sink
	mailed   chan struct{} // one for each mail that was handed over; those nobody waits for are dropped
	roles    map[string]string
	password string
	env      map[string]string // settings of the parts
	cases    int
	seeding  time.Duration
}

// buildTown starts the servers and fills them.
func buildTown(ctx context.Context, cases int, say io.Writer) (*town, error) {
	dir, err := os.MkdirTemp("", "lyhord-bench-") // the disk, not memory: a commit has to cost what it costs
	if err != nil {
		return nil, err
	}
	t := &town{dir: dir, mailed: make(chan struct{}, 1000), roles: map[string]string{}, password: rand.Text()}
	for _, role := range migrations.Roles {
		t.roles[role] = rand.Text()
	}
	if err := t.build(ctx, cases, say); err != nil {
		t.stop()
		return nil, err
	}
	return t, nil
}

func (t *town) build(ctx context.Context, cases int, say io.Writer) error {
	if err := os.Chmod(t.dir, 0o711); err != nil { // the database may run as another account, who passes through
		return err
	}
	if err := t.startServers(ctx); err != nil {
		return err
	}
	rootFile, cookieFile := filepath.Join(t.dir, "root.key"), filepath.Join(t.dir, "cookie.key")
	secret := base64.StdEncoding.EncodeToString([]byte(rand.Text() + rand.Text()))
	if err := os.WriteFile(cookieFile, []byte(secret), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(rootFile, []byte(seal.NewRootKey()), 0o600); err != nil {
		return err
	}
	t.env = map[string]string{
		"LYHORD_PUBLIC_URL": "http://127.0.0.1", "LYHORD_LISTEN": "127.0.0.1:0", "LYHORD_METRICS_LISTEN": "127.0.0.1:0", "LYHORD_DEMO": "true",
		"LYHORD_REDIS_ADDR": t.redis.Addr(), "LYHORD_ROOT_KEY_FILE": rootFile, "LYHORD_COOKIE_SECRET_FILE": cookieFile, "LYHORD_FILES_DIR": filepath.Join(filepath.Dir(cookieFile), "files"),
		"LYHORD_SMTP_ADDR": t.mails.Addr(), "LYHORD_SMTP_FROM": "lyhord@lyhord.demo", "LYHORD_SMTP_TLS": "none",
		"LYHORD_DSN_API": fmt.Sprintf("%s&pool_max_conns=%d", t.dsn("api"), connections), "LYHORD_DSN_LOGIN": t.dsn("login"), "LYHORD_DSN_INTAKE": t.dsn("intake"),
		"LYHORD_DSN_INSIGHT": t.dsn("insight"), "LYHORD_DSN_WORKER": t.dsn("worker"), "LYHORD_DSN_RELAY": t.dsn("relay"),
	}
	return t.fill(ctx, rootFile, cases, say)
}

func (t *town) startServers(ctx context.Context) (err error) {
	t.pg, err = local.StartPostgres(ctx, local.PostgresOptions{StateDir: t.dir, Fsync: true, Settings: map[string]string{
		"max_wal_size": "4GB", "shared_buffers": "1GB",
	}})
	if err != nil {
		return err
	}
	if t.redis, err = local.StartRedis(ctx, local.RedisOptions{StateDir: t.dir}); err != nil {
		return err
	}
	t.mails, err = sink.Start(sink.Options{Dir: filepath.Join(t.dir, "mails"), Stored: func(sink.Mail) {
		select {
		case t.mailed <- struct{}{}:
		default:
		}
	}})
	return err
}

func (t *town) fill(ctx context.Context, rootFile string, cases int, say io.Writer) error {
	admin, err := pgx.Connect(ctx, t.pg.SuperDSN("postgres"))
	if err != nil {
		return err
	}
	_, err = admin.Exec(ctx, "create database "+dbname)
	_ = admin.Close(ctx)
	if err != nil {
		return err
	}
	if err := migrations.Bootstrap(ctx, t.superDSN(), dbname, t.roles); err != nil {
		return err
	}
	root, err := seal.LoadRoot(rootFile)
	if err != nil {
		return err
	}
	if err := steps.Up(ctx, t.dsn("migrator"), root, steps.Options{DemoPassword: t.password}); err != nil {
		return err
	}
	cities, err := tenants.Embedded()
	if err != nil {
		return err
	}
	started, next := time.Now(), 0
	made, err := seed.Run(ctx, t.dsn("migrator"), root, cities, seed.Options{Cases: cases, Now: started, Progress: func(done, all int) {
		if done >= next {
			fmt.Fprintf(say, "seeding: %d of %d\n", done, all)
			next = done + max(1, all/5)
		}
	}})
	t.cases, t.seeding = made.Cases, time.Since(started)
	if err != nil {
		return err
	}
	return t.exec(ctx, "vacuum analyze", "checkpoint")
}

func (t *town) superDSN() string { return t.pg.SuperDSN(dbname) }

func (t *town) dsn(role string) string { return t.pg.DSN("lyhord_"+role, t.roles[role], dbname) }

// exec runs statements as the administrator.
func (t *town) exec(ctx context.Context, statements ...string) error {
	return execAt(ctx, t.superDSN(), statements...)
}

func execAt(ctx context.Context, dsn string, statements ...string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, s := range statements {
		if _, err := conn.Exec(ctx, s); err != nil {
			return fmt.Errorf("%.60s: %w", s, err)
		}
	}
	return nil
}

// stop ends the servers and removes what they kept.
func (t *town) stop() {
	if t.mails != nil {
		t.mails.Stop()
	}
	if t.redis != nil {
		t.redis.Stop()
	}
	if t.pg != nil {
		t.pg.Stop()
	}
	_ = os.RemoveAll(t.dir)
}
