package seed

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/org"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/seal"
	"lyhord/services/demo/city"
	"lyhord/tenants"
)

// draft is an invented case and what the demo adds to it.
type draft struct {
	city.Case
	name         string // what its ids are made of; history uses the case's number
	reporter     string // key of the member of staff who reported
	delegated    bool   // the unit's investigator has the work
	graded       bool   // the manager has graded it, though nothing shows yet that she has
	aboutManager bool   // it concerns the unit's own manager, so the next one up handles it
	code         *id.ReceiptCode
}

// record is one case on its way to becoming rows.
type record struct {
	draft
	s   *sheet
	o   *office
	id  uuid.UUID
	key *seal.CaseKey

	unit                            uuid.UUID
	reporterID, takenDownBy         *uuid.UUID
	handler, superior, investigator *uuid.UUID
	readers                         []uuid.UUID

	events     []event
	receivedOn clock.Date
	due        org.Deadline
	dueOn      clock.Date
	answeredAt time.Time
	pausedAt   time.Time
	numberedAt time.Time // own number
	entryNo    string
	ownDNR     string
	version    int
	updatedAt  time.Time
}

// record makes every row of a case but the register's, whose numbers wait for all cases.
func (s *sheet) record(d draft) {
	if d.name == "" {
		d.name = fmt.Sprintf("case/%d", d.No)
	}
	d.name = s.office.Slug + "/" + d.name
	r := &record{draft: d, s: s, o: s.office, unit: s.office.unitID(d.Place.Unit)}
	r.id = newID(d.ReceivedAt, d.name)
	key, wrapped := r.o.key.NewCaseKey(r.id)
	r.key = key
	r.receivedOn = dayOf(d.ReceivedAt)
	r.assignPeople()
	r.clocks()
	r.words()
	r.moves()
	r.consult()
	r.investigate()
	r.talk()
	r.remind()
	r.sum()
	s.add(inKeys, r.id, r.o.key.Version(), wrapped)
	s.cases = append(s.cases, r)
}

// sub is the id of a row that belongs to the case.
func (r *record) sub(at time.Time, what string, n int) uuid.UUID {
	return newID(at, fmt.Sprintf("%s/%s/%d", r.name, what, n))
}

// seal seals a text, or nothing when there is none.
func (r *record) seal(table, column string, row uuid.UUID, text string) any {
	if text == "" {
		return nil
	}
	return r.key.Seal(table, column, row, text)
}

// step is the last move with the code; its time is zero where there was none.
func (r *record) step(codes ...string) city.Step {
	for i := len(r.Course) - 1; i >= 0; i-- {
		if slices.Contains(codes, r.Course[i].Transition) {
			return r.Course[i]
		}
	}
	return city.Step{}
}

func (r *record) did(codes ...string) bool { return !r.step(codes...).At.IsZero() }

// assignPeople finds out who reported, handles, decides and investigates.
func (r *record) assignPeople() {
	assigned := r.AssignedAt
	if assigned.IsZero() {
		assigned = r.step("T4", "T21", "T24", "T25").At
	}
	r.reported()
	if !assigned.IsZero() {
		r.assignHandler(dayOf(assigned))
	}
	if r.handler != nil && r.did("T6") {
		if boss, ok := r.o.superior(r.Place.Unit, *r.handler, dayOf(r.step("T6").At)); ok {
			r.superior = &boss
		}
	}
	utredare, _ := holder(r.o.Tenant, "utredare")
	atHome := home(r.o.Tenant, utredare, "utredare") == r.Place.Unit
	if atHome && r.did("T9", "T7b") && (r.delegated || r.No > 0 && share01(r.name) < 0.4) {
		who := r.o.personID(utredare)
		r.investigator = &who
	}
	r.collectReaders()
}

// reported: staff with an account stand as reporters; what somebody said was taken down by the registrar.
func (r *record) reported() {
	medarbetare, ok := holder(r.o.Tenant, "medarbetare")
	own := ok && r.Channel == "EGEN_IAKTTAGELSE" && !r.Anonymous
	atHome := own && home(r.o.Tenant, medarbetare, "medarbetare") == r.Place.Unit
	recent := r.s.now.Sub(r.ReceivedAt) < 150*24*time.Hour
	switch {
	case r.reporter != "" && !r.Anonymous:
		who := r.o.personID(r.reporter)
		r.reporterID = &who
	case atHome && recent && r.No > 0 && share01(r.name+"/who") < 0.4:
		who := r.o.personID(medarbetare)
		r.reporterID = &who
	case !slices.Contains([]string{"EGEN_IAKTTAGELSE", "WEBBFORMULAR", "UTFORARE_API"}, r.Channel):
		r.takenDownBy = r.o.maybe("registrator")
	}
}

func (r *record) assignHandler(on clock.Date) {
	if r.did("T23") && !r.did("T24") {
		r.handler = r.o.maybe("lex_ansvarig")
		return
	}
	who, ok := r.o.manager(r.Place.Unit, on)
	if ok && r.aboutManager {
		who, ok = r.o.superior(r.Place.Unit, who, on)
	}
	if ok {
		r.handler = &who
	}
}

