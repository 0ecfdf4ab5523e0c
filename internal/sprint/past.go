package sprint

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Past is a closed sprint that was lived elsewhere.
type Past struct {
	scrum.Sprint
	Name, Goal   string
	Titles       map[string]string // of items that have more than a name
	Sums         *Sums             // all that is known, instead of items and events
	Outlook      *PastOutlook
	File, Format string
	Identity     string // what makes it the same sprint, where that is less than all of it
}

// Sums are a sprint of which only two figures are known, in points.
type Sums struct{ Committed, Completed float64 }

// PastOutlook is what a sprint's history forecast at its close.
type PastOutlook struct {
	Samples   []float64      // completed points, oldest first
	Remaining float64        // points of the backlog
	Ranked    []scrum.Ranked // items in backlog order
}

// Remembered is what became of a past sprint.
type Remembered struct {
	Sprint   *Sprint
	Already  bool // it was imported before; nothing changed
	Report   scrum.Report
	Items    int
	Overlaps []int64 // other started sprints of the team on the same days
}

// Import remembers a closed sprint: with its commitment, ledger and memberships it
// is one like those lived here, under the team's next number. What was imported
// before changes nothing.
func (s *Service) Import(ctx context.Context, who audit.Who, t *team.Team, p Past) (*Remembered, error) {
	var out *Remembered
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := team.Lock(tx, t.ID)
		if err != nil {
			return err
		}
		source := p.source()
		if out, err = known(tx, t, source); err != nil || out != nil {
			return err
		}
		out, err = s.remember(tx, who, t, p, source)
		return err
	})
	return out, err
}

