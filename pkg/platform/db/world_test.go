package db_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
)

// open opens doors to a test's database.
func open(t testing.TB, d *dbtest.DB, doors ...authz.Door) *db.DB {
	t.Helper()
	dsns := map[authz.Door]string{}
	for _, door := range doors {
		dsns[door] = d.DSN(string(door)) + "&pool_max_conns=4"
	}
	opened, err := db.Open(t.Context(), dsns)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	return opened
}

func exec(t testing.TB, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%v in %s", err, sql)
	}
}

func scalar[T any](t testing.TB, conn *pgx.Conn, sql string, args ...any) (v T) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%v in %s", err, sql)
	}
	return v
}

// board is one tenant with a row in every table.
type board struct {
	tenant, person, caseID, job uuid.UUID
	slug, token                 string
}

// named is the id of a thing of a board: the same every time, another for every board.
func (b board) named(thing string) uuid.UUID { return uuid.NewSHA1(b.tenant, []byte(thing)) }

// twoBoards are A and B, of different cities, each with one registrar who is logged in, one open job and a row everywhere.
func twoBoards(t testing.TB, super *pgx.Conn) (a, b board) {
	t.Helper()
	return plant(t, super, "a"), plant(t, super, "b")
}

func plant(t testing.TB, super *pgx.Conn, slug string) board {
	t.Helper()
	b := board{tenant: uuid.NewSHA1(uuid.NameSpaceOID, []byte(slug)), slug: slug}
	b.person, b.caseID, b.job, b.token = b.named("person"), b.named("case"), b.named("job"), "token-of-"+slug
	sum := sha256.Sum256([]byte(b.token))
	for _, row := range fixture {
		exec(t, super, b.fill(strings.NewReplacer("{hash}", hex.EncodeToString(sum[:])), row.sql))
	}
	return b
}

// fill writes a board's own values into a statement: {t} its tenant, {slug}, and {anything else} an id of that name.
func (b board) fill(first *strings.Replacer, sql string) string {
	sql = strings.NewReplacer("{t}", "'"+b.tenant.String()+"'", "{slug}", b.slug).Replace(first.Replace(sql))
	for {
		from := strings.IndexByte(sql, '{')
		if from < 0 {
			return sql
		}
		to := from + strings.IndexByte(sql[from:], '}')
		sql = sql[:from] + "'" + b.named(sql[from+1:to]).String() + "'" + sql[to+1:]
	}
}

