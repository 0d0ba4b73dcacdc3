-- Functions: which of them act with another's rights, and what the planner may believe of them.
with ours as (
  select p.oid, p.oid::regprocedure::text as name, p.prosecdef, p.proconfig, p.proacl, p.proowner, p.provolatile, p.proleakproof, p.proparallel,
         case when p.prokind in ('f', 'p') then pg_get_functiondef(p.oid) else '' end as body,
         o.rolname as owner, o.rolsuper, o.rolbypassrls, o.rolcanlogin, l.lanname
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles o on o.oid = p.proowner join pg_language l on l.oid = p.prolang
   where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
), rights as (
  select u.name, x.grantee, coalesce(g.rolname, 'PUBLIC') as who
    from ours u cross join lateral aclexplode(coalesce(u.proacl, acldefault('f', u.proowner))) x left join pg_roles g on g.oid = x.grantee
   where x.grantee <> u.proowner
), of_sec (who, names) as ( -- a call that opens a session or touches a credential is lyhord_login's alone
  values ('lyhord_login', array['sec.begin_login(text)', 'sec.open_session(uuid,uuid,text)', 'sec.read_session()', 'sec.oidc_provider(text)',
      'sec.begin_oidc(bytea,uuid,text,text,text)', 'sec.take_oidc(bytea,uuid)', 'sec.oidc_account(uuid,text,text,text)',
      'sec.open_client_session(uuid,bytea,uuid)', 'sec.demo_list()']),
    ('lyhord_api', array['sec.read_actor()', 'sec.read_session()', 'sec.switch_tenant(text,text,uuid)', 'sec.end_session(uuid)', 'sec.my_sessions()',
      'sec.create_client(uuid,text,bytea,text[])', 'sec.my_clients()', 'sec.revoke_client(uuid)', 'sec.role_holders(text[])',
      'sec.schema_version()', 'sec.wrapped_keys(uuid)']),
    ('lyhord_worker', array['sec.role_holders(text[])', 'sec.schema_version()', 'sec.wrapped_keys(uuid)']),
    ('lyhord_intake', array['sec.schema_version()', 'sec.wrapped_keys(uuid)'])
)
select 'definer-search-path' as rule, u.name as object,
       'acts with its owner''s rights but not with search_path = pg_catalog, pg_temp' as why
  from ours u where u.prosecdef and not coalesce(u.proconfig, '{}') && array['search_path=pg_catalog, pg_temp']
union all
select 'definer-owner', u.name, 'acts as ' || u.owner || ', who ' ||
       case when u.rolsuper then 'is a superuser' when u.rolbypassrls then 'passes row level security' else 'logs in' end
  from ours u where u.prosecdef and (u.rolsuper or u.rolbypassrls or u.rolcanlogin)
union all
select distinct 'definer-owns-tables', u.owner::text, 'owns tables and functions that act with its rights'
  from ours u where u.prosecdef and exists (select from pg_class c where c.relowner = u.proowner and c.relkind in ('r', 'p'))
union all
select 'execute-public', r.name, 'everybody may call it' from rights r where r.grantee = 0
union all
select 'execute-stranger', r.name, r.who || ' may call it and is no role of ours' from rights r where r.grantee <> 0 and r.who !~ '^lyhord_'
union all
select 'execute-sec', r.name, r.who || ' may call it and is not on its list'
  from rights r where r.name ~ '^sec\.' and not exists (select from of_sec s where s.who = r.who and r.name = any (s.names))
union all
select 'immutable-reads-context', u.name, 'is IMMUTABLE but reads settings or the session: a cached plan would keep another tenant''s answer'
  from ours u where u.provolatile = 'i' and u.body ~* 'current_setting|(app\.(tid|pid|sees_all|labels|labels_everywhere|units_in_sight)|sec\.(proven|mac))\s*\(|pg_settings'
union all
select 'leakproof', u.name, 'claims to be LEAKPROOF and would run before the fence' from ours u where u.proleakproof
union all
select 'language', u.name, 'is written in ' || u.lanname from ours u where u.lanname not in ('sql', 'plpgsql')
union all
select 'language', l.lanname::text, 'is a language off the list' from pg_language l where l.lanname not in ('internal', 'c', 'sql', 'plpgsql')
union all
select 'extension', e.extname::text, 'is an extension off the list' from pg_extension e where e.extname <> 'plpgsql'
union all
select 'definer-trusts-setting', u.name, 'changes a setting that row level security or triggers depend on'
  from ours u where exists (select from unnest(u.proconfig) s where s ~ '^(row_security|session_replication_role|app\.|role=)')
union all
-- The functions that say who and where; if they are missing or anybody else's, nothing else here means anything.
select 'context-function', w.name, 'is missing, not a definer function of lyhord_auth, or not STABLE'
  from unnest(array['app.tid()', 'app.pid()', 'app.sees_all()', 'app.labels()', 'app.labels_everywhere()', 'app.units_in_sight()']) w (name)
 where not exists (select from ours u where u.name = w.name and u.prosecdef and u.owner = 'lyhord_auth' and u.provolatile = 's' and not u.proleakproof
   and u.proparallel <> 's')
union all
-- A proof is made by app.enter alone, out of a secret that nobody else reads.
select 'proof', w.name, 'is missing, not lyhord_auth''s, or may be called by others than it should'
  from (values ('sec.mac(text)', '{}'::text[]), ('sec.proven()', '{}'), ('sec.standing(text,uuid)', '{}'),
    ('app.enter(text,text)', '{lyhord_api,lyhord_intake,lyhord_worker}')) w (name, callers)
 where not exists (select from ours u where u.name = w.name and u.owner = 'lyhord_auth')
    or exists (select from rights r where r.name = w.name and r.who <> all (w.callers))
union all
select 'owner', u.name, 'belongs to ' || u.owner || ', who logs in or is past row level security'
  from ours u where u.owner not in ('lyhord_owner', 'lyhord_auth', 'lyhord_dialogue', 'lyhord_stats')
