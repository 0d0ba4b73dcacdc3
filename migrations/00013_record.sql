-- +goose Up
-- Documents of a case (handlingar): drawn up or come in, their versions and files, their place in the register, and to whom
-- they were sent (req 24, 39, 45-47). Clear are kind, dates, numbers and states; words, file names and addresses are sealed,
-- and the files themselves lie sealed outside the database.
create table app.records (
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  kind text not null check (kind in ('BEKRAFTELSE', 'ENKELT_SVAR', 'UTREDNINGSRAPPORT', 'YTTRANDE', 'PROTOKOLLSUTDRAG', 'INFORMATIONSBLAD',
    'REGISTERUTDRAG', 'FIL')),
  direction text not null check (direction in ('INKOMMEN', 'UPPRATTAD')),
  on_date date not null, -- came in or was drawn up on
  state text not null check (state in ('SKRIVS', 'KLAR', 'KARANTAN', 'SMITTAD')),
  version int not null default 1,
  entry_id uuid, -- its entry in the register; none: the registrar has not seen it yet
  entry_no text,
  scan_code text check (scan_code ~ '^[A-Z_]{2,40}$'), -- why a file is still in quarantine
  scanned_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, created_by) references app.people (tenant_id, id) on delete restrict,
  check ((kind = 'FIL') or direction = 'UPPRATTAD'),
  check (direction = 'INKOMMEN' or state in ('SKRIVS', 'KLAR')),
  check ((entry_id is null) = (entry_no is null))
);
create index records_case on app.records (tenant_id, case_id, created_at, id);
create index records_unregistered on app.records (tenant_id, created_at, id) where entry_id is null;
create table app.record_versions (
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  record_id uuid not null,
  case_id uuid not null,
  no int not null check (no > 0),
  content_sealed bytea, -- what a drawn-up record says; none for a file that came in
  drawn_by uuid,
  drawn_at timestamptz not null default now(),
  rendered_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, record_id, no),
  foreign key (tenant_id, record_id) references app.records (tenant_id, id) on delete restrict,
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, drawn_by) references app.people (tenant_id, id) on delete restrict
);
create index record_versions_case on app.record_versions (tenant_id, case_id);
create table app.record_files (
  tenant_id uuid not null default app.tid(),
  id uuid not null, -- also the name of the sealed object outside the database
  record_id uuid not null,
  case_id uuid not null,
  version int not null,
  format text not null check (format in ('PDF', 'DOCX', 'ORIGINAL', 'DELAD')), -- DELAD: a copy for sharing, without metadata
  media_type text not null,
  size bigint not null check (size > 0),
  sha256 bytea not null check (octet_length(sha256) = 32), -- of the readable file
  name_sealed bytea,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, record_id, version, format),
  foreign key (tenant_id, record_id, version) references app.record_versions (tenant_id, record_id, no) on delete restrict,
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict
);
create index record_files_case on app.record_files (tenant_id, case_id);
create table app.dispatches ( -- expediering: to whom, how, when (req 47)
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  record_id uuid not null,
  case_id uuid not null,
  way text not null check (way in ('EPOST', 'SAKER_PORTAL', 'BREV', 'OVERLAMNAD')),
  to_sealed bytea not null,
  sent_on date not null,
  sent_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, record_id) references app.records (tenant_id, id) on delete restrict,
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, sent_by) references app.people (tenant_id, id) on delete restrict
);
create index dispatches_case on app.dispatches (tenant_id, case_id);
create index dispatches_record on app.dispatches (tenant_id, record_id);

alter table app.register_entries add column record_id uuid,
  add foreign key (tenant_id, record_id) references app.records (tenant_id, id) on delete restrict;
create unique index register_entries_record on app.register_entries (tenant_id, record_id) where record_id is not null and voided_at is null;
grant insert (record_id) on app.register_entries to lyhord_api;
alter table app.records add foreign key (tenant_id, entry_id) references app.register_entries (tenant_id, id) on delete restrict;

call sec.fence('app.records', 'lyhord_api', 'lyhord_worker');
call sec.fence('app.record_versions', 'lyhord_api', 'lyhord_worker');
call sec.fence('app.record_files', 'lyhord_api', 'lyhord_worker');
call sec.fence('app.dispatches', 'lyhord_api', 'lyhord_worker');
call sec.follow_case('app.records');
call sec.follow_case('app.record_versions');
call sec.follow_case('app.record_files');
call sec.follow_case('app.dispatches');
call sec.allow_insert('app.records', 'lyhord_api');
call sec.allow_insert('app.record_versions', 'lyhord_api');
call sec.allow_insert('app.record_files', 'lyhord_api', 'lyhord_worker');
call sec.allow_insert('app.dispatches', 'lyhord_api');
grant select on app.records, app.record_versions, app.record_files, app.dispatches to lyhord_api, lyhord_worker;
grant update (entry_id, entry_no, version, state, scan_code) on app.records to lyhord_api;
grant update (state, scan_code, scanned_at) on app.records to lyhord_worker;
grant update (rendered_at) on app.record_versions to lyhord_worker;
create trigger append_only before update or delete on app.record_files for each row execute function app.refuse_change();
create trigger append_only before update or delete on app.dispatches for each row execute function app.refuse_change();
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
alter table app.records drop constraint records_tenant_id_entry_id_fkey;
drop index app.register_entries_record;
alter table app.register_entries drop column record_id;
drop table app.dispatches, app.record_files, app.record_versions, app.records;
