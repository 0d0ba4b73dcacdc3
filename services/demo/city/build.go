package city

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// build writes one case: what was reported, and what has become of it.
func (w *world) build(rng *rand.Rand, no int, s slot) Case {
	e, unit := s.entry, s.spot.unit
	c := Case{
		No: no, Place: s.spot.place, Planted: s.planted,
		Type: e.Type, FeedbackKind: e.FeedbackKind, SenderRole: e.SenderRole, Concerns: e.Concerns,
		Area: unit.Area, Regi: unit.Regi, Lagrum: lagrumFor(e.Lagrum, unit.Area),
		Category: e.Category, CategoryHSL: e.CategoryHSL, ActualHarm: e.harm,
		AccessLabel: "NORMAL", Complexity: "EJ_BEDOMD", Narrative: e.tell(rng), ReceivedAt: s.received,
	}
	c.Channel = s.channel
	c.Severity, c.Probability = nudge(rng, e.Severity), nudge(rng, e.Probability)
	c.Harm = harmFor(rng, e.Harm, c.Severity)
	c.Anonymous = e.SenderRole == "ANONYM" || c.Channel == "WEBBFORMULAR" && rng.IntN(6) == 0
	c.WantsReply = replyFor(rng, &c)
	c.AffectsIndividual = e.Concerns == "ENSKILD" && e.Type != "SYNPUNKT"
	c.HappenedAt = happened(rng, &c, s)

	k := &walk{rng: rng, c: &c, now: s.received, until: w.until, slow: 1}
	if c.Place.Tenant == w.patterns.Late {
		k.slow = 2.6
	}
	k.run(s)
	if s.planted == PlantImproved {
		w.markTurn(&c)
	}
	return c
}

// lagrumFor: the same thing falls under LSS in services for people with disabilities
// and under SoL elsewhere.
func lagrumFor(lagrum []string, area string) []string {
	law := "SOL"
	if area == "FUNKTIONSNEDSATTNING" {
		law = "LSS"
	}
	result := make([]string, 0, len(lagrum))
	for _, l := range lagrum {
		if l == "SOL" || l == "LSS" {
			l = law
		}
		result = append(result, l)
	}
	return result
}

// channelFor: providers send many of their own observations from their own systems.
func channelFor(rng *rand.Rand, e *entry, tenantKind string) string {
	channel := one(rng, e.Channels...)
	if channel == "EGEN_IAKTTAGELSE" && tenantKind == KindProvider && rng.IntN(3) == 0 {
		return "UTFORARE_API"
	}
	return channel
}

// nudge moves a grade one step now and then; 0 stays unassessed.
func nudge(rng *rand.Rand, grade int) int {
	if grade == 0 {
		return 0
	}
	switch draw := rng.IntN(10); {
	case draw < 2:
		grade--
	case draw == 9:
		grade++
	}
	return min(4, max(1, grade))
}

func harmFor(rng *rand.Rand, usual string, severity int) string {
	switch draw := rng.IntN(20); {
	case severity == 0:
		return "NEJ"
	case severity >= 3 && usual == "LINDRIG" && draw < 4:
		return "ALLVARLIG"
	case usual == "LINDRIG" && draw < 8:
		return "KUNDE_HA_HANT"
	case usual == "KUNDE_HA_HANT" && draw < 4:
		return "LINDRIG"
	case draw == 19:
		return "OKANT"
	}
	return usual
}

func replyFor(rng *rand.Rand, c *Case) string {
	switch {
	case c.SenderRole == "PERSONAL" || c.SenderRole == "UPPDRAGSTAGARE" || c.Channel == "UTFORARE_API":
		return "NEJ"
	case c.Channel == "WEBBFORMULAR" && rng.IntN(3) > 0:
		return "KOD"
	case c.Anonymous || c.FeedbackKind == "BEROM":
		return "NEJ"
	}
	switch c.Channel {
	case "MUNTLIG_TELEFON", "SMS", "ALDRE_DIREKT", "MUNTLIG_MOTE":
		return "TELEFON"
	case "EPOST", "WEBBFORMULAR":
		return "EPOST"
	}
	return "BREV"
}

// happened is when the thing took place: the same shift for staff, days before for
// those who write at home.
func happened(rng *rand.Rand, c *Case, s slot) time.Time {
	back := time.Duration(rng.ExpFloat64() * float64(90*time.Minute))
	if c.SenderRole != "PERSONAL" {
		back = time.Duration(rng.ExpFloat64() * float64(72*time.Hour))
	}
	return s.received.Add(-min(back, 30*24*time.Hour)).Truncate(time.Minute)
}

