-- +goose Up
-- The case (ärende): its row, its laws, and everything that belongs to it.

-- The state machine as data. casework/state.go holds the same table; a test compares them.
create table app.transitions (
  code text not null, -- T1 … T28 of the routine
  from_state text not null,
  to_state text not null,
  primary key (code, from_state, to_state)
);
create table app.state_pairs (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
insert into app.transitions (code, from_state, to_state) values
  ('T1', 'none', 'received'),
  ('T2', 'received', 'registered'),
  ('T3', 'received', 'registered'),
  ('T4', 'registered', 'assigned'), ('T4', 'assigned', 'assigned'), ('T4', 'assessing', 'assigned'),
  ('T5', 'assigned', 'assessing'),
  ('T6', 'assessing', 'consulting'),
  ('T7a', 'consulting', 'assessing'),
  ('T7b', 'consulting', 'investigating'),
  ('T8', 'assessing', 'dispatching'),
  ('T9', 'assessing', 'investigating'),
  ('T10', 'investigating', 'investigating'), ('T10', 'assessing', 'assessing'),
  ('T11', 'investigating', 'investigating'),
  ('T12', 'investigating', 'measures'),
  ('T13', 'investigating', 'board'), ('T13', 'measures', 'board'),
  ('T14', 'board', 'dispatching'),
  ('T15', 'investigating', 'dispatching'), ('T15', 'measures', 'dispatching'),
  ('T16', 'dispatching', 'follow_up'),
  ('T17', 'follow_up', 'closed'),
  ('T19', 'assessing', 'awaiting_info'), ('T19', 'investigating', 'awaiting_info'),
  ('T19', 'awaiting_info', 'assessing'), ('T19', 'awaiting_info', 'investigating'),
  ('T20', 'received', 'handed_over'), ('T20', 'registered', 'handed_over'),
  ('T21', 'handed_over', 'assigned'),
  ('T22', 'handed_over', 'closed'),
  ('T23', 'received', 'lex_hold'), ('T23', 'registered', 'lex_hold'), ('T23', 'assigned', 'lex_hold'),
  ('T23', 'assessing', 'lex_hold'), ('T23', 'consulting', 'lex_hold'), ('T23', 'investigating', 'lex_hold'),
  ('T23', 'measures', 'lex_hold'), ('T23', 'dispatching', 'lex_hold'), ('T23', 'follow_up', 'lex_hold'),
  ('T24', 'lex_hold', 'assessing'),
  ('T25', 'lex_hold', 'board'), ('T25', 'lex_hold', 'dispatching'),
  ('T26', 'received', 'void'), ('T26', 'registered', 'void'), ('T26', 'assigned', 'void'),
  ('T26', 'assessing', 'void'), ('T26', 'consulting', 'void'), ('T26', 'investigating', 'void'),
  ('T26', 'measures', 'void'), ('T26', 'dispatching', 'void'), ('T26', 'follow_up', 'void'), ('T26', 'awaiting_info', 'void'),
  ('T27', 'closed', 'assessing'),
  ('T28', 'closed', 'archived'), ('T28', 'closed', 'disposed'), ('T28', 'archived', 'disposed');
insert into app.state_pairs select distinct from_state, to_state from app.transitions;

create table app.cases (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  id uuid not null,
  reference text not null,
  entry_no text, -- the entry in the collective file, and the case's own number, copied from the register in the same transaction
  own_dnr text,
  state text not null,
  prev_state text not null default 'none',
  version int not null default 1,
  access_label text not null default 'NORMAL' check (access_label in ('NORMAL', 'LEX', 'PROTECTED')),
  case_type text check (case_type in ('SYNPUNKT', 'KLAGOMAL', 'AVVIKELSE', 'LEX_SARAH', 'REMISS')),
  synpunkt_kind text check (synpunkt_kind in ('FORSLAG', 'INVANDNING', 'BEROM', 'OVRIG')),
  channel text not null,
  sender_role text not null,
  anonymous boolean not null default false,
  wants_reply text not null default 'NEJ' check (wants_reply in ('NEJ', 'KOD', 'EPOST', 'TELEFON', 'BREV')),
  concerns text check (concerns in ('ENSKILD', 'GRUPP', 'VERKSAMHET', 'ANNAT')),
  about_manager boolean not null default false, -- the report concerns the unit's own manager: routing steps up (jäv)
  unit_id uuid,
  area text,
  regi text,
  lagrum text[] not null default '{}',
  category text, -- SoL/LSS, CODE or CODE.SUB
  category_hsl text,
  harm text not null default 'OKANT' check (harm in ('OKANT', 'NEJ', 'KUNDE_HA_HANT', 'LINDRIG', 'ALLVARLIG')),
  severity smallint check (severity between 1 and 4),
  probability smallint check (probability between 1 and 4),
  risk_value smallint generated always as (severity * probability) stored,
  secrecy text not null default 'SEKRETESS' check (secrecy in ('OPPEN', 'SEKRETESS', 'STARK')),
  subject text check (char_length(subject) between 3 and 120), -- the registrar's neutral subject, the only clear words about the case
  reporter_id uuid,
  taken_down_by uuid,
  handler_id uuid,
  investigator_id uuid,
  superior_id uuid,
  readers uuid[] not null default '{}' check (cardinality(readers) <= 120), -- persons who reported, handle or were given the case; they stand in an index
  complexity text not null default 'EJ_BEDOMD' check (complexity in ('EJ_BEDOMD', 'ENKEL', 'KOMPLICERAD')),
  response_level text check (response_level in ('BEKRAFTELSE', 'ENKELT_SVAR', 'UTREDNING')),
  outcome text check (outcome in ('BEFOGAT', 'DELVIS_BEFOGAT', 'EJ_BEFOGAT', 'KAN_EJ_BEDOMAS', 'ATERTAGET')),
  quality_dims text[] not null default '{}',
  affects_individual boolean not null default false,
  individual_informed boolean not null default false,
  personakt text check (personakt in ('NEJ', 'JA')), -- T18: must facts also stand in the personal file?
  unmet_need boolean not null default false,
  happened_at timestamptz,
  received_at timestamptz not null,
  received_on date not null, -- business date, Europe/Stockholm, postal rule of FL 22 § applied
  registered_at timestamptz,
  assigned_at timestamptz,
  started_at timestamptz,
  answered_at timestamptz,
  closed_at timestamptz,
  due_on date, -- "svara senast"
  due_rule jsonb not null default '{}',
  paused_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, reference),
  foreign key (tenant_id, unit_id) references app.units (tenant_id, id) on delete restrict,
  foreign key (tenant_id, reporter_id) references app.people (tenant_id, id) on delete restrict,
  foreign key (tenant_id, handler_id) references app.people (tenant_id, id) on delete restrict,
  foreign key (tenant_id, investigator_id) references app.people (tenant_id, id) on delete restrict,
  foreign key (tenant_id, superior_id) references app.people (tenant_id, id) on delete restrict,
  foreign key (prev_state, state) references app.state_pairs (from_state, to_state) on delete restrict,
  check (state in ('received', 'void', 'lex_hold') or (case_type is not null and subject is not null and registered_at is not null)),
  check (state not in ('assigned', 'assessing', 'consulting', 'investigating', 'measures', 'dispatching', 'follow_up') or handler_id is not null),
  check (state <> 'handed_over' or handler_id is null),
  check (state <> 'closed' or closed_at is not null),
  check (not anonymous or reporter_id is null) -- an anonymous report carries no person
);
create index cases_queue on app.cases (tenant_id, received_at, id) where state = 'received';
create index cases_handler on app.cases (tenant_id, handler_id, due_on, id) where state not in ('closed', 'void', 'archived', 'disposed');
create index cases_unit on app.cases (tenant_id, unit_id, received_at desc, id desc);
create index cases_reporter on app.cases (tenant_id, reporter_id, received_at desc, id desc);
create index cases_investigator on app.cases (tenant_id, investigator_id, due_on, id) where state in ('assessing', 'investigating');
create index cases_superior on app.cases (tenant_id, superior_id, id) where state = 'consulting';
create index cases_open on app.cases (tenant_id, due_on, id) where state not in ('closed', 'void', 'archived', 'disposed');
create index cases_all on app.cases (tenant_id, received_at desc, id desc);
-- What the inbox counts, and all that the sight asks of a row, so that counting reads the index alone.
create index cases_tally on app.cases (tenant_id, state) include (due_on, answered_at, access_label, about_manager, unit_id, readers)
  where state not in ('closed', 'void', 'archived', 'disposed');
