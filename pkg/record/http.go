package record

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
)

type onCase struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// OnRecord is a record of a case. It is exported because huma fills embedded inputs only when they are.
type OnRecord struct {
	ID       uuid.UUID `path:"id" format:"uuid"`
	RecordID uuid.UUID `path:"record_id" format:"uuid"`
}

type wordsBody struct {
	Kind Kind     `json:"kind" enum:"BEKRAFTELSE,YTTRANDE,PROTOKOLLSUTDRAG,INFORMATIONSBLAD,REGISTERUTDRAG"`
	Text string   `json:"text,omitempty" maxLength:"20000"`
	To   []string `json:"to,omitempty" maxItems:"6" doc:"Mottagarens namn och adress, rad för rad"`
}

type (
	drawIn struct {
		ID   uuid.UUID `path:"id" format:"uuid"`
		Key  string    `header:"Idempotency-Key"`
		Body wordsBody
	}
	previewIn struct {
		ID   uuid.UUID `path:"id" format:"uuid"`
		Body wordsBody
	}
	reviseIn struct {
		OnRecord
		Body struct {
			Version int      `json:"version" minimum:"1" doc:"Versionen du utgår från"`
			Kind    Kind     `json:"kind" enum:"BEKRAFTELSE,YTTRANDE,PROTOKOLLSUTDRAG,INFORMATIONSBLAD,REGISTERUTDRAG"`
			Text    string   `json:"text,omitempty" maxLength:"20000"`
			To      []string `json:"to,omitempty" maxItems:"6"`
		}
	}
	dispatchIn struct {
		OnRecord
		Body struct {
			Way    string `json:"way" enum:"EPOST,SAKER_PORTAL,BREV,OVERLAMNAD"`
			To     string `json:"to" minLength:"2" maxLength:"400" doc:"Till vem, och adressen"`
			SentOn string `json:"sent_on" format:"date"`
		}
	}
	openIn struct {
		ID     uuid.UUID `path:"id" format:"uuid"`
		FileID uuid.UUID `path:"file_id" format:"uuid"`
	}
	uploadIn struct {
		ID          uuid.UUID `path:"id" format:"uuid"`
		Key         string    `header:"Idempotency-Key" doc:"Ett nytt id (uuid) per fil, så att den inte kan bli två"`
		Disposition string    `header:"Content-Disposition" doc:"attachment; filename*=UTF-8''…"`
		RawBody     []byte    `contentType:"application/octet-stream"`
	}
	listOut         struct{ Body List }
	unregisteredOut struct {
		Body struct {
			Items []Unregistered `json:"items"`
		}
	}
	newOut struct {
		Body struct {
			ID uuid.UUID `json:"id"`
		}
	}
)

// fileOut is a file that no browser may show as a page of ours.
type fileOut struct {
	Disposition string `header:"Content-Disposition"`
	Type        string `header:"Content-Type"`
	Policy      string `header:"Content-Security-Policy"`
	Sniff       string `header:"X-Content-Type-Options"`
	Cache       string `header:"Cache-Control"`
	Body        []byte
}

func sent(c Content) *fileOut {
	return &fileOut{
		Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": c.Name}), Type: c.Media,
		Policy: "sandbox; default-src 'none'", Sniff: "nosniff", Cache: "no-store", Body: c.Data,
	}
}

func made(id uuid.UUID) *newOut {
	out := &newOut{}
	out.Body.ID = id
	return out
}

func keyOf(header string, parts ...[]byte) (Key, error) {
	if header == "" {
		return Key{}, problem.PreconditionRequired().WithText("Begäran saknar Idempotency-Key, ett nytt id (uuid) per handling.")
	}
	id, err := uuid.Parse(header)
	if err != nil {
		return Key{}, problem.Invalid(problem.Param("Idempotency-Key", "Det ska vara ett id (uuid)."))
	}
	return NewKey(id, parts...), nil
}

type op = httpx.Operation

