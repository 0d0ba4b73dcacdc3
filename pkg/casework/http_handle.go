package casework

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
)

// bare is an act that says nothing more than itself.
type bare struct{ OnCase }

type withBody[B any] struct {
	OnCase
	Body B
}

type registerBody struct {
	CaseType      string     `json:"case_type" enum:"SYNPUNKT,KLAGOMAL,AVVIKELSE"`
	SynpunktKind  *string    `json:"synpunkt_kind,omitempty" enum:"FORSLAG,INVANDNING,BEROM,OVRIG"`
	SenderRole    string     `json:"sender_role" maxLength:"40"`
	Subject       string     `json:"subject" minLength:"3" maxLength:"120" doc:"Neutral ärendemening; nämner ingen person"`
	SubjectPublic string     `json:"subject_public,omitempty" maxLength:"120"`
	UnitID        *uuid.UUID `json:"unit_id,omitempty" format:"uuid"`
	Category      string     `json:"category,omitempty" maxLength:"60"`
	Secrecy       string     `json:"secrecy" enum:"OPPEN,SEKRETESS,STARK"`
	SecrecyLaw    string     `json:"secrecy_law,omitempty" maxLength:"200"`
	ExternalDNR   *string    `json:"external_dnr,omitempty" maxLength:"60"`
	Assign        bool       `json:"assign,omitempty" doc:"Tilldela närmaste chef samtidigt"`
}

type (
	assignBody struct {
		UnitID    uuid.UUID  `json:"unit_id" format:"uuid"`
		HandlerID *uuid.UUID `json:"handler_id,omitempty" format:"uuid"`
		Reason    string     `json:"reason,omitempty" maxLength:"500"`
	}
	reassignBody struct {
		UnitID    uuid.UUID  `json:"unit_id" format:"uuid"`
		HandlerID *uuid.UUID `json:"handler_id,omitempty" format:"uuid" doc:"Utelämnad: den närmaste chefen i dag"`
		Reason    string     `json:"reason" minLength:"3" maxLength:"500"`
	}
	againBody struct {
		Absent bool   `json:"absent,omitempty" doc:"Den tillfrågade chefen är borta: fråga nästa chef"`
		Reason string `json:"reason,omitempty" maxLength:"500"`
	}
	reasonBody struct {
		Reason string `json:"reason" minLength:"3" maxLength:"1000"`
	}
	acknowledgeBody struct {
		Note string `json:"note" minLength:"3" maxLength:"1000" doc:"Hur: ringde eller skickade brev, och när"`
	}
	questionBody struct {
		Question string `json:"question" minLength:"3" maxLength:"4000"`
	}
	classifyBody struct {
		Category          string   `json:"category,omitempty" maxLength:"60"`
		CategoryHSL       string   `json:"category_hsl,omitempty" maxLength:"60"`
		Lagrum            []string `json:"lagrum" maxItems:"5"`
		Severity          *int     `json:"severity,omitempty" minimum:"1" maximum:"4"`
		Probability       *int     `json:"probability,omitempty" minimum:"1" maximum:"4"`
		Harm              string   `json:"harm" enum:"OKANT,NEJ,KUNDE_HA_HANT,LINDRIG,ALLVARLIG"`
		Concerns          *string  `json:"concerns,omitempty" enum:"ENSKILD,GRUPP,VERKSAMHET,ANNAT"`
		AffectsIndividual bool     `json:"affects_individual,omitempty"`
		UnmetNeed         bool     `json:"unmet_need,omitempty"`
	}
	complexityBody struct {
		Decision   string `json:"decision" enum:"ENKEL,KOMPLICERAD"`
		Motivation string `json:"motivation" minLength:"3" maxLength:"4000"`
	}
	delegateBody struct {
		PersonID *uuid.UUID `json:"person_id,omitempty" format:"uuid" doc:"Utelämnad: ta tillbaka"`
	}
	replyBody struct {
		ResponseLevel string `json:"response_level" enum:"BEKRAFTELSE,ENKELT_SVAR,UTREDNING"`
		Body          string `json:"body,omitempty" maxLength:"20000"`
		NoReplyReason string `json:"no_reply_reason,omitempty" maxLength:"1000"`
	}
	feedbackBody struct {
		GivenOn string `json:"given_on" format:"date"`
		Method  string `json:"method" enum:"SAMTAL,TELEFON,BREV,EPOST,MOTE,KOD,EJ_MOJLIGT"`
		Note    string `json:"note,omitempty" maxLength:"4000"`
	}
	closeBody struct {
		Outcome     *string  `json:"outcome,omitempty" enum:"BEFOGAT,DELVIS_BEFOGAT,EJ_BEFOGAT,KAN_EJ_BEDOMAS,ATERTAGET"`
		QualityDims []string `json:"quality_dims,omitempty" maxItems:"9"`
		Personakt   string   `json:"personakt" enum:"NEJ,JA" doc:"Finns uppgifter som måste dokumenteras i personakten?"`
		ClosingNote string   `json:"closing_note,omitempty" maxLength:"4000"`
	}
	messageBody struct {
		Kind string `json:"kind" enum:"FRAGA,MEDDELANDE,ANTECKNING"`
		Body string `json:"body" minLength:"2" maxLength:"20000"`
	}
)

