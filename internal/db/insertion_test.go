package db_test

import (
	"database/sql"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
	"patchline/internal/db/dbtest"
)

func TestManyRowsAreInsertedWithAllTheirCells(t *testing.T) {
	into := db.Insert("stock", "id text, n bigint, x double precision, yes boolean, note text", "ON CONFLICT (id) DO UPDATE SET n = excluded.n")
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		write := func(fn func(tx *db.Tx) error) error { return d.Write(t.Context(), fn) }
		require.NoError(t, write(func(tx *db.Tx) error {
			return tx.Exec("CREATE TABLE stock (id TEXT PRIMARY KEY, n BIGINT, x DOUBLE PRECISION, yes BOOLEAN NOT NULL, note TEXT)").Error
		}))
		var cells []any
		note, x := `{"a,b"} \ ' NULL`, 0.5
		for i := range 700 {
			id := strconv.Itoa(i)
			switch i % 3 {
			case 0:
				cells = append(cells, id, int64(i), 0.25, true, nil)
			case 1:
				cells = append(cells, id, nil, &x, false, &note)
			default:
				cells = append(cells, id, int64(-i), (*float64)(nil), true, "")
			}
		}
		require.NoError(t, write(func(tx *db.Tx) error { return into.Write(tx, cells) }))
		require.NoError(t, write(func(tx *db.Tx) error { return into.Write(tx, []any{"0", int64(7), nil, false, "unused"}) }))
		require.NoError(t, write(func(tx *db.Tx) error { return into.Write(tx, nil) }))
		var count, sum, notes int64
		var xs float64
		require.NoError(t, db.One(d.Read(t.Context()).Raw("SELECT COUNT(*), SUM(n), SUM(x), SUM(CASE WHEN note = ? THEN 1 ELSE 0 END) FROM stock", note), &count, &sum, &xs, &notes))
		assert.Equal(t, []any{int64(700), int64(240), 234*0.25 + 233*0.5, int64(233)}, []any{count, sum, xs, notes})
		err := write(func(tx *db.Tx) error {
			return db.Insert("stock", "id text, yes boolean", "").Write(tx, []any{"5", true})
		})
		assert.True(t, db.Duplicate(err), err)
		assert.False(t, db.Duplicate(write(func(tx *db.Tx) error { return tx.Exec("INSERT INTO stock (id) VALUES ('new')").Error })), "what is missing is no duplicate")
	})
}

func TestAQueryOverManyTextsFindsThemWhateverTheyHold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		names := []string{"a", `b"c`, "d'e", "f,g", "{h}", "<&>", "ü", ""}
		require.NoError(t, d.Write(t.Context(), func(tx *db.Tx) error {
			var cells []any
			for _, n := range append(names, "other") {
				cells = append(cells, n, "x")
			}
			return db.Insert("settings", "name text, value text", "").Write(tx, cells)
		}))
		found := textsIn(t, d, names)
		assert.ElementsMatch(t, names, found)
		assert.Empty(t, textsIn(t, d, nil))
	})
}

func TestWhatIsCommittedReachesTheDatabaseFileWithoutAWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	d, err := db.Open(path, time.Now)
	require.NoError(t, err)
	require.NoError(t, d.Migrate(t.Context()))
	require.NoError(t, d.Write(t.Context(), func(tx *db.Tx) error {
		return tx.Exec("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO settings (name, value) SELECT i, printf('%4000d', i) FROM n").Error
	}))
	require.Eventually(t, func() bool {
		var busy, pages, copied int
		require.NoError(t, db.One(d.Read(t.Context()).Raw("PRAGMA wal_checkpoint(NOOP)"), &busy, &pages, &copied))
		return pages > 0 && pages == copied
	}, 10*time.Second, 5*time.Millisecond)
	require.NoError(t, d.Close())
}

func textsIn(t *testing.T, d *db.DB, names []string) (found []string) {
	t.Helper()
	require.NoError(t, db.EachOf(d.Read(t.Context()), func(r *sql.Rows) error {
		var name string
		err := r.Scan(&name)
		found = append(found, name)
		return err
	}, "SELECT name FROM settings WHERE name IN ? ORDER BY name", names))
	return found
}
