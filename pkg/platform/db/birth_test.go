package db_test

import (
	"testing"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/problem"
)

const newborn = `insert into app.cases (id, reference, state, channel, sender_role, received_at, received_on)
	values (@case::uuid, @case::uuid::text, 'received', 'WEBBFORMULAR', 'ANONYM', now(), current_date)`

// aboutCase is one row of each table that the public form writes about a case, by SQL alone.
var aboutCase = map[string]string{
	"app.case_keys":        `insert into app.case_keys (case_id, kek_version, wrapped) values (@case, 1, 'w')`,
	"app.reports":          `insert into app.reports (case_id, narrative_sealed) values (@case, 'n')`,
	"app.case_contacts":    `insert into app.case_contacts (case_id, kind, digest) values (@case, 'NAME', decode(md5('x'), 'hex'))`,
	"app.case_events":      `insert into app.case_events (id, case_id, kind) values (gen_random_uuid(), @case, 'case.reported')`,
	"app.receipts":         `insert into app.receipts (case_id, code_sha256, expires_at) values (@case, sha256('mine'), now() + interval '1 day')`,
	"app.audit_log":        `insert into app.audit_log (actor_kind, action, case_id, result) values ('PUBLIC', 'report-publicly', @case, 'OK')`,
	"app.acknowledgements": `insert into app.acknowledgements (case_id, way, due_on, rule) values (@case, 'KOD', current_date, '{}')`,
	"jobs.outbox":          `insert into jobs.outbox (id, kind, ref) values (gen_random_uuid(), 'notify-assigned', @case)`,
	"jobs.timers":          `insert into jobs.timers (id, kind, ref, due_at) values (gen_random_uuid(), 'deadline-answer-warn', @case, now())`,
}

func TestThePublicFormWritesAboutTheCaseItMakesAndNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authz.DoorIntake)
	form := authz.Public(w.a.tenant)
	for table, sql := range aboutCase {
		about := db.Args{"case": uuid.New()}
		var b db.Batch
		b.Exec(newborn, about)
		b.Exec(sql, about)
		if err := w.db.Once(t.Context(), form, &b); err != nil {
			t.Errorf("%s, about its own new case: %v", table, err)
		}
		for name, known := range map[string]uuid.UUID{"a case of the board": w.a.caseID, "the case it made before": about["case"].(uuid.UUID)} {
			var late db.Batch
			late.Exec(newborn, db.Args{"case": uuid.New()}) // having made another one does not help
			late.Exec(sql, db.Args{"case": known})
			if err := w.db.Once(t.Context(), form, &late); !problem.Is(err, problem.KindForbidden) {
				t.Errorf("%s, about %s: %v", table, name, err)
			}
		}
	}
	var b db.Batch
	b.Exec(`insert into app.audit_log (actor_kind, action, result) values ('PERSON', 'open-case', 'OK')`, nil)
	if err := w.db.Once(t.Context(), form, &b); !problem.Is(err, problem.KindForbidden) {
		t.Errorf("the public form says that a person read something: %v", err)
	}
}

// TestEveryTableOfThePublicFormIsTied finds a table that the form may write to and that nobody has tied to its case.
func TestEveryTableOfThePublicFormIsTied(t *testing.T) {
	t.Parallel()
	super := dbtest.New(t).Super(t)
	rows, err := super.Query(t.Context(), `
		select c.oid::regclass::text, exists (select from pg_trigger g where g.tgrelid = c.oid and g.tgname = 'born_now' and g.tgenabled = 'O')
		  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname in ('case_id', 'ref') and not a.attisdropped
		 where c.relkind = 'r' and has_column_privilege('lyhord_intake', c.oid, a.attnum, 'INSERT')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var table string
		var tied bool
		if err := rows.Scan(&table, &tied); err != nil {
			t.Fatal(err)
		}
		n++
		if _, tried := aboutCase[table]; !tied || !tried {
			t.Errorf("%s: tied %v, tried %v: add call sec.born_with_case(…) and a row above", table, tied, tried)
		}
	}
	if n < 8 {
		t.Errorf("only %d tables were found", n)
	}
}