// act registers an operation that moves or changes a case and answers with the case.
func act[B any](s *Service, api *httpx.API, op httpx.Operation, do func(ctx context.Context, actor authz.Actor, id uuid.UUID, version int, b B) error) {
	op.Method = http.MethodPost
	httpx.Register(api, op, func(ctx context.Context, actor authz.Actor, in *withBody[B]) (*caseOut, error) {
		return s.answered(ctx, actor, in.OnCase, func(version int) error { return do(ctx, actor, in.ID, version, in.Body) })
	})
}

// step is act for an operation without a body.
func step(s *Service, api *httpx.API, op httpx.Operation, do func(ctx context.Context, actor authz.Actor, id uuid.UUID, version int) error) {
	op.Method = http.MethodPost
	httpx.Register(api, op, func(ctx context.Context, actor authz.Actor, in *bare) (*caseOut, error) {
		return s.answered(ctx, actor, in.OnCase, func(version int) error { return do(ctx, actor, in.ID, version) })
	})
}

type op = httpx.Operation

func (s *Service) handleRoutes(api *httpx.API) {
	act(s, api, op{ID: "register-case", Path: "/cases/{id}/register", Permission: "case:register", Summary: "Registrera i diariet (T2)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b registerBody) error {
			return s.Register(ctx, actor, id, v, Registration(b))
		})
	act(s, api, op{ID: "assign-case", Path: "/cases/{id}/assign", Permission: "case:assign", Summary: "Tilldela chef (T4)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b assignBody) error {
			return s.Assign(ctx, actor, id, v, Assignment(b))
		})
	act(s, api, op{ID: "reassign-case", Path: "/cases/{id}/reassign", Permission: "case:reassign", Summary: "Byt handläggare (T4)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b reassignBody) error {
			return s.Reassign(ctx, actor, id, v, Assignment(b))
		})
	act(s, api, op{ID: "void-case", Path: "/cases/{id}/void", Permission: "case:void", Summary: "Makulera (T26)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b reasonBody) error {
			return s.Void(ctx, actor, id, v, b.Reason)
		})
	step(s, api, op{ID: "number-case", Path: "/cases/{id}/own-number", Permission: "case:number", Summary: "Ge eget diarienummer"}, s.OwnNumber)
	act(s, api, op{ID: "acknowledge-case", Path: "/cases/{id}/acknowledge", Permission: "case:acknowledge", Summary: "Anteckna att den som berättade har fått en bekräftelse"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b acknowledgeBody) error {
			return s.Acknowledge(ctx, actor, id, v, b.Note)
		})
	step(s, api, op{ID: "assess-case", Path: "/cases/{id}/assess", Permission: "case:assess", Summary: "Börja bedöma (T5)"}, s.Assess)
	act(s, api, op{ID: "classify-case", Path: "/cases/{id}/classification", Permission: "case:classify", Summary: "Klassificera"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b classifyBody) error {
			return s.Classify(ctx, actor, id, v, Classification(b))
		})
	act(s, api, op{ID: "consult-case", Path: "/cases/{id}/consult", Permission: "case:consult", Summary: "Samråd: fråga närmaste chef (T6)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b questionBody) error {
			return s.Consult(ctx, actor, id, v, b.Question)
		})
	act(s, api, op{ID: "ask-again", Path: "/cases/{id}/ask-again", Permission: "case:ask-again", Summary: "Samråd: flytta frågan till den som är chef i dag (T6)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b againBody) error {
			return s.AskAgain(ctx, actor, id, v, Again(b))
		})
	act(s, api, op{ID: "decide-complexity", Path: "/cases/{id}/complexity", Permission: "case:decide-complexity", Summary: "Avgör enkelt eller komplicerat (T7)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b complexityBody) error {
			return s.DecideComplexity(ctx, actor, id, v, Decision{Complexity: b.Decision, Motivation: b.Motivation})
		})
	step(s, api, op{ID: "investigate-case", Path: "/cases/{id}/investigate", Permission: "case:investigate", Summary: "Starta utredning (T9)"}, s.Investigate)
	act(s, api, op{ID: "delegate-case", Path: "/cases/{id}/delegate", Permission: "case:delegate", Summary: "Lämna över utredningen (T10)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b delegateBody) error {
			return s.Delegate(ctx, actor, id, v, b.PersonID)
		})
	step(s, api, op{ID: "take-back-case", Path: "/cases/{id}/take-back", Permission: "case:take-back", Summary: "Ta tillbaka utredningen (T10)"}, s.TakeBack)
	act(s, api, op{ID: "await-info", Path: "/cases/{id}/await-info", Permission: "case:await-info", Summary: "Vänta på komplettering (T19)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b questionBody) error {
			return s.AwaitInfo(ctx, actor, id, v, b.Question)
		})
	step(s, api, op{ID: "resume-case", Path: "/cases/{id}/resume", Permission: "case:resume", Summary: "Fortsätt handlägga (T19)"}, s.Resume)
	step(s, api, op{ID: "plan-measures", Path: "/cases/{id}/plan-measures", Permission: "case:plan-measures", Summary: "Besluta åtgärder (T12)"}, s.PlanMeasures)
	s.answerRoutes(api)
}

