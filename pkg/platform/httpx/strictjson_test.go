package httpx

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"lyhord/pkg/platform/problem"
)

type strictPerson struct {
	Name string `json:"name"`
	Age  int8   `json:"age,omitempty"`
}

type strictBase struct {
	TenantID string `json:"tenant_id"`
}

type strictBody struct {
	strictBase
	Title   string            `json:"title"`
	Urgent  *bool             `json:"urgent"`
	Weight  float64           `json:"weight"`
	Count   uint16            `json:"count"`
	Day     time.Time         `json:"day"`
	Ref     uuid.UUID         `json:"ref"`
	People  []strictPerson    `json:"people"`
	Pair    [2]int            `json:"pair"`
	Labels  map[string]string `json:"labels"`
	Free    any               `json:"free"`
	Raw     []byte            `json:"raw"`
	Secret  string            `json:"-"`
	private string            //lint:ignore U1000 there to show that it cannot be written from outside
}

func TestAGoodBodyIsDecodedWhole(t *testing.T) {
	var b strictBody
	err := Unmarshal([]byte(` {"tenant_id":"t","title":"Fo\u0308rsta\tra\u030aden\n","urgent":true,"weight":1.5,"count":65535,
		"day":"2026-03-29T01:00:00Z","ref":"0198c0de-0000-7000-8000-000000000001","people":[{"name":"A","age":-3},{"name":"B"}],
		"pair":[1,2],"labels":{"a b":"c"},"free":{"x":[1,null]},"raw":"aGVq"} `), &b)
	if err != nil {
		t.Fatal(err, problem.From(err).Fields)
	}
	if b.Title != "Första\tråden\n" || !*b.Urgent || b.Count != 65535 || b.People[0].Age != -3 || b.TenantID != "t" ||
		string(b.Raw) != "hej" || b.Day.IsZero() || b.Labels["a b"] != "c" || b.Pair != [2]int{1, 2} {
		t.Errorf("%+v", b)
	}
	if err := Unmarshal([]byte(`{"title":null,"urgent":null,"people":null}`), &b); err != nil {
		t.Errorf("null is allowed: %v", err)
	}
}

func TestASchemaValidatorGetsPlainValues(t *testing.T) {
	var v any
	if err := Unmarshal([]byte(`{"a":[1,2.5,"e\u0301",true,null,{"b":-7}]}`), &v); err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(v)
	if string(got) != `{"a":[1,2.5,"é",true,null,{"b":-7}]}` {
		t.Errorf("%s", got)
	}
	if _, ok := v.(map[string]any)["a"].([]any)[0].(float64); !ok {
		t.Error("numbers must be float64 there")
	}
}

// jsonCanary is what nothing may echo.
const jsonCanary = "Kanariefågel-19121212"

