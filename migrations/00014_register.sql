-- +goose Up
-- The registrar's desk: what waits, what was joined to another case, and how the last act is taken back.

-- An act on the desk can be taken back for a short while: the case returns to the queue, its number stays used.
insert into app.transitions (code, from_state, to_state) values
  ('T2', 'registered', 'received'), ('T2', 'assigned', 'received'), ('T26', 'void', 'received');
insert into app.state_pairs (from_state, to_state) values ('registered', 'received'), ('assigned', 'received'), ('void', 'received');

create table app.desk_holds ( -- set aside until a day; the time limit of OSL 5:1 goes on
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  until_on date not null,
  reason text not null check (reason in ('KOMPLETTERING', 'INTERN_FRAGA', 'FLER_HANDLINGAR', 'ANNAT')),
  held_by uuid not null,
  held_at timestamptz not null,
  lifted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, held_by) references app.people (tenant_id, id) on delete restrict,
  check (until_on > (held_at at time zone 'Europe/Stockholm')::date)
);
create unique index desk_holds_open on app.desk_holds (tenant_id, case_id) where lifted_at is null;
create index desk_holds_case on app.desk_holds (tenant_id, case_id);

create table app.case_links ( -- a report that belongs to a case that was registered before
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null, -- the report that was joined
  to_id uuid not null, -- the case it belongs to
  kind text not null check (kind in ('DUBBLETT', 'FORTSATTNING')),
  linked_by uuid not null,
  linked_at timestamptz not null,
  undone_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, to_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, linked_by) references app.people (tenant_id, id) on delete restrict
);
create unique index case_links_open on app.case_links (tenant_id, case_id) where undone_at is null;
create index case_links_to on app.case_links (tenant_id, to_id);
create index case_contacts_case on app.case_contacts (tenant_id, case_id); -- the other way: who else wrote from the same address

call sec.fence('app.desk_holds', 'lyhord_api');
call sec.fence('app.case_links', 'lyhord_api');
call sec.follow_case('app.desk_holds');
call sec.follow_case('app.case_links');
call sec.allow_insert('app.desk_holds', 'lyhord_api');
call sec.allow_insert('app.case_links', 'lyhord_api');
grant select on app.desk_holds, app.case_links to lyhord_api;

grant update (lifted_at) on app.desk_holds to lyhord_api;
grant update (undone_at) on app.case_links to lyhord_api;
-- What is changed in an entry after it was made: its marking and its number elsewhere. The old values are kept by the
-- database itself, so that no way of changing them loses what stood there (OSL 4:1, 5:5).
alter table app.register_entries add column change_reason text check (change_reason in
  ('OMPROVAD', 'FEL_BESTAMMELSE', 'NY_UPPGIFT', 'INTE_SEKRETESS', 'EXTERNT_NUMMER'));
create table app.register_changes (
  tenant_id uuid not null default app.tid(),
  id uuid not null default gen_random_uuid(),
  case_id uuid not null,
  entry_id uuid not null,
  at timestamptz not null default now(),
  changed_by uuid not null,
  reason text not null,
  old_law text not null,
  old_on date not null,
  old_authority text not null,
  new_law text not null,
  new_on date not null,
  new_authority text not null,
  old_external text,
  new_external text,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, entry_id) references app.register_entries (tenant_id, id) on delete restrict,
  foreign key (tenant_id, changed_by) references app.people (tenant_id, id) on delete restrict
);
create index register_changes_entry on app.register_changes (tenant_id, entry_id, at);
create index register_changes_case on app.register_changes (tenant_id, case_id);
-- +goose StatementBegin
create function app.register_keep_changes() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if (new.secrecy_law, new.secrecy_on, new.secrecy_authority) is distinct from (old.secrecy_law, old.secrecy_on, old.secrecy_authority)
     or new.external_dnr is distinct from old.external_dnr then
    if new.change_reason is null then
      raise exception using errcode = 'LY409', message = 'a change in the register says why';
    end if;
    insert into app.register_changes (case_id, entry_id, changed_by, reason, old_law, old_on, old_authority, new_law, new_on, new_authority, old_external, new_external)
    values (new.case_id, new.id, app.pid(), new.change_reason, old.secrecy_law, old.secrecy_on, old.secrecy_authority,
      new.secrecy_law, new.secrecy_on, new.secrecy_authority, old.external_dnr, new.external_dnr);
  end if;
  return new;
end $$;
-- +goose StatementEnd
revoke execute on function app.register_keep_changes() from public;
create trigger keep_changes after update on app.register_entries for each row execute function app.register_keep_changes();
create trigger append_only before update or delete on app.register_changes for each row execute function app.refuse_change();
call sec.fence('app.register_changes', 'lyhord_api');
call sec.follow_case('app.register_changes');
call sec.allow_insert('app.register_changes', 'lyhord_api');
grant select on app.register_changes to lyhord_api;
grant update (secrecy_law, secrecy_on, secrecy_authority, change_reason) on app.register_entries to lyhord_api;

