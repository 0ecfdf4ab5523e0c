package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/team"
)

// shell is who acts on the command line.
var shell = audit.Who{Name: "command line"}

// with opens the database for a command and closes it afterwards.
func (c *call) with(do func(*app) error) error {
	a, err := c.open(c.Streams.clock())
	if err != nil {
		return err
	}
	return errors.Join(do(a), a.db.Close())
}

func (c *call) print(v any) error {
	e := json.NewEncoder(c.Streams.Out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func addTeam(c *call) error {
	zone := c.flags.String("time-zone", "UTC", "IANA `ZONE` in which days begin, such as Europe/Berlin")
	asJSON := c.flags.Bool("json", false, "print the result as JSON")
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) != 2 {
		return misuse("team add takes KEY and NAME")
	}
	return c.with(func(a *app) error {
		t, err := a.team.AddTeam(c, shell, team.NewTeam{Key: c.args[0], Name: c.args[1], TimeZone: *zone})
		if err != nil {
			return err
		}
		if *asJSON {
			return c.print(map[string]any{"key": t.Key, "name": t.Name, "time_zone": t.TimeZone})
		}
		_, err = fmt.Fprintf(c.Streams.Out, "team %s made\n", t.Key)
		return err
	})
}

func addUser(c *call) error {
	email := c.flags.String("email", "", "`E`-mail address, which signs in")
	name := c.flags.String("name", "", "full `N`ame")
	admin := c.flags.Bool("admin", false, "make an administrator")
	key := c.flags.String("team", "", "`KEY` of a team to join")
	role := c.flags.String("role", "", "`R`ole in the team: viewer, member, scrum_master, product_owner, approver")
	fromStdin := c.flags.Bool("password-stdin", false, "read the password from the first line of standard input")
	asJSON := c.flags.Bool("json", false, "print the result as JSON")
	if err := c.parse(); err != nil {
		return err
	}
	switch {
	case *email == "" || *name == "":
		return misuse("user add takes --email and --name")
	case (*key == "") != (*role == ""):
		return misuse("--team and --role go together")
	case !*fromStdin:
		return misuse("give the password on standard input and say --password-stdin; on the command line others could read it")
	}
	password, err := firstLine(c.Streams.In)
	if err != nil {
		return err
	}
	return c.with(func(a *app) error {
		u, err := a.team.AddUser(c, shell, team.NewUser{Email: *email, Name: *name, Password: password, Admin: *admin}, *key, team.Role(*role))
		if err != nil {
			return err
		}
		if *asJSON {
			return c.print(map[string]any{"id": u.ID, "email": u.Email, "name": u.Name, "admin": u.IsAdmin})
		}
		_, err = fmt.Fprintf(c.Streams.Out, "user %s added\n", u.Email)
		return err
	})
}

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, 1<<16)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func createToken(c *call) error {
	email := c.flags.String("email", "", "`E`-mail of the person it acts for")
	scope := c.flags.String("scope", "all", "`SCOPES` separated by commas: all, read, backlog, imports, sprints, board, people")
	name := c.flags.String("name", "command line", "`N`ame to know it by")
	days := c.flags.Int("days", 0, "`N`umber of days it is good for; 0 is for ever")
	asJSON := c.flags.Bool("json", false, "print the result as JSON")
	if err := c.parse(); err != nil {
		return err
	}
	if *email == "" || *days < 0 {
		return misuse("token create takes --email, and --days from 0")
	}
	return c.with(func(a *app) error {
		var expires *time.Time
		if *days > 0 {
			at := a.db.Now().AddDate(0, 0, *days)
			expires = &at
		}
		t, secret, err := a.team.CreateTokenFor(c, shell, *email, *name, strings.Split(*scope, ","), expires)
		if err != nil {
			return err
		}
		if *asJSON {
			return c.print(map[string]any{"id": t.ID, "token": secret, "scopes": t.Scopes, "expires_at": t.ExpiresAt})
		}
		_, err = fmt.Fprintln(c.Streams.Out, secret)
		return err
	})
}
