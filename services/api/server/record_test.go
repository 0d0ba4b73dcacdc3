package server_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/dbtest"
)

// assessed is a registered complaint that its manager may answer.
func (w *world) assessed() string {
	w.t.Helper()
	worker, registrar := w.as("medarbetare@bromma.demo"), w.as("registrator@bromma.demo")
	chef, boss := w.as("chef@bromma.demo"), w.as("avdelningschef@bromma.demo")
	id := worker.report(w.home("bromma"), "Larmet besvarades inte på fyrtio minuter.", nil)
	registrar.do(id, "register", map[string]any{"case_type": "KLAGOMAL", "sender_role": "ANHORIG", "subject": "Klagomål om larm", "secrecy": "SEKRETESS", "assign": true}).want(http.StatusOK)
	chef.do(id, "assess", nil).want(http.StatusOK)
	chef.do(id, "classification", map[string]any{"category": "UTF.UTEBLIVEN", "lagrum": []string{"SOL"}, "severity": 1, "probability": 1, "harm": "NEJ"}).want(http.StatusOK)
	chef.do(id, "consult", map[string]any{"question": "Räcker ett enkelt svar?"}).want(http.StatusOK)
	boss.do(id, "complexity", map[string]any{"decision": "ENKEL", "motivation": "Ja."}).want(http.StatusOK)
	return id
}

// upload sends a file as the page does.
func (p *person) upload(id, name string, data []byte) reply {
	p.w.t.Helper()
	return p.send("POST", "/cases/"+id+"/records/upload", map[string]string{
		"Idempotency-Key": uuid.NewString(), "Content-Type": "application/octet-stream", "Content-Disposition": "attachment; filename*=UTF-8''" + name,
	}, string(data))
}

// read gives a PDF's text, by another program.
func (r reply) read() string {
	r.t.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		r.t.Fatal("pdftotext is missing, so nothing reads the document back; install poppler-utils (make test does)")
	}
	file := filepath.Join(r.t.TempDir(), "a.pdf")
	must(r.t, os.WriteFile(file, []byte(r.text), 0o600))
	out, err := exec.Command(program, "-layout", file, "-").Output()
	must(r.t, err)
	return string(out)
}

// Proves T8, req 45, req 46, req 47.
func TestAnAnswerIsADocumentByItselfNumberedRegisteredAndDispatched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.startWorker()
	chef, registrar := w.as("chef@bromma.demo"), w.as("registrator@bromma.demo")
	id := w.assessed()
	c := chef.do(id, "reply", map[string]any{"response_level": "ENKELT_SVAR", "body": "Vi beklagar att larmet inte besvarades. Nu är telefonen utbytt."}).want(http.StatusOK)
	w.settle()
	records := chef.get("/cases/" + id + "/records").want(http.StatusOK)
	no := records.str("items.0.entry_no")
	if records.str("items.0.kind") != "ENKELT_SVAR" || records.str("items.0.state") != "KLAR" || no == "" || no == c.str("entry_no") || len(records.list("items.0.files")) != 2 {
		t.Fatalf("the answer is no document of its own: %s", records.text)
	}
	entries := registrar.get("/register/entries")
	if !strings.Contains(entries.text, `"entry_no":"`+no+`"`) {
		t.Fatalf("the registrar does not find %s: %s", no, entries.text)
	}
	var pdf string
	for _, f := range records.list("items.0.files") {
		if f := f.(map[string]any); f["format"] == "PDF" {
			pdf = f["id"].(string)
		}
	}
	got := chef.get("/cases/" + id + "/records/files/" + pdf).want(http.StatusOK)
	for name, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store",
	} {
		if got.header.Get(name) != want {
			t.Errorf("%s is %q", name, got.header.Get(name))
		}
	}
	if !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment; filename") {
		t.Errorf("a browser may show it: %q", got.header.Get("Content-Disposition"))
	}
	text := got.read()
	for _, want := range []string{"Dnr " + c.str("entry_no"), "Handling " + no, "Vi beklagar att larmet inte besvarades", "Sekretessmarkering", "Bromma stadsdelsnämnd", "Vart du kan vända dig"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper lacks %q:\n%s", want, text)
		}
	}
	// The care worker who reported has no work with the papers; another board does not know the case.
	w.as("medarbetare@bromma.demo").send("GET", "/cases/"+id+"/records", nil, nil).want(http.StatusForbidden)
	w.as("chef@farsta.demo").send("GET", "/cases/"+id+"/records/files/"+pdf, nil, nil).want(http.StatusNotFound)
	// to whom, how, when
	record := "/cases/" + id + "/records/" + records.str("items.0.id")
	chef.send("POST", record+"/dispatches", nil, map[string]any{"way": "BREV", "to": "Göta Öberg, Ängsvägen 3", "sent_on": time.Now().Format("2006-01-02")}).want(http.StatusNoContent)
	if after := chef.get("/cases/" + id + "/records"); after.str("items.0.dispatches.0.to") != "Göta Öberg, Ängsvägen 3" || after.str("items.0.dispatches.0.way_text") != "Brev" {
		t.Errorf("the log of dispatch says: %s", after.text)
	}
}

