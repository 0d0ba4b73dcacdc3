//go:build unix

// Command bench measures Lyhörd against references in the same run and prints the goals as a Markdown table: what was
// measured, against what, and whether the goal was met. It never fails for a goal that was missed; it is there to be read.
//
//	BENCH_CASES=200000  how many cases of history
//	BENCH_SECONDS=2     how long each side of each round runs; the load of events lasts seven and a half times as long
//	BENCH_SOAK=1        also soaks the isolation of tenants with 100,000 operations, or as many as given (needs the sources and Go)
//
// It starts a PostgreSQL (fsync on) and a Redis of its own in the temp folder, fills them with the synthetic city, and
// runs the api, the worker and the references as three further processes of this program, so that the memory measured
// is theirs alone. Reference and product take turns in short rounds; the ratio of a row is the median of its rounds.
//
// The references are bare: a Gin engine (httpx.NewEngine, httpx.Mount), one implicit transaction per request over as many
// connections as the api has, tables of the same size with one policy that compares tenant_id with a setting. They have
// no login, no policy of roles, no sealing and no trail. It must not touch any database but its own.
//
// Tests: plans_test.go asks PostgreSQL whether every reading of the store keeps tenant_id as a condition of an index;
// run_test.go measures a small city in a hurry and looks whether every row of the table has its figures.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if part := os.Getenv(partEnv); part != "" {
		if err := runPart(ctx, part); err != nil {
			fmt.Fprintln(os.Stderr, part+":", err)
			os.Exit(1)
		}
		return
	}
	if err := run(ctx, os.Getenv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err) // still 0: a measurement that could not be made is no broken build
	}
}
