package audit

import (
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit/chain"
)

const rowColumns = `a.id, a.at, a.actor_id, a.actor_kind, a.action, a.case_id, a.tried_id, a.shown, a.result, a.request_id`

// ---------------------------------------------------------------- sealing, as the worker
const selectHead = `select no, hash, last_at from app.audit_blocks order by no desc limit 1`

type headRow struct {
	No     int64     `db:"no"`
	Hash   []byte    `db:"hash"`
	LastAt time.Time `db:"last_at"`
}

// A row becomes visible when its transaction ends, up to some seconds after its time: rows are left alone for half a minute,
// and one that comes later still is found by looking ten minutes back past what is sealed.
const selectUnsealed = `
select ` + rowColumns + `
  from app.audit_log a
 where a.at < @now::timestamptz - interval '30 seconds' and a.at >= @since::timestamptz
   and not exists (select 1 from app.audit_blocks b where b.last_at >= @since::timestamptz and a.id = any(b.ids))
 order by a.at, a.id limit @most`

const insertBlock = `
insert into app.audit_blocks (no, prev, hash, ids, digests, last_at) values (@no, @prev, @hash, @ids, @digests, @last_at)`

// ---------------------------------------------------------------- the export and the state of the chain, as a granskare
const selectBlock = `select no, prev, hash, ids, digests from app.audit_blocks where no > @after order by no limit 1`

type blockRow struct {
	No      int64       `db:"no"`
	Prev    []byte      `db:"prev"`
	Hash    []byte      `db:"hash"`
	IDs     []uuid.UUID `db:"ids"`
	Digests []byte      `db:"digests"`
}

func (r blockRow) block() chain.Block {
	b := chain.Block{No: r.No, Prev: chain.Digest(r.Prev), Hash: chain.Digest(r.Hash), IDs: r.IDs, Digests: make([]chain.Digest, len(r.IDs))}
	for i := range r.IDs {
		b.Digests[i] = chain.Digest(r.Digests[i*32 : i*32+32])
	}
	return b
}

const selectSealed = `select ` + rowColumns + ` from app.audit_log a where a.id = any(@ids)`

// The same rows as selectUnsealed, without the half minute: everything that no block has.
const selectOpen = `
select ` + rowColumns + `
  from app.audit_log a
 where a.at >= @since::timestamptz
   and not exists (select 1 from app.audit_blocks b where b.last_at >= @since::timestamptz and a.id = any(b.ids))
 order by a.at, a.id limit @most`

const selectState = `
select coalesce((select max(b.sealed_at) from app.audit_blocks b), 'epoch') as sealed_at,
       (select count(*) from app.log_samples s where s.decision is null)::int as undecided,
       coalesce((select max(s.drawn_at) from app.log_samples s), 'epoch') as drawn_at`

type stateRow struct {
	SealedAt  time.Time `db:"sealed_at"`
	Undecided int       `db:"undecided"`
	DrawnAt   time.Time `db:"drawn_at"`
}

// ---------------------------------------------------------------- samples
const listSamples = `
select s.id, s.rule, s.drawn_at, s.case_id, s.decision, s.note_sealed, s.decided_at, d.name as decided_by,
       a.at, a.action, a.result, a.actor_id, p.name as actor_name, p.title as actor_title
  from app.log_samples s
  join app.audit_log a on a.tenant_id = s.tenant_id and a.id = s.audit_id
  left join app.people p on p.tenant_id = a.tenant_id and p.id = a.actor_id
  left join app.people d on d.tenant_id = s.tenant_id and d.id = s.decided_by
 where (s.decision is null) = @open and (s.drawn_at, s.id) < (@before_at, @before_id)
 order by s.drawn_at desc, s.id desc limit @limit`

type sampleRow struct {
	ID         uuid.UUID  `db:"id"`
	Rule       string     `db:"rule"`
	DrawnAt    time.Time  `db:"drawn_at"`
	CaseID     *uuid.UUID `db:"case_id"`
	Decision   *string    `db:"decision"`
	Note       []byte     `db:"note_sealed"`
	DecidedAt  *time.Time `db:"decided_at"`
	DecidedBy  *string    `db:"decided_by"`
	At         time.Time  `db:"at"`
	Action     string     `db:"action"`
	Result     string     `db:"result"`
	ActorID    *uuid.UUID `db:"actor_id"`
	ActorName  *string    `db:"actor_name"`
	ActorTitle *string    `db:"actor_title"`
}

const decideSample = `
with decided as (
  update app.log_samples set decision = @decision, note_sealed = @note, decided_at = @at, decided_by = @by
   where id = @id and decision is null returning 1
) select app.must(exists (select 1 from decided), case when exists (select 1 from app.log_samples where id = @id) then 'LY409' else 'LY404' end, 'sample')`

const selectNumbers = `select id, number from app.reviewed_cases(@ids)`

type numberRow struct {
	ID     uuid.UUID `db:"id"`
	Number string    `db:"number"`
}

// ---------------------------------------------------------------- extracts
const readColumns = `a.id, a.at, a.actor_kind, a.action, a.result, a.case_id, cardinality(a.shown) as shown, p.name as actor_name, p.title as actor_title`

const extractPerson = `
select ` + readColumns + `
  from app.audit_log a left join app.people p on p.tenant_id = a.tenant_id and p.id = a.actor_id
 where a.actor_id = @person and a.at >= @from and a.at < @to and (a.at, a.id) < (@before_at, @before_id)
 order by a.at desc, a.id desc limit @limit`

const extractCases = `
select ` + readColumns + `
  from app.audit_log a left join app.people p on p.tenant_id = a.tenant_id and p.id = a.actor_id
 where (a.case_id = any(@cases) or a.tried_id = any(@cases) or a.shown && @cases::uuid[])
   and a.at >= @from and a.at < @to and (a.at, a.id) < (@before_at, @before_id)
 order by a.at desc, a.id desc limit @limit`

type readRow struct {
	ID         uuid.UUID  `db:"id"`
	At         time.Time  `db:"at"`
	Kind       string     `db:"actor_kind"`
	Action     string     `db:"action"`
	Result     string     `db:"result"`
	CaseID     *uuid.UUID `db:"case_id"`
	Shown      int        `db:"shown"`
	ActorName  *string    `db:"actor_name"`
	ActorTitle *string    `db:"actor_title"`
}

const casesOfContact = `
select c.case_id from app.case_contacts c where c.kind = @kind and c.digest = any(@digests)
 group by c.case_id having count(distinct c.digest) >= @need limit 1000`

const caseOfNumber = `select n as case_id from app.reviewed_number(@number) n`

type caseIDRow struct {
	CaseID uuid.UUID `db:"case_id"`
}

const readsOfCase = `
select ` + readColumns + `
  from app.audit_log a left join app.people p on p.tenant_id = a.tenant_id and p.id = a.actor_id
 where a.case_id = @case_id and (a.at, a.id) < (@before_at, @before_id)
 order by a.at desc, a.id desc limit @limit`
