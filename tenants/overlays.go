package tenants

import (
	"io/fs"
	"path"
	"strings"
)

// Overlays reads the tenants' policy overlays, <city>/<tenant>.policy.csv, by tenant slug. A tenant without one has none.
func Overlays() (map[string]string, error) {
	names, err := fs.Glob(files, "*/*.policy.csv")
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, n := range names {
		text, err := fs.ReadFile(files, n)
		if err != nil {
			return nil, err
		}
		out[strings.TrimSuffix(path.Base(n), ".policy.csv")] = string(text)
	}
	return out, nil
}
