package intake

import (
	"database/sql"
	"slices"

	"gorm.io/gorm"

	"patchline/internal/backlog"
	"patchline/internal/db"
)

// find reads what is stored of the observed findings.
func (s *step) find() error {
	at := make(map[[3]string]*observed, len(s.rows))
	cells := make([]any, 0, 3*len(s.rows))
	for _, o := range s.rows {
		if s.fresh[o.assetID] {
			continue
		}
		at[[3]string{o.assetID, o.component, o.vulnerability}] = o
		cells = append(cells, o.assetID, o.component, o.vulnerability)
	}
	return db.InBatches(cells, 3, func(rows int, part []any) error {
		query := "WITH k (a, c, v) AS (VALUES " + db.Repeat("(?, ?, ?)", rows) + `)
			SELECT f.asset_id, f.component, f.vulnerability_id, f.id, COALESCE(f.patch_id, ''), f.installed_version, f.fixed_version,
				f.severity, f.status, f.first_seen_at, COALESCE(p.status, ''), COALESCE(p.fixed_version, ''), COALESCE(p.stream, ''), s.seen,
				(SELECT COUNT(*) FROM finding_sources o WHERE o.finding_id = f.id AND o.source <> ? AND o.seen)
			FROM k CROSS JOIN findings f LEFT JOIN patches p ON p.id = f.patch_id
			LEFT JOIN finding_sources s ON s.finding_id = f.id AND s.source = ?
			WHERE f.asset_id = k.a AND f.component = k.c AND f.vulnerability_id = k.v`
		return db.Each(s.tx.DB, func(r *sql.Rows) error {
			var key [3]string
			f := &stored{}
			err := r.Scan(&key[0], &key[1], &key[2], &f.id, &f.patchID, &f.installed, &f.fixed, &f.severity, &f.status,
				&f.firstSeen, &f.patchStatus, &f.patchVersion, &f.patchStream, &f.mine, &f.others)
			at[key].stored = f
			return err
		}, query, append(part[:len(part):len(part)], s.source, s.source)...)
	})
}

// write stores what differs, and counts.
func (s *step) write() error {
	var first, findings, firstSources, sources []any
	for _, o := range s.rows {
		if o.quiet && o.stored == nil {
			continue
		}
		o.tally(&s.effect)
		if o.quiet {
			continue
		}
		id, cells := s.cells(o)
		if s.fresh[o.assetID] {
			first = append(first, cells...)
		} else {
			findings = append(findings, cells...)
		}
		source := []any{id, s.source, o.sees(), s.tx.Now.UnixMicro()}
		switch {
		case o.stored == nil:
			firstSources = append(firstSources, source...)
		case o.stored.mine == nil || *o.stored.mine != o.sees():
			sources = append(sources, source...)
		}
	}
	if err := newFindings.Write(s.tx, first); err != nil {
		return filled(err)
	}
	if err := intoFindings.Write(s.tx, findings); err != nil {
		return err
	}
	if err := newSources.Write(s.tx, firstSources); err != nil {
		return err
	}
	if err := intoSources.Write(s.tx, sources); err != nil {
		return err
	}
	return countOpen(s.tx, s.effect.open)
}

// cells are the row of a finding, and its id.
func (s *step) cells(o *observed) (id string, row []any) {
	now := s.tx.Now.UnixMicro()
	id, first := "", now
	if o.stored != nil {
		id, first = o.stored.id, o.stored.firstSeen
	} else {
		id = db.NewID()
	}
	return id, []any{id, s.report.team.ID, o.assetID, o.component, o.vulnerability, maybe(o.patchID),
		o.Component.Installed, o.fixed, o.Severity, o.status, first, now}
}

const findingColumns = `id text, team_id text, asset_id text, component text, vulnerability_id text, patch_id text, installed_version text,
	fixed_version text, severity text, status text, first_seen_at bigint, changed_at bigint`

const sourceColumns = "finding_id text, source text, seen boolean, since bigint"

