package arch_test

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// siblings are the only arrows between domains: the key may import the values. Every domain may also import audit.
var siblings = map[string][]string{
	"identity":  {"org"},
	"register":  {"org"},
	"record":    {"register", "org"},
	"casework":  {"record", "register", "org"},
	"lexsarah":  {"casework", "record", "register", "org"},
	"transfer":  {"casework", "record", "register", "org"},
	"dialogue":  {"casework", "record", "register", "org"},
	"retention": {"casework", "record", "register", "org"},
	"org":       nil,
	"audit":     nil,
	// What these need to know of a case comes as an outbox event that carries ids; they import no producer.
	"insight": nil,
	"review":  nil,
	"notify":  nil,
}

// services are the only arrows between what runs; beside its own folders a service imports domains and the platform.
var services = map[string][]string{
	"demo":    {"services/api/server", "services/worker/runner", "services/migrate/steps"},
	"api":     {"services/web", "services/web/public", "services/web/locales"},
	"bench":   {"services/demo/city", "services/demo/seed", "services/migrate/steps", "services/api/server", "services/worker/runner"},
	"worker":  nil,
	"migrate": nil,
	"web":     nil,
	"testenv": nil,
}

// places are where an outside module may be imported: a folder, or a folder and a pattern of file names. Tests speak to
// PostgreSQL as a superuser and to Redis beside the code, so for some modules they are a place too.
var places = []struct {
	module, why string
	allowed     *regexp.Regexp
}{
	{"github.com/gin-gonic/gin", "gin stays in httpx", regexp.MustCompile(`^pkg/platform/httpx/`)},
	{"github.com/danielgtaylor/huma/v2/adapters", "huma's adapter stays in httpx", regexp.MustCompile(`^pkg/platform/httpx/`)},
	{"github.com/danielgtaylor/huma", "huma stays in httpx and http*.go", regexp.MustCompile(`^pkg/platform/httpx/|^pkg/[a-z]+/http(_[a-z]+)?\.go$`)},
	{"github.com/hibiken/asynq", "asynq stays in jobs", regexp.MustCompile(`^pkg/platform/jobs/`)},
	{"github.com/casbin", "casbin stays in authz", regexp.MustCompile(`^pkg/platform/authz/`)},
	{"github.com/redis/go-redis", "go-redis stays in cache", regexp.MustCompile(`^pkg/platform/(cache|dbtest)/|^pkg/platform/(local|jobs)/[a-z_]+_test\.go$`)},
	{"github.com/go-redis/redis_rate", "redis_rate stays in cache", regexp.MustCompile(`^pkg/platform/cache/`)},
	{"github.com/pressly/goose", "goose stays in migrations and dbtest", regexp.MustCompile(`^migrations/|^pkg/platform/dbtest/`)},
	{"database/sql/driver", "a value's own form in a column", regexp.MustCompile(`^pkg/platform/`)},
	{"database/sql", "database/sql is for goose only", regexp.MustCompile(`^migrations/`)},
	{"github.com/jackc/pgx/v5/pgxpool", "only the door holds a pool", regexp.MustCompile(`^pkg/platform/db/|_test\.go$`)},
	{
		"github.com/jackc/pgx", "pgx stays in db, store*.go and what prepares databases",
		regexp.MustCompile(`^pkg/platform/(db|dbtest|local)/|^pkg/[a-z]+/store(_[a-z]+)?\.go$|^migrations/|^services/(migrate|demo|bench)/|_test\.go$`),
	},
	{"github.com/prometheus", "prometheus stays in obs", regexp.MustCompile(`^pkg/platform/obs/`)},
	{"go.opentelemetry.io", "tracing stays in obs", regexp.MustCompile(`^pkg/platform/obs/`)},
	{"github.com/coreos/go-oidc", "OpenID Connect stays in identity", regexp.MustCompile(`^pkg/identity/`)},
	{"golang.org/x/oauth2", "OAuth stays in identity", regexp.MustCompile(`^pkg/identity/`)},
	{"github.com/wneessen/go-mail", "mail stays in notify", regexp.MustCompile(`^pkg/notify/`)},
	{"github.com/emersion/go-smtp", "SMTP stays in notify", regexp.MustCompile(`^pkg/notify/`)},
	{"github.com/rickar/cal", "the calendar stays in org", regexp.MustCompile(`^pkg/org/`)},
	{"github.com/minio/minio-go", "S3 stays in blob", regexp.MustCompile(`^pkg/platform/blob/`)},
	{"golang.org/x/image", "fonts and pictures stay in paper and record", regexp.MustCompile(`^pkg/platform/paper/|^pkg/record/`)},
	{"github.com/goccy/go-yaml", "YAML stays in tenants", regexp.MustCompile(`^tenants/`)},
}

func TestEveryArrowIsDeclared(t *testing.T) {
	t.Parallel()
	report(t, arrowFaults(files(t)))
}

func arrowFaults(all []file) (faults []string) {
	for _, f := range all {
		for _, to := range f.imports() {
			if own, ours := strings.CutPrefix(to, module+"/"); ours {
				if why := refuses(f, own); why != "" {
					faults = append(faults, fmt.Sprintf("%s may not import %s: %s", f.path, own, why))
				}
				continue
			}
			if why := misplaced(f, to); why != "" {
				faults = append(faults, fmt.Sprintf("%s may not import %s: %s", f.path, to, why))
			}
		}
	}
	return faults
}

func misplaced(f file, to string) string {
	for _, p := range places { // the first that fits is the most exact
		if to == p.module || strings.HasPrefix(to, p.module+"/") {
			if p.allowed.MatchString(f.path) {
				return ""
			}
			return p.why
		}
	}
	return ""
}

