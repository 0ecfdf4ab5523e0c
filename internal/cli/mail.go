package cli

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"time"

	"patchline/internal/db"
	"patchline/internal/mail"
)

// mailServer is where mail is handed in; nil where the settings name none.
func (c *call) mailServer() *mail.Server {
	s := c.config.SMTP
	if s.Host == "" {
		return nil
	}
	return &mail.Server{Host: s.Host, Port: s.Port, Encryption: s.Encryption, User: s.User, Password: s.Password, From: s.From}
}

// testMail sends one mail and says what the mail server answered. It needs no
// database.
func testMail(c *call) error {
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) != 1 {
		return misuse("mail test takes an ADDRESS")
	}
	to, err := netmail.ParseAddress(c.args[0])
	if err != nil {
		return misuse("%q is not an address", c.args[0])
	}
	server := c.mailServer()
	if server == nil {
		return errors.New("no mail is sent: name a mail server in --smtp-host, and who mail comes from in --mail-from")
	}
	err = server.Send(c, mail.Letter{
		ID: db.NewID(), To: *to, Subject: "A test of Patchline's mail", Choices: c.config.PublicURL + "/account#notifications", At: time.Now(),
		Text: "Mail from Patchline at " + c.config.PublicURL + " arrives.\n",
	})
	if err != nil {
		return fmt.Errorf("%s:%d did not take it: %w", server.Host, server.Port, err)
	}
	_, err = fmt.Fprintf(c.Streams.Out, "%s took it for %s\n", server.Host, to.Address)
	return err
}
