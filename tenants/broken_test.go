package tenants

const smallFile = "stockholm/prov.yaml"

// brokenFiles are the small city with one thing wrong in each, and what must be said about it.
var brokenFiles = []struct {
	name            string
	file, old, text string // what is changed
	on              string // the text whose line must be named; empty where the line does not matter
	field, says     string // the field that must be named and part of what must be said
}{
	{"a misspelt field", smallFile, "short_name: Prov", "shortname: Prov\nshort_name: Prov", "shortname:", "shortname", "okänt fält ”shortname”"},
	{"a misspelt field in a list", smallFile, "title: Registrator", "titel: Registrator, title: Registrator", "key: registrator", "people[4].titel", "okänt fält ”titel”"},
	{"a number for text", smallFile, "name: Huset", "name: 17", "name: 17", "units[2].name", "ska vara text"},
	{"text for a number", smallFile, "regi: EGEN_REGI", "regi: EGEN_REGI\n    clients: många", "clients:", "units[2].clients", "ska vara ett heltal"},
	{"text for yes or no", smallFile, "public_form: true", "public_form: ja", "public_form", "public_form", "ska vara true eller false"},
	{"a list for text", smallFile, "name: Huset", "name: [Huset]", "name: [Huset]", "units[2].name", "inte en lista"},
	{"text for a list", smallFile, "areas: [ALDREOMSORG]", "areas: ALDREOMSORG", "areas:", "areas", "ska vara en lista"},
	{"an empty value", smallFile, "  logo_text: Prov", "  logo_text:", "logo_text:", "theme.logo_text", "värdet saknas"},
	{"a field said twice", smallFile, "kind: BOARD", "kind: BOARD\nkind: BOARD # igen", "# igen", "kind", "står två gånger"},
	{"a day that does not exist", smallFile, "valid_to: 2025-12-31", "valid_to: 2025-12-32", "valid_to: 2025-12-32", "units[2].managers[0].valid_to", "inte ett datum"},
	{"an anchor", smallFile, "name: Huset", "name: &namn Huset", "name: &namn", "units[2].name", "ankare"},
	{"broken YAML", smallFile, "areas: [ALDREOMSORG]", "areas: [ALDREOMSORG", "", "", "går inte att läsa som YAML"},

	{"an unknown code", smallFile, "type: VARD_OCH_OMSORGSBOENDE", "type: SLOTT", "type: SLOTT", "units[2].type", "”SLOTT” finns inte i kodlistan unit_type"},
	{"an area the tenant lacks", smallFile, "    area: ALDREOMSORG", "    area: IFO_BARN", "area: IFO_BARN", "units[2].area", "står inte bland organisationens områden"},
	{"an unknown kind", smallFile, "kind: BOARD", "kind: FORENING", "kind: FORENING", "kind", "inte ett av BOARD"},
	{"a unit twice", smallFile, "slug: huset", "slug: aldreomsorg\n    name: Dubbel\n    kind: AVDELNING\n    parent: forvaltningen\n    managers: [{person: mellan}]\n  - slug: huset", "slug: aldreomsorg\n    name: Dubbel", "units[2].slug", "används redan i units[1].slug"},
	{"an unknown parent", smallFile, "parent: aldreomsorg", "parent: aldreomsorgen", "parent: aldreomsorgen", "units[2].parent", "”aldreomsorgen” finns inte"},
	{"a department below a unit", smallFile, "people:\n", "  - {slug: vaning, name: Våningen, kind: AVDELNING, parent: huset, managers: [{person: hog}]}\npeople:\n", "vaning", "units[3].parent", "en avdelning kan inte ligga under"},
	{"an unknown manager", smallFile, "{person: mellan}", "{person: melan}", "person: melan", "units[1].managers[0].person", "”melan” finns inte"},
	{"a manager without the role", smallFile, "{person: mellan}", "{person: registrator}", "person: registrator", "units[1].managers[0].person", "har inte rollen chef"},
	{"no manager", smallFile, "    managers: [{person: mellan}]\n", "", "slug: aldreomsorg", "units[1].managers", "varje enhet har en chef"},
	{"two managers at once", smallFile, "valid_to: 2025-12-31", "valid_to: 2026-06-30", "valid_from: 2026-01-01", "units[2].managers[1].valid_from", "chefer samtidigt"},
	{"a time that ends before it begins", smallFile, "valid_from: 2026-01-01", "valid_from: 2026-01-01, valid_to: 2025-01-01", "valid_to: 2025-01-01", "units[2].managers[1].valid_to", "innan den börjar"},
	{"a unit without regi", smallFile, "    regi: EGEN_REGI\n", "", "slug: huset", "units[2].regi", "saknas"},
	{"a board that works for a board", smallFile, "    regi: EGEN_REGI\n", "    regi: EGEN_REGI\n    commissioned_by: [prov]\n", "commissioned_by", "units[2].commissioned_by", "bara en utförare"},

	{"a login twice", smallFile, "{key: registrator", "{key: ny", "key: ny, name: Ida", "people[4].key", "används redan"},
	{"a login that cannot be typed", smallFile, "{key: registrator", "{key: Registratör", "Registratör", "people[4].key", "duger inte som inloggning"},
	{"an unknown role", smallFile, "{role: registrator}", "{role: kung}", "role: kung", "people[4].roles[0].role", "”kung” finns inte i kodlistan role"},
	{"a role in an unknown unit", smallFile, "{role: registrator}", "{role: registrator, unit: tornet}", "unit: tornet", "people[4].roles[0].unit", "”tornet” finns inte"},
	{"a person without roles", smallFile, "roles: [{role: registrator}]", "roles: []", "key: registrator", "people[4].roles", "saknas"},
	{"the operator in a board", smallFile, "{role: registrator}", "{role: operator}", "role: operator", "people[4].roles[0].role", "driftrollen"},

	{"no board", smallFile, "board_name: Prov stadsdelsnämnd\n", "", "", "board_name", "lyder under en nämnd"},
	{"a board without marking", smallFile, "marking: true", "marking: false", "marking: false", "secrecy.marking", "en nämnd sekretessmarkerar"},
	{"no name", smallFile, "name: Prov stadsdelsförvaltning\n", "", "", "name", "saknas"},
	{"an organisation number with a slip", smallFile, "212000-0142", "212000-142", "212000-142", "org_number", "inte ett organisationsnummer"},
	{"a colour too light for white", smallFile, "#0f6b4f", "#8fd0b5", "accent_colour", "theme.accent_colour", "för ljus mot vitt"},
	{"a colour that is none", smallFile, "#0f6b4f", "grön", "accent_colour", "theme.accent_colour", "#rrggbb"},
	{"a number pattern without number", smallFile, "prefix: PRV", "prefix: PRV\n  own: \"{prefix} {year}\"", "own:", "number_patterns.own", "{no} saknas"},
	{"a number pattern with an unknown part", smallFile, "prefix: PRV", "prefix: PRV\n  own: \"{prefix} {year}/{no} {hus}\"", "own:", "number_patterns.own", "{hus} kan inte användas"},
	{"two kinds of number that look the same", smallFile, "prefix: PRV", "prefix: PRV\n  file: \"{prefix} {year}/{no}\"", "number_patterns", "number_patterns", "ska skilja sig åt"},
	{"a referral of a channel to nowhere", smallFile, "secrecy:", "channels: [{code: SMS, state: refer}]\nsecrecy:", "channels:", "channels[0].text", "måste säga vart"},
	{"an unknown deadline", smallFile, "secrecy:", "deadlines:\n  lunch: {amount: 1, unit: HOUR}\nsecrecy:", "lunch:", "deadlines.lunch", "okänd tidsgräns ”lunch”"},
	{"a deadline in moons", smallFile, "secrecy:", "deadlines:\n  register: {amount: 1, unit: MOON}\nsecrecy:", "unit: MOON", "deadlines.register.unit", "inte ett av WORKING_DAY"},
	{"a warning before the start", smallFile, "secrecy:", "deadlines:\n  register: {amount: 1, unit: HOUR, warn_before: 2}\nsecrecy:", "warn_before", "deadlines.register.warn_before", "innan tiden börjar"},
	{"a risk that cannot be", smallFile, "secrecy:", "thresholds:\n  mas: {risk: 17}\nsecrecy:", "risk: 17", "thresholds.mas.risk", "17 är inte ett riskvärde"},
	{"a local code that is the city's", smallFile, "secrecy:", "local_subcodes: [{list: category, parent: UTF, code: FEL, label: Fel}]\nsecrecy:", "local_subcodes", "local_subcodes[0].code", "ägs av staden"},
	{"a local code beneath nothing", smallFile, "secrecy:", "local_subcodes: [{list: category, parent: UFT, code: NATT, label: Natt}]\nsecrecy:", "local_subcodes", "local_subcodes[0].parent", "”UFT” finns inte"},
	{"a predecessor that is still there", smallFile, "secrecy:", "valid_from: 2023-07-01\npredecessors: [{slug: gammal, name: Gammal, valid_to: 2023-07-01}]\nsecrecy:", "predecessors", "predecessors[0].valid_to", "slutar inte innan"},
	{"a secret in the file", smallFile, "secrecy:", "oidc: {issuer: \"https://login.exempel.se\", client_id: lyhord, login_claim: sub, client_secret_env: hemlig-hemlig}\nsecrecy:", "oidc:", "oidc.client_secret_env", "skriv aldrig hemligheten här"},
	{"a routine step that is none", smallFile, "secrecy:", "routine: {title: Rutin, version: \"1\", sections: [{key: a, heading: A, text: A, steps: [T31]}]}\nsecrecy:", "routine:", "routine.sections[0].steps[0]", "inte ett steg"},

	{"a code twice", "stockholm/codes.yaml", "{code: DELVIS, label: Delvis}", "{code: JA, label: Delvis}", "{code: JA, label: Delvis}", "", "används redan"},
	{"a code in small letters", "stockholm/codes.yaml", "{code: DELVIS, label: Delvis}", "{code: delvis, label: Delvis}", "code: delvis", "", "duger inte som kod"},
	{"a code without label", "stockholm/codes.yaml", "{code: DELVIS, label: Delvis}", "{code: DELVIS}", "{code: DELVIS}", "", "saknas"},
	{"a city rule that is missing", "stockholm/city.yaml", "  consult:           {amount: 2, unit: WORKING_DAY, warn_before: 1, escalate_after: 2}\n", "", "deadlines:", "deadlines", "tidsgränsen consult saknas"},
	{"a channel that is forgotten", "stockholm/city.yaml", "  - {code: SMS, state: \"on\"}\n", "", "channels:", "channels", "kanalen SMS saknas"},
	{"two wordings of a law at once", "stockholm/city.yaml", "    about: Verksamheten ska vara av god kvalitet\n    valid_from: 2002-01-01\n    valid_to: 2025-06-30\n", "    about: Verksamheten ska vara av god kvalitet\n    valid_from: 2002-01-01\n", "", "legal[6].key", "gäller samtidigt"},
	{"a button for nothing", "stockholm/city.yaml", "FAMILJERATT: [RSH.OPARTISKHET,", "FAMILJERATT: [RSH.OPARTISK,", "FAMILJERATT: [RSH", "quick_categories.FAMILJERATT[0]", "”RSH.OPARTISK” finns inte"},
	{"30 February each year", "stockholm/city.yaml", "date: \"03-01\"", "date: \"02-30\"", "date: \"02-30\"", "yearly_dates[1].date", "mm-dd"},
}
