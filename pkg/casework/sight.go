package casework

import (
	"slices"

	"github.com/google/uuid"

	"lyhord/pkg/platform/problem"
)

// partRow is what the database knows of the actor's part in a case: that she may open it at all says less than why.
type partRow struct {
	SeesAll bool `db:"sees_all"`
	Leads   bool `db:"leads"`
	Told    bool `db:"told"`
}

const partColumns = `
  (select app.sees_all()) as sees_all,
  coalesce(not c.about_manager and c.unit_id = any((select app.units_in_sight())::uuid[]), false) as leads,
  coalesce((select app.pid()) in (c.reporter_id, c.taken_down_by), false) as told`

const selectPart = `select` + partColumns + ` from app.cases c where c.id = @id`

// part is the actor's part in a case. It follows from the case, not from the roles she holds: a manager who reports about
// another unit is a reporter there.
type part uint8

const (
	carries   part = iota // carries out a measure, or had a part once: her measures, nothing that was told
	told                  // reported it or wrote it down: her own report, what was answered, what was decided
	follows               // follows the quality of the whole board: the course of things, not who told and about whom
	worksHere             // registers, handles, investigates, was asked, or leads the unit: everything
)

func is(id *uuid.UUID, who uuid.UUID) bool { return id != nil && *id == who }

// part finds it out.
func (s Situation) part(row partRow) part {
	c := s.Case
	switch {
	case row.Leads || is(c.HandlerID, s.Actor) || is(c.InvestigatorID, s.Actor) || is(c.SuperiorID, s.Actor):
		return worksHere
	case row.SeesAll && s.May("case:register"):
		return worksHere
	case row.SeesAll:
		return follows
	case row.Told:
		return told
	}
	return carries
}

// only leaves of a case page what belongs to the actor's part in the case (SoLPuL: who needs it for her work).
func (v *CaseView) only(s Situation, row partRow) {
	p := s.part(row)
	if p == worksHere {
		return
	}
	if !row.Told {
		v.Reporter = nil
		v.Report = ReportView{Narrative: v.Report.Narrative, Place: v.Report.Place, DirectMeasure: v.Report.DirectMeasure}
	}
	v.Messages = slices.DeleteFunc(v.Messages, func(m MessageView) bool { return !row.Told || m.Direction != toReporter })
	v.ReadersCount = 0
	if p == follows {
		return
	}
	if !row.Told {
		v.Report = ReportView{}
	}
	v.Investigator, v.Superior, v.Consultation, v.Investigation = nil, nil, nil, nil
	v.Similar.Count = 0
	v.Feedbacks, v.Causes, v.RedThread = []FeedbackView{}, []CauseView{}, []ThreadView{}
	v.Measures = slices.DeleteFunc(v.Measures, func(m MeasureView) bool {
		decided := m.Status != "FORSLAG" && m.Status != "AVSLAGEN"
		return m.Owner.ID != s.Actor && !(p == told && decided)
	})
}

// mayFollow refuses the history to those who have the case only because they reported it or carry out a measure.
func (s Situation) mayFollow(row partRow) error {
	if s.part(row) < follows {
		return problem.Forbidden()
	}
	return nil
}
