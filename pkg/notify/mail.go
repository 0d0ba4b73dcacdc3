package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/config"
)

// Mailer hands mails to the mail server.
type Mailer struct {
	client *mail.Client
	from   *netmail.Address
	domain string
	url    string
	clock  clock.Clock
	log    *slog.Logger
}

// MailerOptions are the settings of a Mailer.
type MailerOptions struct {
	SMTP      config.SMTP
	PublicURL string         // where the mails ask people to log in
	Roots     *x509.CertPool // who is trusted about the mail server's name; nil: the system's
	Clock     clock.Clock
	Log       *slog.Logger
}

// patience is how long the mail server may take for one step.
const patience = 8 * time.Second

// NewMailer reads the settings; it connects when there is something to send.
func NewMailer(o MailerOptions) (*Mailer, error) {
	from, err := netmail.ParseAddress(o.SMTP.From)
	if err != nil {
		return nil, errors.New("the sender of mails is not an address")
	}
	host, portText, err := net.SplitHostPort(o.SMTP.Addr)
	port, portErr := strconv.Atoi(portText)
	if err != nil || portErr != nil {
		return nil, errors.New("the mail server is not host:port")
	}
	domain := from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	opts := []mail.Option{
		mail.WithPort(port), mail.WithTimeout(patience), mail.WithHELO(domain), mail.WithoutNoop(),
		mail.WithTLSConfig(&tls.Config{ServerName: host, MinVersion: tls.VersionTLS12, RootCAs: o.Roots}),
	}
	switch o.SMTP.TLS {
	case "starttls", "":
		opts = append(opts, mail.WithTLSPolicy(mail.TLSMandatory))
	case "tls":
		opts = append(opts, mail.WithSSL())
	case "none":
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	default:
		return nil, errors.New("unknown TLS policy for mail")
	}
	if o.SMTP.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(o.SMTP.User), mail.WithPassword(o.SMTP.Password.Reveal()))
	}
	client, err := mail.NewClient(host, opts...)
	if err != nil {
		return nil, errors.New("the settings of the mail server do not fit together")
	}
	return &Mailer{client: client, from: from, domain: domain, url: strings.TrimSuffix(o.PublicURL, "/"), clock: o.Clock, log: o.Log}, nil
}

// result is what became of a letter. An empty code: the server has taken it. refused: trying again will not help.
type result struct {
	id      uuid.UUID
	code    string
	refused bool
}

// send hands the letters over, one after the other on one connection.
func (m *Mailer) send(ctx context.Context, letters []letter) []result {
	if len(letters) == 0 {
		return nil
	}
	results := make([]result, len(letters))
	conn, err := m.client.DialToSMTPClientWithContext(ctx)
	for i, l := range letters {
		results[i] = result{id: l.ID}
		switch {
		case err != nil:
			results[i].code = codeOf(err, "smtp_unreachable")
		case ctx.Err() != nil:
			results[i].code = "timeout"
		default:
			results[i] = m.sendOne(conn, l)
		}
	}
	if conn != nil {
		_ = m.client.CloseWithSMTPClient(conn)
	}
	return results
}

func (m *Mailer) sendOne(conn *smtp.Client, l letter) result {
	msg, err := m.write(l)
	if err != nil {
		m.log.Warn("mail refused", "code", "refused_address")
		return result{l.ID, "refused_address", true}
	}
	err = m.client.SendWithSMTPClient(conn, msg)
	if err == nil || msg.IsDelivered() {
		return result{id: l.ID}
	}
	var se *mail.SendError
	if errors.As(err, &se) && se.Reason == mail.ErrSMTPRcptTo && se.ErrorCode() >= 500 {
		code := fmt.Sprintf("refused_%d", se.ErrorCode())
		m.log.Warn("mail refused", "code", code)
		return result{l.ID, code, true}
	}
	return result{l.ID, codeOf(err, "smtp"), false}
}

// codeOf says an SMTP failure as a code: servers quote addresses in their texts.
func codeOf(err error, otherwise string) string {
	var se *mail.SendError
	if errors.As(err, &se) && se.ErrorCode() > 0 {
		return fmt.Sprintf("smtp_%d", se.ErrorCode())
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "timeout"
	}
	return otherwise
}

// write makes the mail. Nothing in it comes from a case; the address is parsed, so that no line break gets into a header.
func (m *Mailer) write(l letter) (*mail.Msg, error) {
	to, err := netmail.ParseAddress(l.Email)
	if err != nil {
		return nil, err
	}
	subject, body := l.subject, l.body
	if subject == "" {
		subject, body = words(Template(l.Template), m.url)
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	msg.FromMailAddress(m.from)
	msg.ToMailAddress(&netmail.Address{Address: to.Address})
	msg.Subject(subject)
	msg.SetMessageIDWithValue(l.ID.String() + "@" + m.domain) // the same for every try
	msg.SetDateWithValue(m.clock.Now().In(clock.Stockholm))
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader("Content-Language", "sv")
	msg.SetBodyString(mail.TypeTextPlain, body)
	return msg, nil
}