create index cases_similar on app.cases (tenant_id, unit_id, category, received_at desc);

-- +goose StatementBegin
-- The move written must start where the row stands; the foreign key then says whether the pair is legal.
create function app.cases_keep_law() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.state is distinct from old.state and new.prev_state is distinct from old.state then
    raise exception using errcode = 'LY409', message = 'move does not start in the present state';
  end if;
  if new.version <> old.version + 1 then
    raise exception using errcode = 'LY412', message = 'version must step by one';
  end if;
  if new.reference <> old.reference or new.received_at <> old.received_at or new.reporter_id is distinct from old.reporter_id then
    raise exception using errcode = 'LY409', message = 'what was received is never rewritten';
  end if;
  return new;
end $$;
create function app.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception using errcode = 'LY409', message = tg_table_name || ' is append-only';
end $$;
-- +goose StatementEnd
create trigger cases_keep_law before update on app.cases for each row execute function app.cases_keep_law();

-- ---------------------------------------------------------------- keys and words
create table app.case_keys (
  tenant_id uuid not null default app.tid(),
  case_id uuid not null,
  kek_version int not null,
  wrapped bytea not null,
  primary key (tenant_id, case_id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict
);
create table app.reports ( -- the reporter's words, frozen
  tenant_id uuid not null default app.tid(),
  case_id uuid not null,
  reported_unit_id uuid,
  narrative_sealed bytea not null,
  place_sealed bytea,
  measure_sealed bytea, -- direct measure taken
  people_sealed bytea, -- persons concerned, JSON
  contact_sealed bytea, -- name, phone, e-mail, address of the writer, JSON
  on_behalf_sealed bytea,
  note_sealed bytea, -- oral report: how it was taken down
  when_text text check (char_length(when_text) <= 10) default null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, case_id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict
);
create table app.case_contacts ( -- blind indexes: how a case is found by name, phone or identity number
  tenant_id uuid not null default app.tid(),
  case_id uuid not null,
  kind text not null check (kind in ('NAME', 'PHONE', 'EMAIL', 'PNR')),
  digest bytea not null check (octet_length(digest) = 16),
  primary key (tenant_id, kind, digest, case_id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict
);
create table app.case_events (
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  at timestamptz not null default now(),
  actor_id uuid, -- null: a job or the public form
  kind text not null, -- case.reported, case.registered …
  transition text,
  from_state text,
  to_state text,
  data jsonb not null default '{}', -- codes and ids only
  note_sealed bytea,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (transition, from_state, to_state) references app.transitions (code, from_state, to_state) on delete restrict
);
create index case_events_case on app.case_events (tenant_id, case_id, at, id);
create table app.drafts (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  person_id uuid not null default app.pid(),
  form text not null check (char_length(form) between 1 and 80), -- e.g. report, register:<case>, investigation:<case>
  version int not null default 1,
  body_sealed bytea not null,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, person_id, form)
);

-- ---------------------------------------------------------------- samråd, investigation, measures
create table app.consultations (
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  asked_by uuid not null,
  superior_id uuid not null check (superior_id <> asked_by),
  asked_at timestamptz not null default now(),
  question_sealed bytea,
  decided_at timestamptz,
  decision text check (decision in ('ENKEL', 'KOMPLICERAD')),
  motivation_sealed bytea,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, asked_by) references app.people (tenant_id, id) on delete restrict,
  foreign key (tenant_id, superior_id) references app.people (tenant_id, id) on delete restrict,
  check ((decided_at is null) = (decision is null)),
  check (decision is null or motivation_sealed is not null)
);
create index consultations_case on app.consultations (tenant_id, case_id);
create unique index consultations_open on app.consultations (tenant_id, case_id) where decided_at is null;
create table app.investigations (
  tenant_id uuid not null default app.tid(),
  case_id uuid not null,
  version int not null default 1,
  template text not null default 'utredning-1',
  background_sealed bytea,
  course_sealed bytea,
  causes_sealed bytea,
  conclusion_sealed bytea,
  actual_severity smallint check (actual_severity between 0 and 4),
  severity smallint check (severity between 1 and 4),
  probability smallint check (probability between 1 and 4),
  severity_after smallint check (severity_after between 1 and 4),
  probability_after smallint check (probability_after between 1 and 4),
  completed_at timestamptz,
  completed_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  primary key (tenant_id, case_id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict
);
create table app.causes (
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  area text not null check (area in ('KOMMUNIKATION_INFORMATION', 'UTBILDNING_KOMPETENS', 'OMGIVNING_ORGANISATION', 'TEKNIK_UTRUSTNING', 'PROCEDURER_RUTINER_RIKTLINJER')),
  underlying text check (underlying in ('BRIST_KOMMUNIKATION', 'TIDSBRIST_BELASTNING', 'KUNSKAPSBRIST', 'RUTIN_SAKNAS_EJ_FOLJD', 'TEKNISKT_FEL', 'OVRIGT')),
  text_sealed bytea,
  removed_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict
);
create index causes_case on app.causes (tenant_id, case_id);
create table app.measures (
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  cause_id uuid,
  version int not null default 1,
  title_sealed bytea not null,
  kind text not null default 'OVRIG' check (kind in ('RUTIN', 'UTBILDNING', 'BEMANNING', 'MILJO_TEKNIK', 'INSATSANDRING', 'KOMMUNIKATION', 'OVRIG')),
  strength text not null check (strength in ('STARK', 'MEDEL', 'SVAG')),
  owner_id uuid not null,
  due_on date not null,
  status text not null default 'FORSLAG' check (status in ('FORSLAG', 'PLANERAD', 'AVSLAGEN', 'GENOMFORD', 'UPPFOLJD')),
  affects_individual boolean not null default false,
  done_on date,
  follow_up_method text,
  effect text check (effect in ('JA', 'DELVIS', 'NEJ')),
  effect_note_sealed bytea,
  followed_up_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, cause_id) references app.causes (tenant_id, id) on delete restrict,
  foreign key (tenant_id, owner_id) references app.people (tenant_id, id) on delete restrict,
  check (status not in ('GENOMFORD', 'UPPFOLJD') or done_on is not null),
  check (status <> 'UPPFOLJD' or effect is not null) -- the red thread: no followed-up measure without an answer about its effect
);
create index measures_case on app.measures (tenant_id, case_id);
create index measures_owner on app.measures (tenant_id, owner_id, due_on, id) where status in ('PLANERAD', 'GENOMFORD');
create table app.feedbacks ( -- återföring till den enskilde: who, when, how (req. 37)
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  given_by uuid not null,
  given_on date not null,
  method text not null check (method in ('SAMTAL', 'TELEFON', 'BREV', 'EPOST', 'MOTE', 'KOD', 'EJ_MOJLIGT')),
  note_sealed bytea,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict
);
create index feedbacks_case on app.feedbacks (tenant_id, case_id);

