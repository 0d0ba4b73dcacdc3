//go:build unix

package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"
)

// endWithToolchain ends the demo when "go run" is killed: nobody else would tell its child. A demo that was built and
// started by itself lives on without the shell that started it.
func endWithToolchain(ctx context.Context, cancel context.CancelCauseFunc) {
	program, err := os.Executable()
	if err != nil || !strings.Contains(program, "/go-build") {
		return
	}
	parent := os.Getppid()
	go func() {
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if os.Getppid() != parent {
					cancel(errors.New("go run has ended"))
					return
				}
			}
		}
	}()
}
