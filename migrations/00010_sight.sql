-- +goose Up
-- What a right to report and a right to read do to each other.

-- Every member of staff must be able to report (SoL 27:2, LSS 24 b) and sees what she reported herself; without a label the
-- report of an auditor or a local administrator was refused. They still see nothing else: their sight is OWN.
update sec.role_sight set labels = '{NORMAL}' where role in ('granskare', 'tenant_admin');

-- Who looked at a case, those who see the case may read (sight). Who looked at which list is nobody else's to read.
create policy own_lists on app.audit_log as restrictive for select to lyhord_api
  using (case_id is not null or actor_id = (select app.pid()));

-- +goose Down
drop policy own_lists on app.audit_log;
update sec.role_sight set labels = '{}' where role in ('granskare', 'tenant_admin');
