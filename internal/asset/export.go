package asset

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
)

// Export writes the assets that match a filter as a table that ImportCSV reads,
// with what else is known of them behind it.
func (s *Service) Export(ctx context.Context, teamID string, f Filter, to io.Writer) error {
	w := csv.NewWriter(to)
	head := append(append([]string{}, Columns...), "groups", "open_findings", "last_seen", "retired_at")
	if err := w.Write(head); err != nil {
		return err
	}
	for f.Limit = 500; ; {
		page, err := s.List(ctx, teamID, f)
		if err != nil {
			return err
		}
		for i := range page.Items {
			if err := w.Write(page.Items[i].cells()); err != nil {
				return err
			}
		}
		if f.After = page.Next; f.After == nil {
			w.Flush()
			return w.Error()
		}
	}
}

func (a *Asset) cells() []string {
	var groups []string
	for _, m := range a.Groups {
		groups = append(groups, m.Name)
	}
	cells := []string{a.Name, a.Kind, a.Environment, string(a.Criticality), string(a.Exposure), joined(a.Regulations), a.Owner,
		joined(a.Tags), joined(a.Identifiers), a.Description, joined(groups), strconv.FormatInt(a.OpenFindings, 10), day(a.ScannedAt), day(a.RetiredAt)}
	for i := range cells {
		cells[i] = PlainCell(cells[i])
	}
	return cells
}

func joined(words []string) string { return strings.Join(words, ";") }

func day(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}

// formula are the beginnings that a spreadsheet takes for one (OWASP, CSV
// injection).
const formula = "=+-@\t\r\n"

// PlainCell keeps a spreadsheet from taking a text for a formula.
func PlainCell(text string) string {
	if text != "" && strings.ContainsRune(formula, rune(text[0])) {
		return "'" + text
	}
	return text
}
