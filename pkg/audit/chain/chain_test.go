package chain_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit/chain"
)

var (
	tenant = uuid.MustParse("11111111-1111-4111-8111-111111111111")
	noon   = time.Date(2026, 3, 2, 12, 0, 0, 123456000, time.UTC)
)

func rows(n int) []chain.Row {
	actor, about := uuid.NewSHA1(tenant, []byte("actor")), uuid.NewSHA1(tenant, []byte("case"))
	out := make([]chain.Row, n)
	for i := range out {
		out[i] = chain.Row{
			ID: uuid.NewSHA1(tenant, fmt.Append(nil, i)), At: noon.Add(time.Duration(i) * time.Second), Actor: &actor, Kind: "PERSON",
			Action: "open-case", Case: &about, Shown: []uuid.UUID{}, Result: "OK", Request: fmt.Sprint("r", i),
		}
	}
	return out
}

// export is three blocks of four rows and one row without a block.
func export() []chain.Line {
	all := rows(13)
	at := noon.Add(time.Minute)
	lines := []chain.Line{{Type: "trail", Tenant: &tenant, At: &at}}
	prev := chain.Genesis(tenant)
	for no := int64(1); no <= 3; no++ {
		part := all[(no-1)*4 : no*4]
		b := chain.Seal(tenant, no, prev, part)
		prev = b.Hash
		lines = append(lines, chain.BlockLine(b))
		for i := range part {
			lines = append(lines, chain.Line{Type: "row", Row: &part[i]})
		}
	}
	return append(lines, chain.Line{Type: "open", Row: &all[12]}, chain.Line{Type: "end", No: 3, Hash: hex.EncodeToString(prev[:])})
}

func text(t *testing.T, lines []chain.Line) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	for _, l := range lines {
		b, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(b, '\n'))
	}
	return &out
}

func TestWhatIsAsItWasSealedIsSound(t *testing.T) {
	t.Parallel()
	r, err := chain.Verify(text(t, export()))
	if err != nil || len(r.Findings) > 0 || r.Blocks != 3 || r.Rows != 13 || r.Open != 1 {
		t.Errorf("%+v %v", r, err)
	}
}

// TestEveryTamperingIsNamed: line 0 is the head, 1, 6 and 11 are blocks, 16 the open row, 17 the end.
//
// long: one table of every way to tamper
func TestEveryTamperingIsNamed(t *testing.T) {
	t.Parallel()
	other := uuid.NewSHA1(tenant, []byte("other"))
	change := func(fn func(*chain.Row)) func([]chain.Line) []chain.Line {
		return func(l []chain.Line) []chain.Line {
			r := *l[8].Row
			fn(&r)
			l[8].Row = &r
			return l
		}
	}
	victim := export()[8].Row.ID
	for name, c := range map[string]struct {
		tamper func([]chain.Line) []chain.Line
		what   string
		block  int64
		row    uuid.UUID
	}{
		"another reader":  {change(func(r *chain.Row) { r.Actor = &other }), "changed", 2, victim},
		"no reader":       {change(func(r *chain.Row) { r.Actor = nil }), "changed", 2, victim},
		"another time":    {change(func(r *chain.Row) { r.At = r.At.Add(time.Microsecond) }), "changed", 2, victim},
		"another act":     {change(func(r *chain.Row) { r.Action = "list-cases" }), "changed", 2, victim},
		"another kind":    {change(func(r *chain.Row) { r.Kind = "JOB" }), "changed", 2, victim},
		"another case":    {change(func(r *chain.Row) { r.Case = &other }), "changed", 2, victim},
		"another try":     {change(func(r *chain.Row) { r.Tried = &other }), "changed", 2, victim},
		"more shown":      {change(func(r *chain.Row) { r.Shown = []uuid.UUID{other} }), "changed", 2, victim},
		"another result":  {change(func(r *chain.Row) { r.Result = "REFUSED" }), "changed", 2, victim},
		"another request": {change(func(r *chain.Row) { r.Request = "x" }), "changed", 2, victim},
		"another id":      {change(func(r *chain.Row) { r.ID = other }), "dropped", 2, victim},
		"a row taken out": {func(l []chain.Line) []chain.Line { return slices.Delete(l, 8, 9) }, "dropped", 2, victim},
		"a row put in": {func(l []chain.Line) []chain.Line {
			r := *l[8].Row
			r.ID = other
			return slices.Insert(l, 8, chain.Line{Type: "row", Row: &r})
		}, "inserted", 2, other},
		"a row twice":       {func(l []chain.Line) []chain.Line { return slices.Insert(l, 8, l[8]) }, "inserted", 2, victim},
		"two rows changed":  {func(l []chain.Line) []chain.Line { l[8], l[9] = l[9], l[8]; return l }, "moved", 2, victim},
		"a row elsewhere":   {func(l []chain.Line) []chain.Line { x := l[8]; return slices.Insert(slices.Delete(l, 8, 9), 12, x) }, "inserted", 3, victim},
		"a block taken out": {func(l []chain.Line) []chain.Line { return slices.Delete(l, 6, 11) }, "block", 3, uuid.Nil},
		"the last block":    {func(l []chain.Line) []chain.Line { return slices.Delete(l, 11, 16) }, "file", 3, uuid.Nil},
		"blocks changed": {func(l []chain.Line) []chain.Line {
			return append(append(append(append([]chain.Line{}, l[:1]...), l[6:11]...), l[1:6]...), l[11:]...)
		}, "block", 2, uuid.Nil},
		"an old row, late": {func(l []chain.Line) []chain.Line {
			r := *l[16].Row
			r.At = noon.Add(-time.Hour)
			l[16].Row = &r
			return l
		}, "late", 3, export()[16].Row.ID},
		"cut off":          {func(l []chain.Line) []chain.Line { return l[:14] }, "file", 3, uuid.Nil},
		"a digest changed": {func(l []chain.Line) []chain.Line { l[6].Sums[1] = strings.Repeat("0", 64); return l }, "block", 2, uuid.Nil},
	} {
		r, err := chain.Verify(text(t, c.tamper(export())))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !slices.ContainsFunc(r.Findings, func(f chain.Finding) bool { return f.What == c.what && f.Block == c.block && f.Row == c.row }) {
			t.Errorf("%s: want %s in block %d, row %s; found %v", name, c.what, c.block, c.row, r.Findings)
		}
	}
}

