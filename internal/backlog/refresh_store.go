package backlog

import (
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// nearing finds, by team, the open patches whose priority time may have changed:
// past half of the allowed time, and not yet at the most that urgency adds.
func nearing(g *gorm.DB, now time.Time) (map[string][]string, error) {
	rows, err := g.Raw(`SELECT team_id, id FROM patches
		WHERE is_open AND due_at IS NOT NULL AND clock_at IS NOT NULL AND ? > clock_at + (due_at - clock_at) / 2
		AND due_at > ? ORDER BY team_id, id`, now.UnixMicro(), now.Add(-7*24*time.Hour).UnixMicro()).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]string{}
	for rows.Next() {
		var team, id string
		if err := rows.Scan(&team, &id); err != nil {
			return nil, err
		}
		out[team] = append(out[team], id)
	}
	return out, rows.Err()
}

func expiredDrops(g *gorm.DB, now time.Time) (ids []string, err error) {
	err = g.Raw(`SELECT id FROM patches WHERE status = 'dropped' AND drop_until <= ?
		AND NOT EXISTS (SELECT 1 FROM exceptions e WHERE e.patch_id = patches.id AND e.state = 'approved')`, now.UnixMicro()).Scan(&ids).Error
	return ids, err
}

// openAfter reads ids of open patches, page by page.
func openAfter(g *gorm.DB, teamID, after string, limit int) (ids []string, err error) {
	err = g.Raw("SELECT id FROM patches WHERE team_id = ? AND is_open AND id > ? ORDER BY id LIMIT ?", teamID, after, limit).Scan(&ids).Error
	return ids, err
}

func countOpen(g *gorm.DB, teamID string) (n int64, err error) {
	err = db.One(g.Raw("SELECT COUNT(*) FROM patches WHERE team_id = ? AND is_open", teamID), &n)
	return n, err
}
