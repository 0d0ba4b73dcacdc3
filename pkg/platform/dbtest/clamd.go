package dbtest

import (
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"lyhord/pkg/platform/config"
)

// Clamd runs a ClamAV for a test, with a database of one line: it knows EICAR and nothing else. Where clamd lacks the test
// fails, for a scanner that was never asked is not known to be understood. It ends with the test.
func Clamd(t testing.TB) config.Clamd {
	t.Helper()
	program, err := exec.LookPath("clamd")
	if err != nil {
		program = "/usr/sbin/clamd"
	}
	if _, err := os.Stat(program); err != nil {
		t.Fatal("clamd is missing, so nothing scans a file; install it: sudo apt-get install --no-install-recommends clamav-daemon (make test does)")
	}
	dir, err := os.MkdirTemp("", "clamd") // a test's own folder may be too long a path for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "clamd.sock")
	sign := hex.EncodeToString([]byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-` + `TEST-FILE!$H+H*`))
	for name, text := range map[string]string{
		"eicar.ndb": "Eicar-Test-Signature:0:0:" + sign + "\n",
		"clamd.conf": fmt.Sprintf("Foreground yes\nDatabaseDirectory %s\nLocalSocket %s\nTemporaryDirectory %s\nStreamMaxLength 5M\nMaxThreads 2\nLogClean no\n",
			dir, socket, dir),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "-c", filepath.Join(dir, "clamd.conf"))
	said, err := os.Create(filepath.Join(dir, "said"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
		_ = said.Close()
	})
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) { // another program: its socket is the only sign
		if conn, err := net.Dial("unix", socket); err == nil {
			_ = conn.Close()
			return config.Clamd{Network: "unix", Addr: socket}
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(said.Name())
			t.Fatalf("clamd does not answer: %s", text)
		}
	}
}