-- ---------------------------------------------------------------- fences and rights
call sec.fence('app.cases', 'lyhord_api', 'lyhord_intake', 'lyhord_worker', 'lyhord_dialogue');
call sec.fence('app.case_keys', 'lyhord_api', 'lyhord_intake', 'lyhord_worker', 'lyhord_dialogue');
call sec.fence('app.reports', 'lyhord_api', 'lyhord_intake', 'lyhord_worker');
call sec.fence('app.case_contacts', 'lyhord_api', 'lyhord_intake', 'lyhord_worker');
call sec.fence('app.case_events', 'lyhord_api', 'lyhord_intake', 'lyhord_worker', 'lyhord_dialogue');
call sec.fence('app.drafts', 'lyhord_api');
call sec.fence('app.consultations', 'lyhord_api', 'lyhord_worker');
call sec.fence('app.investigations', 'lyhord_api', 'lyhord_worker');
call sec.fence('app.causes', 'lyhord_api', 'lyhord_worker');
call sec.fence('app.measures', 'lyhord_api', 'lyhord_worker');
call sec.fence('app.feedbacks', 'lyhord_api', 'lyhord_worker');

-- Inside the tenant: what a person may see of the register. What is said about a unit's manager is not hers to read (jäv):
-- those in the line above get it by handling it, not by leading the unit.
create policy sight on app.cases as restrictive for all to lyhord_api
  using (access_label = any ((select app.labels_everywhere())::text[])
    or access_label = any ((select app.labels())::text[])
      and ((not about_manager and unit_id = any ((select app.units_in_sight())::uuid[])) or (select app.pid()) = any (readers)))
  with check (true);