// collectReaders lists who was given the case, as the use-cases would have.
func (r *record) collectReaders() {
	all := []*uuid.UUID{r.reporterID, r.takenDownBy, r.handler, r.superior, r.investigator}
	if r.did("T23") {
		all = append(all, r.o.maybe("lex_ansvarig"), r.o.maybe("lex_utredare"))
	}
	if r.did("T13") || r.Type == "REMISS" {
		all = append(all, r.o.maybe("kanslisekreterare"))
	}
	if r.CategoryHSL != "" && r.StartedAt.After(time.Time{}) && r.o.Thresholds.MAS.Reached(r.Severity*r.Probability, r.Severity) {
		all = append(all, r.o.maybe("mas"))
	}
	r.readers = []uuid.UUID{}
	for _, who := range all {
		if who != nil && !slices.Contains(r.readers, *who) {
			r.readers = append(r.readers, *who)
		}
	}
}

// clocks: when the answer was due and given, and how long the clock stood still.
func (r *record) clocks() {
	rule := tenants.RuleReplySimple
	switch {
	case r.Complexity == "KOMPLICERAD":
		rule = tenants.RuleReplyComplex
	case r.Type == "AVVIKELSE" && !r.untyped():
		rule = tenants.RuleDeviationDone
	}
	r.due = r.o.deadline(rule, r.receivedOn)
	for _, s := range r.Course {
		switch {
		case s.To == "awaiting_info":
			r.pausedAt = s.At
		case s.From == "awaiting_info":
			r.due = r.due.Extend(org.Pause{From: r.pausedAt, To: s.At}, r.o.cfg.Calendar())
			r.pausedAt = time.Time{}
		}
	}
	r.dueOn = r.due.DueOn
	r.answeredAt = r.AnsweredAt
	if r.answeredAt.IsZero() {
		r.answeredAt = r.step("T8", "T14", "T15", "T25", "T22").At
	}
	if r.Complexity == "KOMPLICERAD" && !r.ConsultedAt.IsZero() && r.s.now.Sub(r.ConsultedAt) > 20*time.Hour {
		r.numberedAt = r.ConsultedAt.Add(2 * time.Hour)
	}
}

// ended says that nobody waits for anything in this case any more.
func (r *record) ended() bool { return r.State == "closed" || r.State == "void" }

// late: answered after the day that was promised, or not yet although it has passed.
func (r *record) late() bool {
	done := r.o.today
	switch {
	case !r.answeredAt.IsZero():
		done = dayOf(r.answeredAt)
	case !r.ClosedAt.IsZero():
		done = dayOf(r.ClosedAt)
	}
	return done.After(r.dueOn)
}

var caseColumns = []string{
	"id", "reference", "entry_no", "own_dnr", "state", "prev_state", "version", "access_label", "case_type", "synpunkt_kind", "channel",
	"sender_role", "anonymous", "wants_reply", "concerns", "about_manager", "unit_id", "area", "regi", "lagrum", "category", "category_hsl",
	"harm", "severity", "probability", "subject", "reporter_id", "taken_down_by", "handler_id", "investigator_id", "superior_id", "readers",
	"complexity", "response_level", "outcome", "quality_dims", "affects_individual", "individual_informed", "personakt", "happened_at",
	"received_at", "received_on", "registered_at", "assigned_at", "started_at", "answered_at", "closed_at", "due_on", "due_rule", "paused_at",
	"updated_at",
}

// finish writes the row of the case, when its numbers are known. Each step of the routine has its columns: what nobody has
// decided yet stays empty.
func (r *record) finish() {
	caseType, category, categoryHSL := null(r.Type), null(r.Category), null(r.CategoryHSL)
	if r.untyped() {
		caseType, category, categoryHSL = nil, nil, nil
	}
	var (
		kind, concerns, personakt any
		severity, probability     any
		affects                   bool
		subject                   any
	)
	if !r.RegisteredAt.IsZero() {
		kind, subject = null(r.FeedbackKind), null(r.Subject)
	}
	lagrum := []string{}
	if r.classified() {
		severity, probability, concerns, affects = grade(r.Severity), grade(r.Probability), null(r.Concerns), r.AffectsIndividual
		lagrum = r.Lagrum
	}
	quality := []string{}
	if r.State == "closed" {
		quality, personakt = append(quality, r.QualityDims...), "NEJ"
	}
	dueRule, _ := json.Marshal(r.due) // plain numbers and dates: cannot fail
	r.s.add(inCases,
		r.id, r.s.references.next(r.name), null(r.entryNo), null(r.ownDNR), r.State, r.PrevState, r.version, r.AccessLabel, caseType, kind, r.Channel,
		r.SenderRole, r.Anonymous, r.WantsReply, concerns, r.aboutManager, r.unit, null(r.Area), null(r.Regi), lagrum, category, categoryHSL,
		r.Harm, severity, probability, subject, r.reporterID, r.takenDownBy, r.handler, r.investigator, r.superior, r.readers,
		r.Complexity, null(r.ResponseLevel), null(r.Outcome), quality, affects, r.IndividualTold, personakt, moment(r.HappenedAt),
		r.ReceivedAt, date(r.receivedOn), moment(r.RegisteredAt), moment(r.AssignedAt), moment(r.StartedAt), moment(r.answeredAt), moment(r.ClosedAt),
		date(r.dueOn), dueRule, moment(r.pausedAt), r.updatedAt,
	)
	r.fact()
}

// untyped: what came from outside has no type until the registrar says.
func (r *record) untyped() bool {
	return r.RegisteredAt.IsZero() && r.Channel != "EGEN_IAKTTAGELSE" && r.Channel != "UTFORARE_API"
}

// classified: the manager has read the case and graded it, which she does before she asks her own.
func (r *record) classified() bool {
	return r.graded || r.did("T6", "T8", "T9", "T19", "T24", "T25") || r.State == "assessing" && share01(r.name+"/graded") < 0.5
}
