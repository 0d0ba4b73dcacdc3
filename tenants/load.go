package tenants

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

const (
	cityFile  = "city.yaml"
	codesFile = "codes.yaml"
)

// Load reads every city folder of fsys. The error is Problems: everything that is wrong.
func Load(fsys fs.FS) ([]City, error) {
	folders, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	l := &loader{fsys: fsys, slugs: map[string]string{}}
	var cities []City
	for _, folder := range folders {
		if folder.IsDir() {
			cities = append(cities, l.city(folder.Name()))
		}
	}
	if len(l.problems) > 0 {
		return nil, l.problems
	}
	return cities, nil
}

// loader carries what must hold over all files.
type loader struct {
	fsys     fs.FS
	slugs    map[string]string // tenant slug -> file; slugs are in logins and links, so they are unique over all cities
	problems Problems
}

func (l *loader) city(folder string) City {
	var city City
	cityDoc := l.read(path.Join(folder, cityFile), &city)
	city.Slug = folder
	var codes struct {
		Codes Codes `yaml:"codes"`
	}
	codesDoc := l.read(path.Join(folder, codesFile), &codes)
	city.Codes = codes.Codes

	names, docs := l.tenants(&city)
	// The later rules lean on what the earlier ones have made sure of, so a city
	// with broken files is not also blamed for what they would have defined.
	before := len(l.problems)
	l.collect(cityDoc, codesDoc)
	l.collect(docs...)
	if len(l.problems) > before {
		return city
	}
	checkCodes(codesDoc, city.Codes)
	checkCity(cityDoc, city)
	boards := boardSlugs(city)
	for i := range city.Tenants {
		checkTenant(docs[i], city, city.Tenants[i], boards)
		if other, taken := l.slugs[names[i]]; taken {
			docs[i].add("", "förkortningen ”%s” används redan av %s", names[i], other)
		}
		l.slugs[names[i]] = docs[i].file
	}
	for i := range city.Tenants {
		inherit(&city.Tenants[i], city)
		checkSeries(docs[i], city.Tenants[i].NumberPatterns)
	}
	l.collect(cityDoc, codesDoc)
	l.collect(docs...)
	return city
}

// tenants decodes the tenant files of the city, in the order of their names.
func (l *loader) tenants(city *City) (slugs []string, docs []*document) {
	entries, err := fs.ReadDir(l.fsys, city.Slug)
	if err != nil {
		l.problems = append(l.problems, Problem{File: city.Slug, Text: "mappen går inte att läsa"})
		return nil, nil
	}
	for _, e := range entries {
		slug, isYAML := strings.CutSuffix(e.Name(), ".yaml")
		if e.IsDir() || !isYAML || e.Name() == cityFile || e.Name() == codesFile {
			continue
		}
		t := Tenant{}
		docs = append(docs, l.read(path.Join(city.Slug, e.Name()), &t))
		t.Slug, t.City = slug, city.Slug
		slugs = append(slugs, slug)
		city.Tenants = append(city.Tenants, t)
	}
	return slugs, docs
}

func (l *loader) read(file string, target any) *document {
	data, err := fs.ReadFile(l.fsys, file)
	if err != nil {
		return &document{file: file, problems: Problems{{File: file, Text: "filen saknas eller går inte att läsa"}}}
	}
	return decode(file, data, target)
}

func (l *loader) collect(docs ...*document) {
	for _, d := range docs {
		slices.SortStableFunc(d.problems, func(a, b Problem) int { return a.Line - b.Line })
		l.problems = append(l.problems, d.problems...)
		d.problems = nil
	}
}

func boardSlugs(city City) map[string]bool {
	boards := map[string]bool{}
	for _, t := range city.Tenants {
		if t.Kind == KindBoard {
			boards[t.Slug] = true
		}
	}
	return boards
}
