package server_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/notify/sink"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/obs"
	"lyhord/services/worker/runner"
)

// canary is a word that is planted in every text a person can write about a case.
const canary = "Kanariefagelsang"

func TestNoWordOfACaseIsFoundOutsideSealedColumns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mails := w.startWorker()
	worker, registrar, chef, boss := w.as("medarbetare@bromma.demo"), w.as("registrator@bromma.demo"), w.as("chef@bromma.demo"), w.as("avdelningschef@bromma.demo")
	word := func(field string) string { return canary + " " + field }
	id := worker.report(w.home("bromma"), word("narrative"), map[string]any{
		"direct_measure": word("measure"), "people": word("people"), "place": word("place"), "on_behalf_of": word("behalf"),
	})
	registrar.send("POST", "/cases/taken-down", map[string]string{"Idempotency-Key": uuid.NewString()}, map[string]any{
		"channel": "MUNTLIG_TELEFON", "sender_role": "ANHORIG", "narrative": word("oral"), "arrived_on": time.Now().Format("2006-01-02"), "note": word("note"),
		"wants_reply": "TELEFON", "contact": map[string]any{"name": word("name"), "phone": "070-1234567", "email": canary + "@example.org", "address": word("address")},
	}).want(http.StatusCreated)
	w.nobody().send("POST", "/public/bromma/reports", nil, map[string]any{"narrative": word("public"), "where": word("where"), "wants_reply": "KOD"}).want(http.StatusCreated)
	worker.send("PUT", "/drafts/report", nil, map[string]any{"body": map[string]any{"narrative": word("draft")}}).want(http.StatusOK)
	registrar.do(id, "register", map[string]any{"case_type": "AVVIKELSE", "sender_role": "PERSONAL", "subject": "Avvikelse", "secrecy": "SEKRETESS", "assign": true}).want(http.StatusOK)
	chef.do(id, "assess", nil).want(http.StatusOK)
	chef.do(id, "classification", map[string]any{"category": "UTF.UTEBLIVEN", "lagrum": []string{"SOL"}, "severity": 1, "probability": 1, "harm": "NEJ"}).want(http.StatusOK)
	chef.do(id, "consult", map[string]any{"question": word("question")}).want(http.StatusOK)
	boss.do(id, "complexity", map[string]any{"decision": "ENKEL", "motivation": word("motivation")}).want(http.StatusOK)
	chef.do(id, "investigate", nil).want(http.StatusOK)
	chef.send("PUT", "/cases/"+id+"/investigation", map[string]string{"If-Match": `"1"`}, map[string]any{
		"background": word("background"), "course": word("course"), "causes_text": word("causes"), "conclusion": word("conclusion"),
	}).want(http.StatusOK)
	chef.do(id, "causes", map[string]any{"area": "TEKNIK_UTRUSTNING", "text": word("cause")}).want(http.StatusOK)
	chef.do(id, "measures", map[string]any{
		"title": word("title"), "kind": "OVRIG", "strength": "STARK", "owner_id": chef.get("/session").str("person.id"), "due_on": time.Now().AddDate(0, 1, 0).Format("2006-01-02"),
	}).want(http.StatusOK)
	chef.do(id, "messages", map[string]any{"kind": "ANTECKNING", "body": word("internal")}).want(http.StatusOK)
	chef.upload(id, canary+".txt", []byte(word("file"))).want(http.StatusCreated)
	paper := chef.send("POST", "/cases/"+id+"/records", map[string]string{"Idempotency-Key": uuid.NewString()}, map[string]any{
		"kind": "INFORMATIONSBLAD", "text": word("paper"), "to": []string{word("to")},
	}).want(http.StatusCreated).str("id")
	w.settle()
	chef.send("POST", "/cases/"+id+"/records/"+paper+"/dispatches", nil, map[string]any{"way": "BREV", "to": word("address"), "sent_on": time.Now().Format("2006-01-02")}).want(http.StatusNoContent)
	chef.do(id, "feedbacks", map[string]any{"given_on": time.Now().Format("2006-01-02"), "method": "SAMTAL", "note": word("feedback")}).want(http.StatusOK)
	worker.send("POST", "/cases", map[string]string{"Idempotency-Key": uuid.NewString()}, map[string]any{"unit_id": "x", "harm": word("bad"), "narrative": word("bad")})
	worker.send("GET", "/cases/"+canary, nil, nil)

	if n := strings.Count(chef.open(id).text, canary); n < 12 {
		t.Fatalf("only %d of the planted words are in the case: the test plants too little", n)
	}
	w.settle()
	for _, mail := range mails() {
		if strings.Contains(mail, canary) || strings.Contains(mail, "Avvikelse") {
			t.Errorf("a mail tells what it should not: %s", mail)
		}
	}
	ring, err := w.db.RedisText(t.Context())
	must(t, err)
	if strings.Contains(ring, canary) {
		t.Errorf("found in Redis: %s", ring)
	}
	for _, hit := range append(w.search(canary), w.searchFiles()...) {
		t.Errorf("found in the database or among the files: %s", hit)
	}
	if i := strings.Index(w.log.String(), canary); i >= 0 {
		t.Errorf("found in the log: %s", w.log.String()[max(0, i-200):i+40])
	}
}

