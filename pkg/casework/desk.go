package casework

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/tenants"
)

// undoWindow is how long an act on the desk can be taken back. It is short: what has been handed to a manager is hers.
const undoWindow = 10 * time.Minute

// longestHold is how many working days a report may be set aside. OSL 5:1 asks for registration as soon as it came in, so the
// time limit for registering goes on meanwhile and the registrars are reminded as if it lay in the queue.
const longestHold = 10

// How a report belongs to a case that was there before.
const (
	LinkDuplicate    = "DUBBLETT"     // tells of the same thing
	LinkContinuation = "FORTSATTNING" // tells more in the same matter
)

// Why a report goes back to whom it came from.
const (
	ReturnWrongBoard = "FEL_NAMND"     // another authority answers for it (FL 6, 8 §§: say which)
	ReturnNoMatter   = "INGET_ARENDE"  // a question, an application: belongs elsewhere with us
	ReturnIncomplete = "OFULLSTANDIG"  // cannot be understood without more: waits on the desk for the answer
	holdIncomplete   = "KOMPLETTERING" // the hold that goes with it
)

// Link is the registrar's decision that a report belongs to a case. The report is registered all the same, under a number of
// its own (OSL 5:1: it has come in); the case keeps its number. Nothing is lost and nothing is counted twice.
type Link struct {
	Registration
	Target string // entry number, own number or reference of the case
	Kind   string
}

// Return is the registrar's decision to send a report back.
type Return struct {
	Code         string
	Message      string // to who wrote; read by receipt code or under Mina rapporter
	Registration *Registration
}

// LinkView is one of two cases that belong together, as the other shows it.
type LinkView struct {
	CaseID   uuid.UUID `db:"case_id" json:"case_id"`
	Number   string    `db:"number" json:"number" doc:"Diarienummer, annars referens"`
	Kind     string    `db:"kind" json:"kind"`
	LinkedAt time.Time `db:"linked_at" json:"linked_at"`
	Incoming bool      `db:"incoming" json:"incoming" doc:"Den andra rapporten hör till det här ärendet"`
}

// twin is a case that may tell of the same thing, with what speaks for it.
type twin struct {
	ID           uuid.UUID `db:"id"`
	Reference    string    `db:"reference"`
	EntryNo      *string   `db:"entry_no"`
	ReceivedAt   time.Time `db:"received_at"`
	SameUnit     bool      `db:"same_unit"`
	SameDay      bool      `db:"same_day"`
	SameCategory bool      `db:"same_category"`
	SameContact  bool      `db:"same_contact"`
	Place        []byte    `db:"place_sealed"`
	Wrapped      []byte    `db:"wrapped"`
	SamePlace    bool      `db:"-"`
}

// weight says how much speaks for it; below three it is only one of many on the same unit.
func (t twin) weight() int {
	n := 0
	for _, x := range []struct {
		yes bool
		n   int
	}{{t.SameContact, 4}, {t.SameUnit, 1}, {t.SameUnit && t.SameDay, 2}, {t.SameUnit && t.SameCategory, 2}, {t.SamePlace, 2}} {
		if x.yes {
			n += x.n
		}
	}
	return n
}

// why says it in words, the strongest first.
func (t twin) why() string {
	var out []string
	add := func(yes bool, words string) {
		if yes {
			out = append(out, words)
		}
	}
	add(t.SameContact, "samma kontaktuppgift")
	add(t.SameUnit, "samma enhet")
	add(t.SameDay, "samma dag")
	add(t.SameCategory, "samma kategori")
	add(t.SamePlace, "samma plats")
	text := strings.Join(out, ", ")
	if text == "" {
		return ""
	}
	first, rest := []rune(text)[0], string([]rune(text)[1:])
	return string(unicode.ToUpper(first)) + rest
}

// likely keeps the five most likely.
func likely(twins []twin) []Duplicate {
	slices.SortStableFunc(twins, func(a, b twin) int { return cmp.Compare(b.weight(), a.weight()) })
	out := []Duplicate{}
	for _, t := range twins {
		if t.weight() < 3 || len(out) == 5 {
			break
		}
		out = append(out, Duplicate{ID: t.ID, Reference: t.Reference, EntryNo: t.EntryNo, ReceivedAt: t.ReceivedAt, Why: t.why()})
	}
	return out
}

// samePlace compares two places as people write them: the words they share, not the spelling around them.
func samePlace(a, b string) bool {
	left, right := words(a), words(b)
	if len(left) == 0 || len(right) == 0 {
		return false
	}
	if len(left) > len(right) {
		left, right = right, left
	}
	for _, w := range left {
		if !slices.Contains(right, w) {
			return false
		}
	}
	return true
}

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// typeFor is the kind of case proposed: what staff report is a deviation, what others write a complaint.
func typeFor(c Case) string {
	switch {
	case c.CaseType != nil:
		return *c.CaseType
	case slices.Contains([]string{"PERSONAL", "UTFORARE", "UPPDRAGSTAGARE"}, c.SenderRole):
		return TypeDeviation
	}
	return TypeComplaint
}

// common words stand in many labels and many reports, and say nothing of what happened.
var common = []string{"fel", "vid", "till", "eller", "inte", "och", "för", "som", "med", "den", "det", "annat", "övrigt", "brister", "brist"}

// stem is the part of a word that its forms share.
func stem(word string) string {
	r := []rune(word)
	switch {
	case len(r) < 3 || slices.Contains(common, word):
		return ""
	case len(r) <= 5:
		return word
	}
	return string(r[:max(5, len(r)-3)])
}

// labelled is a category with the stems of its label and of the label above it.
type labelled struct {
	code        string
	main, finer []string
}

// categoryByWords proposes a category from the words told and the labels of the city's own list. A word that stands in one
// label only speaks more for it than one that stands in many. It proposes; the registrar decides.
func categoryByWords(cfg org.Config, told string) (code, word string) {
	var (
		all    []labelled
		tops   = map[string][]string{}
		labels = map[string]float64{}
	)
	collect := func(full, parent string, c tenants.Code) {
		var own []string
		for _, w := range words(c.Label) {
			if st := stem(w); st != "" {
				own = append(own, st)
				labels[st]++
			}
		}
		if parent == "" {
			tops[full] = own
			all = append(all, labelled{code: full, main: own})
			return
		}
		all = append(all, labelled{code: full, main: tops[parent], finer: own})
	}
	for _, name := range []string{tenants.ListCategorySoL, tenants.ListCategoryHSL} {
		list, _ := cfg.Codes.List(name)
		list.Walk(collect)
	}
	said, best := words(told), 0.0
	for _, l := range all {
		score, hit := 0.0, ""
		for _, st := range l.main {
			if w := saying(said, st); w != "" {
				score, hit = 1, w
			}
		}
		for _, st := range l.finer {
			if w := saying(said, st); w != "" {
				score, hit = score+1/labels[st], w
			}
		}
		if score > best {
			best, code, word = score, l.code, hit
		}
	}
	return code, word
}

func saying(said []string, stem string) string {
	for _, w := range said {
		if strings.HasPrefix(w, stem) {
			return w
		}
	}
	return ""
}
