package team

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// What every request asks is one query: the person, and the team with the role.
const (
	accessColumns = `u.id, u.name, u.email, u.is_admin, u.version, u.created_at, m.role,
		t.id, t.key, t.name, t.time_zone, t.working_week, t.holidays, t.policies, t.approval_required, t.parallel_sprints, t.exception_max_days,
		t.rules, t.task_templates, t.last_patch, t.last_sprint, t.version, t.created_at`

	accessJoins = ` JOIN users u ON u.id = x.user_id AND u.disabled_at IS NULL
		LEFT JOIN teams t ON t.key = ?
		LEFT JOIN members m ON m.team_id = t.id AND m.user_id = u.id `

	bySession = `SELECT x.id, '', '', x.last_seen_at, ` + accessColumns + ` FROM sessions x` + accessJoins +
		`WHERE x.id = ? AND x.ended_at IS NULL AND x.expires_at > ?`

	byToken = `SELECT '', x.id, x.scopes, COALESCE(x.last_used_at, 0), ` + accessColumns + ` FROM tokens x` + accessJoins +
		`WHERE x.@ = ? AND x.revoked_at IS NULL AND (x.expires_at IS NULL OR x.expires_at > ?)`
)

func accessBySession(g *gorm.DB, id, teamKey string, now time.Time) (*Access, error) {
	a, err := access(g.Raw(bySession, teamKey, id, now.UnixMicro()))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errSignedOut
	}
	return a, err
}

func accessByToken(g *gorm.DB, hash, teamKey string, now time.Time) (*Access, error) {
	return tokenAccess(g, byTokenHash, hash, teamKey, now)
}

func accessByTokenID(g *gorm.DB, id, teamKey string, now time.Time) (*Access, error) {
	return tokenAccess(g, byTokenID, id, teamKey, now)
}

var (
	byTokenHash = strings.Replace(byToken, "@", "secret_hash", 1)
	byTokenID   = strings.Replace(byToken, "@", "id", 1)
)

func tokenAccess(g *gorm.DB, query, value, teamKey string, now time.Time) (*Access, error) {
	a, err := access(g.Raw(query, teamKey, value, now.UnixMicro()))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errNoToken
	}
	return a, err
}

// maybeTeam is a team's row on the right of an outer join.
type maybeTeam struct {
	role, id, key, name, zone, week, holidays, policies, rules, templates sql.NullString
	approval, parallel                                                    sql.NullBool
	longest, patch, sprint, version, created                              sql.NullInt64
}

func access(query *gorm.DB) (*Access, error) {
	var a Access
	var t maybeTeam
	var scopes string
	var seen, created int64
	err := db.One(query, &a.SessionID, &a.TokenID, &scopes, &seen,
		&a.User.ID, &a.User.Name, &a.User.Email, &a.User.IsAdmin, &a.User.Version, &created, &t.role,
		&t.id, &t.key, &t.name, &t.zone, &t.week, &t.holidays, &t.policies, &t.approval, &t.parallel, &t.longest,
		&t.rules, &t.templates, &t.patch, &t.sprint, &t.version, &t.created)
	if err != nil {
		return nil, err
	}
	a.seen, a.User.CreatedAt = db.Time(seen), db.Time(created)
	if a.TokenID != "" {
		a.Scopes = db.SplitWords(scopes)
	}
	if a.Team = t.team(); a.Team != nil {
		a.Role = Role(t.role.String)
		if a.User.IsAdmin {
			a.Role = Administrator
		}
	}
	return &a, nil
}

func (t *maybeTeam) team() *Team {
	if !t.id.Valid {
		return nil
	}
	return &Team{
		ID: t.id.String, Key: t.key.String, Name: t.name.String, TimeZone: t.zone.String,
		WorkingWeek: db.SplitWords(t.week.String), Holidays: db.SplitWords(t.holidays.String), Policies: db.SplitWords(t.policies.String),
		ApprovalRequired: t.approval.Bool, ParallelSprints: t.parallel.Bool, ExceptionMaxDays: t.longest.Int64, RulesText: t.rules.String, TaskTemplatesText: t.templates.String,
		LastPatch: t.patch.Int64, LastSprint: t.sprint.Int64, Version: t.version.Int64, CreatedAt: db.Time(t.created.Int64),
	}
}
