package insight

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The sentences here are made from the numbers of the chart itself, never beside
// them, so that text and picture cannot say different things. Plain Swedish: short,
// active, no statistics words that a reader has to look up.

var monthNames = [...]string{
	"januari", "februari", "mars", "april", "maj", "juni",
	"juli", "augusti", "september", "oktober", "november", "december",
}

var numberWords = [...]string{
	"noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv",
}

// noun is a Swedish noun as counting needs it.
type noun struct{ one, many, per string }

var (
	month = noun{"månad", "månader", "i månaden"}
	week  = noun{"vecka", "veckor", "i veckan"}
	gap   = noun{"mellanrum", "mellanrum", "dagar mellan händelserna"}
)

// Count writes a number with its noun: "1 månad", "2 månader".
func (n noun) count(number int) string {
	if number == 1 {
		return "1 " + n.one
	}
	return fmt.Sprintf("%d %s", number, n.many)
}

// inWords writes small numbers out, as in running text: "nio månader".
func (n noun) inWords(number int) string {
	if number > 1 && number < len(numberWords) {
		return numberWords[number] + " " + n.many
	}
	return n.count(number)
}

// PeriodName writes a period for people: "2026-03" is mars 2026, "2026-W14" is
// vecka 14 2026 and "2026-03-05" is 5 mars 2026. Anything else stays as it is.
func PeriodName(x string) string {
	if year, number, ok := strings.Cut(x, "-W"); ok {
		if week, err := strconv.Atoi(number); err == nil {
			return fmt.Sprintf("vecka %d %s", week, year)
		}
	}
	if t, err := time.Parse("2006-01", x); err == nil {
		return fmt.Sprintf("%s %d", monthNames[t.Month()-1], t.Year())
	}
	if t, err := time.Parse(time.DateOnly, x); err == nil {
		return fmt.Sprintf("%d %s %d", t.Day(), monthNames[t.Month()-1], t.Year())
	}
	return x
}

// PeriodRange writes two periods as one stretch: "mars–november 2025".
func PeriodRange(from, to string) string {
	if from == to {
		return PeriodName(from)
	}
	first, last := PeriodName(from), PeriodName(to)
	if cut := strings.LastIndexByte(first, ' '); cut >= 0 && strings.HasSuffix(last, first[cut:]) {
		first = first[:cut]
	}
	return first + "–" + last
}

// Number writes a figure with a decimal comma and no decimals it does not need.
func Number(value float64) string {
	return strings.Replace(strconv.FormatFloat(math.Round(value*10)/10, 'f', -1, 64), ".", ",", 1)
}

// NormalSpan says what is normal in the last phase, "normalt 15–33", or nothing if
// that cannot be known yet.
func (c Chart) NormalSpan() string {
	if len(c.Phases) == 0 {
		return ""
	}
	phase := c.Phases[len(c.Phases)-1]
	if phase.UCL == nil {
		return ""
	}
	return fmt.Sprintf("normalt %s–%s", Number(math.Ceil(*phase.LCL)), Number(math.Floor(*phase.UCL)))
}

// PointText reads one point aloud: "februari 2026: 46, utanför kontrollgräns".
func (c Chart) PointText(i int) string {
	point := c.Points[i]
	if point.Y == nil {
		return PeriodName(point.X) + ": visas inte"
	}
	text := PeriodName(point.X) + ": " + Number(*point.Y)
	switch point.Rule {
	case Outside:
		return text + ", utanför kontrollgräns"
	case Run:
		return text + ", del av en rad på samma sida om medel"
	case OuterThird:
		return text + ", nära kontrollgräns"
	}
	return text
}

// noun is what the points of the chart are: months, weeks or gaps between events.
func (c *Chart) noun() noun {
	switch {
	case c.Kind == DaysBetween:
		return gap
	case len(c.Points) > 0 && strings.Contains(c.Points[0].X, "-W"):
		return week
	}
	return month
}

// summarize is the one sentence under the title: what the chart shows.
func summarize(c *Chart) string {
	text := c.finding()
	if c.Hidden > 0 && c.Hidden < len(c.Points) {
		text += " " + sentence(c.noun().count(c.Hidden)+" visas inte")
	}
	return text
}

func (c *Chart) finding() string {
	n := c.noun()
	switch {
	case len(c.Points) == 0:
		return "Det finns inga uppgifter än."
	case c.Hidden == len(c.Points):
		return "Antalen är så små att inga " + n.many + " visas."
	}
	if said := c.saySignals(); said != "" {
		return said
	}
	phase := c.Phases[len(c.Phases)-1]
	switch {
	case phase.UCL != nil && c.Kind == DaysBetween:
		return fmt.Sprintf("Inget tyder på en ändring: det går i regel %s dagar mellan händelserna.",
			strings.TrimPrefix(c.NormalSpan(), "normalt "))
	case phase.UCL != nil:
		return fmt.Sprintf("Inget tyder på en ändring: %s %s är det normala.",
			strings.TrimPrefix(c.NormalSpan(), "normalt "), n.per)
	case phase.shown < pointsForLimits:
		return fmt.Sprintf("Kontrollgränser visas efter %d %s.", pointsForLimits, n.many)
	case *phase.Mean < meanForCounts:
		return fmt.Sprintf("I medel %s %s. Det är för få för kontrollgränser.", Number(*phase.Mean), n.per)
	}
	return "Det går inte att räkna ut kontrollgränser, för många " + n.many + " visas inte."
}

