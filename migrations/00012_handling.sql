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

-- +goose Down
revoke update (version, superior_id, readers, updated_at) on app.cases from lyhord_worker;
revoke update (superior_id) on app.consultations from lyhord_api, lyhord_worker;
alter table app.consultations add constraint consultations_check check (superior_id <> asked_by) not valid;
delete from app.transitions where (code = 'T4' and from_state = to_state and from_state <> 'assigned') or (code = 'T6' and from_state = 'consulting')
  or (code = 'T10' and from_state not in ('investigating', 'assessing'));
