package audit_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/audit/chain"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
)

func (w *world) export() *bytes.Buffer {
	w.t.Helper()
	var out bytes.Buffer
	for after := int64(0); ; {
		piece, err := w.svc.Export(w.t.Context(), w.gun, after)
		w.must(err)
		for _, l := range piece.Lines {
			text, err := json.Marshal(l)
			w.must(err)
			out.Write(append(text, '\n'))
		}
		if piece.Next == nil {
			return &out
		}
		after = *piece.Next
	}
}

func (w *world) verify() chain.Result {
	w.t.Helper()
	r, err := chain.Verify(w.export())
	w.must(err)
	return r
}

func TestTheTrailIsSealedInBlocksAndAnExportCanBeVerifiedElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 5 {
		w.read(w.rut, time.Duration(10-i)*time.Minute)
	}
	w.must(w.job(jobs.SealTrail))
	late := w.read(w.ove, 9*time.Minute) // its transaction ended after a block had passed its time
	fresh := w.read(w.rut, 0)
	w.must(w.job(jobs.SealTrail))
	w.must(w.job(jobs.SealTrail)) // nothing to seal: no empty block
	r := w.verify()
	if len(r.Findings) > 0 || r.Blocks != 2 || r.Rows-r.Open != 6 || r.Open < 1 {
		t.Errorf("%+v", r)
	}
	if n := w.count(`select count(*) from app.audit_blocks where $1 = any(ids)`, late); n != 1 {
		t.Error("a row that came late is in no block")
	}
	if n := w.count(`select count(*) from app.audit_blocks where $1 = any(ids)`, fresh); n != 0 {
		t.Error("a row of this moment is sealed already")
	}
	if n := w.count(`select count(*) from jobs.timers where kind = 'seal-trail' and ref = tenant_id and due_at > now()`); n != 3 {
		t.Errorf("%d times the next run was set", n)
	}
	state, err := w.svc.State(t.Context(), w.gun)
	if err != nil || state.Block != 2 || state.Late || state.SealedAt == nil || state.Waiting < 1 {
		t.Errorf("state %+v %v", state, err)
	}
}

func TestWhoeverHasTheDatabaseIsNamedByTheVerifier(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ sql, what string }{
		"another reader":      {`update app.audit_log set actor_id = gen_random_uuid() where id = $1`, "changed"},
		"a row taken out":     {`delete from app.audit_log where id = $1`, "dropped"},
		"a row put in":        {`insert into app.audit_log (tenant_id, id, at, actor_kind, action, result) select tenant_id, gen_random_uuid(), at, actor_kind, action, result from app.audit_log where id = $1`, "late"},
		"its block taken out": {`delete from app.audit_blocks where $1 = any(ids)`, "block"},
		"its block changed":   {`update app.audit_blocks set ids = array_reverse(ids) where $1 = any(ids)`, "block"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.read(w.rut, 22*time.Minute)
			victim := w.read(w.ove, 21*time.Minute)
			w.must(w.job(jobs.SealTrail))
			w.read(w.rut, 20*time.Minute)
			w.must(w.job(jobs.SealTrail))
			w.exec(`alter table app.audit_log disable trigger append_only`)
			w.exec(`alter table app.audit_blocks disable trigger append_only`)
			if name == "its block changed" {
				c.sql = `update app.audit_blocks set ids = (select array_agg(x order by n desc) from unnest(ids) with ordinality u (x, n)) where $1 = any(ids)`
			}
			w.exec(c.sql, victim)
			found := false
			for _, f := range w.verify().Findings {
				found = found || f.What == c.what
			}
			if !found {
				t.Errorf("not named %s: %v", c.what, w.verify().Findings)
			}
		})
	}
}

func TestTwoWhoSealAtOnceMakeOneChain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 20 {
		w.read(w.rut, time.Duration(40-i)*time.Minute)
	}
	var ready []func() error
	for range 4 {
		ready = append(ready, w.prepare(jobs.SealTrail))
	}
	var all sync.WaitGroup
	for _, run := range ready {
		all.Go(func() { _ = run() }) // some are refused whole: the outbox tries them again
	}
	all.Wait()
	if r := w.verify(); len(r.Findings) > 0 || r.Rows-r.Open != 20 {
		t.Errorf("%+v", r)
	}
}

func TestTheChainIsForTheGranskareAndNobodyRewritesIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.read(w.rut, time.Minute)
	w.must(w.job(jobs.SealTrail))
	if piece, err := w.svc.Export(t.Context(), w.rut, 0); err == nil && len(piece.Lines) > 1 && piece.Lines[1].Type == "block" {
		t.Error("a registrar reads the chain")
	}
	if _, err := w.super.Exec(t.Context(), `update app.audit_blocks set no = no + 1`); err == nil {
		t.Error("a block can be changed")
	}
}

