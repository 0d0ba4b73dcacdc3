package casework

import (
	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
)

// visitDay remembers the look. Within four hours it is the same one, so that what is new stays new over a reload.
const visitDay = `
insert into app.day_visits as v (seen_at, before_at) values (@now, @now)
on conflict (tenant_id, person_id) do update set seen_at = excluded.seen_at,
  before_at = case when v.seen_at < excluded.seen_at - interval '4 hours' then v.seen_at else v.before_at end`

// taskRow is one thing to do, with the counts over all of them. A day without anything is one row of counts.
type taskRow struct {
	Kind     *string     `db:"kind"`
	ID       uuid.UUID   `db:"id"`
	CaseID   *uuid.UUID  `db:"case_id"`
	Number   *string     `db:"number"`
	Subject  *string     `db:"subject"`
	UnitName *string     `db:"unit_name"`
	DueOn    *clock.Date `db:"due_on"`
	SortOn   clock.Date  `db:"sort_on"`
	New      bool        `db:"new"`
	Late     int         `db:"late"`
	Today    int         `db:"today"`
	Later    int         `db:"later"`
	Fresh    int         `db:"fresh"`
}

// Each part of the union has its own index: the queue, the handler, the investigator, the superior, the owner. A case stands
// once for each thing to do with it.
const selectDay = `
with cal as (select x.begun, x.register, x.start, x.consult, x.follow from unnest(@begun::date[], @register::date[], @start::date[], @consult::date[], @follow::date[])
    as x (begun, register, start, consult, follow)),
mine as materialized (
  select c.id, c.state, c.due_on, c.answered_at, c.assigned_at, c.updated_at
    from app.cases c where c.handler_id = (select app.pid()) and c.state not in ('closed', 'void', 'archived', 'disposed')),
work (kind, id, case_id, due_on, since) as (
  select 'REGISTRERA', c.id, c.id, coalesce(k.register, c.received_on), c.received_at
    from app.cases c left join cal k on k.begun = c.received_on where @registrar and c.state = 'received'
  union all
  select 'BEKRAFTA', a.case_id, a.case_id, a.due_on, c.received_at
    from app.acknowledgements a join app.cases c on c.tenant_id = a.tenant_id and c.id = a.case_id
   where @registrar and a.done_at is null and a.way in ('TELEFON', 'BREV') and c.answered_at is null and c.state <> 'void'
  union all
  select 'NUMMER', c.id, c.id, null::date, c.updated_at
    from app.cases c where @registrar and c.complexity = 'KOMPLICERAD' and c.own_dnr is null
     and c.state in ('assessing', 'investigating', 'measures', 'dispatching', 'awaiting_info')
  union all
  select 'BEDOM', m.id, m.id, coalesce(k.start, m.due_on), m.assigned_at
    from mine m left join cal k on k.begun = (m.assigned_at at time zone 'Europe/Stockholm')::date where m.state = 'assigned'
  union all
  select 'HANDLAGG', m.id, m.id, m.due_on, m.updated_at
    from mine m where m.state in ('assessing', 'investigating', 'measures', 'dispatching') and m.answered_at is null
  union all
  select 'AVSLUTA', m.id, m.id, null, m.updated_at
    from mine m where m.state in ('dispatching', 'follow_up') and m.answered_at is not null
     and not exists (select from app.measures x where x.case_id = m.id and x.status in ('FORSLAG', 'PLANERAD', 'GENOMFORD'))
  union all
  select 'SVARA_FRAGA', m.id, m.id, @on::date, g.at
    from mine m cross join lateral (select max(at) filter (where direction = 'FRAN_ANMALARE') as at,
        max(at) filter (where direction = 'TILL_ANMALARE' and author_id is not null) as told
        from app.messages g where g.case_id = m.id) g
   where g.at is not null and (g.told is null or g.told < g.at)
  union all
  select 'FOLJ_UPP', x.id, m.id, coalesce(k.follow, x.done_on), x.done_on::timestamptz
    from mine m join app.measures x on x.case_id = m.id and x.status = 'GENOMFORD' left join cal k on k.begun = x.done_on
  union all
  select 'UTRED', c.id, c.id, c.due_on, c.updated_at
    from app.cases c where c.investigator_id = (select app.pid()) and c.state in ('assessing', 'investigating')
  union all
  select 'AVGOR', q.id, c.id, coalesce(k.consult, c.due_on), q.asked_at
    from app.cases c join app.consultations q on q.tenant_id = c.tenant_id and q.case_id = c.id and q.decided_at is null
    left join cal k on k.begun = (q.asked_at at time zone 'Europe/Stockholm')::date
   where c.superior_id = (select app.pid()) and c.state = 'consulting'
  union all
  select 'ATGARDA', x.id, x.case_id, x.due_on, x.created_at
    from app.measures x where x.owner_id = (select app.pid()) and x.status = 'PLANERAD'
  union all
  select 'NAMND', c.id, c.id, c.due_on, c.updated_at from app.cases c where @office and c.state = 'board'
  union all
  select 'LEX', c.id, c.id, c.due_on, c.updated_at from app.cases c where @lex and c.state = 'lex_hold'
  union all
  select 'LAS_SVAR', c.id, c.id, null, c.answered_at
    from app.cases c where c.reporter_id = (select app.pid()) and c.answered_at > @now::timestamptz - interval '14 days'
     and c.answered_at > coalesce((select v.before_at from app.day_visits v), '-infinity')
), counts as (
  select (count(*) filter (where due_on < @on))::int as late, (count(*) filter (where due_on = @on))::int as today,
    (count(*) filter (where due_on > @on or due_on is null))::int as later,
    (count(*) filter (where since > (select v.before_at from app.day_visits v)))::int as fresh from work
), page as (
  select w.kind, md5(w.kind || w.id::text)::uuid as id, w.case_id, w.due_on, coalesce(w.due_on, date '9999-12-30') as sort_on, w.since
    from work w where (coalesce(w.due_on, date '9999-12-30'), md5(w.kind || w.id::text)::uuid) > (@after_on::date, @after_id::uuid)
   order by sort_on, 2 limit @limit
)
select p.kind, coalesce(p.id, '00000000-0000-0000-0000-000000000000') as id, c.id as case_id,
  coalesce(c.own_dnr, c.entry_no, c.reference) as number, c.subject, u.name as unit_name, p.due_on, coalesce(p.sort_on, date '9999-12-30') as sort_on,
  coalesce(p.since > (select v.before_at from app.day_visits v), false) as new, n.late, n.today, n.later, n.fresh
  from counts n left join page p on true
  left join app.cases c on c.id = p.case_id
  left join app.units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
 order by p.sort_on, p.id`
