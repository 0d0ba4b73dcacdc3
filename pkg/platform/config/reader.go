package config

import (
	"errors"
	"net"
	"net/mail"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
)

// reader reads the settings of one process and collects what is wrong.
type reader struct {
	process Process
	env     Lookup
	faults  []string
}

func newReader(p Process, env Lookup) *reader {
	return &reader{process: p, env: env}
}

// setting finds the table's row. Reading what the table does not give to this
// process is a mistake in this package, which its tests find.
func (r *reader) setting(name string) Setting {
	for _, s := range Settings {
		if s.Name == name && slices.Contains(s.For, r.process) {
			return s
		}
	}
	panic("config: " + string(r.process) + " reads " + name + ", which the table does not say")
}

func (r *reader) text(name string) string {
	s := r.setting(name)
	value := strings.TrimSpace(r.env(name))
	if value == "" && s.Secret {
		value = r.fromFile(name + "_FILE")
	}
	if value == "" {
		if s.Required {
			r.missing(name)
		}
		return s.Default
	}
	return value
}

func (r *reader) fromFile(name string) string {
	path := r.env(name)
	if path == "" {
		return ""
	}
	text, err := os.ReadFile(path)
	if err != nil {
		r.wrong(name, "names a file that cannot be read: "+reason(err))
		return ""
	}
	return strings.TrimSpace(string(text))
}

func (r *reader) secret(name string) Secret { return Secret(r.text(name)) }

func (r *reader) truth(name string) bool {
	value, err := strconv.ParseBool(r.text(name))
	if err != nil {
		r.wrong(name, "must be true or false")
	}
	return value
}

func (r *reader) number(name string) int {
	value, err := strconv.Atoi(r.text(name))
	if err != nil || value < 0 {
		r.wrong(name, "must be a whole number, 0 or more")
	}
	return value
}

func (r *reader) oneOf(name string, allowed ...string) string {
	value := strings.ToLower(r.text(name))
	if !slices.Contains(allowed, value) {
		r.wrong(name, "must be one of "+strings.Join(allowed, ", "))
		return ""
	}
	return value
}

func (r *reader) hostPort(name string) string {
	value := r.text(name)
	if value == "" {
		return ""
	}
	if !isHostPort(value) {
		r.wrong(name, "must be host:port")
		return ""
	}
	return value
}

func isHostPort(value string) bool {
	host, port, err := net.SplitHostPort(value)
	n, bad := strconv.ParseUint(port, 10, 16)
	return err == nil && host != "" && bad == nil && n > 0
}

// list reads host:port pairs with commas between.
func (r *reader) list(name string) []string {
	all := split(r.text(name))
	for _, one := range all {
		if !isHostPort(one) {
			r.wrong(name, "must be host:port, with commas between")
			return nil
		}
	}
	return all
}

func (r *reader) networks(name string) []string {
	all := split(r.text(name))
	for _, one := range all {
		_, noPrefix := netip.ParsePrefix(one)
		_, noAddr := netip.ParseAddr(one)
		if noPrefix != nil && noAddr != nil {
			r.wrong(name, "must be addresses or networks such as 10.0.0.0/8, with commas between")
			return nil
		}
	}
	return all
}

func split(value string) []string {
	var all []string
	for one := range strings.SplitSeq(value, ",") {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, one)
		}
	}
	return all
}

func (r *reader) mailbox(name string) string {
	value := r.text(name)
	if _, err := mail.ParseAddress(value); value != "" && err != nil {
		r.wrong(name, "must be a mail address")
		return ""
	}
	return value
}

func (r *reader) missing(name string) {
	r.faults = append(r.faults, name+" is missing: "+r.setting(name).What)
}

func (r *reader) wrong(name, why string) {
	r.faults = append(r.faults, name+" "+why)
}

// err is one error with a line for each fault.
func (r *reader) err() error {
	if len(r.faults) == 0 {
		return nil
	}
	return errors.New(string(r.process) + " cannot start:\n  " + strings.Join(r.faults, "\n  "))
}
