//go:build unix

package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/jobs"
	"lyhord/services/migrate/steps"
)

const (
	eventsPerSecond = 200
	probeLimit      = 20 * time.Second
)

// waits is how long people wait for what happens after a commit.
type waits struct {
	sent, open int
	perSecond  float64
	handler    [2]time.Duration // p50, p99 from the event's transaction to the handler's
	facts      []time.Duration  // from the answered report to the count the city may read
	mails      []time.Duration  // from the answered report to the mail taken by the mail server
}

// events writes events about old cases at a steady pace while a worker runs, and meanwhile reports cases one by one.
func (t *town) events(ctx context.Context, l *labour, lasting time.Duration) (waits, error) {
	var w waits
	conn, err := pgx.Connect(ctx, t.superDSN())
	if err != nil {
		return w, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := t.finishJobs(ctx); err != nil {
		return w, err
	}
	probing, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		both     sync.WaitGroup
		probeErr error
	)
	both.Go(func() { probeErr = t.probe(probing, l, &w) })
	ids, took, err := t.ring(ctx, conn, l.cases, lasting)
	cancel()
	both.Wait()
	if err := errors.Join(err, probeErr); err != nil {
		return w, err
	}
	w.sent, w.perSecond = len(ids), float64(len(ids))/took.Seconds()
	for deadline := time.Now().Add(probeLimit); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if err := conn.QueryRow(ctx, `select count(*) from jobs.outbox where id = any($1) and done_at is null`, ids).Scan(&w.open); err != nil || w.open == 0 {
			break
		}
	}
	// created_at and done_at are the starts of the two transactions.
	var p50, p99 *float64
	err = conn.QueryRow(ctx, `select percentile_cont(0.5) within group (order by s), percentile_cont(0.99) within group (order by s)
	  from (select extract(epoch from done_at - created_at)::float8 as s from jobs.outbox where id = any($1) and done_at is not null) x`, ids).Scan(&p50, &p99)
	if err == nil && p50 != nil {
		w.handler = [2]time.Duration{time.Duration(*p50 * 1e9), time.Duration(*p99 * 1e9)}
	}
	return w, err
}

// ring writes the events, each in its own transaction, and rings the worker's bell after each.
func (t *town) ring(ctx context.Context, conn *pgx.Conn, cases []uuid.UUID, lasting time.Duration) (ids []uuid.UUID, took time.Duration, err error) {
	bell := jobs.NewBell(config.Redis{Addr: t.redis.Addr()})
	defer bell.Stop()
	start := time.Now()
	for n := 0; time.Since(start) < lasting; n++ {
		time.Sleep(time.Until(start.Add(time.Duration(n) * time.Second / eventsPerSecond)))
		id := uuid.New()
		_, err := conn.Exec(ctx, `insert into jobs.outbox (tenant_id, id, kind, ref) values ($1, $2, $3, $4)`,
			steps.TenantID(home), id, string(jobs.UpdateFact), cases[n%len(cases)])
		if err != nil {
			return nil, 0, err
		}
		bell.Ring()
		ids = append(ids, id)
	}
	return ids, time.Since(start), nil
}

// probe reports a case, waits until it is counted and until its mail is there, and begins again.
func (t *town) probe(ctx context.Context, l *labour, w *waits) error {
	conn, err := pgx.Connect(context.WithoutCancel(ctx), t.superDSN())
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for ctx.Err() == nil {
		fact, mail, err := t.probeOnce(context.WithoutCancel(ctx), conn, l)
		if err != nil {
			return err
		}
		w.facts, w.mails = append(w.facts, fact), append(w.mails, mail)
	}
	return nil
}

func (t *town) probeOnce(ctx context.Context, conn *pgx.Conn, l *labour) (fact, mail time.Duration, err error) {
	count := func() (n int) {
		err = conn.QueryRow(ctx, `select coalesce(sum(n), 0)::int from insight.cells where tenant_id = $1 and month = date_trunc('month', current_date)::date`,
			steps.TenantID(home)).Scan(&n)
		return n
	}
	for len(t.mailed) > 0 {
		<-t.mailed
	}
	before := count()
	if err != nil {
		return 0, 0, err
	}
	if _, err := l.worker.post(ctx, "/cases", uuid.NewString(), l.reportBody); err != nil {
		return 0, 0, err
	}
	start := time.Now()
	for fact == 0 || mail == 0 {
		select {
		case <-t.mailed:
			if mail == 0 {
				mail = time.Since(start)
			}
		case <-time.After(5 * time.Millisecond):
		}
		if fact == 0 && count() > before {
			fact = time.Since(start)
		}
		if err != nil || time.Since(start) > probeLimit {
			return fact, mail, errors.Join(err, errors.New("a report was not counted or mailed in time"))
		}
	}
	// Every registrar gets a mail; the rest of this report's must not be taken for the next one's.
	for quiet := false; !quiet; {
		select {
		case <-t.mailed:
		case <-time.After(100 * time.Millisecond):
			quiet = true
		}
	}
	return fact, mail, nil
}

// finishJobs empties the outbox: what earlier measurements have left is not this one's load.
func (t *town) finishJobs(ctx context.Context) error {
	return t.exec(ctx, `update jobs.outbox set done_at = now() where done_at is null`, `vacuum analyze jobs.outbox`)
}
