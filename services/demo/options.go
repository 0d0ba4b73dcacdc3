//go:build unix

package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"

	"lyhord/pkg/platform/config"
)

// options are what the one who starts the demo may choose.
type options struct {
	port  int
	cases int
	fresh bool
	state string // the folder, absolute
}

func (o options) addr() string { return "127.0.0.1:" + strconv.Itoa(o.port) }
func (o options) url() string  { return "http://" + o.addr() }

// readOptions takes what is not set as: port 8080, 20,000 cases, what there is is kept, the folder .lyhord here.
func readOptions(env config.Lookup) (options, error) {
	var o options
	var bad []error
	number := func(name string, usual, least, most int) int {
		text := env(name)
		if text == "" {
			return usual
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			bad = append(bad, fmt.Errorf("%s must be a number from %d to %d", name, least, most))
		}
		return n
	}
	o.port = number("PORT", 8080, 1, 65535)
	o.cases = number("CASES", 20_000, 0, 2_000_000)
	switch env("FRESH") {
	case "", "0":
	case "1":
		o.fresh = true
	default:
		bad = append(bad, errors.New("FRESH must be 1 or nothing"))
	}
	state := env("LYHORD_STATE")
	if state == "" {
		state = ".lyhord"
	}
	var err error
	if o.state, err = filepath.Abs(state); err != nil {
		bad = append(bad, err)
	}
	return o, errors.Join(bad...)
}
