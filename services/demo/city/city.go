// Package city invents the cases of the synthetic city: three years of feedback,
// complaints, deviations and lex Sarah reports, the same for the same seed.
//
// The words come from reports.jsonl (25 invented reports) and sentences.jsonl, which
// says each of them in several ways; no person and no place is named. Some things
// are planted so that the city's pages have something to find: see Patterns.
//
// The package is pure: no database, no clock, no random source but its seed. What it
// gives is a plain Case that the seeding of the demo inserts. It must never be used
// on a real tenant. The tests check that the seed decides everything, that every
// code is the city's, that every course is legal in the state machine, that the
// patterns are there, and that no forbidden word is in any text.
package city

import (
	"iter"
	"math/rand/v2"
	"slices"
	"time"
)

// Kinds of tenant that matter here; others get no cases.
const (
	KindBoard    = "BOARD"
	KindProvider = "PROVIDER"
)

// years is how far back the cases go.
const years = 3

// Ref is one tenant as the generator needs it.
type Ref struct {
	TenantSlug string
	Kind       string
	Units      []Unit
}

// Unit is one unit of a tenant. Only units with a Type get cases.
type Unit struct {
	Slug    string
	Kind    string // FORVALTNING, AVDELNING or ENHET
	Type    string // code of list unit_type
	Area    string
	Regi    string
	Clients int // how many it serves; 0 means unknown
	// CommissionedBy are the boards a provider's unit works for: complaints about it
	// may come to them and are handed over.
	CommissionedBy []string
}

// Place is one unit of one tenant.
type Place struct{ Tenant, Unit string }

// Cause is a root cause found by the investigation.
type Cause struct {
	Area       string
	Underlying string
	Text       string
}

// Measure is what was decided about a cause.
type Measure struct {
	Cause        int // index in Case.Causes
	Title        string
	Kind         string
	Strength     string
	Status       string
	DecidedAt    time.Time
	DueOn        time.Time
	DoneAt       time.Time // zero: not done
	FollowedUpAt time.Time // zero: not followed up
	Method       string    // how it was followed up
	Effect       string    // empty until followed up
	EffectNote   string
}

// Step is one move of the state machine.
type Step struct {
	Transition string // T1 … T26 of the routine
	From, To   string
	At         time.Time
}

// Case is one invented case with all that the demo needs to insert it. Times are in
// UTC and zero where the thing has not happened.
type Case struct {
	No     int // 1 … n in the order of arrival
	Place  Place
	Course []Step // from T1 to the present state, in order of time

	Type         string
	FeedbackKind string // synpunkt_kind, only for SYNPUNKT
	Channel      string
	SenderRole   string
	Anonymous    bool
	WantsReply   string
	Concerns     string
	Area         string
	Regi         string
	Lagrum       []string
	Category     string // SoL and LSS, with subcode
	CategoryHSL  string
	Harm         string
	ActualHarm   string // what came of it, in words; often empty
	Severity     int    // 0: not assessed
	Probability  int
	AccessLabel  string
	Subject      string // the registrar's neutral subject
	Narrative    string

	State, PrevState string
	HappenedAt       time.Time
	ReceivedAt       time.Time
	RegisteredAt     time.Time
	AssignedAt       time.Time
	StartedAt        time.Time
	ConsultedAt      time.Time // when the superior manager decided
	AnsweredAt       time.Time
	ClosedAt         time.Time

	Complexity        string
	ComplexityReason  string
	ResponseLevel     string
	Reply             string
	Background        string
	Conclusion        string
	Causes            []Cause
	Measures          []Measure
	AffectsIndividual bool
	IndividualTold    bool
	Outcome           string
	QualityDims       []string
	ClosingNote       string
	MisconductDegree  string // lex Sarah, once decided
	VoidReason        string

	HandedTo Place  // provider and unit, if handed over
	Planted  string // "", or the name of the pattern the case belongs to
}

// Generate yields n cases in the order of arrival, the last before until. The same
// seed, n, until and tenants give the same cases.
func Generate(seed uint64, n int, until time.Time, tenants []Ref) iter.Seq[Case] {
	return func(yield func(Case) bool) {
		w := newWorld(seed, until, tenants)
		for i, s := range w.slots(n) {
			rng := rand.New(rand.NewPCG(seed, uint64(i)+1))
			if !yield(w.build(rng, i+1, s)) {
				return
			}
		}
	}
}

// world is everything that is decided before the first case.
type world struct {
	rng      *rand.Rand
	until    time.Time
	from     time.Time
	spots    []spot
	shares   []float64 // running sum of the spots' weights
	patterns Patterns
	lexicon  *lexicon
}