// Routes registers the operations.
func (s *Service) Routes(api *httpx.API) {
	httpx.Register(api, op{ID: "list-records", Method: http.MethodGet, Path: "/cases/{id}/records", Permission: "record:list", Summary: "Ärendets handlingar"},
		func(ctx context.Context, actor authz.Actor, in *onCase) (*listOut, error) {
			out, err := s.List(ctx, actor, in.ID)
			return &listOut{out}, err
		})
	httpx.Register(api, op{ID: "open-record", Method: http.MethodGet, Path: "/cases/{id}/records/files/{file_id}", Permission: "record:open", Summary: "Hämta en handlings fil"},
		func(ctx context.Context, actor authz.Actor, in *openIn) (*fileOut, error) {
			c, err := s.Open(ctx, actor, in.ID, in.FileID)
			return sent(c), err
		})
	httpx.Register(api, op{ID: "list-unregistered-records", Method: http.MethodGet, Path: "/register/unregistered", Permission: "record:list-unregistered", Summary: "Handlingar som väntar på registrator"},
		func(ctx context.Context, actor authz.Actor, _ *struct{}) (*unregisteredOut, error) {
			items, err := s.Unregistered(ctx, actor)
			out := &unregisteredOut{}
			out.Body.Items = items
			return out, err
		})
	httpx.Register(api, op{ID: "register-record", Method: http.MethodPost, Path: "/cases/{id}/records/{record_id}/register", Permission: "record:register", Summary: "Registrera en handling"},
		func(ctx context.Context, actor authz.Actor, in *OnRecord) (*struct{}, error) {
			return nil, s.Register(ctx, actor, in.ID, in.RecordID)
		})
	s.drawRoutes(api)
	s.uploadRoutes(api)
}

func (s *Service) drawRoutes(api *httpx.API) {
	httpx.Register(api, op{ID: "draw-up-record", Method: http.MethodPost, Path: "/cases/{id}/records", Permission: "record:draw-up", Status: 201, Summary: "Upprätta en handling"},
		func(ctx context.Context, actor authz.Actor, in *drawIn) (*newOut, error) {
			text, _ := json.Marshal(in.Body) // texts: cannot fail
			key, err := keyOf(in.Key, in.ID[:], text)
			if err != nil {
				return nil, err
			}
			id, err := s.DrawUp(ctx, actor, in.ID, key, Words(in.Body))
			return made(id), err
		})
	httpx.Register(api, op{ID: "preview-record", Method: http.MethodPost, Path: "/cases/{id}/records/preview", Permission: "record:draw-up", Summary: "Förhandsgranska en handling"},
		func(ctx context.Context, actor authz.Actor, in *previewIn) (*fileOut, error) {
			c, err := s.Preview(ctx, actor, in.ID, Words(in.Body))
			return sent(c), err
		})
	httpx.Register(api, op{ID: "revise-record", Method: http.MethodPost, Path: "/cases/{id}/records/{record_id}/versions", Permission: "record:draw-up", Summary: "Skriv en ny version av en handling"},
		func(ctx context.Context, actor authz.Actor, in *reviseIn) (*struct{}, error) {
			return nil, s.Revise(ctx, actor, in.ID, Revision{
				Record: in.RecordID, Before: in.Body.Version, Words: Words{Kind: in.Body.Kind, Text: in.Body.Text, To: in.Body.To},
			})
		})
	httpx.Register(api, op{ID: "dispatch-record", Method: http.MethodPost, Path: "/cases/{id}/records/{record_id}/dispatches", Permission: "record:dispatch", Summary: "Anteckna expediering: till vem, hur och när"},
		func(ctx context.Context, actor authz.Actor, in *dispatchIn) (*struct{}, error) {
			on, err := clock.ParseDate(in.Body.SentOn)
			if err != nil {
				return nil, problem.Invalid(problem.Field("/sent_on", "Skriv datum som ÅÅÅÅ-MM-DD."))
			}
			return nil, s.Dispatch(ctx, actor, in.ID, in.RecordID, Dispatch{Way: in.Body.Way, To: in.Body.To, On: on})
		})
}

func (s *Service) uploadRoutes(api *httpx.API) {
	httpx.Register(api, op{
		ID: "upload-record", Method: http.MethodPost, Path: "/cases/{id}/records/upload", Permission: "record:upload", Status: 201,
		Summary: "Ladda upp en fil", MaxBody: MostFileBytes + 1, Patience: 5 * time.Minute,
	}, func(ctx context.Context, actor authz.Actor, in *uploadIn) (*newOut, error) {
		_, params, err := mime.ParseMediaType(in.Disposition)
		if err != nil || params["filename"] == "" {
			return nil, problem.Invalid(problem.Param("Content-Disposition", "Filens namn saknas."))
		}
		key, err := keyOf(in.Key, in.ID[:], []byte(params["filename"]), in.RawBody)
		if err != nil {
			return nil, err
		}
		id, err := s.Upload(ctx, actor, in.ID, key, File{Name: params["filename"], Data: in.RawBody})
		return made(id), err
	})
	httpx.Register(api, op{ID: "scan-record", Method: http.MethodPost, Path: "/cases/{id}/records/{record_id}/scan", Permission: "record:upload", Summary: "Be om ny viruskontroll"},
		func(ctx context.Context, actor authz.Actor, in *OnRecord) (*struct{}, error) {
			return nil, s.Scan(ctx, actor, in.ID, in.RecordID)
		})
}
