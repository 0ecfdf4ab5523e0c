package backlog

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// noticeRow is a notice as it is stored.
type noticeRow struct {
	ID, TeamID, Kind, Subject, Body string
	At                              int64
}

func (noticeRow) TableName() string { return "notices" }

func unseenNotices(g *gorm.DB, userID, teamID string, since time.Time) ([]Notice, error) {
	return db.List(g, scanNotice, `SELECT id, team_id, kind, at, body FROM notices n WHERE team_id = ? AND at > ?
		AND NOT EXISTS (SELECT 1 FROM notices_seen s WHERE s.notice_id = n.id AND s.user_id = ?) ORDER BY at DESC, id DESC LIMIT 20`,
		teamID, since.UnixMicro(), userID)
}

func scanNotice(r *sql.Rows, n *Notice) error {
	var at int64
	var body string
	if err := r.Scan(&n.ID, &n.TeamID, &n.Kind, &at, &body); err != nil {
		return err
	}
	n.At = db.Time(at)
	return json.Unmarshal([]byte(body), &n.NoticeBody)
}

// lastNotice is the latest of a kind since a moment; nil if there is none.
func lastNotice(g *gorm.DB, teamID, kind string, since time.Time) (*Notice, error) {
	found, err := db.List(g, scanNotice, "SELECT id, team_id, kind, at, body FROM notices WHERE team_id = ? AND kind = ? AND at > ? ORDER BY at DESC LIMIT 1",
		teamID, kind, since.UnixMicro())
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], fillNotice(g, &found[0])
}

// fillNotice reads the patches that a notice names as they are now.
func fillNotice(g *gorm.DB, n *Notice) error {
	ids := slices.Clone(n.PatchIDs)
	for _, t := range n.Top {
		ids = append(ids, t.PatchID)
	}
	if len(ids) == 0 {
		return nil
	}
	var err error
	if n.Patches, err = listed(g, "p.id IN ?", ids); err != nil {
		return err
	}
	slices.SortFunc(n.Patches, func(a, b Patch) int { return cmp.Or(cmp.Compare(b.Priority, a.Priority), strings.Compare(a.ID, b.ID)) })
	return addDrift(g, n.Patches)
}

// concerned is an open patch with one of the vulnerabilities asked for.
type concerned struct{ teamID, patchID, vulnerability string }

// patchesByVulnerability finds the open patches that remove one of the
// vulnerabilities, by team and by falling priority.
func patchesByVulnerability(g *gorm.DB, ids []string) ([]concerned, error) {
	type row struct {
		concerned
		priority float64
	}
	var rows []row
	for part := range slices.Chunk(ids, 500) {
		some, err := db.List(g, func(r *sql.Rows, c *row) error {
			return r.Scan(&c.teamID, &c.patchID, &c.vulnerability, &c.priority)
		}, `SELECT p.team_id, p.id, x.vulnerability_id, p.priority FROM patches p JOIN (
				SELECT patch_id, vulnerability_id FROM findings WHERE vulnerability_id IN ? AND patch_id IS NOT NULL AND status = 'open'
				UNION SELECT patch_id, vulnerability_id FROM patch_vulnerabilities WHERE vulnerability_id IN ?) AS x ON x.patch_id = p.id
			WHERE p.is_open`, part, part)
		if err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(strings.Compare(a.teamID, b.teamID), cmp.Compare(b.priority, a.priority), strings.Compare(a.patchID, b.patchID),
			strings.Compare(a.vulnerability, b.vulnerability))
	})
	out := make([]concerned, len(rows))
	for i, r := range rows {
		out[i] = r.concerned
	}
	return out, nil
}

// keysOf are the keys of patches, in the order of their ids.
func keysOf(g *gorm.DB, ids []string) ([]string, error) {
	byID := map[string]string{}
	err := db.Each(g, func(r *sql.Rows) error {
		var id, teamKey string
		var number int64
		err := r.Scan(&id, &teamKey, &number)
		byID[id] = Key(teamKey, number)
		return err
	}, "SELECT p.id, t.key, p.number FROM patches p JOIN teams t ON t.id = p.team_id WHERE p.id IN ?", ids)
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		out = append(out, byID[id])
	}
	return out, err
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
