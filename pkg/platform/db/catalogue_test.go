package db_test

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
)

// within runs fn in a transaction that is always rolled back.
func within(t *testing.T, conn *pgx.Conn, fn func(tx pgx.Tx)) {
	t.Helper()
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	fn(tx)
}

func TestTheShippedSchemaKeepsEveryRuleForWhoeverAsks(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for _, role := range []string{"super", "migrator", "api", "login", "intake", "worker", "relay", "insight"} {
		within(t, d.Conn(t, role), func(tx pgx.Tx) {
			found, err := db.CheckCatalogue(t.Context(), tx)
			if err != nil {
				t.Errorf("as %s: %v", role, err)
			}
			for _, v := range found {
				t.Errorf("as %s: %s", role, v)
			}
		})
	}
}

func TestAProcessAsksThroughItsOwnDoor(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	doors := open(t, d, authz.DoorAPI, authz.DoorLogin, authz.DoorIntake, authz.DoorWorker, authz.DoorRelay, authz.DoorInsight)
	for _, door := range []authz.Door{authz.DoorAPI, authz.DoorLogin, authz.DoorIntake, authz.DoorWorker, authz.DoorRelay, authz.DoorInsight} {
		if err := doors.Sound(t.Context(), door); err != nil {
			t.Errorf("a sound database, asked by %s: %v", door, err)
		}
	}
	exec(t, d.Super(t), `drop policy fence on app.cases`)
	for _, door := range []authz.Door{authz.DoorAPI, authz.DoorWorker} {
		if err := doors.Sound(t.Context(), door); err == nil || !strings.Contains(err.Error(), "fence-missing: app.cases") {
			t.Errorf("cases without a fence, asked by %s: %v", door, err)
		}
	}
	if err := db.CheckDSN(t.Context(), d.DSN("migrator")); err == nil || !strings.Contains(err.Error(), "fence-missing: app.cases") {
		t.Errorf("cases without a fence, asked by the migrator: %v", err)
	}
}

func TestEveryExceptionIsNeededAndHasAReason(t *testing.T) {
	t.Parallel()
	within(t, dbtest.New(t).Super(t), func(tx pgx.Tx) {
		found, err := db.AskCatalogue(t.Context(), tx)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range db.Exceptions() {
			needed := slices.ContainsFunc(found, func(v db.Violation) bool { return v.Rule == e[0] && v.Object == e[1] })
			if !needed {
				t.Errorf("nothing breaks %s at %s any more: take the exception away", e[0], e[1])
			}
			if len(e[2]) < 20 {
				t.Errorf("%s at %s: %q is no reason", e[0], e[1], e[2])
			}
		}
	})
}

// TestThePlantedDefectIsNamed plants each defect in a database of its own transaction and expects its rule to name it.
func TestThePlantedDefectIsNamed(t *testing.T) {
	t.Parallel()
	scratch := dbtest.New(t)
	conn := scratch.Super(t)
	tried := map[string]bool{}
	for _, d := range defects {
		tried[d.rule] = true
		object := strings.Replace(d.object, "@database", scratch.Name(), 1)
		t.Run(d.rule+": "+d.name, func(t *testing.T) {
			within(t, conn, func(tx pgx.Tx) {
				if _, err := tx.Exec(t.Context(), d.plant); err != nil {
					t.Fatalf("plant: %v", err)
				}
				found, err := db.CheckCatalogue(t.Context(), tx)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.ContainsFunc(found, func(v db.Violation) bool { return v.Rule == d.rule && v.Object == object }) {
					t.Errorf("no %s at %s; found %v", d.rule, object, found)
				}
			})
		})
	}
	all := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^select (?:distinct )?'([a-z-]+)'`).FindAllStringSubmatch(db.RuleTexts(), -1) {
		all[m[1]] = true
	}
	if len(all) < 40 {
		t.Errorf("only %d rules were found in the statements", len(all))
	}
	for _, rule := range slices.Sorted(maps.Keys(all)) {
		if !tried[rule] {
			t.Errorf("no defect is planted for the rule %s", rule)
		}
	}
}
