package casework

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"lyhord/pkg/platform/db"
)

// change is a set of columns of a case to write, guarded by the version that was read and, for a move, the state.
// Column names come from the verbs in this package only, never from input.
type change struct {
	ID      uuid.UUID
	Version int
	Held    bool // a change before it in the same batch has the row already
	From    State
	To      State
	Set     map[string]any
	Readers []uuid.UUID // added to those who may read the case
	Leaves  []uuid.UUID // taken from them, unless they have the case in some other way as well
}

// writable lists the columns a verb may set beside the state; anything else is a programming error.
var writable = []string{
	"case_type", "synpunkt_kind", "sender_role", "concerns", "about_manager", "unit_id", "lagrum", "category", "category_hsl",
	"harm", "severity", "probability", "secrecy", "subject", "handler_id", "investigator_id", "superior_id", "complexity",
	"response_level", "outcome", "quality_dims", "affects_individual", "individual_informed", "personakt", "unmet_need",
	"registered_at", "assigned_at", "started_at", "answered_at", "closed_at", "due_on", "due_rule", "paused_at", "area", "regi", "access_label",
	"secretary_id", "board_decided_on", "entry_no",
}

// readersAfter keeps who reported or took down the case, and who carries out a measure in it, whatever else they leave.
const readersAfter = `array(select distinct x from unnest(c.readers || @readers::uuid[]) x
    where x <> all(@leaves::uuid[]) or x = any(@readers) or x = c.reporter_id or x = c.taken_down_by
       or exists (select from app.measures m where m.case_id = c.id and m.owner_id = x and m.status <> 'AVSLAGEN'))`

// queueChange adds the guarded update. No row changed means that the version or state moved on: the whole batch rolls back.
func queueChange(b *db.Batch, c change) {
	var set strings.Builder
	args := db.Args{"id": c.ID, "version": c.Version, "from": c.From}
	if c.To != "" {
		set.WriteString(", state = @to, prev_state = c.state")
		args["to"] = c.To
	}
	for _, col := range slices.Sorted(maps.Keys(c.Set)) {
		if !slices.Contains(writable, col) {
			panic("casework: column " + col + " is not a verb's to set")
		}
		fmt.Fprintf(&set, ", %s = @%s", col, col)
		args[col] = c.Set[col]
	}
	if len(c.Readers)+len(c.Leaves) > 0 {
		set.WriteString(", readers = " + readersAfter)
		args["readers"], args["leaves"] = append([]uuid.UUID{}, c.Readers...), append([]uuid.UUID{}, c.Leaves...)
	}
	if _, moved := c.Set["unit_id"]; moved { // area and form of operation are the unit's
		set.WriteString(`, area = (select u.area from app.units u where u.id = @unit_id), regi = (select u.regi from app.units u where u.id = @unit_id)`)
	}
	guard := "c.version = @version and "
	if c.Held {
		guard = ""
		delete(args, "version")
	}
	b.Exec(`with moved as (update app.cases c set version = c.version + 1, updated_at = now()`+set.String()+`
  where c.id = @id and `+guard+`c.state = @from returning 1)
select app.must(exists (select 1 from moved), 'LY412', 'case')`, args)
}

// numberCase copies the register's numbers onto the case, in the transaction that drew them.
const numberCase = `
with numbered as (update app.cases c set
    entry_no = coalesce((select e.entry_no from app.register_entries e where e.id = @entry_id), c.entry_no),
    own_dnr = coalesce((select f.dnr from app.register_files f where f.id = @own_file_id), c.own_dnr),
    version = c.version + 1, updated_at = now()
  where c.id = @id returning 1)
select app.must(exists (select 1 from numbered), 'LY412', 'case')`
