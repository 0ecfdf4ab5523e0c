package notify

import (
	"database/sql"
	"encoding/json"
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

func ids(people []person) (out []string) {
	for _, p := range people {
		out = append(out, p.id)
	}
	return out
}

// patchOf finds a patch by its key; none if there is none any more.
func patchOf(g *gorm.DB, t place, key string) ([]subject, error) {
	number, err := backlog.ParseKey(t.key, key)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			err = nil
		}
		return nil, err
	}
	return db.List(g, func(r *sql.Rows, s *subject) error {
		s.name, s.path = key, patchPath(t, key)
		err := r.Scan(&s.id, &s.body, &s.assignee.id, &s.assignee.name)
		s.patchID = s.id
		return err
	}, `SELECT p.id, p.title, COALESCE(p.assignee_id, ''), COALESCE(u.name, '') FROM patches p LEFT JOIN users u ON u.id = p.assignee_id
		WHERE p.team_id = ? AND p.number = ?`, t.id, number)
}

func sprintOf(g *gorm.DB, t place, number int64) ([]subject, error) {
	return db.List(g, func(r *sql.Rows, s *subject) error {
		s.path = fmt.Sprintf("/t/%s/sprints/%d", t.key, number)
		err := r.Scan(&s.id, &s.name, &s.body)
		if s.name == "" {
			s.name = fmt.Sprintf("Sprint %d", number)
		}
		return err
	}, "SELECT id, name, goal FROM sprints WHERE team_id = ? AND number = ?", t.id, number)
}

// reviewOf is the review of a sprint, by the name of that.
func reviewOf(g *gorm.DB, t place, number int64) ([]subject, error) {
	found, err := sprintOf(g, t, number)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	found[0].path += "/review"
	err = db.One(g.Raw("SELECT r.id FROM reviews r WHERE r.sprint_id = ?", found[0].id), &found[0].id)
	return found, err
}

// unjudged tells whether a sprint has done items that nobody has judged, and its
// review is open.
func unjudged(g *gorm.DB, sprintID string) (some bool, err error) {
	return some, db.One(g.Raw(`SELECT EXISTS (SELECT 1 FROM memberships m LEFT JOIN reviews r ON r.sprint_id = m.sprint_id
		WHERE m.sprint_id = ? AND m.outcome = 'completed' AND r.closed_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM review_verdicts v WHERE v.review_id = r.id AND v.patch_id = m.patch_id))`, sprintID), &some)
}

func people(g *gorm.DB, query string, args ...any) ([]person, error) {
	return db.List(g, func(r *sql.Rows, p *person) error { return r.Scan(&p.id, &p.name) }, query, args...)
}

func named(g *gorm.DB, ids []string) ([]person, error) {
	return people(g, "SELECT id, name FROM users WHERE id IN ? ORDER BY id", ids)
}

// mentionedIn are those whom a comment mentions since a moment.
func mentionedIn(g *gorm.DB, commentID string, at time.Time) ([]person, error) {
	return people(g, "SELECT u.id, u.name FROM mentions m JOIN users u ON u.id = m.user_id WHERE m.comment_id = ? AND m.at = ? ORDER BY u.id", commentID, at.UnixMicro())
}

func commentThere(g *gorm.DB, id string) (there bool, err error) {
	return there, db.One(g.Raw("SELECT EXISTS (SELECT 1 FROM comments WHERE id = ? UNION ALL SELECT 1 FROM review_comments WHERE id = ?)", id, id), &there)
}

// fact is what the audit says about a moment.
type fact struct {
	id, action string
	userID, by string // who did it; their name at that time
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

// givenTask is the id of a task that was given to somebody; empty if none was.
func (f fact) givenTask() string {
	change, _ := f.detail["task_assignee"].(map[string]any)
	if to, _ := change["to"].(string); to == "" {
		return ""
	}
	return f.text("task")
}

// taskOf is whose a task is now.
func taskOf(g *gorm.DB, id string) ([]person, error) {
	return people(g, "SELECT u.id, u.name FROM tasks k JOIN users u ON u.id = k.assignee_id WHERE k.id = ?", id)
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
		if err := r.Scan(&f.id, &f.action, &f.userID, &f.by, &detail); err != nil {
			return err
		}
		return json.Unmarshal([]byte(detail), &f.detail)
	}, "SELECT id, action, user_id, who, detail FROM audit WHERE target = ? AND at = ? ORDER BY id", target, at.UnixMicro())
}

// peopleWith are those whose role in a team allows something.
func peopleWith(g *gorm.DB, teamID string, p team.Permission) ([]person, error) {
	return people(g, "SELECT u.id, u.name FROM members m JOIN users u ON u.id = m.user_id WHERE m.team_id = ? AND m.role IN ? ORDER BY u.id", teamID, team.WhoMay(p))
}

// ownerOf is who is to clear a blocker, while it is open.
func ownerOf(g *gorm.DB, blockerID string) ([]person, error) {
	return people(g, "SELECT u.id, u.name FROM blockers b JOIN users u ON u.id = b.owner_id WHERE b.id = ? AND b.resolved_at IS NULL", blockerID)
}

// askerOf is who asked for an exception.
func askerOf(g *gorm.DB, id string) ([]person, error) {
	return people(g, "SELECT u.id, u.name FROM exceptions x JOIN users u ON u.id = x.requested_by WHERE x.id = ?", id)
}
