package seed

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/register"
	"lyhord/tenants"
)

// entry is a number to be drawn: for a case in its collective file, or for the case's own file.
type entry struct {
	at  time.Time
	own bool
	r   *record
}

// file is an open collective file.
type file struct {
	id   uuid.UUID
	dnr  string
	last int
}

// diary draws all numbers of a tenant in the order in which they were given, as the register would have: one series for
// files of either sort, and one within each collective file.
type diary struct {
	s     *sheet
	dnr   map[int]int              // last number of the DNR series by year
	files map[string]map[int]*file // by kind and year
}

func (s *sheet) diary() {
	var all []entry
	for _, r := range s.cases {
		if !r.RegisteredAt.IsZero() {
			all = append(all, entry{r.RegisteredAt, false, r})
		}
		if !r.numberedAt.IsZero() {
			all = append(all, entry{r.numberedAt, true, r})
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return a.at.Compare(b.at) })
	d := &diary{s: s, dnr: map[int]int{}, files: map[string]map[int]*file{}}
	for _, e := range all {
		if e.own {
			d.ownFile(e)
		} else {
			d.collective(e)
		}
	}
	d.counters()
}

// collective enters a case in the year's collective file, which its first case opens.
func (d *diary) collective(e entry) {
	o := d.s.office
	kind, year := string(register.KindFor(e.r.registeredType())), clock.DateIn(e.at).Year()
	names := o.collectiveFile(kind)
	if d.files[kind] == nil {
		d.files[kind] = map[int]*file{}
	}
	f := d.files[kind][year]
	if f == nil {
		f = &file{id: newID(e.at, fmt.Sprintf("%s/file/%s/%d", o.Slug, kind, year))}
		f.dnr = tenants.Render(o.NumberPatterns.File, o.numbers(names, year, d.draw(year)))
		d.files[kind][year] = f
		d.s.add(inFiles, f.id, kind, year, f.dnr, names.Name, e.at)
	}
	f.last++
	v := o.numbers(names, year, f.last)
	v.File = f.dnr
	e.r.entryNo = tenants.Render(o.NumberPatterns.Entry, v)
	d.enter(e, f.id, f.last, e.r.entryNo)
}

// ownFile gives a complicated case a file and a number of its own.
func (d *diary) ownFile(e entry) {
	o := d.s.office
	year := clock.DateIn(e.at).Year()
	dnr := tenants.Render(o.NumberPatterns.Own, o.numbers(tenants.CollectiveFile{}, year, d.draw(year)))
	id := newID(e.at, e.r.name+"/own-file")
	d.s.add(inFiles, id, string(register.Own), year, dnr, e.r.Subject, e.at)
	e.r.ownDNR = dnr
	d.enter(e, id, 1, dnr)
}

func (d *diary) draw(year int) int {
	d.dnr[year]++
	return d.dnr[year]
}

// enter writes the register's row with both views and the marking of secrecy.
func (d *diary) enter(e entry, fileID uuid.UUID, serial int, number string) {
	o, r := d.s.office, e.r
	var voidedAt, reason any
	if r.State == "void" {
		voidedAt, reason = r.step("T26").At, "Makulerad"
	}
	registrator, _ := o.role("registrator")
	caseType := r.registeredType()
	d.s.add(inEntries, newID(e.at, r.name+"/entry/"+number), r.id, fileID, serial, number, "INKOMMEN", date(r.receivedOn),
		o.cfg.CodeLabel(tenants.ListSenderRole, r.SenderRole), r.Subject, o.cfg.CodeLabel(tenants.ListCaseType, caseType),
		o.Secrecy.Law, date(clock.DateIn(r.RegisteredAt)), o.Secrecy.Authority, registrator, e.at, voidedAt, reason)
}

// counters are where the product's register goes on.
func (d *diary) counters() {
	for year, last := range d.dnr {
		d.s.add(inCounters, "DNR", year, last)
	}
	for _, byYear := range d.files {
		for year, f := range byYear {
			d.s.add(inCounters, "FILE:"+f.id.String(), year, f.last)
		}
	}
}

// registeredType is the type at registration: a report under lex Sarah stays in its file when it turns out to be none.
func (r *record) registeredType() string {
	if r.did("T23") {
		return "LEX_SARAH"
	}
	return r.Type
}

func (o *office) collectiveFile(kind string) tenants.CollectiveFile {
	for _, f := range o.Collective {
		if f.Kind == kind {
			return f
		}
	}
	return tenants.CollectiveFile{Kind: kind, Name: kind}
}

// numbers are the values of the tenant's patterns; a collective file may have a prefix and a class of its own.
func (o *office) numbers(f tenants.CollectiveFile, year, no int) tenants.NumberValues {
	v := tenants.NumberValues{Prefix: o.NumberPatterns.Prefix, Class: o.NumberPatterns.Class, Year: year, No: no}
	if f.Prefix != "" {
		v.Prefix = f.Prefix
	}
	if f.Class != "" {
		v.Class = f.Class
	}
	return v
}
