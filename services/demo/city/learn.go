package city

import "time"

// finding is a cause with the measures that could answer it.
type finding struct {
	cause    Cause
	measures []measure
}

type measure struct{ title, kind, strength string }

// findings per main code: what investigations of such things usually find. Codes
// without an own list use the general one.
var findings = map[string][]finding{
	"LKM": {
		{Cause{"KOMMUNIKATION_INFORMATION", "BRIST_KOMMUNIKATION", "Uppgiften om läkemedel gick inte vidare vid skiftbytet."}, []measure{
			{"Muntlig överrapportering med signeringslistan framme vid varje skiftbyte", "KOMMUNIKATION", "MEDEL"},
			{"Påminnelse i gruppen om överrapportering", "UTBILDNING", "SVAG"},
		}},
		{Cause{"TEKNIK_UTRUSTNING", "TEKNISKT_FEL", "Den digitala listan visar inte kommande doser tydligt."}, []measure{
			{"Larm i telefonen när en dos inte är signerad inom 30 minuter", "MILJO_TEKNIK", "STARK"},
			{"Felanmälan till leverantören med krav på rättning", "MILJO_TEKNIK", "MEDEL"},
		}},
		{Cause{"UTBILDNING_KOMPETENS", "KUNSKAPSBRIST", "Vikarien hade inte fått genomgång av läkemedelsrutinen."}, []measure{
			{"Bara personal med genomgången introduktion bokas på läkemedel", "BEMANNING", "MEDEL"},
			{"Utbildning i läkemedelsrutinen", "UTBILDNING", "SVAG"},
		}},
	},
	"FAL": {
		{Cause{"TEKNIK_UTRUSTNING", "RUTIN_SAKNAS_EJ_FOLJD", "Larmmattan var inte påslagen."}, []measure{
			{"Larmmattan kopplas så att den inte kan stängas av", "MILJO_TEKNIK", "STARK"},
			{"Kontroll av larm står på kvällens checklista", "RUTIN", "MEDEL"},
		}},
		{Cause{"OMGIVNING_ORGANISATION", "OVRIGT", "Miljön ökade risken: belysning, trösklar och möblering."}, []measure{
			{"Nattbelysning i alla rum och badrum", "MILJO_TEKNIK", "STARK"},
			{"Genomgång av rummet tillsammans med arbetsterapeut", "INSATSANDRING", "MEDEL"},
		}},
		{Cause{"PROCEDURER_RUTINER_RIKTLINJER", "RUTIN_SAKNAS_EJ_FOLJD", "Fallriskbedömningen var inte uppdaterad."}, []measure{
			{"Fallrisk bedöms av teamet vid varje förändring", "RUTIN", "MEDEL"},
			{"Information om fallrisk på arbetsplatsträff", "UTBILDNING", "SVAG"},
		}},
	},
	"UTF": {
		{Cause{"OMGIVNING_ORGANISATION", "TIDSBRIST_BELASTNING", "Planeringen lämnade ingen tid för sjukfrånvaro."}, []measure{
			{"Två personer i reserv varje morgon", "BEMANNING", "MEDEL"},
			{"Planeringen tillåter inte att ett besök tas bort utan ersättare", "MILJO_TEKNIK", "STARK"},
		}},
		{Cause{"KOMMUNIKATION_INFORMATION", "BRIST_KOMMUNIKATION", "Ändringen nådde inte den som skulle göra besöket."}, []measure{
			{"Den enskilde rings upp när ett besök blir mer än 30 minuter sent", "KOMMUNIKATION", "MEDEL"},
			{"Påminnelse om att kvittera ändringar", "UTBILDNING", "SVAG"},
		}},
		{Cause{"PROCEDURER_RUTINER_RIKTLINJER", "RUTIN_SAKNAS_EJ_FOLJD", "Det saknades rutin för uteblivna besök."}, []measure{
			{"Ny rutin för uteblivna och sena besök", "RUTIN", "SVAG"},
			{"Dagligt möte där uteblivna besök gås igenom", "KOMMUNIKATION", "MEDEL"},
		}},
	},
	"BEM": {
		{Cause{"UTBILDNING_KOMPETENS", "KUNSKAPSBRIST", "Personalen saknade stöd i hur svåra samtal kan föras."}, []measure{
			{"Handledning i bemötande under tre månader", "UTBILDNING", "SVAG"},
			{"Chefen är med vid nästa möte och följer upp med den enskilde", "INSATSANDRING", "MEDEL"},
		}},
		{Cause{"PROCEDURER_RUTINER_RIKTLINJER", "RUTIN_SAKNAS_EJ_FOLJD", "Genomförandeplanen beskriver inte vad den enskilde själv vill."}, []measure{
			{"Planen skrivs om tillsammans med den enskilde", "INSATSANDRING", "MEDEL"},
		}},
	},
	"RSH": {
		{Cause{"OMGIVNING_ORGANISATION", "TIDSBRIST_BELASTNING", "Ärendet fördelades inte om när handläggaren slutade."}, []measure{
			{"Systemet flyttar ärenden till gruppledaren när en handläggare är borta", "MILJO_TEKNIK", "STARK"},
			{"Ärendegenomgång varje vecka", "RUTIN", "MEDEL"},
		}},
		{Cause{"PROCEDURER_RUTINER_RIKTLINJER", "RUTIN_SAKNAS_EJ_FOLJD", "Kontrollen före beslut gjordes inte."}, []measure{
			{"Checklista före beslut", "RUTIN", "MEDEL"},
			{"Påminnelse på enhetsmöte", "UTBILDNING", "SVAG"},
		}},
	},
	"MIL": {
		{Cause{"TEKNIK_UTRUSTNING", "TEKNISKT_FEL", "Utrustningen var inte kontrollerad."}, []measure{
			{"Byte till utrustning som larmar när den är ur funktion", "MILJO_TEKNIK", "STARK"},
			{"Provlarm och kontroll varje vecka enligt lista", "RUTIN", "MEDEL"},
		}},
		{Cause{"PROCEDURER_RUTINER_RIKTLINJER", "RUTIN_SAKNAS_EJ_FOLJD", "Det saknades reservrutin vid avbrott."}, []measure{
			{"Utskriven reservlista finns på enheten varje dag", "RUTIN", "MEDEL"},
		}},
	},
	"SAK": {
		{Cause{"OMGIVNING_ORGANISATION", "TIDSBRIST_BELASTNING", "Bemanningen räckte inte för den tillsyn som behövdes."}, []measure{
			{"Ändrat schema så att två alltid är i gemensamma rum på kvällen", "BEMANNING", "MEDEL"},
			{"Dörrlarm som inte kan stängas av utan kod", "MILJO_TEKNIK", "STARK"},
		}},
		{Cause{"UTBILDNING_KOMPETENS", "KUNSKAPSBRIST", "Tidiga tecken på oro uppmärksammades inte."}, []measure{
			{"Utbildning i lågaffektivt bemötande", "UTBILDNING", "SVAG"},
			{"Bedömning av risk i teamet varje vecka", "RUTIN", "MEDEL"},
		}},
	},
	"": {
		{Cause{"PROCEDURER_RUTINER_RIKTLINJER", "RUTIN_SAKNAS_EJ_FOLJD", "Rutinen var inte känd i hela gruppen."}, []measure{
			{"Rutinen gås igenom på arbetsplatsträff", "UTBILDNING", "SVAG"},
			{"Rutinen görs om till en checklista som används varje dag", "RUTIN", "MEDEL"},
		}},
		{Cause{"KOMMUNIKATION_INFORMATION", "BRIST_KOMMUNIKATION", "Det var oklart vem som skulle ge besked."}, []measure{
			{"En namngiven funktion ansvarar för besked", "KOMMUNIKATION", "MEDEL"},
		}},
		{Cause{"OMGIVNING_ORGANISATION", "TIDSBRIST_BELASTNING", "Arbetet var ojämnt fördelat över dagen."}, []measure{
			{"Schemat ändras så att fler är på plats när behovet är störst", "BEMANNING", "MEDEL"},
			{"Chefen går igenom bemanningen varje vecka", "BEMANNING", "STARK"},
		}},
	},
}

