package db_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/dbtest"
)

func TestNoForeignKeyIsBrokenByAnyRow(t *testing.T) {
	t.Parallel()
	super := dbtest.New(t).Super(t)
	twoBoards(t, super)
	rows, err := super.Query(t.Context(), `
		select format('select count(*) from %s c where %s and not exists (select from %s p where %s)', k.conrelid::regclass,
		    (select string_agg(format('c.%I is not null', a.attname), ' and ') from unnest(k.conkey) u (n) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n),
		    k.confrelid::regclass,
		    (select string_agg(format('p.%I = c.%I', f.attname, a.attname), ' and ') from unnest(k.conkey, k.confkey) u (n, m)
		       join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n join pg_attribute f on f.attrelid = k.confrelid and f.attnum = u.m))
		  from pg_constraint k where k.contype = 'f' and k.connamespace::regnamespace::text in ('app', 'sec', 'jobs', 'insight')`)
	if err != nil {
		t.Fatal(err)
	}
	questions, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(questions) < 40 {
		t.Fatalf("%d foreign keys: %v", len(questions), err)
	}
	for _, q := range questions {
		if n := scalar[int](t, super, q); n != 0 {
			t.Errorf("%d rows refer to nothing: %s", n, q)
		}
	}
}
