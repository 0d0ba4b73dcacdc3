package seed

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/seal"
	"lyhord/services/migrate/steps"
)

// table is where rows go; the order of tables keeps foreign keys.
type table struct {
	name    pgx.Identifier
	columns []string
}

// Keys of the sheet: the index of each table in tables.
const (
	inCases = iota
	inKeys
	inReports
	inContacts
	inEvents
	inConsultations
	inInvestigations
	inCauses
	inMeasures
	inFeedbacks
	inReceipts
	inMessages
	inFiles
	inCounters
	inEntries
	inTimers
	inFacts
	inLexCases
	inLexSteps
	inLexStubs
)

var tables = []table{
	inCases: {pgx.Identifier{"app", "cases"}, caseColumns},
	inKeys:  {pgx.Identifier{"app", "case_keys"}, []string{"case_id", "kek_version", "wrapped"}},
	inReports: {pgx.Identifier{"app", "reports"}, []string{
		"case_id", "reported_unit_id", "narrative_sealed", "contact_sealed", "note_sealed", "created_at",
	}},
	inContacts: {pgx.Identifier{"app", "case_contacts"}, []string{"case_id", "kind", "digest"}},
	inEvents: {pgx.Identifier{"app", "case_events"}, []string{
		"id", "case_id", "at", "actor_id", "kind", "transition", "from_state", "to_state", "data", "note_sealed",
	}},
	inConsultations: {pgx.Identifier{"app", "consultations"}, []string{
		"id", "case_id", "asked_by", "superior_id", "asked_at", "question_sealed", "decided_at", "decision", "motivation_sealed",
	}},
	inInvestigations: {pgx.Identifier{"app", "investigations"}, []string{
		"case_id", "version", "background_sealed", "course_sealed", "causes_sealed", "conclusion_sealed", "actual_severity", "severity",
		"probability", "severity_after", "probability_after", "completed_at", "completed_by", "updated_at", "updated_by",
	}},
	inCauses: {pgx.Identifier{"app", "causes"}, []string{"id", "case_id", "area", "underlying", "text_sealed"}},
	inMeasures: {pgx.Identifier{"app", "measures"}, []string{
		"id", "case_id", "cause_id", "version", "title_sealed", "kind", "strength", "owner_id", "due_on", "status", "affects_individual",
		"done_on", "follow_up_method", "effect", "effect_note_sealed", "followed_up_at", "created_at",
	}},
	inFeedbacks: {pgx.Identifier{"app", "feedbacks"}, []string{"id", "case_id", "given_by", "given_on", "method", "note_sealed", "created_at"}},
	inReceipts:  {pgx.Identifier{"app", "receipts"}, []string{"case_id", "code_sha256", "created_at", "expires_at"}},
	inMessages:  {pgx.Identifier{"app", "messages"}, []string{"id", "case_id", "at", "direction", "kind", "author_id", "body_sealed"}},
	inFiles:     {pgx.Identifier{"app", "register_files"}, []string{"id", "kind", "year", "dnr", "title", "opened_at"}},
	inCounters:  {pgx.Identifier{"app", "register_counters"}, []string{"series", "year", "last_no"}},
	inEntries: {pgx.Identifier{"app", "register_entries"}, []string{
		"id", "case_id", "file_id", "serial_no", "entry_no", "direction", "entry_on", "sender", "subject", "subject_public", "secrecy_law",
		"secrecy_on", "secrecy_authority", "registered_by", "registered_at", "voided_at", "void_reason",
	}},
	inLexCases: {pgx.Identifier{"app", "lex_cases"}, []string{
		"case_id", "step", "prev_step", "held_at", "held_by", "held_from", "reason_sealed", "received_at", "received_by", "what_sealed", "immediate_at",
		"immediate_sealed", "assessment", "assessment_sealed", "assessed_at", "assessed_by", "investigator_id", "proposed_degree", "proposal_sealed",
		"proposed_by", "proposed_at", "degree", "decision_sealed", "delegation_sealed", "decided_by", "decided_at", "start_due_on", "done_due_on",
		"ivo_on", "returned_at",
	}},
	inLexSteps: {pgx.Identifier{"app", "lex_steps"}, []string{"id", "case_id", "at", "actor_id", "kind", "code", "from_step", "to_step"}},
	inLexStubs: {pgx.Identifier{"app", "lex_stubs"}, []string{"id", "reference", "entry_no", "unit_id", "about_manager", "people", "held_at"}},
	inTimers:   {pgx.Identifier{"jobs", "timers"}, []string{"id", "kind", "ref", "due_at", "rule", "created_at"}},
	inFacts: {pgx.Identifier{"insight", "facts"}, []string{
		"fact_id", "month", "unit_kind", "area", "regi", "case_type", "channel", "category", "severity_band", "risk_band", "harm", "complexity",
		"cause_areas", "strongest_measure", "effect", "outcome", "state_group", "days_to_register", "days_to_answer", "days_to_close", "late",
		"source_version",
	}},
}

