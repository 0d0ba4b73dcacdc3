package register

import (
	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/tenants"
)

// RecordEntry is a document of a case that is already in a collective file. It gets the file's next number, and the case's
// marking; the registrar has her copy by that (req 46).
type RecordEntry struct {
	ID, Case, Record, By uuid.UUID
	Kind                 FileKind // the file's, for the pattern of its numbers
	Year                 int      // the file's
	On                   clock.Date
	Direction            string // INKOMMEN or UPPRATTAD
	Subject              string // what sort of document: neutral, so it is the public subject too
	WithSender           bool   // sender or recipient is the one who spoke
}

const enterRecord = `
with e as (select e.file_id, e.sender, e.secrecy_law, e.secrecy_on, e.secrecy_authority, e.external_dnr, f.dnr, f.year
    from app.register_entries e join app.register_files f on f.tenant_id = e.tenant_id and f.id = e.file_id
   where e.case_id = @case_id and e.record_id is null and e.voided_at is null and f.kind <> 'EGET_DNR'
   order by e.registered_at limit 1),
n as (insert into app.register_counters as k (series, year, last_no) select 'FILE:' || e.file_id, e.year, 1 from e
  on conflict (tenant_id, series, year) do update set last_no = k.last_no + 1 returning k.last_no)
insert into app.register_entries (id, case_id, record_id, file_id, serial_no, entry_no, direction, entry_on, sender, subject, subject_public,
  secrecy_law, secrecy_on, secrecy_authority, external_dnr, registered_by)
select @id, @case_id, @record_id, e.file_id, n.last_no, app.numbered(replace(@pattern, '{file}', e.dnr), n.last_no, @width),
  @direction, @entry_on, case when @with_sender then e.sender else '' end, @subject, @subject,
  e.secrecy_law, e.secrecy_on, e.secrecy_authority, e.external_dnr, @by
  from e, n`

const entered = `
select app.must(exists (select 1 from app.register_entries where id = @id), 'LY409', 'the case is not in the register')`

// EnterRecord adds a document's entry to the batch. A case without an entry of its own rolls the batch back.
func EnterRecord(b *db.Batch, cfg tenants.Tenant, e RecordEntry) {
	b.Exec(lockRegister, nil)
	pattern, width := slot(cfg.NumberPatterns.Entry, values(cfg, collective(cfg, e.Kind), e.Year))
	b.Exec(enterRecord, db.Args{
		"id": e.ID, "case_id": e.Case, "record_id": e.Record, "pattern": pattern, "width": width, "direction": e.Direction,
		"entry_on": e.On, "with_sender": e.WithSender, "subject": e.Subject, "by": e.By,
	})
	b.Exec(entered, db.Args{"id": e.ID})
}
