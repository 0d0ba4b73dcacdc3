package operator_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"

	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/dbtest"
	"lyhord/services/worker/operator"
)

func TestAnOperatorSeesDeadJobsAndRevivesThem(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	super := d.Super(t)
	city, tenant, mail, fact, about := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := super.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`insert into app.cities (id, slug, name) values ($1, 'c', 'C')`, city)
	exec(`insert into app.tenants (id, city_id, slug, name, short_name, kind, valid_from) values ($1, $2, 't', 'T', 'T', 'BOARD', '2026-01-01')`, tenant, city)
	for id, kind := range map[uuid.UUID]string{mail: "notify-assigned", fact: "update-fact"} {
		exec(`insert into jobs.outbox (tenant_id, id, kind, ref, attempts, dead_at, last_code) values ($1, $2, $3, $4, 60, now(), 'smtp_refused')`, tenant, id, kind, about)
	}
	c := config.Worker{}
	c.DSN.Relay = config.Secret(d.DSN("relay"))
	run := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := operator.Run(t.Context(), c, args, &out)
		return out.String(), err
	}
	text, err := run("dead")
	if err != nil || !strings.Contains(text, mail.String()) || !strings.Contains(text, "smtp_refused") || !strings.Contains(text, "2 dead jobs") {
		t.Fatalf("%v: %s", err, text)
	}
	if strings.Contains(text, about.String()) {
		t.Error("it shows what the job is about")
	}
	if text, err := run("revive", mail.String()); err != nil || !strings.Contains(text, "1 jobs") {
		t.Errorf("revive: %v %s", err, text)
	}
	if text, err := run("revive-kind", "update-fact"); err != nil || !strings.Contains(text, "1 jobs") {
		t.Errorf("revive-kind: %v %s", err, text)
	}
	var open int
	if err := super.QueryRow(t.Context(), `select count(*) from jobs.outbox where dead_at is null and attempts = 0 and not_before <= now()`).Scan(&open); err != nil || open != 2 {
		t.Errorf("%d jobs are open again: %v", open, err)
	}
	for _, wrong := range [][]string{{}, {"revive"}, {"revive", "x"}, {"revive-kind", "burn-town"}, {"bury"}} {
		if _, err := run(wrong...); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
}
