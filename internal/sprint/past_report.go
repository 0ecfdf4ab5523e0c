package sprint

import (
	"errors"
	"time"

	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// History is where an imported sprint comes from, and what it says beyond its
// ledger. Its report calls the items as they were called there.
type History struct {
	File, Format string
	SumsOnly     bool // only what was committed and completed is known
	Who          string
	At           time.Time
	Keys         map[string]string // of the patches that stand for the items, by name

	Forecast *scrum.Forecast // from the close of the sprint, if its history tells the inputs
	Halved   []float64       // the same with half the capacity in the third sprint
	OnTime   []scrum.OnTime

	told told
}

// told is what only an imported sprint has: a risk that was never part of this
// team's backlog, and what its forecast started from.
type told struct {
	Risk    *scrum.RiskFlow
	Outlook *PastOutlook
}

// loadPast reads what load reads of other sprints, under the names of elsewhere.
func loadPast(g db.Reader, teamKey string, sp *Sprint, out *scrum.Sprint) error {
	h, err := historyOf(g, sp.ID)
	if err != nil {
		return err
	}
	out.Risk = h.told.Risk
	if h.SumsOnly {
		out.Commitments, out.Entries = Sums{*sp.Committed, *sp.Completed}.rows(*sp.ClosedAt)
		return nil
	}
	names, err := relicNames(g, teamKey, sp.ID)
	if err != nil {
		return err
	}
	if out.Commitments, err = commitmentsOf(g, teamKey, sp.ID); err != nil {
		return err
	}
	for i, c := range out.Commitments {
		out.Commitments[i].Item = names[c.Item].name
	}
	if out.Entries, err = entriesOf(g, teamKey, sp); err != nil {
		return err
	}
	for i, e := range out.Entries {
		out.Entries[i].Item = names[e.Item].name
	}
	return nil
}

func importedReport(g db.Reader, t *team.Team, sp *Sprint, now time.Time) (*Report, error) {
	folded, err := load(g, t, sp)
	if err != nil {
		return nil, err
	}
	h, err := historyOf(g, sp.ID)
	if err != nil {
		return nil, err
	}
	out := &Report{Report: folded.Report(now), Sprint: sp, Entries: counted(folded), Commitments: folded.Commitments, Titles: map[string]string{}, History: h}
	if folded.Risk != nil {
		out.Changes = folded.RiskChanges()
	}
	if h.SumsOnly {
		out.CommittedItems = 0
	}
	names, err := relicNames(g, t.Key, sp.ID)
	if err != nil {
		return nil, err
	}
	h.Keys = map[string]string{}
	for key, n := range names {
		h.Keys[n.name] = key
		if n.title != n.name {
			out.Titles[n.name] = n.title
		}
	}
	return out, h.foresee()
}

// foresee forecasts again from what was known at the close.
func (h *History) foresee() error {
	o := h.told.Outlook
	if o == nil {
		return nil
	}
	forecast, err := scrum.NewForecast(o.Samples, o.Remaining, nil)
	if errors.Is(err, scrum.ErrNotEnoughSprints) {
		return nil
	}
	if err != nil {
		return err
	}
	halved, err := scrum.NewForecast(o.Samples, o.Remaining, scrum.Capacity{1, 1, .5})
	if err != nil {
		return err
	}
	h.Forecast, h.Halved = &forecast, halved.PDoneWithin
	h.OnTime, err = scrum.OnTimes(o.Samples, o.Ranked, nil)
	return err
}
