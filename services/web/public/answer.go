package public

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"lyhord/pkg/dialogue"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/problem"
)

// codeData is the page that asks for the code.
type codeData struct {
	Code  string
	Fault *fault
}

// caseData is what a code shows.
type caseData struct {
	dialogue.Receipt
	Code  string // goes back with the next form, never into an address
	Today clock.Date
	Stops []stop
	Sent  bool
	Text  string // a message that could not be sent, kept
	Fault *fault
}

// Answer is the latest reply, or nothing.
func (c caseData) Answer() *dialogue.Message {
	if m, ok := c.Reply(); ok {
		return &m
	}
	return nil
}

// Talk is what else has been said: everything but the latest reply, which stands by itself.
func (c caseData) Talk() []dialogue.Message {
	talk := slices.Clone(c.Messages)
	if m, ok := c.Reply(); ok {
		i := slices.Index(talk, m)
		talk = slices.Delete(talk, i, i+1)
	}
	return talk
}

// Overdue reports whether the promised day has passed.
func (c caseData) Overdue() bool { return c.Late(c.Today) }

// stop is one of the steps between the report and the answer.
type stop struct {
	Word  string
	On    clock.Date
	State string // done, now, next
}

// stops are the steps as a line. What has no date of its own gets none rather than a guess.
func stops(r dialogue.Receipt) []stop {
	second, third := dialogue.Registered, dialogue.Working
	switch r.Status {
	case dialogue.Forwarded:
		second = dialogue.Forwarded
	case dialogue.Waiting:
		third = dialogue.Waiting
	}
	line := []struct {
		status dialogue.Status
		on     clock.Date
	}{{dialogue.Received, r.ReceivedOn}, {second, clock.Date{}}, {third, clock.Date{}}, {dialogue.Answered, r.AnsweredOn}}
	if r.Status == dialogue.Closed {
		if r.AnsweredOn.IsZero() {
			line = line[:3]
		}
		line = append(line, struct {
			status dialogue.Status
			on     clock.Date
		}{dialogue.Closed, r.ClosedOn})
	}
	out := make([]stop, 0, len(line))
	state := "done"
	for _, l := range line {
		st := state
		if l.status == r.Status {
			st, state = "now", "next"
		}
		on := l.on
		if st == "next" {
			on = clock.Date{} // an earlier answer, when the case has been taken up again
		}
		out = append(out, stop{Word: l.status.Word(), On: on, State: st})
	}
	return out
}

func (s *Site) askCode(w http.ResponseWriter, r *http.Request) {
	if t, ok := s.tenant(w, r); ok {
		s.show(w, r, http.StatusOK, view{Name: "answer", Tenant: t, Data: codeData{}})
	}
}

// toAnswer sends somebody who reloads the address of a message back to the question.
func (s *Site) toAnswer(w http.ResponseWriter, r *http.Request) {
	if t, ok := s.tenant(w, r); ok {
		http.Redirect(w, r, view{Tenant: t}.Base()+"svar", http.StatusSeeOther)
	}
}

func (s *Site) showCase(w http.ResponseWriter, r *http.Request) {
	if t, code, ok := s.try(w, r); ok {
		s.openCase(w, r, t, http.StatusOK, code, caseData{})
	}
}

func (s *Site) write(w http.ResponseWriter, r *http.Request) {
	t, code, ok := s.try(w, r)
	if !ok {
		return
	}
	text := dialogue.Clean(r.PostForm.Get("meddelande"))
	if _, err := dialogue.Body(text); err != nil {
		key := "error.message"
		if utf8.RuneCountInString(text) > 0 {
			key = "error.message_long"
		}
		s.openCase(w, r, t, http.StatusUnprocessableEntity, code, caseData{Text: text, Fault: &fault{Field: "meddelande", Key: key}})
		return
	}
	err := s.Receipts.Write(r.Context(), t.ID, code, text)
	if problem.Is(err, problem.KindNotFound) {
		s.wrongCode(w, r, t, code.Typed)
		return
	}
	if err != nil {
		problem.Log(r.Context(), s.Log, "message not taken", err)
		p, key := problem.From(err), "error.failed"
		if p.Kind == problem.KindRateLimited {
			key = "error.wait"
		}
		retry(w, p)
		s.openCase(w, r, t, p.Status(), code, caseData{Text: text, Fault: &fault{Field: "meddelande", Key: key}})
		return
	}
	s.openCase(w, r, t, http.StatusOK, code, caseData{Sent: true})
}

// try reads the code somebody wants to use. An empty field is told so; it is no try.
func (s *Site) try(w http.ResponseWriter, r *http.Request) (*Tenant, dialogue.Code, bool) {
	t, ok := s.tenant(w, r)
	if !ok {
		return nil, dialogue.Code{}, false
	}
	if err := parse(r); err != nil {
		s.fail(w, r, t, err)
		return nil, dialogue.Code{}, false
	}
	typed := dialogue.Clean(r.PostForm.Get("kod"))
	if strings.Trim(typed, " -") == "" {
		s.codeFault(w, r, t, http.StatusUnprocessableEntity, codeData{Fault: &fault{Field: "kod", Key: "error.code"}})
		return nil, dialogue.Code{}, false
	}
	return t, dialogue.Code{Typed: typed, Place: s.places.Mark(s.Address(r))}, true
}

func (s *Site) wrongCode(w http.ResponseWriter, r *http.Request, t *Tenant, typed string) {
	if len(typed) > 80 {
		typed = ""
	}
	s.codeFault(w, r, t, http.StatusUnprocessableEntity, codeData{Code: typed, Fault: &fault{Field: "kod", Key: "error.code_wrong"}})
}

func (s *Site) codeFault(w http.ResponseWriter, r *http.Request, t *Tenant, status int, d codeData) {
	s.show(w, r, status, view{Name: "answer", Tenant: t, Faults: []fault{*d.Fault}, Data: d})
}

// long: six parameters, as everything that answers a request takes w, r and t
func (s *Site) openCase(w http.ResponseWriter, r *http.Request, t *Tenant, status int, code dialogue.Code, d caseData) {
	receipt, err := s.Receipts.Open(r.Context(), t.ID, code)
	switch {
	case problem.Is(err, problem.KindNotFound):
		s.wrongCode(w, r, t, code.Typed)
		return
	case err != nil:
		s.fail(w, r, t, err)
		return
	}
	d.Receipt, d.Code, d.Today, d.Stops = receipt, code.Typed, clock.Today(s.Clock), stops(receipt)
	v := view{Name: "case", Tenant: t, Data: d}
	if d.Fault != nil {
		v.Faults = []fault{*d.Fault}
	}
	s.show(w, r, status, v)
}
