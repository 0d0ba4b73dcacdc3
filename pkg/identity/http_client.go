package identity

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/httpx"
)

type (
	createClientIn struct {
		Body struct {
			Name   string   `json:"name" minLength:"1" maxLength:"120" doc:"Systemets namn"`
			Scopes []string `json:"scopes" minItems:"1" maxItems:"10" doc:"Vad systemet får göra, t.ex. case:report"`
		}
	}
	createClientOut struct {
		Body struct {
			Client
			Secret string `json:"client_secret" doc:"Visas bara nu"`
		}
	}
	listClientsOut struct {
		Body struct {
			Items []Client `json:"items"`
		}
	}
	clientIn struct {
		ID uuid.UUID `path:"id" format:"uuid"`
	}
)

// clientRoutes lets a local administrator give the tenant's own systems a way in.
func (s *Service) clientRoutes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{
		ID: "create-client", Method: http.MethodPost, Path: "/clients", Permission: "client:create", Status: http.StatusCreated, Summary: "Ge ett system en egen inloggning",
	}, func(ctx context.Context, actor authz.Actor, in *createClientIn) (*createClientOut, error) {
		c, secret, err := s.CreateClient(ctx, actor, in.Body.Name, in.Body.Scopes)
		if err != nil {
			return nil, err
		}
		out := &createClientOut{}
		out.Body.Client, out.Body.Secret = c, secret
		return out, nil
	})
	httpx.Register(api, httpx.Operation{
		ID: "list-clients", Method: http.MethodGet, Path: "/clients", Permission: "client:list", Summary: "System med egen inloggning",
	}, func(ctx context.Context, actor authz.Actor, _ *none) (*listClientsOut, error) {
		all, err := s.Clients(ctx, actor)
		out := &listClientsOut{}
		out.Body.Items = all
		return out, err
	})
	httpx.Register(api, httpx.Operation{
		ID: "revoke-client", Method: http.MethodDelete, Path: "/clients/{id}", Permission: "client:revoke", Summary: "Ta bort ett systems inloggning",
	}, func(ctx context.Context, actor authz.Actor, in *clientIn) (*none, error) {
		return &none{}, s.RevokeClient(ctx, actor, in.ID)
	})
}
