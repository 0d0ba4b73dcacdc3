package record_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/record"
	"lyhord/pkg/register"
)

// Proves req 45.
func TestBothNumbersAndTheSecrecyMarkingStandOnThePaper(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Fatal("pdftotext is missing, so nothing reads the document back; install poppler-utils (make test does)")
	}
	on := clock.MustDate("2026-11-22")
	doc := record.Document{
		Title: "Svar på ditt klagomål", Letterhead: []string{"Bromma stadsdelsnämnd"}, Numbers: []string{"BRO 2026/12-345", "BRO 2026/815"},
		Marking: &register.Marking{Law: "26 kap. 1 § OSL", On: on, Authority: "Bromma stadsdelsnämnd"}, Date: on,
		Sections: []record.Section{{Heading: "Vad vi såg", Paragraphs: []string{strings.Repeat("Vi har läst det du skrev. ", 400)}}}, Draft: true,
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, doc.PDF(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
	if len(pages) < 2 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, page := range pages {
		for _, want := range []string{"Dnr BRO 2026/12-345", "Dnr BRO 2026/815", "2026-11-22", "UTKAST"} {
			if !strings.Contains(page, want) {
				t.Errorf("page %d lacks %q", i+1, want)
			}
		}
	}
	if !strings.Contains(pages[0], "26 kap. 1 § OSL · 2026-11-22 · Bromma stadsdelsnämnd") {
		t.Error("the marking lacks what OSL 5:5 asks for")
	}
}
