// Package charts holds no program: its tests hold the chart, docker-compose.yml and the Dockerfiles to what the product
// needs and to what a city's cluster demands.
//
// It renders the chart as helm does, decodes every document strictly into the types of Kubernetes 1.34, and reads from the
// product's source which settings, roles and metrics there are. It is a module of its own so that the product does not
// depend on Kubernetes, and it must not start a container or ask a cluster.
package charts

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/yaml"
)

const chartDir = "../lyhord"

var kubeVersion = chartutil.KubeVersion{Version: "v1.34.0", Major: "1", Minor: "34"}

// extraAPIs are the kinds that a cluster may know.
var extraAPIs = []string{"gateway.networking.k8s.io/v1", "external-secrets.io/v1", "monitoring.coreos.com/v1"}

// rendered is what one set of values makes.
type rendered struct {
	notes   string
	objects []runtime.Object
}

// externalSecret is the part of external-secrets.io/v1 that the chart uses; the operator's own module would bring half a
// cloud with it.
type externalSecret struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		RefreshInterval string `json:"refreshInterval"`
		SecretStoreRef  struct {
			Name string `json:"name"`
			Kind string `json:"kind"`
		} `json:"secretStoreRef"`
		Target struct {
			Name           string `json:"name"`
			CreationPolicy string `json:"creationPolicy"`
		} `json:"target"`
		DataFrom []struct {
			Extract struct {
				Key string `json:"key"`
			} `json:"extract"`
		} `json:"dataFrom"`
	} `json:"spec"`
}

func (e *externalSecret) DeepCopyObject() runtime.Object { copied := *e; return &copied }

// strict decodes what the client of Kubernetes, Gateway API and Prometheus Operator know, and nothing else: a misspelt
// field is an error.
var strict = func() runtime.Decoder {
	known := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{scheme.AddToScheme, gatewayv1.Install, monitoringv1.AddToScheme} {
		if err := add(known); err != nil {
			panic(err) // the modules' own registrations cannot fail
		}
	}
	return serializer.NewCodecFactory(known, serializer.EnableStrict).UniversalDeserializer()
}()

// valuesFiles are the sets of values in ci/ by name, without the ending.
func valuesFiles(t *testing.T) map[string]map[string]any {
	t.Helper()
	paths, err := filepath.Glob(chartDir + "/ci/*-values.yaml")
	if err != nil || len(paths) < 4 {
		t.Fatalf("ci/: %v %v", paths, err)
	}
	all := map[string]map[string]any{}
	for _, path := range paths {
		values, err := chartutil.ReadValuesFile(path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all[strings.TrimSuffix(filepath.Base(path), "-values.yaml")] = values
	}
	return all
}

// forEachValuesFile renders every set of values in a cluster that knows everything.
func forEachValuesFile(t *testing.T, check func(t *testing.T, r rendered)) {
	t.Helper()
	for name, values := range valuesFiles(t) {
		t.Run(name, func(t *testing.T) { check(t, mustRender(t, values, 1, extraAPIs...)) })
	}
}

func mustRender(t *testing.T, values map[string]any, revision int, apis ...string) rendered {
	t.Helper()
	r, err := render(values, revision, apis...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// render does what helm install does before it talks to a cluster.
func render(values map[string]any, revision int, apis ...string) (rendered, error) {
	chart, err := loader.Load(chartDir)
	if err != nil {
		return rendered{}, err
	}
	if !chartutil.IsCompatibleRange(chart.Metadata.KubeVersion, kubeVersion.Version) {
		return rendered{}, errors.New("the chart refuses Kubernetes " + kubeVersion.Version)
	}
	capabilities := chartutil.DefaultCapabilities.Copy()
	capabilities.KubeVersion = kubeVersion
	capabilities.APIVersions = append(capabilities.APIVersions, apis...)
	options := chartutil.ReleaseOptions{Name: "lyhord", Namespace: "social", Revision: revision, IsInstall: revision == 1, IsUpgrade: revision > 1}
	with, err := chartutil.ToRenderValues(chart, values, options, capabilities)
	if err != nil {
		return rendered{}, err
	}
	files, err := engine.Render(chart, with)
	if err != nil {
		return rendered{}, err
	}
	var out rendered
	for name, text := range files {
		if strings.HasSuffix(name, "NOTES.txt") {
			out.notes = text
			continue
		}
		objects, err := decode(text)
		if err != nil {
			return rendered{}, errors.New(name + ": " + err.Error())
		}
		out.objects = append(out.objects, objects...)
	}
	return out, nil
}

func decode(text string) ([]runtime.Object, error) {
	var all []runtime.Object
	documents := utilyaml.NewYAMLReader(bufio.NewReader(strings.NewReader(text)))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(stripComments(document))) == 0 {
			continue
		}
		var kind metav1.TypeMeta
		if err := yaml.Unmarshal(document, &kind); err != nil {
			return nil, err
		}
		if kind.Kind == "ExternalSecret" {
			secret := &externalSecret{}
			if err := yaml.UnmarshalStrict(document, secret); err != nil {
				return nil, err
			}
			all = append(all, secret)
			continue
		}
		object, _, err := strict.Decode(document, nil, nil)
		if err != nil {
			return nil, err
		}
		all = append(all, object)
	}
}

func stripComments(document []byte) []byte {
	var kept [][]byte
	for line := range bytes.Lines(document) {
		if text := bytes.TrimSpace(line); !bytes.HasPrefix(text, []byte("#")) && !bytes.Equal(text, []byte("---")) {
			kept = append(kept, line)
		}
	}
	return bytes.Join(kept, nil)
}

// of gives the objects of one type by their names.
func of[T metav1.Object](r rendered) map[string]T {
	all := map[string]T{}
	for _, object := range r.objects {
		if one, ok := object.(T); ok {
			all[one.GetName()] = one
		}
	}
	return all
}

// pods are the pods' templates by their part: api, worker, migration.
func pods(t *testing.T, r rendered) map[string]corev1.PodTemplateSpec {
	t.Helper()
	all := map[string]corev1.PodTemplateSpec{}
	for _, d := range of[*appsv1.Deployment](r) {
		all[d.Spec.Template.Labels["app.kubernetes.io/component"]] = d.Spec.Template
	}
	for _, j := range of[*batchv1.Job](r) {
		all[j.Spec.Template.Labels["app.kubernetes.io/component"]] = j.Spec.Template
	}
	for _, part := range []string{"api", "worker", "migration"} {
		if _, ok := all[part]; !ok || len(all) != 3 {
			t.Fatalf("there are not exactly the pods of api, worker and migration: %d", len(all))
		}
	}
	return all
}

// containers are all containers of a pod, those that run first included.
func containers(pod corev1.PodTemplateSpec) []corev1.Container {
	return append(append([]corev1.Container{}, pod.Spec.InitContainers...), pod.Spec.Containers...)
}
