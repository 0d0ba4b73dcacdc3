-- +goose Up
-- Identity: the only ways from a login to a session. The api's role has no right to a single table of sec; it calls these
-- functions, which belong to lyhord_auth and look at app.token, never at a person's id sent by the caller.

-- ---------------------------------------------------------------- what the functions need besides 00001
create table sec.oidc_providers ( -- a tenant's identity provider; the secret itself is in the environment
  tenant_id uuid primary key references app.tenants (id) on delete restrict,
  issuer text not null,
  client_id text not null,
  secret_env text not null,
  scopes text[] not null default '{}',
  required_acr text not null default '',
  login_claim text not null
);
create table sec.first_logins ( -- which account a claim of the tenant's provider stands for, until (issuer, subject) is known
  tenant_id uuid not null references app.tenants (id) on delete restrict,
  claim text not null check (claim = lower(claim)),
  account_id uuid not null references sec.accounts (id) on delete restrict,
  primary key (tenant_id, claim)
);
create table sec.demo_logins ( -- filled only where a demo password was asked for; empty in production
  account_id uuid primary key references sec.accounts (id) on delete restrict,
  tenant_id uuid not null references app.tenants (id) on delete restrict,
  name text not null,
  title text not null,
  role text not null,
  sort int not null
);
create table sec.schema_state ( -- how far services/migrate has come; services wait for it
  only_row boolean primary key default true check (only_row),
  version bigint not null,
  at timestamptz not null default now()
);
alter table sec.clients add column created_by uuid;
alter table app.codes add column help text not null default '';
alter table app.codes add column needs_text boolean not null default false;
alter table app.codes add column valid_to date; -- a code taken out of the city's file is closed, never deleted

-- The session's own tenant only: app.tid is proven before these are read.
create policy auth_reads on app.people for select to lyhord_auth using (tenant_id = (select app.tid()));
create policy auth_reads on app.units for select to lyhord_auth using (tenant_id = (select app.tid()));
grant select on app.people, app.units to lyhord_auth;

-- +goose StatementBegin
create function sec.is_today(valid_from date, valid_to date) returns boolean
language sql stable parallel safe
return valid_from <= app.today() and (valid_to is null or valid_to >= app.today());

-- ---------------------------------------------------------------- password login
-- sec.begin_login counts the attempt as failed before the password is looked at, so that attempts sent at the same time
-- cannot slip past the delay. From the fifth in a row the account waits 5 s, 10 s … at most 15 minutes; never for ever.
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

-- ---------------------------------------------------------------- sessions
create function sec.token_sha256() returns bytea
language sql stable set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(nullif(current_setting('app.token', true), ''), 'UTF8'))
$$;

-- A session ends 30 minutes after it was last used and at the latest 9 hours after login. The earlier of the two is kept
-- in expires_at, so that app.tid too refuses an idle session.
create function sec.session_end(opened timestamptz) returns timestamptz
language sql stable set search_path = pg_catalog, pg_temp as $$
  select least(opened + interval '9 hours', now() + interval '30 minutes')
$$;

-- sec.live_session is the live session behind app.token, locked against being used twice at once.
create function sec.live_session() returns setof sec.sessions
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select * from sec.sessions s
   where s.token_sha256 = sec.token_sha256() and s.revoked_at is null and s.expires_at > now() for update
$$;

