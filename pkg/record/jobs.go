package record

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/blob"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/scan"
	"lyhord/pkg/platform/seal"
	"lyhord/pkg/register"
)

// WorkerDeps are what the jobs need.
type WorkerDeps struct {
	DB      *db.DB
	Ring    *seal.Ring
	Files   blob.Store
	Scanner scan.Scanner
	Clock   clock.Clock
}

// Handlers are the jobs of this domain, for the worker.
func Handlers(d WorkerDeps) []jobs.Handler {
	return []jobs.Handler{{Kind: jobs.RenderRecord, Run: d.render}, {Kind: jobs.ScanRecord, Run: d.scan}}
}

type renderRow struct {
	VersionID uuid.UUID   `db:"version_id"`
	CaseID    uuid.UUID   `db:"case_id"`
	No        int         `db:"no"`
	Content   []byte      `db:"content_sealed"`
	Wrapped   []byte      `db:"wrapped"`
	EntryNo   *string     `db:"entry_no"`
	OwnDNR    *string     `db:"own_dnr"`
	RecordNo  *string     `db:"record_no"`
	On        clock.Date  `db:"on_date"`
	Law       *string     `db:"secrecy_law"`
	LawOn     *clock.Date `db:"secrecy_on"`
	LawBy     *string     `db:"secrecy_authority"`
}

const selectRender = `
select v.id as version_id, v.case_id, v.no, v.content_sealed, k.wrapped, c.entry_no, c.own_dnr, r.entry_no as record_no, r.on_date,
  e.secrecy_law, e.secrecy_on, e.secrecy_authority
  from app.record_versions v
  join app.records r on r.tenant_id = v.tenant_id and r.id = v.record_id
  join app.cases c on c.tenant_id = v.tenant_id and c.id = v.case_id
  join app.case_keys k on k.tenant_id = v.tenant_id and k.case_id = v.case_id
  left join app.register_entries e on e.tenant_id = r.tenant_id and e.id = r.entry_id
 where v.record_id = @id and v.rendered_at is null and v.content_sealed is not null order by v.no`

const rendered = `update app.record_versions set rendered_at = @at where id = @id and rendered_at is null`

const ready = `update app.records set state = 'KLAR' where id = @id and state = 'SKRIVS'`

// render makes the papers of every version that has none: PDF/A and DOCX, with the numbers of the case (req 45), sealed with
// its key. The names of the objects follow from the version, so a second run writes over the first.
func (d WorkerDeps) render(ctx context.Context, j jobs.Job) error {
	var (
		b    db.Batch
		rows []renderRow
	)
	db.Collect(&b, selectRender, db.Args{"id": j.Ref}, &rows)
	if err := d.DB.Once(ctx, authz.System(j.Tenant, j.ID), &b); err != nil {
		return err
	}
	b = db.Batch{}
	for _, r := range rows {
		err := d.renderVersion(ctx, &b, j, r)
		if errors.Is(err, seal.ErrShredded) {
			continue // gallrat meanwhile: there is nothing to write any more
		}
		if err != nil {
			return err
		}
	}
	b.Exec(ready, db.Args{"id": j.Ref})
	jobs.Done(&b, j)
	return d.DB.Once(ctx, authz.System(j.Tenant, j.ID), &b)
}

func (d WorkerDeps) renderVersion(ctx context.Context, b *db.Batch, j jobs.Job, r renderRow) error {
	key, err := d.Ring.OpenCaseKey(ctx, j.Tenant, r.CaseID, r.Wrapped)
	if err != nil {
		return err
	}
	doc, err := openDocument(key, r.VersionID, r.Content)
	if err != nil {
		return err
	}
	doc.Numbers = numbers(r.EntryNo, r.OwnDNR)
	doc.RecordNo = deref(r.RecordNo)
	doc.Date = r.On
	doc.Marking = marking(r.Law, r.LawOn, r.LawBy)
	for _, paper := range []struct {
		format, media string
		data          []byte
	}{
		{"PDF", mediaPDF, doc.PDF()},
		{"DOCX", mediaDOCX, doc.DOCX()},
	} {
		f := file{ID: uuid.NewSHA1(r.VersionID, []byte(paper.format)), Record: j.Ref, Case: r.CaseID, Version: r.No, Format: paper.format, Media: paper.media}
		if err := d.Files.Put(ctx, f.at(), f.seal(key, paper.data)); err != nil {
			return err
		}
		b.Exec(insertFile, f.args(paper.data, nil))
	}
	b.Exec(rendered, db.Args{"id": r.VersionID, "at": d.Clock.Now()})
	return nil
}

func marking(law *string, on *clock.Date, by *string) *register.Marking {
	if law == nil || *law == "" || on == nil {
		return nil
	}
	return &register.Marking{Law: *law, On: *on, Authority: deref(by)}
}

