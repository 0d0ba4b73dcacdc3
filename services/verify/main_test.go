package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit/chain"
)

func file(t *testing.T, spoil func(*chain.Row)) string {
	t.Helper()
	tenant, at := uuid.New(), time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	row := chain.Row{ID: uuid.New(), At: at, Kind: "PERSON", Action: "open-case", Shown: []uuid.UUID{}, Result: "OK"}
	b := chain.Seal(tenant, 1, chain.Genesis(tenant), []chain.Row{row})
	spoil(&row)
	var out bytes.Buffer
	for _, l := range []chain.Line{
		{Type: "trail", Tenant: &tenant, At: &at}, chain.BlockLine(b), {Type: "row", Row: &row}, {Type: "end", No: 1, Hash: hex.EncodeToString(b.Hash[:])},
	} {
		text, _ := json.Marshal(l)
		out.Write(append(text, '\n'))
	}
	name := filepath.Join(t.TempDir(), "trail.jsonl")
	if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestTheCommandSaysBySentenceAndByNumber(t *testing.T) {
	t.Parallel()
	good, bad := file(t, func(*chain.Row) {}), file(t, func(r *chain.Row) { r.Action = "list-cases" })
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{good}, sound, "everything is as it was sealed"},
		{[]string{bad}, unsound, "changed: block 1, row "},
		{[]string{"-anchor", "1:" + strings.Repeat("0", 64), good}, unsound, "anchor: block 1"},
		{[]string{"-anchor", "x", good}, unreadable, ""},
		{[]string{good + ".none"}, unreadable, ""},
		{nil, unreadable, ""},
	} {
		var out, errs bytes.Buffer
		if code := run(c.args, strings.NewReader(""), &out, &errs); code != c.code || !strings.Contains(out.String(), c.says) {
			t.Errorf("%v: %d %s %s", c.args, code, out.String(), errs.String())
		}
	}
}
