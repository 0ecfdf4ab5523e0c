// Package mail hands letters to an SMTP server: the one that whoever runs this
// server names in the settings, and no other. What a person has typed comes into
// headers only as encoded words on one line, and never chooses a recipient.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/mail"
	"strings"
	"time"
	"unicode"

	smtp "github.com/wneessen/go-mail"
)

// Ways of encryption.
const (
	StartTLS = "starttls" // the connection is encrypted before anything is said, or nothing is sent
	TLS      = "tls"      // encrypted from the first byte
	Plain    = "none"     // for a server on the same machine or in a network one trusts
)

// Server is where letters are handed in. It is safe for use by many at once.
type Server struct {
	Host           string
	Port           int
	Encryption     string
	User, Password string         // both empty: without signing in
	From           mail.Address   // who the letters come from
	Roots          *x509.CertPool // who is trusted to vouch for the server; nil: whom this machine trusts
}

// Letter is what one person is sent. ID stays the same however often it is sent: it
// becomes the Message-ID, by which mail programs recognise a repeat.
type Letter struct {
	ID         string
	To         mail.Address
	Subject    string
	Text, HTML string
	Choices    string // where the person chooses what is sent; may be empty
	At         time.Time
}

// patience bounds each of the three parts of handing in a letter: to connect, to
// greet and sign in, and to send.
const patience = 20 * time.Second

// MostTime is how long Send takes at most.
const MostTime = 3 * patience

// Failure says why a letter was not taken. A final one will not be taken later
// either.
type Failure struct {
	Detail string
	Final  bool
}

func (f *Failure) Error() string { return f.Detail }

// Send hands a letter in. When it returns nil the server has taken it; an error is
// a *Failure.
func (s *Server) Send(ctx context.Context, l Letter) error {
	msg, err := s.compose(l)
	if err != nil {
		return &Failure{Detail: err.Error(), Final: true}
	}
	client, err := smtp.NewClient(s.Host, s.options()...)
	if err != nil {
		return &Failure{Detail: err.Error()}
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() { // how the connection ends does not matter
		return nil
	}
	return s.explain(err)
}

func (s *Server) options() []smtp.Option {
	o := []smtp.Option{smtp.WithPort(s.Port), smtp.WithTimeout(patience), smtp.WithoutNoop()}
	if s.Roots != nil {
		o = append(o, smtp.WithTLSConfig(&tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}))
	}
	switch s.Encryption {
	case TLS:
		o = append(o, smtp.WithSSL())
	case Plain:
		o = append(o, smtp.WithTLSPolicy(smtp.NoTLS))
	default:
		o = append(o, smtp.WithTLSPolicy(smtp.TLSMandatory))
	}
	if s.User != "" {
		o = append(o, smtp.WithSMTPAuth(smtp.SMTPAuthAutoDiscover), smtp.WithUsername(s.User), smtp.WithPassword(s.Password))
	}
	return o
}

func (s *Server) compose(l Letter) (*smtp.Msg, error) {
	m := smtp.NewMsg(smtp.WithNoDefaultUserAgent())
	for _, who := range []struct {
		set     func(string) error
		address mail.Address
	}{{m.From, s.From}, {func(to string) error { return m.To(to) }, l.To}} {
		who.address.Name = oneLine(who.address.Name)
		if a, err := mail.ParseAddress(who.address.Address); err != nil || a.Address != who.address.Address {
			return nil, errors.New("This is not the address of a mailbox.")
		}
		if err := who.set(who.address.String()); err != nil {
			return nil, err
		}
	}
	m.SetMessageIDWithValue(l.ID + "@" + s.domain())
	m.SetDateWithValue(l.At)
	m.Subject(oneLine(l.Subject))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence answers it
	if l.Choices != "" {
		m.SetListUnsubscribe(l.Choices)
	}
	m.SetBodyString(smtp.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(smtp.TypeTextHTML, l.HTML)
	}
	return m, nil
}

// domain is that of the sender: it makes ids unique in the world.
func (s *Server) domain() string {
	_, domain, _ := strings.Cut(s.From.Address, "@")
	return domain
}

// oneLine is text without what could end a line of the header.
func oneLine(text string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.Join(strings.Fields(clean), " ")
}

// explain turns what the library says into a failure that shows no password. What
// is refused for good is a mailbox or a letter; what concerns the connection or the
// sender is a setting that can be mended.
func (s *Server) explain(err error) *Failure {
	said, _, _ := strings.Cut(oneLine(err.Error()), ", affected ") // whom it concerns is known
	f := &Failure{Detail: strings.TrimPrefix(said, "send failed: ")}
	if s.Password != "" {
		f.Detail = strings.ReplaceAll(f.Detail, s.Password, "…")
	}
	if r := []rune(f.Detail); len(r) > 500 {
		f.Detail = string(r[:500])
	}
	var refused *smtp.SendError
	if errors.As(err, &refused) {
		about := refused.Reason == smtp.ErrSMTPRcptTo || refused.Reason == smtp.ErrSMTPDataClose
		f.Final = about && refused.ErrorCode() >= 500
	}
	return f
}