// numbers are those of a case that exist.
func numbers(nos ...*string) (out []string) {
	for _, no := range nos {
		if no != nil && *no != "" {
			out = append(out, *no)
		}
	}
	return out
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

const (
	mediaPDF  = "application/pdf"
	mediaDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// file is a sealed object outside the database. Its name is its id and says nothing.
type file struct {
	ID, Record, Case uuid.UUID
	Version          int
	Format, Media    string
}

func (f file) at() string { return objectName(f.ID) }

func objectName(id uuid.UUID) string { return id.String()[:2] + "/" + id.String() }

func (f file) seal(key *seal.CaseKey, data []byte) []byte {
	return key.SealBytes("record_files", "object", f.ID, data)
}

func openObject(key *seal.CaseKey, id uuid.UUID, object []byte) ([]byte, error) {
	return key.OpenBytes("record_files", "object", id, object)
}

func (f file) args(data, name []byte) db.Args {
	sum := sha256.Sum256(data)
	return db.Args{
		"id": f.ID, "record_id": f.Record, "case_id": f.Case, "version": f.Version, "format": f.Format, "media_type": f.Media,
		"size": len(data), "sha256": sum[:], "name": name,
	}
}

type scanRow struct {
	FileID  uuid.UUID `db:"file_id"`
	CaseID  uuid.UUID `db:"case_id"`
	Media   string    `db:"media_type"`
	SHA256  []byte    `db:"sha256"`
	Name    []byte    `db:"name_sealed"`
	Wrapped []byte    `db:"wrapped"`
}

const selectScan = `
select f.id as file_id, f.case_id, f.media_type, f.sha256, f.name_sealed, k.wrapped
  from app.records r
  join app.record_files f on f.tenant_id = r.tenant_id and f.record_id = r.id and f.format = 'ORIGINAL'
  join app.case_keys k on k.tenant_id = r.tenant_id and k.case_id = r.case_id
 where r.id = @id and r.state = 'KARANTAN'`

const setScan = `update app.records set state = @state, scan_code = @code, scanned_at = @at where id = @id and state = 'KARANTAN'`

// scan asks the scanner about a file in quarantine. What it does not call clean stays there: without a scanner the person is
// told so and the job ends, with one that is away the job is tried again.
func (d WorkerDeps) scan(ctx context.Context, j jobs.Job) error {
	scope := authz.System(j.Tenant, j.ID)
	var (
		b    db.Batch
		rows []scanRow
	)
	db.Collect(&b, selectScan, db.Args{"id": j.Ref}, &rows)
	if err := d.DB.Once(ctx, scope, &b); err != nil {
		return err
	}
	b = db.Batch{}
	var unscanned error
	if len(rows) > 0 {
		if unscanned = d.scanFile(ctx, &b, j, rows[0]); unscanned != nil {
			b = db.Batch{}
			b.Exec(setScan, db.Args{"id": j.Ref, "state": Quarantine, "code": whyNot(unscanned), "at": nil})
			if !errors.Is(unscanned, scan.ErrOff) && !errors.Is(unscanned, seal.ErrShredded) {
				return errors.Join(unscanned, d.DB.Once(ctx, scope, &b))
			}
		}
	}
	jobs.Done(&b, j)
	return d.DB.Once(ctx, scope, &b)
}

func whyNot(err error) string {
	switch {
	case errors.Is(err, scan.ErrOff):
		return codeNoScanner
	case errors.Is(err, scan.ErrAway):
		return codeAway
	}
	return codeFailed
}

func (d WorkerDeps) scanFile(ctx context.Context, b *db.Batch, j jobs.Job, r scanRow) error {
	if !d.Scanner.On() {
		return scan.ErrOff
	}
	key, err := d.Ring.OpenCaseKey(ctx, j.Tenant, r.CaseID, r.Wrapped)
	if err != nil {
		return err
	}
	object, err := d.Files.Get(ctx, objectName(r.FileID))
	if err != nil {
		return err
	}
	data, err := openObject(key, r.FileID, object)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(data); string(sum[:]) != string(r.SHA256) {
		return problem.Gone()
	}
	verdict, err := d.Scanner.File(ctx, data)
	if err != nil {
		return err
	}
	state := Ready
	if verdict.Infected {
		state = Infected
	} else if err := d.share(ctx, b, j.Ref, found{r, key, data}); err != nil {
		return err
	}
	b.Exec(setScan, db.Args{"id": j.Ref, "state": state, "code": nil, "at": d.Clock.Now()})
	return nil
}

// found is a file that the scanner called clean, opened.
type found struct {
	scanRow
	key  *seal.CaseKey
	data []byte
}

// share makes a copy without metadata of a picture, for whoever else gets to see it.
func (d WorkerDeps) share(ctx context.Context, b *db.Batch, record uuid.UUID, r found) error {
	clean, media, err := withoutMetadata(r.Media, r.data)
	if err != nil || clean == nil {
		return nil //nolint:nilerr // a picture that cannot be drawn again is kept as it came, and not shared
	}
	f := file{ID: uuid.NewSHA1(r.FileID, []byte("DELAD")), Record: record, Case: r.CaseID, Version: 1, Format: "DELAD", Media: media}
	if err := d.Files.Put(ctx, f.at(), f.seal(r.key, clean)); err != nil {
		return err
	}
	name, err := r.key.Open("record_files", "name_sealed", r.FileID, r.Name)
	if err != nil {
		return err
	}
	b.Exec(insertFile, f.args(clean, r.key.Seal("record_files", "name_sealed", f.ID, name)))
	return nil
}
