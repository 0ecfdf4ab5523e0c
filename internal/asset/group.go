package asset

import (
	"context"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// Group is a named set of assets of a team: those that somebody put there, and
// those that its rule matches. An asset may be in several.
type Group struct {
	ID          string
	TeamID      string
	Name        string
	NameKey     string // identity of the name within the team
	Description string
	Rule        Rule
	Version     int64
	CreatedAt   time.Time
	Assets      int64 // of a list: how many it holds, without retired ones
}

// GroupDraft holds the values of a new group or of a change; nil leaves a value as
// it is.
type GroupDraft struct {
	Name, Description *string
	Rule              *Rule
}

// MaxGroups is how many groups a team can have: each is looked at whenever an
// asset changes.
const MaxGroups = 200

func (d GroupDraft) apply(g *Group) error {
	var wrong []fault.Field
	note := func(pointer, why string) {
		if why != "" {
			wrong = append(wrong, fault.Field{Pointer: pointer, Detail: why})
		}
	}
	note("/name", setText(&g.Name, d.Name, maxOwner, true))
	if g.NameKey = NameKey(g.Name); g.NameKey == "" {
		note("/name", "A group needs a name.")
	}
	note("/description", setText(&g.Description, d.Description, maxDescription, false))
	if d.Rule != nil {
		g.Rule = d.Rule.tidy()
		wrong = append(wrong, g.Rule.check()...)
	}
	if len(wrong) == 0 {
		return nil
	}
	return &fault.Fault{Kind: fault.Invalid, Detail: wrong[0].Detail, Fields: wrong}
}

// Groups lists a team's groups by name, with how many assets each holds.
func (s *Service) Groups(ctx context.Context, teamID string) ([]Group, error) {
	return groupsOf(s.db.Read(ctx), teamID, "")
}

// Group returns a group of a team.
func (s *Service) Group(ctx context.Context, teamID, id string) (*Group, error) {
	return groupByID(s.db.Read(ctx), teamID, id)
}

// CreateGroup adds a group and fills it by its rule.
func (s *Service) CreateGroup(ctx context.Context, who audit.Who, teamID string, d GroupDraft) (*Group, error) {
	g := &Group{TeamID: teamID, Rule: Rule{}, Version: 1}
	if err := d.apply(g); err != nil {
		return nil, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, teamID); err != nil {
			return err
		}
		g.ID, g.CreatedAt = db.NewID(), tx.Now
		if err := groupFree(tx.DB, g); err != nil {
			return err
		}
		if err := addGroup(tx, g); err != nil {
			return err
		}
		return groupTold(tx, who, g, "group.created", map[string]any{"name": g.Name, "rule": g.Rule})
	})
	if err != nil {
		return nil, err
	}
	return s.filled(ctx, who, g)
}

// UpdateGroup changes a group that is still at the version seen. A new rule is
// followed at once.
func (s *Service) UpdateGroup(ctx context.Context, who audit.Who, teamID, id string, seen int64, d GroupDraft) (*Group, error) {
	var g *Group
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if _, err = team.Lock(tx, teamID); err != nil {
			return err
		}
		if g, err = groupByID(tx.DB, teamID, id); err != nil {
			return err
		}
		if g.Version != seen {
			return fault.Stale(g, "Somebody changed this group first. Look at it as it is now, then decide.")
		}
		before := *g
		if err := d.apply(g); err != nil {
			return err
		}
		if err := groupFree(tx.DB, g); err != nil {
			return err
		}
		g.Version++
		if err := writeGroup(tx, g); err != nil {
			return err
		}
		return groupTold(tx, who, g, "group.changed", map[string]any{"name": []any{before.Name, g.Name}, "rule": []any{before.Rule, g.Rule}})
	})
	if err != nil {
		return nil, err
	}
	return s.filled(ctx, who, g)
}

// DeleteGroup removes a group; its assets stay as they are.
func (s *Service) DeleteGroup(ctx context.Context, who audit.Who, teamID, id string) error {
	var held []string
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, teamID); err != nil {
			return err
		}
		g, err := groupByID(tx.DB, teamID, id)
		if err != nil {
			return err
		}
		if held, err = memberIDs(tx.DB, id); err != nil {
			return err
		}
		if err := removeGroup(tx, id); err != nil {
			return err
		}
		return groupTold(tx, who, g, "group.deleted", map[string]any{"name": g.Name, "assets": len(held)})
	})
	if err != nil {
		return err
	}
	return s.scoreLater(ctx, who, teamID, held)
}

func groupTold(tx *db.Tx, who audit.Who, g *Group, action string, detail map[string]any) error {
	if err := audit.Write(tx, who, g.TeamID, action, g.ID, detail); err != nil {
		return err
	}
	return event.Tell(tx, who, g.TeamID, event.Event{Kind: event.AssetChanged})
}

// fillChunk is how many assets of a group are looked at in one transaction.
const fillChunk = 500

// filled follows the rules of a team's groups over all its assets, in small
// transactions, and reads the group again.
func (s *Service) filled(ctx context.Context, who audit.Who, g *Group) (*Group, error) {
	var moved []string
	for after, more := "", true; more; {
		var part []string
		var last string
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			assets, err := nextAssets(tx.DB, g.TeamID, after, fillChunk)
			if err != nil {
				return err
			}
			if more = len(assets) == fillChunk; more {
				last = assets[len(assets)-1].NameKey
			}
			part, err = regroup(tx, g.TeamID, assets)
			return err
		})
		if err != nil {
			return nil, err
		}
		after, moved = last, append(moved, part...)
	}
	if err := s.scoreLater(ctx, who, g.TeamID, moved); err != nil {
		return nil, err
	}
	return s.Group(ctx, g.TeamID, g.ID)
}

// regroup brings the memberships of assets in line with the rules of the team's
// groups, and returns the assets whose groups changed: due dates may depend on
// them.
func regroup(tx *db.Tx, teamID string, assets []Asset) (moved []string, err error) {
	groups, err := rulesOf(tx.DB, teamID)
	if err != nil || len(groups) == 0 || len(assets) == 0 {
		return nil, err
	}
	held, err := matchedOf(tx.DB, idsOf(assets))
	if err != nil {
		return nil, err
	}
	var in, out [][2]string
	for i := range assets {
		a, differs := &assets[i], false
		for _, g := range groups {
			pair := [2]string{g.ID, a.ID}
			switch is := g.Rule.matches(a); {
			case is && !held[pair]:
				in, differs = append(in, pair), true
			case !is && held[pair]:
				out, differs = append(out, pair), true
			}
		}
		if differs {
			moved = append(moved, a.ID)
		}
	}
	return moved, setMatched(tx, in, out)
}

func idsOf(assets []Asset) []string {
	ids := make([]string, len(assets))
	for i := range assets {
		ids[i] = assets[i].ID
	}
	return ids
}
