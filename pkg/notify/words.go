package notify

// words are the subject and the text of a mail. They depend on nothing but the template.
func words(t Template, url string) (subject, body string) {
	subject, first := "Nytt att läsa i Lyhörd", "Det finns något nytt för dig att läsa."
	switch t {
	case NewToRead:
	case Decide:
		subject, first = "Ett beslut väntar i Lyhörd", "Någon väntar på ett beslut från dig."
	case Remind:
		subject, first = "Påminnelse från Lyhörd", "Du har något att göra som snart ska vara klart."
	case Late:
		subject, first = "Försenat i Lyhörd", "Du har något att göra som skulle ha varit klart."
	case Escalated:
		subject, first = "Försenat i Lyhörd", "Något i den verksamhet du ansvarar för skulle ha varit klart."
	}
	return subject, first + "\n\nLogga in på " + url + "/app/\n\n" +
		"Av sekretesskäl står det inte här vad det gäller.\n" +
		"Det här mejlet har skickats automatiskt och går inte att svara på.\n"
}
