package id

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestRandomIDsAreVersion7AndSortByTime(t *testing.T) {
	var last string
	for range 1000 {
		u := Random{}.New()
		if u.Version() != 7 {
			t.Fatalf("version %d", u.Version())
		}
		if u.String() <= last {
			t.Fatal("a later id must sort after an earlier one")
		}
		last = u.String()
	}
}

func TestASequenceIsDeterministicAndValid(t *testing.T) {
	at := time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC)
	a, b := NewSequence(at), NewSequence(at)
	for range 100 {
		u := a.New()
		if u != b.New() || u.Version() != 7 || u.Variant().String() != "RFC4122" {
			t.Fatalf("not deterministic or not a UUID v7: %v", u)
		}
	}
	if sec, nsec := a.New().Time().UnixTime(); time.Unix(sec, nsec).UTC() != at {
		t.Error("the id must carry the given time")
	}
}

func TestAReferenceIsShortAndReadable(t *testing.T) {
	form := regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$`)
	seen := map[string]bool{}
	for range 2000 {
		r := Reference()
		if !form.MatchString(r) {
			t.Fatalf("%q", r)
		}
		seen[r] = true
	}
	if len(seen) < 1999 {
		t.Error("references repeat far too often")
	}
}

func TestEveryLetterOfTheAlphabetIsUsed(t *testing.T) {
	seen := map[byte]bool{}
	for _, c := range randomSymbols(4000) {
		seen[c] = true
	}
	if len(seen) != len(alphabet) {
		t.Errorf("%d of %d letters", len(seen), len(alphabet))
	}
}

func TestAReceiptCodeHasSixGroupsOfFour(t *testing.T) {
	form := regexp.MustCompile(`^([0-9A-HJKMNP-TV-Z]{4} ){5}[0-9A-HJKMNP-TV-Z]{4}$`)
	if s := NewReceiptCode().Text(); !form.MatchString(s) {
		t.Errorf("%q", s)
	}
}

func TestPrintingAReceiptCodeShowsNothing(t *testing.T) {
	c := NewReceiptCode()
	if s := fmt.Sprintf("%v %+v %#v %s %q", c, c, c, c, c); strings.Contains(s, c.symbols[:4]) {
		t.Error(s)
	}
}

func TestAReceiptCodeIsReadAsPeopleWriteIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCode(t)
		var b strings.Builder
		for _, r := range c.symbols {
			b.WriteString(rapid.SampledFrom([]string{"", " ", "-", "  ", "\u2013", "\u00a0"}).Draw(t, "separator"))
			alternatives := []string{string(r), strings.ToLower(string(r))}
			switch r {
			case '0':
				alternatives = append(alternatives, "O", "o")
			case '1':
				alternatives = append(alternatives, "I", "i", "L", "l")
			}
			b.WriteString(rapid.SampledFrom(alternatives).Draw(t, "letter"))
		}
		got, err := ParseReceiptCode(b.String())
		if err != nil || got != c || got.Hash() != c.Hash() {
			t.Fatalf("%q: %v", b.String(), err)
		}
	})
}

func TestEverySingleWrongLetterIsNoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		symbols := []byte(anyCode(t).symbols)
		i := rapid.IntRange(0, receiptLength-1).Draw(t, "place")
		wrong := alphabet[rapid.IntRange(0, 31).Draw(t, "letter")]
		if wrong == symbols[i] {
			return
		}
		symbols[i] = wrong
		if _, err := ParseReceiptCode(string(symbols)); !errors.Is(err, ErrReceiptCheck) {
			t.Fatalf("%s: %v", symbols, err)
		}
	})
}

func TestEverySwapOfTwoLettersIsNoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := []byte(anyCode(t).symbols)
		i := rapid.IntRange(0, receiptLength-1).Draw(t, "one")
		j := rapid.IntRange(0, receiptLength-1).Draw(t, "other")
		if s[i] == s[j] {
			return
		}
		s[i], s[j] = s[j], s[i]
		if _, err := ParseReceiptCode(string(s)); !errors.Is(err, ErrReceiptCheck) {
			t.Fatalf("%s: %v", s, err)
		}
	})
}

func TestTheTwoWaysToMiswriteAreTold(t *testing.T) {
	code := NewReceiptCode().Text()
	for text, want := range map[string]error{
		"":                       ErrReceiptLength,
		"7K3M-92QX":              ErrReceiptLength,
		code + "0":               ErrReceiptLength,
		strings.Repeat("Å", 24):  ErrReceiptCheck,
		strings.Repeat("U", 24):  ErrReceiptCheck,
		"!" + code[1:]:           ErrReceiptCheck,
		strings.Repeat("-", 500): ErrReceiptLength,
	} {
		if _, err := ParseReceiptCode(text); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

func FuzzParseReceiptCode(f *testing.F) {
	f.Add("7K3M 92QX 7K3M 92QX 7K3M 92QX")
	f.Add("oooo-iiii-llll-0000-1111-zzzz")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseReceiptCode(text)
		if err != nil {
			return
		}
		again, err := ParseReceiptCode(c.Text())
		if err != nil || again != c {
			t.Errorf("%q does not survive its own printing", text)
		}
	})
}

func anyCode(t *rapid.T) ReceiptCode {
	data := make([]byte, receiptLength-1)
	for i := range data {
		data[i] = alphabet[rapid.IntRange(0, 31).Draw(t, "symbol")]
	}
	return ReceiptCode{symbols: string(append(data, checkSymbol(data)))}
}

func TestASeedAlwaysGivesTheSameReferenceAndCodeAndAnotherSeedOthers(t *testing.T) {
	one, again, two := []byte("a seed of sixteen"), []byte("a seed of sixteen"), []byte("a seed of sixteeN")
	if ReferenceFrom(one) != ReferenceFrom(again) || ReceiptCodeFrom(one) != ReceiptCodeFrom(again) {
		t.Error("the same seed gave two answers")
	}
	if ReferenceFrom(one) == ReferenceFrom(two) || ReceiptCodeFrom(one) == ReceiptCodeFrom(two) {
		t.Error("two seeds gave the same answer")
	}
	if parsed, err := ParseReceiptCode(ReceiptCodeFrom(one).Text()); err != nil || parsed != ReceiptCodeFrom(one) {
		t.Errorf("a code made from a seed cannot be read back: %v", err)
	}
}