// Proves T17, req 46.
func TestNothingIsUnregisteredAtClose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chef, registrar := w.as("chef@bromma.demo"), w.as("registrator@bromma.demo")
	id := w.assessed()
	chef.upload(id, "brev.txt", []byte("Ett brev som kom i efterhand.\n")).want(http.StatusCreated)
	chef.do(id, "reply", map[string]any{"response_level": "ENKELT_SVAR", "body": "Tack, vi har rättat felet."}).want(http.StatusOK)
	chef.do(id, "follow-up", nil).want(http.StatusOK)
	closing := map[string]any{"outcome": "BEFOGAT", "personakt": "NEJ"}
	if got := chef.do(id, "close", closing).want(http.StatusConflict); !strings.Contains(got.text, "En handling väntar på registratorn") {
		t.Errorf("the refusal does not say why: %s", got.text)
	}
	if a := chef.open(id).action("close"); a["allowed"] != false || a["reason"] != "Det går inte att avsluta än. En handling väntar på registratorn." {
		t.Errorf("the button does not say why: %v", a)
	}
	waiting := registrar.get("/register/unregistered").want(http.StatusOK)
	if waiting.str("items.0.case_id") != id || len(waiting.list("items")) != 1 {
		t.Fatalf("the registrar does not see what waits: %s", waiting.text)
	}
	at := "/cases/" + id + "/records/" + waiting.str("items.0.id") + "/register"
	chef.send("POST", at, nil, nil).want(http.StatusForbidden)
	registrar.send("POST", at, nil, nil).want(http.StatusNoContent)
	registrar.send("POST", at, nil, nil).want(http.StatusConflict)
	chef.do(id, "close", closing).want(http.StatusOK)
	chef.upload(id, "sent.txt", []byte("Ännu ett brev.\n")).want(http.StatusConflict)
}

// Proves T12, req 39.
func TestAFinishedInvestigationDrawsUpItsReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.startWorker()
	chef := w.as("chef@bromma.demo")
	id := w.assessed()
	chef.do(id, "investigate", nil).want(http.StatusOK)
	chef.send("PUT", "/cases/"+id+"/investigation", map[string]string{"If-Match": `"1"`}, map[string]any{
		"background": "Två vikarier på passet.", "course": "Larmet gick klockan nio.", "causes_text": "", "conclusion": "Överlämningen brister.",
		"risks": []any{map[string]any{"ground": "SOL_LSS", "severity": 2, "probability": 3}},
	}).want(http.StatusOK)
	chef.do(id, "reply", map[string]any{"response_level": "UTREDNING", "body": "Vi har utrett det du berättade."}).want(http.StatusOK)
	w.settle()
	records := chef.get("/cases/" + id + "/records").want(http.StatusOK)
	if records.str("items.0.kind") != "UTREDNINGSRAPPORT" || records.str("items.1.kind") != "ENKELT_SVAR" {
		t.Fatalf("report and answer are not both drawn up: %s", records.text)
	}
	for _, f := range records.list("items.0.files") {
		if f := f.(map[string]any); f["format"] == "PDF" {
			text := chef.get("/cases/" + id + "/records/files/" + f["id"].(string)).read()
			for _, want := range []string{"Utredning avvikelse och klagomål", "Två vikarier på passet", "Larmet gick klockan nio", "Överlämningen brister", "riskvärde 6 av 16"} {
				if !strings.Contains(text, want) {
					t.Errorf("the report lacks %q:\n%s", want, text)
				}
			}
		}
	}
}

