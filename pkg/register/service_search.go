package register

import (
	"bufio"
	"context"
	"encoding/csv"
	"io"
	"strings"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/problem"
)

// exportPage is how many entries an export reads at a time: little memory however long the register is.
const exportPage = 500

// Directions in the words of the register.
var directionWords = map[string]string{"INKOMMEN": "In", "UPPRATTAD": "Upprättad", "EXPEDIERAD": "Ut"}

// Extract is everything the register holds about a case: its entries and what has been changed in them (registerutdrag).
type Extract struct {
	Items   []Line   `json:"items"`
	Changes []Change `json:"changes"`
}

// Extract reads a case's entries with their history. The read is logged; a case out of sight is missing.
func (s *Service) Extract(ctx context.Context, actor authz.Actor, caseID uuid.UUID) (Extract, error) {
	out := Extract{}
	var b db.Batch
	audit.Record(ctx, &b, audit.Entry{Action: "read-register-extract", Case: caseID, Kind: string(actor.Kind)})
	db.Collect(&b, listOfCase, db.Args{"case_id": caseID}, &out.Items)
	db.Collect(&b, listChanges, db.Args{"case_id": caseID}, &out.Changes)
	if err := s.db.Once(ctx, actor.Scope(), &b); err != nil {
		return Extract{}, err
	}
	if len(out.Items) == 0 {
		return Extract{}, problem.NotFound()
	}
	return out, nil
}

// NewMarking is a change of an entry's secrecy marking. Law is empty when the marking is taken away after a trial; Was is the
// provision the person saw. A marking warns, it decides nothing (OSL 5:5): taking it away gives nobody anything.
type NewMarking struct {
	Law, Was, Authority, Reason string
}

// Mark changes an entry's marking; what stood there before is kept by the database with when, who and why.
func (s *Service) Mark(ctx context.Context, actor authz.Actor, entry uuid.UUID, m NewMarking) error {
	m.Law = strings.TrimSpace(m.Law)
	switch {
	case m.Law == m.Was:
		return problem.Invalid(problem.Field("/law", "Markeringen har redan den bestämmelsen."))
	case m.Law == "" && m.Reason != "INTE_SEKRETESS":
		return problem.Invalid(problem.Field("/law", "Skriv bestämmelsen, till exempel 26 kap. 1 § OSL."))
	case m.Law != "" && m.Reason == "INTE_SEKRETESS":
		return problem.Invalid(problem.Field("/reason", "Ta bort bestämmelsen, eller välj ett annat skäl."))
	}
	var b db.Batch
	audit.Record(ctx, &b, audit.Entry{Action: "mark-entry", Shown: []uuid.UUID{entry}, Kind: string(actor.Kind)})
	b.Exec(changeMarking, db.Args{
		"id": entry, "law": m.Law, "was": m.Was, "authority": m.Authority, "reason": m.Reason, "on": clock.DateIn(s.clock.Now()),
	})
	return s.db.Once(ctx, actor.Scope(), &b)
}

// SetExternal writes the number the same matter has in another register (for instance eDok). Nil takes it away; was is what
// the person saw.
func (s *Service) SetExternal(ctx context.Context, actor authz.Actor, entry uuid.UUID, external, was *string) error {
	var b db.Batch
	audit.Record(ctx, &b, audit.Entry{Action: "set-external-number", Shown: []uuid.UUID{entry}, Kind: string(actor.Kind)})
	b.Exec(changeExternal, db.Args{"id": entry, "external": blank(external), "was": blank(was)})
	return s.db.Once(ctx, actor.Scope(), &b)
}

func blank(s *string) *string {
	if s == nil || strings.TrimSpace(*s) == "" {
		return nil
	}
	text := strings.TrimSpace(*s)
	return &text
}

// Export writes the register as CSV for a spreadsheet: UTF-8 with a mark, semicolons. It reads page by page and logs each page
// before it is written; the first page is read before this returns, so that a refusal is an answer and not half a file.
func (s *Service) Export(ctx context.Context, actor authz.Actor, q Search, public bool) (func(io.Writer) error, error) {
	read := s.internalRows
	head := []string{"Nummer", "Eget nummer", "Externt nummer", "Datum", "Riktning", "Från", "Ämne", "Ärendetyp", "Enhet", "Sekretess", "Sekretess datum", "Myndighet", "Makulerad"}
	if public {
		read, head = s.publicRows, []string{"Nummer", "Datum", "Riktning", "Från", "Ämne"}
	}
	rows, next, err := read(ctx, actor, q, "")
	if err != nil {
		return nil, err
	}
	return func(w io.Writer) error {
		buf := bufio.NewWriter(w)
		if _, err := buf.WriteString("\ufeff"); err != nil {
			return err
		}
		out := csv.NewWriter(buf)
		out.Comma, out.UseCRLF = ';', true
		if err := out.Write(head); err != nil {
			return err
		}
		for {
			for _, r := range rows {
				if err := out.Write(harmless(r)); err != nil {
					return err
				}
			}
			out.Flush()
			if err := out.Error(); err != nil || next == nil {
				return flushed(buf, err)
			}
			if rows, next, err = read(ctx, actor, q, *next); err != nil {
				return err
			}
		}
	}, nil
}

func flushed(buf *bufio.Writer, err error) error {
	if err != nil {
		return err
	}
	return buf.Flush()
}

// harmless keeps a spreadsheet from running what somebody wrote as a formula.
func harmless(row []string) []string {
	for i, cell := range row {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			row[i] = "'" + cell
		}
	}
	return row
}

func (s *Service) internalRows(ctx context.Context, actor authz.Actor, q Search, cursor string) ([][]string, *string, error) {
	page, err := s.List(ctx, actor, q, exportPage, cursor)
	out := make([][]string, len(page.Items))
	for i, l := range page.Items {
		voided := ""
		if l.Voided {
			voided = "Ja"
		}
		out[i] = []string{
			l.EntryNo, said(l.OwnDNR), said(l.ExternalDNR), l.EntryOn.String(), directionWords[l.Direction], l.Sender, l.Subject, said(l.CaseType),
			said(l.UnitName), l.SecrecyLaw, l.SecrecyOn.String(), l.SecrecyAuthority, voided,
		}
	}
	return out, page.NextCursor, err
}

func (s *Service) publicRows(ctx context.Context, actor authz.Actor, q Search, cursor string) ([][]string, *string, error) {
	page, err := s.ListPublic(ctx, actor, q, exportPage, cursor)
	out := make([][]string, len(page.Items))
	for i, l := range page.Items {
		out[i] = []string{l.EntryNo, l.EntryOn.String(), directionWords[l.Direction], said(l.Sender), l.Subject}
	}
	return out, page.NextCursor, err
}

func said(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