// refuses says why a file may not import one of our packages, or nothing.
func refuses(f file, to string) string {
	from := f.folder
	if from == to || strings.HasPrefix(to, from+"/") { // its own, in a test of another package, or its own folders
		return ""
	}
	if to == "pkg/platform/dbtest" || to == "pkg/platform/local" {
		return refusesServers(f, to)
	}
	if to == "pkg/platform/arch" {
		return "arch is tests only"
	}
	layer, name := place(from)
	toLayer, toName := place(to)
	switch {
	case f.test && (to == "migrations" || to == "services/migrate/steps"):
		return "" // a test brings its database to where it needs it
	case f.test && strings.HasPrefix(from, "services/api") && (to == "services/worker/runner" || to == "pkg/notify/sink"):
		return "" // its tests let a report travel through the worker and the mail too
	case f.test && from == "pkg/notify" && to == "pkg/org":
		return "" // notify is handed the way to a superior by whoever wires it; its tests wire it as the worker does
	case layer == "platform":
		if toLayer == "platform" || from == "pkg/platform/dbtest" && to == "migrations" {
			return ""
		}
		return "the platform knows no business word"
	case layer == "migrations":
		if to == "pkg/platform/db" {
			return ""
		}
		return "migrations know only the check of the catalogue"
	case layer == "tenants":
		if toLayer == "platform" {
			return ""
		}
		return "the tenants' files know no domain"
	case layer == "domain":
		return refusesDomain(name, toLayer, toName)
	}
	if toLayer != "service" || toName == name || slices.Contains(services[name], to) {
		return ""
	}
	return "services know only the services declared"
}

func refusesDomain(name, toLayer, toName string) string {
	allowed, declared := siblings[name]
	switch {
	case !declared:
		return "the domain " + name + " is not declared"
	case toLayer == "platform" || toLayer == "tenants" || toLayer == "domain" && (toName == name || toName == "audit" || slices.Contains(allowed, toName)):
		return ""
	case toLayer == "domain":
		return "no arrow from " + name + " to " + toName + " is declared"
	}
	return "a domain knows the platform and the domains before it"
}

// refusesServers keeps the servers of tests and demo out of everything else.
func refusesServers(f file, to string) string {
	servers := regexp.MustCompile(`^(pkg/platform/(dbtest|local)|services/(demo|testenv|bench))(/|$)`)
	if f.test || servers.MatchString(f.folder) && (to == "pkg/platform/local" || f.folder == "services/bench") {
		return ""
	}
	return "it starts servers for tests and the demo"
}

// place is the layer of a folder and its name in it.
func place(folder string) (layer, name string) {
	parts := strings.Split(folder, "/")
	switch {
	case parts[0] == "services" && len(parts) > 1:
		return "service", parts[1]
	case parts[0] == "pkg" && len(parts) > 2 && parts[1] == "platform":
		return "platform", parts[2]
	case parts[0] == "pkg" && len(parts) > 1:
		return "domain", parts[1]
	}
	return parts[0], ""
}

func TestAnArrowThatIsNotDeclaredIsFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, fault string }{
		{"pkg/insight/service.go", "lyhord/pkg/casework", "no arrow from insight to casework"},
		{"pkg/org/service.go", "lyhord/pkg/identity", "no arrow from org to identity"},
		{"pkg/register/service.go", "lyhord/pkg/casework", "no arrow from register to casework"},
		{"pkg/novelty/service.go", "lyhord/pkg/org", "is not declared"},
		{"pkg/casework/service.go", "lyhord/services/web", "a domain knows"},
		{"pkg/platform/jobs/jobs.go", "lyhord/pkg/org", "no business word"},
		{"pkg/platform/db/db.go", "lyhord/tenants", "no business word"},
		{"pkg/platform/db/db.go", "lyhord/pkg/platform/local", "starts servers"},
		{"services/api/main.go", "lyhord/pkg/platform/dbtest", "starts servers"},
		{"services/api/main.go", "lyhord/services/worker/runner", "services know only"},
		{"tenants/load.go", "lyhord/pkg/org", "know no domain"},
		{"pkg/org/service.go", "github.com/jackc/pgx/v5", "pgx stays"},
		{"pkg/org/store.go", "github.com/jackc/pgx/v5/pgxpool", "only the door"},
		{"pkg/org/service.go", "github.com/danielgtaylor/huma/v2", "huma stays"},
		{"services/api/server/edge.go", "github.com/gin-gonic/gin", "gin stays"},
		{"pkg/platform/obs/metrics.go", "github.com/hibiken/asynq", "asynq stays"},
		{"pkg/casework/service.go", "lyhord/pkg/register", ""},
		{"pkg/casework/store_case.go", "github.com/jackc/pgx/v5", ""},
		{"pkg/dialogue/http.go", "lyhord/pkg/casework", ""},
		{"pkg/notify/service.go", "lyhord/pkg/audit", ""},
		{"pkg/org/service_test.go", "lyhord/pkg/platform/dbtest", ""},
		{"services/demo/main.go", "lyhord/services/api/server", ""},
		{"services/demo/seed/seed.go", "github.com/jackc/pgx/v5", ""},
	} {
		tree := fstest.MapFS{c.from: {Data: []byte("package " + path.Base(path.Dir(c.from)) + "\nimport _ \"" + c.to + "\"\n")}}
		all, err := parse(tree)
		if err != nil {
			t.Fatal(err)
		}
		faults := strings.Join(arrowFaults(all), "\n")
		if c.fault == "" && faults != "" || c.fault != "" && !strings.Contains(faults, c.fault) {
			t.Errorf("%s importing %s: %q, want %q", c.from, c.to, faults, c.fault)
		}
	}
}
