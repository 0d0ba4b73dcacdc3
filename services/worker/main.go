// Command worker runs what happens outside requests: it relays the outbox, fires timers and tells people.
//
//	worker              works until it is told to stop; the settings of pkg/platform/config
//	worker dead                lists jobs that were given up: ids, kinds and codes
//	worker revive ID …         lets them be tried again; revive-kind KIND … all of a kind
//	worker healthcheck  succeeds when the worker of this container answers; for engines that can only run a command
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
	"lyhord/services/worker/operator"
	"lyhord/services/worker/runner"
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
	cfg, err := config.LoadWorker(os.Getenv)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		if len(args) == 1 && args[0] == "healthcheck" {
			return obs.Healthcheck(ctx, cfg.MetricsListen)
		}
		if err := operator.Run(ctx, cfg, args, os.Stdout); err != nil {
			return fmt.Errorf("%w; there is also healthcheck", err)
		}
		return nil
	}
	metrics := obs.NewMetrics()
	return runner.Run(ctx, runner.Options{
		Config: cfg, Log: obs.NewLogger(os.Stdout, cfg.LogLevel, metrics.Dropped), Version: obs.Version(), Clock: clock.System{},
		Metrics: metrics,
	})
}
