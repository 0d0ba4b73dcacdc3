//go:build unix

package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"path"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/httpx"
	"lyhord/services/migrate/steps"
)

// The reference's tables: the same number of rows of about a kilobyte, the same indexes for the same questions.
var bareSchema = []string{
	`create schema bench`,
	`create table bench.cases as
	 select c.tenant_id, c.id, c.reference, c.state, c.subject, c.case_type, c.unit_id, c.handler_id, c.received_at, c.due_on,
	        convert_to(repeat('x', 800), 'UTF8') as body
	   from app.cases c`,
	`alter table bench.cases add primary key (tenant_id, id)`,
	`create index on bench.cases (tenant_id, due_on, id) where state not in ('closed', 'void', 'archived', 'disposed')`,
	`create index on bench.cases (tenant_id, unit_id, received_at desc, id desc)`,
	`create table bench.events (tenant_id uuid not null, id uuid not null, case_id uuid not null, at timestamptz not null default now(),
	   kind text not null, primary key (tenant_id, id))`,
	`create index on bench.events (tenant_id, case_id, at, id)`,
	`create table bench.outbox (tenant_id uuid not null, id uuid not null, kind text not null, ref uuid not null,
	   created_at timestamptz not null default now(), primary key (tenant_id, id))`,
	`alter table bench.cases enable row level security`,
	`alter table bench.events enable row level security`,
	`alter table bench.outbox enable row level security`,
	`create policy own on bench.cases using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))`,
	`create policy own on bench.events using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))`,
	`create policy own on bench.outbox using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))`,
	`grant usage on schema bench to lyhord_api`,
	`grant select, insert on bench.cases, bench.events, bench.outbox to lyhord_api`,
	`vacuum analyze bench.cases`,
}

// bareName is the reference's database, a copy of the product's: in its own, the product would refuse to start beside tables
// that keep none of its rules.
const bareName = "bare"

func (t *town) buildBare(ctx context.Context) error {
	if err := t.exec(ctx, "create database "+bareName+" template "+dbname+" strategy file_copy"); err != nil {
		return err
	}
	return execAt(ctx, t.pg.SuperDSN(bareName), bareSchema...)
}

func (t *town) bareDSN() string { return t.pg.DSN("lyhord_api", t.roles["api"], bareName) }

const (
	bareBind   = `select set_config('app.tenant', $1, true)`
	bareCase   = `insert into bench.cases (tenant_id, id, reference, state, unit_id, received_at, due_on, body) values ($1, $2, $3, 'received', $4, now(), current_date + 30, $5)`
	bareEvent  = `insert into bench.events (tenant_id, id, case_id, kind) values ($1, $2, $3, 'case.reported')`
	bareOutbox = `insert into bench.outbox (tenant_id, id, kind, ref) values ($1, $2, 'notify', $3)`
	bareOpen   = `select id, reference, state, subject, case_type, unit_id, handler_id, received_at, due_on, body from bench.cases where id = $1`
	bareList   = `select id, reference, state, subject, case_type, unit_id, handler_id, received_at, due_on from bench.cases
	  where state not in ('closed', 'void', 'archived', 'disposed') order by due_on, id limit 50`
	bareCity = `select tenant_slug, month, case_type, category, sum(n)::int as n
	  from insight.city_cells($1, (current_date - interval '36 months')::date, current_date) group by 1, 2, 3, 4`
)

// bare answers with as little as can be between Gin and PostgreSQL.
type bare struct {
	api, insight chan *pgx.Conn
	tenant       uuid.UUID
}

type bareRow struct {
	ID         uuid.UUID  `db:"id" json:"id"`
	Reference  string     `db:"reference" json:"reference"`
	State      string     `db:"state" json:"state"`
	Subject    *string    `db:"subject" json:"subject"`
	CaseType   *string    `db:"case_type" json:"case_type"`
	UnitID     *uuid.UUID `db:"unit_id" json:"unit_id"`
	HandlerID  *uuid.UUID `db:"handler_id" json:"handler_id"`
	ReceivedAt time.Time  `db:"received_at" json:"received_at"`
	DueOn      *time.Time `db:"due_on" json:"due_on"`
}

