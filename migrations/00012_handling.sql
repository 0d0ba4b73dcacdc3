-- +goose Up
-- Handling without dead ends: whoever leaves or is away is replaced, and a question of samråd finds who can answer it.

-- ---------------------------------------------------------------- moves that keep the state
insert into app.transitions (code, from_state, to_state) values
  ('T4', 'consulting', 'consulting'), ('T4', 'investigating', 'investigating'), ('T4', 'measures', 'measures'), ('T4', 'board', 'board'),
  ('T4', 'dispatching', 'dispatching'), ('T4', 'follow_up', 'follow_up'), ('T4', 'awaiting_info', 'awaiting_info'), ('T4', 'closed', 'closed'),
  ('T6', 'consulting', 'consulting'),
  ('T10', 'consulting', 'consulting'), ('T10', 'measures', 'measures'), ('T10', 'board', 'board'), ('T10', 'dispatching', 'dispatching'),
  ('T10', 'follow_up', 'follow_up'), ('T10', 'awaiting_info', 'awaiting_info');

-- ---------------------------------------------------------------- samråd: the question moves to who is superior today
-- Who asked once may be the superior later; that nobody decides about her own case is kept where it is decided.
alter table app.consultations drop constraint consultations_check;
grant update (superior_id) on app.consultations to lyhord_api, lyhord_worker;
grant update (version, superior_id, readers, updated_at) on app.cases to lyhord_worker;

-- ---------------------------------------------------------------- remiss (T3): an authority asks for a statement
insert into app.transitions (code, from_state, to_state) values ('T3', 'registered', 'assigned'), ('T14', 'board', 'investigating');
insert into app.state_pairs values ('board', 'investigating');
update app.cases set due_on = received_on + 14, version = version + 1 where case_type = 'REMISS' and due_on is null;
alter table app.cases add column secretary_id uuid, -- who prepares the board's decision and dispatches it (T13)
  add column board_decided_on date,
  add constraint referral_has_a_day check (case_type is distinct from 'REMISS' or due_on is not null); -- req. 22
grant update (secretary_id, board_decided_on) on app.cases to lyhord_api;
create table app.referrals (
  tenant_id uuid not null default app.tid(),
  case_id uuid not null,
  kind text not null check (kind in ('YTTRANDE', 'UPPLYSNING')),
  authority text not null check (authority in ('IVO', 'JO', 'JK', 'DO', 'DOMSTOL', 'PATIENTNAMND', 'SOCIALSTYRELSEN', 'ANNAN')),
  authority_name_sealed bytea,
  authority_dnr text check (char_length(authority_dnr) <= 60),
  due_on date not null, -- as the authority asked; the case's own day may be a later one
  created_at timestamptz not null default now(),
  primary key (tenant_id, case_id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  check (authority <> 'ANNAN' or authority_name_sealed is not null)
);
call sec.fence('app.referrals', 'lyhord_api', 'lyhord_worker');
call sec.follow_case('app.referrals');
call sec.allow_insert('app.referrals', 'lyhord_api');
grant select on app.referrals to lyhord_api, lyhord_worker;

-- ---------------------------------------------------------------- the board (T13, T14) and its office's dispatch
create table app.board_items (
  tenant_id uuid not null default app.tid(),
  id uuid not null,
  case_id uuid not null,
  sent_by uuid not null,
  sent_at timestamptz not null default now(),
  meeting_on date not null,
  proposal_sealed bytea not null,
  outcome text check (outcome in ('BESLUT', 'ATERREMISS')),
  decided_on date,
  paragraph text check (paragraph ~ '^[0-9]{1,4}[a-z]?$'),
  decision_sealed bytea,
  recorded_by uuid,
  dispatched_on date,
  dispatched_to text check (dispatched_to in ('MYNDIGHET', 'ANMALARE', 'BADA')),
  dispatched_way text check (dispatched_way in ('EPOST', 'BREV', 'E_TJANST', 'SAKER_MEDDELANDE')),
  dispatched_by uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references app.cases (tenant_id, id) on delete restrict,
  foreign key (tenant_id, sent_by) references app.people (tenant_id, id) on delete restrict,
  check ((outcome is null) = (decided_on is null) and (outcome is null) = (paragraph is null) and (outcome is null) = (recorded_by is null)),
  check (outcome is null or decision_sealed is not null),
  check (dispatched_on is null or outcome = 'BESLUT'),
  check ((dispatched_on is null) = (dispatched_to is null) and (dispatched_on is null) = (dispatched_way is null) and (dispatched_on is null) = (dispatched_by is null))
);
create index board_items_case on app.board_items (tenant_id, case_id);
create unique index board_items_open on app.board_items (tenant_id, case_id) where outcome is null;
call sec.fence('app.board_items', 'lyhord_api', 'lyhord_worker');
call sec.follow_case('app.board_items');
call sec.allow_insert('app.board_items', 'lyhord_api');
grant select on app.board_items to lyhord_api, lyhord_worker;
grant update (outcome, decided_on, paragraph, decision_sealed, recorded_by, dispatched_on, dispatched_to, dispatched_way, dispatched_by) on app.board_items to lyhord_api;
reassign owned by lyhord_migrator to lyhord_owner;

-- +goose Down
drop table app.board_items, app.referrals;
alter table app.cases drop constraint referral_has_a_day, drop column secretary_id, drop column board_decided_on;
delete from app.transitions where (code, from_state) in (('T3', 'registered'), ('T14', 'board')) and to_state in ('assigned', 'investigating');
delete from app.state_pairs where from_state = 'board' and to_state = 'investigating';
revoke update (version, superior_id, readers, updated_at) on app.cases from lyhord_worker;
revoke update (superior_id) on app.consultations from lyhord_api, lyhord_worker;
alter table app.consultations add constraint consultations_check check (superior_id <> asked_by) not valid;
delete from app.transitions where (code = 'T4' and from_state = to_state and from_state <> 'assigned') or (code = 'T6' and from_state = 'consulting')
  or (code = 'T10' and from_state not in ('investigating', 'assessing'));
