package charts

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

func TestEveryAlertWatchesAMetricThatExistsAndHasARunbook(t *testing.T) {
	rule := of[*monitoringv1.PrometheusRule](mustRender(t, valuesFiles(t)["full"], 1, extraAPIs...))["lyhord"]
	if rule == nil {
		t.Fatal("there are no alerts")
	}
	known := append(metrics(t), "up")
	name := regexp.MustCompile(`\b(lyhord_[a-z_]+|up)\{`)
	var alerts []string
	for _, r := range rule.Spec.Groups[0].Rules {
		alerts = append(alerts, r.Alert+".md")
		watched := name.FindAllStringSubmatch(r.Expr.StrVal, -1)
		if len(watched) == 0 || strings.Contains(r.Expr.StrVal, "$namespace") || !strings.Contains(r.Expr.StrVal, `namespace="social"`) {
			t.Errorf("%s: %s", r.Alert, r.Expr.StrVal)
		}
		for _, metric := range watched {
			if !slices.Contains(known, strings.TrimSuffix(metric[1], "_bucket")) {
				t.Errorf("%s watches %s, which nothing registers", r.Alert, metric[1])
			}
		}
		if r.Labels["severity"] == "" || r.Annotations["summary"] == "" || r.Annotations["runbook"] != "https://runbooks.example.se/lyhord/"+r.Alert+".md" {
			t.Errorf("%s: %v %v", r.Alert, r.Labels, r.Annotations)
		}
	}
	books, err := os.ReadDir(chartDir + "/docs/runbooks")
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, book := range books {
		have = append(have, book.Name())
	}
	slices.Sort(alerts)
	if !slices.Equal(have, alerts) {
		t.Errorf("alerts %v, runbooks %v", alerts, have)
	}
}

func TestPrometheusFindsBothParts(t *testing.T) {
	full := mustRender(t, valuesFiles(t)["full"], 1, extraAPIs...)
	monitor := of[*monitoringv1.ServiceMonitor](full)["lyhord"]
	var parts []string
	for _, service := range of[*corev1.Service](full) {
		if contains(service.Labels, monitor.Spec.Selector.MatchLabels) {
			parts = append(parts, service.Labels[monitor.Spec.JobLabel])
			if service.Spec.Ports[0].Name != monitor.Spec.Endpoints[0].Port {
				t.Errorf("%s has no port %s", service.Name, monitor.Spec.Endpoints[0].Port)
			}
		}
	}
	slices.Sort(parts)
	if !slices.Equal(parts, []string{"api", "worker"}) { // the alerts name these jobs
		t.Errorf("Prometheus finds %v", parts)
	}
}

func TestTheStoreOfSecretsFillsTheSecretThatPodsRead(t *testing.T) {
	full := mustRender(t, valuesFiles(t)["full"], 1, extraAPIs...)
	secret := of[*externalSecret](full)["lyhord"]
	if secret == nil || secret.Spec.Target.Name != "lyhord" || secret.Spec.DataFrom[0].Extract.Key != "lyhord/production" ||
		secret.Spec.SecretStoreRef.Kind != "ClusterSecretStore" || secret.Spec.SecretStoreRef.Name != "vault" {
		t.Fatalf("%+v", secret)
	}
	for part, pod := range pods(t, full) {
		for _, source := range pod.Spec.Volumes[0].Projected.Sources {
			if source.Secret.Name != "lyhord" && source.Secret.Name != "postgres-ca" {
				t.Errorf("%s reads %s", part, source.Secret.Name)
			}
		}
	}
}

// cnpgCluster is the part of docs/cnpg.yaml that must agree with the product.
type cnpgCluster struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Bootstrap struct {
			InitDB struct {
				Database string `json:"database"`
				Owner    string `json:"owner"`
			} `json:"initdb"`
		} `json:"bootstrap"`
		Managed struct {
			Roles []cnpgRole `json:"roles"`
		} `json:"managed"`
	} `json:"spec"`
}

type cnpgRole struct {
	Name           string                      `json:"name"`
	Login          bool                        `json:"login"`
	BypassRLS      bool                        `json:"bypassrls"`
	InRoles        []string                    `json:"inRoles"`
	PasswordSecret corev1.LocalObjectReference `json:"passwordSecret"`
}

func TestCloudNativePGMakesTheRolesOfTheProduct(t *testing.T) {
	manifest := read(t, chartDir+"/docs/cnpg.yaml")
	first, pooler, _ := strings.Cut(manifest, "\n---\n")
	var cluster cnpgCluster
	if err := yaml.Unmarshal([]byte(first), &cluster); err != nil {
		t.Fatal(err)
	}
	bootstrap := read(t, root+"/migrations/bootstrap.sql")
	var names []string
	for _, role := range cluster.Spec.Managed.Roles {
		short := strings.TrimPrefix(role.Name, "lyhord_")
		names = append(names, short)
		if !role.Login || role.BypassRLS != (short == "migrator") || !strings.Contains(bootstrap, "'"+role.Name+"'") {
			t.Errorf("%+v", role)
		}
		switch {
		case short != "migrator" && role.PasswordSecret.Name != "lyhord-db-"+short:
			t.Errorf("the password of %s is in %q", role.Name, role.PasswordSecret.Name)
		case short == "migrator" && !strings.Contains(bootstrap, "grant "+strings.Join(role.InRoles, ", ")+" to lyhord_migrator"):
			t.Errorf("the migrator is in %v, which is not what bootstrap.sql grants", role.InRoles)
		}
	}
	want := roles(t)
	slices.Sort(names)
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("roles %v, want %v", names, want)
	}
	if cluster.Spec.Bootstrap.InitDB.Owner != "lyhord_migrator" || !strings.Contains(pooler, "max_prepared_statements") {
		t.Errorf("owner %s; pooler %s", cluster.Spec.Bootstrap.InitDB.Owner, pooler)
	}
	checkCNPGSecrets(t, cluster)
}

// checkCNPGSecrets follows each DSN of ci/cnpg-values.yaml to the Secret that the operator or the manifest's instructions
// make.
func checkCNPGSecrets(t *testing.T, cluster cnpgCluster) {
	t.Helper()
	for part, pod := range pods(t, mustRender(t, valuesFiles(t)["cnpg"], 1)) {
		for _, source := range pod.Spec.Volumes[0].Projected.Sources {
			item := source.Secret.Items[0]
			short, isDSN := strings.CutPrefix(item.Path, "dsn-")
			want, key := cluster.Name+"-"+short, "dsn"
			if short == "migrator" {
				want, key = cluster.Name+"-app", "uri"
			}
			if isDSN && (source.Secret.Name != want || item.Key != key) {
				t.Errorf("%s reads %s from %s/%s, want %s/%s", part, item.Path, source.Secret.Name, item.Key, want, key)
			}
		}
	}
}
