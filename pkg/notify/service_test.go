//go:build unix

package notify_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"math/big"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"lyhord/pkg/notify"
	"lyhord/pkg/notify/sink"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/jobs"
)

const (
	news    = "Nytt att läsa i Lyhörd -> "
	late    = "Försenat i Lyhörd -> "
	someday = "Påminnelse från Lyhörd -> "
)

func TestEveryRegistrarIsToldOfANewCaseOnceAndNotWhatItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sink.Options{})
	j := w.job(jobs.NotifyCaseReceived)
	w.mustRun(j)
	w.wantDone(j, true)
	w.wantInbox(news+"Ragna@prov.example", news+"Reg@prov.example")
	if err := w.run(nil, j); err == nil {
		t.Error("a job that is done was done again")
	}
	w.wantInbox(news+"Ragna@prov.example", news+"Reg@prov.example")
	for _, m := range w.mails() {
		raw, err := os.ReadFile(filepath.Join(w.dir(), m.ID+".eml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{canary, "Kanarief", w.caseID.String(), w.tenant.String(), "Uno", "KLAGOMAL"} {
			if bytes.Contains(raw, []byte(secret)) || strings.Contains(m.Body+m.Subject, secret) {
				t.Errorf("the mail tells %q:\n%s", secret, raw)
			}
		}
		if !strings.Contains(m.Body, "https://lyhord.example.org/app/") || m.Header.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("the mail lacks its link or its mark:\n%s", raw)
		}
	}
	if n := w.count(`select count(*) from app.deliveries where outbox_id = $1 and sent_at is not null and attempts = 1 and tenant_id = $2`, j.ID, w.tenant); n != 2 {
		t.Errorf("%d deliveries", n)
	}
}

func TestRunsAtTheSameTimeSendOneMailToEach(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sink.Options{})
	for range 5 {
		j := w.job(jobs.NotifyCaseReceived)
		var both sync.WaitGroup
		for range 3 {
			both.Go(func() { _ = w.run(nil, j) }) // at most one says that it has done it
		}
		both.Wait()
		if n := w.count(`select count(*) from jobs.outbox where id = $1 and done_at is null`, j.ID); n == 1 {
			w.mustRun(j) // all of them left it to another
		}
	}
	if n := len(w.mails()); n != 10 {
		t.Errorf("five jobs for two people made %d mails", n)
	}
}

func TestWhoWasReachedIsNotToldAgainWhenAnotherIsNot(t *testing.T) {
	t.Parallel()
	mood := &moody{say: map[string]error{}}
	mood.set("Ragna@prov.example", &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Ragna@prov.example later"})
	w := newWorld(t, sink.Options{Accept: mood.accept})
	j := w.job(jobs.NotifyCaseReceived)
	if err := w.run(nil, j); jobs.CodeOf(err) != "smtp_451" {
		t.Fatalf("the job ended with %v", err)
	}
	w.wantDone(j, false)
	w.wantInbox(news + "Reg@prov.example")
	if n := w.count(`select count(*) from app.deliveries where sent_at is null and attempted_at is not null and last_code = 'smtp_451'`); n != 1 {
		t.Errorf("%d deliveries wait", n)
	}
	mood.set("Ragna@prov.example", nil)
	w.mustRun(j)
	w.wantDone(j, true)
	w.wantInbox(news+"Ragna@prov.example", news+"Reg@prov.example")
}

func TestAnAddressThatDoesNotExistDoesNotKeepTheJobOpen(t *testing.T) {
	t.Parallel()
	mood := &moody{say: map[string]error{"Ragna@prov.example": &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}}}
	w := newWorld(t, sink.Options{Accept: mood.accept})
	w.exec(`update app.people set email = E'reg@prov.example\r\nBcc: all@prov.example' where id = $1`, w.person["Reg"])
	j := w.job(jobs.NotifyCaseReceived)
	w.mustRun(j)
	w.wantDone(j, true)
	w.wantInbox()
	if n := w.count(`select count(*) from app.deliveries where sent_at is null and last_code in ('refused_550', 'refused_address')`); n != 2 {
		t.Errorf("%d of 2 refusals are remembered", n)
	}
}

func TestAMailServerThatIsAwayIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sink.Options{})
	w.sink.Stop()
	j := w.job(jobs.NotifyCaseReceived)
	if err := w.run(nil, j); jobs.CodeOf(err) != "smtp_unreachable" {
		t.Fatalf("the job ended with %v", err)
	}
	again, err := sink.Start(sink.Options{Dir: t.TempDir(), Addr: w.sink.Addr()})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Stop()
	w.sink = again
	w.mustRun(j)
	w.wantInbox(news+"Ragna@prov.example", news+"Reg@prov.example")
}

func TestAWorkerThatDiesBetweenSendingAndMarkingLeavesAMailThatMayComeTwiceUnderOneID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sink.Options{})
	w.exec(`update app.people set active = false where id = $1`, w.person["Ragna"])
	j := w.job(jobs.NotifyCaseReceived)
	w.mustRun(j)
	// Back to what a kill -9 after the server's answer leaves behind.
	w.exec(`update jobs.outbox set done_at = null`)
	w.exec(`update app.deliveries set sent_at = null`)
	if err := w.run(nil, j); jobs.CodeOf(err) != "under_way" {
		t.Fatalf("a delivery in somebody's hand was taken: %v", err)
	}
	if n := len(w.mails()); n != 1 {
		t.Fatalf("%d mails", n)
	}
	w.exec(`update app.deliveries set attempted_at = now() - interval '26 seconds'`)
	w.mustRun(j)
	mails := w.mails()
	if len(mails) != 2 || mails[0].MessageID != mails[1].MessageID || mails[0].MessageID == "" {
		t.Errorf("the mails are %+v", mails)
	}
}

