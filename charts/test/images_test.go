package charts

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// instruction is one of a Dockerfile, its continued lines joined.
type instruction struct{ name, rest string }

func dockerfile(t *testing.T, service string) []instruction {
	t.Helper()
	text := regexp.MustCompile(`(?m)^\s*#.*\n`).ReplaceAllString(read(t, root+"/services/"+service+"/Dockerfile"), "")
	text = regexp.MustCompile(`\\\n\s*`).ReplaceAllString(text, " ")
	var all []instruction
	for line := range strings.SplitSeq(text, "\n") {
		if name, rest, found := strings.Cut(strings.TrimSpace(line), " "); found {
			all = append(all, instruction{name, rest})
		}
	}
	return all
}

// last are the instructions of the stage that is shipped.
func last(all []instruction) []instruction {
	from := 0
	for i, one := range all {
		if one.name == "FROM" {
			from = i
		}
	}
	return all[from:]
}

func value(stage []instruction, name string) string {
	for _, one := range slices.Backward(stage) {
		if one.name == name {
			return one.rest
		}
	}
	return ""
}

var services = []string{"api", "worker", "migrate"}

func TestEveryImageIsAStaticProgramWithoutAShellOrRoot(t *testing.T) {
	for _, service := range services {
		all := dockerfile(t, service)
		stage := last(all)
		if stage[0].rest != "scratch" || value(stage, "USER") != "65532:65532" || value(stage, "ENTRYPOINT") != `["/`+service+`"]` {
			t.Errorf("%s: FROM %s, USER %s, ENTRYPOINT %s", service, stage[0].rest, value(stage, "USER"), value(stage, "ENTRYPOINT"))
		}
		var build, copied string
		for _, one := range all {
			switch {
			case one.name == "RUN" && strings.Contains(one.rest, "go build"):
				build = one.rest
			case one.name == "ADD":
				t.Errorf("%s adds %s; ADD fetches and unpacks, COPY does not", service, one.rest)
			}
		}
		for _, one := range stage {
			if one.name == "COPY" {
				copied += one.rest + "\n"
			}
			if one.name == "RUN" {
				t.Errorf("%s runs something where there is no shell: %s", service, one.rest)
			}
		}
		for _, want := range []string{"CGO_ENABLED=0", "-trimpath", "./services/" + service} {
			if !strings.Contains(build, want) {
				t.Errorf("%s is built without %s: %s", service, want, build)
			}
		}
		for _, want := range []string{"ca-certificates.crt", "/LICENSE", "/out/" + service + " /" + service} {
			if !strings.Contains(copied, want) {
				t.Errorf("the image of %s lacks %s", service, want)
			}
		}
		if !strings.Contains(value(stage, "LABEL"), `org.opencontainers.image.licenses="EUPL-1.2"`) {
			t.Errorf("%s: labels %s", service, value(stage, "LABEL"))
		}
	}
}

func TestEveryBaseImageIsPinned(t *testing.T) {
	pinned := regexp.MustCompile(`^[a-z0-9.-]+\.[a-z]+/[a-z0-9/._-]+:[a-z0-9._-]*[0-9][a-z0-9._-]*$`)
	for _, service := range services {
		for _, one := range dockerfile(t, service) {
			name, image, _ := strings.Cut(one.rest, "=")
			if one.name == "ARG" && strings.HasSuffix(name, "_IMAGE") && !pinned.MatchString(image) {
				t.Errorf("%s: %s is not pinned: %s", service, name, image)
			}
			base, _, _ := strings.Cut(one.rest, " ")
			if one.name == "FROM" && base != "scratch" && !strings.HasPrefix(base, "${") {
				t.Errorf("%s: the base image %s cannot be replaced by one with a digest", service, base)
			}
		}
	}
}

func TestTheGoImageIsThatOfTheModule(t *testing.T) {
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, root+"/go.mod"))[1]
	for _, service := range services {
		if !strings.Contains(read(t, root+"/services/"+service+"/Dockerfile"), "golang:"+version+"-") {
			t.Errorf("%s is not built with Go %s", service, version)
		}
	}
}

func TestServersSayWhetherTheyAreAliveByACommandThatTheyKnow(t *testing.T) {
	for _, service := range []string{"api", "worker"} {
		if got, want := value(last(dockerfile(t, service)), "HEALTHCHECK"), `CMD ["/`+service+`", "healthcheck"]`; !strings.HasSuffix(got, want) {
			t.Errorf("%s: HEALTHCHECK %s", service, got)
		}
		if !strings.Contains(read(t, root+"/services/"+service+"/main.go"), `"healthcheck"`) {
			t.Errorf("%s does not know the command healthcheck", service)
		}
	}
	if got := value(last(dockerfile(t, "migrate")), "HEALTHCHECK"); got != "NONE" && !strings.Contains(read(t, root+"/services/migrate/Dockerfile"), "HEALTHCHECK NONE") {
		t.Errorf("migrate: HEALTHCHECK %s", got)
	}
}

func TestNothingPrivateIsSentToTheBuilder(t *testing.T) {
	lines := strings.Split(read(t, root+"/.dockerignore"), "\n")
	for _, want := range []string{"**/.*", "**/node_modules", "*.env", "*.key", "*.pem"} {
		if !slices.Contains(lines, want) {
			t.Errorf(".dockerignore lacks %s", want)
		}
	}
}