-- Requests for disclosure (utlämnande av allmän handling, TF 2:15–18, OSL 6 and 10:14).
create table app.disclosures (
  tenant_id uuid not null default app.tid() references app.tenants (id) on delete restrict,
  id uuid not null,
  version int not null default 1,
  number text not null,
  received_at timestamptz not null,
  due_on date not null, -- "genast eller så snart det är möjligt", "skyndsamt": the tenant's rule
  requester_sealed bytea, -- how to reach who asks, if they say; nobody may be asked who they are or why (TF 2:18)
  asked_sealed bytea not null, -- what is asked for, in their words or the registrar's
  wants text not null check (wants in ('LASA', 'KOPIA')),
  state text not null default 'PAGAR' check (state in ('PAGAR', 'BESLUTAD', 'ATERTAGEN')),
  outcome text check (outcome in ('HELT', 'MASKAD', 'AVSLAG', 'FINNS_INTE')),
  reservation_sealed bytea, -- förbehåll (OSL 10:14)
  motivation_sealed bytea,
  decision_sealed bytea, -- the decision as given, with how to appeal where something was refused
  decided_by uuid,
  decided_at timestamptz,
  taken_by uuid not null,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  foreign key (tenant_id, taken_by) references app.people (tenant_id, id) on delete restrict,
  foreign key (tenant_id, decided_by) references app.people (tenant_id, id) on delete restrict,
  check ((state = 'BESLUTAD') = (outcome is not null and decided_by is not null and decided_at is not null and decision_sealed is not null)),
  check (outcome is null or outcome not in ('MASKAD', 'AVSLAG') or motivation_sealed is not null)
);
create index disclosures_list on app.disclosures (tenant_id, received_at desc, id desc);
create table app.disclosure_items ( -- what is tried: each entry anew, whatever its marking says
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  disclosure_id uuid not null,
  case_id uuid not null,
  entry_id uuid not null,
  version int not null default 1,
  outcome text check (outcome in ('HELT', 'MASKAD', 'AVSLAG')),
  law text, -- the provision that what is withheld rests on
  masked_sealed bytea, -- the copy as given out; the original is never touched
  masks jsonb not null default '[]', -- [[start, end], …] in runes of the text as it was reviewed
  text_sha256 bytea check (octet_length(text_sha256) = 32),
  reviewed_by uuid,
  reviewed_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, disclosure_id, entry_id),
  foreign key (tenant_id, disclosure_id) references app.disclosures (tenant_id, id) on delete restrict,
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, entry_id) references app.register_entries (tenant_id, id) on delete restrict,
  foreign key (tenant_id, reviewed_by) references app.people (tenant_id, id) on delete restrict,
  check ((outcome is null) = (reviewed_at is null)),
  check (outcome is null or outcome = 'HELT' or law is not null),
  check (outcome is distinct from 'MASKAD' or masked_sealed is not null)
);
create index disclosure_items_case on app.disclosure_items (tenant_id, case_id);
create table app.disclosure_events (
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  disclosure_id uuid not null,
  at timestamptz not null default now(),
  actor_id uuid not null,
  kind text not null check (kind in ('disclosure.received', 'disclosure.item-added', 'disclosure.item-removed', 'disclosure.reviewed', 'disclosure.decided', 'disclosure.withdrawn')),
  entry_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, disclosure_id) references app.disclosures (tenant_id, id) on delete restrict,
  foreign key (tenant_id, actor_id) references app.people (tenant_id, id) on delete restrict
);
create index disclosure_events_of on app.disclosure_events (tenant_id, disclosure_id, at, id);
-- +goose StatementBegin
-- A decision is decided: only an open request is changed, and what was given out stays as it was given.
create function app.disclosures_keep_law() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.state <> 'PAGAR' or new.version <> old.version + 1 then
    raise exception using errcode = 'LY409', message = 'a decided request is not changed';
  end if;
  return new;
end $$;
-- +goose StatementEnd
revoke execute on function app.disclosures_keep_law() from public;
create trigger keep_law before update on app.disclosures for each row execute function app.disclosures_keep_law();
create trigger append_only before update or delete on app.disclosure_events for each row execute function app.refuse_change();
call sec.fence('app.disclosures', 'lyhord_api');
call sec.fence('app.disclosure_items', 'lyhord_api');
call sec.fence('app.disclosure_events', 'lyhord_api');
call sec.follow_case('app.disclosure_items');
-- Who asks for what is the registry's business: those with the whole register in sight.
create policy registry on app.disclosures as restrictive for all to lyhord_api using ((select app.sees_all())) with check ((select app.sees_all()));
create policy registry on app.disclosure_events as restrictive for all to lyhord_api using ((select app.sees_all())) with check ((select app.sees_all()));
call sec.allow_insert('app.disclosures', 'lyhord_api');
call sec.allow_insert('app.disclosure_items', 'lyhord_api');
call sec.allow_insert('app.disclosure_events', 'lyhord_api');
grant select on app.disclosures, app.disclosure_items, app.disclosure_events to lyhord_api;
grant update (version, state, outcome, reservation_sealed, motivation_sealed, decision_sealed, decided_by, decided_at) on app.disclosures to lyhord_api;
grant update (version, outcome, law, masked_sealed, masks, text_sha256, reviewed_by, reviewed_at) on app.disclosure_items to lyhord_api;
grant delete on app.disclosure_items to lyhord_api;
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop table app.disclosure_events, app.disclosure_items, app.disclosures, app.register_changes;
drop trigger keep_changes on app.register_entries;
drop function app.disclosures_keep_law();
drop function app.register_keep_changes();
revoke update (secrecy_law, secrecy_on, secrecy_authority) on app.register_entries from lyhord_api;
alter table app.register_entries drop column change_reason;
drop index app.case_contacts_case;
drop table app.case_links, app.desk_holds;
delete from app.state_pairs where (from_state, to_state) in (('registered', 'received'), ('assigned', 'received'), ('void', 'received'));
delete from app.transitions where (code, from_state, to_state) in (('T2', 'registered', 'received'), ('T2', 'assigned', 'received'), ('T26', 'void', 'received'));
