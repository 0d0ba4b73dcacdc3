// Package steps brings a database to where the services expect it: the schema, and the cities and tenants of the
// configuration as rows.
//
// It acts as the migrator, which no fence holds back, so it must do nothing but this, before any service runs. It never
// deletes: what a file no longer names gets a last day. It can be run any number of times.
//
// Tests run it against a real PostgreSQL: twice, with a unit moved, a manager changed and a person gone in between.
package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/migrations"
	"lyhord/pkg/identity"
	"lyhord/pkg/platform/seal"
	"lyhord/tenants"
)

// Options of UpsertTenants.
type Options struct {
	// DemoPassword is given to every account and puts all of them on the demo's login page. Empty leaves passwords as they
	// are and the page empty.
	DemoPassword string
}

// Up brings the schema to the newest version and the tenants into the database.
func Up(ctx context.Context, migratorDSN string, root *seal.Root, o Options) error {
	cities, err := tenants.Embedded()
	if err != nil {
		return err
	}
	if err := migrations.Up(ctx, migratorDSN); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if err := UpsertTenants(ctx, migratorDSN, root, cities, o); err != nil {
		return err
	}
	return done(ctx, migratorDSN)
}

// done tells the services that wait (Wait) that everything is in place.
func done(ctx context.Context, migratorDSN string) error {
	conn, err := pgx.Connect(ctx, migratorDSN)
	if err != nil {
		return fmt.Errorf("connect as migrator: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, sqlDone, migrations.Version())
	return err
}

// Wait returns when the database is where this build expects it, or ctx ends. A newer database is good too: migrations only
// add until the services that need the old are gone.
func Wait(ctx context.Context, dsn string, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		version, err := reached(ctx, dsn)
		if err == nil && version >= migrations.Version() {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the database is not ready: version %d, want %d: %w", version, migrations.Version(), errors.Join(ctx.Err(), err))
		case <-tick.C:
		}
	}
}

func reached(ctx context.Context, dsn string) (version int64, err error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return 0, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	err = conn.QueryRow(ctx, "select sec.schema_version()").Scan(&version)
	return version, err
}

// namespace of all ids that come from names in the configuration.
var namespace = uuid.MustParse("6f1d9c1e-6a0b-5c58-9a35-6d1f2f0f7c11")

// ID is the id of what a file names: the same in every installation, whatever is loaded when.
func ID(kind string, names ...string) uuid.UUID {
	text := kind
	for _, n := range names {
		text += "/" + n
	}
	return uuid.NewSHA1(namespace, []byte(text))
}

// CityID is the id of a city by its slug.
func CityID(city string) uuid.UUID { return ID("city", city) }

// TenantID is the id of a tenant by its slug.
func TenantID(tenant string) uuid.UUID { return ID("tenant", tenant) }

// UnitID is the id of a unit by its tenant's slug and its own.
func UnitID(tenant, unit string) uuid.UUID { return ID("unit", tenant, unit) }

// PersonID is the id of a person, and of the account, by the tenant's slug and the person's key.
func PersonID(tenant, key string) uuid.UUID { return ID("person", tenant, key) }

// UpsertTenants makes the rows of cities, tenants, their organisation, rules, keys and accounts what the files say.
// Each city is one transaction.
func UpsertTenants(ctx context.Context, migratorDSN string, root *seal.Root, cities []tenants.City, o Options) error {
	conn, err := pgx.Connect(ctx, migratorDSN)
	if err != nil {
		return fmt.Errorf("connect as migrator: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	hash := ""
	if o.DemoPassword != "" {
		hash = identity.HashPassword(o.DemoPassword) // once: a tenth of a second for each of hundreds of accounts adds up
	}
	for _, city := range cities {
		err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			// Two at once would write the same rows; the second waits and finds nothing left to do.
			if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(7311003)"); err != nil {
				return err
			}
			return upsertCity(ctx, tx, root, city, hash)
		})
		if err != nil {
			return fmt.Errorf("city %s: %w", city.Slug, err)
		}
	}
	// Every statement of every session asks these; without statistics it costs three times as much until autovacuum comes by.
	_, err = conn.Exec(ctx, "analyze sec.accounts, sec.memberships, sec.role_sight, app.tenants, app.units, app.unit_parents, app.unit_managers, app.people")
	return err
}

func upsertCity(ctx context.Context, tx pgx.Tx, root *seal.Root, city tenants.City, hash string) error {
	body := city
	body.Tenants = nil
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlCity, pgx.StrictNamedArgs{"id": CityID(city.Slug), "slug": city.Slug, "name": city.Name, "body": text})
	codes := codeRows(city)
	batch.Queue(sqlCodes, pgx.StrictNamedArgs{"city": CityID(city.Slug), "rows": codes})
	batch.Queue(sqlCloseCodes, pgx.StrictNamedArgs{"city": CityID(city.Slug), "rows": codes})
	for _, t := range city.Tenants {
		if err := queueTenant(batch, city, t, hash); err != nil {
			return fmt.Errorf("tenant %s: %w", t.Slug, err)
		}
	}
	batch.Queue(sqlCloseTenants, pgx.StrictNamedArgs{"city": CityID(city.Slug), "slugs": slugs(city)})
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	for _, t := range city.Tenants {
		if err := ensureKey(ctx, tx, root, TenantID(t.Slug)); err != nil {
			return fmt.Errorf("key of %s: %w", t.Slug, err)
		}
	}
	return nil
}

// ensureKey gives a tenant its first key. A tenant that has one keeps it, whatever root key is at hand: replacing it would
// make everything sealed unreadable.
func ensureKey(ctx context.Context, tx pgx.Tx, root *seal.Root, tenant uuid.UUID) error {
	var has bool
	if err := tx.QueryRow(ctx, "select exists (select from sec.tenant_keys where tenant_id = $1)", tenant).Scan(&has); err != nil || has {
		return err
	}
	wrapped, _, err := root.NewTenantKey(tenant, 1)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "insert into sec.tenant_keys (tenant_id, version, wrapped) values ($1, 1, $2)", tenant, wrapped)
	return err
}

func slugs(city tenants.City) []string {
	all := []string{}
	for _, t := range city.Tenants {
		all = append(all, t.Slug)
	}
	return all
}
