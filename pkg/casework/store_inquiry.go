package casework

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/seal"
)

type investigationRow struct {
	Version             int        `db:"version"`
	Template            string     `db:"template"`
	Background          []byte     `db:"background_sealed"`
	Course              []byte     `db:"course_sealed"`
	Causes              []byte     `db:"causes_sealed"`
	Conclusion          []byte     `db:"conclusion_sealed"`
	More                []byte     `db:"more_sealed"`
	HarmKinds           []string   `db:"harm_kinds"`
	ActualSeverity      *int       `db:"actual_severity"`
	Severity            *int       `db:"severity"`
	Probability         *int       `db:"probability"`
	SeverityAfter       *int       `db:"severity_after"`
	ProbabilityAfter    *int       `db:"probability_after"`
	HarmKindsHSL        []string   `db:"harm_kinds_hsl"`
	ActualSeverityHSL   *int       `db:"actual_severity_hsl"`
	SeverityHSL         *int       `db:"severity_hsl"`
	ProbabilityHSL      *int       `db:"probability_hsl"`
	SeverityAfterHSL    *int       `db:"severity_after_hsl"`
	ProbabilityAfterHSL *int       `db:"probability_after_hsl"`
	CompletedAt         *time.Time `db:"completed_at"`
	CompletedByName     *string    `db:"completed_by_name"`
	UpdatedAt           time.Time  `db:"updated_at"`
	UpdatedByName       *string    `db:"updated_by_name"`
	Versions            int        `db:"versions"`
}

const selectInvestigation = `
select i.version, i.template, i.background_sealed, i.course_sealed, i.causes_sealed, i.conclusion_sealed, i.more_sealed,
  i.harm_kinds, i.actual_severity, i.severity, i.probability, i.severity_after, i.probability_after, i.harm_kinds_hsl, i.actual_severity_hsl,
  i.severity_hsl, i.probability_hsl, i.severity_after_hsl, i.probability_after_hsl, i.completed_at, q.name as completed_by_name,
  i.updated_at, p.name as updated_by_name,
  (select count(*)::int from app.investigation_versions v where v.case_id = i.case_id) as versions
  from app.investigations i left join app.people p on p.tenant_id = i.tenant_id and p.id = i.updated_by
  left join app.people q on q.tenant_id = i.tenant_id and q.id = i.completed_by where i.case_id = @id`

// risks are the assessments of a row, those of the case's grounds first and any other that has been made.
func (r investigationRow) risks(c Case) []Risk {
	all := map[Ground]Risk{
		GroundSocial: {
			Ground: GroundSocial, HarmKinds: r.HarmKinds, ActualSeverity: r.ActualSeverity, Severity: r.Severity, Probability: r.Probability,
			SeverityAfter: r.SeverityAfter, ProbabilityAfter: r.ProbabilityAfter,
		},
		GroundHealth: {
			Ground: GroundHealth, HarmKinds: r.HarmKindsHSL, ActualSeverity: r.ActualSeverityHSL, Severity: r.SeverityHSL, Probability: r.ProbabilityHSL,
			SeverityAfter: r.SeverityAfterHSL, ProbabilityAfter: r.ProbabilityAfterHSL,
		},
	}
	out := []Risk{}
	for _, g := range c.grounds() {
		out = append(out, all[g].reckon())
		delete(all, g)
	}
	for _, g := range []Ground{GroundSocial, GroundHealth} {
		if one, ok := all[g]; ok && !one.empty() {
			out = append(out, one.reckon())
		}
	}
	return out
}

// open unseals what is written.
func (o *opener) investigation(c Case, r investigationRow) Investigation {
	i := Investigation{
		Background: o.text("investigations", "background_sealed", c.ID, r.Background), Course: o.text("investigations", "course_sealed", c.ID, r.Course),
		Causes: o.text("investigations", "causes_sealed", c.ID, r.Causes), Conclusion: o.text("investigations", "conclusion_sealed", c.ID, r.Conclusion),
		More: map[string]string{}, Risks: r.risks(c),
	}
	if text := o.text("investigations", "more_sealed", c.ID, r.More); text != "" && o.err == nil {
		o.err = json.Unmarshal([]byte(text), &i.More)
	}
	return i
}

