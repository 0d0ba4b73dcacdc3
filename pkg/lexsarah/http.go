package lexsarah

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
)

type trackID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// OnTrack is the start of every act in a track: which case, and the track's version it builds on. Exported because huma
// fills embedded inputs only when they are.
type OnTrack struct {
	ID      uuid.UUID `path:"id" format:"uuid"`
	IfMatch string    `header:"If-Match" doc:"Lex Sarah-ärendets version, som ETag"`
}

type withBody[B any] struct {
	OnTrack
	Body B
}

// trackOut answers a whole track with its version as ETag.
type trackOut struct {
	ETag string `header:"ETag"`
	Body View
}

type (
	receiveBody struct {
		What       string     `json:"what" minLength:"3" maxLength:"4000" doc:"Vad rapporten gäller"`
		HappenedOn string     `json:"happened_on,omitempty" format:"date"`
		UnitID     *uuid.UUID `json:"unit_id,omitempty" format:"uuid" doc:"Om rapporten saknar enhet"`
		Subject    string     `json:"subject,omitempty" minLength:"3" maxLength:"120" doc:"Neutral ärendemening; nämner ingen person"`
	}
	textBody struct {
		Text string `json:"text" minLength:"3" maxLength:"20000"`
	}
	assessBody struct {
		Assessment string     `json:"assessment" enum:"UTRED,INTE_LEX,IVO_DIREKT"`
		Motivation string     `json:"motivation" minLength:"3" maxLength:"20000"`
		PersonID   *uuid.UUID `json:"person_id,omitempty" format:"uuid" doc:"Utredare; utelämnad: du själv"`
	}
	personBody struct {
		PersonID uuid.UUID `json:"person_id" format:"uuid"`
	}
	entryBody struct {
		Item       string `json:"item" enum:"HANDELSE,UPPMARKSAMMAD,TIDPUNKT,ORSAKER,TIDIGARE,IGEN,ATGARDER,FOREBYGGA,OVRIGT"`
		Kind       string `json:"kind" enum:"FAKTA,BEDOMNING"`
		Source     string `json:"source" minLength:"2" maxLength:"500" doc:"Varifrån uppgiften kommer"`
		Text       string `json:"text" minLength:"2" maxLength:"20000"`
		HappenedOn string `json:"happened_on,omitempty" format:"date" doc:"Dagen det gjordes; behövs för åtgärder"`
	}
	factsBody struct {
		Kinds          []string `json:"kinds" maxItems:"8" enum:"FYSISKA_OVERGREPP,SEXUELLA_OVERGREPP,PSYKISKA_OVERGREPP,EKONOMISKA_OVERGREPP,BEMOTANDE,RATTSSAKERHET,UTFORANDE,MILJO_TEKNIK"`
		IndividualTold *string  `json:"individual_informed,omitempty" enum:"JA,NEJ,EJ_MOJLIGT"`
		RelativesTold  *string  `json:"relatives_informed,omitempty" enum:"JA,NEJ,EJ_AKTUELLT"`
		PoliceReport   *string  `json:"police_report,omitempty" enum:"JA,NEJ,EJ_AKTUELLT"`
		Personakt      *string  `json:"personakt,omitempty" enum:"JA,NEJ"`
	}
	degreeBody struct {
		Degree     string `json:"degree" enum:"INGET,PATAGLIG_RISK,MISSFORHALLANDE,PATAGLIG_RISK_ALLVARLIGT,ALLVARLIGT"`
		Motivation string `json:"motivation" minLength:"3" maxLength:"20000"`
	}
	decideBody struct {
		Degree     string `json:"degree" enum:"INGET,PATAGLIG_RISK,MISSFORHALLANDE,PATAGLIG_RISK_ALLVARLIGT,ALLVARLIGT"`
		Motivation string `json:"motivation" minLength:"3" maxLength:"20000"`
		Delegation string `json:"delegation" minLength:"2" maxLength:"200" doc:"Delegationen som beslutet stöder sig på"`
	}
	ivoBody struct {
		Kind       string `json:"kind" enum:"ANMALD,KOMPLETTERAD,AVSLUTAD"`
		HappenedOn string `json:"happened_on" format:"date"`
		DNR        string `json:"ivo_dnr,omitempty" maxLength:"40" pattern:"^[0-9A-Za-zÅÄÖåäö.:/ -]+$" doc:"IVO:s diarienummer"`
		Delegation string `json:"delegation,omitempty" maxLength:"200" doc:"Delegationen som anmälan stöder sig på"`
		Note       string `json:"note,omitempty" maxLength:"4000"`
	}
	returnBody struct {
		To     string `json:"to" enum:"UNIT,BOARD"`
		ToUnit string `json:"to_unit" minLength:"3" maxLength:"20000" doc:"Vad som kom fram och vad verksamheten ska följa upp"`
		Answer string `json:"answer,omitempty" maxLength:"20000" doc:"Till den som rapporterade"`
	}
)

