//go:build unix

package insight_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
)

func TestEachEventOfACaseBringsItsFactUpToDate(t *testing.T) {
	w := newWorld(t)
	c := w.report(w.alfa, "2026-10-30", "LKM.FEL_DOS")
	w.update(w.alfa, c)
	if got := w.text("select concat_ws(' ', month, unit_kind, area, regi, case_type, channel, category, harm, state_group, late, source_version) from insight.facts"); got !=
		"2026-10-01 ENHET ALDREOMSORG EGEN_REGI EGEN_IAKTTAGELSE LKM.FEL_DOS OKANT OPPEN f 1" {
		t.Errorf("after the report: %s", got)
	}
	w.agree()

	w.change(c, `state = 'registered', prev_state = 'received', case_type = 'AVVIKELSE', subject = 'Läkemedel', severity = 3, probability = 4,
		harm = 'LINDRIG', due_on = '2026-11-10', registered_at = '2026-11-02T08:00:00Z'`)
	w.exec("insert into app.causes (tenant_id, id, case_id, area, removed_at) values ($1, $2, $3, 'TEKNIK_UTRUSTNING', null), ($1, $4, $3, 'UTBILDNING_KOMPETENS', now())",
		w.alfa, uuid.New(), c, uuid.New())
	for _, m := range []struct{ strength, status, effect string }{{"SVAG", "UPPFOLJD", "JA"}, {"MEDEL", "UPPFOLJD", "NEJ"}, {"STARK", "FORSLAG", ""}} {
		w.exec(`insert into app.measures (tenant_id, id, case_id, title_sealed, strength, owner_id, due_on, status, done_on, effect)
			values ($1, $2, $3, 'x', $4, $1, '2026-12-01', $5, '2026-11-20', nullif($6, ''))`, w.alfa, uuid.New(), c, m.strength, m.status, m.effect)
	}
	w.update(w.alfa, c)
	if got := w.text(`select concat_ws(' ', case_type, severity_band, risk_band, harm, cause_areas, strongest_measure, effect, days_to_register, late, source_version)
		from insight.facts`); got != "AVVIKELSE 3 MYCKET_HOG LINDRIG {TEKNIK_UTRUSTNING} MEDEL DELVIS 3 t 2" {
		t.Errorf("after the investigation: %s", got)
	}
	w.agree()
	if n := w.one("select count(*) from insight.facts where fact_id = $1", c); n != 0 {
		t.Error("the fact carries the case's own id")
	}
}

func TestAVoidedCaseLeavesTheFigures(t *testing.T) {
	w := newWorld(t)
	c, other := w.report(w.alfa, "2026-10-30", "LKM"), w.report(w.alfa, "2026-10-30", "LKM")
	w.update(w.alfa, c)
	w.update(w.alfa, other)
	w.change(c, "state = 'void', prev_state = 'received'")
	w.update(w.alfa, c)
	if n := w.one("select sum(n)::int from insight.cells"); n != 1 {
		t.Errorf("%d cases are counted", n)
	}
	w.agree()
	w.update(w.alfa, c) // another late event
	w.agree()
}

func TestAnOlderVersionNeverOverwritesANewer(t *testing.T) {
	w := newWorld(t)
	c := w.report(w.alfa, "2026-10-30", "LKM")
	w.change(c, "harm = 'ALLVARLIG'")
	w.update(w.alfa, c)
	j := w.job(w.alfa, c)
	var (
		b       db.Batch
		written bool
	)
	b.One(`select insight.put_fact(@fact::jsonb)`, db.Args{"fact": fmt.Sprintf(
		`{"fact_id": %q, "month": "2026-10-01", "state_group": "OPPEN", "harm": "NEJ", "source_version": 1}`, w.text("select fact_id::text from insight.facts"))}, &written)
	if err := w.db.Once(t.Context(), authz.System(w.alfa, j.ID), &b); err != nil {
		t.Fatal(err)
	}
	if harm := w.text("select harm from insight.facts"); written || harm != "ALLVARLIG" {
		t.Errorf("the older version was written: %s", harm)
	}
	w.agree()
}

