package team

import (
	"gorm.io/gorm"

	"patchline/internal/audit"
	"patchline/internal/db"
)

// ownPolicies lists the ids of the policies that a team wrote and did not retire.
func ownPolicies(g *gorm.DB, teamID string) (ids []string, err error) {
	err = g.Raw("SELECT id FROM policies WHERE team_id = ? AND retired_at IS NULL", teamID).Scan(&ids).Error
	return ids, err
}

// QueueRun asks for the due dates of a team's open patches to be set anew, because
// other policies apply to them. The work is done outside of the request.
func QueueRun(tx *db.Tx, who audit.Who, teamID, reason string) error {
	return tx.Exec(`INSERT INTO policy_runs (id, team_id, state, reason, user_id, who, total, looked, changed, after_id, beat_at, created_at)
		VALUES (?, ?, 'queued', ?, ?, ?, 0, 0, 0, '', ?, ?)`,
		db.NewID(), teamID, reason, who.UserID, who.Name, tx.Now.UnixMicro(), tx.Now.UnixMicro()).Error
}

// SetPolicies writes which policies apply to a team; its row is locked.
func SetPolicies(tx *db.Tx, t *Team, ids []string) error {
	t.Policies, t.Version = ids, t.Version+1
	return saveTeam(tx, t)
}
