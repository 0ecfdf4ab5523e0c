package cli

import (
	"fmt"

	"patchline/internal/history"
	"patchline/internal/team"
)

// importHistory imports each file of closed sprints on its own, and prints a line
// or an object a sprint.
func importHistory(c *call) error {
	key := c.flags.String("team", "", "`KEY` of the team")
	asJSON := c.flags.Bool("json", false, "print one JSON object a sprint")
	if err := c.parse(); err != nil {
		return err
	}
	return c.eachFile("import-history", *key, func(a *app, t *team.Team, name string) (refused, failed error) {
		done, err := c.historyOf(a, t, name)
		return err, c.reportHistory(name, done, err, *asJSON)
	})
}

func (c *call) historyOf(a *app, t *team.Team, name string) ([]history.Summary, error) {
	file, closeFile, err := c.fileOf(name)
	if err != nil {
		return nil, err
	}
	defer closeFile()
	return history.New(a.sprint).Import(c, shell, t, name, file)
}

// refusedHistory is what a file that was not read prints.
type refusedHistory struct {
	File  string `json:"file"`
	Error string `json:"error"`
}

func (c *call) reportHistory(name string, done []history.Summary, err error, asJSON bool) error {
	for _, s := range done {
		if asJSON {
			if err := c.print(s); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintln(c.Streams.Out, historyLine(s))
		for _, w := range s.Warnings {
			fmt.Fprintln(c.Streams.Out, "  "+w)
		}
	}
	if err == nil {
		return nil
	}
	if asJSON {
		return c.print(refusedHistory{name, sentence(err)})
	}
	_, err = fmt.Fprintf(c.Streams.Out, "%s: refused: %s\n", name, sentence(err))
	return err
}

func historyLine(s history.Summary) string {
	called := ""
	if s.Name != "" {
		called = " " + s.Name
	}
	return fmt.Sprintf("%s: sprint %d%s, %s to %s: %g of %g points completed, %d items carried, %d dropped",
		s.File, s.Sprint, called, s.StartDate, s.EndDate, s.Completed, s.Committed, s.Carried, s.Dropped)
}
