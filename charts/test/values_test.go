package charts

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
)

var update = flag.Bool("update", false, "write the table of values into the chart's README")

func TestHelmLintFindsNothing(t *testing.T) {
	for name, values := range valuesFiles(t) {
		t.Run(name, func(t *testing.T) {
			for _, m := range lint.AllWithKubeVersion(chartDir, values, "social", &kubeVersion).Messages {
				if m.Severity > support.InfoSev {
					t.Error(m)
				}
			}
		})
	}
}

func TestTheSchemaRefusesWhatIsWrong(t *testing.T) {
	for _, wrong := range []struct{ what, path, value string }{
		{"no public address", "publicUrl", `""`},
		{"a path in the public address", "publicUrl", `"https://lyhord.example.se/app"`},
		{"a public address without a scheme", "publicUrl", `"lyhord.example.se"`},
		{"a setting that does not exist", "publicURL", `"https://lyhord.example.se"`},
		{"a misspelt setting of a part", "api.replica", `3`},
		{"no pods at all", "api.replicas", `0`},
		{"a number as text", "worker.replicas", `"2"`},
		{"yes instead of true", "demo", `"yes"`},
		{"a loud log", "logLevel", `"loud"`},
		{"a half digest", "api.image.digest", `"sha256:1234"`},
		{"a tag with a space", "image.tag", `"0.1 0"`},
		{"Redis without a port", "redis.addr", `"redis"`},
		{"a mail server without a port", "smtp.addr", `"mail.example.se"`},
		{"no mail server", "smtp.addr", `""`},
		{"no sender", "smtp.from", `""`},
		{"mail in the clear by a wrong word", "smtp.tls", `"off"`},
		{"a proxy by name", "trustedProxies", `["ingress"]`},
		{"a secret that nobody reads", "secrets.from", `{"dsn-owner": {"secret": "a", "key": "b"}}`},
		{"a secret without its key", "secrets.from", `{"dsn-api": {"secret": "a"}}`},
		{"a client secret in the values", "api.identityProviderSecrets", `{"LYHORD_OIDC_EXAMPLE": "very secret"}`},
		{"a peer that is nobody", "networkPolicy.databaseTo", `[{}]`},
		{"a peer with a misspelt field", "networkPolicy.ingressFrom", `[{"namespaceselector": {}}]`},
		{"a port that does not exist", "database.port", `70000`},
		{"a looser security context", "api.securityContext", `{"runAsUser": 0}`},
		{"more than all of the CPU", "api.autoscaling.targetCPU", `170`},
		{"fewer at most than at least", "api.autoscaling.maxReplicas", `1`},
		{"both Redis and sentinels", "redis.sentinels", `["a:26379"]`},
		{"no Redis", "redis.addr", `""`},
	} {
		t.Run(wrong.what, func(t *testing.T) {
			values := valuesFiles(t)["minimal"]
			put(t, values, wrong.path, wrong.value)
			if _, err := render(values, 1); err == nil {
				t.Errorf("%s=%s was taken", wrong.path, wrong.value)
			}
		})
	}
}

func put(t *testing.T, values map[string]any, path, value string) {
	t.Helper()
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		next, ok := values[name].(map[string]any)
		if !ok {
			next = map[string]any{}
			values[name] = next
		}
		values = next
	}
	decoder := json.NewDecoder(strings.NewReader(value))
	var decoded any
	if err := decoder.Decode(&decoded); err != nil {
		t.Fatal(err)
	}
	values[names[len(names)-1]] = decoded
}

func TestTheChartAloneIsRefusedWithWhatIsMissing(t *testing.T) {
	_, err := render(map[string]any{}, 1)
	if err == nil || !strings.Contains(err.Error(), "publicUrl") || !strings.Contains(err.Error(), "smtp") {
		t.Errorf("%v", err)
	}
}

