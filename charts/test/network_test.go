package charts

import (
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

func TestNothingGoesInOrOutOfAPodButWhatIsNamed(t *testing.T) {
	forEachValuesFile(t, func(t *testing.T, r rendered) {
		policies := of[*networkingv1.NetworkPolicy](r)
		nothing, ok := policies["lyhord-nothing"]
		if !ok || len(nothing.Spec.Ingress) > 0 || len(nothing.Spec.Egress) > 0 || len(nothing.Spec.PolicyTypes) != 2 {
			t.Fatalf("no policy denies by default: %+v", nothing)
		}
		for part, pod := range pods(t, r) {
			if !contains(pod.Labels, nothing.Spec.PodSelector.MatchLabels) {
				t.Errorf("the denial does not hold for %s", part)
			}
			own, ok := policies["lyhord-"+part]
			if !ok || !contains(pod.Labels, own.Spec.PodSelector.MatchLabels) {
				t.Fatalf("%s has no policy of its own", part)
			}
			for other, pod := range pods(t, r) {
				if other != part && contains(pod.Labels, own.Spec.PodSelector.MatchLabels) {
					t.Errorf("the policy of %s also holds for %s", part, other)
				}
			}
			for _, rule := range slices.Concat(own.Spec.Egress) {
				if len(rule.Ports) == 0 {
					t.Errorf("%s may reach every port", part)
				}
			}
			for _, rule := range own.Spec.Ingress {
				if len(rule.From) == 0 || len(rule.Ports) == 0 {
					t.Errorf("everybody may reach %s: %+v", part, rule)
				}
			}
		}
	})
}

func TestEachPodReachesWhatItNeedsAndNothingElse(t *testing.T) {
	for name, want := range map[string]map[string]string{
		"minimal": {"api": "53 5432 6379", "worker": "53 5432 587 6379", "migration": "53 5432"},
		"full":    {"api": "26379 4318 443 53 6379 6432", "worker": "26379 4318 443 465 53 6379 6432", "migration": "53 6432"},
	} {
		policies := of[*networkingv1.NetworkPolicy](mustRender(t, valuesFiles(t)[name], 1))
		for part, ports := range want {
			seen := map[string]bool{}
			for _, rule := range policies["lyhord-"+part].Spec.Egress {
				for _, p := range rule.Ports {
					seen[p.Port.String()] = true
				}
				if name == "full" && len(rule.To) == 0 {
					t.Errorf("full: %s may reach %+v anywhere", part, rule.Ports)
				}
			}
			if got := sorted(seen); got != ports {
				t.Errorf("%s: %s reaches the ports %s, want %s", name, part, got, ports)
			}
		}
	}
}

func TestOnlyTheApiIsReachedByPeople(t *testing.T) {
	forEachValuesFile(t, func(t *testing.T, r rendered) {
		for name, policy := range of[*networkingv1.NetworkPolicy](r) {
			for _, rule := range policy.Spec.Ingress {
				for _, p := range rule.Ports {
					if p.Port.StrVal == "http" != (name == "lyhord-api") && p.Port.StrVal != "metrics" {
						t.Errorf("%s lets in to %s", name, p.Port)
					}
				}
			}
		}
		for name, service := range of[*corev1.Service](r) {
			for _, p := range service.Spec.Ports {
				if p.TargetPort.StrVal != "http" && service.Spec.ClusterIP != corev1.ClusterIPNone {
					t.Errorf("the Service %s leads to %s", name, p.TargetPort.StrVal)
				}
			}
		}
	})
}

func TestEveryServiceLeadsToAPortOfItsPods(t *testing.T) {
	forEachValuesFile(t, func(t *testing.T, r rendered) {
		for name, service := range of[*corev1.Service](r) {
			found := false
			for _, d := range of[*appsv1.Deployment](r) {
				if !contains(d.Spec.Template.Labels, service.Spec.Selector) {
					continue
				}
				found = true
				for _, p := range service.Spec.Ports {
					if !hasPort(d.Spec.Template.Spec.Containers[0], p.TargetPort) {
						t.Errorf("%s: %s has no port %s", name, d.Name, p.TargetPort.String())
					}
				}
			}
			if !found {
				t.Errorf("the Service %s leads to no pod", name)
			}
		}
	})
}

func hasPort(c corev1.Container, port intstr.IntOrString) bool {
	return slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool { return p.Name == port.StrVal })
}

func TestThePublicAddressLeadsToTheApi(t *testing.T) {
	demo := mustRender(t, valuesFiles(t)["demo"], 1, extraAPIs...)
	ingress := of[*networkingv1.Ingress](demo)["lyhord"]
	if ingress == nil || ingress.Spec.Rules[0].Host != "lyhord-demo.example.se" || ingress.Spec.TLS[0].SecretName != "lyhord-tls" ||
		ingress.Spec.TLS[0].Hosts[0] != "lyhord-demo.example.se" {
		t.Fatalf("ingress: %+v", ingress)
	}
	backend := ingress.Spec.Rules[0].HTTP.Paths[0].Backend.Service
	if service := of[*corev1.Service](demo)[backend.Name]; service == nil || service.Spec.Ports[0].Name != backend.Port.Name {
		t.Errorf("the Ingress leads to %+v", backend)
	}
	full := mustRender(t, valuesFiles(t)["full"], 1, extraAPIs...)
	route := of[*gatewayv1.HTTPRoute](full)["lyhord"]
	if route == nil || route.Spec.Hostnames[0] != "lyhord.example.se" || route.Spec.ParentRefs[0].Name != "public" {
		t.Fatalf("route: %+v", route)
	}
	to := route.Spec.Rules[0].BackendRefs[0]
	if service := of[*corev1.Service](full)[string(to.Name)]; service == nil || service.Spec.Ports[0].Port != *to.Port {
		t.Errorf("the HTTPRoute leads to %+v", to)
	}
}

func TestAnEvictionLeavesPodsAndNeverWaitsForBrokenOnes(t *testing.T) {
	forEachValuesFile(t, func(t *testing.T, r rendered) {
		budgets := of[*policyv1.PodDisruptionBudget](r)
		for name, d := range of[*appsv1.Deployment](r) {
			b := budgets[name]
			if b == nil || b.Spec.UnhealthyPodEvictionPolicy == nil || *b.Spec.UnhealthyPodEvictionPolicy != policyv1.AlwaysAllow ||
				b.Spec.MaxUnavailable == nil || !contains(d.Spec.Template.Labels, b.Spec.Selector.MatchLabels) {
				t.Errorf("%s: %+v", name, b)
			}
		}
	})
}

func sorted(set map[string]bool) string {
	var all []string
	for one := range set {
		all = append(all, one)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}
