//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

	"lyhord/pkg/notify/sink"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/obs"
	"lyhord/services/api/server"
	"lyhord/services/worker/runner"
	"lyhord/tenants"
)

// running is what serves: the same api and worker as in production, and a mail server that delivers nothing.
type running struct {
	mails  *sink.Sink
	api    *server.Server
	worker *runner.Runner
	log    io.Closer
}

const (
	mailsName = "mails"
	logName   = "lyhord.log"
	version   = "demo"
)

func startServices(ctx context.Context, o options, d *database) (*running, error) {
	r := &running{}
	if err := r.start(ctx, o, d); err != nil {
		r.stop()
		return nil, err
	}
	return r, nil
}

func (r *running) start(ctx context.Context, o options, d *database) (err error) {
	if r.mails, err = sink.Start(sink.Options{Dir: d.state.path(mailsName)}); err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	file, err := openLog(d.state.path(logName))
	if err != nil {
		return err
	}
	r.log = file
	env := settings(o, d, r.mails.Addr())
	if err := r.startWorker(ctx, env, file); err != nil {
		return fmt.Errorf("worker: %w", err)
	}
	if err := r.startAPI(ctx, env, file, d.state.password); err != nil {
		return fmt.Errorf("api: %w", err)
	}
	return nil
}

func (r *running) startWorker(ctx context.Context, env config.Lookup, file io.Writer) error {
	cfg, err := config.LoadWorker(env)
	if err != nil {
		return err
	}
	metrics := obs.NewMetrics()
	r.worker, err = runner.New(ctx, runner.Options{
		Config: cfg, Log: logger(file, "worker", cfg.LogLevel, metrics), Version: version, Clock: clock.System{}, Metrics: metrics,
	})
	if err != nil {
		return err
	}
	return r.worker.Start()
}

func (r *running) startAPI(ctx context.Context, env config.Lookup, file io.Writer, password string) error {
	cfg, err := config.LoadAPI(env)
	if err != nil {
		return err
	}
	overlays, err := tenants.Overlays()
	if err != nil {
		return err
	}
	metrics := obs.NewMetrics()
	r.api, err = server.New(ctx, server.Options{
		Config: cfg, Log: logger(file, "api", cfg.LogLevel, metrics), Version: version, Clock: clock.System{}, Metrics: metrics,
		Overlays: overlays, DemoPassword: password, DemoMails: r.mails.Handler(), Env: env,
	})
	if err != nil {
		return err
	}
	return r.api.Start()
}

func logger(to io.Writer, process string, level slog.Leveler, m *obs.Metrics) *slog.Logger {
	return obs.NewLogger(to, level, m.Dropped).With("process", process)
}

// stop lets requests and jobs under way finish. The worker goes after the api, whose last requests may have left work.
func (r *running) stop() {
	if r.api != nil {
		_ = r.api.Stop(context.Background()) // what did not finish in time is cut off
	}
	if r.worker != nil {
		r.worker.Stop()
	}
	if r.mails != nil {
		r.mails.Stop()
	}
	if r.log != nil {
		_ = r.log.Close()
	}
}

// settings are the environment that production would be given.
func settings(o options, d *database, smtp string) config.Lookup {
	values := map[string]string{
		"LYHORD_PUBLIC_URL": o.url(), "LYHORD_LISTEN": o.addr(), "LYHORD_METRICS_LISTEN": "127.0.0.1:0", "LYHORD_DEMO": "true",
		"LYHORD_REDIS_ADDR": d.redis.Addr(), "LYHORD_ROOT_KEY_FILE": d.state.path(rootKeyName),
		"LYHORD_COOKIE_SECRET_FILE": d.state.path(cookieKeyName),
		"LYHORD_FILES_DIR":          d.state.path("files"),
		"LYHORD_SMTP_ADDR":          smtp, "LYHORD_SMTP_FROM": "lyhord@lyhord.demo", "LYHORD_SMTP_TLS": "none",
		"LYHORD_DSN_API": d.dsn("api"), "LYHORD_DSN_LOGIN": d.dsn("login"), "LYHORD_DSN_INTAKE": d.dsn("intake"), "LYHORD_DSN_INSIGHT": d.dsn("insight"),
		"LYHORD_DSN_WORKER": d.dsn("worker"), "LYHORD_DSN_RELAY": d.dsn("relay"),
	}
	return func(name string) string { return values[name] }
}

// openLog goes on in the log of earlier runs, and starts over when that has grown.
func openLog(path string) (*os.File, error) {
	const most = 16 << 20
	flags := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if st, err := os.Stat(path); err == nil && st.Size() > most {
		flags |= os.O_TRUNC
	}
	return os.OpenFile(path, flags, 0o600)
}
