package casework

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
)

// Routes registers every operation on cases.
func (s *Service) Routes(api *httpx.API) {
	s.reportRoutes(api)
	s.readRoutes(api)
	s.handleRoutes(api)
	s.deskRoutes(api)
	s.measureRoutes(api)
	s.draftRoutes(api)
	s.dayRoutes(api)
	s.simulateRoutes(api)
}

// caseOut answers a whole case with its version as ETag.
type caseOut struct {
	ETag string `header:"ETag"`
	Body CaseView
}

// OnCase is the start of every act on a case: which one, and the version it builds on. Exported because huma fills embedded inputs only when they are.
type OnCase struct {
	ID      uuid.UUID `path:"id" format:"uuid"`
	IfMatch string    `header:"If-Match" doc:"Ärendets version, som ETag"`
}

// answered runs a move and answers with the case as it is afterwards.
func (s *Service) answered(ctx context.Context, actor authz.Actor, in OnCase, act func(version int) error) (*caseOut, error) {
	version, err := httpx.Match(in.IfMatch)
	if err != nil {
		return nil, err
	}
	if err := act(version); err != nil {
		return nil, err
	}
	return s.page(ctx, actor, in.ID)
}

func (s *Service) page(ctx context.Context, actor authz.Actor, id uuid.UUID) (*caseOut, error) {
	v, err := s.Open(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return &caseOut{ETag: httpx.ETag(v.Version), Body: v}, nil
}

// keyOf makes the idempotency key of a create from its header and body.
func keyOf(operation, header string, body any) (Key, error) {
	if header == "" {
		return Key{}, problem.PreconditionRequired().WithText("Begäran saknar Idempotency-Key, ett nytt id (uuid) per rapport.")
	}
	id, err := uuid.Parse(header)
	if err != nil {
		return Key{}, problem.Invalid(problem.Param("Idempotency-Key", "Det ska vara ett id (uuid)."))
	}
	text, err := json.Marshal(body)
	sum := sha256.Sum256(text)
	return Key{ID: id, Operation: operation, SHA256: sum[:]}, err
}

// ---------------------------------------------------------------- reporting

type reportBody struct {
	UnitID        uuid.UUID  `json:"unit_id" format:"uuid"`
	Category      string     `json:"category,omitempty" maxLength:"60"`
	Harm          string     `json:"harm" enum:"OKANT,NEJ,KUNDE_HA_HANT,LINDRIG,ALLVARLIG"`
	Narrative     string     `json:"narrative" minLength:"2" maxLength:"20000"`
	HappenedAt    *time.Time `json:"happened_at,omitempty" doc:"Tomt: nyss"`
	DirectMeasure string     `json:"direct_measure,omitempty" maxLength:"5000"`
	People        string     `json:"people,omitempty" maxLength:"2000"`
	Place         string     `json:"place,omitempty" maxLength:"500"`
	OnBehalfOf    string     `json:"on_behalf_of,omitempty" maxLength:"200"`
	AboutManager  bool       `json:"about_manager,omitempty" doc:"Rapporten gäller enhetens egen chef; en chef högre upp handlägger"`
	Misconduct    bool       `json:"misconduct,omitempty" doc:"Missförhållande eller påtaglig risk för det: rapporten går direkt till lex Sarah-ansvarig"`
	SenderRole    string     `json:"sender_role,omitempty" enum:"PERSONAL,UPPDRAGSTAGARE,UTFORARE"`
}

type reportIn struct {
	Key  string `header:"Idempotency-Key" doc:"Ett nytt id (uuid) per rapport, så att den inte kan bli två"`
	Body reportBody
}

type receiptBody struct {
	ID          uuid.UUID  `json:"id"`
	Reference   string     `json:"reference"`
	ReceivedAt  time.Time  `json:"received_at"`
	UnitName    *string    `json:"unit_name"`
	ManagerName *string    `json:"manager_name"`
	Serious     bool       `json:"serious" doc:"Allvarligt: ring chefen också"`
	LexSarah    bool       `json:"lex_sarah" doc:"Rapporten gick direkt till lex Sarah-ansvarig"`
	ReceiptCode *string    `json:"receipt_code" doc:"Visas bara nu"`
	AnswerBy    clock.Date `json:"answer_by"`
	RegisterBy  clock.Date `json:"register_by"`
}

type receiptOut struct{ Body receiptBody }

func receipt(r Receipt, harm string) *receiptOut {
	out := receiptBody{
		ID: r.ID, Reference: r.Reference, ReceivedAt: r.ReceivedAt, UnitName: optional(r.UnitName), ManagerName: r.ManagerName,
		Serious: harm == HarmSerious, AnswerBy: r.AnswerBy, RegisterBy: r.RegisterBy,
	}
	if r.Code != nil {
		text := r.Code.Text()
		out.ReceiptCode = &text
	}
	return &receiptOut{out}
}

type takeDownBody struct {
	Channel      string     `json:"channel" enum:"MUNTLIG_TELEFON,MUNTLIG_MOTE,EPOST,SMS,BREV,BROSCHYR,ALDRE_DIREKT,INSPEKTION"`
	SenderRole   string     `json:"sender_role" enum:"BRUKARE,PATIENT,ANHORIG,FORETRADARE,INVANARE,ALLMANHET,PERSONAL,UTFORARE,SAMARBETSPARTNER,UPPDRAGSTAGARE,VARDGIVARE,MYNDIGHET,FORENING,ANONYM"`
	UnitID       *uuid.UUID `json:"unit_id,omitempty" format:"uuid"`
	Category     string     `json:"category,omitempty" maxLength:"60"`
	Harm         string     `json:"harm,omitempty" enum:"OKANT,NEJ,KUNDE_HA_HANT,LINDRIG,ALLVARLIG"`
	Narrative    string     `json:"narrative" minLength:"2" maxLength:"20000"`
	ArrivedOn    string     `json:"arrived_on" format:"date" doc:"Dagen det kom till oss"`
	Note         string     `json:"note,omitempty" maxLength:"2000" doc:"Vid muntlig uppgift: hur samtalet gick till"`
	WantsReply   string     `json:"wants_reply" enum:"NEJ,KOD,EPOST,TELEFON,BREV"`
	Contact      *Contact   `json:"contact,omitempty"`
	Anonymous    bool       `json:"anonymous,omitempty"`
	OnBehalfOf   string     `json:"on_behalf_of,omitempty" maxLength:"200"`
	HappenedAt   *time.Time `json:"happened_at,omitempty"`
	AboutManager bool       `json:"about_manager,omitempty"`
}

type takeDownIn struct {
	Key  string `header:"Idempotency-Key"`
	Body takeDownBody
}

func (s *Service) reportRoutes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{ID: "report-case", Method: http.MethodPost, Path: "/cases", Permission: "case:report", Status: 201, Summary: "Rapportera en avvikelse"},
		func(ctx context.Context, actor authz.Actor, in *reportIn) (*receiptOut, error) {
			key, err := keyOf("report-case", in.Key, in.Body)
			if err != nil {
				return nil, err
			}
			b := in.Body
			r, err := s.ReportByStaff(ctx, actor, key, Report{
				SenderRole: b.SenderRole, UnitID: &b.UnitID, Category: b.Category, Harm: b.Harm, AboutManager: b.AboutManager, Misconduct: b.Misconduct, HappenedAt: b.HappenedAt,
				Words: Words{Narrative: b.Narrative, Place: b.Place, Measure: b.DirectMeasure, People: b.People, OnBehalfOf: b.OnBehalfOf},
			})
			if err != nil {
				return nil, err
			}
			out := receipt(r, b.Harm)
			out.Body.LexSarah = b.Misconduct
			return out, nil
		})
	httpx.Register(api, httpx.Operation{ID: "take-down-case", Method: http.MethodPost, Path: "/cases/taken-down", Permission: "case:take-down", Status: 201, Summary: "Ta emot en synpunkt från någon annan"},
		func(ctx context.Context, actor authz.Actor, in *takeDownIn) (*receiptOut, error) {
			key, err := keyOf("take-down-case", in.Key, in.Body)
			if err != nil {
				return nil, err
			}
			r, err := in.Body.report()
			if err != nil {
				return nil, err
			}
			out, err := s.TakeDown(ctx, actor, key, r)
			if err != nil {
				return nil, err
			}
			return receipt(out, r.Harm), nil
		})
}

func (b takeDownBody) report() (Report, error) {
	on, err := clock.ParseDate(b.ArrivedOn)
	if err != nil {
		return Report{}, problem.Invalid(problem.Field("/arrived_on", "Skriv datum som ÅÅÅÅ-MM-DD."))
	}
	r := Report{
		Channel: b.Channel, SenderRole: b.SenderRole, UnitID: b.UnitID, Category: b.Category, Harm: b.Harm, AboutManager: b.AboutManager,
		Anonymous: b.Anonymous, WantsReply: b.WantsReply, HappenedAt: b.HappenedAt, ArrivedOn: on,
		Words: Words{Narrative: b.Narrative, Note: b.Note, OnBehalfOf: b.OnBehalfOf},
	}
	if b.Contact != nil {
		r.Words.Contact = *b.Contact
	}
	return r, nil
}
