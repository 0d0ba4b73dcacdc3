package arch_test

import (
	"flag"
	"fmt"
	"go/ast"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of requirements and proofs")

// A test says what it proves in the comment above it: "Proves req 26, T2." In Go that is the doc comment, in a browser
// test the comment right above its test(…).
var (
	proves  = regexp.MustCompile(`Proves ((?:req \d+|T\d+[ab]?)(?:, (?:req \d+|T\d+[ab]?))*)[.:]`)
	clicked = regexp.MustCompile(`(?m)((?:^//[^\n]*\n)+)test\(\s*["'\x60]([^"'\x60]+)`)
	row     = regexp.MustCompile(`^\| (req \d+|T\d+[ab]?) \| ([^|]+) \| ([^|]*) \|$`)
)

const proofTable = "testdata/requirements.md"

func TestEveryRequirementOfTheRoutineHasATestThatProvesIt(t *testing.T) {
	t.Parallel()
	found := proofs(files(t))
	seen, err := browserProofs()
	if err != nil {
		t.Fatal(err)
	}
	for what, tests := range seen {
		found[what] = append(found[what], tests...)
	}
	text, err := os.ReadFile(proofTable)
	if err != nil {
		t.Fatal(err)
	}
	table, faults := proofFaults(string(text), found)
	if *update {
		if err := os.WriteFile(proofTable, []byte(table), 0o644); err != nil { //nolint:gosec // a text of the tree
			t.Fatal(err)
		}
	} else if table != string(text) {
		faults = append(faults, proofTable+" is not what the tests say: go test ./pkg/platform/arch -update")
	}
	report(t, faults)
}

// proofFaults is the table with its last column written anew, and every row that no test proves.
func proofFaults(text string, found map[string][]string) (table string, faults []string) {
	rows := map[string]bool{}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		m := row.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		what, tests := m[1], found[m[1]]
		rows[what] = true
		slices.Sort(tests)
		switch later := m[3] == "later"; {
		case later && len(tests) == 0:
		case len(tests) == 0:
			faults = append(faults, fmt.Sprintf("no test proves %s (%s)", what, m[2]))
		default:
			lines[i] = fmt.Sprintf("| %s | %s | %s |", what, m[2], strings.Join(slices.Compact(tests), "<br>"))
		}
	}
	for _, what := range slices.Sorted(maps.Keys(found)) {
		if !rows[what] {
			faults = append(faults, fmt.Sprintf("%s says that it proves %s, which is not in the table", found[what][0], what))
		}
	}
	return strings.Join(lines, "\n"), faults
}

func proofs(all []file) map[string][]string {
	found := map[string][]string{}
	for _, f := range all {
		if !f.test || strings.HasPrefix(f.path, "pkg/platform/arch/") {
			continue
		}
		for name, doc := range testDocs(f) {
			for _, what := range proven(doc) {
				found[what] = append(found[what], path.Base(f.folder)+"."+name)
			}
		}
	}
	return found
}

func browserProofs() (map[string][]string, error) {
	found := map[string][]string{}
	specs, err := filepath.Glob(filepath.Join(root(), "services", "web", "e2e", "*.spec.ts"))
	for _, spec := range specs {
		text, err := os.ReadFile(spec)
		if err != nil {
			return nil, err
		}
		for _, m := range clicked.FindAllStringSubmatch(string(text), -1) {
			for _, what := range proven(strings.ReplaceAll(m[1], "\n// ", " ")) {
				found[what] = append(found[what], filepath.Base(spec)+": "+m[2])
			}
		}
	}
	return found, err
}

func proven(doc string) []string {
	var all []string
	for _, m := range proves.FindAllStringSubmatch(strings.ReplaceAll(doc, "\n", " "), -1) {
		all = append(all, strings.Split(m[1], ", ")...)
	}
	return all
}

// testDocs are the comments above the tests of a file.
func testDocs(f file) map[string]string {
	docs := map[string]string{}
	for _, d := range f.tree.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Doc != nil && strings.HasPrefix(fn.Name.Name, "Test") {
			docs[fn.Name.Name] = fn.Doc.Text()
		}
	}
	return docs
}

func TestARequirementWithoutATestAndATestWithoutARequirementAreNamed(t *testing.T) {
	t.Parallel()
	table := "| req 1 | one |  |\n| req 2 | two |  |\n| T3 | three | later |\n| T4 | four | later |"
	got, faults := proofFaults(table, map[string][]string{"req 1": {"b", "a", "a"}, "T4": {"c"}, "T99": {"d"}})
	if want := "| req 1 | one | a<br>b |\n| req 2 | two |  |\n| T3 | three | later |\n| T4 | four | c |"; got != want {
		t.Errorf("table:\n%s\nwant:\n%s", got, want)
	}
	if want := []string{"no test proves req 2 (two)", "d says that it proves T99, which is not in the table"}; !slices.Equal(faults, want) {
		t.Errorf("faults %q, want %q", faults, want)
	}
	if got := proven("What it is.\nProves req 26,\nT2. And Proves T7a."); !slices.Equal(got, []string{"req 26", "T2", "T7a"}) {
		t.Errorf("proven: %q", got)
	}
}
