package cli

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/standup"
	"patchline/internal/team"
	"patchline/internal/web"
)

// standUp prints a team's stand-up, or writes the entry of one of its members.
func standUp(c *call) error {
	key := c.flags.String("team", "", "`KEY` of the team")
	date := c.flags.String("date", "today", "`D`ay, such as 2026-10-19, in the team's time zone")
	email := c.flags.String("email", "", "write the entry of the person with this `E`-mail address")
	today := c.flags.String("today", "", "`TEXT` about today; keys of patches in it are named")
	yesterday := c.flags.String("yesterday", "", "`TEXT` about yesterday; without it, the plan of the last entry")
	asJSON := c.flags.Bool("json", false, "print it as the API does")
	if err := c.parse(); err != nil {
		return err
	}
	switch {
	case *key == "" || len(c.args) > 0:
		return misuse("standup takes --team, and its texts in quotes")
	case *email == "" && (*today != "" || *yesterday != ""):
		return misuse("--today and --yesterday go with --email: whose entry is it?")
	}
	return c.with(func(a *app) error {
		t, err := team.ByKey(a.db.Read(c), strings.ToUpper(*key))
		if err != nil {
			return err
		}
		if *email != "" {
			return c.writeEntry(a, t, *email, *date, *yesterday, *today, *asJSON)
		}
		s, err := a.standup.Get(c, t, *date)
		if err != nil {
			return err
		}
		if *asJSON {
			return c.print(web.StandupOut(t, s))
		}
		_, err = fmt.Fprint(c.Streams.Out, s.Digest(t))
		return err
	})
}

// writeEntry writes an entry, over the one that is there.
func (c *call) writeEntry(a *app, t *team.Team, email, date, yesterday, today string, asJSON bool) error {
	who, err := a.team.Acting(c, email)
	if err != nil {
		return err
	}
	draft, err := a.standup.Draft(c, who, t, date)
	if err != nil {
		return err
	}
	n := standup.Note{Yesterday: yesterday, Today: today, Items: named(t.Key, today), Done: named(t.Key, yesterday)}
	if yesterday == "" {
		n.Yesterday = draft.Plan
		for _, step := range draft.Steps {
			n.Done = append(n.Done, step.Number)
		}
	}
	e, err := a.standup.Write(c, who, t, date, n)
	var f *fault.Fault
	if errors.As(err, &f) {
		if there, ok := f.Current.(*standup.Entry); ok {
			n.Seen = there.Version
			e, err = a.standup.Write(c, who, t, date, n)
		}
	}
	if err != nil {
		return err
	}
	if asJSON {
		return c.print(web.EntryOut(t, e))
	}
	_, err = fmt.Fprintf(c.Streams.Out, "%s's entry of %s is written\n", e.Member.Name, e.Day)
	return err
}

var keyLike = regexp.MustCompile(`(?i)\b([a-z][a-z0-9]*)-([1-9][0-9]*)\b`)

// named are the numbers of the team's patches in a text.
func named(teamKey, text string) (out []int64) {
	for _, key := range keyLike.FindAllString(text, -1) {
		if n, err := backlog.ParseKey(teamKey, key); err == nil {
			out = append(out, n)
		}
	}
	return out
}
