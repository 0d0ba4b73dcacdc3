// Command api serves the HTTP API, the public pages and the app.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/obs"
	"lyhord/services/api/server"
	"lyhord/tenants"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	cfg, err := config.LoadAPI(os.Getenv)
	if err != nil {
		return err
	}
	overlays, err := tenants.Overlays()
	if err != nil {
		return err
	}
	metrics := obs.NewMetrics()
	log := obs.NewLogger(os.Stdout, cfg.LogLevel, metrics.Dropped)
	s, err := server.New(ctx, server.Options{
		Config: cfg, Log: log, Version: version(), Clock: clock.System{}, Metrics: metrics, Overlays: overlays, Env: os.Getenv,
	})
	if err != nil {
		return err
	}
	if err := s.Start(); err != nil {
		return err
	}
	log.Info("api ready", "addr", s.Addr(), "version", version())
	<-ctx.Done()
	return s.Stop(context.WithoutCancel(ctx))
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "dev"
}
