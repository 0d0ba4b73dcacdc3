package tenants

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Problem is one thing that is wrong in a file, with the place a person must go to.
type Problem struct {
	File  string
	Line  int
	Field string // e.g. units[3].parent
	Text  string // plain Swedish
}

func (p Problem) Error() string {
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s rad %d", p.File, p.Line)
	}
	if p.Field != "" {
		where += ", fältet " + p.Field
	}
	return where + ": " + p.Text
}

// Problems is everything that is wrong, in the order of the files.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// document is a decoded file that remembers on which line each field stands, so
// that the rules checked later can point at it.
type document struct {
	file     string
	lines    map[string]int
	problems Problems
}

// decode fills target from data. Go's YAML libraries stop at the first fault or
// let some pass; walking the tree ourselves reports all, each with its line.
func decode(file string, data []byte, target any) *document {
	doc := &document{file: file, lines: map[string]int{}}
	tree, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		doc.syntax(err)
		return doc
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		doc.add("", "filen ska innehålla exakt ett YAML-dokument")
		return doc
	}
	doc.value("", tree.Docs[0].Body, reflect.ValueOf(target).Elem())
	return doc
}

func (d *document) syntax(err error) {
	p := Problem{File: d.file, Text: "filen går inte att läsa som YAML: " + err.Error()}
	var located yaml.Error
	if errors.As(err, &located) {
		p.Text = "filen går inte att läsa som YAML: " + located.GetMessage()
		if tok := located.GetToken(); tok != nil && tok.Position != nil {
			p.Line = tok.Position.Line
		}
	}
	d.problems = append(d.problems, p)
}

// add reports a problem with the field at path; the line is that of the field or,
// where it is missing, of the nearest thing around it.
func (d *document) add(path, format string, args ...any) {
	d.problems = append(d.problems, Problem{
		File: d.file, Line: d.line(path), Field: path, Text: fmt.Sprintf(format, args...),
	})
}

func (d *document) line(path string) int {
	for {
		if line, ok := d.lines[path]; ok || path == "" {
			return line
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
}

func (d *document) value(path string, node ast.Node, target reflect.Value) {
	if _, known := d.lines[path]; !known {
		d.lines[path] = lineOf(node)
	}
	switch node.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		d.add(path, "ankare, alias och taggar används inte här; skriv ut värdet")
		return
	case *ast.NullNode:
		d.add(path, "värdet saknas; skriv ett värde eller ta bort raden")
		return
	}
	if text, ok := target.Addr().Interface().(encoding.TextUnmarshaler); ok {
		d.text(path, node, text)
		return
	}
	switch target.Kind() { //nolint:exhaustive // the kinds the types of this package use
	case reflect.Pointer:
		target.Set(reflect.New(target.Type().Elem()))
		d.value(path, node, target.Elem())
	case reflect.Struct:
		d.mapping(path, node, target)
	case reflect.Map:
		d.table(path, node, target)
	case reflect.Slice:
		d.sequence(path, node, target)
	default:
		d.scalar(path, node, target)
	}
}

func (d *document) text(path string, node ast.Node, target encoding.TextUnmarshaler) {
	s, ok := stringOf(node)
	if !ok {
		d.add(path, "ska vara text, inte %s", kindOf(node))
		return
	}
	if err := target.UnmarshalText([]byte(s)); err != nil {
		d.add(path, "%s", err.Error())
	}
}

func (d *document) mapping(path string, node ast.Node, target reflect.Value) {
	d.entries(path, node, func(key, at string, value ast.Node) {
		i := fieldIndex(target.Type(), key)
		if i < 0 {
			d.add(at, "okänt fält ”%s”; här finns %s", key, strings.Join(fieldNames(target.Type()), ", "))
			return
		}
		d.value(at, value, target.Field(i))
	})
}

func (d *document) table(path string, node ast.Node, target reflect.Value) {
	target.Set(reflect.MakeMap(target.Type()))
	d.entries(path, node, func(key, at string, value ast.Node) {
		elem := reflect.New(target.Type().Elem()).Elem()
		d.value(at, value, elem)
		target.SetMapIndex(reflect.ValueOf(key), elem)
	})
}

// entries walks a mapping's keys and refuses what is not a mapping and what is said twice.
func (d *document) entries(path string, node ast.Node, visit func(key, at string, value ast.Node)) {
	var pairs []*ast.MappingValueNode
	switch m := node.(type) {
	case *ast.MappingNode:
		pairs = m.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{m}
	default:
		d.add(path, "ska vara fält med värden, inte %s", kindOf(node))
		return
	}
	seen := map[string]int{}
	for _, pair := range pairs {
		key, at := pair.Key.String(), pair.Key.String()
		if path != "" {
			at = path + "." + key
		}
		line := pair.Key.GetToken().Position.Line
		if first, twice := seen[key]; twice {
			d.problems = append(d.problems, Problem{
				File: d.file, Line: line, Field: at,
				Text: fmt.Sprintf("fältet står två gånger, första gången på rad %d", first),
			})
			continue
		}
		seen[key] = line
		d.lines[at] = line
		visit(key, at, pair.Value)
	}
}

func (d *document) sequence(path string, node ast.Node, target reflect.Value) {
	seq, ok := node.(*ast.SequenceNode)
	if !ok {
		d.add(path, "ska vara en lista, inte %s", kindOf(node))
		return
	}
	target.Set(reflect.MakeSlice(target.Type(), len(seq.Values), len(seq.Values)))
	for i, v := range seq.Values {
		d.value(fmt.Sprintf("%s[%d]", path, i), v, target.Index(i))
	}
}

func (d *document) scalar(path string, node ast.Node, target reflect.Value) {
	switch target.Kind() { //nolint:exhaustive // the kinds the types of this package use
	case reflect.String:
		s, ok := stringOf(node)
		if !ok {
			d.add(path, "ska vara text, inte %s; sätt citattecken om det är text", kindOf(node))
			return
		}
		target.SetString(strings.TrimSuffix(s, "\n"))
	case reflect.Bool:
		b, ok := node.(*ast.BoolNode)
		if !ok {
			d.add(path, "ska vara true eller false, inte %s", kindOf(node))
			return
		}
		target.SetBool(b.Value)
	case reflect.Int:
		n, ok := intOf(node)
		if !ok {
			d.add(path, "ska vara ett heltal, inte %s", kindOf(node))
			return
		}
		target.SetInt(n)
	default:
		panic("tenants: no decoding for " + target.Type().String())
	}
}

func stringOf(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

func intOf(node ast.Node) (int64, bool) {
	n, ok := node.(*ast.IntegerNode)
	if !ok {
		return 0, false
	}
	switch v := n.Value.(type) {
	case int64:
		return v, true
	case uint64:
		return int64(v), v < 1<<31
	}
	return 0, false
}

func kindOf(node ast.Node) string {
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "fält med värden"
	case *ast.SequenceNode:
		return "en lista"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "ett tal"
	case *ast.BoolNode:
		return "true eller false"
	default:
		return "text"
	}
}

func lineOf(node ast.Node) int {
	if tok := node.GetToken(); tok != nil && tok.Position != nil {
		return tok.Position.Line
	}
	return 0
}

func fieldIndex(t reflect.Type, key string) int {
	return slices.IndexFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool {
		return key != "-" && f.Tag.Get("yaml") == key
	})
}

func fieldNames(t reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if name := f.Tag.Get("yaml"); name != "-" {
			names = append(names, name)
		}
	}
	return names
}
