//go:build unix

package identity_test

import (
	"fmt"
	"sync"
	"testing"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
)

func TestGuessingHasToWaitLongerEachTimeAndNeverForEver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wait := func() (seconds float64) {
		w.t.Helper()
		if err := w.super.QueryRow(t.Context(), "select coalesce(extract(epoch from max(locked_until) - now()), 0)::float8 from sec.login_tries where account_id = $1", w.bo).Scan(&seconds); err != nil {
			t.Fatal(err)
		}
		return seconds
	}
	for range 4 {
		_, _ = w.svc.Login(t.Context(), "bo@alfa.demo", "fel", "")
	}
	if wait() > 0 {
		t.Fatal("four mistakes already cost time")
	}
	_, _ = w.svc.Login(t.Context(), "bo@alfa.demo", "fel", "")
	if s := wait(); s < 3 || s > 5 {
		t.Errorf("the fifth mistake costs %v s", s)
	}
	if _, err := w.svc.Login(t.Context(), "bo@alfa.demo", goodPassword, ""); err == nil {
		t.Error("the right password was taken during the wait")
	}
	w.exec("update sec.login_tries set failed = 60, locked_until = null where account_id = $1", w.bo)
	_, _ = w.svc.Login(t.Context(), "bo@alfa.demo", "fel", "")
	if s := wait(); s < 800 || s > 900 {
		t.Errorf("the longest wait is %v s", s)
	}
	w.exec("update sec.login_tries set locked_until = now() - interval '1 second' where account_id = $1", w.bo)
	w.login("bo@alfa.demo")
	if n := w.count("sec.accounts where id = $1 and failed_attempts = 0 and locked_until is null", w.bo); n != 1 {
		t.Error("a login does not forget what strangers tried before it")
	}
	if n := w.count("sec.login_tries where account_id = $1", w.bo); n != 0 {
		t.Error("a login does not forget the mistakes before it")
	}
}

func TestAStrangerCannotShutTheOwnerOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.login("bo@alfa.demo")
	if mine.Device == "" || w.count("sec.devices d where d::text like '%' || $1 || '%'", mine.Device) != 0 {
		t.Fatal("the browser is not known, or its secret is stored")
	}
	w.ip = "203.0.113.9"
	for range 30 {
		_, _ = w.svc.Login(t.Context(), "bo@alfa.demo", "gissning", "")
		w.exec("update sec.login_tries set locked_until = now() - interval '1 second' where account_id = $1", w.bo)
	}
	_, _ = w.svc.Login(t.Context(), "bo@alfa.demo", "gissning", "")
	if _, err := w.svc.Login(t.Context(), "bo@alfa.demo", goodPassword, ""); err == nil {
		t.Error("the guesser is not held up")
	}
	known, err := w.svc.Login(t.Context(), "bo@alfa.demo", goodPassword, mine.Device)
	if err != nil {
		t.Errorf("the owner's own browser, even from the guesser's network: %v", err)
	}
	if known.Device == mine.Device || known.Device == "" {
		t.Error("the browser's secret is not changed at login")
	}
	w.ip = "192.0.2.77"
	if _, err := w.svc.Login(t.Context(), "bo@alfa.demo", goodPassword, ""); err != nil {
		t.Errorf("the owner at a new computer in another network: %v", err)
	}
	if _, err := w.svc.Login(t.Context(), "anna@alfa.demo", "fel", known.Device); err == nil {
		t.Error("a wrong password was taken")
	}
	if n := w.count("sec.login_tries where account_id = $1", w.anna); n != 1 {
		t.Error("somebody else's browser counts as anna's own")
	}
}

// TestAThousandNetworksGuessNoFasterThanOneInFiveSeconds: and the owner, who has been in before, notices nothing.
func TestAThousandNetworksGuessNoFasterThanOneInFiveSeconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.login("bo@alfa.demo")
	tried := 0
	for i := range 130 {
		w.ip = fmt.Sprintf("10.%d.7.1", i)
		before := w.count("sec.login_tries where account_id = $1", w.bo)
		if i < 100 {
			w.exec("update sec.accounts set failed_attempts = failed_attempts + 1 where id = $1", w.bo) // as if from there
			continue
		}
		_, _ = w.svc.Login(t.Context(), "bo@alfa.demo", "gissning", "")
		tried += w.count("sec.login_tries where account_id = $1", w.bo) - before
	}
	if tried < 1 || tried > 3 {
		t.Errorf("%d of 30 networks got to try a password at once", tried)
	}
	if _, err := w.svc.Login(t.Context(), "bo@alfa.demo", goodPassword, mine.Device); err != nil {
		t.Errorf("the owner: %v", err)
	}
}

func TestAFoundBrowserIsNoWayToGuessFaster(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	device := w.login("bo@alfa.demo").Device
	for range 5 {
		_, _ = w.svc.Login(t.Context(), "bo@alfa.demo", "gissning", device)
	}
	if _, err := w.svc.Login(t.Context(), "bo@alfa.demo", goodPassword, device); err == nil {
		t.Error("five mistakes on one device cost nothing")
	}
	w.exec("update sec.devices set expires_at = now() where account_id = $1", w.bo)
	if _, err := w.svc.Login(t.Context(), "bo@alfa.demo", goodPassword, device); err != nil {
		t.Errorf("a device that is not known any more is anybody's: %v", err)
	}
	for range 12 {
		w.login("bo@alfa.demo")
	}
	if n := w.count("sec.devices where account_id = $1", w.bo); n > 10 {
		t.Errorf("%d browsers are known", n)
	}
}

func TestAttemptsAtTheSameTimeDoNotSlipPastTheDelay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	network := make([]byte, 32)
	w.exec("insert into sec.login_tries (account_id, network, failed) values ($1, $2, 4)", w.bo, network)
	var wg sync.WaitGroup
	var mu sync.Mutex
	tried := 0
	for range 12 {
		wg.Go(func() {
			var rows []string
			b := &db.Batch{}
			b.Rows("select password_hash from sec.begin_login('bo@alfa.demo', @network, null)", db.Args{"network": network}, collect(&rows))
			if err := w.db.Once(t.Context(), authz.Anonymous(), b); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			tried += len(rows)
		})
	}
	wg.Wait()
	if tried != 1 {
		t.Errorf("%d of 12 simultaneous attempts got to try a password", tried)
	}
}

func TestADatabaseAddressOfALoginIsNobodysAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ip = "198.51.100.23"
	_, _ = w.svc.Login(t.Context(), "bo@alfa.demo", "fel", "")
	w.ip = "198.51.100.200"
	_, _ = w.svc.Login(t.Context(), "bo@alfa.demo", "fel", "")
	if n := w.count("sec.login_tries where account_id = $1 and failed = 2 and octet_length(network) = 32", w.bo); n != 1 {
		t.Error("two computers of one network are not counted together")
	}
}
