package tenants

import (
	"slices"
	"strings"
)

// Kinds of document that a tenant has a template for.
const (
	DocAcknowledgement = "BEKRAFTELSE"
	DocAnswer          = "ENKELT_SVAR"
	DocReport          = "UTREDNINGSRAPPORT"
	DocStatement       = "YTTRANDE"
	DocMinutes         = "PROTOKOLLSUTDRAG"
	DocInformation     = "INFORMATIONSBLAD"
	DocRegisterExtract = "REGISTERUTDRAG"
)

// DocumentKinds are all of them; every city has a template for each.
var DocumentKinds = []string{DocAcknowledgement, DocAnswer, DocReport, DocStatement, DocMinutes, DocInformation, DocRegisterExtract}

// DocumentTemplate is what a document of a kind says beside its own words. {reference}, {unit}, {tenant} and {board} are
// replaced.
type DocumentTemplate struct {
	Kind        string   `yaml:"kind" json:"kind"`
	Version     string   `yaml:"version" json:"version"` // stands in the document's foot, so that an old paper shows which words were in force
	Title       string   `yaml:"title" json:"title"`
	Opening     []string `yaml:"opening" json:"opening,omitempty"`
	Heading     string   `yaml:"heading" json:"heading,omitempty"` // above the words written for this document
	Closing     []string `yaml:"closing" json:"closing,omitempty"` // above the name of who signs
	WhereToTurn bool     `yaml:"where_to_turn" json:"where_to_turn,omitempty"`
}

// Document is the template of a kind.
func (t Tenant) Document(kind string) DocumentTemplate {
	for _, d := range t.Documents {
		if d.Kind == kind {
			return d
		}
	}
	return DocumentTemplate{Kind: kind, Title: kind}
}

func checkDocuments(d *document, templates []DocumentTemplate) {
	seen := d.unique("mallen")
	for i, t := range templates {
		at := item("documents", i)
		d.oneOf(at+".kind", t.Kind, DocumentKinds...)
		seen(at+".kind", t.Kind)
		d.required(at, "title", t.Title, "version", t.Version)
		for _, text := range slices.Concat([]string{t.Title, t.Heading}, t.Opening, t.Closing) {
			rest := strings.NewReplacer("{reference}", "", "{unit}", "", "{tenant}", "", "{board}", "").Replace(text)
			d.must(!strings.ContainsAny(rest, "{}"), at, "bara {reference}, {unit}, {tenant} och {board} kan fyllas i")
		}
	}
}
