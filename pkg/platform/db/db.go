// Package db is the one door to PostgreSQL. DB has no Query and no Exec: a caller shows a Scope and sends a Batch, which
// travels with the scope's binding as one implicit transaction in one round trip, or runs a function inside In.
//
// It must not know any business word, and no other package may hold a pool. Tests run against a real PostgreSQL:
// binding, rollback, cancellation, and that nothing of a scope survives on a connection.
package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/problem"
)

// Args are named arguments; a missing or superfluous name is an error.
type Args = pgx.StrictNamedArgs

// DB holds one pool per door a process was given.
type DB struct {
	pools   map[authz.Door]*pgxpool.Pool
	acquire time.Duration
}

// loginConns is how many logins talk to the database at once: a login is one short call before and one after the work on
// the password, and a flood of them must not take the connections of those who are in.
const loginConns = 4

// Open connects the doors by their DSNs. It fails when a database cannot be reached.
func Open(ctx context.Context, dsns map[authz.Door]string) (*DB, error) {
	d := &DB{pools: map[authz.Door]*pgxpool.Pool{}, acquire: 2 * time.Second}
	for door, dsn := range dsns {
		cfg, err := pgxpool.ParseConfig(dsn)
		if err != nil {
			d.Close()
			return nil, fmt.Errorf("DSN of %s: %w", door, errors.New("cannot be read")) // the DSN itself holds a password
		}
		if door == authz.DoorLogin {
			cfg.MaxConns = min(cfg.MaxConns, loginConns)
			cfg.MinConns = min(cfg.MinConns, loginConns)
		}
		cfg.AfterRelease = forget
		pool, err := pgxpool.NewWithConfig(ctx, cfg)
		if err == nil {
			err = pool.Ping(ctx)
		}
		if err != nil {
			d.Close()
			return nil, fmt.Errorf("database door %s: %w", door, err)
		}
		d.pools[door] = pool
	}
	return d, nil
}

// forget destroys a connection that comes back in the middle of something.
func forget(c *pgx.Conn) bool { return c.PgConn().TxStatus() == 'I' }

// Close ends all pools.
func (d *DB) Close() {
	for _, p := range d.pools {
		p.Close()
	}
}

// Ping says whether the door's database answers.
func (d *DB) Ping(ctx context.Context, door authz.Door) error {
	p, ok := d.pools[door]
	if !ok {
		return fmt.Errorf("no door %s", door)
	}
	return p.Ping(ctx)
}

// Batch is a list of statements that succeed or fail together.
type Batch struct{ b pgx.Batch }

// Exec adds a statement whose rows do not matter.
func (b *Batch) Exec(sql string, args Args) {
	b.b.Queue(sql, named(args)...).Exec(func(pgconn.CommandTag) error { return nil })
}

// Rows adds a statement and reads its rows. fn must read rows to the end or collect them.
func (b *Batch) Rows(sql string, args Args, fn func(pgx.Rows) error) {
	b.b.Queue(sql, named(args)...).Query(fn)
}

// One adds a statement that answers one row; no row is problem.NotFound.
func (b *Batch) One(sql string, args Args, dest ...any) {
	b.b.Queue(sql, named(args)...).QueryRow(func(r pgx.Row) error { return r.Scan(dest...) })
}

// Len is the number of statements.
func (b *Batch) Len() int { return b.b.Len() }

func named(args Args) []any {
	if args == nil {
		return nil
	}
	return []any{args}
}

// Collect adds a statement and collects its rows into dest by column name; the struct's fields carry db tags.
func Collect[T any](b *Batch, sql string, args Args, dest *[]T) {
	b.Rows(sql, args, func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
		if all == nil {
			all = []T{}
		}
		*dest = all
		return err
	})
}

// First adds a statement and reads its one row by column name; no row is problem.NotFound.
func First[T any](b *Batch, sql string, args Args, dest *T) {
	b.Rows(sql, args, func(rows pgx.Rows) error {
		one, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
		if err == nil {
			*dest = one
		}
		return err
	})
}

// What binds a transaction to a scope: app.enter proves once who acts (migrations/00001). Where there is no tenant to enter,
// the token alone is told to the functions of sec: who reads a session, or is about to open one.
const (
	enter    = `select app.enter($1, $2)`
	setToken = `select set_config('app.token', $1, true)`
)