// fixture is one row for every table, in an order that keeps the foreign keys. An accounting test finds a table left out.
var fixture = []struct{ table, sql string }{
	{"app.cities", `insert into app.cities (id, slug, name) values ({city}, 'city-{slug}', 'City {slug}')`},
	{"app.tenants", `insert into app.tenants (id, city_id, slug, name, short_name, kind, public_form, valid_from)
		values ({t}, {city}, '{slug}', 'Board {slug}', '{slug}', 'BOARD', true, '2020-01-01')`},
	{"sec.accounts", `insert into sec.accounts (id, login) values ({person}, 'person.{slug}'), ({other}, 'other.{slug}')`},
	{"app.units", `insert into app.units (tenant_id, id, slug, name, kind, valid_from) values ({t}, {unit}, 'unit-{slug}', 'Unit', 'ENHET', '2020-01-01'),
		({t}, {parent}, 'parent-{slug}', 'Parent', 'AVDELNING', '2020-01-01')`},
	{"sec.memberships", `insert into sec.memberships (tenant_id, account_id, role, unit_id, valid_from) values ({t}, {person}, 'registrator', {parent}, '2020-01-01')`},
	{"sec.sessions", `insert into sec.sessions (token_sha256, id, kind, subject_id, tenant_id, expires_at)
		values (decode('{hash}', 'hex'), {session}, 'PERSON', {person}, {t}, now() + interval '1 hour')`},
	{"app.unit_parents", `insert into app.unit_parents (tenant_id, unit_id, parent_id, valid_from) values ({t}, {unit}, {parent}, '2020-01-01')`},
	{"app.people", `insert into app.people (tenant_id, id, name, title, email) values ({t}, {person}, 'P', 'T', '{slug}@example.org'), ({t}, {other}, 'O', 'T', 'o@example.org')`},
	{"app.unit_managers", `insert into app.unit_managers (tenant_id, unit_id, person_id, valid_from) values ({t}, {unit}, {person}, '2020-01-01')`},
	{"app.tenant_configs", `insert into app.tenant_configs (tenant_id, version, body) values ({t}, 1, 'null')`},
	{"app.cases", `insert into app.cases (tenant_id, id, reference, state, prev_state, channel, sender_role, received_at, received_on, unit_id, readers, reporter_id)
		values ({t}, {case}, 'ref-{slug}', 'received', 'none', 'INTERN', 'MEDARBETARE', now(), current_date, {unit}, array[{person}]::uuid[], {person})`},
	{"app.case_keys", `insert into app.case_keys (tenant_id, case_id, kek_version, wrapped) values ({t}, {case}, 1, 'w')`},
	{"app.reports", `insert into app.reports (tenant_id, case_id, narrative_sealed) values ({t}, {case}, 'n')`},
	{"app.case_contacts", `insert into app.case_contacts (tenant_id, case_id, kind, digest) values ({t}, {case}, 'NAME', decode(md5('{slug}'), 'hex'))`},
	{"app.case_events", `insert into app.case_events (tenant_id, id, case_id, kind) values ({t}, {event}, {case}, 'case.reported')`},
	{"app.drafts", `insert into app.drafts (tenant_id, person_id, form, body_sealed) values ({t}, {person}, 'report', 'b')`},
	{"app.consultations", `insert into app.consultations (tenant_id, id, case_id, asked_by, superior_id) values ({t}, {consultation}, {case}, {person}, {other})`},
	{"app.investigations", `insert into app.investigations (tenant_id, case_id) values ({t}, {case})`},
	{"app.investigation_entries", `insert into app.investigation_entries (tenant_id, id, case_id, happened_precision, kind, source, text_sealed, author_id, author_name, author_title)
		values ({t}, {entry}, {case}, 'OKAND', 'FAKTA', 'RAPPORT', 't', {person}, 'n', 't')`},
	{"app.investigation_versions", `insert into app.investigation_versions (tenant_id, id, case_id, no, template, body_sealed, completed_by)
		values ({t}, {kept}, {case}, 1, 'utredning-1', 'b', {person})`},
	{"app.causes", `insert into app.causes (tenant_id, id, case_id, area) values ({t}, {cause}, {case}, 'TEKNIK_UTRUSTNING')`},
	{"app.measures", `insert into app.measures (tenant_id, id, case_id, cause_id, title_sealed, strength, owner_id, due_on)
		values ({t}, {measure}, {case}, {cause}, 't', 'STARK', {person}, current_date)`},
	{"app.feedbacks", `insert into app.feedbacks (tenant_id, id, case_id, given_by, given_on, method) values ({t}, {feedback}, {case}, {person}, current_date, 'BREV')`},
	{"app.register_counters", `insert into app.register_counters (tenant_id, series, year, last_no) values ({t}, 'DNR-{slug}', 2026, 1)`},
	{"app.register_files", `insert into app.register_files (tenant_id, id, kind, year, dnr, title) values ({t}, {file}, 'EGET_DNR', 2026, '{slug} 1', 'T')`},
	{"app.register_entries", `insert into app.register_entries (tenant_id, id, case_id, file_id, serial_no, entry_no, direction, entry_on, subject, subject_public,
		secrecy_law, secrecy_on, secrecy_authority, registered_by)
		values ({t}, {entry}, {case}, {file}, 1, '{slug} 1-1', 'INKOMMEN', current_date, 'Subject', 'Subject', 'OSL 26:1', current_date, 'Board', {person})`},
	{"app.records", `insert into app.records (tenant_id, id, case_id, kind, direction, on_date, state, created_by)
		values ({t}, {record}, {case}, 'FIL', 'INKOMMEN', current_date, 'KARANTAN', {person})`},
	{"app.record_versions", `insert into app.record_versions (tenant_id, id, record_id, case_id, no) values ({t}, {version}, {record}, {case}, 1)`},
	{"app.record_files", `insert into app.record_files (tenant_id, id, record_id, case_id, version, format, media_type, size, sha256)
		values ({t}, {recordfile}, {record}, {case}, 1, 'ORIGINAL', 'text/plain', 1, sha256('{slug}'))`},
	{"app.dispatches", `insert into app.dispatches (tenant_id, id, record_id, case_id, way, to_sealed, sent_on, sent_by)
		values ({t}, {dispatch}, {record}, {case}, 'BREV', 't', current_date, {person})`},
	{"app.desk_holds", `insert into app.desk_holds (tenant_id, id, case_id, until_on, reason, held_by, held_at) values ({t}, {hold}, {case}, current_date + 3, 'ANNAT', {person}, now())`},
	{"app.case_links", `insert into app.case_links (tenant_id, id, case_id, to_id, kind, linked_by, linked_at) values ({t}, {link}, {case}, {case}, 'DUBBLETT', {person}, now())`},
	{"app.register_changes", `insert into app.register_changes (tenant_id, id, case_id, entry_id, changed_by, reason, old_law, old_on, old_authority, new_law, new_on, new_authority)
		values ({t}, {change}, {case}, {entry}, {person}, 'OMPROVAD', 'a', current_date, 'B', 'b', current_date, 'B')`},
	{"app.disclosures", `insert into app.disclosures (tenant_id, id, number, received_at, due_on, asked_sealed, wants, taken_by)
		values ({t}, {disclosure}, 'UTL 2026/1', now(), current_date, 'a', 'LASA', {person})`},
	{"app.disclosure_items", `insert into app.disclosure_items (tenant_id, id, disclosure_id, case_id, entry_id) values ({t}, {item}, {disclosure}, {case}, {entry})`},
	{"app.disclosure_events", `insert into app.disclosure_events (tenant_id, id, disclosure_id, actor_id, kind) values ({t}, {step}, {disclosure}, {person}, 'disclosure.received')`},
	{"app.referrals", `insert into app.referrals (tenant_id, case_id, kind, authority, due_on) values ({t}, {case}, 'YTTRANDE', 'IVO', current_date)`},
	{"app.board_items", `insert into app.board_items (tenant_id, id, case_id, sent_by, meeting_on, proposal_sealed) values ({t}, {board}, {case}, {person}, current_date, 'p')`},
	{"app.receipts", `insert into app.receipts (tenant_id, case_id, code_sha256, expires_at) values ({t}, {case}, sha256('{slug}'), now() + interval '1 day')`},
	{"app.messages", `insert into app.messages (tenant_id, id, case_id, direction, kind, body_sealed) values ({t}, {message}, {case}, 'FRAN_ANMALARE', 'MEDDELANDE', 'b')`},
	{"app.lex_cases", `insert into app.lex_cases (tenant_id, case_id, held_from, reason_sealed, investigator_id) values ({t}, {case}, 'received', 'r', {person})`},
	{"app.lex_steps", `insert into app.lex_steps (tenant_id, id, case_id, kind) values ({t}, {lexstep}, {case}, 'lex.held')`},
	{"app.lex_entries", `insert into app.lex_entries (tenant_id, id, case_id, item, kind, author_id, author_title, source_sealed, text_sealed)
		values ({t}, {lexentry}, {case}, 'HANDELSE', 'FAKTA', {person}, 'T', 's', 't')`},
	{"app.lex_ivo", `insert into app.lex_ivo (tenant_id, id, case_id, kind, happened_on, logged_by) values ({t}, {lexivo}, {case}, 'AVSLUTAD', current_date, {person})`},
	{"app.lex_stubs", `insert into app.lex_stubs (tenant_id, id, reference, about_manager, people) values ({t}, {case}, 'ref-{slug}', false, array[{person}]::uuid[])`},
	{"app.acknowledgements", `insert into app.acknowledgements (tenant_id, case_id, way, due_on, rule) values ({t}, {case}, 'EPOST', current_date, 'null')`},
	{"app.day_visits", `insert into app.day_visits (tenant_id, person_id, seen_at, before_at) values ({t}, {person}, now(), now())`},
	{"app.routine_versions", `insert into app.routine_versions (tenant_id, id, no, body, reason, changes, proposed_by, decision, decided_by, decided_at, valid_from)
		values ({t}, {event}, 1, 'null', 'Prov', array['prov'], {person}, 'PA', {other}, now(), current_date)`},
	{"app.audit_log", `insert into app.audit_log (tenant_id, id, actor_id, actor_kind, action, result) values ({t}, {audit}, {person}, 'PERSON', 'open-case', 'OK')`},
	{"app.audit_blocks", `insert into app.audit_blocks (tenant_id, no, prev, hash, ids, digests, last_at)
		values ({t}, 1, sha256('p'), sha256('{slug}'), array[{audit}]::uuid[], sha256('d'), now())`},
	{"app.log_samples", `insert into app.log_samples (tenant_id, id, rule, audit_id, case_id) values ({t}, {sample}, 'SLUMP', {audit}, {case})`},
	{"jobs.outbox", `insert into jobs.outbox (tenant_id, id, kind, ref) values ({t}, {job}, 'update-fact', {case})`},
	{"jobs.timers", `insert into jobs.timers (tenant_id, id, kind, ref, due_at) values ({t}, {timer}, 'deadline-answer-warn', {case}, now() + interval '1 day')`},
	{"app.deliveries", `insert into app.deliveries (tenant_id, id, outbox_id, person_id, channel, template) values ({t}, {delivery}, {job}, {person}, 'EPOST', 'new')`},
	{"app.idempotency_keys", `insert into app.idempotency_keys (tenant_id, actor_id, key, operation, request_sha256, ref)
		values ({t}, {person}, {key}, 'report-case', 'x', {case})`},
	{"insight.facts", `insert into insight.facts (tenant_id, fact_id, month, state_group, source_version) values ({t}, {fact}, '2026-01-01', 'OPPEN', 1)`},
	{"insight.cells", `insert into insight.cells (tenant_id, month, area, case_type, category, harm, n) values ({t}, '2026-01-01', 'area-{slug}', '', '', '', 1)`},
}
