package main

import (
	"database/sql"
	"math"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"patchline/internal/scrum"
)

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// card has the fields of the contract's Card.
type card struct {
	Assets    int64      `json:"assets"`
	Assignee  *person    `json:"assignee"`
	Band      string     `json:"band"`
	Blocked   *time.Time `json:"blocked_since"`
	Carried   int64      `json:"carried"`
	Helpers   []person   `json:"co_assignees,omitempty"`
	DueAt     *time.Time `json:"due_at"`
	Emergency bool       `json:"emergency,omitempty"`
	KEV       bool       `json:"kev"`
	Key       string     `json:"key"`
	Labels    []string   `json:"labels"`
	Patched   int64      `json:"patched"`
	Points    *float64   `json:"points"`
	Priority  float64    `json:"priority"`
	Since     *time.Time `json:"since"`
	Status    string     `json:"status"`
	Tasks     int        `json:"tasks,omitempty"`
	TasksDone int        `json:"tasks_done,omitempty"`
	Title     string     `json:"title"`
	Unplanned bool       `json:"unplanned"`
	Version   int64      `json:"version"`
}

type column struct {
	Cards  []card  `json:"cards"`
	Limit  int     `json:"limit"`
	Name   string  `json:"name"`
	Points float64 `json:"points"`
	Status string  `json:"status"`
}

type totals struct {
	Committed   *float64 `json:"committed"`
	Completed   float64  `json:"completed"`
	DueAtRisk   int      `json:"due_at_risk"`
	Items       int      `json:"items"`
	KEV         int      `json:"kev"`
	Points      float64  `json:"points"`
	Risk        float64  `json:"risk"`
	Unestimated int      `json:"unestimated"`
}

type sprintOut struct {
	ClosedAt  *time.Time `json:"closed_at"`
	EndDate   string     `json:"end_date"`
	Goal      string     `json:"goal"`
	Name      string     `json:"name"`
	Number    int64      `json:"number"`
	Reopen    *time.Time `json:"reopenable_until"` // of a closed one
	StartDate string     `json:"start_date"`
	StartedAt *time.Time `json:"started_at"`
	State     string     `json:"state"`
	TimeZone  string     `json:"time_zone"`
	Totals    totals     `json:"totals"`
	Velocity  *float64   `json:"velocity"`
	Version   int64      `json:"version"`
	id        string
}

type board struct {
	ActiveSprints    []int64    `json:"active_sprints"`
	AgeDays          int        `json:"age_days"`
	ApprovalRequired bool       `json:"approval_required"`
	Columns          []column   `json:"columns"`
	EmergencyLane    bool       `json:"emergency_lane"`
	Limits           string     `json:"limits"`
	PersonLimit      int        `json:"person_limit"`
	Sprint           *sprintOut `json:"sprint"`
}

func (f *floor) board(*gin.Context) (any, error) {
	out := board{Sprint: &sprintOut{}, AgeDays: 5, EmergencyLane: true, Limits: "warn"}
	s := out.Sprint
	err := f.rows(`SELECT s.id, s.number, s.name, s.goal, s.state, s.start_date, s.end_date, s.time_zone, s.started_at, s.committed, s.version, t.approval_required
		FROM sprints s JOIN teams t ON t.id = s.team_id WHERE s.team_id = ? AND s.state = 'active' ORDER BY s.number LIMIT 1`, func(r *sql.Rows) error {
		var started sql.NullInt64
		err := r.Scan(&s.id, &s.Number, &s.Name, &s.Goal, &s.State, &s.StartDate, &s.EndDate, &s.TimeZone, &started, &s.Totals.Committed, &s.Version, &out.ApprovalRequired)
		s.StartedAt = moment(started)
		return err
	}, f.team)
	if err != nil {
		return nil, err
	}
	if err := f.sums(s); err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, status := range scrum.BoardColumns {
		name := status.Label()
		out.Columns = append(out.Columns, column{Status: string(status), Name: name, Cards: []card{}})
		at[string(status)] = i
	}
	at["new"] = at["ready"]
	out.ActiveSprints = []int64{s.Number}
	return out, f.cards(s.id, out.Columns, at)
}

