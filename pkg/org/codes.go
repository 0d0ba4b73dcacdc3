package org

import (
	"slices"

	"lyhord/pkg/platform/clock"
	"lyhord/tenants"
)

// Code is one choice in a list, as the app shows it.
type Code struct {
	Code      string  `json:"code"`
	Label     string  `json:"label"`
	Parent    *string `json:"parent" doc:"Huvudkod, för en underkod"`
	Help      string  `json:"help,omitempty"`
	NeedsText bool    `json:"needs_text,omitempty" doc:"Valet säger inget utan ord"`
	Off       bool    `json:"off,omitempty" doc:"En väg in som organisationen inte använder"`
}

// Codes are all lists, the chips of the staff form, and the words for the states of a case.
type Codes struct {
	Lists           map[string][]Code `json:"lists"`
	QuickCategories []Code            `json:"quick_categories" doc:"Högst åtta snabbval för personens område"`
	StateLabels     map[string]string `json:"state_labels"`
}

// fixed are lists whose codes the schema itself allows and refuses, so no city can change them. A test compares both.
var fixed = map[string][]Code{
	"harm": {
		{Code: "OKANT", Label: "Vet inte"},
		{Code: "NEJ", Label: "Nej"},
		{Code: "KUNDE_HA_HANT", Label: "Kunde ha hänt"},
		{Code: "LINDRIG", Label: "Ja, lindrigt"},
		{Code: "ALLVARLIG", Label: "Ja, allvarligt"},
	},
	"measure_kind": {
		{Code: "RUTIN", Label: "Ny eller ändrad rutin"},
		{Code: "UTBILDNING", Label: "Utbildning eller handledning"},
		{Code: "BEMANNING", Label: "Bemanning eller schema"},
		{Code: "MILJO_TEKNIK", Label: "Fysisk miljö eller teknik"},
		{Code: "INSATSANDRING", Label: "Ändring i pågående insats"},
		{Code: "KOMMUNIKATION", Label: "Information eller samverkan"},
		{Code: "OVRIG", Label: "Annan åtgärd"},
	},
	"feedback_method": {
		{Code: "SAMTAL", Label: "Samtal"},
		{Code: "TELEFON", Label: "Telefon"},
		{Code: "BREV", Label: "Brev"},
		{Code: "EPOST", Label: "E-post"},
		{Code: "MOTE", Label: "Möte"},
		{Code: "KOD", Label: "Svarssida med kod"},
		{Code: "EJ_MOJLIGT", Label: "Gick inte att återföra"},
	},
	"wants_reply": {
		{Code: "NEJ", Label: "Vill inte ha svar"},
		{Code: "KOD", Label: "Svar med kod"},
		{Code: "EPOST", Label: "E-post"},
		{Code: "TELEFON", Label: "Telefon"},
		{Code: "BREV", Label: "Brev"},
	},
}

// quick are the chips of the staff form: what happens most in each area. A code a city does not have is left out.
var quick = map[string][]string{
	"ALDREOMSORG":          {"UTF.UTEBLIVEN", "UTF.FORSENAD", "FAL", "LKM", "BEM", "MIL.TRYGGHETSLARM", "MAT", "DOK"},
	"FUNKTIONSNEDSATTNING": {"UTF.UTEBLIVEN", "UTF.AVSTEG_PLAN", "BEM", "LKM", "SAK", "FAL", "KOM", "DOK"},
	"SOCIALPSYKIATRI":      {"UTF.UTEBLIVEN", "BEM", "LKM", "SAK", "RSH.UTAN_LAGSTOD", "KOM", "ARB", "DOK"},
	"IFO_BARN":             {"RSH.HANDLAGGNINGSTID", "RSH.UTREDNING", "RSH.BARN", "BEM", "KOM", "SAK", "ARB", "DOK"},
	"IFO_VUXEN":            {"RSH.HANDLAGGNINGSTID", "RSH.UTREDNING", "UTF", "BEM", "KOM", "SAK", "ARB", "DOK"},
	"EKONOMISKT_BISTAND":   {"RSH.HANDLAGGNINGSTID", "RSH.UTREDNING", "BEM", "KOM.NABARHET", "KOM.BRUKARE", "SAK", "ARB", "DOK"},
	"FAMILJERATT":          {"RSH.HANDLAGGNINGSTID", "RSH.OPARTISKHET", "RSH.BARN", "RSH.UTREDNING", "BEM", "KOM", "ARB", "DOK"},
	"":                     {"UTF", "BEM", "RSH", "KOM", "DOK", "ARB", "MIL", "SAK"},
}

// listAlias is what the app calls a list that the code file calls otherwise.
var listAlias = map[string]string{tenants.ListCategorySoL: "category"}

// codes lays the tenant's lists out for a person of an area.
func (c Config) codes(area string, today clock.Date) Codes {
	out := Codes{Lists: map[string][]Code{}, QuickCategories: []Code{}, StateLabels: map[string]string{}}
	for name, list := range fixed {
		out.Lists[name] = list
	}
	for _, l := range c.Codes {
		name := l.List
		if alias, ok := listAlias[name]; ok {
			name = alias
		}
		out.Lists[name] = c.list(l, today)
	}
	for _, code := range out.Lists[tenants.ListCaseState] {
		out.StateLabels[code.Code] = code.Label
	}
	choice, ok := quick[area]
	if !ok {
		choice = quick[""]
	}
	for _, full := range choice {
		for _, list := range []string{tenants.ListCategorySoL, tenants.ListCategoryHSL} {
			if c.Codes.Has(list, full) {
				out.QuickCategories = append(out.QuickCategories, Code{Code: full, Label: c.Codes.Label(list, full)})
			}
		}
	}
	return out
}

// list is the city's list with the tenant's own refinements, each after its parent. Codes past their last day are left out.
func (c Config) list(l tenants.CodeList, today clock.Date) []Code {
	out := []Code{}
	l.Walk(func(full, parent string, code tenants.Code) {
		if !current(code.ValidFrom, code.ValidTo, today) {
			return
		}
		one := Code{Code: full, Label: code.Label, Help: code.Help, NeedsText: code.NeedsText}
		if parent != "" {
			one.Parent = &parent
		}
		one.Off = l.List == tenants.ListChannel && !c.ChannelOn(full)
		out = append(out, one)
	})
	for _, s := range c.Tenant.LocalSubcodes {
		if s.List != l.List || !current(s.ValidFrom, s.ValidTo, today) {
			continue
		}
		at := slices.IndexFunc(out, func(o Code) bool { return o.Code == s.Parent })
		if at < 0 {
			continue
		}
		for at+1 < len(out) && out[at+1].Parent != nil && *out[at+1].Parent == s.Parent {
			at++
		}
		parent := s.Parent
		out = slices.Insert(out, at+1, Code{Code: s.Full(), Label: s.Label, Parent: &parent})
	}
	return out
}

func current(from, to, today clock.Date) bool {
	return !today.Before(from) && (to.IsZero() || !today.After(to))
}
