package audit

// words say in Swedish what was done, for the acts that look. Everything else is work on the case.
var words = map[string]string{
	"open-case": "Öppnade ärendet", "open-words": "Öppnade ärendets ord, med skäl", "list-history": "Läste händelserna", "list-reads": "Läste läsloggen",
	"list-cases": "Såg ärendet i en lista", "list-queue": "Såg ärendet i registratorns kö", "list-register": "Såg ärendet i diariet",
	"list-own-reports": "Läste sina egna rapporter", "list-measures": "Såg åtgärder i en lista", "list-consultations": "Såg frågor om samråd",
	"read-receipt": "Öppnade med kvittokod", "report-case": "Rapporterade", "take-down-case": "Tog ner en berättelse", "report-publicly": "Rapporterade i det öppna formuläret",
	"register-case": "Registrerade", "assign-case": "Tilldelade", "extract-log": "Tog ut ur loggen", "list-log-samples": "Läste stickprov", "seed-demo": "Demonstrationens uppgifter",
}

// results say how it went.
var results = map[string]string{"OK": "", "REFUSED": "nekades", "MISSING": "hittades inte"}

// Words says in Swedish what an entry of the trail means.
func Words(action, result string) string {
	text, known := words[action]
	if !known {
		text = "Arbetade i ärendet"
	}
	if how := results[result]; how != "" {
		text += " (" + how + ")"
	}
	return text
}

// ruleTexts say why a reading was drawn.
var ruleTexts = map[string]string{
	"SKYDDAD": "Ärende med skyddade uppgifter", "UTANFOR_ENHET": "Läsning utanför den egna enheten", "UTAN_DEL": "Läsaren hade ingen del i ärendet",
	"NATT": "Läsning på natten (22–06)", "AVSLUTAT": "Läsning av ett ärende som var avslutat sedan mer än 30 dagar", "MANGA_PA_KORT_TID": "Minst 30 ärenden på en timme",
	"EGET_NAMN": "Läsarens eget namn finns i ärendet", "ORDEN_OPPNADE": "Ärendets ord öppnades med skäl", "NEKAD": "Minst fem nekade eller missade försök på en dag", "SLUMP": "Slumpvis vald",
}
