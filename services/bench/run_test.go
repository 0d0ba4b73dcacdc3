//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test's own program be the parts that it starts.
func TestMain(m *testing.M) {
	if part := os.Getenv(partEnv); part != "" {
		if err := runPart(context.Background(), part); err != nil {
			fmt.Fprintln(os.Stderr, part+":", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func TestASmallCityIsMeasuredInEveryRow(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	env := map[string]string{"BENCH_CASES": "500", "BENCH_SECONDS": "0.1"}
	var out bytes.Buffer
	if err := run(ctx, func(name string) string { return env[name] }, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	table := out.String()
	if strings.Contains(table, "not measured") || strings.Contains(table, "Not everything") {
		t.Errorf("something was not measured:\n%s", table)
	}
	for _, work := range []string{
		"report a case", "open a case", "round trips", "inbox page", "city page", "RLS on / off", "Index Cond", "event → handler", "visible to SLK",
		"handed to SMTP", "memory of api + worker", "cold start", "| measures of all cases |",
	} {
		if !strings.Contains(table, work) {
			t.Errorf("the table does not speak of %q:\n%s", work, table)
		}
	}
}

func TestWhatCannotBeReadAsASettingIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"BENCH_CASES": "many", "BENCH_SECONDS": "-1"} {
		_, err := readOptions(func(asked string) string {
			if asked == name {
				return text
			}
			return ""
		})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, text, err)
		}
	}
	o, err := readOptions(func(string) string { return "" })
	if err != nil || o.cases != 200_000 || o.soak != 0 {
		t.Errorf("without settings: %+v, %v", o, err)
	}
}

func TestTheRatioIsTheMedianOfTheRounds(t *testing.T) {
	t.Parallel()
	slow := func(context.Context, int) error { time.Sleep(4 * time.Millisecond); return nil }
	fast := func(context.Context, int) error { time.Sleep(time.Millisecond); return nil }
	turns := 0
	ref, own, ratio, err := race{clients: 2, rounds: 3, turn: 40 * time.Millisecond}.run(t.Context(), side{before: func() { turns++ }, shot: fast}, side{shot: slow})
	if err != nil {
		t.Fatal(err)
	}
	if turns != 4 || ratio >= 1 || own.p50 <= ref.p50 || own.perSecond >= ref.perSecond {
		t.Errorf("after %d turns: %+v against %+v, ratio %.2f", turns, own, ref, ratio)
	}
	broken := func(context.Context, int) error { return context.Canceled }
	if _, _, _, err := (race{clients: 2, rounds: 1, turn: time.Millisecond}).run(t.Context(), side{shot: fast}, side{shot: broken}); err == nil {
		t.Error("a side that fails was measured")
	}
}