func (f *floor) sums(s *sprintOut) error {
	end, err := time.Parse(time.DateOnly, s.EndDate)
	if err != nil {
		return err
	}
	t := &s.Totals
	err = f.rows(`SELECT COUNT(*), COALESCE(SUM(points), 0), COALESCE(SUM(CASE WHEN points IS NULL THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN is_open THEN risk ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN is_open AND due_at < ? THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN kev THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN is_open THEN 0 ELSE points END), 0)
		FROM patches WHERE sprint_id = ?`, func(r *sql.Rows) error {
		return r.Scan(&t.Items, &t.Points, &t.Unestimated, &t.Risk, &t.DueAtRisk, &t.KEV, &t.Completed)
	}, end.AddDate(0, 0, 1).UnixMicro(), s.id)
	t.Risk = math.Round(t.Risk*10) / 10
	if err != nil {
		return err
	}
	sum, n := 0.0, 0.0
	err = f.rows("SELECT completed FROM sprints WHERE team_id = ? AND state = 'closed' ORDER BY closed_at DESC, number DESC LIMIT 7", func(r *sql.Rows) error {
		var points float64
		err := r.Scan(&points)
		sum, n = sum+points, n+1
		return err
	}, f.team)
	mean := math.Round(sum/n*100) / 100
	s.Velocity = &mean
	return err
}

func (f *floor) cards(sprint string, columns []column, at map[string]int) error {
	type work struct {
		tasks, done int
		helpers     []person
	}
	beside := map[int64]work{}
	err := f.rows(`SELECT p.number, COUNT(*), SUM(CASE WHEN k.state = 'done' THEN 1 ELSE 0 END) FROM patches p JOIN tasks k ON k.patch_id = p.id
		WHERE p.sprint_id = ? GROUP BY p.number`, func(r *sql.Rows) error {
		var n int64
		var w work
		err := r.Scan(&n, &w.tasks, &w.done)
		beside[n] = w
		return err
	}, sprint)
	if err != nil {
		return err
	}
	err = f.rows(`SELECT p.number, u.id, u.name FROM patches p JOIN co_assignees c ON c.patch_id = p.id JOIN users u ON u.id = c.user_id
		WHERE p.sprint_id = ? AND (p.assignee_id IS NULL OR p.assignee_id <> c.user_id) ORDER BY u.name, u.id`, func(r *sql.Rows) error {
		var n int64
		var who person
		err := r.Scan(&n, &who.ID, &who.Name)
		w := beside[n]
		w.helpers = append(w.helpers, who)
		beside[n] = w
		return err
	}, sprint)
	if err != nil {
		return err
	}
	return f.rows(`SELECT p.number, p.title, p.status, p.priority, p.kev, p.due_at, p.points, p.assignee_id, COALESCE(u.name, ''), p.carried, p.assets, p.patched, p.version, COALESCE(m.how, ''), m.unplanned, b.since, p.moved_at, p.labels
		FROM patches p LEFT JOIN users u ON u.id = p.assignee_id LEFT JOIN memberships m ON m.sprint_id = p.sprint_id AND m.patch_id = p.id
		LEFT JOIN blockers b ON b.patch_id = p.id AND b.resolved_at IS NULL WHERE p.sprint_id = ? ORDER BY p.board_key, p.id`, func(r *sql.Rows) error {
		var c card
		var number int64
		var due, blocked, moved sql.NullInt64
		var assignee sql.NullString
		var name, how, labels string
		var unplanned sql.NullBool
		err := r.Scan(&number, &c.Title, &c.Status, &c.Priority, &c.KEV, &due, &c.Points, &assignee, &name, &c.Carried, &c.Assets, &c.Patched, &c.Version, &how, &unplanned, &blocked, &moved, &labels)
		c.Labels = words(labels)
		c.Tasks, c.TasksDone, c.Helpers = beside[number].tasks, beside[number].done, beside[number].helpers
		c.Since = moment(moved)
		c.Key, c.Band, c.DueAt, c.Blocked, c.Unplanned, c.Emergency = teamKey+"-"+strconv.FormatInt(number, 10), band(c.Priority), moment(due), moment(blocked), unplanned.Bool, how == "emergency"
		if assignee.Valid {
			c.Assignee = &person{assignee.String, name}
		}
		column := &columns[at[c.Status]]
		column.Cards = append(column.Cards, c)
		if c.Points != nil {
			column.Points += *c.Points
		}
		return err
	}, sprint)
}