// Proves req 45.
func TestADocumentIsPreviewedDrawnUpAndRevised(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.startWorker()
	chef := w.as("chef@bromma.demo")
	id := w.assessed()
	words := map[string]any{"kind": "INFORMATIONSBLAD", "text": "Från måndag gäller nya larmtelefoner.", "to": []string{"Personalen på kvällen"}}
	at := "/cases/" + id + "/records"
	if text := chef.send("POST", at+"/preview", nil, words).want(http.StatusOK).read(); !strings.Contains(text, "UTKAST") || !strings.Contains(text, "nya larmtelefoner") {
		t.Errorf("the preview is: %s", text)
	}
	if got := chef.get(at); len(got.list("items")) != 0 || len(got.list("kinds")) != 5 {
		t.Fatalf("a preview stores something: %s", got.text)
	}
	key := map[string]string{"Idempotency-Key": uuid.NewString()}
	first := chef.send("POST", at, key, words).want(http.StatusCreated).str("id")
	if again := chef.send("POST", at, key, words).want(http.StatusCreated).str("id"); again != first {
		t.Errorf("the same request made two documents: %s, %s", first, again)
	}
	words["text"], words["version"] = "Från tisdag gäller nya larmtelefoner.", 1
	chef.send("POST", at+"/"+first+"/versions", nil, words).want(http.StatusNoContent)
	chef.send("POST", at+"/"+first+"/versions", nil, words).want(http.StatusPreconditionFailed)
	w.settle()
	got := chef.get(at)
	if got.at("items.0.version") != 2.0 || len(got.list("items.0.files")) != 4 {
		t.Errorf("both versions should be there with their papers: %s", got.text)
	}
	delete(words, "version")
	words["kind"] = "UTREDNINGSRAPPORT"
	chef.send("POST", at, map[string]string{"Idempotency-Key": uuid.NewString()}, words).want(http.StatusUnprocessableEntity)
}

// Proves req 18, req 19.
func TestAFileIsTakenOnlyIfItIsWhatItSaysAndStaysInQuarantineUnscanned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.startWorker()
	chef := w.as("chef@bromma.demo")
	id := w.assessed()
	for name, c := range map[string]struct {
		file string
		data []byte
	}{
		"a page":             {"a.html", []byte("<html>")},
		"a picture of words": {"a.svg", []byte("<svg/>")},
		"a program":          {"a.exe", []byte("MZ")},
		"a lying name":       {"a.pdf", []byte("MZ not a pdf")},
		"a page as text":     {"a.txt", []byte("<!DOCTYPE html><html><script>")},
		"a zip as Word":      {"a.docx", []byte("PK\x03\x04 nothing")},
		"no ending":          {"abc", []byte("text")},
	} {
		if got := chef.upload(id, c.file, c.data); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, got.status, got.text)
		}
	}
	big := bytes.Repeat([]byte("a"), 25<<20+1)
	if got := chef.upload(id, "stor.txt", big); got.status != http.StatusRequestEntityTooLarge || !strings.Contains(got.text, "för stor") {
		t.Errorf("25 MiB + 1: %d %s", got.status, got.text)
	}
	chef.upload(id, "bild%202.txt", []byte("Det jag ville säga.\n")).want(http.StatusCreated)
	w.settle()
	got := chef.get("/cases/" + id + "/records")
	if len(got.list("items")) != 1 || got.str("items.0.state") != "KARANTAN" || !strings.Contains(got.str("items.0.state_text"), "ingen viruskontroll") || got.str("items.0.files.0.name") != "bild 2.txt" {
		t.Fatalf("without a scanner the file waits and says why: %s", got.text)
	}
	chef.send("GET", "/cases/"+id+"/records/files/"+got.str("items.0.files.0.id"), nil, nil).want(http.StatusNotFound)
	for range 19 {
		chef.upload(id, "fler.txt", []byte(uuid.NewString())).want(http.StatusCreated)
	}
	if got := chef.upload(id, "en-till.txt", []byte("x y z")); got.status != http.StatusConflict || !strings.Contains(got.text, "20 filer") {
		t.Errorf("the twenty-first: %d %s", got.status, got.text)
	}
}

