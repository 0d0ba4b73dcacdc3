package casework

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// The places that write history: the use-cases here, the receipt's function in the database, and the demo's seed.
var writers = []struct {
	files string
	kind  *regexp.Regexp
}{
	{"*.go", regexp.MustCompile(`Kind: +"([a-z]+\.[a-z-]+)"`)},
	{"../../migrations/*.sql", regexp.MustCompile(`'(case\.[a-z-]+)'`)},
	{"../../services/demo/seed/*.go", regexp.MustCompile(`"((?:case|cause|measure)\.[a-z-]+)"`)},
}

func TestEveryKindOfEventHasWordsInTheHistory(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, w := range writers {
		files, err := filepath.Glob(w.files)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files at %s: %v", w.files, err)
		}
		n := len(found)
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range w.kind.FindAllStringSubmatch(string(text), -1) {
				found[m[1]] = true
			}
		}
		if len(found) == n {
			t.Errorf("%s writes no kind that was not known: has the way of writing changed?", w.files)
		}
	}
	for _, act := range []string{"decide-measure", "complete-measure", "follow-up-measure"} {
		found["measure."+past(act)] = true
	}
	for kind := range found {
		if eventTexts[kind] == "" {
			t.Errorf("the history has no words for %s", kind)
		}
	}
	for kind := range eventTexts {
		if !found[kind] {
			t.Errorf("nothing writes %s", kind)
		}
	}
}
