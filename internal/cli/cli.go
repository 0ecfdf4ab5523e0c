// Package cli is the command line: it reads the settings, opens the database, and
// calls the same services as the API.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"patchline/internal/config"
	"patchline/internal/fault"
)

// Version is set when the binary is built.
var Version = "development"

// Streams are what a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Now      func() time.Time // the clock of the database; time.Now when nil
}

func (s Streams) clock() func() time.Time {
	if s.Now != nil {
		return s.Now
	}
	return time.Now
}

// command is one verb. Args are shown after its name.
type command struct {
	name, args, help string
	run              func(*call) error
}

var commands = []command{
	{"serve", "", "serve the application (the default)", serve},
	{"demo", "", "fill an empty database with an invented team in mid-sprint, then serve it", demo},
	{"migrate", "", "bring the database's schema up to date", migrate},
	{"team add", "KEY NAME", "make a team", addTeam},
	{"user add", "--email E --name N [--admin] [--team KEY --role R] --password-stdin", "add a person", addUser},
	{"token create", "--email E --scope all|read|…", "make an API token and print it", createToken},
	{"import", "--team KEY [--json] FILE…", "import reports and feeds: files, folders, - for standard input", importFiles},
	{"import-history", "--team KEY [--json] FILE…", "import closed sprints: told as events, CSV of sums, or Jira's export", importHistory},
	{"feed list", "[--json]", "list the feeds with how their latest runs ended", listFeeds},
	{"feed run", "NAME [--json]", "run a feed now and wait for its end", runFeed},
	{"feed add", "NAME SOURCE [--kind K] [--team KEY] [--every 6h] [--enable]", "add a feed; off without --enable", addFeed},
	{"standup", "--team KEY [--date D] [--json] [--email E --today TEXT --yesterday TEXT]", "print a team's stand-up, or write a member's entry", standUp},
	{"mail test", "ADDRESS", "send a mail through the mail server of the settings", testMail},
	{"config", "", "print the settings and where each comes from", printConfig},
	{"version", "", "print the version", printVersion},
}

// call is one run of a command.
type call struct {
	context.Context
	Streams Streams
	flags   *flag.FlagSet
	reader  *config.Reader
	config  config.Config
	args    []string // what is left after the flags
	raw     []string
}

// usageError is a mistake in how a command was called.
type usageError struct{ error }

func misuse(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// errRefused ends a command that has said already what went wrong.
var errRefused = errors.New("refused")

// Run runs a command and returns the exit status: 0 when it did what it should, 1
// when it could not, 2 when it was called wrongly.
func Run(ctx context.Context, args []string, s Streams) int {
	cmd, rest := find(args)
	if cmd == nil {
		help(s.Err)
		if len(args) > 0 && (args[0] == "help" || args[0] == "-h" || args[0] == "--help") {
			return 0
		}
		return 2
	}
	c := &call{Context: ctx, Streams: s, raw: rest, reader: config.NewReader(os.LookupEnv)}
	c.flags = flag.NewFlagSet("patchline "+cmd.name, flag.ContinueOnError)
	c.flags.SetOutput(s.Err)
	c.reader.Bind(c.flags)
	return c.status(cmd.run(c))
}

// find takes the longest name that args begin with; flags alone mean serve.
func find(args []string) (*command, []string) {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") && args[0] != "-h" && args[0] != "--help" {
		return &commands[0], args
	}
	for i := range commands {
		words := strings.Fields(commands[i].name)
		if len(args) >= len(words) && strings.Join(args[:len(words)], " ") == commands[i].name {
			return &commands[i], args[len(words):]
		}
	}
	return nil, nil
}

func help(w io.Writer) {
	fmt.Fprintln(w, "Patchline: a risk-ranked patch backlog, planned and deployed in sprints.\n\nUsage: patchline COMMAND [flags]")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-14s %s\n", c.name, c.help)
	}
	fmt.Fprintln(w, "\nEvery command takes --data DIR or --database-url URL, and --config FILE; `patchline COMMAND --help` lists its flags.")
}

// parse reads flags, which may stand before, between and after the arguments, and
// the settings.
func (c *call) parse() error {
	rest := c.raw
	for {
		if err := c.flags.Parse(rest); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return err
			}
			return usageError{err}
		}
		if c.flags.NArg() == 0 {
			break
		}
		c.args, rest = append(c.args, c.flags.Arg(0)), c.flags.Args()[1:]
	}
	var err error
	if c.config, err = c.reader.Read(); err != nil {
		return usageError{err}
	}
	slog.SetDefault(logger(c.Streams.Err, c.config))
	return nil
}

func logger(w io.Writer, c config.Config) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // config has checked it
	o := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

func (c *call) status(err error) int {
	var usage usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errRefused):
		return 1
	case errors.As(err, &usage):
		fmt.Fprintln(c.Streams.Err, "patchline:", err)
		return 2
	}
	fmt.Fprintln(c.Streams.Err, "patchline:", sentence(err))
	return 1
}

// sentence says what went wrong; the API hides the cause of an internal error,
// but whoever sits at the server's shell may see it.
func sentence(err error) string {
	f := fault.Of(err)
	if f.Kind == fault.Internal {
		return err.Error()
	}
	for _, field := range f.Fields {
		if field.Detail != f.Detail {
			return f.Detail + " " + field.Pointer + ": " + field.Detail
		}
	}
	return f.Detail
}

func printVersion(c *call) error {
	_, err := fmt.Fprintln(c.Streams.Out, "patchline", Version)
	return err
}

func printConfig(c *call) error {
	if err := c.parse(); err != nil {
		return err
	}
	_, err := fmt.Fprint(c.Streams.Out, c.reader.String())
	return err
}

func (c *call) uploads() string { return filepath.Join(c.config.Data, "uploads") }