func TestBadBodiesAreRefusedAndNothingIsEchoed(t *testing.T) {
	deep := strings.Repeat("[", MaxJSONDepth+1) + strings.Repeat("]", MaxJSONDepth+1)
	for _, c := range []struct{ name, json, pointer, text string }{
		{"a key twice", `{"title":"` + jsonCanary + `","title":"b"}`, "/title", "Fältet finns två gånger."},
		{"a key twice below", `{"people":[{"name":"a"},{"name":"` + jsonCanary + `","name":"c"}]}`, "/people/1/name", "Fältet finns två gånger."},
		{"a key twice in another case", `{"tenant_id":"mine","Tenant_Id":"` + jsonCanary + `"}`, "/Tenant_Id", "Fältet finns två gånger."},
		{"a key twice by the long s", `{"labels":{"as":"1","aſ":"2"}}`, "/labels", "Fältet finns två gånger."},
		{"a key twice by composition", `{"labels":{"\u00e9":"1","e\u0301":"2"}}`, "/labels", "Fältet finns två gånger."},
		{"another case", `{"TITLE":"` + jsonCanary + `"}`, "/TITLE", "Fältet finns inte."},
		{"an unknown key", `{"status":"` + jsonCanary + `"}`, "/status", "Fältet finns inte."},
		{"a key that is a secret", `{"` + jsonCanary + `":1}`, "", "Fältet finns inte."},
		{"a hidden field", `{"Secret":"x"}`, "/Secret", "Fältet finns inte."},
		{"a private field", `{"private":"x"}`, "/private", "Fältet finns inte."},
		{"NUL", `{"title":"` + jsonCanary + `\u0000"}`, "/title", "Texten innehåller ett osynligt styrtecken. Ta bort det."},
		{"DEL", "{\"title\":\"a\u007f\"}", "/title", "Texten innehåller ett osynligt styrtecken. Ta bort det."},
		{"escape", `{"people":[{"name":"\u001b[31m"}]}`, "/people/0/name", "Texten innehåller ett osynligt styrtecken. Ta bort det."},
		{"NUL in a key", `{"labels":{"a\u0000":"b"}}`, "/labels", "Texten innehåller ett osynligt styrtecken. Ta bort det."},
		{"turned writing", `{"title":"fil\u202egpj.exe"}`, "/title", "Texten innehåller ett osynligt tecken som vänder skrivriktningen. Ta bort det."},
		{"isolated writing", `{"title":"\u2066x"}`, "/title", "Texten innehåller ett osynligt tecken som vänder skrivriktningen. Ta bort det."},
		{"half a pair", `{"title":"\ud83d"}`, "/title", "Texten innehåller ett halvt tecken som inte går att läsa."},
		{"a turned pair", `{"title":"\ude00\ud83d"}`, "/title", "Texten innehåller ett halvt tecken som inte går att läsa."},
		{"too deep", `{"free":` + deep + `}`, "", "Uppgifterna är nästlade för djupt."},
		{"a decimal for an integer", `{"people":[{"age":1.5}]}`, "/people/0/age", "Skriv ett heltal."},
		{"a text for an integer", `{"count":"` + jsonCanary + `"}`, "/count", "Skriv ett heltal."},
		{"a negative count", `{"count":-1}`, "/count", "Talet är för stort eller för litet."},
		{"too large for its field", `{"people":[{"age":200}]}`, "/people/0/age", "Talet är för stort eller för litet."},
		{"an exponent", `{"weight":1e3}`, "/weight", "Talet är för stort eller skrivet på ett sätt som vi inte tar emot."},
		{"beyond 64 bits", `{"free":9223372036854775808}`, "/free", "Talet är för stort eller skrivet på ett sätt som vi inte tar emot."},
		{"a number for a text", `{"title":7}`, "/title", "Skriv en text."},
		{"a list for a text", `{"title":["` + jsonCanary + `"]}`, "/title", "Skriv en text."},
		{"a text for a list", `{"people":"` + jsonCanary + `"}`, "/people", "Här ska det vara en lista."},
		{"a text for an object", `{"people":["` + jsonCanary + `"]}`, "/people/0", "Uppgifterna har fel form."},
		{"a text for a truth", `{"urgent":"ja"}`, "/urgent", "Välj ja eller nej."},
		{"a text for a number", `{"weight":"1"}`, "/weight", "Skriv ett tal."},
		{"a number for a day", `{"day":1}`, "/day", "Uppgiften har fel form."},
		{"a bad uuid", `{"ref":"` + jsonCanary + `"}`, "/ref", "Uppgiften har fel form."},
		{"a number for bytes", `{"raw":[1,2]}`, "/raw", "Skriv en text."},
		{"a list of the wrong length", `{"pair":[1]}`, "/pair", "Listan har fel längd."},
		{"a list at the top", `["` + jsonCanary + `"]`, "", "Uppgifterna har fel form."},
	} {
		var b strictBody
		err := Unmarshal([]byte(c.json), &b)
		if err == nil {
			t.Errorf("%s: accepted as %+v", c.name, b)
			continue
		}
		p := problem.From(err)
		if p.Kind != problem.KindInvalid || len(p.Fields) != 1 || c.name != "too deep" && p.Fields[0].Pointer != c.pointer || p.Fields[0].Text != c.text {
			t.Errorf("%s: %v %+v", c.name, p.Kind, p.Fields)
		}
		mustNotEcho(t, c.name, err)
	}
}

func TestUnreadableBodiesAreMalformed(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":              "",
		"blank":                "  ",
		"half":                 `{"title":"` + jsonCanary,
		"half a list":          `{"people":[`,
		"a document after":     `{"title":"a"}{"title":"` + jsonCanary + `"}`,
		"a word after":         `{"title":"a"} ` + jsonCanary,
		"broken UTF-8":         "{\"title\":\"\xff\xfe\"}",
		"overlong UTF-8":       "{\"title\":\"\xc0\xaf\"}",
		"a surrogate in UTF-8": "{\"title\":\"\xed\xa0\x80\"}",
		"a trailing comma":     `{"title":"a",}`,
		"a comment":            `{"title":"a"} // ` + jsonCanary,
		"single quotes":        `{'title':'a'}`,
		"a raw line end":       "{\"title\":\"a\nb\"}",
		"NaN":                  `{"weight":NaN}`,
		"leading zero":         `{"count":01}`,
		"a byte order mark":    "\ufeff{}",
		"a key without quotes": `{title:"a"}`,
		"a wrong bracket":      `{"people":[}`,
	} {
		var b strictBody
		err := Unmarshal([]byte(text), &b)
		if !problem.Is(err, problem.KindMalformed) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		mustNotEcho(t, name, err)
		var v any
		if err := Unmarshal([]byte(text), &v); !problem.Is(err, problem.KindMalformed) {
			t.Errorf("%s into any: %v", name, err)
		}
	}
}

