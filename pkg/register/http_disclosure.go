package register

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
)

type (
	disclosuresIn struct {
		State  string `query:"state" enum:"PAGAR,BESLUTAD,ATERTAGEN"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
		Cursor string `query:"cursor" maxLength:"200"`
	}
	disclosuresOut struct{ Body Disclosures }
	disclosureOut  struct {
		ETag string `header:"ETag"`
		Body DisclosureView
	}
	receiveIn struct {
		Key  string `header:"Idempotency-Key"`
		Body struct {
			Asked     string   `json:"asked" minLength:"3" maxLength:"4000" doc:"Vad som begärs ut"`
			Requester string   `json:"requester,omitempty" maxLength:"400" doc:"Bara det den som frågar själv har sagt; får vara tomt"`
			Wants     string   `json:"wants" enum:"LASA,KOPIA"`
			Numbers   []string `json:"numbers,omitempty" maxItems:"50"`
		}
	}
	// OnDisclosure is the start of every act on a request. Exported because huma fills embedded inputs only when they are.
	OnDisclosure struct {
		ID      uuid.UUID `path:"id" format:"uuid"`
		IfMatch string    `header:"If-Match" doc:"Begärans version, som ETag"`
	}
	addEntryIn struct {
		OnDisclosure
		Body struct {
			Number string `json:"number" minLength:"1" maxLength:"60"`
		}
	}
	reviewIn struct {
		OnDisclosure
		Body struct {
			ItemID  uuid.UUID `json:"item_id" format:"uuid"`
			Outcome string    `json:"outcome" enum:"HELT,MASKAD,AVSLAG"`
			Law     string    `json:"law,omitempty" maxLength:"200"`
			Masks   []Mask    `json:"masks,omitempty" maxItems:"500" doc:"Det som döljs, räknat i tecken av texten"`
		}
	}
	decideDisclosureIn struct {
		OnDisclosure
		Body struct {
			Motivation  string `json:"motivation,omitempty" maxLength:"4000"`
			Reservation string `json:"reservation,omitempty" maxLength:"2000" doc:"Förbehåll"`
		}
	}
	withdrawIn struct{ OnDisclosure }
)

func (s *Service) disclosure(ctx context.Context, actor authz.Actor, id uuid.UUID) (*disclosureOut, error) {
	v, err := s.OpenDisclosure(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return &disclosureOut{ETag: httpx.ETag(v.Version), Body: v}, nil
}

// changed runs an act on a request and answers with it as it is afterwards.
func (s *Service) changed(ctx context.Context, actor authz.Actor, in OnDisclosure, act func(version int) error) (*disclosureOut, error) {
	version, err := httpx.Match(in.IfMatch)
	if err != nil {
		return nil, err
	}
	if err := act(version); err != nil {
		return nil, err
	}
	return s.disclosure(ctx, actor, in.ID)
}

func (s *Service) disclosureRoutes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{ID: "list-disclosures", Method: http.MethodGet, Path: "/disclosures", Permission: "disclosure:list", Summary: "Begäranden om utlämnande"},
		func(ctx context.Context, actor authz.Actor, in *disclosuresIn) (*disclosuresOut, error) {
			out, err := s.ListDisclosures(ctx, actor, in.State, in.Limit, in.Cursor)
			return &disclosuresOut{out}, err
		})
	httpx.Register(api, httpx.Operation{ID: "receive-disclosure", Method: http.MethodPost, Path: "/disclosures", Permission: "disclosure:handle", Status: http.StatusCreated, Summary: "Anteckna en begäran om utlämnande"},
		func(ctx context.Context, actor authz.Actor, in *receiveIn) (*disclosureOut, error) {
			id, err := uuid.Parse(in.Key)
			if err != nil {
				return nil, problem.Invalid(problem.Param("Idempotency-Key", "Det ska vara ett id (uuid)."))
			}
			text, err := json.Marshal(in.Body)
			if err != nil {
				return nil, err
			}
			sum := sha256.Sum256(text)
			b := in.Body
			v, err := s.Receive(ctx, actor, Key{ID: id, SHA: sum[:]}, Request{Asked: b.Asked, Requester: b.Requester, Wants: b.Wants, Numbers: b.Numbers})
			if err != nil {
				return nil, err
			}
			return &disclosureOut{ETag: httpx.ETag(v.Version), Body: v}, nil
		})
	httpx.Register(api, httpx.Operation{ID: "open-disclosure", Method: http.MethodGet, Path: "/disclosures/{id}", Permission: "disclosure:list", Summary: "Öppna en begäran om utlämnande"},
		func(ctx context.Context, actor authz.Actor, in *onEntry) (*disclosureOut, error) {
			return s.disclosure(ctx, actor, in.ID)
		})
	httpx.Register(api, httpx.Operation{ID: "add-disclosure-entry", Method: http.MethodPost, Path: "/disclosures/{id}/entries", Permission: "disclosure:handle", Summary: "Lägg till en handling att pröva"},
		func(ctx context.Context, actor authz.Actor, in *addEntryIn) (*disclosureOut, error) {
			return s.changed(ctx, actor, in.OnDisclosure, func(v int) error { return s.AddEntry(ctx, actor, in.ID, v, in.Body.Number) })
		})
	httpx.Register(api, httpx.Operation{ID: "review-disclosure", Method: http.MethodPost, Path: "/disclosures/{id}/review", Permission: "disclosure:handle", Summary: "Pröva en handling"},
		func(ctx context.Context, actor authz.Actor, in *reviewIn) (*disclosureOut, error) {
			b := in.Body
			return s.changed(ctx, actor, in.OnDisclosure, func(v int) error {
				return s.Review(ctx, actor, in.ID, v, Review{Item: b.ItemID, Outcome: b.Outcome, Law: b.Law, Masks: b.Masks})
			})
		})
	httpx.Register(api, httpx.Operation{ID: "decide-disclosure", Method: http.MethodPost, Path: "/disclosures/{id}/decide", Permission: "disclosure:handle", Summary: "Besluta om utlämnande"},
		func(ctx context.Context, actor authz.Actor, in *decideDisclosureIn) (*disclosureOut, error) {
			return s.changed(ctx, actor, in.OnDisclosure, func(v int) error {
				return s.Decide(ctx, actor, in.ID, v, Verdict{Motivation: in.Body.Motivation, Reservation: in.Body.Reservation})
			})
		})
	httpx.Register(api, httpx.Operation{ID: "withdraw-disclosure", Method: http.MethodPost, Path: "/disclosures/{id}/withdraw", Permission: "disclosure:handle", Summary: "Begäran är återtagen"},
		func(ctx context.Context, actor authz.Actor, in *withdrawIn) (*disclosureOut, error) {
			return s.changed(ctx, actor, in.OnDisclosure, func(v int) error { return s.Withdraw(ctx, actor, in.ID, v) })
		})
}
