package audit_test

import (
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/audit"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/seal"
)

// world is one board: Gun reviews, Rut registers, Ove works in another unit and has no part in the case.
type world struct {
	t             *testing.T
	super         *pgx.Conn
	db            *db.DB
	ring          *seal.Ring
	svc           *audit.Service
	tenant, unit  uuid.UUID
	gun, rut, ove authz.Actor
	caseID        uuid.UUID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	base := dbtest.New(t)
	w := &world{t: t, super: base.Super(t), tenant: uuid.New(), unit: uuid.New(), caseID: uuid.New()}
	city, far := uuid.New(), uuid.New()
	w.exec(`insert into app.cities (id, slug, name) values ($1, 'c', 'C')`, city)
	w.exec(`insert into app.tenants (id, city_id, slug, name, short_name, kind, valid_from) values ($1, $2, 'alfa', 'Alfa', 'A', 'BOARD', '2020-01-01')`, w.tenant, city)
	w.exec(`insert into app.units (tenant_id, id, slug, name, kind, valid_from) values ($1, $2, 'u', 'U', 'ENHET', '2020-01-01'), ($1, $3, 'f', 'F', 'ENHET', '2020-01-01')`, w.tenant, w.unit, far)
	rootFile := filepath.Join(t.TempDir(), "root.key")
	if err := os.WriteFile(rootFile, []byte(seal.NewRootKey()), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := seal.LoadRoot(rootFile)
	if err != nil {
		t.Fatal(err)
	}
	wrapped, _, err := root.NewTenantKey(w.tenant, 1)
	w.must(err)
	w.ring = seal.NewRing(root, func(context.Context, uuid.UUID) ([]seal.WrappedKey, error) {
		return []seal.WrappedKey{{Version: 1, Wrapped: wrapped}}, nil
	})
	w.db, err = db.Open(t.Context(), map[authz.Door]string{authz.DoorAPI: base.DSN("api"), authz.DoorWorker: base.DSN("worker")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.db.Close)
	w.gun, w.rut, w.ove = w.person("Gun Alm", "granskare", w.unit), w.person("Rut Ek", "registrator", w.unit), w.person("Ove Sandqvist", "registrator", far)
	w.exec(`insert into app.cases (tenant_id, id, reference, state, prev_state, channel, sender_role, received_at, received_on, unit_id, readers)
		values ($1, $2, 'ABC-123', 'received', 'none', 'INTERN', 'PERSONAL', now(), current_date, $3, array[$4]::uuid[])`, w.tenant, w.caseID, w.unit, w.rut.ID)
	cursors, err := httpx.NewCursors([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	w.svc = audit.New(audit.Deps{DB: w.db, Ring: w.ring, Clock: clock.System{}, IDs: id.Random{}, Cursors: cursors})
	return w
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.super.Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func (w *world) count(sql string, args ...any) (n int) {
	w.t.Helper()
	if err := w.super.QueryRow(w.t.Context(), sql, args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (w *world) person(name, role string, home uuid.UUID) authz.Actor {
	who, token := uuid.New(), uuid.NewString()
	sum := sha256.Sum256([]byte(token))
	w.exec(`insert into sec.accounts (id, login) values ($1, $2)`, who, strings.ToLower(strings.ReplaceAll(name, " ", ".")))
	w.exec(`insert into app.people (tenant_id, id, name, title, email, home_unit_id) values ($1, $2, $3, 'Titel', 'x@example.org', $4)`, w.tenant, who, name, home)
	w.exec(`insert into sec.memberships (tenant_id, account_id, role, unit_id, valid_from) values ($1, $2, $3, $4, '2020-01-01')`, w.tenant, who, role, w.unit)
	w.exec(`insert into sec.sessions (token_sha256, id, kind, subject_id, tenant_id, expires_at) values ($1, gen_random_uuid(), 'PERSON', $2, $3, now() + interval '1 hour')`, sum[:], who, w.tenant)
	return authz.Actor{ID: who, Kind: authz.Person, Tenant: w.tenant}.WithToken(token)
}

// read is somebody who opened the case, so long ago.
func (w *world) read(who authz.Actor, ago time.Duration) uuid.UUID {
	row := uuid.New()
	w.exec(`insert into app.audit_log (tenant_id, id, at, actor_id, actor_kind, action, case_id, result) values ($1, $2, now() - $3::interval, $4, 'PERSON', 'open-case', $5, 'OK')`,
		w.tenant, row, ago, who.ID, w.caseID)
	return row
}

// job runs a job of the kind, as the tenant's own.
func (w *world) job(kind jobs.Kind) error {
	w.t.Helper()
	return w.prepare(kind)()
}

// prepare writes the job; what it gives runs it.
func (w *world) prepare(kind jobs.Kind) func() error {
	w.t.Helper()
	job := jobs.Job{Tenant: w.tenant, ID: uuid.New(), Kind: kind, Ref: w.tenant}
	w.exec(`insert into jobs.outbox (tenant_id, id, kind, ref) values ($1, $2, $3, $1)`, w.tenant, job.ID, string(kind))
	for _, h := range audit.Handlers(w.db, w.ring, clock.System{}, id.Random{}) {
		if h.Kind == kind {
			return func() error { return h.Run(w.t.Context(), job) }
		}
	}
	w.t.Fatalf("nobody runs %s", kind)
	return nil
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}
