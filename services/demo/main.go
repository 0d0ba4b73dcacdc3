//go:build unix

// Command demo runs everything in one process: a PostgreSQL and a Redis of its own, the schema, the cities of tenants/ with
// invented people and three years of invented cases, the api and the worker. One command, nothing to set up.
//
//	PORT=8080     the port on 127.0.0.1
//	CASES=20000   about how many invented cases; the work of today is always there
//	FRESH=1       begin anew
//	LYHORD_STATE  the folder for everything it keeps (.lyhord)
//
// It must never hold real data: its password is printed, its mails are shown, and everybody may log in as anybody.
//
// Tests start the built program, kill it with -9 in the middle of the seeding and after it, start it again, and end it
// with Ctrl-C.
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
	// The first signal ends it cleanly, the second at once.
	context.AfterFunc(ctx, stop)
	ctx, cancel := context.WithCancelCause(ctx)
	endWithToolchain(ctx, cancel)
	if err := run(ctx, os.Getenv, os.Stdout); err != nil && ctx.Err() == nil { // whoever is told to stop has not failed
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}
