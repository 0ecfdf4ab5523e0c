package asset

import (
	"database/sql"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

const editColumns = `id, team_id, change, undoes, undone_by, state, total, done, changed, scored_to, user_id, who, beat_at, created_at, finished_at`

func scanEdit(r *sql.Rows, e *Edit) error {
	var change string
	var beat, created int64
	var finished sql.NullInt64
	err := r.Scan(&e.ID, &e.TeamID, &change, &e.Undoes, &e.UndoneBy, &e.State, &e.Total, &e.Done, &e.Changed, &e.ScoredTo, &e.UserID, &e.Who, &beat, &created, &finished)
	if err != nil {
		return err
	}
	e.BeatAt, e.Created, e.Finished = db.Time(beat), db.Time(created), db.MaybeTime(finished)
	return json.Unmarshal([]byte(change), &e.Change)
}

// editByID reads an edit of a team, or of any when the team is empty.
func editByID(g *gorm.DB, teamID, id string) (*Edit, error) {
	found, err := db.List(g, scanEdit, "SELECT "+editColumns+" FROM asset_edits WHERE id = ? AND (team_id = ? OR ? = '')", id, teamID, teamID)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "There is no such change of assets in this team.")
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

func idleEdits(g *gorm.DB, since time.Time) ([]Edit, error) {
	return db.List(g, scanEdit, "SELECT "+editColumns+" FROM asset_edits WHERE state = 'running' AND beat_at < ? ORDER BY id LIMIT 20", since.UnixMicro())
}

func addEdit(tx *db.Tx, e *Edit) error {
	change, err := json.Marshal(e.Change)
	if err != nil {
		return err
	}
	e.Created, e.BeatAt = tx.Now, tx.Now
	return tx.Exec(`INSERT INTO asset_edits (id, team_id, change, undoes, state, total, done, changed, scored_to, user_id, who, beat_at, created_at)
		VALUES (?, ?, ?, ?, 'running', 0, 0, 0, '', ?, ?, ?, ?)`, e.ID, e.TeamID, string(change), e.Undoes, e.UserID, e.Who, tx.Now.UnixMicro(), tx.Now.UnixMicro()).Error
}

// chooseAssets notes which assets an edit is about.
func chooseAssets(tx *db.Tx, e *Edit, sel Selection) (int64, error) {
	where, args := "team_id = ? AND merged_into IS NULL AND id IN ?", []any{e.TeamID, sel.IDs}
	if sel.Filter != nil {
		where, args = sel.Filter.where(e.TeamID, sel.Filter.staleBefore(tx.Now))
	}
	res := tx.Exec("INSERT INTO asset_edit_rows (edit_id, asset_id, done, weighs, was, became) SELECT CAST(? AS TEXT), id, "+no(tx)+", "+no(tx)+", '', '' FROM assets WHERE "+where,
		append([]any{e.ID}, args...)...)
	return res.RowsAffected, counted(tx, e.ID, res)
}

// chooseAgain notes the assets that another edit has changed, and that it is being
// undone.
func chooseAgain(tx *db.Tx, e *Edit, id string) (int64, error) {
	res := tx.Exec("INSERT INTO asset_edit_rows (edit_id, asset_id, done, weighs, was, became) SELECT CAST(? AS TEXT), asset_id, "+no(tx)+", "+no(tx)+", '', '' FROM asset_edit_rows WHERE edit_id = ? AND was <> ''", e.ID, id)
	if err := counted(tx, e.ID, res); err != nil {
		return 0, err
	}
	return res.RowsAffected, tx.Exec("UPDATE asset_edits SET undone_by = ? WHERE id = ?", e.ID, id).Error
}

func counted(tx *db.Tx, id string, res *gorm.DB) error {
	if res.Error != nil {
		return res.Error
	}
	return tx.Exec("UPDATE asset_edits SET total = ? WHERE id = ?", res.RowsAffected, id).Error
}

// no is false in the engine's words, where a parameter's type would not be known.
func no(tx *db.Tx) string {
	if tx.Postgres() {
		return "FALSE"
	}
	return "0"
}

// nextRows are the next assets of an edit. Those of an undoing come with what the
// other edit did to them.
func nextRows(g *gorm.DB, id string, undoes *string, limit int) ([]editRow, error) {
	return db.List(g, func(r *sql.Rows, row *editRow) error {
		var was, became sql.NullString
		if err := r.Scan(&row.assetID, &was, &became); err != nil || was.String == "" {
			return err
		}
		if err := json.Unmarshal([]byte(was.String), &row.was); err != nil {
			return err
		}
		return json.Unmarshal([]byte(became.String), &row.became)
	}, `SELECT r.asset_id, o.was, o.became FROM asset_edit_rows r LEFT JOIN asset_edit_rows o ON o.edit_id = ? AND o.asset_id = r.asset_id
		WHERE r.edit_id = ? AND NOT r.done ORDER BY r.asset_id LIMIT ?`, undoes, id, limit)
}

func writeRows(tx *db.Tx, id string, rows []editRow) error {
	var cells []any
	for i := range rows {
		was, became, err := rows[i].texts()
		if err != nil {
			return err
		}
		cells = append(cells, id, rows[i].assetID, true, rows[i].weighs, was, became)
	}
	return intoEditRows.Write(tx, cells)
}

var intoEditRows = db.Insert("asset_edit_rows", "edit_id text, asset_id text, done boolean, weighs boolean, was text, became text",
	"ON CONFLICT (edit_id, asset_id) DO UPDATE SET done = excluded.done, weighs = excluded.weighs, was = excluded.was, became = excluded.became")

func beat(tx *db.Tx, e *Edit) error {
	return tx.Exec("UPDATE asset_edits SET done = ?, changed = ?, scored_to = ?, beat_at = ? WHERE id = ?", e.Done, e.Changed, e.ScoredTo, tx.Now.UnixMicro(), e.ID).Error
}

func endEdit(tx *db.Tx, e *Edit) error {
	return tx.Exec("UPDATE asset_edits SET state = 'done', finished_at = ? WHERE id = ?", tx.Now.UnixMicro(), e.ID).Error
}

// weighing are the assets of an edit whose patches have to be scored again.
func weighing(g *gorm.DB, id string) (ids []string, err error) {
	err = g.Raw("SELECT asset_id FROM asset_edit_rows WHERE edit_id = ? AND weighs ORDER BY asset_id", id).Scan(&ids).Error
	return ids, err
}

// groupsKnown refuses ids that are no group of the team.
func groupsKnown(g *gorm.DB, teamID string, ids []string) error {
	distinct := map[string]bool{}
	for _, id := range ids {
		distinct[id] = true
	}
	if len(ids) == 0 {
		return nil
	}
	var known int
	err := db.One(g.Raw("SELECT COUNT(*) FROM asset_groups WHERE team_id = ? AND id IN ?", teamID, ids), &known)
	if err == nil && known < len(distinct) {
		return fault.Wrong("/change", "One of these groups is not there any more; reload the page.")
	}
	return err
}
