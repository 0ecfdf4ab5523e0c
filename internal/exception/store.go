package exception

import (
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

const read = `SELECT e.id, e.team_id, e.patch_id, e.kind, e.state, e.reason, e.control, e.whole, e.expires_at, e.requested_by, e.requested_name, e.requested_at,
	e.decided_by, e.decided_name, e.decided_at, e.decision, e.ended_name, e.ended_at, e.ended_reason, e.renews, e.renewals, e.listed, e.review_at,
	e.reminded, e.version, e.created_at, p.number, p.title FROM exceptions e JOIN patches p ON p.id = e.patch_id `

func scan(r *sql.Rows, e *Exception) error {
	var requested int64
	var expires, decided, ended, review sql.NullInt64
	err := r.Scan(&e.ID, &e.TeamID, &e.PatchID, &e.Kind, &e.State, &e.Reason, &e.Control, &e.Whole, &expires, &e.RequestedBy, &e.RequestedName, &requested,
		&e.DecidedBy, &e.DecidedName, &decided, &e.Decision, &e.EndedName, &ended, &e.EndedReason, &e.Renews, &e.Renewals, &e.Listed, &review,
		&e.Reminded, &e.Version, &e.CreatedAt, &e.Number, &e.Title)
	e.ExpiresAt, e.DecidedAt, e.EndedAt, e.ReviewAt = db.MaybeTime(expires), db.MaybeTime(decided), db.MaybeTime(ended), db.MaybeTime(review)
	e.RequestedAt, e.Assets = db.Time(requested), []Asset{}
	return err
}

func list(g *gorm.DB, query string, args ...any) ([]Exception, error) {
	out, err := db.List(g, scan, read+query, args...)
	if err != nil {
		return nil, err
	}
	at, ids := map[string]*Exception{}, []string{}
	for i := range out {
		if !out[i].Whole {
			at[out[i].ID], ids = &out[i], append(ids, out[i].ID)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	return out, db.Each(g, func(r *sql.Rows) error {
		var id string
		var a Asset
		err := r.Scan(&id, &a.ID, &a.Name)
		if err == nil {
			at[id].Assets = append(at[id].Assets, a)
		}
		return err
	}, "SELECT x.exception_id, a.id, a.name FROM exception_assets x JOIN assets a ON a.id = x.asset_id WHERE x.exception_id IN ? ORDER BY a.name", ids)
}

// first is the only one, or nil.
func first(found []Exception, err error) (*Exception, error) {
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

func byID(g *gorm.DB, teamID, id string) (*Exception, error) {
	e, err := first(list(g, "WHERE e.team_id = ? AND e.id = ?", teamID, id))
	if err == nil && e == nil {
		err = fault.New(fault.NotFound, "There is no such exception in this team.")
	}
	return e, err
}

func requestOf(g *gorm.DB, patchID string) (*Exception, error) {
	return first(list(g, "WHERE e.patch_id = ? AND e.state = 'requested'", patchID))
}

func wholeInForce(g *gorm.DB, patchID string) (*Exception, error) {
	return first(list(g, "WHERE e.patch_id = ? AND e.state = 'approved' AND e.whole", patchID))
}

func insert(tx *db.Tx, e *Exception) error {
	err := tx.Exec(`INSERT INTO exceptions (id, team_id, patch_id, kind, state, reason, control, whole, expires_at, requested_by, requested_name, requested_at,
		decided_name, decision, ended_name, ended_reason, renews, renewals, listed, reminded, version, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', '', ?, ?, 0, 0, 1, ?)`,
		e.ID, e.TeamID, e.PatchID, e.Kind, e.State, e.Reason, e.Control, e.Whole, db.Micros(e.ExpiresAt), e.RequestedBy, e.RequestedName,
		tx.Now.UnixMicro(), e.Renews, e.Renewals, tx.Now.UnixMicro()).Error
	if err != nil {
		return err
	}
	return setAssets(tx, e)
}

// save writes the whole row; its patch is held, so nobody else does meanwhile.
func save(tx *db.Tx, e *Exception) error {
	e.Version++
	err := tx.Exec(`UPDATE exceptions SET kind = ?, state = ?, reason = ?, control = ?, whole = ?, expires_at = ?, requested_at = ?,
		decided_by = ?, decided_name = ?, decided_at = ?, decision = ?, ended_name = ?, ended_at = ?, ended_reason = ?, listed = ?, review_at = ?,
		reminded = ?, version = ? WHERE id = ?`,
		e.Kind, e.State, e.Reason, e.Control, e.Whole, db.Micros(e.ExpiresAt), e.RequestedAt.UnixMicro(),
		e.DecidedBy, e.DecidedName, db.Micros(e.DecidedAt), e.Decision, e.EndedName, db.Micros(e.EndedAt), e.EndedReason, e.Listed, db.Micros(e.ReviewAt),
		e.Reminded, e.Version, e.ID).Error
	if err != nil || e.State != Requested {
		return err
	}
	return setAssets(tx, e)
}

func setAssets(tx *db.Tx, e *Exception) error {
	if err := tx.Exec("DELETE FROM exception_assets WHERE exception_id = ?", e.ID).Error; err != nil {
		return err
	}
	for _, a := range e.Assets {
		if err := tx.Exec("INSERT INTO exception_assets (exception_id, asset_id) VALUES (?, ?)", e.ID, a.ID).Error; err != nil {
			return err
		}
	}
	return nil
}

// affectedAssets finds, of the given assets, those that a patch affects.
func affectedAssets(g *gorm.DB, patchID string, ids []string) ([]Asset, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.List(g, func(r *sql.Rows, a *Asset) error { return r.Scan(&a.ID, &a.Name) },
		`SELECT id, name FROM assets WHERE id IN ? AND id IN (
			SELECT asset_id FROM findings WHERE patch_id = ? AND status = 'open' UNION SELECT asset_id FROM patch_assets WHERE patch_id = ?) ORDER BY name`,
		ids, patchID, patchID)
}

const listedOf = `SELECT COUNT(*) FROM (SELECT vulnerability_id FROM findings WHERE patch_id = @ AND status = 'open'
	UNION SELECT vulnerability_id FROM patch_vulnerabilities WHERE patch_id = @) AS x
	WHERE EXISTS (SELECT 1 FROM kev k WHERE k.id = x.vulnerability_id) OR EXISTS (SELECT 1 FROM vulnerabilities v WHERE v.id = x.vulnerability_id AND v.kev_added IS NOT NULL)`

// listed counts the KEV-listed vulnerabilities of a patch.
func listed(g *gorm.DB, patchID string) (n int64, err error) {
	err = db.One(g.Raw(replaceAll(listedOf, "?"), patchID, patchID), &n)
	return n, err
}

// place names an exception that the watch has to look at.
type place struct {
	id, teamID string
	done       bool // its patch is verified
}

func places(g *gorm.DB, query string, args ...any) ([]place, error) {
	return db.List(g, func(r *sql.Rows, p *place) error { return r.Scan(&p.id, &p.teamID, &p.done) }, query, args...)
}

func toEnd(g *gorm.DB, now time.Time) ([]place, error) {
	return places(g, `SELECT e.id, e.team_id, p.status = 'verified' FROM exceptions e JOIN patches p ON p.id = e.patch_id
		WHERE e.state = 'approved' AND e.expires_at <= ? OR e.state IN ('requested', 'approved') AND p.status = 'verified' ORDER BY e.id`, now.UnixMicro())
}

func toRemind(g *gorm.DB, now time.Time) (out []place, err error) {
	for _, n := range reminders {
		more, err := places(g, "SELECT id, team_id, FALSE FROM exceptions WHERE state = 'approved' AND expires_at > ? AND expires_at <= ? AND (reminded = 0 OR reminded > ?) ORDER BY id",
			now.UnixMicro(), now.Add(time.Duration(n)*24*time.Hour).UnixMicro(), n)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

func toReview(g *gorm.DB) ([]place, error) {
	return places(g, "SELECT e.id, e.team_id, FALSE FROM exceptions e WHERE e.state = 'approved' AND e.review_at IS NULL AND e.listed < ("+replaceAll(listedOf, "e.patch_id")+") ORDER BY e.id")
}

// Counts are how many exceptions of a team want what.
type Counts struct{ Waiting, Mine, Active, Expiring, Review int }

func countsOf(g *gorm.DB, teamID, userID string, now time.Time) (c Counts, err error) {
	err = db.One(g.Raw(`SELECT COALESCE(SUM(CASE WHEN state = 'requested' THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN state = 'requested' AND requested_by <> ? THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN state = 'approved' THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN state = 'approved' AND expires_at <= ? THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN state = 'approved' AND review_at IS NOT NULL THEN 1 ELSE 0 END), 0)
		FROM exceptions WHERE team_id = ? AND state IN ('requested', 'approved')`, userID, now.Add(near).UnixMicro(), teamID),
		&c.Waiting, &c.Mine, &c.Active, &c.Expiring, &c.Review)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return c, err
}
