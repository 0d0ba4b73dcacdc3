//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func mustRun(t *testing.T, args ...string) int {
	t.Helper()
	code, err := run(args)
	if err != nil {
		t.Log(err)
	}
	return code
}

func TestTheExitCodeIsTheCommands(t *testing.T) {
	for script, want := range map[string]int{"exit 0": 0, "exit 7": 7, "kill -TERM $$": 143} {
		if got := mustRun(t, "-with", "nothing", "--", "sh", "-c", script); got != want {
			t.Errorf("%s: %d", script, got)
		}
	}
	if got := mustRun(t); got != codeUsage {
		t.Errorf("without a command: %d", got)
	}
	if got := mustRun(t, "-with", "nothing", "--", "/does/not/exist"); got != codeUsage {
		t.Errorf("unknown command: %d", got)
	}
}

func TestTheCommandFindsBothServersAndNothingIsLeft(t *testing.T) {
	out := filepath.Join(t.TempDir(), "env")
	script := `printf '%s\n%s\n' "$LYHORD_TEST_PG_SUPER_DSN" "$LYHORD_TEST_REDIS_ADDR" > ` + out
	if code := mustRun(t, "--", "sh", "-c", script); code != 0 {
		t.Fatalf("code %d", code)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(b), "postgres://postgres:") || strings.Count(string(b), "127.0.0.1:") != 2 {
		t.Errorf("the command got %s", b)
	}
}

// TestMain lets the test program be testenv itself, for the test with a signal.
func TestMain(m *testing.M) {
	if os.Getenv("LYHORD_TESTENV_SELF") != "" {
		main()
	}
	os.Exit(m.Run())
}

func TestASignalEndsTheCommandAndThenTheServers(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "--", "sh", "-c", `echo "$LYHORD_TEST_REDIS_ADDR" > `+dir+`/up.new && mv `+dir+`/up.new `+dir+`/up; exec sleep 300`)
	cmd.Env = append(os.Environ(), "LYHORD_TESTENV_SELF=1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(time.Minute)
	for {
		if _, err := os.Stat(filepath.Join(dir, "up")); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the command never started")
		}
		time.Sleep(10 * time.Millisecond)
	}
	addr, _ := os.ReadFile(filepath.Join(dir, "up"))
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 143 {
		t.Errorf("exit code %d", code)
	}
	host, port, _ := strings.Cut(strings.TrimSpace(string(addr)), ":")
	if exec.Command("bash", "-c", "echo > /dev/tcp/"+host+"/"+port).Run() == nil {
		t.Error("Redis still answers")
	}
}

const goReport = `{"Action":"start","Package":"a"}
{"Action":"run","Package":"a","Test":"TestGood"}
{"Action":"output","Package":"a","Test":"TestGood","Output":"quiet please\n"}
{"Action":"pass","Package":"a","Test":"TestGood","Elapsed":0}
{"Action":"output","Package":"a","Test":"TestBad","Output":"    bad_test.go:1: the reason\n"}
{"Action":"fail","Package":"a","Test":"TestBad","Elapsed":0}
{"Action":"output","Package":"a","Test":"TestLater","Output":"    not today\n"}
{"Action":"skip","Package":"a","Test":"TestLater","Elapsed":0}
{"Action":"fail","Package":"a","Elapsed":0.1}
{"ImportPath":"b [b.test]","Action":"build-output","Output":"b.go:1: does not compile\n"}
{"ImportPath":"b [b.test]","Action":"build-fail"}
{"Action":"fail","Package":"b","Elapsed":0,"FailedBuild":"b [b.test]"}
{"Action":"skip","Package":"c","Elapsed":0}
{"Action":"output","Package":"d","Test":"TestPanics","Output":"panic: oh no\n"}
{"Action":"fail","Package":"d","Elapsed":0.1}
{"Action":"start","Package":"e"}
`

