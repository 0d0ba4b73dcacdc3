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

-- ---------------------------------------------------------------- the secret behind app.enter
create table sec.proof_key ( -- one row; the two keys of an HMAC, each a block of SHA-256, drawn here and told to nobody
  only_row boolean primary key default true check (only_row),
  inner_pad bytea not null check (octet_length(inner_pad) = 64),
  outer_pad bytea not null check (octet_length(outer_pad) = 64),
  lasts interval not null default '1 minute' -- how long a proof holds within its transaction
);
insert into sec.proof_key (inner_pad, outer_pad)
select sha256(d.a || d.b) || sha256(d.b || d.c), sha256(d.c || d.d) || sha256(d.d || d.a) -- four draws of 244 random bits
  from (select uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as a, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as b,
    uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as c, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as d) d;

-- +goose StatementBegin
-- app.today is the day in Sweden. The server's clock is UTC, where the evening's day is still yesterday's until two in the morning.
create function app.today() returns date
language sql stable parallel safe
return (now() at time zone 'Europe/Stockholm')::date;

-- ---------------------------------------------------------------- who acts, proven once in a transaction
-- app.enter asks the session, the job or the form once and keeps the answer, the proof, in a setting of the transaction,
-- together with a MAC (HMAC-SHA256) that only lyhord_auth can make. Whoever gets a statement of their own into a request can
-- write into the setting, but not a MAC that fits: it covers the role that logged in, the backend and the transaction, so
-- that a proof is worth nothing in another one. A session that is revoked ends with the transaction under way, and that is
-- given no more than sec.proof_key.lasts.
create function sec.mac(words text) returns text
language plpgsql stable parallel restricted as $$
declare k sec.proof_key;
begin
  select * into k from sec.proof_key;
  return encode(sha256(k.outer_pad || sha256(k.inner_pad || timestamptz_send(now()) || int4send(pg_backend_pid())
    || convert_to(session_user || ' ' || words, 'UTF8'))), 'hex');
end $$;

-- sec.proven is what app.enter proved in this transaction: tenant (36 characters), person (36, zeros for nobody), A if the
-- whole register is in sight, and the labels; null if nothing was proved or the words have been touched.
create function sec.proven() returns text
language plpgsql stable parallel restricted as $$
declare
  proof text := current_setting('app.proof', true);
  k sec.proof_key;
begin
  if proof is null or proof = '' then
    return null;
  end if;
  select * into k from sec.proof_key;
  if clock_timestamp() < now() + k.lasts
    and left(proof, 64) = encode(sha256(k.outer_pad || sha256(k.inner_pad || timestamptz_send(now()) || int4send(pg_backend_pid())
      || convert_to(session_user || ' ' || substr(proof, 65), 'UTF8'))), 'hex') then -- as sec.mac, without a second call
    return substr(proof, 65);
  end if;
  return null;
end $$;

-- app.tid is the only tenant there is: the one asked for, as proved by app.enter.
create function app.tid() returns uuid
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
begin
  return left(sec.proven(), 36)::uuid;
end $$;

-- app.pid is the person (or machine client) behind the session; null for jobs and the public form.
create function app.pid() returns uuid
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
begin
  return nullif(substr(sec.proven(), 37, 36), '00000000-0000-0000-0000-000000000000')::uuid;
end $$;

-- app.sees_all: a role with the whole register of the tenant in sight.
create function app.sees_all() returns boolean
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(substr(sec.proven(), 73, 1) = 'A', false);
end $$;

-- app.labels: the access labels the person's roles open, for what was given to her or is in her units' sight.
create function app.labels() returns text[]
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(string_to_array(substr(sec.proven(), 74), ','), '{}');
end $$;

-- app.labels_everywhere: the labels she sees in the whole register; none unless she sees all of it.
create function app.labels_everywhere() returns text[]
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
declare words text := sec.proven();
begin
  if substr(words, 73, 1) = 'A' then
    return string_to_array(substr(words, 74), ',');
  end if;
  return '{}';
end $$;

-- app.units_in_sight: the units under the person's SUBTREE roles today. Proved with the rest, under a MAC that covers its.
create function app.units_in_sight() returns uuid[]
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
declare kept text := current_setting('app.proof_units', true);
begin
  if kept <> '' and sec.proven() is not null
    and left(kept, 64) = sec.mac('units ' || left(current_setting('app.proof'), 64) || substr(kept, 65)) then
    return substr(kept, 65)::uuid[];
  end if;
  return '{}';
end $$;
-- +goose StatementEnd

