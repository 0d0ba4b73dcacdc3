-- +goose Up
-- The trail of writes and reads (SoLPuL 10 §), who was told what, and idempotent creates.
create table app.audit_log (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  id uuid not null default gen_random_uuid(),
  at timestamptz not null default now(),
  actor_id uuid default app.pid(), -- null: a job or the public form
  actor_kind text not null check (actor_kind in ('PERSON', 'CLIENT', 'JOB', 'PUBLIC')),
  action text not null, -- the operation: open-case, list-cases …
  case_id uuid,
  shown uuid[] not null default '{}', -- ids a list showed
  result text not null check (result in ('OK', 'MISSING', 'REFUSED')),
  request_id text not null default '',
  primary key (tenant_id, id)
);
create index audit_log_at on app.audit_log using brin (at);
create index audit_log_case on app.audit_log (tenant_id, case_id, at desc);
create table app.deliveries (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  id uuid not null,
  outbox_id uuid not null,
  person_id uuid not null,
  channel text not null check (channel in ('EPOST')),
  template text not null,
  case_id uuid,
  created_at timestamptz not null default now(),
  attempted_at timestamptz,
  sent_at timestamptz,
  attempts int not null default 0,
  last_code text,
  primary key (tenant_id, id),
  unique (tenant_id, outbox_id, person_id),
  foreign key (tenant_id, person_id) references app.people (tenant_id, id) on delete restrict
);
create index deliveries_person on app.deliveries (tenant_id, person_id, created_at desc);
create table app.idempotency_keys (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  actor_id uuid not null default app.pid(),
  key uuid not null,
  operation text not null,
  request_sha256 bytea not null,
  ref uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, actor_id, key)
);
call sec.fence('app.audit_log', 'lyhord_api', 'lyhord_intake', 'lyhord_worker');
call sec.fence('app.deliveries', 'lyhord_api', 'lyhord_worker');
call sec.fence('app.idempotency_keys', 'lyhord_api');
create policy mine on app.idempotency_keys as restrictive for all to lyhord_api
  using (actor_id = (select app.pid())) with check (actor_id = (select app.pid()));
create policy honest on app.audit_log as restrictive for insert to lyhord_api with check (actor_id = (select app.pid()));
create policy sight on app.audit_log as restrictive for select to lyhord_api
  using (case_id is null or exists (select 1 from app.cases c where c.id = case_id));
create policy sight on app.deliveries as restrictive for all to lyhord_api
  using (case_id is null or exists (select 1 from app.cases c where c.id = case_id))
  with check (case_id is null or exists (select 1 from app.cases c where c.id = case_id));
grant insert (actor_kind, action, case_id, shown, result, request_id) on app.audit_log to lyhord_api, lyhord_intake, lyhord_worker;
grant select on app.audit_log to lyhord_api;
call sec.allow_insert('app.deliveries', 'lyhord_worker');
grant select on app.deliveries to lyhord_api, lyhord_worker;
grant update (attempted_at, sent_at, attempts, last_code) on app.deliveries to lyhord_worker;
call sec.allow_insert('app.idempotency_keys', 'lyhord_api');
grant select on app.idempotency_keys to lyhord_api;
create trigger append_only before update or delete on app.audit_log for each row execute function app.refuse_change();

-- +goose StatementBegin
-- app.once lets a create happen once per key. A second call with the same request raises LY208 with the first one's id
-- (the caller answers with that); with another request, LY422.
create function app.once(key uuid, operation text, request_sha256 bytea, ref uuid) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare before_sha bytea; before_ref uuid; before_op text;
begin
  insert into app.idempotency_keys (key, operation, request_sha256, ref) values (once.key, once.operation, once.request_sha256, once.ref)
    on conflict (tenant_id, actor_id, key) do nothing;
  if found then
    return true;
  end if;
  select i.request_sha256, i.ref, i.operation into before_sha, before_ref, before_op
    from app.idempotency_keys i where i.key = once.key;
  if before_sha = once.request_sha256 and before_op = once.operation then
    raise exception using errcode = 'LY208', message = before_ref::text;
  end if;
  raise exception using errcode = 'LY422', message = 'idempotency_key';
end $$;
-- +goose StatementEnd
revoke execute on function app.once(uuid, text, bytea, uuid) from public;
grant execute on function app.once(uuid, text, bytea, uuid) to lyhord_api;
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop function app.once(uuid, text, bytea, uuid);
drop table app.idempotency_keys, app.deliveries, app.audit_log;