func TestTheScannerDecidesWhichFilesMayBeOpened(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clamd = dbtest.Clamd(t)
	w.startWorker()
	chef := w.as("chef@bromma.demo")
	id := w.assessed()
	virus := `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-` + `TEST-FILE!$H+H*`
	chef.upload(id, "virus.txt", []byte(virus)).want(http.StatusCreated)
	chef.upload(id, "bild.jpg", photo(t)).want(http.StatusCreated)
	w.settle()
	got := chef.get("/cases/" + id + "/records")
	if got.str("items.0.state") != "SMITTAD" || got.str("items.1.state") != "KLAR" {
		t.Fatalf("the scanner's verdicts are: %s", got.text)
	}
	chef.send("GET", "/cases/"+id+"/records/files/"+got.str("items.0.files.0.id"), nil, nil).want(http.StatusNotFound)
	formats := map[string]string{}
	for _, f := range got.list("items.1.files") {
		f := f.(map[string]any)
		formats[f["format"].(string)] = chef.get("/cases/" + id + "/records/files/" + f["id"].(string)).text
	}
	if formats["ORIGINAL"] != string(photo(t)) {
		t.Error("the original is not what was sent")
	}
	shared, _, err := image.Decode(strings.NewReader(formats["DELAD"]))
	if err != nil {
		t.Fatalf("no copy to share: %v", err)
	}
	if strings.Contains(formats["DELAD"], "Exif") || strings.Contains(formats["DELAD"], "GPS") {
		t.Error("the copy to share tells where the picture was taken")
	}
	if b := shared.Bounds(); b.Dx() != 20 || b.Dy() != 40 {
		t.Errorf("the copy is not turned as the camera meant: %v", b)
	}
}

// photo is a picture of 40 x 20 taken with the camera on its side, with a place in its metadata.
func photo(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 20)), nil))
	exif := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"), []byte("GPS 59.3383 17.9403")...)
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1, byte((len(exif) + 2) >> 8), byte(len(exif) + 2)}, exif...)
	return append(head, b.Bytes()[2:]...)
}

func TestAScannerThatDiesLeavesTheFileInQuarantineUntilItIsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	real := dbtest.Clamd(t)
	w.clamd = config.Clamd{Network: "unix", Addr: filepath.Join(t.TempDir(), "s")}
	w.startWorker()
	chef := w.as("chef@bromma.demo")
	id := w.assessed()
	chef.upload(id, "brev.txt", []byte("Ett brev.\n")).want(http.StatusCreated)
	state := func(want string) {
		t.Helper()
		for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(50 * time.Millisecond) { // the worker is another program: the page is the only sign
			got := chef.get("/cases/" + id + "/records")
			if strings.Contains(got.str("items.0.state_text"), want) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("not %q: %s", want, got.text)
			}
		}
	}
	state("viruskontrollen svarar inte")
	must(t, os.Symlink(real.Addr, w.clamd.Addr)) // it is back
	state("Klar")
}
