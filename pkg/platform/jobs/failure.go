package jobs

import (
	"context"
	"errors"
	"regexp"

	"lyhord/pkg/platform/problem"
)

// failure is an error that tells its code. Only the code is stored and logged.
type failure struct {
	code  string
	cause error
}

func (f *failure) Error() string { return f.code }
func (f *failure) Unwrap() error { return f.cause }

// Failed gives an error the code it is remembered by, such as "smtp_451". The cause is for errors.Is only.
func Failed(code string, cause error) error { return &failure{code: code, cause: cause} }

var codeForm = regexp.MustCompile(`^[a-z0-9_]{1,40}$`)

// CodeOf is the code under which an error may be stored and logged: a foreign error's text can quote anything.
func CodeOf(err error) string {
	var f *failure
	var p *problem.Problem
	switch {
	case errors.As(err, &f) && codeForm.MatchString(f.code):
		return f.code
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.As(err, &p) && codeForm.MatchString(p.Code):
		return p.Code
	default:
		return problem.From(err).Code
	}
}
