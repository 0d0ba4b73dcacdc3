package casework

import (
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
)

// What may be the same thing: cases of the unit within three days, and cases of anybody who left the same way to be reached
// within two months. Words are never compared in the database; the place is opened and compared in Go.
const listDuplicates = `
with c as (select x.id, x.unit_id, x.received_at, x.received_on, x.category, x.category_hsl from app.cases x where x.id = @id and x.state = 'received'),
same_contact as (
  select distinct b.case_id from app.case_contacts a
    join app.case_contacts b on b.tenant_id = a.tenant_id and b.kind = a.kind and b.digest = a.digest and b.case_id <> a.case_id
   where a.case_id = @id limit 50),
near as (
  (select x.id from c join app.cases x on x.unit_id = c.unit_id
     and x.received_at between c.received_at - interval '3 days' and c.received_at + interval '3 days' order by x.received_at desc limit 50)
  union select case_id from same_contact)
select x.id, x.reference, x.entry_no, x.received_at, coalesce(x.unit_id = c.unit_id, false) as same_unit, x.received_on = c.received_on as same_day,
  coalesce(x.category is not distinct from c.category and x.category_hsl is not distinct from c.category_hsl
    and coalesce(c.category, c.category_hsl) is not null, false) as same_category,
  x.id in (select case_id from same_contact) as same_contact, r.place_sealed, k.wrapped
  from c, near n
  join app.cases x on x.id = n.id
  join app.reports r on r.tenant_id = x.tenant_id and r.case_id = x.id
  join app.case_keys k on k.tenant_id = x.tenant_id and k.case_id = x.id
 where x.id <> c.id and x.state <> 'void' and x.received_at between c.received_at - interval '60 days' and c.received_at + interval '60 days'
 order by x.received_at desc`

// The case that a number names, whichever of its numbers it is.
const selectByNumber = `
select c.id, c.reference, c.state, c.unit_id, c.handler_id, c.investigator_id
  from app.cases c
 where c.reference = @number
    or c.id = (select e.case_id from app.register_entries e where e.entry_no = @number and e.voided_at is null)
    or c.id = (select e.case_id from app.register_entries e join app.register_files f on f.tenant_id = e.tenant_id and f.id = e.file_id
                where f.dnr = @number and f.kind = 'EGET_DNR' and e.voided_at is null limit 1)
 limit 1`

type targetRow struct {
	ID             uuid.UUID  `db:"id"`
	Reference      string     `db:"reference"`
	State          State      `db:"state"`
	UnitID         *uuid.UUID `db:"unit_id"`
	HandlerID      *uuid.UUID `db:"handler_id"`
	InvestigatorID *uuid.UUID `db:"investigator_id"`
}

// The link holds only if the case still stands as it was read.
const insertLink = `
with joined as (
  insert into app.case_links (id, case_id, to_id, kind, linked_by, linked_at)
  select @id, @case_id, c.id, @kind, @by, @at from app.cases c where c.id = @to_id and c.id <> @case_id and c.state = @state returning 1)
select app.must(exists (select 1 from joined), 'LY409', 'case')`

const undoLink = `update app.case_links set undone_at = @at where case_id = @case_id and undone_at is null`

// Both ways: what this report was joined to, and what was joined to this case.
const listLinks = `
select k.to_id as case_id, coalesce(c.own_dnr, c.entry_no, c.reference) as number, k.kind, k.linked_at, false as incoming
  from app.case_links k join app.cases c on c.tenant_id = k.tenant_id and c.id = k.to_id where k.case_id = @id and k.undone_at is null
union all
select k.case_id, coalesce(c.entry_no, c.reference), k.kind, k.linked_at, true
  from app.case_links k join app.cases c on c.tenant_id = k.tenant_id and c.id = k.case_id where k.to_id = @id and k.undone_at is null
 order by linked_at limit 50`

const insertHold = `
insert into app.desk_holds (id, case_id, until_on, reason, held_by, held_at) values (@id, @case_id, @until_on, @reason, @by, @at)`

const liftHold = `update app.desk_holds set lifted_at = @at where case_id = @case_id and lifted_at is null`

// A hold ends by itself: on its day, or when who wrote has written again.
const heldNow = `exists (select 1 from app.desk_holds h where h.case_id = c.id and h.lifted_at is null and h.until_on > @today
   and not exists (select 1 from app.messages g where g.case_id = c.id and g.direction = 'FRAN_ANMALARE' and g.at > h.held_at))`

type holdRow struct {
	UntilOn clock.Date `db:"until_on"`
	Reason  string     `db:"reason"`
}

const selectHold = `select h.until_on, h.reason from app.desk_holds h where h.case_id = @id and h.lifted_at is null`

// What waits for the registrar, newest first, or what was set aside.
const listQueue = `select` + listColumns + listJoins + `
 where c.state = 'received' and (c.received_at, c.id) < (@before_at, @before_id) and ` + heldNow + ` = @held
 order by c.received_at desc, c.id desc limit @limit`

type queueCount struct {
	Waiting int `db:"waiting"`
	Held    int `db:"held"`
}

const countQueue = `
select (count(*) filter (where not held))::int as waiting, (count(*) filter (where held))::int as held
  from (select ` + heldNow + ` as held from app.cases c where c.state = 'received') q`

// The latest act on a case, and who did it: only that one can be taken back, and only by her.
const selectLastAct = `
select e.kind, e.actor_id, e.at from app.case_events e where e.case_id = @id order by e.at desc, e.id desc limit 1`

type lastAct struct {
	Kind    string     `db:"kind"`
	ActorID *uuid.UUID `db:"actor_id"`
	At      time.Time  `db:"at"`
}
