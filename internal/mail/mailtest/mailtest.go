// Package mailtest is an SMTP server for tests: it listens on this machine, speaks
// as much of RFC 5321 as a client needs, and keeps what it was handed.
package mailtest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Letter is what was handed in, with its text in clear.
type Letter struct {
	From, To  string // of the envelope
	Raw       string
	Header    mail.Header
	Encrypted bool
	User      string // who had signed in, and with what
}

// Server keeps letters.
type Server struct {
	Port  int
	Roots *x509.CertPool

	listener net.Listener
	tls      *tls.Config
	first    bool // encrypted from the first byte

	mu      sync.Mutex
	letters []Letter
	answers map[string]string
	silent  bool
}

// Listen starts a server that offers STARTTLS; it ends with the test.
func Listen(t testing.TB) *Server { return start(t, false) }

// ListenTLS starts a server that is encrypted from the first byte.
func ListenTLS(t testing.TB) *Server { return start(t, true) }

func start(t testing.TB, first bool) *Server {
	s := &Server{first: first, answers: map[string]string{}}
	s.tls, s.Roots = certificate(t)
	var err error
	s.listener, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.Port = s.listener.Addr().(*net.TCPAddr).Port
	t.Cleanup(func() { s.listener.Close() })
	go func() {
		for {
			c, err := s.listener.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
	return s
}

// Answer makes the server say something else to a command, such as "RCPT" or, for
// the text of a letter, "."; empty: as usual again.
func (s *Server) Answer(command, line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[command] = line
}

// Forget makes the server drop the connection where it should confirm a letter,
// which it keeps: its client cannot know.
func (s *Server) Forget(silent bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silent = silent
}

// Letters are what was handed in so far.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.letters...)
}

func (s *Server) answer(command, usual string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if line := s.answers[command]; line != "" {
		return line
	}
	return usual
}

// talk is one connection. What is said to a letter's end is decided only after the
// letter is kept, as a server does that fails in between.
func (s *Server) talk(raw net.Conn) {
	if s.first {
		raw = tls.Server(raw, s.tls)
	}
	defer func() { raw.Close() }()
	in, l := bufio.NewReader(raw), Letter{Encrypted: s.first}
	say := func(line string) { fmt.Fprintf(raw, "%s\r\n", line) }
	say("220 mailtest")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		verb, rest, _ := strings.Cut(line, " ")
		switch verb = strings.ToUpper(verb); verb {
		case "EHLO":
			say(s.answer("EHLO", "250-mailtest\r\n250-AUTH PLAIN\r\n250-STARTTLS\r\n250 8BITMIME"))
		case "STARTTLS":
			say(s.answer("STARTTLS", "220 go on"))
			secure := tls.Server(raw, s.tls)
			raw, in, l.Encrypted = secure, bufio.NewReader(secure), true
		case "AUTH":
			given, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
			l.User = strings.ReplaceAll(strings.Trim(string(given), "\x00"), "\x00", " ")
			say(s.answer("AUTH", "235 welcome"))
		case "MAIL":
			l.From = address(rest)
			say(s.answer("MAIL", "250 ok"))
		case "RCPT":
			l.To = address(rest)
			say(s.answer("RCPT", "250 ok"))
		case "DATA":
			say("354 go on")
			text, err := io.ReadAll(textproto.NewReader(in).DotReader())
			if err != nil {
				return
			}
			if line := s.answer(".", ""); line != "" {
				say(line)
				continue
			}
			if s.keep(l, string(text)) {
				return
			}
			say("250 kept")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *Server) keep(l Letter, text string) (silent bool) {
	l.Raw = text
	if m, err := mail.ReadMessage(strings.NewReader(text)); err == nil {
		l.Header = m.Header
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters = append(s.letters, l)
	return s.silent
}

func address(text string) string {
	_, text, _ = strings.Cut(text, "<")
	text, _, _ = strings.Cut(text, ">")
	return text
}

// certificate vouches for localhost, and says who must be trusted for that.
func certificate(t testing.TB) (*tls.Config, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	of := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, of, of, &key.PublicKey, key)
	require.NoError(t, err)
	made, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(made)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}
