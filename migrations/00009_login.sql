-- +goose Up
-- Three holes are closed.

-- ---------------------------------------------------------------- a login is not the api's to make
-- A statement slipped into a request ran with all the rights of lyhord_api, and could open a session for anybody or read a
-- password's hash. What opens sessions or touches credentials now answers to lyhord_login only, through whose connections
-- nothing but these calls goes. It has no right to any table.
grant usage on schema sec to lyhord_login;
revoke execute on function sec.begin_login(text), sec.open_session(uuid, uuid, text), sec.oidc_provider(text),
  sec.begin_oidc(bytea, uuid, text, text, text), sec.take_oidc(bytea, uuid), sec.oidc_account(uuid, text, text, text),
  sec.open_client_session(uuid, bytea, uuid), sec.demo_list() from lyhord_api;
grant execute on function sec.begin_login(text), sec.open_session(uuid, uuid, text), sec.oidc_provider(text),
  sec.begin_oidc(bytea, uuid, text, text, text), sec.take_oidc(bytea, uuid), sec.oidc_account(uuid, text, text, text),
  sec.open_client_session(uuid, bytea, uuid), sec.demo_list(), sec.read_session() to lyhord_login;

-- Whose account is disabled changes nothing any more, not even the tenant of a session that is left.
-- +goose StatementBegin
create or replace function sec.switch_tenant(tenant_slug text, new_token text, session uuid) returns void
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
    join sec.accounts a on a.id = m.account_id and a.disabled_at is null
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
-- +goose StatementEnd

-- ---------------------------------------------------------------- an event says who did it
-- As in the trail: the person of the session; nobody for jobs and the public form.
alter table app.case_events alter column actor_id set default app.pid();
create policy honest on app.case_events as restrictive for insert to lyhord_api, lyhord_intake, lyhord_worker, lyhord_dialogue
  with check (actor_id is not distinct from (select app.pid()));

-- ---------------------------------------------------------------- a measure mends a cause of its own case
drop index app.causes_case;
alter table app.causes add unique (tenant_id, case_id, id);
alter table app.measures drop constraint measures_tenant_id_cause_id_fkey;
alter table app.measures add foreign key (tenant_id, case_id, cause_id) references app.causes (tenant_id, case_id, id) on delete restrict;

-- +goose Down
alter table app.measures drop constraint measures_tenant_id_case_id_cause_id_fkey;
alter table app.measures add foreign key (tenant_id, cause_id) references app.causes (tenant_id, id) on delete restrict;
alter table app.causes drop constraint causes_tenant_id_case_id_id_key;
create index causes_case on app.causes (tenant_id, case_id);
drop policy honest on app.case_events;
alter table app.case_events alter column actor_id drop default;
-- +goose StatementBegin
create or replace function sec.switch_tenant(tenant_slug text, new_token text, session uuid) returns void
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
-- +goose StatementEnd
revoke execute on function sec.begin_login(text), sec.open_session(uuid, uuid, text), sec.oidc_provider(text),
  sec.begin_oidc(bytea, uuid, text, text, text), sec.take_oidc(bytea, uuid), sec.oidc_account(uuid, text, text, text),
  sec.open_client_session(uuid, bytea, uuid), sec.demo_list(), sec.read_session() from lyhord_login;
grant execute on function sec.begin_login(text), sec.open_session(uuid, uuid, text), sec.oidc_provider(text),
  sec.begin_oidc(bytea, uuid, text, text, text), sec.take_oidc(bytea, uuid), sec.oidc_account(uuid, text, text, text),
  sec.open_client_session(uuid, bytea, uuid), sec.demo_list() to lyhord_api;
revoke usage on schema sec from lyhord_login;
