package backlog

import (
	"database/sql"
	"encoding/json"

	"patchline/internal/db"
)

// united is what moving the findings of one asset to another did, to undo it.
type united struct {
	Moved   []string       `json:"moved"`   // ids of findings that changed hands
	Twins   []twin         `json:"twins"`   // findings that both assets had
	Sources []sourceChange `json:"sources"` // what the twins' sources were
	Named   []string       `json:"named"`   // patches that the asset had been named for by hand
	Added   []string       `json:"added"`   // of them, those that the other one was not named for
}

// twin is a finding that both assets had. The one of the merged asset is put
// aside: it belongs to no patch and is not seen.
type twin struct {
	ID     string  `json:"id"` // the one put aside
	Stays  string  `json:"stays"`
	Patch  *string `json:"patch"`
	Status string  `json:"status"`
	Before string  `json:"before"` // status of the one that stays
}

type sourceChange struct {
	Finding string `json:"finding"`
	Source  string `json:"source"`
	Seen    *bool  `json:"seen"` // nil when the source had never seen it
}

// moveAsset gives the findings of an asset to another one; the identity of each
// (asset, component, vulnerability) stays unique.
func moveAsset(tx *db.Tx, from, to string) (json.RawMessage, error) {
	u := &united{Moved: []string{}, Twins: []twin{}, Sources: []sourceChange{}, Named: []string{}, Added: []string{}}
	for _, step := range []func(*db.Tx, string, string) error{u.readTwins, u.joinSources, u.parkTwins, u.moveRest, u.moveNamed, recount} {
		if err := step(tx, from, to); err != nil {
			return nil, err
		}
	}
	return json.Marshal(u)
}

func (u *united) readTwins(tx *db.Tx, from, to string) (err error) {
	u.Twins, err = db.List(tx.DB, func(r *sql.Rows, t *twin) error { return r.Scan(&t.ID, &t.Stays, &t.Patch, &t.Status, &t.Before) },
		`SELECT a.id, b.id, a.patch_id, a.status, b.status FROM findings a
			JOIN findings b ON b.asset_id = ? AND b.component = a.component AND b.vulnerability_id = a.vulnerability_id
			WHERE a.asset_id = ? ORDER BY a.id`, to, from)
	return err
}

const twins = `FROM findings a JOIN findings b ON b.asset_id = ? AND b.component = a.component AND b.vulnerability_id = a.vulnerability_id
	JOIN finding_sources s ON s.finding_id = a.id`

// joinSources lets the finding that stays be seen by whoever sees its twin.
func (u *united) joinSources(tx *db.Tx, from, to string) (err error) {
	u.Sources, err = db.List(tx.DB, func(r *sql.Rows, c *sourceChange) error { return r.Scan(&c.Finding, &c.Source, &c.Seen) },
		"SELECT b.id, s.source, o.seen "+twins+` LEFT JOIN finding_sources o ON o.finding_id = b.id AND o.source = s.source
			WHERE a.asset_id = ? AND (o.seen IS NULL OR (s.seen AND NOT o.seen)) ORDER BY b.id, s.source`, to, from)
	if err != nil {
		return err
	}
	return tx.Exec("INSERT INTO finding_sources (finding_id, source, seen, since) SELECT b.id, s.source, s.seen, s.since "+twins+
		" WHERE a.asset_id = ? ON CONFLICT (finding_id, source) DO UPDATE SET seen = finding_sources.seen OR excluded.seen", to, from).Error
}

// parkTwins puts the merged asset's own ones aside. The one that stays is open if
// one of the two was, unless somebody has said that it is not affected.
func (u *united) parkTwins(tx *db.Tx, _, _ string) error {
	for _, t := range u.Twins {
		err := tx.Exec("UPDATE findings SET patch_id = NULL, status = 'not_seen', changed_at = ? WHERE id = ?", tx.Now.UnixMicro(), t.ID).Error
		if err != nil {
			return err
		}
		status := t.Before
		if t.Status == "open" && t.Before != "not_affected" {
			status = "open"
		}
		err = tx.Exec("UPDATE findings SET status = ?, patch_id = COALESCE(patch_id, ?), changed_at = ? WHERE id = ?", status, t.Patch, tx.Now.UnixMicro(), t.Stays).Error
		if err != nil {
			return err
		}
	}
	return nil
}

