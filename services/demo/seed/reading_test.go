package seed

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/casework"
	"lyhord/pkg/platform/seal"
	"lyhord/services/migrate/steps"
	"lyhord/tenants"
)

// places of everything sealed: the table, the column, and which row the seal names.
var places = []struct{ table, column, row string }{
	{"reports", "narrative_sealed", "case_id"},
	{"reports", "contact_sealed", "case_id"},
	{"reports", "note_sealed", "case_id"},
	{"case_events", "note_sealed", "id"},
	{"consultations", "question_sealed", "id"},
	{"consultations", "motivation_sealed", "id"},
	{"investigations", "background_sealed", "case_id"},
	{"investigations", "course_sealed", "case_id"},
	{"investigations", "causes_sealed", "case_id"},
	{"investigations", "conclusion_sealed", "case_id"},
	{"causes", "text_sealed", "id"},
	{"measures", "title_sealed", "id"},
	{"measures", "effect_note_sealed", "id"},
	{"feedbacks", "note_sealed", "id"},
	{"messages", "body_sealed", "id"},
	{"lex_cases", "reason_sealed", "case_id"},
	{"lex_cases", "what_sealed", "case_id"},
	{"lex_cases", "immediate_sealed", "case_id"},
	{"lex_cases", "assessment_sealed", "case_id"},
	{"lex_cases", "proposal_sealed", "case_id"},
	{"lex_cases", "decision_sealed", "case_id"},
	{"lex_cases", "delegation_sealed", "case_id"},
}

// openAll opens every sealed value of the database and hands it out.
func (s seeded) openAll(t *testing.T, got func(table, column, text string)) {
	t.Helper()
	keys := map[uuid.UUID]*seal.TenantKey{}
	for _, c := range s.all {
		for _, tenant := range c.Tenants {
			id := steps.TenantID(tenant.Slug)
			key, err := tenantKey(t.Context(), s.conn, s.root, id)
			if err != nil {
				t.Fatal(err)
			}
			keys[id] = key
		}
	}
	for _, p := range places {
		rows, err := s.conn.Query(t.Context(), fmt.Sprintf(`select x.tenant_id, x.case_id, x.%s, x.%s, k.wrapped from app.%s x
			join app.case_keys k on k.tenant_id = x.tenant_id and k.case_id = x.case_id where x.%s is not null`, p.row, p.column, p.table, p.column))
		if err != nil {
			t.Fatal(err)
		}
		var (
			tenant, caseID, row uuid.UUID
			sealed, wrapped     []byte
		)
		tag, err := pgx.ForEachRow(rows, []any{&tenant, &caseID, &row, &sealed, &wrapped}, func() error {
			key, err := keys[tenant].OpenCaseKey(caseID, wrapped)
			if err != nil {
				return err
			}
			text, err := key.Open(p.table, p.column, row, sealed)
			if err == nil && text == "" {
				err = fmt.Errorf("nothing in it")
			}
			got(p.table, p.column, text)
			return err
		})
		if err != nil {
			t.Errorf("%s.%s: %v", p.table, p.column, err)
		}
		if tag.RowsAffected() == 0 {
			t.Errorf("%s.%s is empty everywhere", p.table, p.column)
		}
	}
}

func unsealing(t *testing.T, s seeded) {
	contacts := 0
	s.openAll(t, func(_, column, text string) {
		if column != "contact_sealed" {
			return
		}
		var c casework.Contact
		if err := json.Unmarshal([]byte(text), &c); err != nil || c.Empty() {
			t.Errorf("a contact that cannot be read: %v", err)
		}
		contacts++
	})
	if contacts == 0 {
		t.Error("nobody can be answered")
	}
	for _, place := range s.unknown(t) {
		if n := s.count(t, fmt.Sprintf(`select count(%s) from app.%s`, place[1], place[0])); n > 0 {
			t.Errorf("%d values in the sealed column %s.%s, which this test does not know", n, place[0], place[1])
		}
	}
}

