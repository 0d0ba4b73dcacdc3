package charts

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

func TestEveryPodRunsLockedDown(t *testing.T) {
	forEachValuesFile(t, func(t *testing.T, r rendered) {
		for part, pod := range pods(t, r) {
			s := pod.Spec.SecurityContext
			switch {
			case s == nil || s.RunAsNonRoot == nil || !*s.RunAsNonRoot || s.RunAsUser == nil || *s.RunAsUser != 65532:
				t.Errorf("%s may run as root", part)
			case s.SeccompProfile == nil || s.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault:
				t.Errorf("%s has no seccomp profile", part)
			case pod.Spec.AutomountServiceAccountToken == nil || *pod.Spec.AutomountServiceAccountToken:
				t.Errorf("%s is given a token of the cluster", part)
			case pod.Spec.EnableServiceLinks == nil || *pod.Spec.EnableServiceLinks:
				t.Errorf("%s is told every service of the namespace", part)
			case pod.Spec.HostNetwork || pod.Spec.HostPID || pod.Spec.HostIPC:
				t.Errorf("%s shares the host's", part)
			}
			for _, c := range containers(pod) {
				s := c.SecurityContext
				if s == nil || s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem ||
					s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation ||
					s.Capabilities == nil || !slices.Equal(s.Capabilities.Drop, []corev1.Capability{"ALL"}) || len(s.Capabilities.Add) > 0 {
					t.Errorf("%s, container %s: %+v", part, c.Name, s)
				}
				for _, resource := range []corev1.ResourceName{corev1.ResourceMemory, corev1.ResourceEphemeralStorage} {
					limit, request := c.Resources.Limits[resource], c.Resources.Requests[resource]
					if limit.IsZero() || request.IsZero() {
						t.Errorf("%s, container %s: no request or limit of %s", part, c.Name, resource)
					}
				}
			}
		}
	})
}

func TestStartAndLifeAskTheProcessOnlyAndReadinessAsksMore(t *testing.T) {
	forEachValuesFile(t, func(t *testing.T, r rendered) {
		for _, part := range []string{"api", "worker"} {
			c := pods(t, r)[part].Spec.Containers[0]
			for name, probe := range map[string]*corev1.Probe{"/healthz": c.StartupProbe, "/healthz ": c.LivenessProbe, "/readyz": c.ReadinessProbe} {
				if probe == nil || probe.HTTPGet == nil || probe.HTTPGet.Path != strings.TrimSpace(name) {
					t.Errorf("%s: the probe of %s is %+v", part, name, probe)
					continue
				}
				if name == "/readyz" && probe.HTTPGet.Port.StrVal != "metrics" {
					t.Errorf("%s: what the process needs is told at the port %q", part, probe.HTTPGet.Port.StrVal)
				}
				if !slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool { return p.Name == probe.HTTPGet.Port.StrVal }) {
					t.Errorf("%s: the port %q is not the container's", part, probe.HTTPGet.Port.StrVal)
				}
			}
		}
	})
}

func TestAPodMayFinishWhatItHas(t *testing.T) {
	forEachValuesFile(t, func(t *testing.T, r rendered) {
		for _, part := range []string{"api", "worker"} {
			spec := pods(t, r)[part].Spec
			stop := spec.Containers[0].Lifecycle
			if stop == nil || stop.PreStop == nil || stop.PreStop.Sleep == nil {
				t.Errorf("%s is stopped while requests still come", part)
				continue
			}
			// The api takes up to 20 seconds for requests and 5 for its operators' port.
			if *spec.TerminationGracePeriodSeconds < stop.PreStop.Sleep.Seconds+30 {
				t.Errorf("%s is killed after %d seconds, %d of which it sleeps", part, *spec.TerminationGracePeriodSeconds, stop.PreStop.Sleep.Seconds)
			}
		}
	})
}

func TestTheNumberOfPodsIsLeftToTheAutoscaler(t *testing.T) {
	forEachValuesFile(t, func(t *testing.T, r rendered) {
		scaled := map[string]bool{}
		for _, hpa := range of[*autoscalingv2.HorizontalPodAutoscaler](r) {
			scaled[hpa.Spec.ScaleTargetRef.Name] = true
		}
		for name, d := range of[*appsv1.Deployment](r) {
			if scaled[name] == (d.Spec.Replicas != nil) {
				t.Errorf("%s: scaled %v, replicas %v", name, scaled[name], d.Spec.Replicas)
			}
			delete(scaled, name)
		}
		if len(scaled) > 0 {
			t.Errorf("autoscalers of what does not exist: %v", scaled)
		}
	})
}

