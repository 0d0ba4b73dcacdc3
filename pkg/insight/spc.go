package insight

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Kind is the way limits are worked out.
type Kind string

const (
	// Counts is an XmR chart: counts per month or week, limits from moving ranges.
	Counts Kind = "xmr"
	// DaysBetween is a t-chart for rare events: days since the one before, limits
	// worked out on a scale where such gaps are evenly spread.
	DaysBetween Kind = "t"
)

// Mark is the rule that makes a point a signal. Only three are used: a rule for
// trends would add hardly anything but false alarms.
type Mark string

const (
	// Outside is a point beyond a control limit.
	Outside Mark = "outside"
	// Run is a point in eight or more in a row on one side of the mean.
	Run Mark = "run"
	// OuterThird is one of two in three consecutive points near the same limit.
	OuterThird Mark = "outer_third"
)

const (
	pointsForLimits = 12   // fewer points say nothing about what is normal
	meanForCounts   = 5    // under it, limits of a count are nonsense
	runLength       = 8    // default of the rule
	limitFactor     = 2.66 // three standard deviations, from the mean moving range
	rangeScreen     = 3.267
	gapExponent     = 1 / 3.6 // makes days between rare events nearly symmetrical
)

// Observation is one period of a series. X is "2026-03" for a month or "2026-W14"
// for a week; Y is nil where the number is protected.
type Observation struct {
	X string
	Y *int
}

// PhaseStart begins new limits at a period, with the reason somebody gave.
type PhaseStart struct {
	At     string
	Reason string
}

// Series is what a chart is made from: whole periods only, in order of time.
type Series struct {
	Name   string
	Points []Observation
	Starts []PhaseStart
}

// Point is one mark on the chart. A nil Y breaks the line.
type Point struct {
	X    string   `json:"x"`
	Y    *float64 `json:"y"`
	Rule Mark     `json:"rule,omitempty"`
}

// Phase is a stretch of time with one level. Limits are nil where there are too few
// points, or too few events, to tell what is normal.
type Phase struct {
	From   string   `json:"from"`
	To     string   `json:"to"`
	Mean   *float64 `json:"mean"`
	UCL    *float64 `json:"ucl"`
	LCL    *float64 `json:"lcl"`
	Reason string   `json:"reason,omitempty"`

	first, last int
	shown       int
	sigma       float64 // of the scale the limits were made on
	center      float64
}

// Chart is the result, as the screen and the report draw it.
type Chart struct {
	Name        string  `json:"name"`
	Kind        Kind    `json:"kind"`
	Points      []Point `json:"points"`
	Phases      []Phase `json:"phases"`
	Summary     string  `json:"summary"`
	Description string  `json:"description"`
	Hidden      int     `json:"hidden"`

	signals []signal
}

// signal is one thing worth a word in the summary.
type signal struct {
	rule        Mark
	above       bool
	first, last int
	count       int
}

// Analyse makes the chart of a series of counts: phases, limits, signals and the
// sentence that says what they mean.
func Analyse(s Series) (Chart, error) {
	c := Chart{Name: s.Name, Kind: Counts, Points: make([]Point, 0, len(s.Points))}
	for i, observation := range s.Points {
		if i > 0 && observation.X <= s.Points[i-1].X {
			return Chart{}, fmt.Errorf("insight: period %s comes after %s", observation.X, s.Points[i-1].X)
		}
		point := Point{X: observation.X}
		if observation.Y != nil {
			y := float64(*observation.Y)
			point.Y = &y
		} else {
			c.Hidden++
		}
		c.Points = append(c.Points, point)
	}
	if err := c.divide(s.Starts); err != nil {
		return Chart{}, err
	}
	c.judge()
	return c, nil
}