type op = httpx.Operation

// Routes registers the operations of lex Sarah.
func (s *Service) Routes(api *httpx.API) {
	s.readRoutes(api)
	act(s, api, op{ID: "receive-lex", Path: "receive", Permission: "lex:receive", Summary: "Ta emot rapporten"},
		func(ctx context.Context, actor authz.Actor, at At, b receiveBody) error {
			on, err := date(b.HappenedOn, "/happened_on")
			if err != nil {
				return err
			}
			return s.Receive(ctx, actor, at, Receipt{What: b.What, HappenedOn: on, UnitID: b.UnitID, Subject: b.Subject})
		})
	act(s, api, op{ID: "act-at-once", Path: "immediate-measures", Permission: "lex:act-at-once", Summary: "Anteckna omedelbara åtgärder"},
		func(ctx context.Context, actor authz.Actor, at At, b textBody) error {
			return s.ActAtOnce(ctx, actor, at, b.Text)
		})
	act(s, api, op{ID: "assess-lex", Path: "assessment", Permission: "lex:assess", Summary: "Första bedömningen; inte lex Sarah går tillbaka till chefen (T24)"},
		func(ctx context.Context, actor authz.Actor, at At, b assessBody) error {
			return s.Assess(ctx, actor, at, Assessment{Choice: b.Assessment, Motivation: b.Motivation, PersonID: b.PersonID})
		})
	act(s, api, op{ID: "delegate-lex", Path: "investigator", Permission: "lex:delegate", Summary: "Välj utredare"},
		func(ctx context.Context, actor authz.Actor, at At, b personBody) error {
			return s.Delegate(ctx, actor, at, b.PersonID)
		})
	act(s, api, op{ID: "add-lex-entry", Path: "entries", Permission: "lex:add-entry", Summary: "Lägg till en anteckning i utredningen"},
		func(ctx context.Context, actor authz.Actor, at At, b entryBody) error {
			on, err := date(b.HappenedOn, "/happened_on")
			if err != nil {
				return err
			}
			return s.AddEntry(ctx, actor, at, Entry{Item: b.Item, Kind: b.Kind, Source: b.Source, Text: b.Text, HappenedOn: on})
		})
	act(s, api, op{ID: "save-lex-facts", Path: "facts", Permission: "lex:save-facts", Summary: "Svara på utredningens frågor"},
		func(ctx context.Context, actor authz.Actor, at At, b factsBody) error {
			return s.SaveFacts(ctx, actor, at, Facts(b))
		})
	s.judgeRoutes(api)
}

func (s *Service) judgeRoutes(api *httpx.API) {
	act(s, api, op{ID: "propose-degree", Path: "proposal", Permission: "lex:propose", Summary: "Utredningen är klar: föreslå grad"},
		func(ctx context.Context, actor authz.Actor, at At, b degreeBody) error {
			return s.Propose(ctx, actor, at, Judgement{Degree: b.Degree, Motivation: b.Motivation})
		})
	act(s, api, op{ID: "send-back-lex", Path: "send-back", Permission: "lex:send-back", Summary: "Utred mer"},
		func(ctx context.Context, actor authz.Actor, at At, b textBody) error {
			return s.SendBack(ctx, actor, at, b.Text)
		})
	act(s, api, op{ID: "decide-degree", Path: "decision", Permission: "lex:decide", Summary: "Besluta graden"},
		func(ctx context.Context, actor authz.Actor, at At, b decideBody) error {
			return s.Decide(ctx, actor, at, Judgement(b))
		})
	act(s, api, op{ID: "log-ivo", Path: "ivo", Permission: "lex:log-ivo", Summary: "Anteckna kontakt med IVO"},
		func(ctx context.Context, actor authz.Actor, at At, b ivoBody) error {
			on, err := date(b.HappenedOn, "/happened_on")
			if err != nil {
				return err
			}
			return s.LogIVO(ctx, actor, at, IVOEntry{Kind: b.Kind, On: on, DNR: b.DNR, Delegation: b.Delegation, Note: b.Note})
		})
	act(s, api, op{ID: "return-lex", Path: "return", Permission: "lex:return", Summary: "Lämna tillbaka till verksamheten (T25)"},
		func(ctx context.Context, actor authz.Actor, at At, b returnBody) error {
			return s.Return(ctx, actor, at, Handback(b))
		})
	httpx.Register(api, op{ID: "close-lex", Method: http.MethodPost, Path: "/lex/cases/{id}/close", Permission: "lex:close", Summary: "Avsluta lex Sarah"},
		func(ctx context.Context, actor authz.Actor, in *OnTrack) (*trackOut, error) {
			return s.answered(ctx, actor, *in, func(at At) error { return s.Close(ctx, actor, at) })
		})
}