// source is the same for the same history, whatever its file is called.
func (p Past) source() string {
	frame := []any{p.zone(), scrum.WeekNames(p.Calendar.Week), p.holidays(), p.Start.UnixMicro(), p.Close.UnixMicro(), p.PlannedEnd}
	text, _ := json.Marshal([]any{frame, p.Name, p.Goal, p.Commitments, p.Entries, p.Risk, p.Sums, p.Outlook, p.Titles}) // plain values
	if p.Identity != "" {
		text = []byte(p.Identity)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (p Past) holidays() []string {
	out := []string{}
	for _, day := range slices.Sorted(maps.Keys(p.Calendar.Holidays)) {
		out = append(out, string(day))
	}
	return out
}

func (p Past) zone() string {
	if p.Calendar.Zone == nil {
		return "UTC"
	}
	return p.Calendar.Zone.String()
}

// known finds an imported sprint again.
func known(tx *db.Tx, t *team.Team, source string) (*Remembered, error) {
	sp, err := bySource(tx.DB, t.ID, source)
	if err != nil || sp == nil {
		return nil, err
	}
	if err := fill(tx.DB, tx.Now, sp); err != nil {
		return nil, err
	}
	folded, err := load(tx.DB, t, sp)
	if err != nil {
		return nil, err
	}
	return &Remembered{Sprint: sp, Already: true, Report: folded.Report(tx.Now), Items: len(folded.Fold().Items())}, nil
}

func (s *Service) remember(tx *db.Tx, who audit.Who, t *team.Team, p Past, source string) (*Remembered, error) {
	if p.Close.IsZero() {
		return nil, fault.New(fault.Invalid, "Only closed sprints are history; this one has no close.")
	}
	if p.Sums != nil {
		p.Commitments, p.Entries = p.Sums.rows(p.Close)
	}
	if err := p.Check(); err != nil {
		return nil, fault.New(fault.Invalid, "The sprint does not add up: %s.", err)
	}
	r := p.Report(tx.Now)
	number, err := team.TakeSprintNumber(tx, t.ID)
	if err != nil {
		return nil, err
	}
	sp := p.sprint(tx, t, number, r)
	if err := tx.Create(sp).Error; err != nil {
		return nil, err
	}
	if err := p.write(tx, who, t, sp, source); err != nil {
		return nil, err
	}
	out := &Remembered{Sprint: sp, Report: r, Items: len(p.Items())}
	if out.Overlaps, err = overlapping(tx.DB, sp); err != nil {
		return nil, err
	}
	return out, s.told(tx, who, sp, "sprint.imported", map[string]any{"file": p.File, "format": p.Format, "completed": r.Completed})
}

func (p Past) sprint(tx *db.Tx, t *team.Team, number int64, r scrum.Report) *Sprint {
	sp := newSprint(tx, t, number)
	sp.Name, sp.Goal, sp.State, sp.Imported = p.Name, p.Goal, scrum.Closed, true
	sp.TimeZone, sp.WorkingWeek, sp.Holidays = p.zone(), scrum.WeekNames(p.Calendar.Week), p.holidays()
	sp.StartDate, sp.EndDate = p.Calendar.DayOf(p.Start), p.PlannedEnd
	sp.StartedAt, sp.ClosedAt = &p.Start, &p.Close
	sp.Committed, sp.Completed, sp.FinalScope = &r.Committed, &r.Completed, &r.FinalScope
	sp.RiskAtStart = new(float64)
	if p.Risk != nil {
		for _, risk := range p.Risk.AtStart {
			*sp.RiskAtStart += risk
		}
	}
	return sp
}

// write keeps what happened: for sums only the sums, which are in the sprint.
func (p Past) write(tx *db.Tx, who audit.Who, t *team.Team, sp *Sprint, source string) error {
	if err := writeHistory(tx, who, p, sp, source); err != nil || p.Sums != nil {
		return err
	}
	relics, fold := p.relics(sp)
	ids, err := backlog.Remember(tx, who, t, relics)
	if err != nil {
		return err
	}
	if err := writeCommitments(tx, p, sp, ids); err != nil {
		return err
	}
	if err := writeLedger(tx, p, sp, ids); err != nil {
		return err
	}
	return writeMemberships(tx, p, fold, sp, ids)
}

// counting are the entries up to the close: what came later changes nothing.
func (p Past) counting() []scrum.Entry { return counted(p.Sprint) }

// Items are the names of what the sprint ever held, in order of first appearance.
func (p Past) Items() []string { return p.Fold().Items() }

// relics are the sprint's items as they stood at its close.
func (p Past) relics(sp *Sprint) ([]backlog.Relic, *scrum.Fold) {
	fold, dropped := p.Fold(), map[string]scrum.DropReason{}
	for _, e := range p.counting() {
		if e.Kind == scrum.KindDropped {
			dropped[e.Item] = scrum.DropReason(e.Detail)
		}
	}
	var out []backlog.Relic
	for _, name := range fold.Items() {
		st := fold.Standing(name)
		r := backlog.Relic{Name: name, Title: p.title(name), Completed: st.Done, SprintID: sp.ID, From: p.Start, To: p.Close}
		if st.Left == scrum.KindDropped {
			r.Dropped = dropped[name]
		}
		if st.Estimated {
			points := st.Points
			r.Points = &points
		}
		out = append(out, r)
	}
	return out, fold
}

const maxTitle = 300

func (p Past) title(name string) string {
	title := p.Titles[name]
	if title == "" {
		title = name
	}
	if runes := []rune(title); len(runes) > maxTitle {
		return string(runes[:maxTitle])
	}
	return title
}

// Names that stand for the items of a sprint of which only sums are known.
const (
	sumDone  = "completed"
	sumLeft  = "not completed"
	sumAdded = "completed beyond the commitment"
)

// rows are the fewest that give the sums: all is completed at the close.
func (s Sums) rows(end time.Time) ([]scrum.Commitment, []scrum.Entry) {
	done := min(s.Committed, s.Completed)
	left, added := s.Committed-done, s.Completed-done
	var commitments []scrum.Commitment
	var entries []scrum.Entry
	add := func(kind scrum.Kind, detail, item string, points float64) {
		entries = append(entries, scrum.Entry{At: end, Kind: kind, Detail: detail, Item: item, Points: points})
	}
	if done > 0 {
		commitments = append(commitments, scrum.Commitment{Item: sumDone, Points: &done})
		add(scrum.KindCompleted, "", sumDone, -done)
	}
	if left > 0 {
		commitments = append(commitments, scrum.Commitment{Item: sumLeft, Points: &left})
	}
	if added > 0 {
		add(scrum.KindAdded, string(scrum.Pulled), sumAdded, added)
		add(scrum.KindCompleted, "", sumAdded, -added)
	}
	return commitments, entries
}

func outcomeOf(st scrum.Standing) string {
	switch {
	case st.Done:
		return backlog.OutcomeCompleted
	case st.In:
		return backlog.OutcomeCarried
	case st.Left == scrum.KindDropped:
		return backlog.OutcomeDropped
	}
	return backlog.OutcomeRemoved
}
