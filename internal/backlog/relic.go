package backlog

import (
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// LabelHistory marks the items of imported sprints.
const LabelHistory = "history"

// Relic is an item of a sprint that was lived elsewhere, as it stood at the end.
type Relic struct {
	Name      string // elsewhere; the same name in a later sprint is the same item
	Title     string
	Points    *float64
	Completed bool
	Dropped   scrum.DropReason // "" unless it was
	SprintID  string
	From, To  time.Time // of its sprint
}

// Remember gives each relic a patch, and returns the ids of the patches by name.
//
// The patches are closed, whatever became of the work: a backlog that is ranked by
// today's risk has no place for an item of which only a name and old points are
// known. What was unfinished is dropped without a reason and can be restored.
func Remember(tx *db.Tx, who audit.Who, t *team.Team, relics []Relic) (map[string]string, error) {
	ids, err := relicsOf(tx.DB, t.ID)
	if err != nil {
		return nil, err
	}
	var fresh []Relic
	for _, r := range relics {
		id, known := ids[r.Name]
		if !known {
			fresh = append(fresh, r)
		} else if r.Completed {
			if err := finishRelic(tx, r, id); err != nil {
				return nil, err
			}
		}
	}
	if len(fresh) == 0 {
		return ids, nil
	}
	return ids, makeRelics(tx, who, t, fresh, ids)
}

func makeRelics(tx *db.Tx, who audit.Who, t *team.Team, fresh []Relic, ids map[string]string) error {
	first, err := team.TakePatchNumbers(tx, t.ID, int64(len(fresh)))
	if err != nil {
		return err
	}
	patches, descriptions := make([]*Patch, len(fresh)), map[string]string{}
	var names, words []any
	for i, r := range fresh {
		p := r.patch(who, t, first+int64(i))
		patches[i], ids[r.Name] = p, p.ID
		descriptions[p.ID] = "Imported with the history of a sprint, where it was called " + r.Name + "."
		names = append(names, t.ID, r.Name, p.ID)
		words = append(words, p.ID, t.ID, wordsOf(Key(t.Key, p.Number), p.Title, r.Name))
	}
	if err := insert(tx, patches, descriptions); err != nil {
		return err
	}
	return nameRelics(tx, names, words)
}

func (r Relic) patch(who audit.Who, t *team.Team, number int64) *Patch {
	p := &Patch{
		ID: db.NewID(), TeamID: t.ID, Number: number, Kind: KindPatch, Title: r.Title, Status: scrum.Dropped,
		TieKey: scrum.RankAt(number), BoardKey: scrum.RankAt(number), Points: r.Points, Assumed: []string{}, Labels: []string{LabelHistory},
		ChangedBy: who.Name, Version: 1, CreatedAt: r.From, UpdatedAt: r.To,
	}
	if r.Dropped != "" {
		reason := string(r.Dropped)
		p.DropReason = &reason
	}
	if r.Completed {
		p.Status, p.SprintID = scrum.Verified, &r.SprintID
	}
	return p
}