func TestWhatTheClusterDoesNotKnowIsLeftOutAndTold(t *testing.T) {
	values := valuesFiles(t)["full"]
	all, without := mustRender(t, values, 1, extraAPIs...), mustRender(t, values, 1)
	kinds := func(r rendered) map[string]bool {
		found := map[string]bool{}
		for _, object := range r.objects {
			found[object.GetObjectKind().GroupVersionKind().Kind] = true
		}
		return found
	}
	for _, kind := range []string{"HTTPRoute", "ExternalSecret", "ServiceMonitor", "PrometheusRule"} {
		if !kinds(all)[kind] || kinds(without)[kind] {
			t.Errorf("%s: with its API %v, without %v", kind, kinds(all)[kind], kinds(without)[kind])
		}
	}
	for _, api := range extraAPIs {
		if strings.Contains(all.notes, api) || !strings.Contains(without.notes, api) {
			t.Errorf("the notes about %s: %s", api, without.notes)
		}
	}
}

const (
	tableBegins = "<!-- values: written by cd charts/test && go test -update -->\n"
	tableEnds   = "<!-- end of values -->"
)

func TestTheREADMEShowsEveryValueWithItsMeaning(t *testing.T) {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(read(t, chartDir+"/values.yaml")), &document); err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	table.WriteString("| Value | Default | What it is for |\n|---|---|---|\n")
	writeRows(t, &table, "", document.Content[0])
	const readme = chartDir + "/README.md"
	before, rest, found := strings.Cut(read(t, readme), tableBegins)
	shown, after, ended := strings.Cut(rest, tableEnds)
	switch {
	case !found || !ended:
		t.Fatal("the README lacks the lines that enclose the table")
	case shown == table.String():
	case *update:
		if err := os.WriteFile(readme, []byte(before+tableBegins+table.String()+tableEnds+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("the README's table of values is old: run go test -update")
	}
}

// writeRows writes a row for each value that has a line "# -- …", and demands such a line for each that stands alone.
func writeRows(t *testing.T, table *strings.Builder, prefix string, mapping *yaml.Node) {
	t.Helper()
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		_, meaning, has := strings.Cut(key.HeadComment, "# -- ")
		if !has && value.Kind == yaml.MappingNode && len(value.Content) > 0 {
			writeRows(t, table, prefix+key.Value+".", value)
			continue
		}
		if !has {
			t.Errorf("values.yaml: %s%s has no line # --", prefix, key.Value)
		}
		meaning = strings.NewReplacer("\n# ", " ", "|", "\\|").Replace(meaning)
		fmt.Fprintf(table, "| `%s%s` | `%s` | %s |\n", prefix, key.Value, asJSON(t, value), meaning)
	}
}

func asJSON(t *testing.T, value *yaml.Node) string {
	t.Helper()
	var decoded any
	if err := value.Decode(&decoded); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(decoded); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(text.String())
}

func TestTheTableOfSecretsNamesEveryKeyThatPodsRead(t *testing.T) {
	readme := read(t, chartDir+"/README.md")
	keys := map[string]bool{}
	for _, values := range valuesFiles(t) {
		delete(values, "secrets")
		for _, pod := range pods(t, mustRender(t, values, 1)) {
			for _, volume := range pod.Spec.Volumes {
				if volume.Projected == nil {
					continue
				}
				for _, source := range volume.Projected.Sources {
					for _, item := range source.Secret.Items {
						keys[item.Path] = true
					}
				}
			}
		}
	}
	delete(keys, "db-ca.crt")
	schema := read(t, chartDir+"/values.schema.json")
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if !strings.Contains(readme, "`"+key+"`") {
			t.Errorf("the README does not tell of the key %s", key)
		}
		pattern := regexp.MustCompile(`"pattern": "(\^\(dsn-[^"]+)"`).FindStringSubmatch(schema)
		if pattern == nil || !regexp.MustCompile(pattern[1]).MatchString(key) {
			t.Errorf("secrets.from cannot name %s", key)
		}
	}
}
