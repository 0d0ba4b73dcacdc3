package dialogue

import (
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
)

const openReceipt = `
	select case_id, state, received_on, due_on, answered_at, closed_at, wrapped, message_id, message_at, direction, kind, body_sealed
	  from app.receipt_open(@code, @request)`

// receiptRow is one message with the case's facts; a case without messages is one row without a message.
type receiptRow struct {
	CaseID     uuid.UUID  `db:"case_id"`
	State      string     `db:"state"`
	ReceivedOn clock.Date `db:"received_on"`
	DueOn      clock.Date `db:"due_on"`
	AnsweredAt *time.Time `db:"answered_at"`
	ClosedAt   *time.Time `db:"closed_at"`
	Wrapped    []byte     `db:"wrapped"`
	MessageID  *uuid.UUID `db:"message_id"`
	MessageAt  *time.Time `db:"message_at"`
	Direction  *string    `db:"direction"`
	Kind       *string    `db:"kind"`
	BodySealed []byte     `db:"body_sealed"`
}

func open(b *db.Batch, hash [32]byte, request string, rows *[]receiptRow) {
	db.Collect(b, openReceipt, db.Args{"code": hash[:], "request": request}, rows)
}

// A code that has run out between reading and writing must not lose the message silently: no row is an error.
const writeReceipt = `select app.must(app.receipt_write(@code, @message_id, @event_id, @job_id, @body), 'LY404', 'receipt')`

type written struct {
	hash                      [32]byte
	messageID, eventID, jobID uuid.UUID
	body                      []byte
}

func write(b *db.Batch, w written) {
	b.Exec(writeReceipt, db.Args{
		"code": w.hash[:], "message_id": w.messageID, "event_id": w.eventID, "job_id": w.jobID, "body": w.body,
	})
}
