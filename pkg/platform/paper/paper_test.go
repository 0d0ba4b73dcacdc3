package paper_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/xml"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lyhord/pkg/platform/paper"
)

// report is a sheet of several pages with everything a sheet can hold.
func report() paper.Sheet {
	var rows [][]string
	for i := range 60 {
		rows = append(rows, []string{fmt.Sprintf("Åtgärd %d", i+1), "Gå igenom rutinen för läkemedel med hela arbetsgruppen", "Stark", "2026-12-24"})
	}
	return paper.Sheet{
		Title:   "Utredning avvikelse och klagomål: ÅÄÖ åäö é ü – ”citat”",
		Made:    time.Date(2026, 11, 22, 13, 4, 5, 0, time.UTC),
		Head:    []string{"Bromma stadsdelsförvaltning", "Hemtjänst Ålsten", "Box 15017, 167 15 Bromma"},
		Running: []string{"Dnr BRO 2026/12-345", "Dnr BRO 2026/0815", "2026-11-22"},
		Frame:   []string{"Sekretessmarkering (OSL 5 kap. 5 §)", "26 kap. 1 § OSL · 2026-11-22 · Bromma stadsdelsnämnd"},
		Address: []string{"Göta Öberg", "Ängsvägen 3", "167 51 Bromma"},
		Foot:    "Bromma stadsdelsförvaltning",
		Closing: []string{"Åsa Öst", "enhetschef"},
		Sections: []paper.Section{
			{Heading: "Bakgrund", Paragraphs: []string{strings.Repeat("Larmet besvarades inte på fyrtio minuter och ingen ringde upp. ", 40), "Första raden\nandra raden\n\nNytt stycke & <tecken>"}},
			{Heading: "Orsaker", List: []string{"Kommunikation: överlämningen skedde muntligt", strings.Repeat("lång punkt ", 40)}},
			{Heading: "Bedömning", Rows: []paper.Row{{Label: "Allvarlighetsgrad", Text: "3 av 4"}, {Label: "Underskrift", Text: ""}}},
			{Heading: "Åtgärder", Table: &paper.Table{Head: []string{"Åtgärd", "Vad", "Styrka", "Klart"}, Rows: rows}},
			{Heading: "Främmande bokstäver", Paragraphs: []string{"Hon skrev سلام till oss. Davvisámegiella: čáhci, ŋ, ŧ, ž."}},
		},
	}
}

// program finds a reader of documents. Where it lacks the test fails: what nobody opened is not known to open.
func program(t *testing.T, name, from string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing, so nothing reads the document back; install it: sudo apt-get install --no-install-recommends %s (make test does)", name, from)
	}
	return path
}

func stored(t *testing.T, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%s: %v: %s", filepath.Base(name), err, stderr.String())
	}
	return string(out)
}

var space = regexp.MustCompile(`\s+`)

func flat(text string) string { return strings.TrimSpace(space.ReplaceAllString(text, " ")) }

func TestThePDFIsReadBackByAnotherProgramPageByPage(t *testing.T) {
	t.Parallel()
	file := stored(t, "a.pdf", report().PDF())
	pages := strings.Split(strings.TrimSuffix(run(t, program(t, "pdftotext", "poppler-utils"), "-layout", file, "-"), "\f"), "\f")
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	all := flat(strings.Join(pages, " "))
	for _, want := range []string{
		"Utredning avvikelse och klagomål: ÅÄÖ åäö é ü – ”citat”", "Sekretessmarkering (OSL 5 kap. 5 §)", "26 kap. 1 § OSL · 2026-11-22 · Bromma stadsdelsnämnd",
		"Göta Öberg", "Hemtjänst Ålsten", "Nytt stycke & <tecken>", "Åtgärd 60", "Åsa Öst", "čáhci, ŋ, ŧ, ž", "\u0633", // a letter that only stands in the text beside the glyphs
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not on the paper", want)
		}
	}
	for i, page := range pages {
		for _, want := range []string{"Dnr BRO 2026/12-345", "Dnr BRO 2026/0815", fmt.Sprintf("Sida %d (%d)", i+1, len(pages)), "Bromma stadsdelsförvaltning"} {
			if !strings.Contains(flat(page), want) {
				t.Errorf("page %d lacks %q", i+1, want)
			}
		}
	}
}

