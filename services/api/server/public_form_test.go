package server_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var (
	formToken = regexp.MustCompile(`name="sandning" value="([0-9a-f-]{36})"`)
	shownCode = regexp.MustCompile(`(?:[0-9A-Z]{4} ){5}[0-9A-Z]{4}`)
)

// page asks for a public page the way a browser without JavaScript does.
func (w *world) page(path string, form url.Values) (int, string) {
	w.t.Helper()
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, w.url+path, body)
	must(w.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := http.DefaultClient.Do(req)
	must(w.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(w.t, err)
	return res.StatusCode, string(text)
}

func TestAFormSentAgainByAReloadIsOneReportWithTheSameCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	queue := func() int { return len(w.as("registrator@bromma.demo").get("/register/queue").list("items")) }
	before := queue()
	_, page := w.page("/t/bromma/sv/", nil)
	token := formToken.FindStringSubmatch(page)
	if token == nil {
		t.Fatal("the form carries no token")
	}
	form := url.Values{"sandning": {token[1]}, "berattelse": {"Hemtjänsten kom inte i morse."}, "svar": {"KOD"}}
	status, first := w.page("/t/bromma/sv/", form)
	if status != http.StatusOK || !shownCode.MatchString(first) {
		t.Fatalf("not taken: %d", status)
	}
	_, again := w.page("/t/bromma/sv/", form)
	if shownCode.FindString(again) != shownCode.FindString(first) {
		t.Error("the reload does not show the code the writer was given")
	}
	if n := queue() - before; n != 1 {
		t.Fatalf("%d reports of one", n)
	}
	read := w.nobody().send("POST", "/public/bromma/receipt", nil, map[string]any{"code": shownCode.FindString(again)})
	read.want(http.StatusOK)

	form.Set("berattelse", "Hemtjänsten kom inte i kväll heller.")
	_, other := w.page("/t/bromma/sv/", form)
	if shownCode.FindString(other) == shownCode.FindString(first) || queue()-before != 2 {
		t.Error("other words after going back are not a report of their own")
	}
	form.Set("sandning", "not a token")
	for range 2 {
		w.page("/t/bromma/sv/", form)
	}
	if n := queue() - before; n != 4 {
		t.Errorf("a program without a token sent two reports, %d arrived", n-2)
	}
}
