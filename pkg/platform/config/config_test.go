package config

import (
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of settings into the README")

// complete is an environment in which every process starts.
func complete(t *testing.T) map[string]string {
	t.Helper()
	cookie := filepath.Join(t.TempDir(), "cookie")
	write(t, cookie, base64.StdEncoding.EncodeToString([]byte(strings.Repeat("c", 32)))+"\n")
	return map[string]string{
		"LYHORD_PUBLIC_URL": "https://lyhord.example.se/",
		"LYHORD_DSN_API":    "postgres://api", "LYHORD_DSN_LOGIN": "postgres://login", "LYHORD_DSN_INTAKE": "postgres://intake", "LYHORD_DSN_INSIGHT": "postgres://insight",
		"LYHORD_DSN_WORKER": "postgres://worker", "LYHORD_DSN_RELAY": "postgres://relay", "LYHORD_DSN_MIGRATOR": "postgres://migrator",
		"LYHORD_REDIS_ADDR": "redis:6379", "LYHORD_ROOT_KEY_FILE": "/run/secrets/root", "LYHORD_COOKIE_SECRET_FILE": cookie,
		"LYHORD_SMTP_ADDR": "mail:25", "LYHORD_SMTP_FROM": "Lyhörd <lyhord@example.se>", "LYHORD_FILES_DIR": "/var/lib/lyhord",
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func lookup(env map[string]string) Lookup { return func(name string) string { return env[name] } }

// load runs one of the three loaders and gives only the error.
var load = map[Process]func(Lookup) error{
	ForAPI:     func(l Lookup) error { _, err := LoadAPI(l); return err },
	ForWorker:  func(l Lookup) error { _, err := LoadWorker(l); return err },
	ForMigrate: func(l Lookup) error { _, err := LoadMigrate(l); return err },
}

func TestACompleteEnvironmentIsReadTyped(t *testing.T) {
	env := complete(t)
	env["LYHORD_TRUSTED_PROXIES"] = "10.0.0.0/8, 127.0.0.1"
	env["LYHORD_LOG_LEVEL"] = "WARN"
	env["LYHORD_REDIS_DB"] = "3"
	api, err := LoadAPI(lookup(env))
	if err != nil {
		t.Fatal(err)
	}
	if api.Listen != ":8080" || api.Public.URL.String() != "https://lyhord.example.se" || !api.Public.HTTPS() ||
		api.DSN.Intake.Reveal() != "postgres://intake" || api.LogLevel != slog.LevelWarn || api.Demo || api.Redis.DB != 3 ||
		len(api.CookieSecret.Reveal()) != 32 || !slices.Equal(api.TrustedProxies, []string{"10.0.0.0/8", "127.0.0.1"}) {
		t.Errorf("%+v", api)
	}
	worker, err := LoadWorker(lookup(env))
	if err != nil || worker.SMTP.TLS != "starttls" || worker.DSN.Relay.Reveal() != "postgres://relay" {
		t.Errorf("%+v %v", worker, err)
	}
	if m, err := LoadMigrate(lookup(env)); err != nil || m.DSN.Migrator.Reveal() != "postgres://migrator" {
		t.Errorf("%+v %v", m, err)
	}
}

func TestWhatIsMissingIsNamedAllAtOnceWithWhatItIsFor(t *testing.T) {
	for process, load := range load {
		err := load(lookup(nil))
		if err == nil {
			t.Errorf("%s starts with nothing", process)
			continue
		}
		for _, s := range Settings {
			if s.Required && slices.Contains(s.For, process) && !strings.Contains(err.Error(), s.Name+" is missing: "+s.What) {
				t.Errorf("%s: %s is not named in\n%v", process, s.Name, err)
			}
		}
	}
}

func TestProductionNeedsEachOfItsSettings(t *testing.T) {
	for _, s := range Settings {
		for _, process := range s.For {
			env := complete(t)
			if !s.Required && s.Name != "LYHORD_REDIS_ADDR" && s.Name != "LYHORD_FILES_DIR" {
				continue
			}
			delete(env, s.Name)
			if err := load[process](lookup(env)); err == nil || !strings.Contains(err.Error(), s.Name) {
				t.Errorf("%s starts without %s: %v", process, s.Name, err)
			}
		}
	}
}

func TestUnreadableValuesAreNamedAndNotShown(t *testing.T) {
	for name, values := range map[string][]string{
		"LYHORD_PUBLIC_URL":           {"lyhord.example.se", "ftp://x", "https://x/path", "https://u:p@x", "https://x?q=1"},
		"LYHORD_TRUSTED_PROXIES":      {"all", "10.0.0.0/99"},
		"LYHORD_REDIS_ADDR":           {"redis", "redis:0", ":6379", "redis:99999"},
		"LYHORD_REDIS_SENTINELS":      {"a:1,b", "a:26379"}, // the second: both ways at once
		"LYHORD_REDIS_DB":             {"-1", "x"},
		"LYHORD_S3_ENDPOINT":          {"s3.example.se", "ftp://x", "https://x/path", "https://u:p@x"},
		"LYHORD_REDIS_TLS":            {"ja"},
		"LYHORD_DEMO":                 {"kanske"},
		"LYHORD_LOG_LEVEL":            {"loud"},
		"LYHORD_COOKIE_SECRET_FILE":   {"/missing/file"},
		"OTEL_EXPORTER_OTLP_ENDPOINT": {"collector:4318"},
	} {
		for _, value := range values {
			env := complete(t)
			env[name] = value
			_, err := LoadAPI(lookup(env))
			if err == nil || !strings.Contains(err.Error(), name+" ") || strings.Contains(err.Error(), value+" ") {
				t.Errorf("%s=%s: %v", name, value, err)
			}
		}
	}
	for name, value := range map[string]string{"LYHORD_SMTP_FROM": "nobody", "LYHORD_SMTP_TLS": "maybe", "LYHORD_SMTP_ADDR": "mail", "LYHORD_CLAMD_ADDR": "clamd:3310"} {
		env := complete(t)
		env[name] = value
		if _, err := LoadWorker(lookup(env)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}

func TestAShortCookieSecretIsRefused(t *testing.T) {
	env := complete(t)
	write(t, env["LYHORD_COOKIE_SECRET_FILE"], base64.StdEncoding.EncodeToString(make([]byte, 31)))
	if _, err := LoadAPI(lookup(env)); err == nil {
		t.Error("31 bytes are too few")
	}
}

func TestSentinelsReplaceTheAddress(t *testing.T) {
	env := complete(t)
	delete(env, "LYHORD_REDIS_ADDR")
	env["LYHORD_REDIS_SENTINELS"] = "a:26379, b:26379"
	if _, err := LoadWorker(lookup(env)); err == nil || !strings.Contains(err.Error(), "LYHORD_REDIS_MASTER is missing") {
		t.Errorf("the master must be named: %v", err)
	}
	env["LYHORD_REDIS_MASTER"] = "lyhord"
	c, err := LoadWorker(lookup(env))
	if err != nil || len(c.Redis.Sentinels) != 2 || c.Redis.Addr != "" {
		t.Errorf("%+v %v", c.Redis, err)
	}
}

func TestASecretMayComeFromAFile(t *testing.T) {
	env := complete(t)
	path := filepath.Join(t.TempDir(), "dsn")
	write(t, path, "postgres://from-file\n")
	delete(env, "LYHORD_DSN_MIGRATOR")
	env["LYHORD_DSN_MIGRATOR_FILE"] = path
	if c, err := LoadMigrate(lookup(env)); err != nil || c.DSN.Migrator.Reveal() != "postgres://from-file" {
		t.Errorf("%v", err)
	}
	env["LYHORD_DSN_MIGRATOR_FILE"] = path + ".missing"
	if _, err := LoadMigrate(lookup(env)); err == nil || !strings.Contains(err.Error(), "LYHORD_DSN_MIGRATOR_FILE") {
		t.Errorf("%v", err)
	}
}

func TestNoSecretIsPrinted(t *testing.T) {
	env := complete(t)
	c, err := LoadAPI(lookup(env))
	if err != nil {
		t.Fatal(err)
	}
	asJSON, _ := json.Marshal(c)
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "config", c, "dsn", c.DSN.API)
	all := fmt.Sprintf("%v %+v %#v %s", c, c, c, c.DSN.API) + string(asJSON) + logged.String()
	if strings.Contains(all, "postgres://") || strings.Contains(all, "cccc") {
		t.Errorf("a secret is shown: %s", all)
	}
}

func TestEveryProcessReadsExactlyWhatTheTableSays(t *testing.T) {
	env := complete(t)
	for process, load := range load {
		asked := map[string]bool{}
		_ = load(func(name string) string {
			asked[strings.TrimSuffix(name, "_FILE")] = true
			asked[name] = true
			return env[name]
		})
		for _, s := range Settings {
			if slices.Contains(s.For, process) != asked[s.Name] {
				t.Errorf("%s and %s: the table says %v, read %v", process, s.Name, slices.Contains(s.For, process), asked[s.Name])
			}
		}
	}
}

func TestTheTableIsWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Settings {
		if seen[s.Name] || len(s.For) == 0 || !strings.HasSuffix(s.What, ".") || strings.ContainsAny(s.What, "|\n") || s.Required && s.Default != "" {
			t.Errorf("%+v", s)
		}
		seen[s.Name] = true
	}
}

const (
	tableBegins = "<!-- settings: written by go test ./pkg/platform/config -update -->\n"
	tableEnds   = "<!-- end of settings -->"
)

func TestTheREADMEShowsTheTable(t *testing.T) {
	const readme = "../../../README.md"
	text, err := os.ReadFile(readme)
	if os.IsNotExist(err) {
		t.Skip("there is no README yet")
	} else if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), tableBegins)
	table, after, ended := strings.Cut(rest, tableEnds)
	switch {
	case !found || !ended:
		t.Fatalf("the README lacks the lines that enclose the table:\n%s%s", tableBegins, tableEnds)
	case table == Markdown():
	case *update:
		write(t, readme, before+tableBegins+Markdown()+tableEnds+after)
	default:
		t.Error("the README's table of settings is old: run go test ./pkg/platform/config -update")
	}
}