-- sec.open_session makes app.token a session of the account: the caller has just proven who it is. At most 5 live at once.
create function sec.open_session(account uuid, session uuid, tenant_slug text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare home uuid;
begin
  perform 1 from sec.accounts a where a.id = open_session.account and a.disabled_at is null for update;
  if not found or sec.token_sha256() is null then
    raise exception using errcode = 'LY401', message = 'no_account';
  end if;
  select t.id into home from sec.memberships m join app.tenants t on t.id = m.tenant_id
   where m.account_id = open_session.account and sec.is_today(m.valid_from, m.valid_to) and sec.is_today(t.valid_from, t.valid_to)
     and (open_session.tenant_slug is null or t.slug = open_session.tenant_slug)
   order by t.name limit 1;
  if home is null then
    raise exception using errcode = 'LY403', message = 'no_membership';
  end if;
  delete from sec.sessions s where s.subject_id = open_session.account and s.expires_at < now() - interval '30 days';
  update sec.sessions s set revoked_at = now()
   where s.subject_id = open_session.account and s.revoked_at is null and s.id not in (
     select k.id from sec.sessions k where k.subject_id = open_session.account and k.revoked_at is null and k.expires_at > now()
      order by k.last_seen_at desc, k.id desc limit 4);
  insert into sec.sessions (token_sha256, id, kind, subject_id, tenant_id, expires_at)
    values (sec.token_sha256(), open_session.session, 'PERSON', open_session.account, home, sec.session_end(now()));
  update sec.accounts a set failed_attempts = 0, locked_until = null where a.id = open_session.account;
end $$;

-- sec.read_actor tells who is behind app.token and what she is, or nothing: what every request asks before anything else, so it
-- reads no more than that needs. It notes the use at most once a minute.
create function sec.read_actor() returns table (
  session_id uuid, kind text, subject_id uuid, tenant_id uuid, tenant_slug text, tenant_kind text, city text, roles text[], scopes text[])
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  token bytea := sec.token_sha256();
  idle boolean;
begin
  select s.id, s.kind, s.subject_id, t.id, t.slug, t.kind, ci.slug, coalesce(h.roles, '{}'), coalesce(c.scopes, '{}'), s.last_seen_at < now() - interval '1 minute'
    into session_id, kind, subject_id, tenant_id, tenant_slug, tenant_kind, city, roles, scopes, idle
    from sec.sessions s join app.tenants t on t.id = s.tenant_id join app.cities ci on ci.id = t.city_id
    left join lateral (
      select array_agg(distinct m.role order by m.role) as roles from sec.accounts a join sec.memberships m on m.account_id = a.id
       where a.id = s.subject_id and a.disabled_at is null and m.tenant_id = s.tenant_id and sec.is_today(m.valid_from, m.valid_to)) h on s.kind = 'PERSON'
    left join sec.clients c on s.kind = 'CLIENT' and c.id = s.subject_id and c.tenant_id = s.tenant_id and c.revoked_at is null
   where s.token_sha256 = token and s.revoked_at is null and s.expires_at > now() and sec.is_today(t.valid_from, t.valid_to)
     and (h.roles is not null or c.id is not null); -- or the membership has ended, the account is disabled, the client revoked
  if not found then
    return;
  end if;
  if kind = 'PERSON' and idle then
    update sec.sessions x set last_seen_at = now(), expires_at = sec.session_end(x.created_at)
     where x.token_sha256 = token and x.last_seen_at < now() - interval '1 minute';
  end if;
  return next;
end $$;

-- sec.read_session tells all about the session behind app.token, or nothing.
create function sec.read_session() returns table (
  session_id uuid, kind text, subject_id uuid, name text, title text, home_unit_id uuid,
  tenant_id uuid, tenant_slug text, tenant_name text, tenant_kind text, city text,
  roles text[], scopes text[], units jsonb, tenants jsonb, expires_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare me record;
begin
  select * into me from sec.read_actor();
  if not found then
    return;
  end if;
  perform app.enter(current_setting('app.token'), me.tenant_id::text); -- the names below stand behind the tenant's fence
  return query
  with held as (
    select m.role, m.unit_id, u.name as unit_name from sec.memberships m join app.units u on u.tenant_id = m.tenant_id and u.id = m.unit_id
     where m.account_id = me.subject_id and m.tenant_id = me.tenant_id and sec.is_today(m.valid_from, m.valid_to)
  )
  select me.session_id, me.kind, me.subject_id, coalesce(p.name, c.name, ''), coalesce(p.title, ''), p.home_unit_id,
         t.id, t.slug, t.name, t.kind, me.city, me.roles, me.scopes,
         coalesce((select jsonb_agg(jsonb_build_object('id', h.unit_id, 'name', h.unit_name, 'role', h.role) order by h.unit_name, h.role) from held h), '[]'),
         coalesce((select jsonb_agg(jsonb_build_object('slug', o.slug, 'name', o.name) order by o.name) from app.tenants o
            where sec.is_today(o.valid_from, o.valid_to) and exists (select 1 from sec.memberships m
              where m.account_id = me.subject_id and m.tenant_id = o.id and sec.is_today(m.valid_from, m.valid_to))), '[]'),
         s.expires_at
    from app.tenants t join sec.sessions s on s.id = me.session_id
    left join app.people p on me.kind = 'PERSON' and p.tenant_id = t.id and p.id = me.subject_id
    left join sec.clients c on me.kind = 'CLIENT' and c.id = me.subject_id
   where t.id = me.tenant_id;
end $$;

-- sec.switch_tenant ends the session and opens a new one, with a new token, in another tenant of the same person.
-- The day's limit goes on from the first login. Afterwards app.token is the new token.
create function sec.switch_tenant(tenant_slug text, new_token text, session uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  s sec.sessions;
  target uuid;
begin
  select * into s from sec.live_session();
  if s.id is null or s.kind <> 'PERSON' then
    raise exception using errcode = 'LY401', message = 'no_session';
  end if;
  select t.id into target from sec.memberships m join app.tenants t on t.id = m.tenant_id
   where m.account_id = s.subject_id and t.slug = switch_tenant.tenant_slug
     and sec.is_today(m.valid_from, m.valid_to) and sec.is_today(t.valid_from, t.valid_to) limit 1;
  if target is null then
    raise exception using errcode = 'LY404', message = 'no_membership';
  end if;
  update sec.sessions x set revoked_at = now() where x.id = s.id;
  insert into sec.sessions (token_sha256, id, kind, subject_id, tenant_id, created_at, expires_at)
    values (sha256(convert_to(new_token, 'UTF8')), switch_tenant.session, 'PERSON', s.subject_id, target, s.created_at, sec.session_end(s.created_at));
  perform set_config('app.token', new_token, true);
end $$;

-- sec.end_session ends one of the person's own sessions; null means the one in use.
create function sec.end_session(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update sec.sessions x set revoked_at = now() from sec.live_session() me
   where x.subject_id = me.subject_id and x.id = coalesce(which, me.id) and x.revoked_at is null and x.expires_at > now();
  return found;
end $$;

create function sec.my_sessions() returns table (
  id uuid, created_at timestamptz, last_seen_at timestamptz, expires_at timestamptz, tenant_name text, current boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select x.id, x.created_at, x.last_seen_at, x.expires_at, t.name, x.token_sha256 = sec.token_sha256()
    from sec.sessions x join app.tenants t on t.id = x.tenant_id
   where x.subject_id = (select me.subject_id from sec.sessions me
      where me.token_sha256 = sec.token_sha256() and me.revoked_at is null and me.expires_at > now())
     and x.revoked_at is null and x.expires_at > now()
   order by x.created_at desc
$$;

-- ---------------------------------------------------------------- OIDC
create function sec.oidc_provider(tenant_slug text) returns table (
  tenant_id uuid, issuer text, client_id text, secret_env text, scopes text[], required_acr text, login_claim text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.tenant_id, p.issuer, p.client_id, p.secret_env, p.scopes, p.required_acr, p.login_claim
    from sec.oidc_providers p join app.tenants t on t.id = p.tenant_id
   where t.slug = oidc_provider.tenant_slug and sec.is_today(t.valid_from, t.valid_to)
$$;
create function sec.begin_oidc(state_sha256 bytea, tenant uuid, nonce text, verifier text, return_to text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from sec.login_states where expires_at < now();
  insert into sec.login_states (state_sha256, tenant_id, nonce, verifier, return_to, expires_at)
    values (begin_oidc.state_sha256, tenant, begin_oidc.nonce, begin_oidc.verifier, begin_oidc.return_to, now() + interval '10 minutes');
$$;
-- sec.take_oidc gives a login under way once and never again.
create function sec.take_oidc(state_sha256 bytea, tenant uuid) returns table (nonce text, verifier text, return_to text)
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from sec.login_states l
   where l.state_sha256 = take_oidc.state_sha256 and l.tenant_id = take_oidc.tenant and l.expires_at > now()
  returning l.nonce, l.verifier, l.return_to
$$;
-- sec.oidc_account finds who (issuer, subject) is. The first time, and only then, the claim the tenant has chosen may say
-- which waiting account it is; an account that already has an identity is never given another.
create function sec.oidc_account(tenant uuid, issuer text, subject text, claim text) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare found_id uuid;
begin
  if not exists (select 1 from sec.oidc_providers p where p.tenant_id = tenant and p.issuer = oidc_account.issuer) then
    return null;
  end if;
  select a.id into found_id from sec.accounts a
   where a.oidc_issuer = oidc_account.issuer and a.oidc_subject = oidc_account.subject;
  if found_id is null and claim is not null then
    update sec.accounts a set oidc_issuer = oidc_account.issuer, oidc_subject = oidc_account.subject
      from sec.first_logins f
     where f.tenant_id = oidc_account.tenant and f.claim = lower(oidc_account.claim)
       and a.id = f.account_id and a.oidc_subject is null and a.disabled_at is null
    returning a.id into found_id;
  end if;
  return found_id;
end $$;

-- ---------------------------------------------------------------- machines
create function sec.must_administer() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if app.tid() is null or not exists (select 1 from sec.memberships m
      where m.account_id = app.pid() and m.tenant_id = app.tid() and m.role = 'tenant_admin' and sec.is_today(m.valid_from, m.valid_to)) then
    raise exception using errcode = 'LY403', message = 'tenant_admin';
  end if;
end $$;
create function sec.create_client(id uuid, name text, secret_sha256 bytea, scopes text[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform sec.must_administer();
  insert into sec.clients (id, tenant_id, name, secret_sha256, scopes, created_by)
    values (create_client.id, app.tid(), create_client.name, create_client.secret_sha256, create_client.scopes, app.pid());
end $$;
create function sec.my_clients() returns table (id uuid, name text, scopes text[], created_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform sec.must_administer();
  return query select c.id, c.name, c.scopes, c.created_at from sec.clients c
    where c.tenant_id = app.tid() and c.revoked_at is null order by c.name, c.id;
end $$;
-- sec.revoke_client ends a machine's right and, because app.tid asks each time, its sessions with it.
create function sec.revoke_client(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform sec.must_administer();
  update sec.clients c set revoked_at = now() where c.id = which and c.tenant_id = app.tid() and c.revoked_at is null;
  return found;
end $$;
-- sec.open_client_session makes app.token a session of a machine for 15 minutes. The secret has 256 random bits, so its
-- hash needs no salt and no stretching.
create function sec.open_client_session(client uuid, secret_sha256 bytea, session uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare home uuid;
begin
  select c.tenant_id into home from sec.clients c join app.tenants t on t.id = c.tenant_id
   where c.id = open_client_session.client and c.secret_sha256 = open_client_session.secret_sha256 and c.revoked_at is null
     and sec.is_today(t.valid_from, t.valid_to);
  if home is null or sec.token_sha256() is null then
    raise exception using errcode = 'LY401', message = 'no_client';
  end if;
  delete from sec.sessions s where s.subject_id = open_client_session.client and s.expires_at < now() - interval '1 day';
  insert into sec.sessions (token_sha256, id, kind, subject_id, tenant_id, expires_at)
    values (sec.token_sha256(), open_client_session.session, 'CLIENT', open_client_session.client, home, now() + interval '15 minutes');
end $$;

-- ---------------------------------------------------------------- who holds which role, and the demo's list
-- sec.role_holders tells who in the active tenant holds one of the roles today, and in which unit.
create function sec.role_holders(roles text[]) returns table (person_id uuid, role text, unit_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.account_id, m.role, m.unit_id from sec.memberships m join sec.accounts a on a.id = m.account_id
   where m.tenant_id = (select app.tid()) and m.role = any (role_holders.roles)
     and sec.is_today(m.valid_from, m.valid_to) and a.disabled_at is null
$$;
-- sec.schema_version is the version whose migrations and tenants are all in place; 0 before the first.
create function sec.schema_version() returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(max(s.version), 0) from sec.schema_state s
$$;
create function sec.demo_list() returns table (
  city text, tenant_slug text, tenant_name text, tenant_kind text, login text, name text, title text, role text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select ci.name, t.slug, t.name, t.kind, a.login, d.name, d.title, d.role
    from sec.demo_logins d join sec.accounts a on a.id = d.account_id and a.disabled_at is null
    join app.tenants t on t.id = d.tenant_id join app.cities ci on ci.id = t.city_id
   order by ci.name desc, case t.kind when 'BOARD' then 1 when 'CITY_OFFICE' then 2 else 3 end, t.name, d.sort
$$;
-- +goose StatementEnd

-- ---------------------------------------------------------------- who owns and who may call what
alter table sec.oidc_providers owner to lyhord_auth;
alter table sec.first_logins owner to lyhord_auth;
alter table sec.demo_logins owner to lyhord_auth;
alter table sec.schema_state owner to lyhord_auth;
alter function sec.schema_version() owner to lyhord_auth;
alter function sec.is_today(date, date) owner to lyhord_auth;
alter function sec.begin_login(text) owner to lyhord_auth;
alter function sec.token_sha256() owner to lyhord_auth;
alter function sec.session_end(timestamptz) owner to lyhord_auth;
alter function sec.live_session() owner to lyhord_auth;
alter function sec.open_session(uuid, uuid, text) owner to lyhord_auth;
alter function sec.read_actor() owner to lyhord_auth;
alter function sec.read_session() owner to lyhord_auth;
alter function sec.switch_tenant(text, text, uuid) owner to lyhord_auth;
alter function sec.end_session(uuid) owner to lyhord_auth;
alter function sec.my_sessions() owner to lyhord_auth;
alter function sec.oidc_provider(text) owner to lyhord_auth;
alter function sec.begin_oidc(bytea, uuid, text, text, text) owner to lyhord_auth;
alter function sec.take_oidc(bytea, uuid) owner to lyhord_auth;
alter function sec.oidc_account(uuid, text, text, text) owner to lyhord_auth;
alter function sec.must_administer() owner to lyhord_auth;
alter function sec.create_client(uuid, text, bytea, text[]) owner to lyhord_auth;
alter function sec.my_clients() owner to lyhord_auth;
alter function sec.revoke_client(uuid) owner to lyhord_auth;
alter function sec.open_client_session(uuid, bytea, uuid) owner to lyhord_auth;
alter function sec.role_holders(text[]) owner to lyhord_auth;
alter function sec.demo_list() owner to lyhord_auth;
revoke execute on function sec.is_today(date, date), sec.begin_login(text), sec.token_sha256(), sec.session_end(timestamptz),
  sec.live_session(), sec.open_session(uuid, uuid, text), sec.read_actor(), sec.read_session(), sec.switch_tenant(text, text, uuid),
  sec.end_session(uuid), sec.my_sessions(), sec.oidc_provider(text), sec.begin_oidc(bytea, uuid, text, text, text),
  sec.take_oidc(bytea, uuid), sec.oidc_account(uuid, text, text, text), sec.must_administer(),
  sec.create_client(uuid, text, bytea, text[]), sec.my_clients(), sec.revoke_client(uuid),
  sec.open_client_session(uuid, bytea, uuid), sec.role_holders(text[]), sec.schema_version(), sec.demo_list() from public;
grant execute on function sec.begin_login(text), sec.open_session(uuid, uuid, text), sec.read_actor(), sec.read_session(),
  sec.switch_tenant(text, text, uuid), sec.end_session(uuid), sec.my_sessions(), sec.oidc_provider(text),
  sec.begin_oidc(bytea, uuid, text, text, text), sec.take_oidc(bytea, uuid), sec.oidc_account(uuid, text, text, text),
  sec.create_client(uuid, text, bytea, text[]), sec.my_clients(), sec.revoke_client(uuid),
  sec.open_client_session(uuid, bytea, uuid), sec.demo_list() to lyhord_api;
grant execute on function sec.role_holders(text[]) to lyhord_api, lyhord_worker;
grant execute on function sec.schema_version() to lyhord_api, lyhord_worker, lyhord_intake;
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop function sec.demo_list();
drop function sec.schema_version();
drop function sec.role_holders(text[]);
drop function sec.open_client_session(uuid, bytea, uuid);
drop function sec.revoke_client(uuid);
drop function sec.my_clients();
drop function sec.create_client(uuid, text, bytea, text[]);
drop function sec.must_administer();
drop function sec.oidc_account(uuid, text, text, text);
drop function sec.take_oidc(bytea, uuid);
drop function sec.begin_oidc(bytea, uuid, text, text, text);
drop function sec.oidc_provider(text);
drop function sec.my_sessions();
drop function sec.end_session(uuid);
drop function sec.switch_tenant(text, text, uuid);
drop function sec.read_session();
drop function sec.read_actor();
drop function sec.open_session(uuid, uuid, text);
drop function sec.live_session();
drop function sec.session_end(timestamptz);
drop function sec.token_sha256();
drop function sec.begin_login(text);
drop function sec.is_today(date, date);
drop policy auth_reads on app.people;
drop policy auth_reads on app.units;
revoke select on app.people, app.units from lyhord_auth;
alter table app.codes drop column help, drop column needs_text, drop column valid_to;
alter table sec.clients drop column created_by;
drop table sec.schema_state, sec.demo_logins, sec.first_logins, sec.oidc_providers;
