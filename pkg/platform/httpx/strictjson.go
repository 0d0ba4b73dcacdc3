package httpx

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"lyhord/pkg/platform/problem"
)

// Limits of a JSON body. Files come another way.
const (
	MaxJSONBody  = 64 << 10
	MaxJSONDepth = 20
)

// Unmarshal decodes JSON from outside. It is stricter than encoding/json, which
// takes the last of two equal keys, does not tell Tenant_ID from tenant_id and
// repairs broken text in silence. Refused are: keys that occur twice (also when
// only the case differs), keys that the target does not have in exactly that
// spelling, anything after the document, broken UTF-8 and UTF-16, control
// characters but tab and line ends, characters that turn the direction of
// writing, more than MaxJSONDepth levels and more than MaxJSONBody bytes,
// numbers with exponents and numbers too large. Text becomes NFC.
//
// The error carries a problem with a JSON pointer and never what was sent.
func Unmarshal(data []byte, v any) error {
	if len(data) > MaxJSONBody {
		return &jsonFault{kind: problem.KindTooLarge}
	}
	tree, err := readTree(data)
	if err != nil {
		return err
	}
	target := reflect.TypeOf(v)
	if target == nil || target.Kind() != reflect.Pointer {
		return problem.Internal(errors.New("httpx: Unmarshal needs a pointer"))
	}
	if free, ok := v.(*any); ok {
		*free = withFloats(tree)
		return nil
	}
	if err := fit(tree, target.Elem(), ""); err != nil {
		return err
	}
	clean, err := json.Marshal(tree)
	if err != nil {
		return problem.Internal(err)
	}
	if err := json.Unmarshal(clean, v); err != nil {
		return &jsonFault{kind: problem.KindInvalid, text: "En uppgift har fel form.", cause: err}
	}
	return nil
}

// jsonFault is one reason to refuse a body. problem.From finds the problem in
// it. A framework that keeps only Error() loses that, so the text can be made
// into the same problem again by problemFromFault.
type jsonFault struct {
	kind    problem.Kind
	pointer string
	text    string
	cause   error
}

const faultMark = "strictjson:"

func (f *jsonFault) Error() string {
	return faultMark + f.kind.String() + ":" + f.pointer + " " + f.text
}

func (f *jsonFault) Unwrap() error {
	switch f.kind {
	case problem.KindTooLarge:
		return problem.TooLarge()
	case problem.KindMalformed:
		return problem.Malformed(f.text).WithCause(f.cause)
	default:
		return problem.Invalid(problem.Field(f.pointer, f.text)).WithCause(f.cause)
	}
}

// problemFromFault makes the problem of an error that Unmarshal returned, from
// its text alone. It is nil for any other text.
func problemFromFault(message string) *problem.Problem {
	rest, ok := strings.CutPrefix(message, faultMark)
	if !ok {
		return nil
	}
	kind, rest, _ := strings.Cut(rest, ":")
	pointer, text, _ := strings.Cut(rest, " ")
	for _, k := range [...]problem.Kind{problem.KindTooLarge, problem.KindMalformed} {
		if kind == k.String() {
			return problem.From(&jsonFault{kind: k, text: text})
		}
	}
	return problem.From(&jsonFault{kind: problem.KindInvalid, pointer: pointer, text: text})
}

func malformed(text string) error { return &jsonFault{kind: problem.KindMalformed, text: text} }

func refuse(pointer, text string) error {
	return &jsonFault{kind: problem.KindInvalid, pointer: pointer, text: text}
}

// treeReader reads a document into maps, slices, strings, booleans, nil and
// json.Number.
type treeReader struct {
	dec *json.Decoder
	// halfPair is set when the raw text has half a UTF-16 pair somewhere: the
	// decoder turns it into U+FFFD, and a string with U+FFFD is then refused.
	halfPair bool
}

func readTree(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, malformed("Texten är inte giltig UTF-8.")
	}
	r := &treeReader{dec: json.NewDecoder(bytes.NewReader(data)), halfPair: hasHalfPair(data)}
	r.dec.UseNumber()
	tree, err := r.value("", 0)
	if err != nil {
		return nil, err
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, malformed("Det finns något efter slutet av det skickade.")
	}
	return tree, nil
}

func (r *treeReader) token() (json.Token, error) {
	t, err := r.dec.Token()
	if err != nil {
		return nil, malformed("Det skickade är inte giltig JSON.")
	}
	return t, nil
}

