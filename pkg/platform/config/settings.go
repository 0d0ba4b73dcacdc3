// Package config reads the settings of a process from its environment.
//
// Every setting stands once in the table Settings with what it is for; the
// README's table is printed from it. A process asks for its own settings and
// gets them typed, or one error that names everything missing and everything
// unreadable. Nothing is guessed: production has no default for where its data
// is. The package must not open connections, and must not print a secret: they
// are of type Secret.
//
// It is tested by loading each process from made-up environments, by comparing
// the table with what the processes really read, and by comparing the README
// with the table.
package config

import "strings"

// Process is a program that reads settings.
type Process string

// The processes.
const (
	ForAPI     Process = "api"
	ForWorker  Process = "worker"
	ForMigrate Process = "migrate"
)

// Setting documents one environment variable.
type Setting struct {
	Name     string
	For      []Process
	Required bool
	Secret   bool   // may also be given as NAME_FILE, the path of a file that holds it
	Default  string // what holds when it is not set
	What     string
}

var (
	apiOnly     = []Process{ForAPI}
	workerOnly  = []Process{ForWorker}
	migrateOnly = []Process{ForMigrate}
	serving     = []Process{ForAPI, ForWorker}
	everyone    = []Process{ForAPI, ForWorker, ForMigrate}
)

// Settings is the table of all settings.
var Settings = []Setting{
	{Name: "LYHORD_PUBLIC_URL", For: serving, Required: true, What: "The address people use, such as https://lyhord.example.se. With https, cookies are secure and HSTS is sent."},
	{Name: "LYHORD_LISTEN", For: apiOnly, Default: ":8080", What: "Where the HTTP server listens."},
	{Name: "LYHORD_METRICS_LISTEN", For: serving, Default: ":9090", What: "Where metrics and probes listen, apart from the public port."},
	{Name: "LYHORD_TRUSTED_PROXIES", For: apiOnly, What: "Addresses or networks of the proxies whose X-Forwarded-For is believed, with commas between. Empty: none."},

	{Name: "LYHORD_DSN_API", For: apiOnly, Required: true, Secret: true, What: "PostgreSQL as lyhord_api: requests with a session."},
	{Name: "LYHORD_DSN_LOGIN", For: apiOnly, Required: true, Secret: true, What: "PostgreSQL as lyhord_login: opening sessions, and nothing else. At most 4 connections."},
	{Name: "LYHORD_DSN_INTAKE", For: apiOnly, Required: true, Secret: true, What: "PostgreSQL as lyhord_intake: the public form, which may only insert."},
	{Name: "LYHORD_DSN_INSIGHT", For: apiOnly, Required: true, Secret: true, What: "PostgreSQL as lyhord_insight: de-identified counts only."},
	{Name: "LYHORD_DSN_WORKER", For: workerOnly, Required: true, Secret: true, What: "PostgreSQL as lyhord_worker: jobs."},
	{Name: "LYHORD_DSN_RELAY", For: workerOnly, Required: true, Secret: true, What: "PostgreSQL as lyhord_relay: the outbox only."},
	{Name: "LYHORD_DSN_MIGRATOR", For: migrateOnly, Required: true, Secret: true, What: "PostgreSQL as lyhord_migrator: deploys only. Not through a pooler."},

	{Name: "LYHORD_REDIS_ADDR", For: serving, What: "Redis as host:port. Either this or the sentinels must be set."},
	{Name: "LYHORD_REDIS_SENTINELS", For: serving, What: "Redis Sentinels as host:port, with commas between, instead of LYHORD_REDIS_ADDR."},
	{Name: "LYHORD_REDIS_MASTER", For: serving, What: "The name of the master that the sentinels watch."},
	{Name: "LYHORD_REDIS_DB", For: serving, Default: "0", What: "The number of the Redis database."},
	{Name: "LYHORD_REDIS_PASSWORD", For: serving, Secret: true, What: "The password of Redis."},
	{Name: "LYHORD_REDIS_TLS", For: serving, Default: "false", What: "Whether Redis is reached by TLS."},

	{Name: "LYHORD_ROOT_KEY_FILE", For: everyone, Required: true, What: "The file with the root key (32 bytes in base64; older keys on the following lines). Keep it apart from the database and its backups: without it nothing sealed can be read."},
	{Name: "LYHORD_COOKIE_SECRET_FILE", For: apiOnly, Required: true, What: "The file with at least 32 random bytes in base64, the same for every api. It signs page cursors and login cookies; a new one ends only what is under way."},

	{Name: "LYHORD_SMTP_ADDR", For: workerOnly, Required: true, What: "The mail server as host:port."},
	{Name: "LYHORD_SMTP_FROM", For: workerOnly, Required: true, What: "The sender of all mail."},
	{Name: "LYHORD_SMTP_USER", For: workerOnly, What: "The mail server's user name. Empty: no login."},
	{Name: "LYHORD_SMTP_PASSWORD", For: workerOnly, Secret: true, What: "The mail server's password."},
	{Name: "LYHORD_SMTP_TLS", For: workerOnly, Default: "starttls", What: "starttls, tls (from the first byte) or none (only for a server on the same machine)."},

	{Name: "LYHORD_FILES_DIR", For: serving, What: "The folder for sealed files, the same for api and worker. Either this or LYHORD_S3_ENDPOINT must be set."},
	{Name: "LYHORD_S3_ENDPOINT", For: serving, What: "The S3 server for sealed files, such as https://s3.example.se, instead of a folder."},
	{Name: "LYHORD_S3_REGION", For: serving, Default: "us-east-1", What: "The region of the bucket."},
	{Name: "LYHORD_S3_BUCKET", For: serving, What: "The bucket. It must exist; nobody but Lyhörd needs it."},
	{Name: "LYHORD_S3_ACCESS_KEY", For: serving, What: "The access key: get, put and delete objects of the bucket."},
	{Name: "LYHORD_S3_SECRET_KEY", For: serving, Secret: true, What: "Its secret."},
	{Name: "LYHORD_CLAMD_ADDR", For: workerOnly, What: "ClamAV: the path of its socket, or host:port on the same machine (it has no password). Empty: files that come in are never scanned and stay in quarantine."},

	{Name: "LYHORD_DEMO", For: everyone, Default: "false", What: "Whether this is a demonstration with invented people and login buttons. Never with real data."},
	{Name: "LYHORD_LOG_LEVEL", For: everyone, Default: "info", What: "debug, info, warn or error."},
	{Name: "OTEL_EXPORTER_OTLP_ENDPOINT", For: serving, What: "Where traces are sent (OTLP over HTTP). Empty: no traces."},
}

// Markdown is the table as the README shows it.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| Setting | Read by | Default | What it is for |\n|---|---|---|---|\n")
	for _, s := range Settings {
		readers := make([]string, len(s.For))
		for i, p := range s.For {
			readers[i] = string(p)
		}
		what := s.What
		if s.Secret {
			what += " Secret: `" + s.Name + "_FILE` may name a file instead."
		}
		b.WriteString("| `" + s.Name + "` | " + strings.Join(readers, ", ") + " | " + shownDefault(s) + " | " + what + " |\n")
	}
	return b.String()
}

func shownDefault(s Setting) string {
	switch {
	case s.Required:
		return "required"
	case s.Default == "":
		return "–"
	default:
		return "`" + s.Default + "`"
	}
}
