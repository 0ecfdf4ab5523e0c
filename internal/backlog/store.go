package backlog

import (
	"errors"
	"maps"
	"slices"

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
	if err := tx.CreateInBatches(patches, 200).Error; err != nil {
		return err
	}
	for part := range slices.Chunk(patches, 500) {
		texts := []any{}
		for _, p := range part {
			texts = append(texts, p.ID, descriptions[p.ID], "")
		}
		if err := tx.Exec("INSERT INTO patch_texts (id, description, drop_note) VALUES "+db.Tuples(len(part), 3), texts...).Error; err != nil {
			return err
		}
	}
	return nil
}

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