-- A case begins by being received; every other state is reached by a move, which the trigger and the pairs then judge.
create policy born on app.cases as restrictive for insert to lyhord_api, lyhord_intake with check (state = 'received' and prev_state = 'none');
create policy mine on app.drafts as restrictive for all to lyhord_api
  using (person_id = (select app.pid())) with check (person_id = (select app.pid()));
call sec.follow_case('app.case_keys');
call sec.follow_case('app.reports');
call sec.follow_case('app.case_contacts');
call sec.follow_case('app.case_events');
call sec.follow_case('app.consultations');
call sec.follow_case('app.investigations');
call sec.follow_case('app.causes');
call sec.follow_case('app.measures');
call sec.follow_case('app.feedbacks');

call sec.allow_insert('app.case_keys', 'lyhord_api', 'lyhord_intake', 'lyhord_worker');
call sec.allow_insert('app.reports', 'lyhord_api', 'lyhord_intake');
call sec.allow_insert('app.case_contacts', 'lyhord_api', 'lyhord_intake');
call sec.allow_insert('app.cases', 'lyhord_api', 'lyhord_intake');
call sec.allow_insert('app.case_events', 'lyhord_api', 'lyhord_intake', 'lyhord_worker', 'lyhord_dialogue');
call sec.allow_insert('app.drafts', 'lyhord_api');
call sec.allow_insert('app.consultations', 'lyhord_api');
call sec.allow_insert('app.investigations', 'lyhord_api');
call sec.allow_insert('app.causes', 'lyhord_api');
call sec.allow_insert('app.measures', 'lyhord_api');
call sec.allow_insert('app.feedbacks', 'lyhord_api');
grant select on app.transitions, app.state_pairs to lyhord_api, lyhord_worker, lyhord_intake, lyhord_dialogue;
grant select on app.cases, app.case_keys, app.reports, app.case_contacts, app.case_events, app.consultations,
  app.investigations, app.causes, app.measures, app.feedbacks to lyhord_api, lyhord_worker;
