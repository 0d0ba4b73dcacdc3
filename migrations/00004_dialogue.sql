-- +goose Up
-- The person who wrote: receipt codes and the messages both ways.
create table app.receipts (
  tenant_id uuid not null default app.tid(),
  case_id uuid not null,
  code_sha256 bytea not null check (octet_length(code_sha256) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (tenant_id, case_id),
  unique (tenant_id, code_sha256),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict
);
create table app.messages (
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  at timestamptz not null default now(),
  direction text not null check (direction in ('TILL_ANMALARE', 'FRAN_ANMALARE', 'INTERN')),
  kind text not null check (kind in ('BEKRAFTELSE', 'SVAR', 'FRAGA', 'MEDDELANDE', 'ANTECKNING')),
  author_id uuid, -- null: the person who wrote, or the system's acknowledgement
  body_sealed bytea not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, author_id) references app.people (tenant_id, id) on delete restrict
);
create index messages_case on app.messages (tenant_id, case_id, at, id);
call sec.fence('app.receipts', 'lyhord_api', 'lyhord_intake', 'lyhord_dialogue');
call sec.fence('app.messages', 'lyhord_api', 'lyhord_worker', 'lyhord_dialogue');
call sec.follow_case('app.receipts');
call sec.follow_case('app.messages');
call sec.allow_insert('app.receipts', 'lyhord_api', 'lyhord_intake');
call sec.allow_insert('app.messages', 'lyhord_api', 'lyhord_worker', 'lyhord_dialogue');
grant select (tenant_id, case_id, created_at, expires_at) on app.receipts to lyhord_api;
grant select on app.receipts to lyhord_dialogue;
grant select on app.messages to lyhord_api, lyhord_worker, lyhord_dialogue;
grant select (tenant_id, id, state, received_on, answered_at, closed_at, due_on, access_label) on app.cases to lyhord_dialogue;
grant select on app.case_keys to lyhord_dialogue;
create trigger append_only before update or delete on app.messages for each row execute function app.refuse_change();

-- +goose StatementBegin
-- app.receipt_open answers the holder of a code: state and dates, the key, and the messages meant for the writer. Never the narrative.
create function app.receipt_open(code_sha256 bytea)
returns table (case_id uuid, state text, received_on date, due_on date, answered_at timestamptz, closed_at timestamptz,
  kek_version int, wrapped bytea, message_id uuid, message_at timestamptz, direction text, kind text, body_sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, c.state, c.received_on, c.due_on, c.answered_at, c.closed_at, k.kek_version, k.wrapped,
         m.id, m.at, m.direction, m.kind, m.body_sealed
    from app.receipts r
    join app.cases c on c.tenant_id = r.tenant_id and c.id = r.case_id
    join app.case_keys k on k.tenant_id = r.tenant_id and k.case_id = r.case_id
    left join app.messages m on m.tenant_id = r.tenant_id and m.case_id = r.case_id and m.direction <> 'INTERN'
   where r.tenant_id = (select app.tid()) and r.code_sha256 = receipt_open.code_sha256 and r.expires_at > now()
   order by m.at, m.id
$$;
-- app.receipt_write lets the holder of a code write back. The body arrives sealed under the case's key.
create function app.receipt_write(code_sha256 bytea, message_id uuid, event_id uuid, job_id uuid, body_sealed bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare found_case uuid; found_state text;
begin
  select r.case_id, c.state into found_case, found_state from app.receipts r
    join app.cases c on c.tenant_id = r.tenant_id and c.id = r.case_id
   where r.tenant_id = app.tid() and r.code_sha256 = receipt_write.code_sha256 and r.expires_at > now();
  if found_case is null then
    return false;
  end if;
  insert into app.messages (id, case_id, direction, kind, body_sealed)
    values (message_id, found_case, 'FRAN_ANMALARE', 'MEDDELANDE', receipt_write.body_sealed);
  insert into app.case_events (id, case_id, kind) values (event_id, found_case, 'case.reporter-wrote');
  insert into jobs.outbox (id, kind, ref) values (job_id, 'notify-reporter-wrote', found_case);
  return true;
end $$;
-- +goose StatementEnd
grant create on schema app to lyhord_dialogue; -- only for the hand-over below
alter function app.receipt_open(bytea) owner to lyhord_dialogue;
alter function app.receipt_write(bytea, uuid, uuid, uuid, bytea) owner to lyhord_dialogue;
revoke create on schema app from lyhord_dialogue;
revoke execute on function app.receipt_open(bytea), app.receipt_write(bytea, uuid, uuid, uuid, bytea) from public;
grant execute on function app.receipt_open(bytea), app.receipt_write(bytea, uuid, uuid, uuid, bytea) to lyhord_intake;
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop function app.receipt_write(bytea, uuid, uuid, uuid, bytea);
drop function app.receipt_open(bytea);
drop table app.messages, app.receipts;
