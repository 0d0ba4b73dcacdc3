package record

import (
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
)

const insertRecord = `
insert into app.records (id, case_id, kind, direction, on_date, state, created_by)
values (@id, @case_id, @kind, @direction, @on_date, @state, @by)`

const insertVersion = `
insert into app.record_versions (id, record_id, case_id, no, content_sealed, drawn_by)
values (@id, @record_id, @case_id, @no, @content, @by)`

const insertFile = `
insert into app.record_files (id, record_id, case_id, version, format, media_type, size, sha256, name_sealed)
values (@id, @record_id, @case_id, @version, @format, @media_type, @size, @sha256, @name)
on conflict do nothing`

const enterRecord = `
with done as (update app.records r set entry_id = e.id, entry_no = e.entry_no from app.register_entries e
  where r.id = @id and r.entry_id is null and e.tenant_id = r.tenant_id and e.id = @entry_id returning 1)
select app.must(exists (select 1 from done), 'LY409', 'the record is registered already')`

const nextVersion = `
with next as (update app.records set version = version + 1, state = 'SKRIVS'
  where id = @id and case_id = @case_id and version = @before and direction = 'UPPRATTAD' returning version)
insert into app.record_versions (id, record_id, case_id, no, content_sealed, drawn_by)
select @version_id, @id, @case_id, version, @content, @by from next`

const hasVersion = `select app.must(exists (select 1 from app.record_versions where id = @id), 'LY412', 'record')`

// partRow is the case as far as its papers need it, and whether the actor works with it: the papers of a case are for those
// who register, handle, investigate or lead, not for everybody who once reported it or carries out a measure.
type partRow struct {
	Reference    string      `db:"reference"`
	State        string      `db:"state"`
	CaseType     *string     `db:"case_type"`
	EntryNo      *string     `db:"entry_no"`
	OwnDNR       *string     `db:"own_dnr"`
	UnitName     *string     `db:"unit_name"`
	RegisteredAt *time.Time  `db:"registered_at"`
	Wrapped      []byte      `db:"wrapped"`
	Works        bool        `db:"works"`
	MyName       *string     `db:"my_name"`
	MyTitle      *string     `db:"my_title"`
	Law          *string     `db:"secrecy_law"`
	LawOn        *clock.Date `db:"secrecy_on"`
	LawBy        *string     `db:"secrecy_authority"`
}

const selectPart = `
select c.reference, c.state, c.case_type, c.entry_no, c.own_dnr, u.name as unit_name, c.registered_at, k.wrapped, me.name as my_name, me.title as my_title,
  coalesce((select app.sees_all()) or (not c.about_manager and c.unit_id = any((select app.units_in_sight())::uuid[]))
    or (select app.pid()) in (c.handler_id, c.investigator_id, c.superior_id), false) as works,
  e.secrecy_law, e.secrecy_on, e.secrecy_authority
  from app.cases c
  left join app.units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
  left join app.people me on me.tenant_id = c.tenant_id and me.id = (select app.pid())
  left join app.case_keys k on k.tenant_id = c.tenant_id and k.case_id = c.id
  left join lateral (select secrecy_law, secrecy_on, secrecy_authority from app.register_entries e
     where e.tenant_id = c.tenant_id and e.case_id = c.id and e.voided_at is null and e.record_id is null order by e.registered_at limit 1) e on true
 where c.id = @case_id`

type recordRow struct {
	ID          uuid.UUID  `db:"id"`
	Kind        Kind       `db:"kind"`
	Direction   string     `db:"direction"`
	On          clock.Date `db:"on_date"`
	State       string     `db:"state"`
	ScanCode    *string    `db:"scan_code"`
	Version     int        `db:"version"`
	EntryNo     *string    `db:"entry_no"`
	CreatedAt   time.Time  `db:"created_at"`
	CreatedName *string    `db:"created_name"`
}

const recordColumns = `
select r.id, r.kind, r.direction, r.on_date, r.state, r.scan_code, r.version, r.entry_no, r.created_at, p.name as created_name
  from app.records r left join app.people p on p.tenant_id = r.tenant_id and p.id = r.created_by`

const listRecords = recordColumns + ` where r.case_id = @case_id order by r.created_at, r.id`

type fileRow struct {
	ID        uuid.UUID `db:"id"`
	RecordID  uuid.UUID `db:"record_id"`
	Version   int       `db:"version"`
	Format    string    `db:"format"`
	MediaType string    `db:"media_type"`
	Size      int64     `db:"size"`
	SHA256    []byte    `db:"sha256"`
	Name      []byte    `db:"name_sealed"`
	CreatedAt time.Time `db:"created_at"`
}

const fileColumns = `
select f.id, f.record_id, f.version, f.format, f.media_type, f.size, f.sha256, f.name_sealed, f.created_at from app.record_files f`

const listFiles = fileColumns + ` where f.case_id = @case_id order by f.version desc, f.format`

type dispatchRow struct {
	ID       uuid.UUID  `db:"id"`
	RecordID uuid.UUID  `db:"record_id"`
	Way      string     `db:"way"`
	To       []byte     `db:"to_sealed"`
	SentOn   clock.Date `db:"sent_on"`
	SentName *string    `db:"sent_name"`
}

const listDispatches = `
select d.id, d.record_id, d.way, d.to_sealed, d.sent_on, p.name as sent_name
  from app.dispatches d left join app.people p on p.tenant_id = d.tenant_id and p.id = d.sent_by
 where d.case_id = @case_id order by d.created_at, d.id`

const insertDispatch = `
insert into app.dispatches (id, record_id, case_id, way, to_sealed, sent_on, sent_by)
select @id, r.id, r.case_id, @way, @to, @on, @by from app.records r
 where r.id = @record_id and r.case_id = @case_id and app.must(r.state = 'KLAR' and r.direction = 'UPPRATTAD', 'LY409', 'record')`

// openFile is a file of a record that may be opened: clean, or drawn up by ourselves.
const openFile = fileColumns + `
  join app.records r on r.tenant_id = f.tenant_id and r.id = f.record_id
 where f.id = @id and f.case_id = @case_id and r.state = 'KLAR'`

type unregisteredRow struct {
	recordRow
	CaseID    uuid.UUID `db:"case_id"`
	Reference string    `db:"reference"`
	CaseEntry *string   `db:"case_entry_no"`
}

const listUnregistered = `
select r.id, r.case_id, r.kind, r.direction, r.on_date, r.state, r.scan_code, r.version, r.entry_no, r.created_at, p.name as created_name,
  c.reference, c.entry_no as case_entry_no
  from app.records r join app.cases c on c.tenant_id = r.tenant_id and c.id = r.case_id
  left join app.people p on p.tenant_id = r.tenant_id and p.id = r.created_by
 where r.entry_id is null and r.state <> 'SMITTAD' order by r.created_at, r.id limit 200`

const oneRecord = recordColumns + ` where r.case_id = @case_id and r.id = @id`

type entryRow struct {
	EntryNo   string     `db:"entry_no"`
	On        clock.Date `db:"entry_on"`
	Direction string     `db:"direction"`
	Sender    string     `db:"sender"`
	Subject   string     `db:"subject"`
}

const listEntries = `
select e.entry_no, e.entry_on, e.direction, e.sender, e.subject from app.register_entries e
 where e.case_id = @case_id and e.voided_at is null order by e.registered_at, e.entry_no`
