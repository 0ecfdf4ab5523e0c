package backlog

import (
	"maps"
	"slices"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/scan"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Subject is what a patch is about: a component, within one release stream of a
// distribution (deb12, el9, ubuntu22.04, alpine3.18). A team has one open patch of
// each subject, and only a newer fix of the same subject supersedes it.
//
// Where nobody says which release it is, the stream is empty, and these rules keep
// patches from taking one another's findings, and from being made twice:
//
//   - A fix of an unknown release never changes a patch of a known one. It joins
//     that one only if the two have the same version; else it has a patch of its
//     own, with the other fixes of unknown releases.
//   - A fix of a known release takes over the patch of the unknown one if both have
//     the same version, or if it is newer and all that is open there is on assets
//     which are known to run this release. The patch is told its stream then.
//   - A patch that has a stream keeps it.
//   - A patch of the unknown release that no finding is left of, because all turned out
//     to be of known ones, is superseded; see Emptied.
//
// A patch that was split has several open parts of one subject. What is new goes to
// the first, unless all of the component on its asset is in another; a newer fix
// supersedes each by a part of its own.
type Subject struct{ Component, Stream string }

func (f Fix) subject() Subject { return Subject{f.Component, f.Stream} }

func (p *Patch) subject() Subject { return Subject{p.Component, p.Stream} }

// openOf finds the open patch that a fix belongs to, among those of its component;
// nil if it needs one of its own. One whose stream was unknown is told it.
func openOf(tx *db.Tx, who audit.Who, t *team.Team, f Fix, open []*Patch) (*Patch, error) {
	var own, unknown *Patch
	for _, p := range open {
		switch {
		case f.Stream == "" && scan.Compare(f.Ecosystem, p.FixedVersion, f.FixedVersion) == 0:
			return p, nil
		case p.Stream == f.Stream && own == nil:
			own = p
		case p.Stream == "" && unknown == nil && p.Stream != f.Stream:
			unknown = p
		}
	}
	if own != nil || unknown == nil {
		return own, nil
	}
	switch d := scan.Compare(f.Ecosystem, f.FixedVersion, unknown.FixedVersion); {
	case d < 0:
		return nil, nil
	case d > 0:
		if only, err := onlyOn(tx.DB, unknown.ID, f.Stream); err != nil || !only {
			return nil, err
		}
	}
	return unknown, placeIn(tx, who, t, unknown, f.Stream)
}

// otherParts are the open patches of the same subject as one of them.
func otherParts(p *Patch, open []*Patch) (out []*Patch) {
	for _, o := range open {
		if p != nil && o.ID != p.ID && o.subject() == p.subject() {
			out = append(out, o)
		}
	}
	return out
}

// Emptied closes patches of unknown releases whose findings have all moved to those of
// known ones: moved says where the last of each went. What people added by hand, asked
// an exception for, or planned for a sprint, stays theirs to close. It returns the ids of the closed.
func Emptied(tx *db.Tx, who audit.Who, t *team.Team, moved map[string]string) (closed []string, err error) {
	for _, from := range slices.Sorted(maps.Keys(moved)) {
		old, err := ByID(tx.DB, from)
		if err != nil {
			return closed, err
		}
		if !old.IsOpen || old.Stream != "" || old.SprintID != nil {
			continue
		}
		if empty, err := isEmpty(tx.DB, from); err != nil {
			return closed, err
		} else if !empty {
			continue
		}
		into, err := ByID(tx.DB, moved[from])
		if err != nil {
			return closed, err
		}
		if err := replaceBy(tx, who, t, old, into); err != nil {
			return closed, err
		}
		closed = append(closed, from)
	}
	return closed, nil
}

func replaceBy(tx *db.Tx, who audit.Who, t *team.Team, old, by *Patch) error {
	key := Key(t.Key, by.Number)
	if err := dropOut(tx, who, old, Dropping{Reason: scrum.Superseded, Note: "superseded by " + key}); err != nil {
		return err
	}
	if err := tx.Exec("UPDATE patches SET superseded_by = ? WHERE id = ?", by.ID, old.ID).Error; err != nil {
		return err
	}
	if err := unblock(tx, who, t, old); err != nil {
		return err
	}
	return Tell(tx, who, t, old, event.PatchChanged, "patch.superseded", map[string]any{"by": key})
}

// placeIn tells a patch its stream.
func placeIn(tx *db.Tx, who audit.Who, t *team.Team, p *Patch, stream string) error {
	if err := Change(tx, who, p, p.Version, map[string]any{"stream": stream}); err != nil {
		return err
	}
	return Tell(tx, who, t, p, event.PatchChanged, "patch.changed", map[string]any{"release": scan.StreamName(stream)})
}
