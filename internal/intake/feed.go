package intake

import (
	"context"
	"fmt"
	"maps"
	"time"

	"patchline/internal/advisory"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scan"
)

// applyKEV brings an edition of the catalogue of exploited vulnerabilities in.
func (r *run) applyKEV(ctx context.Context, source *scan.Source) (bool, error) {
	about := r.survey.snapshot
	if r.sum.Records > 0 && r.survey.exploited == nil { // nothing that was read makes an edition
		return false, nil
	}
	loaded, err := advisory.SnapshotOf(r.db.Read(ctx), advisory.KEV)
	if err != nil {
		return false, err
	}
	if loaded != nil && outdated(about.ReportedAt, loaded.AsOf) {
		r.note(fmt.Sprintf("The catalogue is older than the loaded one of %s: nothing was changed.", loaded.AsOf.Format(time.DateOnly)))
		return false, nil
	}
	changed := idSet{}
	pick := func(it scan.Item) (*scan.Exploited, bool) { return it.Exploited, it.Exploited != nil }
	err = parts(ctx, r, source, &pace{size: 300, least: 300, most: 1000}, pick, func(part []*scan.Exploited) error {
		return r.writeFeed(ctx, changed, func(tx *db.Tx) ([]string, error) { return advisory.ApplyKEV(tx, about.CatalogVersion, part) })
	})
	if err != nil {
		return false, err
	}
	if err := r.dropKEV(ctx, loaded, changed); err != nil {
		return false, err
	}
	err = r.keepSnapshot(ctx, advisory.Snapshot{Source: advisory.KEV, Label: about.CatalogVersion, AsOf: about.ReportedAt, Records: int64(len(r.survey.exploited))})
	if err != nil {
		return false, err
	}
	fresh, err := advisory.UnannouncedKEV(r.db.Read(ctx))
	if err != nil {
		return false, err
	}
	changed.add(fresh...) // also those of an import that was cut short before it scored them
	did, err := r.rescoreFor(ctx, changed, nil)
	if err != nil || len(fresh) == 0 {
		return did, err
	}
	return did, r.announce(ctx, about.CatalogVersion)
}

// announce tells the teams which of their patches are known exploited now, once.
func (r *run) announce(ctx context.Context, edition string) error {
	return r.transact(ctx, func(tx *db.Tx) error {
		if err := tx.LockWord("kev"); err != nil {
			return err
		}
		fresh, err := advisory.UnannouncedKEV(tx.DB)
		if err != nil || len(fresh) == 0 {
			return err
		}
		if err := backlog.AnnounceKEV(tx, fresh, fmt.Sprintf("%s %s %d", edition, fresh[0], len(fresh))); err != nil {
			return err
		}
		return advisory.AnnouncedKEV(tx)
	})
}

// outdated tells whether a file is older than what is loaded; one without a date is
// not, unless it would replace one with a date.
func outdated(file, loaded time.Time) bool {
	if file.IsZero() {
		return loaded.Unix() > 0
	}
	return file.Before(loaded)
}

// mostDropped is the share of the catalogue that may go at once. CISA takes single
// entries out; a file that lacks more than this is a part of the catalogue.
const mostDropped = 0.1

// dropKEV takes entries out that the catalogue no longer lists.
func (r *run) dropKEV(ctx context.Context, loaded *advisory.Snapshot, changed idSet) error {
	if loaded == nil {
		return nil
	}
	if float64(len(r.survey.exploited)) < float64(loaded.Records)*(1-mostDropped) {
		r.note(fmt.Sprintf("The file lists far fewer than the %d entries that are loaded, so it was taken as an addition: no entry was removed.", loaded.Records))
		return nil
	}
	return r.writeFeed(ctx, changed, func(tx *db.Tx) ([]string, error) {
		return advisory.DropKEV(tx, func(id string) bool { return r.survey.exploited.has(id) })
	})
}

// writeFeed runs one transaction of a feed and remembers which vulnerabilities
// weigh otherwise after it.
func (r *run) writeFeed(ctx context.Context, changed idSet, apply func(tx *db.Tx) ([]string, error)) error {
	var ids []string
	err := r.transact(ctx, func(tx *db.Tx) (err error) {
		ids, err = apply(tx)
		return err
	})
	if err == nil {
		changed.add(ids...)
	}
	return err
}