func TestRulesOfRiskDrawReadingsAndTheGranskareDecides(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	odd := w.read(w.ove, time.Hour)
	w.read(w.rut, time.Hour)
	key, err := w.ring.Current(t.Context(), w.tenant)
	w.must(err)
	for _, d := range key.NameIndexes("Ove Sandqvist") {
		w.exec(`insert into app.case_contacts (tenant_id, case_id, kind, digest) values ($1, $2, 'NAME', $3)`, w.tenant, w.caseID, d)
	}
	w.must(w.job(jobs.DrawLogSamples))
	w.must(w.job(jobs.DrawLogSamples))
	for _, rule := range []string{"UTANFOR_ENHET", "UTAN_DEL", "EGET_NAMN"} {
		if n := w.count(`select count(*) from app.log_samples where rule = $1 and audit_id = $2`, rule, odd); n != 1 {
			t.Errorf("%s drew what it should %d times", rule, n)
		}
		if n := w.count(`select count(*) from app.log_samples where rule = $1`, rule); n != 1 {
			t.Errorf("%s drew %d readings in all", rule, n)
		}
	}
	list, err := w.svc.Samples(t.Context(), w.gun, true, 50, "")
	w.must(err)
	var one audit.Sample
	for _, s := range list.Items {
		if s.Rule == "UTAN_DEL" {
			one = s
		}
	}
	if one.ActorName == nil || *one.ActorName != "Ove Sandqvist" || one.Number == nil || *one.Number != "ABC-123" || one.Text != "Öppnade ärendet" {
		t.Fatalf("the sample says %+v", one)
	}
	if err := w.svc.Decide(t.Context(), w.gun, one.ID, "INCIDENT", " "); !problem.Is(err, problem.KindInvalid) {
		t.Errorf("an incident without words: %v", err)
	}
	if err := w.svc.Decide(t.Context(), w.rut, one.ID, "OK", ""); !problem.Is(err, problem.KindNotFound) {
		t.Errorf("a registrar decides: %v", err)
	}
	w.must(w.svc.Decide(t.Context(), w.gun, one.ID, "FOLJ_UPP", "Fråga Ove varför."))
	if err := w.svc.Decide(t.Context(), w.gun, one.ID, "OK", ""); !problem.Is(err, problem.KindConflict) && !problem.Is(err, problem.KindNotFound) {
		t.Errorf("a decision is changed afterwards: %v", err)
	}
	if n := w.count(`select count(*) from app.log_samples s where s::text like '%Fråga Ove%'`); n != 0 {
		t.Error("the note stands in clear")
	}
	decided, err := w.svc.Samples(t.Context(), w.gun, false, 50, "")
	if err != nil || len(decided.Items) != 1 || decided.Items[0].Note != "Fråga Ove varför." || *decided.Items[0].DecidedBy != "Gun Alm" {
		t.Errorf("%+v %v", decided.Items, err)
	}
	if others, err := w.svc.Samples(t.Context(), w.rut, true, 50, ""); err != nil || len(others.Items) != 0 {
		t.Errorf("a registrar reads %d samples: %v", len(others.Items), err)
	}
}

func TestAnExtractTellsWhatOneHasReadAndWhoHasReadOnes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.read(w.ove, time.Hour)
	w.read(w.rut, 2*time.Hour)
	w.exec(`insert into app.audit_log (tenant_id, actor_id, actor_kind, action, shown, result) values ($1, $2, 'PERSON', 'list-cases', array[$3]::uuid[], 'OK')`, w.tenant, w.ove.ID, w.caseID)
	key, err := w.ring.Current(t.Context(), w.tenant)
	w.must(err)
	for _, d := range key.NameIndexes("Karin Ljung") {
		w.exec(`insert into app.case_contacts (tenant_id, case_id, kind, digest) values ($1, $2, 'NAME', $3)`, w.tenant, w.caseID, d)
	}
	today := clock.Today(clock.System{})
	ask := func(who authz.Actor, by, value string, person uuid.UUID) []audit.Reading {
		t.Helper()
		out, err := w.svc.Extract(t.Context(), who, audit.Extract{By: by, Value: value, PersonID: person, From: today.AddDays(-2), To: today, Limit: 100})
		w.must(err)
		return slices.DeleteFunc(out.Items, func(r audit.Reading) bool { return r.Text == "Tog ut ur loggen" }) // an extract stands in the next one
	}
	if got := ask(w.gun, "EMPLOYEE", "", w.ove.ID); len(got) != 2 || got[0].Shown != 1 || *got[1].Number != "ABC-123" {
		t.Errorf("what Ove has read: %+v", got)
	}
	for by, value := range map[string]string{"NAME": "karin ljung", "NUMBER": "ABC-123"} {
		if got := ask(w.gun, by, value, uuid.Nil); len(got) != 3 {
			t.Errorf("%s: %d readings", by, len(got))
		}
	}
	if got := ask(w.gun, "NAME", "Karin Berg", uuid.Nil); len(got) != 0 {
		t.Errorf("somebody else's: %+v", got)
	}
	if n := w.count(`select count(*) from app.audit_log where action = 'extract-log' and actor_id = $1 and $2 = any(shown)`, w.gun.ID, w.caseID); n != 2 {
		t.Errorf("%d extracts about the case stand in the log", n)
	}
	if got := ask(w.rut, "EMPLOYEE", "", w.ove.ID); len(got) != 1 {
		t.Errorf("a registrar sees %d of Ove's readings; of the cases in sight, not of lists", len(got))
	}
	if _, err := w.svc.Extract(t.Context(), w.gun, audit.Extract{By: "EMPLOYEE", From: today.AddDays(-400), To: today, Limit: 10}); !problem.Is(err, problem.KindInvalid) {
		t.Errorf("more than a year: %v", err)
	}
}
