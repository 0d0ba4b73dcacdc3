package tenants

import "lyhord/pkg/platform/clock"

// Always is the beginning of whatever the files give no beginning.
var Always = clock.NewDate(2000, 1, 1)

// inherit fills in what the tenant leaves out, from its city.
func inherit(t *Tenant, city City) {
	t.Channels = overlay(city.Channels, t.Channels, func(c Channel) string { return c.Code })
	t.Collective = overlay(city.Collective, t.Collective, func(c CollectiveFile) string { return c.Kind })
	t.Texts.WhereToTurn = overlay(city.Texts.WhereToTurn, t.Texts.WhereToTurn, func(w WhereToTurn) string { return w.Key })
	t.Documents = overlay(city.Documents, t.Documents, func(d DocumentTemplate) string { return d.Kind })
	t.Templates = overlay(city.Templates, t.Templates, func(x InvestigationTemplate) string { return x.Version })
	t.Holidays = overlay(city.Holidays, t.Holidays, func(h Holiday) string { return h.Date.String() })

	deadlines := make(map[string]DeadlineRule, len(city.Deadlines))
	for id, rule := range city.Deadlines {
		deadlines[id] = rule
	}
	for id, rule := range t.Deadlines {
		deadlines[id] = rule
	}
	t.Deadlines = deadlines

	orElse(&t.Thresholds.LexInvestigator, city.Thresholds.LexInvestigator)
	orElse(&t.Thresholds.MAS, city.Thresholds.MAS)
	orElse(&t.LexSarah.OwnApproval, city.LexSarah.OwnApproval)
	orElse(&t.LexSarah.HSLCases, city.LexSarah.HSLCases)
	orElse(&t.Decisions, city.Decisions)
	orElse(&t.NumberPatterns.Prefix, city.NumberPatterns.Prefix)
	orElse(&t.NumberPatterns.Class, city.NumberPatterns.Class)
	orElse(&t.NumberPatterns.Case, city.NumberPatterns.Case)
	orElse(&t.NumberPatterns.File, city.NumberPatterns.File)
	orElse(&t.NumberPatterns.Entry, city.NumberPatterns.Entry)
	orElse(&t.NumberPatterns.Own, city.NumberPatterns.Own)
	for i := range t.Collective {
		orElse(&t.Collective[i].Prefix, t.NumberPatterns.Prefix)
		orElse(&t.Collective[i].Class, t.NumberPatterns.Class)
	}
	inheritTexts(&t.Texts, city.Texts)
	for i := range t.People {
		orElse(&t.People[i].Email, t.Login(t.People[i].Key))
	}
	inheritBeginnings(t)
}

// inheritBeginnings: what begins on no particular day has been there as long as the tenant.
func inheritBeginnings(t *Tenant) {
	orElse(&t.ValidFrom, Always)
	for i := range t.Units {
		u := &t.Units[i]
		orElse(&u.ValidFrom, t.ValidFrom)
		for j := range u.Managers {
			orElse(&u.Managers[j].ValidFrom, u.ValidFrom)
		}
	}
	for i := range t.People {
		for j := range t.People[i].Roles {
			orElse(&t.People[i].Roles[j].ValidFrom, t.ValidFrom)
		}
	}
	for i := range t.LocalSubcodes {
		orElse(&t.LocalSubcodes[i].ValidFrom, t.ValidFrom)
	}
}

func inheritTexts(t *Texts, city Texts) {
	orElse(&t.PostalAddress, city.PostalAddress)
	orElse(&t.Email, city.Email)
	orElse(&t.Phone, city.Phone)
	orElse(&t.PublicIntro, city.PublicIntro)
	orElse(&t.PrivacyNotice, city.PrivacyNotice)
	orElse(&t.Whistleblower, city.Whistleblower)
	orElse(&t.Acknowledgement, city.Acknowledgement)
	orElse(&t.DisclosureAppeal, city.DisclosureAppeal)
	orElse(&t.ReportForm, city.ReportForm)
	orElse(&t.InvestigationTemplate, city.InvestigationTemplate)
}

func orElse[T comparable](field *T, fallback T) {
	var zero T
	if *field == zero {
		*field = fallback
	}
}

// overlay is base with the entries of own put in the place of those with the same
// key, and the rest of own after them.
func overlay[T any](base, own []T, key func(T) string) []T {
	at := map[string]int{}
	result := make([]T, 0, len(base)+len(own))
	for _, list := range [][]T{base, own} {
		for _, item := range list {
			if i, ok := at[key(item)]; ok {
				result[i] = item
				continue
			}
			at[key(item)] = len(result)
			result = append(result, item)
		}
	}
	return result
}