func TestThePagesShowInkWithinTheMargins(t *testing.T) {
	t.Parallel()
	file := stored(t, "a.pdf", report().PDF())
	base := filepath.Join(filepath.Dir(file), "page")
	run(t, program(t, "pdftoppm", "poppler-utils"), "-r", "50", "-gray", "-png", file, base)
	names, err := filepath.Glob(base + "*.png")
	if err != nil || len(names) < 3 {
		t.Fatalf("%d pictures (%v)", len(names), err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		b, ink := img.Bounds(), 0
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				if v, _, _, _ := img.At(x, y).RGBA(); v < 0x8000 {
					ink++
					if x < b.Dx()*8/100 || x > b.Dx()*93/100 {
						t.Fatalf("%s: ink in the margin at %d,%d", filepath.Base(name), x, y)
					}
				}
			}
		}
		if ink < 200 {
			t.Errorf("%s is nearly empty", filepath.Base(name))
		}
	}
}

func TestReadersFindEmbeddedFontsTagsAndTitle(t *testing.T) {
	t.Parallel()
	short := report()
	short.Sections = short.Sections[1:4]
	short.Sections[2].Table.Rows = short.Sections[2].Table.Rows[:3]
	file := stored(t, "a.pdf", short.PDF())
	for _, line := range strings.Split(strings.TrimSpace(run(t, program(t, "pdffonts", "poppler-utils"), file)), "\n")[2:] {
		if f := strings.Fields(line); len(f) < 7 || !slices.Equal(f[len(f)-5:len(f)-2], []string{"yes", "no", "yes"}) {
			t.Errorf("font not embedded or not readable back: %s", line)
		}
	}
	info := run(t, program(t, "pdfinfo", "poppler-utils"), file)
	for _, want := range []string{"Tagged:          yes", "JavaScript:      no", "Encrypted:       no", "PDF version:     1.7", "Utredning avvikelse och klagomål"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo lacks %q:\n%s", want, info)
		}
	}
	words := flat(run(t, program(t, "pdfinfo", "poppler-utils"), "-struct-text", file))
	for _, want := range []string{`H1 (block) "Utredning avvikelse`, `H2 (block) "Orsaker"`, "TH", "LBody (block)"} {
		if !strings.Contains(words, want) {
			t.Errorf("the structure lacks %q: %.600s", want, words)
		}
	}
}

func TestThePDFKeepsTheRulesOfPDFA(t *testing.T) {
	t.Parallel()
	if faults := pdfaFaults(report().PDF()); len(faults) > 0 {
		t.Error(strings.Join(faults, "\n"))
	}
	empty := paper.Sheet{Title: "Tom", Made: time.Unix(0, 0)}
	if faults := pdfaFaults(empty.PDF()); len(faults) > 0 {
		t.Error(strings.Join(faults, "\n"))
	}
}

func TestABrokenRuleOfPDFAIsFound(t *testing.T) {
	t.Parallel()
	good := report().PDF()
	for name, swap := range map[string][2]string{
		"no profile":      {"/GTS_PDFA1", "/GTS_PDFX_"},
		"no part":         {"<pdfaid:part>2<", "<pdfaid:part>9<"},
		"encrypted":       {"/Info ", "/Encrypt "},
		"a script":        {"/DisplayDocTitle", "/JavaScript /Doc"},
		"see-through":     {"/Tabs /S", "/SMask 1"},
		"a font outside":  {"/FontFile2", "/FontFile_"},
		"no way back":     {"/ToUnicode", "/ToUnicod_"},
		"no id":           {"/ID [", "/IX ["},
		"a moved object":  {"%PDF-1.7\n", "%PDF-1.7\n\n"},
		"a long stream":   {"/Length ", "/Length 1"},
		"no structure":    {"/Marked true", "/Marked false"},
		"another title":   {"<dc:title>", "<dc:titel>"},
		"no binary bytes": {"\xe2\xe3\xcf\xd3", "abcd"},
	} {
		bad := bytes.Replace(good, []byte(swap[0]), []byte(swap[1]), 1)
		if bytes.Equal(good, bad) {
			t.Errorf("%s: nothing was broken", name)
		} else if len(pdfaFaults(bad)) == 0 {
			t.Errorf("%s goes unseen", name)
		}
	}
}

var objectAt = regexp.MustCompile(`(?s)^(\d+) 0 obj\n(.*?)\nendobj\n`)