// sheet collects the rows of one tenant.
type sheet struct {
	office     *office
	now        time.Time
	rows       [][][]any
	cases      []*record
	references references
}

func newSheet(o *office, now time.Time) *sheet {
	return &sheet{office: o, now: now, rows: make([][][]any, len(tables)), references: references{}}
}

func (s *sheet) add(table int, values ...any) {
	s.rows[table] = append(s.rows[table], values)
}

// fill writes one tenant in one transaction, the marker last.
func fill(ctx context.Context, dsn string, root *seal.Root, j job, report func(n int)) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	tenant := steps.TenantID(j.tenant.Slug)
	key, err := tenantKey(ctx, conn, root, tenant)
	if err != nil {
		return err
	}
	s := newSheet(newOffice(j, key), j.now)
	for i := range j.drafts {
		s.record(j.drafts[i])
		if len(s.cases)%100 == 0 {
			report(100)
		}
	}
	s.diary()
	for _, r := range s.cases {
		r.finish()
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return s.write(ctx, tx, tenant) })
	if err == nil {
		report(len(s.cases) % 100)
	}
	return err
}

// write copies the rows. Whoever comes second to a tenant finds it filled and leaves it alone.
func (s *sheet) write(ctx context.Context, tx pgx.Tx, tenant uuid.UUID) error {
	var taken bool
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended('seed' || $1::text, 0))", tenant); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, "select exists (select from app.audit_log where tenant_id = $1 and action = $2)", tenant, marker).Scan(&taken); err != nil || taken {
		return err
	}
	for i, t := range tables {
		rows := s.rows[i]
		columns := append([]string{"tenant_id"}, t.columns...)
		source := pgx.CopyFromSlice(len(rows), func(n int) ([]any, error) { return append([]any{tenant}, rows[n]...), nil })
		if _, err := tx.CopyFrom(ctx, t.name, columns, source); err != nil {
			return fmt.Errorf("%s: %w", t.name.Sanitize(), err)
		}
		s.rows[i] = nil
	}
	if _, err := tx.Exec(ctx, countCells, tenant); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "insert into app.audit_log (tenant_id, at, actor_id, actor_kind, action, result) values ($1, $2, null, 'JOB', $3, 'OK')",
		tenant, s.now, marker)
	return err
}

func tenantKey(ctx context.Context, conn *pgx.Conn, root *seal.Root, tenant uuid.UUID) (*seal.TenantKey, error) {
	var (
		version int
		wrapped []byte
	)
	err := conn.QueryRow(ctx, "select version, wrapped from sec.tenant_keys where tenant_id = $1 order by version desc limit 1", tenant).Scan(&version, &wrapped)
	if err != nil {
		return nil, fmt.Errorf("the tenant's key: %w", err)
	}
	return root.OpenTenantKey(tenant, version, wrapped)
}

// null is NULL for an empty text.
func null(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// grade is NULL for what was not graded.
func grade(n int) any {
	if n == 0 {
		return nil
	}
	return int16(n)
}

// moment is NULL for what has not happened.
func moment(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at
}

// date is NULL for no day.
func date(d clock.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.UTC()
}

// dayOf is the day in Sweden, or no day.
func dayOf(at time.Time) clock.Date {
	if at.IsZero() {
		return clock.Date{}
	}
	return clock.DateIn(at)
}
