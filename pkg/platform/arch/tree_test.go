package arch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "lyhord"

// file is one Go file of the tree.
type file struct {
	path   string // from the root, with slashes
	folder string
	test   bool
	text   string
	tree   *ast.File
	set    *token.FileSet
}

// skipped are folders that hold nothing of ours.
var skipped = []string{".git", "node_modules", "dist", "test-results", "testdata", "playwright-report"}

// root is the folder of go.mod.
func root() string { return filepath.Join("..", "..", "..") }

// goFiles are all Go files of the tree, parsed once.
var goFiles = sync.OnceValues(func() ([]file, error) { return parse(os.DirFS(root())) })

func parse(tree fs.FS) ([]file, error) {
	var all []file
	err := walk(tree, func(name, text string) error {
		if path.Ext(name) != ".go" {
			return nil
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, file{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), text, parsed, set})
		return nil
	})
	return all, err
}

// texts are the kinds of files people write.
var texts = []string{".go", ".sql", ".ts", ".tsx", ".css", ".html", ".yaml", ".yml", ".md", ".sh", ".csv", ".json", ".mjs", ".js", ".tpl", ".tmpl", ""}

func walk(tree fs.FS, visit func(name, text string) error) error {
	return fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(skipped, entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || !entry.Type().IsRegular() || !slices.Contains(texts, path.Ext(name)):
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		return visit(name, string(text))
	})
}

func files(t *testing.T) []file {
	t.Helper()
	all, err := goFiles()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("only %d Go files were found", len(all))
	}
	return all
}

// imports are the paths a file imports.
func (f file) imports() (all []string) {
	for _, spec := range f.tree.Imports {
		all = append(all, strings.Trim(spec.Path.Value, `"`))
	}
	return all
}

func (f file) line(pos token.Pos) int { return f.set.Position(pos).Line }

func report(t *testing.T, faults []string) {
	t.Helper()
	slices.Sort(faults)
	for _, f := range slices.Compact(faults) {
		t.Error(f)
	}
}