-- ---------------------------------------------------------------- the one way to fence a table
-- +goose StatementBegin
-- The fence holds everybody to the tenant; own only says which roles may enter at all: to say the tenant again would ask the
-- proof twice. The check of the catalogue refuses an own without its fence.
create procedure sec.fence(t regclass, variadic roles name[])
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy fence on %s as restrictive for all to public
    using (tenant_id = (select app.tid())) with check (tenant_id = (select app.tid()))', t);
  execute format('create policy own on %s for all to %s using (true) with check (true)', t,
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
-- sec.standing is who a live session's token stands for in a tenant, and what the roles held there today let her see: the
-- labels, whether everywhere, and the tops of the units. No row: the token opens nothing there.
create function sec.standing(token text, want uuid) returns table (subject_id uuid, labels text[], everywhere boolean, tops uuid[])
language sql stable parallel restricted
begin atomic
  select s.subject_id, coalesce(h.labels, '{}'), h.everywhere, coalesce(h.tops, '{}')
    from sec.sessions s join sec.accounts a on a.id = s.subject_id and a.disabled_at is null
    join lateral (
      select count(*) as roles, bool_or(r.sight = 'ALL') as everywhere, array_agg(distinct l.label) filter (where l.label is not null) as labels,
             array_agg(distinct m.unit_id) filter (where r.sight = 'SUBTREE') as tops
        from sec.memberships m join sec.role_sight r on r.role = m.role left join lateral unnest(r.labels) l (label) on true
       where m.tenant_id = s.tenant_id and m.account_id = s.subject_id
         and m.valid_from <= app.today() and (m.valid_to is null or m.valid_to >= app.today())) h on h.roles > 0
   where s.token_sha256 = sha256(convert_to(token, 'UTF8')) and s.tenant_id = want and s.kind = 'PERSON'
     and s.revoked_at is null and s.expires_at > now()
  union all
  select s.subject_id, '{NORMAL}', false, '{}' -- a machine sees what it reported itself
    from sec.sessions s join sec.clients c on c.id = s.subject_id and c.tenant_id = s.tenant_id and c.revoked_at is null
   where s.token_sha256 = sha256(convert_to(token, 'UTF8')) and s.tenant_id = want and s.kind = 'CLIENT'
     and s.revoked_at is null and s.expires_at > now();
end;

-- app.enter binds the transaction to who acts, and to nobody (an empty proof) if the token does not open the tenant asked for:
--   api    a live session (person or machine) whose active tenant it is, with a membership valid today
--   worker an open outbox row of that tenant
--   intake a tenant with a public form (the role can insert, never read)
-- lyhord_login has no right to it; sec.read_session enters for it.
create function app.enter(token text, tenant text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  want uuid := nullif(enter.tenant, '')::uuid;
  person uuid;
  labels text[] := '{}';
  everywhere boolean := false;
  tops uuid[];
  valid boolean := false;
  words text;
begin
  perform set_config('app.token', enter.token, true), set_config('app.proof', '', true), set_config('app.proof_units', '', true);
  if want is null then
    return;
  elsif session_user = 'lyhord_intake' then
    valid := exists (select from app.tenants t where t.id = want and t.public_form);
  elsif session_user = 'lyhord_worker' then
    valid := exists (select from jobs.outbox o
      where o.tenant_id = want and o.id = nullif(enter.token, '')::uuid and o.done_at is null and o.dead_at is null);
  elsif session_user in ('lyhord_api', 'lyhord_login') then
    select true, w.subject_id, w.labels, w.everywhere, w.tops into valid, person, labels, everywhere, tops
      from sec.standing(nullif(enter.token, ''), want) w;
  end if;
  if valid is not true then
    return;
  end if;
  words := want::text || coalesce(person, '00000000-0000-0000-0000-000000000000')::text || case when everywhere then 'A' else '-' end
    || array_to_string(labels, ',');
  words := sec.mac(words) || words;
  perform set_config('app.proof', words, true);
  if tops <> '{}' then
    perform set_config('app.proof_units', sec.mac('units ' || left(words, 64) || u.below) || u.below, true) from (
      with recursive below (id) as (
        select unnest(tops)
        union
        select p.unit_id from app.unit_parents p join below b on p.parent_id = b.id
         where p.valid_from <= app.today() and (p.valid_to is null or p.valid_to >= app.today())
      )
      select array_agg(id)::text as below from below) u;
  end if;
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
alter function sec.mac(text) owner to lyhord_auth;
alter function sec.proven() owner to lyhord_auth;
alter function sec.standing(text, uuid) owner to lyhord_auth;
alter function app.enter(text, text) owner to lyhord_auth;
alter function app.tid() owner to lyhord_auth;
alter function app.pid() owner to lyhord_auth;
alter function app.sees_all() owner to lyhord_auth;
alter function app.labels() owner to lyhord_auth;
alter function app.labels_everywhere() owner to lyhord_auth;
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
alter table sec.proof_key owner to lyhord_auth;
alter table sec.accounts owner to lyhord_auth;
alter table sec.role_sight owner to lyhord_auth;
alter table sec.memberships owner to lyhord_auth;
alter table sec.clients owner to lyhord_auth;
alter table sec.sessions owner to lyhord_auth;
alter table sec.login_states owner to lyhord_auth;
revoke execute on function app.today(), sec.mac(text), sec.proven(), sec.standing(text, uuid), app.enter(text, text), app.tid(), app.pid(), app.sees_all(),
  app.labels(), app.labels_everywhere(), app.units_in_sight(), app.must(boolean, text, text), jobs.fire(timestamptz, int), sec.wrapped_keys(uuid) from public;
grant execute on function app.today() to lyhord_api, lyhord_intake, lyhord_worker;
grant execute on function app.tid() to lyhord_api, lyhord_intake, lyhord_worker, lyhord_dialogue, lyhord_stats, lyhord_owner, lyhord_relay, lyhord_insight;
grant execute on function app.enter(text, text) to lyhord_api, lyhord_intake, lyhord_worker;
grant execute on function app.pid(), app.sees_all(), app.labels(), app.labels_everywhere(), app.units_in_sight() to lyhord_api, lyhord_worker, lyhord_intake, lyhord_dialogue;
grant execute on function app.must(boolean, text, text) to lyhord_api, lyhord_worker, lyhord_intake, lyhord_dialogue;
grant execute on function jobs.fire(timestamptz, int) to lyhord_relay;
grant execute on function sec.wrapped_keys(uuid) to lyhord_api, lyhord_intake, lyhord_worker;
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop schema insight cascade;
drop schema jobs cascade;
drop schema app cascade;
drop schema sec cascade;
