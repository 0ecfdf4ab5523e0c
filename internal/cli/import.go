package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"patchline/internal/intake"
	"patchline/internal/team"
)

// importFiles imports each file on its own: a refused one does not keep the
// others from being read. Folders are read with everything below them.
func importFiles(c *call) error {
	key := c.flags.String("team", "", "`KEY` of the team")
	format := c.flags.String("format", "auto", "`FORMAT` to insist on; auto recognises it from the content")
	scope := c.flags.String("scope", intake.Full, "`full` closes what the report no longer names on its assets, partial closes nothing")
	asset := c.flags.String("asset", "", "`NAME` of the asset, whatever the report says")
	asJSON := c.flags.Bool("json", false, "print one JSON object a file")
	if err := c.parse(); err != nil {
		return err
	}
	return c.eachFile("import", *key, func(a *app, t *team.Team, name string) (refused, failed error) {
		sum, err := c.importOne(a, t, intake.Request{Name: name, Format: *format, Scope: *scope, Asset: *asset}, !*asJSON)
		sum.File = name // as it was given, so that a caller finds it again
		if err != nil && sum.Error == nil {
			text := sentence(err)
			sum.Error = &text
		}
		return err, c.report(sum, *asJSON)
	})
}

// eachFile reads the files of the command line into a team, one after the other. What
// reads one prints what it came to, and returns why the file was refused, which does
// not keep the others from being read, and why nothing can be printed, which does.
func (c *call) eachFile(command, key string, read func(a *app, t *team.Team, name string) (refused, failed error)) error {
	if key == "" || len(c.args) == 0 {
		return misuse("%s takes --team and at least one FILE", command)
	}
	files, err := spread(c.args)
	if err != nil {
		return err
	}
	return c.with(func(a *app) error {
		t, err := team.ByKey(a.db.Read(c), strings.ToUpper(key))
		if err != nil {
			return err
		}
		var all error
		for _, name := range files {
			refused, failed := read(a, t, name)
			if err := errors.Join(failed, c.Err()); err != nil {
				return err
			}
			if refused != nil {
				all = errRefused
			}
		}
		return all
	})
}

// spread names the files of folders, in order.
func spread(names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		info, err := os.Stat(name)
		if name == "-" || err == nil && !info.IsDir() || errors.Is(err, fs.ErrNotExist) {
			out = append(out, name) // a missing file is reported like a refused one
			continue
		}
		if err != nil {
			return nil, err
		}
		var below []string
		err = filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && !strings.HasPrefix(d.Name(), ".") {
				below = append(below, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		slices.Sort(below)
		out = append(out, below...)
	}
	return out, nil
}

func (c *call) importOne(a *app, t *team.Team, req intake.Request, show bool) (intake.Summary, error) {
	file, closeFile, err := c.fileOf(req.Name)
	if err != nil {
		return intake.Summary{}, err
	}
	defer closeFile()
	req.File = file
	bar := &progressBar{w: c.Streams.Err, name: filepath.Base(req.Name), on: show && isTerminal(c.Streams.Err)}
	defer bar.clear()
	return a.intake.ImportNow(c, shell, t, req, bar.show)
}

// fileOf opens a file; standard input is kept in a temporary one, because an
// import reads twice.
func (c *call) fileOf(name string) (io.ReadSeeker, func(), error) {
	if name != "-" {
		f, err := os.Open(name)
		return f, func() { f.Close() }, err
	}
	f, err := os.CreateTemp("", "patchline-import-")
	if err != nil {
		return nil, nil, err
	}
	gone := func() { f.Close(); os.Remove(f.Name()) }
	if _, err = io.Copy(f, c.Streams.In); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		gone()
		return nil, nil, err
	}
	return f, gone, nil
}

func (c *call) report(sum intake.Summary, asJSON bool) error {
	if asJSON {
		return c.print(sum)
	}
	if sum.Error != nil {
		_, err := fmt.Fprintf(c.Streams.Out, "%s: refused: %s\n", sum.File, strings.TrimPrefix(*sum.Error, sum.File+": "))
		return err
	}
	fmt.Fprintf(c.Streams.Out, "%s: %s, %d records, %d vulnerabilities; findings: %d new, %d unchanged, %d closed, %d without a fix; patches: %d new, %d changed, %d superseded\n",
		sum.File, sum.Format, sum.Records, sum.Vulnerabilities, sum.Findings.New, sum.Findings.Unchanged, sum.Findings.Closed, sum.Findings.WithoutFix,
		sum.Patches.New, sum.Patches.Changed, sum.Patches.Superseded)
	for _, note := range sum.Notes {
		fmt.Fprintln(c.Streams.Out, "  "+note)
	}
	for _, r := range sum.Rejected {
		fmt.Fprintf(c.Streams.Out, "  %s: %s\n", r.Position, r.Reason)
	}
	if more := sum.RejectedCount - len(sum.Rejected); more > 0 {
		fmt.Fprintf(c.Streams.Out, "  and %d more\n", more)
	}
	return nil
}

// progressBar rewrites one line of a terminal.
type progressBar struct {
	w     io.Writer
	name  string
	on    bool
	shown bool
}

func (b *progressBar) show(p intake.Progress) {
	if !b.on {
		return
	}
	b.shown = true
	fmt.Fprintf(b.w, "\r\033[K%s: %s, %d read, %d applied", b.name, p.Phase, p.Records, p.Applied)
}

func (b *progressBar) clear() {
	if b.shown {
		fmt.Fprint(b.w, "\r\033[K")
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
