-- +goose Up
-- Lex Sarah (SoL 27 kap., LSS 24 a-g, SOSFS 2011:5): a track of its own beside the case, which nobody but those who work
-- with lex Sarah reads. Who had the case before sees a stub: its number, and that it is with lex Sarah.

-- A manager may find misconduct also while she waits for somebody's answer.
insert into app.transitions (code, from_state, to_state) values ('T23', 'awaiting_info', 'lex_hold');
insert into app.state_pairs (from_state, to_state) values ('awaiting_info', 'lex_hold');

-- The track's own machine. lexsarah/state.go holds the same table; a test compares them.
create table app.lex_moves (
  code text not null,
  from_step text not null,
  to_step text not null,
  primary key (code, from_step, to_step),
  unique (from_step, to_step)
);
insert into app.lex_moves (code, from_step, to_step) values
  ('L1', 'none', 'reported'),
  ('L2', 'reported', 'immediate_measures'),
  ('L3', 'immediate_measures', 'initial_assessment'),
  ('L4', 'initial_assessment', 'investigating'),
  ('L5', 'initial_assessment', 'declined'),
  ('L6', 'investigating', 'proposal'),
  ('L7', 'proposal', 'investigating'),
  ('L8', 'proposal', 'decided'),
  ('L9', 'decided', 'ivo_notified'),
  ('L10', 'ivo_notified', 'ivo_supplemented'),
  ('L11', 'ivo_notified', 'ivo_closed'), ('L11', 'ivo_supplemented', 'ivo_closed'),
  ('L12', 'decided', 'returned_to_unit'), ('L12', 'ivo_notified', 'returned_to_unit'),
  ('L12', 'ivo_supplemented', 'returned_to_unit'), ('L12', 'ivo_closed', 'returned_to_unit'),
  ('L13', 'returned_to_unit', 'closed'),
  ('L14', 'declined', 'reported');

