package dialogue

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/dbtest"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/seal"
)

const (
	canary  = "Kanariefågeln sjöng i korridoren"
	aPlace  = "place"
	whoever = "someone"
)

// board is one organisation with a public form on a real database.
type board struct {
	t      *testing.T
	db     *db.DB
	data   *dbtest.DB
	super  *pgx.Conn
	ring   *seal.Ring
	tenant uuid.UUID
	city   uuid.UUID
	root   *seal.Root
	limits *counter
	*Service
}

// counter is a limiter that counts in the test.
type counter struct {
	mu    sync.Mutex
	most  map[string]int
	tries map[string]int
	fail  error
}

func (c *counter) Allow(_ context.Context, key string, most int, per time.Duration) (time.Duration, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tries[key]++
	c.most[key] = most
	if c.tries[key] > most {
		return per, c.fail
	}
	return 0, c.fail
}

func newBoard(t *testing.T) *board {
	t.Helper()
	base := dbtest.New(t)
	d, err := db.Open(t.Context(), map[authz.Door]string{authz.DoorIntake: base.DSN("intake")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	root, err := seal.ParseRoot(seal.NewRootKey())
	if err != nil {
		t.Fatal(err)
	}
	b := &board{t: t, data: base, db: d, super: base.Super(t), root: root, city: uuid.New(), limits: &counter{tries: map[string]int{}, most: map[string]int{}}}
	b.exec(`insert into app.cities (id, slug, name) values ($1, 'staden', 'Staden')`, b.city)
	b.tenant = b.organisation("bromma")
	b.ring = seal.NewRing(root, b.wrappedKeys)
	b.Service = New(d, b.ring, clock.System{}, id.Random{}, b.limits)
	return b
}

func (b *board) exec(sql string, args ...any) {
	b.t.Helper()
	if _, err := b.super.Exec(b.t.Context(), sql, args...); err != nil {
		b.t.Fatalf("%s: %v", sql, err)
	}
}

func (b *board) organisation(slug string) uuid.UUID {
	b.t.Helper()
	tenant := uuid.New()
	b.exec(`insert into app.tenants (id, city_id, slug, name, short_name, kind, public_form, valid_from)
		values ($1, $2, $3, $3, $3, 'BOARD', true, '2020-01-01')`, tenant, b.city, slug)
	wrapped, _, err := b.root.NewTenantKey(tenant, 1)
	if err != nil {
		b.t.Fatal(err)
	}
	b.exec(`insert into sec.tenant_keys (tenant_id, version, wrapped) values ($1, 1, $2)`, tenant, wrapped)
	return tenant
}

// wrappedKeys reads as the product does: through the intake door without a tenant.
func (b *board) wrappedKeys(ctx context.Context, tenant uuid.UUID) ([]seal.WrappedKey, error) {
	var keys []seal.WrappedKey
	batch := &db.Batch{}
	batch.Rows(`select version, wrapped from sec.wrapped_keys(@tenant)`, db.Args{"tenant": tenant}, func(rows pgx.Rows) error {
		var err error
		keys, err = pgx.CollectRows(rows, pgx.RowToStructByPos[seal.WrappedKey])
		return err
	})
	return keys, b.db.Once(ctx, authz.NoTenant(authz.DoorIntake), batch)
}

// report makes a case as the public form does, with a code that lives as long as asked.
func (b *board) report(tenant uuid.UUID, lives time.Duration) (uuid.UUID, id.ReceiptCode) {
	b.t.Helper()
	caseID, code := uuid.New(), id.NewReceiptCode()
	kek, err := b.ring.Current(b.t.Context(), tenant)
	if err != nil {
		b.t.Fatal(err)
	}
	_, wrapped := kek.NewCaseKey(caseID)
	batch := &db.Batch{}
	batch.Exec(`insert into app.cases (id, reference, state, channel, sender_role, anonymous, received_at, received_on, due_on)
		values (@id, @reference, 'received', 'WEBBFORMULAR', 'ANONYM', true, '2026-11-03 10:00+01', '2026-11-03', '2026-11-17')`,
		db.Args{"id": caseID, "reference": id.Reference()})
	batch.Exec(`insert into app.case_keys (case_id, kek_version, wrapped) values (@id, @v, @w)`,
		db.Args{"id": caseID, "v": kek.Version(), "w": wrapped})
	hash := code.Hash()
	batch.Exec(`insert into app.receipts (case_id, code_sha256, expires_at) values (@id, @code, @expires)`,
		db.Args{"id": caseID, "code": hash[:], "expires": time.Now().Add(lives)})
	if err := b.db.Once(b.t.Context(), authz.Public(tenant), batch); err != nil {
		b.t.Fatalf("report: %v", err)
	}
	return caseID, code
}

// say puts a message of the unit into the case.
func (b *board) say(caseID uuid.UUID, direction, kind, text string) {
	b.t.Helper()
	var wrapped []byte
	if err := b.super.QueryRow(b.t.Context(), `select wrapped from app.case_keys where case_id = $1`, caseID).Scan(&wrapped); err != nil {
		b.t.Fatal(err)
	}
	key, err := b.ring.OpenCaseKey(b.t.Context(), b.tenant, caseID, wrapped)
	if err != nil {
		b.t.Fatal(err)
	}
	msg := uuid.New()
	b.exec(`insert into app.messages (tenant_id, id, case_id, at, direction, kind, body_sealed) values ($1, $2, $3, clock_timestamp(), $4, $5, $6)`,
		b.tenant, msg, caseID, direction, kind, key.Seal("messages", "body_sealed", msg, text))
}

func (b *board) open(code string) (Receipt, error) {
	return b.Open(b.t.Context(), b.tenant, Code{Typed: code, Place: aPlace})
}

func TestACodeShowsStatusAndMessagesButNeverInternalNotes(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	caseID, code := b.report(b.tenant, time.Hour)
	r, err := b.open(strings.ToLower(strings.ReplaceAll(code.Text(), " ", "-")))
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != Received || r.ReceivedOn != clock.MustDate("2026-11-03") || r.AnswerBy != clock.MustDate("2026-11-17") || len(r.Messages) != 0 {
		t.Fatalf("a new case shows %+v", r)
	}
	b.say(caseID, "TILL_ANMALARE", "FRAGA", "Vilken avdelning var det?")
	b.say(caseID, "INTERN", "ANTECKNING", "Bara för oss")
	b.say(caseID, "TILL_ANMALARE", "SVAR", "Vi har ändrat rutinen.")
	b.exec(`update app.cases set state = 'lex_hold', prev_state = 'received', version = version + 1 where id = $1`, caseID)
	r, err = b.open(code.Text())
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != Working || len(r.Messages) != 2 || r.Messages[0].Kind != KindQuestion || r.Messages[1].Text != "Vi har ändrat rutinen." {
		t.Fatalf("the code shows %+v", r)
	}
	if r.AnsweredOn != clock.DateIn(r.Messages[1].At) || !r.Asked() {
		t.Errorf("answered on %s, asked %t", r.AnsweredOn, r.Asked())
	}
}

func TestTheHolderOfACodeWritesBackAndTheUnitIsTold(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	caseID, code := b.report(b.tenant, time.Hour)
	if err := b.Write(t.Context(), b.tenant, Code{Typed: code.Text(), Place: aPlace}, canary); err != nil {
		t.Fatal(err)
	}
	r, err := b.open(code.Text())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Messages) != 1 || !r.Messages[0].FromWriter || r.Messages[0].Text != canary {
		t.Fatalf("the message came back as %+v", r.Messages)
	}
	var sealed []byte
	var events, jobs int
	err = b.super.QueryRow(t.Context(), `select m.body_sealed,
		(select count(*) from app.case_events e where e.case_id = m.case_id and e.kind = 'case.reporter-wrote' and e.actor_id is null),
		(select count(*) from jobs.outbox o where o.ref = m.case_id and o.tenant_id = m.tenant_id and o.kind = 'notify-reporter-wrote')
		from app.messages m where m.case_id = $1 and m.author_id is null`, caseID).Scan(&sealed, &events, &jobs)
	if err != nil || events != 1 || jobs != 1 {
		t.Fatalf("%d events, %d jobs, %v", events, jobs, err)
	}
	if bytes.Contains(sealed, []byte("Kanarie")) {
		t.Error("the message stands in clear text in the database")
	}
}

func TestWrongUnknownExpiredAndForeignCodesAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	other := b.organisation("farsta")
	_, good := b.report(b.tenant, time.Hour)
	_, expired := b.report(b.tenant, -time.Minute)
	_, foreign := b.report(other, time.Hour)
	miswritten := []byte(good.Text())
	miswritten[0] = map[bool]byte{true: '1', false: '0'}[miswritten[0] == '0']
	for name, code := range map[string]string{
		"unknown": id.NewReceiptCode().Text(), "expired": expired.Text(), "another organisation's": foreign.Text(),
		"miswritten": string(miswritten), "too short": "ABCD", "empty": "", "not letters": strings.Repeat("😀", 24),
	} {
		_, err := b.open(code)
		same(t, name+" code, reading", err)
		err = b.Write(t.Context(), b.tenant, Code{Typed: code, Place: whoever}, canary)
		same(t, name+" code, writing", err)
	}
	var messages int
	if err := b.super.QueryRow(t.Context(), `select count(*) from app.messages`).Scan(&messages); err != nil || messages != 0 {
		t.Errorf("%d messages stored, %v", messages, err)
	}
}

