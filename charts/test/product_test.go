package charts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// setting is a row of the product's table of settings.
type setting struct {
	name             string
	processes        []string
	required, secret bool
}

// settings reads the table from the source of pkg/platform/config, because its module is not ours to import. A form of the
// table that this reader does not know fails loudly.
func settings(t *testing.T) []setting {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), root+"/pkg/platform/config/settings.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]ast.Expr{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			for i, name := range spec.Names {
				if i < len(spec.Values) {
					values[name.Name] = spec.Values[i]
				}
			}
		}
		return true
	})
	table, ok := values["Settings"].(*ast.CompositeLit)
	if !ok {
		t.Fatal("config.Settings is no longer a literal")
	}
	var all []setting
	for _, row := range table.Elts {
		all = append(all, readSetting(t, row, values))
	}
	if len(all) < 20 {
		t.Fatalf("only %d settings were found", len(all))
	}
	return all
}

func readSetting(t *testing.T, row ast.Expr, values map[string]ast.Expr) setting {
	t.Helper()
	var s setting
	for _, element := range row.(*ast.CompositeLit).Elts {
		field := element.(*ast.KeyValueExpr)
		switch field.Key.(*ast.Ident).Name {
		case "Name":
			s.name = unquote(t, field.Value)
		case "Required":
			s.required = field.Value.(*ast.Ident).Name == "true"
		case "Secret":
			s.secret = field.Value.(*ast.Ident).Name == "true"
		case "For":
			for _, process := range values[field.Value.(*ast.Ident).Name].(*ast.CompositeLit).Elts {
				s.processes = append(s.processes, unquote(t, values[process.(*ast.Ident).Name]))
			}
		}
	}
	if s.name == "" || len(s.processes) == 0 {
		t.Fatalf("a row of config.Settings cannot be read: %+v", s)
	}
	return s
}

func unquote(t *testing.T, e ast.Expr) string {
	t.Helper()
	text, err := strconv.Unquote(e.(*ast.BasicLit).Value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// migrateOnly are the names that services/migrate reads beside the table, as its own source tells.
func migrateOnly(t *testing.T) []string {
	t.Helper()
	source := read(t, root+"/services/migrate/main.go")
	names := regexp.MustCompile(`"(LYHORD_[A-Z_]*[A-Z])"`).FindAllStringSubmatch(source, -1)
	var all []string
	for _, name := range names {
		all = append(all, name[1])
	}
	if !strings.Contains(source, `"LYHORD_PASSWORD_"+strings.ToUpper(role)`) || !slices.Contains(all, "LYHORD_DSN_SUPER") {
		t.Fatal("services/migrate no longer reads what this test knows")
	}
	for _, role := range roles(t) {
		all = append(all, "LYHORD_PASSWORD_"+strings.ToUpper(role))
	}
	return all
}

// roles are the database roles that log in, from migrations.Roles.
func roles(t *testing.T) []string {
	t.Helper()
	line := regexp.MustCompile(`(?m)^var Roles = \[\]string\{(.*)\}$`).FindStringSubmatch(read(t, root+"/migrations/migrations.go"))
	if line == nil {
		t.Fatal("migrations.Roles is no longer one line")
	}
	var all []string
	for name := range strings.SplitSeq(line[1], ",") {
		all = append(all, strings.Trim(strings.TrimSpace(name), `"`))
	}
	return all
}

// checkEnvironment holds the names that a process is given against what it reads, in both directions.
func checkEnvironment(t *testing.T, process string, given map[string]string) {
	t.Helper()
	known, beside := settings(t), migrateOnly(t)
	for name := range given {
		read := process == "migrate" && slices.Contains(beside, strings.TrimSuffix(name, "_FILE"))
		for _, s := range known {
			if !slices.Contains(s.processes, process) {
				continue
			}
			if s.name == name && s.secret && given[name] != "" {
				t.Errorf("%s: the secret %s is given as a value and not as a file", process, name)
			}
			read = read || s.name == name || s.secret && s.name+"_FILE" == name
		}
		if !read {
			t.Errorf("%s is given %s, which it does not read", process, name)
		}
	}
	for _, s := range known {
		_, direct := given[s.name]
		_, byFile := given[s.name+"_FILE"]
		if s.required && slices.Contains(s.processes, process) && !direct && !byFile {
			t.Errorf("%s needs %s and is not given it", process, s.name)
		}
	}
}

// metrics are the names that the product's source registers, without what a histogram adds.
func metrics(t *testing.T) []string {
	t.Helper()
	registered := regexp.MustCompile(`\.(?:Counter|Gauge|GaugeFunc|Histogram)\("([a-z_]+)"|Name: "lyhord_([a-z_]+)"`)
	var all []string
	err := filepath.WalkDir(root+"/pkg", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, name := range registered.FindAllStringSubmatch(read(t, path), -1) {
			all = append(all, "lyhord_"+name[1]+name[2])
		}
		return nil
	})
	if err != nil || len(all) < 8 {
		t.Fatalf("metrics: %v %v", all, err)
	}
	return all
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