// act registers an operation that changes a track and answers with it.
func act[B any](s *Service, api *httpx.API, o op, do func(ctx context.Context, actor authz.Actor, at At, b B) error) {
	o.Method, o.Path = http.MethodPost, "/lex/cases/{id}/"+o.Path
	httpx.Register(api, o, func(ctx context.Context, actor authz.Actor, in *withBody[B]) (*trackOut, error) {
		return s.answered(ctx, actor, in.OnTrack, func(at At) error { return do(ctx, actor, at, in.Body) })
	})
}

func (s *Service) answered(ctx context.Context, actor authz.Actor, in OnTrack, do func(at At) error) (*trackOut, error) {
	version, err := httpx.Match(in.IfMatch)
	if err != nil {
		return nil, err
	}
	if err := do(At{in.ID, version}); err != nil {
		return nil, err
	}
	return s.page(ctx, actor, in.ID)
}

func (s *Service) page(ctx context.Context, actor authz.Actor, id uuid.UUID) (*trackOut, error) {
	v, err := s.Open(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return &trackOut{ETag: httpx.ETag(v.Version), Body: v}, nil
}

func date(text, pointer string) (clock.Date, error) {
	if text == "" {
		return clock.Date{}, nil
	}
	on, err := clock.ParseDate(text)
	if err != nil {
		return on, problem.Invalid(problem.Field(pointer, "Skriv datum som ÅÅÅÅ-MM-DD."))
	}
	return on, nil
}

type (
	listIn struct {
		Done   bool   `query:"done" doc:"De som är avslutade"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
		Cursor string `query:"cursor" maxLength:"200"`
	}
	listOut struct{ Body List }
	heldOut struct {
		Body struct {
			Items []Stub `json:"items"`
		}
	}
	stubOut             struct{ Body Stub }
	lexInvestigatorsOut struct {
		Body struct {
			Items []Person `json:"items"`
		}
	}
)

func (s *Service) readRoutes(api *httpx.API) {
	httpx.Register(api, op{ID: "list-lex", Method: http.MethodGet, Path: "/lex/cases", Permission: "lex:list", Summary: "Lex Sarah: inkorgen"},
		func(ctx context.Context, actor authz.Actor, in *listIn) (*listOut, error) {
			out, err := s.List(ctx, actor, in.Done, in.Limit, in.Cursor)
			return &listOut{out}, err
		})
	httpx.Register(api, op{ID: "open-lex", Method: http.MethodGet, Path: "/lex/cases/{id}", Permission: "lex:open", Summary: "Öppna ett lex Sarah-ärende"},
		func(ctx context.Context, actor authz.Actor, in *trackID) (*trackOut, error) {
			return s.page(ctx, actor, in.ID)
		})
	httpx.Register(api, op{ID: "fetch-ivo-package", Method: http.MethodGet, Path: "/lex/cases/{id}/package", Permission: "lex:fetch-package", Summary: "Hämta underlaget till IVO (zip)"},
		func(ctx context.Context, actor authz.Actor, in *trackID) (*huma.StreamResponse, error) {
			p, err := s.Package(ctx, actor, in.ID)
			if err != nil {
				return nil, err
			}
			return &huma.StreamResponse{Body: func(c huma.Context) {
				c.SetHeader("Content-Type", "application/zip")
				c.SetHeader("Content-Disposition", `attachment; filename="`+p.Name+`"`)
				_ = p.Stream(c.BodyWriter()) // whoever broke off gets a broken zip; it is logged as fetched all the same
			}}, nil
		})
	httpx.Register(api, op{ID: "list-lex-investigators", Method: http.MethodGet, Path: "/lex/investigators", Permission: "lex:list", Summary: "Vilka som kan utreda enligt lex Sarah"},
		func(ctx context.Context, actor authz.Actor, _ *struct{}) (*lexInvestigatorsOut, error) {
			people, err := s.Investigators(ctx, actor)
			out := &lexInvestigatorsOut{}
			out.Body.Items = people
			return out, err
		})
	httpx.Register(api, op{ID: "list-held", Method: http.MethodGet, Path: "/lex/held", Permission: "lex:list-held", Summary: "Ärenden som har lämnats till lex Sarah"},
		func(ctx context.Context, actor authz.Actor, _ *struct{}) (*heldOut, error) {
			items, err := s.Held(ctx, actor)
			out := &heldOut{}
			out.Body.Items = items
			return out, err
		})
	httpx.Register(api, op{ID: "open-held", Method: http.MethodGet, Path: "/lex/held/{id}", Permission: "lex:list-held", Summary: "Ett ärende som har lämnats till lex Sarah"},
		func(ctx context.Context, actor authz.Actor, in *trackID) (*stubOut, error) {
			stub, err := s.OpenHeld(ctx, actor, in.ID)
			return &stubOut{stub}, err
		})
}
