package register

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

// SearchIn is how the register is narrowed. Exported because huma fills embedded inputs only when they are.
type SearchIn struct {
	FileID    string `query:"file_id" format:"uuid"`
	From      string `query:"from" format:"date"`
	To        string `query:"to" format:"date"`
	Direction string `query:"direction" enum:"INKOMMEN,UPPRATTAD,EXPEDIERAD"`
	Number    string `query:"number" maxLength:"60" doc:"Början på ett nummer"`
}

type listIn struct {
	SearchIn
	UnitID   string `query:"unit_id" format:"uuid"`
	CaseType string `query:"case_type" enum:"SYNPUNKT,KLAGOMAL,AVVIKELSE,LEX_SARAH,REMISS"`
	Voided   string `query:"voided" enum:"UTAN,BARA" doc:"Utelämnad: alla"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor   string `query:"cursor" maxLength:"200"`
}

type publicIn struct {
	SearchIn
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"200"`
}

type exportIn struct {
	SearchIn
	UnitID   string `query:"unit_id" format:"uuid"`
	CaseType string `query:"case_type" enum:"SYNPUNKT,KLAGOMAL,AVVIKELSE,LEX_SARAH,REMISS"`
	Voided   string `query:"voided" enum:"UTAN,BARA"`
	View     string `query:"view" enum:"INTERN,OFFENTLIG" default:"OFFENTLIG"`
}

