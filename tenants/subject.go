package tenants

import "strings"

// matters is how a registrar writes what a case is about, by main category, so that the register can be shown to anyone.
var matters = map[string]string{
	"UTF": "utförande av insats", "BEM": "bemötande", "RSH": "handläggning", "DOK": "dokumentation",
	"KOM": "information och samverkan", "ARB": "arbetssätt och bemanning", "MIL": "miljö och utrustning", "MAT": "måltider",
	"SAK": "säkerhet", "EKO": "privata medel", "AVG": "avgift", "LKM": "läkemedel", "FAL": "fall",
	"TRS": "omvårdnad", "NUT": "omvårdnad", "ORD": "ordination och delegering", "VRI": "hygien", "VKJ": "övergång mellan vårdgivare",
}

// NeutralSubject is the ärendemening of a kind of case about a category: "Avvikelse, läkemedel", "Klagomål om bemötande".
// It names what kind of document and what kind of matter, never a person (OSL 5:2). kind is a case type, praise the kind BEROM
// of a synpunkt, category a code or "CODE.SUB"; an unknown category is "verksamheten".
func NeutralSubject(kind string, praise bool, category string) string {
	switch {
	case kind == "LEX_SARAH":
		return "Rapport enligt lex Sarah"
	case kind == "REMISS":
		return "Remiss från tillsynsmyndighet"
	case praise:
		return "Synpunkt, beröm"
	}
	main, _, _ := strings.Cut(category, ".")
	matter, ok := matters[main]
	if !ok {
		matter = "verksamheten"
	}
	switch kind {
	case "AVVIKELSE":
		return "Avvikelse, " + matter
	case "SYNPUNKT":
		return "Synpunkt om " + matter
	}
	return "Klagomål om " + matter
}
