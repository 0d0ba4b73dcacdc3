package casework

import (
	"slices"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/problem"
)

// partRow is what the database knows of the actor's part in a case: that she may open it at all says less than why.
type partRow struct {
	SeesAll bool `db:"sees_all"`
	Leads   bool `db:"leads"`
	Told    bool `db:"told"`
}

const partColumns = `
  (select app.sees_all()) and c.access_label <> 'LEX' as sees_all,
  case when c.access_label = 'LEX' then 'LEX_LEAD' = any ((select app.labels())::text[])
    else coalesce(not c.about_manager and c.unit_id = any((select app.units_in_sight())::uuid[]), false) end as leads,
  coalesce((select app.pid()) in (c.reporter_id, c.taken_down_by), false) as told`

const selectPart = `select` + partColumns + ` from app.cases c where c.id = @id`

// Above: the actor leads a unit above the case's, higher up than its handler does; a handler from elsewhere stands where
// the unit's own manager stands. One who leads nothing any more has everybody of the line above her.
const selectAbove = `
with recursive up (id, depth) as (
  select c.unit_id, 0 from app.cases c where c.id = @id and c.unit_id is not null
  union all
  select p.parent_id, up.depth + 1 from up join app.unit_parents p on p.unit_id = up.id
   where p.valid_from <= app.today() and (p.valid_to is null or p.valid_to >= app.today()) and up.depth < 20
), heads as (
  select up.depth, m.person_id from up join app.unit_managers m on m.unit_id = up.id
   where m.valid_from <= app.today() and (m.valid_to is null or m.valid_to >= app.today())
)
select exists (select from heads h where h.person_id = (select app.pid())
   and h.depth > coalesce((select min(x.depth) from heads x join app.cases c on c.id = @id and c.handler_id = x.person_id),
     (select min(0) from app.cases c join app.unit_managers m on m.tenant_id = c.tenant_id and m.person_id = c.handler_id
       where c.id = @id and m.valid_from <= app.today() and (m.valid_to is null or m.valid_to >= app.today())), -1)) as above`

// queueAbove asks for it where it matters: of those who may give a case to somebody else and do not register everything.
func (s *Service) queueAbove(b *db.Batch, actor authz.Actor, caseID uuid.UUID, above *bool) {
	if s.policy.May(actor, "case:reassign") && !s.policy.May(actor, "case:register") {
		b.One(selectAbove, db.Args{"id": caseID}, above)
	}
}

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
	case row.Leads || is(c.HandlerID, s.Actor) || is(c.InvestigatorID, s.Actor) || is(c.SuperiorID, s.Actor) || is(c.SecretaryID, s.Actor):
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
	v.Investigator, v.Superior, v.Secretary, v.Consultation, v.Investigation = nil, nil, nil, nil, nil
	v.Referral, v.Board = nil, []BoardView{}
	v.Similar.Count, v.Links = 0, []LinkView{}
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