func TestGoTestsAreCountedOneByOne(t *testing.T) {
	var printed strings.Builder
	g := &goTests{print: &printed}
	for chunk := range slices.Chunk([]byte(goReport), 7) { // lines come in pieces
		if _, err := g.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	got, err := g.count(1)
	if err != nil {
		t.Fatal(err)
	}
	// Failed: the test in a, the build of b, the panic in d, and e that never ended.
	if want := (counts{Passed: 1, Failed: 4, Skipped: 1}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	for _, want := range []string{"the reason", "not today", "does not compile", "panic: oh no"} {
		if !strings.Contains(printed.String(), want) {
			t.Errorf("%q is not printed", want)
		}
	}
	if strings.Contains(printed.String(), "quiet please") {
		t.Error("the output of a good test is printed")
	}
}

func TestARunWithoutTestsIsAFault(t *testing.T) {
	if _, err := (&goTests{}).count(0); err == nil {
		t.Error("nothing ran, and nothing was said")
	}
}

func TestVitestReportsAreCounted(t *testing.T) {
	got, err := readVitest([]byte(`{"numPassedTests":5,"numFailedTests":1,"numPendingTests":2,"numTodoTests":1,
		"testResults":[{"status":"failed","assertionResults":[]},{"status":"failed","assertionResults":[{"status":"failed"}]}]}`))
	if err != nil || got != (counts{Passed: 5, Failed: 2, Skipped: 3}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestPlaywrightReportsAreCounted(t *testing.T) {
	got, err := readPlaywright([]byte(`{"stats":{"expected":4,"unexpected":1,"flaky":1,"skipped":2},"errors":[{"message":"x"}]}`))
	if err != nil || got != (counts{Passed: 4, Failed: 3, Skipped: 2}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAnOldReportIsNotCounted(t *testing.T) {
	old := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(old, []byte(`{"numPassedTests":5}`), 0o600); err != nil {
		t.Fatal(err)
	}
	record := t.TempDir()
	code := mustRun(t, "-with", "nothing", "-record", record, "-stage", "web", "-kind", "vitest", "-results", old, "--", "true")
	if code != codeFailed {
		t.Errorf("code %d", code)
	}
}

func TestTheLastLineIsTheSumOfAllStages(t *testing.T) {
	record := t.TempDir()
	mustRun(t, "-with", "nothing", "-record", record, "-stage", "good", "--", "true")
	for _, r := range []result{{Stage: "go", counts: counts{Passed: 10, Skipped: 2}}} {
		if err := r.write(record); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	code, err := printSum(&out, record)
	if err != nil || code != 0 || !strings.HasSuffix(out.String(), "\n11 passed, 0 failed, 2 skipped\n") {
		t.Errorf("code %d, %v, %s", code, err, out.String())
	}
	if code := mustRun(t, "-with", "nothing", "-record", record, "-stage", "bad", "--", "false"); code == 0 {
		t.Error("a bad stage ends well")
	}
	out.Reset()
	code, _ = printSum(&out, record)
	if code != codeFailed || !strings.HasSuffix(out.String(), "\n11 passed, 1 failed, 2 skipped\n") {
		t.Errorf("code %d, %s", code, out.String())
	}
}

func TestAnEnvironmentFileIsRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "demo.env")
	text := "# a comment\nLYHORD_URL=http://127.0.0.1:1\nexport A='b=c'\n\nnonsense\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readEnvFile(file)
	if err != nil || !slices.Equal(got, []string{"LYHORD_URL=http://127.0.0.1:1", "A=b=c"}) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestTheSystemIsUpWhenItSaysSoAndEndsOnCtrlC(t *testing.T) {
	var log strings.Builder
	cmd := exec.Command("bash", "-c", `trap 'echo bye; exit 0' INT; echo "Lyhörd är "; sleep 0.05; echo "Lyhörd är redo: http://127.0.0.1:1"; while :; do sleep 0.05; done`)
	ended, err := startSystem(cmd, &log)
	if err != nil {
		t.Fatal(err)
	}
	endSystem(cmd, ended)
	if !strings.Contains(log.String(), "bye") {
		t.Errorf("the log holds %q", log.String())
	}
}

func TestASystemThatEndsBeforeItIsReadySaysWhy(t *testing.T) {
	_, err := startSystem(exec.Command("sh", "-c", "echo no database; exit 1"), &strings.Builder{})
	if err == nil || !strings.Contains(err.Error(), "no database") {
		t.Errorf("says %v", err)
	}
}
