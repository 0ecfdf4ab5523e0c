package scan

// csafStatuses are the groups of product_status; a recommended version is one to change to.
var csafStatuses = map[string]string{
	"known_affected": "affected", "first_affected": "affected", "last_affected": "affected",
	"fixed": "fixed", "first_fixed": "fixed", "recommended": "fixed",
	"known_not_affected": "not_affected", "under_investigation": "under_investigation",
}

// statements are made for every product of every group, with what is to be done for it.
func (r *csafVulnerability) statements(v *Vulnerability, tree *csafTree) []Item {
	action, address, reason := r.remedies(tree)
	affected := r.affected()
	var items []Item
	for _, said := range sortedKeys(r.Status) {
		status, known := csafStatuses[said]
		if !known {
			continue
		}
		for _, id := range r.Status[said] {
			s := &Statement{Vulnerability: v.ID, Aliases: v.Aliases, Status: status, Said: said, At: v.Updated,
				Action: action[id], URL: address[id], Justification: reason[id]}
			s.Product, s.Component = tree.resolve(id)
			if s.Component.Name == "" {
				continue
			}
			if affected[id] { // whatever else the advisory says of the same product
				s.Status = "affected"
			}
			if s.Status == "fixed" && s.Component.Installed != "" {
				s.Fixed = []string{s.Component.Installed}
			}
			items = append(items, Item{Statement: s})
		}
	}
	return items
}

// affected are the products called so. An advisory that also calls one of them
// fixed or not affected contradicts itself, and must dismiss nothing.
func (r *csafVulnerability) affected() map[string]bool {
	ids := map[string]bool{}
	for said, products := range r.Status {
		for _, id := range products {
			ids[id] = ids[id] || csafStatuses[said] == "affected"
		}
	}
	return ids
}

// remedies by product: a vendor's fix before a workaround.
func (r *csafVulnerability) remedies(tree *csafTree) (action, address, reason map[string]string) {
	action, address, reason = map[string]string{}, map[string]string{}, map[string]string{}
	for _, wanted := range []string{"vendor_fix", "mitigation", "workaround", "no_fix_planned", "none_available"} {
		for _, m := range r.Remediations {
			if m.Category != wanted {
				continue
			}
			text, link := clean(m.Details, 1000), webAddress(m.URL)
			for _, id := range tree.members(m.Products, m.Groups) {
				if action[id] == "" {
					action[id], address[id] = text, link
				}
			}
		}
	}
	for _, f := range r.Flags {
		for _, id := range tree.members(f.Products, f.Groups) {
			reason[id] = line(f.Label, maxTitle)
		}
	}
	return action, address, reason
}
