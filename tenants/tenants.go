// Package tenants is the cities and their tenants as data: who they are, how they
// are organised, which code lists, deadlines, numbers and texts hold for them.
//
// One folder per city holds city.yaml (the city), codes.yaml (the code lists the
// city owns) and one <slug>.yaml per tenant. A person edits these files by hand,
// so decoding is strict: whatever is misspelt, misplaced, duplicated or dangling
// gives an error with file, line and field in Swedish, and all of them at once.
//
// What Load returns is resolved: everything a tenant leaves out is filled in from
// its city, so that no reader needs to look in two places.
//
// The package must not touch a database, know any case, or hold a secret (only the
// name of the environment variable that does).
//
// It is tested with one broken file per rule, and by loading the embedded cities
// and holding them against what the product promises of them.
package tenants

import (
	"embed"
	"io/fs"
)

// The folders are embedded whole, so that policy overlays beside a tenant's file come along.
//
//go:embed stockholm linkoping
var files embed.FS

// Files is the embedded configuration as it lies on disk: <city>/<file>.
func Files() fs.FS { return files }

// Embedded loads the cities that are built into the program.
func Embedded() ([]City, error) { return Load(files) }
