package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/quick"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"lyhord/pkg/platform/problem"
)

func newRoot(t testing.TB) *Root {
	t.Helper()
	r, err := ParseRoot(NewRootKey())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newTenant(t testing.TB, r *Root, version int) *TenantKey {
	t.Helper()
	_, k, err := r.NewTenantKey(uuid.New(), version)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestWhatIsSealedOpensInItsPlace(t *testing.T) {
	tk := newTenant(t, newRoot(t), 1)
	ck, _ := tk.NewCaseKey(uuid.New())
	row := uuid.New()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		sealed := ck.Seal("report", "text_sealed", row, text)
		if len(text) > 3 && bytes.Contains(sealed, []byte(text)) {
			t.Fatal("the sealed value shows the text")
		}
		if len(sealed) != len(text)+Overhead {
			t.Fatalf("overhead %d", len(sealed)-len(text))
		}
		if got, err := ck.Open("report", "text_sealed", row, sealed); err != nil || got != text {
			t.Fatalf("%q: %v", got, err)
		}
		direct := tk.Seal("draft", "text_sealed", row, text)
		if got, err := tk.Open("draft", "text_sealed", row, direct); err != nil || got != text {
			t.Fatalf("%q: %v", got, err)
		}
	})
}

func TestAValueMovedToAnotherPlaceDoesNotOpen(t *testing.T) {
	r := newRoot(t)
	a, b := newTenant(t, r, 1), newTenant(t, r, 1)
	caseID, row := uuid.New(), uuid.New()
	ck, wrapped := a.NewCaseKey(caseID)
	other, _ := a.NewCaseKey(uuid.New())
	foreign, _ := b.NewCaseKey(caseID)
	sealed := ck.Seal("report", "text_sealed", row, "hemligt")
	for name, open := range map[string]func() (string, error){
		"another row":    func() (string, error) { return ck.Open("report", "text_sealed", uuid.New(), sealed) },
		"another column": func() (string, error) { return ck.Open("report", "name_sealed", row, sealed) },
		"another table":  func() (string, error) { return ck.Open("message", "text_sealed", row, sealed) },
		"a shifted name": func() (string, error) { return ck.Open("reporttext", "_sealed", row, sealed) },
		"another case":   func() (string, error) { return other.Open("report", "text_sealed", row, sealed) },
		"another tenant": func() (string, error) { return foreign.Open("report", "text_sealed", row, sealed) },
		"the tenant key": func() (string, error) { return a.Open("report", "text_sealed", row, sealed) },
	} {
		if got, err := open(); !errors.Is(err, ErrOpen) || got != "" {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	if _, err := a.OpenCaseKey(uuid.New(), wrapped); !errors.Is(err, ErrOpen) {
		t.Errorf("a wrapped key must open only for its case: %v", err)
	}
	if _, err := b.OpenCaseKey(caseID, wrapped); !errors.Is(err, ErrOpen) {
		t.Errorf("a wrapped key must open only for its tenant: %v", err)
	}
	if _, err := a.Open("case_key", "wrapped", caseID, wrapped); !errors.Is(err, ErrOpen) {
		t.Errorf("a wrapped key must not open as a text: %v", err)
	}
}

func TestAnySingleChangedBitIsNoticed(t *testing.T) {
	ck, _ := newTenant(t, newRoot(t), 1).NewCaseKey(uuid.New())
	row := uuid.New()
	sealed := ck.Seal("t", "c", row, "text")
	for i := range sealed {
		for bit := range 8 {
			bad := bytes.Clone(sealed)
			bad[i] ^= 1 << bit
			if _, err := ck.Open("t", "c", row, bad); err == nil {
				t.Fatalf("bit %d of byte %d", bit, i)
			}
		}
	}
}

func TestTwoSealsOfTheSameTextDiffer(t *testing.T) {
	ck, _ := newTenant(t, newRoot(t), 1).NewCaseKey(uuid.New())
	row := uuid.New()
	if bytes.Equal(ck.Seal("t", "c", row, "x"), ck.Seal("t", "c", row, "x")) {
		t.Error("equal texts must not be recognisable")
	}
}

func TestKeysSurviveStorage(t *testing.T) {
	r, tenant, caseID, row := newRoot(t), uuid.New(), uuid.New(), uuid.New()
	wrappedTenant, tk, err := r.NewTenantKey(tenant, 3)
	if err != nil {
		t.Fatal(err)
	}
	ck, wrappedCase := tk.NewCaseKey(caseID)
	sealed := ck.Seal("t", "c", row, "text")
	draft := tk.Seal("t", "d", row, "utkast")
	index := tk.Index(IndexName, "Åsa")

	tk2, err := r.OpenTenantKey(tenant, 3, wrappedTenant)
	if err != nil {
		t.Fatal(err)
	}
	ck2, err := tk2.OpenCaseKey(caseID, wrappedCase)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ck2.Open("t", "c", row, sealed); err != nil || got != "text" {
		t.Errorf("%q %v", got, err)
	}
	if got, err := tk2.Open("t", "d", row, draft); err != nil || got != "utkast" {
		t.Errorf("%q %v", got, err)
	}
	if !bytes.Equal(index, tk2.Index(IndexName, "Åsa")) {
		t.Error("the blind index must be the same after a restart")
	}
	for _, wrong := range []struct {
		tenant  uuid.UUID
		version int
	}{{uuid.New(), 3}, {tenant, 2}} {
		if _, err := r.OpenTenantKey(wrong.tenant, wrong.version, wrappedTenant); !errors.Is(err, ErrOpen) {
			t.Errorf("%v: %v", wrong, err)
		}
	}
	if _, err := newRoot(t).OpenTenantKey(tenant, 3, wrappedTenant); !errors.Is(err, ErrOpen) {
		t.Errorf("another root: %v", err)
	}
}

func TestADestroyedKeyIsGoneForGood(t *testing.T) {
	r := newRoot(t)
	tk := newTenant(t, r, 1)
	_, err := tk.OpenCaseKey(uuid.New(), nil)
	if !errors.Is(err, ErrShredded) || !problem.Is(err, problem.KindGone) {
		t.Errorf("case: %v", err)
	}
	if _, err := r.OpenTenantKey(uuid.New(), 1, nil); !errors.Is(err, ErrShredded) {
		t.Errorf("tenant: %v", err)
	}
}

func TestAColumnThatIsNullOpensAsNothing(t *testing.T) {
	tk := newTenant(t, newRoot(t), 1)
	ck, _ := tk.NewCaseKey(uuid.New())
	if s, err := ck.Open("t", "c", uuid.New(), nil); s != "" || err != nil {
		t.Errorf("%q %v", s, err)
	}
	if s, err := tk.Open("t", "c", uuid.New(), nil); s != "" || err != nil {
		t.Errorf("%q %v", s, err)
	}
	if _, err := ck.Open("t", "c", uuid.New(), []byte{}); !errors.Is(err, ErrOpen) {
		t.Errorf("an empty column is not NULL: %v", err)
	}
}

func TestRotationRewrapsKeysAndLeavesTheTextsAlone(t *testing.T) {
	r, tenant, caseID, row := newRoot(t), uuid.New(), uuid.New(), uuid.New()
	_, v1, _ := r.NewTenantKey(tenant, 1)
	_, v2, _ := r.NewTenantKey(tenant, 2)
	ck, wrapped := v1.NewCaseKey(caseID)
	sealed := ck.Seal("t", "c", row, "text")

	if _, err := v2.OpenCaseKey(caseID, wrapped); !errors.Is(err, ErrKeyVersion) {
		t.Fatalf("the new version cannot open what the old one wrapped: %v", err)
	}
	rewrapped, err := v2.Rewrap(v1, caseID, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := KeyVersion(rewrapped); v != 2 {
		t.Errorf("version %d", v)
	}
	again, err := v2.OpenCaseKey(caseID, rewrapped)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open("t", "c", row, sealed); err != nil || got != "text" {
		t.Errorf("%q %v", got, err)
	}
	if _, err := newTenant(t, r, 3).Rewrap(v1, caseID, wrapped); !errors.Is(err, ErrOpen) {
		t.Errorf("another tenant must not take over a key: %v", err)
	}
}

func TestTheRootIsReplacedWithoutLosingATenant(t *testing.T) {
	oldText, newText, tenant := NewRootKey(), NewRootKey(), uuid.New()
	old, _ := ParseRoot(oldText)
	wrapped, _, _ := old.NewTenantKey(tenant, 1)
	both, err := ParseRoot("# ny nyckel först\n" + newText + "\n\n" + oldText + "\n")
	if err != nil {
		t.Fatal(err)
	}
	rewrapped, err := both.Rewrap(tenant, 1, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	onlyNew, _ := ParseRoot(newText)
	if _, err := onlyNew.OpenTenantKey(tenant, 1, rewrapped); err != nil {
		t.Error(err)
	}
	if _, err := onlyNew.OpenTenantKey(tenant, 1, wrapped); !errors.Is(err, ErrOpen) {
		t.Errorf("what the old root wrapped needs the old root: %v", err)
	}
}

func TestTheRootKeyFileIsReadStrictly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root-key")
	good := NewRootKey()
	if err := os.WriteFile(path, []byte(good+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadRoot(path); err != nil {
		t.Error(err)
	}
	if _, err := LoadRoot(path + ".missing"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	for _, bad := range []string{"", "# bara en kommentar", "kort", good[:20], base64.StdEncoding.EncodeToString(make([]byte, 31)), good + good} {
		_, err := ParseRoot(bad)
		if err == nil {
			t.Errorf("%q was taken for a root key", bad)
		} else if len(bad) > 10 && strings.Contains(err.Error(), bad[:10]) {
			t.Error("the error shows the key")
		}
	}
	for _, v := range []int{0, -1, 1 << 16} {
		if _, _, err := newRoot(t).NewTenantKey(uuid.New(), v); err == nil {
			t.Errorf("version %d was accepted", v)
		}
	}
}

func TestArbitraryBytesNeverOpen(t *testing.T) {
	tk := newTenant(t, newRoot(t), 1)
	ck, _ := tk.NewCaseKey(uuid.New())
	err := quick.Check(func(b []byte) bool {
		_, err := ck.Open("t", "c", uuid.Nil, append([]byte{formatV1, 0, 1}, b...))
		return errors.Is(err, ErrOpen)
	}, nil)
	if err != nil {
		t.Error(err)
	}
}

func FuzzOpen(f *testing.F) {
	tk := newTenant(f, newRoot(f), 1)
	ck, wrapped := tk.NewCaseKey(uuid.Nil)
	good := ck.Seal("t", "c", uuid.Nil, "text")
	f.Add(good)
	f.Add(wrapped)
	f.Add([]byte{formatV1, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := ck.OpenBytes("t", "c", uuid.Nil, b); err == nil && b != nil && !bytes.Equal(b, good) {
			t.Errorf("%x opened", b)
		}
		_, _ = tk.OpenBytes("t", "c", uuid.Nil, b)
		_, _ = tk.OpenCaseKey(uuid.Nil, b)
		_, _ = KeyVersion(b)
	})
}
