-- +goose Up
-- De-identified facts (one per case, no text, no person, no date finer than a day count) and what the city may read of them.
create table insight.facts (
  tenant_id uuid not null references app.tenants (id) on delete restrict,
  fact_id uuid not null, -- derived from the case by a keyed hash in the worker; cannot be walked back
  month date not null check (extract(day from month) = 1),
  unit_kind text,
  area text,
  regi text,
  case_type text,
  channel text,
  category text,
  severity_band text,
  risk_band text,
  harm text,
  complexity text,
  cause_areas text[] not null default '{}',
  strongest_measure text,
  effect text,
  outcome text,
  state_group text not null check (state_group in ('OPPEN', 'AVSLUTAD')),
  days_to_register int,
  days_to_answer int,
  days_to_close int,
  late boolean not null default false,
  source_version int not null, -- the case's version: an older event never overwrites a newer fact
  primary key (tenant_id, fact_id)
);
create index facts_month on insight.facts (tenant_id, month);
create table insight.cells (
  tenant_id uuid not null references app.tenants (id) on delete restrict,
  month date not null,
  area text not null,
  case_type text not null,
  category text not null, -- main code, without sub-code
  harm text not null,
  n int not null check (n >= 0),
  primary key (tenant_id, month, area, case_type, category, harm)
);
alter table insight.facts enable row level security;
alter table insight.facts force row level security;
alter table insight.cells enable row level security;
alter table insight.cells force row level security;
create policy stats_all on insight.facts for all to lyhord_stats using (true) with check (true);
create policy stats_all on insight.cells for all to lyhord_stats using (true) with check (true);
grant select, insert, update, delete on insight.facts, insight.cells to lyhord_stats;
grant select on app.tenants, app.cities, app.codes to lyhord_stats;

-- +goose StatementBegin
create function insight.count_cell(t uuid, m date, a text, ct text, cat text, h text, step int) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into insight.cells as c (tenant_id, month, area, case_type, category, harm, n)
  values (t, m, coalesce(a, ''), coalesce(ct, ''), split_part(coalesce(cat, ''), '.', 1), coalesce(h, ''), greatest(step, 0))
  on conflict (tenant_id, month, area, case_type, category, harm) do update set n = c.n + step
$$;
-- insight.cell_of is the cell a fact is counted in.
create function insight.cell_of(f insight.facts) returns text[]
language sql stable set search_path = pg_catalog, pg_temp as $$
  select array[f.month::text, coalesce(f.area, ''), coalesce(f.case_type, ''), split_part(coalesce(f.category, ''), '.', 1), coalesce(f.harm, '')]
$$;
-- insight.put_fact replaces the fact of one case of the job's own tenant and keeps the cells equal to the facts, in one statement's transaction.
-- A fact of the same version may be written again: something beside the case (a measure) can have changed. The job reads and writes case by case in turn.
create function insight.put_fact(fact jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  tid uuid := app.tid();
  new_row insight.facts := jsonb_populate_record(null::insight.facts, fact);
  old_row insight.facts;
  moved boolean := true;
begin
  if tid is null then
    return false;
  end if;
  new_row.tenant_id := tid;
  new_row.cause_areas := coalesce(new_row.cause_areas, '{}');
  new_row.late := coalesce(new_row.late, false);
  select * into old_row from insight.facts f where f.tenant_id = tid and f.fact_id = new_row.fact_id for update;
  if found then
    if old_row.source_version > new_row.source_version then
      return false;
    end if;
    delete from insight.facts f where f.tenant_id = tid and f.fact_id = new_row.fact_id;
    moved := insight.cell_of(old_row) <> insight.cell_of(new_row);
  end if;
  insert into insight.facts select new_row.*;
  -- Two jobs that move cases between the same two cells take them in the same order, or one would have to be broken off.
  if moved and old_row.tenant_id is not null and insight.cell_of(old_row) < insight.cell_of(new_row) then
    perform insight.count_cell(tid, old_row.month, old_row.area, old_row.case_type, old_row.category, old_row.harm, -1);
  end if;
  if moved then
    perform insight.count_cell(tid, new_row.month, new_row.area, new_row.case_type, new_row.category, new_row.harm, 1);
  end if;
  if moved and old_row.tenant_id is not null and insight.cell_of(old_row) > insight.cell_of(new_row) then
    perform insight.count_cell(tid, old_row.month, old_row.area, old_row.case_type, old_row.category, old_row.harm, -1);
  end if;
  return true;
end $$;
-- insight.drop_fact takes a voided case out of the figures.
create function insight.drop_fact(fact uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare tid uuid := app.tid(); old_row insight.facts;
begin
  delete from insight.facts f where f.tenant_id = tid and f.fact_id = fact returning * into old_row;
  if not found then
    return false;
  end if;
  perform insight.count_cell(tid, old_row.month, old_row.area, old_row.case_type, old_row.category, old_row.harm, -1);
  return true;
end $$;
-- insight.city_cells is all the insight role can do: counts on the fixed grid. The service protects small numbers before anything leaves it.
create function insight.city_cells(city text, from_month date, to_month date)
returns table (tenant_slug text, tenant_name text, kind text, month date, area text, case_type text, category text, harm text, n bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.slug, t.short_name, t.kind, c.month, c.area, c.case_type, c.category, c.harm, sum(c.n)
    from app.tenants t join app.cities ci on ci.id = t.city_id
    join insight.cells c on c.tenant_id = t.id and c.month between from_month and to_month
   where ci.slug = city and c.n > 0
   group by 1, 2, 3, 4, 5, 6, 7, 8
$$;
-- +goose StatementEnd
grant create on schema insight to lyhord_stats; -- only for the hand-over below
alter function insight.count_cell(uuid, date, text, text, text, text, int) owner to lyhord_stats;
alter function insight.cell_of(insight.facts) owner to lyhord_stats;
alter function insight.put_fact(jsonb) owner to lyhord_stats;
alter function insight.drop_fact(uuid) owner to lyhord_stats;
alter function insight.city_cells(text, date, date) owner to lyhord_stats;
revoke create on schema insight from lyhord_stats;
revoke execute on function insight.count_cell(uuid, date, text, text, text, text, int), insight.cell_of(insight.facts), insight.put_fact(jsonb), insight.drop_fact(uuid), insight.city_cells(text, date, date) from public;
grant execute on function insight.put_fact(jsonb), insight.drop_fact(uuid) to lyhord_worker;
grant execute on function insight.city_cells(text, date, date) to lyhord_insight;
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop function insight.city_cells(text, date, date);
drop function insight.drop_fact(uuid);
drop function insight.put_fact(jsonb);
drop function insight.cell_of(insight.facts);
drop function insight.count_cell(uuid, date, text, text, text, text, int);
drop table insight.cells, insight.facts;