func (r *treeReader) value(pointer string, depth int) (any, error) {
	t, err := r.token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		if depth == MaxJSONDepth {
			return nil, refuse(pointer, "Uppgifterna är nästlade för djupt.")
		}
		if t == '{' {
			return r.object(pointer, depth+1)
		}
		return r.array(pointer, depth+1)
	case string:
		return r.text(t, pointer)
	case json.Number:
		return number(t, pointer)
	default: // bool, nil
		return t, nil
	}
}

func (r *treeReader) object(pointer string, depth int) (any, error) {
	object, seen := map[string]any{}, map[string]bool{}
	for r.dec.More() {
		t, err := r.token()
		if err != nil {
			return nil, err
		}
		raw, ok := t.(string)
		if !ok {
			return nil, malformed("Det skickade är inte giltig JSON.")
		}
		key, err := r.text(raw, pointer)
		if err != nil {
			return nil, err
		}
		below := join(pointer, key)
		if folded := foldKey(key); seen[folded] {
			return nil, refuse(below, "Fältet finns två gånger.")
		} else {
			seen[folded] = true
		}
		if object[key], err = r.value(below, depth); err != nil {
			return nil, err
		}
	}
	_, err := r.token()
	return object, err
}

func (r *treeReader) array(pointer string, depth int) (any, error) {
	array := []any{}
	for r.dec.More() {
		item, err := r.value(pointer+"/"+strconv.Itoa(len(array)), depth)
		if err != nil {
			return nil, err
		}
		array = append(array, item)
	}
	_, err := r.token()
	return array, err
}

// text refuses the characters that no one writes on purpose and composes the
// rest.
func (r *treeReader) text(s, pointer string) (string, error) {
	for _, c := range s {
		switch {
		case c == '\n' || c == '\r' || c == '\t':
		case unicode.IsControl(c):
			return "", refuse(pointer, "Texten innehåller ett osynligt styrtecken. Ta bort det.")
		case c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069:
			return "", refuse(pointer, "Texten innehåller ett osynligt tecken som vänder skrivriktningen. Ta bort det.")
		case c == utf8.RuneError && r.halfPair:
			return "", refuse(pointer, "Texten innehåller ett halvt tecken som inte går att läsa.")
		}
	}
	return norm.NFC.String(s), nil
}

// number lets through what a person could mean: whole numbers of 64 bits and
// plain decimals.
func number(n json.Number, pointer string) (any, error) {
	s := n.String()
	if _, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, nil
	}
	if len(s) > 20 || strings.ContainsAny(s, "eE") || !strings.Contains(s, ".") {
		return nil, refuse(pointer, "Talet är för stort eller skrivet på ett sätt som vi inte tar emot.")
	}
	return n, nil
}

// hasHalfPair looks for \u escapes of a surrogate without its other half.
func hasHalfPair(data []byte) bool {
	for i := 0; i+1 < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		i++
		if data[i] != 'u' {
			continue
		}
		unit := utf16Unit(data, i+1)
		switch {
		case unit >= 0xdc00 && unit <= 0xdfff:
			return true
		case unit >= 0xd800 && unit <= 0xdbff:
			next := -1
			if i+6 < len(data) && data[i+5] == '\\' && data[i+6] == 'u' {
				next = utf16Unit(data, i+7)
			}
			if next < 0xdc00 || next > 0xdfff {
				return true
			}
			i += 10
		}
	}
	return false
}

func utf16Unit(data []byte, at int) int {
	if at+4 > len(data) {
		return -1
	}
	unit, err := strconv.ParseUint(string(data[at:at+4]), 16, 16)
	if err != nil {
		return -1
	}
	return int(unit)
}

// foldKey gives keys that encoding/json would take for the same field the same
// form, also the long s and the Kelvin sign.
func foldKey(key string) string {
	return strings.Map(func(c rune) rune {
		least := c
		for f := unicode.SimpleFold(c); f != c; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, key)
}

// join adds a key to a pointer. A key that does not look like one of our field
// names is left out, because it may be anything a person wrote.
func join(pointer, key string) string {
	if !isFieldName(key) {
		return pointer
	}
	return pointer + "/" + key
}

func isFieldName(key string) bool {
	if key == "" || len(key) > 40 {
		return false
	}
	for i, c := range key {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// withFloats gives numbers the type that schema validation expects.
func withFloats(tree any) any {
	switch t := tree.(type) {
	case map[string]any:
		for k, v := range t {
			t[k] = withFloats(v)
		}
	case []any:
		for i, v := range t {
			t[i] = withFloats(v)
		}
	case json.Number:
		f, _ := t.Float64() // number has let through only what fits
		return f
	}
	return tree
}
