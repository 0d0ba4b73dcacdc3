//go:build unix

package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lyhord/migrations"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/local"
	"lyhord/pkg/platform/seal"
)

// lockName is the file that says whose folder it is, and that it is in use.
const lockName = "demo.lock"

// lockPatience covers the end of a demo that was stopped a moment ago.
const lockPatience = 5 * time.Second

// state is the folder in which the demo keeps everything.
type state struct {
	dir  string
	lock *local.FileLock

	password string            // of every invented person
	roles    map[string]string // passwords of the database roles
	code     id.ReceiptCode    // of the answered report that is shown
}

// openState takes the folder for this process alone and makes the secrets that are missing.
func openState(ctx context.Context, o options) (*state, error) {
	if err := mayUse(o.state); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.state, 0o711); err != nil { // the database may have to run as another user, who passes through
		return nil, fmt.Errorf("the state folder: %w", err)
	}
	s := &state{dir: o.state}
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	var err error
	if s.lock, err = local.Lock(ctx, s.path(lockName)); err != nil {
		if ctx.Err() == nil || context.Cause(ctx) == context.Canceled {
			return nil, err
		}
		//lint:ignore ST1005 the whole text is what the person at the terminal reads
		return nil, fmt.Errorf("Lyhörd körs redan i mappen %s%s. Stoppa den först, eller välj en annan mapp med LYHORD_STATE och en annan PORT.\n"+
			"      Another demo is running in this folder: stop it first, or choose another LYHORD_STATE and PORT", s.dir, s.whereRunning())
	}
	if o.fresh {
		if err := s.empty(); err != nil {
			s.lock.Unlock()
			return nil, err
		}
	}
	if err := s.secrets(); err != nil {
		s.lock.Unlock()
		return nil, err
	}
	return s, nil
}

// mayUse refuses a folder that holds something else than a demo: FRESH=1 would empty it.
func mayUse(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the state folder: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, lockName)); err != nil {
		return fmt.Errorf("%s is not empty and not a folder of the demo; choose another with LYHORD_STATE", dir)
	}
	return nil
}

// whereRunning is what the running demo has written about itself.
func (s *state) whereRunning() string {
	b, err := os.ReadFile(s.path(envName))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(b)) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), "LYHORD_URL="); ok {
			return ": " + strings.Trim(value, "'")
		}
	}
	return ""
}

// empty removes everything but the lock that is held.
func (s *state) empty() error {
	entries, err := os.ReadDir(s.dir)
	for _, e := range entries {
		if e.Name() != lockName && err == nil {
			err = os.RemoveAll(s.path(e.Name()))
		}
	}
	if err != nil {
		return fmt.Errorf("empty the state folder: %w", err)
	}
	return nil
}

func (s *state) path(name string) string { return filepath.Join(s.dir, name) }

// secrets are made once and stay: the words in the database can only be read with the same root key.
func (s *state) secrets() error {
	if _, err := s.once(rootKeyName, seal.NewRootKey); err != nil {
		return err
	}
	if _, err := s.once(cookieKeyName, func() string {
		b := make([]byte, 32)
		_, _ = rand.Read(b) // never returns an error: it aborts the process instead
		return base64.StdEncoding.EncodeToString(b)
	}); err != nil {
		return err
	}
	var err error
	if s.password, err = s.once("password", newPassword); err != nil {
		return err
	}
	code, err := s.once("receipt-code", func() string { return id.NewReceiptCode().Text() })
	if err != nil {
		return err
	}
	if s.code, err = id.ParseReceiptCode(code); err != nil {
		return fmt.Errorf("%s: %w", s.path("receipt-code"), err)
	}
	return s.rolePasswords()
}

// rolePasswords reads the passwords of the database roles and makes those that are missing: a folder of an earlier version
// knows nothing of a later role.
func (s *state) rolePasswords() error {
	const name = "roles.json"
	text, err := s.once(name, func() string { return "{}" })
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(text), &s.roles); err != nil {
		return fmt.Errorf("%s: %w", s.path(name), err)
	}
	known := len(s.roles)
	for _, role := range migrations.Roles {
		if s.roles[role] == "" {
			s.roles[role] = rand.Text()
		}
	}
	if len(s.roles) == known {
		return nil
	}
	b, _ := json.Marshal(s.roles) // texts: cannot fail
	return s.write(name, string(b)+"\n")
}

const (
	rootKeyName   = "root.key"
	cookieKeyName = "cookie.key"
)

// once reads a file of the folder, or makes it.
func (s *state) once(name string, make func() string) (string, error) {
	b, err := os.ReadFile(s.path(name))
	if err == nil {
		return strings.TrimSpace(string(b)), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	text := make()
	return text, s.write(name, text+"\n")
}

// write replaces a file whole: a kill leaves the old one or the new one.
func (s *state) write(name, text string) error {
	next := s.path(name + ".new")
	f, err := os.OpenFile(next, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return os.Rename(next, s.path(name))
}

// words of the demo's password: easy to read out, easy to type on a phone.
var words = strings.Fields(`blomma ekorre fjord granar havre igelkott julros kanot lingon mossa nypon orkan paraply renar
	sippa tallar uggla vinter yllesjal smultron hallon kastanj lykta pendel segling solros stenbro svalor timjan torkar vallmo viol`)

func newPassword() string {
	draw := func(n int) int {
		i, _ := rand.Int(rand.Reader, big.NewInt(int64(n))) // never returns an error
		return int(i.Int64())
	}
	return fmt.Sprintf("%s-%s-%s-%03d", words[draw(len(words))], words[draw(len(words))], words[draw(len(words))], draw(1000))
}
