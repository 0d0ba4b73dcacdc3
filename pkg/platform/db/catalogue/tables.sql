-- Tables, views and what may be granted on them. Every row returned is a violation: rule, object, why.
with ours as (
  select c.oid, c.relname, c.relkind, c.relacl, c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.relispartition, c.relpersistence,
         c.reloptions, n.nspname, c.oid::regclass::text as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
), fenced as ( -- every table is a tenant's unless it is said here that it is not
  select o.* from ours o where o.relkind in ('r', 'p') and o.nspname <> 'sec'
     and o.name <> all (array['app.cities', 'app.tenants', 'app.codes', 'app.transitions', 'app.state_pairs', 'app.lex_moves', 'public.goose_db_version'])
), column_of_tenant as (
  select f.oid, f.name, a.attnum, a.attnotnull, a.atttypid, pg_get_expr(d.adbin, d.adrelid) as preset
    from fenced f left join pg_attribute a on a.attrelid = f.oid and a.attname = 'tenant_id' and not a.attisdropped
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
), rights as ( -- what anybody but the owner may do with a relation or one of its columns; grantee 0 is PUBLIC
  select o.oid, o.name, o.relkind, o.nspname, x.grantee, x.privilege_type, null::name as attname
    from ours o cross join lateral aclexplode(o.relacl) x where x.grantee <> o.relowner
  union all
  select o.oid, o.name, o.relkind, o.nspname, x.grantee, x.privilege_type, a.attname
    from ours o join pg_attribute a on a.attrelid = o.oid and a.attnum > 0 and not a.attisdropped
    cross join lateral aclexplode(a.attacl) x where x.grantee <> o.relowner
), held as (
  select r.*, coalesce(g.rolname, 'PUBLIC') as who, g.rolsuper from rights r left join pg_roles g on g.oid = r.grantee
)
select 'rls-off' as rule, f.name as object,
       case when f.relrowsecurity then 'row level security does not bind the owner (FORCE is missing)' else 'row level security is off' end as why
  from fenced f where not f.relrowsecurity or not f.relforcerowsecurity
union all
select 'tenant-id', c.name, case when c.attnum is null then 'has no tenant_id' when not c.attnotnull then 'tenant_id may be null'
       else 'tenant_id is not a uuid' end
  from column_of_tenant c where c.attnum is null or not c.attnotnull or c.atttypid <> 'uuid'::regtype
union all
select 'tenant-default', c.name, 'tenant_id does not come from the session by itself: its default is not app.tid()'
  from column_of_tenant c where c.attnum is not null and c.preset is distinct from 'app.tid()'
union all
select 'tenant-writable', h.name || ' ' || h.who, 'may ' || h.privilege_type || ' tenant_id'
  from held h join fenced f on f.oid = h.oid
 where h.privilege_type in ('INSERT', 'UPDATE') and (h.attname is null or h.attname = 'tenant_id')
union all
select 'partition-grant', h.name, h.who || ' may reach a partition or child past its parent: ' || h.privilege_type
  from held h where exists (select from pg_inherits i where i.inhrelid = h.oid) and h.relkind in ('r', 'p', 'f')
union all
select 'view-invoker', o.name, 'the view reads with its owner''s rights: security_invoker is not on'
  from ours o where o.relkind = 'v'
   and not coalesce((select lower(x.option_value) in ('true', 'on', '1', 'yes') from pg_options_to_table(o.reloptions) x where x.option_name = 'security_invoker'), false)
union all
select 'matview', o.name, 'a materialized view knows no row level security' from ours o where o.relkind = 'm'
union all
select 'foreign-table', o.name, 'a foreign table''s rows are out of reach of row level security' from ours o where o.relkind = 'f'
union all
select 'unlogged', o.name, 'an unlogged table is empty after a crash' from ours o where o.relkind in ('r', 'p') and o.relpersistence = 'u'
union all
select 'grant-dangerous', h.name, h.who || ' holds ' || h.privilege_type
  from held h where h.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')
union all
select 'grant-public', h.name, 'PUBLIC holds ' || h.privilege_type from held h where h.grantee = 0
union all
select 'grant-stranger', h.name, h.who || ' holds ' || h.privilege_type || ' and is no role of ours'
  from held h where h.grantee <> 0 and h.who !~ '^lyhord_'
union all
select 'grant-sec', h.name, h.who || ' holds ' || h.privilege_type || '; only the functions of sec read its tables'
  from held h where h.nspname = 'sec' and h.relkind in ('r', 'p', 'v', 'm')
union all
select 'grant-login', h.name, 'lyhord_login holds ' || h.privilege_type || '; it calls functions and reads nothing'
  from held h where h.who = 'lyhord_login'
union all
select 'grant-insight', h.name, h.who || ' holds ' || h.privilege_type || '; only the functions of insight read its tables'
  from held h where h.nspname = 'insight' and h.relkind in ('r', 'p', 'v', 'm') and h.who <> 'lyhord_stats'
union all
select 'grant-directory', h.name, h.who || ' may change what is the same for everybody: ' || h.privilege_type
  from held h where h.name in ('app.cities', 'app.tenants', 'app.codes', 'app.transitions', 'app.state_pairs', 'app.lex_moves') and h.privilege_type <> 'SELECT'
union all
select 'sequence', h.name, h.who || ' holds ' || h.privilege_type || ': a sequence counts what all tenants do'
  from held h where h.relkind = 'S'
union all
select 'append-only', h.name, h.who || ' may ' || h.privilege_type || ' what is only ever added to'
  from held h where h.privilege_type in ('UPDATE', 'DELETE')
   and h.name in ('app.case_events', 'app.reports', 'app.feedbacks', 'app.messages', 'app.audit_log', 'app.lex_steps', 'app.lex_entries', 'app.lex_ivo')
union all
select 'append-only', w.name, 'nothing refuses to change or delete its rows'
  from unnest(array['app.case_events', 'app.reports', 'app.feedbacks', 'app.messages', 'app.audit_log', 'app.lex_steps', 'app.lex_entries', 'app.lex_ivo']) w (name)
 where not exists (
   select from pg_trigger g join ours o on o.oid = g.tgrelid where o.name = w.name and g.tgenabled in ('O', 'A') and not g.tgisinternal
      and g.tgfoid::regproc::text = 'app.refuse_change' and g.tgqual is null and g.tgattr = '' and g.tgtype & 31 = 27) -- row, before, delete, update
union all
select 'trigger-disabled', g.tgrelid::regclass::text, 'trigger ' || g.tgname || ' does not fire'
  from pg_trigger g join ours o on o.oid = g.tgrelid where g.tgenabled not in ('O', 'A')
union all
select 'rewrite-rule', r.ev_class::regclass::text, 'rule ' || r.rulename || ' rewrites statements'
  from pg_rewrite r join ours o on o.oid = r.ev_class where r.rulename <> '_RETURN'
union all
select 'version-table', h.name, h.who || ' holds ' || h.privilege_type || ' on the migrations'' own table'
  from held h where h.name = 'public.goose_db_version' and h.who !~ '^lyhord_(owner|migrator)$'
union all
select 'owner', o.name, 'belongs to ' || o.relowner::regrole || ', who logs in or is past row level security'
  from ours o join pg_roles r on r.oid = o.relowner where r.rolname not in ('lyhord_owner', 'lyhord_auth', 'lyhord_dialogue', 'lyhord_stats')
