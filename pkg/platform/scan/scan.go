// Package scan asks ClamAV about a file, by INSTREAM over a Unix socket or the loopback interface: TCP to clamd knows no
// password, so it must never leave the machine.
//
// It must not decide what becomes of a file, and what is not answered with OK or FOUND is an error: nothing unknown is ever
// clean. Tests run a real clamd with a database of one line.
package scan

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"lyhord/pkg/platform/config"
)

// ErrOff means that no scanner is set up.
var ErrOff = errors.New("scan: no ClamAV is set up")

// ErrAway means that the scanner does not answer.
var ErrAway = errors.New("scan: the scanner does not answer")

// Verdict is what the scanner found.
type Verdict struct {
	Infected  bool
	Signature string // the name of what was found
}

// Scanner talks to one clamd. Its zero value is off.
type Scanner struct{ at config.Clamd }

// New makes a scanner.
func New(c config.Clamd) Scanner { return Scanner{c} }

// On says whether a scanner is set up.
func (s Scanner) On() bool { return s.at.Addr != "" }

// mostTime is how long one file may take.
const mostTime = 20 * time.Second

// File asks about a whole file. An error means that it was not scanned: no answer, a file too large for the scanner, a
// scanner that is away.
func (s Scanner) File(ctx context.Context, data []byte) (Verdict, error) {
	reply, err := s.ask(ctx, "INSTREAM", data)
	if err != nil {
		return Verdict{}, err
	}
	switch {
	case reply == "stream: OK":
		return Verdict{}, nil
	case strings.HasPrefix(reply, "stream: ") && strings.HasSuffix(reply, " FOUND"):
		return Verdict{Infected: true, Signature: strings.TrimSuffix(strings.TrimPrefix(reply, "stream: "), " FOUND")}, nil
	}
	return Verdict{}, fmt.Errorf("scan: %w", errors.New(firstWords(reply)))
}

// Ping asks whether the scanner is there.
func (s Scanner) Ping(ctx context.Context) error {
	reply, err := s.ask(ctx, "PING", nil)
	if err == nil && reply != "PONG" {
		err = errors.New("scan: no PONG")
	}
	return err
}

func (s Scanner) ask(ctx context.Context, command string, data []byte) (string, error) {
	if !s.On() {
		return "", ErrOff
	}
	ctx, cancel := context.WithTimeout(ctx, mostTime)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, s.at.Network, s.at.Addr)
	if err != nil {
		return "", ErrAway
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	w := bufio.NewWriterSize(conn, 64<<10)
	_, _ = w.WriteString("z" + command + "\x00") // a bufio.Writer keeps its first error for Flush
	if command == "INSTREAM" {
		for len(data) > 0 {
			chunk := data[:min(len(data), 64<<10)]
			_ = binary.Write(w, binary.BigEndian, uint32(len(chunk)))
			_, _ = w.Write(chunk)
			data = data[len(chunk):]
		}
		_ = binary.Write(w, binary.BigEndian, uint32(0))
	}
	sent := w.Flush() // a file too large is refused while we still write: the answer says more than the error
	reply, err := bufio.NewReader(conn).ReadString(0)
	if err != nil {
		return "", errors.Join(ErrAway, ctx.Err(), sent)
	}
	return strings.TrimSuffix(reply, "\x00"), nil
}

// firstWords keeps an answer that is not one short and free of what was sent.
func firstWords(reply string) string {
	if len(reply) > 80 {
		reply = reply[:80]
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, reply)
}
