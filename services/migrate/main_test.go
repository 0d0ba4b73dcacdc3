//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"

	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/seal"
)

func TestTheCommandsPrepareAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	db := dbtest.NewEmpty(t)
	key := filepath.Join(t.TempDir(), "root.key")
	if err := os.WriteFile(key, []byte(seal.NewRootKey()), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		"LYHORD_DSN_SUPER": db.DSN("super"), "LYHORD_DSN_MIGRATOR": db.DSN("migrator"), "LYHORD_DSN_API": db.DSN("api"),
		"LYHORD_ROOT_KEY_FILE": key, "LYHORD_PASSWORD_API": dbtest.Password, "LYHORD_LOG_LEVEL": "info",
	}
	lookup := func(name string) string { return env[name] }
	for _, args := range [][]string{{"bootstrap"}, {}, {"up"}, {"wait"}} {
		if err := run(t.Context(), args, lookup); err != nil {
			t.Fatalf("migrate %v: %v", args, err)
		}
	}
	if err := run(t.Context(), []string{"down"}, lookup); err == nil {
		t.Error("an unknown command was obeyed")
	}
}