// AnalyseDaysBetween makes the chart of events too rare to count by month: each
// point is the number of days since the event before. The days come in order.
func AnalyseDaysBetween(name string, events []time.Time) (Chart, error) {
	c := Chart{Name: name, Kind: DaysBetween, Points: []Point{}}
	for i := 1; i < len(events); i++ {
		gap := civilDay(events[i]) - civilDay(events[i-1])
		if gap < 0 {
			return Chart{}, fmt.Errorf("insight: event %d comes before the one ahead of it", i)
		}
		y := float64(gap)
		c.Points = append(c.Points, Point{X: events[i].Format(time.DateOnly), Y: &y})
	}
	if err := c.divide(nil); err != nil {
		return Chart{}, err
	}
	c.judge()
	return c, nil
}

// civilDay numbers the days of the calendar, so that a night in October with 25
// hours is still one day.
func civilDay(t time.Time) int64 {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// divide cuts the points into phases.
func (c *Chart) divide(starts []PhaseStart) error {
	c.Phases = []Phase{}
	if len(c.Points) == 0 {
		return nil
	}
	open := Phase{}
	for _, start := range starts {
		at := slices.IndexFunc(c.Points, func(p Point) bool { return p.X == start.At })
		if at < 0 || at < open.first {
			return fmt.Errorf("insight: no phase can start at %s", start.At)
		}
		if at == open.first {
			open.Reason = start.Reason
			continue
		}
		open.last = at - 1
		c.Phases = append(c.Phases, open)
		open = Phase{first: at, Reason: start.Reason}
	}
	open.last = len(c.Points) - 1
	c.Phases = append(c.Phases, open)
	for i := range c.Phases {
		phase := &c.Phases[i]
		phase.From, phase.To = c.Points[phase.first].X, c.Points[phase.last].X
		c.limit(phase)
	}
	return nil
}

// scale is the number that limits are worked out on.
func (c *Chart) scale(y float64) float64 {
	if c.Kind == DaysBetween {
		return math.Pow(y, gapExponent)
	}
	return y
}

// unscale goes back from there, never below zero.
func (c *Chart) unscale(y float64) float64 {
	y = max(y, 0)
	if c.Kind == DaysBetween {
		y = math.Pow(y, 1/gapExponent)
	}
	return math.Round(y*10) / 10
}

// limit works out mean and limits of one phase. A few points far outside belong to
// the signals, not to what is normal: left in, they would lift the mean and make
// quiet months look low. They are left out once, if they are few.
func (c *Chart) limit(phase *Phase) {
	all := make([]*float64, 0, phase.last-phase.first+1)
	for _, point := range c.Points[phase.first : phase.last+1] {
		if point.Y != nil {
			phase.shown++
		}
		all = append(all, point.Y)
	}
	if phase.shown == 0 {
		return
	}
	phase.center, phase.sigma = c.level(all)
	if phase.shown >= pointsForLimits {
		usual := slices.Clone(all)
		left := 0
		for i, y := range usual {
			if y != nil && math.Abs(c.scale(*y)-phase.center) > 3*phase.sigma {
				usual[i] = nil
				left++
			}
		}
		if left*4 <= phase.shown {
			phase.center, phase.sigma = c.level(usual)
		}
	}
	mean := c.unscale(phase.center)
	phase.Mean = &mean
	if phase.shown < pointsForLimits || math.IsNaN(phase.sigma) || c.Kind == Counts && phase.center < meanForCounts {
		return
	}
	upper, lower := c.unscale(phase.center+3*phase.sigma), c.unscale(phase.center-3*phase.sigma)
	phase.UCL, phase.LCL = &upper, &lower
}

// level gives the mean and the usual spread around it, from the moving ranges of
// shown points side by side (NaN if there are none). One huge jump between two
// points does not widen the spread for all others.
func (c *Chart) level(ys []*float64) (center, sigma float64) {
	sum, shown, previous := 0.0, 0, math.NaN()
	var ranges []float64
	for _, value := range ys {
		if value == nil {
			previous = math.NaN()
			continue
		}
		y := c.scale(*value)
		sum += y
		shown++
		if !math.IsNaN(previous) {
			ranges = append(ranges, math.Abs(y-previous))
		}
		previous = y
	}
	width := average(ranges)
	ranges = slices.DeleteFunc(ranges, func(r float64) bool { return r > rangeScreen*width })
	return sum / float64(shown), average(ranges) * limitFactor / 3
}

func average(values []float64) float64 {
	sum := 0.0
	for _, value := range values {
		sum += value
	}
	return sum / float64(len(values))
}

// judge marks the points and writes the texts.
func (c *Chart) judge() {
	for i := range c.Phases {
		phase := &c.Phases[i]
		if phase.UCL == nil {
			continue
		}
		// The weakest rule first, so that a stronger one writes over it.
		c.markOuterThird(phase)
		c.markRuns(phase)
		c.markOutside(phase)
	}
	slices.SortStableFunc(c.signals, func(a, b signal) int { return a.first - b.first })
	c.Summary = summarize(c)
	c.Description = describe(c)
}

// markOutside compares with the limits as they are printed, so that a reader who
// checks by hand finds the same points.
func (c *Chart) markOutside(phase *Phase) {
	for i := phase.first; i <= phase.last; i++ {
		y := c.Points[i].Y
		if y == nil || *y <= *phase.UCL && *y >= *phase.LCL {
			continue
		}
		c.Points[i].Rule = Outside
		c.signals = append(c.signals, signal{rule: Outside, above: *y > *phase.UCL, first: i, last: i, count: 1})
	}
}

// side is +1 above the mean, -1 below, 0 on it or hidden.
func (c *Chart) side(phase *Phase, i int, distance float64) int {
	if c.Points[i].Y == nil {
		return 0
	}
	y := c.scale(*c.Points[i].Y)
	switch {
	case y > phase.center+distance:
		return 1
	case y < phase.center-distance:
		return -1
	}
	return 0
}

// markRuns finds eight or more in a row on one side. A point on the mean neither
// counts nor breaks the row; a hidden point breaks it, as it does the line.
func (c *Chart) markRuns(phase *Phase) {
	run := signal{rule: Run}
	side := 0
	finish := func() {
		if run.count >= runLength {
			for i := run.first; i <= run.last; i++ {
				if c.side(phase, i, 0) == side {
					c.Points[i].Rule = Run
				}
			}
			c.signals = append(c.signals, run)
		}
		run, side = signal{rule: Run}, 0
	}
	for i := phase.first; i <= phase.last; i++ {
		now := c.side(phase, i, 0)
		if now == 0 && c.Points[i].Y != nil {
			continue
		}
		if now != side {
			finish()
		}
		if now == 0 {
			continue
		}
		if run.count == 0 {
			run.first, run.above, side = i, now > 0, now
		}
		run.last = i
		run.count++
	}
	finish()
}

// markOuterThird finds two of three consecutive points in the outer third on the
// same side. Overlapping finds are one signal.
func (c *Chart) markOuterThird(phase *Phase) {
	if phase.sigma == 0 {
		return // all alike: there are no thirds
	}
	for _, side := range []int{1, -1} {
		last := -1
		for i := phase.first; i+2 <= phase.last; i++ {
			var far []int
			whole := true
			for j := i; j <= i+2; j++ {
				whole = whole && c.Points[j].Y != nil
				if c.side(phase, j, 2*phase.sigma) == side {
					far = append(far, j)
				}
			}
			if !whole || len(far) < 2 {
				continue
			}
			for _, j := range far {
				c.Points[j].Rule = OuterThird
			}
			if last >= far[0] {
				c.signals[len(c.signals)-1].last = far[len(far)-1]
			} else {
				c.signals = append(c.signals, signal{
					rule: OuterThird, above: side > 0, first: far[0], last: far[len(far)-1], count: 2,
				})
			}
			last = far[len(far)-1]
		}
	}
}
