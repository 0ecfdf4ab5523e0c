package config

import (
	"errors"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"
)

// mostCollect bounds how long news may wait for one another.
const mostCollect = time.Hour

// mailSettings say how mail leaves this server.
var mailSettings = []setting{
	{
		name: "smtp-host", help: "`HOST` or HOST:PORT of the mail server; without it no mail is sent. The port is 587, or 465 with tls, or 25 with none",
		set: func(c *Config, text string) error { return c.SMTP.setHost(strings.TrimSpace(text)) },
	},
	{
		name: "smtp-tls", standard: "starttls", help: "`starttls` (encrypted, or nothing is sent), tls (from the first byte) or none",
		set: func(c *Config, text string) error {
			if err := oneOf(&c.SMTP.Encryption, text, "starttls", "tls", "none"); err != nil {
				return err
			}
			if c.SMTP.Port == 0 {
				c.SMTP.Port = map[string]int{"starttls": 587, "tls": 465, "none": 25}[text]
			}
			return nil
		},
	},
	{
		name: "smtp-user", help: "`NAME` that signs in to the mail server",
		set: func(c *Config, text string) error {
			c.SMTP.User = text
			return nil
		},
	},
	{
		name: "smtp-password", hidden: true, help: "`PASSWORD` for it; better in the environment or the file, where no list of processes shows it",
		set: func(c *Config, text string) error {
			c.SMTP.Password = text
			return nil
		},
	},
	{
		name: "mail-from", help: "`ADDRESS` that mail comes from, such as Patchline <patchline@example.org>",
		set: func(c *Config, text string) error {
			if text == "" {
				return nil
			}
			from, err := mail.ParseAddress(text)
			if err != nil {
				return errors.New("a sender is an address, such as Patchline <patchline@example.org>")
			}
			if from.Name == "" {
				from.Name = "Patchline"
			}
			c.SMTP.From = *from
			return nil
		},
	},
	{
		name: "mail-collect", standard: "10m", help: "how `LONG` news for a person are collected for one mail; assignments, comments and sprints wait three times as long for one another",
		set: func(c *Config, text string) (err error) {
			if c.MailCollect, err = time.ParseDuration(text); err != nil || c.MailCollect < 0 || c.MailCollect > mostCollect {
				return errors.New("a duration is such as 10m, at most 1h")
			}
			return nil
		},
	},
}

// setHost takes a name, an address or either with a port.
func (s *SMTP) setHost(text string) error {
	wrong := errors.New("a mail server is HOST or HOST:PORT, such as smtp.example.org:587")
	s.Host = text
	if host, port, err := net.SplitHostPort(text); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 || host == "" {
			return wrong
		}
		s.Host, s.Port = host, int(n)
	} else if strings.Contains(text, ":") && net.ParseIP(text) == nil {
		return wrong
	}
	if strings.ContainsAny(s.Host, " /@") {
		return wrong
	}
	return nil
}