type bareFull struct {
	bareRow
	Body []byte `db:"body" json:"body"`
}

type bareCell struct {
	Tenant   string    `db:"tenant_slug" json:"tenant"`
	Month    time.Time `db:"month" json:"month"`
	CaseType string    `db:"case_type" json:"case_type"`
	Category string    `db:"category" json:"category"`
	N        int       `db:"n" json:"n"`
}

// serveBare runs the reference.
func serveBare(ctx context.Context) error {
	b := &bare{tenant: steps.TenantID(home)}
	var err error
	if b.api, err = connect(ctx, os.Getenv("BENCH_DSN_BARE"), connections); err != nil {
		return err
	}
	if b.insight, err = connect(ctx, os.Getenv("LYHORD_DSN_INSIGHT"), connections/2); err != nil {
		return err
	}
	engine, err := httpx.NewEngine(nil, func(context.Context, string) {})
	if err != nil {
		return err
	}
	httpx.Mount(engine, "/report", http.HandlerFunc(b.report))
	httpx.Mount(engine, "/case/*id", http.HandlerFunc(b.open))
	httpx.Mount(engine, "/list", http.HandlerFunc(b.list))
	httpx.Mount(engine, "/city", http.HandlerFunc(b.city))
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	srv := httpx.NewServer("", engine)
	context.AfterFunc(ctx, func() { _ = srv.Close() })
	ready(listen.Addr().String())
	if err := srv.Serve(listen); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func connect(ctx context.Context, dsn string, n int) (chan *pgx.Conn, error) {
	all := make(chan *pgx.Conn, n)
	for range n {
		c, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return nil, err
		}
		all <- c
	}
	return all, nil
}

// send runs a batch on a free connection and writes what it filled, or 500.
func (b *bare) send(w http.ResponseWriter, r *http.Request, batch *pgx.Batch, answer any) {
	c := <-b.api
	err := c.SendBatch(r.Context(), batch).Close()
	b.api <- c
	write(w, answer, err)
}

func write(w http.ResponseWriter, answer any, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // the client is gone or not; there is nothing to do about it
}

func (b *bare) report(w http.ResponseWriter, r *http.Request) {
	var in struct {
		UnitID    uuid.UUID `json:"unit_id"`
		Narrative string    `json:"narrative"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	id := uuid.New()
	batch := &pgx.Batch{}
	batch.Queue(bareBind, b.tenant.String())
	batch.Queue(bareCase, b.tenant, id, id.String()[:13], in.UnitID, []byte(in.Narrative))
	batch.Queue(bareEvent, b.tenant, uuid.New(), id)
	batch.Queue(bareOutbox, b.tenant, uuid.New(), id)
	b.send(w, r, batch, map[string]any{"id": id})
}

func (b *bare) open(w http.ResponseWriter, r *http.Request) {
	id, err := uuid.Parse(path.Base(r.URL.Path))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var row bareFull
	batch := &pgx.Batch{}
	batch.Queue(bareBind, b.tenant.String())
	batch.Queue(bareOpen, id).Query(func(rows pgx.Rows) (err error) {
		row, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[bareFull])
		return err
	})
	b.send(w, r, batch, &row)
}

func (b *bare) list(w http.ResponseWriter, r *http.Request) {
	var all []bareRow
	batch := &pgx.Batch{}
	batch.Queue(bareBind, b.tenant.String())
	batch.Queue(bareList).Query(func(rows pgx.Rows) (err error) {
		all, err = pgx.CollectRows(rows, pgx.RowToStructByName[bareRow])
		return err
	})
	b.send(w, r, batch, &all)
}

func (b *bare) city(w http.ResponseWriter, r *http.Request) {
	c := <-b.insight
	rows, err := c.Query(r.Context(), bareCity, "stockholm")
	var all []bareCell
	if err == nil {
		all, err = pgx.CollectRows(rows, pgx.RowToStructByName[bareCell])
	}
	b.insight <- c
	write(w, all, err)
}
