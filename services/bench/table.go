//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// duel is a race's outcome.
type duel struct {
	ref, own pace
	ratio    float64
}

// result is everything a run has measured.
type result struct {
	town    *town
	options options
	machine string
	load    string
	started time.Time
	broken  error

	coldStart                         []time.Duration
	report, open, inbox, city, upkeep duel
	edition                           time.Duration
	trips                             trips
	costs                             []cost
	planFaults                        []string
	waits                             waits
	memory, memoryMost                float64
	soaked                            string
}

// row is a line of the table; met is empty where there is no goal or nothing was measured.
type row struct{ work, reference, measured, ratio, goal, met string }

func verdict(ok bool) string {
	if ok {
		return "yes"
	}
	return "NO"
}

func (d duel) row(work, reference string, goal float64, more string) row {
	r := row{work: work, reference: reference, measured: "not measured", goal: fmt.Sprintf("≥ %.2f", goal)}
	if d.own.perSecond > 0 {
		r.reference = fmt.Sprintf("%s: %.0f/s, p50 %s", reference, d.ref.perSecond, ms(d.ref.p50))
		r.measured = fmt.Sprintf("%.0f/s, p50 %s, p99 %s%s", d.own.perSecond, ms(d.own.p50), ms(d.own.p99), more)
		r.ratio, r.met = fmt.Sprintf("%.2f", d.ratio), verdict(d.ratio >= goal)
	}
	return r
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

func (r *result) rows() []row {
	all := []row{
		r.report.row("report a case over HTTP", "bare pipelined insert over bare Gin", 0.5, fmt.Sprintf(", %.1f round trips", r.trips.report)),
		r.open.row("open a case", "bare RLS batch over bare Gin", 0.5, ""),
		{"– round trips to PostgreSQL", "", fmt.Sprintf("%.1f (a received case, with proposal: %.1f)", r.trips.open, r.trips.openReceived), "", "≤ 2", verdict(r.trips.open > 0 && r.trips.open <= 2)},
		r.inbox.row("inbox page of 50 with counts", "bare indexed select of 50 over Gin", 0.6, fmt.Sprintf(", %.1f round trips", r.trips.inbox)),
		r.city.row("city page, all figures", "bare SQL on the rollups over Gin", 0.5, ""),
		{"– p99 warm", "", ms(r.city.own.p99) + ", the day's first " + ms(r.edition), "", "< 50 ms", verdict(r.city.own.p99 > 0 && r.city.own.p99 < 50*time.Millisecond)},
		r.upkeep.row("reporting while the worker works (facts, rollup and mail)", "the same with the worker held", 0.85, ""),
	}
	all = append(all, r.statementRows()...)
	all = append(all, r.waitRows()...)
	start := row{"cold start of the api, migrations in place", "–", "not measured", "", "< 1 s", ""}
	if len(r.coldStart) > 0 {
		start.measured = ms(quantile(r.coldStart, 0.5)) + " (median of " + fmt.Sprint(len(r.coldStart)) + ")"
		start.met = verdict(quantile(r.coldStart, 0.5) < time.Second)
	}
	all = append(all, start)
	if r.soaked != "" {
		all = append(all, row{fmt.Sprintf("isolation soak, %d operations", r.options.soak), "–", r.soaked, "", "held", verdict(strings.HasPrefix(r.soaked, "held"))})
	}
	return all
}

func (r *result) statementRows() []row {
	if len(r.costs) == 0 {
		return nil
	}
	var on, off time.Duration
	within := 0
	worst := r.costs[0]
	for _, c := range r.costs {
		on, off = on+c.on, off+c.off
		if c.ratio() <= 1.15 {
			within++
		}
		if c.ratio() > worst.ratio() {
			worst = c
		}
	}
	plans := "every one"
	if len(r.planFaults) > 0 {
		plans = strings.Join(r.planFaults, "; ")
	}
	return []row{
		{
			"RLS on / off, time of each reading of the store", fmt.Sprintf("the same without policies: %s for all %d", us(off), len(r.costs)),
			fmt.Sprintf("%s; %d of %d within the goal; worst: %s %s / %s = %.2f", us(on), within, len(r.costs), worst.Name, us(worst.on), us(worst.off), worst.ratio()),
			fmt.Sprintf("%.2f", float64(on)/float64(off)), "≤ 1.15 each", verdict(within == len(r.costs)),
		},
		{"– `tenant_id` in an Index Cond of every list's plan", "–", plans, "", "every one", verdict(len(r.planFaults) == 0)},
	}
}

func us(d time.Duration) string { return fmt.Sprintf("%.0f µs", float64(d.Nanoseconds())/1000) }

func (r *result) waitRows() []row {
	w := r.waits
	memory := row{"memory of api + worker after that load", "Redmine 360 MB", "not measured", "", "≤ 120 MB", ""}
	if r.memory > 0 {
		memory.measured = fmt.Sprintf("%.0f MB (most ever: %.0f MB)", r.memory, r.memoryMost)
		memory.ratio, memory.met = fmt.Sprintf("%.2f", r.memory/360), verdict(r.memory <= 120)
	}
	if w.sent == 0 || len(w.facts) == 0 {
		return []row{{"case event → handler", "–", "not measured", "", "", ""}, memory}
	}
	fact, mail := quantile(w.facts, 0.99), quantile(w.mails, 0.99)
	return []row{
		{
			"case event → handler", "–", fmt.Sprintf("p50 %s, p99 %s at %.0f events/s; %d of %d still open", ms(w.handler[0]), ms(w.handler[1]), w.perSecond, w.open, w.sent),
			"", "p50 ≤ 100 ms, p99 ≤ 500 ms at 200/s",
			verdict(w.open == 0 && w.perSecond >= 0.95*eventsPerSecond && w.handler[0] <= 100*time.Millisecond && w.handler[1] <= 500*time.Millisecond),
		},
		{"– fact visible to SLK", "–", fmt.Sprintf("p50 %s, p99 %s (%d reports under that load)", ms(quantile(w.facts, 0.5)), ms(fact), len(w.facts)), "", "p99 ≤ 2 s", verdict(fact <= 2*time.Second)},
		{"– mail handed to SMTP", "–", fmt.Sprintf("p50 %s, p99 %s", ms(quantile(w.mails, 0.5)), ms(mail)), "", "p99 ≤ 5 s", verdict(mail <= 5*time.Second)},
		memory,
	}
}

// print writes the table, and the statements one by one.
func (r *result) print(out io.Writer) {
	fmt.Fprintf(out, "%s · %d cases in %s · %s · PostgreSQL %d, fsync on · 8 clients on the same machine\n\n",
		r.started.UTC().Format("2006-01-02 15:04 UTC"), r.town.cases, r.town.seeding.Round(time.Second), r.machine, r.town.pg.Major())
	fmt.Fprintf(out, "Load average before %s, after %s.\n\n", r.load, loadAverage())
	fmt.Fprintln(out, "| work | reference | measured | ratio | goal | met |\n|---|---|---|---|---|---|")
	for _, w := range r.rows() {
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s |\n", w.work, w.reference, w.measured, w.ratio, w.goal, w.met)
	}
	if r.broken != nil {
		fmt.Fprintf(out, "\nNot everything was measured: %v\n", r.broken)
	}
	if len(r.costs) == 0 {
		return
	}
	fmt.Fprintln(out, "\n| reading of the store | with policies | without | ratio |\n|---|---|---|---|")
	for _, c := range slices.SortedFunc(slices.Values(r.costs), func(a, b cost) int { return int(b.on - a.on) }) {
		fmt.Fprintf(out, "| %s | %s | %s | %.2f |\n", c.Name, us(c.on), us(c.off), c.ratio())
	}
}

// machine says how big the machine is.
func machine() string {
	out := fmt.Sprintf("%d cores", runtime.NumCPU())
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, ok := strings.CutPrefix(line, "model name"); ok {
				out += " (" + strings.TrimSpace(strings.TrimLeft(name, "\t :")) + ")"
				break
			}
		}
	}
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kb float64
		if _, err := fmt.Sscanf(string(text), "MemTotal: %f kB", &kb); err == nil {
			out += fmt.Sprintf(", %.0f GB", kb/1024/1024)
		}
	}
	return out + ", " + runtime.GOOS + "/" + runtime.GOARCH + ", " + runtime.Version()
}

// loadAverage tells whether somebody else was busy.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
