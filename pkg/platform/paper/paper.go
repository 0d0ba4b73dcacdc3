// Package paper sets a sheet – headings, paragraphs, lists, tables under a letterhead – and writes it as PDF/A-2b with a
// structure tree, and as DOCX. The same sheet gives the same bytes, whenever and wherever it is written.
//
// It must not know what the words are about, reach any network or file, or ask the machine for the time. Tests render the
// pages, read the text back with another program, and check what PDF/A asks for object by object.
package paper

import "time"

// Sheet is everything that stands on the paper. Texts are plain; a line break is kept and an empty line parts two paragraphs.
type Sheet struct {
	Title    string
	Lang     string    // BCP 47; "sv-SE" when empty
	Made     time.Time // stands in the metadata, to the second
	Head     []string  // letterhead on the first page, its first line in bold; also the document's author
	Running  []string  // stands at the top right of every page: the numbers of the document
	Frame    []string  // stands in a frame on the first page, its first line in bold
	Address  []string
	Sections []Section
	Closing  []string
	Page     string // the foot of every page; "{n}" and "{of}" are replaced. "Sida {n} ({of})" when empty
	Foot     string // stands left of the page number
}

// Section is a heading (none when empty) with, in this order, paragraphs, a list, rows of label and text, and a table.
type Section struct {
	Heading    string   `json:"heading"`
	Paragraphs []string `json:"paragraphs,omitempty"`
	List       []string `json:"list,omitempty"`
	Rows       []Row    `json:"rows,omitempty"`
	Table      *Table   `json:"table,omitempty"`
}

// Row is a label and what it says; an empty text is printed as a line to write on.
type Row struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// Table has a head that is repeated on each page. A row shorter than the head is filled with empty cells.
type Table struct {
	Head []string   `json:"head"`
	Rows [][]string `json:"rows"`
}

func (s Sheet) lang() string {
	if s.Lang == "" {
		return "sv-SE"
	}
	return s.Lang
}

func (s Sheet) page() string {
	if s.Page == "" {
		return "Sida {n} ({of})"
	}
	return s.Page
}

func (s Sheet) author() string {
	if len(s.Head) == 0 {
		return ""
	}
	return s.Head[0]
}
