// Package config reads, checks and prints the settings. A setting comes from a
// flag, else from a variable of the environment, else from the one optional file,
// else it has its default.
package config

import (
	"errors"
	"flag"
	"fmt"
	"net/mail"
	"net/netip"
	"path/filepath"
	"strings"
	"time"
)

// Config are the settings of one run.
type Config struct {
	Addr           string   // HOST:PORT to listen on
	Data           string   // directory of the SQLite database and of uploads
	DatabaseURL    string   // postgres://…; empty for SQLite in Data
	PlainHTTP      bool     // session cookies also travel over plain http
	TrustedProxies []string // addresses and networks whose X-Forwarded-For counts
	FeedsFolder    string   // below which paths of feeds lie; empty for feeds in Data
	LogFormat      string   // text or json
	LogLevel       string   // debug, info, warn or error

	PublicURL            string         // how people reach this server, for links in what it sends; empty for none
	FeedsAllowPrivate    []netip.Prefix // private networks that feeds may ask, also by plain http
	WebhooksAllowPrivate []netip.Prefix // the same for webhooks

	SMTP        SMTP          // where mail is handed in
	MailCollect time.Duration // how long news for a person are collected
}

// SMTP are the settings of mail. Without a host none is sent.
type SMTP struct {
	Host           string
	Port           int
	Encryption     string // starttls, tls or none
	User, Password string
	From           mail.Address
}

// Location is what the database is opened by.
func (c Config) Location() string {
	if c.DatabaseURL != "" {
		return c.DatabaseURL
	}
	return filepath.Join(c.Data, "patchline.db")
}

// Reader collects settings from where they may stand.
type Reader struct {
	env    func(string) (string, bool)
	flags  map[string]*string // by name; of those that were given
	file   string
	values map[string]value
}

// value is a setting's text and where it comes from.
type value struct{ text, from string }

// NewReader makes a reader; env looks up a variable, as os.LookupEnv does.
func NewReader(env func(string) (string, bool)) *Reader {
	return &Reader{env: env, flags: map[string]*string{}, values: map[string]value{}}
}

// Bind adds a flag for each setting, and --config, to a set of flags.
func (r *Reader) Bind(set *flag.FlagSet) {
	for _, s := range settings {
		keep := func(text string) error {
			r.flags[s.name] = &text
			return nil
		}
		if s.isSwitch {
			set.BoolFunc(s.name, s.help, keep)
		} else {
			set.Func(s.name, s.help, keep)
		}
	}
	set.StringVar(&r.file, "config", "", "file with lines NAME=VALUE, such as ADDR=0.0.0.0:8080")
}

// Read reads and checks all settings. It names everything that is wrong at once.
func (r *Reader) Read() (Config, error) {
	lines, errs := r.readFile()
	var c Config
	for _, s := range settings {
		v := r.find(s, lines)
		r.values[s.name] = v
		if err := s.set(&c, v.text); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", v.from, err))
		}
	}
	return c, errors.Join(append(errs, c.complete())...)
}

// complete tells which settings others need.
func (c Config) complete() error {
	switch s := c.SMTP; {
	case s.Host == "":
		return nil
	case s.From.Address == "":
		return errors.New("mail-from: mail that is sent by --smtp-host needs a sender")
	case c.PublicURL == "":
		return errors.New("public-url: mail that is sent by --smtp-host needs it, for its links")
	case (s.User == "") != (s.Password == ""):
		return errors.New("smtp-user: a user and a password belong together")
	case s.User != "" && s.Encryption == "none":
		return errors.New("smtp-tls: a password is not sent without encryption")
	}
	return nil
}

// find looks where a setting stands, in order of precedence.
func (r *Reader) find(s setting, lines map[string]string) value {
	if text := r.flags[s.name]; text != nil {
		return value{*text, "--" + s.name}
	}
	for _, name := range s.variables() {
		if text, ok := r.env(name); ok && text != "" {
			return value{text, name}
		}
	}
	if text, ok := lines[s.key()]; ok {
		return value{text, s.key() + " in " + r.file}
	}
	return value{s.standard, "default"}
}

// key is the setting's name in the file: DATABASE_URL for database-url.
func (s setting) key() string { return strings.ToUpper(strings.ReplaceAll(s.name, "-", "_")) }

// variables are the setting's names in the environment.
func (s setting) variables() []string {
	names := []string{"PATCHLINE_" + s.key()}
	if s.alias != "" {
		names = append(names, s.alias)
	}
	return names
}
