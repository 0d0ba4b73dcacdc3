package db_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/problem"
)

// soak counts what many goroutines do at once with two tenants over few connections.
type soak struct {
	t                                               *testing.T
	db                                              *db.DB
	own, foreign, forged, cancelled, written, asked atomic.Int64
}

// The statement of an attacker who got into the text of a query: before the rows are read, she enters the other tenant, and
// then has the other tenant written into what was proved of herself.
const injected = `select gen_random_uuid() as tenant_id, 'bait' as kind from app.enter(@token::text, @other::text)
 union all select gen_random_uuid(), 'bait' from app.enter(@token::text, @mine::text)
 union all select gen_random_uuid(), 'bait' where set_config('app.proof', overlay(current_setting('app.proof') placing @other::text from 65 for 36), true) <> ''
 union all select tenant_id, 'row' from app.cases union all select tenant_id, 'row' from app.people`

const honest = `select tenant_id, 'row' as kind from app.cases union all select tenant_id, 'row' from app.units union all select tenant_id, 'row' from app.people`

// TestIsolationHoldsWhileEverythingHappensAtOnce does LYHORD_SOAK_OPS operations (5,000): honest reads and writes, tenants
// asked for with the other's token, injected statements, no tenant at all, jobs, and cancellation at any moment.
func TestIsolationHoldsWhileEverythingHappensAtOnce(t *testing.T) {
	t.Parallel()
	ops := 5_000
	if n, err := strconv.Atoi(os.Getenv("LYHORD_SOAK_OPS")); err == nil {
		ops = n
	}
	w := newWorld(t, authz.DoorWorker, authz.DoorIntake)
	s := &soak{t: t, db: w.db}
	const runners = 12
	var all sync.WaitGroup
	for i := range runners {
		dice := rand.New(rand.NewPCG(1, uint64(i)))
		all.Go(func() {
			for range ops / runners {
				me, other := w.a, w.b
				if dice.IntN(2) == 0 {
					me, other = other, me
				}
				s.step(dice, me, other)
			}
		})
	}
	all.Wait()
	if s.foreign.Load() != 0 || s.forged.Load() != 0 {
		t.Errorf("%d rows of another tenant were seen, %d of them with a forged context", s.foreign.Load()+s.forged.Load(), s.forged.Load())
	}
	if s.own.Load() < int64(ops) || s.cancelled.Load() == 0 || s.written.Load() == 0 {
		t.Errorf("too little happened: %d own rows, %d cancelled, %d written", s.own.Load(), s.cancelled.Load(), s.written.Load())
	}
	stored := scalar[int64](t, w.super, `select count(*) from app.case_events where kind = 'case.tried'`)
	if stored < s.written.Load() || stored > s.written.Load()+s.cancelled.Load() {
		t.Errorf("%d events are stored, %d were acknowledged, %d cancelled", stored, s.written.Load(), s.cancelled.Load())
	}
	if n := scalar[int](t, w.super, `select count(*) from app.case_events e join app.cases c on c.id = e.case_id where c.tenant_id <> e.tenant_id`); n != 0 {
		t.Errorf("%d events stand in another tenant than their case", n)
	}
	t.Logf("%d statements, %d own rows, %d written, %d cancelled", s.asked.Load(), s.own.Load(), s.written.Load(), s.cancelled.Load())
}

func (s *soak) step(dice *rand.Rand, me, other board) {
	ctx, cancel := s.t.Context(), context.CancelFunc(func() {})
	if dice.IntN(10) == 0 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(dice.IntN(3000))*time.Microsecond)
	}
	defer cancel()
	switch dice.IntN(9) {
	case 0:
		s.read(ctx, me.scope(), question{honest, nil, me, &s.foreign})
	case 1:
		s.read(ctx, scope(me, other.tenant), question{honest, nil, board{}, &s.forged})
	case 2:
		s.read(ctx, me.scope(), question{injected, db.Args{"other": other.tenant.String(), "mine": me.tenant.String(), "token": me.token}, board{}, &s.forged})
	case 3:
		s.read(ctx, scope(board{}, me.tenant), question{honest, nil, board{}, &s.forged})
	case 4:
		s.read(ctx, []authz.Scope{authz.NoTenant(authz.DoorAPI), authz.Session(me.token)}[dice.IntN(2)], question{honest, nil, board{}, &s.forged})
	case 5:
		s.read(ctx, authz.System(me.tenant, me.job), question{honest, nil, me, &s.foreign})
	case 6:
		s.read(ctx, authz.System(other.tenant, me.job), question{honest, nil, board{}, &s.forged})
	case 7:
		s.write(ctx, me)
	case 8:
		s.transact(ctx, dice, me, other)
	}
}

type seen struct {
	Tenant uuid.UUID `db:"tenant_id"`
	Kind   string    `db:"kind"`
}

// question is a statement, whose rows it may see (nobody's: none), and where every other row is counted.
type question struct {
	sql   string
	args  db.Args
	me    board
	leaks *atomic.Int64
}

func (s *soak) read(ctx context.Context, as authz.Scope, q question) {
	var b db.Batch
	s.watch(&b, q)
	s.ended(s.db.Once(ctx, as, &b))
}

func (s *soak) watch(b *db.Batch, q question) {
	b.Rows(q.sql, q.args, func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[seen])
		for _, r := range all {
			switch {
			case r.Kind == "bait":
			case r.Tenant == q.me.tenant:
				s.own.Add(1)
			default:
				q.leaks.Add(1)
			}
		}
		return err
	})
}

func (s *soak) write(ctx context.Context, me board) {
	var b db.Batch
	b.Exec(addEvent, db.Args{"id": uuid.New(), "case": me.caseID})
	if s.ended(s.db.Once(ctx, me.scope(), &b)) {
		s.written.Add(1)
	}
}

var errChanged = errors.New("changed her mind")

// transact reads, changes the context by injection, reads again, and leaves in one of the ways there are.
func (s *soak) transact(ctx context.Context, dice *rand.Rand, me, other board) {
	defer func() {
		if r := recover(); r != nil && r != "stop" {
			panic(r)
		}
	}()
	end := dice.IntN(3)
	s.ended(s.db.In(ctx, me.scope(), func(tx db.Tx) error {
		var b db.Batch
		s.watch(&b, question{honest, nil, me, &s.foreign})
		b.Exec(`select app.enter(@token, @other)`, db.Args{"token": me.token, "other": other.tenant.String()})
		s.watch(&b, question{honest, nil, board{}, &s.forged})
		if err := tx.Do(ctx, &b); err != nil {
			return err
		}
		switch end {
		case 0:
			return errChanged
		case 1:
			panic("stop")
		}
		return nil
	}))
}

// ended sorts how an operation ended; whatever is neither good nor cancelled fails the test.
func (s *soak) ended(err error) bool {
	s.asked.Add(1)
	switch {
	case err == nil:
		return true
	case errors.Is(err, errChanged):
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), problem.Is(err, problem.KindUnavailable):
		s.cancelled.Add(1)
	default:
		s.t.Errorf("an operation failed: %v", err)
	}
	return false
}