func (r *run) keepSnapshot(ctx context.Context, s advisory.Snapshot) error {
	return r.transact(ctx, func(tx *db.Tx) error { return advisory.KeepSnapshot(tx, s) })
}

// applyRecords brings records about vulnerabilities in.
func (r *run) applyRecords(ctx context.Context, source *scan.Source) (bool, error) {
	changed, moved := idSet{}, idSet{}
	pick := func(it scan.Item) (*scan.Vulnerability, bool) { return it.Vulnerability, it.Vulnerability != nil }
	err := parts(ctx, r, source, &pace{size: 100, least: 100, most: 500}, pick, func(part []*scan.Vulnerability) error {
		var touched []string
		err := r.writeFeed(ctx, changed, func(tx *db.Tx) (ids []string, err error) {
			touched, ids, err = r.record(tx, part)
			return ids, err
		})
		if err == nil {
			moved.add(touched...)
		}
		return err
	})
	if err != nil {
		return false, err
	}
	if r.survey.snapshot.Source == advisory.CVE {
		err := r.keepSnapshot(ctx, advisory.Snapshot{Source: advisory.CVE, AsOf: r.survey.snapshot.ReportedAt, Records: int64(r.survey.described)})
		if err != nil {
			return false, err
		}
	}
	return r.rescoreFor(ctx, changed, moved)
}

// record applies a part of the records, each under its canonical id.
func (r *run) record(tx *db.Tx, part []*scan.Vulnerability) (touched, changed []string, err error) {
	groups := make([]advisory.Group, len(part))
	for i, v := range part {
		groups[i] = advisory.Group{ID: v.ID, Aliases: v.Aliases}
	}
	canonical, moved, err := advisory.Join(tx, groups)
	if err != nil {
		return nil, nil, err
	}
	if touched, err = moveFindings(tx, moved); err != nil {
		return nil, nil, err
	}
	records := make([]*scan.Vulnerability, len(part))
	for i, v := range part {
		one := *v
		one.ID = canonical[v.ID]
		records[i] = &one
	}
	if changed, err = advisory.ApplyRecords(tx, r.survey.snapshot.Source, records); err != nil {
		return nil, nil, err
	}
	var documents []advisory.Described
	for _, v := range part {
		if d, other := advisory.DocumentOf(r.survey.snapshot, v, canonical[v.ID]); other {
			documents = append(documents, d)
		}
	}
	return touched, changed, advisory.KeepDocuments(tx, documents)
}

// rescoreFor scores the patches again that remove changed vulnerabilities, and
// those named.
func (r *run) rescoreFor(ctx context.Context, vulnerabilities, patches idSet) (bool, error) {
	found, err := backlog.PatchesWith(r.db.Read(ctx), vulnerabilities.sorted())
	if err != nil {
		return false, err
	}
	all := idSet{}
	maps.Copy(all, patches)
	for _, p := range found {
		all.add(p.PatchID)
	}
	return r.rescorePatches(ctx, all, nil)
}

// rescorePatches scores patches again and sums up what that did in the team.
func (r *run) rescorePatches(ctx context.Context, ids idSet, more map[string][]string) (bool, error) {
	r.phase(Scoring)
	for _, list := range more {
		ids.add(list...)
	}
	g := r.db.Read(ctx)
	byTeam, err := openByTeam(g, ids.sorted())
	if err != nil {
		return false, err
	}
	before, err := standings(g, byTeam[r.team.ID])
	if err != nil {
		return false, err
	}
	changed, err := r.rescore(ctx, byTeam, "feed "+r.sum.File)
	if err != nil {
		return false, err
	}
	after, err := standings(g, byTeam[r.team.ID])
	if err != nil {
		return false, err
	}
	if text := moves(before, after); text != "" {
		r.note(text)
	}
	if r.team.ID == "" { // a feed of the server: all teams together
		for _, n := range changed {
			r.sum.Patches.Changed += n
		}
	}
	r.sum.Patches.Changed += changed[r.team.ID]
	return changed[r.team.ID] > 0, nil
}
