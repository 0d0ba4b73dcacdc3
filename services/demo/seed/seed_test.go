package seed

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/casework"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/seal"
	"lyhord/services/migrate/steps"
	"lyhord/tenants"
)

// present is the moment the tests take for now: a Tuesday morning.
var present = time.Date(2026, 11, 24, 9, 40, 0, 0, time.UTC)

type seeded struct {
	db   *dbtest.DB
	conn *pgx.Conn
	root *seal.Root
	o    Options
	all  []tenants.City
}

// seedSmall fills a database of this test with a small city.
func seedSmall(t *testing.T, cases int) seeded {
	t.Helper()
	root, err := seal.ParseRoot(seal.NewRootKey())
	if err != nil {
		t.Fatal(err)
	}
	cities, err := tenants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	code := id.NewReceiptCode()
	s := seeded{db: dbtest.New(t), root: root, all: cities, o: Options{Cases: cases, Now: present, Code: &code}}
	if err := steps.UpsertTenants(t.Context(), s.db.DSN("migrator"), root, cities, steps.Options{}); err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	r, err := Run(t.Context(), s.db.DSN("migrator"), root, cities, s.o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d cases in %d tenants in %v", r.Cases, r.Tenants, time.Since(started).Round(time.Millisecond))
	s.conn = s.db.Super(t)
	return s
}

// none fails when the query, which looks for what must not be, finds something.
func (s seeded) none(t *testing.T, what, query string, args ...any) {
	t.Helper()
	rows, err := s.conn.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToMap)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if len(found) > 0 {
		t.Errorf("%s: %d, such as %v", what, len(found), found[0])
	}
}

func (s seeded) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	if err := s.conn.QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestTheSeededCityKeepsEveryPromise(t *testing.T) {
	s := seedSmall(t, 300)
	for _, check := range []struct {
		name string
		run  func(*testing.T, seeded)
	}{
		{"register numbers have no gap and the counters are where they end", registerHolds},
		{"every case has gone a legal way, and stands where it ended", courses},
		{"the cases obey what the use-cases ask for", cases},
		{"every case that is not void is one fact, and the cells are their sum", figures},
		{"every sealed column opens under the case's own key", unsealing},
		{"no words of a report stand in a clear column", canary},
		{"whoever logs in finds work waiting", desks},
		{"the shown receipt code opens an answered case", shownCode},
		{"most open cases are in time, some are late", lateness},
		{"timers lie ahead", func(t *testing.T, s seeded) {
			s.none(t, "timers in the past", "select kind, due_at from jobs.timers where due_at <= $1 and ref <> tenant_id", present) // the tenant's own go round at once
			if n := s.count(t, "select count(*) from jobs.timers"); n < 50 {
				t.Errorf("only %d timers", n)
			}
		}},
		{"a second run changes nothing", secondRun},
		{"the worker would have made the same facts", sameAsTheWorker},
	} {
		t.Run(check.name, func(t *testing.T) {
			inner := s
			check.run(t, inner)
		})
	}
}

