package charts

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// compose loads docker-compose.yml as docker compose does; an unknown key is an error.
func compose(t *testing.T, env ...string) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{root + "/docker-compose.yml"}, cli.WithEnv(env), cli.WithResolvedPaths(true))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(project.Services) != 7 {
		t.Fatalf("services: %v", project.ServiceNames())
	}
	return project
}

func TestEveryContainerOfTheServerRunsLockedDown(t *testing.T) {
	for name, s := range compose(t).Services {
		if !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || len(s.CapAdd) > 0 || s.Privileged ||
			!slices.Equal(s.SecurityOpt, []string{"no-new-privileges:true"}) {
			t.Errorf("%s: read_only %v, cap_drop %v, cap_add %v, security_opt %v", name, s.ReadOnly, s.CapDrop, s.CapAdd, s.SecurityOpt)
		}
		if s.User == "" || strings.HasPrefix(s.User, "0") || strings.HasPrefix(s.User, "root") {
			t.Errorf("%s runs as %q", name, s.User)
		}
		if s.PidsLimit == 0 {
			t.Errorf("%s may start any number of processes", name)
		}
	}
}

func TestEveryServerSaysWhetherItIsAliveAndIsStartedAgain(t *testing.T) {
	jobs := []string{"bootstrap", "migrate"}
	for name, s := range compose(t).Services {
		switch {
		case slices.Contains(jobs, name):
			if s.Restart != "no" {
				t.Errorf("%s runs again and again: %q", name, s.Restart)
			}
		case s.HealthCheck == nil || len(s.HealthCheck.Test) < 2 || s.Restart != "unless-stopped":
			t.Errorf("%s: healthcheck %+v, restart %q", name, s.HealthCheck, s.Restart)
		}
	}
}

func TestOnlyTheApiIsPublishedAndOnlyHere(t *testing.T) {
	project := compose(t)
	for name, s := range project.Services {
		if (name == "api") != (len(s.Ports) == 1) {
			t.Errorf("%s publishes %v", name, s.Ports)
		}
		for _, p := range s.Ports {
			if p.HostIP != "127.0.0.1" {
				t.Errorf("%s is published on %q", name, p.HostIP)
			}
		}
	}
	if !project.Networks["back"].Internal {
		t.Error("the network of the databases has a way out")
	}
	for _, name := range []string{"postgres", "redis", "bootstrap", "migrate"} {
		networks := project.Services[name].Networks
		if _, ok := networks["back"]; !ok || len(networks) != 1 {
			t.Errorf("%s is in %v", name, networks)
		}
	}
}

func TestTheDataOfTheServersOutlivesTheirContainers(t *testing.T) {
	project := compose(t)
	for name, at := range map[string]string{"postgres": "/var/lib/postgresql/data", "redis": "/data"} {
		volumes := project.Services[name].Volumes
		if len(volumes) != 1 || volumes[0].Type != types.VolumeTypeVolume || volumes[0].Source != name || volumes[0].Target != at {
			t.Errorf("%s: %+v", name, volumes)
		}
	}
	command := strings.Join(project.Services["redis"].Entrypoint, " ")
	if !strings.Contains(command, "--appendonly yes") || !strings.Contains(command, "requirepass") || !strings.Contains(command, "noeviction") {
		t.Errorf("Redis: %s", command)
	}
}

func TestEachStepWaitsForTheOneBefore(t *testing.T) {
	project := compose(t)
	for name, want := range map[string]map[string]string{
		"bootstrap": {"postgres": types.ServiceConditionHealthy},
		"migrate":   {"bootstrap": types.ServiceConditionCompletedSuccessfully},
		"api":       {"migrate": types.ServiceConditionCompletedSuccessfully, "redis": types.ServiceConditionHealthy},
		"worker":    {"migrate": types.ServiceConditionCompletedSuccessfully, "redis": types.ServiceConditionHealthy},
	} {
		on := project.Services[name].DependsOn
		if len(on) != len(want) {
			t.Errorf("%s waits for %v", name, on)
		}
		for other, condition := range want {
			if on[other].Condition != condition {
				t.Errorf("%s waits for %s to be %q, want %q", name, other, on[other].Condition, condition)
			}
		}
	}
}

