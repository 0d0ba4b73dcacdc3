package register_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"lyhord/pkg/register"
)

func TestAMaskHidesItsPassageAndNothingElseWhateverTheLetters(t *testing.T) {
	t.Parallel()
	text := "Åsa Öberg föll. Karin såg."
	copied, masks, err := register.Masked(text, []register.Mask{{Start: 16, End: 21}, {Start: 0, End: 3}, {Start: 2, End: 9}})
	if err != nil || copied != "█████ föll. █████ såg." || len(masks) != 2 || masks[0].End != 9 {
		t.Errorf("%q %v %v", copied, masks, err)
	}
	for _, wrong := range []register.Mask{{Start: -1, End: 2}, {Start: 3, End: 3}, {Start: 0, End: 99}} {
		if _, _, err := register.Masked(text, []register.Mask{wrong}); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
}

func FuzzAMaskedCopyHoldsNothingOfWhatIsHidden(f *testing.F) {
	f.Add("Åsa föll i köket", 0, 3, 11, 16)
	f.Add("", 0, 0, 0, 0)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d int) {
		if !utf8.ValidString(text) || strings.Contains(text, "█") {
			return
		}
		copied, masks, err := register.Masked(text, []register.Mask{{Start: a, End: b}, {Start: c, End: d}})
		if err != nil {
			return
		}
		kept, at := "", 0
		runes := []rune(text)
		for _, m := range masks {
			kept, at = kept+string(runes[at:m.Start]), m.End
		}
		kept += string(runes[at:])
		if strings.ReplaceAll(copied, "█", "") != kept {
			t.Errorf("%q with %v became %q", text, masks, copied)
		}
	})
}
