// Command migrate prepares the database for the other services.
//
//	migrate up         the schema, then the cities and tenants (default); LYHORD_DSN_MIGRATOR, LYHORD_ROOT_KEY_FILE
//	migrate bootstrap  roles and grants, once per database, as a database administrator; LYHORD_DSN_SUPER and, for each
//	                   role that gets a new one, LYHORD_PASSWORD_API, _INTAKE, _WORKER, _RELAY, _INSIGHT, _MIGRATOR
//	migrate wait       returns when the database is ready; LYHORD_DSN_API or LYHORD_DSN_WORKER
//
// Each of these may also be given as NAME_FILE, the path of a file that holds it. With LYHORD_DEMO and LYHORD_DEMO_PASSWORD
// every made-up person gets that password. Nothing else lives here.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"lyhord/migrations"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/seal"
	"lyhord/services/migrate/steps"
)

// waitLimit is how long `wait` waits; an orchestrator then starts it anew.
const waitLimit = 10 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv); err != nil {
		fmt.Fprintln(os.Stderr, "migrate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, env config.Lookup) error {
	what := "up"
	if len(args) > 0 {
		what = args[0]
	}
	switch what {
	case "up":
		return up(ctx, env)
	case "bootstrap":
		return bootstrap(ctx, env)
	case "wait":
		ctx, cancel := context.WithTimeout(ctx, waitLimit)
		defer cancel()
		dsn, err := secret(env, "LYHORD_DSN_API")
		if err == nil && dsn == "" {
			dsn, err = secret(env, "LYHORD_DSN_WORKER")
		}
		if err != nil {
			return err
		}
		if dsn == "" {
			return errors.New("wait needs LYHORD_DSN_API or LYHORD_DSN_WORKER")
		}
		return steps.Wait(ctx, dsn, time.Second)
	}
	return fmt.Errorf("unknown command %q; there are up, bootstrap and wait", what)
}

func up(ctx context.Context, env config.Lookup) error {
	c, err := config.LoadMigrate(env)
	if err != nil {
		return err
	}
	root, err := seal.LoadRoot(c.RootKeyFile)
	if err != nil {
		return err
	}
	o := steps.Options{}
	if c.Demo {
		o.DemoPassword = env("LYHORD_DEMO_PASSWORD")
	}
	return steps.Up(ctx, c.DSN.Migrator.Reveal(), root, o)
}

func bootstrap(ctx context.Context, env config.Lookup) error {
	dsn, err := secret(env, "LYHORD_DSN_SUPER")
	if err != nil {
		return err
	}
	cfg, err := pgx.ParseConfig(dsn)
	if dsn == "" || err != nil {
		return errors.New("bootstrap needs LYHORD_DSN_SUPER, the address of the database as its administrator")
	}
	passwords := map[string]string{}
	for _, role := range migrations.Roles {
		pw, err := secret(env, "LYHORD_PASSWORD_"+strings.ToUpper(role))
		if err != nil {
			return err
		}
		if pw != "" {
			passwords[role] = pw
		}
	}
	return migrations.Bootstrap(ctx, dsn, cfg.Database, passwords)
}

// secret reads what the table of settings does not know because only this command needs it: from the environment, or from
// the file that NAME_FILE names.
func secret(env config.Lookup, name string) (string, error) {
	if value := env(name); value != "" {
		return value, nil
	}
	path := env(name + "_FILE")
	if path == "" {
		return "", nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s_FILE names a file that cannot be read", name)
	}
	return strings.TrimSpace(string(text)), nil
}
