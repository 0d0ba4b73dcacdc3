-- +goose Up
-- Tenancy: who somebody is (sec), which tenant a statement may touch (app.tid), and the organisation.
create schema sec;
create schema app;
create schema jobs;
create schema insight;
alter schema sec owner to lyhord_auth;
alter schema app owner to lyhord_owner;
alter schema jobs owner to lyhord_auth;
alter schema insight owner to lyhord_owner;
grant usage on schema sec to lyhord_api, lyhord_intake, lyhord_worker;
grant usage on schema app to lyhord_api, lyhord_intake, lyhord_worker, lyhord_auth, lyhord_dialogue, lyhord_stats;
grant usage on schema jobs to lyhord_api, lyhord_intake, lyhord_worker, lyhord_relay, lyhord_dialogue;
grant usage on schema insight to lyhord_insight, lyhord_worker, lyhord_stats;

-- ---------------------------------------------------------------- public directory (no tenant data)
create table app.cities (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  body jsonb not null default '{}'
);
create table app.tenants (
  id uuid primary key,
  city_id uuid not null references app.cities (id) on delete restrict,
  slug text not null unique,
  name text not null,
  short_name text not null,
  kind text not null check (kind in ('BOARD', 'PROVIDER', 'CITY_OFFICE')),
  public_form boolean not null default false,
  valid_from date not null,
  valid_to date,
  predecessors text[] not null default '{}'
);
create table app.codes (
  city_id uuid not null references app.cities (id) on delete restrict,
  list text not null,
  code text not null,
  parent text,
  label text not null,
  sort int not null,
  primary key (city_id, list, code)
);

-- ---------------------------------------------------------------- sec: accounts, memberships, sessions
create table sec.accounts (
  id uuid primary key,
  login text not null unique check (login = lower(login) and login ~ '^[a-z0-9_.@-]{3,120}$'),
  password_hash text,
  oidc_issuer text,
  oidc_subject text,
  failed_attempts int not null default 0,
  locked_until timestamptz,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  unique (oidc_issuer, oidc_subject)
);
-- What a role lets its holder see of the register: everything, the units below the membership's unit, or only what was given.
create table sec.role_sight (
  role text primary key,
  sight text not null check (sight in ('ALL', 'SUBTREE', 'OWN')),
  labels text[] not null default '{NORMAL}'
);
insert into sec.role_sight (role, sight, labels) values
  ('medarbetare', 'OWN', '{NORMAL}'), ('registrator', 'ALL', '{NORMAL,PROTECTED}'),
  ('chef', 'SUBTREE', '{NORMAL}'), ('utredare', 'OWN', '{NORMAL}'),
  ('avdelningschef', 'SUBTREE', '{NORMAL}'), ('kanslisekreterare', 'OWN', '{NORMAL}'),
  ('verksamhetsutvecklare', 'ALL', '{NORMAL}'), ('lex_ansvarig', 'OWN', '{NORMAL,LEX}'),
  ('lex_utredare', 'OWN', '{NORMAL,LEX}'), ('mas', 'OWN', '{NORMAL}'),
  ('arkivarie', 'OWN', '{NORMAL}'), ('granskare', 'OWN', '{}'), ('tenant_admin', 'OWN', '{}'),
  ('slk', 'OWN', '{}'), ('operator', 'OWN', '{}');
