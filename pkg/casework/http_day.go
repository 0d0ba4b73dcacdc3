package casework

import (
	"context"
	"net/http"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/httpx"
)

type (
	dayIn struct {
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
		Cursor string `query:"cursor" maxLength:"400"`
	}
	dayOut struct{ Body Day }
)

func (s *Service) dayRoutes(api *httpx.API) {
	httpx.Register(api, op{ID: "read-day", Method: http.MethodGet, Path: "/day", Permission: "day:read", Summary: "Min dag: det som väntar på mig"},
		func(ctx context.Context, actor authz.Actor, in *dayIn) (*dayOut, error) {
			d, err := s.Day(ctx, actor, DayPage{Limit: in.Limit, Cursor: in.Cursor})
			return &dayOut{d}, err
		})
}
