package record

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"lyhord/pkg/platform/problem"
)

// What a case can take.
const (
	MostFileBytes = 25 << 20
	MostCaseBytes = 100 << 20
	MostCaseFiles = 20
)

// Of what is inside a packed document.
const (
	mostUnpacked = 100 << 20
	mostRatio    = 100
	mostEntries  = 2000
)

// sort of file: what it is called by its name, and how its bytes must begin. Neither alone is believed.
type sort struct {
	media string
	is    func(data []byte) bool
}

var sorts = map[string]sort{
	".pdf":  {mediaPDF, begins("%PDF-")},
	".jpg":  {mediaJPEG, begins("\xff\xd8\xff")},
	".jpeg": {mediaJPEG, begins("\xff\xd8\xff")},
	".png":  {mediaPNG, begins("\x89PNG\r\n\x1a\n")},
	".docx": {mediaDOCX, packed("word/")},
	".xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", packed("xl/")},
	".odt":  {"application/vnd.oasis.opendocument.text", packed("content.xml")},
	".txt":  {"text/plain; charset=utf-8", text},
	".mp4":  {"video/mp4", film},
	".m4a":  {"audio/mp4", film},
}

const (
	mediaJPEG = "image/jpeg"
	mediaPNG  = "image/png"

	allowedFiles = "Tillåtna filer är PDF, bilder (JPG, PNG), Word, Excel, OpenDocument, ren text, ljud (M4A) och film (MP4)."
)

// checkFile says what a file is, or why it is not taken. The name's ending and the first bytes must agree.
func checkFile(name string, data []byte) (media string, err error) {
	switch {
	case len(data) == 0:
		return "", problem.Invalid(problem.Field("/file", "Filen är tom."))
	case len(data) > MostFileBytes:
		return "", problem.TooLarge().WithText("Filen är för stor. En fil får vara högst 25 MB.")
	}
	s, known := sorts[strings.ToLower(path.Ext(name))]
	if !known {
		return "", problem.Invalid(problem.Field("/file", "Den sortens fil tar vi inte emot. "+allowedFiles))
	}
	if !s.is(data) {
		return "", problem.Invalid(problem.Field("/file", "Filens innehåll stämmer inte med namnet. Spara om filen i rätt format och försök igen. "+allowedFiles))
	}
	if bytes.HasPrefix(data, []byte("PK")) {
		if why := packedFault(data); why != "" {
			return "", problem.Invalid(problem.Field("/file", why))
		}
	}
	return s.media, nil
}

func begins(magic string) func([]byte) bool {
	return func(data []byte) bool { return bytes.HasPrefix(data, []byte(magic)) }
}

// text has no control characters and does not look like a page to a browser.
func text(data []byte) bool {
	return utf8.Valid(data) && !bytes.ContainsRune(data, 0) && strings.HasPrefix(http.DetectContentType(data), "text/plain") &&
		!bytes.Contains(bytes.ToLower(data[:min(len(data), 1024)]), []byte("<svg"))
}

func film(data []byte) bool { return len(data) > 12 && string(data[4:8]) == "ftyp" }

func packed(inside string) func([]byte) bool {
	return func(data []byte) bool {
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil || !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
			return false
		}
		for _, f := range z.File {
			if strings.HasPrefix(f.Name, inside) {
				return true
			}
		}
		return false
	}
}

// packedFault looks at the directory of a packed document before anybody unpacks it.
func packedFault(data []byte) string {
	const bomb = "Filen är packad på ett sätt som vi inte tar emot."
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(z.File) > mostEntries {
		return bomb
	}
	var unpacked uint64
	for _, f := range z.File {
		unpacked += f.UncompressedSize64
		name := strings.ToLower(f.Name)
		switch {
		case f.UncompressedSize64 > mostUnpacked || unpacked > mostUnpacked || unpacked > mostRatio*uint64(len(data)):
			return bomb
		case strings.Contains(name, "..") || strings.HasPrefix(name, "/") || strings.Contains(name, "\\") || f.Mode()&fs.ModeSymlink != 0:
			return bomb
		case strings.HasSuffix(name, "vbaproject.bin") || strings.Contains(name, "/basic/") || strings.HasPrefix(name, "basic/"):
			return "Dokumentet innehåller makron. Spara det utan makron och försök igen."
		}
		switch path.Ext(name) {
		case ".zip", ".7z", ".rar", ".gz", ".jar", ".exe", ".dll", ".js", ".html", ".htm", ".svg":
			return "Dokumentet innehåller en fil som vi inte tar emot."
		}
	}
	return ""
}

// fileName makes a name safe to show and to save: no path, no control or direction characters, not too long.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`"<>|:*?`, r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, name))
	ext := path.Ext(name)
	stem := []rune(strings.TrimSuffix(name, ext))
	if len(stem) > 120 {
		stem = stem[:120]
	}
	if len(stem) == 0 {
		return "fil" + ext
	}
	return string(stem) + ext
}
