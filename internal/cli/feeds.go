package cli

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"patchline/internal/fault"
	"patchline/internal/feed"
	"patchline/internal/team"
)

// feedLine is what the command line prints of a feed with --json.
type feedLine struct {
	Name    string     `json:"name"`
	Kind    string     `json:"kind"`
	Source  string     `json:"source"`
	Team    string     `json:"team,omitempty"`
	Enabled bool       `json:"enabled"`
	State   string     `json:"state,omitempty"` // of the latest run
	At      *time.Time `json:"finished_at,omitempty"`
	Summary []string   `json:"summary,omitempty"`
	Error   string     `json:"error,omitempty"`
}

func lineOf(f *feed.Feed) feedLine {
	line := feedLine{Name: f.Name, Kind: f.Kind, Source: f.Source, Team: f.TeamKey, Enabled: f.Enabled}
	if f.Last != nil {
		line.State, line.At, line.Summary, line.Error = f.Last.State, f.Last.FinishedAt, f.Last.Summary, f.Last.Error
	}
	return line
}

// result says how the latest run of a feed ended.
func (l feedLine) result() string {
	switch {
	case l.State == "":
		return "never run"
	case l.Error != "":
		return l.State + ": " + l.Error
	case len(l.Summary) > 0:
		return l.State + ": " + strings.Join(l.Summary, "; ")
	}
	return l.State
}

func listFeeds(c *call) error {
	asJSON := c.flags.Bool("json", false, "print one JSON object a feed")
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) > 0 {
		return misuse("feed list takes no arguments")
	}
	return c.with(func(a *app) error {
		feeds, err := a.feed.List(c)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(c.Streams.Out, 0, 0, 2, ' ', 0)
		for i := range feeds {
			line := lineOf(&feeds[i])
			if *asJSON {
				err = c.print(line)
			} else {
				on := map[bool]string{true: "on", false: "off"}[line.Enabled]
				_, err = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", line.Name, line.Kind, on, line.Source, line.result())
			}
			if err != nil {
				return err
			}
		}
		return table.Flush()
	})
}

// runFeed runs a feed now, in this process unless a server has begun to, and waits
// for its end.
func runFeed(c *call) error {
	asJSON := c.flags.Bool("json", false, "print the result as JSON")
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) != 1 {
		return misuse("feed run takes the NAME of a feed, in quotes, or its id")
	}
	return c.with(func(a *app) error {
		f, err := c.feedNamed(a, c.args[0])
		if err != nil {
			return err
		}
		if f, err = a.feed.RunNow(c, shell, f.ID); err != nil {
			return err
		}
		line := lineOf(f)
		if *asJSON {
			err = c.print(line)
		} else {
			_, err = fmt.Fprintf(c.Streams.Out, "%s: %s\n", line.Name, line.result())
		}
		if err == nil && (line.State == feed.Failed || line.State == feed.Cancelled) {
			err = errRefused
		}
		return err
	})
}

// feedNamed finds a feed by its id or its name, whatever the letter case.
func (c *call) feedNamed(a *app, name string) (*feed.Feed, error) {
	feeds, err := a.feed.List(c)
	if err != nil {
		return nil, err
	}
	var found *feed.Feed
	for i := range feeds {
		f := &feeds[i]
		if f.ID != name && !strings.EqualFold(f.Name, name) {
			continue
		}
		if found != nil {
			return nil, fault.New(fault.Conflict, "Several feeds are called %s; name one by its id, which the API lists.", name)
		}
		found = f
	}
	if found == nil {
		return nil, fault.New(fault.NotFound, "There is no such feed; “patchline feed list” names those there are.")
	}
	return found, nil
}

// addFeed adds a feed. It is off unless --enable is given, as the shipped ones are.
func addFeed(c *call) error {
	kind := c.flags.String("kind", feed.URL, "`KIND`: kev, epss, cve, osv, csaf, url, folder")
	key := c.flags.String("team", "", "`KEY` of the team whose assets its reports are about")
	scope := c.flags.String("scope", "", "`full` or partial, of its reports")
	every := c.flags.Duration("every", 0, "run again after this `TIME`, such as 6h")
	daily := c.flags.String("daily-at", "", "run every day at this `TIME`, such as 06:30, instead")
	zone := c.flags.String("time-zone", "", "IANA `ZONE` of --daily-at")
	enable := c.flags.Bool("enable", false, "switch it on: a server runs it by its schedule, at once to begin with")
	asJSON := c.flags.Bool("json", false, "print the result as JSON")
	if err := c.parse(); err != nil {
		return err
	}
	switch {
	case len(c.args) != 2:
		return misuse("feed add takes NAME and SOURCE: an address, or a path below the folder of feeds")
	case *every != 0 && *daily != "":
		return misuse("--every and --daily-at exclude each other")
	case *every%time.Minute != 0:
		return misuse("--every is given in whole minutes")
	}
	d := feed.Draft{Name: &c.args[0], Source: &c.args[1], Kind: kind, Enabled: enable, Scope: given(*scope), TimeZone: given(*zone)}
	if *every != 0 {
		minutes := new(int64(*every / time.Minute))
		d.EveryMinutes = &minutes
	}
	if *daily != "" {
		d.DailyAt = &daily
	}
	return c.with(func(a *app) error {
		f, err := makeFeed(c, a, d, *key)
		if err != nil {
			return err
		}
		if *asJSON {
			return c.print(lineOf(f))
		}
		_, err = fmt.Fprintf(c.Streams.Out, "feed %s added\n", f.Name)
		return err
	})
}

// makeFeed makes a feed for a team's assets, if there is the key of one.
func makeFeed(c *call, a *app, d feed.Draft, key string) (*feed.Feed, error) {
	if key != "" {
		t, err := team.ByKey(a.db.Read(c), strings.ToUpper(key))
		if err != nil {
			return nil, err
		}
		id := &t.ID
		d.TeamID = &id
	}
	f, err := a.feed.Create(c, shell, d)
	return f, explained(err)
}

// given is nil for a flag that was left out.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// explained names everything that is wrong, by the names of the flags.
func explained(err error) error {
	f := fault.Of(err)
	if len(f.Fields) < 2 {
		return err
	}
	var all []string
	for _, field := range f.Fields {
		all = append(all, strings.ReplaceAll(strings.TrimPrefix(field.Pointer, "/"), "_", " ")+": "+field.Detail)
	}
	return errors.New(strings.Join(all, " "))
}
