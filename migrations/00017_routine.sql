-- +goose Up
-- The routine's clocks: the acknowledgement (bekräftelse) that every person with an address gets.

create table app.acknowledgements (
  tenant_id uuid not null default app.tid(),
  case_id uuid not null,
  way text not null check (way in ('KOD', 'EPOST', 'TELEFON', 'BREV')), -- KOD and EPOST go by themselves
  due_on date not null,
  rule jsonb not null, -- the deadline with its rule and inputs
  done_at timestamptz,
  done_by uuid, -- null: by itself
  mailed_at timestamptz,
  primary key (tenant_id, case_id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, done_by) references app.people (tenant_id, id) on delete restrict,
  check (done_by is null or done_at is not null)
);
create index acknowledgements_open on app.acknowledgements (tenant_id, due_on, case_id) where done_at is null;
call sec.fence('app.acknowledgements', 'lyhord_api', 'lyhord_intake', 'lyhord_worker');
call sec.follow_case('app.acknowledgements');
call sec.allow_insert('app.acknowledgements', 'lyhord_api', 'lyhord_intake');
call sec.born_with_case('app.acknowledgements', 'case_id');
grant select on app.acknowledgements to lyhord_api, lyhord_worker;
grant update (done_at, done_by) on app.acknowledgements to lyhord_api;
grant update (done_at, mailed_at) on app.acknowledgements to lyhord_worker;

-- When somebody last looked at her day: what has come since is new. A look within four hours is the same look.
create table app.day_visits (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  person_id uuid not null default app.pid(),
  seen_at timestamptz not null,
  before_at timestamptz not null, -- the look before this one
  primary key (tenant_id, person_id)
);
call sec.fence('app.day_visits', 'lyhord_api');
create policy mine on app.day_visits as restrictive for all to lyhord_api
  using (person_id = (select app.pid())) with check (person_id = (select app.pid()));
call sec.allow_insert('app.day_visits', 'lyhord_api');
grant select on app.day_visits to lyhord_api;
grant update (seen_at, before_at) on app.day_visits to lyhord_api;

-- The routine as configuration, version by version: who proposed what and why, and who switched it on from which day. The
-- tenant's file is the version before the first one here.
create table app.routine_versions (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  id uuid not null,
  no int not null,
  body jsonb not null,
  reason text not null check (char_length(reason) between 3 and 2000),
  changes text[] not null check (cardinality(changes) > 0), -- in words, from the version it was written on
  proposed_by uuid not null default app.pid(),
  proposed_at timestamptz not null default now(),
  decision text check (decision in ('PA', 'AVSLAGEN')),
  decided_by uuid,
  decided_at timestamptz,
  valid_from date, -- from midnight in Stockholm
  primary key (tenant_id, id),
  unique (tenant_id, no),
  foreign key (tenant_id, proposed_by) references app.people (tenant_id, id) on delete restrict,
  foreign key (tenant_id, decided_by) references app.people (tenant_id, id) on delete restrict,
  check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null)),
  check ((decision = 'PA') = (valid_from is not null) or decision is null and valid_from is null),
  check (decided_by <> proposed_by) -- nobody switches on what she proposed herself
);
create index routine_versions_on on app.routine_versions (tenant_id, valid_from desc, no desc) where decision = 'PA';
call sec.fence('app.routine_versions', 'lyhord_api', 'lyhord_intake', 'lyhord_worker');
call sec.allow_insert('app.routine_versions', 'lyhord_api');
grant select on app.routine_versions to lyhord_api;
grant select (tenant_id, no, body, decision, valid_from) on app.routine_versions to lyhord_intake, lyhord_worker;
grant update (decision, decided_by, decided_at, valid_from) on app.routine_versions to lyhord_api;
-- Only what is decided is a rule; a proposal is for those who work here.
create policy decided on app.routine_versions as restrictive for all to lyhord_intake, lyhord_worker
  using (decision = 'PA') with check (decision = 'PA');
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop table app.routine_versions;
drop table app.day_visits;
drop table app.acknowledgements;
