// Package record is the documents (handlingar) of a case: those drawn up from the tenant's templates, numbered and entered
// in the register by themselves, those that came in as files, their versions, and to whom they were sent.
//
// It must not know how a case is handled, and it keeps no readable word or file: texts are sealed with the case's key before
// they reach the database, files before they reach the store. Tests run against a real PostgreSQL, a real ClamAV and a real
// S3 server, and read the papers back with other programs.
package record

import "lyhord/tenants"

// Kind of a record.
type Kind string

// Kinds (tenants.Document… name the templates).
const (
	Acknowledgement Kind = tenants.DocAcknowledgement // bekräftelse
	Answer          Kind = tenants.DocAnswer          // svar
	Report          Kind = tenants.DocReport          // utredningsrapport (req 39)
	Statement       Kind = tenants.DocStatement       // yttrande (req 9)
	Minutes         Kind = tenants.DocMinutes         // protokollsutdrag
	Information     Kind = tenants.DocInformation     // informationsblad
	RegisterExtract Kind = tenants.DocRegisterExtract // registerutdrag
	Incoming        Kind = "FIL"                      // a file that came in
)

// Label is what people call the kind; it is also the neutral subject in the register.
func (k Kind) Label() string {
	if t, ok := labels[k]; ok {
		return t
	}
	return string(k)
}

var labels = map[Kind]string{
	Acknowledgement: "Bekräftelse", Answer: "Svar", Report: "Utredningsrapport", Statement: "Yttrande", Minutes: "Protokollsutdrag",
	Information: "Informationsblad", RegisterExtract: "Registerutdrag", Incoming: "Inkommen handling",
}

// States of a record.
const (
	Writing    = "SKRIVS"   // drawn up; the papers are being made
	Ready      = "KLAR"     // can be opened
	Quarantine = "KARANTAN" // came in, not yet known to be clean
	Infected   = "SMITTAD"  // never opened by anybody
)

// Reasons why a file is still in quarantine.
const (
	codeNoScanner = "NO_SCANNER"   // none is set up
	codeAway      = "SCANNER_AWAY" // it does not answer; tried again by itself
	codeFailed    = "SCAN_FAILED"  // it answered neither clean nor infected
)

// stateText says in Swedish where a record stands.
func stateText(state string, code *string) string {
	switch {
	case state == Writing:
		return "Skrivs ut"
	case state == Ready:
		return "Klar"
	case state == Infected:
		return "Skadlig kod hittades. Filen kan inte öppnas."
	case code == nil:
		return "Kontrolleras mot virus"
	case *code == codeNoScanner:
		return "I karantän: det finns ingen viruskontroll här, så filen kan inte öppnas"
	case *code == codeAway:
		return "I karantän: viruskontrollen svarar inte, vi försöker igen"
	}
	return "I karantän: viruskontrollen kunde inte läsa filen, vi försöker igen"
}
