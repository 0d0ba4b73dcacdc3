package dialogue

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/problem"
)

// bySlug is the directory of the test: one organisation.
type bySlug map[string]uuid.UUID

func (d bySlug) PublicTenantID(_ context.Context, slug string) (uuid.UUID, error) {
	if found, ok := d[slug]; ok {
		return found, nil
	}
	return uuid.Nil, problem.NotFound()
}

func (b *board) serve(logged *bytes.Buffer, places *Places) *httptest.Server {
	b.t.Helper()
	engine, err := httpx.NewEngine(nil, func(context.Context, string) {})
	if err != nil {
		b.t.Fatal(err)
	}
	httpx.Addresses(engine)
	policy, err := authz.LoadPolicy(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	api := httpx.New(httpx.Options{
		Engine: engine, Policy: policy, Version: "test", Log: slog.New(slog.NewJSONHandler(logged, nil)),
		Authenticate: func(context.Context, string) (authz.Actor, error) { return authz.Actor{}, problem.Unauthorized() },
	})
	b.Routes(api, bySlug{"bromma": b.tenant}, places)
	srv := httptest.NewServer(engine)
	b.t.Cleanup(srv.Close)
	return srv
}

func post(t *testing.T, url, body string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out bytes.Buffer
	if _, err := out.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, out.String(), res.Header
}

func TestAProgramReadsAndWritesWithACode(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	var logged bytes.Buffer
	places := NewPlaces(clock.System{})
	base := b.serve(&logged, places).URL + "/api/v1/public/"
	_, code := b.report(b.tenant, time.Hour)
	status, body, _ := post(t, base+"bromma/receipt/messages", `{"code":"`+code.Text()+`","body":"`+canary+`"}`)
	if status != http.StatusNoContent || body != "" {
		t.Fatalf("writing: %d %s", status, body)
	}
	status, body, header := post(t, base+"bromma/receipt", `{"code":"`+code.Text()+`"}`)
	if status != http.StatusOK || header.Get("Cache-Control") != "no-store" {
		t.Fatalf("reading: %d %s %v", status, body, header)
	}
	var out receiptBody
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatal(err)
	}
	if out.StatusText != "Mottaget" || out.AnswerBy.String() != "2026-11-17" || len(out.Messages) != 1 ||
		out.Messages[0].Text != canary || out.Messages[0].From != "writer" {
		t.Errorf("read %s", body)
	}
	if mine := "receipt:" + b.tenant.String() + ":" + places.Mark("127.0.0.1"); b.limits.tries[mine] != 2 {
		t.Errorf("tries of this machine were counted under %v", b.limits.tries)
	}
	if strings.Contains(logged.String(), "Kanarie") || strings.Contains(logged.String(), code.Text()[:4]) {
		t.Errorf("the log knows too much: %s", logged.String())
	}
}

func TestAProgramIsToldTheSameForEveryCodeThatOpensNothing(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	var logged bytes.Buffer
	base := b.serve(&logged, NewPlaces(clock.System{})).URL + "/api/v1/public/"
	_, expired := b.report(b.tenant, -time.Hour)
	first := ""
	for _, code := range []string{"fel", expired.Text(), id.NewReceiptCode().Text()} {
		status, body, _ := post(t, base+"bromma/receipt", `{"code":"`+code+`"}`)
		if first == "" {
			first = body
		}
		if status != http.StatusNotFound || body != first || !strings.Contains(body, "wrong_receipt_code") {
			t.Errorf("%d %s", status, body)
		}
	}
	if status, body, _ := post(t, base+"finns-inte/receipt", `{"code":"x"}`); status != http.StatusNotFound || strings.Contains(body, "finns-inte") {
		t.Errorf("an unknown organisation: %d %s", status, body)
	}
	if status, body, _ := post(t, base+"bromma/receipt", `{"code":"x","tenant":"farsta"}`); status == http.StatusOK || strings.Contains(body, "farsta") {
		t.Errorf("an unknown field: %d %s", status, body)
	}
}
