-- +goose Up
-- The investigation as a place to think in: written by a template of the tenant, its course of events as entries that stay,
-- causes with the answers to why under them, risk for each legal ground, and a text that is locked when it is done (req. 38-41).

-- ---------------------------------------------------------------- the text and the risk
-- The five grades of before are those of SoL and LSS; HSL has its own. Harm that nobody sees counts as well: harm_kinds.
alter table app.investigations
  add column more_sealed bytea, -- sections of the template beyond the four: JSON, code to text
  add column filled text[] not null default '{}', -- codes of the sections with words in them
  add column harm_kinds text[] not null default '{}',
  add column harm_kinds_hsl text[] not null default '{}',
  add column actual_severity_hsl smallint check (actual_severity_hsl between 0 and 4),
  add column severity_hsl smallint check (severity_hsl between 1 and 4),
  add column probability_hsl smallint check (probability_hsl between 1 and 4),
  add column severity_after_hsl smallint check (severity_after_hsl between 1 and 4),
  add column probability_after_hsl smallint check (probability_after_hsl between 1 and 4);
update app.investigations i set
  filled = array_remove(array[case when background_sealed is not null then 'background' end, case when course_sealed is not null then 'course' end,
    case when causes_sealed is not null then 'causes_text' end, case when conclusion_sealed is not null then 'conclusion' end], null),
  actual_severity_hsl = case when c.lagrum = '{HSL}' then i.actual_severity end, severity_hsl = case when c.lagrum = '{HSL}' then i.severity end,
  probability_hsl = case when c.lagrum = '{HSL}' then i.probability end, severity_after_hsl = case when c.lagrum = '{HSL}' then i.severity_after end,
  probability_after_hsl = case when c.lagrum = '{HSL}' then i.probability_after end,
  actual_severity = case when c.lagrum <> '{HSL}' then i.actual_severity end, severity = case when c.lagrum <> '{HSL}' then i.severity end,
  probability = case when c.lagrum <> '{HSL}' then i.probability end, severity_after = case when c.lagrum <> '{HSL}' then i.severity_after end,
  probability_after = case when c.lagrum <> '{HSL}' then i.probability_after end
  from app.cases c where c.tenant_id = i.tenant_id and c.id = i.case_id;
grant update (template, more_sealed, filled, harm_kinds, harm_kinds_hsl, actual_severity_hsl, severity_hsl, probability_hsl, severity_after_hsl,
  probability_after_hsl) on app.investigations to lyhord_api;

-- ---------------------------------------------------------------- why, and why that
alter table app.causes add column whys_sealed bytea; -- JSON list: the answers to why, in order
grant insert (whys_sealed), update (whys_sealed) on app.causes to lyhord_api;

-- ---------------------------------------------------------------- the course of events
create table app.investigation_entries (
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  happened_at timestamptz,
  happened_precision text not null check (happened_precision in ('TID', 'DAG', 'MANAD', 'OKAND')),
  kind text not null check (kind in ('FAKTA', 'BEDOMNING')),
  source text not null check (char_length(source) between 1 and 40),
  source_detail_sealed bytea,
  text_sealed bytea not null,
  author_id uuid not null default app.pid(),
  author_name text not null,
  author_title text not null,
  documented_at timestamptz not null default now(),
  supersedes uuid, -- the entry that this one corrects; both stay
  primary key (tenant_id, id),
  unique (tenant_id, case_id, id),
  unique (tenant_id, supersedes),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, case_id, supersedes) references app.investigation_entries (tenant_id, case_id, id) on delete restrict,
  foreign key (tenant_id, author_id) references app.people (tenant_id, id) on delete restrict,
  check ((happened_at is null) = (happened_precision = 'OKAND'))
);
-- ---------------------------------------------------------------- the text as it was when it was done
create table app.investigation_versions (
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  no int not null check (no > 0),
  template text not null,
  body_sealed bytea not null, -- JSON: the whole investigation
  completed_at timestamptz not null default now(),
  completed_by uuid not null default app.pid(),
  primary key (tenant_id, id),
  unique (tenant_id, case_id, no),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, completed_by) references app.people (tenant_id, id) on delete restrict
);
call sec.fence('app.investigation_entries', 'lyhord_api', 'lyhord_worker');
call sec.fence('app.investigation_versions', 'lyhord_api', 'lyhord_worker');
call sec.follow_case('app.investigation_entries');
call sec.follow_case('app.investigation_versions');
call sec.allow_insert('app.investigation_entries', 'lyhord_api');
call sec.allow_insert('app.investigation_versions', 'lyhord_api');
grant select on app.investigation_entries, app.investigation_versions to lyhord_api, lyhord_worker;
create policy honest on app.investigation_entries as restrictive for insert to lyhord_api with check (author_id = (select app.pid()));
create policy honest on app.investigation_versions as restrictive for insert to lyhord_api with check (completed_by = (select app.pid()));
create trigger append_only before update or delete on app.investigation_entries for each row execute function app.refuse_change();
create trigger append_only before update or delete on app.investigation_versions for each row execute function app.refuse_change();
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop table app.investigation_versions, app.investigation_entries;
alter table app.causes drop column whys_sealed;
update app.investigations set actual_severity = coalesce(actual_severity, actual_severity_hsl), severity = coalesce(severity, severity_hsl),
  probability = coalesce(probability, probability_hsl), severity_after = coalesce(severity_after, severity_after_hsl),
  probability_after = coalesce(probability_after, probability_after_hsl);
alter table app.investigations drop column more_sealed, drop column filled, drop column harm_kinds, drop column harm_kinds_hsl,
  drop column actual_severity_hsl, drop column severity_hsl, drop column probability_hsl, drop column severity_after_hsl,
  drop column probability_after_hsl;