// answer is the reply going out; without anywhere to send it there is none.
func (k *walk) answer(level string) {
	k.c.ResponseLevel = level
	if k.c.WantsReply == "NEJ" && (k.c.Anonymous || k.c.Type == "KLAGOMAL" || k.c.Type == "SYNPUNKT") {
		return
	}
	k.c.AnsweredAt = k.now
	switch {
	case k.c.FeedbackKind == "BEROM":
		k.c.Reply = "Tack för din hälsning. Vi har lämnat den till personalen."
	case k.c.Type == "SYNPUNKT":
		k.c.Reply = "Tack för ditt förslag. Vi har tagit upp det på enheten och berättar på anslagstavlan vad vi bestämmer."
	case k.c.HandedTo != (Place{}):
		k.c.Reply = "Ditt klagomål gäller en utförare. Utföraren har svarat oss och berättat vad den gör för att det inte ska hända igen."
	case len(k.c.Measures) > 0:
		k.c.Reply = "Tack för att du berättade. Vi har utrett det som hände. " + k.promise()
	default:
		k.c.Reply = "Tack för att du berättade. Vi har gått igenom det som hände och pratat med dem som berörs."
	}
}

// promise puts the decided measures into the reply.
func (k *walk) promise() string {
	titles := make([]string, 0, len(k.c.Measures))
	for _, m := range k.c.Measures {
		if m.Status != "AVSLAGEN" {
			first, size := utf8.DecodeRuneInString(m.Title)
			titles = append(titles, string(unicode.ToLower(first))+m.Title[size:])
		}
	}
	return "Det här har vi bestämt: " + strings.Join(titles, "; ") + "."
}

// close fills in what a closed case must have.
func (k *walk) close() {
	c := k.c
	c.ClosedAt = k.now
	draw := k.rng.Float64()
	switch {
	case c.Type == "AVVIKELSE" || c.Type == "LEX_SARAH":
		c.Outcome = "BEFOGAT"
		if draw < 0.06 {
			c.Outcome = "KAN_EJ_BEDOMAS"
		}
	case c.FeedbackKind == "BEROM":
		c.Outcome = "BEFOGAT"
	case draw < 0.46:
		c.Outcome = "BEFOGAT"
	case draw < 0.74:
		c.Outcome = "DELVIS_BEFOGAT"
	case draw < 0.87:
		c.Outcome = "EJ_BEFOGAT"
	case draw < 0.97:
		c.Outcome = "KAN_EJ_BEDOMAS"
	default:
		c.Outcome = "ATERTAGET"
	}
	c.QualityDims = qualityOf(c)
	c.ClosingNote = one(k.rng, "Ärendet är klart.", "Allt som bestämdes är gjort och uppföljt.",
		"Enheten följer frågan i sin egenkontroll.", "Lärdomen är förd vidare till enheten.")
	if len(c.Measures) == 0 {
		c.ClosingNote = one(k.rng, "Ärendet är klart.", "Svar är lämnat.", "Ingen ytterligare åtgärd behövs.")
	}
}

// qualityOf tells which sides of quality a case is about.
func qualityOf(c *Case) []string {
	code := c.Category
	if code == "" {
		code = c.CategoryHSL
	}
	main, sub, _ := strings.Cut(code, ".")
	dims := slices.Clone(map[string][]string{
		"UTF": {"TRYGGHET"}, "BEM": {"INTEGRITET"}, "RSH": {"RATTSSAKERHET"}, "DOK": {"RATTSSAKERHET"},
		"KOM": {"SAMORDNING"}, "ARB": {"KUNSKAPSBASERAT"}, "MIL": {"TRYGGHET"}, "MAT": {"HELHETSSYN"},
		"SAK": {"TRYGGHET"}, "FYS": {"TRYGGHET", "INTEGRITET"}, "EKO": {"TRYGGHET"}, "AVG": {"RATTSSAKERHET"},
		"VKJ": {"SAMORDNING"},
	}[main])
	switch sub {
	case "KONTINUITET":
		dims = []string{"KONTINUITET"}
	case "DELAKTIGHET":
		dims = []string{"SJALVBESTAMMANDE"}
	case "NABARHET":
		dims = []string{"TILLGANGLIGHET"}
	}
	if len(dims) == 0 {
		dims = []string{"TRYGGHET"}
	}
	return dims
}

// markTurn makes the case nearest before the turn carry the measure that worked.
func (w *world) markTurn(c *Case) {
	since := w.patterns.ImprovedAt.Sub(c.ReceivedAt)
	if since < 30*24*time.Hour || since > 120*24*time.Hour || c.State != "closed" || len(c.Causes) == 0 {
		return
	}
	done := w.patterns.ImprovedAt
	c.Causes[0] = Cause{
		"TEKNIK_UTRUSTNING", "TEKNISKT_FEL",
		"Larmmattorna stängs av vid städning och slås inte på igen.",
	}
	c.Measures[0].Title = "Larm som inte går att stänga av i alla rum, fast monterade"
	c.Measures[0].Kind, c.Measures[0].Strength = "MILJO_TEKNIK", "STARK"
	if c.Measures[0].Status == "UPPFOLJD" && done.After(c.Measures[0].DecidedAt) && done.Before(c.Measures[0].FollowedUpAt) {
		c.Measures[0].DoneAt = done
	}
	if c.Measures[0].Status == "UPPFOLJD" {
		c.Measures[0].Effect, c.Measures[0].EffectNote = "JA", "Fallen på enheten har minskat tydligt."
	}
}
