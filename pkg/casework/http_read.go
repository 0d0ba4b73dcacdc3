package casework

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/httpx"
)

type caseID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// PageIn is which page of a list. It is exported because huma fills embedded inputs only when they are.
type PageIn struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
	Cursor string `query:"cursor" maxLength:"200"`
}

type listIn struct {
	PageIn
	Group    string `query:"group" enum:"NYA,BEDOMS,UTREDS,ATGARDAS,VANTAR,AVSLUTADE,ALLA" default:"ALLA"`
	UnitID   string `query:"unit_id" format:"uuid"`
	CaseType string `query:"case_type" enum:"SYNPUNKT,KLAGOMAL,AVVIKELSE,LEX_SARAH,REMISS"`
	Category string `query:"category" maxLength:"60"`
	Late     bool   `query:"late"`
}

func (in listIn) filter() Filter {
	f := Filter{Group: Group(in.Group), CaseType: optional(in.CaseType), Category: optional(in.Category), Late: in.Late, Limit: in.Limit, Cursor: in.Cursor}
	if unit, err := uuid.Parse(in.UnitID); err == nil {
		f.UnitID = &unit
	}
	return f
}

type (
	listOut    struct{ Body List }
	queueOut   struct{ Body Queue }
	ownOut     struct{ Body OwnReports }
	historyOut struct{ Body History }
	readsIn    struct {
		ID     uuid.UUID `path:"id" format:"uuid"`
		Limit  int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor string    `query:"cursor" maxLength:"200"`
	}
	readsOut        struct{ Body audit.Readings }
	measureListOut  struct{ Body MeasureList }
	consultationOut struct {
		Body struct {
			Items []OpenConsultation `json:"items"`
		}
	}
)

type measureListIn struct {
	PageIn
	Mine    bool `query:"mine"`
	Overdue bool `query:"overdue"`
}

func (s *Service) readRoutes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{ID: "list-cases", Method: http.MethodGet, Path: "/cases", Permission: "case:list", Summary: "Inkorgen"},
		func(ctx context.Context, actor authz.Actor, in *listIn) (*listOut, error) {
			out, err := s.List(ctx, actor, in.filter())
			return &listOut{out}, err
		})
	httpx.Register(api, httpx.Operation{ID: "list-own-reports", Method: http.MethodGet, Path: "/cases/mine", Permission: "case:list-own", Summary: "Mina rapporter"},
		func(ctx context.Context, actor authz.Actor, in *PageIn) (*ownOut, error) {
			out, err := s.Own(ctx, actor, in.Limit, in.Cursor)
			return &ownOut{out}, err
		})
	httpx.Register(api, httpx.Operation{ID: "open-case", Method: http.MethodGet, Path: "/cases/{id}", Permission: "case:open", Summary: "Öppna ett ärende"},
		func(ctx context.Context, actor authz.Actor, in *caseID) (*caseOut, error) {
			return s.page(ctx, actor, in.ID)
		})
	httpx.Register(api, httpx.Operation{ID: "list-reads", Method: http.MethodGet, Path: "/cases/{id}/reads", Permission: "case:reads", Summary: "Vem har läst ärendet"},
		func(ctx context.Context, actor authz.Actor, in *readsIn) (*readsOut, error) {
			out, err := s.Reads(ctx, actor, in.ID, in.Limit, in.Cursor)
			return &readsOut{out}, err
		})
	httpx.Register(api, httpx.Operation{ID: "list-history", Method: http.MethodGet, Path: "/cases/{id}/history", Permission: "case:history", Summary: "Ärendets historik och läslogg"},
		func(ctx context.Context, actor authz.Actor, in *caseID) (*historyOut, error) {
			out, err := s.History(ctx, actor, in.ID)
			return &historyOut{out}, err
		})
	httpx.Register(api, httpx.Operation{ID: "list-consultations", Method: http.MethodGet, Path: "/consultations", Permission: "consultation:list", Summary: "Frågor om samråd som väntar på mig"},
		func(ctx context.Context, actor authz.Actor, _ *struct{}) (*consultationOut, error) {
			items, err := s.Consultations(ctx, actor)
			out := &consultationOut{}
			out.Body.Items = items
			return out, err
		})
	httpx.Register(api, httpx.Operation{ID: "list-measures", Method: http.MethodGet, Path: "/measures", Permission: "measure:list", Summary: "Åtgärder"},
		func(ctx context.Context, actor authz.Actor, in *measureListIn) (*measureListOut, error) {
			out, err := s.MeasureList(ctx, actor, MeasureFilter{Mine: in.Mine, Overdue: in.Overdue, Limit: in.Limit, Cursor: in.Cursor})
			return &measureListOut{out}, err
		})
}
