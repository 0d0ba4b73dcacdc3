package problem

import (
	"net/http"
	"time"
)

// kindFacts is the table that gives every kind its status, its own code and its
// sentence. One row per kind, in the order of the constants.
var kindFacts = [...]struct {
	status int
	code   string
	title  string
	text   string
}{
	KindInternal:             {http.StatusInternalServerError, "internal", "Fel hos oss", "Något gick fel hos oss. Det du skrivit finns kvar."},
	KindMalformed:            {http.StatusBadRequest, "malformed", "Går inte att läsa", "Det som skickades går inte att läsa."},
	KindInvalid:              {http.StatusUnprocessableEntity, "invalid", "Behöver rättas", "Några uppgifter behöver rättas."},
	KindUnauthorized:         {http.StatusUnauthorized, "unauthorized", "Logga in", "Du behöver logga in."},
	KindForbidden:            {http.StatusForbidden, "forbidden", "Ingen behörighet", "Du har inte behörighet att göra det här."},
	KindNotFound:             {http.StatusNotFound, "not_found", "Finns inte", "Sidan finns inte, eller så har du inte tillgång till den."},
	KindMethodNotAllowed:     {http.StatusMethodNotAllowed, "method_not_allowed", "Går inte här", "Det går inte att göra så här på den här adressen."},
	KindNotAcceptable:        {http.StatusNotAcceptable, "not_acceptable", "Fel format", "Vi kan inte svara i det format som begärdes."},
	KindConflict:             {http.StatusConflict, "conflict", "Går inte nu", "Det går inte att göra det just nu."},
	KindGone:                 {http.StatusGone, "gone", "Gallrat", "Uppgifterna är gallrade och finns inte kvar."},
	KindStale:                {http.StatusPreconditionFailed, "stale", "Ändrat av någon annan", "Någon annan har sparat sedan du öppnade. Läs in på nytt och välj vilken text som ska gälla."},
	KindTooLarge:             {http.StatusRequestEntityTooLarge, "too_large", "För stort", "Det som skickades är för stort."},
	KindUnsupportedMedia:     {http.StatusUnsupportedMediaType, "unsupported_media_type", "Fel format", "Innehållet är i ett format som vi inte tar emot."},
	KindPreconditionRequired: {http.StatusPreconditionRequired, "precondition_required", "Version saknas", "Ändringen måste tala om vilken version den bygger på (If-Match)."},
	KindRateLimited:          {http.StatusTooManyRequests, "rate_limited", "För många försök", "Det blev för många försök. Vänta en stund och försök igen."},
	KindUnavailable:          {http.StatusServiceUnavailable, "unavailable", "Försök igen", "Tjänsten är upptagen. Det du skrivit finns kvar. Försök igen om en stund."},
}

// Status is the HTTP status of the kind.
func (k Kind) Status() int { return kindFacts[k.known()].status }

// String is the kind's own code.
func (k Kind) String() string { return kindFacts[k.known()].code }

// Title is the short Swedish name of the kind.
func (k Kind) Title() string { return kindFacts[k.known()].title }

func (k Kind) known() Kind {
	if int(k) >= len(kindFacts) {
		return KindInternal
	}
	return k
}

func of(k Kind) *Problem {
	return &Problem{Kind: k, Code: kindFacts[k].code, Text: kindFacts[k].text}
}

// Internal is our own fault; the cause is kept for the log's type name only.
func Internal(cause error) *Problem { return of(KindInternal).WithCause(cause) }

// Malformed is input that cannot be read at all.
func Malformed(text string) *Problem { return of(KindMalformed).WithText(text) }

// Invalid is input that can be read but needs correcting.
func Invalid(fields ...FieldError) *Problem { return of(KindInvalid).WithFields(fields...) }

// Unauthorized means that no live session came with the request.
func Unauthorized() *Problem { return of(KindUnauthorized) }

// Forbidden means that the role may not do this act at all.
func Forbidden() *Problem { return of(KindForbidden) }

// NotFound is the one answer for what is missing and for what this person may
// not know exists.
func NotFound() *Problem { return of(KindNotFound) }

// Conflict is a refusal because of how things stand, with its own code.
func Conflict(code, text string) *Problem {
	return of(KindConflict).WithCode(code).WithText(text)
}

// IllegalMove is a refusal by a state machine; reason is a whole sentence that
// says why it is not possible now.
func IllegalMove(reason string) *Problem {
	p := of(KindConflict).WithCode("illegal_move")
	if reason != "" {
		p.Text = reason
	}
	return p
}

// InProgress answers a repeated request whose first copy has not finished.
func InProgress(retryAfter time.Duration) *Problem {
	return Conflict("in_progress", "Samma begäran behandlas redan. Vänta en stund.").WithRetryAfter(retryAfter)
}

// KeyReused answers an Idempotency-Key that came back with another body.
func KeyReused() *Problem {
	return Invalid(Param("Idempotency-Key", "Nyckeln är redan använd för en annan begäran.")).WithCode("idempotency_key_reused")
}

// Gone means that it has existed and is destroyed (gallrat).
func Gone() *Problem { return of(KindGone) }

// Stale means that the change built on an older version than the stored one.
func Stale() *Problem { return of(KindStale) }

// PreconditionRequired means that If-Match was missing.
func PreconditionRequired() *Problem { return of(KindPreconditionRequired) }

// TooLarge means that the body, the file or the text exceeds its limit.
func TooLarge() *Problem { return of(KindTooLarge) }

// UnsupportedMedia means a content type that is not accepted.
func UnsupportedMedia() *Problem { return of(KindUnsupportedMedia) }

// RateLimited means too many tries; retryAfter says when to try again.
func RateLimited(retryAfter time.Duration) *Problem {
	return of(KindRateLimited).WithRetryAfter(retryAfter)
}

// Unavailable means that something we need does not answer now.
func Unavailable(cause error) *Problem {
	return of(KindUnavailable).WithCause(cause).WithRetryAfter(time.Second)
}

// FromStatus gives the problem for a bare HTTP status, for frameworks that
// refuse a request before our own code sees it.
func FromStatus(status int) *Problem {
	for k := range kindFacts {
		if kindFacts[k].status == status {
			return of(Kind(k))
		}
	}
	switch {
	case status == http.StatusRequestTimeout || status == http.StatusGatewayTimeout:
		return of(KindUnavailable)
	case status >= 400 && status < 500:
		return of(KindMalformed)
	default:
		return of(KindInternal)
	}
}
