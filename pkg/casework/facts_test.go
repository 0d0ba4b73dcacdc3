package casework

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/seal"
	"lyhord/services/migrate/steps"
	"lyhord/tenants"
)

// A case with every sort of what is counted, and one beside it that must not be counted along.
const countedCase = `
with c as (insert into app.cases (tenant_id, id, reference, state, channel, sender_role, received_at, received_on)
  values (@t, @case, @reference, 'received', 'EPOST', 'ANHORIG', now(), current_date) returning id),
x as (insert into app.causes (tenant_id, id, case_id, area, removed_at) select @t, n.id, c.id, 'KOMMUNIKATION_INFORMATION', n.gone
  from c, (values (@met::uuid, null::timestamptz), (@unmet::uuid, null), (@refused::uuid, null), (@removed::uuid, now())) n (id, gone)),
m as (insert into app.measures (tenant_id, id, case_id, cause_id, title_sealed, strength, owner_id, due_on, status, done_on, effect)
  select @t, gen_random_uuid(), c.id, n.cause, '\x00', 'STARK', @person, current_date, n.status, n.done, n.effect
  from c, (values (@met::uuid, 'FORSLAG', null::date, null), (@met::uuid, 'PLANERAD', null, null), (@met::uuid, 'UPPFOLJD', current_date, 'JA'),
    (@refused::uuid, 'AVSLAGEN', null, null), (null, 'GENOMFORD', current_date, null)) n (cause, status, done, effect)),
f as (insert into app.feedbacks (tenant_id, id, case_id, given_by, given_on, method) select @t, gen_random_uuid(), c.id, @person, current_date, 'SAMTAL' from c),
g as (insert into app.messages (tenant_id, id, case_id, direction, kind, body_sealed)
  select @t, gen_random_uuid(), c.id, 'TILL_ANMALARE', n.kind, '\x00' from c, (values ('SVAR'), ('SVAR'), ('FRAGA')) n (kind))
insert into app.investigations (tenant_id, case_id, background_sealed) select @t, c.id, '\x00' from c`

func TestThePageCountsWhatTheStatementCounts(t *testing.T) {
	t.Parallel()
	conn := worldOfOneTenant(t)
	full, empty := uuid.New(), uuid.New()
	for _, id := range []uuid.UUID{full, uuid.New()} {
		if _, err := conn.Exec(t.Context(), countedCase, pgx.NamedArgs{
			"t": steps.TenantID("bromma"), "case": id, "reference": id.String(), "person": steps.PersonID("bromma", "chef"),
			"met": uuid.New(), "unmet": uuid.New(), "refused": uuid.New(), "removed": uuid.New(),
		}); err != nil {
			t.Fatal(err)
		}
	}
	want := Facts{
		Causes: 3, CausesUnmet: 2, Measures: 4, MeasuresUndecided: 1, MeasuresOpen: 2, Feedbacks: 1, Replies: 2, HasBackground: true,
	}
	for id, want := range map[uuid.UUID]Facts{full: want, empty: {}} {
		args := pgx.NamedArgs{"id": id}
		told := rowsOf[Facts](t, conn, selectFacts, args)
		if len(told) != 1 || told[0] != want {
			t.Errorf("the statement counts %+v, want %+v", told, want)
		}
		p := pageRows{
			causes: rowsOf[causeRow](t, conn, selectCauses, args), measures: rowsOf[measureView](t, conn, selectMeasures, args),
			feedbacks: rowsOf[feedbackRow](t, conn, selectFeedbacks, args), messages: rowsOf[messageRow](t, conn, selectMessages, args),
			investigation: rowsOf[investigationRow](t, conn, selectInvestigation, args),
		}
		if got := p.facts(); got != want {
			t.Errorf("the page counts %+v, want %+v", got, want)
		}
	}
}

// worldOfOneTenant is a database with Bromma in it, seen by its administrator.
func worldOfOneTenant(t *testing.T) *pgx.Conn {
	t.Helper()
	d := dbtest.New(t)
	file := filepath.Join(t.TempDir(), "root.key")
	if err := os.WriteFile(file, []byte(seal.NewRootKey()), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := seal.LoadRoot(file)
	if err != nil {
		t.Fatal(err)
	}
	cities, err := tenants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if err := steps.UpsertTenants(t.Context(), d.DSN("migrator"), root, cities, steps.Options{}); err != nil {
		t.Fatal(err)
	}
	return d.Super(t)
}

func rowsOf[T any](t *testing.T, conn *pgx.Conn, sql string, args pgx.NamedArgs) []T {
	t.Helper()
	rows, err := conn.Query(t.Context(), sql, args)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		t.Fatal(err)
	}
	return out
}
