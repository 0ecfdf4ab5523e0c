package asset

import (
	"database/sql"
	"strings"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

const columns = `id, team_id, name, name_key, kind, environment, criticality, exposure, regulations, owner, tags, description,
	identifiers, open_findings, scanned_at, retired_at, merged_into, version, created_at`

func scanAsset(r *sql.Rows, a *Asset) error {
	var regulations, tags, identifiers string
	var scanned, retired sql.NullInt64
	var created int64
	err := r.Scan(&a.ID, &a.TeamID, &a.Name, &a.NameKey, &a.Kind, &a.Environment, &a.Criticality, &a.Exposure, &regulations,
		&a.Owner, &tags, &a.Description, &identifiers, &a.OpenFindings, &scanned, &retired, &a.MergedInto, &a.Version, &created)
	a.Regulations, a.Tags, a.Identifiers = db.SplitWords(regulations), db.SplitWords(tags), db.SplitWords(identifiers)
	a.ScannedAt, a.RetiredAt, a.CreatedAt = db.MaybeTime(scanned), db.MaybeTime(retired), db.Time(created)
	return err
}

func byID(g *gorm.DB, teamID, id string) (*Asset, error) {
	found, err := db.List(g, scanAsset, "SELECT "+columns+" FROM assets WHERE id = ? AND team_id = ?", id, teamID)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "There is no such asset in this team.")
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

// byKeys reads a team's assets by the identities of their names.
func byKeys(g *gorm.DB, teamID string, keys []string) (map[string]Asset, error) {
	out := make(map[string]Asset, len(keys))
	for start := 0; start < len(keys); start += 500 {
		part := keys[start:min(start+500, len(keys))]
		found, err := db.List(g, scanAsset, "SELECT "+columns+" FROM assets WHERE team_id = ? AND name_key IN ?", teamID, part)
		if err != nil {
			return nil, err
		}
		for _, a := range found {
			out[a.NameKey] = a
		}
	}
	return out, nil
}

// free refuses a name that another asset of the team has.
func free(g *gorm.DB, a *Asset) error {
	found, err := byKeys(g, a.TeamID, []string{a.NameKey})
	if other, taken := found[a.NameKey]; taken && other.ID != a.ID {
		return fault.New(fault.Conflict, "Another asset of the team has this name already.")
	}
	return err
}

func list(g *gorm.DB, teamID string, f Filter) (Page, error) {
	where, args := f.where(teamID)
	page := Page{}
	count := "SELECT COUNT(*) FROM (SELECT 1 FROM assets WHERE " + where + " LIMIT ?) counted"
	if err := db.One(g.Raw(count, append(args[:len(args):len(args)], CountCap+1)...), &page.Count); err != nil {
		return page, err
	}
	if page.Capped = page.Count > CountCap; page.Capped {
		page.Count = CountCap
	}
	if f.After != "" {
		where, args = where+" AND name_key > ?", append(args, f.After)
	}
	var err error
	page.Items, err = db.List(g, scanAsset, "SELECT "+columns+" FROM assets WHERE "+where+" ORDER BY name_key LIMIT ?", append(args, f.Limit+1)...)
	if page.More = len(page.Items) > f.Limit; page.More {
		page.Items = page.Items[:f.Limit]
	}
	return page, err
}

func (f Filter) where(teamID string) (string, []any) {
	where, args := "team_id = ?", []any{teamID}
	for _, c := range []struct{ column, value string }{
		{"environment", f.Environment}, {"criticality", f.Criticality}, {"exposure", f.Exposure},
	} {
		if c.value != "" {
			where, args = where+" AND "+c.column+" = ?", append(args, c.value)
		}
	}
	if key := NameKey(f.Q); key != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(key) + "%"
		where += ` AND (name_key LIKE ? ESCAPE '\' OR LOWER(owner) LIKE ? ESCAPE '\' OR LOWER(tags) LIKE ? ESCAPE '\')`
		args = append(args, like, like, like)
	}
	return where, args
}

// add inserts new assets.
func add(tx *db.Tx, assets []*Asset) error {
	if len(assets) == 0 {
		return nil
	}
	return tx.CreateInBatches(assets, 200).Error
}

// write updates what a person can change of an asset.
func write(tx *db.Tx, a *Asset) error {
	return tx.Exec(`UPDATE assets SET name = ?, name_key = ?, kind = ?, environment = ?, criticality = ?, exposure = ?,
		regulations = ?, owner = ?, tags = ?, identifiers = ?, description = ?, retired_at = ?, version = ? WHERE id = ?`,
		a.Name, a.NameKey, a.Kind, a.Environment, a.Criticality, a.Exposure, db.JoinWords(a.Regulations), a.Owner,
		db.JoinWords(a.Tags), db.JoinWords(a.Identifiers), a.Description, db.Micros(a.RetiredAt), a.Version, a.ID).Error
}
