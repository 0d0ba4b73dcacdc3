//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/local"
	"lyhord/tenants"
)

// limit is how long anything may take here before the test calls it hung.
const limit = 90 * time.Second

// program is the built demo, for all tests.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "lyhord-demo-")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "demo")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("build: %v\n%s", err, out))
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// scratch is a state folder that goes away with the test.
func scratch(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(local.ScratchRoot(), "lyhord-demo-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "state")
}

func freePort(t *testing.T) int {
	t.Helper()
	port, err := local.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// process is a started demo and what it has said.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	ended chan struct{}

	mu   sync.Mutex
	said bytes.Buffer
	news chan struct{} // something was said
}

func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case p.news <- struct{}{}:
	default:
	}
	return p.said.Write(b)
}

func (p *process) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

func start(t *testing.T, env ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(program), ended: make(chan struct{}), news: make(chan struct{}, 1)}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = p, p
	p.cmd.WaitDelay = 10 * time.Second
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = p.cmd.Wait(); close(p.ended) }()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.ended
	})
	return p
}

// says waits until the demo has said a text.
func (p *process) says(text string) {
	p.t.Helper()
	late := time.After(limit)
	for !strings.Contains(p.text(), text) {
		select {
		case <-p.news:
		case <-p.ended:
			if !strings.Contains(p.text(), text) {
				p.t.Fatalf("it ended without saying %q:\n%s", text, p.text())
			}
		case <-late:
			p.t.Fatalf("it did not say %q:\n%s", text, p.text())
		}
	}
}

// ends waits for the end and gives the exit code.
func (p *process) ends() int {
	p.t.Helper()
	select {
	case <-p.ended:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(limit):
		p.t.Fatalf("it does not end:\n%s", p.text())
		return -1
	}
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Fatal(err)
	}
}

// env reads demo.env as a shell does.
func env(t *testing.T, state string) map[string]string {
	t.Helper()
	out, err := exec.Command("bash", "-c", "set -a; . "+filepath.Join(state, envName)+"; env").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && strings.HasPrefix(name, "LYHORD_") {
			all[name] = value
		}
	}
	return all
}

func count(t *testing.T, dsn, query string) (n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if err := conn.QueryRow(ctx, query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestTheDemoSurvivesBeingKilledAndKeepsWhatItHas(t *testing.T) {
	state, port := scratch(t), freePort(t)
	vars := []string{"PORT=" + strconv.Itoa(port), "CASES=600", "LYHORD_STATE=" + state}

	first := start(t, vars...)
	first.says("hittar på staden")
	first.signal(syscall.SIGKILL)
	first.ends()

	stopped := start(t, vars...)
	stopped.says("databasen är klar")
	endsCleanly(t, stopped, state)

	second := start(t, vars...)
	second.says("Lyhörd är redo: http://127.0.0.1:" + strconv.Itoa(port))
	if !strings.Contains(stopped.text()+second.text(), "hittar på staden") {
		t.Error("the first run was killed too late: it had finished the city")
	}
	e := env(t, state)
	cases := wholeCity(t, e["LYHORD_DSN_SUPER"])
	logsIn(t, e, "registrator@bromma.demo")
	logsIn(t, e, "chef@linkoping-social.demo")
	everyDoorOpens(t, e)

	rival := start(t, vars...)
	if code := rival.ends(); code != 1 || !strings.Contains(rival.text(), "körs redan") || !strings.Contains(rival.text(), e["LYHORD_URL"]) {
		t.Errorf("a second demo in the same folder: exit code %d, %s", code, rival.text())
	}
	second.signal(syscall.SIGKILL)
	second.ends()

	third := start(t, vars...)
	third.says("Lyhörd är redo")
	if strings.Contains(third.text(), "hittar på") {
		t.Error("the city was invented again")
	}
	again := env(t, state)
	if again["LYHORD_DEMO_PASSWORD"] != e["LYHORD_DEMO_PASSWORD"] || wholeCity(t, again["LYHORD_DSN_SUPER"]) != cases {
		t.Error("the third start has other data than the second")
	}
	endsCleanly(t, third, state)
}

// wholeCity checks that each tenant that has cases was filled exactly once, and that the registers have no gaps.
func wholeCity(t *testing.T, dsn string) int {
	t.Helper()
	if n := count(t, dsn, "select count(*) from (select tenant_id from app.audit_log where action = 'seed-demo' group by 1 having count(*) <> 1) x"); n != 0 {
		t.Errorf("%d tenants were filled more than once", n)
	}
	if n := count(t, dsn, `select count(*) from app.tenants t where t.kind <> 'CITY_OFFICE'
		and not exists (select from app.audit_log a where a.tenant_id = t.id and a.action = 'seed-demo')`); n != 0 {
		t.Errorf("%d tenants are empty", n)
	}
	if n := count(t, dsn, `select count(*) from (select file_id from app.register_entries group by 1 having count(*) <> max(serial_no)) x`); n != 0 {
		t.Errorf("%d files have gaps", n)
	}
	n := count(t, dsn, "select count(*) from app.cases")
	if n < 600 {
		t.Errorf("only %d cases", n)
	}
	return n
}

func logsIn(t *testing.T, e map[string]string, login string) {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"login": login, "password": e["LYHORD_DEMO_PASSWORD"]})
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e["LYHORD_URL"]+"/api/v1/session", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode/100 != 2 {
		t.Errorf("%s: %d %s", login, resp.StatusCode, text)
	}
}

