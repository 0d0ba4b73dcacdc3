package register

import (
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/db"
	"lyhord/tenants"
)

// One registration at a time per tenant, until commit: it keeps "is there a file for this year yet" and the counters in step.
const lockRegister = `select pg_advisory_xact_lock(hashtextextended('register' || (select app.tid())::text, 0))`

const openFile = `
with missing as (select 1 where not exists (select 1 from app.register_files f where f.kind = @kind and f.year = @year)),
n as (insert into app.register_counters as k (series, year, last_no) select 'DNR', @year, 1 from missing
  on conflict (tenant_id, series, year) do update set last_no = k.last_no + 1 returning k.last_no)
insert into app.register_files (id, kind, year, dnr, title)
select @id, @kind, @year, app.numbered(@pattern, n.last_no, @width), @title from n`

const enterCollective = `
with f as (select id, dnr from app.register_files where kind = @kind and year = @year),
n as (insert into app.register_counters as k (series, year, last_no) select 'FILE:' || f.id, @year, 1 from f
  on conflict (tenant_id, series, year) do update set last_no = k.last_no + 1 returning k.last_no)
insert into app.register_entries (id, case_id, file_id, serial_no, entry_no, direction, entry_on, sender, subject, subject_public,
  secrecy_law, secrecy_on, secrecy_authority, external_dnr, registered_by)
select @id, @case_id, f.id, n.last_no, app.numbered(replace(@pattern, '{file}', f.dnr), n.last_no, @width),
  @direction, @entry_on, @sender, @subject, @subject_public, @law, @marked_on, @authority, @external_dnr, @by
  from f, n`

const openOwnFile = `
with n as (insert into app.register_counters as k (series, year, last_no) values ('DNR', @year, 1)
  on conflict (tenant_id, series, year) do update set last_no = k.last_no + 1 returning k.last_no)
insert into app.register_files (id, kind, year, dnr, title)
select @id, 'EGET_DNR', @year, app.numbered(@pattern, n.last_no, @width), @title from n`

const enterOwnFile = `
insert into app.register_entries (id, case_id, file_id, serial_no, entry_no, direction, entry_on, sender, subject, subject_public,
  secrecy_law, secrecy_on, secrecy_authority, external_dnr, registered_by)
select @id, e.case_id, f.id, 1, f.dnr, e.direction, e.entry_on, e.sender, e.subject, e.subject_public,
  e.secrecy_law, e.secrecy_on, e.secrecy_authority, e.external_dnr, @by
  from app.register_entries e, app.register_files f
 where e.case_id = @case_id and e.voided_at is null and f.id = @file_id
 order by e.registered_at limit 1`

const voidEntries = `update app.register_entries set voided_at = @at, void_reason = @reason where case_id = @case_id and voided_at is null`

// Enter adds a registration in the year's collective file to the batch, opening the file when it is the year's first.
func Enter(b *db.Batch, cfg tenants.Tenant, newFileID uuid.UUID, e Entry) {
	b.Exec(lockRegister, nil)
	file := collective(cfg, e.Kind)
	pattern, width := slot(cfg.NumberPatterns.File, values(cfg, file, e.Year))
	b.Exec(openFile, db.Args{"id": newFileID, "kind": e.Kind, "year": e.Year, "pattern": pattern, "width": width, "title": file.Name})
	pattern, width = slot(cfg.NumberPatterns.Entry, values(cfg, file, e.Year))
	b.Exec(enterCollective, db.Args{
		"id": e.ID, "case_id": e.Case, "kind": e.Kind, "year": e.Year, "pattern": pattern, "width": width, "direction": e.Direction,
		"entry_on": e.On, "sender": e.Sender, "subject": e.Subject, "subject_public": e.SubjectPublic, "law": e.Marking.Law,
		"marked_on": e.Marking.On, "authority": e.Marking.Authority, "external_dnr": e.ExternalDNR, "by": e.By,
	})
}

// EnterOwn gives a case that is in a collective file a number of its own in addition (req. 30, 45).
func EnterOwn(b *db.Batch, cfg tenants.Tenant, e OwnEntry) {
	b.Exec(lockRegister, nil)
	pattern, width := slot(cfg.NumberPatterns.Own, values(cfg, tenants.CollectiveFile{}, e.Year))
	b.Exec(openOwnFile, db.Args{"id": e.FileID, "year": e.Year, "pattern": pattern, "width": width, "title": e.Subject})
	b.Exec(enterOwnFile, db.Args{"id": e.ID, "case_id": e.Case, "file_id": e.FileID, "by": e.By})
}

// OwnEntry is a case's own number.
type OwnEntry struct {
	ID, FileID, Case, By uuid.UUID
	Year                 int
	Subject              string
}

// Void marks a case's entries as felregistrerade; the numbers stay and are never used again.
func Void(b *db.Batch, caseID uuid.UUID, reason string, at time.Time) {
	b.Exec(voidEntries, db.Args{"case_id": caseID, "reason": reason, "at": at})
}

func collective(cfg tenants.Tenant, kind FileKind) tenants.CollectiveFile {
	for _, f := range cfg.Collective {
		if f.Kind == string(kind) {
			return f
		}
	}
	return tenants.CollectiveFile{Kind: string(kind), Name: string(kind)}
}

func values(cfg tenants.Tenant, f tenants.CollectiveFile, year int) tenants.NumberValues {
	v := tenants.NumberValues{Prefix: cfg.NumberPatterns.Prefix, Class: cfg.NumberPatterns.Class, Year: year, File: "{file}"}
	if f.Prefix != "" {
		v.Prefix = f.Prefix
	}
	if f.Class != "" {
		v.Class = f.Class
	}
	return v
}

// File is a collective file or a case's own.
type File struct {
	ID      uuid.UUID `db:"id" json:"id"`
	Kind    string    `db:"kind" json:"kind"`
	Year    int       `db:"year" json:"year"`
	DNR     string    `db:"dnr" json:"dnr"`
	Title   string    `db:"title" json:"title"`
	Entries int       `db:"entries" json:"entries"`
}

const listFiles = `
select f.id, f.kind, f.year, f.dnr, f.title, coalesce(k.last_no, 0) as entries
  from app.register_files f
  left join app.register_counters k on k.tenant_id = f.tenant_id and k.series = 'FILE:' || f.id and k.year = f.year
 where f.kind <> 'EGET_DNR' and (f.year, f.id) < (@before_year, @before_id) order by f.year desc, f.id desc limit @limit`