func TestPodsSpreadOverZonesAndHosts(t *testing.T) {
	forEachValuesFile(t, func(t *testing.T, r rendered) {
		for _, part := range []string{"api", "worker"} {
			pod := pods(t, r)[part]
			var over []string
			for _, c := range pod.Spec.TopologySpreadConstraints {
				over = append(over, c.TopologyKey)
				if !contains(pod.Labels, c.LabelSelector.MatchLabels) {
					t.Errorf("%s: the spread counts pods that are not its own: %v", part, c.LabelSelector.MatchLabels)
				}
			}
			if !slices.Equal(over, []string{"topology.kubernetes.io/zone", "kubernetes.io/hostname"}) {
				t.Errorf("%s spreads over %v", part, over)
			}
		}
	})
}

func TestAPodIsGivenEverySettingItNeedsAndNoOther(t *testing.T) {
	process := map[string]string{"api": "api", "worker": "worker", "migration": "migrate"}
	forEachValuesFile(t, func(t *testing.T, r rendered) {
		for part, pod := range pods(t, r) {
			for _, volume := range pod.Spec.Volumes {
				if p := volume.Projected; p != nil && (p.DefaultMode == nil || *p.DefaultMode != 0o440) {
					t.Errorf("%s: others may read the files of %s", part, volume.Name)
				}
			}
			given := environment(t, r, pod.Spec.Containers[0])
			checkEnvironment(t, process[part], given)
			for _, first := range pod.Spec.InitContainers {
				checkFirst(t, part, first, environment(t, r, first))
			}
			for _, c := range containers(pod) {
				checkFiles(t, part, pod, c, environment(t, r, c))
			}
		}
	})
}

// checkFirst holds the containers that run first to what services/migrate reads for its other commands.
func checkFirst(t *testing.T, part string, c corev1.Container, given map[string]string) {
	t.Helper()
	for name := range given {
		if name = strings.TrimSuffix(name, "_FILE"); !slices.Contains(migrateOnly(t), name) {
			t.Errorf("%s, %s: migrate does not read %s", part, c.Name, name)
		}
	}
	switch {
	case part == "migration" && slices.Equal(c.Args, []string{"bootstrap"}):
		if len(given) != 1+len(roles(t)) {
			t.Errorf("bootstrap is given %v", given)
		}
	case !slices.Equal(c.Args, []string{"wait"}) || len(given) != 1:
		t.Errorf("%s does not wait for the migration: %v %v", part, c.Args, given)
	}
}

// checkFiles finds for every NAME_FILE the file in a volume, and for every file a reader: a pod is given no secret that
// it does not need.
func checkFiles(t *testing.T, part string, pod corev1.PodTemplateSpec, c corev1.Container, given map[string]string) {
	t.Helper()
	wanted := map[string]bool{}
	for name, value := range given {
		if strings.HasSuffix(name, "_FILE") {
			wanted[value] = true
		}
	}
	for file := range wanted {
		if !mounted(pod, c)[file] {
			t.Errorf("%s, %s: no volume has %s", part, c.Name, file)
		}
	}
	if c.Name != pod.Spec.Containers[0].Name {
		return // those that run first share the volume
	}
	for file := range mounted(pod, c) {
		if !wanted[file] && path.Base(file) != "db-ca.crt" {
			t.Errorf("%s is given the secret %s, which it does not read", part, file)
		}
	}
}

func mounted(pod corev1.PodTemplateSpec, c corev1.Container) map[string]bool {
	files := map[string]bool{}
	for _, mount := range c.VolumeMounts {
		for _, volume := range pod.Spec.Volumes {
			if volume.Name != mount.Name || volume.Projected == nil {
				continue
			}
			for _, source := range volume.Projected.Sources {
				for _, item := range source.Secret.Items {
					files[path.Join(mount.MountPath, item.Path)] = mount.ReadOnly
				}
			}
		}
	}
	return files
}

