// Package register is the diary (diarium): collective files (samlingsakter) opened by themselves each calendar year,
// numbers without gaps, entries as OSL 5:2 asks in an internal and a public view, and the marking of OSL 5:5.
//
// It must not know how a case is handled. Numbers are drawn in the transaction that uses them, so a rollback leaves no gap;
// a test with rollbacks and killed back ends proves it.
package register

import (
	"regexp"
	"strconv"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/tenants"
)

// FileKind of a collective file.
type FileKind string

// Kinds of files (domain 3.1).
const (
	Complaints FileKind = tenants.FileComplaints
	Deviations FileKind = tenants.FileDeviations
	External   FileKind = tenants.FileExternal
	Own        FileKind = "EGET_DNR"
)

// KindFor is the collective file a case type belongs in: every synpunkt and klagomål in one, every avvikelse in the other (req. 27, 28).
func KindFor(caseType string) FileKind {
	if caseType == "AVVIKELSE" || caseType == "LEX_SARAH" {
		return Deviations
	}
	return Complaints
}

// Marking is a secrecy marking (sekretessmarkering, OSL 5:5): provision, date, authority. It warns; each request is tried anew.
type Marking struct {
	Law       string
	On        clock.Date
	Authority string
}

// Entry is a new entry in a collective file.
type Entry struct {
	ID, Case      uuid.UUID
	Kind          FileKind
	Year          int
	On            clock.Date
	Direction     string
	Sender        string // a role word, never a name
	Subject       string
	SubjectPublic string
	Marking       Marking
	ExternalDNR   *string
	By            uuid.UUID
}

var numberSlot = regexp.MustCompile(`\{no(?::(\d))?\}`)

// slot renders all of a number pattern but the number, which only the database knows, and says how wide it is.
// "{prefix} {year}/{no:4}" gives "BRO 2026/{no}" and 4.
func slot(pattern string, v tenants.NumberValues) (text string, width int) {
	m := numberSlot.FindStringSubmatch(pattern)
	if m != nil && m[1] != "" {
		width, _ = strconv.Atoi(m[1])
	}
	const mark = "\x00"
	kept := numberSlot.ReplaceAllString(pattern, mark)
	return regexp.MustCompile(mark).ReplaceAllString(tenants.Render(kept, v), "{no}"), width
}
