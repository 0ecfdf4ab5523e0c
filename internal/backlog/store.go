package backlog

import (
	"errors"
	"maps"

	"gorm.io/gorm"

	"patchline/internal/audit"
	"patchline/internal/db"
)

// ByNumber reads a patch of a team.
func ByNumber(g *gorm.DB, teamID string, number int64) (*Patch, error) {
	var p Patch
	err := g.Where("team_id = ? AND number = ?", teamID, number).Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, noSuchPatch()
	}
	return &p, err
}

// ByID reads a patch.
func ByID(g *gorm.DB, id string) (*Patch, error) {
	return db.Find[Patch](g, "patch", "id = ?", id)
}

// Change writes columns of a patch if it is still at the version seen, and reads
// it again. A stale version is a Conflict that carries the patch as it is.
func Change(tx *db.Tx, who audit.Who, p *Patch, seen int64, columns map[string]any) error {
	if p.Version != seen {
		return stale(p)
	}
	set := maps.Clone(columns)
	set["version"] = gorm.Expr("version + 1")
	set["changed_by"], set["updated_at"] = who.Name, tx.Now.UnixMicro()
	res := tx.Table("patches").Where("id = ? AND version = ?", p.ID, seen).Updates(set)
	if res.Error != nil {
		return res.Error
	}
	now, err := ByID(tx.DB, p.ID)
	if err != nil {
		return err
	}
	*p = *now
	if res.RowsAffected == 0 {
		return stale(p)
	}
	return nil
}

// insert adds patches with their texts, in batches. Their search words come with
// their first score.
func insert(tx *db.Tx, patches []*Patch, descriptions map[string]string) error {
	var rows, texts []any
	for _, p := range patches {
		rows = p.cells(rows)
		texts = append(texts, p.ID, descriptions[p.ID], "")
	}
	if err := intoPatches.Write(tx, rows); err != nil {
		return err
	}
	return intoTexts.Write(tx, texts)
}

var intoPatches = db.Insert("patches", `id text, team_id text, number bigint, kind text, title text, component text, ecosystem text, stream text, part bigint,
	split_from text, fixed_version text, status text, is_open boolean, risk double precision, priority double precision, sort_value double precision,
	tie_key text, kev boolean, epss double precision, cvss double precision, regulated boolean, assumed text, due_at bigint, due_policy text, clock_at bigint,
	points double precision, assignee_id text, sprint_id text, board_key text, carried bigint, assets bigint, patched bigint, findings bigint,
	vulnerabilities bigint, labels text, placed_by text, placed_at bigint, placed_reason text, drop_reason text, drop_until bigint, superseded_by text,
	detected_at bigint, changed_by text, version bigint, created_at bigint, updated_at bigint`, "")

// cells are the columns of intoPatches.
func (p *Patch) cells(row []any) []any {
	return append(row, p.ID, p.TeamID, p.Number, p.Kind, p.Title, p.Component, p.Ecosystem, p.Stream, p.Part,
		p.SplitFrom, p.FixedVersion, string(p.Status), p.IsOpen, p.Risk, p.Priority, p.SortValue,
		p.TieKey, p.KEV, p.EPSS, p.CVSS, p.Regulated, db.JoinWords(p.Assumed), db.Micros(p.DueAt), p.DuePolicy, db.Micros(p.ClockAt),
		p.Points, p.AssigneeID, p.SprintID, p.BoardKey, p.Carried, p.Assets, p.Patched, p.Findings,
		p.Vulnerabilities, db.JoinWords(p.Labels), p.PlacedBy, db.Micros(p.PlacedAt), p.PlacedReason, p.DropReason, db.Micros(p.DropUntil), p.SupersededBy,
		db.Micros(p.DetectedAt), p.ChangedBy, p.Version, p.CreatedAt.UnixMicro(), p.UpdatedAt.UnixMicro())
}

var intoTexts = db.Insert("patch_texts", "id text, description text, drop_note text", "")

// searchWords is what a search finds a patch by.
func searchWords(team string, p *Patch, vulnerabilities []string) string {
	return wordsOf(append([]string{Key(team, p.Number), p.Title, p.Component, p.FixedVersion}, vulnerabilities...)...)
}

func setWords(tx *db.Tx, id, words string) error {
	return tx.Exec("UPDATE patch_words SET words = ? WHERE patch_id = ? AND words <> ?", words, id, words).Error
}

// Text is what only the page of one patch shows.
type Text struct {
	ID          string
	Description string
	DropNote    string
}

func (Text) TableName() string { return "patch_texts" }

// Hold reads a patch of a team and holds it until the transaction ends, and the
// sprint it is in: who is first there is decided by one at a time.
func Hold(tx *db.Tx, teamID string, number int64) (*Patch, error) {
	p, err := ByNumber(tx.DB, teamID, number)
	if err != nil {
		return nil, err
	}
	if !tx.Postgres() {
		return p, nil
	}
	if p.SprintID != nil { // before the patch, as whoever starts, closes or re-scopes the sprint does
		if err := tx.Lock("sprints", *p.SprintID); err != nil {
			return nil, err
		}
	}
	if err := tx.Lock("patches", p.ID); err != nil {
		return nil, err
	}
	now, err := ByID(tx.DB, p.ID)
	if err == nil && now.SprintID != nil && !equal(now.SprintID, p.SprintID) {
		err = db.ErrMoved // into a sprint that is not held
	}
	return now, err
}

// nameOf fills in who it is assigned to, who placed it, and in which sprint it is.
func nameOf(g *gorm.DB, p *Patch) error {
	row := g.Raw(`SELECT COALESCE(a.name, ''), COALESCE(b.name, ''), s.number
		FROM patches p LEFT JOIN users a ON a.id = p.assignee_id LEFT JOIN users b ON b.id = p.placed_by
		LEFT JOIN sprints s ON s.id = p.sprint_id AND s.state IN ('planned', 'active') WHERE p.id = ?`, p.ID)
	return db.One(row, &p.AssigneeName, &p.PlacedByName, &p.SprintNumber)
}
