-- +goose Up
-- Diarium: collective files (samlingsakter), gapless numbers, register entries in two views (OSL 5:1, 5:2, 5:5).
create table app.register_counters (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  series text not null, -- DNR, or FILE:<file id>
  year int not null,
  last_no int not null default 0 check (last_no >= 0),
  primary key (tenant_id, series, year)
);
create table app.register_files (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  id uuid not null,
  kind text not null check (kind in ('SAMLINGSAKT_KLAGOMAL', 'SAMLINGSAKT_AVVIKELSER', 'SAMLINGSAKT_EXTERN', 'EGET_DNR')),
  year int not null,
  dnr text not null,
  title text not null,
  opened_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, dnr)
);
create unique index register_files_collective on app.register_files (tenant_id, kind, year) where kind <> 'EGET_DNR';
create table app.register_entries (
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  file_id uuid not null,
  serial_no int not null check (serial_no > 0),
  entry_no text not null, -- what people say: "BRO 2026/12-345"
  direction text not null check (direction in ('INKOMMEN', 'UPPRATTAD', 'EXPEDIERAD')),
  entry_on date not null, -- (1) date received or drawn up
  sender text not null default '', -- (3) internal view: a role word, never a name
  subject text not null check (char_length(subject) between 3 and 120), -- (4) internal view
  subject_public text not null check (char_length(subject_public) between 3 and 120), -- (4) the view anyone may read
  sender_public boolean not null default false,
  secrecy_law text not null, -- OSL 5:5 (1)
  secrecy_on date not null, -- OSL 5:5 (2)
  secrecy_authority text not null, -- OSL 5:5 (3)
  external_dnr text,
  registered_by uuid not null,
  registered_at timestamptz not null default now(),
  voided_at timestamptz,
  void_reason text,
  primary key (tenant_id, id),
  unique (tenant_id, file_id, serial_no),
  unique (tenant_id, entry_no),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, file_id) references app.register_files (tenant_id, id) on delete restrict,
  foreign key (tenant_id, registered_by) references app.people (tenant_id, id) on delete restrict
);
create index register_entries_case on app.register_entries (tenant_id, case_id);
create index register_entries_list on app.register_entries (tenant_id, registered_at desc, id desc);

-- +goose StatementBegin
-- app.numbered writes a drawn number into the {no} of a pattern, padded with zeros; lpad alone would cut a longer number.
create function app.numbered(pattern text, no int, width int) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select replace(pattern, '{no}', case when length(no::text) >= width then no::text else lpad(no::text, width, '0') end)
$$;
-- +goose StatementEnd
revoke execute on function app.numbered(text, int, int) from public;
grant execute on function app.numbered(text, int, int) to lyhord_api;

call sec.fence('app.register_counters', 'lyhord_api');
call sec.fence('app.register_files', 'lyhord_api', 'lyhord_worker');
call sec.fence('app.register_entries', 'lyhord_api', 'lyhord_worker');
call sec.follow_case('app.register_entries');
call sec.allow_insert('app.register_counters', 'lyhord_api');
call sec.allow_insert('app.register_files', 'lyhord_api');
call sec.allow_insert('app.register_entries', 'lyhord_api');
grant select on app.register_counters, app.register_files, app.register_entries to lyhord_api;
grant select on app.register_files, app.register_entries to lyhord_worker;
grant update (last_no) on app.register_counters to lyhord_api;
grant update (voided_at, void_reason, external_dnr) on app.register_entries to lyhord_api;
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop table app.register_entries, app.register_files, app.register_counters;
drop function app.numbered(text, int, int);
