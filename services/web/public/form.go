package public

import (
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"lyhord/pkg/dialogue"
	"lyhord/pkg/platform/clock"
)

// Ways to get an answer, in the order they are shown.
var replyWays = []string{"KOD", "TELEFON", "EPOST", "BREV", "NEJ"}

// Who the writer may say she is. The codes are those of the city's list sender_role.
var senderRoles = []string{roleUnsaid, "BRUKARE", "ANHORIG", "FORETRADARE", "INVANARE", "SAMARBETSPARTNER", "PERSONAL"}

// roleUnsaid is the choice not to say; the intake then goes by whether there is a contact.
const roleUnsaid = "ANONYM"

const (
	maxStory = 20_000
	maxLine  = 300
)

// fault is one thing to correct: the field it is at and the text that says how.
type fault struct {
	Field string
	Key   string
	Pairs []any
}

// Ours reports whether the fault is the service's, not something the writer can correct.
func (f fault) Ours() bool { return f.Key == "error.failed" || f.Key == "error.wait" }

// filled is the form as it was filled in: shown again word for word if something must be corrected.
type filled struct {
	Story, Unit, Where, When    string
	Reply, Role                 string
	Name, Phone, Email, Address string
	Other                       bool
	Once                        string // given with the form; sent twice, it is one report
	faults                      []fault
}

func fill(v url.Values) *filled {
	line := func(name string) string { return dialogue.Clean(v.Get(name)) }
	once, err := uuid.Parse(v.Get("sandning"))
	if err != nil {
		once = uuid.New() // somebody's own program; each of its sends is a report
	}
	return &filled{
		Story: line("berattelse"), Unit: line("enhet"), Where: line("plats"), When: line("dag"),
		Reply: line("svar"), Role: line("roll"), Other: v.Get("annan") == "ja",
		Name: line("namn"), Phone: line("telefon"), Email: line("epost"), Address: line("adress"),
		Once: once.String(),
	}
}

// Fault is the text key of what is wrong with a field, or nothing.
func (f *filled) Fault(field string) *fault {
	for i := range f.faults {
		if f.faults[i].Field == field {
			return &f.faults[i]
		}
	}
	return nil
}

// Faults lists what must be corrected, in the order of the form.
func (f *filled) Faults() []fault { return f.faults }

func (f *filled) wrong(field, key string, pairs ...any) {
	f.faults = append(f.faults, fault{Field: field, Key: key, Pairs: pairs})
}

// report checks the form and makes a report of it; with faults the report is worth nothing.
// What belongs to a way of answering that was not chosen is dropped: it was typed and then thought better of.
func (f *filled) report(units []Unit, today clock.Date) Report {
	r := Report{Narrative: f.Story, Where: f.Where, WantsReply: f.Reply, Once: f.Once}
	switch {
	case f.Story == "":
		f.wrong("berattelse", "error.story")
	case utf8.RuneCountInString(f.Story) > maxStory:
		f.wrong("berattelse", "error.story_long")
	}
	r.UnitID = f.unit(units)
	if utf8.RuneCountInString(f.Where) > maxLine {
		f.wrong("plats", "error.where_long")
	}
	r.Happened = f.when(today)
	r.Contact = f.contact()
	switch {
	case f.Role != "" && !slices.Contains(senderRoles, f.Role):
		f.wrong("roll", "error.role")
	case f.Role != roleUnsaid:
		r.SenderRole = f.Role
	}
	r.AboutSomeoneElse = f.Other && r.Contact != Contact{}
	return r
}

func (f *filled) unit(units []Unit) *uuid.UUID {
	if f.Unit == "" {
		return nil
	}
	for i := range units {
		if units[i].ID.String() == f.Unit {
			return &units[i].ID
		}
	}
	f.wrong("enhet", "error.unit")
	return nil
}

// when reads a day as a browser sends it, and as people write it where there is no date picker.
func (f *filled) when(today clock.Date) clock.Date {
	if f.When == "" {
		return clock.Date{}
	}
	for _, form := range []string{"2006-01-02", "20060102", "2006/01/02", "2/1 2006", "2/1-2006", "2.1.2006"} {
		t, err := time.Parse(form, f.When)
		if err != nil {
			continue
		}
		day := clock.NewDate(t.Date())
		if day.After(today) {
			f.wrong("dag", "error.when_future")
		} else if day.Year() < 1900 {
			break
		}
		return day
	}
	f.wrong("dag", "error.when", "exempel", today.String())
	return clock.Date{}
}

var phoneForm = regexp.MustCompile(`^\+?[0-9][0-9 ()/-]{4,30}$`)

func (f *filled) contact() Contact {
	c := Contact{Name: f.Name}
	switch f.Reply {
	case "TELEFON":
		c.Phone = f.Phone
		if f.Phone == "" {
			f.wrong("telefon", "error.phone")
		} else if !phoneForm.MatchString(f.Phone) {
			f.wrong("telefon", "error.phone_form")
		}
	case "EPOST":
		c.Email = f.Email
		if f.Email == "" {
			f.wrong("epost", "error.email")
		} else if a, err := mail.ParseAddress(f.Email); err != nil || a.Address != f.Email || !strings.Contains(f.Email, ".") {
			f.wrong("epost", "error.email_form")
		}
	case "BREV":
		c.Address = f.Address
		if f.Name == "" {
			f.wrong("namn", "error.name")
		}
		if f.Address == "" {
			f.wrong("adress", "error.address")
		}
	case "KOD", "NEJ":
		return Contact{}
	default:
		f.wrong("svar", "error.reply")
		return Contact{}
	}
	for _, in := range []struct{ field, value string }{
		{"namn", c.Name}, {"telefon", c.Phone}, {"epost", c.Email}, {"adress", c.Address},
	} {
		if utf8.RuneCountInString(in.value) > maxLine {
			f.wrong(in.field, "error.contact_long")
		}
	}
	return c
}