func mustNotEcho(t *testing.T, name string, err error) {
	t.Helper()
	p := problem.From(err)
	wire, _ := json.Marshal(p.Wire("r"))
	if all := err.Error() + p.Error() + string(wire); strings.Contains(all, "Kanarie") {
		t.Errorf("%s: echoed: %s", name, all)
	}
	again := problemFromFault(err.Error())
	if again == nil || again.Kind != p.Kind || again.Text != p.Text || len(again.Fields) != len(p.Fields) ||
		len(p.Fields) == 1 && again.Fields[0] != p.Fields[0] {
		t.Errorf("%s: the problem does not survive as text: %+v", name, again)
	}
}

func TestOnlyOurOwnErrorsAreMadeProblemsAgain(t *testing.T) {
	if problemFromFault("invalid character 'x'") != nil || problemFromFault("") != nil {
		t.Error("a foreign text is no fault of ours")
	}
}

func TestSizeAndDepthAreAllowedUpToTheLimit(t *testing.T) {
	var v any
	if err := Unmarshal([]byte(strings.Repeat("[", MaxJSONDepth)+strings.Repeat("]", MaxJSONDepth)), &v); err != nil {
		t.Errorf("depth: %v", err)
	}
	fits := `"` + strings.Repeat("a", MaxJSONBody-2) + `"`
	if err := Unmarshal([]byte(fits), &v); err != nil {
		t.Errorf("size: %v", err)
	}
	err := Unmarshal([]byte(fits+" "), &v)
	if !problem.Is(err, problem.KindTooLarge) || problemFromFault(err.Error()).Kind != problem.KindTooLarge {
		t.Errorf("%v", err)
	}
}

func TestWholePairsAndReplacementCharactersPass(t *testing.T) {
	for text, want := range map[string]string{
		`"\ud83d\ude00"`:     "\U0001F600",
		`"\\ud83d"`:          `\ud83d`,
		`"\ufffd"`:           "\ufffd",
		`"\uD83D\uDE00\\u"`:  "\U0001F600\\u",
		`"` + "\u200f" + `"`: "\u200f",
	} {
		var s string
		if err := Unmarshal([]byte(text), &s); err != nil || s != want {
			t.Errorf("%s: %q %v", text, s, err)
		}
	}
}

func TestATargetThatIsNoPointerIsOurOwnMistake(t *testing.T) {
	if err := Unmarshal([]byte(`{}`), strictBody{}); !problem.Is(err, problem.KindInternal) {
		t.Errorf("%v", err)
	}
	if err := Unmarshal([]byte(`{}`), nil); !problem.Is(err, problem.KindInternal) {
		t.Errorf("%v", err)
	}
}

func FuzzUnmarshal(f *testing.F) {
	for _, s := range []string{
		`{"title":"x","TENANT_ID":"evil"}`, `{"a":1,"a":2}`, `[[[["\ud800"]]]]`, `{"people":[{"name":"e\u0301"}]}`,
		`"\u0000"`, `1e999`, `{"count":-0}`, `{} {}`, "\"\xff\"", `{"day":"2026-03-29"}`, `{"raw":"%%"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var b strictBody
		if err := Unmarshal(data, &b); err != nil {
			p := problem.From(err)
			if p.Kind == problem.KindInternal {
				t.Errorf("%q is not our fault: %v", data, errors.Unwrap(p))
			}
		}
		var v any
		if Unmarshal(data, &v) != nil {
			return
		}
		var std any
		if err := json.Unmarshal(data, &std); err != nil {
			t.Errorf("%q is no JSON but was accepted: %v", data, err)
		}
		mustBeClean(t, v)
	})
}

func mustBeClean(t *testing.T, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, below := range v {
			mustBeClean(t, k)
			mustBeClean(t, below)
		}
	case []any:
		for _, below := range v {
			mustBeClean(t, below)
		}
	case string:
		if !norm.NFC.IsNormalString(v) {
			t.Errorf("%q is not NFC", v)
		}
		for _, c := range v {
			if unicode.IsControl(c) && !strings.ContainsRune("\n\r\t", c) {
				t.Errorf("%q has control characters", v)
			}
		}
	}
}
