// Package sink is a small mail server for the demonstration and for tests: it takes every mail and keeps it as a file in
// a folder. It listens on the loopback address only and delivers nothing.
//
// It must never be used with real people's addresses. It is tested by the mails of package notify.
package sink

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"lyhord/pkg/platform/clock"
)

// Options of a Sink.
type Options struct {
	Dir    string                // where the mails are kept
	Addr   string                // 127.0.0.1:0 when empty; must be a loopback address
	TLS    *tls.Config           // offers STARTTLS
	Accept func(to string) error // asked for each recipient; nil accepts all
	Stored func(Mail)            // told of each mail after it is kept
}

// Mail is a mail as it was received.
type Mail struct {
	ID        string      `json:"id"`
	From      string      `json:"from"`
	To        string      `json:"to"`
	Subject   string      `json:"subject"`
	SentAt    time.Time   `json:"sent_at"`
	MessageID string      `json:"message_id"`
	Body      string      `json:"body"`
	Header    mail.Header `json:"-"`
}

// Sink is a running mail server.
type Sink struct {
	o      Options
	server *smtp.Server
	listen net.Listener
	done   chan struct{}

	mu   sync.Mutex
	last int64
}

// Start begins to take mails.
func Start(o Options) (*Sink, error) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	host, _, err := net.SplitHostPort(o.Addr)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return nil, errors.New("the mail sink listens on a loopback address only")
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	s := &Sink{o: o, done: make(chan struct{})}
	if s.listen, err = net.Listen("tcp", o.Addr); err != nil {
		return nil, err
	}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{sink: s}, nil }))
	s.server.Domain, s.server.TLSConfig = "sink.invalid", o.TLS
	s.server.ReadTimeout, s.server.WriteTimeout = 30*time.Second, 30*time.Second
	s.server.MaxMessageBytes, s.server.MaxRecipients = 1<<20, 50
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	go func() {
		defer close(s.done)
		_ = s.server.Serve(s.listen)
	}()
	return s, nil
}

// Addr is where it listens; it stays over a stop and a new start with the same address.
func (s *Sink) Addr() string { return s.listen.Addr().String() }

// Dir is where the mails are kept.
func (s *Sink) Dir() string { return s.o.Dir }

// Stop ends the server; the mails stay. It may be called any number of times.
func (s *Sink) Stop() {
	_ = s.server.Close()
	<-s.done
}

// Mails lists what was received, the newest first.
func (s *Sink) Mails() ([]Mail, error) { return List(s.o.Dir) }

// List reads the mails of a folder, the newest first.
func List(dir string) ([]Mail, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	slices.Reverse(names)
	all := make([]Mail, 0, len(names))
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		m, err := parse(raw)
		if err != nil {
			continue // not a mail of ours
		}
		m.ID = strings.TrimSuffix(filepath.Base(name), ".eml")
		all = append(all, m)
	}
	return all, nil
}

// keep writes a mail to a file whose name sorts by time.
func (s *Sink) keep(raw []byte) error {
	m, err := parse(raw)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.last = max(s.last+1, clock.System{}.Now().UnixMicro())
	m.ID = fmt.Sprintf("%d", s.last)
	s.mu.Unlock()
	path := filepath.Join(s.o.Dir, m.ID)
	if err := os.WriteFile(path+".new", raw, 0o600); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path+".eml"); err != nil {
		return err
	}
	if s.o.Stored != nil {
		s.o.Stored(m)
	}
	return nil
}

func parse(raw []byte) (Mail, error) {
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, err
	}
	m := Mail{From: msg.Header.Get("From"), To: strings.Trim(msg.Header.Get("To"), "<>"), Header: msg.Header}
	m.MessageID = strings.Trim(msg.Header.Get("Message-ID"), "<>")
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject")); err != nil {
		return Mail{}, err
	}
	m.SentAt, _ = msg.Header.Date() // a mail without a date is still a mail
	body := msg.Body
	if strings.EqualFold(msg.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	m.Body = strings.ReplaceAll(string(text), "\r\n", "\n")
	return m, err
}

// session is one conversation.
type session struct{ sink *Sink }

func (*session) Reset()                               {}
func (*session) Logout() error                        { return nil }
func (*session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.sink.o.Accept != nil {
		return s.sink.o.Accept(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return s.sink.keep(raw)
}