grant select, delete on app.drafts to lyhord_api;
grant update (version, body_sealed, updated_at) on app.drafts to lyhord_api;
grant update (entry_no, own_dnr, state, prev_state, version, access_label, case_type, synpunkt_kind, sender_role, concerns, about_manager, unit_id, area, regi,
  lagrum, category, category_hsl, harm, severity, probability, secrecy, subject, handler_id, investigator_id, superior_id, readers,
  complexity, response_level, outcome, quality_dims, affects_individual, individual_informed, personakt, unmet_need, happened_at,
  registered_at, assigned_at, started_at, answered_at, closed_at, due_on, due_rule, paused_at, updated_at) on app.cases to lyhord_api;
grant update (decided_at, decision, motivation_sealed) on app.consultations to lyhord_api;
grant update (version, background_sealed, course_sealed, causes_sealed, conclusion_sealed, actual_severity, severity, probability,
  severity_after, probability_after, completed_at, completed_by, updated_at, updated_by) on app.investigations to lyhord_api;
grant update (area, underlying, text_sealed, removed_at) on app.causes to lyhord_api;
grant update (cause_id, version, title_sealed, kind, strength, owner_id, due_on, status, affects_individual, done_on, follow_up_method,
  effect, effect_note_sealed, followed_up_at) on app.measures to lyhord_api;
create trigger append_only before update or delete on app.case_events for each row execute function app.refuse_change();
create trigger append_only before update or delete on app.reports for each row execute function app.refuse_change();
create trigger append_only before update or delete on app.feedbacks for each row execute function app.refuse_change();
revoke execute on function app.cases_keep_law(), app.refuse_change() from public;
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop table app.feedbacks, app.measures, app.causes, app.investigations, app.consultations, app.drafts, app.case_events,
  app.case_contacts, app.reports, app.case_keys, app.cases, app.state_pairs, app.transitions;
drop function app.cases_keep_law();
drop function app.refuse_change();
