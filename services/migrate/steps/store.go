package steps

// Rows travel as one JSON array per table. What is unchanged is not touched, so that a second run writes nothing.
const (
	sqlCity = `insert into app.cities as c (id, slug, name, body) values (@id, @slug, @name, @body)
		on conflict (id) do update set slug = excluded.slug, name = excluded.name, body = excluded.body
		where (c.slug, c.name, c.body) is distinct from (excluded.slug, excluded.name, excluded.body)`

	sqlCodes = `insert into app.codes as c (city_id, list, code, parent, label, sort, help, needs_text, valid_to)
		select @city, r.list, r.code, r.parent, r.label, r.sort, r.help, r.needs_text, r.valid_to
		from jsonb_to_recordset(@rows) r (list text, code text, parent text, label text, sort int, help text, needs_text boolean, valid_to date)
		on conflict (city_id, list, code) do update set parent = excluded.parent, label = excluded.label, sort = excluded.sort,
			help = excluded.help, needs_text = excluded.needs_text, valid_to = excluded.valid_to
		where (c.parent, c.label, c.sort, c.help, c.needs_text, c.valid_to)
			is distinct from (excluded.parent, excluded.label, excluded.sort, excluded.help, excluded.needs_text, excluded.valid_to)`

	sqlCloseCodes = `update app.codes c set valid_to = current_date - 1
		where c.city_id = @city and (c.valid_to is null or c.valid_to >= current_date)
			and not exists (select from jsonb_to_recordset(@rows) r (list text, code text) where r.list = c.list and r.code = c.code)`

	sqlTenant = `insert into app.tenants as t (id, city_id, slug, name, short_name, kind, public_form, valid_from, valid_to, predecessors)
		values (@id, @city, @slug, @name, @short, @kind, @public, @from, @to, @predecessors)
		on conflict (id) do update set city_id = excluded.city_id, name = excluded.name, short_name = excluded.short_name, kind = excluded.kind,
			public_form = excluded.public_form, valid_from = excluded.valid_from, valid_to = excluded.valid_to, predecessors = excluded.predecessors
		where (t.city_id, t.name, t.short_name, t.kind, t.public_form, t.valid_from, t.valid_to, t.predecessors) is distinct from
			(excluded.city_id, excluded.name, excluded.short_name, excluded.kind, excluded.public_form, excluded.valid_from, excluded.valid_to, excluded.predecessors)`

	// A tenant without a file takes nothing more in: no form, no session.
	sqlCloseTenants = `update app.tenants t set valid_to = current_date - 1, public_form = false
		where t.city_id = @city and t.slug <> all (@slugs) and (t.valid_to is null or t.valid_to >= current_date)`

	// A new version only where the rules differ from the newest.
	sqlConfig = `insert into app.tenant_configs (tenant_id, version, body)
		select @tenant, coalesce(max(c.version), 0) + 1, @body from app.tenant_configs c where c.tenant_id = @tenant
		having (select n.body from app.tenant_configs n where n.tenant_id = @tenant order by n.version desc limit 1) is distinct from @body::jsonb`

	sqlUnits = `insert into app.units as u (tenant_id, id, slug, name, kind, area, regi, valid_from, valid_to)
		select @tenant, r.id, r.slug, r.name, r.kind, r.area, r.regi, r.valid_from, r.valid_to
		from jsonb_to_recordset(@rows) r (id uuid, slug text, name text, kind text, area text, regi text, valid_from date, valid_to date)
		on conflict (tenant_id, id) do update set name = excluded.name, kind = excluded.kind, area = excluded.area, regi = excluded.regi,
			valid_from = excluded.valid_from, valid_to = excluded.valid_to
		where (u.name, u.kind, u.area, u.regi, u.valid_from, u.valid_to) is distinct from
			(excluded.name, excluded.kind, excluded.area, excluded.regi, excluded.valid_from, excluded.valid_to)`

	sqlCloseUnits = `update app.units u set valid_to = current_date - 1
		where u.tenant_id = @tenant and (u.valid_to is null or u.valid_to >= current_date)
			and not exists (select from jsonb_to_recordset(@rows) r (id uuid) where r.id = u.id)`

	// The tree is dated: a unit that has moved keeps its old place until yesterday.
	sqlCloseParents = `update app.unit_parents p set valid_to = current_date - 1
		where p.tenant_id = @tenant and (p.valid_to is null or p.valid_to >= current_date)
			and not exists (select from jsonb_to_recordset(@rows) r (id uuid, parent_id uuid) where r.id = p.unit_id and r.parent_id = p.parent_id)`

	sqlOpenParents = `insert into app.unit_parents as p (tenant_id, unit_id, parent_id, valid_from)
		select @tenant, r.id, r.parent_id,
			case when exists (select from app.unit_parents o where o.tenant_id = @tenant and o.unit_id = r.id) then current_date else r.valid_from end
		from jsonb_to_recordset(@rows) r (id uuid, parent_id uuid, valid_from date)
		where r.parent_id is not null and not exists (select from app.unit_parents o
			where o.tenant_id = @tenant and o.unit_id = r.id and o.parent_id = r.parent_id and (o.valid_to is null or o.valid_to >= current_date))
		on conflict (tenant_id, unit_id, valid_from) do update set parent_id = excluded.parent_id, valid_to = null`

	sqlAccounts = `insert into sec.accounts as a (id, login, password_hash)
		select r.id, r.login, @hash from jsonb_to_recordset(@rows) r (id uuid, login text)
		on conflict (id) do update set login = excluded.login, disabled_at = null,
			password_hash = coalesce(excluded.password_hash, a.password_hash)
		where a.disabled_at is not null or a.login <> excluded.login or excluded.password_hash is not null`

	sqlPeople = `insert into app.people as p (tenant_id, id, name, title, email, home_unit_id, active)
		select @tenant, r.id, r.name, r.title, r.email, r.home_unit_id, true
		from jsonb_to_recordset(@rows) r (id uuid, name text, title text, email text, home_unit_id uuid)
		on conflict (tenant_id, id) do update set name = excluded.name, title = excluded.title, email = excluded.email,
			home_unit_id = excluded.home_unit_id, active = true
		where (p.name, p.title, p.email, p.home_unit_id, p.active) is distinct from
			(excluded.name, excluded.title, excluded.email, excluded.home_unit_id, true)`

	sqlClosePeople = `update app.people p set active = false
		where p.tenant_id = @tenant and p.active and not exists (select from jsonb_to_recordset(@rows) r (id uuid) where r.id = p.id)`

	sqlManagers = `insert into app.unit_managers as m (tenant_id, unit_id, person_id, valid_from, valid_to)
		select @tenant, r.unit_id, r.person_id, r.valid_from, r.valid_to
		from jsonb_to_recordset(@rows) r (unit_id uuid, person_id uuid, valid_from date, valid_to date)
		on conflict (tenant_id, unit_id, person_id, valid_from) do update set valid_to = excluded.valid_to
		where m.valid_to is distinct from excluded.valid_to`

	sqlCloseManagers = `update app.unit_managers m set valid_to = current_date - 1
		where m.tenant_id = @tenant and (m.valid_to is null or m.valid_to >= current_date)
			and not exists (select from jsonb_to_recordset(@rows) r (unit_id uuid, person_id uuid, valid_from date)
				where r.unit_id = m.unit_id and r.person_id = m.person_id and r.valid_from = m.valid_from)`

	sqlMemberships = `insert into sec.memberships as m (tenant_id, account_id, role, unit_id, valid_from, valid_to)
		select @tenant, r.account_id, r.role, r.unit_id, r.valid_from, r.valid_to
		from jsonb_to_recordset(@rows) r (account_id uuid, role text, unit_id uuid, valid_from date, valid_to date)
		on conflict (tenant_id, account_id, role, unit_id, valid_from) do update set valid_to = excluded.valid_to
		where m.valid_to is distinct from excluded.valid_to`

	sqlCloseMemberships = `update sec.memberships m set valid_to = current_date - 1
		where m.tenant_id = @tenant and (m.valid_to is null or m.valid_to >= current_date)
			and not exists (select from jsonb_to_recordset(@rows) r (account_id uuid, role text, unit_id uuid, valid_from date)
				where r.account_id = m.account_id and r.role = m.role and r.unit_id = m.unit_id and r.valid_from = m.valid_from)`

	// An account of this tenant's own people that is in no file and has no role anywhere is closed.
	sqlDisable = `update sec.accounts a set disabled_at = now() from app.people p
		where p.tenant_id = @tenant and p.id = a.id and a.disabled_at is null
			and not exists (select from jsonb_to_recordset(@rows) r (id uuid) where r.id = a.id)
			and not exists (select from sec.memberships m where m.account_id = a.id and (m.valid_to is null or m.valid_to >= current_date))`

	sqlDone = `insert into sec.schema_state (version) values ($1)
		on conflict (only_row) do update set version = excluded.version, at = now()`

	sqlForgetDemo = `delete from sec.demo_logins where tenant_id = @tenant`
	// What a tenant does again and again by itself begins here; each run sets the next.
	sqlTimers = `insert into jobs.timers (tenant_id, id, kind, ref, due_at)
		select @tenant, gen_random_uuid(), k, @tenant, now() from unnest(@kinds::text[]) k
		 where not exists (select from jobs.timers t where t.tenant_id = @tenant and t.ref = @tenant and t.kind = k and t.fired_at is null and t.cancelled_at is null)
		   and not exists (select from jobs.outbox o where o.tenant_id = @tenant and o.ref = @tenant and o.kind = k and o.done_at is null and o.dead_at is null)`
	sqlDemo = `insert into sec.demo_logins (account_id, tenant_id, name, title, role, sort)
		select r.id, @tenant, r.name, r.title, r.role, r.sort
		from jsonb_to_recordset(@rows) r (id uuid, name text, title text, role text, sort int)`

	sqlProvider = `insert into sec.oidc_providers (tenant_id, issuer, client_id, secret_env, scopes, required_acr, login_claim)
		values (@tenant, @issuer, @client, @secret, @scopes, @acr, @claim)
		on conflict (tenant_id) do update set issuer = excluded.issuer, client_id = excluded.client_id, secret_env = excluded.secret_env,
			scopes = excluded.scopes, required_acr = excluded.required_acr, login_claim = excluded.login_claim`
	sqlFirstLogins = `insert into sec.first_logins (tenant_id, claim, account_id)
		select @tenant, lower(r.email), min(r.id::text)::uuid from jsonb_to_recordset(@rows) r (id uuid, email text)
		group by lower(r.email) having count(*) = 1 -- an address that two share tells neither of them
		on conflict (tenant_id, claim) do nothing`
)
