package casework

import (
	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
)

type referralRow struct {
	Kind      string     `db:"kind"`
	Authority string     `db:"authority"`
	Name      []byte     `db:"authority_name_sealed"`
	DNR       *string    `db:"authority_dnr"`
	DueOn     clock.Date `db:"due_on"`
}

const selectReferral = `select kind, authority, authority_name_sealed, authority_dnr, due_on from app.referrals where case_id = @id`

type boardRow struct {
	ID            uuid.UUID   `db:"id"`
	MeetingOn     clock.Date  `db:"meeting_on"`
	Proposal      []byte      `db:"proposal_sealed"`
	Outcome       *string     `db:"outcome"`
	DecidedOn     *clock.Date `db:"decided_on"`
	Paragraph     *string     `db:"paragraph"`
	Decision      []byte      `db:"decision_sealed"`
	DispatchedOn  *clock.Date `db:"dispatched_on"`
	DispatchedTo  *string     `db:"dispatched_to"`
	DispatchedWay *string     `db:"dispatched_way"`
}

const selectBoard = `
select id, meeting_on, proposal_sealed, outcome, decided_on, paragraph, decision_sealed, dispatched_on, dispatched_to, dispatched_way
  from app.board_items where case_id = @id order by sent_at, id`

// ReferralView is what an authority asked for.
type ReferralView struct {
	Kind          string     `json:"kind" enum:"YTTRANDE,UPPLYSNING"`
	Authority     string     `json:"authority"`
	AuthorityName string     `json:"authority_name"`
	AuthorityDNR  *string    `json:"authority_dnr"`
	DueOn         clock.Date `json:"due_on" doc:"Dagen myndigheten har bett om"`
}

// BoardView is a turn in the board.
type BoardView struct {
	ID            uuid.UUID   `json:"id"`
	MeetingOn     clock.Date  `json:"meeting_on"`
	Proposal      string      `json:"proposal"`
	Outcome       *string     `json:"outcome"`
	DecidedOn     *clock.Date `json:"decided_on"`
	Paragraph     *string     `json:"paragraph"`
	Decision      string      `json:"decision"`
	DispatchedOn  *clock.Date `json:"dispatched_on"`
	DispatchedTo  *string     `json:"dispatched_to"`
	DispatchedWay *string     `json:"dispatched_way"`
}

func (o *opener) referral(v *CaseView, p pageRows) {
	for _, r := range p.referral {
		v.Referral = &ReferralView{
			Kind: r.Kind, Authority: r.Authority, AuthorityName: o.text("referrals", "authority_name_sealed", p.Case.ID, r.Name), AuthorityDNR: r.DNR, DueOn: r.DueOn,
		}
	}
	for _, r := range p.board {
		v.Board = append(v.Board, BoardView{
			ID: r.ID, MeetingOn: r.MeetingOn, Proposal: o.text("board_items", "proposal_sealed", r.ID, r.Proposal), Outcome: r.Outcome, DecidedOn: r.DecidedOn,
			Paragraph: r.Paragraph, Decision: o.text("board_items", "decision_sealed", r.ID, r.Decision), DispatchedOn: r.DispatchedOn,
			DispatchedTo: r.DispatchedTo, DispatchedWay: r.DispatchedWay,
		})
	}
}
