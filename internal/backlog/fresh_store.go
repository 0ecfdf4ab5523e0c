package backlog

import (
	"database/sql"
	"slices"
	"strings"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/risk"
)

// assetFact is what a score asks of an asset; assets of the same key are alike.
type assetFact struct {
	risk.AssetFacts
	key string
}

// assetFacts reads assets that are in use; with kinds, all that policies ask of them.
func assetFacts(g *gorm.DB, ids []string, k *kinds) (map[string]assetFact, error) {
	out := make(map[string]assetFact, len(ids))
	alike := map[string]assetFact{}
	columns, args := k.columns()
	for part := range slices.Chunk(ids, 500) {
		err := db.Each(g, func(r *sql.Rows) error {
			var id, regulations, tags, in string
			var a assetFact
			err := r.Scan(&id, &a.Criticality, &a.Exposure, &regulations, &a.Kind, &a.Environment, &tags, &in)
			a.key = strings.Join([]string{string(a.Criticality), string(a.Exposure), regulations, a.Kind, a.Environment, tags, in}, "\x00")
			if same, met := alike[a.key]; met {
				out[id] = same
				return err
			}
			a.Regulations = db.SplitWords(regulations)
			if k != nil {
				a.Tags, a.Groups = db.SplitWords(tags), k.named(in)
			}
			alike[a.key], out[id] = a, a
			return err
		}, "SELECT a.id, a.criticality, a.exposure, a.regulations, "+columns+" FROM assets a WHERE a.id IN ? AND a.retired_at IS NULL", append(slices.Clone(args), part)...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
