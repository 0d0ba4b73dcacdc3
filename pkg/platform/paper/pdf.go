package paper

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// PDF writes the sheet as PDF/A-2b (ISO 19005-2): fonts and colour profile inside, XMP metadata, no encryption, no scripts,
// no transparency; with a structure tree and language, so that a screen reader can read it.
func (s Sheet) PDF() []byte {
	l := set(s)
	p := &pdf{}
	p.buf.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	catalog, tree := p.reserve(), p.reserve()
	pages := p.reserve()
	fonts := [2]int{p.font(faces()[0], l.used[0]), p.font(faces()[1], l.used[1])}
	sheets := make([]int, len(l.pages))
	for i := range sheets {
		sheets[i] = p.reserve()
	}
	for i, leaf := range l.pages {
		content := p.stream("", leaf.ops.Bytes())
		p.object(sheets[i], fmt.Sprintf("<</Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Contents %d 0 R /StructParents %d /Tabs /S\n/Resources <</Font <</F1 %d 0 R /F2 %d 0 R>>>>>>",
			pages, num(pageWidth), num(pageHeight), content, i, fonts[0], fonts[1]))
	}
	p.object(pages, fmt.Sprintf("<</Type /Pages /Count %d /Kids [%s]>>", len(sheets), refs(sheets)))
	p.tree(tree, l, sheets)
	meta := p.plainStream("/Type /Metadata /Subtype /XML", s.xmp())
	profile := p.stream("/N 3", srgb())
	intent := p.add(fmt.Sprintf("<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) /Info (sRGB IEC61966-2.1) /DestOutputProfile %d 0 R>>", profile))
	p.object(catalog, fmt.Sprintf("<</Type /Catalog /Pages %d 0 R /Metadata %d 0 R /OutputIntents [%d 0 R] /StructTreeRoot %d 0 R\n/MarkInfo <</Marked true>> /Lang (%s) /ViewerPreferences <</DisplayDocTitle true>>>>",
		pages, meta, intent, tree, s.lang()))
	info := p.add(s.info())
	return p.finish(catalog, info)
}

// pdf is a file in the making. Objects are numbered from 1 in the order they are asked for.
type pdf struct {
	buf bytes.Buffer
	at  []int // where each object begins
}

func (p *pdf) reserve() int {
	p.at = append(p.at, 0)
	return len(p.at)
}

func (p *pdf) object(no int, body string) {
	p.at[no-1] = p.buf.Len()
	fmt.Fprintf(&p.buf, "%d 0 obj\n%s\nendobj\n", no, body)
}

func (p *pdf) add(body string) int {
	no := p.reserve()
	p.object(no, body)
	return no
}

// stream writes a compressed stream.
func (p *pdf) stream(entries string, data []byte) int {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, _ = w.Write(data) // into memory: it cannot fail
	_ = w.Close()
	return p.plainStream(entries+" /Filter /FlateDecode", z.Bytes())
}

// plainStream writes a stream as it is; metadata must be readable without unpacking.
func (p *pdf) plainStream(entries string, data []byte) int {
	no := p.reserve()
	p.at[no-1] = p.buf.Len()
	fmt.Fprintf(&p.buf, "%d 0 obj\n<<%s /Length %d>>\nstream\n", no, strings.TrimSpace(entries), len(data))
	p.buf.Write(data)
	p.buf.WriteString("\nendstream\nendobj\n")
	return no
}

