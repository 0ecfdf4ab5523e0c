package backlog

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"

	"patchline/internal/advisory"
	"patchline/internal/db"
	"patchline/internal/risk"
)

func idsOf(byID map[string]*facts) []string {
	ids := make([]string, 0, len(byID))
	for id := range byID {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func loadScored(g *gorm.DB, byID map[string]*facts) error {
	var ids []string
	if err := g.Raw("SELECT id FROM patch_scores WHERE id IN ?", idsOf(byID)).Scan(&ids).Error; err != nil {
		return err
	}
	for _, id := range ids {
		byID[id].scored = true
	}
	return nil
}

// standing says of each asset that ever had a finding of a patch, or was named for
// it by hand, whether something is open there, how many findings, and whether
// something is gone.
const standing = `SELECT patch_id, asset_id, MAX(open) AS open, SUM(open - named) AS findings, MAX(gone) AS gone FROM (
		SELECT patch_id, asset_id, CASE WHEN status = 'open' THEN 1 ELSE 0 END AS open,
			CASE WHEN status IN ('fixed', 'not_seen') THEN 1 ELSE 0 END AS gone, 0 AS named FROM findings WHERE patch_id IN ?
		UNION ALL SELECT patch_id, asset_id, 1, 0, 1 FROM patch_assets WHERE patch_id IN ?) AS y
	GROUP BY patch_id, asset_id`

// kinds is what policies with a scope ask of assets beside what the score does: what
// they are, and whether they are in some groups.
type kinds struct{ groups []string }

// columns are four: kind, environment, tags, and a digit for each group.
func (k *kinds) columns() (columns string, args []any) {
	if k == nil {
		return "'', '', '[]', ''", nil
	}
	in := "''"
	for _, id := range k.groups {
		in += " || CASE WHEN EXISTS (SELECT 1 FROM asset_group_members m WHERE m.asset_id = a.id AND m.group_id = ? AND (m.pinned OR m.matched)) THEN '1' ELSE '0' END"
		args = append(args, id)
	}
	return "a.kind, a.environment, a.tags, " + in, args
}

// named are the groups that the digits stand for.
func (k *kinds) named(digits string) (ids []string) {
	for i, d := range digits {
		if d == '1' {
			ids = append(ids, k.groups[i])
		}
	}
	return ids
}

// loadAssets counts the affected and the patched assets and finds the worst of what
// the affected ones are; with kinds, it also remembers all that they are. Assets
// that an exception holds count for nothing else.
func loadAssets(g *gorm.DB, byID map[string]*facts, k *kinds) error {
	var free, partly []string
	for _, id := range idsOf(byID) {
		if h := byID[id].held; h != nil && h.partly {
			partly = append(partly, id)
		} else {
			free = append(free, id)
		}
	}
	if len(free) > 0 {
		if err := eachAsset(g, free, k, "", byID); err != nil {
			return err
		}
	}
	if len(partly) == 0 {
		return nil
	}
	if err := eachAsset(g, partly, k, " AND NOT"+exceptedAsset, byID); err != nil {
		return err
	}
	return countExcepted(g, partly, byID)
}

const exceptedAsset = ` EXISTS (SELECT 1 FROM exceptions e JOIN exception_assets ea ON ea.exception_id = e.id
	WHERE e.patch_id = x.patch_id AND e.state = 'approved' AND ea.asset_id = x.asset_id)`

func eachAsset(g *gorm.DB, ids []string, k *kinds, but string, byID map[string]*facts) error {
	columns, args := k.columns()
	return db.Each(g, func(r *sql.Rows) error {
		var id, regulations, tags, in string
		var a risk.AssetFacts
		var n, patched int64
		if err := r.Scan(&id, &a.Criticality, &a.Exposure, &regulations, &a.Kind, &a.Environment, &tags, &in, &n, &patched); err != nil {
			return err
		}
		f := byID[id]
		if f.patched += patched; n == 0 {
			return nil
		}
		a.Regulations = db.SplitWords(regulations)
		if k != nil {
			a.Tags, a.Groups = db.SplitWords(tags), k.named(in)
			f.kinds = append(f.kinds, a)
		}
		f.meet(a, n)
		return nil
	}, `SELECT x.patch_id, a.criticality, a.exposure, a.regulations, `+columns+`, SUM(x.open), SUM(CASE WHEN x.open = 0 THEN x.gone ELSE 0 END)
		FROM (`+standing+`) AS x JOIN assets a ON a.id = x.asset_id WHERE a.retired_at IS NULL`+but+`
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`, append(args, ids, ids)...)
}

// meet takes n affected assets that are alike into account.
func (f *facts) meet(a risk.AssetFacts, n int64) {
	if f.assets == 0 {
		f.context.Criticality, f.context.Exposure = a.Criticality, a.Exposure
	}
	f.assets += n
	f.context.Criticality = risk.WorstCriticality(f.context.Criticality, a.Criticality)
	f.context.Exposure = risk.WorstExposure(f.context.Exposure, a.Exposure)
	for _, r := range a.Regulations {
		if !slices.Contains(f.regulation, r) {
			f.regulation = append(f.regulation, r)
		}
	}
}

// countExcepted adds the assets that exceptions hold. A patch all of whose assets
// are held threatens none.
func countExcepted(g *gorm.DB, ids []string, byID map[string]*facts) error {
	return db.Each(g, func(r *sql.Rows) error {
		var id string
		var n, patched int64
		if err := r.Scan(&id, &n, &patched); err != nil {
			return err
		}
		f := byID[id]
		if f.assets == 0 {
			f.context.Criticality, f.context.Exposure = risk.CriticalityLow, risk.ExposureIsolated
		}
		f.assets, f.excepted, f.patched = f.assets+n, n, f.patched+patched
		return nil
	}, `SELECT x.patch_id, SUM(x.open), SUM(CASE WHEN x.open = 0 THEN x.gone ELSE 0 END)
		FROM (`+standing+`) AS x JOIN assets a ON a.id = x.asset_id WHERE a.retired_at IS NULL AND`+exceptedAsset+" GROUP BY x.patch_id", ids, ids)
}

// loadVulnerabilities finds what the patches remove: by their open findings, and
// as named by hand.
func loadVulnerabilities(g *gorm.DB, byID map[string]*facts) error {
	ids := idsOf(byID)
	rows, err := g.Raw(`SELECT patch_id, vulnerability_id, MIN(first_seen_at), SUM(n) FROM (
			SELECT patch_id, vulnerability_id, first_seen_at, 1 AS n FROM findings WHERE patch_id IN ? AND status = 'open'
				AND asset_id NOT IN (SELECT id FROM assets WHERE retired_at IS NOT NULL)
			UNION ALL SELECT patch_id, vulnerability_id, NULL, 0 FROM patch_vulnerabilities WHERE patch_id IN ?) AS x
		GROUP BY patch_id, vulnerability_id ORDER BY patch_id, vulnerability_id`, ids, ids).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	all := map[string]bool{}
	for rows.Next() {
		var id, vulnerability string
		var seen *int64
		var n int64
		if err := rows.Scan(&id, &vulnerability, &seen, &n); err != nil {
			return err
		}
		f := byID[id]
		f.findings += n
		v := risk.DueVulnerability{Vulnerability: risk.Vulnerability{ID: vulnerability}}
		if seen != nil {
			at := db.Time(*seen)
			v.FirstDetected = &at
		}
		f.vulns, f.ids = append(f.vulns, v), append(f.ids, vulnerability)
		all[vulnerability] = true
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return addSignals(g, byID, all)
}

func addSignals(g *gorm.DB, byID map[string]*facts, all map[string]bool) error {
	ids := make([]string, 0, len(all))
	for id := range all {
		ids = append(ids, id)
	}
	known, err := advisory.Load(g, ids)
	if err != nil {
		return err
	}
	for _, f := range byID {
		for i := range f.vulns {
			if k, ok := known[f.vulns[i].ID]; ok {
				f.vulns[i].Vulnerability = k.Vulnerability
				f.vulns[i].KEVAdded, f.vulns[i].KEVDue = k.KEVAdded, k.KEVDue
			}
		}
	}
	return nil
}

// writeColumns writes the scores of patches into their rows.
func writeColumns(tx *db.Tx, changed []judged) error {
	const row = `(CAST(? AS TEXT), CAST(? AS DOUBLE PRECISION), CAST(? AS DOUBLE PRECISION), CAST(? AS DOUBLE PRECISION), CAST(? AS BOOLEAN), CAST(? AS DOUBLE PRECISION), CAST(? AS DOUBLE PRECISION), CAST(? AS BOOLEAN), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT))`
	var columns []any
	for _, j := range changed {
		p := j.patch
		columns = append(columns, p.ID, p.Risk, p.Priority, p.SortValue, p.KEV, p.EPSS, p.CVSS, p.Regulated, db.JoinWords(p.Assumed),
			db.Micros(p.DueAt), p.DuePolicy, db.Micros(p.ClockAt), p.Assets, p.Patched, p.Findings, p.Vulnerabilities)
	}
	return db.InBatches(columns, 16, func(rows int, part []any) error {
		return tx.Exec(`WITH v (id, risk, priority, sort_value, kev, epss, cvss, regulated, assumed, due_at, due_policy, clock_at, assets, patched, findings, vulnerabilities)
			AS (VALUES `+db.Repeat(row, rows)+`)
			UPDATE patches SET risk = v.risk, priority = v.priority, sort_value = v.sort_value, kev = v.kev, epss = v.epss, cvss = v.cvss, regulated = v.regulated,
				assumed = v.assumed, due_at = v.due_at, due_policy = v.due_policy, clock_at = v.clock_at, assets = v.assets, patched = v.patched, findings = v.findings, vulnerabilities = v.vulnerabilities
			FROM v WHERE patches.id = v.id`, part...).Error
	})
}

// writeScores writes the explanations and the search words of patches.
func writeScores(tx *db.Tx, teamKey string, changed []judged) error {
	var scores, words []any
	for i := range changed {
		j := &changed[i]
		score, due, err := j.json()
		if err != nil {
			return err
		}
		scores = append(scores, j.patch.ID, j.score.Result.Formula, score, due, tx.Now.UnixMicro())
		words = append(words, j.patch.ID, j.patch.TeamID, searchWords(teamKey, j.patch, j.ids))
	}
	if err := intoScores.Write(tx, scores); err != nil {
		return err
	}
	return intoWords.Write(tx, words)
}

var (
	intoScores = db.Insert("patch_scores", "id text, formula text, score text, due text, at bigint",
		"ON CONFLICT (id) DO UPDATE SET formula = excluded.formula, score = excluded.score, due = excluded.due, at = excluded.at")
	intoWords = db.Insert("patch_words", "patch_id text, team_id text, words text",
		"ON CONFLICT (patch_id) DO UPDATE SET words = excluded.words WHERE patch_words.words <> excluded.words")
)

// patchesOnAssets are the patches that assets ever had a finding of, or were named
// for.
func patchesOnAssets(g *gorm.DB, assetIDs []string) (ids []string, err error) {
	err = g.Raw(`SELECT patch_id FROM findings WHERE asset_id IN ? AND patch_id IS NOT NULL
		UNION SELECT patch_id FROM patch_assets WHERE asset_id IN ?`, assetIDs, assetIDs).Scan(&ids).Error
	slices.Sort(ids)
	return ids, err
}

// coverFinished keeps the coverage of patches that are not scored any more: a scan
// after the verification still tells where the fix has arrived.
func coverFinished(tx *db.Tx, ids []string) error {
	var done []string
	if err := tx.Raw("SELECT id FROM patches WHERE id IN ? AND NOT is_open", ids).Scan(&done).Error; err != nil || len(done) == 0 {
		return err
	}
	const counted = "CASE WHEN a.retired_at IS NULL THEN 1 ELSE 0 END"
	return tx.Exec(`WITH c AS (SELECT x.patch_id, SUM(x.open * `+counted+`) AS affected, SUM(x.findings * `+counted+`) AS findings,
				SUM(CASE WHEN x.open = 0 THEN x.gone * `+counted+` ELSE 0 END) AS patched
			FROM (`+standing+`) AS x JOIN assets a ON a.id = x.asset_id GROUP BY x.patch_id)
		UPDATE patches SET assets = c.affected, patched = c.patched, findings = c.findings FROM c WHERE patches.id = c.patch_id
			AND (patches.assets <> c.affected OR patches.patched <> c.patched OR patches.findings <> c.findings)`, done, done).Error
}

// TeamPatch names a patch and the team it belongs to.
type TeamPatch struct{ TeamID, PatchID string }

// PatchesWith finds the open patches that remove one of the vulnerabilities, by
// team.
func PatchesWith(g *gorm.DB, vulnerabilityIDs []string) ([]TeamPatch, error) {
	var out []TeamPatch
	for ids := range slices.Chunk(vulnerabilityIDs, 2000) {
		var part []TeamPatch
		one, among := db.Joined(g, ids), db.Among(g, "vulnerability_id")
		err := g.Raw(`SELECT p.team_id, p.id AS patch_id FROM patches p WHERE p.is_open AND p.id IN (
				SELECT patch_id FROM findings WHERE `+among+` AND patch_id IS NOT NULL
				UNION SELECT patch_id FROM patch_vulnerabilities WHERE `+among+")", one, one).Scan(&part).Error
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	slices.SortFunc(out, func(a, b TeamPatch) int {
		return cmp.Or(strings.Compare(a.TeamID, b.TeamID), strings.Compare(a.PatchID, b.PatchID))
	})
	return slices.Compact(out), nil
}

// storedScore is the explanation as it was written.
type storedScore struct {
	ID      string
	Formula string
	Score   string
	Due     string
	At      int64
}

func (storedScore) TableName() string { return "patch_scores" }

func scoreOf(g *gorm.DB, patchID string) (row storedScore, score Score, due *risk.DueDate, err error) {
	err = g.Where("id = ?", patchID).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, Score{}, nil, nil
	}
	if err != nil {
		return row, Score{}, nil, err
	}
	if err = json.Unmarshal([]byte(row.Score), &score); err != nil || row.Due == "" {
		return row, score, nil, err
	}
	due = &risk.DueDate{}
	return row, score, due, json.Unmarshal([]byte(row.Due), due)
}