type (
	linesOut   struct{ Body Lines }
	publicOut  struct{ Body PublicLines }
	extractOut struct{ Body Extract }
	filesOut   struct {
		Body struct {
			Items      []File  `json:"items"`
			NextCursor *string `json:"next_cursor"`
		}
	}
	filesIn struct {
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"100"`
		Cursor string `query:"cursor" maxLength:"200"`
	}
	onEntry struct {
		ID uuid.UUID `path:"id" format:"uuid"`
	}
	markIn struct {
		ID   uuid.UUID `path:"id" format:"uuid"`
		Body struct {
			Law       string `json:"law" maxLength:"200" doc:"Bestämmelsen; tom tar bort markeringen"`
			Was       string `json:"was" maxLength:"200" doc:"Bestämmelsen som gällde när du läste"`
			Authority string `json:"authority" minLength:"1" maxLength:"200"`
			Reason    string `json:"reason" enum:"OMPROVAD,FEL_BESTAMMELSE,NY_UPPGIFT,INTE_SEKRETESS"`
		}
	}
	externalIn struct {
		ID   uuid.UUID `path:"id" format:"uuid"`
		Body struct {
			ExternalDNR *string `json:"external_dnr" maxLength:"60"`
			Was         *string `json:"was" maxLength:"60"`
		}
	}
)

func (in SearchIn) search() (Search, error) {
	q := Search{Direction: in.Direction, Number: in.Number}
	if id, err := uuid.Parse(in.FileID); err == nil {
		q.File = &id
	}
	for _, d := range []struct {
		text, name string
		to         **clock.Date
	}{{in.From, "from", &q.From}, {in.To, "to", &q.To}} {
		if d.text == "" {
			continue
		}
		on, err := clock.ParseDate(d.text)
		if err != nil {
			return q, problem.Invalid(problem.Param(d.name, "Skriv datum som ÅÅÅÅ-MM-DD."))
		}
		*d.to = &on
	}
	if q.From != nil && q.To != nil && q.To.Before(*q.From) {
		return q, problem.Invalid(problem.Param("to", "Perioden slutar innan den börjar."))
	}
	return q, nil
}

func (in SearchIn) internal(unit, caseType, voided string) (Search, error) {
	q, err := in.search()
	if id, bad := uuid.Parse(unit); bad == nil {
		q.Unit = &id
	}
	q.CaseType, q.Voided = caseType, voided
	return q, err
}

// Routes registers the register's operations.
func (s *Service) Routes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{ID: "list-register", Method: http.MethodGet, Path: "/register/entries", Permission: "register:list", Summary: "Diariet, internt"},
		func(ctx context.Context, actor authz.Actor, in *listIn) (*linesOut, error) {
			q, err := in.internal(in.UnitID, in.CaseType, in.Voided)
			if err != nil {
				return nil, err
			}
			out, err := s.List(ctx, actor, q, in.Limit, in.Cursor)
			return &linesOut{out}, err
		})
	httpx.Register(api, httpx.Operation{ID: "list-register-public", Method: http.MethodGet, Path: "/register/public", Permission: "register:list-public", Summary: "Diariet, som det kan visas för allmänheten"},
		func(ctx context.Context, actor authz.Actor, in *publicIn) (*publicOut, error) {
			q, err := in.search()
			if err != nil {
				return nil, err
			}
			out, err := s.ListPublic(ctx, actor, q, in.Limit, in.Cursor)
			return &publicOut{out}, err
		})
	httpx.Register(api, httpx.Operation{ID: "list-files", Method: http.MethodGet, Path: "/register/files", Permission: "register:list-files", Summary: "Samlingsakter"},
		func(ctx context.Context, actor authz.Actor, in *filesIn) (*filesOut, error) {
			out := &filesOut{}
			var err error
			out.Body.Items, out.Body.NextCursor, err = s.Files(ctx, actor, in.Limit, in.Cursor)
			return out, err
		})
	s.entryRoutes(api)
	s.disclosureRoutes(api)
}

func (s *Service) entryRoutes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{ID: "export-register", Method: http.MethodGet, Path: "/register/export", Permission: "register:export", Summary: "Diariet som CSV"},
		func(ctx context.Context, actor authz.Actor, in *exportIn) (*huma.StreamResponse, error) {
			q, err := in.internal(in.UnitID, in.CaseType, in.Voided)
			if err != nil {
				return nil, err
			}
			public := in.View != "INTERN"
			write, err := s.Export(ctx, actor, q, public)
			if err != nil {
				return nil, err
			}
			name := "diarium-internt.csv"
			if public {
				name = "diarium-offentligt.csv"
			}
			return &huma.StreamResponse{Body: func(c huma.Context) {
				c.SetHeader("Content-Type", "text/csv; charset=utf-8")
				c.SetHeader("Content-Disposition", `attachment; filename="`+name+`"`)
				c.SetHeader("Cache-Control", "no-store")
				if err := write(c.BodyWriter()); err != nil {
					panic(http.ErrAbortHandler) // the connection is cut: half a register must not look like a whole one
				}
			}}, nil
		})
	httpx.Register(api, httpx.Operation{ID: "read-register-extract", Method: http.MethodGet, Path: "/register/cases/{id}", Permission: "register:list", Summary: "Registerutdrag för ett ärende"},
		func(ctx context.Context, actor authz.Actor, in *onEntry) (*extractOut, error) {
			out, err := s.Extract(ctx, actor, in.ID)
			return &extractOut{out}, err
		})
	httpx.Register(api, httpx.Operation{ID: "mark-entry", Method: http.MethodPost, Path: "/register/entries/{id}/marking", Permission: "register:mark", Status: http.StatusNoContent, Summary: "Ändra sekretessmarkering"},
		func(ctx context.Context, actor authz.Actor, in *markIn) (*struct{}, error) {
			b := in.Body
			return &struct{}{}, s.Mark(ctx, actor, in.ID, NewMarking{Law: b.Law, Was: b.Was, Authority: b.Authority, Reason: b.Reason})
		})
	httpx.Register(api, httpx.Operation{ID: "set-external-number", Method: http.MethodPost, Path: "/register/entries/{id}/external", Permission: "register:mark", Status: http.StatusNoContent, Summary: "Ändra numret i ett annat diarium"},
		func(ctx context.Context, actor authz.Actor, in *externalIn) (*struct{}, error) {
			return &struct{}{}, s.SetExternal(ctx, actor, in.ID, in.Body.ExternalDNR, in.Body.Was)
		})
}
