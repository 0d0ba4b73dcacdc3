package httpx

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// fit compares a document with the type it is meant for, before decoding, so
// that the refusal can name the place and so that spelling is exact.
func fit(tree any, t reflect.Type, pointer string) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if tree == nil {
		return nil
	}
	if own := reflect.PointerTo(t); own.Implements(jsonUnmarshaler) || own.Implements(textUnmarshaler) {
		return fitOwn(tree, t, pointer)
	}
	switch t.Kind() {
	case reflect.Struct:
		return fitStruct(tree, t, pointer)
	case reflect.Map:
		return fitMap(tree, t, pointer)
	case reflect.Slice, reflect.Array:
		return fitList(tree, t, pointer)
	case reflect.String:
		return expect[string](tree, pointer, "Skriv en text.")
	case reflect.Bool:
		return expect[bool](tree, pointer, "Välj ja eller nej.")
	case reflect.Float32, reflect.Float64:
		return expect[json.Number](tree, pointer, "Skriv ett tal.")
	case reflect.Interface:
		return nil
	default:
		return fitInteger(tree, t, pointer)
	}
}

// fitOwn lets a type that reads itself try, so that its refusal gets a place. Its
// own words are dropped: they quote what they refuse.
func fitOwn(tree any, t reflect.Type, pointer string) error {
	part, err := json.Marshal(tree)
	if err == nil {
		err = json.Unmarshal(part, reflect.New(t).Interface())
	}
	if err != nil {
		return refuse(pointer, "Uppgiften har fel form.")
	}
	return nil
}

func expect[T any](tree any, pointer, text string) error {
	if _, ok := tree.(T); !ok {
		return refuse(pointer, text)
	}
	return nil
}

func fitStruct(tree any, t reflect.Type, pointer string) error {
	object, ok := tree.(map[string]any)
	if !ok {
		return refuse(pointer, "Uppgifterna har fel form.")
	}
	fields := fieldsOf(t)
	for key, value := range object {
		field, known := fields[key]
		if !known {
			return refuse(join(pointer, key), "Fältet finns inte.")
		}
		if err := fit(value, field, join(pointer, key)); err != nil {
			return err
		}
	}
	return nil
}

func fitMap(tree any, t reflect.Type, pointer string) error {
	object, ok := tree.(map[string]any)
	if !ok {
		return refuse(pointer, "Uppgifterna har fel form.")
	}
	for key, value := range object {
		if err := fit(value, t.Elem(), join(pointer, key)); err != nil {
			return err
		}
	}
	return nil
}

func fitList(tree any, t reflect.Type, pointer string) error {
	if t.Elem().Kind() == reflect.Uint8 && t.Kind() == reflect.Slice { // bytes come as base64
		return expect[string](tree, pointer, "Skriv en text.")
	}
	list, ok := tree.([]any)
	if !ok {
		return refuse(pointer, "Här ska det vara en lista.")
	}
	if t.Kind() == reflect.Array && len(list) != t.Len() {
		return refuse(pointer, "Listan har fel längd.")
	}
	for i, item := range list {
		if err := fit(item, t.Elem(), pointer+"/"+strconv.Itoa(i)); err != nil {
			return err
		}
	}
	return nil
}

func fitInteger(tree any, t reflect.Type, pointer string) error {
	n, ok := tree.(json.Number)
	if !ok {
		return refuse(pointer, "Skriv ett heltal.")
	}
	i, err := strconv.ParseInt(n.String(), 10, 64)
	if err != nil {
		return refuse(pointer, "Skriv ett heltal.")
	}
	switch {
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64 && !reflect.Zero(t).OverflowInt(i):
		return nil
	case t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uint64 && i >= 0 && !reflect.Zero(t).OverflowUint(uint64(i)):
		return nil
	}
	return refuse(pointer, "Talet är för stort eller för litet.")
}

var fieldCache sync.Map // reflect.Type -> map[string]reflect.Type

// fieldsOf gives the JSON names of a struct, as encoding/json sees them.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	if known, ok := fieldCache.Load(t); ok {
		return known.(map[string]reflect.Type)
	}
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Tag.Get("json") == "-" || !f.IsExported() || f.Anonymous && name == "" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		fields[name] = f.Type
	}
	fieldCache.Store(t, fields)
	return fields
}