// pdfaFaults checks the file as ISO 19005-2 asks for level b, object by object.
// long: a list of rules reads best in one piece
func pdfaFaults(file []byte) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if !bytes.HasPrefix(file, []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")) {
		fault("6.1.2: no header with four bytes above 127")
	}
	if !bytes.HasSuffix(file, []byte("%%EOF\n")) {
		fault("6.1.3: something follows the end")
	}
	trailer := file[bytes.LastIndex(file, []byte("trailer")):]
	if !regexp.MustCompile(`/ID \[<[0-9A-F]{32}> <[0-9A-F]{32}>\]`).Match(trailer) {
		fault("6.1.3: no file identifier")
	}
	start, err := strconv.Atoi(strings.Fields(string(trailer[bytes.Index(trailer, []byte("startxref")):]))[1])
	if err != nil || start >= len(file) || !bytes.HasPrefix(file[start:], []byte("xref\n")) {
		fault("6.1.4: the cross-reference table is not where it should be")
		return faults
	}
	var objects []string
	for i, line := range strings.Split(string(file[start:]), "\n")[3:] {
		at, err := strconv.Atoi(strings.Split(line, " ")[0])
		if err != nil {
			break
		}
		m := objectAt.FindSubmatch(file[at:])
		if m == nil || string(m[1]) != strconv.Itoa(i+1) {
			fault("6.1.4: object %d is not where it should be", i+1)
			continue
		}
		objects = append(objects, string(m[2]))
	}
	dicts := ""
	for i, o := range objects {
		head, data, found := strings.Cut(o, "\nstream\n")
		dicts += head + "\n"
		if !found {
			continue
		}
		n, err := strconv.Atoi(regexp.MustCompile(`/Length (\d+)>>`).FindStringSubmatch(head + "/Length 0>>")[1])
		if err != nil || len(data) != n+len("\nendstream") {
			fault("6.1.7: object %d is not as long as it says", i+1)
			continue
		}
		if strings.Contains(head, "/FlateDecode") {
			r, err := zlib.NewReader(strings.NewReader(data[:n]))
			if err == nil {
				_, err = io.Copy(io.Discard, r)
			}
			if err != nil {
				fault("object %d cannot be unpacked: %v", i+1, err)
			}
		}
	}
	for word, why := range map[string]string{
		"/Encrypt": "6.1.3", "/JavaScript": "6.5.1", "/JS": "6.5.1", "/Launch": "6.5.1", "/SMask": "6.2.10", "/CA ": "6.2.10", "/ca ": "6.2.10", "/BM ": "6.2.10",
		"/LZWDecode": "6.1.7", "/EmbeddedFile": "6.8", "/AA ": "6.5.2", "/OpenAction": "6.5.1", "/Type1": "6.2.11", "/XFA": "6.4.2",
	} {
		if strings.Contains(dicts+string(trailer), word) {
			fault("%s: %s is not allowed", why, word)
		}
	}
	for word, why := range map[string]string{
		"/S /GTS_PDFA1": "6.2.3", "/DestOutputProfile": "6.2.3", "/Type /Metadata /Subtype /XML": "6.6.2", "/Marked true": "6.7.2", "/StructTreeRoot": "6.7.3", "/Lang (": "6.7.4",
	} {
		if !strings.Contains(dicts, word) {
			fault("%s: no %s", why, word)
		}
	}
	fonts := strings.Count(dicts, "/Subtype /Type0")
	for _, word := range []string{"/FontFile2", "/ToUnicode", "/CIDToGIDMap /Identity", "/FontDescriptor "} {
		if strings.Count(dicts, word) < fonts {
			fault("6.2.11: a font without %s", word)
		}
	}
	return append(faults, metadataFaults(file)...)
}

func metadataFaults(file []byte) (faults []string) {
	xmp := regexp.MustCompile(`(?s)<\?xpacket begin.*<\?xpacket end="w"\?>`).Find(file)
	var meta struct {
		Desc struct {
			Part  string `xml:"http://www.aiim.org/pdfa/ns/id/ part"`
			Level string `xml:"http://www.aiim.org/pdfa/ns/id/ conformance"`
			Title string `xml:"title>Alt>li"`
			Date  string `xml:"http://ns.adobe.com/xap/1.0/ CreateDate"`
		} `xml:"RDF>Description"`
	}
	if err := xml.Unmarshal(xmp, &meta); err != nil {
		return []string{"6.6.2: the metadata is not XML: " + err.Error()}
	}
	if meta.Desc.Part != "2" || meta.Desc.Level != "B" {
		faults = append(faults, "6.6.4: the metadata does not say PDF/A-2b")
	}
	if meta.Desc.Title == "" || meta.Desc.Date == "" {
		faults = append(faults, "6.6.3: the metadata lacks what the document information says")
	}
	return faults
}

func TestTheSameSheetGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(report().PDF(), report().PDF()) || !bytes.Equal(report().DOCX(), report().DOCX()) {
		t.Error("two writings of one sheet differ")
	}
}

func TestTheWordFileIsWholeAndSaysWhatTheSheetSays(t *testing.T) {
	t.Parallel()
	data := report().DOCX()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts, said := map[string]string{}, ""
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
		d := xml.NewDecoder(bytes.NewReader(text))
		for {
			tok, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if c, ok := tok.(xml.CharData); ok {
				said += string(c)
			}
		}
	}
	for _, m := range regexp.MustCompile(`PartName="/([^"]+)"`).FindAllStringSubmatch(parts["[Content_Types].xml"], -1) {
		if parts[m[1]] == "" {
			t.Errorf("%s is named and not there", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`Target="([^"]+)"`).FindAllStringSubmatch(parts["word/_rels/document.xml.rels"], -1) {
		if parts["word/"+m[1]] == "" {
			t.Errorf("%s is pointed at and not there", m[1])
		}
	}
	for _, want := range []string{"ÅÄÖ åäö é ü – ”citat”", "Dnr BRO 2026/0815", "26 kap. 1 § OSL", "Nytt stycke & <tecken>", "Åtgärd 60", "سلام"} {
		if !strings.Contains(said, want) {
			t.Errorf("the Word file lacks %q", want)
		}
	}
}

func TestLibreOfficeOpensTheWordFileAndPrintsTheSamePages(t *testing.T) {
	t.Parallel()
	file := stored(t, "a.docx", report().DOCX())
	dir := filepath.Dir(file)
	out, err := exec.Command(program(t, "soffice", "libreoffice-writer-nogui"), "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "pdf", "--outdir", dir, file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	pages := strings.Split(strings.TrimSuffix(run(t, program(t, "pdftotext", "poppler-utils"), "-layout", filepath.Join(dir, "a.pdf"), "-"), "\f"), "\f")
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, page := range pages {
		for _, want := range []string{"Dnr BRO 2026/12-345", "Dnr BRO 2026/0815", fmt.Sprintf("Sida %d (%d)", i+1, len(pages))} {
			if !strings.Contains(flat(page), want) {
				t.Errorf("page %d lacks %q", i+1, want)
			}
		}
	}
	for _, want := range []string{"ÅÄÖ åäö é ü – ”citat”", "26 kap. 1 § OSL", "Göta Öberg", "Nytt stycke & <tecken>", "Åtgärd 60", "Åsa Öst"} {
		if !strings.Contains(flat(strings.Join(pages, " ")), want) {
			t.Errorf("LibreOffice does not show %q", want)
		}
	}
}

func FuzzAnyWordsGiveARightPDF(f *testing.F) {
	f.Add("Rubrik", "text\n\nmer", "a\tb\x00c")
	f.Add("", "\u202eomvänt \U0001F600", strings.Repeat("x", 500))
	f.Add("(parentes\\) <hex>", "]]>", "&amp; ]]> \ufffe")
	f.Fuzz(func(t *testing.T, title, text, cell string) {
		s := paper.Sheet{
			Title: title, Head: []string{text}, Running: []string{cell}, Frame: []string{title}, Address: []string{text},
			Sections: []paper.Section{{Heading: title, Paragraphs: []string{text}, List: []string{cell}, Rows: []paper.Row{{Label: title, Text: cell}}, Table: &paper.Table{Head: []string{title, text}, Rows: [][]string{{cell}}}}},
		}
		for _, fault := range pdfaFaults(s.PDF()) {
			if !strings.HasPrefix(fault, "6.6.3") { // a title of nothing is none
				t.Error(fault)
			}
		}
		data := s.DOCX()
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range z.File {
			r, err := part.Open()
			if err != nil {
				t.Fatal(err)
			}
			if err := xml.NewDecoder(r).Decode(new(struct{})); err != nil {
				t.Errorf("%s: %v", part.Name, err)
			}
		}
	})
}