create table app.lex_cases (
  tenant_id uuid not null default app.tid(),
  case_id uuid not null,
  version int not null default 1,
  step text not null default 'reported',
  prev_step text not null default 'none',
  held_at timestamptz not null default now(), -- the report reached lex Sarah
  held_by uuid, -- a person, or a machine of a provider's
  held_from text not null, -- where the case stood
  former_handler uuid,
  reason_sealed bytea not null,
  received_at timestamptz, -- receipt: date, who received, what, when it happened
  received_by uuid,
  happened_on date,
  what_sealed bytea,
  immediate_at timestamptz,
  immediate_sealed bytea, -- what was done at once (27:5)
  assessment text check (assessment in ('UTRED', 'INTE_LEX', 'IVO_DIREKT')),
  assessment_sealed bytea,
  assessed_at timestamptz,
  assessed_by uuid,
  investigator_id uuid,
  kinds text[] not null default '{}' check (kinds <@ array['FYSISKA_OVERGREPP', 'SEXUELLA_OVERGREPP', 'PSYKISKA_OVERGREPP',
    'EKONOMISKA_OVERGREPP', 'BEMOTANDE', 'RATTSSAKERHET', 'UTFORANDE', 'MILJO_TEKNIK']),
  individual_informed text check (individual_informed in ('JA', 'NEJ', 'EJ_MOJLIGT')),
  relatives_informed text check (relatives_informed in ('JA', 'NEJ', 'EJ_AKTUELLT')),
  police_report text check (police_report in ('JA', 'NEJ', 'EJ_AKTUELLT')),
  personakt text check (personakt in ('JA', 'NEJ')),
  proposed_degree text check (proposed_degree in ('INGET', 'PATAGLIG_RISK', 'MISSFORHALLANDE', 'PATAGLIG_RISK_ALLVARLIGT', 'ALLVARLIGT')),
  proposal_sealed bytea,
  proposed_by uuid,
  proposed_at timestamptz,
  degree text check (degree in ('INGET', 'PATAGLIG_RISK', 'MISSFORHALLANDE', 'PATAGLIG_RISK_ALLVARLIGT', 'ALLVARLIGT')),
  decision_sealed bytea,
  delegation_sealed bytea, -- under which delegation it was decided (KL 7:5)
  decided_by uuid,
  decided_at timestamptz,
  start_due_on date, -- 1 working day
  done_due_on date, -- 60 days; a warning after 30
  ivo_due_on date, -- 3 days after the decision
  ivo_on date, -- notified
  returned_at timestamptz,
  closed_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, case_id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, former_handler) references app.people (tenant_id, id) on delete restrict,
  foreign key (tenant_id, received_by) references app.people (tenant_id, id) on delete restrict,
  foreign key (tenant_id, investigator_id) references app.people (tenant_id, id) on delete restrict,
  foreign key (tenant_id, proposed_by) references app.people (tenant_id, id) on delete restrict,
  foreign key (tenant_id, decided_by) references app.people (tenant_id, id) on delete restrict,
  constraint lex_cases_transition foreign key (prev_step, step) references app.lex_moves (from_step, to_step) on delete restrict,
  check (degree is null or decision_sealed is not null), -- no degree without its motivation
  check (assessment is null or assessment_sealed is not null),
  check (step in ('reported', 'immediate_measures', 'initial_assessment', 'investigating', 'declined') or proposed_degree is not null),
  check (step not in ('decided', 'ivo_notified', 'ivo_supplemented', 'ivo_closed', 'returned_to_unit', 'closed') or degree is not null),
  check (step not in ('returned_to_unit', 'closed') or degree not in ('PATAGLIG_RISK_ALLVARLIGT', 'ALLVARLIGT') or ivo_on is not null) -- 27:6
);
create index lex_cases_open on app.lex_cases (tenant_id, held_at desc, case_id) where step not in ('closed', 'declined');
create index lex_cases_investigator on app.lex_cases (tenant_id, investigator_id, case_id);
create table app.lex_steps ( -- what happened in the track, and who did it
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  at timestamptz not null default now(),
  actor_id uuid,
  kind text not null, -- lex.held, lex.received …
  code text,
  from_step text,
  to_step text,
  note_sealed bytea,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.lex_cases (tenant_id, case_id) on delete restrict,
  constraint lex_steps_transition foreign key (code, from_step, to_step) references app.lex_moves (code, from_step, to_step) on delete restrict
);
create index lex_steps_case on app.lex_steps (tenant_id, case_id, at, id);
create table app.lex_entries ( -- the investigation (SOSFS 2011:5, 5 kap.): added to, never changed
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  item text not null check (item in ('HANDELSE', 'UPPMARKSAMMAD', 'TIDPUNKT', 'ORSAKER', 'TIDIGARE', 'IGEN', 'ATGARDER', 'OVRIGT', 'FOREBYGGA')),
  kind text not null check (kind in ('FAKTA', 'BEDOMNING')),
  happened_on date, -- when what is told of was done: a measure taken carries its day
  documented_at timestamptz not null default now(),
  author_id uuid not null,
  author_title text not null,
  source_sealed bytea not null, -- where it comes from
  text_sealed bytea not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.lex_cases (tenant_id, case_id) on delete restrict,
  foreign key (tenant_id, author_id) references app.people (tenant_id, id) on delete restrict,
  check (item <> 'ATGARDER' or happened_on is not null)
);
create index lex_entries_case on app.lex_entries (tenant_id, case_id, documented_at, id);
create table app.lex_ivo ( -- what went to and came from IVO: added to, never changed
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  kind text not null check (kind in ('ANMALD', 'KOMPLETTERAD', 'AVSLUTAD')),
  happened_on date not null,
  ivo_dnr text check (ivo_dnr ~ '^[0-9A-Za-zÅÄÖåäö.:/ -]{1,40}$'),
  logged_at timestamptz not null default now(),
  logged_by uuid not null,
  delegation_sealed bytea,
  note_sealed bytea,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.lex_cases (tenant_id, case_id) on delete restrict,
  foreign key (tenant_id, logged_by) references app.people (tenant_id, id) on delete restrict,
  check (kind <> 'ANMALD' or delegation_sealed is not null)
);
create index lex_ivo_case on app.lex_ivo (tenant_id, case_id, happened_on, id);
create table app.lex_stubs ( -- all that is left of the case for those who had it
  tenant_id uuid not null default app.tid(),
  id uuid not null, -- the case's
  reference text not null,
  entry_no text,
  own_dnr text,
  unit_id uuid,
  about_manager boolean not null,
  people uuid[] not null,
  held_at timestamptz not null default now(),
  released_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, unit_id) references app.units (tenant_id, id) on delete restrict
);
create index lex_stubs_held on app.lex_stubs (tenant_id, held_at desc, id) where released_at is null;

