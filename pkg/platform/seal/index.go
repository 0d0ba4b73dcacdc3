package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// IndexKind says how a value is made comparable before it is indexed. Values of
// different kinds never share an index.
type IndexKind string

// The kinds of values that can be found again without being readable.
const (
	IndexPerson IndexKind = "person" // personnummer or samordningsnummer
	IndexName   IndexKind = "name"   // one word of a name; see NameIndexes
	IndexPhone  IndexKind = "phone"
	IndexEmail  IndexKind = "email"
	IndexOther  IndexKind = "other"
)

// indexSize is long enough that two values practically never meet, and short
// enough for a small index.
const indexSize = 16

// Index makes the blind index of a value: equal values of one tenant have equal
// indexes, and only the holder of the tenant's key can compute them. An empty
// value has no index. Identity numbers are few enough to be tried one by one, so
// look-ups must be rate-limited and logged.
func (k *TenantKey) Index(kind IndexKind, value string) []byte {
	value = k.comparable(kind, value)
	if value == "" {
		return nil
	}
	mac := hmac.New(sha256.New, k.index)
	mac.Write(append([]byte(kind), 0))
	mac.Write([]byte(value))
	return mac.Sum(nil)[:indexSize]
}

// NameIndexes gives one index for each word of a name, so that a person is found
// by first name, by last name or by both in any order.
func (k *TenantKey) NameIndexes(name string) [][]byte {
	var all [][]byte
	seen := map[string]bool{}
	for _, word := range strings.FieldsFunc(fold(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '\''
	}) {
		if !seen[word] {
			seen[word] = true
			all = append(all, k.Index(IndexName, word))
		}
	}
	return all
}

func (k *TenantKey) comparable(kind IndexKind, value string) string {
	switch kind {
	case IndexPerson:
		return personNumber(value, k.now())
	case IndexPhone:
		return phoneNumber(value)
	default:
		return fold(value)
	}
}

// fold makes texts that look the same the same: composed form, lower case, one
// blank between words.
func fold(value string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFC.String(value))), " ")
}

// personNumber gives a Swedish identity number its twelve characters. With ten,
// the century follows from the sign (+ means at least 100 years old) and from
// today. Reserve numbers with letters keep their letters.
func personNumber(value string, today time.Time) string {
	sign := byte('-')
	var b strings.Builder
	for _, r := range norm.NFC.String(value) {
		switch {
		case r == '+':
			sign = '+'
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	digits := b.String()
	if len(digits) != 10 || !allDigits(digits[:6]) {
		return digits
	}
	century := today.Year() / 100
	if birthKey(digits, century) > today.Format("20060102") {
		century--
	}
	if sign == '+' {
		century--
	}
	return string([]byte{byte('0' + century/10), byte('0' + century%10)}) + digits
}

// birthKey is the date of birth as it sorts; a samordningsnummer has 60 added
// to its day.
func birthKey(digits string, century int) string {
	day := []byte(digits[4:6])
	if day[0] >= '6' {
		day[0] -= 6
	}
	return string([]byte{byte('0' + century/10), byte('0' + century%10)}) + digits[:4] + string(day)
}

func allDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// phoneNumber keeps the digits and gives Swedish numbers their national form.
func phoneNumber(value string) string {
	value = strings.ReplaceAll(value, "(0)", "")
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, value)
	if strings.HasPrefix(strings.TrimSpace(value), "+") {
		digits = "00" + digits
	}
	if rest, swedish := strings.CutPrefix(digits, "0046"); swedish {
		return "0" + strings.TrimPrefix(rest, "0")
	}
	return digits
}
