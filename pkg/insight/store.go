package insight

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
)

// Two jobs of one case take turns, so that the later one also reads later and no older state can be written last.
const oneAtATime = `select pg_advisory_xact_lock(hashtextextended('fact:' || @case::text, 0))`

const readCase = `
select c.state, c.version, c.case_type, c.channel, c.category, c.category_hsl, c.area, c.regi, u.kind as unit_kind, u.area as unit_area,
       u.regi as unit_regi, c.harm, c.severity, c.risk_value, c.complexity, c.outcome, c.received_on, c.registered_at,
       c.answered_at, c.closed_at, c.due_on,
       array(select distinct x.area from app.causes x where x.case_id = c.id and x.removed_at is null order by 1) as cause_areas,
       array(select distinct m.strength from app.measures m where m.case_id = c.id and m.status not in ('FORSLAG', 'AVSLAGEN')) as measure_strengths,
       array(select distinct m.effect from app.measures m where m.case_id = c.id and m.status = 'UPPFOLJD' and m.effect is not null) as measure_effects
  from app.cases c left join app.units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
 where c.id = @case`

const putFact = `select insight.put_fact(@fact::jsonb)`

const dropFact = `select insight.drop_fact(@fact)`

// update reads the job's case and brings its fact up to date, in one transaction that ends the job. ids are the names of
// the fact by every version of the tenant's key, the present one first: after a rotation the old name goes.
func update(ctx context.Context, d *db.DB, j jobs.Job, ids []uuid.UUID, today clock.Date) error {
	return d.In(ctx, authz.System(j.Tenant, j.ID), func(tx db.Tx) error {
		var (
			read, write db.Batch
			row         caseRow
		)
		read.Exec(oneAtATime, db.Args{"case": j.Ref})
		db.First(&read, readCase, db.Args{"case": j.Ref}, &row)
		if err := tx.Do(ctx, &read); err != nil {
			return err
		}
		gone := ids
		if row.State != voided {
			body, err := json.Marshal(row.fact(ids[0], today))
			if err != nil {
				return err
			}
			write.Exec(putFact, db.Args{"fact": string(body)})
			gone = ids[1:]
		}
		for _, id := range gone {
			write.Exec(dropFact, db.Args{"fact": id})
		}
		jobs.Done(&write, j)
		return tx.Do(ctx, &write)
	})
}

// count is one number of the fixed grid: cases of a month, a tenant, a kind of case and a main category.
type count struct {
	Tenant   string    `db:"tenant_slug"`
	Kind     string    `db:"kind"`
	Month    time.Time `db:"month"`
	CaseType string    `db:"case_type"`
	Category string    `db:"category"`
	N        int       `db:"n"`
}

const readCells = `
select tenant_slug, kind, month, case_type, category, sum(n)::int as n
  from insight.city_cells(@city, @from_month, @to_month)
 group by tenant_slug, kind, month, case_type, category
 order by tenant_slug, month, case_type, category`

// readCounts asks as the insight role, which can do nothing but this.
func readCounts(ctx context.Context, d *db.DB, city string, from, to clock.Date) ([]count, error) {
	var (
		b    db.Batch
		rows []count
	)
	db.Collect(&b, readCells, db.Args{"city": city, "from_month": from, "to_month": to}, &rows)
	return rows, d.Once(ctx, authz.Insight(), &b)
}

// directory is the public part of a city: its name, who works in it and what its codes are called.
type directory struct {
	City       string
	Tenants    []place
	Categories []label
	Types      []label
}

type place struct {
	Slug string `db:"slug"`
	Name string `db:"short_name"`
	Kind string `db:"kind"`
}

type label struct {
	List  string `db:"list" json:"-"`
	Code  string `db:"code" json:"code"`
	Label string `db:"label" json:"label"`
}

const readTenants = `
select t.slug, t.short_name, t.kind from app.tenants t join app.cities c on c.id = t.city_id
 where c.slug = @city order by t.short_name`

const readLabels = `
select k.list, k.code, k.label from app.codes k join app.cities c on c.id = k.city_id
 where c.slug = @city and k.parent is null and k.list = any (@lists) order by k.list, k.sort`

// readDirectory reads what everybody may know. The insight role cannot read even that, so it comes by the api's door.
func readDirectory(ctx context.Context, d *db.DB, city string) (directory, error) {
	var (
		b      db.Batch
		dir    directory
		labels []label
	)
	b.One(`select name from app.cities where slug = @city`, db.Args{"city": city}, &dir.City)
	db.Collect(&b, readTenants, db.Args{"city": city}, &dir.Tenants)
	db.Collect(&b, readLabels, db.Args{"city": city, "lists": []string{listType, listSoL, listHSL}}, &labels)
	if err := d.Once(ctx, authz.NoTenant(authz.DoorAPI), &b); err != nil {
		return directory{}, err
	}
	for _, l := range labels {
		if l.List == listType {
			dir.Types = append(dir.Types, l)
		} else {
			dir.Categories = append(dir.Categories, l)
		}
	}
	return dir, nil
}