// everyDoorOpens uses each DSN of the file; only the owner and the administrator see all.
func everyDoorOpens(t *testing.T, e map[string]string) {
	t.Helper()
	for _, role := range []string{"API", "LOGIN", "INTAKE", "WORKER", "RELAY", "INSIGHT", "MIGRATOR", "OWNER", "SUPER"} {
		if n := count(t, e["LYHORD_DSN_"+role], "select 1"); n != 1 {
			t.Errorf("%s: %d", role, n)
		}
	}
	if n := count(t, e["LYHORD_DSN_API"], "select count(*) from app.cases"); n != 0 {
		t.Errorf("the api sees %d cases without a session", n)
	}
	if n := count(t, e["LYHORD_DSN_OWNER"], "select (current_user = 'lyhord_owner')::int"); n != 1 {
		t.Error("the owner's DSN is not the owner's")
	}
}

// endsCleanly is Ctrl-C: exit code 0 within seconds, and no server left.
func endsCleanly(t *testing.T, p *process, state string) {
	t.Helper()
	began := time.Now()
	p.signal(syscall.SIGINT)
	if code := p.ends(); code != 0 {
		t.Errorf("exit code %d:\n%s", code, p.text())
	}
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("it took %v to end", took)
	}
	left, _ := filepath.Glob(filepath.Join(state, "pg*", "postmaster.pid"))
	if len(left) > 0 {
		t.Errorf("PostgreSQL is still there: %v", left)
	}
}

func TestFreshBeginsAnew(t *testing.T) {
	state, port := scratch(t), freePort(t)
	vars := []string{"PORT=" + strconv.Itoa(port), "CASES=0", "LYHORD_STATE=" + state}
	first := start(t, vars...)
	first.says("Lyhörd är redo")
	before := env(t, state)
	endsCleanly(t, first, state)
	second := start(t, append(vars, "FRESH=1")...)
	second.says("Lyhörd är redo")
	if after := env(t, state); after["LYHORD_DEMO_PASSWORD"] == before["LYHORD_DEMO_PASSWORD"] {
		t.Error("FRESH=1 kept the old folder")
	}
	endsCleanly(t, second, state)
}

func TestTheDemoSaysWhatIsWrong(t *testing.T) {
	foreign := filepath.Join(t.TempDir(), "home")
	if err := os.MkdirAll(filepath.Join(foreign, "photos"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		env  map[string]string
		says string
	}{
		"a port that is none":           {map[string]string{"PORT": "http"}, "PORT"},
		"a negative number of cases":    {map[string]string{"CASES": "-1"}, "CASES"},
		"an unclear FRESH":              {map[string]string{"FRESH": "ja"}, "FRESH"},
		"a folder with somebody's data": {map[string]string{"LYHORD_STATE": foreign, "FRESH": "1"}, "not a folder of the demo"},
	} {
		err := run(t.Context(), func(n string) string { return c.env[n] }, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(filepath.Join(foreign, "photos")); err != nil {
		t.Error("somebody's data is gone")
	}
}

func TestAPortInUseIsSaidBeforeAnythingIsStarted(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	busy, state := l.Addr().(*net.TCPAddr).Port, scratch(t)
	err = run(t.Context(), func(n string) string {
		return map[string]string{"PORT": strconv.Itoa(busy), "LYHORD_STATE": state}[n]
	}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("Port %d används redan", busy)) {
		t.Errorf("%v", err)
	}
	if made, _ := filepath.Glob(filepath.Join(state, "pg*")); len(made) > 0 {
		t.Errorf("a database was started: %v", made)
	}
}

func TestThePasswordIsLongAndEasyToSay(t *testing.T) {
	for range 200 {
		if p := newPassword(); len(p) < 15 || strings.ContainsFunc(p, func(r rune) bool { return r > 127 || r == ' ' }) {
			t.Fatal(p)
		}
	}
}

func TestTheBannerFitsATerminal(t *testing.T) {
	cities, err := tenants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	banner(&out, options{port: 8080}, &state{dir: "/x/.lyhord", password: "ekorre-havre-lykta-482"}, cities, "2,4 s")
	if !strings.Contains(out.String(), "\nLyhörd är redo: http://127.0.0.1:8080\n") || !strings.Contains(out.String(), "bromma") {
		t.Error(out.String())
	}
	for line := range strings.Lines(out.String()) {
		if n := len([]rune(line)); n > 121 {
			t.Errorf("%d letters wide: %s", n, line)
		}
	}
}
