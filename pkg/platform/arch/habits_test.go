package arch_test

import (
	"fmt"
	"go/ast"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	mostLines      = 400
	mostFuncLines  = 60
	mostParameters = 5
)

// reason is how an exception from a size is explained: in the file, or right above the function.
var reason = regexp.MustCompile(`(?m)^\s*// long: \S.{10,}`)

func TestFilesAndFunctionsStaySmallOrSayWhyNot(t *testing.T) {
	t.Parallel()
	report(t, sizeFaults(files(t)))
}

func sizeFaults(all []file) (faults []string) {
	for _, f := range all {
		if n := strings.Count(f.text, "\n"); n > mostLines && !reason.MatchString(f.text) {
			faults = append(faults, fmt.Sprintf("%s has %d lines", f.path, n))
		}
		for _, d := range f.tree.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil || fn.Doc != nil && excused(fn.Doc) {
				continue
			}
			if n := f.line(fn.End()) - f.line(fn.Pos()) + 1; n > mostFuncLines {
				faults = append(faults, fmt.Sprintf("%s:%d: %s has %d lines", f.path, f.line(fn.Pos()), fn.Name.Name, n))
			}
			if n := fn.Type.Params.NumFields(); n > mostParameters {
				faults = append(faults, fmt.Sprintf("%s:%d: %s has %d parameters", f.path, f.line(fn.Pos()), fn.Name.Name, n))
			}
		}
	}
	return faults
}

func excused(doc *ast.CommentGroup) bool {
	return slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return reason.MatchString(c.Text) })
}

func TestPackagesAreNamedForWhatTheyAreForAndSaySo(t *testing.T) {
	t.Parallel()
	report(t, nameFaults(files(t)))
}

func nameFaults(all []file) (faults []string) {
	said := map[string]bool{}
	for _, f := range all {
		if f.test {
			continue
		}
		if doc := f.tree.Doc; doc != nil && len(strings.TrimSpace(doc.Text())) > 40 {
			said[f.folder] = true
		} else if !said[f.folder] {
			said[f.folder] = false
		}
		name := f.tree.Name.Name
		if slices.Contains([]string{"helpers", "helper", "utils", "util", "types", "models", "model", "common", "misc", "base", "shared"}, name) {
			faults = append(faults, fmt.Sprintf("%s: %q does not say what the package is for", f.path, name))
		}
		if name != path.Base(f.folder) && name != "main" && f.folder != "." {
			faults = append(faults, fmt.Sprintf("%s: package %s in folder %s", f.path, name, path.Base(f.folder)))
		}
	}
	for folder, ok := range said {
		if !ok {
			faults = append(faults, folder+" does not say in its first lines what it is for")
		}
	}
	return faults
}

// unfinished and machine are written so that this file does not find itself.
var (
	unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|X` + `XX|HA` + `CK)\b`)
	machine    = regexp.MustCompile(`["'\x60\s(=](/(home|root|Users|work)/[a-z]|[A-Z]:\\\\[A-Za-z])`)
)

func TestNothingIsUnfinishedAndNothingNamesAMachine(t *testing.T) {
	t.Parallel()
	faults, err := wordFaults(os.DirFS(root()))
	if err != nil {
		t.Fatal(err)
	}
	report(t, faults)
}

func wordFaults(tree fs.FS) (faults []string, err error) {
	err = walk(tree, func(name, text string) error {
		if strings.Contains(path.Base(name), "package-lock") {
			return nil
		}
		for i, line := range strings.Split(text, "\n") {
			for _, bad := range []*regexp.Regexp{unfinished, machine} {
				if hit := bad.FindString(line); hit != "" {
					faults = append(faults, fmt.Sprintf("%s:%d: %s", name, i+1, strings.TrimSpace(hit)))
				}
			}
		}
		return nil
	})
	return faults, err
}

// The one place for each of three things: the tenant (PostgreSQL), the time (clock), the columns (each named).
var (
	asksTenant = regexp.MustCompile(`tenant_id\s*(=|in)\s*[@$('{]`)
	asksTime   = regexp.MustCompile(`\btime\.(Now|Since|Until)\(`)
	asksAll    = regexp.MustCompile(`(?i)select \*\s+from (app|jobs|insight)\.[a-z_]+\b[^(]`)
)

// measuring may read the machine's clock: they measure durations, wait for servers, or are the clock.
var measuring = regexp.MustCompile(`^pkg/platform/(clock|obs|local|dbtest|cache|jobs)/|^services/`)

func TestNoQueryNamesATenantNoCodeAsksTheMachineForTheTime(t *testing.T) {
	t.Parallel()
	report(t, placeFaults(files(t)))
}

func placeFaults(all []file) (faults []string) {
	for _, f := range all {
		if f.test || !strings.HasPrefix(f.path, "pkg/") || strings.HasPrefix(f.path, "pkg/platform/arch/") {
			continue
		}
		for i, line := range strings.Split(f.text, "\n") {
			at := fmt.Sprintf("%s:%d", f.path, i+1)
			switch {
			case asksTenant.MatchString(line):
				faults = append(faults, at+" names a tenant in a query; row level security does that")
			case asksTime.MatchString(line) && !measuring.MatchString(f.path):
				faults = append(faults, at+" asks the machine for the time; the clock is injected")
			case asksAll.MatchString(line):
				faults = append(faults, at+" reads all columns; name them")
			}
		}
	}
	return faults
}

func TestABadHabitIsFound(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("\tprintln()\n", mostFuncLines)
	for name, c := range map[string]struct{ path, text, fault string }{
		"a long function":              {"pkg/org/a.go", "package org\nfunc f() {\n" + long + "}\n", "has 62 lines"},
		"a long function with reason":  {"pkg/org/a.go", "// Package org is here so that something can be read about it.\npackage org\n\n// f is one table.\n// long: a table reads best in one piece\nfunc f() {\n" + long + "}\n", ""},
		"a long file":                  {"pkg/org/a.go", "package org\n" + strings.Repeat("// x\n", mostLines+1), "lines"},
		"many parameters":              {"pkg/org/a.go", "package org\nfunc f(a, b, c, d int, e, g string) {}\n", "6 parameters"},
		"a bin":                        {"pkg/utils/a.go", "package utils\n", "does not say what the package is for"},
		"no first words":               {"pkg/org/a.go", "package org\n", "does not say in its first lines"},
		"a name that is not the place": {"pkg/org/a.go", "package org2\n", "package org2 in folder org"},
		"something left to do":         {"pkg/org/a.go", "package org\n// TO" + "DO later\n", "TO" + "DO"},
		"a machine's path":             {"Makefile", "x = /ho" + "me/anna/x\n", "/ho" + "me"},
		"a tenant in a query":          {"pkg/org/store.go", "package org\nconst q = `select 1 from app.units where tenant_id = @t`\n", "names a tenant"},
		"the machine's time":           {"pkg/org/service.go", "package org\nvar now = time.Now()\n", "asks the machine"},
		"all columns":                  {"pkg/org/store.go", "package org\nconst q = `select * from app.units u`\n", "reads all columns"},
	} {
		tree := fstest.MapFS{c.path: {Data: []byte(c.text)}}
		all, err := parse(tree)
		if err != nil {
			t.Fatal(err)
		}
		words, err := wordFaults(tree)
		if err != nil {
			t.Fatal(err)
		}
		faults := strings.Join(slices.Concat(sizeFaults(all), nameFaults(all), placeFaults(all), words), "\n")
		if c.fault == "" && faults != "" || !strings.Contains(faults, c.fault) {
			t.Errorf("%s: %q, want %q", name, faults, c.fault)
		}
	}
}
