package dialogue

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/tenants"
)

// confirmer is the worker's side of a board.
func (b *board) confirmer(dsn string) *Acknowledger {
	b.t.Helper()
	d, err := db.Open(b.t.Context(), map[authz.Door]string{authz.DoorWorker: dsn})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(d.Close)
	return &Acknowledger{DB: d, Ring: b.ring, Clock: clock.System{}, IDs: id.Random{}, Rules: org.New(d, clock.System{}).Config}
}

// promise writes what the use-case writes beside a new case: that its writer is to be told, and the job for it.
func (b *board) promise(caseID uuid.UUID, way string) jobs.Job {
	b.t.Helper()
	b.exec(`insert into app.acknowledgements (tenant_id, case_id, way, due_on, rule) values ($1, $2, $3, '2026-11-05', '{}')`, b.tenant, caseID, way)
	j := jobs.Job{Tenant: b.tenant, ID: uuid.New(), Kind: jobs.AcknowledgeCase, Ref: caseID}
	b.exec(`insert into jobs.outbox (tenant_id, id, kind, ref) values ($1, $2, 'acknowledge-case', $3)`, b.tenant, j.ID, caseID)
	return j
}

func (b *board) count(sql string, args ...any) (n int) {
	b.t.Helper()
	if err := b.super.QueryRow(b.t.Context(), sql, args...).Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

// Proves req 8, T1.
func TestTheWriterIsToldThatItCameWithoutAnybodyDoingAnything(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	city, err := json.Marshal(tenants.City{})
	if err != nil {
		t.Fatal(err)
	}
	b.exec(`update app.cities set body = $1`, city)
	rules, err := json.Marshal(tenants.Tenant{Texts: tenants.Texts{Acknowledgement: "Tack från Bromma. {reference}: svar senast {answer_by}."}})
	if err != nil {
		t.Fatal(err)
	}
	b.exec(`insert into app.tenant_configs (tenant_id, version, body) values ($1, 1, $2)`, b.tenant, rules)
	a := b.confirmer(b.data.DSN("worker"))
	caseID, code := b.report(b.tenant, time.Hour)
	j := b.promise(caseID, "EPOST")
	if err := a.run(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	r, err := b.Open(t.Context(), b.tenant, Code{Typed: code.Text(), Place: aPlace})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Messages) != 1 || r.Messages[0].Kind != KindAcknowledgement || !strings.HasPrefix(r.Messages[0].Text, "Tack från Bromma. ") ||
		!strings.HasSuffix(r.Messages[0].Text, ": svar senast 17 november 2026.") {
		t.Errorf("the writer reads %+v", r.Messages)
	}
	if n := b.count(`select count(*) from app.acknowledgements where done_at is not null and done_by is null`); n != 1 {
		t.Error("it is not written down that the writer was told")
	}
	if n := b.count(`select count(*) from app.case_events where kind = 'case.acknowledged' and actor_id is null`); n != 1 {
		t.Error("the history does not say that the writer was told")
	}
	if n := b.count(`select count(*) from jobs.outbox where kind = 'notify-acknowledged' and ref = $1`, caseID); n != 1 {
		t.Error("no mail is on its way")
	}
	if err := a.run(t.Context(), j); err != nil {
		t.Errorf("rung once more: %v", err)
	}
	if n := b.count(`select count(*) from app.messages where kind = 'BEKRAFTELSE'`); n != 1 {
		t.Errorf("the writer was told %d times", n)
	}
}

func TestATenantWithoutWordsOfItsOwnHasSome(t *testing.T) {
	t.Parallel()
	got := AcknowledgementText("", "LH-1", clock.MustDate("2027-01-02"))
	if !strings.Contains(got, "LH-1") || !strings.Contains(got, "2 januari 2027") || strings.Contains(got, "{") {
		t.Error(got)
	}
}
