package standup

import (
	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// toldTeam is a team with the last day whose digest it was sent.
type toldTeam struct {
	team.Team   `gorm:"embedded"`
	StandupTold string
}

func toldTeams(g *gorm.DB) (out []toldTeam, err error) {
	return out, g.Table("teams").Order("id").Find(&out).Error
}

// walked tells whether a walk through the stand-up of a day has ended.
func walked(g *gorm.DB, teamID string, day scrum.Day) (ended bool, err error) {
	return ended, db.One(g.Raw("SELECT EXISTS (SELECT 1 FROM standup_walks WHERE team_id = ? AND day = ? AND ended_at IS NOT NULL)", teamID, string(day)), &ended)
}

// Sent keeps that a team was sent the digest of a day. It tells whether it had not
// been, nor that of a later day.
func Sent(tx *db.Tx, teamID string, day scrum.Day) (bool, error) {
	res := tx.Exec("UPDATE teams SET standup_told = ? WHERE id = ? AND standup_told < ?", string(day), teamID, string(day))
	return res.RowsAffected > 0, res.Error
}
