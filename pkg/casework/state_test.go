package casework_test

import (
	"context"
	"slices"
	"testing"

	"lyhord/pkg/casework"
	"lyhord/pkg/platform/dbtest"
)

func TestTheMachineInGoIsTheMachineInTheDatabase(t *testing.T) {
	t.Parallel()
	rows, err := dbtest.New(t).Super(t).Query(context.Background(), `select code, from_state, to_state from app.transitions`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var stored []casework.Move
	for rows.Next() {
		var m casework.Move
		if err := rows.Scan(&m.Code, &m.From, &m.To); err != nil {
			t.Fatal(err)
		}
		stored = append(stored, m)
		if !slices.Contains(casework.Moves, m) {
			t.Errorf("the database has %v, Go has not", m)
		}
	}
	for _, m := range casework.Moves {
		if !slices.Contains(stored, m) {
			t.Errorf("Go has %v, the database has not", m)
		}
	}
	if rows.Err() != nil || len(stored) != len(casework.Moves) {
		t.Errorf("%d moves stored, %d in Go (%v)", len(stored), len(casework.Moves), rows.Err())
	}
}

func TestEveryStateButNoneHasWords(t *testing.T) {
	t.Parallel()
	for _, m := range casework.Moves {
		if m.To.Text() == "" {
			t.Errorf("%s has no Swedish word", m.To)
		}
	}
}

func TestEveryGroupOfTheInboxHasStatesAndNoStateTwoGroups(t *testing.T) {
	t.Parallel()
	seen := map[casework.State]casework.Group{}
	for g, states := range casework.Groups {
		for _, s := range states {
			if other, twice := seen[s]; twice {
				t.Errorf("%s is in %s and %s", s, g, other)
			}
			seen[s] = g
		}
	}
}
