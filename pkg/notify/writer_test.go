//go:build unix

package notify_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"lyhord/pkg/notify"
	"lyhord/pkg/notify/sink"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/seal"
)

// wrote seals an address into the case and promises its writer an acknowledgement.
func (w *world) wrote(contact string) *seal.Ring {
	w.t.Helper()
	root, err := seal.ParseRoot(seal.NewRootKey())
	if err != nil {
		w.t.Fatal(err)
	}
	tenantKey, _, err := root.NewTenantKey(w.tenant, 1)
	if err != nil {
		w.t.Fatal(err)
	}
	ring := seal.NewRing(root, func(context.Context, uuid.UUID) ([]seal.WrappedKey, error) {
		return []seal.WrappedKey{{Version: 1, Wrapped: tenantKey}}, nil
	})
	current, err := ring.Current(w.t.Context(), w.tenant)
	if err != nil {
		w.t.Fatal(err)
	}
	key, wrapped := current.NewCaseKey(w.caseID)
	w.exec(`insert into app.case_keys (tenant_id, case_id, kek_version, wrapped) values ($1, $2, 1, $3)`, w.tenant, w.caseID, wrapped)
	w.exec(`insert into app.reports (tenant_id, case_id, narrative_sealed, contact_sealed) values ($1, $2, $3, $4)`, w.tenant, w.caseID,
		key.Seal("reports", "narrative_sealed", w.caseID, canary), key.Seal("reports", "contact_sealed", w.caseID, contact))
	w.exec(`insert into app.acknowledgements (tenant_id, case_id, way, due_on, rule) values ($1, $2, 'EPOST', '2026-11-24', '{}')`, w.tenant, w.caseID)
	return ring
}

func TestTheOneWhoWroteGetsAMailThatSaysWhenTheAnswerComesAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sink.Options{})
	w.exec(`update app.cases set version = version + 1, subject = 'Neutralt', category = 'BEM'`)
	ring := w.wrote(`{"name":"Dotter","email":"dotter@example.org"}`)
	svc := w.service(notify.MailerOptions{SMTP: config.SMTP{TLS: "none"}}, ring)
	j := w.job(jobs.NotifyAcknowledged)
	if err := w.run(svc, j); err != nil {
		t.Fatal(err)
	}
	w.wantInbox("Det du skrev har kommit fram -> dotter@example.org")
	w.wantDone(j, true)
	body := w.mails()[0].Body
	if !strings.Contains(body, "2026-12-10") {
		t.Errorf("the mail does not say when the answer comes:\n%s", body)
	}
	for _, secret := range []string{"Dotter", "Prov", "BEM", "Neutralt", "KLAGOMAL"} {
		if strings.Contains(body, secret) {
			t.Errorf("the mail tells %q:\n%s", secret, body)
		}
	}
	if n := w.count(`select count(*) from app.acknowledgements where mailed_at is not null`); n != 1 {
		t.Error("it is not written down that the mail went")
	}
	again := w.job(jobs.NotifyAcknowledged)
	if err := w.run(svc, again); err != nil {
		t.Fatal(err)
	}
	w.wantInbox("Det du skrev har kommit fram -> dotter@example.org")
}

func TestAWriterWithoutAnAddressGetsNoMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sink.Options{})
	ring := w.wrote(`{"phone":"08-123"}`)
	j := w.job(jobs.NotifyAcknowledged)
	if err := w.run(w.service(notify.MailerOptions{SMTP: config.SMTP{TLS: "none"}}, ring), j); err != nil {
		t.Fatal(err)
	}
	w.wantInbox()
	w.wantDone(j, true)
}