// spot is a place where reports arrive, and what they can be about.
type spot struct {
	place   Place
	kind    string // of the tenant
	unit    Unit
	entries []*entry
	shares  []float64
	weight  float64
	handTo  Place // the provider, for complaints that come to its board
}

func newWorld(seed uint64, until time.Time, tenants []Ref) *world {
	w := &world{
		rng: rand.New(rand.NewPCG(seed, 0)), until: until.UTC(), from: until.UTC().AddDate(-years, 0, 0), lexicon: words(),
	}
	for _, tenant := range tenants {
		if tenant.Kind != KindBoard && tenant.Kind != KindProvider {
			continue
		}
		for _, unit := range tenant.Units {
			if unit.Type != "" {
				w.addSpot(spot{place: Place{tenant.TenantSlug, unit.Slug}, kind: tenant.Kind, unit: unit})
			}
		}
	}
	w.addHandOvers(tenants)
	w.patterns = w.plant()
	sum := 0.0
	for _, s := range w.spots {
		sum += s.weight
		w.shares = append(w.shares, sum)
	}
	return w
}

// addSpot gives a place its share of all reports.
func (w *world) addSpot(s spot) {
	sum := 0.0
	for _, e := range w.lexicon.entriesFor(s.unit, s.kind) {
		if s.handTo != (Place{}) && e.Type != "KLAGOMAL" {
			continue
		}
		s.entries = append(s.entries, e)
		sum += e.Weight
		s.shares = append(s.shares, sum)
	}
	if len(s.entries) == 0 {
		return
	}
	s.weight = busyness[s.unit.Type] * (0.6 + w.rng.Float64())
	if s.weight == 0 {
		s.weight = 0.5
	}
	if s.unit.Clients > 0 {
		s.weight *= min(3, max(0.4, float64(s.unit.Clients)/45))
	}
	if s.handTo != (Place{}) {
		s.weight *= 0.12
	}
	w.spots = append(w.spots, s)
}

// busyness is how much is reported in a kind of unit of middle size.
var busyness = map[string]float64{
	"VARD_OCH_OMSORGSBOENDE": 3, "KORTTIDSBOENDE": 2.2, "SERVICEHUS": 1.8, "HEMTJANST": 1.6, "DAGVERKSAMHET": 0.5,
	"GRUPPBOSTAD": 2.4, "SERVICEBOSTAD": 1.2, "DAGLIG_VERKSAMHET": 0.5, "PERSONLIG_ASSISTANS": 0.7,
	"BOENDESTOD": 0.8, "STODBOENDE": 1.6, "HVB": 1.8, "OPPENVARD": 0.4, "HALSO_OCH_SJUKVARD": 1.2,
	"BISTANDSHANDLAGGNING": 0.9, "BARN_OCH_UNGA": 0.8, "VUXEN_BEROENDE": 0.6, "FORSORJNINGSSTOD": 0.8,
	"FAMILJERATT": 0.3, "FAMILJEHEMSVARD": 0.4, "JOUR": 0.2, "STAB": 0.12,
}

// addHandOvers lets complaints about a provider's unit also come to the boards that
// commission it.
func (w *world) addHandOvers(tenants []Ref) {
	for _, provider := range tenants {
		if provider.Kind != KindProvider {
			continue
		}
		for _, unit := range provider.Units {
			for _, board := range tenants {
				if unit.Type == "" || board.Kind != KindBoard || !slices.Contains(unit.CommissionedBy, board.TenantSlug) {
					continue
				}
				if desk, ok := deskFor(board, unit.Area); ok {
					w.addSpot(spot{
						place: Place{board.TenantSlug, desk}, kind: KindBoard, unit: unit,
						handTo: Place{provider.TenantSlug, unit.Slug},
					})
				}
			}
		}
	}
}

// deskFor is the board's unit with the strongest connection: the one that decides
// about services in the area.
func deskFor(board Ref, area string) (string, bool) {
	for _, unit := range board.Units {
		if unit.Type != "" && unit.Area == area && unit.Regi == "MYNDIGHETSUTOVNING" {
			return unit.Slug, true
		}
	}
	for _, unit := range board.Units {
		if unit.Type != "" {
			return unit.Slug, true
		}
	}
	return "", false
}

// pick draws an index by running sums.
func pick(rng *rand.Rand, shares []float64) int {
	at, _ := slices.BinarySearch(shares, rng.Float64()*shares[len(shares)-1])
	return min(at, len(shares)-1)
}

// one draws one of several.
func one[T any](rng *rand.Rand, choices ...T) T { return choices[rng.IntN(len(choices))] }
