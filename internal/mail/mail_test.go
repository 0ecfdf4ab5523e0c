package mail_test

import (
	"errors"
	netmail "net/mail"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/mail"
	"patchline/internal/mail/mailtest"
)

func to(s *mailtest.Server) *mail.Server {
	return &mail.Server{Host: "localhost", Port: s.Port, From: netmail.Address{Name: "Patchline", Address: "patchline@example.org"}, Roots: s.Roots}
}

func letter() mail.Letter {
	return mail.Letter{
		ID: "0199", To: netmail.Address{Name: "Chen", Address: "chen@example.org"}, Subject: "INF-1", Text: "Grüße", HTML: "<p>Grüße</p>",
		Choices: "https://patchline.example/account", At: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC),
	}
}

func TestALetterTravelsEncryptedWithAnIDThatStays(t *testing.T) {
	s := mailtest.Listen(t)
	at := to(s)
	at.User, at.Password = "me", "hush"
	require.NoError(t, at.Send(t.Context(), letter()))
	l := s.Letters()[0]
	assert.Equal(t, []any{true, "me hush", "patchline@example.org", "chen@example.org"}, []any{l.Encrypted, l.User, l.From, l.To})
	assert.Equal(t, "<0199@example.org>", l.Header.Get("Message-Id"))
	assert.Equal(t, "<https://patchline.example/account>", l.Header.Get("List-Unsubscribe"))
	assert.Equal(t, "auto-generated", l.Header.Get("Auto-Submitted"))
	assert.Equal(t, []string{"Grüße", "<p>Grüße</p>"}, []string{l.Part("text/plain"), l.Part("text/html")})
}

func TestAServerThatIsEncryptedFromTheFirstByteOrNotAtAllIsReached(t *testing.T) {
	first, plain := to(mailtest.ListenTLS(t)), to(mailtest.Listen(t))
	first.Encryption, plain.Encryption = mail.TLS, mail.Plain
	require.NoError(t, first.Send(t.Context(), letter()))
	require.NoError(t, plain.Send(t.Context(), letter()))
}

func TestNothingIsSaidToAServerThatDoesNotEncryptOrIsAnother(t *testing.T) {
	s := mailtest.Listen(t)
	s.Answer("EHLO", "250-mailtest\r\n250 AUTH PLAIN")
	at := to(s)
	at.User, at.Password = "me", "hush"
	require.ErrorContains(t, at.Send(t.Context(), letter()), "STARTTLS")
	s.Answer("EHLO", "")
	at.Roots = to(mailtest.Listen(t)).Roots
	require.ErrorContains(t, at.Send(t.Context(), letter()), "certificate")
	assert.Empty(t, s.Letters())
}

func TestWhatPeopleTypeCannotBecomeAHeaderOrARecipient(t *testing.T) {
	s := mailtest.Listen(t)
	l := letter()
	l.Subject = "INF-1\r\nBcc: all@example.org\r\n\r\nHello\u2028 \x00„Zoë“"
	l.To.Name = "\"Chen\" <all@example.org>,\r\nBcc: all@example.org"
	require.NoError(t, to(s).Send(t.Context(), l))
	got := s.Letters()[0]
	assert.Empty(t, got.Header["Bcc"])
	assert.Equal(t, "chen@example.org", got.To)
	assert.Equal(t, "INF-1 Bcc: all@example.org Hello „Zoë“", got.Subject())
	list, err := got.Header.AddressList("To")
	require.NoError(t, err)
	require.Len(t, list, 1)
	assert.Equal(t, netmail.Address{Name: "\"Chen\" <all@example.org>, Bcc: all@example.org", Address: "chen@example.org"}, *list[0])
	for _, address := range []string{"", "chen", "chen@example.org\r\nRCPT TO:<all@example.org>", "a@example.org,b@example.org", "Chen <chen@example.org>"} {
		l.To.Address = address
		assert.Error(t, to(s).Send(t.Context(), l), "%q", address)
	}
	assert.Len(t, s.Letters(), 1)
}

func TestAFailureSaysWhetherItIsFinalAndShowsNoPassword(t *testing.T) {
	for name, c := range map[string]struct {
		command, line string
		final         bool
	}{
		"no such mailbox":        {"RCPT", "550 no such mailbox", true},
		"a mailbox that is full": {"RCPT", "452 full", false},
		"a letter refused":       {".", "554 spam", true},
		"a letter put off":       {".", "451 later", false},
		"a sender refused":       {"MAIL", "550 who are you", false},
		"a wrong password":       {"AUTH", "535 not with hush", false},
	} {
		s := mailtest.Listen(t)
		s.Answer(c.command, c.line)
		at := to(s)
		at.User, at.Password = "me", "hush"
		var f *mail.Failure
		require.True(t, errors.As(at.Send(t.Context(), letter()), &f), name)
		assert.Equal(t, c.final, f.Final, name)
		assert.NotContains(t, f.Detail, "hush", name)
	}
	s := mailtest.Listen(t)
	s.Forget(true)
	require.Error(t, to(s).Send(t.Context(), letter()), "it was not confirmed")
	require.Error(t, (&mail.Server{Host: "localhost", Port: 1, From: to(s).From}).Send(t.Context(), letter()))
}
