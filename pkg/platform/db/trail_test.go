package db_test

import (
	"testing"

	"github.com/google/uuid"

	"lyhord/pkg/platform/db"
)

func TestWhoReadWhichListIsForNobodyElseToRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	count := func() (n int) {
		var b db.Batch
		b.One(`select count(*) from app.audit_log where case_id is null`, nil, &n)
		if err := w.db.Once(t.Context(), w.a.scope(), &b); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := count()
	for _, actor := range []uuid.UUID{w.a.person, uuid.New()} {
		exec(t, w.super, `insert into app.audit_log (tenant_id, actor_id, actor_kind, action, result) values ($1, $2, 'PERSON', 'list-cases', 'OK')`, w.a.tenant, actor)
	}
	if got := count() - before; got != 1 {
		t.Errorf("of one row of hers and one of somebody else's she reads %d", got)
	}
}
