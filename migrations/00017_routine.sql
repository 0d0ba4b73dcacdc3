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
grant select on app.acknowledgements to lyhord_api, lyhord_worker;
grant update (done_at, done_by) on app.acknowledgements to lyhord_api;
grant update (done_at, mailed_at) on app.acknowledgements to lyhord_worker;
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop table app.acknowledgements;
