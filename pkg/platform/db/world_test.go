package db_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
)

// open opens doors to a test's database.
func open(t testing.TB, d *dbtest.DB, doors ...authz.Door) *db.DB {
	t.Helper()
	dsns := map[authz.Door]string{}
	for _, door := range doors {
		dsns[door] = d.DSN(string(door)) + "&pool_max_conns=4"
	}
	opened, err := db.Open(t.Context(), dsns)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	return opened
}

func exec(t testing.TB, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%v in %s", err, sql)
	}
}
