package register

import (
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
)

// Search narrows the register. Zero values ask for everything; dates are inclusive.
type Search struct {
	File      *uuid.UUID
	Unit      *uuid.UUID // internal view only
	CaseType  string     // internal view only
	Direction string
	From, To  *clock.Date // the date an entry came in or was drawn up
	Number    string      // the beginning of an entry number, or a whole own, external or reference number (internal view)
	Voided    string      // "", "UTAN" or "BARA"; internal view only
}

func (q Search) args() db.Args {
	return db.Args{
		"file_id": q.File, "unit_id": q.Unit, "case_type": q.CaseType, "direction": q.Direction, "from_on": q.From, "to_on": q.To,
		"number": q.Number, "voided": q.Voided,
	}
}

const shared = `
   and (@file_id::uuid is null or e.file_id = @file_id)
   and (@direction = '' or e.direction = @direction)
   and (@from_on::date is null or e.entry_on >= @from_on) and (@to_on::date is null or e.entry_on <= @to_on)`

const listLines = `
select e.id, e.case_id, e.entry_no, c.own_dnr, c.reference, e.external_dnr, e.entry_on, e.direction, e.sender, e.subject, e.secrecy_law, e.secrecy_on,
  e.secrecy_authority, e.registered_at, e.voided_at is not null as voided, e.void_reason, c.case_type, u.name as unit_name
  from app.register_entries e
  join app.cases c on c.tenant_id = e.tenant_id and c.id = e.case_id
  left join app.units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
 where (e.registered_at, e.id) < (@before_at, @before_id)` + shared + `
   and (@unit_id::uuid is null or c.unit_id = @unit_id)
   and (@case_type = '' or c.case_type = @case_type)
   and (@voided = '' or (e.voided_at is not null) = (@voided = 'BARA'))
   and (@number = '' or starts_with(e.entry_no, @number) or @number in (c.own_dnr, c.reference, e.external_dnr))
 order by e.registered_at desc, e.id desc limit @limit`

const listPublicLines = `
select e.id, e.registered_at, e.entry_no, e.entry_on, e.direction, case when e.sender_public then e.sender end as sender, e.subject_public as subject
  from app.register_entries e
 where e.voided_at is null and (e.registered_at, e.id) < (@before_at, @before_id)` + shared + `
   and (@number = '' or starts_with(e.entry_no, @number))
 order by e.registered_at desc, e.id desc limit @limit`

// Line is an entry in the internal view of the register.
type Line struct {
	ID               uuid.UUID  `db:"id" json:"id"`
	CaseID           uuid.UUID  `db:"case_id" json:"case_id"`
	EntryNo          string     `db:"entry_no" json:"entry_no"`
	OwnDNR           *string    `db:"own_dnr" json:"own_dnr"`
	Reference        string     `db:"reference" json:"reference"`
	ExternalDNR      *string    `db:"external_dnr" json:"external_dnr" doc:"Numret i ett annat diarium"`
	EntryOn          clock.Date `db:"entry_on" json:"entry_on"`
	Direction        string     `db:"direction" json:"direction"`
	Sender           string     `db:"sender" json:"sender"`
	Subject          string     `db:"subject" json:"subject"`
	SecrecyLaw       string     `db:"secrecy_law" json:"secrecy_law" doc:"Tom: markeringen är borttagen efter prövning"`
	SecrecyOn        clock.Date `db:"secrecy_on" json:"secrecy_on"`
	SecrecyAuthority string     `db:"secrecy_authority" json:"secrecy_authority"`
	RegisteredAt     time.Time  `db:"registered_at" json:"registered_at"`
	Voided           bool       `db:"voided" json:"voided"`
	VoidReason       *string    `db:"void_reason" json:"void_reason"`
	CaseType         *string    `db:"case_type" json:"case_type"`
	UnitName         *string    `db:"unit_name" json:"unit_name"`
}

// PublicLine is an entry as anyone may read it: no sender unless it can be public, and the neutral subject (OSL 5:2).
type PublicLine struct {
	ID           uuid.UUID  `db:"id" json:"-"`
	RegisteredAt time.Time  `db:"registered_at" json:"-"`
	EntryNo      string     `db:"entry_no" json:"entry_no"`
	EntryOn      clock.Date `db:"entry_on" json:"entry_on"`
	Direction    string     `db:"direction" json:"direction"`
	Sender       *string    `db:"sender" json:"sender"`
	Subject      string     `db:"subject" json:"subject"`
}

// Change is what stood in an entry before, and what was put there (OSL 4:1: when data were changed).
type Change struct {
	At           time.Time  `db:"at" json:"at"`
	ByName       string     `db:"by_name" json:"by_name"`
	Reason       string     `db:"reason" json:"reason"`
	OldLaw       string     `db:"old_law" json:"old_law"`
	OldOn        clock.Date `db:"old_on" json:"old_on"`
	OldAuthority string     `db:"old_authority" json:"old_authority"`
	NewLaw       string     `db:"new_law" json:"new_law"`
	OldExternal  *string    `db:"old_external" json:"old_external"`
	NewExternal  *string    `db:"new_external" json:"new_external"`
	EntryID      uuid.UUID  `db:"entry_id" json:"entry_id"`
}

const listChanges = `
select h.at, p.name as by_name, h.reason, h.old_law, h.old_on, h.old_authority, h.new_law, h.old_external, h.new_external, h.entry_id
  from app.register_changes h join app.people p on p.tenant_id = h.tenant_id and p.id = h.changed_by
 where h.case_id = @case_id order by h.at, h.id limit 500`

const listOfCase = `
select e.id, e.case_id, e.entry_no, c.own_dnr, c.reference, e.external_dnr, e.entry_on, e.direction, e.sender, e.subject, e.secrecy_law, e.secrecy_on,
  e.secrecy_authority, e.registered_at, e.voided_at is not null as voided, e.void_reason, c.case_type, u.name as unit_name
  from app.register_entries e
  join app.cases c on c.tenant_id = e.tenant_id and c.id = e.case_id
  left join app.units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
 where e.case_id = @case_id order by e.registered_at, e.id limit 500`

// The entry must still say what the person saw, or somebody changed it in between.
const changeMarking = `
with marked as (
  update app.register_entries e set secrecy_law = @law, secrecy_on = @on, secrecy_authority = @authority, change_reason = @reason
   where e.id = @id and e.secrecy_law = @was and e.voided_at is null returning 1)
select app.must(exists (select 1 from app.register_entries where id = @id), 'LY404', 'entry'), app.must(exists (select 1 from marked), 'LY412', 'entry')`

const changeExternal = `
with numbered as (
  update app.register_entries e set external_dnr = @external, change_reason = 'EXTERNT_NUMMER'
   where e.id = @id and e.external_dnr is not distinct from @was and e.voided_at is null returning 1)
select app.must(exists (select 1 from app.register_entries where id = @id), 'LY404', 'entry'), app.must(exists (select 1 from numbered), 'LY412', 'entry')`
