package register

import (
	"time"

	"github.com/google/uuid"
)

const onceKey = `select app.once(@key, 'receive-disclosure', @sha, @ref)`

// The number is drawn in the transaction that uses it, like every number of the register.
const insertDisclosure = `
with n as (insert into app.register_counters as k (series, year, last_no) values ('UTL', @year, 1)
  on conflict (tenant_id, series, year) do update set last_no = k.last_no + 1 returning k.last_no)
insert into app.disclosures (id, number, received_at, due_on, requester_sealed, asked_sealed, wants, taken_by)
select @id, 'UTL ' || @year::int || '/' || n.last_no, @at, @due_on, @requester, @asked, @wants, @by from n`

const insertDisclosureEvent = `
insert into app.disclosure_events (id, disclosure_id, at, actor_id, kind, entry_id) values (@id, @disclosure_id, @at, @by, @kind, @entry_id)`

const disclosureColumns = `d.id, d.number, d.received_at, d.due_on, d.wants, d.state, d.outcome, d.decided_at, p.name as taken_by_name`

const listDisclosures = `
select ` + disclosureColumns + `
  from app.disclosures d join app.people p on p.tenant_id = d.tenant_id and p.id = d.taken_by
 where (d.received_at, d.id) < (@before_at, @before_id) and (@state = '' or d.state = @state)
 order by d.received_at desc, d.id desc limit @limit`

const selectDisclosure = `
select ` + disclosureColumns + `, d.version, d.requester_sealed, d.asked_sealed, d.reservation_sealed, d.motivation_sealed, d.decision_sealed
  from app.disclosures d join app.people p on p.tenant_id = d.tenant_id and p.id = d.taken_by where d.id = @id`

type disclosureRow struct {
	Disclosure
	Version     int    `db:"version"`
	Requester   []byte `db:"requester_sealed"`
	Asked       []byte `db:"asked_sealed"`
	Reservation []byte `db:"reservation_sealed"`
	Motivation  []byte `db:"motivation_sealed"`
	Decision    []byte `db:"decision_sealed"`
}

// What is tried, with the sealed words of the case behind each incoming entry.
const listItems = `
select i.id, i.entry_id, i.case_id, e.entry_no, e.subject, e.secrecy_law, e.direction, i.outcome, i.law, i.masks, i.masked_sealed, i.text_sha256,
  p.name as reviewed_by_name, i.reviewed_at, k.wrapped, r.narrative_sealed, r.place_sealed, r.measure_sealed, r.people_sealed, r.note_sealed
  from app.disclosure_items i
  join app.register_entries e on e.tenant_id = i.tenant_id and e.id = i.entry_id
  join app.case_keys k on k.tenant_id = i.tenant_id and k.case_id = i.case_id
  left join app.reports r on r.tenant_id = i.tenant_id and r.case_id = i.case_id and e.direction = 'INKOMMEN'
  left join app.people p on p.tenant_id = i.tenant_id and p.id = i.reviewed_by
 where i.disclosure_id = @id order by e.registered_at, i.id limit 200`

type itemRow struct {
	ID           uuid.UUID  `db:"id"`
	EntryID      uuid.UUID  `db:"entry_id"`
	CaseID       uuid.UUID  `db:"case_id"`
	EntryNo      string     `db:"entry_no"`
	Subject      string     `db:"subject"`
	SecrecyLaw   string     `db:"secrecy_law"`
	Direction    string     `db:"direction"`
	Outcome      *string    `db:"outcome"`
	Law          *string    `db:"law"`
	Masks        []Mask     `db:"masks"`
	MaskedSealed []byte     `db:"masked_sealed"`
	SHA          []byte     `db:"text_sha256"`
	ReviewedBy   *string    `db:"reviewed_by_name"`
	ReviewedAt   *time.Time `db:"reviewed_at"`
	Wrapped      []byte     `db:"wrapped"`
	Narrative    []byte     `db:"narrative_sealed"`
	Place        []byte     `db:"place_sealed"`
	Measure      []byte     `db:"measure_sealed"`
	People       []byte     `db:"people_sealed"`
	Note         []byte     `db:"note_sealed"`
}

const listDisclosureEvents = `
select v.at, v.kind, p.name as by_name, e.entry_no
  from app.disclosure_events v
  join app.people p on p.tenant_id = v.tenant_id and p.id = v.actor_id
  left join app.register_entries e on e.tenant_id = v.tenant_id and e.id = v.entry_id
 where v.disclosure_id = @id order by v.at, v.id limit 500`

// Every change of a request is guarded by the version that was read, and by its being open.
const touchDisclosure = `
with touched as (update app.disclosures d set version = d.version + 1 where d.id = @id and d.version = @version and d.state = 'PAGAR' returning 1)
select app.must(exists (select 1 from app.disclosures where id = @id), 'LY404', 'disclosure'), app.must(exists (select 1 from touched), 'LY412', 'disclosure')`

const addItem = `
with added as (
  insert into app.disclosure_items (id, disclosure_id, case_id, entry_id)
  select @item, @id, e.case_id, e.id from app.register_entries e where e.entry_no = @number on conflict do nothing returning 1)
select app.must(exists (select 1 from added), 'LY409', 'entry')`

const disclosureThere = `select app.must(exists (select 1 from app.disclosures where id = @id), 'LY404', 'disclosure')`

const selectEntryByNumber = `select e.id from app.register_entries e where e.entry_no = @number`

const reviewItem = `
with tried as (
  update app.disclosure_items i set version = i.version + 1, outcome = @outcome, law = @law, masked_sealed = @masked, masks = @masks, text_sha256 = @sha,
    reviewed_by = @by, reviewed_at = @at
   where i.disclosure_id = @id and i.id = @item returning 1)
select app.must(exists (select 1 from tried), 'LY404', 'item')`

const decideDisclosure = `
with decided as (
  update app.disclosures d set version = d.version + 1, state = 'BESLUTAD', outcome = @outcome, reservation_sealed = @reservation,
    motivation_sealed = @motivation, decision_sealed = @decision, decided_by = @by, decided_at = @at
   where d.id = @id and d.version = @version and d.state = 'PAGAR' returning 1)
select app.must(exists (select 1 from decided), 'LY412', 'disclosure')`

const withdrawDisclosure = `
with withdrawn as (
  update app.disclosures d set version = d.version + 1, state = 'ATERTAGEN' where d.id = @id and d.version = @version and d.state = 'PAGAR' returning 1)
select app.must(exists (select 1 from app.disclosures where id = @id), 'LY404', 'disclosure'), app.must(exists (select 1 from withdrawn), 'LY412', 'disclosure')`
