// Package history reads sprints that were lived elsewhere, so that velocity and
// forecasts work on the first day: told as events, as rows of sums, or as Jira's
// export of a board. A file is read and checked as a whole before the first sprint
// is remembered, and each sprint is remembered whole or not at all.
package history

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"patchline/internal/audit"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// Formats of files.
const (
	FormatScenario = "scenario" // a sprint as events, or several
	FormatCSV      = "csv"      // a row of sums a sprint
	FormatJira     = "jira"     // sprints of a board, and issues with their change log
)

// Bounds of one file.
const (
	MaxBytes   = 64 << 20
	maxSprints = 1000
	maxEvents  = 200_000 // of one sprint
	maxItems   = 20_000
	maxName    = 200
)

// Service imports histories.
type Service struct{ sprint *sprint.Service }

// New makes the service.
func New(s *sprint.Service) *Service { return &Service{s} }

// Summary is what became of one sprint of a file.
type Summary struct {
	Sprint     int64    `json:"sprint"` // its number in the team
	Name       string   `json:"name"`
	File       string   `json:"file"`
	Format     string   `json:"format"`
	Already    bool     `json:"already"` // imported before: nothing changed
	StartDate  string   `json:"start_date"`
	EndDate    string   `json:"end_date"`
	Committed  float64  `json:"committed"`
	Completed  float64  `json:"completed"`
	FinalScope float64  `json:"final_scope"`
	Items      int      `json:"items"`
	Carried    int      `json:"carried"`
	Dropped    int      `json:"dropped"`
	Warnings   []string `json:"warnings"`
}

// past is a sprint that was read, with what somebody should know about it.
type past struct {
	sprint.Past
	warnings []string
}

func (p *past) warn(format string, args ...any) {
	p.warnings = append(p.warnings, fmt.Sprintf(format, args...))
}

// Import reads a file and has its sprints remembered, in order of time.
func (s *Service) Import(ctx context.Context, who audit.Who, t *team.Team, name string, file io.Reader) ([]Summary, error) {
	data, err := io.ReadAll(io.LimitReader(file, MaxBytes+1))
	if err != nil {
		return nil, fault.New(fault.Malformed, "The file ended too early.")
	}
	if len(data) > MaxBytes {
		return nil, fault.New(fault.TooLarge, "A history has at most %d MB; split it by sprints.", MaxBytes>>20)
	}
	all, err := read(t, data)
	if err != nil {
		return nil, err
	}
	out := []Summary{}
	for i := range all {
		all[i].File = clip(name)
		r, err := s.sprint.Import(ctx, who, t, all[i].Past)
		if err != nil {
			return out, err
		}
		out = append(out, all[i].summary(r))
	}
	return out, nil
}

// read recognises a file by its content and checks all of it.
func read(t *team.Team, data []byte) ([]past, error) {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	switch {
	case len(data) == 0:
		return nil, refuse("The file is empty.")
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		return nil, refuse("This is not a text file in UTF-8. A history is JSON or CSV.")
	}
	reader := readCSV
	if data[0] == '{' || data[0] == '[' {
		reader = readJSON
	}
	all, err := reader(t, data)
	if err != nil {
		return nil, err
	}
	if len(all) > maxSprints {
		return nil, refuse("A file has at most %d sprints.", maxSprints)
	}
	for i := range all {
		if err := all[i].check(); err != nil {
			return nil, refuse("%s%s.", position(i, len(all)), err)
		}
	}
	slices.SortStableFunc(all, func(a, b past) int { return a.Start.Compare(b.Start) })
	return all, nil
}

func refuse(format string, args ...any) error { return fault.New(fault.Invalid, format, args...) }

// position names one of several sprints of a file.
func position(i, of int) string {
	if of == 1 {
		return ""
	}
	return fmt.Sprintf("Sprint %d of the file: ", i+1)
}

// check refuses what no database or report should have to bear.
func (p *past) check() error {
	if p.Close.IsZero() {
		return fmt.Errorf("the sprint has no close; only closed sprints are history")
	}
	if p.Close.Sub(p.Start) > scrum.MaxDays*24*time.Hour || p.Calendar.DayOf(p.Start).DaysUntil(p.PlannedEnd) > scrum.MaxDays {
		return fmt.Errorf("the sprint is longer than %d days", scrum.MaxDays)
	}
	if len(p.Entries) > maxEvents {
		return fmt.Errorf("a sprint has at most %d events", maxEvents)
	}
	names := []string{p.Name, p.Goal}
	items := p.Items()
	if len(items) > maxItems {
		return fmt.Errorf("a sprint has at most %d items", maxItems)
	}
	names = append(names, items...)
	if p.Risk != nil {
		for name := range p.Risk.AtStart {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if len(name) > maxName || slices.ContainsFunc([]rune(name), func(r rune) bool { return r < ' ' }) {
			return fmt.Errorf("a name is longer than %d characters or holds a control character", maxName)
		}
	}
	if err := p.Check(); err != nil {
		return fmt.Errorf("the events do not add up: %w", err)
	}
	return nil
}

func (p *past) summary(r *sprint.Remembered) Summary {
	if n := len(r.Report.Unestimated); n > 0 {
		p.warn("Unfinished items without an estimate count 0 points: %d.", n)
	}
	for _, n := range r.Overlaps {
		p.warn("Sprint %d ran on some of the same days; both count in the velocity.", n)
	}
	if r.Already {
		p.warnings = []string{"This sprint was imported before; nothing changed."}
	}
	sp := r.Sprint
	return Summary{
		Sprint: sp.Number, Name: sp.Name, File: p.File, Format: p.Format, Already: r.Already, StartDate: string(sp.StartDate), EndDate: string(sp.EndDate),
		Committed: r.Report.Committed, Completed: r.Report.Completed, FinalScope: r.Report.FinalScope, Items: p.count(r.Items),
		Carried: p.count(len(r.Report.CarryOver)), Dropped: p.count(len(r.Report.Dropped)), Warnings: append([]string{}, p.warnings...),
	}
}

// count is how many items there were; of sums nobody knows.
func (p *past) count(n int) int {
	if p.Sums != nil {
		return 0
	}
	return n
}

func clip(name string) string {
	name = string(bytes.ToValidUTF8(bytes.ReplaceAll([]byte(name), []byte{0}, nil), nil))
	if runes := []rune(name); len(runes) > maxName {
		return string(runes[:maxName])
	}
	return name
}
