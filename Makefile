# Lyhörd. The two commands to know:
#
#   make demo    a running Lyhörd with a synthetic city   [PORT=8080] [FRESH=1] [CASES=2000]
#   make test    everything that is tested, from nothing
#
# and: make lint, make bench, make web, make fmt, make clean.
# Single stages of the test run by name, for example `make stage-go` or `make stage-browser`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.NOTPARALLEL:
.DEFAULT_GOAL := help

WEB    := services/web
BUILD  := .build
CACHE  := $(or $(XDG_CACHE_HOME),$(if $(HOME),$(HOME)/.cache),/tmp)/lyhord
NPM    := npm --prefix $(WEB)

# Pinned; built once into the cache, outside the tree.
GOFUMPT_VERSION     := v0.12.0
STATICCHECK_VERSION := v0.8.2
GOFUMPT     := $(CACHE)/gofumpt-$(GOFUMPT_VERSION)/gofumpt
STATICCHECK := $(CACHE)/staticcheck-$(STATICCHECK_VERSION)/staticcheck
# A real S3 server for the tests. Its first build takes minutes.
VERSITYGW_VERSION := v1.8.0
VERSITYGW := $(CACHE)/versitygw-$(VERSITYGW_VERSION)/versitygw

# A clone may lack git, and the stamp is of no use to us.
export GOFLAGS := $(strip $(GOFLAGS) -buildvcs=false)
GO_TEST := go test -json -vet=off -p 2 -parallel 4 -timeout 15m
GO_FILES = find . -name node_modules -prune -o -name '.?*' -prune -o -name '*.go' -print
GO_PACKAGES = ./...

