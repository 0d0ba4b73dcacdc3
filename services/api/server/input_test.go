package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestBadInputGetsAClearProblemAndNothingIsStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	worker, unit := w.as("medarbetare@bromma.demo"), w.home("bromma")
	ok := `"unit_id":"` + unit + `","harm":"NEJ"`
	for name, c := range map[string]struct {
		body   string
		status int
		names  string
	}{
		"unknown field":          {`{` + ok + `,"narrative":"Fall.","tenant_id":"` + uuid.NewString() + `"}`, 422, "tenant_id"},
		"field in other casing":  {`{` + ok + `,"narrative":"Fall.","HARM":"ALLVARLIG"}`, 422, ""},
		"duplicate key":          {`{` + ok + `,"narrative":"Fall.","narrative":"Annat."}`, 422, "narrative"},
		"trailing document":      {`{` + ok + `,"narrative":"Fall."}{}`, 400, ""},
		"not JSON":               {`{`, 400, ""},
		"NUL":                    {`{` + ok + `,"narrative":"Fall.\u0000"}`, 422, "narrative"},
		"bidi control":           {`{` + ok + ",\"narrative\":\"Fall \u202e bakvänt\"}", 422, "narrative"},
		"broken UTF-8":           {"{" + ok + ",\"narrative\":\"Fall\xff\"}", 400, ""},
		"too deep":               {`{` + ok + `,"narrative":` + strings.Repeat("[", 30) + strings.Repeat("]", 30) + `}`, 422, ""},
		"mass assignment":        {`{` + ok + `,"narrative":"Fall.","state":"closed"}`, 422, "state"},
		"missing words":          {`{` + ok + `}`, 422, "narrative"},
		"wrong code":             {`{"unit_id":"` + unit + `","harm":"KANSKE","narrative":"Fall."}`, 422, "harm"},
		"unit of another tenant": {`{"unit_id":"` + w.home("farsta") + `","harm":"NEJ","narrative":"Fall."}`, 422, "unit_id"},
		"not a unit":             {`{"unit_id":"x","harm":"NEJ","narrative":"Fall."}`, 422, "unit_id"},
	} {
		got := worker.send("POST", "/cases", map[string]string{"Idempotency-Key": uuid.NewString()}, c.body)
		if got.status != c.status || !strings.HasPrefix(got.header.Get("Content-Type"), "application/problem+json") {
			t.Errorf("%s: %d %s, want %d: %s", name, got.status, got.header.Get("Content-Type"), c.status, got.text)
		}
		if c.names != "" && !strings.Contains(got.text, c.names) {
			t.Errorf("%s: the problem does not name %s: %s", name, c.names, got.text)
		}
		for _, echo := range []string{"Fall.", "KANSKE", "closed"} {
			if strings.Contains(got.text, echo) {
				t.Errorf("%s: the problem echoes what was sent: %s", name, got.text)
			}
		}
		if got.str("instance") == "" {
			t.Errorf("%s: no id to give to support: %s", name, got.text)
		}
	}
	var stored int
	must(t, w.db.Super(t).QueryRow(context.Background(), `select count(*) from app.cases`).Scan(&stored))
	if stored != 0 {
		t.Fatalf("%d cases were stored", stored)
	}
}

func TestACrossSiteFormIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.as("medarbetare@bromma.demo")
	got := p.send("POST", "/cases", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}, "{}")
	got.want(http.StatusForbidden)
	p.send("POST", "/cases", map[string]string{"Sec-Fetch-Site": "same-site"}, "{}").want(http.StatusForbidden)
}
