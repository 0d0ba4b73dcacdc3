package scan_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"net"
	"testing"

	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/scan"
)

// eicar is the test file that every scanner knows, put together so that none finds it in this source.
var eicar = []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-` + `TEST-FILE!$H+H*`)

func TestARealScannerFindsEicarPlainAndPacked(t *testing.T) {
	t.Parallel()
	s := scan.New(dbtest.Clamd(t))
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	w, err := z.Create("word/document.xml")
	if err == nil {
		_, err = w.Write(eicar)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data     []byte
		infected bool
	}{
		"eicar": {eicar, true}, "eicar packed": {packed.Bytes(), true}, "a letter": {[]byte("Larmet besvarades inte."), false}, "nothing": {nil, false},
		"4 MiB": {bytes.Repeat([]byte("a"), 4<<20), false},
	} {
		v, err := s.File(t.Context(), c.data)
		if err != nil || v.Infected != c.infected || v.Infected != (v.Signature != "") {
			t.Errorf("%s: %+v %v", name, v, err)
		}
	}
	// More than the scanner takes is not scanned: neither clean nor infected.
	if v, err := s.File(t.Context(), bytes.Repeat([]byte("a"), 6<<20)); err == nil {
		t.Errorf("too large: %+v", v)
	}
}

func TestAScannerThatIsAwayCallsNothingClean(t *testing.T) {
	t.Parallel()
	if _, err := (scan.Scanner{}).File(t.Context(), eicar); !errors.Is(err, scan.ErrOff) {
		t.Errorf("no scanner: %v", err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	_ = free.Close()
	if _, err := scan.New(config.Clamd{Network: "tcp", Addr: addr}).File(t.Context(), eicar); !errors.Is(err, scan.ErrAway) {
		t.Errorf("dead scanner: %v", err)
	}
}

func TestAnAnswerThatIsNeitherOKNorFOUNDIsNotClean(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"stream: SCAN ERROR\x00", "INSTREAM size limit exceeded. ERROR\x00", "OK\x00", "stream: OK", "", "stream: OK FOUND OK\x00"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		go func() {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1<<10))
			_, _ = conn.Write([]byte(answer))
			_ = conn.(*net.TCPConn).CloseWrite()
			_, _ = conn.Read(make([]byte, 1<<10))
			_ = conn.Close()
		}()
		if v, err := scan.New(config.Clamd{Network: "tcp", Addr: l.Addr().String()}).File(t.Context(), eicar); err == nil {
			t.Errorf("%q is taken for %+v", answer, v)
		}
	}
}