# The oldest PostgreSQL of the machine: the floor that the schema must run on.
PG_OLD = $(firstword $(sort $(wildcard /usr/lib/postgresql/*/bin)))
# Whatever tests against a database runs there too.
PG_OLD_PACKAGES = $(shell go list -e -f '{{.ImportPath}} {{.TestImports}} {{.XTestImports}}' $(GO_PACKAGES) | awk '/platform\/dbtest/ {print $$1}')

TESTENV := $(BUILD)/testenv
REPORTS := $(BUILD)/reports
STAGE    = $(TESTENV) -record $(REPORTS)

NODE_STAMP := $(WEB)/node_modules/.stamp
WEB_BUILT  := $(WEB)/dist/index.html
WEB_SOURCES = $(shell find $(WEB) \( -name node_modules -o -name dist -o -name test-results -o -name e2e \) -prune -o -type f -not -name '*.go' -print)

.PHONY: help demo test stages lint bench web fmt clean need-tools need-servers testenv
help:
	@sed -n '2,9s/^# \{0,1\}//p' Makefile

# --- what people run ---------------------------------------------------------

demo: need-tools $(WEB_BUILT)
	@exec go run ./services/demo

web: need-tools $(WEB_BUILT)

bench: need-tools $(NODE_STAMP)
	@exec go run ./services/bench

fmt: need-tools $(GOFUMPT) $(NODE_STAMP)
	@$(GO_FILES) | xargs $(GOFUMPT) -w
	@$(NPM) run --silent format

lint: need-tools testenv
	@rm -rf $(REPORTS)
	@status=0; $(MAKE) --no-print-directory -k stage-web-packages $(LINT_STAGES) || status=1; \
	$(TESTENV) -sum $(REPORTS); exit $$status

clean:
	rm -rf $(BUILD) $(WEB)/test-results
	find $(WEB)/dist -mindepth 1 -not -name .gitkeep -delete

# --- the test run ------------------------------------------------------------
# Every stage runs, also after one that failed, so that all faults are seen at
# once; the last line is the sum of what the test runners themselves reported.

LINT_STAGES := stage-format stage-vet stage-staticcheck stage-web-check
STAGES := stage-web-packages stage-web-build $(LINT_STAGES) stage-web-unit \
	stage-go stage-go-oldest-postgres stage-charts stage-browser

test: need-tools need-servers testenv
	@rm -rf $(REPORTS)
	@status=0; $(MAKE) --no-print-directory -k stages || status=1; \
	$(TESTENV) -sum $(REPORTS) || status=1; exit $$status

stages: $(STAGES)

.PHONY: $(STAGES)
$(STAGES): | testenv

stage-web-packages:
	@$(STAGE) -with nothing -stage "web: packages" -- $(MAKE) --no-print-directory $(NODE_STAMP)

stage-web-build:
	@$(STAGE) -with nothing -stage "web: build" -- $(MAKE) --no-print-directory $(WEB_BUILT)

stage-format:
	@$(STAGE) -with nothing -stage "Go: formatting" -- $(MAKE) --no-print-directory check-format

stage-vet:
	@$(STAGE) -with nothing -stage "Go: vet" -- go vet $(GO_PACKAGES)

stage-staticcheck:
	@$(STAGE) -with nothing -stage "Go: staticcheck" -- $(MAKE) --no-print-directory check-static

stage-web-check:
	@$(STAGE) -with nothing -stage "web: types, formatting, rules" -- $(NPM) run --silent check

stage-web-unit:
	@$(STAGE) -with nothing -stage "web: unit tests" -kind vitest -results $(WEB)/test-results/unit.json -- \
		$(NPM) run --silent test:unit

stage-go: | $(VERSITYGW)
	@$(STAGE) -stage "Go, race detector, embedded PostgreSQL" -kind go -- $(GO_TEST) -race $(GO_PACKAGES)

stage-go-oldest-postgres:
	@LYHORD_PG_BIN=$(PG_OLD) $(STAGE) -stage "Go, oldest PostgreSQL here" -kind go -- $(GO_TEST) $(PG_OLD_PACKAGES)

stage-charts:
	@if [ -f charts/test/go.mod ]; then \
		$(STAGE) -with nothing -stage "charts" -kind go -- bash -c 'cd charts/test && exec $(GO_TEST) ./...'; fi

# A demo of its own on a free port, with a city just large enough for its figures to say something.
stage-browser:
	@CASES=$${CASES:-10000} $(STAGE) -with system -stage "browser" -kind playwright -results $(WEB)/test-results/e2e.json -- \
		$(NPM) run --silent test:e2e

.PHONY: check-format check-static
check-format: $(GOFUMPT)
	@unformatted=$$($(GO_FILES) | xargs $(GOFUMPT) -l); \
	if [ -n "$$unformatted" ]; then echo "not formatted (make fmt):"; echo "$$unformatted"; exit 1; fi

check-static: $(STATICCHECK)
	@$(STATICCHECK) $(GO_PACKAGES)

# --- what the above is made from ---------------------------------------------

testenv:
	@mkdir -p $(BUILD)
	@go build -o $(TESTENV) ./services/testenv

$(GOFUMPT):
	GOBIN=$(@D) go install mvdan.cc/gofumpt@$(GOFUMPT_VERSION)

.PHONY: versitygw
versitygw: $(VERSITYGW)

$(VERSITYGW):
	GOFLAGS= CGO_ENABLED=0 GOBIN=$(@D) go install github.com/versity/versitygw/cmd/versitygw@$(VERSITYGW_VERSION)

$(STATICCHECK):
	GOBIN=$(@D) go install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK_VERSION)

# No install scripts: nothing we use needs one, and they may do anything.
$(NODE_STAMP): $(WEB)/package-lock.json $(WEB)/package.json
	cd $(WEB) && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline
	@touch $@

$(WEB_BUILT): $(NODE_STAMP) $(WEB_SOURCES)
	$(NPM) run --silent build
	@touch $@

need-tools:
	@for tool in go node npm; do \
		command -v $$tool >/dev/null || { echo "missing: $$tool (see README.md, \"The first hour\")" >&2; exit 1; }; done

# Root gets what is missing; anybody else is told. Nothing is started by the
# installation: no database cluster is made, and policy-rc.d says no to services.
need-servers:
	@missing=(); \
	command -v cc >/dev/null || missing+=(gcc libc6-dev); \
	compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql); \
	command -v redis-server >/dev/null || command -v valkey-server >/dev/null || missing+=(redis-server); \
	[ -x "$${CHROMIUM:-/usr/bin/chromium}" ] || missing+=(chromium); \
	[ -e /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf ] || missing+=(fonts-noto-core); \
	command -v clamd >/dev/null || [ -x /usr/sbin/clamd ] || missing+=(clamav-daemon); \
	command -v pdftotext >/dev/null || missing+=(poppler-utils); \
	command -v soffice >/dev/null || missing+=(libreoffice-writer-nogui); \
	[ $${#missing[@]} -gt 0 ] || exit 0; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
		echo "missing: $${missing[*]}; install: sudo apt-get install --no-install-recommends $${missing[*]}" >&2; exit 1; fi; \
	mkdir -p /etc/postgresql-common; \
	[ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf; \
	if [ ! -e /usr/sbin/policy-rc.d ]; then \
		printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; trap 'rm -f /usr/sbin/policy-rc.d' EXIT; fi; \
	apt-get -o DPkg::Lock::Timeout=300 update -qq; \
	DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$${missing[@]}" </dev/null
