// Command api serves the HTTP API, the public pages and the app.
//
//	api              serves until it is told to stop; the settings of pkg/platform/config
//	api healthcheck  succeeds when the api of this container answers; for engines that can only run a command
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
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
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	cfg, err := config.LoadAPI(os.Getenv)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		if len(args) == 1 && args[0] == "healthcheck" {
			return obs.Healthcheck(ctx, cfg.Listen)
		}
		return fmt.Errorf("unknown command %q; there is healthcheck", args)
	}
	overlays, err := tenants.Overlays()
	if err != nil {
		return err
	}
	metrics := obs.NewMetrics()
	log := obs.NewLogger(os.Stdout, cfg.LogLevel, metrics.Dropped)
	s, err := server.New(ctx, server.Options{
		Config: cfg, Log: log, Version: obs.Version(), Clock: clock.System{}, Metrics: metrics, Overlays: overlays, Env: os.Getenv,
	})
	if err != nil {
		return err
	}
	if err := s.Start(); err != nil {
		return err
	}
	log.Info("api ready", "addr", s.Addr(), "version", obs.Version())
	<-ctx.Done()
	return s.Stop(context.WithoutCancel(ctx))
}