func same(t *testing.T, what string, err error) {
	t.Helper()
	var p *problem.Problem
	want := WrongCode()
	if !errors.As(err, &p) || p.Kind != want.Kind || p.Code != want.Code || p.Text != want.Text || p.SQLState != "" {
		t.Errorf("%s: %v, want the one answer to a wrong code", what, err)
	}
}

func TestTriesAreCountedPerPlaceAndNobodyCountingMeansLater(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	_, code := b.report(b.tenant, time.Hour)
	for range triesPerPlace {
		_, _ = b.open("fel")
	}
	_, err := b.open(code.Text())
	var p *problem.Problem
	if !errors.As(err, &p) || p.Kind != problem.KindRateLimited || p.RetryAfter != triesPer {
		t.Errorf("after %d tries the right code gives %v", triesPerPlace, err)
	}
	if _, err := b.Open(t.Context(), b.tenant, Code{Typed: code.Text(), Place: "elsewhere"}); err != nil {
		t.Errorf("another place is not held up: %v", err)
	}
	b.limits.fail = errors.New("nobody home")
	if _, err := b.Open(t.Context(), b.tenant, Code{Typed: code.Text(), Place: "third"}); !problem.Is(err, problem.KindUnavailable) {
		t.Errorf("without a count: %v", err)
	}
}

func TestOneCodeCannotFloodAUnitFromManyPlaces(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	_, code := b.report(b.tenant, time.Hour)
	var last error
	for i := range messagesPerCode + 1 {
		last = b.Write(t.Context(), b.tenant, Code{Typed: code.Text(), Place: string(rune('a' + i))}, "hej")
	}
	if !problem.Is(last, problem.KindRateLimited) {
		t.Errorf("message %d: %v", messagesPerCode+1, last)
	}
}

func TestAShreddedCaseCannotBeOpened(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	caseID, code := b.report(b.tenant, time.Hour)
	b.exec(`delete from app.case_keys where case_id = $1`, caseID)
	_, err := b.open(code.Text())
	same(t, "a case whose key is destroyed", err)
}
