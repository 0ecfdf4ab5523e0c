package history

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// columns are the names by which people call the cells of a sprint, in small
// letters and without signs.
var columns = map[string]string{
	"sprint": "sprint", "name": "sprint", "sprintname": "sprint", "iteration": "sprint",
	"start": "start", "startdate": "start", "started": "start", "from": "start", "begin": "start",
	"end": "end", "enddate": "end", "finish": "end", "closed": "end", "completedate": "end", "to": "end", "until": "end",
	"committed": "committed", "commitment": "committed", "committedpoints": "committed", "planned": "committed", "plannedpoints": "committed",
	"completed": "completed", "completedpoints": "completed", "done": "completed", "delivered": "completed", "velocity": "completed", "actual": "completed",
	"goal": "goal", "sprintgoal": "goal",
}

const whatCSV = "A history in CSV has the columns sprint, start, end, committed and completed, separated by commas, semicolons or tabs."

// readCSV reads a row of sums a sprint. Days are the team's.
func readCSV(t *team.Team, data []byte) ([]past, error) {
	cal, err := t.Calendar()
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.TrimLeadingSpace, r.FieldsPerRecord = separator(data), true, -1
	first, err := r.Read()
	at, missing := headerOf(first)
	if err != nil || missing != "" {
		return nil, refuse("%s", whatCSV)
	}
	var out []past
	seen := map[string]bool{}
	for line := 2; ; line++ {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, refuse("Line %d is not CSV: a quotation mark is open or out of place.", line)
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		row := csvRow{cells, at, r.Comma}
		p, err := row.past(cal)
		if err == nil && seen[p.Name+string(p.PlannedEnd)] {
			err = errors.New("this sprint stands in the file twice")
		}
		if err != nil {
			return nil, refuse("Line %d: %s.", line, err)
		}
		seen[p.Name+string(p.PlannedEnd)] = true
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, refuse("The file has a head but no sprint.")
	}
	return out, nil
}

func separator(data []byte) rune {
	head, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', 0
	for _, r := range ",;\t" {
		if n := bytes.Count(head, []byte(string(r))); n > most {
			best, most = r, n
		}
	}
	return best
}

// headerOf finds the columns by their names, and one that is not there.
func headerOf(cells []string) (at map[string]int, missing string) {
	at = map[string]int{}
	for i, cell := range cells {
		name := strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return r
			}
			return -1
		}, strings.ToLower(cell))
		if known, ok := columns[name]; ok {
			if _, twice := at[known]; !twice {
				at[known] = i
			}
		}
	}
	for _, name := range []string{"sprint", "start", "end", "committed", "completed"} {
		if _, ok := at[name]; !ok {
			return at, name
		}
	}
	return at, ""
}

type csvRow struct {
	cells []string
	at    map[string]int
	comma rune
}

func (r csvRow) cell(name string) string {
	i, ok := r.at[name]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// past is a sprint from the begin of its first day to the last moment of its last.
func (r csvRow) past(cal scrum.Calendar) (past, error) {
	start, startErr := r.day("start")
	end, endErr := r.day("end")
	committed, committedErr := r.points("committed")
	completed, completedErr := r.points("completed")
	if err := errors.Join(startErr, endErr, committedErr, completedErr); err != nil {
		return past{}, errors.New(strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	if end < start {
		return past{}, errors.New("the sprint ends before it starts")
	}
	p := past{Past: sprint.Past{Name: r.cell("sprint"), Goal: r.cell("goal"), Format: FormatCSV, Sums: &sprint.Sums{Committed: committed, Completed: completed}}}
	p.Sprint = scrum.Sprint{
		Calendar: cal, Start: cal.StartOf(start), Close: cal.EndOf(end).Add(-time.Microsecond), PlannedEnd: end,
	}
	p.Identity = fmt.Sprintf("csv %q %s %s %g %g", p.Name, start, end, committed, completed)
	return p, nil
}

func (r csvRow) day(name string) (scrum.Day, error) {
	text := r.cell(name)
	for _, layout := range []string{time.DateOnly, "02.01.2006", "2.1.2006", "2006/01/02", time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "02 Jan 2006", "02/Jan/06 3:04 PM"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() >= 1970 && t.Year() <= 9000 {
			return scrum.Day(t.Format(time.DateOnly)), nil
		}
	}
	return "", fmt.Errorf("%s is not a day like 2026-10-19", name)
}

func (r csvRow) points(name string) (float64, error) {
	text := r.cell(name)
	if r.comma != ',' {
		text = strings.ReplaceAll(text, ",", ".")
	}
	points, err := strconv.ParseFloat(text, 64)
	if err != nil || !scrum.ValidPoints(points) {
		return 0, fmt.Errorf("%s is not a number of points", name)
	}
	return points, nil
}
