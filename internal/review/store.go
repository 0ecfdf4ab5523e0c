package review

import (
	"database/sql"
	"errors"

	"gorm.io/gorm"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/sprint"
)

func sprintOf(g *gorm.DB, teamID string, number int64) (*sprint.Sprint, error) {
	return db.Find[sprint.Sprint](g, "sprint in this team", "team_id = ? AND number = ?", teamID, number)
}

// reviewOf is the review of a sprint; nil if nobody has begun it.
func reviewOf(g *gorm.DB, sprintID string) (*Review, error) {
	var r Review
	err := g.Where("sprint_id = ?", sprintID).Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	return &r, err
}

func saveReview(tx *db.Tx, r *Review) error {
	return tx.Table("reviews").Where("id = ?", r.ID).Updates(map[string]any{
		"summary": r.Summary, "items": r.Items, "closed_at": db.Micros(r.ClosedAt), "closed_by": r.ClosedBy, "version": r.Version,
	}).Error
}

// completed tells whether an item of a membership m and a patch p is done in a sprint:
// as it ended there, or while the sprint runs, as it stands.
const completed = "(m.outcome = 'completed' OR m.outcome = '' AND p.status = 'verified')"

func overviews(g *gorm.DB, teamID string, limit int) ([]Overview, error) {
	return db.List(g, func(r *sql.Rows, o *Overview) error {
		var closed sql.NullInt64
		err := r.Scan(&o.Sprint, &o.Name, &o.State, &o.Done, &o.Judged, &o.NotAccepted, &o.Comments, &o.GuestComments, &closed)
		o.ClosedAt = db.MaybeTime(closed)
		return err
	}, `SELECT s.number, s.name, s.state,
			(SELECT COUNT(*) FROM memberships m JOIN patches p ON p.id = m.patch_id WHERE m.sprint_id = s.id AND `+completed+`),
			(SELECT COUNT(*) FROM review_verdicts v JOIN memberships m ON m.patch_id = v.patch_id AND m.sprint_id = s.id JOIN patches p ON p.id = m.patch_id
				WHERE v.review_id = r.id AND `+completed+`),
			(SELECT COUNT(*) FROM review_verdicts v WHERE v.review_id = r.id AND NOT v.accepted),
			(SELECT COUNT(*) FROM review_comments c WHERE c.review_id = r.id),
			(SELECT COUNT(*) FROM review_comments c WHERE c.review_id = r.id AND c.user_id IS NULL), r.closed_at
		FROM sprints s LEFT JOIN reviews r ON r.sprint_id = s.id
		WHERE s.team_id = ? AND s.state IN ('active', 'closed') AND NOT s.imported ORDER BY s.number DESC LIMIT ?`, teamID, limit)
}

// ---- verdicts

// verdictsOf are those of a review, by key.
func verdictsOf(g *gorm.DB, teamKey, reviewID string) (map[string]*Verdict, error) {
	out := map[string]*Verdict{}
	return out, db.Each(g, func(r *sql.Rows) error {
		var v Verdict
		var number, at int64
		var follow sql.NullInt64
		if err := r.Scan(&number, &v.Accepted, &v.Feedback, &v.By, &at, &follow, &v.Version); err != nil {
			return err
		}
		if v.At = db.Time(at); follow.Valid {
			v.FollowUp = backlog.Key(teamKey, follow.Int64)
		}
		out[backlog.Key(teamKey, number)] = &v
		return nil
	}, `SELECT p.number, v.accepted, v.feedback, u.name, v.at, f.number, v.version FROM review_verdicts v
		JOIN patches p ON p.id = v.patch_id JOIN users u ON u.id = v.user_id LEFT JOIN patches f ON f.id = v.follow_up_id WHERE v.review_id = ?`, reviewID)
}

// doneIn finds a patch in a sprint; the id is empty if it never was in it.
func doneIn(g *gorm.DB, sprintID string, number int64) (id string, done bool, err error) {
	err = db.One(g.Raw("SELECT p.id, "+completed+" FROM memberships m JOIN patches p ON p.id = m.patch_id WHERE m.sprint_id = ? AND p.number = ?", sprintID, number), &id, &done)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, done, err
}

func putVerdict(tx *db.Tx, reviewID, patchID, userID string, j Judgement) error {
	return tx.Exec(`INSERT INTO review_verdicts (review_id, patch_id, accepted, feedback, user_id, at, version) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (review_id, patch_id) DO UPDATE SET accepted = excluded.accepted, feedback = excluded.feedback, user_id = excluded.user_id,
			at = excluded.at, version = excluded.version`,
		reviewID, patchID, j.Accepted, j.Feedback, userID, tx.Now.UnixMicro(), j.Seen+1).Error
}

func setFollowUp(tx *db.Tx, reviewID, patchID, followUpID string) error {
	return tx.Exec("UPDATE review_verdicts SET follow_up_id = ?, version = version + 1 WHERE review_id = ? AND patch_id = ?", followUpID, reviewID, patchID).Error
}

// ---- comments

func comments(g *gorm.DB, where string, args ...any) ([]Comment, error) {
	return db.List(g, func(r *sql.Rows, c *Comment) error {
		var at int64
		err := r.Scan(&c.ID, &c.UserID, &c.linkID, &c.Author, &c.Body, &at)
		c.CreatedAt = db.Time(at)
		return err
	}, "SELECT id, user_id, link_id, author, body, created_at FROM review_comments WHERE review_id = ? "+where+" ORDER BY id", args...)
}

func commentsOf(g *gorm.DB, reviewID string) ([]Comment, error) { return comments(g, "", reviewID) }

func commentOf(g *gorm.DB, reviewID, id string) (*Comment, error) {
	list, err := comments(g, "AND id = ?", reviewID, id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "There is no such comment in this review.")
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

func countComments(g *gorm.DB, reviewID string) (n int64, err error) {
	err = db.One(g.Raw("SELECT COUNT(*) FROM review_comments WHERE review_id = ?", reviewID), &n)
	return n, err
}

func insertComment(tx *db.Tx, reviewID string, c *Comment) error {
	return tx.Exec("INSERT INTO review_comments (id, review_id, user_id, link_id, author, body, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		c.ID, reviewID, c.UserID, c.linkID, c.Author, c.Body, c.CreatedAt.UnixMicro()).Error
}

func deleteComment(tx *db.Tx, id string) error {
	return tx.Exec("DELETE FROM review_comments WHERE id = ?", id).Error
}
