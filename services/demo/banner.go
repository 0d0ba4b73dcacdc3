//go:build unix

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"lyhord/services/demo/seed"
	"lyhord/tenants"
)

// banner says that everything is ready and how to get in.
func banner(out io.Writer, o options, s *state, cities []tenants.City, took string) {
	fmt.Fprintf(out, "\nLyhörd är redo: %s\n\n", o.url())
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "  Logga in\t%s/app/\tmed en knapp, eller <roll>@<verksamhet>.demo\n", o.url())
	fmt.Fprintf(w, "  Lösenord\t%s\tför alla\n", s.password)
	for _, c := range cities {
		for i, line := range slugs(c) {
			label := "  " + c.Name
			if i > 0 {
				label = ""
			}
			fmt.Fprintf(w, "%s\t%s\n", label, line)
		}
	}
	for i, line := range wrap(roles(cities), 84) {
		label := "  Roller"
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(w, "%s\t%s\n", label, line)
	}
	fmt.Fprintf(w, "  Lämna en synpunkt\t%s/t/\tutan att logga in\n", o.url())
	fmt.Fprintf(w, "  Kvittokod\t%s\tett besvarat ärende i %s\n", s.code.Text(), seed.ShowTenant)
	fmt.Fprintf(w, "  Utskickade mejl\t%s/dev/mail\n", o.url())
	fmt.Fprintf(w, "  Databasen\t. %s; psql \"$LYHORD_DSN_SUPER\"\n", short(s.path(envName)))
	_ = w.Flush()
	fmt.Fprintf(out, "\nStartade på %s. Ctrl-C avslutar; allt finns kvar till nästa gång (FRESH=1 börjar om).\n", took)
}

// slugs are the city's tenants as they stand in a login.
func slugs(c tenants.City) []string {
	all := make([]string, len(c.Tenants))
	for i, t := range c.Tenants {
		all[i] = t.Slug
	}
	return wrap(all, 84)
}

// roles are the keys of people that have a role's name: one for each role, in some tenant.
func roles(cities []tenants.City) []string {
	var all []string
	for _, c := range cities {
		for _, t := range c.Tenants {
			for _, p := range t.People {
				named := slices.ContainsFunc(p.Roles, func(m tenants.Membership) bool { return m.Role == p.Key })
				if named && !slices.Contains(all, p.Key) {
					all = append(all, p.Key)
				}
			}
		}
	}
	return all
}

// wrap puts words with commas between into lines.
func wrap(words []string, width int) []string {
	var lines []string
	line := ""
	for i, word := range words {
		if i < len(words)-1 {
			word += ","
		}
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