func (s *Service) answerRoutes(api *httpx.API) {
	act(s, api, op{ID: "reply-case", Path: "/cases/{id}/reply", Permission: "case:reply", Summary: "Svara den som berättade (T8, T15)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b replyBody) error {
			return s.Reply(ctx, actor, id, v, Reply{Level: b.ResponseLevel, Body: b.Body, NoReplyReason: b.NoReplyReason})
		})
	act(s, api, op{ID: "send-message", Path: "/cases/{id}/messages", Permission: "message:send", Summary: "Skriv meddelande eller anteckning"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b messageBody) error {
			return s.Message(ctx, actor, id, v, Message(b))
		})
	act(s, api, op{ID: "log-feedback", Path: "/cases/{id}/feedbacks", Permission: "feedback:log", Summary: "Anteckna återföring till brukaren"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b feedbackBody) error {
			on, err := clock.ParseDate(b.GivenOn)
			if err != nil {
				return problem.Invalid(problem.Field("/given_on", "Skriv datum som ÅÅÅÅ-MM-DD."))
			}
			return s.LogFeedback(ctx, actor, id, v, Feedback{On: on, Method: b.Method, Note: b.Note})
		})
	step(s, api, op{ID: "follow-up-case", Path: "/cases/{id}/follow-up", Permission: "case:follow-up", Summary: "Gå vidare till uppföljning (T16)"}, s.FollowUp)
	act(s, api, op{ID: "close-case", Path: "/cases/{id}/close", Permission: "case:close", Summary: "Avsluta (T17)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b closeBody) error {
			return s.Close(ctx, actor, id, v, Closing{Outcome: b.Outcome, QualityDims: b.QualityDims, Personakt: b.Personakt, Note: b.ClosingNote})
		})
	act(s, api, op{ID: "reopen-case", Path: "/cases/{id}/reopen", Permission: "case:reopen", Summary: "Öppna igen (T27)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b reasonBody) error {
			return s.Reopen(ctx, actor, id, v, b.Reason)
		})
}
