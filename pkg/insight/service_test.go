//go:build unix

package insight_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"lyhord/pkg/insight"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/httpx"
)

func TestAReportIsOnTheCitysPageAsSoonAsItsJobHasRun(t *testing.T) {
	w := newWorld(t)
	w.history("2023-10-01", "2026-10-01", 20)
	w.history("2026-11-01", "2026-11-01", 7)
	before := w.page(insight.CityQuery{Months: 12})
	w.update(w.alfa, w.report(w.alfa, "2026-11-22", "LKM"))
	after := w.page(insight.CityQuery{Months: 12})
	last := len(after.Months) - 1
	if was, is := before.Totals.Series[last], after.Totals.Series[last]; was == nil || is == nil || *was != 5*3*7 || *is != 5*3*7+1 {
		t.Errorf("the present month went from %v to %v", deref(was), deref(is))
	}
	if after.City != "Staden" || after.Months[last] != "2026-11" || !after.UpdatedAt.Equal(w.clock.Now()) {
		t.Errorf("%s %v %v", after.City, after.Months, after.UpdatedAt)
	}
}

func TestWholeMonthsAreSettledOnceADay(t *testing.T) {
	w := newWorld(t)
	w.history("2023-10-01", "2026-10-01", 20)
	october := func() int {
		page := w.page(insight.CityQuery{Months: 12})
		if n := page.Totals.Series[len(page.Months)-2]; n != nil {
			return *n
		}
		return -1
	}
	if n := october(); n != 300 {
		t.Fatalf("october has %d", n)
	}
	w.update(w.alfa, w.report(w.alfa, "2026-10-20", "LKM")) // a letter that was registered late
	if n := october(); n != 300 {
		t.Errorf("october is %d within the day: two pages can be subtracted", n)
	}
	w.clock.Advance(24 * time.Hour)
	if n := october(); n != 301 {
		t.Errorf("october is %d on the next day", n)
	}
}

func TestSmallNumbersAreNotOnThePage(t *testing.T) {
	w := newWorld(t)
	w.history("2023-10-01", "2026-08-01", 20)
	for i := range 90 {
		w.update(w.alfa, w.report(w.alfa, "2026-09-20", []string{"LKM", "UTF", "BEM"}[i%3]))
		w.update(w.care, w.report(w.care, "2026-09-20", []string{"LKM", "UTF", "BEM"}[i%3]))
	}
	for range 3 {
		w.update(w.beta, w.report(w.beta, "2026-09-20", "LKM"))
	}
	page := w.page(insight.CityQuery{Months: 12})
	at := slices.Index(page.Months, "2026-09")
	shown := map[string]int{}
	for _, d := range page.Districts {
		shown[d.Slug] = deref(d.Series[at])
	}
	if shown["beta"] != -1 || shown["gamma"] != -1 {
		t.Errorf("three cases and none are shown: %v", shown)
	}
	if shown["alfa"] == 90 && shown["privata-utforare"] == 90 && deref(page.Totals.Series[at]) != -1 {
		t.Errorf("the three cases are what is left of the sum: %v of %d", shown, deref(page.Totals.Series[at]))
	}
}

func deref(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}

func TestAnotherCitysNumbersAreNotOnThePage(t *testing.T) {
	w := newWorld(t)
	w.exec("insert into app.cities (id, slug, name) values (gen_random_uuid(), 'annanstad', 'Annan stad')")
	for range 9 {
		w.update(w.alfa, w.report(w.alfa, "2026-11-20", "LKM"))
	}
	page, err := w.svc.City(t.Context(), authz.Actor{City: "annanstad"}, insight.CityQuery{Months: 12})
	if err != nil {
		t.Fatal(err)
	}
	body, _ := json.Marshal(page)
	if page.City != "Annan stad" || len(page.Districts) != 0 || strings.Contains(string(body), "alfa") {
		t.Errorf("%s", body)
	}
	if _, err := w.svc.City(t.Context(), authz.Actor{City: "ingen"}, insight.CityQuery{Months: 12}); err == nil {
		t.Error("a city that does not exist has a page")
	}
}

func TestTheInsightRoleCanDoNothingButReadTheCitysCounts(t *testing.T) {
	w := newWorld(t)
	w.update(w.alfa, w.report(w.alfa, "2026-11-20", "LKM"))
	conn := w.data.Conn(t, "insight")
	rows, err := w.super.Query(t.Context(), `select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 30 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	for _, table := range tables {
		for _, try := range []string{"select count(*) from " + table, "delete from " + table, "truncate " + table} {
			var denied *pgconn.PgError
			if _, err := conn.Exec(t.Context(), try); !errors.As(err, &denied) || denied.Code != "42501" {
				t.Errorf("%s: %v", try, err)
			}
		}
	}
	functions := w.text(`select coalesce(string_agg(p.oid::regprocedure::text, ', '), '') from pg_proc p join pg_namespace n on n.oid = p.pronamespace
		where n.nspname in ('app', 'sec', 'jobs', 'insight') and has_schema_privilege('lyhord_insight', n.oid, 'usage') and has_function_privilege('lyhord_insight', p.oid, 'execute')`)
	if functions != "insight.city_cells(text,date,date)" {
		t.Errorf("the insight role can call %s", functions)
	}
	var n int
	if err := conn.QueryRow(t.Context(), "select sum(n) from insight.city_cells('staden', '2026-01-01', '2026-12-01')").Scan(&n); err != nil || n != 1 {
		t.Errorf("the counts themselves: %d, %v", n, err)
	}
}

func TestThePageIsForThoseWhoMayReadTheCity(t *testing.T) {
	w := newWorld(t)
	engine, err := httpx.NewEngine(nil, func(context.Context, string) {})
	if err != nil {
		t.Fatal(err)
	}
	policy, err := authz.LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	as := func(_ context.Context, token string) (authz.Actor, error) {
		return authz.Actor{City: "staden", Tenant: w.alfa, TenantSlug: "alfa", Kind: authz.Person, Roles: []string{token}}, nil
	}
	w.svc.Routes(httpx.New(httpx.Options{Engine: engine, Policy: policy, Authenticate: as, Version: "test", Log: slog.New(slog.DiscardHandler)}))
	srv := httptest.NewServer(engine)
	t.Cleanup(srv.Close)
	get := func(role, query string) (int, string) {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/api/v1/insight/city"+query, nil)
		req.Header.Set("Authorization", "Bearer "+role)
		req.Header.Set("Accept", "application/json")
		res, err := srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(body)
	}
	for _, c := range []struct {
		role, query string
		want        int
	}{
		{"slk", "", 200},
		{"slk", "?months=36&category=LKM", 200},
		{"slk", "?months=12&case_type=KLAGOMAL", 200},
		{"chef", "", 403},
		{"registrator", "", 403},
		{"operator", "", 403},
		{"slk", "?months=7", 422},
		{"slk", "?category=INGEN", 422},
		{"slk", "?city=annan", 422},
	} {
		if status, body := get(c.role, c.query); status != c.want {
			t.Errorf("%s %s: %d, want %d: %s", c.role, c.query, status, c.want, body)
		}
	}
	_, body := get("slk", "")
	for _, want := range []string{`"incomplete_month":"2026-11"`, `"months":["2024-11"`, `"series":[null`, `"points":[{"x":"2024-11","y":null}`, `"incomplete":true`, `"heat":{"from":"2025-11","to":"2026-10"`} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is not in %s", want, body)
		}
	}
}
