package register_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/register"
	"lyhord/tenants"
)

// desk is a tenant with one registrar, one case, and a door to the database.
type desk struct {
	db    *db.DB
	super *pgx.Conn
	actor authz.Actor
	cas   uuid.UUID
	rules tenants.Tenant
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	ctx, d := context.Background(), dbtest.New(t)
	city, tenant, person, unit, cas := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	token := "a-registrar's-token"
	sum := sha256.Sum256([]byte(token))
	super := d.Super(t)
	for _, s := range []struct {
		sql  string
		args []any
	}{
		{`insert into app.cities (id, slug, name) values ($1, 'c', 'C')`, []any{city}},
		{`insert into app.tenants (id, city_id, slug, name, short_name, kind, valid_from) values ($1, $2, 't', 'T', 'T', 'BOARD', '2020-01-01')`, []any{tenant, city}},
		{`insert into sec.accounts (id, login) values ($1, 'registrator@t.demo')`, []any{person}},
		{`insert into app.units (tenant_id, id, slug, name, kind, valid_from) values ($1, $2, 'u', 'U', 'FORVALTNING', '2020-01-01')`, []any{tenant, unit}},
		{`insert into app.people (tenant_id, id, name, title, email) values ($1, $2, 'R', 'registrator', 'r@t.demo')`, []any{tenant, person}},
		{`insert into sec.memberships (tenant_id, account_id, role, unit_id, valid_from) values ($1, $2, 'registrator', $3, '2020-01-01')`, []any{tenant, person, unit}},
		{`insert into sec.sessions (token_sha256, id, kind, subject_id, tenant_id, expires_at) values ($1, $2, 'PERSON', $3, $4, now() + interval '1 hour')`, []any{sum[:], uuid.New(), person, tenant}},
		{`insert into app.cases (tenant_id, id, reference, state, channel, sender_role, received_at, received_on) values ($1, $2, 'R-1', 'received', 'BREV', 'ANHORIG', now(), current_date)`, []any{tenant, cas}},
	} {
		if _, err := super.Exec(ctx, s.sql, s.args...); err != nil {
			t.Fatalf("%s: %v", s.sql, err)
		}
	}
	door, err := db.Open(ctx, map[authz.Door]string{authz.DoorAPI: d.DSN("api")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(door.Close)
	rules := tenants.Tenant{
		NumberPatterns: tenants.NumberPatterns{Prefix: "T", Class: "5.1.1", File: "{class}-{no}/{year}", Entry: "{file}:{no:5}", Own: "{prefix} {year}/{no}"},
		Collective:     []tenants.CollectiveFile{{Kind: tenants.FileComplaints, Name: "Klagomål"}, {Kind: tenants.FileDeviations, Name: "Avvikelser", Class: "5.1.2"}},
	}
	return &desk{db: door, super: super, actor: authz.Actor{ID: person, Tenant: tenant}.WithToken(token), cas: cas, rules: rules}
}

// enter registers once more in the year's file; spoil makes the transaction fail after the number was drawn.
func (d *desk) enter(ctx context.Context, kind register.FileKind, year int, spoil bool) error {
	var b db.Batch
	register.Enter(&b, d.rules, uuid.New(), register.Entry{
		ID: uuid.New(), Case: d.cas, Kind: kind, Year: year, On: clock.MustDate("2026-11-22"), Direction: "INKOMMEN", Sender: "Anhörig",
		Subject: "Klagomål", SubjectPublic: "Klagomål", Marking: register.Marking{Law: "26 kap. 1 § OSL", On: clock.MustDate("2026-11-22"), Authority: "T"}, By: d.actor.ID,
	})
	if spoil {
		b.Exec(`select app.must(false, 'LY409', 'spoilt')`, nil)
	}
	return d.db.Once(ctx, d.actor.Scope(), &b)
}

func (d *desk) serials(t *testing.T, kind register.FileKind) []int {
	t.Helper()
	rows, err := d.super.Query(context.Background(), `select e.serial_no from app.register_entries e join app.register_files f on f.tenant_id = e.tenant_id and f.id = e.file_id where f.kind = $1 order by 1`, kind)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNumbersHaveNoGapAndNoDuplicateThroughRollbacksAndKilledBackends(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const want = 2000
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var done, spoilt, broken, killed atomic.Int64
	cut := make(chan struct{}, want)
	var gang sync.WaitGroup
	for w := range 8 {
		gang.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(w), 7))
			for done.Load() < want && ctx.Err() == nil {
				kind := register.Complaints
				if rng.IntN(2) == 0 {
					kind = register.Deviations
				}
				spoil := rng.IntN(4) == 0
				switch err := d.enter(ctx, kind, 2026, spoil); {
				case err == nil:
					if done.Add(1)%40 == 0 {
						cut <- struct{}{}
					}
				case spoil:
					spoilt.Add(1)
				default:
					broken.Add(1)
				}
			}
		})
	}
	for done.Load() < want {
		<-cut
		// The connections of those in the middle of a registration are cut.
		tag, err := d.super.Exec(ctx, `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'lyhord_api' and datname = current_database() and state = 'active'`)
		if err != nil {
			t.Fatal(err)
		}
		killed.Add(tag.RowsAffected())
	}
	gang.Wait()
	t.Logf("%d registered, %d rolled back, %d cut, %d back ends killed", done.Load(), spoilt.Load(), broken.Load(), killed.Load())
	if spoilt.Load() < want/8 || killed.Load() < 10 {
		t.Fatal("the test disturbed too little")
	}
	total := 0
	for _, kind := range []register.FileKind{register.Complaints, register.Deviations} {
		got := d.serials(t, kind)
		total += len(got)
		for i, n := range got {
			if n != i+1 {
				t.Fatalf("%s: entry %d has number %d", kind, i+1, n)
			}
		}
	}
	// A commit whose answer was cut off counts as stored, not as done: at least what was acknowledged is there.
	if total < int(done.Load()) || total > int(done.Load()+broken.Load()) {
		t.Fatalf("%d entries for %d acknowledged", total, done.Load())
	}
}

// Proves req 27, req 28.
func TestTheYearsFirstEntryOpensItsFileAndNumbersFollowThePattern(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx := context.Background()
	for _, year := range []int{2026, 2026, 2027} {
		if err := d.enter(ctx, register.Deviations, year, false); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := d.super.Query(ctx, `select entry_no from app.register_entries order by registered_at, entry_no`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || !slices.Equal(got, []string{"5.1.2-1/2026:00001", "5.1.2-1/2026:00002", "5.1.2-1/2027:00001"}) {
		t.Fatalf("numbers are %v (%v)", got, err)
	}
}

func TestASpoiltRegistrationIsARefusalAndLeavesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if err := d.enter(context.Background(), register.Complaints, 2026, true); err == nil {
		t.Fatal("no error")
	} else if errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	var n int
	if err := d.super.QueryRow(context.Background(), fmt.Sprintf(`select count(*) from %s`, "app.register_files")).Scan(&n); err != nil || n != 0 {
		t.Fatalf("%d files left (%v)", n, err)
	}
}
