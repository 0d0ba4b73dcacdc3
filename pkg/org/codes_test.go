//go:build unix

package org_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
)

func TestEveryAreaHasItsChipsAndEveryChipIsACode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, area := range []string{"ALDREOMSORG", "FUNKTIONSNEDSATTNING", "SOCIALPSYKIATRI", "IFO_BARN", "IFO_VUXEN", "EKONOMISKT_BISTAND", "FAMILJERATT"} {
		w.exec("update app.units set area = $2 where id = $1", w.unit["uno"], area)
		codes, err := w.svc.Codes(t.Context(), w.as("Maja"))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(codes.QuickCategories); n != 8 {
			t.Errorf("%s has %d chips", area, n)
		}
		for _, q := range codes.QuickCategories {
			known := func(list string) bool {
				return slices.ContainsFunc(codes.Lists[list], func(c org.Code) bool { return c.Code == q.Code })
			}
			if !known("category") && !known("category_hsl") || q.Label == "" || q.Label == q.Code {
				t.Errorf("%s: the chip %+v is no code", area, q)
			}
		}
	}
}

func TestTheListsTheAppNamesAreThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	codes, err := w.svc.Codes(t.Context(), w.as("Rut"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"channel", "sender_role", "case_type", "synpunkt_kind", "area", "regi", "lagrum", "category", "category_hsl", "harm", "severity", "probability",
		"cause_area", "underlying_cause", "measure_kind", "measure_strength", "outcome", "quality_dim", "secrecy", "feedback_method", "concerns",
		"response_level", "effect", "follow_up_method",
	} {
		if len(codes.Lists[name]) == 0 {
			t.Errorf("the list %s is empty", name)
		}
	}
	if codes.StateLabels["consulting"] != "Samråd" {
		t.Errorf("state labels %v", codes.StateLabels)
	}
	sub := codes.Lists["category"][1]
	if sub.Code != "UTF.UTEBLIVEN" || sub.Parent == nil || *sub.Parent != "UTF" {
		t.Errorf("a subcode is %+v", sub)
	}
}

// What a person can choose must be what the database takes, in both directions.
func TestTheFixedListsAreTheSchemas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	codes, err := w.svc.Codes(t.Context(), w.as("Rut"))
	if err != nil {
		t.Fatal(err)
	}
	value := regexp.MustCompile(`'([A-Z_]+)'`)
	for _, c := range []struct{ list, table, column string }{
		{"harm", "app.cases", "harm"},
		{"wants_reply", "app.cases", "wants_reply"},
		{"measure_kind", "app.measures", "kind"},
		{"feedback_method", "app.feedbacks", "method"},
		{"measure_strength", "app.measures", "strength"},
		{"effect", "app.measures", "effect"},
		{"outcome", "app.cases", "outcome"},
		{"response_level", "app.cases", "response_level"},
		{"secrecy", "app.cases", "secrecy"},
		{"concerns", "app.cases", "concerns"},
		{"cause_area", "app.causes", "area"},
		{"underlying_cause", "app.causes", "underlying"},
		{"synpunkt_kind", "app.cases", "synpunkt_kind"},
		{"case_type", "app.cases", "case_type"},
	} {
		var law string
		err := w.super.QueryRow(t.Context(), `select pg_get_constraintdef(k.oid) from pg_constraint k
			join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
			where k.conrelid = $1::regclass and k.contype = 'c' and cardinality(k.conkey) = 1 and a.attname = $2`, c.table, c.column).Scan(&law)
		if err != nil {
			t.Errorf("%s.%s: %v", c.table, c.column, err)
			continue
		}
		var allowed, offered []string
		for _, m := range value.FindAllStringSubmatch(law, -1) {
			allowed = append(allowed, m[1])
		}
		for _, o := range codes.Lists[c.list] {
			offered = append(offered, o.Code)
		}
		slices.Sort(allowed)
		slices.Sort(offered)
		if !slices.Equal(allowed, offered) {
			t.Errorf("%s: the database allows %v, the app offers %v", c.list, allowed, offered)
		}
	}
}

// long: one walk over every reference operation, in the order a page asks for them
func TestReferenceDataOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	actor := w.as("Uno")
	actor.Roles = []string{"chef"}
	policy, err := authz.LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := httpx.NewEngine(nil, func(context.Context, string) {})
	if err != nil {
		t.Fatal(err)
	}
	w.svc.Routes(httpx.New(httpx.Options{
		Engine: engine, Policy: policy, Version: "test", Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Authenticate: asOnly(actor),
	}))
	srv := httptest.NewServer(engine)
	t.Cleanup(srv.Close)
	get := func(path, known string) (*http.Response, []byte) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/api/v1"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer x")
		req.Header.Set("Accept", "application/json")
		if known != "" {
			req.Header.Set("If-None-Match", known)
		}
		resp, err := srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, body
	}
	resp, body := get("/codes", "")
	var codes org.Codes
	if err := json.Unmarshal(body, &codes); err != nil || resp.StatusCode != http.StatusOK || len(codes.Lists) < 30 {
		t.Fatalf("codes: %d %v, %d lists", resp.StatusCode, err, len(codes.Lists))
	}
	resp, body = get("/codes", resp.Header.Get("ETag"))
	if resp.StatusCode != http.StatusNotModified || len(body) != 0 {
		t.Errorf("known codes: %d with %d bytes", resp.StatusCode, len(body))
	}
	var units struct{ Items []org.Unit }
	if _, body = get("/units?q=uno", ""); json.Unmarshal(body, &units) != nil || len(units.Items) != 1 {
		t.Errorf("units: %s", body)
	}
	var people struct{ Items []org.Person }
	if _, body = get("/people?purpose=delegate&unit_id="+w.unit["uno"].String(), ""); json.Unmarshal(body, &people) != nil || len(people.Items) != 2 {
		t.Errorf("people: %s", body)
	}
	if resp, body = get("/people?unit_id=nej", ""); resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a unit that is no id: %d %s", resp.StatusCode, body)
	}
	var refusal problem.Wire
	if resp, body = get("/units?who=x", ""); resp.StatusCode/100 != 4 || json.Unmarshal(body, &refusal) != nil {
		t.Errorf("an unknown parameter: %d %s", resp.StatusCode, body)
	}
}
