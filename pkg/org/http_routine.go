package org

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

type (
	routineOut struct{ Body RoutineView }

	proposalIn struct {
		Key  string `header:"Idempotency-Key" doc:"Ett nytt id (uuid) per förslag"`
		Body struct {
			Rules  tenants.Rules `json:"rules"`
			Reason string        `json:"reason" minLength:"3" maxLength:"2000" doc:"Varför rutinen ska ändras"`
		}
	}

	routineDecisionIn struct {
		ID   uuid.UUID `path:"id" format:"uuid"`
		Body struct {
			Decision  string `json:"decision" enum:"PA,AVSLAGEN"`
			ValidFrom string `json:"valid_from,omitempty" format:"date" doc:"Första dagen; gäller från midnatt"`
		}
	}
)

func (s *Service) routineRoutes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{
		ID: "read-routine", Method: http.MethodGet, Path: "/routine", Permission: "routine:read", Summary: "Visa rutinen som inställningar, med alla versioner",
	}, func(ctx context.Context, actor authz.Actor, _ *struct{}) (*routineOut, error) {
		return s.routine(ctx, actor)
	})
	httpx.Register(api, httpx.Operation{
		ID: "propose-routine", Method: http.MethodPost, Path: "/routine/proposals", Permission: "routine:propose", Status: http.StatusCreated,
		Summary: "Föreslå en ändring av rutinen",
	}, s.propose)
	httpx.Register(api, httpx.Operation{
		ID: "decide-routine", Method: http.MethodPost, Path: "/routine/proposals/{id}/decision", Permission: "routine:decide",
		Summary: "Slå på en föreslagen ändring från en dag, eller avslå den",
	}, func(ctx context.Context, actor authz.Actor, in *routineDecisionIn) (*routineOut, error) {
		var from clock.Date
		if in.Body.ValidFrom != "" {
			var err error
			if from, err = clock.ParseDate(in.Body.ValidFrom); err != nil {
				return nil, problem.Invalid(problem.Field("/valid_from", "Skriv datum som ÅÅÅÅ-MM-DD."))
			}
		}
		if err := s.Decide(ctx, actor, in.ID, in.Body.Decision, from); err != nil {
			return nil, err
		}
		return s.routine(ctx, actor)
	})
}

func (s *Service) routine(ctx context.Context, actor authz.Actor) (*routineOut, error) {
	v, err := s.Routine(ctx, actor)
	return &routineOut{v}, err
}

func (s *Service) propose(ctx context.Context, actor authz.Actor, in *proposalIn) (*routineOut, error) {
	key, err := uuid.Parse(in.Key)
	if err != nil {
		return nil, problem.PreconditionRequired().WithText("Begäran saknar Idempotency-Key, ett nytt id (uuid) per förslag.")
	}
	text, err := json.Marshal(in.Body)
	if err != nil {
		return nil, problem.Internal(err)
	}
	sum := sha256.Sum256(text)
	err = s.Propose(ctx, actor, uuid.New(), Proposal{Key: key, SHA256: sum[:], Rules: in.Body.Rules, Reason: in.Body.Reason})
	var again *db.Repeated
	if err != nil && !errors.As(err, &again) {
		return nil, err
	}
	return s.routine(ctx, actor)
}
