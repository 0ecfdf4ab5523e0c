package asset

import (
	"database/sql"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

const columns = `id, team_id, name, name_key, stream, kind, environment, criticality, exposure, regulations, owner, tags, description,
	identifiers, open_findings, scanned_at, retired_at, merged_into, version, created_at`

func scanAsset(r *sql.Rows, a *Asset) error {
	var regulations, tags, identifiers string
	var scanned, retired sql.NullInt64
	var created int64
	err := r.Scan(&a.ID, &a.TeamID, &a.Name, &a.NameKey, &a.Stream, &a.Kind, &a.Environment, &a.Criticality, &a.Exposure, &regulations,
		&a.Owner, &tags, &a.Description, &identifiers, &a.OpenFindings, &scanned, &retired, &a.MergedInto, &a.Version, &created)
	a.Regulations, a.Tags, a.Identifiers = db.SplitWords(regulations), db.SplitWords(tags), db.SplitWords(identifiers)
	a.ScannedAt, a.RetiredAt, a.CreatedAt = db.MaybeTime(scanned), db.MaybeTime(retired), db.Time(created)
	return err
}

// byID reads an asset. One that was merged into another is that other one.
func byID(g *gorm.DB, teamID, id string) (*Asset, error) {
	found, err := db.List(g, scanAsset, "SELECT "+columns+` FROM assets WHERE team_id = ? AND id = COALESCE(
		(SELECT merged_into FROM assets WHERE id = ? AND team_id = ?), ?)`, teamID, id, teamID, id)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "There is no such asset in this team.")
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

// byIDs reads assets of a team, in the order of their ids.
func byIDs(g *gorm.DB, teamID string, ids []string) ([]Asset, error) {
	return db.List(g, scanAsset, "SELECT "+columns+" FROM assets WHERE team_id = ? AND id IN ? ORDER BY id", teamID, ids)
}

// byKeys reads a team's assets by the identities of their names. A second name
// leads to the asset that has it.
func byKeys(g *gorm.DB, teamID string, keys []string) (map[string]Asset, error) {
	out := make(map[string]Asset, len(keys))
	var merged []string
	for start := 0; start < len(keys); start += 500 {
		part := keys[start:min(start+500, len(keys))]
		found, err := db.List(g, scanAsset, "SELECT "+columns+" FROM assets WHERE team_id = ? AND name_key IN ?", teamID, part)
		if err != nil {
			return nil, err
		}
		for _, a := range found {
			if out[a.NameKey] = a; a.MergedInto != nil {
				merged = append(merged, *a.MergedInto)
			}
		}
	}
	if len(merged) == 0 {
		return out, nil
	}
	return out, follow(g, teamID, out, merged)
}

// follow puts the assets that others were merged into in their places.
func follow(g *gorm.DB, teamID string, out map[string]Asset, targets []string) error {
	found, err := byIDs(g, teamID, targets)
	if err != nil {
		return err
	}
	at := map[string]Asset{}
	for _, a := range found {
		at[a.ID] = a
	}
	for key, a := range out {
		if a.MergedInto != nil {
			out[key] = at[*a.MergedInto]
		}
	}
	return nil
}

// free refuses a name that another asset of the team has, also as a second name.
func free(g *gorm.DB, a *Asset) error {
	var others int
	err := db.One(g.Raw("SELECT COUNT(*) FROM assets WHERE team_id = ? AND name_key = ? AND id <> ?", a.TeamID, a.NameKey, a.ID), &others)
	if err == nil && others > 0 {
		return fault.New(fault.Conflict, "Another asset of the team has this name already.")
	}
	return err
}

// orders are what lists sort by, the largest first, before the name.
var orders = map[Sort]string{
	ByCriticality: "CASE criticality WHEN 'critical' THEN 3 WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END",
	ByExposure:    "CASE exposure WHEN 'internet' THEN 3 WHEN 'unknown' THEN 2 WHEN 'internal' THEN 1 ELSE 0 END",
	ByFindings:    "open_findings",
	BySeen:        "-COALESCE(scanned_at, created_at)",
}

func list(g *gorm.DB, teamID string, f Filter, staleBefore time.Time) (Page, error) {
	where, args := f.where(teamID, staleBefore)
	page := Page{}
	count := "SELECT COUNT(*) FROM (SELECT 1 FROM assets WHERE " + where + " LIMIT ?) counted"
	if err := db.One(g.Raw(count, append(args[:len(args):len(args)], CountCap+1)...), &page.Count); err != nil {
		return page, err
	}
	if page.Capped = page.Count > CountCap; page.Capped {
		page.Count = CountCap
	}
	order := "name_key"
	if by := orders[f.Sort]; by != "" {
		order = by + " DESC, name_key"
		if f.After != nil {
			where += " AND (" + by + " < ? OR " + by + " = ? AND name_key > ?)"
			args = append(args, f.After.Value, f.After.Value, f.After.Key)
		}
	} else if f.After != nil {
		where, args = where+" AND name_key > ?", append(args, f.After.Key)
	}
	var err error
	page.Items, err = db.List(g, scanAsset, "SELECT "+columns+" FROM assets WHERE "+where+" ORDER BY "+order+" LIMIT ?", append(args, f.Limit+1)...)
	if len(page.Items) > f.Limit {
		page.Items = page.Items[:f.Limit]
		page.Next = page.Items[f.Limit-1].place(f.Sort)
	}
	return page, err
}

var likely = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

func like(text string) string { return "%" + likely.Replace(text) + "%" }

func (f Filter) where(teamID string, staleBefore time.Time) (string, []any) {
	where, args := "team_id = ? AND merged_into IS NULL", []any{teamID}
	and := func(sql string, more ...any) { where, args = where+" AND "+sql, append(args, more...) }
	for _, c := range []struct{ column, value string }{
		{"environment", f.Environment}, {"criticality", f.Criticality}, {"exposure", f.Exposure}, {"owner", f.Owner},
	} {
		if c.value != "" {
			and(c.column+" = ?", c.value)
		}
	}
	if key := NameKey(f.Q); key != "" {
		q := like(key)
		and(`(name_key LIKE ? ESCAPE '\' OR LOWER(owner) LIKE ? ESCAPE '\' OR LOWER(tags) LIKE ? ESCAPE '\' OR LOWER(identifiers) LIKE ? ESCAPE '\')`, q, q, q, q)
	}
	if f.Tag != "" {
		word := db.JoinWords([]string{f.Tag})
		and(`tags LIKE ? ESCAPE '\'`, like(word[1:len(word)-1]))
	}
	switch f.Group {
	case "":
	case "none":
		and("NOT EXISTS (SELECT 1 FROM asset_group_members m WHERE m.asset_id = assets.id)")
	default:
		and("id IN (SELECT asset_id FROM asset_group_members WHERE group_id = ?)", f.Group)
	}
	if name := NameKey(f.Component); name != "" {
		and(`id IN (SELECT i.asset_id FROM asset_inventories i JOIN asset_components c ON c.inventory_id = i.id WHERE LOWER(c.name) LIKE ? ESCAPE '\')`, like(name))
	}
	if f.Retired {
		and("retired_at IS NOT NULL")
	} else {
		and("retired_at IS NULL")
	}
	if f.Stale {
		and("COALESCE(scanned_at, created_at) < ?", staleBefore.UnixMicro())
	}
	return where, args
}

// groupNames adds to assets which groups they are in.
func groupNames(g *gorm.DB, assets []Asset) error {
	at := map[string]*Asset{}
	for i := range assets {
		assets[i].Groups, at[assets[i].ID] = []Membership{}, &assets[i]
	}
	if len(assets) == 0 {
		return nil
	}
	return db.Each(g, func(r *sql.Rows) error {
		var id string
		var m Membership
		err := r.Scan(&id, &m.GroupID, &m.Name, &m.Pinned, &m.Matched)
		at[id].Groups = append(at[id].Groups, m)
		return err
	}, `SELECT m.asset_id, g.id, g.name, m.pinned, m.matched FROM asset_group_members m JOIN asset_groups g ON g.id = m.group_id
		WHERE m.asset_id IN ? ORDER BY g.name_key`, idsOf(assets))
}

// add inserts new assets.
func add(tx *db.Tx, assets []*Asset) error {
	if len(assets) == 0 {
		return nil
	}
	return tx.CreateInBatches(assets, 200).Error
}

// setStream notes which release assets run, which no person says: it is no new
// version of them.
func setStream(tx *db.Tx, ids []string, stream string) error {
	for part := range slices.Chunk(ids, 500) {
		if err := tx.Exec("UPDATE assets SET stream = ? WHERE id IN ?", stream, part).Error; err != nil {
			return err
		}
	}
	return nil
}

// Streams are the releases that a team's assets are known to run, by the identities
// of their names; those of second names too.
func Streams(g *gorm.DB, teamID string) (map[string]string, error) {
	out := map[string]string{}
	err := db.Each(g, func(r *sql.Rows) error {
		var key, stream string
		err := r.Scan(&key, &stream)
		out[key] = stream
		return err
	}, `SELECT a.name_key, COALESCE(b.stream, a.stream) FROM assets a LEFT JOIN assets b ON b.id = a.merged_into
		WHERE a.team_id = ? AND COALESCE(b.stream, a.stream) <> ''`, teamID)
	return out, err
}

// write updates what a person can change of an asset.
func write(tx *db.Tx, a *Asset) error {
	return tx.Exec(`UPDATE assets SET name = ?, name_key = ?, kind = ?, environment = ?, criticality = ?, exposure = ?,
		regulations = ?, owner = ?, tags = ?, identifiers = ?, description = ?, retired_at = ?, version = ? WHERE id = ?`,
		a.Name, a.NameKey, a.Kind, a.Environment, a.Criticality, a.Exposure, db.JoinWords(a.Regulations), a.Owner,
		db.JoinWords(a.Tags), db.JoinWords(a.Identifiers), a.Description, db.Micros(a.RetiredAt), a.Version, a.ID).Error
}

// eachKindOfWords visits the combinations of words that assets of a team have.
func eachKindOfWords(g *gorm.DB, teamID string, visit func(owner, kind string, tags, regulations []string, n int)) error {
	return db.Each(g, func(r *sql.Rows) error {
		var owner, kind, tags, regulations string
		var n int
		if err := r.Scan(&owner, &kind, &tags, &regulations, &n); err != nil {
			return err
		}
		visit(owner, kind, db.SplitWords(tags), db.SplitWords(regulations), n)
		return nil
	}, "SELECT owner, kind, tags, regulations, COUNT(*) FROM assets WHERE team_id = ? AND merged_into IS NULL GROUP BY owner, kind, tags, regulations", teamID)
}

// present are a team's assets that count, by name.
func present(g *gorm.DB, teamID string) ([]Asset, error) {
	return db.List(g, scanAsset, "SELECT "+columns+" FROM assets WHERE team_id = ? AND merged_into IS NULL AND retired_at IS NULL ORDER BY name_key", teamID)
}

func bringBack(tx *db.Tx, ids []string) error {
	return tx.Exec("UPDATE assets SET retired_at = NULL, version = version + 1 WHERE id IN ?", ids).Error
}
