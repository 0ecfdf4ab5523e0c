package backlog

import (
	"context"
	"slices"
	"time"

	"patchline/internal/db"
	"patchline/internal/risk"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Affected is what a vulnerability means for one team.
type Affected struct {
	Assets   int64 // with an open finding, or named by hand on an open patch
	Count    int64 // of findings; stops at 1000
	Findings []Sighting
	Patches  []AffectedPatch
	Kinds    []AssetKind
}

// Sighting is a finding of one vulnerability.
type Sighting struct {
	Finding
	Criticality risk.Criticality
	Exposure    risk.Exposure
	PatchNumber *int64
	ChangedAt   time.Time
}

// AffectedPatch removes the vulnerability.
type AffectedPatch struct {
	Number   int64
	Title    string
	Status   scrum.Status
	IsOpen   bool
	Priority float64
	DueAt    *time.Time
}

// AssetKind is a kind of affected asset by what decisions depend on.
type AssetKind struct {
	Name        string // of one of them
	Criticality risk.Criticality
	Exposure    risk.Exposure
}

// Bounds of what one page shows.
const (
	shownSightings = 100
	shownAffected  = 50
	countedMost    = 1000
)

// Affected reads what a vulnerability, by its canonical id, means for a team. It
// reads nothing of other teams.
func (s *Service) Affected(ctx context.Context, t *team.Team, id string) (*Affected, error) {
	a := &Affected{}
	err := s.db.View(ctx, func(g db.Reader) (err error) {
		if a.Count, err = countSightings(g, t.ID, id); err != nil {
			return err
		}
		if a.Findings, err = sightings(g, t.ID, id); err != nil {
			return err
		}
		if a.Patches, err = affectedPatches(g, t.ID, id); err != nil {
			return err
		}
		a.Assets, a.Kinds, err = assetKinds(g, t.ID, id)
		return err
	})
	return a, err
}

// Decisions are the answers of the SSVC tables.
type Decisions struct {
	Asset                 string // one of the worst
	Coordinator, Deployer risk.DecisionView
}

// urgency of a deployer's answer.
var urgency = []string{string(risk.Defer), string(risk.Scheduled), string(risk.OutOfCycle), string(risk.Immediate)}

// Decide looks the vulnerability up in the SSVC tables for the worst of the
// affected assets: the one that a deployer would patch first, and of those the
// most critical and exposed. Nil where no asset is affected.
func (a *Affected) Decide(v risk.Vulnerability, exploitation string) *Decisions {
	var worst *Decisions
	highest := -1.0
	for _, k := range a.Kinds {
		coordinator, deployer := v.Decisions(exploitation, k.Criticality, k.Exposure)
		weight := 10*float64(slices.Index(urgency, deployer.Outcome)) + k.Criticality.Weight() + k.Exposure.Weight()
		if weight > highest {
			highest, worst = weight, &Decisions{k.Name, coordinator, deployer}
		}
	}
	return worst
}
