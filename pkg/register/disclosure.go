package register

import (
	"cmp"
	"crypto/sha256"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/problem"
)

// Outcomes of a request for disclosure, and of the trial of each entry in it. Missing is a request's only: nothing was found.
const (
	GivenWhole  = "HELT"
	GivenMasked = "MASKAD"
	Refused     = "AVSLAG"
	Missing     = "FINNS_INTE"
)

// masked stands for what was taken out. It is as long whatever it hides, so that the length tells nothing.
const masked = "█████"

// Mask is a passage to hide, in runes of the text that was reviewed: from Start up to End.
type Mask struct {
	Start int `json:"start" minimum:"0"`
	End   int `json:"end" minimum:"1"`
}

// Masked gives the copy with the passages hidden and the masks in order, overlapping ones joined. The text is not changed.
func Masked(text string, masks []Mask) (string, []Mask, error) {
	runes := []rune(text)
	in := slices.SortedFunc(slices.Values(masks), func(a, b Mask) int { return cmp.Compare(a.Start, b.Start) })
	var joined []Mask
	for _, m := range in {
		if m.Start < 0 || m.End <= m.Start || m.End > len(runes) {
			return "", nil, problem.Invalid(problem.Field("/masks", "En markering ligger utanför texten. Läs om sidan och markera igen."))
		}
		if n := len(joined); n > 0 && m.Start <= joined[n-1].End {
			joined[n-1].End = max(joined[n-1].End, m.End)
			continue
		}
		joined = append(joined, m)
	}
	var out strings.Builder
	at := 0
	for _, m := range joined {
		out.WriteString(string(runes[at:m.Start]))
		out.WriteString(masked)
		at = m.End
	}
	out.WriteString(string(runes[at:]))
	return out.String(), joined, nil
}

// Disclosure is a request for a public record (begäran om utlämnande, TF 2:15–18) in a list.
type Disclosure struct {
	ID         uuid.UUID  `db:"id" json:"id"`
	Number     string     `db:"number" json:"number"`
	ReceivedAt time.Time  `db:"received_at" json:"received_at"`
	DueOn      clock.Date `db:"due_on" json:"due_on"`
	DueText    string     `db:"-" json:"due_text"`
	Late       bool       `db:"-" json:"late"`
	Wants      string     `db:"wants" json:"wants"`
	State      string     `db:"state" json:"state"`
	Outcome    *string    `db:"outcome" json:"outcome"`
	DecidedAt  *time.Time `db:"decided_at" json:"decided_at"`
	TakenBy    string     `db:"taken_by_name" json:"taken_by_name"`
}

// DisclosureView is a request with all that is tried in it.
type DisclosureView struct {
	Disclosure
	Version     int               `json:"version"`
	Asked       string            `json:"asked"`
	Requester   string            `json:"requester" doc:"Hur den som frågar nås, om den själv har sagt det"`
	Items       []DisclosureItem  `json:"items"`
	Events      []DisclosureEvent `json:"events"`
	Reservation string            `json:"reservation" doc:"Förbehåll"`
	Motivation  string            `json:"motivation"`
	Decision    string            `json:"decision" doc:"Beslutet som det lämnades, med hur man överklagar"`
}

// DisclosureItem is the trial of one entry, and the text it is about.
type DisclosureItem struct {
	ID         uuid.UUID  `json:"id"`
	EntryID    uuid.UUID  `json:"entry_id"`
	CaseID     uuid.UUID  `json:"case_id"`
	EntryNo    string     `json:"entry_no"`
	Subject    string     `json:"subject"`
	SecrecyLaw string     `json:"secrecy_law" doc:"Markeringen; den varnar och avgör inget"`
	Text       string     `json:"text" doc:"Det som prövas; tom när handlingen inte är text"`
	Outcome    *string    `json:"outcome"`
	Law        *string    `json:"law"`
	Masks      []Mask     `json:"masks"`
	Copy       string     `json:"copy" doc:"Kopian som lämnas ut"`
	ReviewedBy *string    `json:"reviewed_by"`
	ReviewedAt *time.Time `json:"reviewed_at"`
}

// DisclosureEvent is one step, for the log.
type DisclosureEvent struct {
	At      time.Time `db:"at" json:"at"`
	Kind    string    `db:"kind" json:"kind"`
	ByName  string    `db:"by_name" json:"by_name"`
	EntryNo *string   `db:"entry_no" json:"entry_no"`
}

// overall is what the trials come to together; "" while one is missing.
func overall(items []itemRow) string {
	if len(items) == 0 {
		return Missing
	}
	whole, refused := 0, 0
	for _, i := range items {
		switch {
		case i.Outcome == nil:
			return ""
		case *i.Outcome == GivenWhole:
			whole++
		case *i.Outcome == Refused:
			refused++
		}
	}
	switch {
	case whole == len(items):
		return GivenWhole
	case refused == len(items):
		return Refused
	}
	return GivenMasked
}

// defaultAppeal is how a refusal is appealed where the tenant has no words of its own (OSL 6:7–8, FL 43–45 §§).
const defaultAppeal = "Så här överklagar du\n" +
	"Du kan överklaga beslutet hos kammarrätten. Skriv till oss vilket beslut du överklagar och hur du vill att det ändras. " +
	"Överklagandet ska ha kommit in till oss inom tre veckor från den dag du fick del av beslutet. Kommer det i tid skickar vi det vidare till kammarrätten."

// decision is what a decision is written from.
type decision struct {
	Verdict
	Number, Authority, Outcome, Appeal string
}

// text is the decision as it is given. Only what is withheld, or given with a reservation, can be appealed.
func (d decision) text(items []itemRow) string {
	var b strings.Builder
	b.WriteString("Beslut " + d.Number + "\n" + d.Authority + "\n\n")
	b.WriteString(map[string]string{
		GivenWhole: "Handlingarna lämnas ut.", GivenMasked: "Handlingarna lämnas ut utom de uppgifter som är maskerade eller undantagna.",
		Refused: "Begäran avslås.", Missing: "Det finns ingen sådan handling hos oss.",
	}[d.Outcome])
	var laws []string
	for _, i := range items {
		if i.Law != nil && !slices.Contains(laws, *i.Law) {
			laws = append(laws, *i.Law)
		}
	}
	if len(laws) > 0 {
		b.WriteString("\n\nUppgifterna som inte lämnas ut omfattas av sekretess enligt " + strings.Join(laws, ", ") + ".")
	}
	if d.Motivation != "" {
		b.WriteString("\n\n" + d.Motivation)
	}
	if d.Reservation != "" {
		b.WriteString("\n\nFörbehåll (10 kap. 14 § offentlighets- och sekretesslagen): " + d.Reservation)
	}
	if d.Outcome != GivenWhole || d.Reservation != "" {
		b.WriteString("\n\n" + d.Appeal)
	}
	return b.String()
}

func hashOf(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

func length(text string) int { return utf8.RuneCountInString(text) }
