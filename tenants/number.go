package tenants

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// NumberValues are what the placeholders of a pattern stand for.
type NumberValues struct {
	Prefix string
	Class  string
	File   string // dnr of the samlingsakt, for an entry in it
	Year   int
	No     int
}

var placeholder = regexp.MustCompile(`\{([a-z]+)(?::(\d))?\}`)

// Render writes a number by its pattern: "{prefix} {year}/{no:4}" gives "BRO 2026/0017".
func Render(pattern string, v NumberValues) string {
	return placeholder.ReplaceAllStringFunc(pattern, func(match string) string {
		parts := placeholder.FindStringSubmatch(match)
		switch parts[1] {
		case "prefix":
			return v.Prefix
		case "class":
			return v.Class
		case "file":
			return v.File
		case "year":
			return strconv.Itoa(v.Year)
		case "no":
			width, _ := strconv.Atoi(parts[2]) // no width is width 0
			return fmt.Sprintf("%0*d", width, v.No)
		}
		return match
	})
}

// checkPatterns makes sure that two different cases can never get the same number.
func checkPatterns(d *document, p NumberPatterns) {
	for _, one := range []struct {
		field, pattern string
		need           []string
		allowed        []string
	}{
		{"case", p.Case, []string{"no", "year"}, []string{"prefix", "year", "no"}},
		{"file", p.File, []string{"no", "year"}, []string{"prefix", "class", "year", "no"}},
		{"entry", p.Entry, []string{"file", "no"}, []string{"file", "no"}},
		{"own", p.Own, []string{"no", "year"}, []string{"prefix", "class", "year", "no"}},
	} {
		if one.pattern == "" {
			continue // inherited, or reported as missing
		}
		at := "number_patterns." + one.field
		var used []string
		for _, m := range placeholder.FindAllStringSubmatch(one.pattern, -1) {
			used = append(used, m[1])
			d.must(slices.Contains(one.allowed, m[1]), at, "{%s} kan inte användas här; här finns %s", m[1], strings.Join(one.allowed, ", "))
		}
		for _, n := range one.need {
			d.must(slices.Contains(used, n), at, "{%s} saknas; utan det kan två nummer bli lika", n)
		}
		rest := placeholder.ReplaceAllString(one.pattern, "")
		d.must(!strings.ContainsAny(rest, "{}"), at, "”%s” har en klammer som inte är en platshållare", one.pattern)
	}
}

// checkSeries makes sure that numbers of different kinds cannot be taken for one
// another, whether they are counted in one series or in several.
func checkSeries(d *document, p NumberPatterns) {
	same := p.Case == p.File || p.Case == p.Own || p.File == p.Own
	d.must(!same, "number_patterns", "case, file och own ska skilja sig åt, annars kan två olika nummer se likadana ut")
}
