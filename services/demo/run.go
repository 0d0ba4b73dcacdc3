//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"lyhord/pkg/platform/config"
	"lyhord/services/demo/seed"
	"lyhord/tenants"
)

// run starts everything and returns when it has ended: by the context (nil), or because a part of it failed.
func run(ctx context.Context, env config.Lookup, out io.Writer) error {
	started := time.Now()
	o, err := readOptions(env)
	if err != nil {
		return err
	}
	cities, err := tenants.Embedded()
	if err != nil {
		return err
	}
	s, err := openState(ctx, o)
	if err != nil {
		return err
	}
	defer s.lock.Unlock()
	if err := portIsFree(ctx, o); err != nil {
		return err
	}
	_ = os.Remove(s.path(envName)) // of a run that was killed
	fmt.Fprintln(out, "Lyhörd: startar PostgreSQL och Redis i", short(s.dir))
	d, err := startDatabase(ctx, s)
	if err != nil {
		return err
	}
	defer d.stop()
	root, err := d.prepare(ctx)
	if err != nil {
		return fmt.Errorf("prepare the database: %w", err)
	}
	fmt.Fprintf(out, "Lyhörd: PostgreSQL %d, databasen är klar efter %s\n", d.pg.Major(), since(started))
	p := &progress{out: out, terminal: isTerminal(out), started: time.Now()}
	made, err := seed.Run(ctx, d.dsn("migrator"), root, cities, seed.Options{Cases: o.cases, Now: time.Now(), Code: &s.code, Progress: p.tell})
	p.end()
	if err != nil {
		return fmt.Errorf("the synthetic city: %w", err)
	}
	if made.Cases > 0 {
		fmt.Fprintf(out, "Lyhörd: %d påhittade ärenden i %d verksamheter på %s\n", made.Cases, made.Tenants, since(p.started))
	}
	return serve(ctx, o, d, func() { banner(out, o, s, cities, since(started)) })
}

// serve runs the api and the worker until the context ends or a server dies.
func serve(ctx context.Context, o options, d *database, ready func()) error {
	v, err := startServices(ctx, o, d)
	if err != nil {
		return err
	}
	defer v.stop()
	if err := d.writeEnv(o); err != nil {
		return err
	}
	defer d.forgetEnv()
	ready()
	select {
	case <-ctx.Done():
		return nil
	case <-d.pg.Done():
		return errors.New("PostgreSQL ended; see " + d.state.path("pg*.log"))
	case <-d.redis.Done():
		return errors.New("Redis ended; see " + d.state.path("redis.log"))
	}
}

// portIsFree says so before anybody has waited for the city to be invented.
func portIsFree(ctx context.Context, o options) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", o.addr())
	if err != nil {
		//lint:ignore ST1005 the whole text is what the person at the terminal reads
		return fmt.Errorf("Port %d används redan. Välj en annan, till exempel PORT=%d.\n"+
			"      Port %[1]d is in use; choose another with PORT", o.port, o.port+1)
	}
	return l.Close()
}

// since is a duration as one says it: 2,4 s.
func since(t time.Time) string {
	return strings.Replace(fmt.Sprintf("%.1f s", time.Since(t).Seconds()), ".", ",", 1)
}

// short leaves the working folder out of a path.
func short(path string) string {
	if wd, err := os.Getwd(); err == nil {
		if rest, ok := strings.CutPrefix(path, wd+"/"); ok {
			return rest
		}
	}
	return path
}
