//go:build unix

package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// ErrNoRedis names the package and the command, in one line.
var ErrNoRedis = errors.New("no redis-server or valkey-server found: install the Debian package redis-server (`apt-get install redis-server`)")

// redisProgram is a server program and the environment it needs.
type redisProgram struct {
	path string
	env  []string
}

// findRedis looks on PATH, then for a copy fetched earlier, and last fetches
// Debian's package into a folder of ours: unpacking needs no root and changes
// nothing on the machine.
func findRedis(ctx context.Context, stateDir string) (redisProgram, error) {
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return redisProgram{path: path}, nil
		}
	}
	dir := fetchDir(stateDir)
	if p, err := unpackedRedis(ctx, dir); err == nil {
		return p, nil
	}
	lock, err := Lock(ctx, dir+".lock")
	if err != nil {
		return redisProgram{}, err
	}
	defer lock.Unlock()
	if p, err := unpackedRedis(ctx, dir); err == nil {
		return p, nil // somebody else fetched it meanwhile
	}
	if err := fetchRedis(ctx, dir); err != nil {
		return redisProgram{}, fmt.Errorf("%w (fetching it without installing failed: %w)", ErrNoRedis, err)
	}
	return unpackedRedis(ctx, dir)
}

// fetchDir is in the user's cache, so that a fresh state folder does not fetch
// again; without a home it is in the state folder.
func fetchDir(stateDir string) string {
	if cache, err := os.UserCacheDir(); err == nil {
		dir := filepath.Join(cache, "lyhord")
		if os.MkdirAll(dir, 0o700) == nil {
			return filepath.Join(dir, "redis")
		}
	}
	return filepath.Join(stateDir, "redis-program")
}

// unpackedRedis is the program in the folder, if it runs there.
func unpackedRedis(ctx context.Context, dir string) (redisProgram, error) {
	libs, _ := filepath.Glob(filepath.Join(dir, "usr", "lib", "*-linux-*"))
	more, _ := filepath.Glob(filepath.Join(dir, "lib", "*-linux-*"))
	p := redisProgram{
		path: filepath.Join(dir, "usr", "bin", "redis-server"),
		env:  []string{"LD_LIBRARY_PATH=" + strings.Join(append(libs, more...), ":")},
	}
	cmd := exec.CommandContext(ctx, p.path, "--version")
	cmd.Env = append(serverEnv(), p.env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return p, fmt.Errorf("%w: %s", err, strings.TrimSpace(string(out)))
	}
	return p, nil
}

// fetchRedis downloads and unpacks redis-server with the libraries that this
// machine lacks, beside the final place, then renames.
func fetchRedis(ctx context.Context, dir string) error {
	for _, tool := range []string{"apt-get", "dpkg"} {
		if _, err := exec.LookPath(tool); err != nil {
			return err
		}
	}
	building := dir + ".new"
	if err := os.RemoveAll(building); err != nil {
		return err
	}
	debs := filepath.Join(building, "debs")
	if err := os.MkdirAll(debs, 0o700); err != nil {
		return err
	}
	defer os.RemoveAll(building)
	var options []string
	names, err := missingPackages(ctx, options)
	if err != nil { // a machine whose package lists were thrown away: get our own
		if options, err = ownPackageLists(ctx, filepath.Join(building, "apt")); err != nil {
			return err
		}
		if names, err = missingPackages(ctx, options); err != nil {
			return err
		}
	}
	if _, err := run(ctx, debs, "apt-get", slices.Concat(options, []string{"download"}, names)...); err != nil {
		return err
	}
	files, _ := filepath.Glob(filepath.Join(debs, "*.deb"))
	for _, f := range files {
		if _, err := run(ctx, debs, "dpkg", "-x", f, filepath.Join(building, "root")); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(filepath.Join(building, "root"), dir)
}

var packageURI = regexp.MustCompile(`(?m)^'[^']+' ([a-z0-9.+-]+)_`)

// missingPackages asks apt what an installation would download.
func missingPackages(ctx context.Context, options []string) ([]string, error) {
	out, err := run(ctx, "/", "apt-get", slices.Concat(options,
		[]string{"install", "--print-uris", "-qq", "-y", "--no-install-recommends", "--reinstall", "redis-server", "redis-tools"})...)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range packageURI.FindAllStringSubmatch(out, -1) {
		names = append(names, m[1])
	}
	if len(names) == 0 {
		return nil, errors.New("apt offers no redis-server")
	}
	return names, nil
}

// ownPackageLists runs apt-get update into a folder of ours.
func ownPackageLists(ctx context.Context, dir string) ([]string, error) {
	for _, d := range []string{"lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			return nil, err
		}
	}
	options := []string{
		"-o", "Dir::State::lists=" + filepath.Join(dir, "lists"),
		"-o", "Dir::Cache=" + filepath.Join(dir, "cache"),
		"-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=",
	}
	_, err := run(ctx, "/", "apt-get", slices.Concat(options, []string{"update", "-qq"})...)
	return options, err
}

func run(ctx context.Context, dir, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", program, args[len(args)-1], err, oneLine(stderr.String()))
	}
	return string(out), nil
}
