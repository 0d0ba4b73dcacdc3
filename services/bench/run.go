//go:build unix

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/services/migrate/steps"
)

// options of a run.
type options struct {
	cases   int
	seconds float64
	soak    int // operations; none if 0
}

func readOptions(env func(string) string) (options, error) {
	o := options{cases: 200_000, seconds: 2}
	var err error
	if text := env("BENCH_SOAK"); text != "" {
		if o.soak, err = strconv.Atoi(text); err != nil || o.soak < 0 {
			return o, errors.New("BENCH_SOAK is 1, or a number of operations")
		}
		if o.soak == 1 {
			o.soak = soakOps
		}
	}
	if text := env("BENCH_CASES"); text != "" {
		if o.cases, err = strconv.Atoi(text); err != nil || o.cases < 500 {
			return o, errors.New("BENCH_CASES is a number from 500")
		}
	}
	if text := env("BENCH_SECONDS"); text != "" {
		if o.seconds, err = strconv.ParseFloat(text, 64); err != nil || o.seconds <= 0 {
			return o, errors.New("BENCH_SECONDS is a number of seconds")
		}
	}
	return o, nil
}

// labour is the people and the cases they work with.
type labour struct {
	worker, registrar, analyst *person
	reportBody                 []byte
	cases                      []uuid.UUID // registered ones of the home tenant
	received                   uuid.UUID   // one that waits to be registered
}

// run measures everything and prints it.
func run(ctx context.Context, env func(string) string, out io.Writer) error {
	o, err := readOptions(env)
	if err != nil {
		return err
	}
	r := &result{machine: machine(), started: time.Now(), load: loadAverage()}
	t, err := buildTown(ctx, o.cases, os.Stderr)
	if err != nil {
		return err
	}
	defer t.stop()
	if err := t.buildBare(ctx); err != nil {
		return err
	}
	r.town, r.options = t, o
	if err := r.measure(ctx); err != nil {
		r.broken = err
	}
	if o.soak > 0 {
		r.soak(ctx)
	}
	r.print(out)
	return r.broken
}

// measure runs the parts one after the other; what has been measured stays when a later part cannot be.
func (r *result) measure(ctx context.Context) error {
	if err := r.measureStart(ctx); err != nil {
		return err
	}
	t := r.town
	api, err := t.startPart(ctx, partAPI, nil)
	if err != nil {
		return err
	}
	defer api.stop()
	bare, err := t.startPart(ctx, partBare, map[string]string{"BENCH_DSN_BARE": t.bareDSN()})
	if err != nil {
		return err
	}
	defer bare.stop()
	l, err := t.hire(ctx, api)
	if err != nil {
		return err
	}
	for _, step := range []func(context.Context, *labour, *part) error{
		r.measureOpen, r.measureInbox, r.measureCity, r.measureReport, r.measureTrips, r.measureStatements,
	} {
		if err := step(ctx, l, bare); err != nil {
			return err
		}
	}
	return r.measureEvents(ctx, l, api)
}

// hire logs people in and finds them cases.
func (t *town) hire(ctx context.Context, api *part) (*labour, error) {
	l := &labour{}
	var err error
	for login, to := range map[string]**person{"medarbetare@" + home: &l.worker, "registrator@" + home: &l.registrar, "slk@slk": &l.analyst} {
		if *to, err = t.logIn(ctx, api, login+".demo"); err != nil {
			return nil, err
		}
	}
	var me struct {
		Unit string `json:"home_unit_id"`
	}
	if err := l.worker.read(ctx, "/session", &me); err != nil {
		return nil, err
	}
	l.reportBody, err = json.Marshal(map[string]any{
		"unit_id": me.Unit, "harm": "NEJ", "category": "LKM.UTEBLIVEN_DOS", "place": "Rum 12", "direct_measure": "Sjuksköterskan kontaktad.",
		"narrative": strings.Repeat("Kvällsdosen gavs inte. Tabletterna låg kvar i dosetten klockan nio. ", 6),
	})
	if err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, t.superDSN())
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, `select id from app.cases where tenant_id = $1 and access_label = 'NORMAL' and state <> 'received' order by md5(id::text) limit 500`,
		steps.TenantID(home))
	if err != nil {
		return nil, err
	}
	if l.cases, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil {
		return nil, err
	}
	err = conn.QueryRow(ctx, `select id from app.cases where tenant_id = $1 and access_label = 'NORMAL' and state = 'received' limit 1`,
		steps.TenantID(home)).Scan(&l.received)
	return l, err
}