// unknown are the sealed columns that are not among the places: the seeded city should hold nothing in them.
func (s seeded) unknown(t *testing.T) [][2]string {
	t.Helper()
	rows, err := s.conn.Query(t.Context(), `select table_name, column_name from information_schema.columns
		where table_schema = 'app' and column_name like '%\_sealed' and not (table_name || '.' || column_name = any ($1))`, known())
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (place [2]string, err error) {
		return place, row.Scan(&place[0], &place[1])
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func known() []string {
	all := make([]string, len(places))
	for i, p := range places {
		all[i] = p.table + "." + p.column
	}
	return all
}

// canary dumps every clear column of every table and looks for the sentences of the reports and the names of the writers.
func canary(t *testing.T, s seeded) {
	words := map[string]bool{}
	s.openAll(t, func(_, column, text string) {
		if column == "contact_sealed" {
			for _, name := range lastNames {
				words[name] = true
			}
			return
		}
		for sentence := range strings.SplitSeq(text, ". ") {
			if len(sentence) > 24 {
				words[strings.TrimSuffix(sentence, ".")] = true
			}
		}
	})
	if len(words) < 100 {
		t.Fatalf("only %d sentences to look for", len(words))
	}
	rows, err := s.conn.Query(t.Context(), `select c.table_schema, c.table_name, string_agg(format('%I', c.column_name), ', ') from information_schema.columns c
		where c.table_schema in ('app', 'sec', 'jobs', 'insight') and c.data_type <> 'bytea' and c.table_name not in ('codes', 'cities', 'tenant_configs')
		group by 1, 2`)
	if err != nil {
		t.Fatal(err)
	}
	type clear struct{ Schema, Table, Columns string }
	tables, err := pgx.CollectRows(rows, pgx.RowToStructByPos[clear])
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		var dump string
		q := fmt.Sprintf("select coalesce(string_agg(row(%s)::text, E'\n'), '') from %s.%s", table.Columns, table.Schema, table.Table)
		if err := s.conn.QueryRow(t.Context(), q).Scan(&dump); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		for word := range words {
			if strings.Contains(dump, word) {
				t.Errorf("%s.%s shows %q", table.Schema, table.Table, word)
			}
		}
	}
}

// desks looks at each tenant as its people do.
func desks(t *testing.T, s seeded) {
	for _, c := range s.all {
		for _, tenant := range c.Tenants {
			chef, ok := holder(tenant, "chef")
			if !ok {
				continue
			}
			unit, _ := tenant.Unit(home(tenant, chef, "chef"))
			who := func(key string) uuid.UUID { return steps.PersonID(tenant.Slug, key) }
			id := steps.TenantID(tenant.Slug)
			at := func(least int, what, query string, args ...any) {
				t.Helper()
				if n := s.count(t, query, append([]any{id}, args...)...); n < least {
					t.Errorf("%s: %d %s, want at least %d", tenant.Slug, n, what, least)
				}
			}
			queue, questions := shortQueueLength, 1
			states := []string{"assigned", "assessing", "consulting", "investigating", "measures", "follow_up"}
			if wide(tenant) {
				queue, questions, states = queueLength, 3, append(states, "dispatching", "awaiting_info")
			}
			at(queue, "reports to register", "select count(*) from app.cases where tenant_id = $1 and state = 'received'")
			if unit.Type == "" {
				t.Errorf("%s: chef leads %q, where nothing is reported", tenant.Slug, unit.Slug)
				continue
			}
			superior, _ := managerOf(tenant, unit.Slug, dayOf(present), chef)
			medarbetare, _ := holder(tenant, "medarbetare")
			utredare, _ := holder(tenant, "utredare")
			for _, state := range states {
				at(1, state+" for the chef", "select count(*) from app.cases where tenant_id = $1 and state = $2 and handler_id = $3", state, who(chef))
			}
			at(questions, "questions for "+superior, "select count(*) from app.cases where tenant_id = $1 and state = 'consulting' and superior_id = $2", who(superior))
			at(1, "delegated cases", "select count(*) from app.cases where tenant_id = $1 and state = 'investigating' and investigator_id = $2", who(utredare))
			at(1, "own reports with feedback", `select count(*) from app.cases c where tenant_id = $1 and reporter_id = $2
				and exists (select from app.messages m where m.tenant_id = c.tenant_id and m.case_id = c.id and m.direction = 'TILL_ANMALARE')`, who(medarbetare))
			at(1, "measures overdue", "select count(*) from app.measures where tenant_id = $1 and owner_id = $2 and status = 'PLANERAD' and due_on < $3", who(chef), present)
			if !wide(tenant) {
				continue
			}
			at(1, "measures to follow up", "select count(*) from app.measures where tenant_id = $1 and owner_id = $2 and status = 'GENOMFORD'", who(chef))
			at(1, "cases about the manager with somebody else", "select count(*) from app.cases where tenant_id = $1 and about_manager and handler_id <> $2", who(chef))
			at(1, "complicated cases without a number", "select count(*) from app.cases where tenant_id = $1 and complexity = 'KOMPLICERAD' and own_dnr is null and state = 'investigating'")
		}
	}
}

func shownCode(t *testing.T, s seeded) {
	sum := s.o.Code.Hash()
	n := s.count(t, `select count(*) from app.receipts r join app.messages m on m.tenant_id = r.tenant_id and m.case_id = r.case_id and m.kind = 'SVAR'
		join app.cases c on c.tenant_id = r.tenant_id and c.id = r.case_id and c.anonymous where r.tenant_id = $1 and r.code_sha256 = $2`,
		steps.TenantID(ShowTenant), sum[:])
	if n != 1 || len(sum) != sha256.Size {
		t.Errorf("the code opens %d answered cases", n)
	}
}

func lateness(t *testing.T, s seeded) {
	open := s.count(t, "select count(*) from app.cases where state not in ('closed', 'void', 'received', 'handed_over', 'lex_hold', 'awaiting_info') and answered_at is null")
	late := s.count(t, `select count(*) from app.cases where state not in ('closed', 'void', 'received', 'handed_over', 'lex_hold', 'awaiting_info')
		and answered_at is null and due_on < $1`, present)
	if late == 0 || late*2 > open {
		t.Errorf("%d of %d open cases are late", late, open)
	}
}

func TestTheDeskHoldsOnlyThePastAtAnyHourOfAWeek(t *testing.T) {
	cities, err := tenants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cities {
		bromma, ok := c.Tenant(ShowTenant)
		for hour := 0; ok && hour < 24*7; hour += 3 {
			now := present.Add(time.Duration(hour) * time.Hour)
			for _, d := range today(c, bromma, now) {
				before := d.ReceivedAt
				for _, step := range d.Course {
					if step.At.After(now) || step.At.Before(before) {
						t.Fatalf("at %v: %s has %s at %v", now, d.name, step.Transition, step.At)
					}
					before = step.At
				}
			}
		}
	}
}
