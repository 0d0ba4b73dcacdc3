package config

import (
	"encoding/base64"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
)

// Secret is a value that no log and no error shows.
type Secret string

// Reveal gives the value to the one who needs it.
func (s Secret) Reveal() string { return string(s) }

func (Secret) String() string { return "(secret)" }

// GoString hides it from %#v.
func (Secret) GoString() string { return "(secret)" }

// MarshalText hides it from JSON and from slog.
func (Secret) MarshalText() ([]byte, error) { return []byte("(secret)"), nil }

// Common is what every process reads.
type Common struct {
	Demo        bool
	LogLevel    slog.Level
	RootKeyFile string
}

// Redis is where Redis is: one server, or the sentinels that know.
type Redis struct {
	Addr      string
	Sentinels []string
	Master    string
	DB        int
	Password  Secret
	TLS       bool
}

// Public is the address people use.
type Public struct {
	URL *url.URL
}

// HTTPS says whether people reach us by https.
func (p Public) HTTPS() bool { return p.URL != nil && p.URL.Scheme == "https" }

// SMTP is the mail server.
type SMTP struct {
	Addr     string
	From     string
	User     string
	Password Secret
	TLS      string // starttls, tls or none
}

// Files is where sealed files are kept: a folder, or S3.
type Files struct {
	Dir string
	S3  S3
}

// S3 is a bucket of an S3 server.
type S3 struct {
	Endpoint  *url.URL
	Region    string
	Bucket    string
	AccessKey string
	SecretKey Secret
}

// Clamd is where ClamAV listens; an empty address is none.
type Clamd struct {
	Network string // unix or tcp
	Addr    string
}

// API is the settings of services/api.
type API struct {
	Common
	Public         Public
	Listen         string
	MetricsListen  string
	TrustedProxies []string
	DSN            struct{ API, Login, Intake, Insight Secret }
	Redis          Redis
	CookieSecret   Secret // at least 32 bytes, not text
	Files          Files
	OTLPEndpoint   string
}

// Worker is the settings of services/worker.
type Worker struct {
	Common
	Public        Public
	MetricsListen string
	DSN           struct{ Worker, Relay Secret }
	Redis         Redis
	SMTP          SMTP
	Files         Files
	Clamd         Clamd
	OTLPEndpoint  string
}

// Migrate is the settings of services/migrate.
type Migrate struct {
	Common
	DSN struct{ Migrator Secret }
}

// Lookup gives the value of a variable, empty when it is not set; os.Getenv in
// production.
type Lookup func(name string) string

// LoadAPI reads the settings of the api.
func LoadAPI(env Lookup) (API, error) {
	r := newReader(ForAPI, env)
	c := API{
		Common: r.common(), Public: r.public(),
		Listen: r.text("LYHORD_LISTEN"), MetricsListen: r.text("LYHORD_METRICS_LISTEN"),
		TrustedProxies: r.networks("LYHORD_TRUSTED_PROXIES"),
		Redis:          r.redis(), CookieSecret: r.secretFile("LYHORD_COOKIE_SECRET_FILE"), Files: r.files(),
		OTLPEndpoint: r.otlp(),
	}
	c.DSN.API = r.secret("LYHORD_DSN_API")
	c.DSN.Login = r.secret("LYHORD_DSN_LOGIN")
	c.DSN.Intake = r.secret("LYHORD_DSN_INTAKE")
	c.DSN.Insight = r.secret("LYHORD_DSN_INSIGHT")
	return c, r.err()
}

// LoadWorker reads the settings of the worker.
func LoadWorker(env Lookup) (Worker, error) {
	r := newReader(ForWorker, env)
	c := Worker{
		Common: r.common(), Public: r.public(), MetricsListen: r.text("LYHORD_METRICS_LISTEN"),
		Redis: r.redis(), OTLPEndpoint: r.otlp(), Files: r.files(), Clamd: r.clamd(),
		SMTP: SMTP{
			Addr: r.hostPort("LYHORD_SMTP_ADDR"), From: r.mailbox("LYHORD_SMTP_FROM"),
			User: r.text("LYHORD_SMTP_USER"), Password: r.secret("LYHORD_SMTP_PASSWORD"),
			TLS: r.oneOf("LYHORD_SMTP_TLS", "starttls", "tls", "none"),
		},
	}
	c.DSN.Worker = r.secret("LYHORD_DSN_WORKER")
	c.DSN.Relay = r.secret("LYHORD_DSN_RELAY")
	return c, r.err()
}

// LoadMigrate reads the settings of the migration.
func LoadMigrate(env Lookup) (Migrate, error) {
	r := newReader(ForMigrate, env)
	c := Migrate{Common: r.common()}
	c.DSN.Migrator = r.secret("LYHORD_DSN_MIGRATOR")
	return c, r.err()
}

