package db

// AskCatalogue is the check without its exceptions.
var AskCatalogue = askCatalogue

// Exceptions are the reviewed departures: rule, object, reason.
func Exceptions() [][3]string {
	var all [][3]string
	for _, e := range exceptions {
		all = append(all, [3]string{e.rule, e.object, e.reason})
	}
	return all
}

// RuleTexts are the statements of the check.
func RuleTexts() string {
	all := ""
	for _, name := range ruleFiles {
		text, err := rules.ReadFile("catalogue/" + name + ".sql")
		if err != nil {
			panic(err)
		}
		all += string(text) + "\n"
	}
	return all
}
