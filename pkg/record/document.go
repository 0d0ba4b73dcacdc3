package record

import (
	"fmt"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/paper"
	"lyhord/pkg/register"
)

// Section is a heading with paragraphs, a list, rows of label and text, and a table.
type Section = paper.Section

// Row is a label and what it says; an empty text becomes a line to write on.
type Row = paper.Row

// Table is a head and its rows.
type Table = paper.Table

// Document is what a drawn-up record (upprättad handling) says. It is sealed as it is, and the papers are made from it.
type Document struct {
	Title      string            `json:"title"`
	Template   string            `json:"template"`   // kind and version of the template, in the foot
	Letterhead []string          `json:"letterhead"` // the authority first
	Numbers    []string          `json:"numbers"`    // the entry in the collective file, and the case's own number if it has one (req 45)
	RecordNo   string            `json:"record_no"`  // its own entry in the register
	Marking    *register.Marking `json:"marking"`    // sekretessmarkering, OSL 5:5
	Date       clock.Date        `json:"date"`       // drawn up on
	To         []string          `json:"to"`
	Sections   []Section         `json:"sections"`
	Closing    []string          `json:"closing"`
	Draft      bool              `json:"draft"` // a preview says so on every page
}

// Sheet is the document as paper: the numbers and the date on every page, the marking in a frame on the first.
func (d Document) Sheet() paper.Sheet {
	s := paper.Sheet{
		Title: d.Title, Made: d.Date.UTC(), Head: d.Letterhead, Address: d.To, Sections: d.Sections, Closing: d.Closing,
	}
	if d.Draft {
		s.Running = append(s.Running, "UTKAST – inte upprättad handling")
	}
	for _, no := range d.Numbers {
		s.Running = append(s.Running, "Dnr "+no)
	}
	if d.RecordNo != "" {
		s.Running = append(s.Running, "Handling "+d.RecordNo)
	}
	s.Running = append(s.Running, d.Date.String())
	if len(d.Letterhead) > 0 {
		s.Foot = d.Letterhead[0]
	}
	if d.Template != "" {
		s.Foot += " · mall " + d.Template
	}
	if m := d.Marking; m != nil {
		s.Frame = []string{
			"Sekretessmarkering",
			fmt.Sprintf("%s · %s · %s", m.Law, m.On, m.Authority),
			"Markeringen är en varning. Varje begäran om utlämnande prövas på nytt (OSL 5 kap. 5 §).",
		}
	}
	return s
}

// PDF is the document as PDF/A-2b.
func (d Document) PDF() []byte { return d.Sheet().PDF() }

// DOCX is the document as a Word file.
func (d Document) DOCX() []byte { return d.Sheet().DOCX() }
