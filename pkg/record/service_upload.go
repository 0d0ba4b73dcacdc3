package record

import (
	"context"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
	"lyhord/pkg/platform/problem"
)

// One upload to a case at a time until commit, so that two together do not pass the limits.
const lockCaseFiles = `select pg_advisory_xact_lock(hashtextextended('files' || @case_id::text, 0))`

const withinLimits = `
select app.must(count(*) < @most_files and coalesce(sum(f.size), 0) + @size <= @most_bytes, 'LY409', 'files of the case')
  from app.record_files f where f.case_id = @case_id and f.format = 'ORIGINAL'`

type totalRow struct {
	N    int   `db:"n"`
	Size int64 `db:"size"`
}

const selectTotal = `
select count(*)::int as n, coalesce(sum(f.size), 0)::bigint as size from app.record_files f where f.case_id = @case_id and f.format = 'ORIGINAL'`

// File is what somebody sends.
type File struct {
	Name string
	Data []byte
}

// Upload takes a file into quarantine: sealed in the store, its name sealed in the database, a job to scan it. Nobody can open
// it before the scanner has called it clean.
func (s *Service) Upload(ctx context.Context, actor authz.Actor, caseID uuid.UUID, k Key, in File) (uuid.UUID, error) {
	select {
	case s.busy <- struct{}{}:
		defer func() { <-s.busy }()
	case <-ctx.Done():
		return uuid.Nil, ctx.Err()
	}
	name, data := fileName(in.Name), in.Data
	media, err := checkFile(name, data)
	if err != nil {
		return uuid.Nil, err
	}
	var total []totalRow
	p, key, err := s.part(ctx, actor, caseID, "upload-record", func(b *db.Batch) {
		db.Collect(b, selectTotal, db.Args{"case_id": caseID}, &total)
	})
	switch {
	case err != nil:
		return uuid.Nil, err
	case !open(p.State):
		return uuid.Nil, problem.IllegalMove("Ärendet är avslutat eller ligger hos någon annan. Det går inte att lägga till handlingar.")
	case total[0].N >= MostCaseFiles:
		return uuid.Nil, conflict("Ärendet har redan 20 filer. Fler tar vi inte emot.")
	case total[0].Size+int64(len(data)) > MostCaseBytes:
		return uuid.Nil, conflict("Ärendets filer blir för stora tillsammans. Högst 100 MB får plats.")
	}
	recordID := s.d.IDs.New()
	f := file{ID: s.d.IDs.New(), Record: recordID, Case: caseID, Version: 1, Format: "ORIGINAL", Media: media}
	if err := s.d.Files.Put(ctx, f.at(), f.seal(key, data)); err != nil {
		return uuid.Nil, err
	}
	var b db.Batch
	b.Exec(once, db.Args{"key": k.ID, "operation": "upload-record", "sha": k.SHA[:], "ref": recordID})
	b.Exec(lockCaseFiles, db.Args{"case_id": caseID})
	b.Exec(withinLimits, db.Args{"case_id": caseID, "size": len(data), "most_files": MostCaseFiles, "most_bytes": MostCaseBytes})
	b.Exec(insertRecord, db.Args{
		"id": recordID, "case_id": caseID, "kind": string(Incoming), "direction": "INKOMMEN", "on_date": clock.Today(s.d.Clock), "state": Quarantine, "by": actor.ID,
	})
	b.Exec(insertVersion, db.Args{"id": s.d.IDs.New(), "record_id": recordID, "case_id": caseID, "no": 1, "content": nil, "by": actor.ID})
	b.Exec(insertFile, f.args(data, key.Seal("record_files", "name_sealed", f.ID, name)))
	jobs.Enqueue(&b, s.d.IDs, jobs.ScanRecord, recordID)
	if err := s.d.DB.Once(ctx, actor.Scope(), &b); err != nil {
		_ = s.d.Files.Delete(context.WithoutCancel(ctx), f.at()) // nothing points at it; what stays behind is sealed
		return again(err, recordID)
	}
	s.d.Wake()
	return recordID, nil
}

const askScan = `
with asked as (update app.records set scan_code = null where id = @id and case_id = @case_id and state = 'KARANTAN' and scan_code is not null returning 1)
select app.must(exists (select 1 from asked), 'LY409', 'record')`

// Scan asks for a file in quarantine to be scanned again.
func (s *Service) Scan(ctx context.Context, actor authz.Actor, caseID, recordID uuid.UUID) error {
	if _, _, err := s.part(ctx, actor, caseID, "scan-record", nil); err != nil {
		return err
	}
	var b db.Batch
	b.Exec(askScan, db.Args{"id": recordID, "case_id": caseID})
	jobs.Enqueue(&b, s.d.IDs, jobs.ScanRecord, recordID)
	err := s.d.DB.Once(ctx, actor.Scope(), &b)
	s.d.Wake()
	return err
}