// The first words decide by which template they are written; it stays.
const saveInvestigation = `
with saved as (update app.investigations set version = version + 1, template = case when version = 1 then @template else template end, background_sealed = @background, course_sealed = @course,
    causes_sealed = @causes, conclusion_sealed = @conclusion, more_sealed = @more, filled = @filled,
    harm_kinds = @harm_kinds, actual_severity = @actual, severity = @severity, probability = @probability,
    severity_after = @severity_after, probability_after = @probability_after,
    harm_kinds_hsl = @harm_kinds_hsl, actual_severity_hsl = @actual_hsl, severity_hsl = @severity_hsl, probability_hsl = @probability_hsl,
    severity_after_hsl = @severity_after_hsl, probability_after_hsl = @probability_after_hsl, updated_at = @at, updated_by = @by
  where case_id = @case_id and version = @version and completed_at is null returning 1)
select app.must(exists (select 1 from saved), 'LY412', 'investigation')`

func (i Investigation) args(key *seal.CaseKey, caseID uuid.UUID) db.Args {
	args := db.Args{"case_id": caseID, "more": nil}
	for column, text := range map[string]string{"background": i.Background, "course": i.Course, "causes": i.Causes, "conclusion": i.Conclusion} {
		args[column] = sealed(key, "investigations", column+"_sealed", caseID, text)
	}
	if len(i.More) > 0 {
		text, _ := json.Marshal(i.More) // strings always can
		args["more"] = sealed(key, "investigations", "more_sealed", caseID, string(text))
	}
	for suffix, r := range map[string]Risk{"": i.risk(GroundSocial), "_hsl": i.risk(GroundHealth)} {
		args["harm_kinds"+suffix], args["actual"+suffix] = append([]string{}, r.HarmKinds...), r.ActualSeverity
		args["severity"+suffix], args["probability"+suffix] = r.Severity, r.Probability
		args["severity_after"+suffix], args["probability_after"+suffix] = r.SeverityAfter, r.ProbabilityAfter
	}
	return args
}

// lockInvestigation marks it as done and keeps what it said then, in one.
const lockInvestigation = `
with locked as (update app.investigations set completed_at = @at, completed_by = @by where case_id = @case_id and completed_at is null and version = @version returning 1)
select app.must(exists (select 1 from locked), 'LY412', 'investigation')`

const insertInvestigationVersion = `
insert into app.investigation_versions (id, case_id, no, template, body_sealed, completed_at)
select @id, @case_id, @no::int, @template, @body, @at
 where app.must(@no::int = 1 + (select count(*) from app.investigation_versions where case_id = @case_id), 'LY412', 'investigation')`

const listVersions = `
select v.id, v.no, v.template, v.body_sealed, v.completed_at, p.name as completed_by_name
  from app.investigation_versions v join app.people p on p.tenant_id = v.tenant_id and p.id = v.completed_by where v.case_id = @id order by v.no`

type versionRow struct {
	ID              uuid.UUID `db:"id"`
	No              int       `db:"no"`
	Template        string    `db:"template"`
	Body            []byte    `db:"body_sealed"`
	CompletedAt     time.Time `db:"completed_at"`
	CompletedByName string    `db:"completed_by_name"`
}

const unlockInvestigation = `
with opened as (update app.investigations set completed_at = null, completed_by = null where case_id = @case_id and completed_at is not null returning 1)
select app.must(exists (select 1 from opened), 'LY412', 'investigation')`

const mustBeOpen = `select app.must(exists (select from app.investigations where case_id = @case_id and completed_at is null), 'LY412', 'investigation')`