func (r *reader) common() Common {
	c := Common{Demo: r.truth("LYHORD_DEMO"), RootKeyFile: r.text("LYHORD_ROOT_KEY_FILE")}
	if err := c.LogLevel.UnmarshalText([]byte(r.oneOf("LYHORD_LOG_LEVEL", "debug", "info", "warn", "error"))); err != nil {
		c.LogLevel = slog.LevelInfo // oneOf has said what is wrong
	}
	return c
}

func (r *reader) public() Public {
	const name = "LYHORD_PUBLIC_URL"
	text := r.text(name)
	if text == "" {
		return Public{}
	}
	u, err := url.Parse(strings.TrimSuffix(text, "/"))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" || u.RawQuery != "" || u.User != nil {
		r.wrong(name, "must be http:// or https:// and a host, without a path")
		return Public{}
	}
	return Public{URL: u}
}

func (r *reader) redis() Redis {
	c := Redis{
		Addr: r.hostPort("LYHORD_REDIS_ADDR"), Sentinels: r.list("LYHORD_REDIS_SENTINELS"),
		Master: r.text("LYHORD_REDIS_MASTER"), DB: r.number("LYHORD_REDIS_DB"),
		Password: r.secret("LYHORD_REDIS_PASSWORD"), TLS: r.truth("LYHORD_REDIS_TLS"),
	}
	switch {
	case r.env("LYHORD_REDIS_ADDR") == "" && len(c.Sentinels) == 0:
		r.missing("LYHORD_REDIS_ADDR")
	case r.env("LYHORD_REDIS_ADDR") != "" && len(c.Sentinels) > 0:
		r.wrong("LYHORD_REDIS_SENTINELS", "must not be set together with LYHORD_REDIS_ADDR")
	case len(c.Sentinels) > 0 && c.Master == "":
		r.missing("LYHORD_REDIS_MASTER")
	}
	return c
}

// files reads where files are kept. There is no default: a process must not guess where what it must not lose is.
func (r *reader) files() Files {
	c := Files{Dir: r.text("LYHORD_FILES_DIR")}
	c.S3 = S3{
		Region: r.text("LYHORD_S3_REGION"), Bucket: r.text("LYHORD_S3_BUCKET"), AccessKey: r.text("LYHORD_S3_ACCESS_KEY"),
		SecretKey: r.secret("LYHORD_S3_SECRET_KEY"),
	}
	const name = "LYHORD_S3_ENDPOINT"
	text := r.text(name)
	if text == "" {
		if c.Dir == "" {
			r.missing("LYHORD_FILES_DIR")
		}
		return c
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		r.wrong(name, "must be http:// or https:// and a host, without a path")
		return c
	}
	if c.Dir != "" {
		r.wrong("LYHORD_FILES_DIR", "must not be set together with LYHORD_S3_ENDPOINT")
	}
	for need, value := range map[string]string{"LYHORD_S3_BUCKET": c.S3.Bucket, "LYHORD_S3_ACCESS_KEY": c.S3.AccessKey, "LYHORD_S3_SECRET_KEY": c.S3.SecretKey.Reveal()} {
		if value == "" {
			r.missing(need)
		}
	}
	c.S3.Endpoint = u
	return c
}

// clamd reads where ClamAV listens. It has no password, so only this machine will do.
func (r *reader) clamd() Clamd {
	const name = "LYHORD_CLAMD_ADDR"
	text := r.text(name)
	switch {
	case text == "":
		return Clamd{}
	case strings.HasPrefix(text, "/"):
		return Clamd{Network: "unix", Addr: text}
	}
	host, _, err := net.SplitHostPort(text)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		r.wrong(name, "must be the path of a socket, or host:port on this machine")
		return Clamd{}
	}
	return Clamd{Network: "tcp", Addr: text}
}

func (r *reader) otlp() string {
	const name = "OTEL_EXPORTER_OTLP_ENDPOINT"
	text := r.text(name)
	if u, err := url.Parse(text); text != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		r.wrong(name, "must be an http:// or https:// address")
		return ""
	}
	return text
}

// secretFile reads random bytes in base64 from the file that the setting names.
func (r *reader) secretFile(name string) Secret {
	path := r.text(name)
	if path == "" {
		return ""
	}
	text, err := os.ReadFile(path)
	if err != nil {
		r.wrong(name, "names a file that cannot be read: "+reason(err))
		return ""
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) < 32 {
		r.wrong(name, "names a file that does not hold at least 32 bytes in base64")
		return ""
	}
	return Secret(secret)
}

// reason is what the system says, without the path.
func reason(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return "unknown"
}
