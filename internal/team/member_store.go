package team

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

const colleagueColumns = `SELECT u.id, u.name, u.email, m.role, m.joined_at, u.disabled_at IS NOT NULL
	FROM members m JOIN users u ON u.id = m.user_id WHERE m.team_id = ?`

func colleagues(g *gorm.DB, teamID string) ([]Colleague, error) {
	return db.List(g, scanColleague, colleagueColumns+" ORDER BY "+byBytes(g, "u.name")+", u.id", teamID)
}

func scanColleague(r *sql.Rows, c *Colleague) error {
	var joined int64
	err := r.Scan(&c.UserID, &c.Name, &c.Email, &c.Role, &joined, &c.Disabled)
	c.JoinedAt = db.Time(joined)
	return err
}

func colleague(g *gorm.DB, teamID, userID string) (*Colleague, error) {
	list, err := db.List(g, scanColleague, colleagueColumns+" AND u.id = ?", teamID, userID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errNoMember
	}
	return &list[0], nil
}

func setRole(tx *db.Tx, teamID, userID string, role Role) (int64, error) {
	r := tx.Exec("UPDATE members SET role = ? WHERE team_id = ? AND user_id = ?", role, teamID, userID)
	return r.RowsAffected, r.Error
}

func removeMember(tx *db.Tx, teamID, userID string) (int64, error) {
	r := tx.Exec("DELETE FROM members WHERE team_id = ? AND user_id = ?", teamID, userID)
	return r.RowsAffected, r.Error
}

func saveTeam(tx *db.Tx, t *Team) error {
	return tx.Exec(`UPDATE teams SET name = ?, time_zone = ?, working_week = ?, holidays = ?, policies = ?,
		approval_required = ?, parallel_sprints = ?, exception_max_days = ?, version = ? WHERE id = ?`,
		t.Name, t.TimeZone, db.JoinWords(t.WorkingWeek), db.JoinWords(t.Holidays), db.JoinWords(t.Policies),
		t.ApprovalRequired, t.ParallelSprints, t.ExceptionMaxDays, t.Version, t.ID).Error
}

func saveRules(tx *db.Tx, t *Team) error {
	return tx.Exec("UPDATE teams SET rules = ?, version = ? WHERE id = ?", t.RulesText, t.Version, t.ID).Error
}

// myTeams reads a person's teams with the role in each; an administrator has all.
func myTeams(g *gorm.DB, u *User) ([]MyTeam, error) {
	roles, err := rolesOf(g, u.ID)
	if err != nil {
		return nil, err
	}
	q := g.Order(byBytes(g, "key"))
	if !u.IsAdmin {
		q = q.Where("id IN (SELECT team_id FROM members WHERE user_id = ?)", u.ID)
	}
	var teams []Team
	err = q.Find(&teams).Error
	out := make([]MyTeam, len(teams))
	for i, t := range teams {
		out[i] = MyTeam{Team: t, Role: roles[t.ID], Admin: u.IsAdmin}
	}
	return out, err
}

func rolesOf(g *gorm.DB, userID string) (map[string]Role, error) {
	var list []Membership
	err := g.Where("user_id = ?", userID).Find(&list).Error
	out := map[string]Role{}
	for _, m := range list {
		out[m.TeamID] = m.Role
	}
	return out, err
}

func saveTaskTemplates(tx *db.Tx, t *Team) error {
	return tx.Exec("UPDATE teams SET task_templates = ?, version = ? WHERE id = ?", t.TaskTemplatesText, t.Version, t.ID).Error
}
