package org

const (
	sqlRoutineVersions = `select v.id, v.no, v.body, v.reason, v.changes, p.name as proposed_by, v.proposed_at, v.proposed_by = (select app.pid()) as mine,
			v.decision, d.name as decided_by, v.decided_at, v.valid_from
		from app.routine_versions v join app.people p on p.tenant_id = v.tenant_id and p.id = v.proposed_by
		left join app.people d on d.tenant_id = v.tenant_id and d.id = v.decided_by
		order by v.no desc limit 100`

	sqlOnce = `select app.once(@key, 'propose-routine', @sha, @ref)`

	sqlPropose = `insert into app.routine_versions (id, no, body, reason, changes, proposed_at)
		select @id, coalesce(max(v.no), 0) + 1, @body, @reason, @changes, @at from app.routine_versions v`

	sqlVersionThere = `select app.must(exists (select from app.routine_versions where id = @id), 'LY404', 'routine_version')`

	sqlDecide = `with decided as (update app.routine_versions set decision = @decision, decided_by = @by, decided_at = @at, valid_from = @valid_from
			where id = @id and decision is null and proposed_by <> @by returning 1)
		select app.must(exists (select 1 from decided), 'LY409', 'routine_version')`
)
