package asset

import (
	"database/sql"
	"encoding/json"
	"errors"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

func scanGroup(r *sql.Rows, g *Group) error {
	var rule string
	var created int64
	if err := r.Scan(&g.ID, &g.TeamID, &g.Name, &g.NameKey, &g.Description, &rule, &g.Version, &created, &g.Assets); err != nil {
		return err
	}
	g.CreatedAt = db.Time(created)
	return json.Unmarshal([]byte(rule), &g.Rule)
}

// groupsOf lists groups by name, all of the team or the one with an id.
func groupsOf(g *gorm.DB, teamID, id string) ([]Group, error) {
	query, args := "g.team_id = ?", []any{teamID}
	if id != "" {
		query, args = query+" AND g.id = ?", append(args, id)
	}
	return db.List(g, scanGroup, `SELECT g.id, g.team_id, g.name, g.name_key, g.description, g.rule, g.version, g.created_at,
			(SELECT COUNT(*) FROM asset_group_members m JOIN assets a ON a.id = m.asset_id WHERE m.group_id = g.id AND a.retired_at IS NULL)
		FROM asset_groups g WHERE `+query+" ORDER BY g.name_key", args...)
}

func groupByID(g *gorm.DB, teamID, id string) (*Group, error) {
	found, err := groupsOf(g, teamID, id)
	if err == nil && (id == "" || len(found) == 0) {
		err = fault.New(fault.NotFound, "There is no such group in this team.")
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

// groupFree refuses a name that another group of the team has, and one group too
// many.
func groupFree(g *gorm.DB, group *Group) error {
	var same, all int
	err := db.One(g.Raw("SELECT COALESCE(SUM(CASE WHEN name_key = ? THEN 1 ELSE 0 END), 0), COUNT(*) FROM asset_groups WHERE team_id = ? AND id <> ?",
		group.NameKey, group.TeamID, group.ID), &same, &all)
	switch {
	case err != nil:
		return err
	case same > 0:
		return fault.New(fault.Conflict, "Another group of the team has this name already.")
	case all >= MaxGroups:
		return fault.New(fault.Conflict, "A team has at most %d groups; delete one that is not needed.", MaxGroups)
	}
	return nil
}

func addGroup(tx *db.Tx, g *Group) error {
	rule, err := json.Marshal(g.Rule)
	if err != nil {
		return err
	}
	return tx.Exec("INSERT INTO asset_groups (id, team_id, name, name_key, description, rule, version, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		g.ID, g.TeamID, g.Name, g.NameKey, g.Description, string(rule), g.Version, g.CreatedAt.UnixMicro()).Error
}

func writeGroup(tx *db.Tx, g *Group) error {
	rule, err := json.Marshal(g.Rule)
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE asset_groups SET name = ?, name_key = ?, description = ?, rule = ?, version = ? WHERE id = ?",
		g.Name, g.NameKey, g.Description, string(rule), g.Version, g.ID).Error
}

// removeGroup is refused while something else, such as a due-date policy, refers
// to the group.
func removeGroup(tx *db.Tx, id string) error {
	if err := tx.Exec("DELETE FROM asset_group_members WHERE group_id = ?", id).Error; err != nil {
		return err
	}
	err := tx.Exec("DELETE FROM asset_groups WHERE id = ?", id).Error
	if errors.Is(err, gorm.ErrForeignKeyViolated) {
		return fault.New(fault.Conflict, "Something else refers to this group, such as a due-date policy; change that first.")
	}
	return err
}

func memberIDs(g *gorm.DB, groupID string) (ids []string, err error) {
	err = g.Raw("SELECT asset_id FROM asset_group_members WHERE group_id = ? ORDER BY asset_id", groupID).Scan(&ids).Error
	return ids, err
}

// rulesOf are the groups of a team with their rules.
func rulesOf(g *gorm.DB, teamID string) ([]Group, error) {
	return db.List(g, func(r *sql.Rows, group *Group) error {
		var rule string
		if err := r.Scan(&group.ID, &rule); err != nil {
			return err
		}
		return json.Unmarshal([]byte(rule), &group.Rule)
	}, "SELECT id, rule FROM asset_groups WHERE team_id = ?", teamID)
}

// matchedOf are the pairs of group and asset where the rule holds, as stored.
func matchedOf(g *gorm.DB, assetIDs []string) (map[[2]string]bool, error) {
	out := map[[2]string]bool{}
	err := db.Each(g, func(r *sql.Rows) error {
		var pair [2]string
		err := r.Scan(&pair[0], &pair[1])
		out[pair] = true
		return err
	}, "SELECT group_id, asset_id FROM asset_group_members WHERE asset_id IN ? AND matched", assetIDs)
	return out, err
}

// setMatched writes which pairs of group and asset a rule has come to hold for, and
// which not any more.
func setMatched(tx *db.Tx, in, out [][2]string) error {
	if err := joinGroups(tx, in, "matched"); err != nil {
		return err
	}
	return leaveGroups(tx, out, "matched", "pinned")
}

// joinGroups sets one of the two reasons for a membership.
func joinGroups(tx *db.Tx, pairs [][2]string, reason string) error {
	cells := make([]any, 0, 4*len(pairs))
	for _, p := range pairs {
		cells = append(cells, p[0], p[1], reason == "pinned", reason == "matched")
	}
	return intoMembers[reason].Write(tx, cells)
}

var intoMembers = map[string]*db.Insertion{"pinned": intoMembersBy("pinned"), "matched": intoMembersBy("matched")}

func intoMembersBy(reason string) *db.Insertion {
	return db.Insert("asset_group_members", "group_id text, asset_id text, pinned boolean, matched boolean",
		"ON CONFLICT (group_id, asset_id) DO UPDATE SET "+reason+" = excluded."+reason)
}

// leaveGroups takes one reason for a membership away, and ends it if that was the
// last one.
func leaveGroups(tx *db.Tx, pairs [][2]string, reason, other string) error {
	cells := make([]any, 0, 2*len(pairs))
	for _, p := range pairs {
		cells = append(cells, p[0], p[1])
	}
	return db.InBatches(cells, 2, func(rows int, part []any) error {
		in := "(group_id, asset_id) IN (VALUES " + db.Tuples(rows, 2) + ")"
		if err := tx.Exec("DELETE FROM asset_group_members WHERE "+in+" AND NOT "+other, part...).Error; err != nil {
			return err
		}
		return tx.Exec("UPDATE asset_group_members SET "+reason+" = ? WHERE "+in, append([]any{false}, part...)...).Error
	})
}

// nextAssets reads assets of a team by name, behind one.
func nextAssets(g *gorm.DB, teamID, key string, limit int) ([]Asset, error) {
	return db.List(g, scanAsset, "SELECT "+columns+" FROM assets WHERE team_id = ? AND name_key > ? ORDER BY name_key LIMIT ?", teamID, key, limit)
}