func TestSomebodyWhoHasLeftGetsNoMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sink.Options{})
	w.exec(`update app.people set active = false where id = $1`, w.person["Reg"])
	w.exec(`update sec.memberships set valid_to = '2026-01-01' where account_id = $1`, w.person["Ragna"])
	j := w.job(jobs.NotifyCaseReceived)
	w.mustRun(j)
	w.wantDone(j, true)
	w.wantInbox()
}

func TestALateAnswerIsToldOneStepUpAndAgainInAWeek(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sink.Options{})
	w.toState("assessing", "investigating")
	w.mustRun(w.job(jobs.DeadlineAnswerLate))
	w.wantInbox(late+"Ulla@prov.example", late+"Uno@prov.example")
	w.mustRun(w.job(jobs.DeadlineAnswerEscalate)) // as long after as the tenant's rule says
	w.wantInbox(late+"Rut@prov.example", late+"Ulla@prov.example", late+"Uno@prov.example")
	if n := w.count(`select count(*) from jobs.timers where kind = 'deadline-answer-late' and ref = $1 and due_at = '2026-12-18 07:00 Europe/Stockholm'`, w.caseID); n != 1 {
		t.Error("there is no timer for next week")
	}
}

func TestALateRegistrationIsToldTheRegistrarsAndTheirManager(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sink.Options{})
	w.mustRun(w.job(jobs.DeadlineRegisterLate))
	w.mustRun(w.job(jobs.DeadlineRegisterEscalate))
	w.wantInbox(late+"Ragna@prov.example", late+"Reg@prov.example", late+"Rut@prov.example")
}

func TestATimerOfACaseThatIsPastTheStepEndsSilently(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sink.Options{})
	w.toState("registered", "assigned")
	j := w.job(jobs.DeadlineRegisterLate)
	w.mustRun(j)
	w.wantDone(j, true)
	w.wantInbox()
	if n := w.count(`select count(*) from jobs.timers`); n != 0 {
		t.Errorf("%d timers were set", n)
	}
}

func TestAMeasureIsItsOwnersAndThenTheHandlers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sink.Options{})
	w.toState("investigating", "measures")
	measure := w.job(jobs.DeadlineMeasureLate)
	w.exec(`insert into app.measures (tenant_id, id, case_id, title_sealed, strength, owner_id, due_on, status)
		values ($1, $2, $3, '\x00', 'STARK', $4, '2026-12-10', 'PLANERAD')`, w.tenant, measure.ID, w.caseID, w.person["Ulla"])
	measure.Ref = measure.ID // any id will do
	w.mustRun(measure)
	w.wantInbox(late+"Ulla@prov.example", late+"Uno@prov.example")
	told := w.job(jobs.NotifyMeasureOwner)
	told.Ref = measure.Ref
	w.mustRun(told)
	w.wantInbox(late+"Ulla@prov.example", late+"Uno@prov.example", news+"Ulla@prov.example")
}

func TestAJobAboutSomethingThatIsGoneIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sink.Options{})
	j := w.job(jobs.NotifyMeasureOwner) // its ref is no measure
	w.mustRun(j)
	w.wantDone(j, true)
	w.wantInbox()
}

func TestMailLeavesOnlyOverTLSThatIsTrustedUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	cert, roots := certificate(t)
	w := newWorld(t, sink.Options{TLS: &tls.Config{Certificates: []tls.Certificate{cert}}})
	j := w.job(jobs.DeadlineRegisterWarn)
	stranger := w.service(notify.MailerOptions{SMTP: config.SMTP{TLS: "starttls"}, Roots: x509.NewCertPool()})
	if err := w.run(stranger, j); err == nil {
		t.Error("an untrusted server was given the mail")
	}
	plain, err := sink.Start(sink.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Stop()
	if err := w.run(w.service(notify.MailerOptions{SMTP: config.SMTP{TLS: "starttls", Addr: plain.Addr()}, Roots: roots}), j); err == nil {
		t.Error("a server without TLS was given the mail")
	}
	w.wantInbox()
	if err := w.run(w.service(notify.MailerOptions{SMTP: config.SMTP{TLS: "starttls"}, Roots: roots}), j); err != nil {
		t.Fatal(err)
	}
	w.wantInbox(someday+"Ragna@prov.example", someday+"Reg@prov.example")
}

func TestTheSinkShowsItsMailsAndListensOnlyAtHome(t *testing.T) {
	t.Parallel()
	if _, err := sink.Start(sink.Options{Dir: t.TempDir(), Addr: "0.0.0.0:0"}); err == nil {
		t.Error("the sink listens to the world")
	}
	w := newWorld(t, sink.Options{})
	w.mustRun(w.job(jobs.NotifyCaseReceived))
	for accept, want := range map[string]string{"text/html": "<h2>Nytt att läsa i Lyhörd</h2>", "application/json": `"to":"Reg@prov.example"`} {
		r := httptest.NewRequest("GET", "/dev/mail", nil)
		r.Header.Set("Accept", accept)
		answer := httptest.NewRecorder()
		w.sink.Handler().ServeHTTP(answer, r)
		if !strings.Contains(answer.Body.String(), want) {
			t.Errorf("as %s: %s", accept, answer.Body)
		}
		if accept == "application/json" && !json.Valid(answer.Body.Bytes()) {
			t.Error("that is no JSON")
		}
	}
}

// dir is where the world's mails are.
func (w *world) dir() string { return w.sink.Dir() }

// certificate makes a server certificate for the loopback address and the pool that trusts it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
