package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
)

// The one who wrote and left an e-mail address gets a mail as well: that it has come, its reference and the day of the
// answer. It names no organisation and repeats nothing: that somebody has to do with the social services is itself secret.
const (
	sqlWriter = `select c.reference, c.due_on, r.contact_sealed as contact, k.wrapped
		from app.acknowledgements a
		join app.cases c on c.tenant_id = a.tenant_id and c.id = a.case_id
		join app.reports r on r.tenant_id = a.tenant_id and r.case_id = a.case_id
		join app.case_keys k on k.tenant_id = a.tenant_id and k.case_id = a.case_id
		where a.case_id = @ref and a.mailed_at is null and r.contact_sealed is not null and c.due_on is not null`

	sqlMailed = `update app.acknowledgements set mailed_at = now() where case_id = @ref and mailed_at is null`
)

type writerRow struct {
	Reference string     `db:"reference"`
	DueOn     clock.Date `db:"due_on"`
	Contact   []byte     `db:"contact"`
	Wrapped   []byte     `db:"wrapped"`
}

// tellWriter sends the mail. A worker that dies between the server's answer and the mark sends it once more, with the same
// Message-ID.
func (s *Service) tellWriter(ctx context.Context, j jobs.Job) error {
	scope := authz.System(j.Tenant, j.ID)
	var (
		b    db.Batch
		rows []writerRow
	)
	db.Collect(&b, sqlWriter, db.Args{"ref": j.Ref}, &rows)
	if err := s.d.DB.Once(ctx, scope, &b); err != nil {
		return err
	}
	sent := false
	for _, row := range rows {
		address, err := s.address(ctx, j, row)
		if err != nil {
			return err
		}
		if address == "" {
			continue
		}
		subject, body := acknowledgement(row, s.d.Mailer.url)
		res := s.d.Mailer.send(ctx, []letter{{ID: j.ID, Email: address, subject: subject, body: body}})[0]
		if res.code != "" && !res.refused {
			return jobs.Failed(res.code, nil)
		}
		sent = res.code == ""
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	var out db.Batch
	if sent {
		out.Exec(sqlMailed, db.Args{"ref": j.Ref})
	}
	jobs.Done(&out, j)
	return s.d.DB.Once(ctx, scope, &out)
}

// address opens what the writer left. It goes nowhere but into the mail's envelope.
func (s *Service) address(ctx context.Context, j jobs.Job, row writerRow) (string, error) {
	key, err := s.d.Ring.OpenCaseKey(ctx, j.Tenant, j.Ref, row.Wrapped)
	if err != nil {
		return "", err
	}
	text, err := key.Open("reports", "contact_sealed", j.Ref, row.Contact)
	if err != nil {
		return "", err
	}
	var contact struct {
		Email string `json:"email"`
	}
	if err := json.Unmarshal([]byte(text), &contact); err != nil {
		return "", jobs.Failed("contact_unreadable", nil)
	}
	return contact.Email, nil
}

func acknowledgement(row writerRow, url string) (subject, body string) {
	return "Det du skrev har kommit fram", fmt.Sprintf("Tack. Det du skrev har kommit fram.\n\n"+
		"Referens: %s\nDu får svar senast: %s\n\n"+
		"Har du en kvittokod kan du läsa mer på %s\n\n"+
		"Av sekretesskäl står det inte här vad det gäller.\n"+
		"Det här mejlet har skickats automatiskt och går inte att svara på.\n", row.Reference, row.DueOn, url)
}
