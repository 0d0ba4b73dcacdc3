package casework

import (
	"context"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/httpx"
)

type (
	referralBody struct {
		Kind          string     `json:"kind" enum:"YTTRANDE,UPPLYSNING"`
		Authority     string     `json:"authority" enum:"IVO,JO,JK,DO,DOMSTOL,PATIENTNAMND,SOCIALSTYRELSEN,ANNAN"`
		AuthorityName string     `json:"authority_name,omitempty" maxLength:"120" doc:"När myndigheten inte finns i listan"`
		AuthorityDNR  string     `json:"authority_dnr,omitempty" maxLength:"60" doc:"Myndighetens diarienummer"`
		DueOn         string     `json:"due_on" format:"date" doc:"Dagen svaret ska vara hos myndigheten"`
		HandlerID     uuid.UUID  `json:"handler_id" format:"uuid" doc:"Avdelningschef eller kanslisekreterare"`
		UnitID        *uuid.UUID `json:"unit_id,omitempty" format:"uuid"`
		Subject       string     `json:"subject" minLength:"3" maxLength:"120"`
		SubjectPublic string     `json:"subject_public,omitempty" maxLength:"120"`
		Secrecy       string     `json:"secrecy" enum:"OPPEN,SEKRETESS,STARK"`
	}
	toBoardBody struct {
		MeetingOn   string    `json:"meeting_on" format:"date"`
		SecretaryID uuid.UUID `json:"secretary_id" format:"uuid"`
		Proposal    string    `json:"proposal" minLength:"3" maxLength:"20000" doc:"Förslag till beslut"`
	}
	boardDecisionBody struct {
		Outcome   string `json:"outcome" enum:"BESLUT,ATERREMISS"`
		DecidedOn string `json:"decided_on" format:"date"`
		Paragraph string `json:"paragraph" pattern:"^[0-9]{1,4}[a-z]?$" doc:"Paragraf i protokollet, bara numret"`
		Decision  string `json:"decision" minLength:"3" maxLength:"20000"`
	}
	dispatchBody struct {
		SentOn string `json:"sent_on" format:"date"`
		To     string `json:"to" enum:"MYNDIGHET,ANMALARE,BADA"`
		Way    string `json:"way" enum:"EPOST,BREV,E_TJANST,SAKER_MEDDELANDE"`
		Body   string `json:"body,omitempty" maxLength:"20000" doc:"Svar som den som berättade läser"`
	}
)

// boardRoutes are the referral (T3) and the board (T13, T14).
func (s *Service) boardRoutes(api *httpx.API) {
	act(s, api, op{ID: "register-referral", Path: "/cases/{id}/register-referral", Permission: "case:register-referral", Summary: "Registrera remiss (T3)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b referralBody) error {
			due, err := dateField("/due_on", b.DueOn)
			if err != nil {
				return err
			}
			return s.RegisterReferral(ctx, actor, id, v, Referral{
				Kind: b.Kind, Authority: b.Authority, AuthorityName: b.AuthorityName, AuthorityDNR: b.AuthorityDNR, DueOn: due,
				HandlerID: b.HandlerID, UnitID: b.UnitID, Subject: b.Subject, SubjectPublic: b.SubjectPublic, Secrecy: b.Secrecy,
			})
		})
	act(s, api, op{ID: "send-to-board", Path: "/cases/{id}/to-board", Permission: "case:to-board", Summary: "Skicka till nämnden (T13)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b toBoardBody) error {
			on, err := dateField("/meeting_on", b.MeetingOn)
			if err != nil {
				return err
			}
			return s.SendToBoard(ctx, actor, id, v, ToBoard{MeetingOn: on, Secretary: b.SecretaryID, Proposal: b.Proposal})
		})
	act(s, api, op{ID: "record-board-decision", Path: "/cases/{id}/board-decision", Permission: "case:record-board-decision", Summary: "Anteckna nämndens beslut (T14)"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b boardDecisionBody) error {
			on, err := dateField("/decided_on", b.DecidedOn)
			if err != nil {
				return err
			}
			return s.RecordBoardDecision(ctx, actor, id, v, BoardDecision{Outcome: b.Outcome, DecidedOn: on, Paragraph: b.Paragraph, Text: b.Decision})
		})
	act(s, api, op{ID: "dispatch-decision", Path: "/cases/{id}/dispatch", Permission: "case:dispatch", Summary: "Expediera nämndens beslut"},
		func(ctx context.Context, actor authz.Actor, id uuid.UUID, v int, b dispatchBody) error {
			on, err := dateField("/sent_on", b.SentOn)
			if err != nil {
				return err
			}
			return s.DispatchDecision(ctx, actor, id, v, Dispatch{SentOn: on, To: b.To, Way: b.Way, Body: b.Body})
		})
}
