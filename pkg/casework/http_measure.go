package casework

import (
	"context"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
)

type (
	investigationBody struct {
		Background       string `json:"background" maxLength:"40000"`
		Course           string `json:"course" maxLength:"40000"`
		CausesText       string `json:"causes_text" maxLength:"40000"`
		Conclusion       string `json:"conclusion" maxLength:"40000"`
		ActualSeverity   *int   `json:"actual_severity,omitempty" minimum:"0" maximum:"4"`
		Severity         *int   `json:"severity,omitempty" minimum:"1" maximum:"4"`
		Probability      *int   `json:"probability,omitempty" minimum:"1" maximum:"4"`
		SeverityAfter    *int   `json:"severity_after,omitempty" minimum:"1" maximum:"4"`
		ProbabilityAfter *int   `json:"probability_after,omitempty" minimum:"1" maximum:"4"`
	}
	causeBody struct {
		Area       string  `json:"area" enum:"KOMMUNIKATION_INFORMATION,UTBILDNING_KOMPETENS,OMGIVNING_ORGANISATION,TEKNIK_UTRUSTNING,PROCEDURER_RUTINER_RIKTLINJER"`
		Underlying *string `json:"underlying,omitempty" enum:"BRIST_KOMMUNIKATION,TIDSBRIST_BELASTNING,KUNSKAPSBRIST,RUTIN_SAKNAS_EJ_FOLJD,TEKNISKT_FEL,OVRIGT"`
		Text       string  `json:"text" minLength:"2" maxLength:"4000"`
	}
	measureBody struct {
		Title             string     `json:"title" minLength:"3" maxLength:"2000"`
		CauseID           *uuid.UUID `json:"cause_id,omitempty" format:"uuid"`
		Kind              string     `json:"kind" enum:"RUTIN,UTBILDNING,BEMANNING,MILJO_TEKNIK,INSATSANDRING,KOMMUNIKATION,OVRIG"`
		Strength          string     `json:"strength" enum:"STARK,MEDEL,SVAG"`
		OwnerID           uuid.UUID  `json:"owner_id" format:"uuid"`
		DueOn             string     `json:"due_on" format:"date"`
		AffectsIndividual bool       `json:"affects_individual,omitempty"`
	}
	decideBody struct {
		Decision string `json:"decision" enum:"PLANERAD,AVSLAGEN"`
	}
	completeBody struct {
		DoneOn string `json:"done_on" format:"date"`
	}
	effectBody struct {
		Effect string `json:"effect" enum:"JA,DELVIS,NEJ"`
		Note   string `json:"note,omitempty" maxLength:"4000"`
		Method string `json:"method,omitempty" maxLength:"60"`
	}
	removeCauseIn struct {
		OnCase
		Cause uuid.UUID `path:"cause" format:"uuid"`
	}
)

func (s *Service) measureRoutes(api *httpx.API) {
	httpx.Register(api, op{ID: "save-investigation", Method: http.MethodPut, Path: "/cases/{id}/investigation", Permission: "investigation:save", Summary: "Spara utredningen", MaxBody: 256 << 10},
		func(ctx context.Context, actor authz.Actor, in *withBody[investigationBody]) (*caseOut, error) {
			return s.answered(ctx, actor, in.OnCase, func(version int) error {
				b := in.Body
				return s.SaveInvestigation(ctx, actor, in.ID, version, Investigation{
					Background: b.Background, Course: b.Course, Causes: b.CausesText, Conclusion: b.Conclusion, ActualSeverity: b.ActualSeverity,
					Severity: b.Severity, Probability: b.Probability, SeverityAfter: b.SeverityAfter, ProbabilityAfter: b.ProbabilityAfter,
				})
			})
		})
	act(s, api, op{ID: "add-cause", Path: "/cases/{id}/causes", Permission: "cause:add", Summary: "Lägg till orsak"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b causeBody) error {
			return s.AddCause(ctx, actor, id, v, Cause(b))
		})
	httpx.Register(api, op{ID: "remove-cause", Method: http.MethodDelete, Path: "/cases/{id}/causes/{cause}", Permission: "cause:remove", Status: 200, Summary: "Ta bort orsak"},
		func(ctx context.Context, actor authz.Actor, in *removeCauseIn) (*caseOut, error) {
			return s.answered(ctx, actor, in.OnCase, func(version int) error { return s.RemoveCause(ctx, actor, in.ID, in.Cause, version) })
		})
	act(s, api, op{ID: "propose-measure", Path: "/cases/{id}/measures", Permission: "measure:propose", Summary: "Lägg till åtgärd"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b measureBody) error {
			due, err := dateField("/due_on", b.DueOn)
			if err != nil {
				return err
			}
			return s.ProposeMeasure(ctx, actor, id, v, Measure{
				Title: strings.TrimSpace(b.Title), CauseID: b.CauseID, Kind: b.Kind, Strength: b.Strength, OwnerID: b.OwnerID, DueOn: due, AffectsIndividual: b.AffectsIndividual,
			})
		})
	onMeasure(s, api, op{ID: "decide-measure", Path: "/measures/{id}/decide", Permission: "measure:decide", Summary: "Besluta om åtgärd"},
		func(b decideBody) (Step, error) { return Step{Decision: b.Decision}, nil })
	onMeasure(s, api, op{ID: "complete-measure", Path: "/measures/{id}/complete", Permission: "measure:complete", Summary: "Markera åtgärd som genomförd"},
		func(b completeBody) (Step, error) {
			on, err := dateField("/done_on", b.DoneOn)
			return Step{DoneOn: on}, err
		})
	onMeasure(s, api, op{ID: "follow-up-measure", Path: "/measures/{id}/follow-up", Permission: "measure:follow-up", Summary: "Följ upp åtgärdens effekt"},
		func(b effectBody) (Step, error) {
			return Step{Effect: b.Effect, EffectNote: b.Note, Method: b.Method}, nil
		})
}