func TestTheProgramsOfTheServerGetEverySettingTheyNeedAndNoOther(t *testing.T) {
	project := compose(t)
	for _, process := range services {
		given := map[string]string{}
		for name, value := range project.Services[process].Environment {
			given[name] = *value
		}
		checkEnvironment(t, process, given)
	}
	for name := range project.Services["bootstrap"].Environment {
		if !slices.Contains(migrateOnly(t), strings.TrimSuffix(name, "_FILE")) {
			t.Errorf("bootstrap does not read %s", name)
		}
	}
	if got := len(project.Services["bootstrap"].Environment); got != 1+len(roles(t)) {
		t.Errorf("bootstrap is given %d settings", got)
	}
}

func TestAContainerIsGivenTheSecretsItReadsAndNoOther(t *testing.T) {
	project := compose(t)
	for name, s := range project.Services {
		given := map[string]bool{}
		for _, secret := range s.Secrets {
			given[secret.Source] = true
			if _, ok := project.Secrets[secret.Source]; !ok {
				t.Errorf("%s: there is no secret %s", name, secret.Source)
			}
		}
		text := strings.Join(s.Entrypoint, " ")
		for _, value := range s.Environment {
			text += " " + *value
		}
		for secret := range project.Secrets {
			if reads := strings.Contains(text+" ", "/run/secrets/"+secret+" ") || strings.Contains(text, "/run/secrets/"+secret+")"); reads != given[secret] {
				t.Errorf("%s and the secret %s: reads %v, given %v", name, secret, reads, given[secret])
			}
		}
	}
}

func TestEveryImageOfTheServerIsPinnedOrBuiltHere(t *testing.T) {
	for name, s := range compose(t, "LYHORD_VERSION=0.1.0").Services {
		repository, tag, _ := strings.Cut(s.Image, ":")
		switch {
		case tag == "" || tag == "latest" || tag == "edge":
			t.Errorf("%s: %s", name, s.Image)
		case strings.HasPrefix(repository, "lyhord-"):
			if tag != "0.1.0" {
				t.Errorf("%s ignores LYHORD_VERSION: %s", name, s.Image)
			}
			if s.Build != nil && s.Build.Dockerfile != "services/"+strings.TrimPrefix(repository, "lyhord-")+"/Dockerfile" {
				t.Errorf("%s is built from %s", name, s.Build.Dockerfile)
			}
		case !strings.Contains(repository, "/"):
			t.Errorf("%s does not say which registry: %s", name, s.Image)
		}
	}
}

func TestTheInstructionsMakeEverySecretOnceAndNeverAgain(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not here")
	}
	var script strings.Builder
	for line := range strings.Lines(read(t, root+"/docker-compose.yml")) {
		if command, ok := strings.CutPrefix(line, "#:  "); ok {
			script.WriteString(command)
		}
	}
	dir := filepath.Join(t.TempDir(), "secrets")
	run := func() ([]byte, error) {
		command := exec.CommandContext(t.Context(), "sh", "-c", script.String())
		command.Env = []string{"PATH=" + os.Getenv("PATH"), "LYHORD_SECRETS=" + dir}
		return command.CombinedOutput()
	}
	if out, err := run(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	project := compose(t, "LYHORD_SECRETS="+dir)
	for name, secret := range project.Secrets {
		info, err := os.Stat(secret.File)
		if err != nil || info.Mode().Perm() != 0o444 || info.Size() < 32 {
			t.Errorf("%s: %v %v", name, info, err)
		}
		if role, ok := strings.CutPrefix(name, "dsn_"); ok {
			user := "lyhord_" + role
			if role == "super" {
				user = "postgres"
			}
			want := "postgres://" + user + ":" + read(t, dir+"/password_"+role) + "@postgres:5432/lyhord?sslmode=disable"
			if got := read(t, secret.File); got != want {
				t.Errorf("%s is %s, want %s", name, got, want)
			}
		}
	}
	if files, _ := os.ReadDir(dir); len(files) != len(project.Secrets) {
		t.Errorf("%d files for %d secrets", len(files), len(project.Secrets))
	}
	key := read(t, dir+"/root_key")
	if _, err := run(); err == nil || read(t, dir+"/root_key") != key {
		t.Error("the second run made a new root key")
	}
}
