package dialogue

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
)

// Tenants finds the organisation behind the name in an address; only those with a public form exist here.
type Tenants interface {
	PublicTenantID(ctx context.Context, slug string) (uuid.UUID, error)
}

// Routes registers what a program may do with a receipt code. The pages do the same for people.
func (s *Service) Routes(api *httpx.API, tenants Tenants, places *Places) {
	h := &handler{service: s, tenants: tenants, places: places}
	httpx.Register(api, httpx.Operation{
		ID: "read-receipt", Method: http.MethodPost, Path: "/public/{tenant}/receipt", Permission: httpx.ForAnyone,
		Summary: "Läs status och svar med kvittokod", MaxBody: 4 << 10,
	}, h.read)
	httpx.Register(api, httpx.Operation{
		ID: "write-receipt", Method: http.MethodPost, Path: "/public/{tenant}/receipt/messages", Permission: httpx.ForAnyone,
		Summary: "Skriv till verksamheten med kvittokod", Status: http.StatusNoContent,
	}, h.write)
}

type handler struct {
	service *Service
	tenants Tenants
	places  *Places
}

type readInput struct {
	Tenant string `path:"tenant" maxLength:"80"`
	Body   struct {
		Code string `json:"code" minLength:"1" maxLength:"80" doc:"Kvittokoden, med eller utan mellanrum"`
	}
}

type writeInput struct {
	Tenant string `path:"tenant" maxLength:"80"`
	Body   struct {
		Code string `json:"code" minLength:"1" maxLength:"80" doc:"Kvittokoden, med eller utan mellanrum"`
		Text string `json:"body" minLength:"1" maxLength:"10000" doc:"Det du vill säga"`
	}
}

type readOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         receiptBody
}

type receiptBody struct {
	Status     Status        `json:"status" doc:"Fast kod för status"`
	StatusText string        `json:"status_text" doc:"Status i ord"`
	ReceivedOn clock.Date    `json:"received_on" format:"date"`
	AnswerBy   *clock.Date   `json:"answer_by" format:"date" doc:"Svar lovat senast den dagen"`
	AnsweredOn *clock.Date   `json:"answered_on" format:"date"`
	Messages   []messageBody `json:"messages"`
}

type messageBody struct {
	At   time.Time `json:"at"`
	From string    `json:"from" enum:"writer,unit"`
	Kind string    `json:"kind"`
	Text string    `json:"text"`
}

func (h *handler) read(ctx context.Context, _ authz.Actor, in *readInput) (*readOutput, error) {
	tenant, err := h.tenants.PublicTenantID(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	r, err := h.service.Open(ctx, tenant, Code{Typed: in.Body.Code, Place: h.places.Mark(httpx.Address(ctx))})
	if err != nil {
		return nil, err
	}
	out := &readOutput{CacheControl: "no-store", Body: receiptBody{
		Status: r.Status, StatusText: r.Status.Word(), ReceivedOn: r.ReceivedOn,
		AnswerBy: maybe(r.AnswerBy), AnsweredOn: maybe(r.AnsweredOn), Messages: make([]messageBody, 0, len(r.Messages)),
	}}
	for _, m := range r.Messages {
		from := "unit"
		if m.FromWriter {
			from = "writer"
		}
		out.Body.Messages = append(out.Body.Messages, messageBody{At: m.At.UTC(), From: from, Kind: m.Kind, Text: m.Text})
	}
	return out, nil
}

func (h *handler) write(ctx context.Context, _ authz.Actor, in *writeInput) (*struct{}, error) {
	tenant, err := h.tenants.PublicTenantID(ctx, in.Tenant)
	if err != nil {
		return nil, err
	}
	return nil, h.service.Write(ctx, tenant, Code{Typed: in.Body.Code, Place: h.places.Mark(httpx.Address(ctx))}, in.Body.Text)
}

func maybe(d clock.Date) *clock.Date {
	if d.IsZero() {
		return nil
	}
	return &d
}
