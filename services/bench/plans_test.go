//go:build unix

package main

import (
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/casework"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/seal"
	"lyhord/services/demo/seed"
	"lyhord/services/migrate/steps"
	"lyhord/tenants"
)

// TestEveryReadingOfTheStoreKeepsTheTenantInItsIndexes seeds some thousand cases and asks for the plans of a registrar, who
// sees everything, and of a manager, who sees her units. Reading a table whole is forbidden: at this size it would be
// right, and would hide a policy that cannot be a condition of an index.
func TestEveryReadingOfTheStoreKeepsTheTenantInItsIndexes(t *testing.T) {
	t.Parallel()
	d := smallCity(t)
	super, api := d.Super(t), d.Conn(t, "api")
	var caseID uuid.UUID
	if err := super.QueryRow(t.Context(), `select id from app.cases where tenant_id = $1 and access_label = 'NORMAL' limit 1`, steps.TenantID(home)).Scan(&caseID); err != nil {
		t.Fatal(err)
	}
	if _, err := api.Exec(t.Context(), `set enable_seqscan = off`); err != nil {
		t.Fatal(err)
	}
	fenced, err := fencedTables(t.Context(), super)
	if err != nil || len(fenced) < 15 {
		t.Fatalf("only %d tables with a tenant: %v", len(fenced), err)
	}
	for _, who := range []string{"registrator", "chef"} {
		person, token := steps.PersonID(home, who), "session of "+who
		sum := sha256.Sum256([]byte(token))
		if _, err := super.Exec(t.Context(), `insert into sec.sessions (token_sha256, id, kind, subject_id, tenant_id, expires_at)
		  values ($1, gen_random_uuid(), 'PERSON', $2, $3, now() + interval '1 hour')`, sum[:], person, steps.TenantID(home)); err != nil {
			t.Fatal(err)
		}
		for _, s := range casework.Statements() {
			plan, err := explain(t.Context(), api, token, s, arguments(s, caseID, person))
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range plan.unfenced(fenced) {
				t.Errorf("%s, as %s: %s", s.Name, who, fault)
			}
		}
	}
}

func TestAPlanWithoutTheTenantIsFound(t *testing.T) {
	t.Parallel()
	plan := node{Type: "Nested Loop", Plans: []node{
		{Type: "Seq Scan", Relation: "cases"},
		{Type: "Index Scan", Relation: "reports", Index: "reports_case", Cond: "(case_id = $1)"},
		{Type: "Index Scan", Relation: "units", Index: "units_pkey", Cond: "((tenant_id = $0) AND (id = c.unit_id))"},
		{Type: "Bitmap Heap Scan", Relation: "cases", Plans: []node{{Type: "Bitmap Index Scan", Index: "cases_state", Cond: "(state = 'received')"}}},
		{Type: "Seq Scan", Relation: "codes"},
	}}
	if got := plan.unfenced(map[string]bool{"cases": true, "reports": true, "units": true}); len(got) != 3 {
		t.Errorf("three steps are without the tenant; found %v", got)
	}
}

// smallCity is a database with a few thousand invented cases, analysed.
func smallCity(t *testing.T) *dbtest.DB {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	d := dbtest.New(t)
	file := filepath.Join(t.TempDir(), "root.key")
	if err := os.WriteFile(file, []byte(seal.NewRootKey()), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := seal.LoadRoot(file)
	if err != nil {
		t.Fatal(err)
	}
	cities, err := tenants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if err := steps.UpsertTenants(ctx, d.DSN("migrator"), root, cities, steps.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := seed.Run(ctx, d.DSN("migrator"), root, cities, seed.Options{Cases: 3000, Now: time.Now()}); err != nil {
		t.Fatal(err)
	}
	return d
}
