package org

import (
	"encoding/json"

	"github.com/google/uuid"
)

const (
	// The newest rules of the scope's own tenant; the fence leaves no other.
	sqlConfig = `select c.version, c.body, ci.body as city
		from app.tenant_configs c join app.tenants t on t.id = c.tenant_id join app.cities ci on ci.id = t.city_id
		where c.valid_from <= now() order by c.version desc limit 1`

	// The way from a unit to the root on a day, and who leads each step.
	sqlUpwards = `with recursive up (id, depth) as (
			select @unit::uuid, 0
			union all` + sqlHeads

	// The same from where a handler stands: the unit, when she leads it or something above it; the one she leads, when that
	// is elsewhere (her own superior is asked, req. 35); the unit, when she leads nothing.
	sqlFromHandler = `with recursive way (id, depth) as (
			select @unit::uuid, 0
			union all
			select p.parent_id, way.depth + 1 from way join app.unit_parents p on p.unit_id = way.id
			 where p.valid_from <= @on and (p.valid_to is null or p.valid_to >= @on) and way.depth < 20
		), led as (
			select m.unit_id, m.unit_id in (select id from way) as on_way, m.valid_from from app.unit_managers m
			 where m.person_id = @handler and m.valid_from <= @on and (m.valid_to is null or m.valid_to >= @on)
		), up (id, depth) as (
			select case when coalesce((select bool_or(on_way) from led), true) then @unit::uuid
				else (select unit_id from led order by valid_from desc, unit_id limit 1) end, 0
			union all` + sqlHeads

	sqlHeads = `
			select p.parent_id, up.depth + 1 from up join app.unit_parents p on p.unit_id = up.id
			 where p.valid_from <= @on and (p.valid_to is null or p.valid_to >= @on) and up.depth < 20
		), heads as (
			select up.depth, u.id as unit_id, u.name as unit_name, pe.id as person_id, pe.name, pe.title, m.valid_from
			from up join app.units u on u.id = up.id
			join app.unit_managers m on m.unit_id = u.id and m.valid_from <= @on and (m.valid_to is null or m.valid_to >= @on)
			join app.people pe on pe.id = m.person_id and pe.active
		), nearest as (select min(depth) as depth from heads)`

	// The nearest manager who is neither named in @exclude nor, when the report is about the manager, the nearest one.
	sqlRoute = sqlUpwards + `
		select u.name as asked, coalesce((select depth from nearest), 0) as nearest_depth,
			h.depth, h.unit_id, h.unit_name, h.person_id, h.name, h.title
		from app.units u left join lateral (
			select * from heads where person_id <> all (@exclude::uuid[])
				and not (@about_manager and person_id in (select person_id from heads where depth = (select depth from nearest)))
			order by depth, valid_from desc, person_id limit 1) h on true
		where u.id = @unit`

	// The superior of somebody: the first other person above where they lead. Who leads nothing has the unit's own manager.
	sqlSuperior = sqlFromHandler + `
		select u.name as asked, coalesce((select depth from nearest), 0) as nearest_depth,
			h.depth, h.unit_id, h.unit_name, h.person_id, h.name, h.title
		from app.units u left join lateral (
			select * from heads where person_id <> @handler and person_id <> all (@exclude::uuid[])
				and depth > coalesce((select min(depth) from heads where person_id = @handler), -1)
			order by depth, valid_from desc, person_id limit 1) h on true
		where u.id = @unit`

	// Everybody in the line above where a handler leads; who leads nothing has the whole line above.
	sqlLine = sqlFromHandler + `
		select distinct person_id from heads where person_id <> @handler
			and depth > coalesce((select min(depth) from heads where person_id = @handler), -1)`

	sqlUnits = `with recursive place (id, parent_id, path) as (
			select u.id, null::uuid, '{}'::text[] from app.units u
			 where not exists (select from app.unit_parents p where p.unit_id = u.id and p.valid_from <= @on and (p.valid_to is null or p.valid_to >= @on))
			union all
			select p.unit_id, p.parent_id, pl.path || above.name from place pl
			join app.units above on above.id = pl.id
			join app.unit_parents p on p.parent_id = pl.id and p.valid_from <= @on and (p.valid_to is null or p.valid_to >= @on)
			where cardinality(pl.path) < 20
		)
		select u.id, u.name, u.kind, u.area, u.regi, pl.parent_id, pl.path,
			(select jsonb_build_object('id', pe.id, 'name', pe.name) from app.unit_managers m join app.people pe on pe.id = m.person_id and pe.active
			  where m.unit_id = u.id and m.valid_from <= @on and (m.valid_to is null or m.valid_to >= @on) order by m.valid_from desc, pe.id limit 1) as manager,
			(select app.sees_all()) or u.id = any ((select app.units_in_sight())::uuid[]) as in_sight
		from app.units u join place pl on pl.id = u.id
		where u.valid_from <= @on and (u.valid_to is null or u.valid_to >= @on)
			and (@like = '' or u.name ilike @like or array_to_string(pl.path, ' ') ilike @like)
		order by array_to_string(pl.path || u.name, ' / ')`

	// @near is the branch a unit is in: it, what is above it and what is below it.
	sqlNear = `with recursive above (id, depth) as (
			select @unit::uuid, 0
			union all
			select p.parent_id, a.depth + 1 from above a join app.unit_parents p on p.unit_id = a.id
			 where p.valid_from <= @on and (p.valid_to is null or p.valid_to >= @on) and a.depth < 20
		), below (id, depth) as (
			select @unit::uuid, 0
			union all
			select p.unit_id, b.depth + 1 from below b join app.unit_parents p on p.parent_id = b.id
			 where p.valid_from <= @on and (p.valid_to is null or p.valid_to >= @on) and b.depth < 20
		)`

	// Everybody who works here, those of the unit's branch first.
	sqlPeople = sqlNear + `
		select pe.id, pe.name, pe.title, u.name as unit_name
		from app.people pe left join app.units u on u.id = pe.home_unit_id
		where pe.active and (@like = '' or pe.name ilike @like or pe.title ilike @like)
		order by coalesce((select min(depth) from (select id, depth from above union all select id, depth from below) n where n.id = pe.home_unit_id), 100), pe.name, pe.id
		limit 50`

	// Who may investigate: those with the investigator's role, the nearest first, and managers below the unit.
	sqlInvestigators = sqlNear + `, holders as (
			select h.person_id, min(case when h.role = 'utredare' then coalesce(a.depth, b.depth, 50) else b.depth end) as near
			from sec.role_holders('{utredare,chef}') h
			left join above a on a.id = h.unit_id
			left join below b on b.id = h.unit_id
			where h.role = 'utredare' or b.id is not null
			group by h.person_id
		)`
	sqlDelegates = sqlInvestigators + `
		select pe.id, pe.name, pe.title, u.name as unit_name
		from holders h join app.people pe on pe.id = h.person_id and pe.active and pe.id <> (select app.pid())
		left join app.units u on u.id = pe.home_unit_id
		where @like = '' or pe.name ilike @like or pe.title ilike @like
		order by h.near, pe.name, pe.id limit 50`
	sqlCanInvestigate = sqlInvestigators + `
		select exists (select from holders h join app.people pe on pe.id = h.person_id and pe.active where h.person_id = @person)`

	sqlCanHandle = `select exists (select from sec.role_holders(@roles) h join app.people pe on pe.id = h.person_id and pe.active
		where h.person_id = @person)`

	// Who can handle a case of the unit: those who hold one of the roles, its own branch first.
	sqlHandlers = sqlNear + `, holders as (
			select h.person_id, min(coalesce(a.depth, b.depth, 100)) as near from sec.role_holders(@roles) h
			left join above a on a.id = h.unit_id left join below b on b.id = h.unit_id group by h.person_id
		)
		select pe.id, pe.name, pe.title, u.name as unit_name
		from holders h join app.people pe on pe.id = h.person_id and pe.active
		left join app.units u on u.id = pe.home_unit_id
		where @like = '' or pe.name ilike @like or pe.title ilike @like
		order by h.near, pe.name, pe.id limit 50`

	// One row always: somebody without a unit of their own, or a machine, has no area.
	sqlMyArea = `select coalesce((select u.area from app.people p join app.units u on u.id = p.home_unit_id where p.id = (select app.pid())), '')`

	// The public directory: no tenant data, so no scope of a tenant.
	sqlPublicTenants = `select t.slug, t.name, c.name as city, t.kind from app.tenants t join app.cities c on c.id = t.city_id
		where t.public_form and t.valid_from <= @on and (t.valid_to is null or t.valid_to >= @on)
		order by c.name, t.kind, t.name`
	sqlPublicTenant = `select t.id, t.slug, t.name, t.kind, c.name as city from app.tenants t join app.cities c on c.id = t.city_id
		where t.slug = @slug and t.public_form and t.valid_from <= @on and (t.valid_to is null or t.valid_to >= @on)`
	sqlPublicUnits = `select u.id, u.name, coalesce(u.area, '') as area from app.units u
		where u.kind = 'ENHET' and u.valid_from <= @on and (u.valid_to is null or u.valid_to >= @on) order by u.name`
)

type configRow struct {
	Version int             `db:"version"`
	Body    json.RawMessage `db:"body"`
	City    json.RawMessage `db:"city"`
}

// headRow is a unit that was asked about and the manager found for it, if any.
type headRow struct {
	Asked        string     `db:"asked"`
	NearestDepth int        `db:"nearest_depth"`
	Depth        *int       `db:"depth"`
	UnitID       *uuid.UUID `db:"unit_id"`
	UnitName     *string    `db:"unit_name"`
	PersonID     *uuid.UUID `db:"person_id"`
	Name         *string    `db:"name"`
	Title        *string    `db:"title"`
}

type tenantRow struct {
	ID   uuid.UUID `db:"id"`
	Slug string    `db:"slug"`
	Name string    `db:"name"`
	Kind string    `db:"kind"`
	City string    `db:"city"`
}
