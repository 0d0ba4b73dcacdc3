// Package audit is the append-only trail of what was read and changed, by whom (SoLPuL 10 §). Its row travels in the
// same batch as the reading or the change: no row, no data.
//
// It must not know what a case holds: ids and operation names only. The database refuses updates, deletes and rows
// that name another person; tests try.
package audit

import (
	"context"
	"maps"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
)

// Entry is one act. Action is the operation's id. Shown are the ids a list showed.
type Entry struct {
	Action string
	Case   uuid.UUID
	Shown  []uuid.UUID
	Kind   string // PERSON, CLIENT, JOB or PUBLIC
}

// A case that is not visible to the reader is logged as MISSING, without saying whether it exists elsewhere.
const recordCase = `
insert into app.audit_log (actor_kind, action, case_id, result, request_id)
select @kind, @action, c.id, case when c.id is null then 'MISSING' else 'OK' end, @request
  from (select 1) one left join app.cases c on c.id = @case_id`

const recordPlain = `
insert into app.audit_log (actor_kind, action, shown, result, request_id)
values (@kind, @action, @shown, 'OK', @request)`

// Record adds the entry to the batch. For a case it must come before the statement that reads it.
func Record(ctx context.Context, b *db.Batch, e Entry) {
	if e.Kind == "" {
		e.Kind = string(authz.Person)
	}
	if e.Case != uuid.Nil {
		b.Exec(recordCase, db.Args{"kind": e.Kind, "action": e.Action, "case_id": e.Case, "request": httpx.RequestID(ctx)})
		return
	}
	if e.Shown == nil {
		e.Shown = []uuid.UUID{}
	}
	b.Exec(recordPlain, db.Args{"kind": e.Kind, "action": e.Action, "shown": e.Shown, "request": httpx.RequestID(ctx)})
}

// Listing is a list that says itself what it showed: reading and row of the trail are one statement, neither is without the other.
type Listing struct {
	Action, Kind string
	SQL          string // the list, with an order and a limit of its own
	Args         db.Args
	ID           string // the column with the id of the case
	Order        string // the same order, over the list's own columns
	Most         int    // how many are shown; one more may be read to know whether there is a next page
}

// Showing adds the list to the batch and collects it into dest.
func Showing[T any](ctx context.Context, b *db.Batch, l Listing, dest *[]T) {
	args := db.Args{"log_kind": l.Kind, "log_action": l.Action, "log_request": httpx.RequestID(ctx), "log_most": l.Most}
	maps.Copy(args, l.Args)
	db.Collect(b, `
with listed as (`+l.SQL+`),
logged as (
  insert into app.audit_log (actor_kind, action, shown, result, request_id)
  select @log_kind, @log_action, array(select `+l.ID+` from listed order by `+l.Order+` limit @log_most), 'OK', @log_request
)
select * from listed order by `+l.Order, args, dest)
}

// Read is one row of the trail as a case shows it.
type Read struct {
	At        time.Time `db:"at" json:"at"`
	ActorName *string   `db:"actor_name" json:"actor_name"`
	Action    string    `db:"action" json:"action"`
}

const readsOfCase = `
select a.at, p.name as actor_name, a.action
  from app.audit_log a left join app.people p on p.tenant_id = a.tenant_id and p.id = a.actor_id
 where a.case_id = @case_id and a.result = 'OK'
 order by a.at desc limit 100`

// OfCase adds the latest hundred entries about a case to the batch, newest first.
func OfCase(b *db.Batch, caseID uuid.UUID, dest *[]Read) {
	db.Collect(b, readsOfCase, db.Args{"case_id": caseID}, dest)
}