func (u *united) moveRest(tx *db.Tx, from, to string) error {
	return db.Each(tx.DB, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		u.Moved = append(u.Moved, id)
		return err
	}, `UPDATE findings SET asset_id = ? WHERE asset_id = ? AND NOT EXISTS (SELECT 1 FROM findings b
		WHERE b.asset_id = ? AND b.component = findings.component AND b.vulnerability_id = findings.vulnerability_id) RETURNING id`, to, from, to)
}

func (u *united) moveNamed(tx *db.Tx, from, to string) error {
	err := db.Each(tx.DB, func(r *sql.Rows) error {
		var id string
		var both bool
		if err := r.Scan(&id, &both); err != nil {
			return err
		}
		if u.Named = append(u.Named, id); !both {
			u.Added = append(u.Added, id)
		}
		return nil
	}, "SELECT a.patch_id, EXISTS (SELECT 1 FROM patch_assets b WHERE b.patch_id = a.patch_id AND b.asset_id = ?) FROM patch_assets a WHERE a.asset_id = ? ORDER BY a.patch_id", to, from)
	if err != nil {
		return err
	}
	if err := nameAsset(tx, to, u.Added); err != nil {
		return err
	}
	return tx.Exec("DELETE FROM patch_assets WHERE asset_id = ?", from).Error
}

func nameAsset(tx *db.Tx, assetID string, patchIDs []string) error {
	var cells []any
	for _, id := range patchIDs {
		cells = append(cells, id, assetID)
	}
	return intoNamed.Write(tx, cells)
}

var intoNamed = db.Insert("patch_assets", "patch_id text, asset_id text", "ON CONFLICT (patch_id, asset_id) DO NOTHING")

func recount(tx *db.Tx, from, to string) error {
	return tx.Exec("UPDATE assets SET open_findings = (SELECT COUNT(*) FROM findings f WHERE f.asset_id = assets.id AND f.status = 'open') WHERE id IN (?, ?)", from, to).Error
}

// moveBack undoes moveAsset. What was reported since stays where it is.
func moveBack(tx *db.Tx, from, to string, did json.RawMessage) error {
	var u united
	if err := json.Unmarshal(did, &u); err != nil {
		return err
	}
	for _, step := range []func(*db.Tx, string, string) error{u.unpark, u.returnSources, u.returnMoved, u.returnNamed, recount} {
		if err := step(tx, from, to); err != nil {
			return err
		}
	}
	return nil
}

// unpark gives the twins their patch back: the one that their twin is in now, for
// it may have been superseded.
func (u *united) unpark(tx *db.Tx, from, _ string) error {
	for _, t := range u.Twins {
		err := tx.Exec(`UPDATE findings SET status = ?, changed_at = ?, patch_id = CASE WHEN CAST(? AS TEXT) IS NULL THEN NULL
			ELSE (SELECT b.patch_id FROM findings b WHERE b.id = ?) END WHERE id = ? AND asset_id = ?`, t.Status, tx.Now.UnixMicro(), t.Patch, t.Stays, t.ID, from).Error
		if err != nil {
			return err
		}
		if t.Before == t.Status {
			continue
		}
		if err := tx.Exec("UPDATE findings SET status = ?, changed_at = ? WHERE id = ? AND status = 'open'", t.Before, tx.Now.UnixMicro(), t.Stays).Error; err != nil {
			return err
		}
	}
	return nil
}

func (u *united) returnSources(tx *db.Tx, _, _ string) error {
	for _, c := range u.Sources {
		query, args := "DELETE FROM finding_sources WHERE finding_id = ? AND source = ?", []any{c.Finding, c.Source}
		if c.Seen != nil {
			query, args = "UPDATE finding_sources SET seen = ? WHERE finding_id = ? AND source = ?", []any{*c.Seen, c.Finding, c.Source}
		}
		if err := tx.Exec(query, args...).Error; err != nil {
			return err
		}
	}
	return nil
}

func (u *united) returnMoved(tx *db.Tx, from, to string) error {
	cells := make([]any, len(u.Moved))
	for i, id := range u.Moved {
		cells[i] = id
	}
	return db.InBatches(cells, 1, func(rows int, part []any) error {
		return tx.Exec("UPDATE findings SET asset_id = ? WHERE asset_id = ? AND id IN ("+db.Repeat("?", rows)+")", append([]any{from, to}, part...)...).Error
	})
}

func (u *united) returnNamed(tx *db.Tx, from, to string) error {
	if err := nameAsset(tx, from, u.Named); err != nil || len(u.Added) == 0 {
		return err
	}
	return tx.Exec("DELETE FROM patch_assets WHERE asset_id = ? AND patch_id IN ?", to, u.Added).Error
}