// binding is the statement that binds a transaction to the scope; none where there is nothing to bind.
func binding(s authz.Scope) (sql string, args []any) {
	token, tenant := s.Bind()
	switch {
	case token == "" && tenant == "":
		return "", nil
	case tenant == "" || s.Door() == authz.DoorLogin:
		return setToken, []any{token}
	}
	return enter, []any{token, tenant}
}

// Once sends the scope and the batch in one round trip as one implicit transaction: all of it or nothing.
func (d *DB) Once(ctx context.Context, s authz.Scope, b *Batch) error {
	conn, err := d.conn(ctx, s)
	if err != nil {
		return err
	}
	defer conn.Release()
	all := pgx.Batch{QueuedQueries: make([]*pgx.QueuedQuery, 0, b.b.Len()+1)}
	if sql, args := binding(s); sql != "" {
		all.Queue(sql, args...).Exec(func(pgconn.CommandTag) error { return nil })
	}
	all.QueuedQueries = append(all.QueuedQueries, b.b.QueuedQueries...)
	return Problem(conn.SendBatch(ctx, &all).Close())
}

// In runs fn in one transaction bound to the scope. Use it only where a statement depends on what an earlier one found; Once
// is one round trip, this one more than the batches sent: begin and binding travel with the first, the commit by itself. The
// rollback survives cancellation.
func (d *DB) In(ctx context.Context, s authz.Scope, fn func(Tx) error) (err error) {
	conn, err := d.conn(ctx, s)
	if err != nil {
		return err
	}
	defer conn.Release()
	t := Tx{conn: conn.Conn(), scope: s, begun: new(bool)}
	defer func() {
		r := recover()
		if (err != nil || r != nil) && conn.Conn().PgConn().TxStatus() != 'I' {
			_, _ = conn.Exec(context.WithoutCancel(ctx), "rollback")
		}
		if r != nil {
			panic(r)
		}
	}()
	if err := fn(t); err != nil || !*t.begun {
		return Problem(err)
	}
	tag, err := conn.Exec(ctx, "commit")
	if err == nil && tag.String() != "COMMIT" { // PostgreSQL answers ROLLBACK when a statement had failed and fn went on
		err = pgx.ErrTxCommitRollback
	}
	return Problem(err)
}

// Tx is the inside of In: it sends batches and nothing else.
type Tx struct {
	conn  *pgx.Conn
	scope authz.Scope
	begun *bool
}

// Do sends a batch within the transaction.
func (t Tx) Do(ctx context.Context, b *Batch) error {
	if *t.begun {
		return Problem(t.conn.SendBatch(ctx, &b.b).Close())
	}
	*t.begun = true
	var all pgx.Batch
	all.Queue("begin")
	if sql, args := binding(t.scope); sql != "" {
		all.Queue(sql, args...)
	}
	all.QueuedQueries = append(all.QueuedQueries, b.b.QueuedQueries...)
	return Problem(t.conn.SendBatch(ctx, &all).Close())
}

func (d *DB) conn(ctx context.Context, s authz.Scope) (*pgxpool.Conn, error) {
	pool, ok := d.pools[s.Door()]
	if !ok {
		return nil, problem.Internal(fmt.Errorf("no database door %q in this process", s.Door()))
	}
	wait, cancel := context.WithTimeout(ctx, d.acquire)
	defer cancel()
	conn, err := pool.Acquire(wait)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, problem.Unavailable(err)
	}
	return conn, nil
}

// Problem makes a database error safe: what PostgreSQL says carries row data, so only SQLSTATE, constraint and table go on.
func Problem(err error) error {
	if err == nil {
		return nil
	}
	var known *problem.Problem
	if errors.As(err, &known) {
		return err
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return problem.NotFound()
	}
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		if pe.Code == "LY208" {
			return &Repeated{Ref: pe.Message}
		}
		return problem.FromPG(pe.Code, name(pe), pe.TableName)
	}
	return err
}

// Repeated says that a create with this idempotency key has happened already; Ref is what it made.
type Repeated struct{ Ref string }

func (r *Repeated) Error() string { return "already done" }

// name is the constraint, or for our own LY states the message (a code we wrote, never data).
func name(pe *pgconn.PgError) string {
	if len(pe.Code) == 5 && pe.Code[:2] == "LY" {
		return pe.Message
	}
	return pe.ConstraintName
}
