//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// progress tells how far the invention of the city has come: on a terminal in one line that moves, elsewhere a line for
// every tenth.
type progress struct {
	out      io.Writer
	terminal bool
	started  time.Time
	shown    int // percent, or tenths where lines are printed
	open     bool
}

const barWidth = 30

func (p *progress) tell(done, all int) {
	if all == 0 {
		return
	}
	percent := min(100, done*100/all)
	speed := int(float64(done) / max(time.Since(p.started).Seconds(), 0.001))
	switch {
	case p.terminal && (percent > p.shown || !p.open):
		full := percent * barWidth / 100
		fmt.Fprintf(p.out, "\rLyhörd: hittar på staden [%s%s] %3d %%  %d ärenden/s ", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), percent, speed)
		p.shown, p.open = percent, true
	case !p.terminal && percent/10 > p.shown:
		p.shown = percent / 10
		fmt.Fprintf(p.out, "Lyhörd: hittar på staden %d %%, %d ärenden/s\n", percent, speed)
	}
}

// end leaves the line that moved.
func (p *progress) end() {
	if p.open {
		fmt.Fprintln(p.out)
		p.open = false
	}
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}