-- +goose StatementBegin
create function app.lex_keep_law() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.step is distinct from old.step and new.prev_step is distinct from old.step then
    raise exception using errcode = 'LY409', message = 'move does not start in the present step';
  end if;
  if new.version <> old.version + 1 then
    raise exception using errcode = 'LY412', message = 'version must step by one';
  end if;
  return new;
end $$;
-- app.hold_for_lex is T23, all of it in one write: label, readers, who has it, state and type, the track, the stub. It acts
-- for somebody who afterwards does not see the case any more, so it may not be an UPDATE of her own; that she sees it
-- before, the caller's statement asks. Whoever reported keeps her report. responsible may be empty: then the case waits
-- for the one who is appointed, and is with nobody else.
create function app.hold_for_lex(held uuid, at_version int, at_state text, responsible uuid[], step_id uuid, reason bytea, start_on date, done_on date)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare c app.cases; who uuid; again boolean;
begin
  select * into c from app.cases k where k.id = held and k.version = at_version and k.state = at_state for update;
  if not found then
    return false;
  end if;
  -- Not the one who is to be judged or who tells, if there is another.
  select r into who from unnest(responsible) r order by (r = any (array[c.handler_id, c.reporter_id])) nulls first, r limit 1;
  insert into app.lex_stubs as s (id, reference, entry_no, own_dnr, unit_id, about_manager, people)
  values (c.id, c.reference, c.entry_no, c.own_dnr, c.unit_id, c.about_manager,
    array(select distinct x from unnest(c.readers || c.handler_id || c.investigator_id || c.superior_id) x where x is not null))
  on conflict (tenant_id, id) do update set released_at = null, held_at = now(), entry_no = excluded.entry_no, own_dnr = excluded.own_dnr,
    unit_id = excluded.unit_id, about_manager = excluded.about_manager, people = excluded.people;
  update app.cases k set state = 'lex_hold', prev_state = k.state, version = k.version + 1, access_label = 'LEX', case_type = 'LEX_SARAH',
    handler_id = who, investigator_id = null, superior_id = null, paused_at = null, updated_at = now(),
    readers = array(select distinct x from unnest(responsible || c.reporter_id || c.taken_down_by) x where x is not null)
   where k.id = held;
  insert into app.lex_cases as l (case_id, held_by, held_from, former_handler, reason_sealed, start_due_on, done_due_on)
  values (held, app.pid(), at_state, c.handler_id, reason, start_on, done_on)
  on conflict (tenant_id, case_id) do update set step = 'reported', prev_step = l.step, version = l.version + 1, held_at = now(),
    held_by = excluded.held_by, held_from = excluded.held_from, former_handler = excluded.former_handler, reason_sealed = excluded.reason_sealed,
    start_due_on = excluded.start_due_on, done_due_on = excluded.done_due_on, assessment = null, assessed_at = null, investigator_id = null,
    updated_at = now()
  returning l.version > 1 into again;
  insert into app.lex_steps (id, case_id, actor_id, kind, code, from_step, to_step)
  values (step_id, held, app.pid(), 'lex.held', case when again then 'L14' else 'L1' end, case when again then 'declined' else 'none' end, 'reported');
  return true;