func registerHolds(t *testing.T, s seeded) {
	s.none(t, "gaps in a collective file", `select tenant_id, file_id, count(*), max(serial_no) from app.register_entries
		group by 1, 2 having count(*) <> max(serial_no) or min(serial_no) <> 1`)
	s.none(t, "counters of files that are not at the last entry", `select f.id, f.kind, f.year, k.last_no from app.register_files f
		left join app.register_counters k on k.tenant_id = f.tenant_id and k.series = 'FILE:' || f.id and k.year = f.year
		where f.kind <> 'EGET_DNR' and k.last_no is distinct from
			(select max(serial_no) from app.register_entries e where e.tenant_id = f.tenant_id and e.file_id = f.id)`)
	s.none(t, "counters of files drawn that are not their number", `select k.tenant_id, k.year, k.last_no from app.register_counters k
		where k.series = 'DNR' and k.last_no <> (select count(*) from app.register_files f where f.tenant_id = k.tenant_id and f.year = k.year)`)
	s.none(t, "files in a year without a counter", `select f.tenant_id, f.year from app.register_files f where not exists
		(select from app.register_counters k where k.tenant_id = f.tenant_id and k.series = 'DNR' and k.year = f.year)`)
	s.none(t, "cases whose number is not the register's", `select c.id, c.entry_no, c.own_dnr from app.cases c
		where c.entry_no is distinct from (select e.entry_no from app.register_entries e join app.register_files f on f.tenant_id = e.tenant_id and f.id = e.file_id
				where e.tenant_id = c.tenant_id and e.case_id = c.id and f.kind <> 'EGET_DNR')
			or c.own_dnr is distinct from (select f.dnr from app.register_entries e join app.register_files f on f.tenant_id = e.tenant_id and f.id = e.file_id
				where e.tenant_id = c.tenant_id and e.case_id = c.id and f.kind = 'EGET_DNR')`)
	s.none(t, "registered cases without a number", "select id, state from app.cases where (registered_at is null) <> (entry_no is null)")
	s.none(t, "numbers out of the order of time", `select a.entry_no, b.entry_no from app.register_entries a join app.register_entries b
		on b.tenant_id = a.tenant_id and b.file_id = a.file_id and b.serial_no = a.serial_no + 1 where b.registered_at < a.registered_at`)
	s.none(t, "entries without a marking", "select id from app.register_entries where secrecy_law = '' or secrecy_authority = ''")
	if n := s.count(t, "select count(*) from app.cases where own_dnr is not null"); n == 0 {
		t.Error("no case has a number of its own")
	}
	var bromma string
	if err := s.conn.QueryRow(t.Context(), "select dnr from app.register_files where tenant_id = $1 and kind = 'SAMLINGSAKT_AVVIKELSER' and year = 2026",
		steps.TenantID("bromma")).Scan(&bromma); err != nil || !strings.HasPrefix(bromma, "5.1.2-") || !strings.HasSuffix(bromma, "/2026") {
		t.Errorf("the number of Bromma's file of deviations: %q, %v", bromma, err)
	}
}