// measureStart is how long the api takes from its first instruction to its first answer.
func (r *result) measureStart(ctx context.Context) error {
	for range 5 {
		start := time.Now()
		api, err := r.town.startPart(ctx, partAPI, nil)
		if err != nil {
			return err
		}
		err = api.answers(ctx, "/readyz")
		r.coldStart = append(r.coldStart, time.Since(start))
		api.stop()
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *result) race() race {
	return race{clients: 8, rounds: 5, turn: time.Duration(r.options.seconds * float64(time.Second))}
}

// against runs a race of a path of the reference and a request of the product.
func (r *result) against(ctx context.Context, reference, product shot) (duel, error) {
	var (
		d   duel
		err error
	)
	d.ref, d.own, d.ratio, err = r.race().run(ctx, side{shot: reference}, side{shot: product})
	return d, err
}

func (l *labour) pick(client, n int) uuid.UUID { return l.cases[(client*61+n)%len(l.cases)] }

func (r *result) measureOpen(ctx context.Context, l *labour, bare *part) (err error) {
	turn := make([]int, 64)
	r.open, err = r.against(ctx, func(ctx context.Context, client int) error {
		turn[client]++
		_, err := call(ctx, request{method: http.MethodGet, url: "http://" + bare.addr + "/case/" + l.pick(client, turn[client]).String(), want: http.StatusOK})
		return err
	}, func(ctx context.Context, client int) error {
		turn[client]++
		_, err := l.registrar.get(ctx, "/cases/"+l.pick(client, turn[client]).String())
		return err
	})
	return err
}

func (r *result) measureInbox(ctx context.Context, l *labour, bare *part) (err error) {
	r.inbox, err = r.against(ctx, bareGet(bare, "/list"), func(ctx context.Context, _ int) error {
		_, err := l.registrar.get(ctx, "/cases?limit=50")
		return err
	})
	return err
}

func (r *result) measureCity(ctx context.Context, l *labour, bare *part) (err error) {
	start := time.Now()
	if _, err := l.analyst.get(ctx, "/insight/city"); err != nil {
		return err
	}
	r.edition = time.Since(start)
	r.city, err = r.against(ctx, bareGet(bare, "/city"), func(ctx context.Context, _ int) error {
		_, err := l.analyst.get(ctx, "/insight/city")
		return err
	})
	return err
}

func bareGet(bare *part, path string) shot {
	return func(ctx context.Context, _ int) error {
		_, err := call(ctx, request{method: http.MethodGet, url: "http://" + bare.addr + path, want: http.StatusOK})
		return err
	}
}

func (l *labour) report(ctx context.Context, _ int) error {
	_, err := l.worker.post(ctx, "/cases", uuid.NewString(), l.reportBody)
	return err
}

func (r *result) measureReport(ctx context.Context, l *labour, bare *part) (err error) {
	r.report, err = r.against(ctx, func(ctx context.Context, _ int) error {
		_, err := call(ctx, request{method: http.MethodPost, url: "http://" + bare.addr + "/report", body: l.reportBody, want: http.StatusOK})
		return err
	}, l.report)
	return err
}

func (r *result) measureTrips(ctx context.Context, l *labour, _ *part) (err error) {
	r.trips, err = r.town.countTrips(ctx, l)
	return err
}

func (r *result) measureStatements(ctx context.Context, l *labour, _ *part) error {
	costs, err := r.town.costs(ctx, l.registrar, l.cases[0])
	if err != nil {
		return err
	}
	r.costs = costs
	conn, err := pgx.Connect(ctx, r.town.dsn("api"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	fenced, err := fencedTables(ctx, conn)
	if err != nil {
		return err
	}
	for _, c := range costs {
		if !c.List {
			continue
		}
		plan, err := explain(ctx, conn, l.registrar.token, c.Statement, arguments(c.Statement, l.cases[0], steps.PersonID(home, "registrator")))
		if err != nil {
			return err
		}
		for _, fault := range plan.unfenced(casesOnly(fenced)) {
			r.planFaults = append(r.planFaults, c.Name+": "+fault)
		}
	}
	return nil
}

// casesOnly leaves out the small tables of the organisation, which PostgreSQL rightly reads whole.
func casesOnly(fenced map[string]bool) map[string]bool {
	out := map[string]bool{}
	for name := range fenced {
		out[name] = !slices.Contains([]string{"units", "people", "unit_parents", "unit_managers", "tenant_configs", "register_files", "register_counters"}, name)
	}
	return out
}

// measureEvents runs the worker: what it costs those who report, and how soon it has done its work.
func (r *result) measureEvents(ctx context.Context, l *labour, api *part) error {
	if err := r.town.finishJobs(ctx); err != nil {
		return err
	}
	worker, err := r.town.startPart(ctx, partWorker, nil)
	if err != nil {
		return err
	}
	defer worker.stop()
	if r.waits, err = r.town.events(ctx, l, time.Duration(7.5*r.options.seconds*float64(time.Second))); err != nil {
		return err
	}
	for _, p := range []*part{api, worker} {
		now, most, err := p.memory()
		if err != nil {
			break // no /proc here: the row says so
		}
		r.memory, r.memoryMost = r.memory+now, r.memoryMost+most
	}
	r.upkeep.ref, r.upkeep.own, r.upkeep.ratio, err = r.race().run(ctx, side{before: worker.pause, shot: l.report}, side{before: worker.resume, shot: l.report})
	return err
}

const soakOps = 100_000

// soak runs the isolation soak of package db, which is a test and stays one.
func (r *result) soak(ctx context.Context) {
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-timeout=60m", "-run", "TestIsolationHoldsWhileEverythingHappensAtOnce", "./pkg/platform/db")
	cmd.Env = append(os.Environ(), fmt.Sprintf("LYHORD_SOAK_OPS=%d", r.options.soak))
	start := time.Now()
	text, err := cmd.CombinedOutput()
	r.soaked = fmt.Sprintf("held, %s", time.Since(start).Round(time.Second))
	if err != nil {
		r.soaked = fmt.Sprintf("failed: %v", err)
		fmt.Fprintf(os.Stderr, "%s\n", text)
	}
}
