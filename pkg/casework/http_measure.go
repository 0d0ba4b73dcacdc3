package casework

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
)

type (
	investigationBody struct {
		Background string            `json:"background" maxLength:"40000"`
		Course     string            `json:"course" maxLength:"40000"`
		CausesText string            `json:"causes_text" maxLength:"40000"`
		Conclusion string            `json:"conclusion" maxLength:"40000"`
		More       map[string]string `json:"more,omitempty" maxProperties:"20" doc:"Mallens övriga rubriker, efter kod"`
		Risks      []Risk            `json:"risks,omitempty" maxItems:"2"`
	}
	entryBody struct {
		HappenedAt   *time.Time `json:"happened_at,omitempty" doc:"Tomt när tiden är okänd"`
		Precision    string     `json:"precision" enum:"TID,DAG,MANAD,OKAND"`
		Kind         string     `json:"kind" enum:"FAKTA,BEDOMNING"`
		Source       string     `json:"source" maxLength:"40" doc:"Kodlistan entry_source"`
		SourceDetail string     `json:"source_detail,omitempty" maxLength:"500"`
		Text         string     `json:"text" minLength:"2" maxLength:"10000"`
		Supersedes   *uuid.UUID `json:"supersedes,omitempty" format:"uuid" doc:"Händelsen som den här rättar"`
	}
	causeBody struct {
		Area       string   `json:"area" enum:"KOMMUNIKATION_INFORMATION,UTBILDNING_KOMPETENS,OMGIVNING_ORGANISATION,TEKNIK_UTRUSTNING,PROCEDURER_RUTINER_RIKTLINJER"`
		Underlying *string  `json:"underlying,omitempty" enum:"BRIST_KOMMUNIKATION,TIDSBRIST_BELASTNING,KUNSKAPSBRIST,RUTIN_SAKNAS_EJ_FOLJD,TEKNISKT_FEL,OVRIGT"`
		Text       string   `json:"text" minLength:"2" maxLength:"4000"`
		Whys       []string `json:"whys,omitempty" maxItems:"5" doc:"Svaren på varför, i ordning"`
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
	changeCauseIn struct {
		OnCase
		Cause uuid.UUID `path:"cause" format:"uuid"`
		Body  causeBody
	}
	versionsOut struct {
		Body struct {
			Items []InvestigationVersion `json:"items"`
		}
	}
	similarOut struct {
		Body struct {
			Items []SimilarCase `json:"items"`
		}
	}
)

func (s *Service) measureRoutes(api *httpx.API) {
	httpx.Register(api, op{ID: "save-investigation", Method: http.MethodPut, Path: "/cases/{id}/investigation", Permission: "investigation:save", Summary: "Spara utredningen", MaxBody: 256 << 10},
		func(ctx context.Context, actor authz.Actor, in *withBody[investigationBody]) (*caseOut, error) {
			return s.answered(ctx, actor, in.OnCase, func(version int) error {
				b := in.Body
				return s.SaveInvestigation(ctx, actor, in.ID, version, Investigation{
					Background: b.Background, Course: b.Course, Causes: b.CausesText, Conclusion: b.Conclusion, More: b.More, Risks: b.Risks,
				})
			})
		})
	s.inquiryRoutes(api)
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

func (s *Service) inquiryRoutes(api *httpx.API) {
	act(s, api, op{ID: "add-entry", Path: "/cases/{id}/investigation/entries", Permission: "investigation:entry", Summary: "Lägg till i händelseförloppet"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b entryBody) error {
			return s.AddEntry(ctx, actor, id, v, Entry(b))
		})
	step(s, api, op{ID: "complete-investigation", Path: "/cases/{id}/investigation/complete", Permission: "investigation:complete", Summary: "Klarmarkera utredningen"},
		s.CompleteInvestigation)
	act(s, api, op{ID: "unlock-investigation", Path: "/cases/{id}/investigation/unlock", Permission: "investigation:unlock", Summary: "Lås upp utredningen"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b reasonBody) error {
			return s.UnlockInvestigation(ctx, actor, id, v, b.Reason)
		})
	httpx.Register(api, op{ID: "change-cause", Method: http.MethodPut, Path: "/cases/{id}/causes/{cause}", Permission: "cause:change", Summary: "Ändra orsak"},
		func(ctx context.Context, actor authz.Actor, in *changeCauseIn) (*caseOut, error) {
			return s.answered(ctx, actor, in.OnCase, func(version int) error {
				return s.ChangeCause(ctx, actor, causeOf{in.ID, in.Cause, version}, Cause(in.Body))
			})
		})
	httpx.Register(api, op{ID: "list-investigation-versions", Method: http.MethodGet, Path: "/cases/{id}/investigation/versions", Permission: "investigation:versions", Summary: "Utredningens låsta lydelser"},
		func(ctx context.Context, actor authz.Actor, in *caseID) (*versionsOut, error) {
			items, err := s.InvestigationVersions(ctx, actor, in.ID)
			out := &versionsOut{}
			out.Body.Items = items
			return out, err
		})
	httpx.Register(api, op{ID: "list-similar", Method: http.MethodGet, Path: "/cases/{id}/similar", Permission: "case:similar", Summary: "Tidigare liknande ärenden, och om åtgärderna hjälpte"},
		func(ctx context.Context, actor authz.Actor, in *caseID) (*similarOut, error) {
			items, err := s.Similar(ctx, actor, in.ID)
			out := &similarOut{}
			out.Body.Items = items
			return out, err
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
