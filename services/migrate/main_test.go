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

func TestTheCommandsReadTheirSecretsFromFiles(t *testing.T) {
	t.Parallel()
	db := dbtest.NewEmpty(t)
	dir := t.TempDir()
	env := map[string]string{"LYHORD_LOG_LEVEL": "info", "LYHORD_DEMO_PASSWORD": ""}
	for name, value := range map[string]string{
		"LYHORD_DSN_SUPER": db.DSN("super"), "LYHORD_DSN_MIGRATOR": db.DSN("migrator"), "LYHORD_DSN_WORKER": db.DSN("worker"),
		"LYHORD_PASSWORD_WORKER": dbtest.Password, "LYHORD_ROOT_KEY": seal.NewRootKey(),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(value+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		env[name+"_FILE"] = path
	}
	lookup := func(name string) string { return env[name] }
	for _, args := range [][]string{{"bootstrap"}, {"up"}, {"wait"}} {
		if err := run(t.Context(), args, lookup); err != nil {
			t.Fatalf("migrate %v: %v", args, err)
		}
	}
	env["LYHORD_DSN_SUPER_FILE"] += ".gone"
	if err := run(t.Context(), []string{"bootstrap"}, lookup); err == nil {
		t.Error("a file that is not there was passed over")
	}
}
