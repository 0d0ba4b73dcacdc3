package insight

import (
	"context"
	"net/http"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/httpx"
)

type cityIn struct {
	Months   int    `query:"months" minimum:"12" maximum:"36" multipleOf:"12" default:"24" doc:"Hela månader; den som pågår kommer till"`
	CaseType string `query:"case_type" maxLength:"40" doc:"Kod i listan case_type"`
	Category string `query:"category" maxLength:"40" doc:"Huvudkod i listan category eller category_hsl"`
}

type cityOut struct{ Body City }

// Routes registers the operations.
func (s *Service) Routes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{ID: "read-city", Method: http.MethodGet, Path: "/insight/city", Permission: "city:read", Summary: "Stadens mönster, utan små antal"},
		func(ctx context.Context, actor authz.Actor, in *cityIn) (*cityOut, error) {
			page, err := s.City(ctx, actor, CityQuery{Months: in.Months, CaseType: in.CaseType, Category: in.Category})
			return &cityOut{page}, err
		})
}
