package backlog

import "patchline/internal/db"

// lastMoment is when the newest row of a sprint's ledger happened; 0 for none.
func lastMoment(tx *db.Tx, sprintID string) (at int64, err error) {
	err = db.One(tx.Raw("SELECT COALESCE(MAX(at), 0) FROM ledger WHERE sprint_id = ?", sprintID), &at)
	return at, err
}

// IntoLedger inserts entries of the ledger.
var IntoLedger = db.Insert("ledger", `id text, team_id text, sprint_id text, patch_id text, at bigint, kind text, detail text, points double precision,
	risk_kind text, risk double precision, actor_id text, actor text, reason text`, "")