// search looks for a word in every column of every table of ours, as text and as bytes.
func (w *world) search(word string) []string {
	w.t.Helper()
	ctx, conn := context.Background(), w.db.Super(w.t)
	rows, err := conn.Query(ctx, `select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('app', 'sec', 'jobs', 'insight', 'public') order by 1`)
	must(w.t, err)
	var tables, hits []string
	for rows.Next() {
		var name string
		must(w.t, rows.Scan(&name))
		tables = append(tables, name)
	}
	for _, table := range tables {
		var n int
		must(w.t, conn.QueryRow(ctx, `select count(*) from `+table+` t where lower(t::text) like '%' || lower($1) || '%' or t::text like '%' || $2 || '%'`,
			word, hex.EncodeToString([]byte(word))).Scan(&n))
		if n > 0 {
			hits = append(hits, table)
		}
	}
	if len(tables) < 20 {
		w.t.Fatalf("only %d tables were searched", len(tables))
	}
	return hits
}

// searchFiles looks for the word in the folder of files: what lies there is sealed, and its name says nothing.
func (w *world) searchFiles() (hits []string) {
	w.t.Helper()
	n := 0
	must(w.t, filepath.WalkDir(w.files, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		n++
		data, err := os.ReadFile(at)
		if bytes.Contains(data, []byte(canary)) || bytes.Contains(data, []byte("%PDF")) || bytes.Contains(data, []byte("word/document.xml")) || strings.Contains(at, canary) {
			hits = append(hits, filepath.Base(at))
		}
		return err
	}))
	if n < 3 {
		w.t.Fatalf("only %d files were searched", n)
	}
	return hits
}

// startWorker runs the worker beside the api, with a mail server whose mails it gives back.
func (w *world) startWorker() func() []string {
	w.t.Helper()
	var (
		mu  sync.Mutex
		all []string
	)
	box, err := sink.Start(sink.Options{Dir: w.t.TempDir(), Stored: func(m sink.Mail) {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, fmt.Sprintf("%+v", m))
	}})
	must(w.t, err)
	w.t.Cleanup(box.Stop)
	c := config.Worker{MetricsListen: "127.0.0.1:0", SMTP: config.SMTP{Addr: box.Addr(), From: "lyhord@example.org", TLS: "none"}, Files: config.Files{Dir: w.files}, Clamd: w.clamd}
	api := w.config(w.rootFile)
	c.Common, c.Public, c.Redis = api.Common, api.Public, api.Redis
	c.DSN.Worker, c.DSN.Relay = config.Secret(w.db.DSN("worker")), config.Secret(w.db.DSN("relay"))
	r, err := runner.New(w.t.Context(), runner.Options{Config: c, Log: obs.NewLogger(w.log, slog.LevelInfo, nil), Version: "test", Clock: clock.System{}, Metrics: obs.NewMetrics()})
	must(w.t, err)
	must(w.t, r.Start())
	w.t.Cleanup(r.Stop)
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		if len(all) == 0 {
			w.t.Error("the worker sent no mail at all")
		}
		return slices.Clone(all)
	}
}

// settle waits until no job is open.
func (w *world) settle() {
	w.t.Helper()
	conn, deadline := w.db.Super(w.t), time.Now().Add(60*time.Second)
	for {
		var open int
		must(w.t, conn.QueryRow(w.t.Context(), `select count(*) from jobs.outbox where done_at is null and dead_at is null`).Scan(&open))
		if open == 0 {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%d jobs are still open", open)
		}
		time.Sleep(20 * time.Millisecond) // the worker is another program; the table is the only place to ask
	}
}
