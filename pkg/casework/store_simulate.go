package casework

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/clock"
)

// replayRow is the coded facts of a case, as the routine decides on them.
type replayRow struct {
	ID           uuid.UUID   `db:"id"`
	Number       string      `db:"number"`
	Subject      *string     `db:"subject"`
	CaseType     string      `db:"case_type"`
	Complexity   string      `db:"complexity"`
	Investigated bool        `db:"investigated"`
	HSL          bool        `db:"hsl"`
	Risk         *int        `db:"risk"`
	Severity     *int        `db:"severity"`
	ReceivedOn   clock.Date  `db:"received_on"`
	AnsweredOn   *clock.Date `db:"answered_on"`
}

func (r replayRow) coded() Coded {
	return Coded{
		CaseType: r.CaseType, Complexity: r.Complexity, Investigated: r.Investigated, HSL: r.HSL, Risk: r.Risk, Severity: r.Severity, ReceivedOn: r.ReceivedOn,
	}
}

const selectReplay = `
select c.id, coalesce(c.own_dnr, c.entry_no, c.reference) as number, c.subject, coalesce(c.case_type, '') as case_type, c.complexity,
  coalesce(c.response_level = 'UTREDNING', false) as investigated, c.category_hsl is not null as hsl, c.risk_value::int as risk, c.severity::int as severity,
  c.received_on, (coalesce(c.answered_at, c.closed_at) at time zone 'Europe/Stockholm')::date as answered_on
  from app.cases c
 where c.received_at >= @from::date and c.state not in ('void', 'disposed', 'handed_over')
 order by c.received_at desc`

// rows goes through the answer as it comes; no row is held.
func (r *replay) rows(rows pgx.Rows) error {
	for rows.Next() {
		row, err := pgx.RowToStructByName[replayRow](rows)
		if err != nil {
			return err
		}
		r.one(row)
	}
	return rows.Err()
}
