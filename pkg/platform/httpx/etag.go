package httpx

import (
	"strconv"
	"strings"

	"lyhord/pkg/platform/problem"
)

// ETag writes an entity's version.
func ETag(version int) string { return `"` + strconv.Itoa(version) + `"` }

// Match reads If-Match: the version the change builds on. Missing is 428; anything but one version is 412.
func Match(header string) (int, error) {
	if header == "" {
		return 0, problem.PreconditionRequired()
	}
	v, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(header, "W/"), `"`))
	if err != nil || v < 1 {
		return 0, problem.Stale()
	}
	return v, nil
}
