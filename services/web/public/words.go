package public

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"lyhord/pkg/platform/clock"
	"lyhord/services/web/locales"
)

// words are the texts of one language.
type words map[string]string

func load(lang string) (words, error) {
	raw, err := locales.Files.ReadFile("public." + lang + ".json")
	if err != nil {
		return nil, err
	}
	w := words{}
	if err := json.Unmarshal(raw, &w); err != nil {
		return nil, fmt.Errorf("public.%s.json: %w", lang, err)
	}
	return w, nil
}

// say gives a text with its placeholders filled: say("form.count", "n", 1, "av", 4). A key that does not exist stops
// the page; the tests visit them all.
func (w words) say(key string, pairs ...any) (string, error) {
	text, ok := w[key]
	if !ok {
		return "", fmt.Errorf("no text %q", key)
	}
	if len(pairs) == 1 { // a fault brings its pairs as one list
		pairs, _ = pairs[0].([]any)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%v}", pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	return text, nil
}

// count gives the form of a text that fits the number.
func (w words) count(key string, n int) (string, error) {
	form := "_other"
	if n == 1 {
		form = "_one"
	}
	return w.say(key+form, "n", n)
}

var weekdays = [...]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// day is a date with its weekday: "tisdag 24 november 2026".
func (w words) day(d clock.Date) string {
	return w["date."+weekdays[d.Weekday()]] + " " + w.date(d)
}

// date is a date as one writes it: "24 november 2026".
func (w words) date(d clock.Date) string {
	return strconv.Itoa(d.Day()) + " " + w["date."+strconv.Itoa(int(d.Month()))] + " " + strconv.Itoa(d.Year())
}

// moment is a date with the time of day in Stockholm: "24 november 2026 14:05".
func (w words) moment(t time.Time) string {
	return w.date(clock.DateIn(t)) + " " + hour(t)
}

func hour(t time.Time) string { return t.In(clock.Stockholm).Format("15:04") }
