//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// goTests reads the output of go test -json as it comes: it prints one line per
// package and all output of what failed or was skipped, and counts every test
// and subtest.
type goTests struct {
	print    io.Writer
	rest     []byte // an unfinished line
	packages map[string]*goPackage
	sum      counts
}

type goPackage struct {
	output map[string]*strings.Builder // by test; "" is the package's own
	counts
}

// goEvent is a line of go test -json (see `go doc test2json`).
type goEvent struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

func (g *goTests) output() io.Writer { return g }

func (g *goTests) Write(p []byte) (int, error) {
	g.rest = append(g.rest, p...)
	for {
		line, rest, found := bytes.Cut(g.rest, []byte("\n"))
		if !found {
			return len(p), nil
		}
		g.line(line)
		g.rest = rest
	}
}

func (g *goTests) line(line []byte) {
	var e goEvent
	if json.Unmarshal(line, &e) != nil {
		fmt.Fprintf(g.print, "%s\n", line)
		return
	}
	if e.Action == "build-output" {
		fmt.Fprint(g.print, e.Output)
		return
	}
	if e.Package == "" {
		return // about a build; the package it belongs to fails by itself
	}
	p := g.pkg(e.Package)
	switch e.Action {
	case "output":
		p.say(e.Test, e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			g.endPackage(e, p)
		} else {
			g.endTest(e, p)
		}
	}
}

func (g *goTests) pkg(name string) *goPackage {
	if g.packages == nil {
		g.packages = map[string]*goPackage{}
	}
	if g.packages[name] == nil {
		g.packages[name] = &goPackage{output: map[string]*strings.Builder{}}
	}
	return g.packages[name]
}

func (p *goPackage) say(test, text string) {
	for _, noise := range []string{"=== RUN", "=== PAUSE", "=== CONT", "=== NAME"} {
		if strings.HasPrefix(text, noise) {
			return
		}
	}
	if p.output[test] == nil {
		p.output[test] = &strings.Builder{}
	}
	p.output[test].WriteString(text)
}

func (g *goTests) endTest(e goEvent, p *goPackage) {
	switch e.Action {
	case "pass":
		p.Passed++
	case "fail":
		p.Failed++
	case "skip":
		p.Skipped++
	}
	if out := p.output[e.Test]; out != nil && e.Action != "pass" {
		fmt.Fprint(g.print, out.String())
	}
	delete(p.output, e.Test)
}

func (g *goTests) endPackage(e goEvent, p *goPackage) {
	if e.Action == "fail" {
		// What has not ended, for example at a panic or a timeout, says why.
		var open []string
		for test := range p.output {
			open = append(open, test)
		}
		slices.Sort(open)
		for _, test := range open {
			fmt.Fprint(g.print, p.output[test].String())
		}
		p.Failed = max(p.Failed, 1)
	}
	word := map[string]string{"pass": "ok", "fail": "FAIL", "skip": "--"}[e.Action]
	tests := fmt.Sprintf("%d tests", p.Passed+p.Failed+p.Skipped)
	if e.Action == "skip" {
		tests = "no tests"
	}
	fmt.Fprintf(g.print, "%-4s %s  %.1fs  %s\n", word, e.Package, e.Elapsed, tests)
	g.sum.Passed += p.Passed
	g.sum.Failed += p.Failed
	g.sum.Skipped += p.Skipped
	delete(g.packages, e.Package)
}

func (g *goTests) count(int) (counts, error) {
	for _, p := range g.packages { // never ended: the run was broken off
		g.sum.Passed += p.Passed
		g.sum.Failed += max(p.Failed, 1)
		g.sum.Skipped += p.Skipped
	}
	if g.sum == (counts{}) {
		return counts{Failed: 1}, errors.New("no Go test ran")
	}
	return g.sum, nil
}
