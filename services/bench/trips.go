//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"
)

// counter stands between an api and PostgreSQL and counts round trips: how often the client speaks after the server has.
type counter struct {
	listen net.Listener
	to     string
	trips  atomic.Int64
}

func newCounter(to string) (*counter, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &counter{listen: l, to: to}
	go c.serve()
	return c, nil
}

func (c *counter) serve() {
	for {
		client, err := c.listen.Accept()
		if err != nil {
			return
		}
		go c.pass(client)
	}
}

func (c *counter) pass(client net.Conn) {
	defer client.Close()
	pg, err := net.Dial("tcp", c.to)
	if err != nil {
		return
	}
	defer pg.Close()
	var answered atomic.Bool
	answered.Store(true)
	var both sync.WaitGroup
	both.Go(func() {
		pump(client, pg, func() {
			if answered.Swap(false) {
				c.trips.Add(1)
			}
		})
		_ = pg.Close()
	})
	both.Go(func() {
		pump(pg, client, func() { answered.Store(true) })
		_ = client.Close()
	})
	both.Wait()
}

func pump(from io.Reader, to io.Writer, moved func()) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			moved()
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// trips are round trips to PostgreSQL per request, once everything is prepared.
type trips struct{ report, open, openReceived, inbox float64 }

// countTrips asks an api of its own, whose one connection goes through the counter.
func (t *town) countTrips(ctx context.Context, l *labour) (trips, error) {
	var out trips
	c, err := newCounter(net.JoinHostPort(t.pg.Host(), strconv.Itoa(t.pg.Port())))
	if err != nil {
		return out, err
	}
	defer c.listen.Close()
	dsn := strings.Replace(t.dsn("api"), fmt.Sprintf(":%d/", t.pg.Port()), fmt.Sprintf(":%d/", c.listen.Addr().(*net.TCPAddr).Port), 1)
	dsn = strings.Replace(dsn, t.pg.SocketDir(), "127.0.0.1", 1)
	api, err := t.startPart(ctx, partAPI, map[string]string{"LYHORD_DSN_API": dsn + "&pool_max_conns=1"})
	if err != nil {
		return out, err
	}
	defer api.stop()
	// The same people, at the other api: a session belongs to the database.
	worker, registrar := &person{"http://" + api.addr + "/api/v1", l.worker.token}, &person{"http://" + api.addr + "/api/v1", l.registrar.token}
	for _, one := range []struct {
		to   *float64
		shot func() error
	}{
		{&out.report, func() error { _, err := worker.post(ctx, "/cases", uuid.NewString(), l.reportBody); return err }},
		{&out.open, func() error { _, err := registrar.get(ctx, "/cases/"+l.cases[0].String()); return err }},
		{&out.openReceived, func() error { _, err := registrar.get(ctx, "/cases/"+l.received.String()); return err }},
		{&out.inbox, func() error { _, err := registrar.get(ctx, "/cases?limit=50"); return err }},
	} {
		const times = 20
		for i := range 2 * times {
			if i == times { // the first half prepares the statements and reads the rules of the tenant
				c.trips.Store(0)
			}
			if err := one.shot(); err != nil {
				return out, err
			}
		}
		*one.to = float64(c.trips.Load()) / times
	}
	return out, nil
}
