//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/casework"
	"lyhord/services/migrate/steps"
)

// cost is what one statement of the store takes with row-level security and without.
type cost struct {
	casework.Statement
	on, off time.Duration
}

func (c cost) ratio() float64 { return float64(c.on) / float64(c.off) }

// The same tables without any policy: views of one tenant, read by the administrator. What a policy selects stands in them
// as a plain condition, so that both sides find the same rows.
const plainViews = `
do $$
declare t text;
begin
  create schema plain;
  for t in select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'app' and c.relkind = 'r' and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') loop
    execute format('create view plain.%%I as select * from app.%%I where tenant_id = %%L', t, t, '%s');
  end loop;
end $$`

var (
	appTable = regexp.MustCompile(`\bapp\.([a-z_]+)\b([^(]|$)`)
	appPID   = regexp.MustCompile(`\bapp\.pid\(\)`)
)

// plain is the statement on the views, with the person as a constant.
func plain(sql string, person uuid.UUID) string {
	sql = appPID.ReplaceAllString(sql, "'"+person.String()+"'::uuid")
	return appTable.ReplaceAllString(sql, "plain.$1$2")
}

// arguments are what the statements ask for.
func arguments(s casework.Statement, caseID, person uuid.UUID) pgx.NamedArgs {
	today := time.Now().UTC().Truncate(24 * time.Hour)
	states := []string{"received", "registered", "assigned", "assessing", "consulting", "investigating", "measures", "dispatching", "follow_up", "awaiting_info"}
	if s.Name == "all cases" {
		states = []string{"closed", "void", "archived", "disposed"}
	}
	return pgx.NamedArgs{
		"id": caseID, "held": false, "number": "BRO 2026/1", "states": states, "unit_id": nil, "case_type": nil, "category": nil, "late": false, "today": today,
		"after_on": time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), "after_id": uuid.Nil, "limit": 51, "since": today, "by": person,
		"before_at": time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), "before_id": uuid.Max, "ids": []uuid.UUID{caseID}, "mine": false, "overdue": false,
	}
}

// perBatch is how many times a statement stands in one batch, so that the round trip does not hide it.
const perBatch = 5

// turnsEach is how often each side gets one: many short ones, the best of which is nobody else's work on the machine.
const turnsEach = 40

// costs measures every reading of the store with and without policies, turn by turn, and keeps the best of each.
func (t *town) costs(ctx context.Context, p *person, caseID uuid.UUID) ([]cost, error) {
	me := steps.PersonID(home, "registrator")
	if err := t.exec(ctx, fmt.Sprintf(plainViews, steps.TenantID(home))); err != nil {
		return nil, err
	}
	defer func() { _ = t.exec(context.WithoutCancel(ctx), `drop schema plain cascade`) }() // what is there after fails the product's own check, loudly
	on, err := pgx.Connect(ctx, t.dsn("api"))
	if err != nil {
		return nil, err
	}
	defer on.Close(context.WithoutCancel(ctx))
	off, err := pgx.Connect(ctx, t.superDSN())
	if err != nil {
		return nil, err
	}
	defer off.Close(context.WithoutCancel(ctx))
	var all []cost
	for _, s := range casework.Statements() {
		c := cost{Statement: s, on: time.Hour, off: time.Hour}
		args := arguments(s, caseID, me)
		for range turnsEach {
			a, err := timed(ctx, on, p.token, s.SQL, args)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
			b, err := timed(ctx, off, p.token, plain(s.SQL, me), args)
			if err != nil {
				return nil, fmt.Errorf("%s without policies: %w", s.Name, err)
			}
			c.on, c.off = min(c.on, a), min(c.off, b)
		}
		all = append(all, c)
	}
	return all, nil
}

const bind = `select app.enter($1, $2)`

func timed(ctx context.Context, conn *pgx.Conn, token, sql string, args pgx.NamedArgs) (time.Duration, error) {
	batch := &pgx.Batch{}
	batch.Queue(bind, token, steps.TenantID(home).String())
	for range perBatch {
		batch.Queue(sql, args)
	}
	start := time.Now()
	err := conn.SendBatch(ctx, batch).Close()
	return time.Since(start) / perBatch, err
}

// node is a step of a plan.
type node struct {
	Type     string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Index    string `json:"Index Name"`
	Cond     string `json:"Index Cond"`
	Parent   string `json:"Parent Relationship"`
	Plans    []node `json:"Plans"`
}

// explain asks how a statement would run for the session behind the token.
func explain(ctx context.Context, conn *pgx.Conn, token string, s casework.Statement, args pgx.NamedArgs) (node, error) {
	var plans []struct {
		Plan node `json:"Plan"`
	}
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, bind, token, steps.TenantID(home).String()); err != nil {
			return err
		}
		var text []byte
		if err := tx.QueryRow(ctx, "explain (format json) "+s.SQL, args).Scan(&text); err != nil {
			return err
		}
		return json.Unmarshal(text, &plans)
	})
	if err != nil || len(plans) != 1 {
		return node{}, fmt.Errorf("explain %s: %w", s.Name, err)
	}
	return plans[0].Plan, nil
}

// unfenced lists the steps that read a table of tenants without tenant_id as a condition of the index.
func (n node) unfenced(fenced map[string]bool) (faults []string) {
	switch n.Type {
	case "Seq Scan", "Tid Scan", "Sample Scan":
		if fenced[n.Relation] {
			faults = append(faults, n.Type+" on "+n.Relation)
		}
	case "Index Scan", "Index Only Scan", "Bitmap Index Scan":
		ours := fenced[n.Relation] || n.Type == "Bitmap Index Scan"
		if ours && !strings.Contains(n.Cond, "tenant_id") {
			faults = append(faults, fmt.Sprintf("%s by %s on (%s)", n.Type, n.Index, n.Cond))
		}
	}
	for _, below := range n.Plans {
		faults = append(faults, below.unfenced(fenced)...)
	}
	return faults
}

// fencedTables are the tables of app with a tenant.
func fencedTables(ctx context.Context, conn *pgx.Conn) (map[string]bool, error) {
	rows, err := conn.Query(ctx, `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
	  join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' where n.nspname = 'app' and c.relkind = 'r' and c.relname <> 'tenants'`)
	if err != nil {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	all := map[string]bool{}
	for _, n := range names {
		all[n] = true
	}
	return all, err
}
