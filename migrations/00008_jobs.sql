-- +goose Up
-- What the worker needs beyond its rows: jobs that rest before the next try, and timers that can be set anew.

-- A case that is closed and reopened sets the timer that was cancelled once more: cancelled ones are history, not keys.
alter table jobs.timers drop constraint timers_tenant_id_kind_ref_due_at_key;
create unique index timers_once on jobs.timers (tenant_id, kind, ref, due_at) where cancelled_at is null;
-- How a timer is found that is to be cancelled.
create index timers_ref on jobs.timers (tenant_id, ref) where fired_at is null and cancelled_at is null;
-- A job whose run failed rests a while.
grant update (not_before) on jobs.outbox to lyhord_relay;

-- +goose Down
revoke update (not_before) on jobs.outbox from lyhord_relay;
drop index jobs.timers_ref;
drop index jobs.timers_once;
delete from jobs.timers t where t.cancelled_at is not null and exists (select from jobs.timers s
  where s.tenant_id = t.tenant_id and s.kind = t.kind and s.ref = t.ref and s.due_at = t.due_at and s.id <> t.id);
alter table jobs.timers add constraint timers_tenant_id_kind_ref_due_at_key unique (tenant_id, kind, ref, due_at);
