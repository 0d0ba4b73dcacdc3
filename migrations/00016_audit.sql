-- +goose Up
-- Who may try a password, what the public form may write, what a machine may be given, and a trail that tells the truth.

-- ---------------------------------------------------------------- a stranger's mistakes are not the owner's
-- Failures are counted where they come from: by network, and by the device of somebody who has been in before. The count
-- that is left on the account is what strangers have failed altogether; it slows them all down and shuts nobody out.
create table sec.login_tries (
  account_id uuid not null references sec.accounts (id) on delete cascade,
  network bytea not null check (octet_length(network) = 32), -- a keyed mark of the /24 or /64, never an address
  failed int not null,
  locked_until timestamptz,
  last_at timestamptz not null default now(),
  primary key (account_id, network)
);
create index login_tries_old on sec.login_tries (last_at);
create table sec.devices ( -- a browser that its owner has logged in with
  token_sha256 bytea primary key check (octet_length(token_sha256) = 32),
  account_id uuid not null references sec.accounts (id) on delete cascade,
  failed int not null default 0,
  locked_until timestamptz,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index devices_account on sec.devices (account_id, created_at);

-- +goose StatementBegin
-- sec.login_delay is how long one has to wait after that many failures in a row: from the fifth 5 s, 10 s … at most 15 minutes.
create function sec.login_delay(failed int) returns interval
language sql immutable parallel safe
return case when failed >= 5 then least(interval '15 minutes', interval '5 seconds' * (2 ^ least(failed - 5, 10))) end;

-- sec.begin_login counts the attempt as failed before the password is looked at, so that attempts sent at the same time
-- cannot slip past the delay. Somebody with a device of this account answers for that device's failures only. Everybody
-- else answers for her network's; and when strangers have failed a hundred times since the owner last was in, one of them
-- is let through every five seconds, from wherever.
create function sec.begin_login(login text, network bytea, device bytea) returns table (account_id uuid, password_hash text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  who uuid;
  hash text;
  slowed timestamptz;
begin
  select a.id, a.password_hash into who, hash from sec.accounts a
   where a.login = begin_login.login and a.disabled_at is null and a.password_hash is not null;
  if who is null then
    return;
  end if;
  perform 1 from sec.devices d where d.token_sha256 = begin_login.device and d.account_id = who and d.expires_at > now();
  if found then
    update sec.devices d set failed = d.failed + 1, locked_until = now() + sec.login_delay(d.failed + 1)
     where d.token_sha256 = begin_login.device and (d.locked_until is null or d.locked_until <= now());
    if found then
      return query select who, hash;
    end if;
    return;
  end if;
  select a.locked_until into slowed from sec.accounts a where a.id = who for no key update;
  if slowed > now() then
    return;
  end if;
  insert into sec.login_tries as t (account_id, network, failed) values (who, begin_login.network, 1)
    on conflict (account_id, network) do update set
      failed = case when t.last_at < now() - interval '1 day' then 1 else t.failed + 1 end,
      locked_until = case when t.last_at < now() - interval '1 day' then null else now() + sec.login_delay(t.failed + 1) end,
      last_at = now()
    where t.locked_until is null or t.locked_until <= now();
  if not found then
    return;
  end if;
  update sec.accounts a set failed_attempts = a.failed_attempts + 1,
      locked_until = case when a.failed_attempts >= 100 then now() + interval '5 seconds' end
   where a.id = who;
  return query select who, hash;
end $$;

-- sec.password_proven forgets the mistakes of this network or device and knows the browser from now on: by a new secret
-- each time, at most ten browsers a person, for ninety days.
create function sec.password_proven(account uuid, network bytea, device bytea, new_device bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from sec.login_tries t where t.account_id = password_proven.account and t.network = password_proven.network;
  delete from sec.login_tries t where t.account_id = password_proven.account and t.last_at < now() - interval '1 day';
  delete from sec.devices d where d.account_id = password_proven.account and (d.token_sha256 = password_proven.device or d.expires_at <= now()
    or d.token_sha256 in (select o.token_sha256 from sec.devices o where o.account_id = password_proven.account
      order by o.created_at desc, o.token_sha256 offset 9));
  insert into sec.devices (token_sha256, account_id, expires_at)
    values (password_proven.new_device, password_proven.account, now() + interval '90 days');
end $$;
-- +goose StatementEnd
drop function sec.begin_login(text);
alter table sec.login_tries owner to lyhord_auth;
alter table sec.devices owner to lyhord_auth;
alter function sec.login_delay(int) owner to lyhord_auth;
alter function sec.begin_login(text, bytea, bytea) owner to lyhord_auth;
alter function sec.password_proven(uuid, bytea, bytea, bytea) owner to lyhord_auth;
revoke execute on function sec.login_delay(int), sec.begin_login(text, bytea, bytea), sec.password_proven(uuid, bytea, bytea, bytea) from public;
grant execute on function sec.begin_login(text, bytea, bytea), sec.password_proven(uuid, bytea, bytea, bytea) to lyhord_login;

-- ---------------------------------------------------------------- a machine is given no more than machines can be given
-- identity.MachineScopes says the same; a test compares.
alter table sec.clients add constraint clients_scopes
  check (scopes <@ array['case:report', 'case:take-down', 'code:list', 'unit:list'] and cardinality(scopes) > 0);

-- ---------------------------------------------------------------- the public form writes about the case it is making, and no other
-- +goose StatementBegin
-- app.born_now refuses a row about a case that was not made in this very transaction. xmin is who made the row.
create function app.born_now() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare about uuid := (to_jsonb(new) ->> tg_argv[0])::uuid;
begin
  if about is not null and not exists (select from app.cases c where c.tenant_id = new.tenant_id and c.id = about
      and c.xmin = pg_current_xact_id()::xid) then
    raise exception using errcode = 'LY403', message = 'not_born_here';
  end if;
  return new;
end $$;
-- sec.born_with_case ties what the public form writes into a table to a case of the same transaction.
create procedure sec.born_with_case(t regclass, about name)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('create trigger born_now before insert on %s for each row when (current_user = ''lyhord_intake'') execute function app.born_now(%L)', t, about);
end $$;
-- +goose StatementEnd
grant create on schema app to lyhord_dialogue; -- only for the hand-over below
alter function app.born_now() owner to lyhord_dialogue;
revoke create on schema app from lyhord_dialogue;
alter procedure sec.born_with_case(regclass, name) owner to lyhord_auth;
revoke execute on function app.born_now() from public;
revoke execute on procedure sec.born_with_case(regclass, name) from public;
grant select (xmin) on app.cases to lyhord_dialogue;
call sec.born_with_case('app.case_keys', 'case_id');
call sec.born_with_case('app.reports', 'case_id');
call sec.born_with_case('app.case_contacts', 'case_id');
call sec.born_with_case('app.case_events', 'case_id');
call sec.born_with_case('app.receipts', 'case_id');
call sec.born_with_case('app.audit_log', 'case_id');
call sec.born_with_case('jobs.outbox', 'ref');
call sec.born_with_case('jobs.timers', 'ref');

-- ---------------------------------------------------------------- the trail tells what was tried
alter table app.audit_log add column tried_id uuid; -- what a refused or missing act was about, as it was asked for
grant insert (tried_id) on app.audit_log to lyhord_api;
create policy public_only on app.audit_log as restrictive for insert to lyhord_intake with check (actor_kind = 'PUBLIC');

-- Whoever opens a case by its receipt code is a reader too; who it was, nobody knows.
drop policy own on app.audit_log;
create policy own on app.audit_log to lyhord_api, lyhord_intake, lyhord_worker, lyhord_dialogue
  using (tenant_id = (select app.tid())) with check (tenant_id = (select app.tid()));
grant insert (actor_kind, action, case_id, result, request_id) on app.audit_log to lyhord_dialogue;
drop function app.receipt_open(bytea);
-- +goose StatementBegin
-- app.receipt_open answers the holder of a code: state and dates, the key, and the messages meant for the writer. Never the
-- narrative. That the case was read is written down first.
create function app.receipt_open(code_sha256 bytea, request_id text)
returns table (case_id uuid, state text, received_on date, due_on date, answered_at timestamptz, closed_at timestamptz,
  kek_version int, wrapped bytea, message_id uuid, message_at timestamptz, direction text, kind text, body_sealed bytea)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  insert into app.audit_log (actor_kind, action, case_id, result, request_id)
  select 'PUBLIC', 'read-receipt', r.case_id, 'OK', receipt_open.request_id from app.receipts r
   where r.tenant_id = (select app.tid()) and r.code_sha256 = receipt_open.code_sha256 and r.expires_at > now();
  return query
  select c.id, c.state, c.received_on, c.due_on, c.answered_at, c.closed_at, k.kek_version, k.wrapped,
         m.id, m.at, m.direction, m.kind, m.body_sealed
    from app.receipts r
    join app.cases c on c.tenant_id = r.tenant_id and c.id = r.case_id
    join app.case_keys k on k.tenant_id = r.tenant_id and k.case_id = r.case_id
    left join app.messages m on m.tenant_id = r.tenant_id and m.case_id = r.case_id and m.direction <> 'INTERN'
   where r.tenant_id = (select app.tid()) and r.code_sha256 = receipt_open.code_sha256 and r.expires_at > now()
   order by m.at, m.id;
end $$;
-- +goose StatementEnd
grant create on schema app to lyhord_dialogue; -- only for the hand-over below
alter function app.receipt_open(bytea, text) owner to lyhord_dialogue;
revoke create on schema app from lyhord_dialogue;
revoke execute on function app.receipt_open(bytea, text) from public;
grant execute on function app.receipt_open(bytea, text) to lyhord_intake;

-- ---------------------------------------------------------------- jobs that are done are not kept for ever
create index outbox_dead on jobs.outbox (dead_at) where dead_at is not null;
create index outbox_done on jobs.outbox (done_at) where done_at is not null;
-- +goose StatementBegin
-- jobs.forget deletes jobs done before that time, and the timers of the tenant itself that have fired before it, and says
-- how many jobs. What is dead stays until somebody has looked.
create function jobs.forget(before timestamptz, most int) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare n int;
begin
  delete from jobs.timers t where t.ref = t.tenant_id and t.fired_at < forget.before;
  delete from jobs.outbox o where o.id in (
    select d.id from jobs.outbox d where d.done_at < forget.before order by d.done_at limit forget.most for update skip locked);
  get diagnostics n = row_count;
  return n;
end $$;
-- +goose StatementEnd
alter function jobs.forget(timestamptz, int) owner to lyhord_auth;
revoke execute on function jobs.forget(timestamptz, int) from public;
grant execute on function jobs.forget(timestamptz, int) to lyhord_relay;
-- ---------------------------------------------------------------- somebody looks at who has looked (SoLPuL 10 §)
-- +goose StatementBegin
-- app.reviews: a granskare today. She sees the whole trail of the tenant, and of the cases no more than their numbers.
create function app.reviews() returns boolean
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
begin
  return session_user = 'lyhord_api' and exists (
    select from sec.memberships m join sec.accounts a on a.id = m.account_id and a.disabled_at is null
     where m.account_id = (select app.pid()) and m.tenant_id = (select app.tid()) and m.role = 'granskare' and sec.is_today(m.valid_from, m.valid_to));
end $$;
-- +goose StatementEnd
grant create on schema app to lyhord_auth; -- only for the hand-over below
alter function app.reviews() owner to lyhord_auth;
revoke create on schema app from lyhord_auth;
revoke execute on function app.reviews() from public;
grant execute on function app.reviews() to lyhord_api, lyhord_dialogue;

drop index app.audit_log_at;
create index audit_log_at on app.audit_log (tenant_id, at, id);
create index audit_log_actor on app.audit_log (tenant_id, actor_id, at desc);
grant select on app.audit_log to lyhord_worker;
drop policy sight on app.audit_log;
create policy sight on app.audit_log as restrictive for select to lyhord_api
  using (case_id is null or exists (select 1 from app.cases c where c.id = case_id) or (select app.reviews()));
drop policy own_lists on app.audit_log;
create policy own_lists on app.audit_log as restrictive for select to lyhord_api
  using (case_id is not null or actor_id = (select app.pid()) or (select app.reviews()));
drop policy sight on app.case_contacts;
create policy sight on app.case_contacts as restrictive for all to lyhord_api
  using (case_id is null or exists (select 1 from app.cases c where c.id = case_id) or (select app.reviews()))
  with check (exists (select 1 from app.cases c where c.id = case_id));

-- The chain: a job takes rows of the trail that no block has yet and seals them, so that who writes a row waits for nobody.
create table app.audit_blocks (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  no bigint not null check (no > 0),
  prev bytea not null check (octet_length(prev) = 32),
  hash bytea not null check (octet_length(hash) = 32),
  ids uuid[] not null,
  digests bytea not null, -- 32 bytes for each id, in the same order
  last_at timestamptz not null, -- the latest row of this block or an earlier one
  sealed_at timestamptz not null default now(),
  primary key (tenant_id, no),
  check (octet_length(digests) = 32 * cardinality(ids) and cardinality(ids) > 0)
);
create table app.log_samples ( -- a reading that a rule of risk found, and what the granskare made of it
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  id uuid not null,
  rule text not null check (rule in ('SKYDDAD', 'UTANFOR_ENHET', 'UTAN_DEL', 'NATT', 'AVSLUTAT', 'MANGA_PA_KORT_TID', 'EGET_NAMN', 'ORDEN_OPPNADE', 'NEKAD', 'SLUMP')),
  audit_id uuid not null,
  case_id uuid,
  drawn_at timestamptz not null default now(),
  decision text check (decision in ('OK', 'FOLJ_UPP', 'INCIDENT')),
  note_sealed bytea,
  decided_at timestamptz,
  decided_by uuid,
  primary key (tenant_id, id),
  unique (tenant_id, rule, audit_id),
  foreign key (tenant_id, audit_id) references app.audit_log (tenant_id, id) on delete restrict,
  foreign key (tenant_id, decided_by) references app.people (tenant_id, id) on delete restrict,
  check ((decided_at is null) = (decision is null) and (decided_by is null) = (decision is null)),
  check (decision is null or decision = 'OK' or note_sealed is not null) -- what is not in order is explained
);
create index log_samples_open on app.log_samples (tenant_id, drawn_at desc, id) where decision is null;
create index log_samples_all on app.log_samples (tenant_id, drawn_at desc, id);
call sec.fence('app.audit_blocks', 'lyhord_api', 'lyhord_worker');
call sec.fence('app.log_samples', 'lyhord_api', 'lyhord_worker');
create policy reviewers on app.audit_blocks as restrictive for all to lyhord_api using ((select app.reviews())) with check ((select app.reviews()));
create policy reviewers on app.log_samples as restrictive for all to lyhord_api
  using ((select app.reviews())) with check ((select app.reviews()));
create policy sight on app.log_samples as restrictive for select to lyhord_api
  using (case_id is null or exists (select 1 from app.cases c where c.id = case_id) or (select app.reviews()));
create policy honest on app.log_samples as restrictive for update to lyhord_api
  using (decision is null) with check (decided_by = (select app.pid()));
call sec.allow_insert('app.audit_blocks', 'lyhord_worker');
call sec.allow_insert('app.log_samples', 'lyhord_worker');
grant select on app.audit_blocks, app.log_samples to lyhord_api, lyhord_worker;
grant update (decision, note_sealed, decided_at, decided_by) on app.log_samples to lyhord_api;
create trigger append_only before update or delete on app.audit_blocks for each row execute function app.refuse_change();

-- +goose StatementBegin
-- app.reviewed_cases tells a granskare the numbers of cases that stand in the trail: never what they hold.
create function app.reviewed_cases(ids uuid[]) returns table (id uuid, number text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, coalesce(c.own_dnr, c.entry_no, c.reference) from app.cases c
   where c.tenant_id = (select app.tid()) and c.id = any (reviewed_cases.ids) and (select app.reviews())
$$;
-- app.reviewed_number finds the case of a number, for a granskare.
create function app.reviewed_number(number text) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id from app.cases c
   where c.tenant_id = (select app.tid()) and reviewed_number.number in (c.own_dnr, c.entry_no, c.reference) and (select app.reviews())
$$;
-- +goose StatementEnd
grant select (reference, entry_no, own_dnr) on app.cases to lyhord_dialogue;
grant create on schema app to lyhord_dialogue; -- only for the hand-over below
alter function app.reviewed_cases(uuid[]) owner to lyhord_dialogue;
alter function app.reviewed_number(text) owner to lyhord_dialogue;
revoke create on schema app from lyhord_dialogue;
revoke execute on function app.reviewed_cases(uuid[]), app.reviewed_number(text) from public;
grant execute on function app.reviewed_cases(uuid[]), app.reviewed_number(text) to lyhord_api;
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop function app.reviewed_number(text);
drop function app.reviewed_cases(uuid[]);
revoke select (reference, entry_no, own_dnr) on app.cases from lyhord_dialogue;
drop table app.log_samples, app.audit_blocks;
drop policy sight on app.case_contacts;
call sec.follow_case('app.case_contacts');
drop policy own_lists on app.audit_log;
create policy own_lists on app.audit_log as restrictive for select to lyhord_api
  using (case_id is not null or actor_id = (select app.pid()));
drop policy sight on app.audit_log;
create policy sight on app.audit_log as restrictive for select to lyhord_api
  using (case_id is null or exists (select 1 from app.cases c where c.id = case_id));
revoke select on app.audit_log from lyhord_worker;
drop index app.audit_log_actor, app.audit_log_at;
create index audit_log_at on app.audit_log using brin (at);
drop function app.reviews();
drop function jobs.forget(timestamptz, int);
drop index jobs.outbox_done;
drop index jobs.outbox_dead;
drop function app.receipt_open(bytea, text);
-- +goose StatementBegin
create function app.receipt_open(code_sha256 bytea)
returns table (case_id uuid, state text, received_on date, due_on date, answered_at timestamptz, closed_at timestamptz,
  kek_version int, wrapped bytea, message_id uuid, message_at timestamptz, direction text, kind text, body_sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, c.state, c.received_on, c.due_on, c.answered_at, c.closed_at, k.kek_version, k.wrapped,
         m.id, m.at, m.direction, m.kind, m.body_sealed
    from app.receipts r
    join app.cases c on c.tenant_id = r.tenant_id and c.id = r.case_id
    join app.case_keys k on k.tenant_id = r.tenant_id and k.case_id = r.case_id
    left join app.messages m on m.tenant_id = r.tenant_id and m.case_id = r.case_id and m.direction <> 'INTERN'
   where r.tenant_id = (select app.tid()) and r.code_sha256 = receipt_open.code_sha256 and r.expires_at > now()
   order by m.at, m.id
$$;
-- +goose StatementEnd
grant create on schema app to lyhord_dialogue;
alter function app.receipt_open(bytea) owner to lyhord_dialogue;
revoke create on schema app from lyhord_dialogue;
revoke execute on function app.receipt_open(bytea) from public;
grant execute on function app.receipt_open(bytea) to lyhord_intake;
drop policy own on app.audit_log;
create policy own on app.audit_log to lyhord_api, lyhord_intake, lyhord_worker
  using (tenant_id = (select app.tid())) with check (tenant_id = (select app.tid()));
revoke insert (actor_kind, action, case_id, result, request_id) on app.audit_log from lyhord_dialogue;
drop policy public_only on app.audit_log;
alter table app.audit_log drop column tried_id;
drop trigger born_now on jobs.timers;
drop trigger born_now on jobs.outbox;
drop trigger born_now on app.audit_log;
drop trigger born_now on app.receipts;
drop trigger born_now on app.case_events;
drop trigger born_now on app.case_contacts;
drop trigger born_now on app.reports;
drop trigger born_now on app.case_keys;
revoke select (xmin) on app.cases from lyhord_dialogue;
drop procedure sec.born_with_case(regclass, name);
drop function app.born_now();
alter table sec.clients drop constraint clients_scopes;
drop function sec.password_proven(uuid, bytea, bytea, bytea);
drop function sec.begin_login(text, bytea, bytea);
drop function sec.login_delay(int);
drop table sec.devices, sec.login_tries;
-- +goose StatementBegin
create function sec.begin_login(login text) returns table (account_id uuid, password_hash text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    update sec.accounts a set
      failed_attempts = a.failed_attempts + 1,
      locked_until = case when a.failed_attempts >= 4 then
        now() + least(interval '15 minutes', interval '5 seconds' * (2 ^ least(a.failed_attempts - 4, 10))) end
     where a.login = begin_login.login and a.disabled_at is null and a.password_hash is not null
       and (a.locked_until is null or a.locked_until <= now())
    returning a.id, a.password_hash;
end $$;
-- +goose StatementEnd
alter function sec.begin_login(text) owner to lyhord_auth;
revoke execute on function sec.begin_login(text) from public;
grant execute on function sec.begin_login(text) to lyhord_login;
