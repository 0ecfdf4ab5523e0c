package advisory

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// KeepDocuments keeps which documents describe vulnerabilities. What is said again
// touches no row.
func KeepDocuments(tx *db.Tx, list []Described) error {
	var cells []any
	for _, d := range list {
		cells = append(cells, key(d.Named, d.Source, d.Document), d.Vulnerability, d.Source, d.Document, d.Title, micros(d.Published), micros(d.Changed))
	}
	return put(tx, intoDocuments, cells)
}

var intoDocuments = db.Insert("advisories", "id text, vulnerability_id text, source text, document text, title text, published_at bigint, changed_at bigint",
	`ON CONFLICT (id) DO UPDATE SET title = excluded.title, published_at = excluded.published_at, changed_at = excluded.changed_at
	WHERE advisories.title <> excluded.title OR COALESCE(advisories.published_at, 0) <> COALESCE(excluded.published_at, 0)
		OR COALESCE(advisories.changed_at, 0) <> COALESCE(excluded.changed_at, 0)`)

func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// shownDocuments is how many advisories a page names.
const shownDocuments = 100

func (k *Knowledge) readDocuments(g *gorm.DB) (err error) {
	k.Advisories, err = db.List(g, func(r *sql.Rows, d *Document) error {
		var published, changed sql.NullInt64
		err := r.Scan(&d.Source, &d.ID, &d.Title, &published, &changed)
		d.Published, d.Changed = db.MaybeTime(published), db.MaybeTime(changed)
		return err
	}, "SELECT source, document, title, published_at, changed_at FROM advisories WHERE vulnerability_id = ? ORDER BY COALESCE(changed_at, 0) DESC, document LIMIT ?",
		k.ID, shownDocuments)
	return err
}

// KeepStatements keeps what suppliers say of their products, for the team that
// brought it in. What is said again touches no row.
func KeepStatements(tx *db.Tx, teamID string, list []Statement) error {
	var cells []any
	for _, s := range list {
		cells = append(cells, key(teamID, s.Named, s.Source, s.Document, s.Product, s.Component), teamID, s.Vulnerability, s.Source, s.Document,
			s.Product, s.Component, s.Status, s.Justification, s.Action, s.URL, db.Micros(s.At))
	}
	return put(tx, intoStatements, cells)
}

var intoStatements = db.Insert("statements", `id text, team_id text, vulnerability_id text, source text, document text, product text, component text,
	status text, justification text, action text, url text, said_at bigint`,
	`ON CONFLICT (id) DO UPDATE SET status = excluded.status, justification = excluded.justification, action = excluded.action, url = excluded.url, said_at = excluded.said_at
	WHERE statements.status <> excluded.status OR statements.justification <> excluded.justification OR statements.action <> excluded.action
		OR statements.url <> excluded.url OR COALESCE(statements.said_at, 0) <> COALESCE(excluded.said_at, 0)`)

// shownStatements is how many statements a page shows.
const shownStatements = 200

// Statements reads what suppliers say about a vulnerability, as a team brought it
// in, the latest first.
func (s *Service) Statements(ctx context.Context, teamID, id string) ([]Statement, error) {
	return db.List(s.db.Read(ctx), func(r *sql.Rows, o *Statement) error {
		var at sql.NullInt64
		err := r.Scan(&o.Vulnerability, &o.Source, &o.Document, &o.Product, &o.Component, &o.Status, &o.Justification, &o.Action, &o.URL, &at)
		o.At = db.MaybeTime(at)
		return err
	}, `SELECT vulnerability_id, source, document, product, component, status, justification, action, url, said_at FROM statements
		WHERE team_id = ? AND vulnerability_id = ? ORDER BY COALESCE(said_at, 0) DESC, id LIMIT ?`, teamID, id, shownStatements)
}

// follow moves documents and statements to the ids under which their
// vulnerabilities are kept from now on.
func follow(tx *db.Tx, moved map[string]string) error {
	for _, table := range []string{"advisories", "statements"} {
		var there []string
		err := each(tx.DB, "SELECT DISTINCT vulnerability_id FROM "+table+" WHERE vulnerability_id IN ?", slices.Sorted(maps.Keys(moved)), func(r *sql.Rows) error {
			var id string
			err := r.Scan(&id)
			there = append(there, id)
			return err
		})
		if err != nil {
			return err
		}
		for _, id := range there {
			if err := tx.Exec("UPDATE "+table+" SET vulnerability_id = ? WHERE vulnerability_id = ?", moved[id], id).Error; err != nil {
				return err
			}
		}
	}
	return nil
}