end $$;
-- +goose StatementEnd
create trigger lex_keep_law before update on app.lex_cases for each row execute function app.lex_keep_law();
create trigger append_only before update or delete on app.lex_steps for each row execute function app.refuse_change();
create trigger append_only before update or delete on app.lex_entries for each row execute function app.refuse_change();
create trigger append_only before update or delete on app.lex_ivo for each row execute function app.refuse_change();

call sec.fence('app.lex_cases', 'lyhord_api', 'lyhord_worker', 'lyhord_dialogue');
call sec.fence('app.lex_steps', 'lyhord_api', 'lyhord_dialogue');
call sec.fence('app.lex_entries', 'lyhord_api');
call sec.fence('app.lex_ivo', 'lyhord_api');
call sec.fence('app.lex_stubs', 'lyhord_api', 'lyhord_dialogue');
call sec.follow_case('app.lex_cases');
call sec.follow_case('app.lex_steps');
call sec.follow_case('app.lex_entries');
call sec.follow_case('app.lex_ivo');

grant create on schema app to lyhord_dialogue; -- only for the hand-over below
alter function app.hold_for_lex(uuid, int, text, uuid[], uuid, bytea, date, date) owner to lyhord_dialogue;
revoke create on schema app from lyhord_dialogue;
revoke execute on function app.lex_keep_law(), app.hold_for_lex(uuid, int, text, uuid[], uuid, bytea, date, date) from public;
grant execute on function app.hold_for_lex(uuid, int, text, uuid[], uuid, bytea, date, date) to lyhord_api;

-- Who answers for lex Sarah sees all of it; who investigates, what she was given. No case carries the label LEX_LEAD.
update sec.role_sight set labels = '{NORMAL,LEX,LEX_LEAD}' where role = 'lex_ansvarig';
-- Under lex Sarah's label a case is seen by those who answer for lex Sarah, by whoever it was given to under that label, and
-- by whoever reported it: no manager's line, no register's whole (SoL 14:7). Else as before.
drop policy sight on app.cases;
create policy sight on app.cases as restrictive for all to lyhord_api
  using ((access_label <> 'LEX' and (access_label = any ((select app.labels_everywhere())::text[])
      or access_label = any ((select app.labels())::text[])
        and ((not about_manager and unit_id = any ((select app.units_in_sight())::uuid[])) or (select app.pid()) = any (readers)
          or (case_type = 'LEX_SARAH' and 'LEX_LEAD' = any ((select app.labels())::text[])))))
    or (access_label = 'LEX' and ('LEX_LEAD' = any ((select app.labels())::text[]) or (select app.pid()) in (reporter_id, taken_down_by)
      or ('LEX' = any ((select app.labels())::text[]) and (select app.pid()) = any (readers)))))
  with check (true);
-- The track is for those who work with it, not for everybody who sees the case: whoever reported sees that, and the
-- manager afterwards sees the case again.
create policy workers on app.lex_cases as restrictive for all to lyhord_api
  using ('LEX_LEAD' = any ((select app.labels())::text[]) or (select app.pid()) = investigator_id)
  with check (true);
create policy workers on app.lex_steps as restrictive for all to lyhord_api
  using (exists (select 1 from app.lex_cases l where l.case_id = lex_steps.case_id)) with check (exists (select 1 from app.lex_cases l where l.case_id = lex_steps.case_id));
create policy workers on app.lex_entries as restrictive for all to lyhord_api
  using (exists (select 1 from app.lex_cases l where l.case_id = lex_entries.case_id)) with check (exists (select 1 from app.lex_cases l where l.case_id = lex_entries.case_id));
