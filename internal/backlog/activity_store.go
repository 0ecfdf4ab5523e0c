package backlog

import (
	"database/sql"
	"strings"

	"gorm.io/gorm"

	"patchline/internal/audit"
	"patchline/internal/db"
)

// actionsOf are the audited actions of each kind; moves are all others.
var actionsOf = map[ActivityKind]string{
	AboutEdits:    "(action IN ('patch.created', 'patch.changed', 'patch.split', 'patch.unsplit', 'patch.need_added', 'patch.need_removed') OR action LIKE 'task.%')",
	AboutComments: "(action LIKE 'comment.%' OR action LIKE 'attachment.%')",
	AboutSprints:  `action LIKE 'patch.sprint\_%' ESCAPE '\'`,
}

func withActions(kinds []ActivityKind) string {
	if len(kinds) == 0 {
		return ""
	}
	var any []string
	for _, k := range kinds {
		if words := actionsOf[k]; words != "" {
			any = append(any, words)
		}
		if k == AboutMoves {
			any = append(any, "NOT ("+actionsOf[AboutEdits]+" OR "+actionsOf[AboutComments]+" OR "+actionsOf[AboutSprints]+")")
		}
	}
	return " AND (" + strings.Join(any, " OR ") + ")"
}

func doneTo(g *gorm.DB, patchID string, kinds []ActivityKind, before string, limit int) ([]Happening, error) {
	return db.List(g, func(r *sql.Rows, h *Happening) error {
		var at int64
		var detail string
		err := r.Scan(&h.ID, &at, &h.Who, &h.Action, &detail)
		h.At, h.Detail = db.Time(at), fieldsOf(detail)
		return err
	}, "SELECT id, at, who, action, detail FROM audit WHERE target = ? AND (? = '' OR id < ?)"+withActions(kinds)+" ORDER BY id DESC LIMIT ?",
		patchID, before, before, limit)
}

func scoreChangesOf(g *gorm.DB, patchID, before string, limit int) ([]Happening, error) {
	return db.List(g, func(r *sql.Rows, h *Happening) error {
		var at int64
		var from, to float64
		var kev bool
		var dueFrom, dueTo sql.NullInt64
		var reason string
		err := r.Scan(&h.ID, &at, &h.Who, &from, &to, &kev, &dueFrom, &dueTo, &reason)
		h.At, h.Action = db.Time(at), "score.changed"
		h.Detail = map[string]any{"risk": fromTo(from, to), "reason": reason}
		if kev {
			h.Detail["kev"] = true
		}
		if dueFrom != dueTo {
			h.Detail["due"] = fromTo(db.MaybeTime(dueFrom), db.MaybeTime(dueTo))
		}
		return err
	}, `SELECT id, at, who, risk_from, risk_to, kev, due_from, due_to, reason FROM score_changes
		WHERE patch_id = ? AND (? = '' OR id < ?) ORDER BY id DESC LIMIT ?`, patchID, before, before, limit)
}

// noteChanges keeps what moved scores, where it is worth telling.
func noteChanges(tx *db.Tx, who audit.Who, changed []judged, reason string) error {
	var cells []any
	for i := range changed {
		j := &changed[i]
		if j.noteworthy() {
			cells = append(cells, db.NewID(), j.patch.ID, tx.Now.UnixMicro(), j.was.Risk, j.patch.Risk, j.patch.KEV && !j.was.KEV,
				db.Micros(j.was.DueAt), db.Micros(j.patch.DueAt), who.Name, reason)
		}
	}
	return intoChanges.Write(tx, cells)
}

var intoChanges = db.Insert("score_changes", `id text, patch_id text, at bigint, risk_from double precision, risk_to double precision, kev boolean,
	due_from bigint, due_to bigint, who text, reason text`, "")