// environment is what a container's process sees; values from Secrets are shown by a mark.
func environment(t *testing.T, r rendered, c corev1.Container) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, from := range c.EnvFrom {
		config, ok := of[*corev1.ConfigMap](r)[from.ConfigMapRef.Name]
		if !ok {
			t.Fatalf("there is no ConfigMap %s", from.ConfigMapRef.Name)
		}
		maps.Copy(all, config.Data)
	}
	for _, one := range c.Env {
		if one.ValueFrom == nil {
			all[one.Name] = one.Value
		} else if !strings.HasPrefix(one.Name, "LYHORD_OIDC_") || one.ValueFrom.SecretKeyRef == nil {
			t.Errorf("%s comes from %+v; only the client secrets of identity providers do", one.Name, one.ValueFrom)
		}
	}
	return all
}

func TestNothingSecretIsWrittenIntoTheCluster(t *testing.T) {
	forEachValuesFile(t, func(t *testing.T, r rendered) {
		if secrets := of[*corev1.Secret](r); len(secrets) > 0 {
			t.Errorf("the chart writes Secrets: %v", slices.Collect(maps.Keys(secrets)))
		}
		for name, config := range of[*corev1.ConfigMap](r) {
			for key, value := range config.Data {
				if strings.Contains(value, "postgres://") || strings.Contains(strings.ToLower(key), "password") && !strings.HasSuffix(key, "_FILE") {
					t.Errorf("the ConfigMap %s holds %s", name, key)
				}
			}
		}
	})
}

func TestPodsRestartWhenTheirSettingsChange(t *testing.T) {
	sum := func(change func(map[string]any)) (string, string) {
		values := valuesFiles(t)["minimal"]
		change(values)
		all := pods(t, mustRender(t, values, 1))
		return all["api"].Annotations["checksum/config"], all["worker"].Annotations["checksum/config"]
	}
	api, worker := sum(func(map[string]any) {})
	changedAPI, changedWorker := sum(func(v map[string]any) { v["logLevel"] = "debug" })
	if api == "" || api == changedAPI || worker == changedWorker {
		t.Errorf("api %q %q, worker %q %q", api, changedAPI, worker, changedWorker)
	}
}

func TestADigestGoesBeforeATag(t *testing.T) {
	const prefix = "registry.example.se/lyhord/lyhord-api@sha256:1111"
	if got := pods(t, mustRender(t, valuesFiles(t)["full"], 1))["api"].Spec.Containers[0].Image; !strings.HasPrefix(got, prefix) {
		t.Errorf("the image of the api is %s", got)
	}
	if got := pods(t, mustRender(t, valuesFiles(t)["minimal"], 1))["worker"].Spec.Containers[0].Image; got != "lyhord-worker:0.1.0" {
		t.Errorf("the image of the worker is %s", got)
	}
}

func TestTheMigrationIsANewPlainJobForEveryChange(t *testing.T) {
	name := func(revision int, change func(map[string]any)) string {
		values := valuesFiles(t)["minimal"]
		change(values)
		jobs := of[*batchv1.Job](mustRender(t, values, revision))
		for name, job := range jobs {
			if len(job.Annotations) > 0 {
				t.Errorf("the Job is a hook: %v", job.Annotations)
			}
			if job.Spec.TTLSecondsAfterFinished == nil || job.Spec.Template.Spec.RestartPolicy != corev1.RestartPolicyNever || len(name) > 63 {
				t.Errorf("the Job %s: %+v", name, job.Spec)
			}
			return name
		}
		t.Fatal("there is no Job")
		return ""
	}
	same := func(map[string]any) {}
	first := name(1, same)
	if again := name(1, same); again != first {
		t.Errorf("without a change the name changes: %s, %s", first, again)
	}
	for what, other := range map[string]string{
		"revision": name(2, same),
		"image":    name(1, func(v map[string]any) { v["image"] = map[string]any{"tag": "0.2.0"} }),
		"limit":    name(1, func(v map[string]any) { v["migration"] = map[string]any{"backoffLimit": 3} }),
	} {
		if other == first {
			t.Errorf("with another %s the Job is the same, and cannot be changed", what)
		}
	}
}

func contains(labels, selector map[string]string) bool {
	for key, value := range selector {
		if labels[key] != value {
			return false
		}
	}
	return len(selector) > 0
}
