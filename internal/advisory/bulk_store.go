package advisory

import (
	"database/sql"
	"slices"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// put writes rows, each with its key first, of which the last one of a key counts.
func put(tx *db.Tx, into *db.Insertion, cells []any) error {
	return into.Write(tx, lastOfEach(len(into.Columns()), cells))
}

// lastOfEach keeps one row per key: a statement may not touch a row twice.
func lastOfEach(columns int, args []any) []any {
	at := make(map[any]int, len(args)/columns)
	end := 0
	for i := 0; i < len(args); i += columns {
		to, twice := at[args[i]]
		if !twice {
			to, at[args[i]] = end, end
			end += columns
		}
		copy(args[to:to+columns], args[i:i+columns])
	}
	return args[:end]
}

const lookup = 2000 // ids in one query

// each is db.EachOf over ids in parts.
func each(g *gorm.DB, query string, ids []string, scan func(r *sql.Rows) error) error {
	for part := range slices.Chunk(ids, lookup) {
		if err := db.EachOf(g, scan, query, part); err != nil {
			return err
		}
	}
	return nil
}
