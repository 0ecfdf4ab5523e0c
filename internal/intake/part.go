package intake

import "patchline/internal/backlog"

// homes are the patches where the findings of a split component on an asset are.
func (s *step) homes() (map[[2]string]string, error) {
	split, err := backlog.SplitComponents(s.tx.DB, s.team.ID)
	if err != nil || len(split) == 0 {
		return nil, err
	}
	assets, components := idSet{}, idSet{}
	for _, o := range s.rows {
		if split[o.component] && !o.hasOpenPatch() && !s.fresh[o.assetID] {
			assets.add(o.assetID)
			components.add(o.component)
		}
	}
	if len(assets) == 0 {
		return nil, nil
	}
	return backlog.Homes(s.tx.DB, assets.sorted(), components.sorted())
}

// home is the part of a split patch that a finding belongs to: what took the place
// of the part it was in, or where the component's other findings on the asset are.
// Without either it is the first part.
func (o *observed) home(first string, homes map[[2]string]string, followed map[string]string) string {
	if first == "" {
		return ""
	}
	if o.hasOpenPatch() && followed[o.stored.patchID] != "" {
		return followed[o.stored.patchID]
	}
	if part := homes[[2]string{o.assetID, o.component}]; part != "" && !o.hasOpenPatch() {
		return part
	}
	return first
}