// onMeasure registers a step of a measure; If-Match is the measure's version, the answer its case.
func onMeasure[B any](s *Service, api *httpx.API, o op, read func(B) (Step, error)) {
	o.Method = http.MethodPost
	httpx.Register(api, o, func(ctx context.Context, actor authz.Actor, in *withBody[B]) (*caseOut, error) {
		version, err := httpx.Match(in.IfMatch)
		if err != nil {
			return nil, err
		}
		st, err := read(in.Body)
		if err != nil {
			return nil, err
		}
		st.Act = o.ID
		caseID, err := s.StepMeasure(ctx, actor, in.ID, version, st)
		if err != nil {
			return nil, err
		}
		return s.page(ctx, actor, caseID)
	})
}

func dateField(pointer, text string) (clock.Date, error) {
	d, err := clock.ParseDate(text)
	if err != nil {
		return d, problem.Invalid(problem.Field(pointer, "Skriv datum som ÅÅÅÅ-MM-DD."))
	}
	return d, nil
}

// ---------------------------------------------------------------- drafts

type (
	// DraftIn is which form.
	DraftIn struct {
		Form string `path:"form" minLength:"1" maxLength:"80" pattern:"^[a-z-]+(:[0-9a-f-]{36})?$"`
	}
	saveDraftIn struct {
		DraftIn
		IfMatch string `header:"If-Match"`
		Body    struct {
			Body map[string]any `json:"body"`
		}
	}
	draftOut struct {
		ETag string `header:"ETag"`
		Body Draft
	}
	empty struct{}
)

func (s *Service) draftRoutes(api *httpx.API) {
	httpx.Register(api, op{ID: "read-draft", Method: http.MethodGet, Path: "/drafts/{form}", Permission: "draft:read", Summary: "Läs eget utkast"},
		func(ctx context.Context, actor authz.Actor, in *DraftIn) (*draftOut, error) {
			d, err := s.LoadDraft(ctx, actor, in.Form)
			return &draftOut{httpx.ETag(d.Version), d}, err
		})
	httpx.Register(api, op{ID: "save-draft", Method: http.MethodPut, Path: "/drafts/{form}", Permission: "draft:save", Summary: "Spara eget utkast", MaxBody: 256 << 10},
		func(ctx context.Context, actor authz.Actor, in *saveDraftIn) (*draftOut, error) {
			var version *int
			if in.IfMatch != "" {
				v, err := httpx.Match(in.IfMatch)
				if err != nil {
					return nil, err
				}
				version = &v
			}
			d, err := s.SaveDraft(ctx, actor, in.Form, version, in.Body.Body)
			return &draftOut{httpx.ETag(d.Version), d}, err
		})
	httpx.Register(api, op{ID: "discard-draft", Method: http.MethodDelete, Path: "/drafts/{form}", Permission: "draft:discard", Summary: "Släng eget utkast"},
		func(ctx context.Context, actor authz.Actor, in *DraftIn) (*empty, error) {
			return &empty{}, s.DiscardDraft(ctx, actor, in.Form)
		})
}
