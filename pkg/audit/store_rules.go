package audit

// rule is a condition under which a reading is worth a second look.
type rule struct{ code, where string }

// a is the entry, c its case, p the reader. The night is Swedish.
var rules = []rule{
	{"SKYDDAD", `c.access_label = 'PROTECTED'`},
	{"UTANFOR_ENHET", `p.home_unit_id is not null and p.home_unit_id is distinct from c.unit_id and not a.actor_id = any(c.readers)
	   and not exists (select 1 from app.unit_managers m where m.person_id = a.actor_id)`},
	{"UTAN_DEL", `not a.actor_id = any(c.readers) and a.actor_id is distinct from c.handler_id and a.actor_id is distinct from c.investigator_id
	   and a.actor_id is distinct from c.superior_id and a.actor_id is distinct from c.reporter_id and a.actor_id is distinct from c.taken_down_by
	   and not exists (select 1 from app.case_events e where e.case_id = c.id and e.actor_id = a.actor_id)`},
	{"NATT", `extract(hour from a.at at time zone 'Europe/Stockholm') not between 6 and 21`},
	{"AVSLUTAT", `c.closed_at < a.at - interval '30 days'`},
	{"MANGA_PA_KORT_TID", `a.id in (select (array_agg(x.id order by x.at desc))[1] from app.audit_log x
	   where x.at >= @since and x.at < @until and x.actor_kind = 'PERSON' and x.case_id is not null
	   group by x.actor_id, date_trunc('hour', x.at) having count(distinct x.case_id) >= 30)`},
	{"ORDEN_OPPNADE", `a.action = 'open-words'`},
	{"SLUMP", `true`},
}

const drawn = `
insert into app.log_samples (id, rule, audit_id, case_id, drawn_at)
select gen_random_uuid(), @rule, picked.id, picked.case_id, @at
  from (select distinct on (a.actor_id, a.case_id) a.id, a.case_id
          from app.audit_log a join app.cases c on c.tenant_id = a.tenant_id and c.id = a.case_id
          left join app.people p on p.tenant_id = a.tenant_id and p.id = a.actor_id
         where a.at >= @since and a.at < @until and a.actor_kind = 'PERSON' and a.result = 'OK' and (`

const byLot = `)
         order by a.actor_id, a.case_id, a.at desc) picked
 where not exists (select 1 from app.log_samples s where s.rule = @rule and s.audit_id = picked.id)
 order by random() limit @most
on conflict do nothing`

// sql draws: one entry for each reader and case, by lot.
func (r rule) sql() string { return drawn + r.where + byLot }

const drawOwnName = drawn + `a.actor_id = @person and a.case_id in (
  select x.case_id from app.case_contacts x where x.kind = 'NAME' and x.digest = any(@digests) group by x.case_id having count(distinct x.digest) >= @need)` + byLot

// Who is refused again and again is looked at too: one entry for each person and day.
const drawRefused = `
insert into app.log_samples (id, rule, audit_id, case_id, drawn_at)
select gen_random_uuid(), @rule, (array_agg(a.id order by a.at desc))[1], null, @at
  from app.audit_log a
 where a.at >= @since and a.at < @until and a.actor_kind = 'PERSON' and a.result in ('REFUSED', 'MISSING')
 group by a.actor_id, date_trunc('day', a.at) having count(*) >= 5
 order by count(*) desc limit @most
on conflict do nothing`

const selectReaders = `
select p.id, p.name from app.people p
 where exists (select 1 from app.audit_log a where a.actor_id = p.id and a.at >= @since and a.at < @until and a.case_id is not null)`