func courses(t *testing.T, s seeded) {
	s.none(t, "moves that do not start where the last one ended", `with m as (
			select tenant_id, case_id, id, at, from_state, to_state, lag(to_state, 1, 'none') over (partition by tenant_id, case_id order by at, id) as before
			from app.case_events where transition is not null)
		select case_id, before, from_state, to_state, at from m where from_state <> before`)
	s.none(t, "cases that do not stand where their events ended", `select c.id, c.state, e.to_state from app.cases c join lateral (
			select to_state from app.case_events e where e.tenant_id = c.tenant_id and e.case_id = c.id and e.transition is not null
			order by at desc, id desc limit 1) e on true where e.to_state <> c.state`)
	s.none(t, "cases whose last move is not the one on the row", `select c.id from app.cases c where not exists (select from app.case_events e
		where e.tenant_id = c.tenant_id and e.case_id = c.id and e.from_state = c.prev_state and e.to_state = c.state)`)
	s.none(t, "cases that did not begin by being received", `select c.id from app.cases c where not exists (select from app.case_events e
		where e.tenant_id = c.tenant_id and e.case_id = c.id and e.transition = 'T1' and e.at = c.received_at)`)
	s.none(t, "events in the future", "select case_id, kind, at from app.case_events where at > $1", present)
	s.none(t, "moves that nobody made", `select e.case_id, e.kind, e.transition from app.case_events e
		where e.actor_id is null and e.kind <> 'case.reported'`)
	s.none(t, "cases graded only after the superior was asked", `select e.case_id from app.case_events e join app.case_events q
		on q.tenant_id = e.tenant_id and q.case_id = e.case_id and q.transition = 'T6' and q.at < e.at where e.kind = 'case.classified'`)
	s.none(t, "anything done to a case after it was closed", `select c.id, e.kind from app.cases c join app.case_events e
		on e.tenant_id = c.tenant_id and e.case_id = c.id and e.at > c.closed_at`)
	s.none(t, "versions that do not count the events", `select c.id, c.version from app.cases c where c.version <
		(select count(*) from app.case_events e where e.tenant_id = c.tenant_id and e.case_id = c.id)`)
	rows, err := s.conn.Query(t.Context(), "select distinct transition, from_state, to_state from app.case_events where transition is not null")
	if err != nil {
		t.Fatal(err)
	}
	var code, from, to string
	if _, err := pgx.ForEachRow(rows, []any{&code, &from, &to}, func() error {
		if !casework.Legal(code, casework.State(from), casework.State(to)) {
			return fmt.Errorf("%s from %s to %s is not in the routine", code, from, to)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func cases(t *testing.T, s seeded) {
	for what, query := range map[string]string{
		"handlers who lead no unit at or above the case's": `select c.id from app.cases c where c.handler_id is not null and c.access_label = 'NORMAL' and not exists (
			with recursive up as (select c.unit_id as id union select p.parent_id from app.unit_parents p join up on p.unit_id = up.id where p.tenant_id = c.tenant_id)
			select from app.unit_managers m join up on up.id = m.unit_id where m.tenant_id = c.tenant_id and m.person_id = c.handler_id)`,
		"samråd without a question":              `select c.id from app.cases c where c.state = 'consulting' and not exists (select from app.consultations k where k.case_id = c.id and k.decided_at is null and k.superior_id = c.superior_id)`,
		"judged without an answer":               `select k.id from app.consultations k join app.cases c on c.id = k.case_id and c.tenant_id = k.tenant_id where k.decided_at is not null and k.decision <> c.complexity`,
		"investigated without an investigation":  `select c.id from app.cases c where c.state in ('investigating', 'measures') and not exists (select from app.investigations i where i.case_id = c.id)`,
		"causes without a measure":               `select x.id from app.causes x join app.cases c on c.id = x.case_id where not exists (select from app.measures m where m.cause_id = x.id and m.status <> 'AVSLAGEN')`,
		"measures decided too early":             `select m.id from app.measures m join app.cases c on c.id = m.case_id where c.state not in ('investigating') and m.status = 'FORSLAG'`,
		"closed with a measure not followed up":  `select m.id from app.measures m join app.cases c on c.id = m.case_id where c.state = 'closed' and m.status not in ('UPPFOLJD', 'AVSLAGEN')`,
		"closed or followed up without feedback": `select c.id from app.cases c where c.state in ('follow_up', 'closed') and c.affects_individual and c.prev_state <> 'handed_over' and not exists (select from app.feedbacks f where f.case_id = c.id)`,
		"closed without an answer":               `select id from app.cases where state = 'closed' and answered_at is null`,
		"complaints closed without an outcome":   `select id from app.cases where state = 'closed' and outcome is null`,
		"complaints handled but not graded":      `select id from app.cases where state in ('consulting', 'investigating') and severity is null and case_type = 'AVVIKELSE'`,
		"people of the case who may not read it": `select id from app.cases where not (array_remove(array[reporter_id, handler_id, investigator_id, superior_id], null) <@ readers)`,
		"waiting without a pause":                `select id from app.cases where (state = 'awaiting_info') <> (paused_at is not null)`,
		"lex Sarah in plain sight":               `select id from app.cases where state = 'lex_hold' and access_label <> 'LEX'`,
		"persons of another tenant":              `select c.id from app.cases c cross join unnest(c.readers) r where not exists (select from app.people p where p.tenant_id = c.tenant_id and p.id = r)`,
		"answers before the report":              `select id from app.cases where least(registered_at, assigned_at, started_at, answered_at, closed_at) < received_at`,
		"writers who want an answer by post without an address": `select c.id from app.cases c join app.reports r on r.tenant_id = c.tenant_id and r.case_id = c.id
			where c.wants_reply in ('BREV', 'EPOST', 'TELEFON') and not c.anonymous and r.contact_sealed is null`,
		"the city office has cases": `select c.id from app.cases c join app.tenants t on t.id = c.tenant_id where t.kind = 'CITY_OFFICE'`,
	} {
		s.none(t, what, query)
	}
}

func figures(t *testing.T, s seeded) {
	facts := s.count(t, "select count(*) from insight.facts")
	if n := s.count(t, "select count(*) from app.cases where state <> 'void'"); n != facts {
		t.Errorf("%d cases that are not void, %d facts", n, facts)
	}
	if n := s.count(t, "select sum(n) from insight.cells"); n != facts {
		t.Errorf("the cells count %d, the facts are %d", n, facts)
	}
	s.none(t, "cells that are not the sum of their facts", `select month, area, case_type, category, harm, n from insight.cells
		except select month, coalesce(area, ''), coalesce(case_type, ''), split_part(coalesce(category, ''), '.', 1), coalesce(harm, ''), count(*)::int
		from insight.facts group by tenant_id, 1, 2, 3, 4, 5`)
	s.none(t, "facts that carry a case's id", "select f.fact_id from insight.facts f join app.cases c on c.id = f.fact_id")
	// The worker must find the fact of a case again by the key it derives from the case.
	tenant := steps.TenantID("bromma")
	key, err := tenantKey(t.Context(), s.conn, s.root, tenant)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.conn.Query(t.Context(), "select id, version from app.cases where tenant_id = $1 and state <> 'void'", tenant)
	if err != nil {
		t.Fatal(err)
	}
	versions := map[uuid.UUID]int{}
	var (
		caseID  uuid.UUID
		version int
	)
	if _, err := pgx.ForEachRow(rows, []any{&caseID, &version}, func() error { versions[caseID] = version; return nil }); err != nil {
		t.Fatal(err)
	}
	for id, version := range versions {
		if n := s.count(t, "select count(*) from insight.facts where tenant_id = $1 and fact_id = $2 and source_version = $3", tenant, factID(key, id), version); n != 1 {
			t.Fatalf("the case %s has %d facts", id, n)
		}
	}
}

// secondRun also starts with another present: what is seeded stays as it is.
func secondRun(t *testing.T, s seeded) {
	state := func() string {
		var all []string
		for _, table := range tables {
			var sum string
			q := "select count(*) || ':' || coalesce(sum(hashtextextended(x::text, 0)), 0) from " + table.name.Sanitize() + " x"
			if err := s.conn.QueryRow(t.Context(), q).Scan(&sum); err != nil {
				t.Fatal(err)
			}
			all = append(all, sum)
		}
		return strings.Join(all, " ")
	}
	before := state()
	o := s.o
	o.Now, o.Cases = o.Now.AddDate(0, 0, 3), o.Cases*2
	r, err := Run(t.Context(), s.db.DSN("migrator"), s.root, s.all, o)
	if err != nil || r != (Result{}) {
		t.Errorf("%+v, %v", r, err)
	}
	if after := state(); after != before {
		t.Errorf("the rows changed:\n%s\n%s", before, after)
	}
}

func TestTheSameCityIsInventedEachTime(t *testing.T) {
	cities, err := tenants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Cases: 200}
	first, second := plan(cities, nil, present, o), plan(cities, nil, present, o)
	if len(first) == 0 || !reflect.DeepEqual(first, second) {
		t.Error("two plans of one moment differ")
	}
}

func TestTheWorkOfTodayDoesNotRaiseTheMonthsOfTheHistory(t *testing.T) {
	cities, err := tenants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	months := map[string]int{}
	for _, j := range plan(cities, nil, present, Options{Cases: 20_000}) {
		for _, d := range j.drafts {
			months[d.ReceivedAt.Format("2006-01")]++
		}
	}
	for _, month := range []string{"2026-08", "2026-09", "2026-10", "2026-11"} {
		if n := months[month]; n < 400 || n > 750 {
			t.Errorf("%s has %d cases", month, n)
		}
	}
}

func TestCasesAreSharedOverTheCities(t *testing.T) {
	cities, err := tenants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	shares := share(cities, 1001)
	sum := 0
	for _, n := range shares {
		sum += n
	}
	if sum != 1001 || slices.Min(shares) < 100 {
		t.Errorf("%v", shares)
	}
}