create table sec.memberships (
  tenant_id uuid not null references app.tenants (id) on delete restrict,
  account_id uuid not null references sec.accounts (id) on delete restrict,
  role text not null references sec.role_sight (role),
  unit_id uuid not null,
  valid_from date not null,
  valid_to date,
  primary key (tenant_id, account_id, role, unit_id, valid_from)
);
create index memberships_account on sec.memberships (account_id);
create table sec.clients (
  id uuid primary key,
  tenant_id uuid not null references app.tenants (id) on delete restrict,
  name text not null,
  secret_sha256 bytea not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create table sec.sessions (
  token_sha256 bytea primary key check (octet_length(token_sha256) = 32),
  id uuid not null unique,
  kind text not null check (kind in ('PERSON', 'CLIENT')),
  subject_id uuid not null, -- the account, or the client
  tenant_id uuid not null references app.tenants (id) on delete restrict,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index sessions_subject on sec.sessions (subject_id) where revoked_at is null;
create table sec.login_states ( -- OIDC: state, nonce and verifier of a login under way; single use
  state_sha256 bytea primary key,
  tenant_id uuid not null references app.tenants (id) on delete restrict,
  nonce text not null,
  verifier text not null,
  return_to text not null,
  expires_at timestamptz not null
);

-- ---------------------------------------------------------------- jobs: the outbox is also the worker's credential
create table jobs.outbox (
  tenant_id uuid not null references app.tenants (id) on delete restrict,
  id uuid not null unique,
  kind text not null,
  ref uuid not null,
  created_at timestamptz not null default now(),
  not_before timestamptz not null default now(),
  leased_until timestamptz,
  attempts int not null default 0,
  done_at timestamptz,
  dead_at timestamptz,
  last_code text,
  primary key (tenant_id, id)
);
create index outbox_open on jobs.outbox (not_before) where done_at is null and dead_at is null;

-- +goose StatementBegin
-- app.today is the day in Sweden. The server's clock is UTC, where the evening's day is still yesterday's until two in the morning.
create function app.today() returns date
language sql stable parallel safe
return (now() at time zone 'Europe/Stockholm')::date;

-- sec.me is the live session that app.token opens in the tenant asked for. Policies ask for it many times in a statement:
-- like app.today it has its body parsed already and no settings of its own, so that the planner puts it into the query.
create function sec.me() returns table (tenant_id uuid, subject_id uuid, kind text)
language sql stable parallel restricted
begin atomic
  select s.tenant_id, s.subject_id, s.kind from sec.sessions s
   where s.token_sha256 = sha256(convert_to(nullif(current_setting('app.token', true), ''), 'UTF8'))
     and s.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid
     and s.revoked_at is null and s.expires_at > now();
end;

-- sec.roles are the roles that the person behind the session holds in that tenant today; none for machines, jobs and the
-- public form, and none for an account that is disabled.
create function sec.roles() returns table (tenant_id uuid, account_id uuid, role text, unit_id uuid)
language sql stable parallel restricted
begin atomic
  select m.tenant_id, m.account_id, m.role, m.unit_id
    from sec.me() s join sec.accounts a on a.id = s.subject_id and a.disabled_at is null
    join sec.memberships m on m.tenant_id = s.tenant_id and m.account_id = s.subject_id
   where s.kind = 'PERSON' and m.valid_from <= app.today() and (m.valid_to is null or m.valid_to >= app.today());
end;

-- app.tid is the only tenant there is: the one asked for, if the caller proves it.
--   api    a live session (person or machine) whose active tenant it is, with a membership valid today
--   worker an open outbox row of that tenant
--   intake a tenant with a public form (the role can insert, never read)
create function app.tid() returns uuid
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
declare
  want uuid := nullif(current_setting('app.tenant', true), '')::uuid;
  token text := nullif(current_setting('app.token', true), '');
  found uuid;
begin
  if want is null then
    return null;
  end if;
  if session_user = 'lyhord_intake' then
    select t.id into found from app.tenants t where t.id = want and t.public_form;
    return found;
  end if;
  if token is null then
    return null;
  end if;
  if session_user = 'lyhord_worker' then
    select o.tenant_id into found from jobs.outbox o
     where o.tenant_id = want and o.id = token::uuid and o.done_at is null and o.dead_at is null;
    return found;
  end if;
  select r.tenant_id into found from sec.roles() r limit 1;
  if found is null then
    select s.tenant_id into found from sec.me() s
      join sec.clients c on c.id = s.subject_id and c.tenant_id = s.tenant_id and c.revoked_at is null
     where s.kind = 'CLIENT';
  end if;
  return found;
end $$;

-- app.pid is the person (or machine client) behind the session; null for jobs and the public form.
create function app.pid() returns uuid
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
declare
  token text := nullif(current_setting('app.token', true), '');
  found uuid;
begin
  if token is null or session_user <> 'lyhord_api' then
    return null;
  end if;
  select s.subject_id into found from sec.sessions s
   where s.token_sha256 = sha256(convert_to(token, 'UTF8')) and s.revoked_at is null and s.expires_at > now();
  return found;
end $$;

-- app.sees_all: a role with the whole register of the tenant in sight.
create function app.sees_all() returns boolean
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
begin
  return session_user = 'lyhord_api'
    and exists (select 1 from sec.roles() m join sec.role_sight r on r.role = m.role where r.sight = 'ALL');
end $$;

-- app.labels: the access labels the person's roles open. Everybody at least NORMAL for what was given to them.
create function app.labels() returns text[]
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
declare found text[];
begin
  if session_user <> 'lyhord_api' then
    return '{}';
  end if;
  found := array(select distinct unnest(r.labels) from sec.roles() m join sec.role_sight r on r.role = m.role);
  if found = '{}' and exists (select 1 from sec.me() s join sec.clients c on c.id = s.subject_id and c.tenant_id = s.tenant_id
       and c.revoked_at is null where s.kind = 'CLIENT') then
    return '{NORMAL}'; -- a machine sees what it reported itself
  end if;
  return found;
end $$;
-- +goose StatementEnd

-- ---------------------------------------------------------------- the one way to fence a table
-- +goose StatementBegin
create procedure sec.fence(t regclass, variadic roles name[])
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy fence on %s as restrictive for all to public
    using (tenant_id = (select app.tid())) with check (tenant_id = (select app.tid()))', t);
  execute format('create policy own on %s for all to %s
    using (tenant_id = (select app.tid())) with check (tenant_id = (select app.tid()))', t,
    (select string_agg(quote_ident(r), ', ') from unnest(roles) r));
end $$;
-- Insert rights on every column but tenant_id: the tenant comes from the session (the column's default), never from the caller.
create procedure sec.allow_insert(t regclass, variadic roles name[])
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('grant insert (%s) on %s to %s',
    (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
      where attrelid = t and attnum > 0 and not attisdropped and attname <> 'tenant_id' and attgenerated = ''), t,
    (select string_agg(quote_ident(r), ', ') from unnest(roles) r));
end $$;
-- A table of the case is visible to a person only where the case itself is.
create procedure sec.follow_case(t regclass)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('create policy sight on %s as restrictive for all to lyhord_api
    using (exists (select 1 from app.cases c where c.id = case_id))
    with check (exists (select 1 from app.cases c where c.id = case_id))', t);
end $$;
-- +goose StatementEnd
revoke execute on procedure sec.fence(regclass, name[]) from public;
revoke execute on procedure sec.allow_insert(regclass, name[]) from public;
revoke execute on procedure sec.follow_case(regclass) from public;

-- ---------------------------------------------------------------- configuration, keys, organisation
create table app.tenant_configs (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  version int not null,
  valid_from timestamptz not null default now(),
  body jsonb not null,
  primary key (tenant_id, version)
);
create table sec.tenant_keys ( -- wrapped by the root key, which never is in a database
  tenant_id uuid not null references app.tenants (id) on delete restrict,
  version int not null,
  wrapped bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, version)
);
create table app.units (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  id uuid not null,
  slug text not null,
  name text not null,
  kind text not null check (kind in ('FORVALTNING', 'AVDELNING', 'ENHET')),
  area text,
  regi text,
  valid_from date not null,
  valid_to date,
  primary key (tenant_id, id),
  unique (tenant_id, slug)
);
create table app.unit_parents ( -- the dated tree
  tenant_id uuid not null default app.tid(),
  unit_id uuid not null,
  parent_id uuid not null check (parent_id <> unit_id),
  valid_from date not null,
  valid_to date,
  primary key (tenant_id, unit_id, valid_from),
  foreign key (tenant_id, unit_id) references app.units (tenant_id, id) on delete restrict,
  foreign key (tenant_id, parent_id) references app.units (tenant_id, id) on delete restrict
);
create index unit_parents_parent on app.unit_parents (tenant_id, parent_id);
create table app.people (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  id uuid not null, -- the account's id
  name text not null,
  title text not null,
  email text not null,
  home_unit_id uuid,
  active boolean not null default true,
  primary key (tenant_id, id),
  foreign key (tenant_id, home_unit_id) references app.units (tenant_id, id) on delete restrict
);
create table app.unit_managers (
  tenant_id uuid not null default app.tid(),
  unit_id uuid not null,
  person_id uuid not null,
  valid_from date not null,
  valid_to date,
  primary key (tenant_id, unit_id, person_id, valid_from),
  foreign key (tenant_id, unit_id) references app.units (tenant_id, id) on delete restrict,
  foreign key (tenant_id, person_id) references app.people (tenant_id, id) on delete restrict
);
create index unit_managers_person on app.unit_managers (tenant_id, person_id);

call sec.fence('app.tenant_configs', 'lyhord_api', 'lyhord_intake', 'lyhord_worker');
call sec.fence('app.units', 'lyhord_api', 'lyhord_intake', 'lyhord_worker');
call sec.fence('app.unit_parents', 'lyhord_api', 'lyhord_worker');
call sec.fence('app.people', 'lyhord_api', 'lyhord_worker');
call sec.fence('app.unit_managers', 'lyhord_api', 'lyhord_worker');
grant select on app.cities, app.tenants, app.codes to lyhord_api, lyhord_intake, lyhord_worker, lyhord_auth;
grant select on app.tenant_configs, app.units to lyhord_api, lyhord_intake, lyhord_worker;
grant select on app.unit_parents, app.people, app.unit_managers to lyhord_api, lyhord_worker;

-- The tree is read by the context function as lyhord_auth; app.tid is already proven there, so the fence holds for it too.
create policy auth_reads on app.unit_parents for select to lyhord_auth using (tenant_id = (select app.tid()));
grant select on app.unit_parents to lyhord_auth;

-- +goose StatementBegin
-- app.units_in_sight: the units under the person's SUBTREE roles today.
create function app.units_in_sight() returns uuid[]
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
declare tops uuid[];
begin
  if session_user <> 'lyhord_api' then
    return '{}';
  end if;
  tops := array(select m.unit_id from sec.roles() m join sec.role_sight r on r.role = m.role where r.sight = 'SUBTREE');
  if tops = '{}' then
    return tops;
  end if;
  return array(
    with recursive below (id) as (
      select unnest(tops)
      union
      select p.unit_id from app.unit_parents p join below b on p.parent_id = b.id
       where p.valid_from <= app.today() and (p.valid_to is null or p.valid_to >= app.today())
    )
    select id from below);
end $$;

-- app.must turns "no row was changed" into an error that rolls the whole batch back. Codes: LY404 missing, LY409 illegal move, LY412 stale, LY403 refused.
-- Volatile, or the planner would ask it before the statement runs: also in a CASE branch that is never taken.
create function app.must(ok boolean, code text, what text) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  if ok is not true then
    raise exception using errcode = code, message = what;
  end if;
  return true;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- sec.wrapped_keys hands out a tenant's wrapped keys: worthless without the root key, so no session is asked for.
create function sec.wrapped_keys(tenant uuid) returns table (version int, wrapped bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.version, k.wrapped from sec.tenant_keys k where k.tenant_id = tenant order by k.version
$$;
-- +goose StatementEnd

-- ---------------------------------------------------------------- jobs: rows, timers and who may do what with them
create table jobs.timers (
  tenant_id uuid not null references app.tenants (id) on delete restrict,
  id uuid not null,
  kind text not null,
  ref uuid not null,
  due_at timestamptz not null,
  rule jsonb not null default '{}', -- rule id and inputs the date was computed from
  fired_at timestamptz,
  cancelled_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, kind, ref, due_at)
);
create index timers_due on jobs.timers (due_at) where fired_at is null and cancelled_at is null;
alter table jobs.outbox alter column tenant_id set default app.tid();
alter table jobs.timers alter column tenant_id set default app.tid();
alter table jobs.outbox enable row level security;
alter table jobs.outbox force row level security;
alter table jobs.timers enable row level security;
alter table jobs.timers force row level security;
-- Not TO PUBLIC: app.tid itself reads the outbox as lyhord_auth, and the relay serves every tenant but sees ids only.
create policy fence on jobs.outbox as restrictive for all to lyhord_api, lyhord_intake, lyhord_worker, lyhord_dialogue
  using (tenant_id = (select app.tid())) with check (tenant_id = (select app.tid()));
create policy own on jobs.outbox for all to lyhord_api, lyhord_intake, lyhord_worker, lyhord_dialogue
  using (tenant_id = (select app.tid())) with check (tenant_id = (select app.tid()));
create policy fence on jobs.timers as restrictive for all to lyhord_api, lyhord_intake, lyhord_worker
  using (tenant_id = (select app.tid())) with check (tenant_id = (select app.tid()));
create policy own on jobs.timers for all to lyhord_api, lyhord_intake, lyhord_worker
  using (tenant_id = (select app.tid())) with check (tenant_id = (select app.tid()));
create policy auth_all on jobs.outbox for all to lyhord_auth using (true) with check (true);
create policy auth_all on jobs.timers for all to lyhord_auth using (true) with check (true);
create policy relay_all on jobs.outbox for all to lyhord_relay using (true) with check (true);
call sec.allow_insert('jobs.outbox', 'lyhord_api', 'lyhord_intake', 'lyhord_worker', 'lyhord_dialogue');
call sec.allow_insert('jobs.timers', 'lyhord_api', 'lyhord_intake', 'lyhord_worker');
grant select on jobs.outbox to lyhord_worker, lyhord_relay;
grant update (done_at, dead_at, last_code) on jobs.outbox to lyhord_worker;
grant update (leased_until, attempts, dead_at, last_code) on jobs.outbox to lyhord_relay;
grant select on jobs.timers to lyhord_api, lyhord_worker;
grant update (cancelled_at) on jobs.timers to lyhord_api, lyhord_worker;

-- +goose StatementBegin
-- jobs.fire turns due timers into outbox rows, each exactly once, and says how many.
create function jobs.fire(at timestamptz, most int) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare n int;
begin
  with due as (
    select t.tenant_id, t.id from jobs.timers t
     where t.fired_at is null and t.cancelled_at is null and t.due_at <= at
     order by t.due_at for update skip locked limit most
  ), fired as (
    update jobs.timers t set fired_at = at from due
     where t.tenant_id = due.tenant_id and t.id = due.id returning t.tenant_id, t.id, t.kind, t.ref
  )
  insert into jobs.outbox (tenant_id, id, kind, ref)
  select tenant_id, gen_random_uuid(), kind, ref from fired;
  get diagnostics n = row_count;
  return n;
end $$;
-- +goose StatementEnd

-- ---------------------------------------------------------------- who owns and who may call what
grant create on schema app to lyhord_auth; -- only for the hand-over below
alter function app.today() owner to lyhord_auth;
alter function sec.me() owner to lyhord_auth;
alter function sec.roles() owner to lyhord_auth;
alter function app.tid() owner to lyhord_auth;
alter function app.pid() owner to lyhord_auth;
alter function app.sees_all() owner to lyhord_auth;
alter function app.labels() owner to lyhord_auth;
alter function app.units_in_sight() owner to lyhord_auth;
revoke create on schema app from lyhord_auth;
alter function jobs.fire(timestamptz, int) owner to lyhord_auth;
alter procedure sec.fence(regclass, name[]) owner to lyhord_auth;
alter procedure sec.allow_insert(regclass, name[]) owner to lyhord_auth;
alter procedure sec.follow_case(regclass) owner to lyhord_auth;
alter table jobs.outbox owner to lyhord_auth;
alter table jobs.timers owner to lyhord_auth;
alter function sec.wrapped_keys(uuid) owner to lyhord_auth;
alter table sec.tenant_keys owner to lyhord_auth;
alter table sec.accounts owner to lyhord_auth;
alter table sec.role_sight owner to lyhord_auth;
alter table sec.memberships owner to lyhord_auth;
alter table sec.clients owner to lyhord_auth;
alter table sec.sessions owner to lyhord_auth;
alter table sec.login_states owner to lyhord_auth;
revoke execute on function app.today(), sec.me(), sec.roles(), app.tid(), app.pid(), app.sees_all(), app.labels(), app.units_in_sight(), app.must(boolean, text, text), jobs.fire(timestamptz, int), sec.wrapped_keys(uuid) from public;
grant execute on function app.today() to lyhord_api, lyhord_intake, lyhord_worker;
grant execute on function app.tid() to lyhord_api, lyhord_intake, lyhord_worker, lyhord_dialogue, lyhord_stats, lyhord_owner, lyhord_relay, lyhord_insight;
grant execute on function app.pid(), app.sees_all(), app.labels(), app.units_in_sight() to lyhord_api, lyhord_worker, lyhord_intake, lyhord_dialogue;
grant execute on function app.must(boolean, text, text) to lyhord_api, lyhord_worker, lyhord_intake, lyhord_dialogue;
grant execute on function jobs.fire(timestamptz, int) to lyhord_relay;
grant execute on function sec.wrapped_keys(uuid) to lyhord_api, lyhord_intake, lyhord_worker;
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop schema insight cascade;
drop schema jobs cascade;
drop schema app cascade;
drop schema sec cascade;
