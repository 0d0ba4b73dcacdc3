package casework

import (
	"context"
	"net/http"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/httpx"
)

// lexRoutes is how a case comes to lex Sarah. It answers nothing: whoever handed it over may not see it any more.
func (s *Service) lexRoutes(api *httpx.API) {
	httpx.Register(api, op{ID: "hold-for-lex", Method: http.MethodPost, Path: "/cases/{id}/hold-for-lex", Permission: "case:hold-for-lex", Summary: "Lämna till lex Sarah-ansvarig (T23)"},
		func(ctx context.Context, actor authz.Actor, in *withBody[reasonBody]) (*struct{}, error) {
			version, err := httpx.Match(in.IfMatch)
			if err != nil {
				return nil, err
			}
			return nil, s.HoldForLex(ctx, actor, in.ID, version, in.Body.Reason)
		})
}
