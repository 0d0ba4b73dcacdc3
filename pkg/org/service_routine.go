package org

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/problem"
	"lyhord/tenants"
)

// Decisions about a proposed version of the routine.
const (
	SwitchOn = "PA"
	TurnDown = "AVSLAGEN"
)

// RoutineVersion is one version of the routine as configuration: what changes, who wants it and why, who decided.
type RoutineVersion struct {
	ID         uuid.UUID     `json:"id" db:"id"`
	No         int           `json:"no" db:"no"`
	Rules      tenants.Rules `json:"rules" db:"body"`
	Reason     string        `json:"reason" db:"reason"`
	Changes    []string      `json:"changes" db:"changes" doc:"Vad som ändras, i ord"`
	ProposedBy string        `json:"proposed_by" db:"proposed_by"`
	ProposedAt time.Time     `json:"proposed_at" db:"proposed_at"`
	Mine       bool          `json:"mine" db:"mine" doc:"Den som föreslår slår inte på"`
	Decision   *string       `json:"decision" db:"decision"`
	DecidedBy  *string       `json:"decided_by" db:"decided_by"`
	DecidedAt  *time.Time    `json:"decided_at" db:"decided_at"`
	ValidFrom  *clock.Date   `json:"valid_from" db:"valid_from"`
}

// RuleName is a deadline and what people call it.
type RuleName struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Words string `json:"words" doc:"Regeln i ord"`
}

// RoutineView is the routine in force and its versions, the newest first.
type RoutineView struct {
	No       int              `json:"no" doc:"0 är den första, från filen"`
	Rules    tenants.Rules    `json:"rules"`
	Names    []RuleName       `json:"names"`
	Versions []RoutineVersion `json:"versions"`
}

// ruleOrder is the order of the deadlines on the page: the way a case goes.
var ruleOrder = []string{
	tenants.RuleRegister, tenants.RuleAcknowledge, tenants.RuleDeviationStart, tenants.RuleConsult, tenants.RuleReplySimple, tenants.RuleReplyComplex,
	tenants.RuleDeviationDone, tenants.RuleReferral, tenants.RuleFollowUp, tenants.RuleLexReceive, tenants.RuleLexStart, tenants.RuleLexDone,
	tenants.RuleLexIVO, tenants.RuleQuarterly,
}

// Routine shows the routine in force and every version with its author and reason.
func (s *Service) Routine(ctx context.Context, actor authz.Actor) (RoutineView, error) {
	cfg, err := s.Config(ctx, actor.Scope())
	if err != nil {
		return RoutineView{}, err
	}
	out := RoutineView{No: cfg.Routine, Rules: cfg.Tenant.Rules()}
	for _, id := range ruleOrder {
		if r, ok := out.Rules.Deadlines[id]; ok {
			out.Names = append(out.Names, RuleName{ID: id, Name: tenants.RuleNames[id], Words: r.Words()})
		}
	}
	b := &db.Batch{}
	db.Collect(b, sqlRoutineVersions, nil, &out.Versions)
	return out, s.db.Once(ctx, actor.Scope(), b)
}

// Proposal is a wish for other rules and the reason for it. The key makes a double send one proposal.
type Proposal struct {
	Key    uuid.UUID
	SHA256 []byte
	Rules  tenants.Rules
	Reason string
}

// Propose writes a new version down. It changes nothing until somebody else switches it on.
func (s *Service) Propose(ctx context.Context, actor authz.Actor, id uuid.UUID, p Proposal) error {
	cfg, err := s.Config(ctx, actor.Scope())
	if err != nil {
		return err
	}
	if err := CheckRules(p.Rules); err != nil {
		return err
	}
	now := cfg.Tenant.Rules()
	changes := now.Diff(cfg.Tenant.With(p.Rules).Rules())
	if len(changes) == 0 {
		return problem.Invalid(problem.Field("/rules", "Ingenting är ändrat."))
	}
	body, err := json.Marshal(p.Rules)
	if err != nil {
		return problem.Internal(err)
	}
	b := &db.Batch{}
	b.Exec(sqlOnce, db.Args{"key": p.Key, "sha": p.SHA256, "ref": id})
	b.Exec(sqlPropose, db.Args{"id": id, "body": body, "reason": p.Reason, "changes": changes, "at": s.clock.Now()})
	audit.Record(ctx, b, audit.Entry{Action: "propose-routine", Kind: string(actor.Kind)})
	return s.db.Once(ctx, actor.Scope(), b)
}

// CheckRules says what is wrong with proposed rules, field by field.
func CheckRules(r tenants.Rules) error {
	var wrong []problem.FieldError
	for _, f := range r.Faults() {
		wrong = append(wrong, problem.Field("/rules"+f.At, f.Text))
	}
	if len(wrong) > 0 {
		return problem.Invalid(wrong...)
	}
	return nil
}

// Decide switches a proposed version on from the midnight a day begins, or turns it down. Whoever proposed it cannot.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, id uuid.UUID, decision string, from clock.Date) error {
	args := db.Args{"id": id, "decision": decision, "by": actor.ID, "at": s.clock.Now(), "valid_from": nil}
	if decision == SwitchOn {
		if !from.After(s.today()) {
			return problem.Invalid(problem.Field("/valid_from", "Välj en dag som kommer, tidigast i morgon."))
		}
		args["valid_from"] = from
	}
	b := &db.Batch{}
	b.Exec(sqlVersionThere, db.Args{"id": id})
	b.Exec(sqlDecide, args)
	audit.Record(ctx, b, audit.Entry{Action: "decide-routine", Kind: string(actor.Kind)})
	err := s.db.Once(ctx, actor.Scope(), b)
	if problem.Is(err, problem.KindConflict) {
		return problem.Conflict("routine_decided", "Förslaget är redan avgjort, eller så är det du som har lagt det. Någon annan ska slå på det.")
	}
	return err
}
