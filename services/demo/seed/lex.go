package seed

import (
	"time"

	"github.com/google/uuid"
)

// lex is the track of lex Sarah beside a case: somewhere on its way while the case is held, with the unit again once decided.
func (r *record) lex() {
	held := r.step("T23")
	if held.At.IsZero() || r.did("T24") {
		return
	}
	leader := r.o.maybe("lex_ansvarig")
	worker := r.o.maybe("lex_utredare")
	at := held.At
	row := map[string]any{"step": "reported", "prev_step": "none"}
	seal := func(column, text string) { row[column] = r.seal("lex_cases", column, r.id, text) }
	stage := int(share01(r.name+"/lex") * 4)
	if !r.did("T25") && r.s.now.Sub(at) < 8*time.Hour {
		stage = 0
	}
	if r.did("T25") {
		stage = 5
	}
	if stage > 0 {
		row["step"], row["prev_step"], row["received_at"], row["received_by"] = "immediate_measures", "reported", at.Add(40*time.Minute), leader
		seal("what_sealed", "En brukare har kommit till skada eller kunde ha gjort det.")
	}
	if stage > 1 {
		row["step"], row["prev_step"], row["immediate_at"] = "initial_assessment", "immediate_measures", at.Add(90*time.Minute)
		seal("immediate_sealed", "Extra tillsyn är insatt och den enskilde har fått hjälp.")
	}
	if stage > 2 {
		row["step"], row["prev_step"], row["assessment"], row["assessed_at"], row["assessed_by"] = "investigating", "initial_assessment", "UTRED", at.Add(5*time.Hour), leader
		row["investigator_id"] = worker
		seal("assessment_sealed", "Det kan vara ett missförhållande och behöver utredas.")
	}
	if stage == 5 {
		r.decidedByLex(row, seal, leader, worker)
	}
	seal("reason_sealed", "Rapporterad som missförhållande eller påtaglig risk för missförhållande.")
	day := dayOf(at)
	r.s.add(inLexCases, r.id, row["step"], row["prev_step"], at, r.reporterID, held.From, row["reason_sealed"], row["received_at"], row["received_by"],
		row["what_sealed"], row["immediate_at"], row["immediate_sealed"], row["assessment"], row["assessment_sealed"], row["assessed_at"], row["assessed_by"],
		row["investigator_id"], row["proposed_degree"], row["proposal_sealed"], row["proposed_by"], row["proposed_at"], row["degree"], row["decision_sealed"],
		row["delegation_sealed"], row["decided_by"], row["decided_at"], r.o.cfg.Calendar().AddWorkingDays(day, 1), day.AddDays(60), row["ivo_on"], row["returned_at"])
	r.s.add(inLexSteps, r.sub(at, "lex-step", 0), r.id, at, r.reporterID, "lex.held", "L1", "none", "reported")
}

// stub is what those who had the case before see of it while it is held.
func (r *record) stub(reference string) {
	if held := r.step("T23"); !held.At.IsZero() && !r.did("T24") && !r.did("T25") {
		r.s.add(inLexStubs, r.id, reference, null(r.entryNo), r.unit, r.aboutManager, []uuid.UUID{}, held.At)
	}
}

func (r *record) decidedByLex(row map[string]any, seal func(column, text string), leader, worker *uuid.UUID) {
	back := r.step("T25").At
	row["step"], row["prev_step"], row["returned_at"] = "returned_to_unit", "decided", back
	row["proposed_degree"], row["proposed_by"], row["proposed_at"] = r.MisconductDegree, worker, back.Add(-30*time.Hour)
	row["degree"], row["decided_by"], row["decided_at"] = r.MisconductDegree, leader, back.Add(-6*time.Hour)
	if r.MisconductDegree == "ALLVARLIGT" {
		row["ivo_on"], row["prev_step"] = dayOf(back.Add(-4*time.Hour)), "ivo_notified"
	}
	seal("proposal_sealed", "Utredningen visar att rutinen inte följdes och att följderna kunde ha blivit större.")
	seal("decision_sealed", "Beslut enligt utredarens förslag.")
	seal("delegation_sealed", "Delegationsordningen punkt 4.2")
}