create policy workers on app.lex_ivo as restrictive for all to lyhord_api
  using (exists (select 1 from app.lex_cases l where l.case_id = lex_ivo.case_id)) with check (exists (select 1 from app.lex_cases l where l.case_id = lex_ivo.case_id));
create policy sight on app.lex_stubs as restrictive for all to lyhord_api
  using ('LEX_LEAD' = any ((select app.labels())::text[]) or (released_at is null and ((select app.pid()) = any (people) or (select app.sees_all())
    or (not about_manager and unit_id = any ((select app.units_in_sight())::uuid[])))))
  with check (true);

grant select on app.lex_moves to lyhord_api, lyhord_worker, lyhord_dialogue;
grant select on app.lex_cases, app.lex_steps, app.lex_entries, app.lex_ivo, app.lex_stubs to lyhord_api;
grant select (tenant_id, case_id, step, investigator_id) on app.lex_cases to lyhord_worker;
grant update (version, step, prev_step, received_at, received_by, happened_on, what_sealed, immediate_at, immediate_sealed, assessment,
  assessment_sealed, assessed_at, assessed_by, investigator_id, kinds, individual_informed, relatives_informed, police_report, personakt,
  proposed_degree, proposal_sealed, proposed_by, proposed_at, degree, decision_sealed, delegation_sealed, decided_by, decided_at, done_due_on,
  ivo_due_on, ivo_on, returned_at, closed_at, updated_at) on app.lex_cases to lyhord_api;
grant update (entry_no, released_at) on app.lex_stubs to lyhord_api;
call sec.allow_insert('app.lex_steps', 'lyhord_api', 'lyhord_dialogue');
call sec.allow_insert('app.lex_entries', 'lyhord_api');
call sec.allow_insert('app.lex_ivo', 'lyhord_api');
call sec.allow_insert('app.lex_cases', 'lyhord_dialogue');
call sec.allow_insert('app.lex_stubs', 'lyhord_dialogue');
grant select on app.lex_cases, app.lex_stubs, app.cases to lyhord_dialogue;
grant update (version, step, prev_step, held_at, held_by, held_from, former_handler, reason_sealed, start_due_on, done_due_on, assessment,
  assessed_at, investigator_id, updated_at) on app.lex_cases to lyhord_dialogue;
grant update (entry_no, own_dnr, unit_id, about_manager, people, held_at, released_at) on app.lex_stubs to lyhord_dialogue;
grant update (state, prev_state, version, access_label, case_type, handler_id, investigator_id, superior_id, paused_at, updated_at, readers)
  on app.cases to lyhord_dialogue;
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop policy sight on app.cases;
create policy sight on app.cases as restrictive for all to lyhord_api
  using (access_label = any ((select app.labels_everywhere())::text[])
    or access_label = any ((select app.labels())::text[])
      and ((not about_manager and unit_id = any ((select app.units_in_sight())::uuid[])) or (select app.pid()) = any (readers)))
  with check (true);
update sec.role_sight set labels = '{NORMAL,LEX}' where role = 'lex_ansvarig';
drop table app.lex_stubs, app.lex_ivo, app.lex_entries, app.lex_steps, app.lex_cases, app.lex_moves;
drop function app.hold_for_lex(uuid, int, text, uuid[], uuid, bytea, date, date);
drop function app.lex_keep_law();
revoke update (state, prev_state, version, access_label, case_type, handler_id, investigator_id, superior_id, paused_at, updated_at, readers)
  on app.cases from lyhord_dialogue;
revoke select on app.cases from lyhord_dialogue;
grant select (tenant_id, id, state, received_on, answered_at, closed_at, due_on, access_label) on app.cases to lyhord_dialogue;
delete from app.transitions where code = 'T23' and from_state = 'awaiting_info';
delete from app.state_pairs where from_state = 'awaiting_info' and to_state = 'lex_hold';
