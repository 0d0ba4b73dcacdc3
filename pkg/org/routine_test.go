package org_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/tenants"
)

func TestAVersionOfTheRoutineBeginsAtMidnightInStockholm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, err := w.svc.Config(t.Context(), w.as("Rut").Scope())
	if err != nil {
		t.Fatal(err)
	}
	rules := first.Tenant.Rules()
	rules.Decisions.ConsultFromRisk = 8
	rules.Deadlines[tenants.RuleReplySimple] = tenants.DeadlineRule{Amount: 5, Unit: tenants.WorkingDay}
	day := clock.DateIn(w.clock.Now()).AddDays(1)
	w.exec(`insert into app.routine_versions (tenant_id, id, no, body, reason, changes, proposed_by, decision, decided_by, decided_at, valid_from)
		values ($1, $2, 1, $3, 'Fortare svar', '{x}', $4, 'PA', $5, now(), $6)`,
		w.tenant, uuid.New(), w.json(rules), w.person["Rut"], w.person["Uno"], day.String())
	inForce := func() (int, int) {
		t.Helper()
		c, err := w.svc.Config(t.Context(), w.as("Rut").Scope())
		if err != nil {
			t.Fatal(err)
		}
		return c.Routine, c.Rule(tenants.RuleReplySimple).Amount
	}
	w.clock.Set(day.Start().Add(-time.Second))
	if no, amount := inForce(); no != 0 || amount == 5 {
		t.Errorf("a second before midnight version %d holds and an answer has %d days", no, amount)
	}
	w.clock.Set(day.Start())
	if no, amount := inForce(); no != 1 || amount != 5 {
		t.Errorf("at midnight version %d holds and an answer has %d days", no, amount)
	}
}
