package db_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
	"patchline/internal/db/dbtest"
)

// A search index merges its pages by deleting ranges of them. Whoever begins with an
// empty database and imports a million patches must not walk through all for each.
func TestAnEmptyDatabaseIsNoReasonToWalkThroughAFullOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		if d.Postgres() {
			return // it looks at its tables by itself, and its index is another one
		}
		var id, parent, unused int
		var how string
		require.NoError(t, d.Write(t.Context(), func(tx *db.Tx) error {
			return db.One(tx.Raw("EXPLAIN QUERY PLAN DELETE FROM patch_index_data WHERE id >= 5 AND id <= 9"), &id, &parent, &unused, &how)
		}))
		assert.Contains(t, how, "SEARCH")
	})
}