// findCauses is the result of an investigation: causes, and for each of them at
// least one measure that was not turned down.
func (k *walk) findCauses() {
	c := k.c
	list := findings[mainOf(c)]
	if list == nil {
		list = findings[""]
	}
	first := k.rng.IntN(len(list))
	count := 1
	if k.rng.IntN(3) == 0 {
		count = min(2, len(list))
	}
	for i := range count {
		f := list[(first+i)%len(list)]
		c.Causes = append(c.Causes, f.cause)
		start := k.rng.IntN(len(f.measures))
		for j := range f.measures {
			m := f.measures[(start+j)%len(f.measures)]
			if j > 0 && k.rng.IntN(3) > 0 {
				continue
			}
			status := "PLANERAD"
			if j > 0 && k.rng.IntN(5) == 0 {
				status = "AVSLAGEN"
			}
			due := k.now.AddDate(0, 0, 14+7*k.rng.IntN(6))
			c.Measures = append(c.Measures, Measure{
				Cause: len(c.Causes) - 1, Title: m.title, Kind: m.kind, Strength: m.strength,
				Status: status, DecidedAt: k.now, DueOn: due,
			})
		}
	}
	c.Background = "Händelsen är utredd tillsammans med dem som var på plats. Dokumentation och planering är genomgångna."
	c.Conclusion = "Det som hände beror på hur arbetet var ordnat, inte på en enskild person. " + c.Causes[0].Text
}

func mainOf(c *Case) string {
	return (&entry{Category: c.Category, CategoryHSL: c.CategoryHSL}).main()
}

// finishMeasures carries the measures out and follows them up, as far as time has
// come, and returns when the last follow-up is (perhaps in the future).
func (k *walk) finishMeasures() time.Time {
	var last time.Time
	for i := range k.c.Measures {
		m := &k.c.Measures[i]
		if m.Status == "AVSLAGEN" {
			continue
		}
		done := workTime(k.rng, m.DecidedAt.Add(time.Duration((4+k.rng.ExpFloat64()*18)*24*float64(time.Hour))))
		checked := workTime(k.rng, later(done, k.now).Add(time.Duration((20+k.rng.IntN(50))*24)*time.Hour))
		last = later(last, checked)
		if k.past(done) {
			m.Status, m.DoneAt = "GENOMFORD", done
		}
		if k.past(checked) {
			m.Status, m.FollowedUpAt = "UPPFOLJD", checked
			m.Method = one(k.rng, "EGENKONTROLL", "SAMTAL_BRUKARE", "OBSERVATION", "STATISTIK", "ARBETSPLATSTRAFF")
			m.Effect, m.EffectNote = k.effectOf(m.Strength)
		}
	}
	return last
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// effectOf: what builds the fault away works more often than what reminds people.
func (k *walk) effectOf(strength string) (effect, note string) {
	yes := map[string]float64{"STARK": 0.78, "MEDEL": 0.5, "SVAG": 0.27}[strength]
	switch draw := k.rng.Float64(); {
	case draw < yes:
		return "JA", "Det har inte hänt igen."
	case draw < yes+0.3:
		return "DELVIS", "Det har blivit bättre men hänt vid enstaka tillfällen."
	}
	return "NEJ", "Ingen skillnad syns än. Ny åtgärd behövs."
}
