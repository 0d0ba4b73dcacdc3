-- What only a database administrator may do, once per cluster and database. Idempotent.
-- Passwords are set by Bootstrap in Go: never in a file.
-- Roles belong to the cluster: two administrators, even of two databases, take turns.
lock table pg_catalog.pg_authid in share row exclusive mode;
do $$
declare r text;
begin
  foreach r in array array['lyhord_owner','lyhord_auth','lyhord_dialogue','lyhord_stats'] loop
    if not exists (select 1 from pg_roles where rolname = r) then
      execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication', r);
    end if;
  end loop;
  if not exists (select 1 from pg_roles where rolname = 'lyhord_migrator') then
    create role lyhord_migrator login nosuperuser bypassrls nocreatedb nocreaterole noreplication;
  end if;
  foreach r in array array['lyhord_api','lyhord_login','lyhord_intake','lyhord_worker','lyhord_relay','lyhord_insight'] loop
    if not exists (select 1 from pg_roles where rolname = r) then
      execute format('create role %I login nosuperuser nobypassrls nocreatedb nocreaterole noreplication', r);
    end if;
    execute format('alter role %I set statement_timeout = %L', r, case r when 'lyhord_insight' then '60s' else '5s' end);
    execute format('alter role %I set lock_timeout = %L', r, '2s');
    execute format('alter role %I set idle_in_transaction_session_timeout = %L', r, '10s');
  end loop;
  alter role lyhord_migrator set lock_timeout = '2s';
  alter role lyhord_migrator set statement_timeout = '10min';
  alter role lyhord_migrator set idle_in_transaction_session_timeout = '10min';
end $$;

-- The migrator acts with the owners' rights by membership, never by SET ROLE (that would drop BYPASSRLS
-- and let a foreign key be "validated" over rows it cannot see).
grant lyhord_owner, lyhord_auth, lyhord_dialogue, lyhord_stats to lyhord_migrator;

do $$
begin
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to lyhord_migrator, lyhord_api, lyhord_login, lyhord_intake, lyhord_worker, lyhord_relay, lyhord_insight', current_database());
  execute format('grant create on database %I to lyhord_migrator', current_database());
  execute format('alter database %I set timezone = %L', current_database(), 'UTC');
end $$;
revoke all on schema public from public;
grant usage, create on schema public to lyhord_migrator; -- goose keeps its version table here
-- A large object belongs to no tenant and asks no policy.
revoke execute on function pg_catalog.lo_create(oid), pg_catalog.lo_creat(int), pg_catalog.lo_from_bytea(oid, bytea) from public;
