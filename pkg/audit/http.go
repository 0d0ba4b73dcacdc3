package audit

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
)

type (
	none      struct{}
	stateOut  struct{ Body State }
	samplesIn struct {
		Decided bool   `query:"decided" doc:"De som redan är bedömda"`
		Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor  string `query:"cursor" maxLength:"200"`
	}
	samplesOut     struct{ Body Samples }
	decideSampleIn struct {
		ID   uuid.UUID `path:"id" format:"uuid"`
		Body struct {
			Decision string `json:"decision" enum:"OK,FOLJ_UPP,INCIDENT"`
			Note     string `json:"note" maxLength:"4000"`
		}
	}
	extractIn struct {
		Body struct {
			By       string     `json:"by" enum:"EMPLOYEE,NAME,PHONE,EMAIL,PNR,NUMBER" doc:"Medarbetaren som läst, eller vems ärenden som lästs"`
			PersonID *uuid.UUID `json:"person_id,omitempty" format:"uuid" doc:"EMPLOYEE: medarbetaren"`
			Value    string     `json:"value,omitempty" maxLength:"200" doc:"Namn, telefon, e-post, personnummer eller ärendets nummer"`
			From     clock.Date `json:"from"`
			To       clock.Date `json:"to"`
			Limit    int        `json:"limit,omitempty" minimum:"1" maximum:"500" default:"200"`
			Cursor   string     `json:"cursor,omitempty" maxLength:"200"`
		}
	}
	readingsOut struct{ Body Readings }
	chainIn     struct {
		After int64 `query:"after" minimum:"0" doc:"Blocket som redan är hämtat; 0 är början"`
	}
	pieceOut struct{ Body Piece }
)

// Routes registers what a granskare does (SoLPuL 10 §: who has read is followed up, systematically and again and again).
func (s *Service) Routes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{ID: "read-log-state", Method: http.MethodGet, Path: "/log", Permission: "log:state", Summary: "Hur loggen och granskningen står"},
		func(ctx context.Context, actor authz.Actor, _ *none) (*stateOut, error) {
			out, err := s.State(ctx, actor)
			return &stateOut{out}, err
		})
	httpx.Register(api, httpx.Operation{ID: "list-log-samples", Method: http.MethodGet, Path: "/log/samples", Permission: "log:sample", Summary: "Stickprov ur loggen"},
		func(ctx context.Context, actor authz.Actor, in *samplesIn) (*samplesOut, error) {
			out, err := s.Samples(ctx, actor, !in.Decided, in.Limit, in.Cursor)
			return &samplesOut{out}, err
		})
	httpx.Register(api, httpx.Operation{ID: "draw-log-samples", Method: http.MethodPost, Path: "/log/samples", Permission: "log:draw", Summary: "Dra ett nytt stickprov"},
		func(ctx context.Context, actor authz.Actor, _ *none) (*none, error) { return nil, s.Draw(ctx, actor) })
	httpx.Register(api, httpx.Operation{ID: "decide-log-sample", Method: http.MethodPost, Path: "/log/samples/{id}/decision", Permission: "log:decide", Summary: "Bedöm ett stickprov"},
		func(ctx context.Context, actor authz.Actor, in *decideSampleIn) (*none, error) {
			return nil, s.Decide(ctx, actor, in.ID, in.Body.Decision, in.Body.Note)
		})
	httpx.Register(api, httpx.Operation{ID: "extract-log", Method: http.MethodPost, Path: "/log/extract", Permission: "log:extract", Summary: "Loggutdrag"},
		func(ctx context.Context, actor authz.Actor, in *extractIn) (*readingsOut, error) {
			e := Extract{By: in.Body.By, Value: in.Body.Value, From: in.Body.From, To: in.Body.To, Limit: in.Body.Limit, Cursor: in.Body.Cursor}
			if in.Body.PersonID != nil {
				e.PersonID = *in.Body.PersonID
			}
			out, err := s.Extract(ctx, actor, e)
			return &readingsOut{out}, err
		})
	httpx.Register(api, httpx.Operation{ID: "export-log", Method: http.MethodGet, Path: "/log/chain", Permission: "log:export", Summary: "Hela loggen med kedjan, för kontroll utanför systemet"},
		func(ctx context.Context, actor authz.Actor, in *chainIn) (*pieceOut, error) {
			out, err := s.Export(ctx, actor, in.After)
			return &pieceOut{out}, err
		})
}