// TestARewrittenChainIsSeenByWhoKnowsABlock: somebody with all rights made everything anew from the changed row on.
func TestARewrittenChainIsSeenByWhoKnowsABlock(t *testing.T) {
	t.Parallel()
	before, err := chain.Verify(text(t, export()))
	if err != nil {
		t.Fatal(err)
	}
	all := rows(12)
	all[0].Action = "list-cases"
	at := noon.Add(time.Minute)
	lines := []chain.Line{{Type: "trail", Tenant: &tenant, At: &at}}
	b := chain.Seal(tenant, 1, chain.Genesis(tenant), all)
	lines = append(lines, chain.BlockLine(b))
	for i := range all {
		lines = append(lines, chain.Line{Type: "row", Row: &all[i]})
	}
	lines = append(lines, chain.Line{Type: "end", No: 1, Hash: hex.EncodeToString(b.Hash[:])})
	if r, err := chain.Verify(text(t, lines)); err != nil || len(r.Findings) > 0 {
		t.Fatalf("by itself it looks sound: %v %v", r.Findings, err)
	}
	anchor, err := chain.ParseAnchor(fmt.Sprintf("%d:%x", before.Head.No, before.Head.Hash))
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := chain.Verify(text(t, lines), anchor); len(r.Findings) == 0 {
		t.Error("the known block is gone, and nobody says so")
	}
}

func TestAnotherTenantsTrailIsNotOnes(t *testing.T) {
	t.Parallel()
	lines := export()
	other := uuid.New()
	lines[0].Tenant = &other
	if r, err := chain.Verify(text(t, lines)); err != nil || len(r.Findings) < 3 {
		t.Errorf("%v %v", r.Findings, err)
	}
}

func TestWhatIsNoExportIsSaidToBeNone(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "{}", "hej", `{"type":"block"}`, `{"type":"trail"}`, "\n\n", `{"type":"trail","tenant":"11111111-1111-4111-8111-111111111111","at":"2026-01-01T00:00:00Z"}` + "\n" + `{"type":"row"}`} {
		if _, err := chain.Verify(strings.NewReader(in)); err == nil {
			t.Errorf("%q was taken", in)
		}
	}
}

func FuzzVerify(f *testing.F) {
	var seed bytes.Buffer
	for _, l := range export() {
		b, _ := json.Marshal(l)
		seed.Write(append(b, '\n'))
	}
	f.Add(seed.String())
	f.Fuzz(func(_ *testing.T, in string) { _, _ = chain.Verify(strings.NewReader(in)) })
}