type entryOfCourse struct {
	ID            uuid.UUID  `db:"id"`
	HappenedAt    *time.Time `db:"happened_at"`
	Precision     string     `db:"happened_precision"`
	Kind          string     `db:"kind"`
	Source        string     `db:"source"`
	SourceDetail  []byte     `db:"source_detail_sealed"`
	Text          []byte     `db:"text_sealed"`
	AuthorName    string     `db:"author_name"`
	AuthorTitle   string     `db:"author_title"`
	DocumentedAt  time.Time  `db:"documented_at"`
	Supersedes    *uuid.UUID `db:"supersedes"`
	SupersededBy  *uuid.UUID `db:"superseded_by"`
	SupersededNow bool       `db:"superseded"`
}

// The course in the order things happened; what nobody knows when stands last. A corrected entry stays where it was.
const selectCourse = `
select e.id, e.happened_at, e.happened_precision, e.kind, e.source, e.source_detail_sealed, e.text_sealed, e.author_name, e.author_title,
  e.documented_at, e.supersedes, x.id as superseded_by, x.id is not null as superseded
  from app.investigation_entries e
  left join app.investigation_entries x on x.tenant_id = e.tenant_id and x.supersedes = e.id
 where e.case_id = @id order by e.happened_at nulls last, e.documented_at, e.id`

// Who writes is who is logged in, by the name and title she has today. What is corrected is one of the same case, and not corrected before.
const insertCourse = `
insert into app.investigation_entries (id, case_id, happened_at, happened_precision, kind, source, source_detail_sealed, text_sealed, author_name,
  author_title, documented_at, supersedes)
select @id, @case_id, @happened_at, @precision, @kind, @source, @detail, @text, p.name, p.title, @at, @supersedes
  from app.people p where p.id = (select app.pid())
   and app.must(@supersedes::uuid is null or exists (select from app.investigation_entries y where y.id = @supersedes and y.case_id = @case_id), 'LY422', 'supersedes')
   and app.must(not exists (select from app.investigation_entries y where y.supersedes = @supersedes), 'LY412', 'investigation')`

const setWhys = `
with told as (update app.causes set area = @area, underlying = @underlying, text_sealed = @text, whys_sealed = @whys
  where id = @id and case_id = @case_id and removed_at is null returning 1)
select app.must(exists (select 1 from told), 'LY404', 'cause')`

// Earlier cases of the same unit that are about the same, newest first, with what was done about them. Only the actor's own sight.
const listSimilar = `
select x.id, x.reference, x.entry_no, x.subject, x.state, x.received_at, x.risk_value, k.wrapped,
  array(select distinct a.area from app.causes a where a.tenant_id = x.tenant_id and a.case_id = x.id and a.removed_at is null) as areas
  from app.cases c
  join app.cases x on x.tenant_id = c.tenant_id and x.unit_id = c.unit_id and x.id <> c.id and x.state <> 'void'
   and x.category is not distinct from c.category and x.category_hsl is not distinct from c.category_hsl
   and x.received_at between c.received_at - interval '24 months' and c.received_at
  join app.case_keys k on k.tenant_id = x.tenant_id and k.case_id = x.id
 where c.id = @id and (c.category is not null or c.category_hsl is not null)
 order by x.received_at desc, x.id limit 8`

type similarRow struct {
	ID         uuid.UUID `db:"id"`
	Reference  string    `db:"reference"`
	EntryNo    *string   `db:"entry_no"`
	Subject    *string   `db:"subject"`
	State      State     `db:"state"`
	ReceivedAt time.Time `db:"received_at"`
	RiskValue  *int      `db:"risk_value"`
	Wrapped    []byte    `db:"wrapped"`
	Areas      []string  `db:"areas"`
}

const listMeasuresOf = `
select m.case_id, m.id, m.title_sealed, m.strength, m.status, m.effect from app.measures m
 where m.case_id = any(@ids) and m.status <> 'AVSLAGEN' order by m.case_id, m.created_at, m.id`

type measureOfRow struct {
	CaseID   uuid.UUID `db:"case_id"`
	ID       uuid.UUID `db:"id"`
	Title    []byte    `db:"title_sealed"`
	Strength string    `db:"strength"`
	Status   string    `db:"status"`
	Effect   *string   `db:"effect"`
}
