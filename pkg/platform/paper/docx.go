package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// DOCX writes the sheet as an Office Open XML document (ISO/IEC 29500, transitional).
func (s Sheet) DOCX() []byte {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageRels},
		{"docProps/core.xml", s.coreProps()},
		{"word/document.xml", s.documentXML()},
		{"word/_rels/document.xml.rels", documentRels},
		{"word/styles.xml", strings.ReplaceAll(styles, "{lang}", xmlText(s.lang()))},
		{"word/numbering.xml", numbering},
		{"word/header1.xml", s.headerXML()},
		{"word/footer1.xml", s.footerXML()},
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate})
		if err == nil {
			_, err = w.Write([]byte(xmlHead + part.text))
		}
		if err != nil {
			panic(err) // into memory: it cannot fail
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordNS  = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/><Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`
	packageRels  = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`
	documentRels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header1.xml"/><Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/></Relationships>`
	numbering    = `<w:numbering ` + wordNS + `><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="360" w:hanging="260"/></w:pPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`
	styles       = `<w:styles ` + wordNS + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="Arial"/><w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="{lang}"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="80" w:line="300" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before="200" w:after="60"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:sz w:val="25"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Head"><w:name w:val="Letterhead"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="0"/></w:pPr><w:rPr><w:sz w:val="18"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Frame"><w:name w:val="Framed"/><w:basedOn w:val="Normal"/><w:pPr><w:pBdr><w:top w:val="single" w:sz="8" w:space="4" w:color="000000"/><w:left w:val="single" w:sz="8" w:space="4" w:color="000000"/><w:bottom w:val="single" w:sz="8" w:space="4" w:color="000000"/><w:right w:val="single" w:sz="8" w:space="4" w:color="000000"/></w:pBdr><w:spacing w:after="0"/></w:pPr><w:rPr><w:sz w:val="19"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="List"><w:name w:val="List Bullet"/><w:basedOn w:val="Normal"/><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>` +
		`</w:styles>`
)

func (s Sheet) coreProps() string {
	at := s.Made.UTC().Format(time.RFC3339)
	return `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>` + xmlText(s.Title) + `</dc:title><dc:creator>` + xmlText(s.author()) + `</dc:creator><dc:language>` + xmlText(s.lang()) +
		`</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified></cp:coreProperties>`
}

func (s Sheet) documentXML() string {
	var b strings.Builder
	b.WriteString(`<w:document ` + wordNS + `><w:body>`)
	for i, line := range s.Head {
		b.WriteString(paragraph("Head", line, i == 0))
	}
	for i, line := range s.Frame {
		b.WriteString(paragraph("Frame", line, i == 0))
	}
	if len(s.Address) > 0 {
		b.WriteString(paragraph("", "", false) + paragraph("", strings.Join(s.Address, "\n"), false))
	}
	b.WriteString(paragraph("Heading1", s.Title, false))
	for _, sec := range s.Sections {
		b.WriteString(sec.xml())
	}
	if len(s.Closing) > 0 {
		b.WriteString(paragraph("", "", false) + paragraph("", strings.Join(s.Closing, "\n"), false))
	}
	b.WriteString(`<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1134" w:bottom="1134" w:left="1417" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`)
	return b.String()
}

func (s Section) xml() string {
	var b strings.Builder
	if s.Heading != "" {
		b.WriteString(paragraph("Heading2", s.Heading, false))
	}
	for _, p := range s.Paragraphs {
		for para := range strings.SplitSeq(plain(p), "\n\n") {
			b.WriteString(paragraph("", para, false))
		}
	}
	for _, item := range s.List {
		b.WriteString(paragraph("List", item, false))
	}
	if len(s.Rows) > 0 {
		rows := make([][]string, len(s.Rows))
		for i, r := range s.Rows {
			rows[i] = []string{r.Label, r.Text}
		}
		b.WriteString(tableXML([]int{2900, 6455}, rows, false))
	}
	if s.Table != nil && len(s.Table.Head) > 0 {
		n := len(s.Table.Head)
		widths := make([]int, n)
		for i := range widths {
			widths[i] = 9355 / n
		}
		b.WriteString(tableXML(widths, append([][]string{s.Table.Head}, s.Table.Rows...), true))
	}
	return b.String()
}

// tableXML writes a table; its first row is a head that is repeated, or its first column is labels.
func tableXML(widths []int, rows [][]string, head bool) string {
	var b strings.Builder
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="9355" w:type="dxa"/><w:tblBorders><w:top w:val="single" w:sz="4" w:color="808080"/><w:bottom w:val="single" w:sz="4" w:color="808080"/><w:insideH w:val="single" w:sz="4" w:color="808080"/></w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		fmt.Fprintf(&b, `<w:gridCol w:w="%d"/>`, w)
	}
	b.WriteString(`</w:tblGrid>`)
	for i, row := range rows {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
		if head && i == 0 {
			b.WriteString(`<w:tblHeader/>`)
		}
		b.WriteString(`</w:trPr>`)
		for j, w := range widths {
			text := ""
			if j < len(row) {
				text = row[j]
			}
			fmt.Fprintf(&b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>%s</w:tc>`, w, paragraph("", text, head && i == 0 || !head && j == 0))
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl>` + paragraph("Head", "", false))
	return b.String()
}

func paragraph(style, text string, bold bool) string {
	var b strings.Builder
	b.WriteString(`<w:p>`)
	if style != "" {
		b.WriteString(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	}
	b.WriteString(runs(text, bold) + `</w:p>`)
	return b.String()
}

func runs(text string, bold bool) string {
	if text == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<w:r>`)
	if bold {
		b.WriteString(`<w:rPr><w:b/></w:rPr>`)
	}
	for i, line := range strings.Split(plain(text), "\n") {
		if i > 0 {
			b.WriteString(`<w:br/>`)
		}
		b.WriteString(`<w:t xml:space="preserve">` + xmlText(line) + `</w:t>`)
	}
	b.WriteString(`</w:r>`)
	return b.String()
}

func (s Sheet) headerXML() string {
	var b strings.Builder
	b.WriteString(`<w:hdr ` + wordNS + `>`)
	for i, line := range append(append([]string{}, s.Running...), "")[:max(1, len(s.Running))] {
		b.WriteString(`<w:p><w:pPr><w:pStyle w:val="Head"/><w:jc w:val="right"/></w:pPr>` + runs(line, i == 0) + `</w:p>`)
	}
	b.WriteString(`</w:hdr>`)
	return b.String()
}

func (s Sheet) footerXML() string {
	field := func(name string) string {
		return `</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ` + name + ` </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve">`
	}
	page := strings.NewReplacer("{n}", field("PAGE"), "{of}", field("NUMPAGES")).Replace(xmlText(s.page()))
	return `<w:ftr ` + wordNS + `><w:p><w:pPr><w:pStyle w:val="Head"/><w:tabs><w:tab w:val="right" w:pos="9355"/></w:tabs></w:pPr>` + runs(s.Foot, false) +
		`<w:r><w:tab/><w:t xml:space="preserve">` + page + `</w:t></w:r></w:p></w:ftr>`
}

// xmlText escapes a text; what XML cannot hold is left out.
func xmlText(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(plain(text))) // a Builder takes everything
	return strings.ReplaceAll(b.String(), "\ufffd", "")
}