var (
	// newFindings are of assets that have none.
	newFindings = db.Insert("findings", findingColumns, "")
	// intoFindings inserts findings and changes those that are there.
	intoFindings = db.Insert("findings", findingColumns, `ON CONFLICT (asset_id, component, vulnerability_id) DO UPDATE SET patch_id = excluded.patch_id,
		installed_version = excluded.installed_version, fixed_version = excluded.fixed_version, severity = excluded.severity,
		status = excluded.status, changed_at = excluded.changed_at`)
	// newSources are of findings that are new.
	newSources  = db.Insert("finding_sources", sourceColumns, "")
	intoSources = db.Insert("finding_sources", sourceColumns,
		"ON CONFLICT (finding_id, source) DO UPDATE SET seen = excluded.seen, since = excluded.since")
)

// filled tells a finding that is there already from other errors.
func filled(err error) error {
	if db.Duplicate(err) {
		return errFilled
	}
	return err
}

// maybe is null for no id.
func maybe(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// countOpen adds to the numbers of open findings of assets.
func countOpen(tx *db.Tx, by map[string]int) error {
	var cells []any
	for id, n := range by {
		if n != 0 {
			cells = append(cells, id, n)
		}
	}
	return db.InBatches(cells, 2, func(rows int, part []any) error {
		return tx.Exec("WITH v (id, n) AS (VALUES "+db.Repeat("(CAST(? AS TEXT), CAST(? AS BIGINT))", rows)+
			") UPDATE assets SET open_findings = open_findings + v.n FROM v WHERE assets.id = v.id", part...).Error
	})
}

// concerned is a finding that a statement is about.
type concerned struct{ assetID, component, vulnerability, version, stream string }

// findingsAbout finds the team's findings by component and vulnerability.
func findingsAbout[T any](g *gorm.DB, teamID string, about map[[2]string]T) (out []concerned, err error) {
	var cells []any
	for key := range about {
		cells = append(cells, key[0], key[1])
	}
	err = db.InBatches(cells, 2, func(rows int, part []any) error {
		return db.Each(g, func(r *sql.Rows) error {
			var c concerned
			err := r.Scan(&c.assetID, &c.component, &c.vulnerability, &c.version, &c.stream)
			out = append(out, c)
			return err
		}, "WITH k (c, v) AS (VALUES "+db.Repeat("(?, ?)", rows)+`) SELECT f.asset_id, f.component, f.vulnerability_id, f.installed_version,
				COALESCE(NULLIF(p.stream, ''), NULLIF(a.stream, ''), '')
			FROM k CROSS JOIN findings f JOIN assets a ON a.id = f.asset_id LEFT JOIN patches p ON p.id = f.patch_id WHERE f.team_id = ? AND f.component = k.c AND f.vulnerability_id = k.v`,
			append(part[:len(part):len(part)], teamID)...)
	})
	return out, err
}

// componentsOn are the components of which an asset has findings, by the identity of
// its name.
func componentsOn(g *gorm.DB, teamID, nameKey string) (out []string, err error) {
	err = g.Raw(`SELECT DISTINCT component FROM findings WHERE asset_id =
		(SELECT COALESCE(merged_into, id) FROM assets WHERE team_id = ? AND name_key = ?)`, teamID, nameKey).Scan(&out).Error
	return out, err
}

// openPatches tells which of the patches are open.
func openPatches(g *gorm.DB, ids []string) (map[string]bool, error) {
	out := make(map[string]bool, len(ids))
	cells := make([]any, len(ids))
	for i, id := range ids {
		cells[i] = id
	}
	err := db.InBatches(cells, 1, func(rows int, part []any) error {
		return db.Each(g, func(r *sql.Rows) error {
			var id string
			err := r.Scan(&id)
			out[id] = true
			return err
		}, "SELECT id FROM patches WHERE is_open AND id IN ("+db.Repeat("?", rows)+")", part...)
	})
	return out, err
}

// patchStatuses reads the statuses of patches.
func patchStatuses(g *gorm.DB, ids []string) (map[string]string, error) {
	out := map[string]string{}
	err := db.Each(g, func(r *sql.Rows) error {
		var id, status string
		err := r.Scan(&id, &status)
		out[id] = status
		return err
	}, "SELECT id, status FROM patches WHERE id IN ?", ids)
	return out, err
}

// moveFindings renames vulnerabilities of findings, of all teams: two findings
// that turn out to be the same become one. It returns the patches this touched.
func moveFindings(tx *db.Tx, moved map[string]string) (patches []string, err error) {
	var affected []string
	for ids := range slices.Chunk(keys(moved), 500) {
		err := db.Each(tx.DB, func(r *sql.Rows) error {
			var id string
			err := r.Scan(&id)
			affected = append(affected, id)
			return err
		}, "SELECT DISTINCT vulnerability_id FROM findings WHERE vulnerability_id IN ?", ids)
		if err != nil {
			return nil, err
		}
	}
	for _, from := range affected {
		touched, err := moveOne(tx, from, moved[from])
		if err != nil {
			return nil, err
		}
		patches = append(patches, touched...)
	}
	named, err := backlog.RenameNamed(tx, moved)
	return append(patches, named...), err
}

func keys(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// moveOne gives the sources of a finding that is there twice to the one that
// stays, which is open if one of the two was.
func moveOne(tx *db.Tx, from, to string) (patches []string, err error) {
	const twins = `SELECT a.id FROM findings a JOIN findings b ON b.asset_id = a.asset_id AND b.component = a.component
		AND b.vulnerability_id = ? WHERE a.vulnerability_id = ?`
	err = db.Each(tx.DB, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		patches = append(patches, id)
		return err
	}, "SELECT DISTINCT patch_id FROM findings WHERE vulnerability_id IN (?, ?) AND patch_id IS NOT NULL", from, to)
	if err != nil {
		return nil, err
	}
	now := tx.Now.UnixMicro()
	for _, q := range []struct {
		sql  string
		args []any
	}{
		{`INSERT INTO finding_sources (finding_id, source, seen, since) SELECT b.id, s.source, s.seen, s.since
			FROM findings a JOIN findings b ON b.asset_id = a.asset_id AND b.component = a.component AND b.vulnerability_id = ?
			JOIN finding_sources s ON s.finding_id = a.id WHERE a.vulnerability_id = ?
			ON CONFLICT (finding_id, source) DO UPDATE SET seen = finding_sources.seen OR excluded.seen`, []any{to, from}},
		{`UPDATE findings SET patch_id = (SELECT a.patch_id FROM findings a WHERE a.asset_id = findings.asset_id
			AND a.component = findings.component AND a.vulnerability_id = ?) WHERE vulnerability_id = ? AND patch_id IS NULL AND EXISTS (
			SELECT 1 FROM findings a WHERE a.asset_id = findings.asset_id AND a.component = findings.component
			AND a.vulnerability_id = ? AND a.patch_id IS NOT NULL)`, []any{from, to, from}},
		{`UPDATE findings SET status = 'open', changed_at = ? WHERE vulnerability_id = ? AND status = 'not_seen' AND EXISTS (
			SELECT 1 FROM findings a WHERE a.asset_id = findings.asset_id AND a.component = findings.component
			AND a.vulnerability_id = ? AND a.status = 'open')`, []any{now, to, from}},
		{`DELETE FROM finding_sources WHERE finding_id IN (` + twins + `)`, []any{to, from}},
		{`DELETE FROM findings WHERE id IN (` + twins + `)`, []any{to, from}},
		{`UPDATE findings SET vulnerability_id = ?, changed_at = ? WHERE vulnerability_id = ?`, []any{to, now, from}},
		{`UPDATE assets SET open_findings = (SELECT COUNT(*) FROM findings f WHERE f.asset_id = assets.id AND f.status = 'open')
			WHERE id IN (SELECT asset_id FROM findings WHERE vulnerability_id = ?)`, []any{to}},
	} {
		if err := tx.Exec(q.sql, q.args...).Error; err != nil {
			return nil, err
		}
	}
	return patches, nil
}
