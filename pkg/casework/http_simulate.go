package casework

import (
	"context"
	"net/http"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/httpx"
	"lyhord/tenants"
)

type (
	simulateIn struct {
		Body struct {
			Rules tenants.Rules `json:"rules"`
		}
	}
	simulateOut struct{ Body Simulation }
)

func (s *Service) simulateRoutes(api *httpx.API) {
	httpx.Register(api, op{
		ID: "simulate-routine", Method: http.MethodPost, Path: "/routine/simulation", Permission: "routine:simulate",
		Summary: "Pröva en ändring av rutinen på det senaste årets ärenden",
	}, func(ctx context.Context, actor authz.Actor, in *simulateIn) (*simulateOut, error) {
		out, err := s.Simulate(ctx, actor, in.Body.Rules)
		return &simulateOut{out}, err
	})
}
