//go:build unix

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// counts are the tests of one stage.
type counts struct {
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
}

// result is what a stage leaves in the record folder.
type result struct {
	Stage string `json:"stage"`
	counts
	Seconds float64 `json:"seconds"`
}

// counter reads the report of one kind of test runner.
type counter interface {
	output() io.Writer // where the command's standard output goes
	count(code int) (counts, error)
}

func newCounter(kind, file string) (counter, error) {
	switch kind {
	case "check":
		return oneCheck{}, nil
	case "go":
		return &goTests{print: os.Stdout}, nil
	case "vitest", "playwright":
		if file == "" {
			return nil, fmt.Errorf("-kind %s needs -results", kind)
		}
		// The report of an earlier run must not be counted as this one's.
		if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		if kind == "vitest" {
			return reportFile{file, readVitest}, nil
		}
		return reportFile{file, readPlaywright}, nil
	}
	return nil, fmt.Errorf("-kind %s: not go, vitest, playwright or check", kind)
}

// oneCheck counts a command without tests of its own, such as a linter.
type oneCheck struct{}

func (oneCheck) output() io.Writer { return os.Stdout }

func (oneCheck) count(code int) (counts, error) {
	if code != 0 {
		return counts{Failed: 1}, nil
	}
	return counts{Passed: 1}, nil
}

// reportFile counts from a JSON report that the runner writes.
type reportFile struct {
	path string
	read func([]byte) (counts, error)
}

func (reportFile) output() io.Writer { return os.Stdout }

func (r reportFile) count(int) (counts, error) {
	b, err := os.ReadFile(r.path)
	if err != nil {
		return counts{Failed: 1}, fmt.Errorf("no report: %w", err)
	}
	c, err := r.read(b)
	if err != nil {
		return counts{Failed: 1}, fmt.Errorf("%s: %w", r.path, err)
	}
	if c == (counts{}) {
		return counts{Failed: 1}, fmt.Errorf("%s: no test ran", r.path)
	}
	return c, nil
}

func readVitest(b []byte) (counts, error) {
	var r struct {
		NumPassedTests, NumFailedTests, NumPendingTests, NumTodoTests int
		TestResults                                                   []struct {
			Status           string
			AssertionResults []struct{ Status string }
		}
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return counts{}, err
	}
	c := counts{Passed: r.NumPassedTests, Failed: r.NumFailedTests, Skipped: r.NumPendingTests + r.NumTodoTests}
	for _, file := range r.TestResults {
		if file.Status == "failed" && len(file.AssertionResults) == 0 {
			c.Failed++ // the file could not even be loaded
		}
	}
	return c, nil
}

func readPlaywright(b []byte) (counts, error) {
	var r struct {
		Stats  struct{ Expected, Unexpected, Flaky, Skipped int }
		Errors []json.RawMessage
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return counts{}, err
	}
	return counts{
		Passed:  r.Stats.Expected,
		Failed:  r.Stats.Unexpected + r.Stats.Flaky + len(r.Errors), // a flaky test is a fault
		Skipped: r.Stats.Skipped,
	}, nil
}

func (r result) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, "stages.jsonl"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	return json.NewEncoder(f).Encode(r)
}

// printSum prints one line per stage and the total as the last line.
func printSum(w io.Writer, dir string) (int, error) {
	b, err := os.ReadFile(filepath.Join(dir, "stages.jsonl"))
	if err != nil {
		return codeFailed, fmt.Errorf("no stage has run: %w", err)
	}
	var all []result
	for line := range strings.Lines(string(b)) {
		var r result
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			return codeFailed, err
		}
		all = append(all, r)
	}
	var total counts
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\npassed\tfailed\tskipped\tseconds\t  stage")
	for _, r := range all {
		fmt.Fprintf(table, "%d\t%d\t%d\t%.1f\t  %s\n", r.Passed, r.Failed, r.Skipped, r.Seconds, r.Stage)
		total.Passed += r.Passed
		total.Failed += r.Failed
		total.Skipped += r.Skipped
	}
	if err := table.Flush(); err != nil {
		return codeFailed, err
	}
	fmt.Fprintf(w, "\n%d passed, %d failed, %d skipped\n", total.Passed, total.Failed, total.Skipped)
	if slices.ContainsFunc(all, func(r result) bool { return r.Failed > 0 }) {
		return codeFailed, nil
	}
	return 0, nil
}
