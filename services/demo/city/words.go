package city

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"lyhord/tenants"
)

//go:embed reports.jsonl sentences.jsonl
var files embed.FS

// report is one of the 25 base texts.
type report struct {
	No         int    `json:"no"`
	ActualHarm string `json:"actual_harm"`
	Text       string `json:"text"`
}

// entry is one thing that can be reported: how it is said, by whom, where, and how
// it is classified. The first sentences of an entry with Base are the base text.
type entry struct {
	No           int        `json:"no"` // the base text it varies
	UnitTypes    []string   `json:"types"`
	Areas        []string   `json:"areas"` // narrows the unit types, if set
	Weight       float64    `json:"weight"`
	Category     string     `json:"category"`
	CategoryHSL  string     `json:"category_hsl"`
	Lagrum       []string   `json:"lagrum"`
	Type         string     `json:"case_type"`
	FeedbackKind string     `json:"kind"`
	SenderRole   string     `json:"sender_role"`
	Channels     []string   `json:"channels"`
	Harm         string     `json:"harm"`
	Concerns     string     `json:"concerns"`
	Severity     int        `json:"severity"`
	Probability  int        `json:"probability"`
	Season       string     `json:"season"` // winter, summer or none
	BoardsOnly   bool       `json:"boards_only"`
	Plant        string     `json:"plant"` // the pattern it belongs to; never drawn otherwise
	Slots        [][]string `json:"slots"`

	harm string // what came of it, in words; only for the base texts
}

// main is the main code that subject, causes and measures depend on.
func (e *entry) main() string {
	code := e.Category
	if code == "" || e.CategoryHSL != "" {
		code = e.CategoryHSL
	}
	head, _, _ := strings.Cut(code, ".")
	return head
}

// lexicon is all there is to say.
type lexicon struct {
	reports []report
	entries []*entry
}

// words reads the embedded files once; they are part of the program, so a fault in
// them is a fault in the program.
var words = sync.OnceValue(func() *lexicon {
	l := &lexicon{}
	decodeLines("reports.jsonl", func() any { l.reports = append(l.reports, report{}); return &l.reports[len(l.reports)-1] })
	decodeLines("sentences.jsonl", func() any { l.entries = append(l.entries, &entry{}); return l.entries[len(l.entries)-1] })
	said := map[int]bool{}
	for _, e := range l.entries {
		if !said[e.No] { // what came of it belongs to the text itself, not to other matters
			e.harm, said[e.No] = l.reports[e.No-1].ActualHarm, true
		}
	}
	return l
})

func decodeLines(name string, next func() any) {
	content, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	scanner := bufio.NewScanner(bytes.NewReader(content))
	scanner.Buffer(nil, 1<<20)
	for line := 1; scanner.Scan(); line++ {
		if err := json.Unmarshal(scanner.Bytes(), next()); err != nil {
			panic(fmt.Sprintf("city: %s line %d: %v", name, line, err))
		}
	}
}

// entriesFor lists what can be reported in a unit.
func (l *lexicon) entriesFor(unit Unit, tenantKind string) []*entry {
	var fits []*entry
	for _, e := range l.entries {
		if e.Plant != "" || e.BoardsOnly && tenantKind != KindBoard {
			continue
		}
		if slices.Contains(e.UnitTypes, unit.Type) && (len(e.Areas) == 0 || slices.Contains(e.Areas, unit.Area)) {
			fits = append(fits, e)
		}
	}
	return fits
}

// planted is the entry of a pattern.
func (l *lexicon) planted(pattern string) *entry {
	for _, e := range l.entries {
		if e.Plant == pattern {
			return e
		}
	}
	panic("city: no entry for pattern " + pattern)
}

// closings end a report in the writer's own way; most people just stop.
var closings = map[string][]string{
	"PERSONAL": {
		"", "", "", "Chefen är informerad.", "Jag har berättat för kollegorna på passet.",
		"Vi tar upp det på nästa arbetsplatsträff.", "Samma sak hände för en tid sedan.", "Det är dokumenterat.",
	},
	"ANHORIG": {
		"", "", "", "Jag vill gärna ha ett svar.", "Ring gärna på dagtid.", "Tack för att ni tar det på allvar.",
		"Vi har pratat med personalen men det har inte hjälpt.",
	},
	"BRUKARE":     {"", "", "Jag vill ha ett svar som jag förstår.", "Tack på förhand."},
	"FORETRADARE": {"", "", "Svar önskas skriftligt."},
}

// tell puts a report into words.
func (e *entry) tell(rng *rand.Rand) string {
	sentences := make([]string, 0, len(e.Slots)+1)
	for _, slot := range e.Slots {
		sentences = append(sentences, one(rng, slot...))
	}
	if ends := closings[e.SenderRole]; len(ends) > 0 && e.FeedbackKind == "" {
		sentences = append(sentences, one(rng, ends...))
	}
	return strings.Join(slices.DeleteFunc(sentences, func(s string) bool { return s == "" }), " ")
}

// subject is neutral: what kind of document, about what kind of matter.
func (e *entry) subject() string {
	return tenants.NeutralSubject(e.Type, e.FeedbackKind == "BEROM", e.main())
}