// current are the signals of the last phase: what came before a new phase is known
// and dealt with, and stays in the description.
func (c *Chart) current() []signal {
	from := c.Phases[len(c.Phases)-1].first
	return slices.DeleteFunc(slices.Clone(c.signals), func(s signal) bool { return s.first < from })
}

// saySignals puts the signals into one sentence, the strongest first.
func (c *Chart) saySignals() string {
	var parts []string
	if outside := c.count(Outside); outside > 0 {
		parts = append(parts, sayOutside(c.noun(), outside))
	}
	parts = append(parts, c.sayRuns()...)
	if len(parts) == 0 {
		if near := c.sayOuterThird(); near != "" {
			parts = append(parts, near)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return sentence(strings.Join(parts, ", och "))
}

func (c *Chart) count(rule Mark) int {
	found := 0
	for _, s := range c.current() {
		if s.rule == rule {
			found++
		}
	}
	return found
}

func sayOutside(n noun, outside int) string {
	if outside == 1 {
		return n.count(1) + " utanför kontrollgränsen"
	}
	return n.count(outside) + " utanför kontrollgränserna"
}

// sayRuns says the last row in words, and tells one that still goes on from one
// that is over.
func (c *Chart) sayRuns() []string {
	signals := c.current()
	for i := len(signals) - 1; i >= 0; i-- {
		s := signals[i]
		if s.rule != Run {
			continue
		}
		row := c.noun().inWords(s.count) + " i rad " + side(s.above) + " medel"
		if c.isOngoing(s) {
			return []string{"nivån har ändrats: " + row}
		}
		when := PeriodRange(c.Points[s.first].X, c.Points[s.last].X)
		return []string{"nivån var en annan " + when + ": " + row}
	}
	return nil
}

// isOngoing: nothing after the row speaks against it; points on the mean do not.
func (c *Chart) isOngoing(s signal) bool {
	phase := c.Phases[len(c.Phases)-1]
	for i := s.last + 1; i < len(c.Points); i++ {
		if c.Points[i].Y == nil || c.side(&phase, i, 0) != 0 {
			return false
		}
	}
	return true
}

func (c *Chart) sayOuterThird() string {
	signals := c.current()
	for i := len(signals) - 1; i >= 0; i-- {
		if s := signals[i]; s.rule == OuterThird {
			limit := "nedre"
			if s.above {
				limit = "övre"
			}
			return fmt.Sprintf("två av tre %s låg nära den %s gränsen (%s)",
				c.noun().many, limit, PeriodRange(c.Points[s.first].X, c.Points[s.last].X))
		}
	}
	return ""
}

func side(above bool) string {
	if above {
		return "över"
	}
	return "under"
}

// sentence gives a text its capital and its full stop.
func sentence(text string) string {
	first := strings.ToUpper(string([]rune(text)[:1]))
	return first + string([]rune(text)[1:]) + "."
}

// describe is the text for those who do not see the picture: the level, the limits
// and every signal with its period and value.
func describe(c *Chart) string {
	var text strings.Builder
	n := c.noun()
	for _, phase := range c.Phases {
		if phase.Mean == nil {
			continue
		}
		if len(c.Phases) > 1 {
			text.WriteString(sentence(PeriodRange(phase.From, phase.To)) + " ")
		}
		fmt.Fprintf(&text, "Medel %s %s", Number(*phase.Mean), n.per)
		if phase.UCL != nil {
			fmt.Fprintf(&text, ", kontrollgränser %s och %s", Number(*phase.LCL), Number(*phase.UCL))
		}
		text.WriteString(". ")
	}
	for _, s := range c.signals {
		where := PeriodRange(c.Points[s.first].X, c.Points[s.last].X)
		switch s.rule {
		case Outside:
			fmt.Fprintf(&text, "%s kontrollgränsen: %s (%s). ",
				sentenceStart(side(s.above)), where, Number(*c.Points[s.first].Y))
		case Run:
			fmt.Fprintf(&text, "%s i rad %s medel: %s. ", sentenceStart(n.inWords(s.count)), side(s.above), where)
		case OuterThird:
			fmt.Fprintf(&text, "Två av tre nära gränsen: %s. ", where)
		}
	}
	return strings.TrimSpace(text.String())
}

func sentenceStart(text string) string { return strings.TrimSuffix(sentence(text), ".") }
