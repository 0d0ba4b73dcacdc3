package seal

import (
	"bytes"
	"testing"
	"time"
)

func at(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t
}

func TestIdentityNumbersAreFoundHoweverTheyAreWritten(t *testing.T) {
	for _, c := range []struct{ today, written, want string }{
		{"2026-11-22", "19121212-1212", "191212121212"},
		{"2026-11-22", "191212121212", "191212121212"},
		{"2026-11-22", "121212+1212", "191212121212"},
		{"2026-11-22", "121212-1212", "201212121212"},
		{"2026-11-22", " 12 12 12 – 1212 ", "201212121212"},
		{"2026-11-22", "850101-1234", "198501011234"},
		{"2026-11-22", "261122-1234", "202611221234"},
		{"2026-11-22", "261123-1234", "192611231234"},
		{"2026-11-22", "261123+1234", "182611231234"},
		{"2026-11-22", "261182-1234", "202611821234"}, // samordningsnummer: day 22
		{"2026-11-22", "261183-1234", "192611831234"},
		{"2026-11-22", "19850101-TF12", "19850101tf12"},
		{"2026-11-22", "", ""},
		{"2026-11-22", "okänt", "okänt"},
	} {
		if got := personNumber(c.written, at(c.today)); got != c.want {
			t.Errorf("%q: %q, want %q", c.written, got, c.want)
		}
	}
}

func TestPhoneNumbersAreFoundHoweverTheyAreWritten(t *testing.T) {
	for _, written := range []string{"070-174 06 05", "0701740605", "+46 70 174 06 05", "+46 (0)70-174 06 05", "0046701740605"} {
		if got := phoneNumber(written); got != "0701740605" {
			t.Errorf("%q: %q", written, got)
		}
	}
	if got := phoneNumber("+358 40 123"); got != "0035840123" {
		t.Errorf("foreign: %q", got)
	}
}

func TestEqualLookingTextsHaveOneIndex(t *testing.T) {
	k := newTenant(t, newRoot(t), 1)
	want := k.Index(IndexName, "Åsa Öberg")
	if len(want) != indexSize {
		t.Fatalf("%d bytes", len(want))
	}
	for _, same := range []string{"åsa öberg", "  ÅSA   ÖBERG ", "A\u030asa O\u0308berg", "Åsa\u00a0Öberg"} {
		if !bytes.Equal(k.Index(IndexName, same), want) {
			t.Errorf("%q", same)
		}
	}
	for _, other := range []string{"Asa Oberg", "Åsa", ""} {
		if bytes.Equal(k.Index(IndexName, other), want) {
			t.Errorf("%q", other)
		}
	}
	if k.Index(IndexPhone, "") != nil || k.Index(IndexName, "  ") != nil {
		t.Error("nothing has no index")
	}
}

func TestIndexesOfOtherKindsTenantsAndVersionsDiffer(t *testing.T) {
	r := newRoot(t)
	k := newTenant(t, r, 1)
	want := k.Index(IndexOther, "0701740605")
	if bytes.Equal(want, k.Index(IndexPhone, "0701740605")) {
		t.Error("another kind")
	}
	if bytes.Equal(want, newTenant(t, r, 1).Index(IndexOther, "0701740605")) {
		t.Error("another tenant")
	}
	_, v2, _ := r.NewTenantKey(k.Tenant(), 2)
	if bytes.Equal(want, v2.Index(IndexOther, "0701740605")) {
		t.Error("another version")
	}
}

func TestAPersonIsFoundByAnyWordOfTheName(t *testing.T) {
	k := newTenant(t, newRoot(t), 1)
	words := k.NameIndexes("Anna-Karin  von Öberg, anna")
	if len(words) != 4 {
		t.Fatalf("%d words", len(words))
	}
	if !bytes.Equal(words[3], k.Index(IndexName, "öberg")) {
		t.Error("the last name is not found")
	}
	if k.NameIndexes(" ,.- ") != nil {
		t.Error("no words, no indexes")
	}
}
