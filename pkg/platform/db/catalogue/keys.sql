-- Keys and constraints: they look past row level security, so the tenant must be part of each of them.
with fenced as (
  select c.oid, c.oid::regclass::text as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'sec') and c.relkind in ('r', 'p')
     and c.oid::regclass::text <> all (array['app.cities', 'app.tenants', 'app.codes', 'app.transitions', 'app.state_pairs', 'app.lex_moves', 'public.goose_db_version'])
), tenant_column as (
  select f.oid, f.name, a.attnum from fenced f join pg_attribute a on a.attrelid = f.oid and a.attname = 'tenant_id' and not a.attisdropped
)
select 'unique-without-tenant' as rule, i.indexrelid::regclass::text as object,
       'a unique key that does not begin with tenant_id tells of rows of other tenants' as why
  from pg_index i join tenant_column t on t.oid = i.indrelid where i.indisunique and i.indkey[0] <> t.attnum
union all
select 'exclusion-without-tenant', c.conname || ' on ' || t.name, 'an exclusion constraint tells of rows of other tenants'
  from pg_constraint c join tenant_column t on t.oid = c.conrelid where c.contype = 'x' and t.attnum <> all (c.conkey)
union all
select 'foreign-key-without-tenant', c.conname || ' on ' || t.name, 'refers to ' || c.confrelid::regclass || ' without the tenant on both sides'
  from pg_constraint c join tenant_column t on t.oid = c.conrelid join tenant_column r on r.oid = c.confrelid
 where c.contype = 'f'
   and not exists (select from unnest(c.conkey, c.confkey) k (own, other) where k.own = t.attnum and k.other = r.attnum)
union all
select 'foreign-key-reaches-in', c.conname || ' on ' || t.name, 'an unfenced table may not refer to rows of a tenant'
  from pg_constraint c join fenced r on r.oid = c.confrelid join (select oid, oid::regclass::text as name from pg_class) t on t.oid = c.conrelid
 where c.contype = 'f' and c.conrelid not in (select oid from fenced)
union all
select 'foreign-key-action', c.conname || ' on ' || c.conrelid::regclass, 'changes other rows by itself, past row level security'
  from pg_constraint c join fenced f on f.oid = c.conrelid where c.contype = 'f' and (c.confdeltype not in ('a', 'r') or c.confupdtype not in ('a', 'r'))
union all
select 'not-validated', c.conname || ' on ' || c.conrelid::regclass, 'old rows were never checked'
  from pg_constraint c join pg_class k on k.oid = c.conrelid join pg_namespace n on n.oid = k.relnamespace
 where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and not c.convalidated
union all
select 'index-invalid', i.indexrelid::regclass::text, 'the index is not valid: it was broken off while it was built'
  from pg_index i join fenced f on f.oid = i.indrelid where not i.indisvalid