func TestAJobThatIsDoneChangesNothingWhenItRunsAgain(t *testing.T) {
	w := newWorld(t)
	c := w.report(w.alfa, "2026-10-30", "LKM")
	j := w.job(w.alfa, c)
	if err := w.run(j); err != nil {
		t.Fatal(err)
	}
	before := w.text("select string_agg(f::text, ';') from insight.facts f")
	w.change(c, "harm = 'ALLVARLIG'")
	if err := w.run(j); err == nil {
		t.Error("a done job was run as if it were open")
	}
	if after := w.text("select string_agg(f::text, ';') from insight.facts f"); after != before {
		t.Errorf("%s became %s", before, after)
	}
	w.agree()
}

func TestAJobReachesOnlyTheTenantThatWroteIt(t *testing.T) {
	w := newWorld(t)
	foreign := w.report(w.beta, "2026-10-30", "LKM")
	if err := w.run(w.job(w.alfa, foreign)); err == nil {
		t.Error("alfa's job read beta's case")
	}
	stolen := w.job(w.alfa, foreign)
	stolen.Tenant = w.beta // alfa's outbox row, beta's name
	if err := w.run(stolen); err == nil {
		t.Error("alfa's job acted for beta")
	}
	w.update(w.beta, foreign)
	fact := w.text("select fact_id::text from insight.facts where tenant_id = $1", w.beta)
	j := w.job(w.alfa, foreign)
	var b db.Batch
	b.Exec(`select insight.put_fact(@fact::jsonb)`, db.Args{"fact": fmt.Sprintf(
		`{"tenant_id": %q, "fact_id": %q, "month": "2026-01-01", "state_group": "OPPEN", "source_version": 99}`, w.beta, fact)})
	b.Exec(`select insight.drop_fact(@fact::uuid)`, db.Args{"fact": fact})
	if err := w.db.Once(t.Context(), authz.System(w.alfa, j.ID), &b); err != nil {
		t.Fatal(err)
	}
	if n := w.one("select count(*) from insight.facts where tenant_id = $1 and source_version = 1 and month = '2026-10-01'", w.beta); n != 1 {
		t.Error("beta's fact was changed by alfa's job")
	}
	w.agree()
}

func TestWithoutAnOpenJobNothingIsWritten(t *testing.T) {
	w := newWorld(t)
	var (
		b       db.Batch
		written bool
	)
	b.One(`select insight.put_fact('{"fact_id": "00000000-0000-4000-8000-000000000001", "month": "2026-01-01", "state_group": "OPPEN", "source_version": 1}')`, nil, &written)
	if err := w.db.Once(t.Context(), authz.System(w.alfa, uuid.New()), &b); err != nil {
		t.Fatal(err)
	}
	if written || w.one("select count(*) from insight.facts") != 0 {
		t.Error("an invented job wrote a fact")
	}
}

func TestAFactKeepsItsCaseWhenTheTenantsKeyIsChanged(t *testing.T) {
	w := newWorld(t)
	c := w.report(w.alfa, "2026-10-30", "LKM")
	w.update(w.alfa, c)
	w.newKey(w.alfa, 2)
	w.change(c, "harm = 'ALLVARLIG'")
	w.update(w.alfa, c)
	if n := w.one("select count(*) from insight.facts"); n != 1 || w.text("select harm from insight.facts") != "ALLVARLIG" {
		t.Errorf("%d facts of one case", n)
	}
	w.agree()
}

func TestTheCellsStayTheFactsWhenManyJobsRunAtOnce(t *testing.T) {
	w := newWorld(t)
	rng := rand.New(rand.NewPCG(4, 4))
	var cases []uuid.UUID
	for i := range 12 {
		cases = append(cases, w.report(w.alfa, fmt.Sprintf("2026-%02d-15", 1+i%6), "LKM"))
	}
	for range 6 {
		var wg sync.WaitGroup
		for _, c := range cases {
			w.change(c, "category_hsl = $2, harm = $3", []string{"LKM", "FAL", "UTF.X"}[rng.IntN(3)], []string{"OKANT", "NEJ", "LINDRIG"}[rng.IntN(3)])
			for range 2 { // two events, two jobs, in any order
				j := w.job(w.alfa, c)
				wg.Go(func() {
					if err := w.run(j); err != nil {
						t.Errorf("a job failed: %v", err)
					}
				})
			}
		}
		wg.Wait()
		w.agree()
	}
	if n := w.one("select count(*) from insight.facts f where source_version <> 7"); n != 0 {
		t.Errorf("%d facts are not of the last version", n)
	}
	if n := w.one("select count(*) from jobs.outbox where done_at is null"); n != 0 {
		t.Errorf("%d jobs are not done", n)
	}
}
