package tenants

import (
	"strings"
	"testing"

	"lyhord/pkg/platform/clock"
)

// Proves req 38.
func TestAnInvestigationIsBegunByTheNewestTemplateInForce(t *testing.T) {
	t.Parallel()
	cities, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, city := range cities {
		for _, one := range city.Tenants {
			for day, want := range map[string]string{"2025-12-31": "utredning-1", "2026-01-01": "utredning-2"} {
				got, ok := one.TemplateOn(clock.MustDate(day))
				if !ok || got.Version != want {
					t.Errorf("%s begins by %q on %s", one.Slug, got.Version, day)
				}
			}
			if _, ok := one.TemplateOn(clock.MustDate("2019-12-31")); ok {
				t.Errorf("%s had a template before there was one", one.Slug)
			}
		}
	}
}

func TestABrokenTemplateIsRefusedWithWhatIsWrong(t *testing.T) {
	t.Parallel()
	city := smallCity(t)
	change(t, city, "stockholm/city.yaml", "      - {code: conclusion, label: Slutsats}\n", "      - {code: background, label: Slutsats}\n")
	_, err := Load(city)
	if err == nil || !strings.Contains(err.Error(), "rubriken conclusion saknas") || !strings.Contains(err.Error(), "background") {
		t.Fatalf("said %v", err)
	}
}
