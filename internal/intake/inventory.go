package intake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"patchline/internal/asset"
	"patchline/internal/db"
	"patchline/internal/scan"
	"patchline/internal/team"
)

// maxComponents is how many components of one file are kept, so that memory does
// not follow the file.
const maxComponents = 300_000

// take keeps the components that the report lists as installed, asset by asset,
// and draws the conclusion from newer versions.
func (r *report) take(ctx context.Context, source *scan.Source) error {
	if r.survey.installed == 0 {
		return nil
	}
	lists, err := r.listed(source)
	if err != nil {
		return err
	}
	proved := 0
	for _, id := range slices.Sorted(maps.Keys(lists)) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		n, err := r.takeOne(ctx, id, lists[id])
		if proved += n; err != nil {
			return err
		}
	}
	if proved > 0 {
		r.note(fmt.Sprintf("%s fixed by the versions that are installed now; a later full scan verifies that.", isOrAre(proved, "finding")))
	}
	return nil
}

func isOrAre(n int, what string) string {
	if n == 1 {
		return count(n, what) + " is"
	}
	return count(n, what) + " are"
}

// listed gathers the components by the asset's id.
func (r *report) listed(source *scan.Source) (map[string][]asset.Component, error) {
	out, n := map[string][]asset.Component{}, 0
	for item, err := range r.items(source) {
		if err != nil {
			return nil, err
		}
		i := item.Installed
		if i == nil || r.assets[i.Asset.Name] == "" {
			continue
		}
		if n++; n > maxComponents {
			r.note(fmt.Sprintf("Only the first %d components are kept.", maxComponents))
			return nil, nil
		}
		id := r.assets[i.Asset.Name]
		out[id] = append(out[id], asset.Component{Key: i.Component.Key(), Name: i.Component.Name, Version: i.Component.Installed})
	}
	return out, nil
}

// takeOne stores one asset's list and closes the findings that it disproves.
func (r *report) takeOne(ctx context.Context, assetID string, list []asset.Component) (proved int, err error) {
	var e effect
	partial := r.req.Scope != Full || !r.survey.snapshot.Inventory
	err = r.transact(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, r.team.ID); err != nil {
			return err
		}
		e, proved = newEffect(), 0
		at := tx.Now
		if dated := r.survey.snapshot.ReportedAt; !dated.IsZero() && dated.Before(at) {
			at = dated
		}
		changed, err := asset.StoreInventory(tx, assetID, r.source, list, at, partial)
		if err != nil || !changed {
			return err
		}
		e.stored.add(assetID)
		gone, err := r.disproved(tx, assetID, list, at)
		if err != nil || len(gone) == 0 {
			return err
		}
		proved = len(gone)
		if err := prove(tx, r.source, gone, &e); err != nil {
			return err
		}
		return countOpen(tx, e.open)
	})
	if err == nil {
		r.merge(e)
	}
	return proved, err
}

// disproved are the open findings whose component is installed in the fixed
// version or a newer one. The version must have changed since the scanner looked:
// that two tools order one and the same version differently proves nothing. A
// list that is older than the asset's last scan proves nothing either, and a
// component that is missing does not: scanners name source packages too. An update
// of Windows is listed by itself.
func (r *report) disproved(tx *db.Tx, assetID string, list []asset.Component, at time.Time) ([]string, error) {
	versions := map[string][]string{}
	for _, c := range list {
		versions[c.Key] = append(versions[c.Key], c.Version)
	}
	var out []string
	err := openOn(tx.DB, assetID, at, func(id, component, seen, fixed string) {
		now := versions[component]
		ecosystem, _, _ := strings.Cut(component, ":")
		if _, installed := versions[cumulative+":"+fixed]; installed && ecosystem == cumulative {
			out = append(out, id)
		}
		older := func(v string) bool {
			return v == "" || scan.Compare(ecosystem, v, fixed) < 0 || scan.Compare(ecosystem, v, seen) <= 0
		}
		if len(now) > 0 && fixed != "" && seen != "" && !slices.ContainsFunc(now, older) {
			out = append(out, id)
		}
	})
	return out, err
}
