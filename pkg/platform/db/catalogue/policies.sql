-- Policies: one fence, one policy of one's own, and nothing beside them that opens more.
with fenced as (
  select c.oid, c.oid::regclass::text as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'sec') and c.relkind in ('r', 'p')
     and c.oid::regclass::text <> all (array['app.cities', 'app.tenants', 'app.codes', 'app.transitions', 'app.state_pairs', 'app.lex_moves', 'public.goose_db_version'])
), policies as (
  select p.polrelid, p.polname, p.polpermissive, p.polcmd, p.polroles, p.polrelid::regclass::text as on_table,
         pg_get_expr(p.polqual, p.polrelid) as sees, pg_get_expr(p.polwithcheck, p.polrelid) as writes
    from pg_policy p
), own_tenant (words) as (values ('(tenant_id = ( SELECT app.tid() AS tid))')
), follows (words) as (values
  (E'(EXISTS ( SELECT 1\n   FROM app.cases c\n  WHERE (c.id = @.case_id)))'), (E'((case_id IS NULL) OR (EXISTS ( SELECT 1\n   FROM app.cases c\n  WHERE (c.id = @.case_id))))'),
  -- a granskare sees the trail and how cases are found, never the case (SoLPuL 10 §)
  (E'((case_id IS NULL) OR (EXISTS ( SELECT 1\n   FROM app.cases c\n  WHERE (c.id = @.case_id))) OR ( SELECT app.reviews() AS reviews))')
), fences as ( -- the fence is for everybody; on the jobs for everybody but the two that serve all tenants
  select p.* from policies p
   where not p.polpermissive and p.polcmd = '*' and (p.polroles = '{0}' or p.on_table in ('jobs.outbox', 'jobs.timers') and not exists (
     select from pg_roles r where r.rolname not in ('lyhord_auth', 'lyhord_relay') and not r.rolsuper and not r.rolbypassrls and r.oid <> all (p.polroles)
        and r.rolname !~ '^pg_' and (has_any_column_privilege(r.oid, p.polrelid, 'SELECT, INSERT, UPDATE') or has_table_privilege(r.oid, p.polrelid, 'DELETE'))
        and not pg_has_role(r.oid, (select c.relowner from pg_class c where c.oid = p.polrelid), 'MEMBER')))
)
select 'fence-missing' as rule, f.name as object, 'no restrictive policy for ALL holds every role to its tenant' as why
  from fenced f where not exists (select from fences p where p.polrelid = f.oid)
union all
select 'fence-weakened', f.name, 'the fence does not say tenant_id = (select app.tid()) for what is seen and for what is written'
  from fenced f
 where exists (select from fences p where p.polrelid = f.oid)
   and not exists (select from fences p cross join own_tenant o where p.polrelid = f.oid and p.sees = o.words and p.writes = o.words)
union all
select 'sight-missing', f.name, 'its rows belong to cases, but are not only seen where the case is'
  from fenced f join pg_attribute a on a.attrelid = f.oid and a.attname = 'case_id' and not a.attisdropped
 where has_column_privilege('lyhord_api', f.oid, a.attnum, 'SELECT')
   and not exists (select from policies p where p.polrelid = f.oid and not p.polpermissive and p.polcmd in ('*', 'r')
     and p.polroles @> array[(select r.oid from pg_roles r where r.rolname = 'lyhord_api')] and replace(p.sees, split_part(p.on_table, '.', 2) || '.', '@.') in (select words from follows))
union all
-- What sec.fence makes says who may enter at all; it lets everything pass only where a whole fence stands before it.
select 'policy-always-true', p.on_table || ' ' || p.polname, 'lets everything pass'
  from policies p where p.polpermissive and (p.sees = 'true' or p.writes = 'true')
   and not (p.polname = 'own' and p.polcmd = '*' and p.sees = 'true' and p.writes = 'true' and 0 <> all (p.polroles)
     and exists (select from fences f cross join own_tenant o where f.polrelid = p.polrelid and f.polroles = '{0}' and f.sees = o.words and f.writes = o.words))
union all
select 'policy-beside-tenant', p.on_table || ' ' || p.polname, 'is joined by OR to the tenant''s policy and says something else'
  from policies p cross join own_tenant o
 where p.polpermissive and p.sees is distinct from 'true' and p.writes is distinct from 'true'
   and (p.sees is distinct from o.words and p.polcmd <> 'a' or p.writes is distinct from o.words and p.writes is not null)
union all
select 'policy-check', p.on_table || ' ' || p.polname, 'does not say what may be written (WITH CHECK)'
  from policies p where p.polcmd in ('*', 'a', 'w') and p.writes is null
union all
-- A function outside a sub-select runs once for every row of the table: minutes instead of milliseconds.
select 'policy-per-row', p.on_table || ' ' || p.polname, 'calls a function for every row instead of once'
  from policies p
 where regexp_replace(coalesce(p.sees, '') || ' ' || coalesce(p.writes, ''), 'SELECT [a-z_]+\.[a-z_]+\(\)', '', 'g') ~ '[A-Za-z0-9_"]\('
