-- Roles, and what stands around the tables: schemas, the database, default rights, publications.
with ours as (
  select r.oid, r.rolname, r.rolname in ('lyhord_api', 'lyhord_login', 'lyhord_intake', 'lyhord_worker', 'lyhord_relay', 'lyhord_insight') as door,
         r.rolname = 'lyhord_migrator' as migrator, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolcanlogin
    from pg_roles r where r.rolname ~ '^lyhord_'
), here as (select d.oid, d.datname, d.datdba, d.datacl from pg_database d where d.datname = current_database()),
settings as ( -- what holds for a role in this database
  select o.oid, split_part(s.line, '=', 1) as key, substr(s.line, strpos(s.line, '=') + 1) as value, x.setrole
    from ours o join pg_db_role_setting x on x.setrole in (o.oid, 0) and x.setdatabase in (0, (select oid from here))
    cross join lateral unnest(x.setconfig) s (line)
), schemas as (
  select n.nspname, x.grantee, x.privilege_type, coalesce(g.rolname, 'PUBLIC') as who
    from pg_namespace n cross join lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) x left join pg_roles g on g.oid = x.grantee
   where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and x.grantee <> n.nspowner
), on_database as (
  select h.datname, x.grantee, x.privilege_type, coalesce(g.rolname, 'PUBLIC') as who
    from here h cross join lateral aclexplode(coalesce(h.datacl, acldefault('d', h.datdba))) x left join pg_roles g on g.oid = x.grantee
   where x.grantee <> h.datdba
)
select 'role-missing' as rule, w.name as object, 'the role does not exist' as why
  from unnest(array['lyhord_owner', 'lyhord_auth', 'lyhord_dialogue', 'lyhord_stats', 'lyhord_migrator', 'lyhord_api', 'lyhord_login', 'lyhord_intake',
    'lyhord_worker', 'lyhord_relay', 'lyhord_insight']) w (name) where not exists (select from ours o where o.rolname = w.name)
union all
select 'role-power', o.rolname::text, 'is ' || concat_ws(', ', case when o.rolsuper then 'superuser' end, case when o.rolbypassrls then 'past row level security' end,
       case when o.rolcreaterole then 'able to create roles' end, case when o.rolcreatedb then 'able to create databases' end,
       case when o.rolreplication then 'able to replicate' end)
  from ours o where o.rolsuper or o.rolbypassrls and not o.migrator or o.rolcreaterole or o.rolcreatedb or o.rolreplication
union all
select 'role-login', o.rolname::text, 'owns things and may log in' from ours o where o.rolcanlogin and not o.door and not o.migrator
union all
select 'role-member', o.rolname::text, 'is a member of ' || g.rolname
  from ours o join pg_auth_members m on m.member = o.oid join pg_roles g on g.oid = m.roleid where not o.migrator or g.rolname !~ '^lyhord_'
union all
select 'role-member', p.rolname::text, 'is a member of ' || o.rolname
  from ours o join pg_auth_members m on m.roleid = o.oid join pg_roles p on p.oid = m.member
 where p.rolname !~ '^lyhord_' and not p.rolsuper
union all
select 'role-owns', o.rolname::text, 'owns ' || pg_describe_object(s.classid, s.objid, 0)
  from ours o join pg_shdepend s on s.refclassid = 'pg_authid'::regclass and s.refobjid = o.oid and s.deptype = 'o'
 where o.door and s.dbid in (0, (select oid from here))
union all
select 'role-timeouts', o.rolname::text, 'has no ' || k.key
  from ours o cross join unnest(array['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']) k (key)
 where (o.door or o.migrator)
   and not exists (select from settings s where s.oid = o.oid and s.setrole = o.oid and s.key = k.key and s.value !~ '^0[a-z]*$')
union all
select distinct 'role-setting', case when s.setrole = 0 then 'database' else o.rolname::text end, 'begins every session with ' || s.key || ' = ' || s.value
  from settings s join ours o on o.oid = s.oid
 where s.key in ('row_security', 'session_replication_role', 'role', 'search_path') or s.key like 'app.%'
union all
select 'schema-create', s.nspname::text, s.who || ' may create things in it'
  from schemas s where s.privilege_type = 'CREATE' and s.who <> 'lyhord_migrator'
union all
select 'schema-public', s.nspname::text, 'PUBLIC holds ' || s.privilege_type from schemas s where s.grantee = 0
union all
select 'database-rights', d.datname::text, d.who || ' holds ' || d.privilege_type
  from on_database d where not (d.privilege_type = 'CONNECT' and d.who ~ '^lyhord_' or d.privilege_type = 'CREATE' and d.who = 'lyhord_migrator')
union all
select 'default-rights', coalesce(n.nspname, 'every schema'), coalesce(g.rolname, 'PUBLIC') || ' is given ' || x.privilege_type || ' on what will be created'
  from pg_default_acl a left join pg_namespace n on n.oid = a.defaclnamespace cross join lateral aclexplode(a.defaclacl) x
  left join pg_roles g on g.oid = x.grantee where x.grantee <> a.defaclrole
union all
select 'publication', p.pubname::text, 'hands out rows past row level security' from pg_publication p
union all
select 'large-object', m.oid::text, 'a large object belongs to no tenant' from pg_largeobject_metadata m
union all
select 'large-object', p.oid::regprocedure::text, 'everybody may make large objects, which belong to no tenant'
  from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace and p.proname in ('lo_create', 'lo_creat', 'lo_from_bytea', 'lo_import')
   and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x where x.grantee = 0)
union all
select 'event-trigger', e.evtname::text, 'runs by itself and is on no list' from pg_event_trigger e
