package org

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
)

// Routes registers the reference data of the app.
func (s *Service) Routes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{
		ID: "list-codes", Method: http.MethodGet, Path: "/codes", Permission: "code:list", Summary: "Visa kodlistor och snabbval",
	}, s.listCodes)
	type unitsIn struct {
		Search string `query:"q" maxLength:"80" doc:"Del av enhetens namn eller av namnen ovanför"`
	}
	type unitsOut struct {
		Body struct {
			Items []Unit `json:"items"`
		}
	}
	httpx.Register(api, httpx.Operation{
		ID: "list-units", Method: http.MethodGet, Path: "/units", Permission: "unit:list", Summary: "Visa enheter",
	}, func(ctx context.Context, actor authz.Actor, in *unitsIn) (*unitsOut, error) {
		units, err := s.Units(ctx, actor, in.Search)
		out := &unitsOut{}
		out.Body.Items = units
		return out, err
	})
	type peopleIn struct {
		Search  string `query:"q" maxLength:"80" doc:"Del av namn eller titel"`
		Unit    string `query:"unit_id" format:"uuid" doc:"Visa dem först som arbetar nära enheten"`
		Purpose string `query:"purpose" enum:"delegate,owner,handle" doc:"delegate: kan utreda. owner: kan genomföra en åtgärd. handle: kan handlägga"`
	}
	type peopleOut struct {
		Body struct {
			Items []Person `json:"items"`
		}
	}
	httpx.Register(api, httpx.Operation{
		ID: "list-people", Method: http.MethodGet, Path: "/people", Permission: "person:list", Summary: "Visa medarbetare",
	}, func(ctx context.Context, actor authz.Actor, in *peopleIn) (*peopleOut, error) {
		var unit *uuid.UUID
		if in.Unit != "" {
			id, err := uuid.Parse(in.Unit)
			if err != nil {
				return nil, problem.Invalid(problem.Param("unit_id", "Det ska vara ett id (uuid)."))
			}
			unit = &id
		}
		people, err := s.People(ctx, actor, in.Purpose, unit, in.Search)
		out := &peopleOut{}
		out.Body.Items = people
		return out, err
	})
}

type codesIn struct {
	Known string `header:"If-None-Match" maxLength:"200"`
}

type codesOut struct {
	Status       int
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         Codes
}

// listCodes answers with the lists, or with "you have them": they are the largest answer of all and change a few times a year.
func (s *Service) listCodes(ctx context.Context, actor authz.Actor, in *codesIn) (*codesOut, error) {
	codes, err := s.Codes(ctx, actor)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(codes)
	if err != nil {
		return nil, problem.Internal(err)
	}
	sum := sha256.Sum256(body)
	out := &codesOut{Status: http.StatusOK, ETag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, CacheControl: "private, no-cache", Body: codes}
	if in.Known == out.ETag {
		out.Status = http.StatusNotModified
	}
	return out, nil
}

// Codes are the lists for the actor.
func (s *Service) Codes(ctx context.Context, actor authz.Actor) (Codes, error) {
	cfg, err := s.Config(ctx, actor.Scope())
	if err != nil {
		return Codes{}, err
	}
	var area string
	b := &db.Batch{}
	b.One(sqlMyArea, nil, &area)
	if err := s.db.Once(ctx, actor.Scope(), b); err != nil {
		return Codes{}, err
	}
	return cfg.codes(area, s.today()), nil
}
