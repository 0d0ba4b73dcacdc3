package casework

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
)

type (
	linkBody struct {
		Target       string       `json:"target" minLength:"3" maxLength:"60" doc:"Diarienummer eller referens på ärendet rapporten hör till"`
		Kind         string       `json:"kind" enum:"DUBBLETT,FORTSATTNING"`
		Registration registerBody `json:"registration"`
	}
	returnBody struct {
		Code         string        `json:"code" enum:"FEL_NAMND,INGET_ARENDE,OFULLSTANDIG"`
		Message      string        `json:"message" minLength:"3" maxLength:"4000" doc:"Det som den som skrev får läsa"`
		Registration *registerBody `json:"registration,omitempty" doc:"Behövs utom för OFULLSTANDIG"`
	}
	holdBody struct {
		UntilOn string `json:"until_on" format:"date"`
		Reason  string `json:"reason" enum:"KOMPLETTERING,INTERN_FRAGA,FLER_HANDLINGAR,ANNAT"`
	}
	queueIn struct {
		PageIn
		Held bool `query:"held" doc:"Det som är undanlagt i stället"`
	}
)

func (s *Service) deskRoutes(api *httpx.API) {
	httpx.Register(api, op{ID: "list-queue", Method: http.MethodGet, Path: "/register/queue", Permission: "register:queue", Summary: "Det som väntar på registrering"},
		func(ctx context.Context, actor authz.Actor, in *queueIn) (*queueOut, error) {
			out, err := s.Queue(ctx, actor, in.Held, in.PageIn)
			return &queueOut{out}, err
		})
	act(s, api, op{ID: "link-case", Path: "/cases/{id}/link", Permission: "case:register", Summary: "Registrera och föra till ett annat ärende"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b linkBody) error {
			return s.Link(ctx, actor, id, v, Link{Target: b.Target, Kind: b.Kind, Registration: Registration(b.Registration)})
		})
	act(s, api, op{ID: "return-case", Path: "/cases/{id}/return", Permission: "case:register", Summary: "Skicka tillbaka en rapport"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b returnBody) error {
			r := Return{Code: b.Code, Message: b.Message}
			if b.Registration != nil {
				reg := Registration(*b.Registration)
				r.Registration = &reg
			}
			return s.Return(ctx, actor, id, v, r)
		})
	act(s, api, op{ID: "hold-case", Path: "/cases/{id}/hold", Permission: "case:register", Summary: "Lägga undan en rapport till en dag"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b holdBody) error {
			until, err := clock.ParseDate(b.UntilOn)
			if err != nil {
				return problem.Invalid(problem.Field("/until_on", "Skriv datum som ÅÅÅÅ-MM-DD."))
			}
			return s.Hold(ctx, actor, id, v, Waiting{Until: until, Reason: b.Reason})
		})
	step(s, api, op{ID: "undo-registration", Path: "/cases/{id}/undo", Permission: "case:register", Summary: "Ångra det senaste på registratorns bord"}, s.Undo)
}
