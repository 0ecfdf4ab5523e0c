package notify

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/team"
)

type person struct{ id, name string }

// patch is what news say about one.
type patch struct {
	id, title, assignee, assigneeName string
}

// patchOf finds a patch by its key; nil if there is none any more.
func patchOf(g *gorm.DB, t place, key string) (*patch, error) {
	number, err := backlog.ParseKey(t.key, key)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			err = nil
		}
		return nil, err
	}
	var p patch
	err = db.One(g.Raw(`SELECT p.id, p.title, COALESCE(p.assignee_id, ''), COALESCE(u.name, '') FROM patches p LEFT JOIN users u ON u.id = p.assignee_id
		WHERE p.team_id = ? AND p.number = ?`, t.id, number), &p.id, &p.title, &p.assignee, &p.assigneeName)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &p, err
}

// mentionedAt are those whom a comment on a patch mentions since a moment.
func mentionedAt(g *gorm.DB, patchID string, at time.Time) ([]person, error) {
	return db.List(g, func(r *sql.Rows, p *person) error { return r.Scan(&p.id, &p.name) },
		`SELECT u.id, u.name FROM comments c JOIN mentions m ON m.comment_id = c.id JOIN users u ON u.id = m.user_id
		WHERE c.patch_id = ? AND m.at = ? ORDER BY u.id`, patchID, at.UnixMicro())
}

// commentedAt tells whether a comment was written at a moment, and still is there.
func commentedAt(g *gorm.DB, patchID string, at time.Time) (bool, error) {
	var n int
	err := db.One(g.Raw("SELECT COUNT(*) FROM comments WHERE patch_id = ? AND created_at = ?", patchID, at.UnixMicro()), &n)
	return n > 0, err
}

// fact is what the audit says about a moment.
type fact struct {
	id, action string
	detail     map[string]any
}

func (f fact) text(name string) string {
	text, _ := f.detail[name].(string)
	return text
}

// assignedTo is the id of whom a patch was given; empty if it was not.
func (f fact) assignedTo() string {
	change, _ := f.detail["assignee"].(map[string]any)
	from, _ := change["from"].(string)
	to, _ := change["to"].(string)
	if from == to {
		return ""
	}
	return to
}

// joined are the ids of those who have come to work on a patch beside its assignee.
func (f fact) joined() []string {
	change, _ := f.detail["co_assignees"].(map[string]any)
	from, _ := change["from"].([]any)
	to, _ := change["to"].([]any)
	var out []string
	for _, v := range to {
		if id, ok := v.(string); ok && !slices.Contains(from, v) {
			out = append(out, id)
		}
	}
	return out
}

// factsOf is what was done to a target in the transaction of a moment.
func factsOf(g *gorm.DB, target string, at time.Time) ([]fact, error) {
	return db.List(g, func(r *sql.Rows, f *fact) error {
		var detail string
		if err := r.Scan(&f.id, &f.action, &detail); err != nil {
			return err
		}
		return json.Unmarshal([]byte(detail), &f.detail)
	}, "SELECT id, action, detail FROM audit WHERE target = ? AND at = ? ORDER BY id", target, at.UnixMicro())
}

// peopleWith are those whose role in a team allows something.
func peopleWith(g *gorm.DB, teamID string, p team.Permission) ([]string, error) {
	return db.List(g, func(r *sql.Rows, id *string) error { return r.Scan(id) },
		"SELECT user_id FROM members WHERE team_id = ? AND role IN ? ORDER BY user_id", teamID, team.WhoMay(p))
}

func ownerOf(g *gorm.DB, blockerID string) (owner person, open bool, err error) {
	err = db.One(g.Raw(`SELECT COALESCE(b.owner_id, ''), COALESCE(u.name, ''), b.resolved_at IS NULL FROM blockers b LEFT JOIN users u ON u.id = b.owner_id
		WHERE b.id = ?`, blockerID), &owner.id, &owner.name, &open)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return owner, open, err
}

// askerOf is who asked for an exception.
func askerOf(g *gorm.DB, id string) (asker string, err error) {
	err = db.One(g.Raw("SELECT requested_by FROM exceptions WHERE id = ?", id), &asker)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return asker, err
}

// sprint is what news say about one.
type sprint struct{ id, name, goal string }

func sprintOf(g *gorm.DB, teamID string, number int64) (*sprint, error) {
	var s sprint
	err := db.One(g.Raw("SELECT id, name, goal FROM sprints WHERE team_id = ? AND number = ?", teamID, number), &s.id, &s.name, &s.goal)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if s.name == "" {
		s.name = fmt.Sprintf("Sprint %d", number)
	}
	return &s, err
}
