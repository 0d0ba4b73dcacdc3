package register

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/httpx"
)

type listIn struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"200"`
	FileID string `query:"file_id" format:"uuid"`
}

type publicIn struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"200"`
}

type (
	linesOut  struct{ Body Lines }
	publicOut struct{ Body PublicLines }
	filesOut  struct {
		Body struct {
			Items []File `json:"items"`
		}
	}
)

// Routes registers the register's operations.
func (s *Service) Routes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{ID: "list-register", Method: http.MethodGet, Path: "/register/entries", Permission: "register:list", Summary: "Diariet, internt"},
		func(ctx context.Context, actor authz.Actor, in *listIn) (*linesOut, error) {
			var file *uuid.UUID
			if id, err := uuid.Parse(in.FileID); err == nil {
				file = &id
			}
			out, err := s.List(ctx, actor, file, in.Limit, in.Cursor)
			return &linesOut{out}, err
		})
	httpx.Register(api, httpx.Operation{ID: "list-register-public", Method: http.MethodGet, Path: "/register/public", Permission: "register:list-public", Summary: "Diariet, som det kan visas för allmänheten"},
		func(ctx context.Context, actor authz.Actor, in *publicIn) (*publicOut, error) {
			out, err := s.ListPublic(ctx, actor, in.Limit, in.Cursor)
			return &publicOut{out}, err
		})
	httpx.Register(api, httpx.Operation{ID: "list-files", Method: http.MethodGet, Path: "/register/files", Permission: "register:list-files", Summary: "Samlingsakter"},
		func(ctx context.Context, actor authz.Actor, _ *struct{}) (*filesOut, error) {
			items, err := s.Files(ctx, actor)
			out := &filesOut{}
			out.Body.Items = items
			return out, err
		})
}