func (p *pdf) finish(catalog, info int) []byte {
	sum := sha256.Sum256(p.buf.Bytes())
	start := p.buf.Len()
	fmt.Fprintf(&p.buf, "xref\n0 %d\n0000000000 65535 f \n", len(p.at)+1)
	for _, at := range p.at {
		fmt.Fprintf(&p.buf, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&p.buf, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%X> <%X>]>>\nstartxref\n%d\n%%%%EOF\n", len(p.at)+1, catalog, info, sum[:16], sum[:16], start)
	return p.buf.Bytes()
}

// font embeds a whole font file; the widths and the way back to letters are given for the glyphs that are used.
func (p *pdf) font(f *face, used map[rune]glyph) int {
	file := p.stream(fmt.Sprintf("/Length1 %d", len(f.file)), f.file)
	weight, angle := 80, 0
	if f.bold {
		weight = 140
	}
	desc := p.add(fmt.Sprintf("<</Type /FontDescriptor /FontName /%s /Flags 32 /FontBBox [-440 -432 2160 1053] /ItalicAngle %d /Ascent 935 /Descent -211 /CapHeight 724 /StemV %d /FontFile2 %d 0 R>>", f.name, angle, weight, file))
	letters := slices.SortedFunc(maps.Keys(used), func(a, b rune) int { return int(used[a].id) - int(used[b].id) })
	var widths, back strings.Builder
	for i := 0; i < len(letters); i += 100 {
		part := letters[i:min(i+100, len(letters))]
		fmt.Fprintf(&back, "%d beginbfchar\n", len(part))
		for _, r := range part {
			fmt.Fprintf(&back, "<%04X> <%s>\n", used[r].id, utf16Hex(string(r))[4:])
			fmt.Fprintf(&widths, "%d [%d] ", used[r].id, used[r].width)
		}
		back.WriteString("endbfchar\n")
	}
	unicode := p.stream("", []byte("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"+
		back.String()+"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"))
	cid := p.add(fmt.Sprintf("<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R /DW 1000 /W [%s] /CIDToGIDMap /Identity>>", f.name, desc, strings.TrimSpace(widths.String())))
	return p.add(fmt.Sprintf("<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", f.name, cid, unicode))
}

// tree writes the structure tree: what is a heading, a paragraph, a list, a table, and which pieces of which page it is.
func (p *pdf) tree(root int, l *layout, sheets []int) {
	p.number(l.root)
	p.element(l.root, root, sheets)
	var nums strings.Builder
	for i, leaf := range l.pages {
		nos := make([]int, len(leaf.elems))
		for j, e := range leaf.elems {
			nos[j] = e.no
		}
		fmt.Fprintf(&nums, "%d [%s] ", i, refs(nos))
	}
	parents := p.add(fmt.Sprintf("<</Nums [%s]>>", strings.TrimSpace(nums.String())))
	p.object(root, fmt.Sprintf("<</Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey %d>>", l.root.no, parents, len(l.pages)))
}

func (p *pdf) number(e *elem) {
	e.no = p.reserve()
	for _, kid := range e.kids {
		if k, ok := kid.(*elem); ok {
			p.number(k)
		}
	}
}

func (p *pdf) element(e *elem, up int, sheets []int) {
	var kids strings.Builder
	for _, kid := range e.kids {
		switch k := kid.(type) {
		case *elem:
			fmt.Fprintf(&kids, "%d 0 R ", k.no)
			p.element(k, e.no, sheets)
		case mark:
			fmt.Fprintf(&kids, "<</Type /MCR /Pg %d 0 R /MCID %d>> ", sheets[k.page], k.id)
		}
	}
	extra := ""
	switch {
	case e.scope:
		extra = " /A <</O /Table /Scope /Column>>"
	case e.row:
		extra = " /A <</O /Table /Scope /Row>>"
	}
	p.object(e.no, fmt.Sprintf("<</Type /StructElem /S /%s /P %d 0 R /K [%s]%s>>", e.tag, up, strings.TrimSpace(kids.String()), extra))
}

func refs(nos []int) string {
	parts := make([]string, len(nos))
	for i, no := range nos {
		parts[i] = fmt.Sprintf("%d 0 R", no)
	}
	return strings.Join(parts, " ")
}

const producer = "Lyhörd"

// info repeats what the metadata says; the two must agree.
func (s Sheet) info() string {
	at := s.Made.UTC().Format("20060102150405")
	return fmt.Sprintf("<</Title <%s> /Author <%s> /Producer <%s> /Creator <%s> /CreationDate (D:%sZ) /ModDate (D:%sZ)>>",
		utf16Hex(plain(s.Title)), utf16Hex(plain(s.author())), utf16Hex(producer), utf16Hex(producer), at, at)
}

func (s Sheet) xmp() []byte {
	at := s.Made.UTC().Format(time.RFC3339)
	return []byte("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" + `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + xmlText(s.Title) + `</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>` + xmlText(s.author()) + `</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>` + xmlText(s.lang()) + `</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>` + producer + `</xmp:CreatorTool><xmp:CreateDate>` + at + `</xmp:CreateDate><xmp:ModifyDate>` + at + `</xmp:ModifyDate>
<pdf:Producer>` + producer + `</pdf:Producer>
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`)
}
